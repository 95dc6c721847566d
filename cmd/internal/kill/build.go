package kill

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is the package that is killed.
const program = "github.com/hisab/hisab/cmd/hisab"

// build makes the program in a folder and returns its path.
func build(ctx context.Context, dir string, race bool) (string, error) {
	path := filepath.Join(dir, "hisab.exe") // the suffix matters on one system and harms on none
	args := []string{"build", "-o", path}
	if race {
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, program)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", program, err, &said)
	}
	return path, nil
}

// environment is what the program sees: this process's, with the secrets, and without what
// would point it at another state or policy.
func environment() []string {
	env := []string{tokenVariable + "=" + token, secretVariable + "=" + secret, "NO_COLOR=1"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HISAB_") && !strings.HasPrefix(v, "WHATSAPP_") {
			env = append(env, v)
		}
	}
	return env
}
