package whatsapp

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// maxOpaque is the longest biz_opaque_callback_data in characters (status webhook guide).
const maxOpaque = 512

// envelope is what every message shares (orders guide, "Add Common Message Parameters").
// The guide's order_status sample leaves messaging_product out; it is always sent.
type envelope struct {
	MessagingProduct string       `json:"messaging_product"`
	RecipientType    string       `json:"recipient_type"`
	To               string       `json:"to"`
	Type             string       `json:"type"`
	Opaque           string       `json:"biz_opaque_callback_data,omitzero"`
	Interactive      *interactive `json:"interactive,omitzero"`
	Template         *template    `json:"template,omitzero"`
}

// interactive is a free-form order message: order_details or order_status.
type interactive struct {
	Type   string  `json:"type"`
	Header *header `json:"header,omitzero"`
	Body   text    `json:"body"`
	Footer *text   `json:"footer,omitzero"`
	Action action  `json:"action"`
}

type text struct {
	Text string `json:"text"`
}

// header is a picture above the message. The guide's image.provider is a relic of the
// On-Premises API and not sent.
type header struct {
	Type  string `json:"type"`
	Image link   `json:"image"`
}

type link struct {
	Link string `json:"link"`
}

// action carries the order. The guide calls parameters "a stringified JSON object"; all of
// its samples nest an object, and so do we.
type action struct {
	Name       string `json:"name"`
	Parameters any    `json:"parameters"`
}

// encodeMessage writes a message as the body of POST /messages. An error says what the
// message lacks; nothing can be sent for it.
func encodeMessage(m reconcile.Message) ([]byte, error) {
	e := envelope{
		MessagingProduct: "whatsapp",
		RecipientType:    "individual",
		To:               m.To,
		Opaque:           m.Opaque,
	}
	if len([]rune(m.Opaque)) > maxOpaque {
		return nil, fmt.Errorf("the callback data is over %d characters", maxOpaque)
	}
	var err error
	if m.Template != nil {
		e.Type = "template"
		e.Template, err = encodeTemplate(m)
	} else {
		e.Type = "interactive"
		e.Interactive, err = encodeInteractive(m)
	}
	if err != nil {
		return nil, err
	}
	return marshal(e)
}

func encodeInteractive(m reconcile.Message) (*interactive, error) {
	switch m.Kind {
	case reconcile.OrderDetails:
		p, err := encodeParameters(m)
		if err != nil {
			return nil, err
		}
		return &interactive{
			Type:   "order_details",
			Header: imageHeader(m.Order.HeaderImage),
			Body:   text{m.Order.Body},
			Footer: optionalText(m.Order.Footer),
			Action: action{Name: "review_and_pay", Parameters: p},
		}, nil
	case reconcile.OrderStatus:
		return &interactive{
			Type:   "order_status",
			Body:   text{m.Body},
			Footer: optionalText(m.Footer),
			Action: action{Name: "review_order", Parameters: encodeStatus(m)},
		}, nil
	}
	return nil, fmt.Errorf("a message of kind %q needs a template", m.Kind)
}

func imageHeader(url string) *header {
	if url == "" {
		return nil
	}
	return &header{Type: "image", Image: link{url}}
}

func optionalText(s string) *text {
	if s == "" {
		return nil
	}
	return &text{s}
}

// amount is money on the wire: value in minor units, offset how many make one unit. The
// order says the currency once, beside its total.
type amount struct {
	Value  int64 `json:"value"`
	Offset int64 `json:"offset"`
}

func encodeAmount(a spec.Amount) amount { return amount{Value: int64(a), Offset: spec.Offset} }

// marshal writes JSON with sorted map keys, so that equal messages are equal bytes. Text
// is written as it is: & < > and URLs are not escaped.
func marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("a text of the message is not valid UTF-8")
	}
	return b, nil
}
