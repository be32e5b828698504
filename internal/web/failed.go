package web

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// elsewhere answers what no page has: an address with a stroke too many leads to the page without, and where there is a
// page that is asked otherwise, how is said.
func (s *site) elsewhere(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	at := func(method, path string) bool {
		to := *r.URL
		to.Path, to.RawPath = path, ""
		_, pattern := mux.Handler(&http.Request{Method: method, URL: &to, Host: r.Host})
		return pattern != "/"
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if at(method, r.URL.Path) {
			allowed = append(allowed, method)
		}
	}
	short := strings.TrimSuffix(r.URL.Path, "/")
	switch {
	case allowed != nil:
		if allowed[0] == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.tells(w, r, http.StatusMethodNotAllowed, fault.New(fault.ErrInvalid, "this address is not asked by "+notation.Clip(r.Method, 20), "open it from the page that has it, by "+notation.List(allowed)))
	case short != r.URL.Path && at(http.MethodGet, short):
		to := *r.URL
		to.Path, to.RawPath = short, ""
		http.Redirect(w, r, to.RequestURI(), http.StatusMovedPermanently)
	default:
		s.fails(w, r, fault.New(fault.ErrNotFound, "there is no page at "+notation.Clip(r.URL.Path, 100), "begin at the first page, or search"))
	}
}

// fails tells what went wrong and what to do, with the status that says the same to a program.
func (s *site) fails(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	for _, of := range statuses {
		if errors.Is(err, of.reason) {
			status = of.status
			break
		}
	}
	s.tells(w, r, status, err)
}

// tells tells it as a page, or to a program, which asked for JSON, in the JSON that errors of the services have.
func (s *site) tells(w http.ResponseWriter, r *http.Request, status int, err error) {
	again := ""
	if status == http.StatusServiceUnavailable { // of many who read at once not all come back at once
		again = strconv.Itoa(20 + rand.IntN(40))
		w.Header().Set("Retry-After", again)
	}
	if asksJSON(r) && s.Error != nil {
		s.send(w, r, status, "application/json", func() ([]byte, error) { return s.Error(err), nil })
		return
	}
	said := struct{ Words, Hint, Again string }{Words: notation.Capital(fault.Headline(err)), Hint: fault.Hint(err)}
	if again != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) { // browsers do, with script or without
		w.Header().Set("Refresh", again)
		said.Again = again
	}
	if all := fault.Violations(err); len(all) > 1 { // one is what the words say already
		for _, v := range all {
			said.Words += "; " + v.Reason
		}
	}
	if strings.Contains(said.Hint, "lmc ") { // a command, which whoever reads a page has none of
		for reason, here := range hintsHere {
			if errors.Is(err, reason) {
				said.Hint = here
			}
		}
	}
	s.write(w, r, status, "error", page{Title: "This cannot be shown", Of: said})
}

// hintsHere are what to do on a page, where a command is what to do on a terminal.
var hintsHere = map[error]string{
	fault.ErrUnknownEntry: "check its number: the page of its office lists what it has published; a new letter may not have arrived here yet",
	fault.ErrUnknownArea:  "leave the area out",
	fault.ErrNotJoined:    "try again in a minute; if this lasts, ring the office whose node this is: “lmc status” tells it why",
	fault.ErrUnavailable:  "try again in a minute; if this lasts, ring the office whose node this is",
}

// statuses are what reasons come to for a browser, the first that fits.
var statuses = []struct {
	reason error
	status int
}{
	{fault.ErrTooLarge, http.StatusRequestEntityTooLarge},
	{fault.ErrNotFound, http.StatusNotFound},
	{fault.ErrUnknownMatter, http.StatusNotFound},
	{fault.ErrUnknownMeasure, http.StatusNotFound},
	{fault.ErrUnknownScope, http.StatusNotFound},
	{fault.ErrUnknownCommittee, http.StatusNotFound},
	{fault.ErrUnknownPractice, http.StatusNotFound},
	{fault.ErrUnknownArea, http.StatusNotFound},
	{fault.ErrUnknownOffice, http.StatusNotFound},
	{fault.ErrUnknownEntry, http.StatusNotFound},
	{fault.ErrFutureDay, http.StatusBadRequest},
	{fault.ErrInvalid, http.StatusBadRequest},
	{fault.ErrNotEntitled, http.StatusForbidden},
	{fault.ErrAbsent, http.StatusNotFound},
	{fault.ErrNotJoined, http.StatusServiceUnavailable},
	{fault.ErrRecovering, http.StatusServiceUnavailable},
	{fault.ErrBusy, http.StatusServiceUnavailable},
	{fault.ErrStopping, http.StatusServiceUnavailable},
	{fault.ErrUnavailable, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
}
