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
	"time"

	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/version"
	"github.com/lmcfed/lmcfed/internal/web"
)

// site is what browsers are shown, and the read services for whoever speaks no gRPC, on a listener of its own:
// without TLS, and for this machine alone unless its operator says otherwise.
type site struct {
	n        *Node
	server   *http.Server
	stopping context.CancelFunc
	here     bool     // it listens for this machine alone
	names    []string // it is asked by
	rpc      *http.ServeMux
	private  http.Handler // pages for whoever sits at this machine
	public   http.Handler
}

// openWeb begins to serve the web. Where that cannot be, the node serves without: nothing depends on it.
func (n *Node) openWeb() (*site, error) {
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
	s := &site{n: n, names: n.cfg.WebHosts, rpc: http.NewServeMux()}
	host, _, _ := net.SplitHostPort(n.cfg.Web)
	if _, err := netip.ParseAddr(host); err != nil && host != "" {
		s.names = append(slices.Clip(s.names), host)
	}
	at, _ := lis.Addr().(*net.TCPAddr)
	s.here = at != nil && at.IP.IsLoopback()
	source := n.newReads()
	source.mount(s.rpc)
	pages := web.Config{Source: source, Now: n.cfg.Now, Turn: awaitDearTurn, Software: version.Software()}
	s.public = web.New(pages)
	pages.Private = true
	s.private = web.New(pages)
	stopping, stop := context.WithCancel(context.Background())
	s.stopping = stop
	s.server = &http.Server{
		Handler: s, ReadHeaderTimeout: handshakeTimeout, IdleTimeout: webIdle, MaxHeaderBytes: maxHeaderList, DisableGeneralOptionsHandler: true,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return peer.NewContext(ctx, &peer.Peer{Addr: c.RemoteAddr(), AuthInfo: caller{line: c.(*webConn).line}})
		},
		ErrorLog: slog.NewLogLogger(n.cfg.Logger.Handler(), slog.LevelDebug),
	}
	go func() { _ = s.server.Serve(&webListener{lis, n.doors, stopping}) }() // ends when it is stopped
	url := "http://" + urlHost(host, at) + "/"
	n.cfg.Logger.Info("pages for browsers", "url", url)
	n.cfg.Browse(url)
	return s, nil
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

// stop lets requests under way finish, for so long; then it cuts them off.
func (s *site) stop(within time.Duration) {
	if s == nil {
		return
	}
	s.stopping()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from, _ := callerOf(r.Context())
	conn := from.line.web
	conn.busy.Store(true)
	defer conn.busy.Store(false)
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
	if !s.isAskedBy(r) {
		w.Header().Set("Connection", "close")
		http.Error(w, fmt.Sprintf("This node is not asked by the name %.100q. Whoever runs it adds a name with: lmcnode serve --web-host NAME. On its own machine it answers as localhost.", r.Host), http.StatusMisdirectedRequest)
		return
	}
	conn.isFor(s.partyOf(r))
	most := s.n.budgets.visitorMessage + envelopeSize
	if r.Method == http.MethodPost && r.URL.Path == web.VerifyPath {
		most = web.FormLimit
		arriving := from.line.way.arriving.Take(from.line.party, most, from.line.giveWay)
		defer arriving.GiveBack()
	}
	r.Body = http.MaxBytesReader(w, r.Body, int64(most))
	switch _, pattern := s.rpc.Handler(r); {
	case pattern != "":
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

// serveRPC serves the read services. A page of any other site may read them: there is nothing but what is PUBLIC, and
// no cookie is looked at.
func (s *site) serveRPC(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin")
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, Grpc-Timeout, X-Grpc-Web, X-User-Agent")
		h.Set("Access-Control-Max-Age", "7200")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.rpc.ServeHTTP(w, r)
}

// isAskedBy says whether a request is meant for this node: a page of another site can have its name lead here (DNS
// rebinding), and would be one of this node's.
func (s *site) isAskedBy(r *http.Request) bool {
	host := hostOf(r)
	if isThisMachine(host) || slices.ContainsFunc(s.names, func(name string) bool { return strings.EqualFold(name, host) }) {
		return true
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

// isPrivate: whoever asks sits at this machine, as far as can be told. A proxy here may bring anybody.
func (s *site) isPrivate(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return s.here && isThisMachine(hostOf(r)) && err == nil && !s.trusts(from.Addr()) && r.Header.Get("X-Forwarded-For")+r.Header.Get("Forwarded") == ""
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
	return slices.ContainsFunc(s.n.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
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
