package spec

import (
	"crypto/sha256"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// preamble is every block that is no order and no invoice, by kind, and the state of each
// file after the first pass over all of them.
type preamble struct {
	settings, variables, locals, providers, gateways, defaults, templates, policies []declared

	files []fileState // beside the list of files
}

// fileState is what is known of a file before its orders are decoded.
type fileState struct {
	digest [sha256.Size]byte
	bad    bool       // reported; it has no orders
	dec    *decoder   // of a file that may hold preamble
	roots  []value    // its syntax, dropped where a spec has much of it
	orders []declared // its orders; valid while roots are kept
	kept   bool
}

// keptSyntax bounds the bytes of files whose syntax is kept between the passes. Beyond it
// files that mix preamble and orders are parsed a second time, which costs time where the
// alternative costs memory without bound.
const keptSyntax = 8 << 20

// readPreamble reads every file, parses those that may hold preamble, and sorts their
// blocks.
func (l *loader) readPreamble(files []specFile) *preamble {
	p := &preamble{files: make([]fileState, len(files))}
	problems := make([]*hcl.Diagnostic, len(files))
	parallel(len(files), func(i int, shared *pools) {
		p.files[i], problems[i] = l.firstLook(files[i], shared)
	})
	kept := 0
	for i := range p.files {
		f := &p.files[i]
		l.digests[files[i].name] = f.digest
		if problems[i] != nil {
			l.diags = append(l.diags, problems[i])
			l.preambleBroken = true // whatever it holds
		}
		if f.dec == nil {
			continue
		}
		if f.bad {
			l.preambleBroken = true
			l.absorb(f.dec)
			continue
		}
		kept += len(f.dec.src)
		f.kept = kept <= keptSyntax
		for _, root := range f.roots {
			f.dec.blocks(root, func(b declared) { p.add(b, f) })
		}
		f.roots = nil
	}
	return p
}

// add sorts a block by its kind.
func (p *preamble) add(b declared, f *fileState) {
	switch b.kind {
	case "hisab":
		p.settings = append(p.settings, b)
	case "variable":
		p.variables = append(p.variables, b)
	case "locals":
		p.locals = append(p.locals, b)
	case "provider":
		p.providers = append(p.providers, b)
	case "gateway":
		p.gateways = append(p.gateways, b)
	case "defaults":
		p.defaults = append(p.defaults, b)
	case "template":
		p.templates = append(p.templates, b)
	case "policy":
		p.policies = append(p.policies, b)
	default:
		if f.kept {
			f.orders = append(f.orders, b)
		}
	}
}

// firstLook reads a file, and parses it where it may hold preamble.
func (l *loader) firstLook(f specFile, shared *pools) (fileState, *hcl.Diagnostic) {
	src, problem := readSource(l.fsys, f)
	if problem != nil {
		return fileState{bad: true}, problem
	}
	state := fileState{digest: sha256.Sum256(src)}
	if !mayHoldPreamble(f.name, src) {
		return state, nil
	}
	state.dec = l.decoder(f.name, src, shared)
	roots, ok := state.dec.parse()
	state.roots, state.bad = roots, !ok
	return state, nil
}

// readOrders decodes the orders of all files, each file on its own.
func (l *loader) readOrders(files []specFile, p *preamble) []*Order {
	found := make([][]*Order, len(files))
	decoders := make([]*decoder, len(files))
	parallel(len(files), func(i int, shared *pools) {
		orders, d := l.ordersOf(files[i], &p.files[i], shared)
		found[i] = orders
		if d != nil && len(d.diags) > 0 {
			decoders[i] = d // holds the source, so only where it is to be shown
		}
	})
	n := 0
	for i := range found {
		n += len(found[i])
		if decoders[i] != nil {
			l.absorb(decoders[i])
		}
	}
	orders := make([]*Order, 0, n)
	for i := range found {
		orders = append(orders, found[i]...)
	}
	return orders
}

// ordersOf decodes the orders of one file. The decoder holds what is wrong with them.
func (l *loader) ordersOf(f specFile, state *fileState, shared *pools) ([]*Order, *decoder) {
	if state.bad {
		return nil, nil
	}
	var orders []*Order
	keep := func(o *Order) { orders = append(orders, o) }
	l.provide(shared)
	if state.kept {
		state.dec.drawOn(shared)
		for _, b := range state.orders {
			state.dec.order(b, keep)
		}
		state.orders = nil
		return orders, state.dec
	}
	src, problem := readSource(l.fsys, f)
	d := l.decoder(f.name, src, shared)
	if problem != nil {
		d.diags = append(d.diags, problem)
		return nil, d
	}
	if sha256.Sum256(src) != state.digest {
		d.diags = append(d.diags, fileProblem(f.name, "The file changed", "It was written to while it was read. Run again."))
		return nil, d
	}
	visit := func(root value) {
		d.blocks(root, func(b declared) {
			switch {
			case b.kind == "order" || b.kind == "invoice":
				d.order(b, keep)
			case state.dec == nil:
				panic("mayHoldPreamble missed a " + b.kind + " block")
			}
		})
	}
	if d.readPieces(visit) {
		return orders, d
	}
	orders, d.diags = nil, nil
	roots, _ := d.parse()
	for _, root := range roots {
		visit(root)
	}
	return orders, d
}

// readPieces reads a file piece by piece where that can be done.
func (d *decoder) readPieces(visit func(value)) bool {
	return isHCL(d.file) && configNesting(d.src) == "" && d.pieces(visit)
}

// parallel calls f for 0 … n-1 on as many goroutines as there are processors. Calls with
// the same pools do not overlap.
func parallel(n int, f func(i int, shared *pools)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			shared := newPools()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i, shared)
			}
		})
	}
	wg.Wait()
}

// addressObjects is what whatsapp.main and template.receipt are in expressions: objects
// whose members are the addresses themselves.
func (l *loader) addressObjects() map[string]cty.Value {
	members := make(map[string]map[string]cty.Value)
	for _, known := range l.addresses {
		for address := range known {
			root, name, _ := strings.Cut(address, ".")
			if members[root] == nil {
				members[root] = make(map[string]cty.Value)
			}
			members[root][name] = cty.StringVal(address)
		}
	}
	objects := make(map[string]cty.Value, len(members))
	for root, names := range members {
		objects[root] = cty.ObjectVal(names)
	}
	return objects
}
