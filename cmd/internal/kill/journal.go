package kill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// journal is what a state file holds.
type journal struct {
	orders []*reconcile.Observed
	log    map[string][]reconcile.Event
}

// readJournal checks the database at path page by page, and reads it. It works on a copy of
// the file and of its write-ahead log, so that the next process finds what the killed one left
// and has to recover by itself.
func readJournal(ctx context.Context, path string) (j journal, err error) {
	scratch, err := os.MkdirTemp(filepath.Dir(path), "copy-")
	if err != nil {
		return j, err
	}
	defer os.RemoveAll(scratch)
	twin := filepath.Join(scratch, "state.db")
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(twin+suffix, path+suffix); err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return j, err
		}
	}
	store, err := sqlite.Open(ctx, twin, sqlite.Options{AnySpec: true, ReadOnly: true})
	if err != nil {
		return j, fmt.Errorf("open what is left of the journal: %w", err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Check(ctx); err != nil {
		return j, err
	}
	j.log = map[string][]reconcile.Event{}
	for o, err := range store.All(ctx) {
		if err != nil {
			return j, err
		}
		j.orders = append(j.orders, o)
	}
	for _, o := range j.orders {
		if j.log[o.Ref], err = store.Timeline(ctx, o.Ref); err != nil {
			return j, err
		}
	}
	return j, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
