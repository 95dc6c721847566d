package schema

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Shapes judges the bodies of answers by a guard, and judges what looks alike once. The
// answers' schemas ask for the names that are there and for the kinds of their values; two
// bodies that have the same names and kinds in the same order are both right or both
// wrong. A platform's answers have a few shapes, and judging one takes as long as all else
// that is done with it. It is safe for use by many callers at once.
//
// What a shape tells is what the schemas of Payments, Send and Refund ask for (a test holds
// that); Webhook and Language ask for more and are judged by their guards alone.
type Shapes struct {
	guard   func() *Guard
	mu      sync.RWMutex
	right   map[string]bool
	readers sync.Pool // of *shapeReader
}

// Bounds of what is remembered: what comes in from outside must not fill the memory.
const (
	mostShapes   = 256
	longestShape = 4 << 10
)

// NewShapes judges by a guard, which is asked for at the first body.
func NewShapes(guard func() *Guard) *Shapes {
	return &Shapes{guard: guard, right: map[string]bool{}}
}

// Validate judges a body. Its error is that of decoding it, or for Explain.
func (s *Shapes) Validate(body []byte) error {
	r, ok := s.readers.Get().(*shapeReader)
	if !ok {
		r = new(shapeReader)
	}
	defer s.readers.Put(r)
	shape, plain := r.read(body)
	if plain && s.known(shape) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	err := s.guard().Validate(v)
	if err == nil && plain {
		s.keep(string(shape))
	}
	return err
}

func (s *Shapes) known(shape []byte) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.right[string(shape)]
}

func (s *Shapes) keep(shape string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.right) < mostShapes {
		s.right[shape] = true
	}
}

// shapeReader reads the shape of one body after another.
type shapeReader struct {
	decoder jsontext.Decoder
	source  bytes.Reader
	shape   []byte
}

// read returns a body without the values in it: names and brackets as they stand, and for
// each value a letter. A body that is no JSON, or that holds what can be written in more
// ways than one — escapes, fractions, exponents, names twice — has none.
func (r *shapeReader) read(body []byte) (shape []byte, ok bool) {
	r.source.Reset(body)
	r.decoder.Reset(&r.source)
	r.shape = r.shape[:0]
	for len(r.shape) <= longestShape {
		switch kind := r.decoder.PeekKind(); kind {
		case '{', '}', '[', ']':
			if _, err := r.decoder.ReadToken(); err != nil {
				return nil, false
			}
			r.shape = append(r.shape, byte(kind))
			if r.decoder.StackDepth() == 0 {
				return r.shape, true
			}
		case jsontext.KindInvalid:
			return nil, false
		default:
			if !r.value(kind) {
				return nil, false
			}
		}
	}
	return nil, false
}

// value reads a name or a value without members.
func (r *shapeReader) value(kind jsontext.Kind) bool {
	in, n := r.decoder.StackIndex(r.decoder.StackDepth())
	v, err := r.decoder.ReadValue()
	if err != nil || in != '{' && in != '[' {
		return false
	}
	letter := byte(kind)
	switch kind {
	case '"':
		if bytes.IndexByte(v, '\\') >= 0 {
			return false
		}
		if in == '{' && n%2 == 0 {
			r.shape = append(r.shape, v...)
			return true
		}
		letter = textLetter(v[1 : len(v)-1])
	case '0':
		if !wholeNumber(v) {
			return false
		}
	case 't':
		letter = 'f' // truth is a type
	}
	r.shape = append(r.shape, letter)
	return true
}

// textLetter tells apart the texts that the schemas do: the empty one, and one that is a
// number.
func textLetter(text []byte) byte {
	switch {
	case len(text) == 0:
		return 'e'
	case wholeNumber(text) && len(bytes.TrimPrefix(text, []byte("-"))) <= 19:
		return 'd'
	}
	return 's'
}

// wholeNumber reports whether text is digits, with or without a sign, and not too many.
func wholeNumber(text []byte) bool {
	digits := bytes.TrimPrefix(text, []byte("-"))
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(digits) > 0 && len(text) <= longest
}
