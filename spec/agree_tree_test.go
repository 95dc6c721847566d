package spec_test

import (
	"encoding/json"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"gopkg.in/yaml.v3"
)

// treeMaker makes of a YAML document what an editor would hold against the schema. It
// gives up on trees that aliases make too large.
type treeMaker struct{ left int }

func (m *treeMaker) tree(n *yaml.Node) (any, bool) {
	if m.left--; m.left < 0 {
		return nil, false
	}
	switch n.Kind {
	case yaml.AliasNode:
		return m.tree(n.Alias)
	case yaml.MappingNode:
		return m.mapping(n)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, child := range n.Content {
			v, ok := m.tree(child)
			if !ok {
				return nil, false
			}
			list[i] = v
		}
		return list, true
	}
	return scalarTree(n), true
}

func (m *treeMaker) mapping(n *yaml.Node) (any, bool) {
	object, merged := map[string]any{}, []*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return nil, false
		}
		if key.Tag == "!!merge" {
			merged = append(merged, val)
			continue
		}
		v, ok := m.tree(val)
		if !ok {
			return nil, false
		}
		object[key.Value] = v
	}
	for _, source := range merged {
		v, ok := m.tree(source)
		if !ok {
			return nil, false
		}
		sources, isList := v.([]any)
		if !isList {
			sources = []any{v}
		}
		for _, source := range sources {
			members, isMap := source.(map[string]any)
			if !isMap {
				return nil, false
			}
			for k, v := range members {
				if _, own := object[k]; !own {
					object[k] = v
				}
			}
		}
	}
	return object, true
}

func scalarTree(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		return number(n)
	}
	return cty.NormalizeString(n.Value)
}

// number keeps the digits as written where JSON can write them so.
func number(n *yaml.Node) any {
	if len(n.Value) < 100 && json.Valid([]byte(n.Value)) && !strings.ContainsAny(n.Value, "eE") {
		return json.Number(n.Value)
	}
	var f float64
	if n.Decode(&f) != nil {
		return n.Value
	}
	rendered, err := json.Marshal(f)
	if err != nil {
		return n.Value // .inf and .nan are no numbers to JSON
	}
	return json.Number(rendered)
}
