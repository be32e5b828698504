package server

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// isCall: a program asks. Whether there is such a method is another question: an app that mistyped one reads no page.
func (s *site) isCall(r *http.Request) bool {
	_, pattern := s.rpc.Handler(r)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return pattern != "" || strings.HasPrefix(r.URL.Path, "/lmc.") || strings.HasPrefix(r.URL.Path, "/grpc.") ||
		r.Method == http.MethodPost && strings.HasPrefix(kind, "application/") && kind != "application/x-www-form-urlencoded"
}

// serveRPC serves the read services. A page of any other site may read them: there is nothing but what is PUBLIC, and
// no cookie is looked at. What is on no page for everybody is no answer for everybody either.
func (s *site) serveRPC(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin")
	h.Set("Cache-Control", "no-store")
	_, pattern := s.rpc.Handler(r)
	switch {
	case r.Method == http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, Grpc-Timeout, X-Grpc-Web, X-User-Agent")
		h.Set("Access-Control-Max-Age", "7200")
		w.WriteHeader(http.StatusNoContent)
	case pattern != r.URL.Path:
		refuseCall(w, http.StatusNotFound, fault.New(fault.ErrUnsupported, fmt.Sprintf("there is no method %.100q here", r.URL.Path),
			"check its name: the services are lmc.node.v1.GuidanceService, NationalService, RegisterService and NodeService (docs/clients.md)"))
	case strings.HasPrefix(pattern, "/"+nodev1.NationalService_ServiceDesc.ServiceName+"/") && !s.isPrivate(r):
		refuseCall(w, http.StatusForbidden, fault.New(fault.ErrNotEntitled, "the national picture is answered at the node's own machine alone, and by gRPC",
			"ask at http://localhost there, or by gRPC (docs/clients.md), as lmc national does"))
	default:
		s.rpc.ServeHTTP(&worded{w}, r)
	}
}

// refuseCall tells a program what is wrong with what it asked, in the JSON that errors of methods have.
func refuseCall(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(wire.JSON(err)) // whoever is gone needs none
}

// worded says what Connect tells by a status alone.
type worded struct{ http.ResponseWriter }

func (w *worded) WriteHeader(status int) {
	switch status {
	case http.StatusMethodNotAllowed:
		refuseCall(w.ResponseWriter, status, fault.New(fault.ErrInvalid, "this is not asked by that verb of HTTP", "use "+w.Header().Get("Allow")))
	case http.StatusUnsupportedMediaType:
		refuseCall(w.ResponseWriter, status, fault.New(fault.ErrInvalid, "the request is not of a content type that is read here",
			"send JSON as Content-Type: application/json (curl --json), what is answered by a stream as application/connect+json, or ask by GET with encoding=json and message= in the address (docs/clients.md)"))
	default:
		w.ResponseWriter.WriteHeader(status)
	}
}

// Flush sends what there is of a stream.
func (w *worded) Flush() { w.ResponseWriter.(http.Flusher).Flush() }
