package reconcile

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// fullPlan has something in every field that a file keeps.
func fullPlan() *Plan {
	s := situated(wants(spec.Shipped), unpaidIsFine, expiresIn(time.Hour), cash("till", 0), notifying("created"), refunding("loaf", 100), withForms)
	sale := spec.Amount(9000)
	s.want.Items[0].SaleAmount = &sale
	s.want.Payment.Notes = map[string]string{"channel": "web", "a": "b"}
	s.want.Shipping = &spec.Charge{Amount: 0}
	c := s.diff()
	p := &Plan{
		ID: "0123456789abcdef", SpecID: "shop", CreatedAt: noon, Actions: c.Actions, Waiting: c.Waiting,
		Blocked: []Note{{Code: "terminal_status", Address: "order.B", Detail: "no", Amount: 5}}, Unknown: []Note{{ID: "x-1", Ref: "C"}},
		Summary: Summary{Send: 1, Status: 1, ToCollect: 21000}, Orders: []*spec.Order{s.want}, Removed: []string{"D"}, Left: 2, Managed: 4, LookedAt: noon,
		LookErrors: []LookError{{Address: "order.E", ReferenceID: "E", Err: errors.New("down")}}, Warnings: []string{"mind the gap"}, Folder: "shop",
	}
	for i := range p.Actions {
		p.Actions[i].follows = false // what apply finds out anew
	}
	return p
}

