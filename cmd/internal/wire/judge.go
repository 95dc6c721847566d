package wire

import (
	"errors"

	"github.com/hisab/hisab/schema"
)

// judge makes a validator of bodies out of a schema, which is compiled at its first use.
func judge(published func() *schema.Guard) func([]byte) error {
	shapes := schema.NewShapes(published)
	return func(body []byte) error {
		if err := shapes.Validate(body); err != nil {
			return errors.New(schema.Explain(err))
		}
		return nil
	}
}
