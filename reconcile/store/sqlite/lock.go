package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockSuffix names the lock file beside the database. The file stays when the lock is
// given back: removing it would let two processes lock two files of one name.
const lockSuffix = ".lock"

// patience is how long Lock waits for a lock that is taken: someone who asks whether it is
// taken holds it for an instant.
const patience = 100 * time.Millisecond

// Holder says who holds the lock of a state.
type Holder struct {
	Host        string    `json:"host"`
	PID         int       `json:"pid"`
	Operation   string    `json:"operation"` // apply, watch …
	Since       time.Time `json:"since"`
	Incarnation string    `json:"incarnation"`
}

func (h Holder) String() string {
	if h == (Holder{}) {
		return "a process that has not said its name yet"
	}
	return fmt.Sprintf("%s (pid %d on %s, since %s)",
		h.Operation, h.PID, h.Host, h.Since.UTC().Format(time.RFC3339))
}

// LockedError is ErrLocked with who holds the lock.
type LockedError struct {
	Path   string
	Holder Holder
	// Alive: the process exists, be it at work or paused. The lock of a dead one is free,
	// so a refusal finds it so unless it died in the same instant.
	Alive bool
}

func (e *LockedError) Error() string {
	if !e.Alive {
		return fmt.Sprintf("state %s: %v by %s, which has ended; run again", e.Path, ErrLocked, e.Holder)
	}
	return fmt.Sprintf("state %s: %v by %s, which is alive; wait for it, or end that process: its lock goes with it",
		e.Path, ErrLocked, e.Holder)
}

// Is makes a LockedError an ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// Guard is a lock that is held.
type Guard struct {
	path string
	file *flock.Flock
}

// Lock takes the lock of the state at path for this process, or fails with a *LockedError.
// The kernel gives it back when the process ends, however it ends: there is no stale lock
// and no way to force one.
func Lock(path string, h Holder) (*Guard, error) { return lock(path, h, patience) }

func lock(path string, h Holder, patience time.Duration) (*Guard, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if err := inspectLock(path); err != nil {
		return nil, err
	}
	file := flock.New(path+lockSuffix, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	// Once without a deadline: on a machine so busy that patience is over before anything was
	// tried, a free lock is still free.
	ok, err := file.TryLock()
	if !ok && err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_, err = file.TryLockContext(ctx, patience/20)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		holder, alive, err := Inspect(path)
		if err != nil {
			return nil, err
		}
		return nil, &LockedError{Path: path, Holder: holder, Alive: alive}
	case err != nil:
		return nil, &Problem{Path: path, Reason: ErrDenied, Cause: err,
			Help: writableFolder}
	}
	if err := sign(path, h); err != nil {
		return nil, errors.Join(err, file.Unlock())
	}
	return &Guard{path: path, file: file}, nil
}

// inspectLock refuses a lock file that is none. The holder's name is written into it, and a
// link that came with somebody's branch must not lead that into another file.
func inspectLock(path string) error {
	// What cannot be looked at cannot be opened either, and opening says why.
	if info, err := os.Lstat(path + lockSuffix); err == nil && !info.Mode().IsRegular() {
		return &Problem{Path: path, Reason: ErrDenied, Detail: path + lockSuffix + " is a link or a device", Help: "remove it: Hisab makes its lock itself"}
	}
	return nil
}

// sign writes the holder into the lock file.
func sign(path string, h Holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	if err := os.WriteFile(path+lockSuffix, append(text, '\n'), 0o600); err != nil {
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: "make room, or make the folder writable"}
	}
	return nil
}

// Unlock gives the lock back.
func (g *Guard) Unlock() error {
	// The name goes first: whoever finds one in a free lock reads it as a process that died.
	return errors.Join(os.Truncate(g.path+lockSuffix, 0), g.file.Unlock())
}

// Inspect tells who holds the lock of the state at path, and whether that process lives.
// Where it does not, the Holder is the one that died with the lock, or nobody. Nothing is
// created or changed.
func Inspect(path string) (h Holder, alive bool, err error) {
	path, err = resolve(path)
	if err != nil {
		return Holder{}, false, err
	}
	probe := flock.New(path+lockSuffix, flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, fmt.Errorf("lock of state %s: %w", path, err)
	}
	if free {
		defer func() { _ = probe.Unlock() }() // it was nobody's, and the descriptor closes with it
	}
	text, err := os.ReadFile(path + lockSuffix)
	if err != nil {
		return Holder{}, false, fmt.Errorf("lock of state %s: %w", path, err)
	}
	if json.Unmarshal(text, &h) != nil {
		h = Holder{} // taken a moment ago, and not signed yet
	}
	return h, !free, nil
}

// resolve follows links, so that two names of one file share one lock. Of a file that does
// not exist the folder is resolved.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("state %s: %w", path, err)
	}
	if target, err := filepath.EvalSymlinks(abs); err == nil {
		return target, nil
	}
	// The file may not be there yet, and its folder neither.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs)), nil
	}
	return abs, nil
}

// writableFolder is the way out where a state's folder cannot be used.
const writableFolder = "the folder must exist and be writable for the user who runs Hisab"
