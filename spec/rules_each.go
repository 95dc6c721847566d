package spec

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The functions here turn one question about one thing into a check of an order. A question
// answers with the field and what is wrong with it; an empty detail means that nothing is.

func whole(ask func(o *Order) (path, detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) []fault {
		if path, detail := ask(o); detail != "" {
			return []fault{{path, detail}}
		}
		return nil
	}
}

func eachItem(ask func(o *Order, item *Item) (field, detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		for i := range o.Items {
			if field, detail := ask(o, &o.Items[i]); detail != "" {
				faults = append(faults, fault{"item[" + strconv.Itoa(i) + "]." + field, detail})
			}
		}
		return faults
	}
}

func eachBeneficiary(ask func(b *Beneficiary) (field, detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		for i := range o.Beneficiaries {
			if field, detail := ask(&o.Beneficiaries[i]); detail != "" {
				faults = append(faults, fault{"beneficiary[" + strconv.Itoa(i) + "]." + field, detail})
			}
		}
		return faults
	}
}

func eachStatusMessage(ask func(o *Order, m *StatusMessage) (field, detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		for i := range o.StatusMessages {
			m := &o.StatusMessages[i]
			if field, detail := ask(o, m); detail != "" {
				faults = append(faults, fault{labelPath("status_message", statusLabel(m.Status), field), detail})
			}
		}
		return faults
	}
}

func statusLabel(s Status) string {
	if s == "" {
		return "default"
	}
	return string(s)
}

func eachRefund(ask func(o *Order, r *Refund) (field, detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		for i := range o.Refunds {
			r := &o.Refunds[i]
			if field, detail := ask(o, r); detail != "" {
				faults = append(faults, fault{labelPath("refund", r.Label, field), detail})
			}
		}
		return faults
	}
}

func eachOffline(ask func(p *OfflinePayment, at moment) (field, detail string)) func(*Order, moment) []fault {
	return func(o *Order, at moment) (faults []fault) {
		for i := range o.OfflinePayments {
			p := &o.OfflinePayments[i]
			if field, detail := ask(p, at); detail != "" {
				faults = append(faults, fault{labelPath("offline_payment", p.Label, field), detail})
			}
		}
		return faults
	}
}

func eachNotify(ask func(o *Order, n *Notify) (detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		for i := range o.Notify {
			if detail := ask(o, &o.Notify[i]); detail != "" {
				faults = append(faults, fault{labelPath("notify", o.Notify[i].Event, ""), detail})
			}
		}
		return faults
	}
}

func labelPath(block, label, field string) string {
	path := block + "[" + strconv.Quote(label) + "]"
	if field == "" {
		return path
	}
	return path + "." + field
}

// tooLong compares characters, which is what Meta counts; a text with no more bytes than
// that has no more characters either and is not counted.
func tooLong(text string, limit int) string {
	if len(text) <= limit {
		return ""
	}
	n := utf8.RuneCountInString(text)
	if n <= limit {
		return ""
	}
	return fmt.Sprintf("It has %d characters; at most %d are allowed. Shorten it by %d.", n, limit, n-limit)
}

func missing(text, detail string) string {
	if strings.TrimSpace(text) != "" {
		return ""
	}
	return detail
}

// notHTTPS says what keeps a text from being a link that others can fetch.
func notHTTPS(link string) string {
	if plainHTTPS(link) {
		return ""
	}
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return fmt.Sprintf("%q cannot be read as a link. Write it in full: https://….", shorten(link))
	case u.Scheme == "http":
		return fmt.Sprintf("%q is not encrypted. Use https.", shorten(link))
	case u.Scheme != "https" || u.Host == "":
		return fmt.Sprintf("%q is no link that WhatsApp can fetch. Write it in full: https://….", shorten(link))
	case u.User != nil:
		return "The link holds a user name or password. Use a link that is public."
	}
	return ""
}

// plainHTTPS knows the common link, https://name/path, without taking it apart.
func plainHTTPS(link string) bool {
	rest, ok := strings.CutPrefix(link, "https://")
	host, path, _ := strings.Cut(rest, "/")
	return ok && host != "" && onlyLinkRunes(host, ".-") && onlyLinkRunes(path, ".-_~/")
}

func onlyLinkRunes(s, signs string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte(signs, c) < 0 {
			return false
		}
	}
	return true
}

// notADate says what keeps a text from being a day in the calendar.
func notADate(text string) string {
	if text == "" {
		return "It is empty. Write the day as year, month, day: 2026-11-30."
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return fmt.Sprintf("%q is no day of the calendar. Write it as year, month, day: 2026-11-30.", shorten(text))
	}
	return ""
}