func written(t testing.TB, p *Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePlan(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPlanReadIsThePlanWritten(t *testing.T) {
	want := fullPlan()
	got, err := ReadPlan(bytes.NewReader(written(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if got.LookErrors[0].Err.Error() != "down" {
		t.Errorf("the error of a look became %v", got.LookErrors[0].Err)
	}
	got.LookErrors[0].Err = want.LookErrors[0].Err
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read:\n%+v\nwritten:\n%+v", got, want)
	}
	if !reflect.DeepEqual(written(t, got), written(t, want)) {
		t.Error("written again, it is another file")
	}
}

// TestEveryFieldOfAPlanIsKept guards against a field that json leaves out.
func TestEveryFieldOfAPlanIsKept(t *testing.T) {
	p := reflect.ValueOf(fullPlan()).Elem()
	for i := range p.NumField() {
		if f := p.Type().Field(i); f.IsExported() && p.Field(i).IsZero() {
			t.Errorf("the plan of these tests has no %s", f.Name)
		}
	}
}

func TestAPlanDecidesAlikeAfterItsFile(t *testing.T) {
	want := fullPlan()
	got, err := ReadPlan(bytes.NewReader(written(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	s := situated()
	for _, o := range []*spec.Order{want.Orders[0], got.Orders[0]} {
		s.want = o
		c := s.diff()
		for i := range c.Actions {
			if c.Actions[i].ID != want.Actions[i].ID {
				t.Errorf("%s has another id after the file", c.Actions[i].Kind)
			}
		}
	}
}

func TestADamagedPlanIsRefused(t *testing.T) {
	whole := written(t, fullPlan())
	for cut := range len(whole) {
		if _, err := ReadPlan(bytes.NewReader(whole[:cut])); err == nil {
			t.Fatalf("cut to %d of %d bytes it is taken", cut, len(whole))
		}
	}
	for i := range whole {
		changed := bytes.Clone(whole)
		changed[i] ^= 0x20
		if p, err := ReadPlan(bytes.NewReader(changed)); err == nil && !reflect.DeepEqual(written(t, p), whole) {
			t.Fatalf("with byte %d changed it is taken for another plan", i)
		}
	}
	if _, err := ReadPlan(strings.NewReader("order \"A\" {}\n")); !errors.Is(err, ErrNotPlan) {
		t.Errorf("a spec is %v", err)
	}
}

func TestAPlanWhosePartsDoNotBelongTogetherIsRefused(t *testing.T) {
	for name, change := range map[string]func(*Plan){
		"an action without its order": func(p *Plan) { p.Orders = nil },
		"an empty order":              func(p *Plan) { p.Orders = append(p.Orders, nil) },
	} {
		p := fullPlan()
		change(p)
		if _, err := ReadPlan(bytes.NewReader(written(t, p))); err == nil || !strings.Contains(err.Error(), "make another plan") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readsAgain checks that a plan that was read is written as one that reads and writes alike.
func readsAgain(t *testing.T, p *Plan) {
	t.Helper()
	file := written(t, p)
	again, err := ReadPlan(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("a plan that was read cannot be read again: %v", err)
	}
	if !bytes.Equal(written(t, again), file) {
		t.Fatalf("read again it is another plan:\n%+v\n%+v", p, again)
	}
}

// FuzzReadPlan: whatever is in a file, reading it is an answer; and a plan that is read can be
// written.
func FuzzReadPlan(f *testing.F) {
	whole := written(f, fullPlan())
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(planMagic))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPlan(bytes.NewReader(data))
		if err == nil {
			readsAgain(t, p)
		} else if len(err.Error()) > 2000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

// FuzzReadPlanData goes past the packing: the lines inside are arbitrary.
func FuzzReadPlanData(f *testing.F) {
	f.Add(unpacked(f, written(f, fullPlan())))
	f.Add([]byte(`{"plan":{"Actions":[{"address":"order.A"}],"Orders":[null]}}` + "\n"))
	f.Add([]byte(`{"plan":{}}` + "\n" + `{"action":{"address":"order.A"}}` + "\n" + `{"order":{"Address":"order.A"}}` + "\n"))
	f.Add([]byte(`{"order":{}}` + "\n"))
	f.Fuzz(func(t *testing.T, lines []byte) {
		p, err := ReadPlan(bytes.NewReader(packed(t, lines)))
		if err != nil {
			return
		}
		hold(p, &spec.Policy{}, holdings{})
		(&run{plan: p}).groups()
		readsAgain(t, p)
	})
}

// packed wraps the lines of a plan as WritePlan does.
func packed(t testing.TB, lines []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(planMagic)
	z := gzip.NewWriter(&b)
	sum := sha256.Sum256(lines)
	if _, err := fmt.Fprintf(z, "%s{\"digest\":%q}\n", lines, hex.EncodeToString(sum[:])); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpacked is what stands in a file before its digest.
func unpacked(t testing.TB, file []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(file[len(planMagic):]))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data[:bytes.LastIndex(data, []byte(`{"digest":`))]
}

func TestLinesThatMakeNoPlanAreRefused(t *testing.T) {
	whole := unpacked(t, written(t, fullPlan()))
	if _, err := ReadPlan(bytes.NewReader(packed(t, whole))); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string]string{
		"no line":                "",
		"no plan":                `{"action":{"address":"order.A"}}` + "\n",
		"an empty line":          string(whole) + "{}\n",
		"a second plan":          string(whole) + `{"plan":{}}` + "\n",
		"a name of another time": string(whole) + `{"future":{}}` + "\n",
		"half a line":            string(whole) + `{"action":`,
		"a line of a lost order": string(whole) + `{"action":{"address":"order.LOST"}}` + "\n",
	} {
		if _, err := ReadPlan(bytes.NewReader(packed(t, []byte(lines)))); err == nil || !strings.Contains(err.Error(), "make another plan") {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := packed(t, append(bytes.Repeat([]byte(" "), maxLine+1), whole...))
	if _, err := ReadPlan(bytes.NewReader(long)); err == nil || !strings.Contains(err.Error(), "no plan is that large") {
		t.Errorf("a line without end: %v", err)
	}
	var longer bytes.Buffer
	longer.WriteString(planMagic)
	z := gzip.NewWriter(&longer)
	sum := sha256.Sum256(whole)
	fmt.Fprintf(z, "%s{\"digest\":%q}\n{}\n", whole, hex.EncodeToString(sum[:]))
	z.Close()
	if _, err := ReadPlan(&longer); err == nil || !strings.Contains(err.Error(), "follows its end") {
		t.Errorf("with a line behind its end: %v", err)
	}
}
