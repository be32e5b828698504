package main

import (
	"errors"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/server"
)

func serveCommand() *cobra.Command {
	var (
		cfg   server.Config
		peers []string
		debug bool
	)
	cmd := &cobra.Command{
		Use:   "serve --dir DIR [--join INVITATION]",
		Short: "Run the node until Ctrl-C",
		Example: `  lmcnode serve --dir essex
  lmcnode serve --dir essex --join lmcinvite1:…      the first time, with the keeper's invitation
  lmcnode serve --dir essex --peer 127.0.0.1:7502=lmcpin1:…`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Dir == "" {
				return usage("serve needs --dir")
			}
			var err error
			if cfg.Peers, err = parsePeers(peers); err != nil {
				return err
			}
			cfg.Logger = logger(cmd.ErrOrStderr(), debug)
			n, err := server.Open(cfg)
			if err != nil {
				return err
			}
			err = n.Serve(cmd.Context())
			return errors.Join(err, n.Close())
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.Dir, "dir", "", "the node's folder, made by lmcnode init")
	f.StringVar(&cfg.Listen, "listen", "", "address to listen on instead of the one given to init")
	f.StringVar(&cfg.Admin, "admin", "", "loopback address for profiles (pprof), for example 127.0.0.1:7600")
	f.StringVar(&cfg.Invitation, "join", "", "the invitation the keeper's office sent; needed once")
	f.StringSliceVar(&peers, "peer", nil, "dial this node too: ADDRESS=PIN; may be repeated")
	f.BoolVar(&debug, "debug", false, "log more")
	return cmd
}

func logger(w io.Writer, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

func parsePeers(all []string) ([]server.PeerAddress, error) {
	var out []server.PeerAddress
	for _, s := range all {
		address, pin, ok := strings.Cut(s, "=")
		parsed, err := identity.ParsePin(pin)
		if !ok || err != nil {
			return nil, usage("--peer %q is not ADDRESS=PIN: %v", s, err)
		}
		out = append(out, server.PeerAddress{Address: address, Pin: parsed})
	}
	return out, nil
}
