package reconcile

// Row is one line of a behaviour table: what is asked for, what is observed, and what comes
// of it. The first row of a table whose When holds decides. The tables are the code: Diff
// walks them, Explain answers from them, and their text is the documentation.
type Row struct {
	Desired  string
	Observed string
	Result   Effect
	// Code is what plans show for a row that waits or blocks.
	Code   string
	Source string

	when   func(*facts) bool
	detail func(*facts) string
}

// Effect is what comes of a row.
type Effect string

// The effects of a row.
const (
	Nothing Effect = "nothing"
	Act     Effect = "act"
	Wait    Effect = "waiting"
	Block   Effect = "blocked"
	Doubt   Effect = "unknown"
)

// first returns the first row that fits. Every table ends with a row that always does.
func first(rows []Row, f *facts) *Row {
	for i := range rows {
		if rows[i].when(f) {
			return &rows[i]
		}
	}
	panic("a behaviour table has no row for this case; its last row must always fit")
}

func always(*facts) bool { return true }

// Tables returns the behaviour tables by name, for documentation and tests.
func Tables() map[string][]Row {
	return map[string][]Row{
		"sending": append([]Row(nil), sendRows...),
		"status":  append([]Row(nil), statusRows...),
		"refund":  append([]Row(nil), refundRows...),
		"answer":  append([]Row(nil), answerRows...),
	}
}
