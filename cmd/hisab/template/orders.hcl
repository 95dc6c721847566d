# An order: the customer is billed on WhatsApp, and told how it goes on. The label is its
# reference_id, by which Hisab, WhatsApp and the payment gateway all know it.

order "BREAD-1" {
  customer {
    name  = "Asha Rao"
    phone = "+91 98765 43210"
  }
  type = "physical-goods" # what needs no shipping is digital-goods

  item {
    name        = "Sourdough bread"
    amount      = 140.00 # rupees, for one
    sale_amount = 100.00
    quantity    = 2
  }
  tax {
    amount      = 10.00
    description = "GST"
  }

  beneficiary { # who gets what is shipped; the customer is not shown it
    name          = "Asha Rao"
    address_line1 = "12 MG Road"
    city          = "Bengaluru"
    state         = "Karnataka"
    country       = "India"
    postal_code   = "560001"
  }

  # Where the order should be: pending, processing, partially_shipped, shipped, completed or
  # canceled. Nothing after pending is sent before the money is in.
  status = "shipped"

  status_message "shipped" {
    body = "It is on its way."
  }

  # To give money back, declare it. It is refunded once, however often apply runs:
  #
  # refund "damaged-loaf" {
  #   amount = 100.00
  #   reason = "One loaf was damaged"
  # }
}

# An invoice: a bill that completes itself once it is paid.

invoice "FEE-2026-11" {
  customer {
    name  = "Ravi Iyer"
    phone = "+91 98123 45678"
  }
  type        = "digital-goods"
  description = "School fee, November"
  amount      = 4500.00
  due         = "2026-11-30"
}
