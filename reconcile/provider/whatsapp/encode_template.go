package whatsapp

import (
	"errors"
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// template is a message in an approved form, which may be sent outside the 24-hour window.
// The Cloud API takes no namespace.
type template struct {
	Name       string      `json:"name"`
	Language   language    `json:"language"`
	Components []component `json:"components,omitzero"`
}

type language struct {
	Policy string `json:"policy"`
	Code   string `json:"code"`
}

// component fills one part of a template. Index is a number for order_details and a string
// for a URL button, as the guides' samples have it.
type component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitzero"`
	Index      any         `json:"index,omitempty"`
	Parameters []parameter `json:"parameters"`
}

// parameter is one value; which field is set follows from Type.
type parameter struct {
	Type        string            `json:"type"`
	Text        string            `json:"text,omitzero"`
	Image       *link             `json:"image,omitzero"`
	Action      *templateAction   `json:"action,omitzero"`
	OrderStatus *statusParameters `json:"order_status,omitzero"`
}

type templateAction struct {
	OrderDetails *parameters `json:"order_details"`
}

func encodeTemplate(m reconcile.Message) (*template, error) {
	r := m.Template
	t := &template{
		Name:     r.Name,
		Language: language{Policy: "deterministic", Code: r.Language},
	}
	if r.HeaderImage != "" {
		t.add(component{Type: "header", Parameters: []parameter{{Type: "image", Image: &link{r.HeaderImage}}}})
	}
	if len(r.Body) > 0 {
		t.add(component{Type: "body", Parameters: textParameters(r.Body)})
	}
	if r.Button != "" && m.Kind == reconcile.OrderDetails {
		return nil, errors.New("an order_details template has a button of its own and takes no URL suffix")
	}
	if r.Button != "" {
		t.add(component{Type: "button", SubType: "url", Index: "0", Parameters: textParameters([]string{r.Button})})
	}
	switch m.Kind {
	case reconcile.OrderDetails:
		p, err := encodeParameters(m)
		if err != nil {
			return nil, err
		}
		t.add(component{Type: "button", SubType: "order_details", Index: 0, Parameters: []parameter{
			{Type: "action", Action: &templateAction{p}},
		}})
	case reconcile.OrderStatus:
		t.add(component{Type: "order_status", Parameters: []parameter{
			{Type: "order_status", OrderStatus: encodeStatus(m)},
		}})
	case reconcile.TemplateOnly:
	default:
		return nil, fmt.Errorf("there is no message of kind %q", m.Kind)
	}
	return t, nil
}

func (t *template) add(c component) { t.Components = append(t.Components, c) }

func textParameters(values []string) []parameter {
	out := make([]parameter, len(values))
	for i, v := range values {
		out[i] = parameter{Type: "text", Text: v}
	}
	return out
}
