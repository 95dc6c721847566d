package spec

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"gopkg.in/yaml.v3"
)

// eval evaluates an expression. Where secrets may stand they lose their mark here, and it
// is the caller who keeps them; elsewhere they are refused.
func (d *decoder) eval(expr hclsyntax.Expression) (cty.Value, bool) {
	if !d.examine(expr) {
		return cty.NilVal, false
	}
	d.budget.begin()
	val, diags := expr.Value(d.ctx)
	d.add(d.explain(expr, diags))
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	if d.base != nil && !d.within(value{expr: expr}, d.budget.keep(ownBytes(val))) {
		return cty.NilVal, false
	}
	if !d.sensitive && !d.secrets {
		return val, true
	}
	bareVal, marks := val.UnmarkDeep()
	d.veiled = d.veiled || len(marks) > 0
	if len(marks) > 0 && !d.secrets {
		d.report(expr.Range(), "A secret cannot stand here", "This field is stored and shown, and the expression holds a sensitive value. Secrets belong into provider, gateway and hisab blocks.")
		return cty.NilVal, false
	}
	return bareVal, true
}

// examine walks an expression before it is evaluated: it puts it on the budget, and reports
// what may not stand in it. env is looked for in the syntax, because try would hide an error
// of the function.
func (d *decoder) examine(expr hclsyntax.Expression) bool {
	sound := true
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		d.budget.meter(n)
		switch x := n.(type) {
		case *hclsyntax.FunctionCallExpr:
			if x.Name == "env" && !d.secrets && sound {
				d.report(x.Range(), "env cannot stand here", "env is for secrets, in hisab, provider and gateway blocks. Declare a variable, write var.NAME here, and set it with --var or HISAB_VAR_NAME.")
				sound = false
			}
		case *hclsyntax.LiteralValueExpr:
			sound = d.writable(x.Val, x.Range()) && sound
		case *hclsyntax.ScopeTraversalExpr:
			sound = d.indexable(x.Traversal) && sound
		case *hclsyntax.RelativeTraversalExpr:
			sound = d.indexable(x.Traversal) && sound
		}
		return nil
	})
	return sound
}

// writable refuses a number that nobody could write out.
func (d *decoder) writable(v cty.Value, at hcl.Range) bool {
	if hugeNumber(v) {
		d.report(at, "Invalid number", manyDigits)
		return false
	}
	return true
}

// indexable does the same for the indices of a reference.
func (d *decoder) indexable(t hcl.Traversal) bool {
	sound := true
	for _, step := range t {
		if index, ok := step.(hcl.TraverseIndex); ok {
			sound = d.writable(index.Key, index.SrcRange) && sound
		}
	}
	return sound
}

// explain puts a better word in the place of HCL's where a var or local is not declared.
func (d *decoder) explain(expr hclsyntax.Expression, diags hcl.Diagnostics) hcl.Diagnostics {
	if len(diags) == 0 {
		return nil
	}
	var better hcl.Diagnostics
	for _, t := range expr.Variables() {
		if diag := d.undeclared(t); diag != nil {
			better = append(better, diag)
		}
	}
	for _, diag := range diags {
		covered := false
		for _, b := range better {
			covered = covered || diag.Subject != nil && diag.Subject.Overlaps(*b.Subject)
		}
		if !covered {
			better = append(better, d.meantElsewise(expr, diag))
		}
	}
	return better
}

// meantElsewise adds the way out where a name that is none of a variable was likely meant to
// be something else.
func (d *decoder) meantElsewise(expr hclsyntax.Expression, diag *hcl.Diagnostic) *hcl.Diagnostic {
	if diag.Summary != "Unknown variable" || diag.Subject == nil {
		return diag
	}
	bare, isBare := inner(expr).(*hclsyntax.ScopeTraversalExpr)
	for _, t := range expr.Variables() {
		root := t.RootName()
		switch {
		case t[0].SourceRange() != *diag.Subject:
		case root == "each":
			diag.Detail += " An order or invoice has it by for_each, and this block has none."
		case isBare && len(bare.Traversal) == 1 && isHCL(d.file):
			diag.Detail += " A text stands in quotes: " + strconv.Quote(root) + "."
		}
	}
	return diag
}

