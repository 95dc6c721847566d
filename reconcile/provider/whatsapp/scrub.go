package whatsapp

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/hisab/hisab/reconcile"
)

// Patterns of what must not reach an error: mail and payment addresses, long numbers, and
// strings that can only be keys.
var (
	address = regexp.MustCompile(`[^\s@"'<>(),;:]+(@[^\s@"'<>(),;:]+)+`)
	number  = regexp.MustCompile(`\+?\d[\d \-]{5,}\d`)
	key     = regexp.MustCompile(`[A-Za-z0-9_\-]{40,}`)
)

const hidden = "•••"

// mostScrubbed is the longest text that is looked through for what to hide: a sentence is
// shorter by far, and megabytes would take seconds for each thing to hide.
const mostScrubbed = 16 << 10

// scrub makes a text of the platform fit to be shown: without what is listed, without
// anything that looks personal or secret, on one line, and short. One that is no sentence is
// not shown at all: cut anywhere, it could end in half of a secret.
func scrub(s string, hide []string) string {
	if len(s) > mostScrubbed {
		return hidden
	}
	s = printed(s)
	for _, h := range hide {
		s = replaceFold(s, printed(h))
	}
	s = address.ReplaceAllString(s, hidden)
	s = number.ReplaceAllString(s, hidden)
	s = key.ReplaceAllString(s, hidden)
	return remark(word(s))
}

// printed leaves out what does not print, and makes one space of any. It comes before
// anything is looked for: an unprintable sign within a number would hide it from the pattern
// and not from the reader.
func printed(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// replaceFold hides what, in whatever case it is written. Two letters are no secret.
func replaceFold(s, what string) string {
	if len(what) < 3 {
		return s
	}
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(what)).ReplaceAllString(s, hidden)
}

// personal lists the texts of a message that say something about the customer.
func personal(m *reconcile.Message) []string {
	out := []string{m.To, m.Body, m.Description}
	if t := m.Template; t != nil {
		out = append(out, t.Body...)
		out = append(out, t.Button)
	}
	if o := m.Order; o != nil {
		out = append(out, o.Customer.Name, o.Customer.Phone, o.Customer.Email, o.Body)
		for _, b := range o.Beneficiaries {
			out = append(out, b.Name, b.AddressLine1, b.AddressLine2, b.PostalCode)
		}
	}
	return out
}
