package spec

// draft is an order on its way: what the language says beside what an Order holds.
type draft struct {
	Order
	subtotal, total *Amount // as declared
	// The three that hold for every item that does not say otherwise.
	country  string
	importer string
	address  *ImporterAddress
	// An invoice of one line.
	description string
	amount      *Amount
}

// baseOrder is what a defaults block puts under every order or invoice.
type baseOrder struct {
	draft
	v   value
	dec *decoder // of its file, to find places in it; nil without a defaults block
	// has holds the paths of the fields that are set.
	has map[string]bool
	// said is what was reported of it: orders that are made of it are not to blame again.
	said []Violation
}

const (
	onceAnOrder = "it belongs to one order. Write it there."
	noCancel    = `‹on_remove = "cancel"› would cancel orders that nobody looked at one by one. Write it in each order that wants it.`
)

// orderTable is the language of order and invoice. for_each is read apart, before.
var orderTable = newTable(append(commonFields(),
	field[draft]{name: "for_each", refused: onceAnOrder, set: func(*decoder, *draft, *entry) {}},
)...)

// invoiceTable has in addition what makes a bill of one line.
var invoiceTable = newTable(append(commonFields(),
	field[draft]{name: "for_each", refused: onceAnOrder, set: func(*decoder, *draft, *entry) {}},
	text("description", func(t *draft) *string { return &t.description }),
	optionalAmount("amount", func(t *draft) **Amount { return &t.amount }),
	date("due", func(t *draft) *string { return &t.Due }),
)...)

func commonFields() []field[draft] {
	fields := []field[draft]{
		text("reference_id", func(t *draft) *string { return &t.ReferenceID }).notInDefaults(onceAnOrder),
		object("customer", customerTable, func(_ *decoder, t *draft) *Customer { return &t.Customer }).notInDefaults(onceAnOrder),
		word("type", func(t *draft) *string { return &t.Type }),
		word("currency", func(t *draft) *string { return &t.Currency }),
		{name: "provider", set: setProvider},
		address("observe", toGateway, func(t *draft) *string { return &t.Observe }),
		address("refund_via", toGateway, func(t *draft) *string { return &t.RefundVia }),
	}
	fields = append(fields, messageFields()...)
	fields = append(fields, goodsFields()...)
	return append(fields, afterwardsFields()...)
}

// setProvider reads who sends the bill. An empty text takes the defaults' provider from an
// invoice, which is then not billed.
func setProvider(d *decoder, t *draft, e *entry) {
	s, ok := d.addressText(e.v)
	if ok && (s != "" || t.Kind != KindInvoice) {
		s, ok = d.declaredAddress(e.v, toProvider, s)
	}
	if ok {
		t.Provider = s
	}
}

// messageFields are what the bill looks like and how it can be paid.
func messageFields() []field[draft] {
	return []field[draft]{
		word("body", func(t *draft) *string { return &t.Body }),
		word("footer", func(t *draft) *string { return &t.Footer }),
		within("header", newTable(word("image", func(t *draft) *string { return &t.HeaderImage }))),
		boolean("quick_pay", func(t *draft) *bool { return &t.QuickPay }),
		object("expiration", expirationTable, func(d *decoder, t *draft) *Expiration {
			return ownPointer(d, t, func(t *draft) **Expiration { return &t.Expiration })
		}),
		object("payment", paymentTable, ownPayment),
		object("templates", templatesTable, func(d *decoder, t *draft) *Templates {
			return ownPointer(d, t, func(t *draft) **Templates { return &t.Templates })
		}),
	}
}

// goodsFields are what is sold and what it costs.
func goodsFields() []field[draft] {
	return []field[draft]{
		word("catalog_id", func(t *draft) *string { return &t.CatalogID }),
		list("items", "item", itemTable, func(t *draft) *[]Item { return &t.Items }),
		word("country_of_origin", func(t *draft) *string { return &t.country }),
		word("importer_name", func(t *draft) *string { return &t.importer }),
		object("importer_address", importerAddressTable, func(d *decoder, t *draft) *ImporterAddress {
			return ownPointer(d, t, func(t *draft) **ImporterAddress { return &t.address })
		}),
		optionalAmount("subtotal", func(t *draft) **Amount { return &t.subtotal }),
		object("tax", chargeTable, func(_ *decoder, t *draft) *Charge { return &t.Tax }),
		object("shipping", chargeTable, func(d *decoder, t *draft) *Charge {
			return ownPointer(d, t, func(t *draft) **Charge { return &t.Shipping })
		}),
		object("discount", discountTable, func(d *decoder, t *draft) *Discount {
			return ownPointer(d, t, func(t *draft) **Discount { return &t.Discount })
		}),
		optionalAmount("total_amount", func(t *draft) **Amount { return &t.total }),
		list("beneficiaries", "beneficiary", beneficiaryTable, func(t *draft) *[]Beneficiary { return &t.Beneficiaries }),
	}
}

// afterwardsFields are what happens once the bill is sent.
func afterwardsFields() []field[draft] {
	return []field[draft]{
		field[draft]{name: "status", set: setStatus}.notInDefaults(onceAnOrder),
		labelled("status_messages", "status_message", statusMessageTable, statusMessages),
		boolean("require_payment", func(t *draft) *bool { return &t.RequirePayment }),
		labelled("refunds", "refund", refundTable, refunds).notInDefaults(onceAnOrder),
		labelled("offline_payments", "offline_payment", offlinePaymentTable, offlinePayments).notInDefaults(onceAnOrder),
		labelled("notify", "notify", notifyTable, notifies),
		within("lifecycle", lifecycleTable),
	}
}

