package sandbox

import (
	"encoding/json"
	"strings"
	"time"
)

// Details is an order_details as it was sent, after it was found valid.
type Details struct {
	ReferenceID          string          `json:"reference_id"`
	Type                 string          `json:"type"`
	Beneficiaries        json.RawMessage `json:"beneficiaries,omitempty"`
	Currency             string          `json:"currency"`
	Total                Amount          `json:"total_amount"`
	PaymentSettings      []Setting       `json:"payment_settings,omitempty"`
	PaymentType          string          `json:"payment_type,omitempty"`
	PaymentConfiguration string          `json:"payment_configuration,omitempty"`
	Order                Goods           `json:"order"`
}

// Amount is money in minor units; Offset is always 100.
type Amount struct {
	Value       int64  `json:"value"`
	Offset      int64  `json:"offset"`
	Description string `json:"description,omitempty"`
	Program     string `json:"discount_program_name,omitempty"`
}

// Goods is the order inside an order_details.
type Goods struct {
	Status     string      `json:"status"`
	Type       string      `json:"type,omitempty"`
	CatalogID  string      `json:"catalog_id,omitempty"`
	Items      []Item      `json:"items"`
	Subtotal   Amount      `json:"subtotal"`
	Tax        Amount      `json:"tax"`
	Shipping   *Amount     `json:"shipping,omitempty"`
	Discount   *Amount     `json:"discount,omitempty"`
	Expiration *Expiration `json:"expiration,omitempty"`
}

// Item is one line of an order.
type Item struct {
	RetailerID string  `json:"retailer_id,omitempty"`
	Name       string  `json:"name"`
	Image      *Image  `json:"image,omitempty"`
	Amount     Amount  `json:"amount"`
	Sale       *Amount `json:"sale_amount,omitempty"`
	Quantity   int64   `json:"quantity"`
}

// Price is what one piece costs.
func (i Item) Price() int64 {
	if i.Sale != nil {
		return i.Sale.Value
	}
	return i.Amount.Value
}

// Image is a picture by its address or its media id.
type Image struct {
	Link string `json:"link,omitempty"`
	ID   string `json:"id,omitempty"`
}

// Expiration is when an order can no longer be paid: UTC seconds, as a string.
type Expiration struct {
	Timestamp   string `json:"timestamp"`
	Description string `json:"description,omitempty"`
}

// Setting is one way to pay.
type Setting struct {
	Type      string                     `json:"type"`
	Gateway   map[string]json.RawMessage `json:"payment_gateway,omitempty"`
	Enabled   []string                   `json:"enabled_payment_options,omitempty"`
	Link      *PaymentLink               `json:"payment_link,omitempty"`
	UPIIntent *UPIIntent                 `json:"upi_intent_link,omitempty"`
}

// PaymentLink is a page of a gateway on which to pay.
type PaymentLink struct {
	URI string `json:"uri"`
}

// UPIIntent is a upi:// link.
type UPIIntent struct {
	Link string `json:"link"`
}

// way is how an order is paid, whichever of the variants it was sent in.
type way struct {
	gateway       string // empty: the payment does not go through WhatsApp
	configuration string
	webOnly       bool           // enabled_payment_options is ["web"]
	echo          map[string]any // receipt, notes, udf1 … as lookups and webhooks return them
}

// way reads the payment settings (order_details guide, payment_settings; the older
// payment_type with payment_configuration).
func (d *Details) way() way {
	if len(d.PaymentSettings) == 0 {
		gateway, _ := strings.CutPrefix(d.PaymentType, "payment_gateway:")
		if gateway == "upi" {
			gateway = ""
		}
		return way{gateway: gateway, configuration: d.PaymentConfiguration}
	}
	s := d.PaymentSettings[0]
	if s.Type != "payment_gateway" {
		return way{configuration: d.PaymentConfiguration}
	}
	out := way{gateway: unquote(s.Gateway["type"]), configuration: unquote(s.Gateway["configuration_name"])}
	enabled := s.Enabled
	if inside := s.Gateway["enabled_payment_options"]; inside != nil {
		_ = json.Unmarshal(inside, &enabled) // found valid before
	}
	out.webOnly = len(enabled) == 1 && enabled[0] == "web"
	if own := s.Gateway[out.gateway]; own != nil {
		_ = json.Unmarshal(own, &out.echo) // found valid before
	}
	return out
}

func unquote(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // absent or found valid before
	return s
}

// expires is when the order can no longer be paid; false where it always can.
func (d *Details) expires() (time.Time, bool) {
	e := d.Order.Expiration
	if e == nil {
		return time.Time{}, false
	}
	sec, err := parseSeconds(e.Timestamp)
	return time.Unix(sec, 0), err == nil
}
