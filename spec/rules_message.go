package spec

import "fmt"

// The limits of a message (orders guide, body and footer; order status guide, the same).
const (
	maxBody        = 1024
	maxFooter      = 60
	maxDescription = 120
)

const writeType = "Write ‹type = \"physical-goods\"› for what is shipped or handed over, \"digital-goods\" for everything else."

var messageRules = []Rule{
	{
		ID: "goods_type_required", Source: "orders guide: parameters.type", billed: true,
		Summary: "The order has no type",
		check: whole(func(o *Order) (string, string) {
			if o.Type != "" {
				return "", ""
			}
			return "type", "WhatsApp refuses an order that does not say it. " + writeType
		}),
	},
	{
		ID: "goods_type", Source: "orders guide: parameters.type", alone: true,
		Summary: "The type is digital-goods or physical-goods",
		check: whole(func(o *Order) (string, string) {
			switch o.Type {
			case "", "digital-goods", "physical-goods":
				return "", ""
			}
			return "type", fmt.Sprintf("%q is neither. %s", shorten(o.Type), writeType)
		}),
	},
	{
		ID: "body_required", Source: "orders guide: body.text", billed: true,
		Summary: "The message has no body",
		check: whole(func(o *Order) (string, string) {
			return "body", missing(o.Body, "WhatsApp refuses an order without a text above it. Write body here, or once in defaults.")
		}),
	},
	{
		ID: "body_length", Source: "orders guide: body.text", alone: true,
		Summary: "The body is too long",
		check:   whole(func(o *Order) (string, string) { return "body", tooLong(o.Body, maxBody) }),
	},
	{
		ID: "footer_length", Source: "orders guide: footer.text", alone: true,
		Summary: "The footer is too long",
		check:   whole(func(o *Order) (string, string) { return "footer", tooLong(o.Footer, maxFooter) }),
	},
	{
		ID: "header_image_url", Source: "orders guide: header.image.link", alone: true,
		Summary: "The header's picture is no https link",
		check: whole(func(o *Order) (string, string) {
			if o.HeaderImage == "" {
				return "", ""
			}
			return "header.image", notHTTPS(o.HeaderImage)
		}),
	},
	{
		ID: "templates_always", Source: "Hisab: templates", billed: true,
		Summary: "There is no template to send always",
		check: whole(func(o *Order) (string, string) {
			if o.Templates == nil || !o.Templates.Always || o.Templates.OrderDetails != "" {
				return "", ""
			}
			return "templates.order_details", "‹when = \"always\"› sends the bill in its template form, and none is named. Write ‹order_details = template.NAME›, or leave when out."
		}),
	},
}
