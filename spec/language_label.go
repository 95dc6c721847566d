package spec

var statusMessages = labels[StatusMessage]{
	at:         func(t *draft) *[]StatusMessage { return &t.StatusMessages },
	unlabelled: "default",
	key: func(label string) string {
		if label == "default" {
			return ""
		}
		if status, ok := ParseStatus(label); ok {
			return string(status)
		}
		return label
	},
	begin: func(_ *decoder, _ *entry, key string) StatusMessage { return StatusMessage{Status: Status(key)} },
	is:    func(m *StatusMessage, key string) bool { return string(m.Status) == key },
}

var statusMessageTable = newTable(
	word("body", func(m *StatusMessage) *string { return &m.Body }),
	word("footer", func(m *StatusMessage) *string { return &m.Footer }),
	text("description", func(m *StatusMessage) *string { return &m.Description }),
)

var refunds = labels[Refund]{
	at:  func(t *draft) *[]Refund { return &t.Refunds },
	key: asWritten,
	begin: func(d *decoder, e *entry, key string) Refund {
		return Refund{Label: key, Speed: "normal", Pos: d.keyPos(e)}
	},
	is: func(r *Refund, key string) bool { return r.Label == key },
}

var refundTable = newTable(
	amount("amount", func(r *Refund) *Amount { return &r.Amount }).must(),
	word("speed", func(r *Refund) *string { return &r.Speed }),
	text("reason", func(r *Refund) *string { return &r.Reason }),
	text("id", func(r *Refund) *string { return &r.ID }),
	text("was", func(r *Refund) *string { return &r.Was }),
	text("reference_id", func(r *Refund) *string { return &r.Reference }),
	text("payment", func(r *Refund) *string { return &r.Payment }),
)

var offlinePayments = labels[OfflinePayment]{
	at:  func(t *draft) *[]OfflinePayment { return &t.OfflinePayments },
	key: asWritten,
	begin: func(d *decoder, e *entry, key string) OfflinePayment {
		return OfflinePayment{Label: key, Pos: d.keyPos(e)}
	},
	is: func(p *OfflinePayment, key string) bool { return p.Label == key },
}

var offlinePaymentTable = newTable(
	amount("amount", func(p *OfflinePayment) *Amount { return &p.Amount }).must(),
	date("date", func(p *OfflinePayment) *string { return &p.Date }).must(),
	word("method", func(p *OfflinePayment) *string { return &p.Method }),
)

var notifies = labels[Notify]{
	at:  func(t *draft) *[]Notify { return &t.Notify },
	key: eventName,
	begin: func(d *decoder, e *entry, key string) Notify {
		return Notify{Event: key, Pos: d.keyPos(e)}
	},
	is: func(n *Notify, key string) bool { return n.Event == key },
}

// eventName reads an event as its status may be spelled.
func eventName(label string) string {
	if status, ok := ParseStatus(label); ok {
		return string(status)
	}
	return label
}

func asWritten(label string) string { return label }

var notifyTable = newTable(
	address("template", toTemplate, func(n *Notify) *string { return &n.Template }).must(),
	addresses("fallback", toTemplate, func(n *Notify) *[]string { return &n.Fallback }),
	boolean("at_least_once", func(n *Notify) *bool { return &n.AtLeastOnce }),
)
