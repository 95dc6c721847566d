// Package sqlite keeps the journal of a spec in one SQLite file: what was sent, what the
// platform said of it, which process may act. It implements reconcile.Store and knows
// nothing of what a status means.
//
//	err := sqlite.Create(ctx, path, sqlite.Genesis{SpecID: "shop-prod", …})
//	s, err := sqlite.Open(ctx, path, sqlite.Options{SpecID: "shop-prod", Operation: "apply", …})
//	defer s.Close()
//
// # Durability
//
// The file is in write-ahead mode with synchronous=FULL, so an Update that returned is on
// the disk (reliability, 3.8). Updates that arrive while a commit runs are committed
// together by the next one: one sync serves all that waited for it.
//
// An I/O error while writing is final. What the disk then holds is not known, and a second
// sync may report success for pages that the first one lost; the store refuses everything
// from there on, and the next process starts from what is on the disk.
//
// # Who may write
//
// One process acts, by a lock that dies with it (Lock). Others may write beside it, as
// approving and resolving do: every Update is decided on one version of its order and saved
// only if that still is the version.
//
// # Personal data
//
// Customers' phone numbers stand in bills.phone alone. Emptying it overwrites what was
// there (secure_delete) once the write-ahead log is folded back. The log of events is
// append-only and holds nothing personal.
package sqlite
