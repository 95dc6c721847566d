package whatsapp

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The answers of lookups are read value by value: a plan reads thousands of them, and to find
// the fields of structs by reflection took more time than everything else that is done with
// an answer. The decoder is the one of every other answer, and as strict.

var (
	errNoText   = errors.New("not a text")
	errNoList   = errors.New("not a list")
	errNoObject = errors.New("not an object")
)

// object is what a JSON object is read into.
type object interface {
	// member is where the value of this name goes; nil: it is skipped.
	member(name []byte) json.UnmarshalerFrom
}

// members reads an object; null is one without members.
func members(dec *jsontext.Decoder, into object) error {
	if opened, err := open(dec, '{', errNoObject); err != nil || !opened {
		return err
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if name, err = unquoted(name); err != nil {
			return err
		}
		if m := into.member(name); m != nil {
			err = m.UnmarshalJSONFrom(dec)
		} else {
			err = dec.SkipValue()
		}
		if err != nil {
			return located(dec, err)
		}
	}
	_, err := dec.ReadToken()
	return err
}

// elements reads a list, over what is there; null is an empty one.
func elements[T any, P interface {
	*T
	json.UnmarshalerFrom
}](dec *jsontext.Decoder, into *[]T) error {
	*into = (*into)[:0]
	if opened, err := open(dec, '[', errNoList); err != nil || !opened {
		return err
	}
	for k := dec.PeekKind(); k != ']' && k != 0; k = dec.PeekKind() {
		*into = append(*into, *new(T))
		if err := P(&(*into)[len(*into)-1]).UnmarshalJSONFrom(dec); err != nil {
			return located(dec, err)
		}
	}
	_, err := dec.ReadToken()
	return err
}

// open begins an object or a list. Null is read, and is not opened.
func open(dec *jsontext.Decoder, kind jsontext.Kind, otherwise error) (opened bool, err error) {
	switch dec.PeekKind() {
	case kind:
		_, err := dec.ReadToken()
		return err == nil, err
	case 'n':
		return false, dec.SkipValue()
	}
	if err := dec.SkipValue(); err != nil {
		return false, err
	}
	return false, otherwise
}

// phrase is a text; null is an empty one.
type phrase string

// UnmarshalJSONFrom reads "captured" and null.
func (p *phrase) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case 'n':
		*p = ""
		return nil
	case '"':
		b, err := unquoted(v)
		*p = phrase(b)
		return err
	}
	return errNoText
}

// unread is any value, to be read later.
type unread jsontext.Value

// UnmarshalJSONFrom keeps the value.
func (u *unread) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	*u = unread(bytes.Clone(v))
	return err
}

// unquoted is what stands in a JSON text.
func unquoted(v jsontext.Value) ([]byte, error) {
	if inner := v[1 : len(v)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return inner, nil
	}
	return jsontext.AppendUnquote(nil, v)
}

// located says where in the body an error is, unless it says so itself.
func located(dec *jsontext.Decoder, err error) error {
	var meaning *json.SemanticError
	var form *jsontext.SyntacticError
	if errors.As(err, &meaning) || errors.As(err, &form) {
		return err
	}
	return &json.SemanticError{JSONPointer: dec.StackPointer(), Err: err}
}
