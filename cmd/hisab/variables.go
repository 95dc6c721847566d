package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/spec"
)

// variables are the values that the command line gives to the spec's variables.
type variables struct {
	values []string // NAME=VALUE
	files  []string
}

func (v *variables) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.values, "var", nil, "give a variable its value, as `NAME=VALUE`; repeatable")
	cmd.Flags().StringArrayVar(&v.files, "var-file", nil, "read values of variables from this `FILE`; repeatable")
}

// again writes the flags once more, for a command that is to work on the folder. It leaves
// out the values: one may be secret, and what is shown is kept in logs.
func (v variables) again(g *global, dir string) string {
	var b strings.Builder
	for _, entry := range v.values {
		name, _, _ := strings.Cut(entry, "=")
		b.WriteString(" --var " + typed(name) + "=…")
	}
	for _, file := range v.files {
		path := g.path(file)
		if rel, err := filepath.Rel(dir, path); err == nil {
			path = rel
		}
		b.WriteString(" --var-file " + typed(path))
	}
	return b.String()
}

// byName splits the values. The last one of a name wins.
func (v variables) byName() (map[string]string, error) {
	m := make(map[string]string, len(v.values))
	for _, entry := range v.values {
		name, value, ok := strings.Cut(entry, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--var %s gives no value\n\nWrite --var NAME=VALUE", entry)
		}
		m[name] = value
	}
	return m, nil
}

// read reads the files. One below the spec's folder goes by its name there, so that it is
// not taken for spec.
func (v variables) read(g *global, dir string) ([]spec.VarFile, error) {
	files := make([]spec.VarFile, 0, len(v.files))
	for _, name := range v.files {
		path := g.path(name)
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("--var-file: %w", err)
		}
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			name = filepath.ToSlash(rel)
		}
		files = append(files, spec.VarFile{Name: name, Data: data})
	}
	return files, nil
}
