package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// Access is what a command is going to do with a state.
type Access int

const (
	// Look reads. A missing state is an error.
	Look Access = iota
	// Preview reads; a missing state is one that knows nothing.
	Preview
	// Beside writes next to a process that may be acting, and sends nothing.
	Beside
	// Act sends: one process at a time, by the state's lock.
	Act
)

// StateOptions say which state, and for what.
type StateOptions struct {
	Access Access
	// SpecID is the spec's id; AnySpec takes a state of whatever spec, when the spec does
	// not load.
	SpecID  string
	AnySpec bool
	// Operation and Incarnation sign the lock.
	Operation, Incarnation string
	Now                    func() time.Time
}

// State is an open state.
type State struct {
	reconcile.Store
	Path string
	// Missing: there is none, and nothing is known.
	Missing bool
	// Created: there was none, and this opening made it.
	Created bool
	close   func() error
}

// Close closes it and gives the lock back.
func (s *State) Close() error { return s.close() }

// StatePath is the file that a state URL names; a relative one is below the spec's folder.
func StatePath(url, dir string) (string, error) {
	path, ok := strings.CutPrefix(url, "sqlite://")
	switch {
	case ok && path != "" && isFolder(path):
		return "", errors.New("the state's URL names a folder; name a file in it, such as sqlite://.hisab/state.db")
	case ok && path != "" && !strings.ContainsAny(path, "?#"):
	case strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://"):
		return "", errors.New("this version keeps its state in SQLite alone; name a file: state = \"sqlite://.hisab/state.db\"")
	case strings.Contains(url, "@"): // a database's URL, which may hold a password
		return "", errors.New("the state's URL names no file; write it as sqlite://PATH, such as sqlite://.hisab/state.db")
	default:
		return "", fmt.Errorf("%q names no state; write it as sqlite://PATH, such as sqlite://.hisab/state.db", url)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, filepath.FromSlash(path))
	}
	return path, nil
}

// isFolder tells a path that cannot be a file's.
func isFolder(path string) bool {
	last := path[strings.LastIndexByte(filepath.ToSlash(path), '/')+1:]
	return last == "" || last == "." || last == ".."
}

// OpenState opens the state at path. A missing one is made only for a spec without an id:
// with one, a state that is gone is a loss that a person should hear of.
func OpenState(ctx context.Context, path string, o StateOptions) (*State, error) {
	s, err := openSQLite(ctx, path, o)
	if !errors.Is(err, sqlite.ErrMissing) {
		return s, err
	}
	switch {
	case o.Access == Preview:
		return &State{Store: nothing{}, Path: path, Missing: true, close: func() error { return nil }}, nil
	case o.Access == Look || o.SpecID != "":
		return nil, err
	}
	if err := CreateState(ctx, path, o); err != nil {
		return nil, err
	}
	if s, err = openSQLite(ctx, path, o); s != nil {
		s.Created = true
	}
	return s, err
}

func openSQLite(ctx context.Context, path string, o StateOptions) (*State, error) {
	options := sqlite.Options{
		SpecID: o.SpecID, AnySpec: o.AnySpec, ReadOnly: o.Access == Look || o.Access == Preview,
		Incarnation: o.Incarnation, Now: o.Now,
	}
	if o.Access == Act {
		options.Operation = o.Operation
	}
	store, err := sqlite.Open(ctx, path, options)
	if err != nil {
		return nil, err
	}
	return &State{Store: store, Path: path, close: store.Close}, nil
}

// CreateState makes an empty state for a spec. It never touches an existing file. A folder
// that is made for it keeps itself out of Git, whatever the spec's own .gitignore says.
func CreateState(ctx context.Context, path string, o StateOptions) error {
	_, err := os.Stat(filepath.Dir(path))
	fresh := errors.Is(err, fs.ErrNotExist)
	if err := createSQLite(ctx, path, o); err != nil || !fresh {
		return err
	}
	ignore := filepath.Join(filepath.Dir(path), ".gitignore")
	if err := os.WriteFile(ignore, []byte("# The state holds customers' data.\n*\n"), 0o600); err != nil {
		return fmt.Errorf("keep the state out of Git: %w", err)
	}
	return nil
}

func createSQLite(ctx context.Context, path string, o StateOptions) error {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	lineage := sha256.Sum256([]byte("lineage " + o.Incarnation))
	return sqlite.Create(ctx, path, sqlite.Genesis{
		SpecID: o.SpecID, Lineage: hex.EncodeToString(lineage[:8]), Now: o.Now(),
		Holder: sqlite.Holder{Host: host, PID: os.Getpid(), Operation: o.Operation, Since: o.Now().UTC(), Incarnation: o.Incarnation},
	})
}
