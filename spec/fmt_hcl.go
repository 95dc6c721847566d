package spec

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// formatHCL lays a file out as hclwrite does, once its statuses are spelled. Where
// hclwrite does not come to rest or would change a token, the text stays as it is.
func formatHCL(name string, src []byte) ([]byte, hcl.Diagnostics) {
	if problem := configNesting(src); problem != "" {
		return nil, hcl.Diagnostics{fileProblem(name, "Too deeply nested", "This file "+problem+". Split it with locals.")}
	}
	if _, diags := parseHCL(name, src); diags.HasErrors() {
		return nil, diags
	}
	text := unixText(src)
	for bytes.HasPrefix(text, utf8BOM) { // the lexer drops one each time
		text = text[len(utf8BOM):]
	}
	body, diags := parseHCL(name, text)
	if diags.HasErrors() {
		return nil, diags
	}
	text = applyEdits(text, hclStatusEdits(body))
	if ended := oneFinalNewline(text); sameTokens(text, ended) {
		text = ended
	}
	laidOut := hclwrite.Format(text)
	if !sameTokens(text, laidOut) || !bytes.Equal(hclwrite.Format(laidOut), laidOut) {
		return text, nil
	}
	return laidOut, nil
}

// sameTokens reports whether two texts differ in the space between their tokens alone.
// Comments are tokens.
func sameTokens(a, b []byte) bool {
	as, _ := hclsyntax.LexConfig(a, "", hcl.InitialPos)
	bs, _ := hclsyntax.LexConfig(b, "", hcl.InitialPos)
	as, bs = withoutLineEnds(as), withoutLineEnds(bs)
	if len(as) != len(bs) {
		return false
	}
	for i := range as {
		if as[i].Type != bs[i].Type || !bytes.Equal(tokenText(as[i]), tokenText(bs[i])) {
			return false
		}
	}
	return true
}

// withoutLineEnds leaves out the blank lines at the end of a file.
func withoutLineEnds(ts hclsyntax.Tokens) hclsyntax.Tokens {
	for len(ts) > 0 && (ts[len(ts)-1].Type == hclsyntax.TokenNewline || ts[len(ts)-1].Type == hclsyntax.TokenEOF) {
		ts = ts[:len(ts)-1]
	}
	return ts
}

// tokenText is a token's text without the space that belongs to its line: a comment holds
// the end of its line, the end of a heredoc its indentation.
func tokenText(t hclsyntax.Token) []byte {
	switch t.Type {
	case hclsyntax.TokenComment, hclsyntax.TokenCHeredoc:
		return bytes.TrimSpace(t.Bytes)
	}
	return t.Bytes
}

// hclStatusEdits spells canonically the statuses of orders and invoices, and those that
// messages and notifies in them and in defaults are labelled with.
func hclStatusEdits(body *hclsyntax.Body) []edit {
	var edits []edit
	for _, block := range body.Blocks {
		switch block.Type {
		case "order", "invoice", "defaults":
			edits = append(edits, orderStatusEdits(block.Body)...)
		}
	}
	return sortEdits(edits)
}

func orderStatusEdits(body *hclsyntax.Body) []edit {
	labels := map[string][]writtenWord{}
	for _, b := range body.Blocks {
		if len(b.Labels) == 1 {
			labels[b.Type] = append(labels[b.Type], writtenWord{b.Labels[0], b.LabelRanges[0]})
		}
	}
	edits := slices.Concat(canonicallySpelled(labels["status_message"]), canonicallySpelled(labels["notify"]))
	for _, name := range []string{"status_messages", "notify"} {
		if attr, ok := body.Attributes[name]; ok {
			edits = append(edits, canonicallySpelled(objectKeys(attr.Expr))...)
		}
	}
	if status, ok := body.Attributes["status"]; ok {
		if word, ok := literalText(status.Expr); ok {
			edits = append(edits, canonicallySpelled([]writtenWord{{word, status.Expr.Range()}})...)
		}
	}
	return edits
}

// writtenWord is a word and its place, quotes included.
type writtenWord struct {
	text string
	at   hcl.Range
}

func objectKeys(expr hclsyntax.Expression) []writtenWord {
	object, ok := inner(expr).(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	var keys []writtenWord
	for _, item := range object.Items {
		word := hcl.ExprAsKeyword(item.KeyExpr)
		if key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok && word == "" {
			word, _ = literalText(key.Wrapped)
		}
		keys = append(keys, writtenWord{word, item.KeyExpr.Range()})
	}
	return keys
}

// canonicallySpelled spells words that stand beside one another, except where the canonical one is
// among them: two would become one.
func canonicallySpelled(words []writtenWord) []edit {
	taken := map[string]bool{}
	for _, w := range words {
		taken[w.text] = true
	}
	var edits []edit
	for _, w := range words {
		canonical, ok := canonicalStatus(w.text)
		around := w.at.End.Byte - w.at.Start.Byte - len(w.text)
		if !ok || taken[canonical] || around != 0 && around != len(`""`) {
			continue
		}
		taken[canonical] = true
		edits = append(edits, edit{start: w.at.Start.Byte + around/2, end: w.at.End.Byte - around/2, text: canonical})
	}
	return edits
}
