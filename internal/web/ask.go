package web

import (
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// message is a pointer to a message of type T.
type message[T any] interface {
	*T
	proto.Message
}

// ask asks the source of a site one thing.
func ask[T any, P message[T]](r *http.Request, s *site, req proto.Message) (P, error) {
	resp := P(new(T))
	if err := s.Source.Ask(r.Context(), req, resp); err != nil {
		return nil, err
	}
	return resp, nil
}

// The forms that an address asks for behind its name.
const (
	asJSON     = ".json"
	asMarkdown = ".md"
	asCalendar = ".ics"
	asCSV      = ".csv"
	asAtom     = ".atom"
)

// asksJSON: an address asks for the answer itself.
func asksJSON(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, asJSON) }

// cut takes the form that is asked for off the last part of an address.
func cut(last string) (name, form string) {
	for _, form := range []string{asJSON, asMarkdown, asCalendar, asCSV, asAtom} {
		if name, is := strings.CutSuffix(last, form); is {
			return name, form
		}
	}
	return last, ""
}

// practiceCookie remembers the practice that its reader asked to be remembered.
const practiceCookie = "practice"

// practiceOf is the practice that a request names, or that was to be remembered; empty: neither.
func practiceOf(r *http.Request) string {
	if code := notation.PracticeCode(r.URL.Query().Get("practice")); notation.IsPractice(code) {
		return code
	}
	return remembered(r)
}

// remembered is the practice that was to be remembered; empty: none was.
func remembered(r *http.Request) string {
	if c, err := r.Cookie(practiceCookie); err == nil && notation.IsPractice(c.Value) {
		return c.Value
	}
	return ""
}

// asked reads the day of an address: a form sends it as 2021-10-28, and people write it as they like.
func asked(q url.Values, name string) (string, error) {
	if q.Get(name) == "" {
		return "", nil
	}
	day, err := notation.ReadDay(q.Get(name))
	if err != nil {
		return "", fault.New(fault.ErrInvalid, err.Error(), "write a day as 28 October 2021 or 2021-10-28")
	}
	return day, nil
}

// selector is what an address asks of a matter: ?measure= &committee= &practice= &area= &scope= &as-of= &on=.
func selector(r *http.Request, matter string) (*answersv1.Selector, error) {
	q := r.URL.Query()
	sel := &answersv1.Selector{Matter: matter, Measure: q.Get("measure"), Committee: q.Get("committee"), Area: q.Get("area"), Scope: q.Get("scope")}
	if sel.Committee == "" {
		sel.Practice = practiceOf(r)
	}
	var err error
	if sel.AsOf, err = asked(q, "as-of"); err == nil {
		sel.OnDay, err = asked(q, "on")
	}
	return sel, err
}
