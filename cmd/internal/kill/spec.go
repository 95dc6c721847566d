package kill

import (
	"fmt"
	"strings"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// The names of the variables that hold the secrets, and what is in them.
const (
	tokenVariable, token   = "WHATSAPP_TOKEN", "EAAG-kill-loop-access-token-4711"
	secretVariable, secret = "WHATSAPP_APP_SECRET", "kill-loop-app-secret-0815"
)

// preamble is the part of the spec that stays. The rate is far above the platform's own, so
// that a run is short and a kill lands between requests and not in a wait.
const preamble = `
hisab { id = "kill" }

provider "whatsapp" "main" {
  phone_number_id = %q
  access_token    = env(%q)
  app_secret      = env(%q)
  base_url        = %q
  rate            = 2000
}

template "told" {
  provider = whatsapp.main
  name     = "told"
  language = "en"
  body     = ["${customer.name}"]
}
`

const defaults = `
defaults %q {
  provider   = whatsapp.main
  type       = "digital-goods"
  body       = "Thank you."
  catalog_id = "538246951"
  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}
`

// declared is the shop as a spec in HCL.
func (s *shop) declared(url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, preamble, sandbox.DefaultNumber, tokenVariable, secretVariable, url)
	for _, kind := range []string{"order", "invoice"} {
		fmt.Fprintf(&b, defaults, kind)
	}
	for _, w := range s.wishes {
		if !w.gone {
			w.declare(&b)
		}
	}
	return b.String()
}

func (w *wish) declare(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s %q {\n  customer {\n    name  = %q\n    phone = \"+91%s\"\n  }\n", w.kind, w.reference, w.name, w.phone)
	if w.kind == "invoice" {
		fmt.Fprintf(b, "  description = \"Fee\"\n  amount = %s\n  status = %q\n", rupees(w.total()), w.wanted())
	} else {
		fmt.Fprintf(b, "  item {\n    retailer_id = \"1234567\"\n    name        = \"Sourdough bread\"\n    amount      = %s\n    quantity    = %d\n  }\n",
			rupees(w.price), w.quantity)
		fmt.Fprintf(b, "  status          = %q\n  require_payment = %t\n", w.status, w.prepaid)
		if w.tax > 0 {
			fmt.Fprintf(b, "  tax { amount = %s }\n", rupees(w.tax))
		}
	}
	if w.cancelOnRemove {
		b.WriteString("  lifecycle { on_remove = \"cancel\" }\n")
	}
	for _, r := range w.refunds {
		fmt.Fprintf(b, "  refund %q { amount = %s }\n", r.label, rupees(r.amount))
	}
	for _, event := range w.notify {
		fmt.Fprintf(b, "  notify %q { template = template.told }\n", event)
	}
	b.WriteString("}\n")
}

func rupees(paise int64) string { return fmt.Sprintf("%d.%02d", paise/100, paise%100) }
