package spec

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	checkedAt = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	kolkata   = time.FixedZone("IST", 5*3600+1800)
	settings  = Settings{Location: kolkata}
)

// goodOrder has one of everything and breaks no rule.
func goodOrder() *Order {
	sale := Amount(10000)
	importer := &ImporterAddress{AddressLine1: "12 MG Road", City: "Bengaluru", ZoneCode: "KA", PostalCode: "560001", CountryCode: "IN"}
	o := &Order{
		Kind: KindOrder, Address: "order.BM345A-12", ReferenceID: "BM345A-12", Provider: "whatsapp.main", Currency: INR,
		Customer:    Customer{Name: "Asha Rao", Phone: "919876543210", Email: "asha@example.in"},
		Type:        "physical-goods",
		Body:        "Thank you for ordering from Sharma Stores.",
		Footer:      "GSTIN 29ABCDE1234F1Z5",
		HeaderImage: "https://shop.example/bread.jpg",
		Items: []Item{
			{
				RetailerID: "1234567", Name: "Sourdough bread", Amount: 14000, SaleAmount: &sale, Quantity: 2,
				CountryOfOrigin: "India", ImporterName: "Sharma Stores", ImporterAddress: importer,
			},
			{
				Name: "Jam", Image: "https://shop.example/jam.png?size=2", Amount: 9900, Quantity: 1,
				CountryOfOrigin: "India", ImporterName: "Sharma Stores", ImporterAddress: importer,
			},
		},
		Tax:        Charge{Amount: 1000, Description: "GST"},
		Shipping:   &Charge{Amount: 1000, Description: "By courier"},
		Discount:   &Discount{Amount: 1000, Description: "Festival", ProgramName: "diwali"},
		Expiration: &Expiration{Timestamp: checkedAt.Add(MinimumExpiration), Description: "Offer ends"},
		Beneficiaries: []Beneficiary{{
			Name: "Asha Rao", AddressLine1: "12 MG Road", AddressLine2: "Near the park", City: "Bengaluru",
			State: "Karnataka", Country: "India", PostalCode: "560001",
		}},
		Payment: &Payment{
			Gateway: "razorpay", Configuration: "shop-razorpay", Receipt: "rcpt-12", Notes: map[string]string{"channel": "web"},
			PreferredMethods: []string{"gpay"}, EnabledOptions: []string{"upi", "web"},
		},
		Status:          Shipped,
		StatusMessages:  []StatusMessage{{Body: "Your order moves."}, {Status: Shipped, Body: "On its way.", Footer: "Sharma Stores", Description: "AWB 4711"}},
		RequirePayment:  true,
		Templates:       &Templates{OrderDetails: "template.bill", Always: true},
		Refunds:         []Refund{{Label: "damaged-loaf", Amount: 10000, Speed: "normal"}, {Label: "by-hand", Amount: 2000, Speed: "normal", ID: "rfnd_1"}},
		OfflinePayments: []OfflinePayment{{Label: "cash-1", Amount: 100, Date: "2026-11-20", Method: "cash"}},
		Notify:          []Notify{{Event: EventPaid, Template: "template.receipt"}},
	}
	resum(o)
	return o
}

// goodInvoice is billed on WhatsApp and breaks no rule.
func goodInvoice() *Order {
	o := goodOrder()
	o.Kind, o.Address, o.ReferenceID = KindInvoice, "invoice.INV-1", "INV-1"
	o.Type, o.CatalogID = "digital-goods", "538246951"
	o.Items = []Item{{Name: "School fee, November", Amount: 450000, Quantity: 1}}
	o.Shipping, o.Beneficiaries, o.StatusMessages = nil, nil, nil
	o.Due, o.Status = "2026-11-30", Completed
	resum(o)
	return o
}

func resum(o *Order) {
	if err := SumOrder(o); err != nil {
		panic(err)
	}
}

