package spec

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Providers that the language knows and this version does not speak yet.
var laterProviders = []string{"dialog360", "exotel", "onemsg", "ottu", "smtp"}

var apiVersion = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]{1,3}$`)

// collectAddresses notes what can be referred to, before anything is evaluated.
func (l *loader) collectAddresses(p *preamble) {
	l.addresses = map[target]map[string]string{toProvider: {}, toGateway: {}, toTemplate: {}}
	note := func(kind target, prefix []string, b *declared) {
		address := strings.Join(append(prefix, b.labels...), ".")
		l.addresses[kind][address] = address
	}
	for i := range p.providers {
		note(toProvider, nil, &p.providers[i])
	}
	for i := range p.gateways {
		note(toGateway, nil, &p.gateways[i])
	}
	for i := range p.templates {
		note(toTemplate, []string{"template"}, &p.templates[i])
	}
}

// first reports a block whose address is taken already.
func first(b *declared, address string, taken map[string]*declared) bool {
	if twin := taken[address]; twin != nil {
		b.d.duplicateKey(address, b.at(), twin.at())
		return false
	}
	taken[address] = b
	return true
}

func (l *loader) providerBlocks(blocks []declared) []*Provider {
	taken := make(map[string]*declared)
	var providers []*Provider
	for i := range blocks {
		b := &blocks[i]
		p := &Provider{Type: b.labels[0], Name: b.labels[1], Pos: b.pos(), BaseURL: "https://graph.facebook.com", APIVersion: DefaultAPIVersion}
		if !knownAccount(b) || !b.d.identifier(p.Name, &b.e, "provider") || !first(b, p.Address(), taken) {
			continue
		}
		l.decodeAccount(b, func() { decode(b.d, whatsappTable, p, b.e.v) })
		if !apiVersion.MatchString(p.APIVersion) {
			b.d.report(b.d.locate(b.e.v, "api_version", b.at()), "Invalid api_version", "Write a version of the Graph API, such as "+DefaultAPIVersion+".")
		}
		providers = append(providers, p)
	}
	slices.SortFunc(providers, func(a, b *Provider) int { return strings.Compare(a.Address(), b.Address()) })
	return providers
}

func (l *loader) gatewayBlocks(blocks []declared) []*Gateway {
	taken := make(map[string]*declared)
	var gateways []*Gateway
	for i := range blocks {
		b := &blocks[i]
		g := &Gateway{Type: b.labels[0], Name: b.labels[1], Pos: b.pos()}
		if !knownAccount(b) || !b.d.identifier(g.Name, &b.e, "gateway") || !first(b, g.Address(), taken) {
			continue
		}
		kind := gatewayKinds[g.Type]
		g.BaseURL = kind.base
		l.decodeAccount(b, func() { decode(b.d, kind.table, g, b.e.v) })
		gateways = append(gateways, g)
	}
	slices.SortFunc(gateways, func(a, b *Gateway) int { return strings.Compare(a.Address(), b.Address()) })
	return gateways
}

// decodeAccount decodes a block that may hold secrets.
func (l *loader) decodeAccount(b *declared, decode func()) {
	b.d.secrets, b.d.unknown = true, false
	decode()
	b.d.secrets, b.d.unknown = false, false
}

// knownAccount reports a provider or gateway of a type that there is not; also where YAML
// names the type and no account of it.
func knownAccount(b *declared) bool {
	switch b.kind {
	case "provider":
		return knownType(b, "provider", []string{"whatsapp"}, laterProviders)
	case "gateway":
		return knownType(b, "gateway", slices.Sorted(maps.Keys(gatewayKinds)), nil)
	}
	return true
}

func knownType(b *declared, what string, kinds, later []string) bool {
	given := b.labels[0]
	if slices.Contains(kinds, given) {
		return true
	}
	detail := "This version supports " + what + " " + oneOf(kinds) + "." + didYouMean(given, kinds)
	if slices.Contains(later, given) {
		detail = given + " is not supported by this version. It supports " + what + " " + oneOf(kinds) + "."
	}
	b.d.report(b.labelRange(0), "Unsupported "+what+" type", detail)
	return false
}
