package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/crypto/acme"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// WebOff is what WebHTTP is where there shall be none.
const WebOff = "off"

// Where what is public listens where nothing is said.
const (
	publicHTTPS = ":443"
	publicHTTP  = ":80"
)

// checkPublic refuses a public name that none can be certified for, and addresses that are none.
func checkPublic(cfg Config) error {
	if cfg.WebDomain == "" {
		return nil
	}
	err := notation.CheckAddress(net.JoinHostPort(cfg.WebDomain, "443"))
	_, notName := netip.ParseAddr(cfg.WebDomain)
	switch {
	case err != nil:
	case notName == nil || strings.Contains(cfg.WebDomain, ":"):
		err = errors.New("it is an address")
	case !strings.Contains(cfg.WebDomain, ".") || strings.HasSuffix(cfg.WebDomain, "."):
		err = errors.New("it is not a whole name")
	case cfg.WebDomain != strings.ToLower(cfg.WebDomain):
		err = errors.New("it has capitals")
	}
	if err != nil {
		return fault.New(fault.ErrInvalid, fmt.Sprintf("%q is no name that pages can be public under: %v", cfg.WebDomain, err), "write the name alone, as lmc.example.org, without https:// and port")
	}
	if at, err := url.Parse(cfg.ACMEDirectory); cfg.ACMEDirectory != "" && (err != nil || at.Scheme != "https" || at.Host == "") {
		return fault.New(fault.ErrInvalid, fmt.Sprintf("%q is not where certificates are had", cfg.ACMEDirectory), "write the address of the directory as the issuer of certificates (ACME, RFC 8555) names it: https://…")
	}
	if cfg.WebHTTP != WebOff {
		err = checkListen(cmp.Or(cfg.WebHTTP, publicHTTP))
	}
	return cmp.Or(checkListen(cmp.Or(cfg.WebHTTPS, publicHTTPS)), err)
}

// openPublic begins to serve what is public under a name, over TLS, and, without, what sends browsers there. A port that
// was asked for and cannot be had is an error.
func (n *Node) openPublic(s site) (servers webServers, err error) {
	c := n.certificate
	if c == nil {
		return nil, nil
	}
	secure, err := listenPublic(cmp.Or(n.cfg.WebHTTPS, publicHTTPS), "--web-https", ":8443")
	if err != nil {
		return nil, err
	}
	s.names, s.secure = []string{c.name}, true
	servers = append(servers, n.serveWeb(&s, func(stopping context.Context) net.Listener { return n.greetPublic(secure, stopping) }))
	n.cfg.Logger.Info("pages for everybody", "url", "https://"+c.name+"/", "address", secure.Addr().String())
	if n.cfg.WebHTTP == WebOff {
		return servers, nil
	}
	plain, err := listenPublic(cmp.Or(n.cfg.WebHTTP, publicHTTP), "--web-http", ":8081")
	switch {
	case err == nil:
		servers = append(servers, n.serveWeb(c.handle(), func(stopping context.Context) net.Listener {
			return &webListener{plain, n.doors, n.doors.public, stopping}
		}))
	case n.cfg.WebHTTP != "":
		servers.stop(0)
		return nil, err
	default:
		n.cfg.Logger.Warn("whoever asks for http://"+c.name+" is not sent to https: "+err.Error(), "do", "nothing, where browsers are told https; else "+fault.Hint(err)+"; --web-http off says no more of it")
	}
	return servers, nil
}

func listenPublic(address, flag, elsewhere string) (net.Listener, error) {
	lis, err := net.Listen("tcp", address)
	if err == nil {
		return lis, nil
	}
	do := "is a web server running there? let it forward to the node (--web-host, in docs/operating.md), or stop it, or listen elsewhere and have the port forwarded: " + flag + " " + elsewhere
	if errors.Is(err, fs.ErrPermission) {
		do = "ports below 1024 need leave: AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit of systemd, or: sudo setcap cap_net_bind_service=+ep lmcnode; or listen elsewhere and have the port forwarded: " + flag + " " + elsewhere + "; or put a proxy in front (--web-host, in docs/operating.md)"
	}
	return nil, fault.New(fault.ErrBusy, fmt.Sprintf("listening on %s for everybody (%s): %v", address, flag, err), do)
}

// publicListener gives net/http those who come to the public pages, once the handshake is done.
type publicListener struct {
	net.Listener
	doors    *doors
	tls      *tls.Config
	greeted  chan net.Conn
	stopping context.Context
}

// greetPublic begins to greet whoever comes to the public pages.
func (n *Node) greetPublic(lis net.Listener, stopping context.Context) net.Listener {
	l := &publicListener{lis, n.doors, n.certificate.tls(), make(chan net.Conn), stopping}
	go func() { // ends when the listener is closed
		if err := l.doors.accept(lis, func(raw net.Conn) { l.doors.receive(raw, l.doors.outside, l.greet) }); err != nil {
			n.cfg.Logger.Error("nobody is received on the public pages any more", "error", err, "do", "start the node again")
		}
	}()
	return l
}

// greet does the handshake. Whoever came to look whether the name leads here has seen it then.
func (l *publicListener) greet(nc *newcomer) error {
	ctx, cancel := context.WithTimeout(l.stopping, handshakeTimeout)
	defer cancel()
	conn := tls.Server(nc, l.tls)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	if conn.ConnectionState().NegotiatedProtocol == acme.ALPNProto {
		return conn.Close()
	}
	c := newWebConn(l.stopping, conn, &line{raw: nc.Conn, doors: l.doors, way: l.doors.public, party: nc.party})
	select {
	case l.greeted <- c:
		return nil
	case <-l.stopping.Done():
		return c.Close()
	}
}

func (l *publicListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.greeted:
		return conn, nil
	case <-l.stopping.Done():
		return nil, net.ErrClosed
	}
}

// handle answers without TLS: the issuer of certificates, who looks whether the name leads here, and browsers, which are
// sent to https.
func (c *certificate) handle() http.Handler {
	toTLS := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Ask https://"+c.name+" instead: what is sent here anybody on the way can read.", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, "https://"+c.name+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	known := c.manager.HTTPHandler(toTLS)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host = hostOf(r); !strings.EqualFold(r.Host, c.name) {
			misdirected(w, fmt.Sprintf("This node is not asked by the name %.100q here. Its pages are at https://%s/.", r.Host, c.name))
			return
		}
		known.ServeHTTP(w, r)
	})
}
