package spec

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// variable is a variable block.
type variable struct {
	name      string
	typ       cty.Type // DynamicPseudoType: any
	defaults  *typeexpr.Defaults
	fallback  cty.Value // NilVal: none
	sensitive bool
	at        declared
}

var variableTable = newTable(
	field[variable]{name: "type", set: setVariableType},
	field[variable]{name: "default", set: func(d *decoder, v *variable, e *entry) {
		v.fallback = cty.DynamicVal
		if d.dependent(e.v) {
			return
		}
		if val, ok := d.toCty(e.v); ok {
			v.fallback = val
		}
	}},
	field[variable]{name: "description", set: func(d *decoder, _ *variable, e *entry) { d.text(e.v) }},
	boolean("sensitive", func(v *variable) *bool { return &v.sensitive }),
)

// dependent reports a default that reads other values: variables are there before them.
func (d *decoder) dependent(v value) bool {
	found := false
	for _, t := range d.references(v) {
		if root := t.RootName(); root == "var" || root == "local" {
			d.report(t.SourceRange(), "A default reads nothing", "A variable has its value before there is any "+root+". Write the value out, or compute it in locals.")
			found = true
		}
	}
	return found
}

// setVariableType reads string, list(string), object({…}): syntax, not a value. In YAML it
// is a text.
func setVariableType(d *decoder, v *variable, e *entry) {
	expr := e.v.expr
	if expr == nil {
		s, ok := d.text(e.v)
		if !ok {
			return
		}
		parsed, diags := hclsyntax.ParseExpression([]byte(s), d.file, d.rangeOf(e.v).Start)
		if diags.HasErrors() || configNesting([]byte(s)) != "" {
			d.wrong(e.v, "Invalid type", "Write string, number, bool, any, or list(…), map(…), set(…), object({ … }) of them.")
			return
		}
		expr = parsed
	}
	typ, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	d.add(diags)
	if !diags.HasErrors() {
		v.typ, v.defaults = typ, defaults
	}
}

// variables gives every declared variable its value: from --var, then --var-file, then
// HISAB_VAR_name, then its default.
func (l *loader) variables(blocks []declared) cty.Value {
	declaredVars := make(map[string]*variable)
	for _, b := range blocks {
		name := b.labels[0]
		if !b.d.identifier(name, &b.e, "variable") {
			continue
		}
		if twin := declaredVars[name]; twin != nil {
			b.d.duplicateKey("var."+name, b.at(), twin.at.at())
			continue
		}
		v := &variable{name: name, typ: cty.DynamicPseudoType, at: b}
		decode(b.d, variableTable, v, b.e.v)
		declaredVars[name] = v
	}
	l.varNames = slices.Sorted(maps.Keys(declaredVars))
	given := l.givenVariables(declaredVars)
	attrs := make(map[string]cty.Value, len(declaredVars))
	for _, name := range l.varNames {
		v := declaredVars[name]
		val := l.variableValue(v, given[name])
		if v.sensitive {
			l.sensitive = true
			val = val.Mark(Sensitive)
		}
		attrs[name] = val
	}
	return cty.ObjectVal(attrs)
}

// givenValue is a value from outside, not yet of the variable's type.
type givenValue struct {
	val  cty.Value
	text bool // the val is the text of a command line or environment variable
	from string
}

