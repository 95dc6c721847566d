package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/hisab/hisab/cmd/internal/defects"
)

// runDefects builds this program anew with one rule left out at a time, and lets each look
// for what is wrong with it.
func runDefects(ctx context.Context, args []string, out io.Writer) error {
	o := defects.DefaultOptions(runtime.GOMAXPROCS(0))
	f := flag.NewFlagSet("defects", flag.ContinueOnError)
	f.SetOutput(out)
	only := f.String("only", "", "hunt these alone: names with commas between")
	list := f.Bool("list", false, "show the defects and what each rule guards, and hunt none")
	f.BoolVar(&o.OneEach, "one-each", false, "hunt one for each promise alone")
	f.IntVar(&o.Histories, "histories", o.Histories, "within how many histories each has to be found")
	f.IntVar(&o.CourtesyHistories, "courtesy-histories", o.CourtesyHistories, "how many histories to try a courtesy for")
	f.IntVar(&o.Parallel, "parallel", o.Parallel, "how many to hunt at a time, one processor each")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("defects takes no arguments, and was given %q; see -h", f.Args())
	}
	if *only != "" {
		o.Only = strings.Split(*only, ",")
	}
	if *list {
		return defects.List(out)
	}
	return defects.Run(ctx, o, out)
}
