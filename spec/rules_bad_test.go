package spec

import (
	"fmt"
	"strings"
	"time"
)

// badOrder breaks one rule in one place.
type badOrder struct {
	path  string // where the rule must point
	says  string // part of the detail
	from  func() *Order
	spoil func(o *Order)
}

func order(path, says string, spoil func(o *Order)) badOrder {
	return badOrder{path, says, goodOrder, spoil}
}

func invoice(path, says string, spoil func(o *Order)) badOrder {
	return badOrder{path, says, goodInvoice, spoil}
}

func paidBy(p Payment) func(*Order) {
	return func(o *Order) {
		o.Payment, o.Observe, o.RefundVia = &p, "razorpay.main", "razorpay.main"
	}
}

func gateway(name string, fields map[string]string) func(*Order) {
	return paidBy(Payment{Gateway: name, Configuration: "c", Fields: fields})
}

var long = strings.Repeat("अ", 2000)

func chars(n int) string { return string([]rune(long)[:n]) }

func manyNotes(n int) map[string]string {
	notes := map[string]string{}
	for i := range n {
		notes[fmt.Sprint("note", i)] = "x"
	}
	return notes
}

// badOrders breaks every rule of the table, each alone.
var badOrders = map[string][]badOrder{
	"reference_id_characters": {
		order("reference_id", `"BM345A/12" holds '/'`, func(o *Order) { o.ReferenceID = "BM345A/12" }),
		order("reference_id", `Write "Rao-7"`, func(o *Order) { o.ReferenceID = "Rao 7" }),
		order("reference_id", `holds 'ä'`, func(o *Order) { o.ReferenceID = "Bäckerei" }),
		order("reference_id", "It is empty", func(o *Order) { o.ReferenceID = "" }),
	},
	"reference_id_length": {
		order("reference_id", "36 characters", func(o *Order) { o.ReferenceID = strings.Repeat("x", 36) }),
	},
	"provider_required": {
		order("provider", "provider = whatsapp.main", func(o *Order) { o.Provider = "" }),
	},
	"customer_phone_required": {
		order("customer.phone", "+91", func(o *Order) { o.Customer.Phone = "" }),
	},
	"customer_phone_mobile": {
		order("customer.phone", "fixed line", func(o *Order) { o.Customer.Phone = "912261234567" }),
	},
	"currency_inr":        {order("currency", `"KWD"`, func(o *Order) { o.Currency = "KWD" })},
	"goods_type":          {order("type", `"goods" is neither`, func(o *Order) { o.Type = "goods" })},
	"goods_type_required": {order("type", "refuses", func(o *Order) { o.Type = "" })},
	"body_required":       {order("body", "defaults", func(o *Order) { o.Body = " \n" })},
	"body_length":         {order("body", "1025 characters; at most 1024", func(o *Order) { o.Body = chars(1025) })},
	"footer_length":       {order("footer", "61 characters; at most 60", func(o *Order) { o.Footer = chars(61) })},
	"header_image_url": {
		order("header.image", "not encrypted", func(o *Order) { o.HeaderImage = "http://shop.example/x.jpg" }),
		order("header.image", "no link", func(o *Order) { o.HeaderImage = "bread.jpg" }),
		order("header.image", "no link", func(o *Order) { o.HeaderImage = "https:///x.jpg" }),
		order("header.image", "cannot be read", func(o *Order) { o.HeaderImage = "https://shop.example/%zz" }),
		order("header.image", "password", func(o *Order) { o.HeaderImage = "https://a:b@shop.example/x.jpg" }),
	},
	"templates_always": {
		order("templates.order_details", "order_details = template.NAME", func(o *Order) { o.Templates.OrderDetails = "" }),
	},
	"items_required": {
		order("item", "Write an item", func(o *Order) { o.Items, o.Total = nil, 0 }),
		invoice("item", "description and amount", func(o *Order) { o.Items, o.Total = nil, 0 }),
	},
	"items_with_image": {
		order("item[10]", "at most 10 items; there are 12", func(o *Order) {
			for range 10 {
				o.Items = append(o.Items, o.Items[1])
			}
		}),
	},
	"item_name_required": {order("item[1].name", "name", func(o *Order) { o.Items[1].Name = "" })},
	"item_name_length":   {order("item[1].name", "61 characters; at most 60", func(o *Order) { o.Items[1].Name = chars(61) })},
	"item_amount_positive": {
		order("item[1].amount", "0.00", func(o *Order) { o.Items[1].Amount = 0 }),
		order("item[0].amount", "-1.00", func(o *Order) { o.Items[0].Amount = -100 }),
	},
	"item_sale_amount_positive": {
		order("item[0].sale_amount", "0.00", func(o *Order) { o.Items[0].SaleAmount = new(Amount) }),
	},
	"item_sale_amount_below_amount": {
		order("item[0].sale_amount", "sale_amount is 100.00 and amount is 100.00", func(o *Order) { o.Items[0].Amount = 10000 }),
		order("item[0].sale_amount", "sale_amount is 100.00 and amount is 90.00", func(o *Order) { o.Items[0].Amount = 9000 }),
	},
	"item_quantity": {
		order("item[1].quantity", "quantity is 0", func(o *Order) { o.Items[1].Quantity = 0 }),
		order("item[1].quantity", "quantity is -1", func(o *Order) { o.Items[1].Quantity = -1 }),
	},
	"item_image_url": {order("item[1].image", "not encrypted", func(o *Order) { o.Items[1].Image = "http://shop.example/jam.png" })},
	"item_image_retailer_id": {
		order("item[1].image", "retailer_id", func(o *Order) { o.Items[1].RetailerID = "7654321" }),
	},
	"item_image_catalog_id": {
		order("item[1].image", `catalog_id "538246951"`, func(o *Order) { o.CatalogID = "538246951" }),
	},
	"item_country_of_origin": {
		order("item[1].country_of_origin", "no catalog_id", func(o *Order) { o.Items[1].CountryOfOrigin = "" }),
	},
	"item_importer_name": {order("item[0].importer_name", "no catalog_id", func(o *Order) { o.Items[0].ImporterName = "" })},
	"item_importer_address": {
		order("item[0].importer_address", "no catalog_id", func(o *Order) { o.Items[0].ImporterAddress = nil }),
		order("item[0].importer_address", "no catalog_id", func(o *Order) { o.Items[0].ImporterAddress = &ImporterAddress{} }),
	},
	"item_importer_country_code": {
		order("item[0].importer_address.country_code", `Write "IN"`, func(o *Order) { o.Items[0].ImporterAddress = &ImporterAddress{CountryCode: "India"} }),
		order("item[0].importer_address.country_code", "two capital letters", func(o *Order) { o.Items[0].ImporterAddress = &ImporterAddress{CountryCode: "IND"} }),
	},
	"tax_not_negative":      {order("tax.amount", "-1.00", func(o *Order) { o.Tax.Amount = -100 })},
	"shipping_not_negative": {order("shipping.amount", "-1.00", func(o *Order) { o.Shipping.Amount = -100 })},
	"discount_not_negative": {order("discount.amount", "-1.00", func(o *Order) { o.Discount.Amount = -100 })},
	"tax_description_length": {
		order("tax.description", "61 characters", func(o *Order) { o.Tax.Description = chars(61) }),
	},
	"shipping_description_length": {
		order("shipping.description", "61 characters", func(o *Order) { o.Shipping.Description = chars(61) }),
	},
	"discount_description_length": {
		order("discount.description", "61 characters", func(o *Order) { o.Discount.Description = chars(61) }),
	},
	"discount_program_name_length": {
		order("discount.discount_program_name", "61 characters", func(o *Order) { o.Discount.ProgramName = chars(61) }),
	},
	"total_positive": {
		invoice("discount.amount", "(1 × 4500.00 = 4500.00, + 10.00 tax − 4510.00 discount = 0.00)", func(o *Order) {
			o.Discount.Amount, o.Refunds = 451000, nil
			resum(o)
		}),
		invoice("", "The total is 0.00", func(o *Order) { o.Discount, o.Total, o.Refunds = nil, 0, nil }),
	},
	"total_minimum": {
		invoice("", "The total is ₹0.99; Razorpay collects ₹1.00", func(o *Order) { o.Total, o.Refunds = 99, nil }),
	},
	"upi_cap": {
		order("payment.enabled_payment_options", "₹5,00,000.01, and UPI moves at most ₹5,00,000.00", func(o *Order) { o.Total = upiCap + 1 }),
		order("payment.enabled_payment_options", `["web"]`, func(o *Order) { o.Total, o.Payment.EnabledOptions = upiCap+1, nil }),
		order("payment.gateway", "Split the order", func(o *Order) {
			paidBy(Payment{Gateway: "upi", Link: "upi://pay?pa=a@b&pn=c"})(o)
			o.Total = upiCap + 1
		}),
	},
	"expiration_description_length": {
		order("expiration.description", "121 characters; at most 120", func(o *Order) { o.Expiration.Description = chars(121) }),
	},
	"expiration_timestamp_required": {
		order("expiration.timestamp", "from defaults", func(o *Order) { o.Expiration.Timestamp = time.Time{} }),
	},
	"expiration_soon": {
		order("expiration.timestamp", "299 seconds away", func(o *Order) { o.Expiration.Timestamp = checkedAt.Add(299 * time.Second) }),
		order("expiration.timestamp", "It has passed", func(o *Order) { o.Expiration.Timestamp = checkedAt.Add(-time.Hour) }),
	},
	"beneficiaries_required": {
		order("beneficiary", "The status is shipped", func(o *Order) { o.Beneficiaries = nil }),
		order("beneficiary", "The status is partially_shipped", func(o *Order) { o.Beneficiaries, o.Status = nil, PartiallyShipped }),
	},
	"beneficiaries_expected": {
		order("beneficiary", "before the bill is sent", func(o *Order) { o.Beneficiaries, o.Status = nil, Pending }),
	},
	"beneficiary_name_required": {order("beneficiary[0].name", "receives", func(o *Order) { o.Beneficiaries[0].Name = "" })},
	"beneficiary_name_length": {
		order("beneficiary[0].name", "201 characters; at most 200", func(o *Order) { o.Beneficiaries[0].Name = chars(201) }),
	},
	"beneficiary_address_required": {
		order("beneficiary[0].address_line1", "street", func(o *Order) { o.Beneficiaries[0].AddressLine1 = "" }),
	},
	"beneficiary_address_length": {
		order("beneficiary[0].address_line1", "101 characters; at most 100", func(o *Order) { o.Beneficiaries[0].AddressLine1 = chars(101) }),
	},
	"beneficiary_address_line2_length": {
		order("beneficiary[0].address_line2", "101 characters", func(o *Order) { o.Beneficiaries[0].AddressLine2 = chars(101) }),
	},
	"beneficiary_city":  {order("beneficiary[0].city", "city", func(o *Order) { o.Beneficiaries[0].City = "" })},
	"beneficiary_state": {order("beneficiary[0].state", "state", func(o *Order) { o.Beneficiaries[0].State = "" })},
	"beneficiary_country": {
		order("beneficiary[0].country", `not "IN". Write country = "India"`, func(o *Order) { o.Beneficiaries[0].Country = "IN" }),
		order("beneficiary[0].country", "missing", func(o *Order) { o.Beneficiaries[0].Country = "" }),
		order("beneficiary[0].country", "within India only", func(o *Order) { o.Beneficiaries[0].Country = "Nepal" }),
	},
	"beneficiary_postal_code": {
		order("beneficiary[0].postal_code", `"560 001"`, func(o *Order) { o.Beneficiaries[0].PostalCode = "560 001" }),
		order("beneficiary[0].postal_code", "six digits", func(o *Order) { o.Beneficiaries[0].PostalCode = "56001" }),
	},
	"payment_required": {
		order("payment", "gateway =", func(o *Order) { o.Payment = nil }),
		order("payment", "gateway =", func(o *Order) { o.Payment.Gateway = "" }),
	},
	"payment_gateway_known": {
		order("payment.gateway", "Did you mean razorpay?", paidBy(Payment{Gateway: "razorpai", Receipt: "rcpt-12"})),
		order("payment.gateway", `"stripe" is none`, paidBy(Payment{Gateway: "stripe"})),
	},
	"payment_configuration_required": {
		order("payment.configuration", "WhatsApp Manager", func(o *Order) { o.Payment.Configuration = "" }),
	},
	"payment_configuration_length": {
		order("payment.configuration", "61 characters; at most 60", func(o *Order) { o.Payment.Configuration = chars(61) }),
	},
	"preferred_method_count": {
		order("payment.preferred_payment_methods", `There are 2. Keep one: ["gpay"]`, func(o *Order) { o.Payment.PreferredMethods = []string{"gpay", "paytm"} }),
	},
	"preferred_method_known": {
		order("payment.preferred_payment_methods", "Did you mean phonepe?", func(o *Order) { o.Payment.PreferredMethods = []string{"phonepay"} }),
	},
	"enabled_options_known": {
		order("payment.enabled_payment_options", `"card" is neither`, func(o *Order) { o.Payment.EnabledOptions = []string{"upi", "card"} }),
	},
	"options_need_gateway": {
		order("payment.preferred_payment_methods", "no place", paidBy(Payment{Gateway: "upi", Link: "upi://pay?pa=a@b&pn=c", PreferredMethods: []string{"gpay"}})),
		order("payment.enabled_payment_options", "no place", paidBy(Payment{Gateway: "payment_link", Link: "https://rzp.io/i/x", EnabledOptions: []string{"upi"}})),
	},
	"link_not_taken": {
		order("payment.link", "razorpay makes the payment page itself", func(o *Order) { o.Payment.Link = "https://rzp.io/i/x" }),
		order("payment.success_url", "payment_link", func(o *Order) { o.Payment.SuccessURL = "https://shop.example" }),
		order("payment.cancel_url", "payment_link", func(o *Order) { o.Payment.CancelURL = "https://shop.example" }),
	},
	"upi_link": {
		order("payment.link", "missing", paidBy(Payment{Gateway: "upi"})),
		order("payment.link", "upi://pay", paidBy(Payment{Gateway: "upi", Link: "https://rzp.io/i/x"})),
		order("payment.link", "It has no pa", paidBy(Payment{Gateway: "upi", Link: "upi://pay?pn=Sharma"})),
		order("payment.link", "It has no pn", paidBy(Payment{Gateway: "upi", Link: "upi://pay?pa=shop@bank"})),
	},
	"payment_link": {
		order("payment.link", "missing", paidBy(Payment{Gateway: "payment_link"})),
		order("payment.link", "no link", paidBy(Payment{Gateway: "payment_link", Link: "rzp.io/i/x"})),
	},
	"payment_link_return": {
		order("payment.success_url", "not encrypted", paidBy(Payment{Gateway: "payment_link", Link: "https://rzp.io/i/x", SuccessURL: "http://x.example"})),
		order("payment.cancel_url", "not encrypted", paidBy(Payment{Gateway: "payment_link", Link: "https://rzp.io/i/x", SuccessURL: "https://x.example", CancelURL: "http://x.example"})),
	},
	"observe_required": {
		order("observe", "observe = razorpay.main", func(o *Order) {
			paidBy(Payment{Gateway: "upi", Link: "upi://pay?pa=a@b&pn=c"})(o)
			o.Observe = ""
		}),
	},
	"gateway_field_foreign": {
		order("payment.payu.udf1", `gateway = "razorpay"`, func(o *Order) { o.Payment.Fields = map[string]string{"udf1": "x"} }),
		order("payment.razorpay.notes", `gateway = "payu"`, paidBy(Payment{Gateway: "payu", Configuration: "c", Notes: manyNotes(1)})),
		order("payment.razorpay.receipt", `gateway = "zaakpay"`, paidBy(Payment{Gateway: "zaakpay", Configuration: "c", Receipt: "r"})),
		order("payment.billdesk.additional_info1", "razorpay", func(o *Order) { o.Payment.Fields = map[string]string{"additional_info1": "x"} }),
	},
	"gateway_field_known": {
		order("payment.payu.udf5", "payu has udf1 to udf4", gateway("payu", map[string]string{"udf5": "x"})),
		order("payment.billdesk.additional_info0", "additional_info1 to additional_info7", gateway("billdesk", map[string]string{"additional_info0": "x"})),
		order("payment.zaakpay.extra01", "extra1 to extra2", gateway("zaakpay", map[string]string{"extra01": "x"})),
		order("payment.zaakpay.note", "extra1 and extra2", gateway("zaakpay", map[string]string{"note": "x"})),
	},
	"razorpay_receipt_length": {
		order("payment.razorpay.receipt", "41 characters; at most 40", func(o *Order) { o.Payment.Receipt = chars(41) }),
	},
	"razorpay_notes_count": {
		order("payment.razorpay.notes", "There are 16; Razorpay takes 15", func(o *Order) { o.Payment.Notes = manyNotes(16) }),
	},
	"razorpay_note_length": {
		order("payment.razorpay.notes", `"channel": It has 257 characters; at most 256`, func(o *Order) { o.Payment.Notes = map[string]string{"channel": chars(257)} }),
	},
	"payu_udf_length": {
		order("payment.payu.udf4", "256 characters; at most 255", gateway("payu", map[string]string{"udf4": chars(256), "udf1": chars(255)})),
	},
	"billdesk_additional_info_length": {
		order("payment.billdesk.additional_info7", "121 characters; at most 120", gateway("billdesk", map[string]string{"additional_info7": chars(121)})),
	},
	"zaakpay_extra_length": {
		order("payment.zaakpay.extra2", "181 characters; at most 180", gateway("zaakpay", map[string]string{"extra2": chars(181)})),
	},
	"status_known": {
		order("status", "Did you mean completed?", func(o *Order) { o.Status = "complete" }),
		order("status", "what a payment can be", func(o *Order) { o.Status = "captured" }),
	},
	"invoice_status": {
		invoice("status", "shipped is for goods", func(o *Order) { o.Status = Shipped }),
	},
	"status_message_status": {
		order(`status_message["pending"]`, "the bill itself", func(o *Order) { o.StatusMessages[1].Status = Pending }),
		order(`status_message["failed"]`, "what a payment can be", func(o *Order) { o.StatusMessages[1].Status = "failed" }),
		invoice(`status_message["shipped"]`, "never is shipped", func(o *Order) { o.StatusMessages = []StatusMessage{{Status: Shipped}} }),
	},
	"status_message_body_length": {
		order(`status_message["shipped"].body`, "1025 characters; at most 1024", func(o *Order) { o.StatusMessages[1].Body = chars(1025) }),
		order(`status_message["default"].body`, "1025 characters", func(o *Order) { o.StatusMessages[0].Body = chars(1025) }),
	},
	"status_message_footer_length": {
		order(`status_message["shipped"].footer`, "61 characters; at most 60", func(o *Order) { o.StatusMessages[1].Footer = chars(61) }),
	},
	"status_message_description_length": {
		order(`status_message["shipped"].description`, "121 characters; at most 120", func(o *Order) { o.StatusMessages[1].Description = chars(121) }),
	},
	"refund_label": {
		order(`refund["a\"b"]`, "quoted", func(o *Order) { o.Refunds[0].Label = `a"b` }),
		order(`refund[" a"]`, `Write "a"`, func(o *Order) { o.Refunds[0].Label = " a" }),
		order(`refund[""]`, "It is empty", func(o *Order) { o.Refunds[0].Label = "" }),
		order(`refund["a\nb"]`, "typed", func(o *Order) { o.Refunds[0].Label = "a\nb" }),
		order(`refund["`+chars(65)+`"]`, "65 characters", func(o *Order) { o.Refunds[0].Label = chars(65) }),
	},
	"refund_amount_positive": {
		order(`refund["damaged-loaf"].amount`, "0.00", func(o *Order) { o.Refunds[0].Amount = 0 }),
		order(`refund["by-hand"].amount`, "-0.01", func(o *Order) { o.Refunds[1].Amount = -1 }),
	},
	"refund_minimum": {
		order(`refund["damaged-loaf"].amount`, "₹0.99; Razorpay refunds ₹1.00", func(o *Order) { o.Refunds[0].Amount = 99 }),
		order(`refund["damaged-loaf"].amount`, "₹0.01", func(o *Order) {
			o.Payment = &Payment{Gateway: "payu", Configuration: "c"}
			o.RefundVia, o.Refunds[0].Amount = "razorpay.main", 1
		}),
	},
	"refund_speed": {
		order(`refund["damaged-loaf"].speed`, "Leave speed out", func(o *Order) { o.Refunds[0].Speed = "" }),
		order(`refund["damaged-loaf"].speed`, `"fast" is neither`, func(o *Order) { o.Refunds[0].Speed = "fast" }),
		order(`refund["damaged-loaf"].speed`, `Write speed = "instant"`, func(o *Order) { o.Refunds[0].Speed = "optimum" }),
	},
	"refund_reference_id": {
		order(`refund["damaged-loaf"].reference_id`, `"BM345A/12" cannot be one`, func(o *Order) { o.Refunds[0].Reference = "BM345A/12" }),
		order(`refund["damaged-loaf"].reference_id`, "cannot be one", func(o *Order) { o.Refunds[0].Reference = strings.Repeat("x", 36) }),
	},
	"refund_recorded_was": {
		order(`refund["by-hand"].was`, "made elsewhere", func(o *Order) { o.Refunds[1].Was = "old" }),
	},
	"refund_was_declared": {
		order(`refund["damaged-loaf"].was`, `a refund "by-hand"`, func(o *Order) { o.Refunds[0].Was = "by-hand" }),
		order(`refund["damaged-loaf"].was`, "cannot have been it", func(o *Order) { o.Refunds[0].Was = "damaged-loaf" }),
	},
	"refund_was_twice": {
		order(`refund["second"].was`, `The refund "first" says so`, func(o *Order) {
			o.Refunds = []Refund{{Label: "first", Amount: 100, Speed: "normal", Was: "old"}, {Label: "second", Amount: 100, Speed: "normal", Was: "old"}}
		}),
	},
	"refund_unbilled": {
		invoice(`refund["damaged-loaf"]`, "no provider", func(o *Order) { o.Provider = "" }),
	},
	"refund_via_required": {
		order(`refund["damaged-loaf"]`, "refund_via = razorpay.main", func(o *Order) {
			paidBy(Payment{Gateway: "payment_link", Link: "https://rzp.io/i/x"})(o)
			o.RefundVia = ""
		}),
	},
	"refund_sum": {
		order("refund", "They come to 330.00 and the total is 309.00", func(o *Order) { o.Refunds[0].Amount = 31000 }),
		order("refund", "beyond what an amount can hold", func(o *Order) { o.Refunds[0].Amount = 1<<63 - 1 }),
	},
	"due_date": {
		invoice("due", `"30.11.2026" is no day`, func(o *Order) { o.Due = "30.11.2026" }),
		invoice("due", `"2026-11-31" is no day`, func(o *Order) { o.Due = "2026-11-31" }),
	},
	"offline_payment_label": {
		order(`offline_payment[""]`, "It is empty", func(o *Order) { o.OfflinePayments[0].Label = "" }),
	},
	"offline_payment_amount": {
		order(`offline_payment["cash-1"].amount`, "0.00", func(o *Order) { o.OfflinePayments[0].Amount = 0 }),
	},
	"offline_payment_date": {
		order(`offline_payment["cash-1"].date`, "2026-11-30", func(o *Order) { o.OfflinePayments[0].Date = "yesterday" }),
		order(`offline_payment["cash-1"].date`, "It is empty", func(o *Order) { o.OfflinePayments[0].Date = "" }),
	},
	"offline_payment_future": {
		order(`offline_payment["cash-1"].date`, "has not come yet", func(o *Order) { o.OfflinePayments[0].Date = "2026-11-21" }),
	},
	"notify_event_known": {
		order(`notify["payed"]`, "Did you mean paid?", func(o *Order) { o.Notify[0].Event = "payed" }),
	},
	"notify_event_carried": {
		order(`notify["capture"]`, "e-mail and SMS", func(o *Order) { o.Notify[0].Event = "capture" }),
		order(`notify["void"]`, "e-mail and SMS", func(o *Order) { o.Notify[0].Event = "void" }),
	},
	"notify_template_required": {
		order(`notify["paid"].template`, "template = template.receipt", func(o *Order) { o.Notify[0].Template = "" }),
	},
	"notify_event_happens": {
		invoice(`notify["shipped"]`, "never is shipped", func(o *Order) { o.Notify[0].Event = EventShipped }),
	},
}
