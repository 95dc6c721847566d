package spec

import "strings"

// veil stands for what is hidden. Its length is fixed so that it says nothing about the
// length of what it hides.
const veil = "••••"

// MaskPhone hides the middle of a number given as E.164 digits: +91 98••••3210.
func MaskPhone(digits string) string {
	if len(digits) < 8 {
		return MaskText(digits)
	}
	last := digits[len(digits)-4:]
	if len(digits) == 12 && strings.HasPrefix(digits, "91") {
		return "+91 " + digits[2:4] + veil + last
	}
	return "+" + digits[:2] + veil + last
}

// MaskName leaves the first letter: A••••.
func MaskName(name string) string {
	for _, r := range name {
		return string(r) + veil
	}
	return ""
}

// MaskText hides a free text or an address whole; nothing stays nothing.
func MaskText(text string) string {
	if text == "" {
		return ""
	}
	return veil
}
