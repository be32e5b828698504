package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/version"
	"github.com/lmcfed/lmcfed/internal/web"
	"github.com/lmcfed/lmcfed/internal/wire"
)

// site is what browsers are shown, and the read services for whoever speaks no gRPC, on a listener of its own: without
// TLS, and for this machine alone unless its operator says otherwise; or for everybody, under a public name.
type site struct {
	n       *Node
	here    bool     // it listens for this machine alone
	names   []string // it is asked by
	secure  bool     // it is public, over TLS: no other names
	rpc     *http.ServeMux
	private http.Handler // pages for whoever sits at this machine
	public  http.Handler
}

// webServer serves what comes by one of the web's listeners.
type webServer struct {
	server   *http.Server
	stopping context.CancelFunc
}

// openWeb begins to serve the web: for this machine, and for everybody under a public name.
func (n *Node) openWeb() (webServers, error) {
	if n.cfg.Web == "" && n.certificate == nil {
		return nil, nil
	}
	source := n.newReads()
	pages := web.Config{Source: source, Now: n.cfg.Now, Turn: inOneTurn, Error: wire.JSON, Software: version.Software()}
	all := site{n: n, rpc: http.NewServeMux(), public: web.New(pages)}
	source.mount(all.rpc)
	pages.Private = true
	all.private = web.New(pages)
	outside, err := n.openPublic(all) // before the other: a port that cannot be had stops the start
	if err != nil {
		return nil, err
	}
	here, err := n.openHere(all)
	if err != nil {
		outside.stop(0)
		return nil, err
	}
	return append(outside, here...), nil
}

// openHere begins to serve the web without TLS. Where that cannot be, the node serves without: nothing depends on it.
func (n *Node) openHere(s site) (webServers, error) {
	if n.cfg.Web == "" {
		return nil, nil
	}
	if err := checkListen(n.cfg.Web); err != nil {
		return nil, err
	}
	lis, err := net.Listen("tcp", n.cfg.Web)
	if err != nil {
		n.cfg.Logger.Warn("no pages for browsers: "+err.Error(), "do", "choose another address with --web, as localhost:8081, or none with --web off; all else is served")
		return nil, nil
	}
	s.names = n.cfg.WebHosts
	host, _, _ := net.SplitHostPort(n.cfg.Web)
	if _, err := netip.ParseAddr(host); err != nil && host != "" {
		s.names = append(slices.Clip(s.names), host)
	}
	at, _ := lis.Addr().(*net.TCPAddr)
	s.here = at != nil && at.IP.IsLoopback()
	server := n.serveWeb(&s, func(stopping context.Context) net.Listener { return &webListener{lis, n.doors, n.doors.web, stopping} })
	url := "http://" + urlHost(host, at) + "/"
	n.cfg.Logger.Info("pages for browsers", "url", url)
	n.cfg.Browse(url)
	return webServers{server}, nil
}

// serveWeb begins to serve what comes by a listener of the web, which is told when it stops.
func (n *Node) serveWeb(handler http.Handler, listener func(stopping context.Context) net.Listener) *webServer {
	stopping, stop := context.WithCancel(context.Background())
	s := &webServer{stopping: stop, server: &http.Server{
		Handler: handler, ReadHeaderTimeout: handshakeTimeout, IdleTimeout: webIdle, MaxHeaderBytes: maxHeaderList, DisableGeneralOptionsHandler: true,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return peer.NewContext(ctx, &peer.Peer{Addr: c.RemoteAddr(), AuthInfo: caller{line: c.(*webConn).line}})
		},
		ErrorLog: slog.NewLogLogger(n.cfg.Logger.Handler(), slog.LevelDebug),
	}}
	lis := listener(stopping)
	go func() { _ = s.server.Serve(lis) }() // ends when it is stopped
	return s
}

// urlHost is where a browser of this machine finds the listener.
func urlHost(host string, at *net.TCPAddr) string {
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if at == nil {
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(at.Port))
}

type webServers []*webServer

