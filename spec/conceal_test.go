package spec

import "testing"

func TestConceal(t *testing.T) {
	for line, want := range map[string]string{
		`access_token = "EAAG42"`:                                  `access_token = "******"`,
		`  access_tokn    = "EAAG42" # mine`:                       `  access_tokn    = "******" # mine`,
		`m: {phone_number_id: "1", access_token: EAAG42, rate: 8}`: `m: {phone_number_id: "1", access_token: ******, rate: 8}`,
		`salt: 'se cret'`:                                          `salt: '*******'`,
		`"webhook_secret": 918273645`:                              `"webhook_secret": *********`,
		`app_secret = "se\"cret"`:                                  `app_secret = "***"****"`,
		`app_secret = "not closed`:                                 `app_secret = "**********`,
		// What says where a secret is found is shown.
		`access_token = env("WHATSAPP_TOKEN")`:        `access_token = env("WHATSAPP_TOKEN")`,
		`access_token: '${env("WHATSAPP_TOKEN")}'`:    `access_token: '${env("WHATSAPP_TOKEN")}'`,
		`access_token: ${var.token}`:                  `access_token: ${var.token}`,
		`access_token = var.token`:                    `access_token = var.token`,
		`name = "Asha", amount: 140.00, key_id = "x"`: `name = "Asha", amount: 140.00, key_id = "x"`,
		``: ``,
	} {
		if got := string(conceal([]byte(line))); got != want {
			t.Errorf("%s\nis shown as %s\nwant        %s", line, got, want)
		}
	}
}
