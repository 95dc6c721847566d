package reconcile

import (
	"fmt"
	"strings"

	"github.com/hisab/hisab/spec"
)

const answerTable = "behaviour, Answers"

// answerRows decides what an earlier answer to the very same action means for it now: an
// action that the other tables ask for passes through here before it is planned.
var answerRows = []Row{
	{
		Desired: "order_status", Observed: "unknown for 10 minutes, sent once",
		Result: Act, Source: "behaviour, Unknown outcome of order_status: once more; the customer may see it twice",
		when: func(f *facts) bool { return f.open() && f.silentStatus(f.attempt) },
	},
	{
		Desired: "any action", Observed: "unknown",
		Result: Doubt, Source: "behaviour, Unknown outcomes",
		when:   func(f *facts) bool { return f.open() },
		detail: openText,
	},
	{
		Desired: "any action", Observed: "done, or given up by a person",
		Result: Nothing, Source: answerTable,
		when: func(f *facts) bool {
			return f.attempt != nil && (f.attempt.State == Settled || f.attempt.State == Abandoned)
		},
	},
	{
		Desired: "free-form message", Observed: "the 24-hour window is closed (131047), and templates names a form",
		Result: Act, Source: answerTable,
		when: func(f *facts) bool { return f.windowClosed() && f.form(f.attempt.Kind) != "" },
	},
	{
		Desired: "free-form message", Observed: "the 24-hour window is closed (131047)",
		Result: Block, Code: "outside_service_window", Source: answerTable + "; error codes, 131047",
		when: func(f *facts) bool { return f.windowClosed() },
		detail: func(f *facts) string {
			return fmt.Sprintf("the customer last wrote more than 24 hours ago, and templates names no form of this message. Name one, or once they wrote: hisab resolve %s --retry --reason TEXT", f.attempt.ID)
		},
	},
	{
		Desired: "status", Observed: "2046 or 2047",
		Result: Block, Code: "status_refused", Source: answerTable + "; order status guide, Error Code",
		when: func(f *facts) bool {
			return f.rejected() && (f.attempt.Code == codeBadTransition || f.attempt.Code == codePaidAlready)
		},
		detail: func(f *facts) string {
			return fmt.Sprintf("WhatsApp refused %s with %d: %s. It is tried again when the spec or the payment changes, or by: hisab resolve %s --retry --reason TEXT",
				orElse(string(f.attempt.To), "the message"), f.attempt.Code, f.attempt.meaning(), f.attempt.ID)
		},
	},
	{
		Desired: "send, status, notify", Observed: "refused for good (131026, 131050, 130403, 132015 …)",
		Result: Block, Code: "refused", Source: answerTable + "; error codes",
		when: func(f *facts) bool { return f.rejected() },
		detail: func(f *facts) string {
			code := ""
			if f.attempt.Code != 0 {
				code = fmt.Sprintf(" with %d", f.attempt.Code)
			}
			return fmt.Sprintf("refused%s: %s. It is tried again when its content changes, or by: hisab resolve %s --retry --reason TEXT", code, f.attempt.meaning(), f.attempt.ID)
		},
	},
	{
		Desired: "any", Observed: "account or number refused (190, 368, 131042, 131048 …)",
		Result: Wait, Code: "provider_paused", Source: answerTable + "; error codes",
		when: func(f *facts) bool { return f.Paused != "" },
		detail: func(f *facts) string {
			return "the provider refuses the account, and all of its orders wait: " + f.Paused
		},
	},
	{
		Desired: "any", Observed: "throttled, or over the messaging limit",
		Result: Wait, Code: "throttled", Source: answerTable,
		when: func(f *facts) bool {
			return f.attempt != nil && f.attempt.State == Ready && f.Now.Before(f.attempt.NextAt)
		},
		detail: func(f *facts) string {
			return fmt.Sprintf("%s; tried again after %s", f.attempt.Meaning, f.attempt.NextAt.UTC().Format("15:04:05 MST"))
		},
	},
	{
		Desired: "any action", Observed: "never tried, not sent after all, or one more try permitted by a person",
		Result: Act, Source: answerTable + "; reliability 3.2: ready may be claimed again; behaviour, resolve",
		when: always,
	},
}