// stop lets requests under way finish, for so long; then it cuts them off.
func (all webServers) stop(within time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var every sync.WaitGroup
	for _, s := range all {
		s.stopping()
		every.Go(func() {
			if s.server.Shutdown(ctx) != nil {
				_ = s.server.Close()
			}
		})
	}
	every.Wait()
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from, _ := callerOf(r.Context())
	conn := from.line.web
	conn.serving(true)
	defer conn.serving(false)
	var failed error
	defer func() {
		if failed != nil {
			panic(http.ErrAbortHandler) // whoever asked must not take what there is for all
		}
	}()
	defer s.n.recoverInto(r.Method+" "+r.URL.Path, &failed)
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		w.Header().Set(name, value)
	}
	if s.secure {
		w.Header().Set("Strict-Transport-Security", secureFor)
	}
	switch {
	case s.isAskedBy(r):
	case s.secure:
		misdirected(w, fmt.Sprintf("This node is not asked by the name %.100q here. Its pages are at https://%s/.", r.Host, s.names[0]))
		return
	default:
		misdirected(w, fmt.Sprintf("This node is not asked by the name %.100q. Whoever runs it adds a name with: lmcnode serve --web-host NAME. On its own machine it answers as localhost.", r.Host))
		return
	}
	conn.isFor(s.partyOf(r))
	most := s.n.budgets.visitorMessage + envelopeSize
	if r.Method == http.MethodPost && r.URL.Path == web.VerifyPath {
		most = web.FormLimit
		if r.ContentLength > 0 { // more of it is not read
			most = int(min(r.ContentLength, web.FormLimit))
		}
		arriving := from.line.way.arriving.Take(from.line.party, most, from.line.giveWay)
		defer arriving.GiveBack()
	}
	r.Body = http.MaxBytesReader(w, r.Body, int64(most))
	switch {
	case s.isCall(r):
		s.serveRPC(w, r)
	default:
		if r.ContentLength != 0 {
			_ = conn.SetReadDeadline(time.Now().Add(s.n.budgets.receiving))
		}
		if s.isPrivate(r) {
			s.private.ServeHTTP(w, r)
		} else {
			s.public.ServeHTTP(w, r)
		}
	}
}

// misdirected refuses a request that is made by a name of somebody else's.
func misdirected(w http.ResponseWriter, words string) {
	w.Header().Set("Connection", "close")
	http.Error(w, words, http.StatusMisdirectedRequest)
}

// isAskedBy says whether a request is meant for this node: a page of another site can have its name lead here (DNS
// rebinding), and would be one of this node's.
func (s *site) isAskedBy(r *http.Request) bool {
	host := hostOf(r)
	named := slices.ContainsFunc(s.names, func(name string) bool { return strings.EqualFold(name, host) })
	if named || s.secure || isThisMachine(host) {
		return named || !s.secure
	}
	at, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	ip, err := netip.ParseAddr(host)
	return err == nil && at != nil && ip.Unmap() == at.AddrPort().Addr().Unmap()
}

// hostOf is the name or address a request is made to, without port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	return strings.TrimSuffix(host, ".")
}

// isThisMachine: a name nobody else can have lead elsewhere.
func isThisMachine(host string) bool {
	return strings.EqualFold(host, "localhost") || host == "127.0.0.1" || host == "::1"
}

// isPrivate: whoever asks sits at this machine, as far as can be told. A proxy here may bring anybody: most say that
// they are one, and what speaks HTTP/1.0 is no browser.
func (s *site) isPrivate(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	forwarded := slices.ContainsFunc([]string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"}, func(name string) bool { return len(r.Header.Values(name)) > 0 })
	return s.here && isThisMachine(hostOf(r)) && err == nil && !s.trusts(from.Addr()) && !forwarded && r.ProtoAtLeast(1, 1)
}

// partyOf is for whom a request is: the address that sends it, or, where that is a trusted proxy, the last that is
// none of those it forwards for.
func (s *site) partyOf(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	for _, hop := range slices.Backward(strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")) {
		if !s.trusts(from.Addr()) {
			break
		}
		hop = strings.TrimSpace(hop)
		next, err := netip.ParseAddrPort(hop)
		if ip, single := netip.ParseAddr(hop); single == nil {
			next, err = netip.AddrPortFrom(ip, 0), nil
		}
		if err != nil {
			break
		}
		from = next
	}
	return fair.AddressOf(from.String())
}

func (s *site) trusts(ip netip.Addr) bool {
	from := func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) }
	return slices.ContainsFunc(s.n.cfg.TrustedProxies, from) || slices.ContainsFunc(s.n.cfg.WebProxies, from)
}

// checkWebHosts refuses what no browser asks by.
func checkWebHosts(names []string) error {
	for _, name := range names {
		if err := notation.CheckAddress(net.JoinHostPort(name, "80")); err != nil || strings.Contains(name, ":") {
			return fault.New(fault.ErrInvalid, fmt.Sprintf("%q is no name that a browser asks by: %v", name, cmp.Or(err, errors.New("it has a port"))), "write the name alone, as lmc.example.org, without http:// and port")
		}
	}
	return nil
}
