invoice "fee" {
  for_each = { for r in csvdecode(file("bills.csv")) : r.ref => r }
  customer {
    name  = each.value.name
    phone = each.value.phone
  }
  description = "Fee"
  amount      = each.value.amount
}
