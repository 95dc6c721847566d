package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// refs makes orders under references, with addresses that sort as given.
func refs(references ...string) *Spec {
	s := &Spec{}
	for i, reference := range references {
		s.Orders = append(s.Orders, &Order{Kind: KindOrder, Address: fmt.Sprintf("order.%d", i), ReferenceID: reference, Provider: "whatsapp.main"})
	}
	return s
}

func TestCheckSpec(t *testing.T) {
	unbilled := refs("CASH-1", "CASH-1-2")
	unbilled.Orders[0].Provider = ""
	shared := refs("A", "B")
	shared.Orders[0].Refunds = []Refund{{Label: "x", ID: "rfnd_1"}, {Label: "y"}, {Label: "z"}}
	shared.Orders[1].Refunds = []Refund{{Label: "y", ID: "rfnd_1"}}
	twice := refs("A")
	twice.Orders[0].Refunds = []Refund{{Label: "x", ID: "rfnd_1"}, {Label: "y", ID: "rfnd_1"}}
	for name, test := range map[string]struct {
		s    *Spec
		want []string // rule order<other
	}{
		"nothing":             {&Spec{}, nil},
		"all different":       {refs("A", "B", "AB", "a-1", "A-b"), nil},
		"twice":               {refs("A", "B", "A"), []string{"reference_id_unique order.2<order.0"}},
		"three times":         {refs("A", "A", "A"), []string{"reference_id_unique order.1<order.0", "reference_id_unique order.2<order.0"}},
		"case":                {refs("inv-x", "B", "INV-X"), []string{"reference_id_case order.2<order.0"}},
		"case and twice":      {refs("A", "a", "A"), []string{"reference_id_unique order.2<order.0", "reference_id_case order.1<order.0"}},
		"empty is another's":  {refs("", ""), nil},
		"generated":           {refs("BM345A-2", "BM345A"), []string{"reference_id_generated order.0<order.1"}},
		"generated later":     {refs("BM345A", "BM345A-17"), []string{"reference_id_generated order.1<order.0"}},
		"generated in case":   {refs("BM345A", "bm345a-2"), []string{"reference_id_generated order.1<order.0"}},
		"generated of twins":  {refs("BM-1-2", "BM-1", "BM-1-3"), []string{"reference_id_generated order.0<order.1", "reference_id_generated order.2<order.1"}},
		"a series":            {refs("INV-1", "INV-2", "INV-10"), nil},
		"no number":           {refs("A", "A-0", "A-1", "A-02", "A-x", "A-", "-2", "A-2-x", "A--x"), nil},
		"a name and a number": {refs("INV", "INV-1042", "INV-100"), nil},
		"never billed":        {unbilled, nil},
		"one refund of two":   {shared, []string{"refund_id_unique order.1<order.0"}},
		"one refund twice":    {twice, []string{"refund_id_unique order.0<order.0"}},
	} {
		var got []string
		for _, v := range CheckSpec(test.s) {
			got = append(got, fmt.Sprintf("%s %s<%s", v.Rule, v.Order.Address, v.Other.Address))
			if v.Detail == "" || v.Path == "" || v.Warning {
				t.Errorf("%s: %+v", name, v)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestCheckSpecNamesTheOther(t *testing.T) {
	found := CheckSpec(refs("A", "A"))
	if len(found) != 1 || !strings.Contains(found[0].Detail, "order.0 has the reference_id") {
		t.Errorf("%+v", found)
	}
}

func TestCheckSpecLeavesTheOrderAlone(t *testing.T) {
	s := refs("C", "A", "B")
	CheckSpec(s)
	if s.Orders[0].ReferenceID != "C" || s.Orders[2].ReferenceID != "B" {
		t.Error("the orders were sorted in place")
	}
}

func TestNextReference(t *testing.T) {
	long := strings.Repeat("x", 33)
	for _, test := range []struct {
		first string
		n     int
		want  string
		fits  bool
	}{
		{"BM345A-12", 2, "BM345A-12-2", true},
		{"BM345A-12", 10, "BM345A-12-10", true},
		{long, 9, long + "-9", true},
		{long, 10, long + "-10", false},
	} {
		if got, fits := NextReference(test.first, test.n); got != test.want || fits != test.fits {
			t.Errorf("%q, %v; want %q, %v", got, fits, test.want, test.fits)
		}
	}
}

// Whatever NextReference makes of a reference, CheckSpec sees coming.
func TestGeneratedReferencesAreSeen(t *testing.T) {
	for n := 2; n < 100; n++ {
		next, _ := NextReference("BM345A-12", n)
		if found := CheckSpec(refs("BM345A-12", next)); len(found) != 1 {
			t.Errorf("%s: %+v", next, found)
		}
	}
}

func BenchmarkCheckSpec(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		s := &Spec{}
		for i := range n {
			s.Orders = append(s.Orders, &Order{Address: "order", ReferenceID: fmt.Sprintf("INV-2026-11-%06d", i*7919%n), Provider: "whatsapp.main"})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CheckSpec(s)
			}
		})
	}
}
