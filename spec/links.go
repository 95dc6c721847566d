package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// mostLinks is how many links one path may lead through, as in Linux.
const mostLinks = 40

// errOutside is a link that leaves the spec folder.
var errOutside = errors.New("the link leads out of the spec folder: copy the file into it")

// resolveLink returns the path of what name is, without links in it. Nothing outside fsys
// is ever touched. A file system that knows no links has none.
func resolveLink(fsys fs.FS, name string) (string, error) {
	links, ok := fsys.(fs.ReadLinkFS)
	if !ok {
		return name, nil
	}
	resolved, rest, followed := ".", name, 0
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		switch part {
		case "", ".":
			continue
		case "..":
			if resolved == "." {
				return "", errOutside
			}
			resolved = path.Dir(resolved)
			continue
		}
		next := path.Join(resolved, part)
		info, err := links.Lstat(next)
		switch {
		case err != nil && followed == 0:
			return "", fileReason(err)
		case err != nil:
			return "", fmt.Errorf("the link leads to %s: %w", next, fileReason(err))
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			resolved = next
			continue
		}
		if followed++; followed > mostLinks {
			return "", errors.New("the link is part of a cycle of links: following it would never end")
		}
		target, err := links.ReadLink(next)
		if err != nil {
			return "", fmt.Errorf("%s: %w", next, fileReason(err))
		}
		if path.IsAbs(target) || strings.Contains(target, `\`) {
			return "", errOutside
		}
		rest = target + "/" + rest
	}
	return resolved, nil
}
