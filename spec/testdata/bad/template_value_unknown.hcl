template "second" {
  provider = whatsapp.main
  name     = "receipt"
  language = "en"
  body     = ["${customer.nmae}"]
}
