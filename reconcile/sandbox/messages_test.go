package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func text(to string) object {
	return object{"messaging_product": "whatsapp", "to": to, "type": "text", "text": object{"body": "Namaste"}}
}

func templated(components ...any) object {
	return object{"messaging_product": "whatsapp", "to": asha, "type": "template", "template": object{
		"name": "bill", "language": object{"policy": "deterministic", "code": "en"}, "components": components}}
}

func detailsTemplate(ref string) object {
	return templated(
		object{"type": "header", "parameters": []any{object{"type": "image", "image": object{"link": "https://shop.example/a.png"}}}},
		object{"type": "body", "parameters": []any{object{"type": "text", "text": "Asha"}}},
		object{"type": "button", "sub_type": "order_details", "index": 0, "parameters": []any{
			object{"type": "action", "action": object{"order_details": parametersOf(ref)}}}})
}

func statusTemplate(ref, status string) object {
	return templated(object{"type": "order_status", "parameters": []any{object{"type": "order_status",
		"order_status": object{"reference_id": ref, "order": object{"status": status}}}}})
}

func TestWindow(t *testing.T) {
	tests := []struct {
		name  string
		rules Rules
		do    func(*bench)
		open  bool
	}{
		{"wrote first", Rules{}, func(*bench) {}, true},
		{"never wrote", Rules{WindowStartsClosed: true}, func(*bench) {}, false},
		{"wrote", Rules{WindowStartsClosed: true}, func(b *bench) {
			_, err := b.Write(DefaultNumber, asha, "Asha", "Hello?")
			b.must(err)
		}, true},
		{"closed by hand", Rules{}, func(b *bench) { b.must(b.Window("", "+"+asha, false)) }, false},
		{"opened by hand", Rules{WindowStartsClosed: true}, func(b *bench) { b.must(b.Window("", asha, true)) }, true},
		{"just before 24 hours", Rules{}, func(b *bench) { b.send(text(asha)); b.pass(24*time.Hour - 1) }, true},
		{"after 24 hours", Rules{}, func(b *bench) { b.send(text(asha)); b.pass(24 * time.Hour) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, Options{Rules: tt.rules})
			tt.do(b)
			for kind, m := range map[string]object{"text": text(asha), "order": orderDetails("A-1")} {
				status, out := b.request("POST", messagesPath, m)
				if tt.open && status != 200 || !tt.open && (status == 200 || errorCode(t, out) != 131047) {
					t.Errorf("%s: answered %d %v", kind, status, out)
				}
			}
			b.send(detailsTemplate("A-2")) // templates always pass
			b.send(statusTemplate("A-2", "shipped"))
			if o := b.order("A-2"); o.Status != "shipped" || o.Details.Total.Value != 21000 {
				t.Errorf("by template: %+v", o)
			}
		})
	}
}

func TestWindowErrorByWebhook(t *testing.T) {
	hook := newReceiver(t)
	b := newBench(t, Options{Rules: Rules{WindowStartsClosed: true, AsyncWindowErrors: true}, WebhookURL: hook.URL})
	b.bill("A-1")
	b.pass(time.Second)
	same(t, "webhooks", hook.events(t), []string{"intent-A-1 failed 131047"})
	if len(b.Orders()) != 0 {
		t.Error("an order nobody has seen")
	}
}

func TestTemplates(t *testing.T) {
	known := []Template{
		{Name: "bill", Language: "en", Body: 1},
		{Name: "link", Body: 0, URLButtons: 1},
		{Name: "paused", Status: "PAUSED"},
		{Name: "disabled", Status: "DISABLED"},
	}
	named := func(name string, m object) object {
		set(m, name, "template", "name")
		return m
	}
	button := object{"type": "button", "sub_type": "url", "index": "0", "parameters": []any{object{"type": "text", "text": "x"}}}
	inGerman := detailsTemplate("A-1")
	set(inGerman, "de", "template", "language", "code")
	tests := []struct {
		name string
		m    object
		code int
	}{
		{"order details", detailsTemplate("A-1"), 0},
		{"another language", inGerman, 132001},
		{"unknown", named("nobody", templated()), 132001},
		{"one parameter short", templated(), 132000},
		{"url button", named("link", templated(button)), 0},
		{"url button missing", named("link", templated()), 132000},
		{"paused", named("paused", templated()), 132015},
		{"disabled", named("disabled", templated()), 132016},
		{"no language", func() object { m := templated(); set(m, nil, "template", "language"); return m }(), 131008},
		{"component unknown", templated(object{"type": "carousel"}), 131009},
		{"button without index", templated(object{"type": "button", "sub_type": "order_details", "parameters": []any{}}), 131009},
		{"status of nothing", templated(object{"type": "order_status", "parameters": []any{}}), 131009},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, Options{Templates: known})
			status, out := b.request("POST", messagesPath, tt.m)
			got := 0
			if status != 200 {
				got = errorCode(t, out)
			}
			if got != tt.code {
				t.Errorf("answered %d %v, want code %d", status, out, tt.code)
			}
		})
	}
}

