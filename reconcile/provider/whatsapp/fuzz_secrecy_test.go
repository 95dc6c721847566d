package whatsapp

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// FuzzSignature: the one signature of these bytes with this secret is taken, and no other
// text is.
func FuzzSignature(f *testing.F) {
	f.Add([]byte(`{"entry": []}`), "s3cret", "sha256=00", uint(0))
	f.Add([]byte{}, "", "sha256="+hex.EncodeToString(sha256.New().Sum(nil)), uint(7))
	f.Add([]byte("a"), "k", "SHA256=", uint(300))
	f.Fuzz(func(t *testing.T, body []byte, key, header string, flip uint) {
		secret, other := spec.NewSecret(key), spec.NewSecret(key+"x")
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		signed := "sha256=" + hex.EncodeToString(mac.Sum(nil))
		if got := VerifySignature(body, signed, secret); (got == nil) != (key != "") {
			t.Errorf("its own signature: %v", got)
		}
		if key != "" && VerifySignature(body, signed, other, secret) != nil {
			t.Error("a secret that was rotated is not taken")
		}
		if VerifySignature(body, signed, other) == nil || VerifySignature(body, signed) == nil {
			t.Error("another secret, or none, is taken")
		}
		if fits := strings.EqualFold(header, signed) && strings.HasPrefix(header, "sha256="); !fits && VerifySignature(body, header, secret) == nil {
			t.Errorf("%q is taken", header)
		}
		forged := append(bytes.Clone(body), 0)
		if at := int(flip % uint(8*len(forged))); at < 8*len(body) {
			forged = bytes.Clone(body)
			forged[at/8] ^= 1 << (at % 8)
		}
		if VerifySignature(forged, signed, secret) == nil {
			t.Errorf("a changed body is taken")
		}
	})
}

// FuzzChallenge: only whoever knows the token is answered, with nothing but what was asked.
func FuzzChallenge(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.verify_token=t&hub.challenge=1158201444", "t")
	f.Add("hub.mode=subscribe&hub.verify_token=&hub.challenge=1", "")
	f.Add("hub.mode=subscribe&hub.verify_token=t&hub.verify_token=u&hub.challenge=a%0Ab", "u")
	f.Fuzz(func(t *testing.T, query, token string) {
		q, _ := url.ParseQuery(query)
		got, err := VerifyChallenge(q, spec.NewSecret(token))
		if err != nil {
			if got != "" || token != "" && strings.Contains(err.Error(), token) && !strings.Contains(ErrChallenge.Error(), token) {
				t.Errorf("refused with %q, %v", got, err)
			}
			return
		}
		if token == "" || q.Get("hub.verify_token") != token || q.Get("hub.mode") != "subscribe" || got != q.Get("hub.challenge") {
			t.Errorf("%q is answered with %q", query, got)
		}
		if got == "" || len(got) > 256 || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("answered with %q", got)
		}
	})
}

// FuzzScrub: what is scrubbed shows nothing that is personal or secret, is one short line,
// and stays as it is when it is scrubbed again.
func FuzzScrub(f *testing.F) {
	f.Add("Parameter of +91 98765 43210 (asha@example.in)", "Asha Rao")
	f.Add("ASHA rao\n\x1b[31m"+strings.Repeat("x", 50), "Asha Rao")
	f.Add("919876543210"+testToken+"919876543210", "a.b")
	f.Add("İstanbul ﬁ ß", "ß")
	f.Add("bytes that are no text", "Asha\x8d\x17\xd8 Rao")
	f.Add("asha@home@okbank \"asha@okbank\"", "asha")
	f.Add("91\x00987\u200b654\u00ad3210", "Asha Rao")
	f.Fuzz(func(t *testing.T, text, hide string) {
		const phone = "919876543210"
		split := phone[:4] + "\u200b" + phone[4:7] + "\x00" + phone[7:]
		got := scrub(text+" "+split+" "+phone+" "+testToken+" "+text, []string{hide, testToken})
		if strings.Contains(got, phone) || strings.Contains(got, testToken) {
			t.Errorf("shows what is secret: %q", got)
		}
		if utf8.RuneCountInString(got) > 200 || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("is no short line: %q", got)
		}
		if again := scrub(got, []string{hide, testToken}); again != got && len(printed(hide)) > len(hidden) {
			t.Errorf("scrubbed twice: %q, then %q", got, again)
		}
	})
}

// FuzzDuplicates: an event is the same event in whatever envelope it comes, however it is
// spaced and however often.
func FuzzDuplicates(f *testing.F) {
	seed(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, body []byte) {
		account := func(string) string { return "a" }
		es, err := ParseWebhook(body, account, lookedAt)
		if err != nil || len(es) == 0 {
			return
		}
		var spaced bytes.Buffer
		if json.Indent(&spaced, body, "\t", "   ") != nil {
			return
		}
		again, err := ParseWebhook(spaced.Bytes(), account, lookedAt)
		if err != nil || len(again) != len(es) {
			t.Fatalf("spaced otherwise it is %d events and %v, not %d", len(again), err, len(es))
		}
		for i := range es {
			if es[i] != again[i] {
				t.Errorf("%+v became %+v", es[i], again[i])
			}
			shown := es[i].Meaning
			if len(shown) > 300 || strings.ContainsAny(shown, "\n\x1b") || strings.Contains(shown, "91987") {
				t.Errorf("unfit to be shown: %q", shown)
			}
		}
		for _, e := range es {
			if e.Delivery == reconcile.Unconfirmed && e.Reference == "" && e.Meaning == "" && (e.MessageID == "" || e.Opaque == "") {
				t.Errorf("evidence of nothing: %+v", e)
			}
		}
	})
}
