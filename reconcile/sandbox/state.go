package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// store keeps the state in one JSON file. Writers that come while another one writes share
// the next write.
type store struct {
	path  string
	mu    sync.Mutex
	saved uint64 // revision on disk
}

func (st *store) load(o *Options) (*world, error) {
	if st.path == "" {
		return newWorld(o, State{}), nil
	}
	b, err := os.ReadFile(st.path)
	if errors.Is(err, fs.ErrNotExist) {
		return newWorld(o, State{}), nil
	}
	if err != nil {
		return nil, err
	}
	var state State
	if err := json.Unmarshal(b, &state); err != nil {
		return nil, fmt.Errorf("%s: %w", st.path, err)
	}
	if state.Format != stateFormat {
		return nil, fmt.Errorf("%s: format %d, this sandbox reads %d: move the file away to start anew", st.path, state.Format, stateFormat)
	}
	if err := state.check(); err != nil {
		return nil, fmt.Errorf("%s: %w: move the file away to start anew", st.path, err)
	}
	return newWorld(o, state), nil
}

// save returns once the state of revision rev, or of a later one, is on disk.
func (s *Server) save(rev uint64) error {
	if s.store.path == "" {
		return nil
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.saved >= rev {
		return nil
	}
	s.mu.Lock()
	latest := s.rev
	b, err := json.Marshal(&s.world.State)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if err := writeDurably(s.store.path, b); err != nil {
		return err
	}
	s.store.saved = latest
	return nil
}

// writeDurably replaces a file as a whole: after a crash it is the old one or the new one.
// It holds personal data, hence 0600.
func writeDurably(path string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
