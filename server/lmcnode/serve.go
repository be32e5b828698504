package main

import (
	"io"
	"log/slog"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/server"
)

// What --web is where nothing is said, and where there shall be none.
const (
	webAddress = "localhost:8080"
	webOff     = server.WebOff
)

// The word for where Let's Encrypt issues certificates for trying out, which no browser trusts.
const (
	acmeStaging    = "staging"
	acmeStagingURL = "https://acme-staging-v02.api.letsencrypt.org/directory"
)

func serveCommand() *cobra.Command {
	var (
		cfg     server.Config
		peers   []string
		proxies []string
		// in front of --web alone
		webProxies []string
		verbose    bool
	)
	cmd := &cobra.Command{
		Use:   "serve --dir DIR [--join INVITATION]",
		Short: "Run the node until Ctrl-C",
		Long: `serve runs the node. It logs to standard error: its address and pin when it
starts, and then what somebody could do something about. The invitation of the
keeper's office is needed at the first start only. A browser on the same machine
finds its pages at http://localhost:8080, and programs the same answers as JSON.

With --web-domain the pages are public under that name, at https://NAME, for
everybody: letters, matters, offices and what each committee says, everything
that anybody may ask the node by gRPC too. Not public are the national picture,
who moved and who is silent as pages. The node gets and renews a certificate
by itself, of Let's Encrypt, and with --web-domain you accept the terms of that
(https://letsencrypt.org/repository/), or of whoever issues at
--acme-directory. The name must lead to this machine, and ports 443 and 80 of
it to the node. A letter that nobody may read is taken back by lmc take-down:
do not begin before you have tried that.`,
		Example: `  lmcnode serve --dir essex --join lmcinvite1:…
  lmcnode serve --dir essex
  lmcnode serve --dir gpc --solo "restored; nothing was published since"
  lmcnode serve --dir essex --peer 127.0.0.1:7502=lmcpin1:…
  lmcnode serve --dir essex --web localhost:8081
  lmcnode serve --dir essex --web off
  lmcnode serve --dir essex --web-domain lmc.example.org
  lmcnode serve --dir essex --web-domain lmc.example.org --web-https :8443
  lmcnode serve --dir essex --web-host lmc.example.org --web-proxy 127.0.0.1`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Dir == "" {
				return usage("serve needs --dir")
			}
			if cmd.Flags().Changed("solo") && strings.TrimSpace(cfg.Solo) == "" {
				return usage("--solo needs the reason, in words")
			}
			for _, s := range peers {
				address, text, ok := strings.Cut(s, "=")
				pin, err := client.ParsePin(text)
				if !ok {
					return usage("--peer %q is not ADDRESS=PIN", s)
				}
				if err != nil {
					return usage("--peer %q: %v", s, err)
				}
				if err := notation.CheckAddress(address); err != nil {
					return usage("--peer %q: %v", s, err)
				}
				cfg.Peers = append(cfg.Peers, server.PeerAddress{Address: address, Pin: pin})
			}
			var err error
			if cfg.TrustedProxies, err = networks("trusted-proxy", proxies); err != nil {
				return err
			}
			if cfg.WebProxies, err = networks("web-proxy", webProxies); err != nil {
				return err
			}
			if cfg.WebDomain == "" {
				for _, needs := range []string{"web-https", "web-http", "acme-directory"} {
					if cmd.Flags().Changed(needs) {
						return usage("--%s is for pages under a public name: say which with --web-domain", needs)
					}
				}
			}
			if cfg.ACMEDirectory == acmeStaging {
				cfg.ACMEDirectory = acmeStagingURL
			}
			if cfg.Web == webOff {
				cfg.Web = ""
			}
			cfg.Logger = logger(cmd.ErrOrStderr(), verbose)
			cfg.Listening = func(string) { boundMemory() } // it has by then what it needs when idle
			return server.Run(cmd.Context(), cfg)
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.Dir, "dir", "", "the node's folder, `DIR`, made by lmcnode init")
	f.StringVar(&cfg.Listen, "listen", "", "`HOST:PORT` to listen on instead of the one given to init, for this start alone: to keep it, change listen in node.json")
	f.StringVar(&cfg.Admin, "admin", "", "loopback `HOST:PORT` for profiles (pprof), for example 127.0.0.1:7600")
	f.StringVar(&cfg.Invitation, "join", "", "the `INVITATION` the keeper's office sent; needed once")
	f.StringVar(&cfg.Solo, "solo", "", "sign though no other office can confirm that the data are not an old copy: the keeper of a federation of one or two offices; or though no other office has words of this office's letters that are lost here; and why, `REASON`; it is logged")
	f.StringSliceVar(&peers, "peer", nil, "dial this node too: `ADDRESS=PIN`; may be repeated")
	f.StringSliceVar(&proxies, "trusted-proxy", nil, "the `ADDRESS` or network of a forwarder in front of the node, whose PROXY protocol header, or X-Forwarded-For for --web, says where a connection comes from; may be repeated")
	f.StringVar(&cfg.Web, "web", webAddress, "`HOST:PORT` to listen on for browsers, without TLS; off: for none")
	f.StringSliceVar(&cfg.WebHosts, "web-host", nil, "a `NAME` that browsers ask by besides localhost and --web, as behind a proxy; may be repeated")
	f.StringSliceVar(&webProxies, "web-proxy", nil, "the `ADDRESS` or network of a proxy in front of --web alone, whose X-Forwarded-For says whom it forwards; may be repeated")
	f.StringVar(&cfg.WebDomain, "web-domain", "", "make the pages public at https://`NAME`, with a certificate that the node gets by itself")
	f.StringVar(&cfg.WebHTTPS, "web-https", "", "`HOST:PORT` to listen on for --web-domain, where port 443 of it is forwarded to another (default :443)")
	f.StringVar(&cfg.WebHTTP, "web-http", "", "`HOST:PORT` to listen on without TLS for --web-domain, to send browsers to https; off: none (default :80, where it can be had)")
	f.StringVar(&cfg.ACMEDirectory, "acme-directory", "", "`URL` of where certificates are had for --web-domain; staging: Let's Encrypt's for trying out, which no browser trusts (default Let's Encrypt's)")
	f.BoolVar(&verbose, "debug", false, "log more")
	return cmd
}

// networks reads addresses and networks that a flag lists.
func networks(flag string, list []string) (all []netip.Prefix, err error) {
	for _, s := range list {
		network, err := netip.ParsePrefix(s)
		if addr, single := netip.ParseAddr(s); single == nil && addr.Zone() == "" {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, usage("--%s %q is no address and no network, as 10.0.0.5 or 10.0.0.0/24", flag, s)
		}
		all = append(all, network)
	}
	return all, nil
}

// memoryAim is how much memory is used before what is not needed any more is looked for at
// once: a flood leaves much of it behind, faster than it is looked for otherwise.
const memoryAim = 96 << 20

// boundMemory aims at memoryAim, or at three times what the node needs when nobody asks it
// anything, and besides at what it keeps of what it has read. Whoever sets GOMEMLIMIT decides otherwise.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetMemoryLimit(max(memoryAim, 3*int64(m.HeapAlloc)) + server.MemoryKept)
}

func logger(w io.Writer, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
