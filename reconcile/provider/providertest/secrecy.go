package providertest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// judgeError examines what every error promises: a meaning in one line, no secret and
// nothing personal, however it is printed and however deep one looks.
func (x *Exam) judgeError(t *testing.T, err error, call *reconcile.CallError) {
	t.Helper()
	if call.Meaning == "" || strings.ContainsAny(call.Meaning, "\n\r\t\x1b") {
		t.Errorf("the meaning is not one line: %q", call.Meaning)
	}
	if call.RetryAfter < 0 {
		t.Errorf("a negative wait: %v", call.RetryAfter)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, form := range []string{"%v", "%+v", "%#v", "%q"} {
			x.judgeText(t, fmt.Sprintf(form, e))
		}
	}
	x.judgeText(t, call.Meaning)
}

func (x *Exam) judgeText(t *testing.T, shown string) {
	t.Helper()
	for _, s := range x.Secrets {
		if strings.Contains(shown, s) {
			t.Errorf("a secret is in the error: %s", shown)
		}
	}
	for _, s := range x.Personal {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(s)) {
			t.Errorf("%q is in the error: %s", s, shown)
		}
	}
}
