package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	ignore "github.com/sabhiram/go-gitignore"
)

// specFile is one file of the spec. Name is how people know it, relative to the folder;
// real is where its content is once links are resolved.
type specFile struct {
	name, real string
}

// ignoreFile takes gitignore rules for what is no spec.
const ignoreFile = ".hisabignore"

// walker finds the files of a spec. Links are resolved by hand, because an fs.FS follows
// them without saying so: each real file is to be read once, and a cycle is to end.
type walker struct {
	fsys   fs.FS
	rules  *ignore.GitIgnore
	skip   map[string]bool // var files
	files  map[string]specFile
	done   map[string]bool // real folders
	within []string        // real folders being walked, outermost first
	diags  hcl.Diagnostics
}

// walk lists the files sorted by name.
func walk(fsys fs.FS, skip []string) ([]specFile, hcl.Diagnostics) {
	w := &walker{fsys: fsys, skip: make(map[string]bool), files: make(map[string]specFile), done: make(map[string]bool)}
	for _, name := range skip {
		w.skip[path.Clean(name)] = true
	}
	switch rules, err := readIgnore(fsys); {
	case err == nil:
		w.rules = ignore.CompileIgnoreLines(ignoreLines(string(rules))...)
	case errors.Is(err, errTooLarge):
		w.problem(ignoreFile, "File too large", fmt.Sprintf("The file has more than %d MiB, which no list of rules needs.", maxIgnore>>20))
	case !errors.Is(err, fs.ErrNotExist):
		w.problem(ignoreFile, "Unreadable file", unreadable(err))
	}
	w.folder(".", ".")
	files := make([]specFile, 0, len(w.files))
	for _, f := range w.files {
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b specFile) int { return strings.Compare(a.name, b.name) })
	return files, w.diags
}

// readIgnore reads the rules as spec files are read: a link to them stays within the folder.
// A link that leads nowhere is an error, since the rules that it was to lead to are missing.
func readIgnore(fsys fs.FS) ([]byte, error) {
	if _, err := fs.Lstat(fsys, ignoreFile); err != nil {
		return nil, err
	}
	real, err := resolveLink(fsys, ignoreFile)
	if err != nil {
		return nil, errors.New(err.Error())
	}
	return readBounded(fsys, real, maxIgnore)
}

// ignoreLines are the rules, one a line. One of slashes alone names nothing in Git, and
// everything to whoever compiles it: a spec must not vanish over it.
func ignoreLines(rules string) []string {
	return slices.DeleteFunc(strings.Split(rules, "\n"), func(line string) bool {
		return strings.Trim(line, "/! \t\r") == ""
	})
}

func (w *walker) problem(name, summary, detail string) {
	at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	w.diags = append(w.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at})
}

// folder walks a real folder that is shown under a name.
func (w *walker) folder(name, real string) {
	if slices.Contains(w.within, real) {
		w.problem(name, "Cycle of links", fmt.Sprintf("The link leads to the folder %s, which it stands in: following it would never end. Remove the link, or list it in %s.", shownFolder(real), ignoreFile))
		return
	}
	if w.done[real] {
		return
	}
	w.done[real] = true
	w.within = append(w.within, real)
	entries, err := fs.ReadDir(w.fsys, real)
	if err != nil {
		w.problem(name, "Unreadable folder", unreadable(err))
	}
	for _, e := range entries {
		w.entry(path.Join(name, e.Name()), path.Join(real, e.Name()), e.Type())
	}
	w.within = w.within[:len(w.within)-1]
}

func shownFolder(real string) string {
	if real == "." {
		return "of the spec"
	}
	return real
}

func (w *walker) entry(name, real string, mode fs.FileMode) {
	if strings.HasPrefix(path.Base(name), ".") {
		return
	}
	// Rules that end in a slash mean folders alone.
	if w.ignored(name) || mode.IsDir() && w.ignored(name+"/") {
		return
	}
	if mode&fs.ModeSymlink != 0 {
		target, err := resolveLink(w.fsys, real)
		if err != nil {
			// A link that is no spec file and no folder is nobody's business here.
			if IsSpecFile(name) || !errors.Is(err, fs.ErrNotExist) {
				w.problem(name, "Link that leads nowhere", sentence(err.Error())+".")
			}
			return
		}
		real = target
		info, err := fs.Stat(w.fsys, real)
		if err != nil {
			w.problem(name, "Unreadable file", unreadable(err))
			return
		}
		mode = info.Mode().Type()
		if mode.IsDir() && w.ignored(name+"/") {
			return
		}
	}
	switch {
	case mode.IsDir():
		w.folder(name, real)
	case IsSpecFile(name) && !mode.IsRegular():
		w.problem(name, "Not a file", "This is a device, pipe or socket, which cannot hold a spec.")
	case IsSpecFile(name) && !w.skip[name] && !w.skip[real]:
		w.found(specFile{name: name, real: real})
	}
}

// found keeps one name of each real file: its own where that can be walked, else the first
// of those that lead to it.
func (w *walker) found(f specFile) {
	if IsSpecFile(f.real) && !w.ignored(f.real) && !hidden(f.real) {
		f.name = f.real
	}
	if other, known := w.files[f.real]; !known || f.name < other.name {
		w.files[f.real] = f
	}
}

// hidden reports whether a part of a path begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

func (w *walker) ignored(name string) bool { return w.rules != nil && w.rules.MatchesPath(name) }

// IsSpecFile reports whether a file may hold a part of a spec by its name: .hcl, .yaml or .yml.
// What Load leaves out all the same, hidden and ignored files, is not looked at.
func IsSpecFile(name string) bool { return isHCL(name) || isYAML(name) }

func isHCL(name string) bool { return path.Ext(name) == ".hcl" }

func isYAML(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}
