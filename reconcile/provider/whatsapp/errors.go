package whatsapp

import (
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// Code says what one of the platform's error codes, or a range of them, means for what was
// asked. The same code may come in the answer, in a webhook, or in both.
type Code struct {
	From, To int
	Concerns Subject
	// Message is the class for a message, Refund for a refund. A refund's is Unknown unless
	// the code proves that nothing was created: a code that belongs to messages proves
	// nothing about money.
	Message, Refund reconcile.Class
	// Meaning says what happened, Cure what a person can do; both hold nothing personal.
	Meaning, Cure string
	// Source is where the meaning was read.
	Source string
}

// Lookup is the class of the code as the answer to a payment lookup: an account that is
// refused or throttled is that whatever it asks; anything else leaves the payment unknown.
func (c Code) Lookup() reconcile.Class {
	if c.Message == reconcile.Paused || c.Message == reconcile.Throttled {
		return c.Message
	}
	return reconcile.Unknown
}

// explain is the meaning with its cure.
func (c Code) explain() string {
	if c.Cure == "" {
		return c.Meaning
	}
	return c.Meaning + "; " + c.Cure
}

// Subject is what a code complains of.
type Subject string

// The subjects. A code of the service says that the platform itself is unwell; with an
// HTTP status of 500 or more it proves nothing, as the platform may have acted first. A
// throttle of the customer leaves other customers alone.
const (
	OfAccount  Subject = "account"
	OfCustomer Subject = "customer"
	OfService  Subject = "service"
	OfOrder    Subject = "order"
	OfContent  Subject = "content"
)

// notFound is Graph's code for a parameter it cannot take. A payment lookup answers it for
// a reference nobody has sent.
const notFound = 100

// Sources of the table.
const (
	guideErrors   = "Cloud API error codes"
	guideStatus   = "orders guide, Update Order Status"
	guidePayments = "Cloud API error codes; payments terms"
	guideLimits   = "Cloud API error codes; Throughput"
)

// codes holds every code that the program knows; the first row that fits holds. What is
// not in it is Unknown.
var codes = []Code{
	// The account: refused whatever the content.
	{0, 0, OfAccount, paused, paused, "the access token was not accepted", "put a valid system-user token into access_token", guideErrors},
	{190, 190, OfAccount, paused, paused, "the access token has expired or was withdrawn", "put a valid system-user token into access_token", guideErrors},
	{3, 3, OfAccount, paused, paused, "the app lacks a permission", "grant whatsapp_business_messaging to the system user", guideErrors},
	{10, 10, OfAccount, paused, paused, "a permission was not granted or was removed", "grant whatsapp_business_messaging to the system user", guideErrors},
	{200, 299, OfAccount, paused, paused, "a permission was not granted or was removed", "grant whatsapp_business_messaging to the system user", guideErrors},
	{131005, 131005, OfAccount, paused, paused, "access denied: a permission is missing or the payments terms are not accepted", "check the token's permissions and accept the WhatsApp Payments terms", guidePayments},
	{134011, 134011, OfAccount, paused, paused, "the WhatsApp Payments terms are not accepted for this account", "accept them in WhatsApp Manager", guidePayments},
	{33, 33, OfAccount, paused, paused, "the business phone number was deleted", "check phone_number_id", guideErrors},
	{368, 368, OfAccount, paused, paused, "the account is blocked for policy violations", "see Account quality in WhatsApp Manager", guideErrors},
	{130497, 130497, OfAccount, paused, paused, "the account may not message customers in this country", "see the messaging policy for the country", guideErrors},
	{131031, 131031, OfAccount, paused, paused, "the account is locked", "see Account quality in WhatsApp Manager", guideErrors},
	{131042, 131042, OfAccount, paused, paused, "the account has a problem with its own billing", "check the account's payment method with Meta", guideErrors},
	{131045, 131045, OfAccount, paused, paused, "the phone number is not registered properly", "register the number", guideErrors},
	{133010, 133010, OfAccount, paused, paused, "the phone number is not registered", "register the number", guideErrors},
	{131048, 131048, OfAccount, paused, unknown, "the number is restricted because customers reported or blocked it", "see the number's quality in WhatsApp Manager", guideErrors},
	{131064, 131064, OfAccount, paused, unknown, "messages are held back because of their classification", "see the template's quality in WhatsApp Manager", guideErrors},

	// Too much: it did not happen, later it may. For a refund the two limits that are
	// counted outside the payments service prove nothing.
	{4, 4, OfAccount, throttled, unknown, "the app has made too many calls this hour", "", guideErrors},
	{80007, 80007, OfAccount, throttled, unknown, "the business account has reached its rate limit", "", guideErrors},
	{130429, 130429, OfAccount, throttled, throttled, "the phone number has reached its throughput", "", guideLimits},
	{131056, 131056, OfCustomer, throttled, throttled, "too many messages to this customer in a short time", "", guideLimits},
	{131057, 131057, OfAccount, throttled, unknown, "the account is in maintenance, usually for a minute", "", guideErrors},
	{2, 2, OfService, throttled, unknown, "the platform is down for a moment", "", guideErrors},
	{131016, 131016, OfService, throttled, unknown, "the platform is down or overloaded for a moment", "", guideErrors},
	{133004, 133004, OfService, throttled, unknown, "the platform's server is not available for a moment", "", guideErrors},

	// Nobody can say.
	{1, 1, OfService, unknown, unknown, "the platform could not understand the request or failed itself", "", guideErrors},
	{131000, 131000, OfService, unknown, unknown, "the platform failed for a reason it does not know", "", guideErrors},

	// The order.
	{2046, 2046, OfOrder, badTransition, unknown, "the order status may not follow the last one", "", guideStatus},
	{2047, 2047, OfOrder, paidAlready, unknown, "the order cannot be canceled: it is paid or being paid", "declare a refund, and completed instead of canceled", guideStatus},
	{131047, 131047, OfOrder, windowClosed, unknown, "more than 24 hours have passed since the customer last wrote", "name a template form in templates", guideErrors},

	// The content: refused until it changes.
	{notFound, notFound, OfContent, refused, refused, "a parameter is unknown, misspelled or too long", "", guideErrors},
	{131008, 131008, OfContent, refused, refused, "a required parameter is missing", "", guideErrors},
	{131009, 131009, OfContent, refused, refused, "the value of a parameter is not valid", "", guideErrors},
	{135000, 135000, OfContent, refused, unknown, "the message failed because of its parameters", "", guideErrors},
	{131021, 131021, OfCustomer, refused, unknown, "sender and recipient are the same number", "correct the customer's phone", guideErrors},
	{131026, 131026, OfCustomer, refused, unknown, "the message cannot be delivered to this number", "the customer may not use WhatsApp, use an old version, or not have accepted its terms", guideErrors},
	{130403, 130403, OfCustomer, refused, unknown, "the business has blocked this customer", "unblock the customer", guideErrors},
	{131049, 131049, OfCustomer, refused, unknown, "the platform withheld the message for the customer's sake", "try again after 24 hours at the earliest", guideErrors},
	{131050, 131050, OfCustomer, refused, unknown, "the customer has opted out of marketing messages", "", guideErrors},
	{131051, 131051, OfContent, refused, unknown, "the platform does not support this type of message", "", guideErrors},
	{131052, 131052, OfContent, refused, unknown, "the platform could not download a picture", "check the picture's URL and type", guideErrors},
	{131053, 131053, OfContent, refused, unknown, "the platform could not take a picture", "use a JPEG or PNG, 8 bit, RGB or RGBA", guideErrors},
	{132000, 132000, OfContent, refused, unknown, "the template takes another number of values", "match the template's body to its {{1}} {{2}} …", guideErrors},
	{132001, 132001, OfContent, refused, unknown, "the template does not exist in this language or is not approved", "check its name and language", guideErrors},
	{132005, 132005, OfContent, refused, unknown, "the filled-in template is too long", "shorten its values", guideErrors},
	{132007, 132007, OfContent, refused, unknown, "the template violates a policy on content", "", guideErrors},
	{132012, 132012, OfContent, refused, unknown, "a value of the template has the wrong format", "", guideErrors},
	{132015, 132015, OfContent, refused, unknown, "the template is paused because of its quality", "improve it or name another", guideErrors},
	{132016, 132016, OfContent, refused, unknown, "the template is disabled for good", "name another", guideErrors},
	{132002, 132999, OfContent, refused, unknown, "the template was refused", "", guideErrors},
}

const (
	unknown       = reconcile.Unknown
	refused       = reconcile.Refused
	paused        = reconcile.Paused
	throttled     = reconcile.Throttled
	windowClosed  = reconcile.WindowClosed
	badTransition = reconcile.BadTransition
	paidAlready   = reconcile.PaidAlready
)

// Codes returns the table, for documentation and for people who ask what a code means.
// Where rows overlap, the first that fits holds.
func Codes() []Code { return slices.Clone(codes) }

// codeOf finds the row of a code.
func codeOf(n int) (Code, bool) {
	i := slices.IndexFunc(codes, func(c Code) bool { return c.From <= n && n <= c.To })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}
