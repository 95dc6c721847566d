package spec

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// call calls a function within the budget: what its result needs is taken before, where a
// short call can make much of little, and after.
func (b *budget) call(name string, args []cty.Value, f func([]cty.Value) (cty.Value, error)) (cty.Value, error) {
	if b == nil {
		return f(args)
	}
	err := b.before(name, args)
	var v cty.Value
	if err == nil {
		if v, err = f(args); err != nil {
			return v, err
		}
		if err = b.make(ownBytes(v)); hugeNumber(v) {
			err = b.exceed("this makes a number of more than %d digits", mostDigits)
		}
	}
	if err != nil {
		return cty.NilVal, err
	}
	return v, nil
}

func (b *budget) before(name string, args []cty.Value) error {
	if b.over() {
		return errSpent
	}
	yield, multiplies := yields[name]
	if !multiplies {
		return nil
	}
	return b.make(yield(args))
}

// yields are the functions that make much of little, and at most how many bytes they make.
// What the arguments are is for the functions to judge.
var yields = map[string]func(args []cty.Value) int64{
	"concat":     func(args []cty.Value) int64 { return sumOf(args, ownBytes) },
	"csvdecode":  tableYield,
	"flatten":    flatYield,
	"format":     formatYield,
	"formatlist": formatYield,
	"indent":     indentYield,
	"join":       joinYield,
	"jsondecode": func(args []cty.Value) int64 { return occurrences(args[0], ",", "[", "{") * elementBytes },
	"jsonencode": encodedYield,
	"regexall":   func(args []cty.Value) int64 { return times(textBytes(args[1])+1, elementBytes) },
	"replace":    replaceYield,
	"setproduct": setProductYield,
	"split":      splitYield,
	"yamldecode": func(args []cty.Value) int64 { return occurrences(args[0], ",", "[", "{", "\n") * elementBytes },
	"yamlencode": encodedYield,
}

func sumOf(args []cty.Value, of func(cty.Value) int64) int64 {
	var sum int64
	for _, arg := range args {
		sum += of(arg)
	}
	return sum
}

func occurrences(text cty.Value, seps ...string) int64 {
	n := int64(1)
	if textBytes(text) > 0 {
		text, _ = text.Unmark()
		for _, sep := range seps {
			n += int64(strings.Count(text.AsString(), sep))
		}
	}
	return n
}

func tableYield(args []cty.Value) int64 {
	rows := occurrences(args[0], "\n")
	return rows*rowBytes + (rows+occurrences(args[0], ","))*cellBytes
}

func flatYield(args []cty.Value) int64 {
	n, ok := elements(args[0])
	if !ok {
		return math.MaxInt64
	}
	return n * elementBytes
}

func setProductYield(args []cty.Value) int64 {
	n := int64(1)
	for _, arg := range args {
		n = times(n, lengthOf(arg))
	}
	return times(n, elementBytes*int64(1+len(args)))
}

func splitYield(args []cty.Value) int64 {
	if textBytes(args[0]) == 0 {
		return times(textBytes(args[1])+1, elementBytes)
	}
	return occurrences(args[1], plainText(args[0])) * elementBytes
}

func joinYield(args []cty.Value) int64 {
	var sum int64
	for _, list := range args[1:] {
		sum += textIn(list) + times(lengthOf(list), textBytes(args[0]))
	}
	return sum
}

// encodedYield reckons with six letters for one that needs an escape.
func encodedYield(args []cty.Value) int64 {
	n, ok := elements(args[0])
	if !ok {
		return math.MaxInt64
	}
	return times(textIn(args[0])*6/8+n, 8*textCopies)
}

func indentYield(args []cty.Value) int64 {
	n, _ := args[0].Unmark()
	if n.Type() != cty.Number || !n.IsKnown() || n.IsNull() {
		return 0
	}
	spaces, _ := n.AsBigFloat().Int64()
	return times(max(spaces, 0)*textCopies, occurrences(args[1], "\n"))
}

// replaceYield reckons with a match at every letter where the search is an expression; what
// the replacement quotes of the matches is no longer than the text, each time.
func replaceYield(args []cty.Value) int64 {
	text, search, with := textBytes(args[0]), args[1], textBytes(args[2])
	if textBytes(search) == 0 {
		return times(text+1, with+1)
	}
	if s := plainText(search); len(s) > 1 && s[0] == '/' && s[len(s)-1] == '/' {
		return times(text+1, with+1) + times(occurrences(args[2], "$"), text)
	}
	return text + times(occurrences(args[0], plainText(search)), with)
}

var numbersIn = regexp.MustCompile(`[0-9]+`)

// formatYield reckons with every width that the format names, and with the longest argument
// at each verb.
func formatYield(args []cty.Value) int64 {
	rounds, longest := int64(1), int64(0)
	for _, arg := range args[1:] {
		rounds = max(rounds, lengthOf(arg))
		longest = max(longest, textIn(arg))
	}
	line := textBytes(args[0]) + times(occurrences(args[0], "%")-1, longest)
	for _, width := range numbersIn.FindAllString(plainText(args[0]), -1) {
		n, err := strconv.ParseInt(width, 10, 64)
		if err != nil || n > math.MaxInt32 {
			return math.MaxInt64
		}
		line += n
	}
	return times(rounds, times(line, textCopies))
}
