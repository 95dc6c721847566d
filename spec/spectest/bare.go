package spectest

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"gopkg.in/yaml.v3"
)

// Parse does the least with the bytes of one file. It keeps nothing.
func (s Syntax) Parse(name string, src []byte) error {
	if s == YAML {
		var doc struct {
			Orders map[string]plainOrder `yaml:"orders"`
		}
		return yaml.Unmarshal(src, &doc)
	}
	if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
		return diags
	}
	return nil
}

// The structs that a program without a language of its own would decode YAML into.
type (
	plainCharge struct {
		Amount      string `yaml:"amount"`
		Description string `yaml:"description"`
	}
	plainAddress struct {
		Name         string `yaml:"name"`
		AddressLine1 string `yaml:"address_line1"`
		City         string `yaml:"city"`
		State        string `yaml:"state"`
		Country      string `yaml:"country"`
		ZoneCode     string `yaml:"zone_code"`
		PostalCode   string `yaml:"postal_code"`
		CountryCode  string `yaml:"country_code"`
	}
	plainItem struct {
		RetailerID string `yaml:"retailer_id"`
		Name       string `yaml:"name"`
		Amount     string `yaml:"amount"`
		SaleAmount string `yaml:"sale_amount"`
		Quantity   int    `yaml:"quantity"`
	}
	plainOrder struct {
		Customer struct {
			Name  string `yaml:"name"`
			Phone string `yaml:"phone"`
			Email string `yaml:"email"`
		} `yaml:"customer"`
		Footer          string         `yaml:"footer"`
		CountryOfOrigin string         `yaml:"country_of_origin"`
		ImporterName    string         `yaml:"importer_name"`
		ImporterAddress plainAddress   `yaml:"importer_address"`
		Items           []plainItem    `yaml:"items"`
		Tax             plainCharge    `yaml:"tax"`
		Shipping        plainCharge    `yaml:"shipping"`
		Beneficiaries   []plainAddress `yaml:"beneficiaries"`
		Payment         struct {
			Razorpay struct {
				Receipt string `yaml:"receipt"`
			} `yaml:"razorpay"`
		} `yaml:"payment"`
		Status string `yaml:"status"`
	}
)
