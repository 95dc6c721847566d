package view

import (
	"strings"

	"github.com/hisab/hisab/spec"
)

// customer names who is billed, masked unless the reader may see it.
func (o Options) customer(c spec.Customer) string {
	var parts []string
	if c.Name != "" {
		parts = append(parts, o.name(c.Name))
	}
	if c.Phone != "" {
		parts = append(parts, o.phone(c.Phone))
	}
	return strings.Join(parts, " ")
}

func (o Options) name(name string) string {
	if o.ShowPII {
		return name
	}
	return spec.MaskName(name)
}

func (o Options) phone(digits string) string {
	if o.ShowPII {
		return "+" + digits
	}
	return spec.MaskPhone(digits)
}
