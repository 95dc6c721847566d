// Package sim tries to make the program give money back twice.
//
// One seed is one history: a shop with a few orders, its customers, its platform, its
// persons and its processes, for a few days of simulated time on one goroutine. The code
// under test is the production core: MakePlan, Apply, Resolve, Witness, Import and Forget
// run unchanged over simulated stores, clocks, platforms and files. Each call they make to
// their reconcile.World is a point at which the history may switch to another process, pause
// this one, kill it, or take the power away.
//
// The platform keeps a ledger of what truly happened, and knows by a side channel which
// attempt of the journal each request comes from. After every step the ledger and the
// journal are held against the invariants of section 7 of the reliability rules. A history
// ends with a quiet phase without faults, in which everything must come to rest.
//
// A seed also draws the faults of its history: some have none, some one kind at a high rate,
// most a mixture. Counters tell which faults and which changes of state occurred at all:
// what never happened has not been tested.
package sim
