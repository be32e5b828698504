package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/calendar"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func dayWords(day string) string { return guidance.DayWords(day) }

const (
	homeMatters = 20 // how many matters the first page lists
	homeLetters = 8  // and letters
	officeShown = 100
)

// listing is a page of matters and letters, and what stands before them.
type listing struct {
	Find    bool // the field for a practice is on it
	Rows    []row
	Matters []matterLine
	More    bool // there are more matters
	Letters []letterLine
	Next    string // where earlier ones are
}

// home is the first page: a field for the reader's practice, the open matters, and what was written last.
func (s *site) home(r *http.Request) (answer, error) {
	matters, err := ask[answersv1.ListMattersResponse](r, s, &answersv1.ListMattersRequest{PageSize: homeMatters})
	if err != nil {
		return answer{}, err
	}
	list, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{PageSize: homeLetters, Kinds: letterKinds})
	if err != nil {
		return answer{}, err
	}
	of := listing{Find: true, Matters: mattersOf(matters.GetMatters()), More: matters.GetNextPageToken() != "", Letters: lettersOf(list)}
	return answer{page: "home", data: page{Title: "What does your LMC advise?", Warnings: warnings(matters.GetCompleteness()), Notices: noticesOf(list.GetEntries()), Of: of}}, nil
}

// find answers the field for a practice: the practice's page, or those that may be meant.
func (s *site) find(r *http.Request) (answer, error) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	day, err := asked(r.URL.Query(), "on")
	if err != nil {
		return answer{}, err
	}
	if q == "" {
		return answer{goTo: "/"}, nil
	}
	if code := notation.PracticeCode(q); notation.IsPractice(code) {
		return answer{goTo: "/practice/" + code + onDay(day)}, nil
	}
	resp, err := ask[answersv1.LookUpPracticeResponse](r, s, &answersv1.LookUpPracticeRequest{Text: q, Day: day})
	if err != nil {
		return answer{}, err
	}
	if code := resp.GetPractice().GetCode(); code != "" && len(resp.GetFound()) == 0 {
		return answer{goTo: "/practice/" + code + onDay(day)}, nil
	}
	of := struct {
		Query, Words string
		Found        []*answersv1.PracticeFound
		More         int32
		Query2       string
	}{q, resp.GetWords(), resp.GetFound(), resp.GetMoreFound(), onDay(day)}
	return answer{page: "found", json: resp, data: page{Title: "Which practice is meant?", Warnings: warnings(resp.GetCompleteness()), Day: day, Of: of}}, nil
}

// practice is all that concerns one practice.
func (s *site) practice(r *http.Request) (answer, error) {
	code, form := cut(r.PathValue("code"))
	q := r.URL.Query()
	day, err := asked(q, "on")
	if err != nil {
		return answer{}, err
	}
	if clean := notation.PracticeCode(code); notation.IsPractice(clean) && clean != code {
		return answer{goTo: "/practice/" + clean + form + onDay(day)}, nil
	}
	req := &answersv1.GetPracticePageRequest{Practice: code, OnDay: day, PageSize: 20}
	since, err := asked(q, "since")
	if err != nil {
		return answer{}, err
	}
	if since != "" {
		req.Since = &answersv1.Since{At: &answersv1.Since_Day{Day: since}}
	}
	resp, err := ask[answersv1.GetPracticePageResponse](r, s, req)
	if err != nil {
		return answer{}, err
	}
	switch form {
	case asMarkdown:
		return answer{file: []byte(notation.Clean(plain.PracticeMarkdown(resp, ""))), kind: "text/markdown; charset=utf-8", save: "practice-" + code + asMarkdown, ofOne: true}, nil
	case asCalendar:
		var all []calendar.Event
		for _, v := range resp.GetMatters() {
			for _, due := range plain.DueOf(v) {
				if due.Day != "" {
					one := calendar.Event{Day: due.Day}
					one.Summary, one.Description, one.Same = due.Event(code)
					all = append(all, one)
				}
			}
		}
		slices.SortStableFunc(all, func(x, y calendar.Event) int { return cmp.Compare(x.Day, y.Day) })
		return answer{file: calendar.Write("lmc practice", "Practice "+code, all, s.Now()), kind: "text/calendar; charset=utf-8", save: "practice-" + code + asCalendar, ofOne: true}, nil
	}
	l := linker{query: onDay(day), matters: matterNames(resp)}
	sections, warned, notices := l.sections(plain.PracticeBlocks(resp, ""))
	title := "Practice " + code
	if names := committeeNames(resp); names != "" {
		title = "What " + names + " advises practice " + code
	}
	self := "/practice/" + code
	return answer{page: "blocks", json: resp, ofOne: true, data: page{
		Title: title, Warnings: warned, Notices: notices, Sections: sections, Back: self, Day: cmp.Or(day, resp.GetAsOf()), Practice: code,
		Formats: []link{{"To take to the partners (Markdown)", self + asMarkdown + onDay(day)}, {"Deadlines for a calendar", self + asCalendar + onDay(day)}, {"JSON", self + asJSON + onDay(day)}},
		Of:      blocksOf{AsOf: resp.GetAsOf(), Asks: "on", Since: since},
	}}, nil
}

