package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/hisab/hisab/spec"
)

// digest joins parts so that no two different lists join alike, and hashes them to n bytes
// in hex.
func digest(n int, parts ...string) string {
	joined := make([]byte, 0, 512)
	for _, p := range parts {
		joined = strconv.AppendInt(joined, int64(len(p)), 10)
		joined = append(joined, ':')
		joined = append(joined, p...)
	}
	sum := sha256.Sum256(joined)
	return hex.EncodeToString(sum[:n])
}

// fewParts is as many as an order of a few items has; their list stays off the heap.
const fewParts = 32

// actionID is what an action is known by. Eight bytes keep a hundred thousand orders'
// actions apart with a chance of collision below one in a billion, and are short enough
// to be typed.
func actionID(ref string, kind ActionKind, label string, amount spec.Amount, content ...string) string {
	parts := append([]string{ref, string(kind), label, amountText(amount)}, content...)
	return digest(8, parts...)
}

// sortedPairs writes a map as a list, keys sorted.
func sortedPairs(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	pairs := make([]string, 0, 2*len(m))
	for _, k := range keys {
		pairs = append(pairs, k, m[k])
	}
	return pairs
}

func amountText(a spec.Amount) string { return strconv.FormatInt(int64(a), 10) }

// attemptID is the intent id that messages carry.
func attemptID(action string, n int) string { return action + "-" + strconv.Itoa(n) }

// Opaque is the string a message carries through the platform and back in its webhooks: the
// order's first reference and the attempt's id, so that a webhook finds its order without
// an index of messages. A reference never holds a slash.
func Opaque(ref, attempt string) string { return ref + "/" + attempt }

// ParseOpaque splits what Opaque joined.
func ParseOpaque(s string) (ref, attempt string, ok bool) {
	ref, attempt, ok = strings.Cut(s, "/")
	return ref, attempt, ok && ref != "" && attempt != ""
}

// facetsOf digests the parts of an order's content that the customer agrees to, or that say
// where the bill goes (contract section 4, Content). Texts, pictures, names, e-mail, receipt
// and notes are no part of it.
func facetsOf(want *spec.Order, account string) Facets {
	goods := append(make([]string, 0, fewParts), want.Type, want.CatalogID, want.Currency, amountText(want.Subtotal), amountText(want.Tax.Amount))
	if want.Shipping != nil {
		goods = append(goods, "shipping", amountText(want.Shipping.Amount))
	}
	if want.Discount != nil {
		goods = append(goods, "discount", amountText(want.Discount.Amount))
	}
	for i := range want.Items {
		it := &want.Items[i]
		sale := ""
		if it.SaleAmount != nil {
			sale = amountText(*it.SaleAmount)
		}
		goods = append(goods, it.RetailerID, it.Name, amountText(it.Amount), sale, strconv.FormatInt(it.Quantity, 10))
	}
	for i := range want.Beneficiaries {
		b := &want.Beneficiaries[i]
		goods = append(goods, b.AddressLine1, b.AddressLine2, b.City, b.State, b.Country, b.PostalCode)
	}
	f := Facets{
		Goods:    digest(6, goods...),
		Total:    digest(6, amountText(want.Total), want.Currency),
		Phone:    digest(6, want.Customer.Phone),
		Provider: digest(6, account),
	}
	if p := want.Payment; p != nil {
		f.Configuration = digest(6, p.Gateway, p.Configuration, p.Link)
	}
	if want.Expiration != nil {
		f.Expiration = digest(6, strconv.FormatInt(want.Expiration.Timestamp.Unix(), 10))
	}
	return f
}

// changed names the facets that differ, in words for people. An empty facet of f was
// erased or never known and differs from nothing.
func (f Facets) changed(g Facets) []string {
	var names []string
	for _, c := range []struct{ name, was, is string }{
		{"total", f.Total, g.Total},
		{"goods", f.Goods, g.Goods},
		{"phone", f.Phone, g.Phone},
		{"provider", f.Provider, g.Provider},
		{"payment configuration", f.Configuration, g.Configuration},
	} {
		if c.was != "" && c.was != c.is {
			names = append(names, c.name)
		}
	}
	// An expiration may be added or taken away, so empty is a value of its own here.
	if f.Expiration != g.Expiration && f != (Facets{}) {
		names = append(names, "expiration")
	}
	return names
}

// Intervals of waiting, each with its source.
const (
	// cancelConfirm is how far apart two looks without a payment must lie to confirm a
	// cancel where no webhook does (contract section 4, replace).
	cancelConfirm = 10 * time.Minute
	// statusSilence is how long a status of unknown outcome is left alone before it is sent
	// once more (reliability 4).
	statusSilence = 10 * time.Minute
	// noticeSilence is how long a notify of unknown outcome is shown as unknown before it
	// counts as maybe sent (reliability 4).
	noticeSilence = 10 * time.Minute
	// refundHold is how long a refund of unknown outcome is looked for before a person is
	// asked (reliability 3.4).
	refundHold = 15 * time.Minute
	// clockSkew is how much earlier than its claim a refund may be dated and still be its
	// effect (reliability 3.4).
	clockSkew = 5 * time.Minute
	// expireNotice is the shortest time a bill may be open (orders guide, expiration).
	expireNotice = 300 * time.Second
	// claimLife is how long after its transaction began a claim may still be acted on (reliability 3.3
	// step 3).
	claimLife = 2 * time.Second
	// lookLife is how long after it was asked for a look may still be claimed on: what a process
	// saw before it was held up is no look right before (reliability 3.3 step 1).
	lookLife = time.Minute
)
