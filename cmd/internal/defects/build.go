package defects

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build compiles the prover with a defect in it and returns the program's path in dir, which
// is the defect's own. The module's files stay as they are: the compiler is handed others in
// their place.
func (d *Defect) build(ctx context.Context, root, dir string) (string, error) {
	files, err := d.Mutate(root)
	if err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range files {
		to := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("%s: %w", d.Name, err)
		}
		overlay.Replace[filepath.Join(root, filepath.FromSlash(name))] = to
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return "", fmt.Errorf("%s: %w", d.Name, err)
	}
	list, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "prove")
	if err := os.WriteFile(list, data, 0o600); err != nil {
		return "", fmt.Errorf("%s: %w", d.Name, err)
	}
	c := exec.CommandContext(ctx, "go", "build", "-overlay", list, "-o", program, "./cmd/prove")
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: it does not compile: %w\n%s", d.Name, err, out)
	}
	return program, nil
}

// moduleRoot is the folder of the module that the working directory is in.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	mod := strings.TrimSpace(string(out))
	if err != nil || mod == "" || mod == os.DevNull {
		return "", fmt.Errorf("find the module: run this inside the source tree, with go installed")
	}
	return filepath.Dir(mod), nil
}
