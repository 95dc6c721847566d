package sqlite

import (
	"fmt"
	"sync"
)

// names keeps strings that recur in many rows (accounts, payment configurations,
// incarnations, templates) once: a row then costs a byte or two for each. Ids are never
// changed or reused, so what is cached stays true.
type names struct {
	mu   sync.RWMutex
	ids  map[name]int64
	text map[int64]string
}

func newNames() *names {
	return &names{ids: map[name]int64{}, text: map[int64]string{}}
}

// name gives the name with an id. One that is not cached is read in the snapshot's own
// transaction: waiting for a second connection while holding one could wait for ever.
func (v *snapshot) name(id int64) (string, error) {
	ns := v.s.names
	ns.mu.RLock()
	s, ok := ns.text[id]
	ns.mu.RUnlock()
	if ok {
		return s, nil
	}
	if err := v.tx.Stmt(v.nameStmt).QueryRow(id).Scan(&s); err != nil {
		return "", fmt.Errorf("name %d: %w", id, err)
	}
	ns.add(name(s), id)
	return s, nil
}

func (ns *names) add(s name, id int64) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.ids[s], ns.text[id] = id, string(s)
}

// missing lists the names in rows that have no id yet, each once.
func (ns *names) missing(rows []row) []name {
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	var list []name
	asked := map[name]bool{"": true}
	for _, r := range rows {
		for _, v := range r {
			if s, ok := v.(name); ok && !asked[s] {
				asked[s] = true
				if _, known := ns.ids[s]; !known {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// args puts ids for names.
func (ns *names) args(r row) []any {
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	args := make([]any, len(r))
	for i, v := range r {
		switch s, ok := v.(name); {
		case !ok:
			args[i] = v
		case s != "":
			args[i] = ns.ids[s]
		}
	}
	return args
}
