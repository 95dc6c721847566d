package spec

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"gopkg.in/yaml.v3"
)

const benchPreamble = `
provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
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

// benchOrder writes order n, about 900 bytes of it, in HCL or YAML.
func benchOrder(b *strings.Builder, n int, inYAML bool) {
	city := []string{"Bengaluru", "Mumbai", "Pune", "Chennai"}[n%4]
	if inYAML {
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

// benchTree makes a spec of n orders, 100 to a file.
func benchTree(n int, inYAML bool) fstest.MapFS {
	fsys := fstest.MapFS{"main.hcl": {Data: []byte(benchPreamble)}}
	ext, header := "hcl", ""
	if inYAML {
		ext, header = "yaml", "orders:\n"
	}
	for i := 0; i < n; i += 100 {
		b := strings.Builder{}
		b.WriteString(header)
		for j := i; j < min(i+100, n); j++ {
			benchOrder(&b, j, inYAML)
		}
		fsys[fmt.Sprintf("orders/%05d.%s", i/100, ext)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return fsys
}

// cpuTime is what this process has used on all processors.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchLoad measures Load against the bare parser of the same bytes, in CPU time, in turns.
func benchLoad(b *testing.B, n int, inYAML bool, parse func(name string, src []byte) error) {
	fsys := benchTree(n, inYAML)
	var loading, parsing time.Duration
	var bytes int
	var before, live uint64
	for b.Loop() {
		runtime.GC()
		before = heapInUse()
		start := cpuTime(b)
		s, diags := Load(fsys, Options{})
		loading += cpuTime(b) - start
		if s == nil || len(s.Orders) != n {
			b.Fatal(diags.Error())
		}
		runtime.GC()
		live = heapInUse() - before
		runtime.KeepAlive(s)
		s = nil
		runtime.GC()
		start = cpuTime(b)
		bytes = 0
		names, _ := fs.Glob(fsys, "orders/*")
		parallel(len(names), func(i int, _ *pools) {
			src, err := fs.ReadFile(fsys, names[i])
			if err == nil {
				err = parse(names[i], src)
			}
			if err != nil {
				panic(err)
			}
		})
		for _, name := range names {
			bytes += len(fsys[name].Data)
		}
		parsing += cpuTime(b) - start
	}
	b.ReportMetric(float64(loading)/float64(parsing), "x_parse")
	b.ReportMetric(float64(loading.Microseconds())/float64(b.N)/float64(n), "cpu_us/order")
	b.ReportMetric(float64(bytes)/float64(n), "B/order_source")
	b.ReportMetric(float64(live)/float64(n), "B/order_kept")
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func bareHCL(name string, src []byte) error {
	_, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
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

func bareYAML(_ string, src []byte) error {
	var doc struct {
		Orders map[string]plainOrder `yaml:"orders"`
	}
	return yaml.Unmarshal(src, &doc)
}

func BenchmarkLoadHCL1k(b *testing.B)   { benchLoad(b, 1_000, false, bareHCL) }
func BenchmarkLoadHCL10k(b *testing.B)  { benchLoad(b, 10_000, false, bareHCL) }
func BenchmarkLoadHCL100k(b *testing.B) { benchLoad(b, 100_000, false, bareHCL) }
func BenchmarkLoadYAML1k(b *testing.B)  { benchLoad(b, 1_000, true, bareYAML) }
func BenchmarkLoadYAML10k(b *testing.B) { benchLoad(b, 10_000, true, bareYAML) }
