package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// Syntax trees take twenty to forty times the space of their file, so a file that cannot be
// meant is refused before it is read. YAML cannot be read piece by piece, HCL can.
const (
	maxHCLFile  = 64 << 20
	maxYAMLFile = 16 << 20
	maxDataFile = 256 << 20 // read by file()
	maxIgnore   = 1 << 20   // of .hisabignore
)

var utf8BOM = []byte("\xef\xbb\xbf")

// errTooLarge is a file beyond its limit.
var errTooLarge = errors.New("too large")

// errNotRegular is a device, pipe or socket.
var errNotRegular = errors.New("it is no regular file")

// readBounded reads a regular file of at most limit bytes. It is looked at before it is
// opened: opening a pipe waits for whoever writes to it.
func readBounded(fsys fs.FS, name string, limit int64) ([]byte, error) {
	if info, err := fs.Stat(fsys, name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > limit {
		return nil, errTooLarge
	}
	// The size is a hint: the file may grow while it is read.
	buf := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if n, err := io.Copy(buf, io.LimitReader(f, limit+1)); err != nil {
		return nil, err
	} else if n > limit {
		return nil, errTooLarge
	}
	return buf.Bytes(), nil
}

// readSource reads a spec file. The diagnostic says why it cannot be one.
func readSource(fsys fs.FS, f specFile) ([]byte, *hcl.Diagnostic) {
	limit := int64(maxHCLFile)
	if isYAML(f.name) {
		limit = maxYAMLFile
	}
	src, err := readBounded(fsys, f.real, limit)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, fileProblem(f.name, "File too large", fmt.Sprintf("The file has more than %d MiB. Split it into several: all files of the folder are read together.", limit>>20))
	case err != nil:
		return nil, fileProblem(f.name, "Unreadable file", unreadable(err))
	}
	return src, checkText(f.name, src)
}

// unreadable says why a file or folder cannot be read, and the way out.
func unreadable(err error) string {
	detail := sentence(fileReason(err).Error()) + "."
	if errors.Is(err, fs.ErrPermission) {
		detail += " Let this user read it, or list it in " + ignoreFile + "."
	}
	return detail
}

func fileProblem(name, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: summary, Detail: detail,
		Subject: &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos},
	}
}

// checkText refuses what is no UTF-8 text, at the first byte that is none.
func checkText(name string, src []byte) *hcl.Diagnostic {
	bad, detail := bytes.IndexByte(src, 0), "The file holds a zero byte: it is binary, or a text saved as UTF-16. Save it as UTF-8."
	if bad < 0 {
		if utf8.Valid(src) {
			return nil
		}
		bad, detail = firstInvalid(src), "From here on this is no UTF-8 text. Save the file as UTF-8."
	}
	line := 1 + bytes.Count(src[:bad], []byte("\n"))
	begin := 1 + bytes.LastIndexByte(src[:bad], '\n')
	start := hcl.Pos{Line: line, Column: 1 + utf8.RuneCount(src[begin:bad]), Byte: bad}
	end := start
	end.Column++
	end.Byte++
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Not a text file", Detail: detail,
		Subject: &hcl.Range{Filename: name, Start: start, End: end},
	}
}

func firstInvalid(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}
