package spec

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// computedEntries lists the members of an evaluated object or map, without those that are
// null, sorted by name.
func (d *decoder) computedEntries(v value, buf []entry) ([]entry, bool) {
	val := v.computed.val
	if !val.IsKnown() {
		d.unknown = true
		return buf, false
	}
	if val.IsNull() {
		return buf, true
	}
	if t := val.Type(); !t.IsObjectType() && !t.IsMapType() {
		d.wrong(v, "A map is expected", "This is "+article(t.FriendlyName())+". Write names and values: { … }.")
		return buf, false
	}
	for it := val.ElementIterator(); it.Next(); {
		key, member := it.Element()
		if member.IsNull() {
			continue
		}
		buf = append(buf, entry{name: key.AsString(), v: v.member(member)})
	}
	return buf, true
}

func (d *decoder) computedElements(v value) ([]value, bool) {
	val := v.computed.val
	if !val.IsKnown() {
		d.unknown = true
		return nil, false
	}
	if val.IsNull() {
		return nil, true
	}
	if t := val.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		d.wrong(v, "A list is expected", "This is "+article(t.FriendlyName())+". Write it as a list: [ … ].")
		return nil, false
	}
	vs := make([]value, 0, val.LengthInt())
	for it := val.ElementIterator(); it.Next(); {
		_, member := it.Element()
		vs = append(vs, v.member(member))
	}
	return vs, true
}

func (d *decoder) ctyScalar(v value, val cty.Value) scalar {
	if !val.IsKnown() {
		d.unknown = true
		return scalar{}
	}
	if val.IsNull() {
		return scalar{kind: absent}
	}
	switch val.Type() {
	case cty.String:
		return scalar{kind: textual, text: unixLines(val.AsString()), val: val}
	case cty.Number:
		if hugeNumber(val) {
			d.wrong(v, "Invalid number", manyDigits)
			return scalar{}
		}
		return scalar{kind: evaluated, val: val}
	case cty.Bool:
		return scalar{kind: truth, text: boolText(val.True()), val: val}
	}
	d.wrong(v, "A single value is expected", "This is "+article(val.Type().FriendlyName())+". Write one text, number or truth value.")
	return scalar{}
}

// unixLines makes a text the same whether its file ends lines in LF or in CRLF.
func unixLines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\r\n", "\n")
}

func article(noun string) string {
	if strings.ContainsAny(noun[:min(len(noun), 1)], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
