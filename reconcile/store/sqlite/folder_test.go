package sqlite_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// nobody is a user who may write nowhere.
const nobody = 65534

// leaveLog puts a write-ahead log and its index beside a closed state, as a crash does.
func leaveLog(t *testing.T, path string) {
	t.Helper()
	cmd, out := child(t, "update", path, "child")
	if !out.Scan() {
		t.Fatal("the child said nothing")
	}
	cmd.Process.Kill()
	cmd.Wait()
}

// entries lists a state's folder.
func entries(t *testing.T, path string) string {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name()
	}
	return strings.Join(names, " ")
}

// readUnprivileged reads a state in a folder that its reader may not write to. To root no
// folder is read-only, so root gives the state away and reads it as somebody else.
func readUnprivileged(t *testing.T, path string) []string {
	t.Helper()
	dir := filepath.Dir(path)
	binary := os.Args[0]
	root := os.Getuid() == 0
	if root {
		binary = giveAway(t, dir)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	cmd := exec.Command(binary, path)
	cmd.Env = append(os.Environ(), childEnv+"=read")
	if root {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	out, err := cmd.CombinedOutput()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return strings.Split(string(out), "\n")
}

// giveAway makes nobody the owner of a folder in a temporary one, opens the way to it, and
// puts the test binary where nobody can run it.
func giveAway(t *testing.T, dir string) string {
	t.Helper()
	for _, d := range []string{filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(p string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(p, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
	return copyBinary(t, filepath.Join(filepath.Dir(dir), "store.test"))
}

func copyBinary(t *testing.T, to string) string {
	t.Helper()
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

// Everything a state consists of is its owner's alone, and a state that others can read is
// put right when it is opened.
func TestPermissions(t *testing.T) {
	path := create(t)
	modes := func() {
		t.Helper()
		files, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range append(files, filepath.Dir(path)) {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			if m := info.Mode().Perm(); m&0o077 != 0 {
				t.Errorf("%s has mode %o", f, m)
			}
		}
	}
	modes()
	s := open(t, path, acting())
	if _, err := s.Update(context.Background(), "R0", count); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, path); got != "state.db state.db-shm state.db-wal state.db.lock" {
		t.Errorf("an open state is %s", got)
	}
	modes()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, path); got != "state.db state.db.lock" {
		t.Errorf("a closed state is %s", got)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path, acting())
	modes()
}

// Looking creates and changes nothing.
func TestReadOnlyLeavesNoTrace(t *testing.T) {
	path := create(t)
	before := entries(t, path)
	s := open(t, path, sqlite.Options{SpecID: "shop", ReadOnly: true})
	if _, _, err := s.Get(context.Background(), "R0"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(context.Background(), "R0", count); err == nil || !strings.Contains(err.Error(), "for reading only") {
		t.Errorf("a state open for reading was written to: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if after := entries(t, path); after != before {
		t.Errorf("looking left %s where there was %s", after, before)
	}
}