func (l *loader) givenVariables(declaredVars map[string]*variable) map[string]givenValue {
	given := make(map[string]givenValue)
	for _, name := range l.varNames {
		if l.opt.EnvVar == nil {
			break
		}
		if s, set := l.opt.EnvVar(name); set {
			given[name] = givenValue{val: cty.StringVal(s), text: true, from: "HISAB_VAR_" + name}
		}
	}
	for _, f := range l.opt.VarFiles {
		vals := l.readVarFile(f)
		for _, name := range slices.Sorted(maps.Keys(vals)) {
			if l.checkGiven(name, f.Name, declaredVars) {
				given[name] = givenValue{val: vals[name], from: f.Name}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.opt.Vars)) {
		if l.checkGiven(name, "--var", declaredVars) {
			given[name] = givenValue{val: cty.StringVal(l.opt.Vars[name]), text: true, from: "--var " + name}
		}
	}
	return given
}

// checkGiven reports a value for a variable that is not declared.
func (l *loader) checkGiven(name, from string, declaredVars map[string]*variable) bool {
	if declaredVars[name] != nil || l.preambleBroken {
		return declaredVars[name] != nil
	}
	l.problem("Undeclared variable", fmt.Sprintf("%s gives a value to %q, which no variable block declares.%s", from, shorten(name), didYouMean(name, l.varNames)))
	return false
}

// variableValue is the value of a variable, unknown where that was reported.
func (l *loader) variableValue(v *variable, given givenValue) cty.Value {
	d := v.at.d
	val, from := given.val, given.from
	switch {
	case val == cty.NilVal && v.fallback == cty.NilVal:
		if v.sensitive && l.opt.Env == nil {
			return cty.UnknownVal(v.typ) // validated without secrets
		}
		d.report(v.at.at(), "No value for a variable", fmt.Sprintf("var.%s has no default. Give it a value: --var %s=…, --var-file FILE or HISAB_VAR_%s.", v.name, v.name, v.name))
		return cty.DynamicVal
	case val == cty.NilVal:
		val, from = v.fallback, "default"
	case given.text && v.typ != cty.String && v.typ != cty.DynamicPseudoType:
		parsed, ok := l.parseGiven(v, val.AsString(), from)
		if !ok {
			return cty.DynamicVal
		}
		val = parsed
	}
	if v.defaults != nil && val.IsKnown() && !val.IsNull() {
		val = v.defaults.Apply(val)
	}
	converted, err := convert.Convert(val, v.typ)
	if err != nil {
		d.report(v.at.at(), "Wrong type of value", fmt.Sprintf("%s for var.%s is not of its type %s: %s.", sentence(from), v.name, typeexpr.TypeString(v.typ), hiddenIf(v.sensitive, err)))
		return cty.DynamicVal
	}
	return converted
}

func hiddenIf(secret bool, err error) string {
	if secret {
		return "the value is sensitive and not shown"
	}
	return err.Error()
}

// parseGiven reads a text from outside as the type wants it: numbers and truth values by
// conversion, lists and maps as HCL expressions.
func (l *loader) parseGiven(v *variable, text, from string) (cty.Value, bool) {
	if v.typ == cty.Number || v.typ == cty.Bool {
		return cty.StringVal(text), true
	}
	if problem := configNesting([]byte(text)); problem != "" {
		l.problem("Invalid value", from+" "+problem+".")
		return cty.NilVal, false
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), from, hcl.InitialPos)
	if !diags.HasErrors() {
		var val cty.Value
		if val, diags = expr.Value(nil); !diags.HasErrors() {
			return val, true
		}
	}
	l.problem("Invalid value", fmt.Sprintf("%s is no %s: write it as in HCL, such as [\"a\", \"b\"].", from, typeexpr.TypeString(v.typ)))
	return cty.NilVal, false
}

// readVarFile reads names and values, by the file's extension as YAML, JSON or HCL.
func (l *loader) readVarFile(f VarFile) map[string]cty.Value {
	d := l.decoder(f.Name, f.Data, newPools())
	d.ctx = &hcl.EvalContext{}
	defer l.absorb(d)
	if diag := checkText(f.Name, f.Data); diag != nil {
		d.diags = append(d.diags, diag)
		return nil
	}
	if path.Ext(f.Name) == ".json" {
		typ, err := ctyjson.ImpliedType(f.Data)
		if err != nil || !typ.IsObjectType() {
			l.problem("Invalid variable file", f.Name+" is no JSON object of names and values.")
			return nil
		}
		val, err := ctyjson.Unmarshal(f.Data, typ)
		if err != nil {
			l.problem("Invalid variable file", f.Name+" is no JSON object of names and values.")
			return nil
		}
		return val.AsValueMap()
	}
	root, ok := d.parse()
	if !ok {
		return nil
	}
	vals := make(map[string]cty.Value)
	for _, v := range root {
		es, _ := d.entries(v, nil)
		for i := range es {
			if val, ok := d.toCty(es[i].v); ok {
				vals[es[i].name] = val
			}
		}
	}
	return vals
}

// identifier reports a label that could not stand behind a dot.
func (d *decoder) identifier(name string, e *entry, what string) bool {
	if hclsyntax.ValidIdentifier(name) {
		return true
	}
	at := d.labelRange(e)
	if e.v.block != nil && len(e.v.block.LabelRanges) > 1 {
		at = e.v.block.LabelRanges[len(e.v.block.LabelRanges)-1]
	}
	d.report(at, "Invalid name", fmt.Sprintf("%q cannot be the name of a %s: begin with a letter and go on with letters, digits, _ and -.", shorten(name), what))
	return false
}
