package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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

// cut takes the form that is asked for off the last part of an address: one that its page has, or none.
func cut(last string, forms ...string) (name, form string, err error) {
	for _, form := range []string{asJSON, asMarkdown, asCalendar, asCSV, asAtom} {
		name, is := strings.CutSuffix(last, form)
		switch {
		case is && slices.Contains(forms, form):
			return name, form, nil
		case is:
			return "", "", fault.New(fault.ErrNotFound, "there is no "+form+" of this page", "behind its address may stand "+notation.List(forms))
		}
	}
	return last, "", nil
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

// noPractice refuses what is no practice's code.
func noPractice(code string) error {
	return fault.New(fault.ErrInvalid, "“"+notation.Clip(code, 40)+"” is no practice's code", "a practice code is one letter and five digits, for example F81001; the first page finds it by name or postcode")
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

// selector is what an address asks of a matter: ?measure= &committee= &practice= &audience= &area= &scope= &as-of= &on=.
func selector(r *http.Request, matter string) (*answersv1.Selector, error) {
	q := r.URL.Query()
	sel := &answersv1.Selector{Matter: matter, Measure: q.Get("measure"), Committee: q.Get("committee"), Area: q.Get("area"), Scope: q.Get("scope")}
	switch named := q.Get("practice"); {
	case named != "" && !notation.IsPractice(notation.PracticeCode(named)):
		return nil, noPractice(named)
	case sel.Committee != "":
	case asksJSON(r): // it is what the service answers, whatever this device remembers
		sel.Practice = notation.PracticeCode(named)
	default:
		sel.Practice = practiceOf(r)
	}
	if to := q.Get("audience"); to != "" {
		number, known := guidancev1.Audience_value["AUDIENCE_"+strings.ToUpper(strings.ReplaceAll(to, "-", "_"))]
		if sel.Audience = guidancev1.Audience(number); !known || number == 0 {
			return nil, fault.New(fault.ErrInvalid, "“"+notation.Clip(to, 40)+"” is nobody that letters are to", "leave it out for practices, or write pcns, commissioners or patients")
		}
	}
	var err error
	if sel.AsOf, err = asked(q, "as-of"); err == nil {
		sel.OnDay, err = asked(q, "on")
	}
	if err == nil && sel.AsOf != "" && sel.OnDay != "" {
		err = fault.New(fault.ErrInvalid, "two days are asked about at once", "leave out of the address what is known today of a day (as-of), or what was known on it (on)")
	}
	return sel, err
}

// dayOf is how a link goes on asking about the day of a selector.
func dayOf(sel *answersv1.Selector) string {
	if sel.GetAsOf() != "" {
		return "?as-of=" + url.QueryEscape(sel.GetAsOf())
	}
	return onDay(sel.GetOnDay())
}

// further is the address of the next part of a list: what was asked, and where to go on; empty: this is all.
func further(r *http.Request, token string) string {
	if token == "" {
		return ""
	}
	q := r.URL.Query()
	q.Set("from", token)
	return "?" + q.Encode()
}
