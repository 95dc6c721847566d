package bench

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// usage is what one process used.
type usage struct {
	cpu     time.Duration // on all processors, user and system
	wall    time.Duration
	peak    float64 // bytes of memory
	written float64 // bytes that went to the disk
}

// environment is everything a measured process sees: whatever tunes Go on this machine is
// none of it. More wins.
func environment(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "WHATSAPP_TOKEN=secret", "NO_COLOR=1"}, more...)
}

// run runs a process to its end. The kernel counts a child's memory from the peak of the
// process that started it, so this one keeps small: it holds no tree and serves nobody.
func run(b *testing.B, env []string, name string, args ...string) usage {
	b.Helper()
	var said beginning
	cmd := exec.CommandContext(b.Context(), name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &said, &said
	if env == nil {
		cmd.Env = environment()
	}
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		b.Fatalf("%s %v: %v\n%s", filepath.Base(name), args, err, said.buf.Bytes())
	}
	r := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return usage{
		cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall: wall,
		peak: float64(r.Maxrss) * 1024, written: float64(r.Oublock) * 512,
	}
}

// beginning keeps the first of what is written, for the message of a failure.
type beginning struct{ buf bytes.Buffer }

func (t *beginning) Write(p []byte) (int, error) {
	if room := 4096 - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// role runs the test binary in one of its parts.
func role(b *testing.B, env []string, part string, args ...string) usage {
	b.Helper()
	return run(b, append(env, roleVar+"="+part), self(b), args...)
}

func self(b *testing.B) string {
	b.Helper()
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// program builds hisab as `make build` does.
func program(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "hisab")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, "github.com/hisab/hisab/cmd/hisab")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build hisab: %v\n%s", err, out)
	}
	return path
}
