// Package spectest makes specs of any size to measure speed on, and does with their bytes
// the least that any program would have to: parse them, or decode them into structs.
// Speed is told as a multiple of that, which holds on any machine.
package spectest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"
)

// Syntax is what the orders of a tree are written in; its text is their files' extension.
type Syntax string

// The two spellings of a spec.
const (
	HCL  Syntax = "hcl"
	YAML Syntax = "yaml"
)

// Preamble is what a generated tree declares beside its orders, in main.hcl: a provider and
// what every order has in common. Account is what else stands in the provider's block.
func Preamble(account string) string {
	return `
provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
  ` + account + `
}
locals { shop = "Sharma Stores" }
defaults "order" {
  provider = whatsapp.main
  type     = "physical-goods"
  body     = "Thank you for ordering from ${local.shop}."
  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}
`
}

// Order writes order n, about 900 bytes of it.
func Order(b *strings.Builder, n int, syntax Syntax) {
	city := []string{"Bengaluru", "Mumbai", "Pune", "Chennai"}[n%4]
	if syntax == YAML {
		fmt.Fprintf(b, `  BM%06d:
    customer:
      name: "Asha Rao %d"
      phone: "+91 98765 %05d"
      email: "asha%d@example.in"
    footer: "GSTIN 29ABCDE1234F1Z5"
    country_of_origin: India
    importer_name: "Sharma Stores"
    importer_address:
      address_line1: "12 MG Road"
      city: "%s"
      zone_code: KA
      postal_code: "560001"
      country_code: IN
    items:
      - {retailer_id: "%d", name: "Sourdough bread", amount: 140.00, sale_amount: 100.00, quantity: 2}
      - {retailer_id: "%d", name: "Filter coffee", amount: 85.50, quantity: 1}
    tax: {amount: 10.00, description: GST}
    shipping: {amount: 10.00}
    beneficiaries:
      - name: "Asha Rao %d"
        address_line1: "%d MG Road"
        city: "%s"
        state: Karnataka
        country: India
        postal_code: "560001"
    payment: {razorpay: {receipt: "rcpt-%d"}}
    status: processing
`, n, n, n%100000, n, city, n%500, n%300, n, n%200, city, n)
		return
	}
	fmt.Fprintf(b, `order "BM%06d" {
  customer {
    name  = "Asha Rao %d"
    phone = "+91 98765 %05d"
    email = "asha%d@example.in"
  }
  footer            = "GSTIN 29ABCDE1234F1Z5"
  country_of_origin = "India"
  importer_name     = "Sharma Stores"
  importer_address {
    address_line1 = "12 MG Road"
    city          = "%s"
    zone_code     = "KA"
    postal_code   = "560001"
    country_code  = "IN"
  }
  item {
    retailer_id = "%d"
    name        = "Sourdough bread"
    amount      = 140.00
    sale_amount = 100.00
    quantity    = 2
  }
  item {
    retailer_id = "%d"
    name        = "Filter coffee"
    amount      = 85.50
    quantity    = 1
  }
  tax {
    amount      = 10.00
    description = "GST"
  }
  shipping { amount = 10.00 }
  beneficiary {
    name          = "Asha Rao %d"
    address_line1 = "%d MG Road"
    city          = "%s"
    state         = "Karnataka"
    country       = "India"
    postal_code   = "560001"
  }
  payment {
    razorpay { receipt = "rcpt-%d" }
  }
  status = "processing"
}
`, n, n, n%100000, n, city, n%500, n%300, n, n%200, city, n)
}

// perFile is how many orders a file of a tree holds.
const perFile = 100

// File returns the name and the content of file i of a tree of n orders; false where the
// tree has no such file. A tree is written file by file, so that no more than one is in
// memory.
func File(n, i int, s Syntax) (name string, content []byte, ok bool) {
	first := i * perFile
	if first >= n {
		return "", nil, false
	}
	var b strings.Builder
	if s == YAML {
		b.WriteString("orders:\n")
	}
	for j := first; j < min(first+perFile, n); j++ {
		Order(&b, j, s)
	}
	return fmt.Sprintf("orders/%05d.%s", i, s), []byte(b.String()), true
}

// Tree is a whole tree of n orders in memory.
func Tree(n int, s Syntax) fstest.MapFS {
	fsys := fstest.MapFS{"main.hcl": {Data: []byte(Preamble(""))}}
	for i := 0; ; i++ {
		name, content, ok := File(n, i, s)
		if !ok {
			return fsys
		}
		fsys[name] = &fstest.MapFile{Data: content}
	}
}

// Sizes are the numbers of orders that speed is measured on. HISAB_BENCH_ORDERS leaves out
// the larger ones: a machine that only checks that the benchmarks run needs few.
func Sizes() []int {
	sizes := []int{1_000, 10_000, 100_000}
	if most, err := strconv.Atoi(os.Getenv("HISAB_BENCH_ORDERS")); err == nil {
		sizes = slices.DeleteFunc(sizes, func(n int) bool { return n > most })
	}
	return sizes
}
