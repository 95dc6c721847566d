package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is one JSON object of a request under examination. The first fault found is kept,
// what is asked after it answers nothing; the Graph API also reports one error at a time.
type node struct {
	first *(*graphError)
	path  string
	m     map[string]any
}

// parseObject reads a request body as exactly one JSON object with no key twice.
func parseObject(body []byte) (node, *graphError) {
	if !utf8.Valid(body) {
		return node{}, refuse(100, "the request body is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := readValue(d, "", maxDepth)
	if err != nil {
		return node{}, refuse(100, "the request body is no JSON: %v", err)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return node{}, refuse(100, "the request body must be a JSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return node{}, refuse(100, "the request body has more after its JSON object")
	}
	return node{first: new(*graphError), m: m}, nil
}

// maxDepth is how deep the objects and lists of a request may be nested.
const maxDepth = 40

// readValue reads one value and refuses duplicate keys, of which encoding/json would
// silently keep the last.
func readValue(d *json.Decoder, path string, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth == 0 {
		return nil, fmt.Errorf("it is nested deeper than %d levels", maxDepth)
	}
	switch t {
	case json.Delim('{'):
		return readObject(d, path, depth-1)
	case json.Delim('['):
		var list []any
		for i := 0; d.More(); i++ {
			v, err := readValue(d, fmt.Sprintf("%s[%d]", path, i), depth-1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	return t, nil
}

func readObject(d *json.Decoder, path string, depth int) (any, error) {
	m := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, ok := t.(string)
		if !ok {
			return nil, errors.New("a key is no string")
		}
		if _, twice := m[key]; twice {
			return nil, fmt.Errorf("%s is there twice", join(path, key))
		}
		if m[key], err = readValue(d, join(path, key), depth); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return m, err
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (n node) at(key string) string { return join(n.path, key) }

// fail records a fault unless there is one.
func (n node) fail(code int, details string, args ...any) {
	if *n.first == nil {
		*n.first = refuse(code, details, args...)
	}
}

func (n node) invalid(key, details string, args ...any) {
	n.fail(131009, "%s %s", n.at(key), fmt.Sprintf(details, args...))
}

func (n node) err() *graphError { return *n.first }

// only refuses keys that the documents do not have (code 100, "unsupported or misspelled").
func (n node) only(keys ...string) {
	var unknown []string
	for k := range n.m {
		if !slices.Contains(keys, k) {
			unknown = append(unknown, k)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		n.fail(100, "Unexpected key %q on param %q", unknown[0], strings.TrimPrefix(n.path, "."))
	}
}

func (n node) has(key string) bool { return n.m[key] != nil }

// need refuses an absent key.
func (n node) need(key string) bool {
	if !n.has(key) {
		n.fail(131008, "%s is required", n.at(key))
		return false
	}
	return true
}

// object returns the object at key; an absent or wrong one is empty and false.
func (n node) object(key string) (node, bool) {
	child := node{first: n.first, path: n.at(key)}
	v, there := n.m[key]
	if !there || v == nil {
		return child, false
	}
	m, ok := v.(map[string]any)
	if !ok {
		n.fail(100, "%s must be an object", n.at(key))
	}
	child.m = m
	return child, ok
}

// required is object, for one that must be there.
func (n node) required(key string) node {
	n.need(key)
	o, _ := n.object(key)
	return o
}

// objects returns the list of objects at key.
func (n node) objects(key string) []node {
	v, there := n.m[key]
	if !there || v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		n.fail(100, "%s must be an array", n.at(key))
		return nil
	}
	var out []node
	for i, v := range list {
		path := fmt.Sprintf("%s[%d]", n.at(key), i)
		m, ok := v.(map[string]any)
		if !ok {
			n.fail(100, "%s must be an object", path)
		}
		out = append(out, node{first: n.first, path: path, m: m})
	}
	return out
}

// text returns the string at key, which has at most max characters (0: any number).
func (n node) text(key string, max int) string {
	v, there := n.m[key]
	if !there || v == nil {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		n.fail(100, "%s must be a string", n.at(key))
		return ""
	}
	if c := utf8.RuneCountInString(s); max > 0 && c > max {
		n.fail(100, "%s has %d characters, at most %d are allowed", n.at(key), c, max)
	}
	return s
}

// needText is text, for one that must be there and not be empty.
func (n node) needText(key string, max int) string {
	if !n.need(key) {
		return ""
	}
	s := n.text(key, max)
	if strings.TrimSpace(s) == "" {
		n.invalid(key, "must not be empty")
	}
	return s
}

// oneOf is needText, for one of the given words.
func (n node) oneOf(key string, words ...string) string {
	s := n.needText(key, 0)
	if !slices.Contains(words, s) {
		n.invalid(key, "is %q, must be %s", s, strings.Join(words, " or "))
	}
	return s
}

// matching is needText, for one that the pattern describes.
func (n node) matching(key string, p func() *regexp.Regexp, rule string) string {
	s := n.needText(key, 0)
	if !p().MatchString(s) {
		n.invalid(key, "is %q, %s", s, rule)
	}
	return s
}

// link returns the http or https address at key.
func (n node) link(key string) string {
	s := n.needText(key, 0)
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		n.invalid(key, "must be an http or https address")
	}
	return s
}

// integer returns the whole number at key, which must be there.
func (n node) integer(key string) int64 {
	if !n.need(key) {
		return 0
	}
	num, ok := n.m[key].(json.Number)
	if !ok {
		n.fail(100, "%s must be an integer", n.at(key))
		return 0
	}
	i, err := strconv.ParseInt(num.String(), 10, 64)
	if err != nil {
		n.invalid(key, "is %s, must be an integer", num)
	}
	return i
}

// amount returns the value of the amount at key: an integer of at least min in paise, and
// an offset of 100. The amount may have the extra keys.
func (n node) amount(key string, min int64, extra ...string) int64 {
	a := n.required(key)
	a.only(append(extra, "value", "offset")...)
	v := a.integer("value")
	if a.integer("offset") != 100 {
		a.invalid("offset", "must be 100 for INR")
	}
	if v < min {
		a.invalid("value", "is %d, must be at least %d", v, min)
	}
	return v
}
