package reconcile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hisab/hisab/spec"
)

// Change is what one order needs, and what it does not get.
type Change struct {
	Actions []Action // in the order to take them
	Waiting []Note
	Blocked []Note
	Unknown []Note
}

// Empty reports that nothing is to be done or said.
func (c *Change) Empty() bool {
	return len(c.Actions)+len(c.Waiting)+len(c.Blocked)+len(c.Unknown) == 0
}

// Diff says what separates an order as declared from the order as observed, and which legal
// steps close the gap. It is pure and total: any pair has an answer. Bill, status, refunds
// and notifies are decided separately, so that one which is blocked holds back no other
// (contract section 4, Statuses).
func Diff(want *spec.Order, have *Observed, t Terms) Change {
	d := &differ{facts: newFacts(want, have, t)}
	row := d.send()
	if row.Code == "exists_unmanaged" {
		return d.Change
	}
	d.setStatus()
	d.refunds()
	d.notifies()
	return d.Change
}

// differ collects one order's change.
type differ struct {
	*facts
	Change
}

// note files what a row says under its result.
func (d *differ) note(row *Row, n Note) {
	n.Address, n.Ref, n.Code = d.want.Address, d.have.Ref, row.Code
	if n.ReferenceID == "" {
		n.ReferenceID = d.reference()
	}
	if n.Source == (spec.Pos{}) {
		n.Source = d.want.Pos
	}
	if n.Detail == "" && row.detail != nil {
		n.Detail = row.detail(d.facts)
	}
	if d.attempt != nil {
		n.ID = d.attempt.ID // what resolve can be asked about
	}
	switch row.Result {
	case Wait:
		d.Waiting = append(d.Waiting, n)
	case Block:
		d.Blocked = append(d.Blocked, n)
	case Doubt:
		if n.ID == "" || !slices.ContainsFunc(d.Unknown, func(m Note) bool { return m.ID == n.ID }) {
			d.Unknown = append(d.Unknown, n)
		}
	}
}

// act plans an action unless an earlier answer to it says otherwise.
func (d *differ) act(a Action) bool {
	a.Address, a.Ref = d.want.Address, d.have.Ref
	if a.ReferenceID == "" {
		a.ReferenceID = d.reference()
	}
	if a.Provider == "" {
		a.Provider = d.want.Provider
	}
	if a.Source == (spec.Pos{}) {
		a.Source = d.want.Pos
	}
	row := first(answerRows, d.facts)
	if row.Result != Act {
		d.note(row, Note{ReferenceID: a.ReferenceID, Kind: a.Kind, Label: a.Label, Event: a.Event, Amount: a.Amount, Source: a.Source})
		return false
	}
	if d.attempt != nil && d.attempt.State.Open() {
		a.Reason += "; nobody can say whether the first one arrived, so the customer may see it twice"
	}
	a.Fingerprint = d.fingerprint()
	d.Actions = append(d.Actions, a)
	return true
}

// reference is the reference the order goes by now.
func (d *differ) reference() string {
	if d.bill != nil {
		return d.bill.Reference
	}
	return d.want.ReferenceID
}

// fingerprint digests the facts an action is decided on: what was sent, how its status and
// payments stand, what was given back.
func (f *facts) fingerprint() string {
	parts := []string{string(f.status), strconv.FormatBool(f.sent)}
	for i := range f.have.Bills {
		b := &f.have.Bills[i]
		parts = append(parts, b.Reference, string(b.state()), amountText(b.captured()), amountText(f.have.refunded(b.Reference)))
	}
	if f.have.Stray != nil {
		parts = append(parts, string(f.have.Stray.State))
	}
	return digest(6, parts...)
}

// send decides about the bill.
func (d *differ) send() *Row {
	d.attempt = d.have.doubtful(d.bill)
	row := first(sendRows, d.facts)
	if row.Result != Act {
		kind := KindSend
		if d.sent {
			kind = KindReplace
		}
		d.note(row, Note{Kind: kind, Amount: d.want.Total})
		return row
	}
	if d.sent && !d.replacing() {
		d.replace()
		return row
	}
	d.sendBill()
	return row
}

