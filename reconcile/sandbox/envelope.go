package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// draft is a request to send that was found valid, before it takes effect.
type draft struct {
	to      string // digits
	kind    Kind
	opaque  string
	body    string
	footer  string
	header  *Image
	details *Details
	status  *statusChange
	// template is set for the template forms.
	template *sentTemplate
}

// statusChange is what an order_status asks for.
type statusChange struct {
	Reference   string
	Status      string
	Description string
}

type sentTemplate struct {
	name, language string
	body           []string // body parameters
	urlButtons     int
}

var phonePattern = pattern(`^\+?[0-9]{8,15}$`)

// orderStatuses are the values of an order_status message (order_status guide).
var orderStatuses = []string{"processing", "partially_shipped", "shipped", "completed", "canceled"}

// readMessage examines the body of POST /{phone-number-id}/messages.
func readMessage(body []byte, now time.Time) (draft, *graphError) {
	n, err := parseObject(body)
	if err != nil {
		return draft{}, err
	}
	d := draft{}
	n.oneOf("messaging_product", "whatsapp")
	if n.has("recipient_type") {
		n.oneOf("recipient_type", "individual")
	}
	d.to = strings.TrimPrefix(n.matching("to", phonePattern, "must be a phone number with its country code"), "+")
	d.opaque = n.text("biz_opaque_callback_data", maxOpaque)
	kind := n.needText("type", 0)
	switch kind {
	case "interactive":
		readInteractive(n.required("interactive"), &d, now)
	case "template":
		readTemplate(n.required("template"), &d, now)
	case "text":
		d.kind = TextMessage
		t := n.required("text")
		t.only("body", "preview_url")
		d.body = t.needText("body", 4096)
	default:
		n.fail(131051, "type %q is not part of this sandbox: interactive, template and text are", kind)
	}
	n.only("messaging_product", "recipient_type", "to", "type", "biz_opaque_callback_data", "context", kind)
	return d, n.err()
}

func readInteractive(n node, d *draft, now time.Time) {
	n.only("type", "header", "body", "footer", "action")
	kind := n.oneOf("type", "order_details", "order_status")
	d.header = readHeader(n)
	d.body = n.required("body").needText("text", maxBody)
	if f, ok := n.object("footer"); ok {
		f.only("text")
		d.footer = f.needText("text", maxFooter)
	}
	action := n.required("action")
	action.only("name", "parameters")
	switch kind {
	case "order_details":
		action.oneOf("name", "review_and_pay")
		readDetails(parameters(action), d, now)
	case "order_status":
		action.oneOf("name", "review_order")
		readStatus(action.required("parameters"), d)
	}
}

// parameters returns action.parameters, which the guide's prose calls "a stringified JSON
// object" and all of its samples write as an object: both are taken.
func parameters(action node) node {
	s, ok := action.m["parameters"].(string)
	if !ok {
		return action.required("parameters")
	}
	inner, err := parseObject([]byte(s))
	if err != nil {
		action.invalid("parameters", "is a string that holds no JSON object")
	}
	return node{first: action.first, path: action.at("parameters"), m: inner.m}
}

func readHeader(n node) *Image {
	h, ok := n.object("header")
	if !ok {
		return nil
	}
	h.only("type", "image")
	h.oneOf("type", "image")
	return readImage(h.required("image"))
}

// readImage takes a link or a media id; provider.name is a relic of the older API that
// the samples still have.
func readImage(n node) *Image {
	n.only("link", "id", "provider")
	if n.has("id") {
		return &Image{ID: n.needText("id", 0)}
	}
	return &Image{Link: n.link("link")}
}

func readDetails(n node, d *draft, now time.Time) {
	d.kind = OrderDetails
	checkDetails(n, now)
	if n.err() != nil {
		return
	}
	details, err := decodeDetails(n)
	if err != nil {
		n.fail(100, "%v", err)
	}
	d.details = &details
}

func readStatus(n node, d *draft) {
	d.kind = OrderStatus
	n.only("reference_id", "order")
	ref := checkReference(n)
	o := n.required("order")
	o.only("status", "description")
	d.status = &statusChange{
		Reference:   ref,
		Status:      o.oneOf("status", orderStatuses...),
		Description: o.text("description", maxNote),
	}
}

