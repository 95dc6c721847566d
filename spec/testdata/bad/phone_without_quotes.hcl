order "A-1" {
  customer { phone = 919876543210 }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
}
