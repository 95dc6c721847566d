defaults "order" {
  footer = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
}
