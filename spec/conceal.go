package spec

import (
	"bytes"
	"regexp"
	"slices"
)

// secretNames are the fields whose values are never shown, also where somebody wrote one
// into the file and an error points at its line.
var secretNames = func() []string {
	names := tableSecrets(whatsappTable)
	for _, kind := range gatewayKinds {
		names = append(names, tableSecrets(kind.table)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

func tableSecrets[T any](t *table[T]) (names []string) {
	for _, f := range t.fields {
		if f.secret {
			names = append(names, f.name)
		}
	}
	return names
}

// namedValue is a name with what stands behind it, in HCL or YAML: the beginning of an
// expression, a text in quotes, or a word.
var namedValue = regexp.MustCompile(`([A-Za-z_]\w*)["']?[ \t]*[:=][ \t]*(\$\{|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"',\[\]{}]+)`)

// expressionText begins what is no secret itself but says where it is found.
var expressionText = regexp.MustCompile(`^["']?\s*(\$\{|env\s*\(|var\.|local\.)`)

// conceal puts stars in the place of secrets that are written in a line, byte by byte, so
// that places stay. A name that is nearly that of a secret counts as one: it was likely meant,
// and is what the error is about.
func conceal(line []byte) []byte {
	concealed := line
	for _, m := range namedValue.FindAllSubmatchIndex(line, -1) {
		name, value := line[m[2]:m[3]], line[m[4]:m[5]]
		if nearest(string(name), secretNames) == "" || expressionText.Match(value) {
			continue
		}
		if &concealed[0] == &line[0] {
			concealed = bytes.Clone(line)
		}
		for i := m[4]; i < m[5]; i++ {
			if line[i] != '"' && line[i] != '\'' {
				concealed[i] = '*'
			}
		}
	}
	return concealed
}
