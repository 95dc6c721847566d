// Package whatsapp is Meta's WhatsApp Cloud API behind reconcile.Provider: it writes the
// domain's messages and refunds in the platform's JSON, reads its answers and webhooks,
// and says in one table what each of its error codes means.
//
// A method makes one request and no second one: it does not retry, pace, log or follow
// anything. What an answer says is judged before it is believed; no URL found in one is
// ever fetched.
//
//	c := whatsapp.New(whatsapp.Config{PhoneNumberID: "106540352242922", AccessToken: token})
//	p, err := c.Lookup(ctx, reconcile.PaymentKey{Configuration: "shop-razorpay", Reference: "BM345A-12"})
//
// The facts are Meta's guides "Receive payments via payment gateways" (orders guide),
// "Send order details template message", "Send order status template message", "Error
// codes", "Throughput" and "Webhooks", read 2026-11-20. Where a guide and its own samples
// differ, the samples are followed and the place says so.
package whatsapp
