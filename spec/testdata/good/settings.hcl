hisab {
  id           = "shop-prod"
  state        = "sqlite://.hisab/state.db"
  timezone     = "Asia/Kolkata"
  country_code = "91"
}
