package main

import (
	"strings"
	"testing"
)

// FuzzVarFlags: a value of --var is what stands behind the first equals sign, whatever that
// is; the last one of a name wins; and what gives no value is an error that shows the form.
func FuzzVarFlags(f *testing.F) {
	for _, s := range []string{"month=2026-11", "a=1\na=2", "a==", "=x", "a", "", "a=\nb", "é=☕=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		entries := strings.Split(lines, "\n")
		got, err := variables{values: entries}.byName()
		want := map[string]string{}
		for _, e := range entries {
			at := strings.IndexByte(e, '=')
			if at < 1 {
				if err == nil || !strings.Contains(err.Error(), "NAME=VALUE") {
					t.Errorf("%q is taken: %v, %v", e, got, err)
				}
				return
			}
			want[e[:at]] = e[at+1:]
		}
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q is read as %v, %v", entries, got, err)
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s is %q, want %q", name, got[name], value)
			}
		}
	})
}
