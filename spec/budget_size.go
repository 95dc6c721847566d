package spec

import (
	"github.com/zclconf/go-cty/cty"
)

const (
	mostElements = 20_000_000 // parts of one value, with the parts of parts
	mostVisits   = 4_000_000  // those of them that are counted one by one
)

// elements counts the parts of a value and their parts, and reports false where there are
// more than an expression may make. Where the type says it all, they are not gone over.
func elements(v cty.Value) (n int64, ok bool) {
	c := counting{visits: mostVisits, left: mostElements}
	c.count(v)
	return mostElements - c.left, c.visits > 0 && c.left > 0
}

type counting struct{ visits, left int64 }

func (c *counting) count(v cty.Value) {
	v, _ = v.Unmark()
	c.visits--
	t := v.Type()
	if n := flat(t); n > 0 {
		c.left -= n
		return
	}
	c.left--
	if !v.CanIterateElements() {
		return
	}
	if t.IsCollectionType() {
		if n := flat(t.ElementType()); n > 0 {
			c.left -= n * int64(v.LengthInt())
			return
		}
	}
	for it := v.ElementIterator(); it.Next() && c.visits > 0 && c.left > 0; {
		_, part := it.Element()
		c.count(part)
	}
}

// flat is how many parts every value of a type has whose parts are single values; 0 where
// they are not, or differ in number.
func flat(t cty.Type) int64 {
	switch {
	case t.IsPrimitiveType():
		return 1
	case t.IsObjectType():
		members := t.AttributeTypes()
		for _, m := range members {
			if !m.IsPrimitiveType() {
				return 0
			}
		}
		return int64(1 + len(members))
	case t.IsTupleType():
		members := t.TupleElementTypes()
		for _, m := range members {
			if !m.IsPrimitiveType() {
				return 0
			}
		}
		return int64(1 + len(members))
	}
	return 0
}

// textBytes is how long a text is; 0 for what is none.
func textBytes(v cty.Value) int64 { return int64(len(plainText(v))) }

// plainText is a known text; empty for everything else.
func plainText(v cty.Value) string {
	if v, _ = v.Unmark(); v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return ""
	}
	return v.AsString()
}

// textIn adds up the texts of a value and of its elements.
func textIn(v cty.Value) int64 {
	if v, _ = v.Unmark(); !v.CanIterateElements() {
		return textBytes(v)
	}
	var sum int64
	for it := v.ElementIterator(); it.Next(); {
		_, part := it.Element()
		sum += textIn(part)
	}
	return sum
}

// ownBytes is what a value needs apart from what its elements hold.
func ownBytes(v cty.Value) int64 { return textBytes(v)*textCopies + lengthOf(v)*elementBytes }

// lengthOf is how many elements a value has; 0 for what has none.
func lengthOf(v cty.Value) int64 {
	if v, _ = v.Unmark(); !v.CanIterateElements() {
		return 0
	}
	return int64(v.LengthInt())
}

// mostDigits is how long a number may be that is written out; 1e999999999 is short only as
// long as it is a number.
const mostDigits = 1000

const manyDigits = "It has more than a thousand digits, which no amount and no number of things has."

func hugeNumber(v cty.Value) bool {
	if v, _ = v.Unmark(); v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return false
	}
	const bits = mostDigits * 10 / 3 // of two, for each of ten
	exp := v.AsBigFloat().MantExp(nil)
	return exp > bits || exp < -bits
}
