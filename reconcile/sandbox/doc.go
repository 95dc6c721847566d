// Package sandbox is a local stand-in for the payments side of Meta's WhatsApp Cloud API.
//
// It speaks the Graph API as the public guides document it: order_details, order_status
// and template messages, the payment lookup, refunds, payment configurations and signed
// webhooks. Money exists in its ledger only. Someone has to be the customer: a person on
// the page at "/", a test through the methods of Server, a script through "/_sandbox".
//
//	srv, err := sandbox.New(sandbox.Options{AppSecret: "…", WebhookURL: "http://…"})
//	go srv.Run(ctx)                      // webhooks, receipts, refunds that become success
//	http.ListenAndServe("127.0.0.1:4010", srv)
//
// A test with a clock of its own leaves Run out and calls Tick.
//
// The package shares no code and no vocabulary with the program it is there to judge: what
// it accepts and refuses is read from the guides alone. Where the guides are silent or
// contradict each other there is a switch in Rules.
//
// # Faults
//
// A Fault makes one request or webhook go wrong, as often as its Times says.
//
//	where                     what            the request …              the answer
//	messages, lookup, refund  late            acts                       comes after Delay
//	                          drip            acts                       trickles over Delay
//	                          act_drop        acts                       connection dropped
//	                          act_500         acts                       500
//	                          late_effect     acts after Delay           connection dropped
//	                          twice           acts twice                 the second one's
//	                          drop            does not act               connection dropped
//	                          500             does not act               500
//	                          throttle        does not act               Code (130429), RetryAfter
//	                          error           does not act               Code (131000), Status
//	                          redirect        acts if Act                Status (307) to Location
//	                          html            acts if Act                a page in HTML
//	                          half            acts if Act                half of the JSON
//	                          gigabyte        acts if Act                Bytes (1 GiB) of JSON
//	                          empty           acts if Act                200 and nothing
//	                          answer          acts if Act                Status (200) and Body
//	messages, refund          fail_later      acts, fails after Delay    as if all were well
//	lookup                    stale           –                          the payment Delay ago
//	                          not_found       –                          reference unknown
//	webhook                   duplicate       –                          delivered twice
//	                          lost            –                          never delivered
//	                          forged          –                          followed by a forged copy
//	                          delayed         –                          delivered after Delay
//	                          reordered       –                          delivered after the next
//	                          batched         –                          delivered in the next's body
package sandbox
