order "A" {
  customer { phone = "+919876543210" }
  item {
    name     = "Bread"
    amount   = 100
    quantity = 1
  }
}