// blocksOf is what a page of blocks has besides.
type blocksOf struct {
	AsOf  string
	Asks  string // the name of the field of its day
	Since string // of a practice's page
	Intro string
	Bar   *bar
	Links []link
	// Measures are the whole of a matter and each measure; Whose: there is a field for whose line goes first.
	Measures []link
	Whose    bool
}

// matters lists every matter.
func (s *site) matters(r *http.Request) (answer, error) {
	resp, err := ask[answersv1.ListMattersResponse](r, s, &answersv1.ListMattersRequest{PageSize: 1000, PageToken: r.URL.Query().Get("from")})
	if err != nil {
		return answer{}, err
	}
	of := listing{Matters: mattersOf(resp.GetMatters()), Next: resp.GetNextPageToken()}
	return answer{page: "home", json: resp, data: page{Title: "Matters", Warnings: warnings(resp.GetCompleteness()), Of: of}}, nil
}

// matter is what every committee says on one matter, the reader's own first.
func (s *site) matter(r *http.Request) (answer, error) {
	slug, form := cut(r.PathValue("slug"))
	name := r.PathValue("office") + "/" + slug
	sel, err := selector(r, name)
	if err != nil {
		return answer{}, err
	}
	resp, err := ask[answersv1.GetCombinedViewResponse](r, s, &answersv1.GetCombinedViewRequest{Selector: sel})
	if err != nil {
		return answer{}, err
	}
	v := resp.GetView()
	if form == asJSON {
		return answer{json: resp}, nil
	}
	p := plain.Neutral()
	if s.Private {
		p = plain.Unlaid()
	}
	p.View(v, "", true)
	l := linker{query: onDay(sel.GetOnDay()), matters: []string{v.GetMatter().GetName()}}
	sections, warned, notices := l.sections(p.Blocks())
	self := "/matters/" + v.GetMatter().GetName()
	of := blocksOf{AsOf: v.GetAsOf(), Asks: "on", Measures: measureLinks(self, v.GetMatter(), r), Whose: true}
	if s.Private {
		of.Links = append(of.Links, link{"The national picture", "/national/" + v.GetMatter().GetName() + l.query})
	}
	return answer{page: "blocks", json: resp, ofOne: sel.GetPractice() != "", data: page{
		Title: v.GetMatter().GetTitle(), Warnings: warned, Notices: notices, Sections: headless(sections, v.GetMatter().GetTitle()), Back: self, Day: cmp.Or(sel.GetOnDay(), v.GetAsOf()), Practice: sel.GetPractice(),
		Formats: []link{{"JSON", self + asJSON + asking(r)}}, Of: of,
	}}, nil
}

// national is the count of who says what on a matter, for who sits at the machine.
func (s *site) national(r *http.Request) (answer, error) {
	if !s.Private {
		return answer{}, fault.New(fault.ErrNotEntitled, "the national picture is shown at the office's own machine alone", "whoever may see it runs: lmc open")
	}
	slug, form := cut(r.PathValue("slug"))
	sel, err := selector(r, r.PathValue("office")+"/"+slug)
	if err != nil {
		return answer{}, err
	}
	sel.Practice, sel.Committee = "", ""
	unit := answersv1.Unit(answersv1.Unit_value["UNIT_"+strings.ToUpper(r.URL.Query().Get("unit"))])
	resp, err := ask[answersv1.GetNationalPictureResponse](r, s, &answersv1.GetNationalPictureRequest{Selector: sel, Unit: unit, Nation: r.URL.Query().Get("nation")})
	if err != nil {
		return answer{}, err
	}
	if form == asJSON {
		return answer{json: resp}, nil
	}
	pic := resp.GetPicture()
	p := plain.Unlaid()
	p.National(pic, "")
	name := pic.GetMatter().GetName()
	l := linker{query: onDay(sel.GetOnDay()), matters: []string{name}}
	sections, warned, notices := l.sections(p.Blocks())
	self := "/national/" + name
	of := blocksOf{AsOf: pic.GetAsOf(), Asks: "on", Bar: barOf(pic), Links: []link{{"Side by side, committee by committee", "/matters/" + name + l.query}}}
	for _, unit := range []string{"committees", "offices", "practices", "patients"} {
		of.Links = append(of.Links, link{"Count " + unit, self + "?unit=" + unit + strings.Replace(l.query, "?", "&", 1)})
	}
	return answer{page: "blocks", json: resp, data: page{
		Title: "The national picture: " + pic.GetMatter().GetTitle(), Warnings: warned, Notices: notices, Sections: headless(sections, pic.GetMatter().GetTitle()), Back: self, Day: cmp.Or(sel.GetOnDay(), pic.GetAsOf()),
		Formats: []link{{"JSON", self + asJSON + asking(r)}}, Of: of,
	}}, nil
}

