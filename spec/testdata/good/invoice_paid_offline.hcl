invoice "INV-1" {
  customer {
    name  = "Ravi Iyer"
    phone = "919812345678"
  }
  description = "School fee, November"
  amount      = 4500.00
  offline_payment "cash-1" {
    amount = 4500.00
    date   = "2026-11-20"
    method = "cash"
  }
  notify "offline_payment" { template = template.receipt }
}
