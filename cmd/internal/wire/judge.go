package wire

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/hisab/hisab/schema"
)

// judge makes a validator of bodies out of a schema, which is compiled at its first use.
func judge(published func() *schema.Guard) func([]byte) error {
	return func(body []byte) error {
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return err
		}
		if err := published().Validate(v); err != nil {
			return errors.New(schema.Explain(err))
		}
		return nil
	}
}
