// Package fuzz runs every fuzz target of the module, some at a time, and says in one line
// each what came of it. Each package is built once, with the instrumentation that guides the
// fuzzer; the corpus that grows is kept in the build cache, as go test keeps it, and an input
// that fails is written below testdata/fuzz, where plain go test replays it.
package fuzz
