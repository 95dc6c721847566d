package spec

import (
	"errors"
	"fmt"
	"strings"
)

// refusedParameter says why WhatsApp would refuse a text in a template's body. It answers
// with error 132018 or 100: "Param text cannot have new-line/tab characters or more than 4
// consecutive spaces", and with 131008 to an empty one.
func refusedParameter(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("the text is empty, and WhatsApp refuses an empty parameter: give it one with coalesce(…, \"-\")")
	case strings.ContainsAny(text, "\n\r\t"):
		return errors.New("the text has a line break or a tab, which WhatsApp refuses in a template: replace it, as in replace(order.body, \"/\\\\s+/\", \" \")")
	case strings.Contains(text, "     "):
		return errors.New("the text has more than four spaces in a row, which WhatsApp refuses in a template: replace them, as in replace(order.body, \"/ +/\", \" \")")
	}
	if detail := tooLong(text, maxBody); detail != "" {
		return fmt.Errorf("the text is too long: %s", strings.TrimSuffix(strings.ToLower(detail[:1])+detail[1:], "."))
	}
	return nil
}

func refusedImage(text string) error {
	if detail := notHTTPS(text); detail != "" {
		return fmt.Errorf("the picture cannot be sent: %s", strings.TrimSuffix(detail, "."))
	}
	return nil
}

// refusedButton checks the end of a URL: the template itself holds its beginning.
func refusedButton(text string) error {
	switch {
	case text == "":
		return errors.New("the text is empty, and WhatsApp refuses an empty parameter: leave button out for a template without a dynamic link")
	case strings.ContainsAny(text, " \n\r\t"):
		return errors.New("a link has no spaces or line breaks: write it with urlencode(…)")
	}
	return nil
}
