package whatsapp

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The shapes of the lookup's answer as structs: what the library makes of them is what reading
// value by value has to make.
type (
	structAmount struct {
		Value    *digits `json:"value"`
		Offset   *digits `json:"offset"`
		Currency string  `json:"currency"`
	}
	structRefund struct {
		ID               word          `json:"id"`
		Amount           *structAmount `json:"amount"`
		SpeedProcessed   word          `json:"speed_processed"`
		Status           string        `json:"status"`
		CreatedTimestamp digits        `json:"created_timestamp"`
		UpdatedTimestamp digits        `json:"updated_timestamp"`
	}
	structTransaction struct {
		ID               word          `json:"id"`
		PGTransactionID  word          `json:"pg_transaction_id"`
		Type             word          `json:"type"`
		Status           string        `json:"status"`
		Amount           *structAmount `json:"amount"`
		CreatedTimestamp digits        `json:"created_timestamp"`
		UpdatedTimestamp digits        `json:"updated_timestamp"`
		Method           struct {
			Type word `json:"type"`
		} `json:"method"`
		Error struct {
			Code   word `json:"code"`
			Reason word `json:"reason"`
		} `json:"error"`
		Refunds []structRefund `json:"refunds"`
	}
	structPayment struct {
		ReferenceID  string              `json:"reference_id"`
		Status       string              `json:"status"`
		Currency     string              `json:"currency"`
		TotalAmount  *structAmount       `json:"total_amount"`
		Amount       *structAmount       `json:"amount"`
		Transactions []structTransaction `json:"transactions"`
		Refunds      []structRefund      `json:"refunds"`
	}
	structAnswer struct {
		Payments []structPayment `json:"payments"`
		Paging   struct {
			Next string `json:"next"`
		} `json:"paging"`
		Error  jsontext.Value `json:"error"`
		Errors jsontext.Value `json:"errors"`
	}
)

func (a *structAmount) seen() seenAmount {
	if a == nil {
		return seenAmount{}
	}
	given := func(d *digits) figure {
		if d == nil {
			return figure{}
		}
		return figure{true, *d}
	}
	return seenAmount{true, given(a.Value), given(a.Offset), phrase(a.Currency)}
}

func seenOf(list []structRefund) (seen seenRefunds) {
	for _, r := range list {
		seen = append(seen, seenRefund{r.ID, r.Amount.seen(), r.SpeedProcessed, phrase(r.Status), r.CreatedTimestamp, r.UpdatedTimestamp})
	}
	return seen
}

func (p *structPayment) seen() seenPayment {
	s := seenPayment{referenceID: phrase(p.ReferenceID), status: phrase(p.Status), currency: phrase(p.Currency),
		totalAmount: p.TotalAmount.seen(), amount: p.Amount.seen(), refunds: seenOf(p.Refunds)}
	for _, t := range p.Transactions {
		s.transactions = append(s.transactions, seenTransaction{t.ID, t.PGTransactionID, t.Type, phrase(t.Status), t.Amount.seen(),
			t.CreatedTimestamp, t.UpdatedTimestamp, seenMethod{t.Method.Type}, seenFailure{t.Error.Code, t.Error.Reason}, seenOf(t.Refunds)})
	}
	return s
}

// used is a client that has read an answer with everything in it.
func used() *Client {
	c := testClient("")
	list := c.list()
	if err := read([]byte(captured), list); err != nil {
		panic(err)
	}
	c.lists.Put(list)
	return c
}

func FuzzMembers(f *testing.F) {
	seed(f, func(b []byte) { f.Add(string(b)) })
	for _, body := range spoken(f) {
		f.Add(body)
		for _, alien := range aliens {
			f.Add(strings.Replace(body, "100", alien, 1))
		}
	}
	f.Add(`{"\u0070ayments": [null, {"status": "a\"\u00e9\n", "transactions": null, "amount": {"value": null}}], "paging": null, "error": null}`)
	f.Fuzz(func(t *testing.T, body string) {
		var want structAnswer
		wantErr := read([]byte(body), &want)
		got := used().list()
		gotErr := read([]byte(body), got)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, want %v", body, gotErr, wantErr)
		}
		if gotErr != nil {
			return
		}
		var whole map[string]jsontext.Value
		if err := json.Unmarshal([]byte(body), &whole); err != nil {
			t.Fatal(err)
		}
		if _, listed := whole["payments"]; listed != got.payments.listed {
			t.Errorf("%q: a list: %v", body, got.payments.listed)
		}
		var payments []seenPayment
		for i := range want.Payments {
			payments = append(payments, want.Payments[i].seen())
		}
		for i := range got.payments.list {
			p := &got.payments.list[i]
			for j := range p.transactions {
				p.transactions[j].refunds = orNil(p.transactions[j].refunds)
			}
			p.transactions, p.refunds = orNil(p.transactions), orNil(p.refunds)
		}
		if !reflect.DeepEqual(orNil(got.payments.list), payments) || string(got.paging.next) != want.Paging.Next ||
			string(got.failed.Error) != string(want.Error) || string(got.failed.Errors) != string(want.Errors) {
			t.Errorf("%q\nis read as %+v\nwant       %+v, %+v", body, *got, payments, want)
		}
	})
}

// orNil makes all lists without elements alike.
func orNil[S ~[]E, E any](s S) S {
	if len(s) == 0 {
		return nil
	}
	return s
}
