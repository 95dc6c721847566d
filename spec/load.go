package spec

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Options is what a spec is read with beside its files. The zero value reads a spec
// without variables and without an environment.
type Options struct {
	// Vars are the values of --var by name. One that no variable block declares is an error.
	Vars map[string]string
	// VarFiles are the values of --var-file, in order: the last one wins, and Vars win over
	// all.
	VarFiles []VarFile
	// EnvVar reads HISAB_VAR_name, given name, for a declared variable that nothing above
	// sets; nil reads none.
	EnvVar func(name string) (value string, set bool)
	// Env is what env reads. nil asks nobody: secrets then stay unknown, which is how a spec
	// is validated without them.
	Env EnvFunc
	// Now is for warnings about what is to happen soon; the zero time gives none.
	Now time.Time
	// AllowHosts lists the hosts that base_url may name beside the platforms' own
	// (HISAB_ALLOW_HOSTS).
	AllowHosts []string
	// limits of what expressions make; zero: generous ones.
	limits limits
}

// VarFile is a file of names and values: HCL, or YAML or JSON by its extension. A Name
// relative to the spec folder keeps a file below it from being read as spec.
type VarFile struct {
	Name string
	Data []byte
}

// Load reads the spec in a folder: every *.hcl, *.yaml and *.yml below it, together. All
// that is wrong is reported, over all files. The spec is nil where anything is; warnings
// alone leave it whole.
//
// A file system that implements fs.ReadLinkFS, such as that of os.Root or os.DirFS, has
// its links resolved: each real file is read once, and nothing outside the folder is.
func Load(fsys fs.FS, opt Options) (*Spec, Diagnostics) {
	l := newLoader(fsys, opt)
	skip := make([]string, len(opt.VarFiles))
	for i, f := range opt.VarFiles {
		skip[i] = f.Name
	}
	files, diags := walk(fsys, skip)
	l.diags = append(l.diags, diags...)

	pre := l.readPreamble(files)
	spec := l.evaluate(pre)
	spec.Orders = l.readOrders(files, pre)
	l.finishSpec(spec, files)
	if l.budget.over() && !l.diags.HasErrors() {
		l.problem(tooMuch, "One of its expressions makes more than a spec may, inside of try or can. Make fewer or shorter values, or split the spec into several.")
	}
	result := arranged(l.diags, l.sources)
	if result.HasErrors() {
		return nil, result
	}
	spec.Digest = l.digest(files)
	return spec, result
}

// loader is one Load.
type loader struct {
	fsys fs.FS
	opt  Options
	data *dataFS

	settings Settings
	scope    *hcl.EvalContext // functions, var, local and addresses
	// addresses holds what can be referred to, each leading to itself.
	addresses              map[target]map[string]string
	varNames, localNames   []string // sorted
	sensitive              bool     // some variable is
	preambleBroken         bool     // part of the preamble could not be read
	defaultsBroken         bool     // so could be what an order lacks
	orderBase, invoiceBase *baseOrder

	digests map[string][sha256.Size]byte // of spec files, by name
	diags   hcl.Diagnostics
	sources map[string][]byte // of files with diagnostics
	budget  *budget           // of the preamble and the templates
}

func newLoader(fsys fs.FS, opt Options) *loader {
	l := &loader{
		fsys: fsys, opt: opt, data: &dataFS{fsys: fsys},
		digests: make(map[string][sha256.Size]byte), sources: make(map[string][]byte), budget: newBudget(cmp.Or(opt.limits, generous())),
	}
	l.scope = &hcl.EvalContext{Functions: functionsWithin(l.budget, opt.Env, l.data), Variables: make(map[string]cty.Value)}
	return l
}

// problem reports an error that stands in no file.
func (l *loader) problem(summary, detail string) {
	l.diags = append(l.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail})
}

// absorb takes over what a decoder found.
func (l *loader) absorb(d *decoder) {
	if len(d.diags) == 0 {
		return
	}
	l.diags = append(l.diags, d.diags...)
	l.sources[d.file] = d.src
	d.diags = nil
}

// evaluate gives the preamble its values, each part once what it may refer to is there.
func (l *loader) evaluate(p *preamble) *Spec {
	spec := &Spec{}
	l.settings.Location = indianTime
	l.collectAddresses(p)
	maps.Copy(l.scope.Variables, l.addressObjects())
	vars := l.variables(p.variables)
	if l.preambleBroken {
		vars = cty.DynamicVal
	}
	l.scope.Variables["var"] = vars
	l.scope.Variables["local"] = l.localValues(p.locals)
	l.settingsBlock(p.settings)
	spec.Settings = l.settings
	spec.Providers = l.providerBlocks(p.providers)
	spec.Gateways = l.gatewayBlocks(p.gateways)
	spec.Templates = l.templateBlocks(p.templates)
	spec.Policy = l.policyBlock(p.policies)
	l.defaultsBlocks(p.defaults)
	return spec
}

func (l *loader) localValues(blocks []declared) cty.Value {
	ls := &locals{l: l, values: make(map[string]*localValue)}
	for _, b := range blocks {
		ls.collect(b)
	}
	l.localNames = slices.Sorted(maps.Keys(ls.values))
	object := ls.evaluate()
	if l.preambleBroken {
		return cty.DynamicVal
	}
	return object
}

// settingsBlock reads hisab. One in a folder below makes that folder a spec of its own.
func (l *loader) settingsBlock(blocks []declared) {
	l.settings.State = DefaultState
	taken := make(map[string]*declared)
	for i := range blocks {
		b := &blocks[i]
		if dir := shownDir(b.d.file); dir != "" {
			b.d.report(b.at(), "A spec of its own", fmt.Sprintf("The folder %s has a hisab block, so it is a spec of its own and not a part of this one. Run hisab with -C %s, list it in %s, or remove the block.", dir, dir, ignoreFile))
			continue
		}
		if !first(b, "hisab", taken) {
			continue
		}
		l.decodeAccount(b, func() { decode(b.d, settingsTable, &l.settings, b.e.v) })
		l.settings.Pos = b.pos()
	}
}

func (l *loader) policyBlock(blocks []declared) *Policy {
	taken := make(map[string]*declared)
	var policy *Policy
	for i := range blocks {
		if b := &blocks[i]; first(b, "policy", taken) {
			policy = &Policy{Pos: b.pos()}
			decode(b.d, policyTable, policy, b.e.v)
		}
	}
	return policy
}

// digest identifies files, data and variables.
func (l *loader) digest(files []specFile) string {
	h := sha256.New()
	for _, f := range files {
		sum := l.digests[f.name]
		fmt.Fprintf(h, "file %q %x\n", f.name, sum)
	}
	for _, name := range slices.Sorted(maps.Keys(l.data.read)) {
		fmt.Fprintf(h, "data %q %x\n", name, l.data.read[name].digest)
	}
	for _, f := range l.opt.VarFiles {
		fmt.Fprintf(h, "varfile %q %x\n", f.Name, sha256.Sum256(f.Data))
	}
	for _, name := range slices.Sorted(maps.Keys(l.opt.Vars)) {
		fmt.Fprintf(h, "var %q %x\n", name, sha256.Sum256([]byte(l.opt.Vars[name])))
	}
	for _, name := range l.varNames {
		if l.opt.EnvVar == nil {
			break
		}
		if s, set := l.opt.EnvVar(name); set {
			fmt.Fprintf(h, "envvar %q %x\n", name, sha256.Sum256([]byte(s)))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
