//go:build race

package crash

// raced: the race detector watches. A run takes ten times as long then, and there is little
// to find, as every process here does one thing at a time. One story is enough, at the points
// that matter.
const raced = true
