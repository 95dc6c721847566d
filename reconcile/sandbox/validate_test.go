package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The path from a message to its parts.
var (
	toParams   = []any{"interactive", "action", "parameters"}
	toOrder    = append(toParams[:3:3], "order")
	toItem     = append(toOrder[:4:4], "items", 0)
	toSetting  = append(toParams[:3:3], "payment_settings", 0)
	toGateway  = append(toSetting[:5:5], "payment_gateway")
	toRazorpay = append(toGateway[:6:6], "razorpay")
)

func TestOrderDetailsRules(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ß", n) }
	at := func(base []any, more ...any) []any { return append(base[:len(base):len(base)], more...) }
	tests := []struct {
		name string
		path []any
		v    any // nil: taken away
		code int // 0: accepted
	}{
		{"as it is", []any{"to"}, asha, 0},
		{"product missing", []any{"messaging_product"}, nil, 131008},
		{"product wrong", []any{"messaging_product"}, "instagram", 131009},
		{"recipient group", []any{"recipient_type"}, "group", 131009},
		{"recipient absent", []any{"recipient_type"}, nil, 0},
		{"to with plus", []any{"to"}, "+" + asha, 0},
		{"to with spaces", []any{"to"}, "91 98765", 131009},
		{"to a number", []any{"to"}, 919876543210, 100},
		{"to the business itself", []any{"to"}, DefaultNumber, 131021},
		{"type missing", []any{"type"}, nil, 131008},
		{"type unsupported", []any{"type"}, "sticker", 131051},
		{"opaque 512", []any{"biz_opaque_callback_data"}, long(512), 0},
		{"opaque 513", []any{"biz_opaque_callback_data"}, long(513), 100},
		{"unknown key", []any{"idempotency_key"}, "x", 100},
		{"interactive type", []any{"interactive", "type"}, "list", 131009},
		{"header absent", []any{"interactive", "header"}, nil, 0},
		{"header text", []any{"interactive", "header"}, object{"type": "text", "text": "x"}, 100},
		{"header by id", []any{"interactive", "header", "image"}, object{"id": "5512"}, 0},
		{"header of a sample", []any{"interactive", "header", "image"}, object{"link": "https://x.example/a.png", "provider": object{"name": "p"}}, 0},
		{"header link no url", []any{"interactive", "header", "image", "link"}, "bread.jpg", 131009},
		{"body missing", []any{"interactive", "body"}, nil, 131008},
		{"body empty", []any{"interactive", "body", "text"}, " ", 131009},
		{"body 1024", []any{"interactive", "body", "text"}, long(1024), 0},
		{"body 1025", []any{"interactive", "body", "text"}, long(1025), 100},
		{"footer absent", []any{"interactive", "footer"}, nil, 0},
		{"footer 61", []any{"interactive", "footer", "text"}, long(61), 100},
		{"footer without text", []any{"interactive", "footer"}, object{}, 131008},
		{"action name", []any{"interactive", "action", "name"}, "review_order", 131009},
		{"parameters missing", toParams, nil, 131008},
		{"parameters a list", toParams, []any{}, 100},

		{"reference missing", at(toParams, "reference_id"), nil, 131008},
		{"reference empty", at(toParams, "reference_id"), "", 131009},
		{"reference 35", at(toParams, "reference_id"), strings.Repeat("x", 35), 0},
		{"reference 36", at(toParams, "reference_id"), strings.Repeat("x", 36), 131009},
		{"reference slash", at(toParams, "reference_id"), "A/1", 131009},
		{"reference hindi", at(toParams, "reference_id"), "क1", 131009},
		{"goods", at(toParams, "type"), "services", 131009},
		{"digital goods", at(toParams, "type"), "digital-goods", 0},
		{"currency", at(toParams, "currency"), "USD", 131009},
		{"total off by one", at(toParams, "total_amount"), paise(21001), 131009},
		{"total offset", at(toParams, "total_amount"), object{"value": 2100, "offset": 10}, 131009},
		{"total zero", at(toParams, "total_amount"), paise(0), 131009},
		{"total a string", at(toParams, "total_amount"), object{"value": "21000", "offset": 100}, 100},
		{"total a fraction", at(toParams, "total_amount", "value"), 21000.5, 131009},
		{"beneficiaries absent", at(toParams, "beneficiaries"), nil, 0},
		{"beneficiary country", at(toParams, "beneficiaries", 0, "country"), "IN", 131009},
		{"beneficiary pin", at(toParams, "beneficiaries", 0, "postal_code"), "56001", 131009},
		{"beneficiary pin a number", at(toParams, "beneficiaries", 0, "postal_code"), 560001, 100},
		{"beneficiary name 201", at(toParams, "beneficiaries", 0, "name"), long(201), 100},
		{"beneficiary line 101", at(toParams, "beneficiaries", 0, "address_line1"), long(101), 100},
		{"beneficiary city missing", at(toParams, "beneficiaries", 0, "city"), nil, 131008},

		{"settings missing", at(toParams, "payment_settings"), nil, 131008},
		{"settings an object", at(toParams, "payment_settings"), object{}, 100},
		{"two settings", at(toParams, "payment_settings"), []any{object{}, object{}}, 131009},
		{"setting type", at(toSetting, "type"), "cash", 131009},
		{"gateway missing", toGateway, nil, 131008},
		{"gateway type", at(toGateway, "type"), "stripe", 131009},
		{"configuration missing", at(toGateway, "configuration_name"), nil, 131008},
		{"configuration 61", at(toGateway, "configuration_name"), long(61), 100},
		{"block of another gateway", at(toGateway, "payu"), object{"udf1": "x"}, 100},
		{"receipt 40", at(toRazorpay, "receipt"), long(40), 0},
		{"receipt 41", at(toRazorpay, "receipt"), long(41), 100},
		{"receipt empty", at(toRazorpay, "receipt"), "", 131009},
		{"notes 15", at(toRazorpay, "notes"), notes(15, 256), 0},
		{"notes 16", at(toRazorpay, "notes"), notes(16, 1), 131009},
		{"note 257", at(toRazorpay, "notes"), notes(1, 257), 100},
		{"note a number", at(toRazorpay, "notes"), object{"k": 1}, 100},
		{"payu", toGateway, gateway("payu", object{"udf1": long(255), "udf4": "x"}), 0},
		{"udf 256", toGateway, gateway("payu", object{"udf1": long(256)}), 100},
		{"udf5", toGateway, gateway("payu", object{"udf5": "x"}), 100},
		{"billdesk", toGateway, gateway("billdesk", object{"additional_info7": long(120)}), 0},
		{"additional_info 121", toGateway, gateway("billdesk", object{"additional_info1": long(121)}), 100},
		{"additional_info8", toGateway, gateway("billdesk", object{"additional_info8": "x"}), 100},
		{"zaakpay", toGateway, gateway("zaakpay", object{"extra2": long(180)}), 0},
		{"extra 181", toGateway, gateway("zaakpay", object{"extra1": long(181)}), 100},
		{"preferred inside", at(toGateway, "preferred_payment_methods"), []any{object{"method": "gpay"}}, 0},
		{"preferred beside", at(toSetting, "preferred_payment_methods"), []any{object{"method": "cred-upi"}}, 0},
		{"two preferred", at(toGateway, "preferred_payment_methods"), []any{object{"method": "gpay"}, object{"method": "paytm"}}, 131009},
		{"preferred unknown", at(toGateway, "preferred_payment_methods"), []any{object{"method": "venmo"}}, 0},
		{"preferred empty", at(toGateway, "preferred_payment_methods"), []any{object{"method": " "}}, 131009},
		{"enabled", at(toGateway, "enabled_payment_options"), []any{"upi", "web"}, 0},
		{"enabled unknown", at(toGateway, "enabled_payment_options"), []any{"cash"}, 131009},
		{"enabled empty", at(toGateway, "enabled_payment_options"), []any{}, 131009},
		{"upi intent", toSetting, intent("upi://pay?pa=a@b&pn=N&mc=5399&purpose=00&tr=T1"), 0},
		{"upi intent without pn", toSetting, intent("upi://pay?pa=a@b&mc=5399&purpose=00&tr=T1"), 131009},
		{"upi intent on https", toSetting, intent("https://pay?pa=a"), 131009},
		{"payment link", toSetting, object{"type": "payment_link", "payment_link": object{"uri": "https://rzp.io/i/x"}}, 0},
		{"payment link without uri", toSetting, object{"type": "payment_link", "payment_link": object{}}, 131008},

		{"order status", at(toOrder, "status"), "processing", 131009},
		{"quick pay", at(toOrder, "type"), "quick_pay", 0},
		{"order type", at(toOrder, "type"), "slow_pay", 131009},
		{"items missing", at(toOrder, "items"), nil, 131008},
		{"items empty", at(toOrder, "items"), []any{}, 131009},
		{"subtotal without sale_amount", at(toOrder, "subtotal"), paise(28000), 131009},
		{"tax missing", at(toOrder, "tax"), nil, 131008},
		{"tax negative", at(toOrder, "tax"), paise(-1000), 131009},
		{"tax note 61", at(toOrder, "tax"), with(paise(1000), "description", long(61)), 100},
		{"shipping absent", at(toOrder, "shipping"), nil, 131009}, // the total no longer fits
		{"programme in shipping", at(toOrder, "shipping"), with(paise(1000), "discount_program_name", "x"), 100},
		{"programme 61", at(toOrder, "discount"), with(paise(1000), "discount_program_name", long(61)), 100},
		{"expiration number", at(toOrder, "expiration", "timestamp"), start.Add(time.Hour).Unix(), 100},
		{"expiration 300 s", at(toOrder, "expiration", "timestamp"), fmt.Sprint(start.Unix() + 300), 0},
		{"expiration 299 s", at(toOrder, "expiration", "timestamp"), fmt.Sprint(start.Unix() + 299), 131009},
		{"expiration note 121", at(toOrder, "expiration", "description"), long(121), 100},

		{"item name 60", at(toItem, "name"), long(60), 0},
		{"item name 61", at(toItem, "name"), long(61), 100},
		{"item free", at(toItem, "amount"), paise(0), 131009},
		{"sale as high as amount", at(toItem, "amount"), paise(10000), 131009},
		{"quantity zero", at(toItem, "quantity"), 0, 131009},
		{"quantity a fraction", at(toItem, "quantity"), 1.5, 131009},
		{"quantity a string", at(toItem, "quantity"), "2", 100},
		{"quantity beyond counting", at(toItem, "quantity"), int64(1) << 62, 131009},
		{"origin missing", at(toItem, "country_of_origin"), nil, 131008},
		{"importer missing", at(toItem, "importer_name"), nil, 131008},
		{"importer address missing", at(toItem, "importer_address"), nil, 131008},
		{"importer address a string", at(toItem, "importer_address"), "12 MG Road", 100},
		{"the table's typo", at(toItem, "importer_adress"), object{}, 100},
		{"item image with retailer_id", at(toItem, "image"), object{"link": "https://x.example/a.png"}, 131009},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, Options{})
			m := orderDetails("A-1")
			set(m, tt.v, tt.path...)
			b.wantCode(m, tt.code)
		})
	}
}

