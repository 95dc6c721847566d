package main

import (
	"path/filepath"
	"strings"
)

// typed is a word of a command that is shown to be typed, in quotes where a shell would
// take it for something else.
func typed(word string) string {
	odd := func(r rune) bool {
		return r < 0x80 && !strings.ContainsRune("/._-+:@%,=", r) &&
			(r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if word != "" && !strings.ContainsFunc(word, odd) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// here begins a command that is to work on the folder, wherever this one was told of it.
func (g *global) here(dir string) string {
	if rel, err := filepath.Rel(g.Dir, dir); err == nil {
		dir = rel
	}
	if dir == "." {
		return "hisab"
	}
	return "hisab -C " + typed(dir)
}

// again begins a command that is to work where this one did: in the folder that -C names.
func (g *global) again() string {
	if g.chdir == "" || g.chdir == "." {
		return "hisab"
	}
	return "hisab -C " + typed(g.chdir)
}
