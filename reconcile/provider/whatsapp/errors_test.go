package whatsapp

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// documented are the codes of Meta's "Error codes" page and of the orders guide.
var documented = []int{
	0, 190, 3, 10, 200, 299, 131005, 134011, 368, 131031, 130497, 1, 2, 131016, 133004, 131000, 135000, 4, 80007,
	130429, 131056, 131048, 131064, 131057, 33, 100, 131008, 131009, 131021, 131026, 130403, 131042, 131045, 133010,
	131047, 131049, 131050, 131051, 131052, 131053, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 2046, 2047,
}

func TestEveryDocumentedCodeHasARow(t *testing.T) {
	for _, n := range documented {
		if row, known := codeOf(n); !known || row.Meaning == "" || row.Source == "" || row.Concerns == "" {
			t.Errorf("code %d: %+v", n, row)
		}
	}
	for _, n := range []int{-1, 5, 9, 11, 199, 300, 999, 131999, 133000} {
		if row, known := codeOf(n); known {
			t.Errorf("code %d, which nobody documented, reads as %+v", n, row)
		}
	}
}

func TestEveryRowCanBeReached(t *testing.T) {
	for i, row := range codes {
		if row.From > row.To {
			t.Errorf("row %d ends before it begins", i)
		}
		reached := false
		for n := row.From; n <= row.To && !reached; n++ {
			got, _ := codeOf(n)
			reached = got == row
		}
		if !reached {
			t.Errorf("row %d (%d) is hidden by the rows above it", i, row.From)
		}
		if m := row.explain(); strings.ContainsAny(m, "\n\t") || strings.HasSuffix(m, ".") || strings.Contains(m, "  ") {
			t.Errorf("row %d: %q is no clause", i, m)
		}
	}
}

// Only what the platform decides before it looks at a payment proves that no money moved.
func TestRefundClassesProveThatNothingWasCreated(t *testing.T) {
	var proved []int
	for _, row := range codes {
		if row.Refund != reconcile.Unknown {
			proved = append(proved, row.From)
			if row.Refund != row.Message {
				t.Errorf("code %d: a refund is %q, a message %q", row.From, row.Refund, row.Message)
			}
		}
	}
	slices.Sort(proved)
	want := []int{0, 3, 10, 33, 100, 190, 200, 368, 130429, 130497, 131005, 131008, 131009, 131031, 131042, 131045, 131056, 133010, 134011}
	if !slices.Equal(proved, want) {
		t.Errorf("the proven codes are %v, want %v", proved, want)
	}
}

func TestCodesIsACopy(t *testing.T) {
	Codes()[0].Meaning = "changed"
	if codes[0].Meaning == "changed" {
		t.Error("the table can be changed from outside")
	}
}

func TestOnlyTheCustomerIsThrottled(t *testing.T) {
	for body, want := range map[string]bool{
		`{"error": {"code": 131056}}`: true,
		`{"error": {"code": 130429}}`: false,
		`{"error": {"code": 131026}}`: false,
		``:                            false,
	} {
		e := testClient("").refusal(onMessage, answer{status: 429, header: http.Header{}, body: []byte(body)}, nil)
		if e.Customer != want {
			t.Errorf("%s: Customer is %t, want %t", body, e.Customer, want)
		}
	}
}

// What the platform says of a message's content is shown, without what is personal in it.
func TestDetailsAreShownWithoutThePerson(t *testing.T) {
	m := &reconcile.Message{
		Kind: reconcile.OrderStatus, To: "919876543210", Body: "Dear Asha Rao, it is on its way",
	}
	body := `{"error": {"message": "(#131009) Parameter value is not valid", "code": 131009, "error_data": {"details":
		"Parameter interactive['action']['parameters']['order'] of +91 98765 43210 (asha@example.in, asha@okbank): DEAR ASHA RAO, IT IS ON ITS WAY\n` + testToken + `"}}}`
	e := testClient("").refusal(onMessage, answer{status: 400, header: http.Header{}, body: []byte(body)}, m)
	want := "the value of a parameter is not valid: Parameter interactive['action']['parameters']['order'] of ••• (•••, •••): ••• •••"
	if e.Meaning != want {
		t.Errorf("got  %q\nwant %q", e.Meaning, want)
	}
}

func TestRetryAfter(t *testing.T) {
	now := lookedAt
	for hint, want := range map[string]time.Duration{
		"":                                0,
		"30":                              30 * time.Second,
		"0":                               0,
		"-30":                             0,
		"3601":                            time.Hour,
		"9223372036854775807":             time.Hour,
		"99999999999999999999999999":      time.Hour,
		"-99999999999999999999999999":     0,
		"1.5":                             0,
		"soon":                            0,
		"Fri, 20 Nov 2026 12:00:45 GMT":   45 * time.Second,
		"Fri, 20 Nov 2026 11:00:00 GMT":   0,
		"Sat, 20 Nov 2106 12:00:00 GMT":   time.Hour,
		"Fri, 20 Nov 0001 12:00:00 GMT":   0,
		"Friday, 20-Nov-26 12:01:00 GMT":  time.Minute,
		"2026-11-20T12:00:45Z":            0,
		"Fri, 20 Nov 2026 12:00:45 +0530": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {hint}}, now); got != want {
			t.Errorf("%q: %v, want %v", hint, got, want)
		}
	}
}