// readTemplate examines a template message: a plain one, or the template form of
// order_details or order_status.
func readTemplate(n node, d *draft, now time.Time) {
	d.kind = TemplateMessage
	n.only("name", "namespace", "language", "components")
	d.template = &sentTemplate{name: n.needText("name", 512)}
	lang := n.required("language")
	lang.only("policy", "code")
	d.template.language = lang.needText("code", 0)
	if lang.has("policy") {
		lang.oneOf("policy", "deterministic")
	}
	for _, c := range n.objects("components") {
		readComponent(c, d, now)
	}
}

func readComponent(c node, d *draft, now time.Time) {
	c.only("type", "sub_type", "index", "parameters")
	kind := c.oneOf("type", "header", "body", "button", "order_status")
	params := c.objects("parameters")
	switch kind {
	case "header":
		for _, p := range params {
			if p.oneOf("type", "image", "text", "document", "video") == "image" {
				d.header = readImage(p.required("image"))
			}
		}
	case "body":
		for _, p := range params {
			d.template.body = append(d.template.body, bodyParameter(p))
		}
	case "button":
		readButton(c, params, d, now)
	case "order_status":
		p := single(c, params)
		p.only("type", "order_status")
		p.oneOf("type", "order_status")
		readStatus(p.required("order_status"), d)
	}
}

func bodyParameter(p node) string {
	p.only("type", "text", "parameter_name", "currency", "date_time")
	switch kind := p.oneOf("type", "text", "currency", "date_time"); kind {
	case "text":
		return p.needText("text", maxBody)
	case "currency", "date_time":
		return p.required(kind).needText("fallback_value", 0)
	}
	return ""
}

func readButton(c node, params []node, d *draft, now time.Time) {
	index := fmt.Sprint(c.m["index"])
	if len(index) != 1 || index[0] < '0' || index[0] > '9' {
		c.invalid("index", "must be the number of the button, 0 to 9")
	}
	switch c.oneOf("sub_type", "order_details", "url", "quick_reply") {
	case "order_details":
		p := single(c, params)
		p.only("type", "action")
		p.oneOf("type", "action")
		action := p.required("action")
		action.only("order_details")
		readDetails(action.required("order_details"), d, now)
	case "url":
		p := single(c, params)
		p.only("type", "text")
		p.oneOf("type", "text")
		p.needText("text", 0)
		d.template.urlButtons++
	}
}

// single returns the one parameter of a component that has exactly one.
func single(c node, params []node) node {
	if len(params) != 1 {
		c.invalid("parameters", "must have exactly one element")
		return node{first: c.first, path: c.at("parameters[0]")}
	}
	return params[0]
}

// subject is what a fault can be aimed at, read from a body without judging it.
type subject struct {
	reference string
	kind      string
	phone     string
	status    string // of a webhook
}

// peek finds the subject of a request body.
func peek(body []byte) subject {
	type reference struct {
		ReferenceID string `json:"reference_id"`
	}
	type component struct {
		Parameters []struct {
			Action struct {
				OrderDetails reference `json:"order_details"`
			} `json:"action"`
			OrderStatus reference `json:"order_status"`
		} `json:"parameters"`
	}
	var b struct {
		reference
		To          string `json:"to"`
		Type        string `json:"type"`
		Interactive struct {
			Type   string `json:"type"`
			Action struct {
				Parameters reference `json:"parameters"`
			} `json:"action"`
		} `json:"interactive"`
		Template struct {
			Components []component `json:"components"`
		} `json:"template"`
	}
	_ = json.Unmarshal(body, &b) // what cannot be read has no subject
	s := subject{reference: b.ReferenceID, kind: b.Type, phone: strings.TrimPrefix(b.To, "+")}
	if b.Interactive.Type != "" {
		s.kind, s.reference = b.Interactive.Type, b.Interactive.Action.Parameters.ReferenceID
	}
	for _, c := range b.Template.Components {
		for _, p := range c.Parameters {
			if r := p.Action.OrderDetails.ReferenceID; r != "" {
				s.kind, s.reference = string(OrderDetails), r
			}
			if r := p.OrderStatus.ReferenceID; r != "" {
				s.kind, s.reference = string(OrderStatus), r
			}
		}
	}
	return s
}
