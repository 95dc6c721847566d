package reconcile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// planMagic begins every plan file, so that a spec folder or a picture is not taken for one.
const planMagic = "hisab plan 1\n"

// maxPlan bounds what is read from a plan file, unpacked: a hundred thousand orders need
// about 200 MB.
const maxPlan = 1 << 30

// savedPlan is a plan on disk. It holds the orders as declared when it was made, and so the
// customers' data; it holds no secret, since orders have none.
type savedPlan struct {
	Digest string          `json:"digest"` // of Plan
	Plan   json.RawMessage `json:"plan"`
}

// WritePlan saves a plan. The writer's file is for its owner's eyes alone (mode 0600).
func WritePlan(w io.Writer, p *Plan) error {
	data, err := json.Marshal(planData(*p))
	if err != nil {
		return fmt.Errorf("encode the plan: %w", err)
	}
	if _, err := io.WriteString(w, planMagic); err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	if err := json.NewEncoder(z).Encode(savedPlan{Digest: digest(16, string(data)), Plan: data}); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return z.Close()
}

// planData is a Plan without the errors, which are for the run that met them.
type planData Plan

// MarshalJSON writes a failed lookup's error as text.
func (e LookError) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"address": e.Address, "reference_id": e.ReferenceID, "error": e.Err.Error()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *LookError) UnmarshalJSON(data []byte) error {
	var m map[string]string
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	e.Address, e.ReferenceID, e.Err = m["address"], m["reference_id"], errors.New(m["error"])
	return nil
}

// ErrNotPlan says that a file is no plan at all.
var ErrNotPlan = errors.New("this is no plan file; plan --out FILE writes one")

// ReadPlan reads what WritePlan wrote, and refuses what was cut short or changed.
func ReadPlan(r io.Reader) (*Plan, error) {
	magic := make([]byte, len(planMagic))
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != planMagic {
		return nil, ErrNotPlan
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("the plan file is damaged; make another plan: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(z, maxPlan+1))
	if err != nil {
		return nil, fmt.Errorf("the plan file is damaged; make another plan: %w", err)
	}
	if len(data) > maxPlan {
		return nil, errors.New("the plan file unpacks to more than 1 GiB; no plan is that large")
	}
	var saved savedPlan
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("the plan file is damaged; make another plan: %w", err)
	}
	if saved.Digest != digest(16, string(saved.Plan)) {
		return nil, errors.New("the plan file was changed after it was made; make another plan")
	}
	var p planData
	d := json.NewDecoder(bytes.NewReader(saved.Plan))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("the plan file is of another version of hisab; make another plan: %w", err)
	}
	if err := checkPlan(&p); err != nil {
		return nil, err
	}
	return (*Plan)(&p), nil
}

// checkPlan refuses a plan whose parts do not belong together.
func checkPlan(p *planData) error {
	declared := make(map[string]bool, len(p.Orders)+len(p.Removed))
	for _, o := range p.Orders {
		if o == nil {
			return errors.New("the plan file holds an empty order; make another plan")
		}
		declared[o.Address] = true
	}
	removed := make(map[string]bool, len(p.Removed))
	for _, ref := range p.Removed {
		removed[ref] = true
	}
	for i := range p.Actions {
		if a := &p.Actions[i]; !declared[a.Address] && !removed[a.Ref] {
			return fmt.Errorf("the plan file holds an action on %s without its order; make another plan", a.Address)
		}
	}
	return nil
}
