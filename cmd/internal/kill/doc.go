// Package kill ends the real program with kill -9 in the middle of its work, again and again,
// and holds what it leaves behind against the promises it makes.
//
// A round is a shop of its own: a spec folder with orders, invoices, refunds and statuses that
// change as it goes, customers who pay when they like, and a platform of which about two
// answers in five go wrong. The program is built once and runs as a process of its own over
// loopback HTTP on a real SQLite file. It is killed at a random moment of its life, started
// again, paused in the middle and woken, asked to stop, run from a saved plan, started twice
// at once.
//
// The platform is the sandbox, in the process that kills: its ledger of requests, messages
// and money survives every kill, and nobody but Check reads it. After every life Check
// compares it with the journal and with what was printed (invariants of reliability.md
// section 7), and the database is checked page by page. At the end of a round the faults
// stop, and the plan must become empty and stay so.
//
// Everything is drawn from a seed, but what happens is also decided by the machine: a seed
// brings back the shop and the kind of trouble, not the very moment of a kill.
package kill
