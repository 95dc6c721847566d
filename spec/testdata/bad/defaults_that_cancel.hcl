defaults "order" {
  lifecycle { on_remove = "cancel" }
}
