# A bakery that sells from a WhatsApp catalog and ships.
#
#   export WHATSAPP_TOKEN=…  WHATSAPP_APP_SECRET=…  WHATSAPP_VERIFY_TOKEN=…
#   hisab init examples/shop && hisab plan examples/shop

hisab {
  id           = "example-shop"
  timezone     = "Asia/Kolkata"
  country_code = "91"
}

variable "base_url" {
  type        = string
  default     = "https://graph.facebook.com"
  description = "point it at a hisab sandbox to try the example without sending anything"
}

locals {
  shop = "Sharma Bakery"
}

provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
  app_secret      = env("WHATSAPP_APP_SECRET")
  verify_token    = env("WHATSAPP_VERIFY_TOKEN")
  base_url        = var.base_url
}

defaults "order" {
  provider   = whatsapp.main
  body       = "Thank you for ordering from ${local.shop}."
  footer     = "GSTIN 29ABCDE1234F1Z5"
  catalog_id = "538246951"

  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}

# What a person must look at before it happens.
policy {
  max_refund         = 5000.00
  max_refund_per_day = 100000.00
  require_approval   = ["status_back"]
  max_sent           = 500
}
