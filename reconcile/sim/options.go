package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options are what a seed expands to before anything happens.
type Options struct {
	Seed uint64
	// Orders is how many orders and invoices the shop declares.
	Orders int
	// Life is how long the shop works before it falls silent.
	Life time.Duration
	// Runs is how many times somebody or something starts apply, Edits how many times the spec
	// changes, Decisions how many times a person decides about what is open.
	Runs, Edits, Decisions int
	// Papers is how many times a refund made elsewhere is written down or struck out, or a bill
	// is reworded.
	Papers int
	// Names is how many times a refund is called otherwise or names its payment, or a bill is
	// asked for anew.
	Names int
	// Copies: the state is put back from a copy that does not know of a second bill.
	Copies bool
	// Theme is what the shop does most.
	Theme Theme
	// Rate is how many requests a second each account takes.
	Rate int
	// Locked: one acting process at a time, as with a state in a file. Otherwise replicas act
	// at once.
	Locked bool
	// Workers is how many orders one process works on at once.
	Workers int
	// RefusesDuplicates: the platform refuses a second bill under one reference. No guide says
	// whether it does.
	RefusesDuplicates bool
	// AnswersIllegal: an order_status that may not be is refused in the answer, not by a
	// webhook later.
	AnswersIllegal bool
	// EqualByHand: refunds made by hand are of the amounts that the shop declares. Which of two
	// equal refunds is whose nobody can tell then (reliability 3.9), and what is attributed is
	// not held against the ledger.
	EqualByHand bool
	// Silent: no webhook is ever delivered.
	Silent bool
	// Files: the spec is read from files that are written while they are read.
	Files bool
	// Rates are how often each fault strikes where it can.
	Rates [nFaults]float64
	// Drop are the strikes left out; shrinking fills it.
	Drop map[Strike]bool
}

// Strike is one occasion at which a fault did or did not strike: the N-th of its kind, from 0.
type Strike struct {
	Fault Fault
	N     int
}

// all as a Strike's number stands for every strike of its kind.
const all = -1

func (s Strike) String() string {
	if s.N == all {
		return strconv.Itoa(int(s.Fault))
	}
	return fmt.Sprintf("%d.%d", s.Fault, s.N)
}

// Draw expands a seed.
func Draw(seed uint64) Options {
	r := rand.New(rand.NewPCG(seed, 0x6869736162)) // "hisab"
	o := Options{
		Seed:              seed,
		Orders:            1 + r.IntN(3),
		Life:              time.Duration(2+r.IntN(70)) * time.Hour,
		Runs:              3 + r.IntN(8),
		Edits:             r.IntN(6),
		Decisions:         r.IntN(4),
		Locked:            r.IntN(2) == 0,
		Workers:           1 + r.IntN(3),
		RefusesDuplicates: r.IntN(2) == 0,
		AnswersIllegal:    r.IntN(2) == 0,
		EqualByHand:       r.IntN(12) == 0,
		Silent:            r.IntN(8) == 0,
		Files:             r.IntN(16) == 0,
		Rate:              Rate,
	}
	if r.IntN(8) == 0 {
		o.Rate = 1 + r.IntN(2)
	}
	if n := r.IntN(10); n < int(nThemes) {
		o.Theme = Theme(n)
	}
	switch n := r.IntN(20); {
	case n < 2: // no fault at all
	case n < 7: // one or two kinds, often
		for range 1 + r.IntN(2) {
			f := Fault(r.IntN(int(nFaults)))
			o.Rates[f] = about(f).most * (0.5 + r.Float64()/2)
		}
	default: // a mixture
		share := 0.05 + 0.5*r.Float64()
		for f := range o.Rates {
			if r.Float64() < share {
				o.Rates[f] = about(Fault(f)).most * r.Float64() * r.Float64()
			}
		}
	}
	if o.EqualByHand {
		o.Rates[HandRefund], o.Rates[ResetBefore] = 0.9, 0.4
	}
	o.Theme.draw(&o, r)
	o.drawCopies()
	o.drawPapers()
	o.drawNames()
	if o.Files && o.Rates[TornFile] == 0 {
		o.Rates[TornFile], o.Rates[NoFiles] = about(TornFile).most*r.Float64(), about(NoFiles).most*r.Float64()
	}
	return o
}

// drawPapers lets a quarter of the shops keep books of what was made elsewhere, where there is
// something to write down.
func (o *Options) drawPapers() {
	r := rand.New(rand.NewPCG(o.Seed, 0x626f6f6b73)) // "books"
	if r.IntN(4) > 0 {
		return
	}
	o.Papers = 1 + r.IntN(6)
	o.Rates[HandRefund] = max(o.Rates[HandRefund], 0.4)
}

