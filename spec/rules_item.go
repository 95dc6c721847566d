package spec

import (
	"fmt"
	"strconv"
)

// maxItemsWithImage is how many items an order has at most when one has a picture of its
// own (orders guide, items.image).
const maxItemsWithImage = 10

var itemRules = []Rule{
	{
		ID: "items_required", Source: "orders guide: order.items",
		Summary: "There is nothing to pay for",
		check: whole(func(o *Order) (string, string) {
			if len(o.Items) > 0 {
				return "", ""
			}
			if o.Kind == KindInvoice {
				return "item", "Write description and amount for an invoice of one line, or an item for each line."
			}
			return "item", "Write an item, with name, amount and quantity, for each line of the order."
		}),
	},
	{
		ID: "items_with_image", Source: "orders guide: items.image", billed: true,
		Summary: "There are too many items for pictures",
		check:   whole(checkItemsWithImage),
	},
	{
		ID: "item_name_required", Source: "orders guide: items.name", alone: true,
		Summary: "The item has no name",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			return "name", missing(item.Name, "The customer sees the name on the bill. Write ‹name = \"…\"›.")
		}),
	},
	{
		ID: "item_name_length", Source: "orders guide: items.name", alone: true,
		Summary: "The item's name is too long",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			return "name", tooLong(item.Name, 60)
		}),
	},
	{
		ID: "item_amount_positive", Source: "orders guide: items.amount",
		Summary: "An item costs more than nothing",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			return "amount", notPositive(item.Amount)
		}),
	},
	{
		ID: "item_sale_amount_positive", Source: "orders guide: items.sale_amount",
		Summary: "An item on sale costs more than nothing",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.SaleAmount == nil {
				return "", ""
			}
			return "sale_amount", notPositive(*item.SaleAmount)
		}),
	},
	{
		ID: "item_sale_amount_below_amount", Source: "orders guide: items.sale_amount",
		Summary: "The sale_amount is not below the amount",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.SaleAmount == nil || *item.SaleAmount < item.Amount || item.Amount <= 0 {
				return "", ""
			}
			return "sale_amount", fmt.Sprintf("sale_amount is %s and amount is %s; WhatsApp shows amount struck out beside the lower price. Leave sale_amount out where nothing is taken off.", *item.SaleAmount, item.Amount)
		}),
	},
	{
		ID: "item_quantity", Source: "orders guide: items.quantity", alone: true,
		Summary: "The quantity is less than one",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.Quantity >= 1 {
				return "", ""
			}
			return "quantity", fmt.Sprintf("quantity is %d. Write a whole number from 1, or leave the item out.", item.Quantity)
		}),
	},
	{
		ID: "item_image_url", Source: "orders guide: items.image.link", alone: true,
		Summary: "The item's picture is no https link",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.Image == "" {
				return "", ""
			}
			return "image", notHTTPS(item.Image)
		}),
	},
	{
		ID: "item_image_retailer_id", Source: "orders guide: items.image", billed: true,
		Summary: "An item has a picture of its own or a retailer_id",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.Image == "" || item.RetailerID == "" {
				return "", ""
			}
			return "image", "WhatsApp takes the picture of an item with a retailer_id from the catalog. Leave out image or retailer_id."
		}),
	},
	{
		ID: "item_image_catalog_id", Source: "orders guide: items.image", billed: true,
		Summary: "An item has a picture of its own or the order a catalog_id",
		check: eachItem(func(o *Order, item *Item) (string, string) {
			if item.Image == "" || o.CatalogID == "" {
				return "", ""
			}
			return "image", fmt.Sprintf("The order has catalog_id %q, and WhatsApp takes pictures from the catalog. Leave out image; or write ‹catalog_id = \"\"› and give the item country_of_origin, importer_name and importer_address.", shorten(o.CatalogID))
		}),
	},
	{
		ID: "item_country_of_origin", Source: "orders guide: items.country_of_origin", billed: true,
		Summary: "Without a catalog an item needs its country_of_origin",
		check: eachItem(func(o *Order, item *Item) (string, string) {
			return "country_of_origin", withoutCatalog(o, item.CountryOfOrigin == "", "‹country_of_origin = \"India\"›")
		}),
	},
	{
		ID: "item_importer_name", Source: "orders guide: items.importer_name", billed: true,
		Summary: "Without a catalog an item needs its importer_name",
		check: eachItem(func(o *Order, item *Item) (string, string) {
			return "importer_name", withoutCatalog(o, item.ImporterName == "", "‹importer_name = \"…\"›")
		}),
	},
	{
		ID: "item_importer_address", Source: "orders guide: items.importer_address", billed: true,
		Summary: "Without a catalog an item needs its importer_address",
		check: eachItem(func(o *Order, item *Item) (string, string) {
			absent := item.ImporterAddress == nil || *item.ImporterAddress == ImporterAddress{}
			return "importer_address", withoutCatalog(o, absent, "‹importer_address { … }›")
		}),
	},
	{
		ID: "item_importer_country_code", Source: "orders guide: items.importer_address, samples", alone: true,
		Summary: "The importer's country_code is two capital letters",
		check: eachItem(func(_ *Order, item *Item) (string, string) {
			if item.ImporterAddress == nil {
				return "", ""
			}
			return "importer_address.country_code", notACountryCode(item.ImporterAddress.CountryCode)
		}),
	},
}

func checkItemsWithImage(o *Order) (string, string) {
	if len(o.Items) <= maxItemsWithImage {
		return "", ""
	}
	for i := range o.Items {
		if o.Items[i].Image != "" {
			return "item[" + strconv.Itoa(maxItemsWithImage) + "]", fmt.Sprintf("item[%d] has an image, and then WhatsApp takes at most %d items; there are %d. Leave the images out, or split the order.", i, maxItemsWithImage, len(o.Items))
		}
	}
	return "", ""
}

func withoutCatalog(o *Order, absent bool, write string) string {
	if o.CatalogID != "" || !absent {
		return ""
	}
	return "The order names no catalog_id, so the item itself must say it. Write " + write + " in the item, or on the order for all of its items, or name the catalog_id."
}

func notPositive(a Amount) string {
	if a > 0 {
		return ""
	}
	return fmt.Sprintf("It is %s, and WhatsApp takes positive amounts only. Leave out what is free, or give it in the name of another item.", a)
}

func notACountryCode(code string) string {
	switch {
	case code == "", len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z':
		return ""
	case code == "India" || code == "in":
		return fmt.Sprintf("%q is not the code. Write \"IN\"; the word India stands in a beneficiary's country.", code)
	}
	return fmt.Sprintf("%q is no country code. Write two capital letters, such as \"IN\".", shorten(code))
}
