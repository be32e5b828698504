package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/version"
	"github.com/lmcfed/lmcfed/internal/web"
	"github.com/lmcfed/lmcfed/internal/wire"
)

func newOpen(a *app) *cobra.Command {
	var listen string
	var quiet bool
	cmd := &cobra.Command{
		Use:     "open [PRACTICE|MATTER|ADVISORY]",
		Short:   "The same as pages in your browser",
		GroupID: groupRead,
		Long: "Open shows what the node of your profile answers as pages in your browser, for\n" +
			"as long as it runs: only programs on this machine can reach them. Whoever sits\n" +
			"here is shown who is silent and the national picture, too. Ctrl-C ends it.",
		Example: "  lmc open\n" +
			"  lmc open X20001\n" +
			"  lmc open access-plan-2021\n" +
			"  lmc open --no-browser --listen localhost:8081",
		Args: cobra.MaximumNArgs(1),
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			host, _, err := net.SplitHostPort(listen)
			if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
				return usage("choose one of this machine alone, such as localhost:8080", "--listen %q is no address that only this machine can reach", listen)
			}
			path, err := pathOf(ctx, c, args)
			if err != nil {
				return err
			}
			var lc net.ListenConfig
			lis, err := lc.Listen(ctx, "tcp", listen)
			if err != nil {
				return withHint(fmt.Errorf("listening on %s: %w", listen, err), "is it open already? choose another port with --listen localhost:0")
			}
			srv := &http.Server{
				Handler:           web.Local(web.New(web.Config{Source: c, Private: true, Error: wire.JSON, Software: version.Software()})),
				ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
			}
			url := "http://" + strings.Replace(lis.Addr().String(), "127.0.0.1", "localhost", 1) + path
			a.note("lmc: " + url + " (Ctrl-C ends it)\n")
			if !quiet {
				openBrowser(ctx, url)
			}
			context.AfterFunc(ctx, func() { _ = srv.Close() })
			if err := srv.Serve(lis); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	cmd.Flags().StringVar(&listen, "listen", "localhost:8080", "the `ADDRESS` of this machine that the pages are at")
	cmd.Flags().BoolVar(&quiet, "no-browser", false, "say where the pages are, and open nothing")
	must(cmd.RegisterFlagCompletionFunc("listen", cobra.NoFileCompletions))
	return cmd
}

// pathOf is the address of the page of a practice, an advisory or a matter.
func pathOf(ctx context.Context, c *client.Client, args []string) (string, error) {
	if len(args) == 0 {
		return "/", nil
	}
	if code := notation.PracticeCode(args[0]); notation.IsPractice(code) {
		return "/practice/" + code, nil
	}
	if _, err := ledger.ParseEntryID(args[0]); err == nil {
		return "/letters/" + args[0], nil
	}
	m, err := c.Matter(ctx, args[0])
	return "/matters/" + m.GetMatter().GetName(), err
}

// openBrowser asks the system for its browser. Where it has none, the address stands in the terminal.
func openBrowser(ctx context.Context, url string) {
	command := []string{"xdg-open", url}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open", url}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", url}
	}
	_ = exec.CommandContext(ctx, command[0], command[1:]...).Start() //nolint:gosec // of an address that is made here
}
