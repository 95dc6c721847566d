order "BM345A-12" {
  customer {
    name  = "Asha Rao"
    phone = "+91 98765 43210"
    email = "asha@example.in"
  }
  provider   = whatsapp.main
  type       = "physical-goods"
  body       = "Thank you."
  footer     = "GSTIN 29ABCDE1234F1Z5"
  catalog_id = ""
  header { image = "https://shop.example/bread.jpg" }
  item {
    name              = "Sourdough bread"
    amount            = 140.00
    sale_amount       = 100.00
    quantity          = 2
    country_of_origin = "India"
    importer_name     = "Sharma Stores"
    importer_address {
      address_line1 = "12 MG Road"
      city          = "Bengaluru"
      zone_code     = "KA"
      postal_code   = "560001"
      country_code  = "IN"
    }
  }
  subtotal = 200.00
  tax {
    amount      = 10.00
    description = "GST"
  }
  shipping { amount = 10.00 }
  discount {
    amount                = 10.00
    discount_program_name = "diwali"
  }
  total_amount = 210.00
  currency     = "INR"
  expiration {
    timestamp   = "2036-12-01T18:00:00+05:30"
    description = "Offer ends"
  }
  beneficiary {
    name          = "Asha Rao"
    address_line1 = "12 MG Road"
    city          = "Bengaluru"
    state         = "Karnataka"
    country       = "India"
    postal_code   = "560001"
  }
  payment {
    razorpay {
      receipt = "rcpt-12"
      notes   = { channel = "web" }
    }
    preferred_payment_methods = ["gpay"]
    enabled_payment_options   = ["upi"]
  }
  status = "shipped"
  status_message {
    body = "News of your order."
  }
  status_message "shipped" {
    body        = "It is on its way."
    footer      = "Sharma Stores"
    description = "AWB 4711"
  }
  require_payment = true
  templates {
    order_details = template.bill
    order_status  = template.bill
    when          = "outside_window"
  }
  refund_via = razorpay.main
  refund "damaged-loaf" {
    amount = 100.00
    speed  = "instant"
    reason = "One loaf was damaged"
  }
  refund "by-hand" {
    amount = 20.00
    id     = "rfnd_FP8QHiV938haTz"
  }
  notify "paid" {
    template      = template.receipt
    fallback      = [template.bill]
    at_least_once = true
  }
  lifecycle {
    on_remove       = "cancel"
    prevent_replace = true
  }
}
