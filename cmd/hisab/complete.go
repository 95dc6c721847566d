package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/spec"
)

// offer is what the shell is offered for the argument after args.
type offer = cobra.CompletionFunc

// completeArguments says what the shell is offered after Tab, command by command; where
// nothing is said it offers the names of files. Orders come from the spec and the state of
// the folder as they are: nobody is asked.
func completeArguments(root *cobra.Command, g *global) {
	reference, status := g.offerReferences, offerWords(statusList()...)
	arguments := map[string][]offer{
		"init": {offerFolders}, "validate": {offerFolders}, "plan": {offerFolders},
		"status": {reference}, "import": {reference}, "forget": {reference}, "explain": {reference, status},
		"resolve": {}, "approve": {}, "demo": {}, "sandbox": {}, "schema": {}, "version": {},
		"help": {offerWords(commandNames(root)...)},
	}
	flags := map[string]offer{
		"chdir": offerFolders, "target": g.offerAddresses, "exclude": g.offerAddresses, "replace": g.offerAddresses,
		"status": status,
	}
	for _, c := range slices.Concat(root.Commands(), []*cobra.Command{root}) {
		if offers, ok := arguments[c.Name()]; ok {
			c.ValidArgsFunction = inTurn(offers)
		}
		for name, o := range flags {
			if c.LocalNonPersistentFlags().Lookup(name) != nil || c.PersistentFlags().Lookup(name) != nil {
				if err := c.RegisterFlagCompletionFunc(name, o); err != nil {
					panic("completion of --" + name + ": " + err.Error())
				}
			}
		}
	}
}

// inTurn offers for each argument what is said of its place, and for those beyond nothing.
func inTurn(offers []offer) offer {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(offers) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return offers[len(args)](cmd, args, begun)
	}
}

func offerFolders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func offerWords(words ...string) offer {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
}

func (g *global) offerReferences(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	refs := map[string]bool{}
	for _, o := range g.declaredHere(cmd.Context()) {
		refs[o.ReferenceID] = true
	}
	for _, ref := range g.knownHere(cmd.Context()) {
		refs[ref] = true
	}
	return beginning(refs, begun), cobra.ShellCompDirectiveNoFileComp
}

// offerAddresses leaves the keys of a for_each out: a shell has quotes of its own.
func (g *global) offerAddresses(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	addresses := map[string]bool{}
	for _, o := range g.declaredHere(cmd.Context()) {
		address, _, _ := strings.Cut(o.Address, "[")
		addresses[address] = true
	}
	return beginning(addresses, begun), cobra.ShellCompDirectiveNoFileComp
}

func beginning(words map[string]bool, begun string) []cobra.Completion {
	maps.DeleteFunc(words, func(word string, _ bool) bool { return !strings.HasPrefix(word, begun) })
	return slices.Sorted(maps.Keys(words))
}

// declaredHere are the orders of the folder's spec; none where it does not load.
func (g *global) declaredHere(ctx context.Context) []*spec.Order {
	s, _, _, err := g.readAlone(ctx, g.path("."))
	if s == nil || err != nil {
		return nil
	}
	return s.Orders
}

// knownHere are the orders of the folder's state; none where it cannot be read.
func (g *global) knownHere(ctx context.Context) (refs []string) {
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Look, alone: true, broken: true})
	if err != nil {
		return nil
	}
	defer s.close()
	for o, err := range s.World.Store.All(ctx) {
		if err != nil {
			return refs
		}
		refs = append(refs, o.Ref)
	}
	return refs
}

func statusList() (words []string) {
	for _, s := range spec.Statuses {
		words = append(words, string(s))
	}
	return words
}

func commandNames(root *cobra.Command) (names []string) {
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return names
}
