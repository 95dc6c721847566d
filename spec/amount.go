package spec

// Amount is money in integer minor units: paise where the currency is INR.
// It is never a float. The currency stands beside it, once per order.
type Amount int64

// Offset is the number of minor units in one unit of the currency. WhatsApp accepts
// only INR with offset 100 (orders guide, total_amount).
const Offset = 100

// INR is the only currency WhatsApp payments accept in India (orders guide, currency).
const INR = "INR"
