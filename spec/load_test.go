package spec

import (
	"strings"
	"testing"
	"testing/fstest"
)

// folder makes a file system of names and contents.
func folder(files map[string]string) fstest.MapFS {
	fsys := make(fstest.MapFS, len(files))
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// shown writes diagnostics as people read them.
func shown(t *testing.T, d Diagnostics) string {
	t.Helper()
	var b strings.Builder
	if err := d.WriteText(&b, 0, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// load reads a spec that must be good.
func load(t *testing.T, files map[string]string) *Spec {
	t.Helper()
	s, diags := Load(folder(files), Options{})
	if len(diags.Diagnostics) > 0 {
		t.Fatalf("unexpected diagnostics:\n%s", shown(t, diags))
	}
	return s
}
