provider "whatsapp" "second" {
  phone_number_id = "206540352242922"
}
