package whatsapp

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/hisab/hisab/reconcile"
)

// readStatus reads one of statuses[]: a payment, told by its type (orders guide, "Receive
// Webhook about Transaction Status"), or how far a message got (status messages webhook
// reference). Of a payment only the reference is believed, as the name of what to look at;
// its id is the webhook's, not a message's.
func readStatus(raw jsontext.Value) (reconcile.Evidence, bool, error) {
	var s struct {
		ID      word           `json:"id"`
		Type    string         `json:"type"`
		Status  string         `json:"status"`
		Opaque  string         `json:"biz_opaque_callback_data"`
		Payment jsontext.Value `json:"payment"`
		Errors  unread         `json:"errors"`
	}
	if err := read(raw, &s); err != nil {
		return reconcile.Evidence{}, false, err
	}
	if s.Type == "payment" {
		return readPayment(s.Payment)
	}
	e := reconcile.Evidence{
		MessageID: string(s.ID),
		Opaque:    s.Opaque,
		Delivery:  deliveries[s.Status],
	}
	if len(e.MessageID) > maxID || len(e.Opaque) > 4*maxOpaque { // at most four bytes a character
		return e, false, errLongID
	}
	e.Code, e.Class, e.Meaning = readErrors(s.Errors)
	joins, tells := e.MessageID != "" && e.Opaque != "", e.Delivery != reconcile.Unconfirmed || e.Meaning != ""
	return e, joins || tells && (e.MessageID != "" || e.Opaque != ""), nil
}

// deliveries reads a message's status. A word nobody documented still joins the message
// to its id, as unconfirmed.
var deliveries = map[string]reconcile.Delivery{
	"sent":      reconcile.SentOn,
	"delivered": reconcile.Delivered,
	"read":      reconcile.Read,
	"played":    reconcile.Read,
	"failed":    reconcile.FailedOnRoute,
}

func readPayment(raw jsontext.Value) (reconcile.Evidence, bool, error) {
	var p struct {
		ReferenceID string `json:"reference_id"`
	}
	if err := read(raw, &p); err != nil {
		return reconcile.Evidence{}, false, err
	}
	if p.ReferenceID == "" || len(p.ReferenceID) > maxID {
		return reconcile.Evidence{}, false, errors.New("a payment without a usable reference_id")
	}
	return reconcile.Evidence{Reference: p.ReferenceID}, true, nil
}

// readIncoming reads one of messages[]: what customers write, which is nothing to us, and
// errors, which the platform may put there too.
func readIncoming(raw jsontext.Value) (reconcile.Evidence, bool, error) {
	var m struct {
		ID     word   `json:"id"`
		Errors unread `json:"errors"`
	}
	if err := read(raw, &m); err != nil || !present(m.Errors) || len(m.ID) > maxID {
		return reconcile.Evidence{}, false, err
	}
	e := reconcile.Evidence{MessageID: string(m.ID), Delivery: reconcile.FailedOnRoute}
	e.Code, e.Class, e.Meaning = readErrors(m.Errors)
	return e, e.Meaning != "", nil
}

// readError reads one of the errors of a change, which belong to no message.
func readError(raw jsontext.Value) (reconcile.Evidence, bool, error) {
	var g graphError
	if err := read(raw, &g); err != nil {
		return reconcile.Evidence{}, false, err
	}
	var e reconcile.Evidence
	e.Code, e.Class, e.Meaning = meaningOf(g.refusal())
	return e, true, nil
}

// readErrors returns code, class and meaning of the errors of one event; nothing where it has
// none.
func readErrors(list unread) (int, reconcile.Class, string) {
	s := errorShape{Errors: list}
	r, has := s.refusal()
	if !has {
		return 0, "", ""
	}
	return meaningOf(r)
}

// meaningOf is the table's word on an error. The platform's own text is left out: here
// nobody knows what of it is personal.
func meaningOf(r refusal) (int, reconcile.Class, string) {
	row, known := codeOf(r.Code)
	switch {
	case !r.HasCode:
		return 0, "", "an error without a code"
	case !known:
		return r.Code, "", "an error code that is not documented"
	}
	return r.Code, row.Message, row.Meaning
}
