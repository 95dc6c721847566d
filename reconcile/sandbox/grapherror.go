package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// graphError is a refusal as the Graph API words it: code says which, details why.
type graphError struct {
	Status  int // HTTP status of a synchronous answer
	Code    int
	Title   string
	Details string
}

func (e *graphError) Error() string { return fmt.Sprintf("(#%d) %s: %s", e.Code, e.Title, e.Details) }

// graphCodes are the titles and HTTP statuses of the codes that the sandbox knows
// (error codes page; Meta advises to rely on neither).
var graphCodes = map[int]struct {
	status int
	title  string
}{
	1:      {http.StatusBadRequest, "An unknown error occurred"},
	2:      {http.StatusServiceUnavailable, "Service temporarily unavailable"},
	4:      {http.StatusTooManyRequests, "Application request limit reached"},
	10:     {http.StatusForbidden, "Application does not have permission for this action"},
	33:     {http.StatusBadRequest, "Parameter value is not valid"},
	100:    {http.StatusBadRequest, "Invalid parameter"},
	190:    {http.StatusUnauthorized, "Invalid OAuth access token"},
	368:    {http.StatusForbidden, "Temporarily blocked for policies violations"},
	2046:   {http.StatusBadRequest, "New order status was not correctly transitioned."},
	2047:   {http.StatusBadRequest, "Could not change order status to 'canceled'"},
	2500:   {http.StatusBadRequest, "Unknown path components"},
	80007:  {http.StatusTooManyRequests, "Rate limit issues"},
	130403: {http.StatusBadRequest, "The business has blocked the user"},
	130429: {http.StatusTooManyRequests, "Rate limit hit"},
	130497: {http.StatusForbidden, "Business account is restricted from messaging users in this country"},
	131000: {http.StatusInternalServerError, "Something went wrong"},
	131005: {http.StatusForbidden, "Access denied"},
	131008: {http.StatusBadRequest, "Required parameter is missing"},
	131009: {http.StatusBadRequest, "Parameter value is not valid"},
	131016: {http.StatusInternalServerError, "Service unavailable"},
	131021: {http.StatusBadRequest, "Recipient cannot be sender"},
	131026: {http.StatusBadRequest, "Message undeliverable"},
	131031: {http.StatusForbidden, "Account has been locked"},
	131042: {http.StatusBadRequest, "Business eligibility payment issue"},
	131045: {http.StatusInternalServerError, "Incorrect certificate"},
	131047: {http.StatusBadRequest, "Re-engagement message"},
	131048: {http.StatusTooManyRequests, "Spam rate limit hit"},
	131049: {http.StatusBadRequest, "This message was not delivered to maintain healthy ecosystem engagement"},
	131050: {http.StatusBadRequest, "User has stopped marketing messages"},
	131051: {http.StatusBadRequest, "Unsupported message type"},
	131053: {http.StatusBadRequest, "Media upload error"},
	131056: {http.StatusTooManyRequests, "(Business Account, Consumer Account) pair rate limit hit"},
	131057: {http.StatusInternalServerError, "Account in maintenance mode"},
	132000: {http.StatusBadRequest, "Number of parameters does not match the expected number of params"},
	132001: {http.StatusNotFound, "Template name does not exist in the translation"},
	132012: {http.StatusBadRequest, "Parameter format does not match format in the created template"},
	132015: {http.StatusBadRequest, "Template is paused"},
	132016: {http.StatusBadRequest, "Template is disabled"},
	133010: {http.StatusBadRequest, "Phone number not registered"},
	134011: {http.StatusForbidden, "WhatsApp Payments terms of service has not been accepted"},
}

// refuse words a refusal.
func refuse(code int, details string, args ...any) *graphError {
	known, ok := graphCodes[code]
	if !ok {
		known.status, known.title = http.StatusBadRequest, "An error occurred"
	}
	return &graphError{Status: known.status, Code: code, Title: known.title, Details: fmt.Sprintf(details, args...)}
}

// reply is an answer before it is written.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func jsonReply(status int, v any) reply {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sandbox: an answer of its own is no JSON: %v", err))
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, body: b}
}

// errorReply is e in the shape of the Graph API.
func (w *world) errorReply(e *graphError) reply {
	return jsonReply(e.Status, map[string]any{"error": map[string]any{
		"message": fmt.Sprintf("(#%d) %s", e.Code, e.Title),
		"type":    "OAuthException",
		"code":    e.Code,
		"error_data": map[string]any{
			"messaging_product": "whatsapp",
			"details":           e.Details,
		},
		"fbtrace_id": w.traceID(),
	}})
}