func (d *differ) sendBill() {
	reference, ok := d.nextReference()
	if !ok {
		d.note(&Row{Result: Block, Code: "reference_too_long"}, Note{Kind: KindSend,
			Detail: fmt.Sprintf("the next bill would be %s, which is %d characters; the limit is 35", reference, len(reference))})
		return
	}
	f := facetsOf(d.want, d.Account)
	id := actionID(d.have.Ref, KindSend, reference, d.want.Total, f.Goods, f.Phone, f.Provider, f.Configuration, f.Expiration, d.contentText())
	d.attempt = d.have.ofAction(id)
	a := Action{
		ID: id, Kind: KindSend, ReferenceID: reference, Amount: d.want.Total, Currency: d.want.Currency,
		To: spec.Pending, Template: d.formNow(KindSend, d.attempt),
		Reason: "declared, and not billed yet",
	}
	if d.replacing() {
		a.Reason = fmt.Sprintf("takes the place of %s, which is canceled and unpaid", d.bill.Reference)
	}
	if d.act(a) {
		d.sending, d.sent, d.status = true, true, spec.Pending
	}
}

// contentText digests what a bill says beyond its facets, so that a refused bill whose text
// is mended counts as another.
func (d *differ) contentText() string {
	w := d.want
	parts := append(make([]string, 0, fewParts), w.Body, w.Footer, w.HeaderImage, strconv.FormatBool(w.QuickPay), w.Tax.Description)
	if t := w.Templates; t != nil {
		parts = append(parts, t.OrderDetails, d.Forms[t.OrderDetails], strconv.FormatBool(t.Always))
	}
	if w.Shipping != nil {
		parts = append(parts, w.Shipping.Description)
	}
	if w.Discount != nil {
		parts = append(parts, w.Discount.Description, w.Discount.ProgramName)
	}
	if w.Expiration != nil {
		parts = append(parts, w.Expiration.Description)
	}
	if p := w.Payment; p != nil {
		parts = append(parts, p.Receipt, strings.Join(p.PreferredMethods, ","), strings.Join(p.EnabledOptions, ","))
		parts = append(parts, sortedPairs(p.Notes)...)
		parts = append(parts, sortedPairs(p.Fields)...)
		parts = append(parts, ifSet("success_url", p.SuccessURL)...)
		parts = append(parts, ifSet("cancel_url", p.CancelURL)...)
	}
	for i := range w.Beneficiaries {
		parts = append(parts, ifSet("beneficiary", w.Beneficiaries[i].Name)...)
	}
	for i := range w.Items {
		it := &w.Items[i]
		parts = append(parts, it.Image, it.CountryOfOrigin, it.ImporterName)
		if ad := it.ImporterAddress; ad != nil {
			parts = append(parts, ad.AddressLine1, ad.AddressLine2, ad.City, ad.ZoneCode, ad.PostalCode, ad.CountryCode)
		}
	}
	return digest(6, parts...)
}

// ifSet is a part with its name before it, or nothing where it is empty: a bill without it
// keeps the id that it had before there was such a part.
func ifSet(name, value string) []string {
	if value == "" {
		return nil
	}
	return []string{name, value}
}

func (d *differ) replace() {
	f := facetsOf(d.want, d.Account)
	next, _ := d.nextReference()
	id := actionID(d.have.Ref, KindReplace, d.bill.Reference, d.want.Total, f.Goods, f.Phone, f.Provider, f.Configuration, f.Expiration, next, d.payments())
	if d.undecided(KindReplace, id, spec.Canceled) {
		return
	}
	d.attempt = d.have.ofAction(id)
	d.act(Action{
		ID: id, Kind: KindReplace, ReferenceID: d.bill.Reference, Amount: d.want.Total, Currency: d.want.Currency,
		From: d.status, To: spec.Canceled, Label: next, Template: d.formNow(KindReplace, d.attempt),
		Reason: fmt.Sprintf("%s: %s is canceled, and once that is confirmed %s goes out", d.whyReplace(), d.bill.Reference, next),
	})
}

