package kill

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// reported holds what the program said it had done against the journal and the platform: what
// was acknowledged is there for ever (I12).
func (c *checker) reported() {
	for _, r := range c.Reported {
		if reconcile.ActionKind(r.Kind) == reconcile.KindForget {
			continue // leaves no attempt
		}
		var settled []*claimed // more than one where a status took two messages
		for _, a := range c.sorted {
			if a.Action == r.ID && c.wasSettled(a) {
				settled = append(settled, a)
			}
		}
		switch {
		case len(settled) == 0:
			c.broken("I12", r.Reference, "%s %s %s was reported as done, and the journal has no attempt of it that was ever settled", r.Kind, r.ID, r.Label)
		case r.Result != "" && !slices.ContainsFunc(settled, func(a *claimed) bool {
			return sameID(r.Result, a.Result) || a.Delivery == reconcile.FailedOnRoute
		}):
			c.broken("I12", r.Reference, "%s %s was reported as done with %s, and the journal says %s", r.Kind, r.ID, r.Result, settled[0].Result)
		case !c.happened(r):
			c.broken("I12", r.Reference, "%s %s was reported as done with %s, and the platform does not know it", r.Kind, r.ID, r.Result)
		}
	}
}

func (c *checker) wasSettled(a *claimed) bool {
	return slices.ContainsFunc(c.Log[a.order.Ref], func(e reconcile.Event) bool {
		return e.Attempt == a.ID && e.Name == string(reconcile.Settled)
	})
}

func (c *checker) happened(r Reported) bool {
	switch {
	case r.Result == "":
		return true // found by looking, and shown without an id
	case reconcile.ActionKind(r.Kind) == reconcile.KindRefund:
		return slices.ContainsFunc(c.Ledger, func(e sandbox.Entry) bool { return e.Kind == "refund" && e.ID == r.Result })
	}
	return slices.ContainsFunc(c.Messages, func(m sandbox.Message) bool { return sameID(r.Result, m.ID) })
}

// sameID compares an id as it is shown, of a message its end alone, with the whole one.
func sameID(shown, id string) bool {
	if prefix, end, veiled := strings.Cut(shown, "…"); veiled {
		return strings.HasPrefix(id, prefix) && strings.HasSuffix(id, end)
	}
	return shown == id
}

// wholeMessageID is a message id that is not veiled; it holds the phone number.
var wholeMessageID = regexp.MustCompile(`wamid\.[A-Za-z0-9+/=]{12,}`)

// secrecy looks for secrets and personal data in print and in the log (I19).
func (c *checker) secrecy() {
	for _, private := range c.Private {
		if at := strings.Index(c.Printed, private); at >= 0 {
			c.broken("I19", "", "%q stands in print: %s", private, lineAt(c.Printed, at))
		}
		for _, o := range c.Journal {
			for _, e := range c.Log[o.Ref] {
				if strings.Contains(e.Detail, private) {
					c.broken("I19", o.Ref, "%q stands in the log: %s", private, e.Detail)
				}
			}
		}
	}
	if at := wholeMessageID.FindStringIndex(c.Printed); at != nil {
		c.broken("I19", "", "a whole message id, which holds the phone number, stands in print: %s", lineAt(c.Printed, at[0]))
	}
}

func lineAt(text string, at int) string {
	from := strings.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(text[from:], "\n")
	return line
}
