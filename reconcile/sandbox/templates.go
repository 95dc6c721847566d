package sandbox

// Template is a message template that was approved, as far as sending it is concerned.
type Template struct {
	Name     string `json:"name"`
	Language string `json:"language,omitempty"` // empty: every language
	// Body and URLButtons are how many parameters it takes.
	Body       int `json:"body"`
	URLButtons int `json:"url_buttons,omitempty"`
	// Text is its body for the page, with {{1}} where a parameter goes.
	Text string `json:"text,omitempty"`
	// Status is "" or "APPROVED", "PAUSED" or "DISABLED".
	Status string `json:"status,omitempty"`
}

// checkTemplate refuses a template that does not exist or is filled in wrongly. Without a
// list of templates every one exists.
func (w *world) checkTemplate(t *sentTemplate) *graphError {
	if t == nil || len(w.opts.Templates) == 0 {
		return nil
	}
	known, ok := w.findTemplate(t.name, t.language)
	switch {
	case !ok:
		return refuse(132001, "template %s has no approved translation in %s", t.name, t.language)
	case known.Status == "PAUSED":
		return refuse(132015, "template %s is paused", t.name)
	case known.Status == "DISABLED":
		return refuse(132016, "template %s is disabled", t.name)
	case known.Body != len(t.body):
		return refuse(132000, "body: number of parameters (%d) does not match the expected number of params (%d)", len(t.body), known.Body)
	case known.URLButtons != t.urlButtons:
		return refuse(132000, "buttons: number of parameters (%d) does not match the expected number of params (%d)", t.urlButtons, known.URLButtons)
	}
	return nil
}

func (w *world) findTemplate(name, language string) (Template, bool) {
	for _, t := range w.opts.Templates {
		if t.Name == name && (t.Language == "" || t.Language == language) {
			return t, true
		}
	}
	return Template{}, false
}