// What was drawn later than the rest has streams under which no seed that ever failed becomes
// another history.
const (
	namesStream  = 6217
	copiesStream = 2
)

// drawNames lets some shops call their refunds otherwise.
func (o *Options) drawNames() {
	if r := rand.New(rand.NewPCG(o.Seed, namesStream)); r.IntN(6) == 0 {
		o.Names = 1 + r.IntN(8)
	}
}

// drawCopies lets a few shops lose what they knew of a second bill: where it is the one that
// something went back on, while the first was paid as well, hardly any other shop comes.
func (o *Options) drawCopies() {
	if r := rand.New(rand.NewPCG(o.Seed, copiesStream)); r.IntN(24) == 0 && !o.calm() {
		o.Copies, o.Rates[OldBackup] = true, 1
	}
}

// calm: no fault was drawn.
func (o *Options) calm() bool {
	return !slices.ContainsFunc(o.Rates[:], func(rate float64) bool { return rate > 0 })
}

// String prints the options in full, so that a failure can be told without its seed.
func (o Options) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %s, %d orders, %d runs, %d edits, %d decisions in %v, %d requests a second", o.Seed, o.Theme, o.Orders, o.Runs, o.Edits, o.Decisions, o.Life, o.Rate)
	if o.Papers > 0 {
		fmt.Fprintf(&b, ", %d papers", o.Papers)
	}
	if o.Names > 0 {
		fmt.Fprintf(&b, ", %d names", o.Names)
	}
	for _, flag := range []struct {
		set  bool
		text string
	}{
		{o.Locked, "one process at a time"}, {!o.Locked, "replicas"}, {o.RefusesDuplicates, "duplicate references refused"},
		{o.AnswersIllegal, "illegal statuses refused at once"}, {o.EqualByHand, "equal refunds by hand"}, {o.Silent, "no webhooks"}, {o.Files, "spec in files"}, {o.Copies, "an old copy of the state"},
	} {
		if flag.set {
			b.WriteString(", " + flag.text)
		}
	}
	for f, rate := range o.Rates {
		if rate > 0 && !o.Drop[Strike{Fault(f), all}] {
			fmt.Fprintf(&b, "\n  %4.1f %%  %s", 100*rate, Fault(f))
		}
	}
	if len(o.Drop) > 0 {
		fmt.Fprintf(&b, "\n  left out: %s", DropText(o.Drop))
	}
	return b.String()
}

// DropText writes strikes as ParseDrop reads them: FAULT.NUMBER, or FAULT for all of a kind,
// separated by commas.
func DropText(drop map[Strike]bool) string {
	var texts []string
	for s := range drop {
		texts = append(texts, s.String())
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}

// ParseDrop reads what DropText wrote.
func ParseDrop(text string) (map[Strike]bool, error) {
	drop := map[Strike]bool{}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		kind, number, single := strings.Cut(part, ".")
		f, err := strconv.ParseUint(kind, 10, 8)
		n := all
		if single && err == nil {
			var u uint64
			u, err = strconv.ParseUint(number, 10, 31)
			n = int(u)
		}
		if err != nil || f >= uint64(nFaults) {
			return nil, fmt.Errorf("%q is no strike; write FAULT.NUMBER, or FAULT for all of a kind, as a failure prints them", part)
		}
		drop[Strike{Fault(f), n}] = true
	}
	return drop, nil
}

// chance decides about faults. Each kind has a stream of its own, so that leaving one strike
// out moves none of the others until the histories themselves part.
type chance struct {
	o       *Options
	streams [nFaults]rand.PCG
	asked   [nFaults]int
	struck  [nFaults]int
	strikes []Strike // in order
	quiet   bool     // no fault any more
}

func newChance(o *Options) *chance {
	c := &chance{o: o}
	for f := range c.streams {
		c.streams[f].Seed(o.Seed, uint64(f)+1)
	}
	return c
}

// strikes decides whether a fault strikes here.
func (c *chance) fault(f Fault) bool {
	rate := c.o.Rates[f]
	if rate == 0 || c.quiet || c.o.Drop[Strike{f, all}] {
		return false
	}
	n := c.asked[f]
	c.asked[f]++
	if float64(c.streams[f].Uint64()>>11)/(1<<53) >= rate {
		return false
	}
	s := Strike{f, n}
	if c.o.Drop[s] {
		return false
	}
	c.struck[f]++
	c.strikes = append(c.strikes, s)
	return true
}
