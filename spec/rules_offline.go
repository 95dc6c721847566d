package spec

import (
	"fmt"
	"time"
)

var offlineRules = []Rule{
	{
		ID: "due_date", Source: "Hisab: due",
		Summary: "The due date is no day",
		check: whole(func(o *Order) (string, string) {
			if o.Due == "" {
				return "", ""
			}
			return "due", notADate(o.Due)
		}),
	},
	{
		ID: "offline_payment_label", Source: "Hisab: offline payments",
		Summary: "This cannot be an offline payment's label",
		check: eachOffline(func(p *OfflinePayment, _ moment) (string, string) {
			return "", notALabel(p.Label)
		}),
	},
	{
		ID: "offline_payment_amount", Source: "Hisab: offline payments",
		Summary: "An offline payment is more than nothing",
		check: eachOffline(func(p *OfflinePayment, _ moment) (string, string) {
			if p.Amount > 0 {
				return "", ""
			}
			return "amount", fmt.Sprintf("It is %s. Write what was paid, or leave the block out.", p.Amount)
		}),
	},
	{
		ID: "offline_payment_date", Source: "Hisab: offline payments",
		Summary: "The offline payment's date is no day",
		check: eachOffline(func(p *OfflinePayment, _ moment) (string, string) {
			return "date", notADate(p.Date)
		}),
	},
	{
		ID: "offline_payment_future", Source: "Hisab: offline payments", Warning: true,
		Summary: "The offline payment lies in the future",
		check:   eachOffline(checkOfflineFuture),
	},
}

func checkOfflineFuture(p *OfflinePayment, at moment) (string, string) {
	if at.now.IsZero() || at.location == nil {
		return "", ""
	}
	day, err := time.ParseInLocation(time.DateOnly, p.Date, at.location)
	if err != nil || !day.After(at.now) {
		return "", ""
	}
	return "date", fmt.Sprintf("%s has not come yet, and the money counts as received from the moment it is declared. Correct the date, or declare the payment when it is made.", p.Date)
}
