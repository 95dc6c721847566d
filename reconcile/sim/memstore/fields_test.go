package memstore_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/storetest"
	"github.com/hisab/hisab/spec"
)

// TestEveryFieldCounts changes each field of an order, one at a time, and expects it back. A
// field that is new and forgotten here or in a comparison would be lost in silence.
func TestEveryFieldCounts(t *testing.T) {
	s := empty()
	if _, err := s.Update(context.Background(), "A", typical); err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, of := range []struct {
		name string
		row  func(*reconcile.Observed) any
		not  map[string]bool // not kept, or the row's own identity
	}{
		{"order", func(o *reconcile.Observed) any { return o }, fields("Ref Version Stray News Bills Attempts Refunds Marks")},
		{"bill", func(o *reconcile.Observed) any { return &o.Bills[0] }, fields("Look Facets")},
		{"facets", func(o *reconcile.Observed) any { return &o.Bills[0].Facets }, nil},
		{"look", func(o *reconcile.Observed) any { return o.Bills[0].Look }, fields("Reference Refunds Transactions")},
		{"transaction", func(o *reconcile.Observed) any { return &o.Bills[0].Look.Transactions[0] }, nil},
		{"attempt", func(o *reconcile.Observed) any { return &o.Attempts[2] }, fields("ID")},
		{"refund", func(o *reconcile.Observed) any { return &o.Refunds[0] }, fields("ID")},
		{"mark", func(o *reconcile.Observed) any { return &o.Marks[0] }, nil},
	} {
		o, _, _ := s.Get(context.Background(), "A")
		row := reflect.TypeOf(of.row(&o)).Elem()
		for i := range row.NumField() {
			f := row.Field(i)
			if of.not[f.Name] {
				continue
			}
			changed++
			var want reconcile.Observed
			saved, err := s.Update(context.Background(), "A", func(o *reconcile.Observed) error {
				alter(t, reflect.ValueOf(of.row(o)).Elem().Field(i))
				o.Bills[0].Look.Reference = o.Bills[0].Reference // what it was a look at
				want = *o.Clone()
				return nil
			})
			if err != nil {
				t.Fatalf("%s.%s: %v", of.name, f.Name, err)
			}
			want.Version++
			if got, _, _ := s.Get(context.Background(), want.Bills[0].Reference); !same(t, of.name+"."+f.Name, got, want) || !same(t, "saved", saved, want) {
				t.Fatalf("the change of %s.%s is lost", of.name, f.Name)
			}
		}
	}
	if changed < 60 {
		t.Errorf("only %d fields were changed", changed)
	}
}

func fields(names string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

// alter gives a field another value that a journal holds.
func alter(t *testing.T, v reflect.Value) {
	t.Helper()
	words := map[reflect.Type]string{
		reflect.TypeFor[spec.Kind]():                  string(spec.KindInvoice),
		reflect.TypeFor[spec.Status]():                string(spec.Completed),
		reflect.TypeFor[reconcile.Standing]():         string(reconcile.Archived),
		reflect.TypeFor[reconcile.PaymentState]():     string(reconcile.Authorized),
		reflect.TypeFor[reconcile.ActionKind]():       string(reconcile.KindNotify),
		reflect.TypeFor[reconcile.AttemptState]():     string(reconcile.Held),
		reflect.TypeFor[reconcile.Delivery]():         string(reconcile.Read),
		reflect.TypeFor[reconcile.RefundState]():      string(reconcile.RefundFailed),
		reflect.TypeFor[reconcile.TransactionState](): string(reconcile.TransactionFailed),
	}
	switch x := v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(storetest.Now().Add(time.Hour)))
		return
	case []string:
		v.Set(reflect.ValueOf([]string{fmt.Sprint(x, "more")}))
		return
	}
	switch {
	case words[v.Type()] != "":
		v.SetString(words[v.Type()])
	case v.Kind() == reflect.String:
		v.SetString("instant") // a speed, and as good as any for the rest
	case v.CanInt():
		v.SetInt(v.Int() + 1)
	case v.Kind() == reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		t.Fatalf("no other value for a %s", v.Type())
	}
}

func same(t *testing.T, what string, got, want any) bool {
	t.Helper()
	diff := cmp.Diff(want, got)
	if diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
	return diff == ""
}
