// Package reconcile finds what differs between the orders that a spec declares and what
// is known of them, decides which steps close the gap and in which order, and takes them.
//
//	spec.Load ──▶ desired  ─┐
//	                        ├─▶ Diff ──▶ Plan ──▶ Store ──▶ Actions ──▶ Provider
//	lookups, evidence ──▶ observed ─┘                                      │
//	     ▲                                                                 │
//	     └──────────────── then look again: the second diff is empty ◀─────┘
//
// There is no second way for a status to change. The rules are tables, each row with its
// source. The package opens nothing and starts nothing: requests, storage, time, identity
// and concurrency come in through the small interfaces of World, so the same code runs
// against WhatsApp, in tests and in simulation.
package reconcile
