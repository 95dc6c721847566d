package whatsapp

import (
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

var lookedAt = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// lookup reads an answer as the client does.
func lookup(status int, body, reference string) (reconcile.Payment, error) {
	c := New(Config{PhoneNumberID: "1", AccessToken: spec.NewSecret(testToken), Now: func() time.Time { return lookedAt }})
	return c.readLookup(answer{status: status, header: http.Header{}, body: []byte(body)}, reference)
}

// The guide's sample with its placeholders filled in, in both of the platform's shapes.
func TestLookupReadsTheSample(t *testing.T) {
	fill := strings.NewReplacer(
		"status-of-payment", "captured",
		`"status": "success/failed"`, `"status": "success"`,
		"billdesk/razorpay/payu/zaakpay", "razorpay",
		"upi/card/netbanking/wallet", "upi",
		"instant/normal", "instant",
		"UPDATED_TIMESATMP", "1732084000",
	)
	sample := fill.Replace(string(sampleFile(t, "lookup")))
	want := reconcile.Payment{
		Reference: "reference-id-value", State: reconcile.Captured, Raw: "captured",
		Amount: 21000, Currency: "INR", At: lookedAt,
		Transactions: []reconcile.Transaction{{
			ID: "[PG-TXN-ID]", Gateway: "razorpay", State: reconcile.TransactionSuccess, Method: "upi",
			ErrorCode: "pg-generated-error-code", ErrorReason: "pg-generated-descriptive-reason",
			CreatedAt: time.Unix(1732080000, 0).UTC(), UpdatedAt: time.Unix(1732084000, 0).UTC(),
		}},
		Refunds: []reconcile.RefundSeen{{
			ID: "[REFUND-ID]", Reference: "reference-id-value", Transaction: "[PG-TXN-ID]",
			Amount: 100, Currency: "INR", State: reconcile.RefundSuccess, Speed: "instant",
			CreatedAt: time.Unix(1732080000, 0).UTC(),
		}},
	}
	for name, body := range map[string]string{
		"timestamps as text":      strings.ReplaceAll(sample, "CREATED_TIMESTAMP", "1732080000"),
		"timestamps as numbers":   strings.NewReplacer(`"CREATED_TIMESTAMP"`, "1732080000", `"1732084000"`, "1732084000").Replace(sample),
		"amounts as text":         strings.NewReplacer("CREATED_TIMESTAMP", "1732080000", "21000", `"21000"`, `"offset": 100`, `"offset": "100"`).Replace(sample),
		"amount for total_amount": strings.NewReplacer("CREATED_TIMESTAMP", "1732080000", "total_amount", "amount").Replace(sample),
	} {
		got, err := lookup(http.StatusOK, body, "reference-id-value")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}

// one is a payment of reference R with a status, its transactions' statuses and more
// fields.
func one(status, more string, transactions ...string) string {
	b := `{"payments": [{"reference_id": "R", "currency": "INR", "status": "` + status + `"` + more
	if len(transactions) > 0 {
		b += `, "transactions": [{"id": "t", "status": "` + strings.Join(transactions, `"}, {"id": "t", "status": "`) + `"}]`
	}
	return b + `}]}`
}

const total = `, "total_amount": {"value": 21000, "offset": 100}`

func TestPaymentState(t *testing.T) {
	for _, test := range []struct {
		status       string
		transactions []string
		want         reconcile.PaymentState
	}{
		{"pending", nil, reconcile.Unpaid},
		{"pending", []string{"failed"}, reconcile.Unpaid},
		{"pending", []string{"failed", "failed"}, reconcile.Unpaid},
		{"pending", []string{"pending"}, reconcile.PaymentPending},
		{"pending", []string{"failed", "pending"}, reconcile.PaymentPending},
		{"pending", []string{"success"}, reconcile.PaymentPending},
		{"pending", []string{"failed", "success", "odd"}, reconcile.PaymentPending},
		{"pending", []string{"reversed"}, reconcile.PaymentUnknown},
		{"captured", nil, reconcile.Captured},
		{"captured", []string{"success"}, reconcile.Captured},
		{"captured", []string{"failed", "success"}, reconcile.Captured},
		{"captured", []string{"pending"}, reconcile.Captured},
		{"CAPTURED", []string{"SUCCESS"}, reconcile.Captured},
		{"new", nil, reconcile.Unpaid},
		{"new", []string{"pending"}, reconcile.PaymentPending},
		{"failed", []string{"failed"}, reconcile.Unpaid},
		{"failed", []string{"success"}, reconcile.PaymentPending},
		{"canceled", nil, reconcile.PaymentDead},
		{"cancelled", []string{"failed"}, reconcile.PaymentDead},
		{"canceled", []string{"success"}, reconcile.PaymentUnknown},
		{"canceled", []string{"pending"}, reconcile.PaymentUnknown},
		{"authorized", nil, reconcile.PaymentUnknown},
		{"", nil, reconcile.PaymentUnknown},
		{"refunded", []string{"success"}, reconcile.PaymentUnknown},
	} {
		got, err := lookup(http.StatusOK, one(test.status, total, test.transactions...), "R")
		if err != nil || got.State != test.want || got.Raw != test.status {
			t.Errorf("%q with %v: %q (raw %q), %v; want %q", test.status, test.transactions, got.State, got.Raw, err, test.want)
		}
		if len(got.Transactions) != len(test.transactions) {
			t.Errorf("%q: %d of %d transactions", test.status, len(got.Transactions), len(test.transactions))
		}
	}
}

func TestNotFound(t *testing.T) {
	for name, a := range map[string]struct {
		status int
		body   string
	}{
		"404":                   {404, ""},
		"404 with JSON":         {404, `{"detail": "no"}`},
		"404 with another code": {404, `{"error": {"code": 803, "message": "x"}}`},
		"404 in plain words":    {404, "404 page not found\n"},
		"an empty list":         {200, `{"payments": []}`},
		"null for one":          {200, `{"payments": null}`},
		"code 100":              {400, `{"error": {"code": 100, "message": "Invalid parameter"}}`},
		"code 100 in a 200":     {200, `{"error": {"code": "100"}}`},
		"code 100, older shape": {400, `{"errors": [{"code": 100, "title": "x"}]}`},
		"404 for a parameter":   {404, `{"error": {"code": 131009, "message": "x"}}`},
	} {
		got, err := lookup(a.status, a.body, "R")
		want := reconcile.Payment{Reference: "R", State: reconcile.NotFound, At: lookedAt}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestOnlyOurReferenceIsRead(t *testing.T) {
	got, err := lookup(200, `{"payments": [
		{"reference_id": "r", "status": "captured", "currency": "INR", "amount": {"value": 1, "offset": 100}},
		{"reference_id": "R", "status": "pending", "currency": "INR", "amount": {"value": 2, "offset": 100}},
		{"reference_id": "R-2", "status": "captured", "currency": "INR", "amount": {"value": -3, "offset": 7}}]}`, "R")
	if err == nil || got.State != "" {
		t.Errorf("an unreadable payment beside ours: %+v, %v", got, err)
	}
	got, err = lookup(200, `{"payments": [
		{"reference_id": "r", "status": "captured", "currency": "INR", "amount": {"value": 1, "offset": 100}},
		{"reference_id": "R", "status": "pending", "currency": "INR", "amount": {"value": 2, "offset": 100}}]}`, "R")
	if err != nil || got.State != reconcile.Unpaid || got.Amount != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRefundsOfBothLevels(t *testing.T) {
	refund := func(id, status, value, updated string) string {
		return `{"id": "` + id + `", "status": "` + status + `", "speed_processed": "normal", "amount": {"value": ` + value +
			`, "offset": 100}, "created_timestamp": 1732080000, "updated_timestamp": ` + updated + `}`
	}
	body := func(transaction, payment string) string {
		return `{"payments": [{"reference_id": "R", "status": "captured", "amount": {"value": 500, "offset": 100},
			"transactions": [{"id": "t1", "status": "success", "refunds": [` + transaction + `]}], "refunds": [` + payment + `]}]}`
	}
	for _, test := range []struct {
		name, transaction, payment string
		want                       []reconcile.RefundState
	}{
		{"one each", refund("a", "pending", "100", "0"), refund("b", "success", "100", "0"), []reconcile.RefundState{"pending", "success"}},
		{"the same", refund("a", "success", "100", "0"), refund("a", "success", "100", "0"), []reconcile.RefundState{"success"}},
		{"completed is success", refund("a", "completed", "100", "0"), refund("a", "success", "100", "0"), []reconcile.RefundState{"success"}},
		{"an end beats pending", refund("a", "pending", "100", "0"), refund("a", "failed", "100", "0"), []reconcile.RefundState{"failed"}},
		{"in either order", refund("a", "failed", "100", "0"), refund("a", "pending", "100", "0"), []reconcile.RefundState{"failed"}},
		{"the later change holds", refund("a", "success", "100", "1"), refund("a", "failed", "100", "2"), []reconcile.RefundState{"failed"}},
		{"in either order too", refund("a", "success", "100", "2"), refund("a", "failed", "100", "1"), []reconcile.RefundState{"success"}},
		{"two ends", refund("a", "success", "100", "0"), refund("a", "failed", "100", "0"), []reconcile.RefundState{"unknown"}},
		{"an odd word", refund("a", "reversed", "100", "0"), "", []reconcile.RefundState{"unknown"}},
	} {
		got, err := lookup(200, body(test.transaction, test.payment), "R")
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var states []reconcile.RefundState
		for _, r := range got.Refunds {
			states = append(states, r.State)
			if r.Currency != spec.INR || r.Reference != "R" || r.Amount != 100 || r.CreatedAt.IsZero() {
				t.Errorf("%s: %+v", test.name, r)
			}
		}
		if !reflect.DeepEqual(states, test.want) {
			t.Errorf("%s: %v, want %v", test.name, states, test.want)
		}
	}
	if _, err := lookup(200, body(refund("a", "success", "100", "0"), refund("a", "success", "200", "0")), "R"); err == nil {
		t.Error("one refund id with two amounts was taken")
	}
}

func TestLookupRefusesNonsense(t *testing.T) {
	amount := func(value, offset string) string {
		return one("captured", `, "amount": {"value": `+value+`, "offset": `+offset+`}`)
	}
	for name, test := range map[string]struct{ body, want string }{
		"a negative amount":           {amount("-1", "100"), "/payments/0/amount/value"},
		"a fraction":                  {amount("1.5", "100"), "/payments/0/amount/value"},
		"a whole fraction":            {amount("1.0", "100"), "/payments/0/amount/value"},
		"an exponent":                 {amount("1e3", "100"), "/payments/0/amount/value"},
		"a sign in text":              {amount(`"+1"`, "100"), "/payments/0/amount/value"},
		"a word":                      {amount(`"x"`, "100"), "/payments/0/amount/value"},
		"true":                        {amount("true", "100"), "/payments/0/amount/value"},
		"beyond int64":                {amount("9223372036854775808", "100"), "/payments/0/amount/value"},
		"beyond all money":            {amount("9223372036854775807", "100"), "no payment has"},
		"another offset":              {amount("1", "1"), "offset other than 100"},
		"no offset":                   {one("captured", `, "amount": {"value": 1}`), "without value or offset"},
		"null":                        {one("captured", `, "amount": {"value": null, "offset": 100}`), "without value or offset"},
		"captured without an amount":  {one("captured", ""), "without an amount"},
		"two totals":                  {one("captured", total+`, "amount": {"value": 20999, "offset": 100}`), "total_amount and amount differ"},
		"milliseconds":                {one("captured", total+`, "transactions": [{"created_timestamp": 1732080000000}]`), "not in seconds"},
		"a timestamp as a word":       {one("captured", total+`, "transactions": [{"created_timestamp": "soon"}]`), "created_timestamp"},
		"a refund without an id":      {one("captured", total+`, "refunds": [{"amount": {"value": 1, "offset": 100}}]`), "without an id"},
		"a refund without an amount":  {one("captured", total+`, "refunds": [{"id": "r"}]`), "without an amount"},
		"a negative refund":           {one("captured", total+`, "refunds": [{"id": "r", "amount": {"value": -1, "offset": 100}}]`), "/refunds/0/amount/value"},
		"no reference":                {`{"payments": [{"status": "captured"}]}`, "without a reference_id"},
		"a page of several":           {strings.Replace(one("captured", total), "{", `{"paging": {"next": "https://evil.example/"}, `, 1), "one page"},
		"no list":                     {`{"paging": {}}`, "no list"},
		"a list of another kind":      {`{"payments": {}}`, "/payments"},
		"a key twice":                 {one("captured", total+`, "status": "pending"`), "not valid JSON"},
		"a key in another case":       {strings.Replace(one("captured", total), `"status"`, `"Status"`, 1), ""},
		"bytes after the end":         {one("captured", total) + "x", "not valid JSON"},
		"a byte order mark":           {"\ufeff" + one("captured", total), "not valid JSON"},
		"a surrogate":                 {one(`\ud800`, total), "not valid JSON"},
		"an id of a thousand letters": {one("captured", total+`, "transactions": [{"id": "`+strings.Repeat("x", 1000)+`"}]`), "255"},
	} {
		got, err := lookup(200, test.body, "R")
		if test.want == "" { // reads as a field nobody documented
			if err != nil || got.State != reconcile.PaymentUnknown {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			continue
		}
		var call *reconcile.CallError
		if !errors.As(err, &call) || call.Class != reconcile.Unknown || !strings.Contains(call.Meaning, test.want) {
			t.Errorf("%s: %+v, %v; want an error with %q", name, got, err, test.want)
		}
	}
}

// A reference that is listed twice: what the two entries surely have in common counts once,
// what each surely has of its own counts too, and anything else is no answer.
func TestLookupTakesEntriesOfOneReferenceTogether(t *testing.T) {
	entry := func(status string, rest ...string) string {
		return `{"reference_id": "R", "status": "` + status + `"` + strings.Join(rest, "") + `}`
	}
	const inr = `, "currency": "INR"`
	attempts := func(list ...string) string { return inr + `, "transactions": [` + strings.Join(list, ", ") + `]` }
	attempt := func(id, pg, status string, rest ...string) string {
		return `{"id": "` + id + `", "pg_transaction_id": "` + pg + `", "status": "` + status + `"` + strings.Join(rest, "") + `}`
	}
	at := func(second string) string { return `, "created_timestamp": ` + second }
	refund := `, "refunds": [{"id": "rfnd", "amount": {"value": 100, "offset": 100}, "status": "success"}]`
	paid := func(id string, rest ...string) string { return attempt("order_"+id, "pay_"+id, "success", rest...) }
	many := make([]string, most+1)
	for i := range many {
		many[i] = paid(strconv.Itoa(i))
	}
	for name, c := range map[string]struct {
		one, other string
		state      reconcile.PaymentState
		successes  int
		fails      string
	}{
		"paid twice":             {entry("captured", total, attempts(paid("1"))), entry("captured", total, attempts(paid("2"))), reconcile.Captured, 2, ""},
		"one, listed twice":      {entry("captured", total, attempts(paid("1"))), entry("captured", total, attempts(attempt("order_1", "pay_1", "SUCCESS"))), reconcile.Captured, 1, ""},
		"twice in one entry":     {entry("captured", total, attempts(paid("1"), paid("2"))), entry("failed", attempts(attempt("order_3", "", "failed"))), reconcile.Captured, 2, ""},
		"failed, then paid":      {entry("failed", total, attempts(attempt("order_1", "", "failed"))), entry("captured", total, attempts(paid("2"))), reconcile.Captured, 1, ""},
		"failed, then waiting":   {entry("failed", attempts(attempt("order_1", "", "failed"))), entry("pending", total), reconcile.Unpaid, 0, ""},
		"failed, then trying":    {entry("failed", attempts(attempt("order_1", "", "failed"))), entry("pending", attempts(attempt("order_2", "", "pending"))), reconcile.PaymentPending, 0, ""},
		"canceled and waiting":   {entry("canceled", total), entry("pending", total), reconcile.PaymentUnknown, 0, ""},
		"a success, yet open":    {entry("captured", total, attempts(paid("1"))), entry("pending", total, attempts(paid("1"))), reconcile.Captured, 1, ""},
		"two that are open":      {entry("pending", total, attempts(paid("1"))), entry("pending", total, attempts(paid("2"))), reconcile.PaymentPending, 2, ""},
		"canceled, two ways":     {entry("canceled", total), entry("Canceled", total), reconcile.PaymentDead, 0, ""},
		"canceled twice":         {entry("canceled", total), entry("canceled", total), reconcile.PaymentDead, 0, ""},
		"one without a currency": {entry("pending"), entry("captured", total, attempts(paid("1"))), reconcile.Captured, 1, ""},
		"no id of a payment, at one time": {entry("captured", total, attempts(attempt("order_1", "", "success", at("1")))),
			entry("captured", total, attempts(attempt("order_1", "", "success", at("1")))), reconcile.Captured, 1, ""},

		"one twice in an entry":        {entry("captured", total, attempts(paid("1"), paid("1"))), entry("captured", total, attempts(paid("1"))), "", 0, "nothing tells"},
		"a success that is open":       {entry("captured", total, attempts(paid("1"))), entry("pending", total, attempts(paid("2"))), "", 0, "not captured"},
		"an open success without ids":  {entry("captured", total, attempts(paid("1"))), entry("failed", total, attempts(attempt("", "", "success"))), "", 0, "nothing tells"},
		"no attempt":                   {entry("captured", total), entry("captured", total), "", 0, "nothing tells"},
		"a payment's id in one only":   {entry("captured", total, attempts(attempt("order_1", "", "success"))), entry("captured", total, attempts(paid("1"))), "", 0, "nothing tells"},
		"an order's id in one only":    {entry("captured", total, attempts(attempt("", "pay_1", "success"))), entry("captured", total, attempts(paid("1"))), "", 0, "nothing tells"},
		"no id in one":                 {entry("pending", total, attempts(attempt("", "", "success"))), entry("captured", total, attempts(paid("1"))), "", 0, "nothing tells"},
		"one order's id":               {entry("captured", total, attempts(attempt("order_1", "", "success"))), entry("captured", total, attempts(attempt("order_1", "", "success"))), "", 0, "nothing tells"},
		"one order's id, at two times": {entry("captured", total, attempts(attempt("order_1", "", "success", at("1")))), entry("captured", total, attempts(attempt("order_1", "", "success", at("2")))), "", 0, "nothing tells"},
		"one id, two amounts":          {entry("captured", total, attempts(paid("1"))), entry("captured", total, attempts(paid("1", `, "amount": {"value": 1, "offset": 100}`))), "", 0, "nothing tells"},
		"two amounts":                  {entry("pending", total), entry("pending", `, "amount": {"value": 1, "offset": 100}`), "", 0, "with two amounts"},
		"half an amount":               {entry("pending", total), entry("pending", `, "amount": {"value": 1}`), "", 0, "makes no sense: an amount without value or offset"},
		"captured without an amount":   {entry("pending", total), entry("captured", attempts(paid("1"))), "", 0, "captured payment without an amount"},
		"two currencies":               {entry("pending", total, inr), entry("pending", total, `, "currency": "USD"`), "", 0, "two currencies"},
		"very many":                    {entry("captured", total, attempts(many...)), entry("pending", total), "", 0, "more payments than one order has"},
	} {
		for _, list := range []string{c.one + ", " + c.other, c.other + ", " + c.one} {
			got, err := lookup(200, `{"payments": [`+list+`]}`, "R")
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("%s: %+v, %v; want an error with %q", name, got, err, c.fails)
				}
				continue
			}
			successes := 0
			for _, x := range got.Transactions {
				if x.State == reconcile.TransactionSuccess {
					successes++
				}
			}
			if err != nil || got.State != c.state || successes != c.successes {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	}
	once, again := entry("captured", total, attempts(paid("1", refund))), entry("captured", total, attempts(paid("1")))
	for _, list := range []string{once + ", " + once, once + ", " + again, again + ", " + once} {
		got, err := lookup(200, `{"payments": [`+list+`]}`, "R")
		if err != nil || len(got.Refunds) != 1 || got.Refunds[0].Transaction != "order_1" {
			t.Errorf("refunds %+v, %v", got.Refunds, err)
		}
	}
}

func TestLookupToleratesWhatDoesNoHarm(t *testing.T) {
	body := one("pending", `, "amount": {"value": "21000", "offset": "100", "more": [1]}, "receipt": 7, "notes": [], "udf1": null,
		"total_amount": {"value": 21000, "offset": 100}, "transactions": [{"id": 403993715, "pg_transaction_id": null, "status": "failed",
		"method": null, "error": {"code": 17, "reason": "`+strings.Repeat("r", 5000)+`"}, "created_timestamp": null}]`)
	got, err := lookup(200, body, "R")
	if err != nil {
		t.Fatal(err)
	}
	tx := got.Transactions[0]
	if got.Amount != 21000 || tx.ID != "403993715" || tx.ErrorCode != "17" || !tx.CreatedAt.IsZero() || len([]rune(tx.ErrorReason)) != 200 {
		t.Errorf("%+v", got)
	}
}

// An answer's own error is read in both shapes, with codes as numbers and as text.
func TestLookupErrors(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   reconcile.Class
	}{
		"the guide's sample":     {500, string(sampleFile(t, "lookup_error")), reconcile.Unknown},
		"360dialog's sample":     {400, string(sampleFile(t, "lookup_error_text")), reconcile.Unknown},
		"404 for another reason": {404, `{"error": {"code": 190}}`, reconcile.Paused},
		"204":                    {204, "", reconcile.Unknown},
		"201":                    {201, one("captured", total), reconcile.Unknown},
		"another's payment":      {200, strings.Replace(one("captured", total), `"R"`, `"R2"`, 1), reconcile.Unknown},
		"another case":           {200, strings.Replace(one("captured", total), `"R"`, `"r"`, 1), reconcile.Unknown},
	} {
		_, err := lookup(test.status, test.body, "R")
		var call *reconcile.CallError
		if !errors.As(err, &call) || call.Class != test.want || call.Status != test.status {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
