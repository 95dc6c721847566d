package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// story is the demo, act by act.
func story() []func(*stage, context.Context) error {
	return []func(*stage, context.Context) error{declared, billed, paid, refused, refunded, settled}
}

// declared: a folder with an order and an invoice, and a first plan.
func declared(s *stage, ctx context.Context) error {
	if err := s.tell(ctx, "A shop declares what it wants, in files that live in Git."); err != nil {
		return err
	}
	if err := s.hisab(ctx, "init", "shop"); err != nil {
		return err
	}
	if err := s.swap("hisab.hcl", "http://"+sandbox.DefaultAddr, s.url); err != nil {
		return err
	}
	s.at = filepath.Join(s.dir, "shop")
	fmt.Fprintf(s.Out, "\n%s\n", s.bright("$ cd shop"))
	if err := s.show("orders.hcl"); err != nil {
		return err
	}
	if err := s.tell(ctx, "Asha's bread should be shipped, Ravi's school fee be paid. The plan shows\nwhat that takes, why, and which line asks for it."); err != nil {
		return err
	}
	return s.hisab(ctx, "plan", "-out", "first.plan")
}

// billed: both bills go out.
func billed(s *stage, ctx context.Context) error {
	if err := s.tell(ctx, "Nothing has been sent yet. Now it is, exactly as shown."); err != nil {
		return err
	}
	return s.hisab(ctx, "apply", "first.plan")
}

// paid: the money arrives, and what waited for it goes on.
func paid(s *stage, ctx context.Context) error {
	for _, a := range []sandbox.Attempt{{Reference: "BREAD-1", Method: "upi"}, {Reference: "FEE-2026-11", Method: "card"}} {
		if err := s.sandbox.Pay(a); err != nil {
			return err
		}
	}
	if err := s.tell(ctx, "Asha opens the chat and pays ₹210.00 with UPI; Ravi pays his fee by card.\nNo file changes. The same command goes on from there:"); err != nil {
		return err
	}
	return s.hisab(ctx, "apply", "-auto-approve")
}

// refused: a paid order cannot be canceled, and the program knows it beforehand.
func refused(s *stage, ctx context.Context) error {
	if err := s.tell(ctx, "Asha's loaf is damaged, and the shop wants to cancel. WhatsApp refuses that\nonce an order is paid. The plan says so before anything is sent:"); err != nil {
		return err
	}
	if err := s.edit("orders.hcl", `status = "shipped"`, `status = "canceled"`); err != nil {
		return err
	}
	if err := s.hisab(ctx, "plan"); err != nil {
		return err
	}
	return s.hisab(ctx, "explain", "BREAD-1", "canceled")
}

const damaged = `status = "completed"

  refund "damaged-loaf" {
    amount = 100.00
    reason = "One loaf was damaged"
  }`

// refunded: the way out that the plan named.
func refunded(s *stage, ctx context.Context) error {
	if err := s.tell(ctx, "So it does what the plan says. A refund is sent once, ever, whatever becomes\nof this program on the way."); err != nil {
		return err
	}
	if err := s.edit("orders.hcl", `status = "canceled"`, damaged); err != nil {
		return err
	}
	return s.hisab(ctx, "apply", "-auto-approve")
}

// settled: nothing is left to do.
func settled(s *stage, ctx context.Context) error {
	if err := s.tell(ctx, "Run it again, as often as you like: everything is as declared."); err != nil {
		return err
	}
	if err := s.hisab(ctx, "plan"); err != nil {
		return err
	}
	if err := s.hisab(ctx, "status"); err != nil {
		return err
	}
	return s.tell(ctx, "That was the whole story. Make it yours: 'hisab init shop', and\n'hisab sandbox' to be the customer.")
}