func notes(n, length int) object {
	out := object{}
	for i := range n {
		out[fmt.Sprint("k", i)] = strings.Repeat("v", length)
	}
	return out
}

func gateway(kind string, own object) object {
	return object{"type": kind, "configuration_name": config, kind: own}
}

func intent(link string) object {
	return object{"type": "upi_intent_link", "upi_intent_link": object{"link": link}}
}

// wantCode posts a message and checks the code it is refused with; 0 means accepted.
func (b *bench) wantCode(m any, code int) {
	b.Helper()
	status, out := b.request("POST", messagesPath, m)
	got := 0
	if status != 200 {
		got = errorCode(b.T, out)
	}
	if got != code {
		b.Errorf("got %d %v, want code %d", status, out, code)
	}
	if placed := len(b.Orders()) == 1; placed != (code == 0) {
		b.Errorf("order placed: %v", placed)
	}
}

func TestCatalogNeedsNoImporter(t *testing.T) {
	b := newBench(t, Options{})
	m := orderDetails("A-1")
	set(m, "538246951", append(toOrder[:4:4], "catalog_id")...)
	for _, key := range []string{"country_of_origin", "importer_name", "importer_address"} {
		set(m, nil, append(toItem[:6:6], key)...)
	}
	b.wantCode(m, 0)
}

