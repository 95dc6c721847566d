package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The rules for order_details (order_details guide, "Parameters Object", "Order Object",
// "Payment Settings Object"). Lengths are in characters.
var (
	referencePattern = pattern(`^[A-Za-z0-9_.-]{1,35}$`)
	secondsPattern   = pattern(`^[0-9]{1,12}$`)
	postalPattern    = pattern(`^[0-9]{6}$`)
)

// pattern is a regular expression that is made when it is first needed: most runs of the
// program have no sandbox, and all would wait for it.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

const (
	maxBody        = 1024
	maxFooter      = 60
	maxLine        = 60 // descriptions of amounts, item names, programme and configuration names
	maxNote        = 120
	maxImageItems  = 10
	minExpiry      = 300 * time.Second
	maxUPI         = 50_000_000 // ₹5,00,000: above it only the gateway's web page can collect
	maxOpaque      = 512
	maxBeneficiary = 200
	maxAddress     = 100
)

// order_details' parameters, in the interactive and in the template form.
func checkDetails(n node, now time.Time) {
	n.only("reference_id", "type", "beneficiaries", "currency", "total_amount", "payment_settings",
		"payment_type", "payment_configuration", "order")
	checkReference(n)
	n.oneOf("type", "digital-goods", "physical-goods")
	for _, b := range n.objects("beneficiaries") {
		checkBeneficiary(b)
	}
	n.oneOf("currency", "INR")
	total := n.amount("total_amount", 1)
	checkSettings(n)
	checkGoods(n.required("order"), total, now)
}

func checkReference(n node) string {
	return n.matching("reference_id", referencePattern,
		"must be 1 to 35 English letters, digits, underscores, dashes or dots")
}

func checkBeneficiary(b node) {
	b.only("name", "address_line1", "address_line2", "city", "state", "country", "postal_code")
	b.needText("name", maxBeneficiary)
	b.needText("address_line1", maxAddress)
	b.text("address_line2", maxAddress)
	b.needText("city", 0)
	b.needText("state", 0)
	b.oneOf("country", "India")
	b.matching("postal_code", postalPattern, "must be the 6 digits of an Indian PIN code")
}

func checkGoods(o node, total int64, now time.Time) {
	o.only("status", "type", "items", "subtotal", "tax", "shipping", "discount", "catalog_id", "expiration")
	o.oneOf("status", "pending")
	if o.has("type") {
		o.oneOf("type", "quick_pay")
	}
	catalog := o.text("catalog_id", 0)
	sum := checkItems(o, catalog != "")
	subtotal := o.amount("subtotal", 0)
	if subtotal != sum {
		o.invalid("subtotal", "is %d, the items add up to %d", subtotal, sum)
	}
	due := subtotal + part(o, "tax") + part(o, "shipping") - part(o, "discount")
	if due != total {
		o.fail(131009, "total_amount is %d, subtotal + tax + shipping - discount is %d", total, due)
	}
	checkExpiration(o, now)
}

// part is the tax, shipping or discount; only the tax must be there.
func part(o node, key string) int64 {
	if key != "tax" && !o.has(key) {
		return 0
	}
	extra := []string{"description"}
	a, _ := o.object(key)
	a.text("description", maxLine)
	if key == "discount" {
		extra = append(extra, "discount_program_name")
		a.text("discount_program_name", maxLine)
	}
	return o.amount(key, 0, extra...)
}

// checkItems returns what the items add up to, by sale_amount where there is one.
func checkItems(o node, catalog bool) int64 {
	o.need("items")
	items := o.objects("items")
	if len(items) == 0 {
		o.invalid("items", "must have at least one item")
	}
	var sum uint64
	images := false
	for _, it := range items {
		images = images || it.has("image")
		line, ok := checkItem(it, catalog)
		total, carry := bits.Add64(sum, line, 0)
		if !ok || carry != 0 || total > 1<<53 {
			it.invalid("amount", "times quantity is more than can be paid")
			return 0
		}
		sum = total
	}
	if images && len(items) > maxImageItems {
		o.invalid("items", "has %d items, at most %d are allowed when an item has an image", len(items), maxImageItems)
	}
	return int64(sum)
}

func checkItem(it node, catalog bool) (line uint64, ok bool) {
	it.only("retailer_id", "name", "image", "amount", "sale_amount", "quantity",
		"country_of_origin", "importer_name", "importer_address")
	it.text("retailer_id", 0)
	it.needText("name", maxLine)
	checkItemImage(it, catalog)
	price := it.amount("amount", 1)
	if it.has("sale_amount") {
		sale := it.amount("sale_amount", 0)
		if sale >= price {
			it.invalid("sale_amount", "is %d, must be less than the amount %d", sale, price)
		}
		price = sale
	}
	quantity := it.integer("quantity")
	if quantity < 1 {
		it.invalid("quantity", "is %d, must be at least 1", quantity)
	}
	checkOrigin(it, catalog)
	if it.err() != nil {
		return 0, true
	}
	hi, lo := bits.Mul64(uint64(price), uint64(quantity))
	return lo, hi == 0
}

func checkItemImage(it node, catalog bool) {
	img, ok := it.object("image")
	if !ok {
		return
	}
	img.only("link")
	img.link("link")
	if it.has("retailer_id") || catalog {
		it.invalid("image", "cannot be used with retailer_id or catalog_id")
	}
}

// checkOrigin: without a catalog each item says where it comes from and who imported it.
func checkOrigin(it node, catalog bool) {
	if !catalog {
		it.needText("country_of_origin", 0)
		it.needText("importer_name", 0)
		it.need("importer_address")
	} else {
		it.text("country_of_origin", 0)
		it.text("importer_name", 0)
	}
	a, ok := it.object("importer_address")
	if !ok {
		return
	}
	a.only("address_line1", "address_line2", "city", "zone_code", "postal_code", "country_code")
	for _, key := range slices.Sorted(maps.Keys(a.m)) {
		a.text(key, 0)
	}
	if len(a.m) == 0 {
		it.invalid("importer_address", "must not be empty")
	}
}

func checkExpiration(o node, now time.Time) {
	e, ok := o.object("expiration")
	if !ok {
		return
	}
	e.only("timestamp", "description")
	s := e.matching("timestamp", secondsPattern, "must be UTC seconds as a string")
	sec, err := parseSeconds(s)
	if err == nil && time.Unix(sec, 0).Before(now.Truncate(time.Second).Add(minExpiry)) {
		e.invalid("timestamp", "is %s, must be at least %d seconds from now (%d)", s, int(minExpiry.Seconds()), now.Unix())
	}
	e.needText("description", maxNote)
}

func parseSeconds(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

// decodeDetails turns a node that was found valid into a value.
func decodeDetails(n node) (Details, error) {
	b, err := json.Marshal(n.m)
	if err != nil {
		return Details{}, fmt.Errorf("encode order_details: %w", err)
	}
	var d Details
	err = json.Unmarshal(b, &d)
	return d, err
}