func TestAuthorization(t *testing.T) {
	tests := []struct {
		token, header, contentType string
		want                       int
	}{
		{"", "", "application/json", 401},
		{"", "Bearer ", "application/json", 401},
		{"", "Basic x", "application/json", 401},
		{"", "Bearer anything", "application/json; charset=utf-8", 200},
		{"secret", "Bearer anything", "application/json", 401},
		{"secret", "Bearer secret", "application/json", 200},
		{"secret", "Bearer secret", "text/plain", 400},
	}
	for _, tt := range tests {
		b := newBench(t, Options{Token: tt.token})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.web.URL+messagesPath, strings.NewReader(string(encode(t, orderDetails("A-1")))))
		b.must(err)
		req.Header.Set("Authorization", tt.header)
		req.Header.Set("Content-Type", tt.contentType)
		resp, err := http.DefaultClient.Do(req)
		b.must(err)
		resp.Body.Close()
		if resp.StatusCode != tt.want {
			t.Errorf("%q as %s: answered %d, want %d", tt.header, tt.contentType, resp.StatusCode, tt.want)
		}
		if got := b.Requests()[0].Header.Get("Authorization"); got != "" {
			t.Errorf("the token was kept: %s", got)
		}
	}
}

func TestPaths(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	for path, want := range map[string]int{
		"/" + DefaultNumber + "/payments/" + config + "/A-1":       200,
		"/v15.0/" + DefaultNumber + "/payments/" + config + "/A-1": 200,
		"/v1/" + DefaultNumber + "/payments/" + config + "/A-1":    400,
		"/v24.0/" + DefaultNumber:                                  200,
		"/v24.0/" + DefaultNumber + "/nothing":                     400,
		"/v24.0/me":                                                400,
		"/v24.0":                                                   400,
	} {
		if status, out := b.request("GET", path, nil); status != want {
			t.Errorf("%s: answered %d %v, want %d", path, status, out, want)
		}
	}
}

func TestPacing(t *testing.T) {
	b := newBench(t, Options{Rules: Rules{Pacing: Pacing{PairEvery: 6 * time.Second, PairBurst: 2}}})
	code := func(m object) int {
		if status, out := b.request("POST", messagesPath, m); status != 200 {
			return errorCode(t, out)
		}
		return 0
	}
	for i, want := range []int{0, 0, 131056} {
		if got := code(text(asha)); got != want {
			t.Errorf("message %d: code %d, want %d", i, got, want)
		}
	}
	if got := code(text(ravi)); got != 0 {
		t.Errorf("another customer: code %d", got)
	}
	b.pass(6 * time.Second)
	if got := code(text(asha)); got != 0 {
		t.Errorf("after 6 s: code %d", got)
	}

	b.must(b.SetRules(Rules{Pacing: Pacing{PerSecond: 2}}))
	for i, want := range []int{0, 0, 130429} {
		if got := code(text(ravi)); got != want {
			t.Errorf("message %d of a second: code %d, want %d", i, got, want)
		}
	}
	b.must(b.SetRules(Rules{Pacing: Pacing{PerHour: 1}}))
	for i, want := range []int{200, 429} {
		if status, out := b.lookup("A-1"); (status == 429) != (want == 429) {
			t.Errorf("request %d of an hour: %d %v", i, status, out)
		}
	}
}