// undeclared reports a reference to a var or local that is nowhere declared.
func (d *decoder) undeclared(t hcl.Traversal) *hcl.Diagnostic {
	var names []string
	root := t.RootName()
	switch root {
	case "var":
		names = d.varNames
	case "local":
		names = d.localNames
	}
	if len(t) < 2 || d.preambleBroken {
		return nil
	}
	name, ok := memberName(t[1])
	if !ok {
		return nil
	}
	if kind := addressRoots[root]; kind != "" {
		return d.undeclaredAddress(kind, root+"."+name, t)
	}
	if root != "var" && root != "local" {
		return nil
	}
	for _, known := range names {
		if known == name {
			return nil
		}
	}
	what, how := "variable", `Declare it: variable "`+shorten(name)+`" { … }.`
	if root == "local" {
		what, how = "local value", "Declare it in a locals block."
	}
	if near := nearest(name, names); near != "" {
		how = "Did you mean " + root + "." + near + "?"
	}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Undeclared " + what,
		Detail:  "There is no " + root + "." + shorten(name) + ". " + how,
		Subject: t.SourceRange().Ptr(),
	}
}

// addressRoots are the first names of addresses.
var addressRoots = map[string]target{
	"whatsapp": toProvider, "template": toTemplate,
	"razorpay": toGateway, "payu": toGateway, "billdesk": toGateway, "zaakpay": toGateway,
}

func (d *decoder) undeclaredAddress(kind target, address string, t hcl.Traversal) *hcl.Diagnostic {
	if _, known := d.addresses[kind][address]; known {
		return nil
	}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Unknown " + string(kind),
		Detail:  unknownAddress(address, kind, d.addresses[kind]),
		Subject: t.SourceRange().Ptr(),
	}
}

// toCty evaluates a value of any kind whole, as locals and for_each need it.
func (d *decoder) toCty(v value) (cty.Value, bool) {
	switch {
	case v.expr != nil:
		return d.eval(v.expr)
	case v.computed != nil:
		return v.computed.val, true
	case v.node != nil:
		return d.nodeToCty(resolveAlias(v.node))
	}
	d.wrong(v, "A value is expected", "Write it with an equals sign: "+v.block.Type+" = { … }")
	return cty.NilVal, false
}

func (d *decoder) nodeToCty(n *yaml.Node) (cty.Value, bool) {
	switch n.Kind {
	case yaml.MappingNode:
		return d.mappingToCty(n)
	case yaml.SequenceNode:
		vals, sound := make([]cty.Value, 0, len(n.Content)), true
		for _, c := range n.Content {
			val, ok := d.nodeToCty(resolveAlias(c))
			vals, sound = append(vals, val), sound && ok
		}
		if !sound {
			return cty.NilVal, false
		}
		return cty.TupleVal(vals), true
	}
	if isTemplate(n) {
		return d.evalNode(n)
	}
	switch s := d.nodeScalar(value{node: n}); s.kind {
	case textual:
		return cty.StringVal(s.text), true
	case truth:
		return cty.BoolVal(s.text == "true"), true
	case absent:
		return cty.NullVal(cty.DynamicPseudoType), true
	case digits:
		if val, err := cty.ParseNumberVal(s.text); err == nil && !hugeNumber(val) {
			return val, true
		}
		d.wrong(value{node: n}, "Invalid number", shorten(s.text)+" is a number only to YAML. Write decimal digits, or put it in quotes.")
	case trueish:
		d.wrong(value{node: n}, "Word or truth value", "Write true or false, or put the word in quotes: whether YAML takes "+s.text+" for a truth value depends on its version.")
	}
	return cty.NilVal, false
}

func (d *decoder) mappingToCty(n *yaml.Node) (cty.Value, bool) {
	es, sound := d.mappingEntries(n, nil)
	attrs := make(map[string]cty.Value, len(es))
	for i := range es {
		val, ok := d.toCty(es[i].v)
		sound = sound && ok
		attrs[es[i].name] = val
	}
	if !sound {
		return cty.NilVal, false
	}
	return cty.ObjectVal(attrs), true
}

// references lists the var and local values that a value reads.
func (d *decoder) references(v value) []hcl.Traversal {
	switch {
	case v.expr != nil:
		return v.expr.Variables()
	case v.node != nil:
		n := resolveAlias(v.node)
		if isTemplate(n) {
			if expr, ok := d.nodeTemplate(n); ok {
				return expr.Variables()
			}
			return nil
		}
		var ts []hcl.Traversal
		for _, c := range n.Content {
			ts = append(ts, d.references(value{node: c})...)
		}
		return ts
	}
	return nil
}
