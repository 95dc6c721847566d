package sandbox

import (
	"fmt"
	"slices"
)

// check refuses a state that no sandbox has written: entries that are null, messages and
// orders of nobody, orders without a history, things to come that concern nothing. Somebody
// has edited the file, or it is another program's.
func (st *State) check() error {
	known := st.names()
	for _, list := range []struct {
		name  string
		empty int
	}{
		{"customers", slices.Index(st.Customers, nil)},
		{"messages", slices.IndexFunc(st.Messages, func(m *Message) bool { return m == nil || !known.customers[customerKey{m.Number, m.Phone}] })},
		{"orders", slices.IndexFunc(st.Orders, func(o *Order) bool { return o.hollow() || !known.customers[customerKey{o.Number, o.Phone}] })},
		{"webhooks", slices.Index(st.Webhooks, nil)},
		{"faults", slices.Index(st.Faults, nil)},
		{"due", slices.IndexFunc(st.Due, known.pointless)},
	} {
		if list.empty >= 0 {
			return fmt.Errorf("%s[%d] is not whole", list.name, list.empty)
		}
	}
	return nil
}

// names are what entries of a state can refer to.
type names struct {
	customers map[customerKey]bool
	orders    map[orderKey]bool
	messages  map[string]*Message
}

func (st *State) names() names {
	n := names{map[customerKey]bool{}, map[orderKey]bool{}, map[string]*Message{}}
	for _, c := range st.Customers {
		if c != nil {
			n.customers[customerKey{c.Number, c.Phone}] = true
		}
	}
	for _, o := range st.Orders {
		if o != nil {
			n.orders[orderKey{o.Number, o.Reference}] = true
		}
	}
	for _, m := range st.Messages {
		if m != nil {
			n.messages[m.ID] = m
		}
	}
	return n
}

// pointless: what is to happen concerns a message or an order that is not there.
func (n names) pointless(e event) bool {
	switch e.Kind {
	case judgeStatus:
		m := n.messages[e.Message]
		return m == nil || !n.orders[orderKey{m.Number, m.Reference}]
	case lateRequest:
		return e.Request == nil
	}
	return false
}

func (o *Order) hollow() bool {
	return o == nil || len(o.History) == 0 || o.Payment.hollow() ||
		slices.ContainsFunc(o.Past, func(p PastPayment) bool { return p.Payment.hollow() })
}

func (p *Payment) hollow() bool {
	return slices.ContainsFunc(p.Transactions, func(t *Transaction) bool { return t == nil || slices.Contains(t.Refunds, nil) })
}