// setStatus decides about the order status.
func (d *differ) setStatus() {
	if d.want.Provider == "" || (d.replacing() && !d.sending) {
		return
	}
	if d.billInDoubt() || d.replacePlanned() {
		return
	}
	d.attempt = nil
	row := first(statusRows, d.facts)
	if row.Result != Act {
		d.note(row, Note{Kind: KindStatus, Source: d.want.StatusPos})
		d.undecided(KindStatus, "", "")
		return
	}
	id := d.statusID()
	if d.undecided(KindStatus, id, d.target) {
		return
	}
	d.attempt = d.have.ofAction(id)
	move, legal := FindMove(d.status, d.target)
	if !legal {
		panic(fmt.Sprintf("the status table asks for %s after %s, which the table of moves does not have", d.target, d.status))
	}
	a := Action{
		ID: id, Kind: KindStatus, From: d.status, To: d.target, Back: move.Back,
		Template: d.formNow(KindStatus, d.attempt), Reason: d.whyStatus(), Source: d.want.StatusPos,
	}
	if d.sending {
		a.ReferenceID, a.follows = d.Actions[len(d.Actions)-1].ReferenceID, true
	}
	if d.act(a) {
		d.status = d.target
	}
}

func (d *differ) billInDoubt() bool { return d.have.doubtful(d.bill) != nil }

func (d *differ) replacePlanned() bool {
	return len(d.Actions) > 0 && d.Actions[len(d.Actions)-1].Kind == KindReplace
}

// undecided shows an order_status of unknown outcome that stands in the way of the action
// with this id, and reports whether one does: an order has at most one (I9).
func (d *differ) undecided(kind ActionKind, id string, to spec.Status) bool {
	open := d.have.openStatus()
	if open == nil || open.Action == id || d.superseded(open, to) {
		return false
	}
	d.attempt = open
	d.note(&Row{Result: Doubt}, Note{Kind: kind, Source: d.want.StatusPos, ReferenceID: open.Reference,
		Detail: doubtText(open) + fmt.Sprintf("; whether the order is %s is not known, and the next status waits for that. A webhook settles it, or: hisab resolve %s", open.To, open.ID)})
	return true
}

// superseded: an order_status of unknown outcome may give way to another one, once ten
// minutes passed and where the new one is legal whether it happened or not. A cancel that
// begins a replace gives way to nothing but another.
func (d *differ) superseded(open *Attempt, to spec.Status) bool {
	if d.Now.Sub(open.ClaimedAt) < statusSilence || to == "" {
		return false
	}
	if open.To == to {
		return open.N == 1
	}
	_, legal := FindMove(open.To, to)
	return legal
}

// statusID tells one turn of an order from the next: an order that goes from shipped back to
// processing and to shipped again takes three different actions, each known by the one before
// it. It also holds how the payment stands, so that a refused status may be tried again when
// that changes.
func (d *differ) statusID() string {
	before, reference := "", d.reference()
	if d.sending {
		reference, _ = d.nextReference()
	} else if a := d.have.lastMove(d.bill); a != nil {
		before = a.ID
	}
	m := messageOf(d.want, d.target)
	content := []string{reference, string(d.status), string(d.target), before, string(d.state()), m.Body, m.Footer, m.Description}
	if d.target == spec.Canceled {
		content = append(content, d.payments())
	}
	if t := d.want.Templates; t != nil {
		content = append(content, t.OrderStatus, d.Forms[t.OrderStatus], strconv.FormatBool(t.Always))
	}
	return actionID(d.have.Ref, KindStatus, "", 0, content...)
}

// payments tells whether the customer tried to pay since: a cancel that was refused for a
// payment under way may go out once that has failed.
func (f *facts) payments() string {
	if f.bill == nil || f.bill.Look == nil {
		return "0"
	}
	return strconv.Itoa(len(f.bill.Look.Transactions))
}

