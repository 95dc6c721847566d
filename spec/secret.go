package spec

import "encoding/json"

// Secret is a value that is never stored, logged or shown. It prints as ***, in JSON
// too; only Reveal gives it away.
type Secret struct {
	value string
	set   bool
}

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value: value, set: true} }

// Reveal returns the value for the one request that needs it.
func (s Secret) Reveal() string { return s.value }

// Known reports whether the value was there to read. Validating without an environment
// leaves secrets unknown, which is no error until something must be sent with one.
func (s Secret) Known() bool { return s.set }

// String hides the value.
func (s Secret) String() string { return "***" }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return "***" }

// MarshalJSON hides the value.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal("***") }
