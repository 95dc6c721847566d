package spec

import (
	"bytes"
	"slices"
)

// The preamble is every block that is no order and no invoice: orders cannot be decoded
// before all of it is known. Few files hold any of it, so the rest is told apart by its
// bytes and parsed later, once, without keeping its syntax.

// mayHoldPreamble reports whether a file may hold blocks of the preamble. It errs on the
// side of yes, never of no.
func mayHoldPreamble(name string, src []byte) bool {
	if isYAML(name) {
		return yamlPreamble(src)
	}
	return hclPreamble(src)
}

// hclPreamble looks for the name of such a block with a label, a brace or a comment behind
// it. The same name with an equals sign or a dot is a field or a reference.
func hclPreamble(src []byte) bool {
	src = bytes.TrimPrefix(src, utf8BOM)
	for _, block := range preambleBlocks {
		word := []byte(block)
		for rest := src; ; {
			i := bytes.Index(rest, word)
			if i < 0 {
				break
			}
			begins := i == 0 || !inWord(rest[i-1])
			rest = rest[i+len(word):]
			behind := bytes.TrimLeft(rest, " \t")
			if begins && len(behind) > 0 && (behind[0] == '{' || behind[0] == '"' || behind[0] == '/' || len(behind) < len(rest) && inWord(behind[0])) {
				return true
			}
		}
	}
	return false
}

func inWord(b byte) bool {
	return b >= 0x80 || b == '_' || b == '-' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// oddBreaks end a line in YAML as a newline does, beside a lone CR.
var oddBreaks = [][]byte{[]byte("\u0085"), []byte("\u2028"), []byte("\u2029")}

// hasOddBreaks reports whether lines of src may end otherwise than by LF or CR LF. It looks
// for each by itself: one search for any of them goes character by character.
func hasOddBreaks(src []byte) bool {
	return bytes.Count(src, []byte("\r")) != bytes.Count(src, []byte("\r\n")) ||
		slices.ContainsFunc(oddBreaks, func(b []byte) bool { return bytes.Contains(src, b) })
}

// yamlPreamble looks for lines at the outermost indentation that are anything else than
// orders: and invoices:.
func yamlPreamble(src []byte) bool {
	if hasOddBreaks(src) {
		return true
	}
	margin := -1
	src = bytes.TrimPrefix(src, utf8BOM)
	for line := range bytes.Lines(src) {
		text := bytes.TrimRight(line, " \t\r\n")
		indent := len(text) - len(bytes.TrimLeft(text, " "))
		text = text[indent:]
		if len(text) == 0 || text[0] == '#' || bytes.Equal(text, []byte("---")) {
			continue
		}
		if margin < 0 {
			margin = indent
		}
		if indent > margin {
			continue
		}
		if key, _, found := bytes.Cut(text, []byte(":")); !found || !slices.Contains(orderKeys, string(key)) {
			return true
		}
	}
	return false
}

var (
	preambleBlocks = []string{"hisab", "variable", "locals", "provider", "gateway", "defaults", "template", "policy"}
	orderKeys      = []string{"orders", "invoices"}
)