// open: nobody can say yet what became of the attempt.
func (f *facts) open() bool { return f.attempt != nil && f.attempt.State.Open() }

// rejected: the attempt provably did not happen, and nobody asked for one more.
func (f *facts) rejected() bool {
	return f.attempt != nil && f.attempt.State == Rejected && !f.attempt.Retry
}

func (f *facts) windowClosed() bool {
	return f.rejected() && f.attempt.Code == codeWindowClosed && f.attempt.Template == ""
}

// meaning is Meaning for a sentence that names the code itself.
func (a *Attempt) meaning() string {
	return strings.TrimSuffix(a.Meaning, fmt.Sprintf(" (code %d)", a.Code))
}

// silentStatus: an order_status that was sent once, and of which ten minutes brought no word.
func (f *facts) silentStatus(a *Attempt) bool {
	mine := a.State == Sending && f.Mine != "" && a.Incarnation == f.Mine // under way, and no doubt yet
	return a.movesStatus() && a.N == 1 && f.Now.Sub(a.ClaimedAt) >= statusSilence && !mine
}

func openText(f *facts) string {
	a := f.attempt
	text := doubtText(a)
	switch {
	case a.movesStatus() && a.N == 1:
		return text + "; a webhook settles it, else it is sent once more 10 minutes after the first time"
	case a.Kind == KindNotify:
		return text + "; it may have been sent, and is not sent again"
	}
	return text + "; a person decides: hisab resolve " + a.ID
}

// The codes of Meta's error page on which a rule of ours turns.
const (
	codeWindowClosed  = 131047
	codeBadTransition = 2046
	codePaidAlready   = 2047
)

// form is the template that stands in for a free-form message of a kind, or empty.
func (f *facts) form(kind ActionKind) string {
	if f.want.Templates == nil {
		return ""
	}
	switch kind {
	case KindSend:
		return f.want.Templates.OrderDetails
	case KindStatus, KindReplace:
		return f.want.Templates.OrderStatus
	}
	return ""
}

// formNow is the template to use for a message: always where the spec says so, else once
// the free form was refused because the window is closed.
func (f *facts) formNow(kind ActionKind, last *Attempt) string {
	form := f.form(kind)
	if form == "" {
		return ""
	}
	if f.want.Templates.Always || (last != nil && last.State == Rejected && last.Code == codeWindowClosed) ||
		(last != nil && last.State == Ready && last.Template != "") {
		return form
	}
	return ""
}

func doubtText(a *Attempt) string {
	if a.Meaning == "" {
		return fmt.Sprintf("asked for at %s, and nobody can say whether it happened", a.ClaimedAt.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	return fmt.Sprintf("asked for at %s: %s", a.ClaimedAt.UTC().Format("2006-01-02 15:04:05 MST"), a.Meaning)
}

// messageOf returns what the customer reads when the order takes a status: the message for
// that status, else the unlabelled one, else our plain words; each field by itself.
func messageOf(want *spec.Order, s spec.Status) spec.StatusMessage {
	m := spec.StatusMessage{Status: s}
	for _, label := range []spec.Status{s, ""} {
		for i := range want.StatusMessages {
			w := &want.StatusMessages[i]
			if w.Status != label {
				continue
			}
			if m.Body == "" {
				m.Body = w.Body
			}
			if m.Footer == "" {
				m.Footer = w.Footer
			}
			if m.Description == "" {
				m.Description = w.Description
			}
		}
	}
	if m.Body == "" {
		m.Body = plainWords[s]
	}
	return m
}

// plainWords are what the customer reads where the spec says nothing; order_status requires
// a body (order status guide, body).
var plainWords = map[spec.Status]string{
	spec.Processing:       "Your order is being prepared.",
	spec.PartiallyShipped: "A part of your order is on its way.",
	spec.Shipped:          "Your order is on its way.",
	spec.Completed:        "Your order is complete. Thank you.",
	spec.Canceled:         "Your order has been canceled.",
}
