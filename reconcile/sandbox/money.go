package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// inr writes paise as rupees, grouped as in India: ₹1,23,456.00.
func inr(paise int64) string {
	sign := ""
	if paise < 0 {
		sign, paise = "−", -paise
	}
	rupees := strconv.FormatInt(paise/100, 10)
	var groups []string
	for size := 3; len(rupees) > size; size = 2 {
		groups = append([]string{rupees[len(rupees)-size:]}, groups...)
		rupees = rupees[:len(rupees)-size]
	}
	return fmt.Sprintf("%s₹%s.%02d", sign, strings.Join(append([]string{rupees}, groups...), ","), paise%100)
}

// prettyPhone writes an Indian mobile number as +91 98765 43210, others with a plus.
func prettyPhone(digits string) string {
	if len(digits) == 12 && strings.HasPrefix(digits, "91") {
		return "+91 " + digits[2:7] + " " + digits[7:]
	}
	return "+" + digits
}

// shorten cuts a text after n characters.
func shorten(n int, s string) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}