func (d *differ) whyStatus() string {
	switch {
	case d.target == spec.Canceled:
		return "declared canceled, and unpaid"
	case d.want.Kind == spec.KindInvoice && d.target == spec.Completed && d.state() == Captured:
		return "the bill is paid"
	case d.state() == Captured:
		return fmt.Sprintf("declared %s, and the payment is captured", d.target)
	case d.paidOffline():
		return fmt.Sprintf("declared %s, and paid offline in full", d.target)
	}
	return fmt.Sprintf("declared %s, and require_payment is false", d.target)
}

// refunds decides about each declared refund. The sum of what would be new on each payment
// is taken first: together too much is none at all.
func (d *differ) refunds() {
	fresh := map[*Bill]spec.Amount{}
	for i := range d.want.Refunds {
		r := &d.want.Refunds[i]
		d.about(r)
		d.fresh = 0
		if row := first(refundRows, d.facts); row.Result == Act || row.Code == "refund_exceeds_captured" {
			fresh[d.pay] = plus(fresh[d.pay], r.Amount)
		}
	}
	for i := range d.want.Refunds {
		r := &d.want.Refunds[i]
		d.about(r)
		d.fresh = fresh[d.pay]
		d.refundOne(r)
	}
	d.fresh = 0
	d.removedRefunds()
	d.refund, d.pay, d.attempt, d.id = nil, nil, nil, ""
}

// removedRefunds shows what is not known of refunds whose labels left the spec: they were
// asked for all the same.
func (d *differ) removedRefunds() {
	d.removed = true
	for i := range d.have.Attempts {
		a := &d.have.Attempts[i]
		if a.Kind != KindRefund || a != d.have.ofRefund(a.Label) || a.nothingCame() || declares(d.want, a.Label) {
			continue
		}
		r := &spec.Refund{Label: a.Label, Amount: a.Amount, Speed: a.Speed}
		d.refund, d.attempt, d.pay = r, a, d.have.Bill(a.Reference)
		d.refundOne(r)
	}
	d.removed = false
}

// about points the facts at one declared refund.
func (d *differ) about(r *spec.Refund) {
	d.refund = r
	d.attempt = d.have.ofRefund(refundLabel(d.have, r))
	d.pay = d.payment(r)
	d.id = d.refundID()
}

// refundID is the id of sending the refund, or with more in it of something about that.
func (f *facts) refundID(more ...string) string {
	r := f.refund
	content := []string{r.Speed, f.want.Currency, f.want.RefundVia}
	if r.Reference != "" || r.Payment != "" {
		content = append(content, r.Reference, r.Payment)
	}
	return actionID(f.have.Ref, KindRefund, f.label(), r.Amount, append(content, more...)...)
}

// secondID is what a person approves to say that a refund is a second one, and not the first
// under another label.
func (f *facts) secondID() string { return f.refundID("meant as a second one") }

func (d *differ) refundOne(r *spec.Refund) {
	row := first(refundRows, d.facts)
	n := Note{Kind: KindRefund, Label: r.Label, Amount: r.Amount, Source: r.Pos}
	if d.pay != nil {
		n.ReferenceID = d.pay.Reference
	}
	if row.Code == "refund_renamed" {
		n.Action = d.secondID()
	}
	if row.Result != Act {
		d.note(row, n)
		if d.open() && row.Result != Doubt { // whatever the spec makes of it by now, a person has to know
			n.Action = ""
			d.note(&Row{Result: Doubt, detail: openRefundText}, n)
		}
		return
	}
	a := Action{
		ID: d.id, Kind: KindRefund, Label: d.label(), ReferenceID: d.pay.Reference, Amount: r.Amount,
		Currency: d.want.Currency, Speed: r.Speed, Reason: "declared, and the payment is captured", Source: r.Pos,
	}
	if r.Reason != "" {
		a.Reason = r.Reason
	}
	if d.attempt != nil && d.attempt.State != Ready {
		a.Reason += "; a new attempt, since the last one gave nothing back"
		a.Tried = d.attempt.ClaimedAt
		d.attempt = nil // the refund table has judged it; the answers' table is for messages
	}
	d.act(a)
}
