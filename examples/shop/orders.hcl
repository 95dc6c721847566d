# Paid, packed, on its way. One loaf was damaged, so a part goes back.
order "BM345A-12" {
  customer {
    name  = "Asha Rao"
    phone = "98765 43210"
    email = "asha@example.in"
  }
  type = "physical-goods"

  item {
    retailer_id = "1234567"
    name        = "Sourdough bread"
    amount      = 140.00
    sale_amount = 100.00
    quantity    = 2
  }
  tax {
    amount      = 10.00
    description = "GST"
  }
  shipping {
    amount = 10.00
  }
  discount {
    amount                = 10.00
    discount_program_name = "diwali"
  }
  total_amount = 210.00

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
  }

  status = "shipped"
  status_message "shipped" {
    body        = "Your bread is on its way."
    description = "AWB 4711"
  }

  refund "damaged-loaf" {
    amount = 100.00
    reason = "One loaf was damaged"
  }
}

# The customer changed their mind before paying.
order "BM345A-13" {
  customer {
    name  = "Imran Khan"
    phone = "+91 90000 12345"
  }
  type = "digital-goods"
  item {
    retailer_id = "7654321"
    name        = "Baking course"
    amount      = 999.00
    quantity    = 1
  }
  status = "canceled"
}
