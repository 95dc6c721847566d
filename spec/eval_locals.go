package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// localValue is one entry of a locals block.
type localValue struct {
	d     *decoder
	name  string
	e     entry
	val   cty.Value
	state localState
}

type localState uint8

const (
	untouched localState = iota
	underway
	evaluatedLocal
	failedLocal
)

// locals evaluates local values in the order they need one another.
type locals struct {
	l      *loader
	values map[string]*localValue
	stack  []string
}

// collect takes over the entries of a locals block.
func (ls *locals) collect(b declared) {
	es, ok := b.d.entries(b.e.v, nil)
	if !ok {
		return
	}
	for i := range es {
		e := es[i]
		if e.v.block != nil {
			b.d.report(b.d.keyRange(&e), "Not a block", "A local value is written with an equals sign: "+e.name+" = { … }")
			continue
		}
		if !b.d.identifier(e.name, &e, "local value") {
			continue
		}
		if twin := ls.values[e.name]; twin != nil {
			b.d.duplicateKey("local."+e.name, b.d.keyRange(&e), twin.d.keyRange(&twin.e))
			continue
		}
		ls.values[e.name] = &localValue{d: b.d, name: e.name, e: e}
	}
}

// mostLocalsDeep is how far local values may lead from one to the next: each step takes a
// part of the stack.
const mostLocalsDeep = 10_000

// evaluate returns the object that local is in expressions. Values that fail are unknown in
// it, so that each mistake is reported where it is and nowhere else.
func (ls *locals) evaluate() cty.Value {
	names := ls.l.localNames
	attrs := make(map[string]cty.Value, len(names))
	for _, name := range names {
		attrs[name] = ls.value(ls.values[name])
	}
	return cty.ObjectVal(attrs)
}

func (ls *locals) value(v *localValue) cty.Value {
	switch v.state {
	case evaluatedLocal, failedLocal:
		return v.val
	case underway:
		ls.reportCycle(v)
		return cty.DynamicVal
	}
	if len(ls.stack) > mostLocalsDeep {
		v.d.report(v.d.keyRange(&v.e), "Local values too deep", fmt.Sprintf("More than %d local values need one another in a row, and this is the next. Write some of them out.", mostLocalsDeep))
		v.state, v.val = failedLocal, cty.DynamicVal
		return v.val
	}
	v.state, v.val = underway, cty.DynamicVal
	ls.stack = append(ls.stack, v.name)
	needed := make(map[string]cty.Value)
	for _, t := range v.d.references(v.e.v) {
		if t.RootName() != "local" {
			continue
		}
		for _, name := range ls.namesIn(t) {
			needed[name] = ls.value(ls.values[name])
		}
	}
	ls.stack = ls.stack[:len(ls.stack)-1]
	if v.state == failedLocal {
		return v.val
	}
	scope := ls.l.scope.NewChild()
	scope.Variables = map[string]cty.Value{"local": cty.ObjectVal(needed)}
	outer := v.d.ctx
	v.d.ctx = scope
	made := v.d.budget.madeSoFar()
	val, ok := v.d.toCty(v.e.v)
	v.d.ctx = outer
	if ok {
		ok = v.d.within(v.e.v, v.d.budget.hold(val)) && v.d.within(v.e.v, v.d.budget.keep(v.d.budget.madeSoFar()-made))
	}
	if !ok {
		v.state = failedLocal
		return v.val
	}
	v.state, v.val = evaluatedLocal, val
	return val
}

// namesIn lists the local values that a reference reads: one, or all where it names none.
func (ls *locals) namesIn(t hcl.Traversal) []string {
	if len(t) > 1 {
		if name, ok := memberName(t[1]); ok {
			if ls.values[name] == nil {
				return nil
			}
			return []string{name}
		}
	}
	return ls.l.localNames
}

func (ls *locals) reportCycle(v *localValue) {
	cycle := ls.stack[slices.Index(ls.stack, v.name):]
	for _, name := range cycle {
		ls.values[name].state = failedLocal
	}
	shown := make([]string, 0, len(cycle)+1)
	for _, name := range append(slices.Clone(cycle), v.name) {
		shown = append(shown, "local."+name)
	}
	v.d.report(v.d.keyRange(&v.e), "Local values in a cycle", strings.Join(shown, " → ")+": each needs the next. Write one of them without the others.")
}
