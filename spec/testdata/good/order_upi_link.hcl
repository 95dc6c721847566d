order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 2
  }
  observe = razorpay.main
  payment {
    gateway       = "upi"
    configuration = null
    link          = "upi://pay?pa=shop@bank&pn=Sharma%20Stores&mc=5399&purpose=00&tr=pg-4711"
  }
}
