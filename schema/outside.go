package schema

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

const base = "https://hisab.dev/schema/"

//go:embed whatsapp-*.schema.json
var documents embed.FS

// Webhook is the body of a WhatsApp webhook. Like the three below it is liberal: unknown
// members, missing optionals, and digits as text where a number is meant are allowed; it
// guards the types of what is read. Each is compiled at its first use, once.
func Webhook() *Guard { return webhook() }

// Payments is the answer of WhatsApp's payment lookup, in the shape of the guide
// (total_amount, refunds in a transaction) and the newer one (amount).
func Payments() *Guard { return payments() }

// Send is WhatsApp's answer to POST /messages.
func Send() *Guard { return send() }

// Refund is WhatsApp's answer to POST /payments_refund. What it refuses proves nothing
// about the refund: the outcome is unknown.
func Refund() *Guard { return refund() }

var (
	webhook  = lazily("whatsapp-webhook")
	payments = lazily("whatsapp-payments")
	send     = lazily("whatsapp-send")
	refund   = lazily("whatsapp-refund")
)

// lazily defers compiling to the first use, so that a command that meets no platform does
// not pay for it.
func lazily(name string) func() *Guard {
	return sync.OnceValue(func() *Guard { return &Guard{mustCompile(name)} })
}

func mustCompile(name string) *jsonschema.Schema {
	c := newCompiler()
	for _, n := range []string{"whatsapp-common", name} {
		doc, err := documents.ReadFile(n + ".schema.json")
		if err == nil {
			err = c.AddResource(base+n+".json", bytes.NewReader(doc))
		}
		if err != nil {
			panic(fmt.Sprintf("the embedded schema %s cannot be read: %v", n, err))
		}
	}
	return c.MustCompile(base + name + ".json")
}

func refuseLoad(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s is not embedded", url)
}