func TestAtMostTenItemsWithImages(t *testing.T) {
	for n, code := range map[int]int{10: 0, 11: 131009} {
		b := newBench(t, Options{})
		m := orderDetails("A-1")
		items := []any{}
		for range n {
			items = append(items, object{"name": "Bun", "image": object{"link": "https://x.example/a.png"}, "amount": paise(1000),
				"quantity": 1, "country_of_origin": "India", "importer_name": "S", "importer_address": object{"city": "Bengaluru"}})
		}
		set(m, items, append(toOrder[:4:4], "items")...)
		set(m, paise(n*1000), append(toOrder[:4:4], "subtotal")...)
		set(m, paise(n*1000+1000), append(toParams[:3:3], "total_amount")...)
		b.wantCode(m, code)
	}
}

func TestLegacySettings(t *testing.T) {
	legacy := func(kind, configuration any) object {
		m := orderDetails("A-1")
		set(m, nil, append(toParams[:3:3], "payment_settings")...)
		set(m, kind, append(toParams[:3:3], "payment_type")...)
		set(m, configuration, append(toParams[:3:3], "payment_configuration")...)
		return m
	}
	for _, tt := range []struct {
		m    object
		code int
	}{
		{legacy("payment_gateway:razorpay", config), 0},
		{legacy("upi", "my-vpa"), 0},
		{legacy("payment_gateway", config), 131009},
		{legacy("payment_gateway:payu", nil), 131008},
	} {
		newBench(t, Options{}).wantCode(tt.m, tt.code)
	}
}

