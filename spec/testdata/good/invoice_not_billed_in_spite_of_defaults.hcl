invoice "INV-1" {
  provider = ""
  customer { phone = "919812345678" }
  description = "School fee, November"
  amount      = 4500.00
  offline_payment "cash-1" {
    amount = 4500.00
    date   = "2026-11-20"
  }
}
