package reconcile

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/hisab/hisab/spec"
)

// planMagic begins every plan file, so that a spec folder or a picture is not taken for one.
const planMagic = "hisab plan 1\n"

// What is read from a plan file, unpacked, is bounded: a hundred thousand orders need about
// 200 MB, and no line is longer than an order or the names of all that was removed. A line
// counts as leastLine at least, about what its entry takes once it is read, however short it
// is written.
const (
	maxPlan   = 1 << 30
	maxLine   = 64 << 20
	leastLine = 512
)

// A plan on disk is packed lines of JSON: the plan without its long lists, then the entries
// of the lists, then a digest of all lines before. It is written and read line by line, so
// that a large plan is in memory once. It holds the orders as declared when it was made, and
// so the customers' data; it holds no secret, since orders have none.
type planLine struct {
	Plan      *planData   `json:"plan,omitempty"`
	Action    *Action     `json:"action,omitempty"`
	Waiting   *Note       `json:"waiting,omitempty"`
	Blocked   *Note       `json:"blocked,omitempty"`
	Unknown   *Note       `json:"unknown,omitempty"`
	Order     *spec.Order `json:"order,omitempty"`
	LookError *LookError  `json:"look_error,omitempty"`
	Digest    string      `json:"digest,omitempty"`
}

// planData is a Plan, read and written field by field.
type planData Plan

// WritePlan saves a plan. The writer's file is for its owner's eyes alone (mode 0600).
func WritePlan(w io.Writer, p *Plan) error {
	if _, err := io.WriteString(w, planMagic); err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	sum := sha256.New()
	lines := json.NewEncoder(io.MultiWriter(z, sum))
	for line := range p.lines {
		if err := lines.Encode(line); err != nil {
			return fmt.Errorf("write the plan: %w", err)
		}
	}
	if err := json.NewEncoder(z).Encode(planLine{Digest: hex.EncodeToString(sum.Sum(nil))}); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return z.Close()
}

// lines yields the lines of a plan's file but the last.
func (p *Plan) lines(yield func(planLine) bool) {
	head := planData(*p)
	head.Actions, head.Waiting, head.Blocked, head.Unknown, head.Orders, head.LookErrors = nil, nil, nil, nil, nil, nil
	_ = yield(planLine{Plan: &head}) &&
		each(p.Actions, func(a *Action) bool { return yield(planLine{Action: a}) }) &&
		each(p.Waiting, func(n *Note) bool { return yield(planLine{Waiting: n}) }) &&
		each(p.Blocked, func(n *Note) bool { return yield(planLine{Blocked: n}) }) &&
		each(p.Unknown, func(n *Note) bool { return yield(planLine{Unknown: n}) }) &&
		each(p.Orders, func(o **spec.Order) bool { return yield(planLine{Order: *o}) }) &&
		each(p.LookErrors, func(e *LookError) bool { return yield(planLine{LookError: e}) })
}

func each[T any](list []T, f func(*T) bool) bool {
	for i := range list {
		if !f(&list[i]) {
			return false
		}
	}
	return true
}

// add puts what a line holds where it belongs. False: it holds nothing.
func (p *Plan) add(l *planLine) bool {
	switch {
	case l.Action != nil:
		p.Actions = append(p.Actions, *l.Action)
	case l.Waiting != nil:
		p.Waiting = append(p.Waiting, *l.Waiting)
	case l.Blocked != nil:
		p.Blocked = append(p.Blocked, *l.Blocked)
	case l.Unknown != nil:
		p.Unknown = append(p.Unknown, *l.Unknown)
	case l.Order != nil:
		p.Orders = append(p.Orders, l.Order)
	case l.LookError != nil:
		p.LookErrors = append(p.LookErrors, *l.LookError)
	default:
		return false
	}
	return true
}

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
	if !IsPlan(r) {
		return nil, ErrNotPlan
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, damaged(err)
	}
	f := &planFile{lines: bufio.NewReader(z), sum: sha256.New()}
	for f.digest == "" {
		if err := f.readLine(); err != nil {
			return nil, err
		}
	}
	// The packing's own checksum stands behind the last byte.
	if _, err := f.lines.ReadByte(); err != io.EOF {
		return nil, damaged(cmp.Or(err, errTail))
	}
	if f.plan == nil || f.digest != hex.EncodeToString(f.sum.Sum(nil)) {
		return nil, errors.New("the plan file was changed after it was made; make another plan")
	}
	return f.plan, f.plan.check()
}

// IsPlan reports whether r begins as a plan file does.
func IsPlan(r io.Reader) bool {
	magic := make([]byte, len(planMagic))
	_, err := io.ReadFull(r, magic)
	return err == nil && string(magic) == planMagic
}

func damaged(err error) error {
	return fmt.Errorf("the plan file is damaged; make another plan: %w", err)
}

var (
	errTail  = errors.New("something follows its end")
	errEmpty = errors.New("a line of it holds nothing")

	errLongLine = errors.New("a line of it is too long")
)

// planFile is a plan file that is being read.
type planFile struct {
	lines  *bufio.Reader
	size   int
	sum    hash.Hash // of the lines so far
	digest string    // as the last line has it; empty before
	plan   *Plan     // nil before the first line
}

// line reads one line with its end.
func (f *planFile) line() ([]byte, error) {
	var line []byte
	for {
		part, err := f.lines.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxLine {
			return nil, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func (f *planFile) readLine() error {
	line, err := f.line()
	if f.size += max(len(line), leastLine); f.size > maxPlan || errors.Is(err, errLongLine) {
		return errors.New("the plan file unpacks to more than 1 GiB; no plan is that large")
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return damaged(err)
	}
	var l planLine
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return fmt.Errorf("the plan file is of another version of hisab; make another plan: %w", err)
	}
	switch {
	case l.Digest != "":
		f.digest = l.Digest
		return nil
	case l.Plan != nil && f.plan == nil:
		f.plan = (*Plan)(l.Plan)
	case f.plan == nil || !f.plan.add(&l):
		return damaged(errEmpty)
	}
	f.sum.Write(line)
	return nil
}

// check refuses a plan whose parts do not belong together.
func (p *Plan) check() error {
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