func TestGoodOrdersBreakNoRule(t *testing.T) {
	unbilled := goodInvoice()
	unbilled.Provider, unbilled.Payment, unbilled.Body, unbilled.Refunds, unbilled.Templates = "", nil, "", nil, nil
	upi := goodOrder()
	upi.Payment = &Payment{Gateway: "upi", Link: "upi://pay?pa=shop@bank&pn=Sharma%20Stores&tr=1"}
	upi.Observe, upi.RefundVia = "razorpay.main", "razorpay.main"
	link := goodOrder()
	link.Payment = &Payment{Gateway: "payment_link", Link: "https://rzp.io/i/x", SuccessURL: "https://shop.example/ok", CancelURL: "https://shop.example/no"}
	link.Observe, link.RefundVia = "razorpay.main", "razorpay.main"
	large := goodOrder()
	large.Items[0].Amount, large.Payment.EnabledOptions = 60_000_000, []string{"web"}
	large.Items[0].SaleAmount = nil
	resum(large)
	for name, o := range map[string]*Order{
		"order": goodOrder(), "invoice": goodInvoice(), "not billed": unbilled, "upi": upi, "payment link": link, "large": large,
	} {
		if found := Check(o, settings, checkedAt); len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// Every row of the table has orders that break it and nothing else.
func TestEveryRuleIsBrokenAlone(t *testing.T) {
	for i := range orderRules {
		rule := &orderRules[i]
		if len(badOrders[rule.ID]) == 0 {
			t.Errorf("no order breaks %s", rule.ID)
		}
		for _, bad := range badOrders[rule.ID] {
			o := bad.from()
			bad.spoil(o)
			want := Violation{Rule: rule.ID, Path: bad.path, Summary: rule.Summary, Warning: rule.Warning}
			found := Check(o, settings, checkedAt)
			if len(found) != 1 {
				t.Errorf("%s: %d violations, want one: %+v", rule.ID, len(found), found)
				continue
			}
			got := found[0]
			detail := got.Detail
			if strings.ContainsAny(detail, "‹›") {
				t.Errorf("%s shows the marks of a way out: %s", got.Rule, detail)
			}
			got.Detail = ""
			if got != want {
				t.Errorf("%s: %+v, want %+v", rule.ID, got, want)
			}
			if !strings.Contains(detail, bad.says) {
				t.Errorf("%s says %q, want %q in it", rule.ID, detail, bad.says)
			}
		}
	}
}

func TestRulesAreDocumented(t *testing.T) {
	seen, summaries := map[string]bool{}, map[string]string{}
	documents := []string{"orders guide: ", "order status guide: ", "UPI guide", "payment links guide: ", "Meta message templates guide: ", "Ottu: ", "Razorpay: ", "Numbering plan: ", "Hisab: "}
	for _, rule := range Rules() {
		if seen[rule.ID] {
			t.Errorf("%s stands twice", rule.ID)
		}
		seen[rule.ID] = true
		if !slices.ContainsFunc(documents, func(d string) bool { return strings.HasPrefix(rule.Source, d) }) {
			t.Errorf("%s has its source in no document that Rule names: %q", rule.ID, rule.Source)
		}
		if twin, ok := summaries[rule.Summary]; ok {
			t.Errorf("%s and %s have one summary", rule.ID, twin)
		}
		summaries[rule.Summary] = rule.ID
	}
	for id := range badOrders {
		if !seen[id] {
			t.Errorf("%s is broken by an order and is no rule", id)
		}
	}
}

// The limits count characters: the same text in Devanagari takes three times the bytes.
func TestLimitsCountCharacters(t *testing.T) {
	o := goodOrder()
	o.Body, o.Footer = chars(1024), chars(60)
	o.Items[0].Name = chars(60)
	o.Beneficiaries[0].Name = chars(200)
	if found := Check(o, settings, checkedAt); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestCheckWithoutAClock(t *testing.T) {
	o := goodOrder()
	o.Expiration.Timestamp = checkedAt.Add(-time.Hour)
	o.OfflinePayments[0].Date = "2999-01-01"
	if found := Check(o, settings, time.Time{}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestCheckOfGoodOrdersAllocatesNothing(t *testing.T) {
	o := goodOrder()
	o.Items[1].Image = "https://shop.example/jam.png"
	if n := testing.AllocsPerRun(100, func() { Check(o, settings, checkedAt) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCheck(b *testing.B) {
	o := goodOrder()
	o.Items[1].Image = "https://shop.example/jam.png"
	b.ReportAllocs()
	for b.Loop() {
		Check(o, settings, checkedAt)
	}
}
