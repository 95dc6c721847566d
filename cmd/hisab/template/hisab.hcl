# The settings of this spec. Every *.hcl, *.yaml and *.yml file in this folder belongs to
# it; in which file a block stands has no meaning.

hisab {
  id = "{{ID}}" # ties these files to their state: keep it
}

# The WhatsApp account that bills the customers. As it stands it talks to the sandbox on
# this machine, which plays WhatsApp:
#
#   hisab sandbox
#
# For the real thing put in your phone number id, take base_url out, and let the secrets
# come from the environment:
#
#   access_token = env("WHATSAPP_TOKEN")
#   app_secret   = env("WHATSAPP_APP_SECRET")

provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = "sandbox"
  base_url        = "http://127.0.0.1:4010"
}

# What every order and every invoice says unless it says otherwise.

locals {
  shop = "Sharma Stores"
}

defaults "order" {
  provider          = whatsapp.main
  body              = "Thank you for ordering from ${local.shop}."
  country_of_origin = "India"
  importer_name     = local.shop

  importer_address {
    address_line1 = "12 MG Road"
    city          = "Bengaluru"
    zone_code     = "KA"
    postal_code   = "560001"
    country_code  = "IN"
  }

  payment {
    gateway       = "razorpay"      # razorpay, payu, billdesk or zaakpay
    configuration = "shop-razorpay" # the payment configuration's name on WhatsApp
  }
}

defaults "invoice" {
  provider          = whatsapp.main
  body              = "Your bill from ${local.shop}."
  country_of_origin = "India"
  importer_name     = local.shop

  importer_address {
    address_line1 = "12 MG Road"
    city          = "Bengaluru"
    zone_code     = "KA"
    postal_code   = "560001"
    country_code  = "IN"
  }

  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}