// asking is what stands behind an address, as a link goes on with it.
func asking(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}

// measureLinks are the whole of a matter and its measures, each with its address.
func measureLinks(self string, m *guidancev1.Matter, r *http.Request) (all []link) {
	if len(m.GetMeasures()) == 0 {
		return nil
	}
	q := r.URL.Query()
	to := func(measure string) string {
		if q.Del("measure"); measure != "" {
			q.Set("measure", measure)
		}
		return notation.Joined("?", self, q.Encode())
	}
	all = append(all, link{"The whole matter", to("")})
	for _, measure := range m.GetMeasures() {
		all = append(all, link{measure.GetTitle(), to(measure.GetId())})
	}
	return all
}

// headless leaves out what the page's own title says already.
func headless(all []section, title string) []section {
	if len(all) > 0 && len(all[0].Pieces) > 0 && string(all[0].Pieces[0].Words) == string(linker{}.html(title)) {
		all[0].Pieces = all[0].Pieces[1:]
	}
	return all
}

// committeeNames are the committees that a practice belongs to today.
func committeeNames(r *answersv1.GetPracticePageResponse) string {
	var names []string
	for _, c := range r.GetCommittees() {
		if c.GetUntil() == "" {
			names = append(names, c.GetCommittee().GetName())
		}
	}
	return notation.List(names)
}

func matterNames(r *answersv1.GetPracticePageResponse) (names []string) {
	for _, v := range r.GetMatters() {
		names = append(names, v.GetMatter().GetName())
	}
	for _, one := range r.GetOthers() {
		names = append(names, one.GetName())
	}
	return names
}

// warnings are what has to be known first of an answer whose page is not made of blocks.
func warnings(c *answersv1.Completeness) []string {
	if c.GetWarning() == "" {
		return nil
	}
	return []string{c.GetWarning()}
}

// matterLine is a matter in a list.
type matterLine struct{ Title, Address, By, Opened, Closed string }

func mattersOf(matters []*guidancev1.Matter) (all []matterLine) {
	for _, m := range matters {
		one := matterLine{Title: m.GetTitle(), Address: "/matters/" + m.GetName(), By: m.GetProposer().GetName(), Opened: plain.ShortRange(m.GetOpened())}
		if m.GetClosed() != nil {
			one.Closed = plain.ShortRange(m.GetClosed())
		}
		all = append(all, one)
	}
	return all
}

// text is a text to send, as a file.
func (s *site) text(r *http.Request) (answer, error) {
	name := r.PathValue("office") + "/" + r.PathValue("index")
	n, err := notation.ParseCount(strings.TrimSuffix(strings.TrimPrefix(r.PathValue("text"), "text-"), ".txt"), 16)
	if err != nil || n == 0 {
		return answer{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s has no file of that name", name), "its page names those it has")
	}
	resp, err := ask[answersv1.GetEntryResponse](r, s, &answersv1.GetEntryRequest{Name: name})
	if err != nil {
		return answer{}, err
	}
	texts := plain.Texts(resp.GetEntry().GetAdvisory())
	if n > uint64(len(texts)) {
		return answer{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s has no text %d to send", name, n), "its page shows those it has")
	}
	return answer{file: []byte(texts[n-1].GetTemplate()), kind: "text/plain; charset=utf-8", save: fmt.Sprintf("%s-%s-text-%d.txt", r.PathValue("office"), r.PathValue("index"), n)}, nil
}
