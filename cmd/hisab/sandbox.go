package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/reconcile/sandbox"
)

type sandboxFlags struct {
	listen, state, webhook string
}

func newSandbox(g *global) *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a local stand-in for WhatsApp, with a page on which to be the customer",
		Long: `Run a local stand-in for WhatsApp's Cloud API. It takes orders, statuses and refunds as
the platform does, refuses what the platform refuses, and moves no money. On its page you
are the customer: you see the chat, pay, fail to pay, leave the payment pending, or cancel
it.

What the page does is also JSON below /_sandbox, which lists itself, and so are faults:
late, lost and wrong answers, throttling, stale lookups, webhooks that come twice, forged
or never.

The page and /_sandbox answer this machine only. With --listen 0.0.0.0:4010 other machines
reach the platform's part too.

With --webhook it calls back as the platform does; the calls are signed with
WHATSAPP_APP_SECRET where that is set.`,
		Example: `  hisab sandbox
  hisab sandbox --listen 127.0.0.1:4020 --state sandbox.json
  curl -s http://127.0.0.1:4010/_sandbox
  curl -s http://127.0.0.1:4010/_sandbox/pay --json '{"reference_id": "BREAD-1"}'
  curl -s http://127.0.0.1:4010/_sandbox/faults --json '{"where": "refund", "what": "act_drop"}'`,
		Args:        cobra.NoArgs,
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, _ []string) error { return g.sandbox(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", sandbox.DefaultAddr, "listen on this `ADDRESS`; port 0 takes a free one")
	cmd.Flags().StringVar(&f.state, "state", "", "keep everything in this `FILE` across restarts")
	cmd.Flags().StringVar(&f.webhook, "webhook", "", "call back this `URL`")
	return cmd
}

// sandbox serves until it is told to stop, which is how it is meant to end.
func (g *global) sandbox(ctx context.Context, f sandboxFlags) error {
	o := sandbox.Options{WebhookURL: f.webhook, AppSecret: g.env("WHATSAPP_APP_SECRET"), Now: g.Clock.Now, Rand: g.Random}
	if f.state != "" {
		o.StateFile = g.path(f.state)
	}
	srv, err := sandbox.New(o)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w\n\nAnother sandbox may be running there; --listen 127.0.0.1:0 takes a free port", f.listen, err)
	}
	url := baseURL(listener.Addr())
	fmt.Fprintf(g.Out, `The sandbox plays WhatsApp at %s

  Be the customer:      open %s in a browser
  Point a provider at it:

    provider "whatsapp" "main" {
      phone_number_id = "%s"
      access_token    = "sandbox"
      base_url        = "%s"
    }

Ctrl-C ends it.
`, url, url, sandbox.DefaultNumber, url)
	fmt.Fprint(g.Err, warnBeyond(listener.Addr()))
	return serve(ctx, listener, srv)
}

// baseURL is where this machine reaches what listens. An unspecified address stands for all
// of the machine's, and is none that a URL can name.
func baseURL(listening net.Addr) string {
	if tcp, ok := listening.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + listening.String()
}

// warnBeyond says what other machines reach, where the sandbox listens beyond this one.
func warnBeyond(listening net.Addr) string {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || tcp.IP.IsLoopback() {
		return ""
	}
	warning := "Warning: other machines can reach the sandbox, and send and refund with any token. The page and /_sandbox answer this machine only.\n"
	if !tcp.IP.IsUnspecified() {
		warning += fmt.Sprintf("Both, and a base_url of http://, want a loopback address, which %s is not: --listen 0.0.0.0:%d takes all of them.\n", tcp.IP, tcp.Port)
	}
	return warning
}

// serve runs the sandbox and what happens in it by itself until ctx is done.
func serve(ctx context.Context, listener net.Listener, srv *sandbox.Server) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(running) }()
	server := &http.Server{Handler: srv, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-running.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close() // a page left open holds its stream for ever
		}
	}()
	err := server.Serve(listener)
	stop()
	if runErr := <-ended; runErr != nil && !errors.Is(runErr, context.Canceled) {
		return runErr
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}
