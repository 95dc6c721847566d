package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileFunction reads a text file below the spec folder. The byte order mark that
// spreadsheets put before a CSV is dropped, or the first column could not be named.
func fileFunction(files fs.FS) function.Function {
	return function.New(&function.Spec{
		Description: "The content of a text file below the spec folder.",
		Params:      []function.Parameter{{Name: "path", Type: cty.String}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			content, err := readText(files, args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(content), nil
		},
	})
}

func readText(files fs.FS, name string) (string, error) {
	local, err := below(files, name)
	if err != nil {
		return "", err
	}
	content, err := fs.ReadFile(files, local)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", name, fileReason(err))
	}
	if !utf8.Valid(content) {
		return "", fmt.Errorf("%s is not UTF-8 text: save it as UTF-8", name)
	}
	return strings.TrimPrefix(string(content), "\ufeff"), nil
}

// filesetFunction lists the files below a folder whose names fit a pattern, relative to
// that folder, as Terraform does: *, ?, [abc], {a,b} and ** for any depth.
func filesetFunction(files fs.FS) function.Function {
	return function.New(&function.Spec{
		Description: "The files below a folder that fit a pattern, such as fileset(\"bills\", \"**/*.csv\").",
		Params: []function.Parameter{
			{Name: "path", Type: cty.String},
			{Name: "pattern", Type: cty.String},
		},
		Type: function.StaticReturnType(cty.Set(cty.String)),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			dir, pattern := args[0].AsString(), args[1].AsString()
			local, err := below(files, dir)
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			// A folder that is not there would read as no orders at all.
			if info, err := fs.Stat(files, local); err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "%s cannot be read: %w", dir, fileReason(err))
			} else if !info.IsDir() {
				return cty.NilVal, function.NewArgErrorf(0, "%s is a file: name the folder that holds the files", dir)
			}
			names, err := matching(files, local, pattern)
			if err != nil {
				return cty.NilVal, function.NewArgError(1, err)
			}
			return names, nil
		},
	})
}

func matching(files fs.FS, dir, pattern string) (cty.Value, error) {
	if _, err := below(files, pattern); err != nil {
		return cty.NilVal, err
	}
	folder, err := fs.Sub(files, dir)
	if err != nil {
		return cty.NilVal, err
	}
	matches, err := doublestar.Glob(folder, path.Clean(pattern), doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors())
	if errors.Is(err, doublestar.ErrBadPattern) {
		return cty.NilVal, fmt.Errorf("%q is no pattern: every bracket and brace must be closed", pattern)
	}
	if err != nil {
		return cty.NilVal, fileReason(err)
	}
	if len(matches) == 0 {
		return cty.SetValEmpty(cty.String), nil
	}
	names := make([]cty.Value, len(matches))
	for i, name := range matches {
		names[i] = cty.StringVal(name)
	}
	return cty.SetVal(names), nil
}

// below cleans a path and refuses one that leaves the spec folder. Where links lead is for
// files to judge.
func below(files fs.FS, name string) (string, error) {
	if files == nil {
		return "", errors.New("files cannot be read here")
	}
	if path.IsAbs(name) || strings.HasPrefix(name, "~") || strings.Contains(name, `:\`) {
		return "", fmt.Errorf("%s is outside the spec folder: write a path relative to it", name)
	}
	local := path.Clean(name)
	if !fs.ValidPath(local) {
		return "", fmt.Errorf("%s is outside the spec folder: files are read below it only; copy or link it into the folder", name)
	}
	return local, nil
}

// fileReason drops the operation and the path from a file error, which the caller has named.
func fileReason(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
