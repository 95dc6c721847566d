hisab {
  id = "shop"
}

provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
  base_url        = env("SANDBOX")
}

defaults "order" {
  provider   = whatsapp.main
  body       = "Thank you."
  catalog_id = "538246951"
  type       = "digital-goods"
  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}

defaults "invoice" {
  provider   = whatsapp.main
  body       = "Your bill."
  catalog_id = "538246951"
  type       = "digital-goods"
  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}
