# One invoice a pupil, from the spreadsheet that the office keeps.
invoice "fee" {
  for_each     = { for pupil in csvdecode(file("pupils.csv")) : pupil.id => pupil }
  reference_id = "FEE-${var.month}-${each.key}"
  customer {
    name  = each.value.parent
    phone = each.value.phone
  }
  description = "School fee ${var.month}, ${each.value.pupil}"
  amount      = each.value.fee
  due         = "${var.month}-28" # the last day that every month has
}

# This family paid at the desk: nothing is billed, and the receipt goes out.
invoice "FEE-2026-11-0107" {
  customer {
    name  = "Ravi Iyer"
    phone = "98123 45678"
  }
  description = "School fee 2026-11, Anand"
  amount      = 4500.00
  due         = "2026-11-28"
  offline_payment "desk" {
    amount = 4500.00
    date   = "2026-11-20"
    method = "cash"
  }
}
