package spec

import (
	"slices"
	"strings"
)

// text is a field that holds a text; empty and not written are one.
func text[T any](name string, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if ok {
			*at(t) = s
		}
	}}
}

// word is a text that many orders share.
func word[T any](name string, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if ok {
			*at(t) = d.intern(s)
		}
	}}
}

// choice is a word out of a few.
func choice[T any](name string, words []string, set func(*T, string)) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if ok {
			if i := slices.Index(words, s); i >= 0 {
				set(t, words[i])
			} else {
				d.wrong(e.v, "Unknown "+name, name+" is "+oneOf(words)+"."+didYouMean(s, words))
			}
		}
	}}
}

func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func amount[T any](name string, at func(*T) *Amount) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		a, ok := d.amount(e.v)
		if ok {
			*at(t) = a
		}
	}}
}

// optionalAmount is an amount of which it matters whether it was written.
func optionalAmount[T any](name string, at func(*T) **Amount) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		a, ok := d.amount(e.v)
		if ok {
			*at(t) = &a
		}
	}}
}

// count is a whole number that is not negative.
func count[T any](name string, set func(*T, int64)) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		n, ok := d.integer(e.v)
		if ok {
			set(t, n)
		}
	}}
}

func boolean[T any](name string, at func(*T) *bool) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		b, ok := d.truth(e.v)
		if ok {
			*at(t) = b
		}
	}}
}

// date is a day, YYYY-MM-DD.
func date[T any](name string, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.date(e.v)
		if ok {
			*at(t) = s
		}
	}}
}

// words is a list of texts, which replaces the one in defaults.
func words[T any](name string, at func(*T) *[]string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		vs, ok := d.elements(e.v)
		if !ok {
			return
		}
		list := make([]string, 0, len(vs))
		for _, v := range vs {
			if s, ok := d.text(v); ok {
				list = append(list, d.intern(s))
			}
		}
		*at(t) = list
		d.null = e.v.null()
	}}
}

// textMap is a map of texts, merged key by key over the one in defaults, which is cloned
// with its block.
func textMap[T any](name string, at func(*T) *map[string]string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		es, ok := d.entries(e.v, nil)
		if !ok {
			return
		}
		for i := range es {
			s, ok := d.text(es[i].v)
			if !ok {
				continue
			}
			if *at(t) == nil {
				*at(t) = make(map[string]string, len(es))
			}
			(*at(t))[d.intern(es[i].name)] = s
		}
		d.null = e.v.null()
	}}
}

// textInMap is a text that is kept in a map under its own name.
func textInMap[T any](name string, at func(*T) *map[string]string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if ok {
			if *at(t) == nil {
				*at(t) = make(map[string]string)
			}
			(*at(t))[name] = s
		}
	}}
}

// object is a block that may stand once and is merged over the one in defaults. of returns
// what to decode into, which must not be shared with the defaults.
func object[T, U any](name string, tab *table[U], of func(d *decoder, t *T) *U) field[T] {
	return field[T]{name: name, block: name, set: func(d *decoder, t *T, e *entry) {
		if e.v.null() {
			d.null = true
			return
		}
		d.path = append(d.path, name)
		decode(d, tab, of(d, t), e.v)
		d.path = d.path[:len(d.path)-1]
		d.null = false
	}}
}

// within is an object whose fields are kept in T itself.
func within[T any](name string, tab *table[T]) field[T] {
	return object(name, tab, func(_ *decoder, t *T) *T { return t })
}
