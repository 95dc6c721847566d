order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name = "Bread"
    amount = 99999999999999999999
    quantity = 2
  }
}
