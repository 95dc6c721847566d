order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
  status = "partially-shipped"
  type   = "digital-goods"
  status_message "partially-shipped" { body = "Half of it is on its way." }
  status_message "cancelled" { body = "It is off." }
  notify "cancelled" { template = template.receipt }
}
