package server

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/lmcfed/lmcfed/internal/fault"
)

// serveAdmin serves profiles on a loopback address, for whoever sits at the
// machine. It refuses any other address: it asks for no key.
func (n *Node) serveAdmin() (stop func(), err error) {
	if n.cfg.Admin == "" {
		return func() {}, nil
	}
	host, _, err := net.SplitHostPort(n.cfg.Admin)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		err = fmt.Errorf("%s is not this machine alone", host)
	}
	if err != nil {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the admin address %q: %v", n.cfg.Admin, err), "use a loopback address such as 127.0.0.1:7600")
	}
	lis, err := net.Listen("tcp", n.cfg.Admin)
	if err != nil {
		return nil, fault.New(fault.ErrBusy, fmt.Sprintf("listening on %s for the admin pages: %v", n.cfg.Admin, err), "choose another address with --admin")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(lis) }()
	return func() { _ = srv.Close(); <-done }, nil
}
