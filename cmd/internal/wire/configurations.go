package wire

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/hisab/hisab/reconcile/provider/whatsapp"
	"github.com/hisab/hisab/spec"
)

// Configurations holds the payment configurations that the orders of a plan name against
// those the business account has, for each provider that names its waba_id, and returns a
// remark on each that is not usable. WhatsApp takes a bill with a wrong name all the same,
// and its customer cannot pay (orders guide, configuration_name).
func (a *Accounts) Configurations(ctx context.Context, s *spec.Spec, orders []*spec.Order) []string {
	var remarks []string
	for _, p := range s.Providers {
		if p.WABAID == "" {
			continue
		}
		named := configurationsOf(orders, p.Address())
		client, ok := a.byAccount[a.byAddress[p.Address()]].(*whatsapp.Client)
		if !ok || len(named) == 0 {
			continue
		}
		has, err := client.PaymentConfigurations(ctx)
		if err != nil {
			remarks = append(remarks, fmt.Sprintf("the payment configurations of %s could not be listed, so their names are not checked: %v", p.Address(), err))
			continue
		}
		for _, name := range named {
			if r := judgeConfiguration(name, has); r != "" {
				remarks = append(remarks, fmt.Sprintf("%s: %s", p.Address(), r))
			}
		}
	}
	return remarks
}

// configurationsOf lists the configurations that a provider's orders name, sorted.
func configurationsOf(orders []*spec.Order, provider string) []string {
	seen := map[string]bool{}
	for _, o := range orders {
		if o.Provider == provider && o.Payment != nil && o.Payment.Configuration != "" {
			seen[o.Payment.Configuration] = true
		}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func judgeConfiguration(name string, has []whatsapp.PaymentConfiguration) string {
	i := slices.IndexFunc(has, func(c whatsapp.PaymentConfiguration) bool { return c.Name == name })
	if i >= 0 && has[i].Active() {
		return ""
	}
	if i >= 0 {
		return fmt.Sprintf("the payment configuration %q has the status %q, so customers cannot pay with it yet; finish it in WhatsApp Manager", name, strings.ReplaceAll(has[i].Status, "_", " "))
	}
	known := make([]string, len(has))
	for i := range has {
		known[i] = fmt.Sprintf("%q", has[i].Name)
	}
	sort.Strings(known)
	if len(known) == 0 {
		return fmt.Sprintf("there is no payment configuration %q, nor any other; customers could not pay. Make it in WhatsApp Manager", name)
	}
	return fmt.Sprintf("there is no payment configuration %q, and customers could not pay; there are %s", name, strings.Join(known, ", "))
}
