package view

import (
	"regexp"
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

// messageID matches WhatsApp's message ids: base64 with the customer's number inside.
var messageID = regexp.MustCompile(`wamid\.[A-Za-z0-9+/_-]{12,}=*`)

// ids veils the message ids in a text, but for an end by which one is told from another.
func (o Options) ids(text string) string {
	if o.ShowPII || !strings.Contains(text, "wamid.") {
		return text
	}
	return messageID.ReplaceAllStringFunc(text, func(id string) string { return "wamid.…" + id[len(id)-8:] })
}
