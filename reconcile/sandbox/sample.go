package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Sample sends an order as a shop would, so that a newcomer to the page has something to
// pay. It goes the way of every message and returns the message's id.
func (s *Server) Sample() (id string, err error) {
	err = s.change(func(w *world, now time.Time) error {
		if w.people[customerKey{DefaultNumber, samplePhone}] == nil {
			w.write(DefaultNumber, samplePhone, "Asha Rao", "Namaste! Two sourdough loaves and a box of nankhatai, please.", now)
		}
		body, err := json.Marshal(w.sampleOrder(now))
		if err != nil {
			return err
		}
		rep, m := w.perform(&call{Where: "messages", ID: DefaultNumber, Body: body}, now)
		if rep.status != http.StatusOK {
			return conflict("the sample was refused: %s", rep.body)
		}
		id = m.message
		return nil
	})
	return id, err
}

const samplePhone = "919876543210"

func (w *world) sampleOrder(now time.Time) map[string]any {
	type m = map[string]any
	paise := func(v int64) m { return m{"value": v, "offset": 100} }
	item := func(name string, price, quantity int64) m {
		return m{
			"name": name, "amount": paise(price), "quantity": quantity, "country_of_origin": "India",
			"importer_name": "Sharma Stores", "importer_address": m{"address_line1": "12 MG Road", "city": "Bengaluru",
				"zone_code": "KA", "postal_code": "560001", "country_code": "IN"},
		}
	}
	loaf := item("Sourdough loaf", 14000, 2)
	loaf["sale_amount"] = paise(12000)
	return m{
		"messaging_product": "whatsapp", "recipient_type": "individual", "to": samplePhone, "type": "interactive",
		"interactive": m{
			"type":   "order_details",
			"header": m{"type": "image", "image": m{"link": "https://sharma.example/bread.jpg"}},
			"body":   m{"text": "Thank you for ordering from Sharma Stores. Please pay to confirm; we bake at dawn."},
			"footer": m{"text": "GSTIN 29ABCDE1234F1Z5"},
			"action": m{"name": "review_and_pay", "parameters": m{
				"reference_id": fmt.Sprintf("SAMPLE-%d", w.next()), "type": "physical-goods", "currency": "INR",
				"payment_settings": []any{m{"type": "payment_gateway", "payment_gateway": m{
					"type": "razorpay", "configuration_name": "shop-razorpay"}}},
				"total_amount": paise(55500),
				"order": m{
					"status":     "pending",
					"items":      []any{loaf, item("Nankhatai, box of 12", 28000, 1)},
					"subtotal":   paise(52000),
					"tax":        m{"value": 2600, "offset": 100, "description": "GST 5%"},
					"shipping":   m{"value": 4000, "offset": 100, "description": "Home delivery"},
					"discount":   m{"value": 3100, "offset": 100, "discount_program_name": "Diwali"},
					"expiration": m{"timestamp": fmt.Sprint(now.Add(48 * time.Hour).Unix()), "description": "The offer ends"},
				},
			}},
		},
	}
}
