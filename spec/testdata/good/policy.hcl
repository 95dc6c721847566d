policy {
  max_refund           = 5000.00
  max_refund_per_day   = "100000.00"
  require_approval     = ["refund", "send", "status", "status_back", "replace", "cancel"]
  retry_failed_refunds = 0
  max_sent             = 500
  max_canceled         = 20
  max_removed          = "30%"
  quiet_hours {
    from = "21:00"
    to   = "09:00"
  }
}
