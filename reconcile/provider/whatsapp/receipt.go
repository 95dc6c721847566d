package whatsapp

import (
	"github.com/hisab/hisab/reconcile"
)

// readReceipt reads the answer to a message. Without an id nobody can say whether there is
// a message.
func (c *Client) readReceipt(a answer, m reconcile.Message) (reconcile.Receipt, error) {
	if _, refusedIt := readRefusal(a.body); refusedIt || !success(a.status) {
		return reconcile.Receipt{}, c.refusal(onMessage, a, &m)
	}
	var r struct {
		Messages []struct {
			ID            string `json:"id"`
			MessageStatus string `json:"message_status"`
		} `json:"messages"`
	}
	if err := c.readAnswer(a, c.config.Validators.Receipt, &r); err != nil {
		return reconcile.Receipt{}, err
	}
	if len(r.Messages) != 1 || r.Messages[0].ID == "" || len(r.Messages[0].ID) > maxID {
		return reconcile.Receipt{}, unreadable(a.status, "the platform accepted the message without giving it an id")
	}
	return reconcile.Receipt{MessageID: r.Messages[0].ID, Note: remark(word(r.Messages[0].MessageStatus))}, nil
}

// readRefund reads the answer to a refund. Whatever is not an id and a status in a
// successful answer leaves the refund unknown.
func (c *Client) readRefund(a answer, asked reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	if _, refusedIt := readRefusal(a.body); refusedIt || !success(a.status) {
		return reconcile.RefundAnswer{}, c.refusal(onRefund, a, nil)
	}
	var r struct {
		ID             word       `json:"id"`
		Status         string     `json:"status"`
		SpeedProcessed word       `json:"speed_processed"`
		Amount         seenAmount `json:"amount"` // not documented, judged where given
	}
	if err := c.readAnswer(a, c.config.Validators.Refund, &r); err != nil {
		return reconcile.RefundAnswer{}, err
	}
	if r.ID == "" || len(r.ID) > maxID {
		return reconcile.RefundAnswer{}, unreadable(a.status, "the platform took the refund without giving it an id")
	}
	if r.Amount.given {
		got, err := r.Amount.minor()
		if err != nil || got != asked.Amount || r.Amount.currency != "" && string(r.Amount.currency) != asked.Currency {
			return reconcile.RefundAnswer{}, unreadable(a.status, "the platform answered with another amount than was asked for")
		}
	}
	return reconcile.RefundAnswer{ID: string(r.ID), State: refundState(r.Status), Speed: remark(r.SpeedProcessed)}, nil
}

// readAnswer decodes a successful answer that its schema, where there is one, lets pass.
func (c *Client) readAnswer(a answer, check func([]byte) error, into any) error {
	if check != nil && check(a.body) != nil {
		return unreadable(a.status, "the platform's answer does not fit its schema")
	}
	if err := read(a.body, into); err != nil {
		return unreadable(a.status, "the platform's answer cannot be read: "+err.Error())
	}
	return nil
}

func success(status int) bool { return status >= 200 && status < 300 }
