package spec

import "io/fs"

// Files lists the spec files of a folder by name, sorted, as Load would read them: hidden
// ones and those that .hisabignore names are left out, and each real file stands once. The
// diagnostics name what could not be walked.
func Files(fsys fs.FS) ([]string, Diagnostics) {
	files, diags := walk(fsys, nil)
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	return names, Diagnostics{Diagnostics: diags}
}
