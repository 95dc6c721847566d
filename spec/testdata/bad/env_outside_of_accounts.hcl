order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
  footer = env("HOME")
}
