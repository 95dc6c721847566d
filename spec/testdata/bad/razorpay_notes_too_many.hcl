order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
  payment {
    razorpay {
      notes = { n0 = "x", n1 = "x", n2 = "x", n3 = "x", n4 = "x", n5 = "x", n6 = "x", n7 = "x", n8 = "x", n9 = "x", n10 = "x", n11 = "x", n12 = "x", n13 = "x", n14 = "x", n15 = "x" }
    }
  }
}
