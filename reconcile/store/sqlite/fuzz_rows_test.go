package sqlite

import (
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// bytesOf takes values of any type from a string of bytes; when it is used up, all are zero.
type bytesOf struct{ left []byte }

func (b *bytesOf) byte() byte {
	if len(b.left) == 0 {
		return 0
	}
	first := b.left[0]
	b.left = b.left[1:]
	return first
}

func (b *bytesOf) int() int64 {
	if n := b.byte(); n < 200 {
		return int64(n)
	}
	var word [8]byte
	b.left = b.left[copy(word[:], b.left):]
	return int64(binary.LittleEndian.Uint64(word[:]))
}

func (b *bytesOf) text() string {
	n := min(int(b.byte()%40), len(b.left))
	s := string(b.left[:n])
	b.left = b.left[n:]
	return strings.ToValidUTF8(s, "�") // what comes from JSON and from specs is text
}

// fill gives every exported field a value. Times are whole milliseconds of the years that can
// be written down.
func (b *bytesOf) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(b.text())
	case reflect.Int, reflect.Int64:
		v.SetInt(b.int())
	case reflect.Bool:
		v.SetBool(b.byte()%2 == 1)
	case reflect.Pointer:
		if b.byte()%2 == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			b.fill(v.Elem())
		}
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), int(b.byte()%3), 3)
		for i := range list.Len() {
			b.fill(list.Index(i))
		}
		v.Set(list)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(instant(max(b.int(), 0) % 253402300799999)))
			return
		}
		for i := range v.NumField() {
			b.fill(v.Field(i))
		}
	}
}

// asRead turns a row into the cells that SQLite would give, with an id for each name.
func asRead(r row, ids *names) *cells {
	c := newCells(&snapshot{s: &Store{names: ids}}, len(r))
	for i, v := range ids.args(r) {
		c.values[i] = v
	}
	return c
}

// FuzzRows: what is written into a row is what is read from it, for every field of every
// table.
func FuzzRows(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x05BM345\x01\x02\x05order\x0aorder.BM34\x07managed\x01\xff\x01\x02\x03\x04\x05\x06\x07\x08\x02\x04REF1\x01\x09whatsapp|x\x03cfg"))
	f.Add([]byte(strings.Repeat("\x02\x01\x03a\"'\xe2\x98\x95", 60)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var o reconcile.Observed
		(&bytesOf{data}).fill(reflect.ValueOf(&o).Elem())
		o.Stray = nil
		for i := range o.Bills {
			if look := o.Bills[i].Look; look != nil {
				look.Refunds = nil // they stand in their own table
			}
		}
		want := *o.Clone()
		normalize(&want)
		ids := newNames()
		known := func(r row, err error) *cells {
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range ids.missing([]row{r}) {
				ids.add(n, int64(len(ids.ids)+1))
			}
			return asRead(r, ids)
		}
		same := func(c *cells, got, want any) {
			if c.err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("read %+v, %v\nwant %+v", got, c.err, want)
			}
		}
		c := known(orderRow(&want, want.Version), nil)
		_, order := readOrder(c)
		head := reconcile.Observed{Ref: want.Ref, Version: want.Version, Kind: want.Kind, Address: want.Address,
			Standing: want.Standing, CancelOnRemove: want.CancelOnRemove, PaidOffline: want.PaidOffline}
		same(c, order, head)
		for i := range want.Bills {
			c := known(billRow(want.Ref, &want.Bills[i]))
			_, b := readBill(c)
			same(c, b, want.Bills[i])
		}
		for i := range want.Attempts {
			c := known(attemptRow(want.Ref, i, &want.Attempts[i]))
			_, a := readAttempt(c)
			same(c, a.Attempt, want.Attempts[i])
		}
		for i := range want.Refunds {
			c := known(refundRow(want.Ref, &want.Refunds[i]), nil)
			_, r := readRefund(c)
			same(c, r, want.Refunds[i])
		}
		for i := range want.Marks {
			c := known(markRow(want.Ref, &want.Marks[i]), nil)
			_, m := readMark(c)
			same(c, m, want.Marks[i])
		}
		for i := range want.News {
			e := want.News[i]
			round(&e.At)
			e.Ref = want.Ref
			c := known(eventRow(want.Ref, &e), nil)
			same(c, readEvent(c), e)
		}
	})
}

// FuzzCells: a row that this program did not write is an error with the place, or is read as
// what would be written for it.
func FuzzCells(f *testing.F) {
	f.Add([]byte("\x01\x03abc\x00\x05\x02\x03"), byte(0))
	f.Add([]byte(strings.Repeat("\x01\x02[]\x00\x07", 20)), byte(1))
	f.Add([]byte(strings.Repeat("\x01\x10[{\"id\": 5}, null]\x00\x01\x02", 20)), byte(1))
	f.Add([]byte(strings.Repeat("\x01\x02{}\x01\x04null\x00\x01", 20)), byte(2))
	f.Fuzz(func(t *testing.T, data []byte, which byte) {
		b := &bytesOf{data}
		ids := newNames()
		ids.add("whatsapp|graph.facebook.com|1", 1)
		read := func(like row) *cells { // mostly of the right types
			c := newCells(&snapshot{s: &Store{names: ids}}, len(like))
			for i := range c.values {
				kind := b.byte() % 16
				_, isText := like[i].(string)
				switch _, isName := like[i].(name); {
				case kind == 0:
				case kind == 1:
					c.values[i] = []byte(b.text())
				case isName:
					c.values[i] = int64(1)
				case isText != (kind == 2):
					c.values[i] = b.text()
				default:
					c.values[i] = b.int()
				}
			}
			return c
		}
		aBill, _ := billRow("A", &reconcile.Bill{Look: &reconcile.Payment{}})
		anAttempt, _ := attemptRow("A", 0, &reconcile.Attempt{})
		again := func(c *cells, first any, r row, err error, reread func(*cells) any) {
			if c.err != nil {
				if len(c.err.Error()) > 300 {
					t.Errorf("an error of %d bytes", len(c.err.Error()))
				}
				return
			}
			if err != nil {
				return // such as a time that cannot be written
			}
			if second := reread(asRead(r, ids)); !reflect.DeepEqual(first, second) {
				t.Errorf("read %+v\nand then %+v", first, second)
			}
		}
		switch which % 3 {
		case 0:
			c := read(orderRow(&reconcile.Observed{}, 1))
			_, o := readOrder(c)
			again(c, o, orderRow(&o, o.Version), nil, func(c *cells) any { _, o := readOrder(c); return o })
		case 1:
			c := read(aBill)
			ref, bill := readBill(c)
			if bill.Look != nil {
				normalizeLook(bill.Look, bill.Reference)
			}
			r, err := billRow(ref, &bill)
			again(c, bill, r, err, func(c *cells) any { _, b := readBill(c); return b })
		case 2:
			c := read(anAttempt)
			ref, a := readAttempt(c)
			a.Baseline = orNil(a.Baseline)
			r, err := attemptRow(ref, int(a.position), &a.Attempt)
			again(c, a, r, err, func(c *cells) any { _, a := readAttempt(c); return a })
		}
	})
}
