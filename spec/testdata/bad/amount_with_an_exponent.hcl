order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name = "Bread"
    amount = 1.4e2
    quantity = 2
  }
}
