package whatsapp

import (
	"errors"
	"strconv"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// parameters is what order_details asks the customer to pay (orders guide, "Parameters
// Object"). It is the same in the interactive and in the template form.
type parameters struct {
	ReferenceID     string        `json:"reference_id"`
	Type            string        `json:"type"`
	Beneficiaries   []beneficiary `json:"beneficiaries,omitzero"`
	PaymentType     string        `json:"payment_type,omitzero"` // payment links alone still need it
	PaymentSettings []setting     `json:"payment_settings"`
	Currency        string        `json:"currency"`
	TotalAmount     amount        `json:"total_amount"`
	Order           order         `json:"order"`
}

// order is the orders guide's "Order Object". Its type is a flag in disguise: quick_pay
// or absent.
type order struct {
	Status     string      `json:"status"`
	Type       string      `json:"type,omitzero"`
	CatalogID  string      `json:"catalog_id,omitzero"`
	Expiration *expiration `json:"expiration,omitzero"`
	Items      []item      `json:"items"`
	Subtotal   amount      `json:"subtotal"`
	Tax        charge      `json:"tax"`
	Shipping   *charge     `json:"shipping,omitzero"`
	Discount   *discount   `json:"discount,omitzero"`
}

type item struct {
	RetailerID      string           `json:"retailer_id,omitzero"`
	Name            string           `json:"name"`
	Image           *link            `json:"image,omitzero"`
	Amount          amount           `json:"amount"`
	Quantity        int64            `json:"quantity"`
	SaleAmount      *amount          `json:"sale_amount,omitzero"`
	CountryOfOrigin string           `json:"country_of_origin,omitzero"`
	ImporterName    string           `json:"importer_name,omitzero"`
	ImporterAddress *importerAddress `json:"importer_address,omitzero"` // the table's importer_adress is a typo
}

type importerAddress struct {
	AddressLine1 string `json:"address_line1,omitzero"`
	AddressLine2 string `json:"address_line2,omitzero"`
	City         string `json:"city,omitzero"`
	ZoneCode     string `json:"zone_code,omitzero"`
	PostalCode   string `json:"postal_code,omitzero"`
	CountryCode  string `json:"country_code,omitzero"`
}

type charge struct {
	Value       int64  `json:"value"`
	Offset      int64  `json:"offset"`
	Description string `json:"description,omitzero"`
}

type discount struct {
	Value       int64  `json:"value"`
	Offset      int64  `json:"offset"`
	Description string `json:"description,omitzero"`
	ProgramName string `json:"discount_program_name,omitzero"`
}

// expiration's timestamp is a string of UTC epoch seconds.
type expiration struct {
	Timestamp   string `json:"timestamp"`
	Description string `json:"description,omitzero"`
}

type beneficiary struct {
	Name         string `json:"name"`
	AddressLine1 string `json:"address_line1"`
	AddressLine2 string `json:"address_line2,omitzero"`
	City         string `json:"city"`
	State        string `json:"state"`
	Country      string `json:"country"`
	PostalCode   string `json:"postal_code"`
}

func encodeParameters(m reconcile.Message) (*parameters, error) {
	o := m.Order
	if o == nil {
		return nil, errors.New("there is no order to bill")
	}
	p := &parameters{
		ReferenceID: m.Reference,
		Type:        o.Type,
		Currency:    o.Currency,
		TotalAmount: encodeAmount(o.Total),
		Order:       encodeOrder(o),
	}
	for _, b := range o.Beneficiaries {
		p.Beneficiaries = append(p.Beneficiaries, beneficiary(b))
	}
	var err error
	p.PaymentType, p.PaymentSettings, err = encodePayment(o.Payment)
	return p, err
}

func encodeOrder(o *spec.Order) order {
	out := order{
		Status:    string(spec.Pending), // the only one that order_details may carry
		CatalogID: o.CatalogID,
		Items:     make([]item, len(o.Items)),
		Subtotal:  encodeAmount(o.Subtotal),
		Tax:       encodeCharge(o.Tax),
	}
	if o.QuickPay {
		out.Type = "quick_pay"
	}
	if e := o.Expiration; e != nil {
		out.Expiration = &expiration{
			Timestamp:   strconv.FormatInt(e.Timestamp.Unix(), 10),
			Description: e.Description,
		}
	}
	for i := range o.Items {
		out.Items[i] = encodeItem(&o.Items[i])
	}
	if o.Shipping != nil {
		c := encodeCharge(*o.Shipping)
		out.Shipping = &c
	}
	if d := o.Discount; d != nil {
		out.Discount = &discount{int64(d.Amount), spec.Offset, d.Description, d.ProgramName}
	}
	return out
}

func encodeItem(i *spec.Item) item {
	out := item{
		RetailerID:      i.RetailerID,
		Name:            i.Name,
		Amount:          encodeAmount(i.Amount),
		Quantity:        i.Quantity,
		CountryOfOrigin: i.CountryOfOrigin,
		ImporterName:    i.ImporterName,
		ImporterAddress: (*importerAddress)(i.ImporterAddress),
	}
	if i.Image != "" {
		out.Image = &link{i.Image}
	}
	if i.SaleAmount != nil {
		a := encodeAmount(*i.SaleAmount)
		out.SaleAmount = &a
	}
	return out
}

func encodeCharge(c spec.Charge) charge {
	return charge{int64(c.Amount), spec.Offset, c.Description}
}