// ownPointer returns what a pointer of the order points to, made or copied first where it
// is not the order's own yet.
func ownPointer[T any](d *decoder, t *draft, at func(*draft) **T) *T {
	p := at(t)
	switch {
	case *p == nil:
		*p = new(T)
	case d.base != nil && *p == *at(&d.base.draft):
		own := **p
		*p = &own
	}
	return *p
}

var customerTable = newTable(
	text("name", func(c *Customer) *string { return &c.Name }),
	field[Customer]{name: "phone", set: func(d *decoder, c *Customer, e *entry) {
		if phone, ok := d.phone(e.v); ok {
			c.Phone = phone
		}
	}},
	text("email", func(c *Customer) *string { return &c.Email }),
)

var itemTable = newTable(
	word("retailer_id", func(i *Item) *string { return &i.RetailerID }),
	word("name", func(i *Item) *string { return &i.Name }),
	word("image", func(i *Item) *string { return &i.Image }),
	amount("amount", func(i *Item) *Amount { return &i.Amount }).must(),
	optionalAmount("sale_amount", func(i *Item) **Amount { return &i.SaleAmount }),
	count("quantity", func(i *Item, n int64) { i.Quantity = n }).must(),
	word("country_of_origin", func(i *Item) *string { return &i.CountryOfOrigin }),
	word("importer_name", func(i *Item) *string { return &i.ImporterName }),
	object("importer_address", importerAddressTable, func(_ *decoder, i *Item) *ImporterAddress {
		i.ImporterAddress = new(ImporterAddress)
		return i.ImporterAddress
	}),
)

var importerAddressTable = newTable(
	word("address_line1", func(a *ImporterAddress) *string { return &a.AddressLine1 }),
	word("address_line2", func(a *ImporterAddress) *string { return &a.AddressLine2 }),
	word("city", func(a *ImporterAddress) *string { return &a.City }),
	word("zone_code", func(a *ImporterAddress) *string { return &a.ZoneCode }),
	word("postal_code", func(a *ImporterAddress) *string { return &a.PostalCode }),
	word("country_code", func(a *ImporterAddress) *string { return &a.CountryCode }),
)

var chargeTable = newTable(
	amount("amount", func(c *Charge) *Amount { return &c.Amount }).must(),
	word("description", func(c *Charge) *string { return &c.Description }),
)

var discountTable = newTable(
	amount("amount", func(c *Discount) *Amount { return &c.Amount }).must(),
	word("description", func(c *Discount) *string { return &c.Description }),
	word("discount_program_name", func(c *Discount) *string { return &c.ProgramName }),
)

var expirationTable = newTable(
	field[Expiration]{name: "timestamp", set: func(d *decoder, x *Expiration, e *entry) {
		if at, ok := d.moment(e.v); ok {
			x.Timestamp = at
		}
	}}.must(),
	word("description", func(x *Expiration) *string { return &x.Description }),
)

var beneficiaryTable = newTable(
	text("name", func(b *Beneficiary) *string { return &b.Name }),
	text("address_line1", func(b *Beneficiary) *string { return &b.AddressLine1 }),
	text("address_line2", func(b *Beneficiary) *string { return &b.AddressLine2 }),
	word("city", func(b *Beneficiary) *string { return &b.City }),
	word("state", func(b *Beneficiary) *string { return &b.State }),
	word("country", func(b *Beneficiary) *string { return &b.Country }),
	word("postal_code", func(b *Beneficiary) *string { return &b.PostalCode }),
)

var templatesTable = newTable(
	address("order_details", toTemplate, func(t *Templates) *string { return &t.OrderDetails }),
	address("order_status", toTemplate, func(t *Templates) *string { return &t.OrderStatus }),
	choice("when", []string{"outside_window", "always"}, func(t *Templates, s string) { t.Always = s == "always" }),
)

var lifecycleTable = newTable(
	field[draft]{name: "on_remove", set: setOnRemove},
	boolean("prevent_replace", func(t *draft) *bool { return &t.PreventReplace }),
)

var onRemove = choice("on_remove", []string{"abandon", "cancel"}, func(t *draft, s string) { t.CancelOnRemove = s == "cancel" })

func setOnRemove(d *decoder, t *draft, e *entry) {
	onRemove.set(d, t, e)
	if d.recording != nil && t.CancelOnRemove {
		t.CancelOnRemove = false
		d.wrong(e.v, "Not in defaults", noCancel)
	}
}

// setStatus reads the desired status. What is none is kept as written: a rule says why.
func setStatus(d *decoder, t *draft, e *entry) {
	s, ok := d.text(e.v)
	if !ok {
		return
	}
	if s == "" {
		d.wrong(e.v, "There is no such status", "It is empty. Leave status out, or ask for "+statusList()+".")
		return
	}
	t.StatusPos = d.valuePos(e.v)
	status, ok := ParseStatus(s)
	if !ok {
		status = Status(s)
	}
	t.Status = status
}
