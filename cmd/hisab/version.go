package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	sqlite3 "modernc.org/sqlite/lib"
)

// buildFacts is what the program knows of its own making.
type buildFacts struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Dirty   bool   `json:"dirty,omitempty"`
	Built   string `json:"committed_at,omitempty"`
	Go      string `json:"go"`
	SQLite  string `json:"sqlite"`
	OS      string `json:"platform"`
}

func newVersion(g *global) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:         "version",
		Short:       "Print the version of Hisab and of what it is built with",
		Example:     "  hisab version\n  hisab version --json",
		Args:        cobra.NoArgs,
		Annotations: exits(ExitDone, ExitError),
		RunE: func(*cobra.Command, []string) error {
			facts := build()
			if asJSON {
				enc := json.NewEncoder(g.Out)
				enc.SetIndent("", "  ")
				return enc.Encode(facts)
			}
			_, err := fmt.Fprint(g.Out, facts)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document")
	return cmd
}

// build reads the facts that the toolchain recorded.
func build() buildFacts {
	f := buildFacts{
		Version: "(devel)", Go: runtime.Version(), SQLite: sqlite3.SQLITE_VERSION,
		OS: runtime.GOOS + "_" + runtime.GOARCH,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return f
	}
	if info.Main.Version != "" {
		f.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			f.Commit = s.Value
		case "vcs.modified":
			f.Dirty = s.Value == "true"
		case "vcs.time":
			f.Built = s.Value
		}
	}
	return f
}

// version is the program's own.
func version() string { return build().Version }

func (f buildFacts) String() string {
	s := fmt.Sprintf("Hisab %s\non %s\n", f.Version, f.OS)
	if f.Commit != "" {
		s += "commit " + f.Commit[:min(12, len(f.Commit))]
		if f.Dirty {
			s += " with local changes"
		}
		s += "\n"
	}
	return s + fmt.Sprintf("%s, SQLite %s\n", f.Go, f.SQLite)
}
