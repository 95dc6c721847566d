package spec

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// templateRule is a rule about a template's own fields.
type templateRule struct {
	Rule
	ask   func(t *Template) (detail string)
	place func(t *Template) hcl.Range
}

var templateRules = []templateRule{
	{
		Rule: Rule{
			ID: "template_name", Source: "Meta message templates guide: name",
			Summary: "This is no template's name",
		},
		ask:   checkTemplateName,
		place: func(t *Template) hcl.Range { return t.nameAt },
	},
	{
		Rule: Rule{
			ID: "template_language", Source: "Meta message templates guide: language",
			Summary: "This is no template's language",
		},
		ask:   checkTemplateLanguage,
		place: func(t *Template) hcl.Range { return t.languageAt },
	},
}

func checkTemplateRules(t *Template) (diags hcl.Diagnostics) {
	for _, rule := range templateRules {
		detail := rule.ask(t)
		if detail == "" {
			continue
		}
		at := rule.place(t)
		if at == (hcl.Range{}) {
			start := hcl.Pos{Line: int(t.Pos.Line), Column: int(t.Pos.Column)}
			at = hcl.Range{Filename: t.Pos.File, Start: start, End: start}
		}
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: rule.Summary, Detail: inSpellingOf(t.Pos.File, detail), Subject: &at})
	}
	return diags
}

const longestTemplateName = 512

// isTemplateName does without a regular expression: one that counts to 512 is as large, and
// making it took a tenth of the program's start.
func isTemplateName(s string) bool {
	return s != "" && len(s) <= longestTemplateName && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

func checkTemplateName(t *Template) string {
	if isTemplateName(t.Name) {
		return ""
	}
	if t.Name == "" {
		return "It is missing. Write name as the platform shows it, such as \"order_receipt\"."
	}
	fixed := strings.NewReplacer("-", "_", " ", "_", ".", "_").Replace(strings.ToLower(t.Name))
	if isTemplateName(fixed) {
		return fmt.Sprintf("%q cannot be one: names are small letters, digits and underscores. Write %q, if that is the template.", shorten(t.Name), fixed)
	}
	return fmt.Sprintf("%q cannot be one: names are small letters, digits and underscores, at most %d. Write it as the platform shows it.", shorten(t.Name), longestTemplateName)
}

var (
	templateLanguage = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,3})?$`)
	languageAndPlace = regexp.MustCompile(`^([A-Za-z]{2,3})[-_]([A-Za-z]{2,3})$`)
)

func checkTemplateLanguage(t *Template) string {
	if templateLanguage.MatchString(t.Language) {
		return ""
	}
	if t.Language == "" {
		return "It is missing, and a template exists once for each language. Write ‹language = \"en\"›, as the platform shows it."
	}
	if parts := languageAndPlace.FindStringSubmatch(t.Language); parts != nil {
		return fmt.Sprintf("%q is not how the platform writes it. Write %q.", t.Language, strings.ToLower(parts[1])+"_"+strings.ToUpper(parts[2]))
	}
	return fmt.Sprintf("%q is no language code. Write it as the platform shows it: \"en\", \"en_US\", \"hi\".", shorten(t.Language))
}
