package main

import "testing"

func TestTyped(t *testing.T) {
	for word, want := range map[string]string{
		"november.plan": "november.plan", "../दुकान/a.plan": "../दुकान/a.plan",
		"my shop": "'my shop'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "~": "'~'", "": "''",
	} {
		if got := typed(word); got != want {
			t.Errorf("%q is typed as %s, want %s", word, got, want)
		}
	}
}
