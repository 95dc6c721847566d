package spec

import "strings"

// A detail says what to write, and a person copies it. In the texts of this package such a
// part stands in ‹ ›, as HCL spells it; inSpellingOf gives it in the spelling of the file that the
// detail is about, and without the marks.
func inSpellingOf(file, detail string) string {
	before, rest, found := strings.Cut(detail, "‹")
	if !found {
		return detail
	}
	hcl, rest, _ := strings.Cut(rest, "›")
	return before + Pos{File: file}.Spelling(hcl) + inSpellingOf(file, rest)
}

// Spelling gives an attribute, a block on one line or a function call, as HCL writes it, in
// the spelling of the file at p: status = "completed" is status: "completed" in YAML.
func (p Pos) Spelling(hcl string) string {
	switch {
	case p.File == "" || isHCL(p.File):
		return hcl
	case strings.HasSuffix(hcl, ")") && !strings.Contains(hcl, " = "):
		return "${" + hcl + "}"
	}
	return inYAML.Replace(hcl)
}

var inYAML = strings.NewReplacer(" = ", ": ", " { ", ": {", " }", "}")
