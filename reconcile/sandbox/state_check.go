package sandbox

import (
	"fmt"
	"slices"
)

// check refuses a state that no sandbox has written: entries that are null, orders without a
// history, things to come that concern nothing. Somebody has edited the file, or it is
// another program's.
func (st *State) check() error {
	for _, list := range []struct {
		name  string
		empty int
	}{
		{"customers", slices.Index(st.Customers, nil)}, {"orders", slices.IndexFunc(st.Orders, (*Order).hollow)},
		{"messages", slices.Index(st.Messages, nil)}, {"webhooks", slices.Index(st.Webhooks, nil)},
		{"faults", slices.Index(st.Faults, nil)}, {"due", slices.IndexFunc(st.Due, st.pointless)},
	} {
		if list.empty >= 0 {
			return fmt.Errorf("%s[%d] is not whole", list.name, list.empty)
		}
	}
	return nil
}

func (o *Order) hollow() bool {
	return o == nil || len(o.History) == 0 || o.Payment.hollow() ||
		slices.ContainsFunc(o.Past, func(p PastPayment) bool { return p.Payment.hollow() })
}

func (p *Payment) hollow() bool {
	return slices.ContainsFunc(p.Transactions, func(t *Transaction) bool { return t == nil || slices.Contains(t.Refunds, nil) })
}

// pointless: what is to happen concerns a message or an order that is not there.
func (st *State) pointless(e event) bool {
	switch e.Kind {
	case judgeStatus:
		i := slices.IndexFunc(st.Messages, func(m *Message) bool { return m != nil && m.ID == e.Message })
		return i < 0 || !slices.ContainsFunc(st.Orders, func(o *Order) bool {
			return o != nil && o.Reference == st.Messages[i].Reference && o.Number == st.Messages[i].Number
		})
	case lateRequest:
		return e.Request == nil
	}
	return false
}
