# A school that bills its fees each month from a spreadsheet, takes cash at the desk, and
# sends receipts for it.
#
#   export WHATSAPP_TOKEN=…
#   hisab init examples/school && hisab plan --var month=2026-11 examples/school

hisab {
  id           = "example-school"
  timezone     = "Asia/Kolkata"
  country_code = "91"
}

variable "month" {
  type    = string
  default = "2026-11"
}

variable "base_url" {
  type    = string
  default = "https://graph.facebook.com"
}

provider "whatsapp" "school" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
  base_url        = var.base_url
}

defaults "invoice" {
  provider          = whatsapp.school
  type              = "digital-goods"
  body              = "Dear parent, here is the school fee for ${var.month}."
  country_of_origin = "India"
  importer_name     = "Vidya School"
  importer_address {
    address_line1 = "4 Lake Road"
    city          = "Bengaluru"
    zone_code     = "KA"
    postal_code   = "560042"
    country_code  = "IN"
  }
  payment {
    gateway       = "payu"
    configuration = "school-payu"
  }
  # Parents rarely wrote in the last 24 hours, so bills go out as a template.
  templates {
    order_details = template.fee
    when          = "always"
  }
  notify "paid" {
    template = template.receipt
  }
  notify "offline_payment" {
    template = template.desk_receipt
  }
}

template "fee" {
  provider = whatsapp.school
  name     = "monthly_fee"
  language = "en"
  body     = ["${customer.name}", "${order.total_amount}"]
}

template "receipt" {
  provider = whatsapp.school
  name     = "fee_receipt"
  language = "en"
  body     = ["${customer.name}", "${inr(payment.amount)}", "${payment.date}"]
}

template "desk_receipt" {
  provider = whatsapp.school
  name     = "desk_receipt"
  language = "en"
  body     = ["${customer.name}", "${inr(payment.amount)}", "${payment.method}"]
}
