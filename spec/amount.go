package spec

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Amount is money in integer minor units: paise where the currency is INR.
// It is never a float. The currency stands beside it, once per order.
type Amount int64

// Offset is the number of minor units in one unit of the currency. WhatsApp accepts
// only INR with offset 100 (orders guide, total_amount).
const Offset = 100

// INR is the only currency WhatsApp payments accept in India (orders guide, currency).
const INR = "INR"

// String writes the amount in rupees with both decimals and nothing else: 4500.00.
// ParseAmount reads it back, unless it is negative.
func (a Amount) String() string {
	sign, rupees, paise := a.split()
	return fmt.Sprintf("%s%d.%02d", sign, rupees, paise)
}

// INR writes the amount for people, grouped as India groups: ₹4,500.00, ₹1,00,000.00.
func (a Amount) INR() string {
	sign, rupees, paise := a.split()
	return fmt.Sprintf("%s₹%s.%02d", sign, groupIndian(strconv.FormatUint(rupees, 10)), paise)
}

// split takes the amount apart. The magnitude is unsigned so that the smallest int64
// has one.
func (a Amount) split() (sign string, rupees, paise uint64) {
	magnitude := uint64(a)
	if a < 0 {
		sign, magnitude = "-", -magnitude
	}
	return sign, magnitude / Offset, magnitude % Offset
}

// groupIndian puts commas before the last three digits and before every two ahead of
// them, as lakh and crore are written.
func groupIndian(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	head, tail := digits[:len(digits)-3], digits[len(digits)-3:]
	var b strings.Builder
	for i, d := range head {
		if i > 0 && (len(head)-i)%2 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String() + "," + tail
}

// add returns a+b and whether the sum fits.
func (a Amount) add(b Amount) (Amount, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

// sub returns a-b and whether the difference fits.
func (a Amount) sub(b Amount) (Amount, bool) {
	difference := a - b
	return difference, (difference < a) == (b > 0)
}

// times returns a×n for an a and n that are not negative, and whether the product fits.
func (a Amount) times(n int64) (Amount, bool) {
	if a < 0 || n < 0 {
		return 0, false
	}
	high, low := bits.Mul64(uint64(a), uint64(n))
	return Amount(low), high == 0 && low <= math.MaxInt64
}