func TestStringifiedParameters(t *testing.T) {
	b := newBench(t, Options{})
	m := orderDetails("A-1")
	set(m, string(encode(t, parametersOf("A-1"))), toParams...)
	b.wantCode(m, 0)
	set(m, "reference_id=A-2", toParams...)
	if status, out := b.request("POST", messagesPath, m); status != 400 || errorCode(t, out) != 131009 {
		t.Errorf("answered %d %v", status, out)
	}
}

func TestBadBodies(t *testing.T) {
	b := newBench(t, Options{})
	for name, body := range map[string]string{
		"nothing": "", "no json": "hello", "a list": "[]", "two values": "{}{}", "half": `{"a":`,
		"key twice": `{"to":"1","to":"2"}`, "bad utf-8": "{\"to\":\"\xff\"}", "deep": `{"a":` + strings.Repeat("[", 100_000),
		"huge": `{"a":"` + strings.Repeat("x", maxRequest) + `"}`,
	} {
		if status, out := b.request("POST", messagesPath, body); status != 400 || errorCode(t, out) != 100 {
			t.Errorf("%s: answered %d %v", name, status, out)
		}
	}
}

func TestOrderStatusRules(t *testing.T) {
	params := []any{"interactive", "action", "parameters"}
	for _, tt := range []struct {
		path []any
		v    any
		code int
	}{
		{[]any{"messaging_product"}, nil, 131008}, // the seed's sample leaves it out
		{append(params[:3:3], "order", "status"), "pending", 131009},
		{append(params[:3:3], "order", "status"), "captured", 131009},
		{append(params[:3:3], "order", "status"), "partially-shipped", 131009},
		{append(params[:3:3], "order", "status"), "cancelled", 131009},
		{append(params[:3:3], "order", "description"), strings.Repeat("x", 121), 100},
		{append(params[:3:3], "order", "description"), strings.Repeat("x", 120), 0},
		{append(params[:3:3], "order"), nil, 131008},
		{[]any{"interactive", "action", "name"}, "review_and_pay", 131009},
		{[]any{"interactive", "body"}, nil, 131008},
	} {
		b := newBench(t, Options{})
		b.bill("A-1")
		m := orderStatus("A-1", "shipped")
		set(m, tt.v, tt.path...)
		status, out := b.request("POST", messagesPath, m)
		got := 0
		if status != 200 {
			got = errorCode(t, out)
		}
		if got != tt.code {
			t.Errorf("%v = %v: got %d %v, want %d", tt.path, tt.v, got, out, tt.code)
		}
	}
}
