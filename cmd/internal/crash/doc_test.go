// Package crash kills one run at every point there is: around each call that the core makes
// to its world, inside each request on its way through the network, inside each commit of
// the journal. The store, the adapter and the wiring are those of the program, and the
// platform is the sandbox over loopback HTTP; only the clock is not the machine's.
//
//	go test ./cmd/internal/crash          one crash at every point of each story
//	go test ./cmd/internal/crash -long    and every pair of two crashes
//
// A story is run once to the end to count its points. Then, for each of them, a shop that
// stands where the story begins has its process killed there. What the process had not
// written to the disk or sent is gone; a request that was whole may still take effect, at
// once or much later. A new process opens what is left, and the ledger of the sandbox and
// the journal are held against the invariants (reliability 7), then and after every further
// run. In the end nothing may be left to do, or what is left waits for a person and has
// shown no effect.
//
// To be killed is to do nothing any more: every call to the world panics from then on, and
// every connection of the process is cut.
package crash
