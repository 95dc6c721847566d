package main

import (
	"github.com/spf13/cobra"
)

func newCompletion(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell",
		Long: `Print the script that completes Hisab's commands, flags, references, addresses and
statuses in bash, zsh, fish or powershell. In bash it needs the package bash-completion.`,
		Example: `  source <(hisab completion bash)
  hisab completion zsh > "${fpath[1]}/_hisab"
  hisab completion fish > ~/.config/fish/completions/hisab.fish`,
		Args:        cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs:   []string{"bash", "zsh", "fish", "powershell"},
		Annotations: exits(ExitDone, ExitError),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(g.Out, true)
			case "zsh":
				return root.GenZshCompletion(g.Out)
			case "fish":
				return root.GenFishCompletion(g.Out, true)
			default:
				return root.GenPowerShellCompletionWithDesc(g.Out)
			}
		},
	}
}
