order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
}
order "A-2" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
  footer = "The second."
}
order "A-3" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
}
