order "A-1" {
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
}
