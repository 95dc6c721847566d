package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
)

func newApprove(g *global) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "approve ACTION…",
		Short: "Let go what the policy holds",
		Long: `Let go actions that the policy holds. An approval is for one action exactly as plan shows
it, by its id: it lapses when anything of the action changes, and after 7 days. Who
approved, when and why are recorded; apply acts on it.`,
		Example: `  hisab approve 9f2c41d0
  hisab approve 9f2c41d0 07aa1be2 --reason "checked with the shop"`,
		Args:        cobra.MinimumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.approve(cmd.Context(), args, reason) },
	}
	cmd.Flags().StringVar(&reason, "reason", "", "record this `TEXT` as the reason")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) approve(ctx context.Context, ids []string, reason string) error {
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Beside})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.checkHeld(ctx, ids); err != nil {
		return err
	}
	now := g.Clock.Now().UTC()
	approvals := make([]reconcile.Approval, 0, len(ids))
	for _, id := range ids {
		approvals = append(approvals, reconcile.Approval{Action: id, Who: g.Who, Reason: reason, At: now})
	}
	if err := s.World.Store.Approve(ctx, approvals); err != nil {
		return fmt.Errorf("record the approval: %w", err)
	}
	until := now.Add(reconcile.ApprovalLife).In(s.location())
	for _, id := range ids {
		fmt.Fprintf(g.Out, "Approved %s as %s, until %s.\n", id, g.Who, until.Format("2006-01-02 15:04 -07:00"))
	}
	fmt.Fprintln(g.Out, "The next apply acts on it.")
	return nil
}

// awaits reports whether an approval would let an action of the plan go: one that the policy
// holds, or one that is blocked until a person says that it is meant.
func awaits(p *reconcile.Plan, id string) bool {
	return slices.ContainsFunc(p.Actions, func(a reconcile.Action) bool { return a.ID == id && a.Held != "" }) ||
		slices.ContainsFunc(p.Blocked, func(n reconcile.Note) bool { return n.Action == id })
}

// checkHeld refuses ids that no such action has now: a typing error would look like an
// approval. What is recorded is asked first; looking at payments takes longer.
func (s *session) checkHeld(ctx context.Context, ids []string) error {
	missing := ids
	for _, refresh := range []bool{false, true} {
		p, err := s.plan(ctx, reconcile.PlanOptions{NoRefresh: !refresh})
		if err != nil {
			return err
		}
		missing = slices.DeleteFunc(slices.Clone(missing), func(id string) bool { return awaits(p, id) })
		if len(missing) == 0 {
			return nil
		}
	}
	return fmt.Errorf("the policy holds no action %s now\n\nhisab plan shows each held action with its id; an id changes with anything of its action", strings.Join(missing, ", "))
}
