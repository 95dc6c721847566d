// Package wire puts the parts of a run together: the adapters of a spec's providers, its
// state, the pace, the clock.
package wire

import (
	"fmt"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/provider/whatsapp"
	"github.com/hisab/hisab/schema"
	"github.com/hisab/hisab/spec"
)

// Accounts are the providers of a spec, found by address and by account.
type Accounts struct {
	byAddress map[string]string
	byAccount map[string]reconcile.Provider
	rates     map[string]int
}

var _ reconcile.Providers = (*Accounts)(nil)

// NewAccounts makes an adapter for each provider of the spec. It opens nothing. Two
// providers of one account share the first one's adapter.
func NewAccounts(s *spec.Spec, version string, now func() time.Time) (*Accounts, error) {
	a := &Accounts{byAddress: map[string]string{}, byAccount: map[string]reconcile.Provider{}, rates: map[string]int{}}
	for _, p := range s.Providers {
		if p.Type != "whatsapp" {
			return nil, fmt.Errorf("%s:%d: provider type %q is not one this version speaks to; it knows whatsapp", p.Pos.File, p.Pos.Line, p.Type)
		}
		account := whatsapp.Account(p.BaseURL, p.PhoneNumberID)
		a.byAddress[p.Address()] = account
		if _, known := a.byAccount[account]; known {
			continue
		}
		a.byAccount[account] = whatsapp.New(whatsapp.Config{
			PhoneNumberID: p.PhoneNumberID, WABAID: p.WABAID, BaseURL: p.BaseURL, APIVersion: p.APIVersion,
			AccessToken: p.AccessToken, Version: version, Now: now, Validators: validators(),
		})
		a.rates[account] = rate(p)
	}
	return a, nil
}

func rate(p *spec.Provider) int {
	if p.Rate > 0 {
		return p.Rate
	}
	return whatsapp.DefaultRate
}

// Account returns the account of a provider address in the spec.
func (a *Accounts) Account(address string) (string, bool) {
	account, ok := a.byAddress[address]
	return account, ok
}

// Provider returns the adapter of an account.
func (a *Accounts) Provider(account string) (reconcile.Provider, bool) {
	p, ok := a.byAccount[account]
	return p, ok
}

// Rate is how many requests a second an account takes.
func (a *Accounts) Rate(account string) int {
	if r := a.rates[account]; r > 0 {
		return r
	}
	return whatsapp.DefaultRate
}

// validators judge the answers to what was sent by the published schemas.
func validators() whatsapp.Validators {
	return whatsapp.Validators{Receipt: judge(schema.Send), Refund: judge(schema.Refund)}
}
