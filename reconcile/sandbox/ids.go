package sandbox

import (
	"encoding/base64"
	"fmt"
	"io"
)

const (
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
)

// random returns n characters of the alphabet.
func (w *world) random(alphabet string, n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(w.rand, b); err != nil {
		panic(fmt.Sprintf("sandbox: the source of randomness given to New ended: %v", err))
	}
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// wamid returns a message id as WhatsApp writes them.
func (w *world) wamid(phone string) string {
	return "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1d\x0c"+phone+"\x15\x02\x00\x11\x18\x12"+w.random(base62, 18)))
}

func (w *world) traceID() string   { return "A" + w.random(base62, 21) }
func (w *world) refundID() string  { return "rfnd_" + w.random(base62, 14) }
func (w *world) webhookID() string { return "gBGG" + w.random(base62, 22) }

// transactionIDs returns the id of the order and of the payment as each gateway writes
// them.
func (w *world) transactionIDs(gateway string) (order, payment string) {
	switch gateway {
	case "payu":
		return "txn" + w.random(digits, 16), "4039" + w.random(digits, 14)
	case "billdesk":
		return "OA" + w.random(base62, 14), "X456" + w.random(digits, 10)
	case "zaakpay":
		return "ZP" + w.random(digits, 14), "ZPT" + w.random(digits, 12)
	}
	return "order_" + w.random(base62, 14), "pay_" + w.random(base62, 14)
}
