package web

import (
	"cmp"
	"html/template"
	"net/http"
	"strings"

	"github.com/lmcfed/lmcfed/internal/atom"
	"github.com/lmcfed/lmcfed/internal/calendar"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	homeMatters = 20 // how many matters the first page lists
	homeLetters = 8  // and letters
	officeShown = 100
	fedLetters  = 30 // how many letters a feed has: each is asked for by itself
)

// listing is a page of matters and letters, and what stands before them.
type listing struct {
	Find    bool // the field for a practice is on it
	Rows    []row
	Mine    []mine
	Matters []matterLine
	More    bool // there are more matters
	Letters []letterLine
	Next    string // where earlier ones are
}

// home is the first page: a field for the reader's practice, what the one remembered is advised, the matters, and
// what was written last.
func (s *site) home(r *http.Request) (answer, error) {
	matters, err := ask[answersv1.ListMattersResponse](r, s, &answersv1.ListMattersRequest{PageSize: homeMatters})
	if err != nil {
		return answer{}, err
	}
	list, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{PageSize: homeLetters, Kinds: feeds.LetterKinds})
	if err != nil {
		return answer{}, err
	}
	of := listing{Find: true, Matters: mattersOf(matters.GetMatters()), More: matters.GetNextPageToken() != "", Letters: lettersOf(list)}
	code := remembered(r)
	if code != "" {
		if mine, err := ask[answersv1.GetPracticePageResponse](r, s, &answersv1.GetPracticePageRequest{Practice: code}); err == nil {
			of.Mine = mineOf(mine)
		}
	}
	return answer{page: "home", ofOne: code != "", data: page{Title: "What does your LMC advise?", Warnings: warnings(matters.GetCompleteness()), Notices: noticesOf(list.GetEntries()), Of: of}}, nil
}

// mine is what a practice is advised on a matter, in a line.
type mine struct{ Title, Address, Words, Due string }

func mineOf(r *answersv1.GetPracticePageResponse) (all []mine) {
	for _, v := range r.GetMatters() {
		one := mine{Title: v.GetMatter().GetTitle(), Address: "/practice/" + r.GetPractice()}
		for _, c := range v.GetCommittees() {
			one.Words = notation.Joined(" ", one.Words, c.GetHeadline().GetWords())
		}
		if due := plain.DueOf(v); len(due) > 0 && due[0].Day != "" {
			one.Due = "By " + guidance.DayWords(due[0].Day) + ": " + due[0].Words
		}
		all = append(all, one)
	}
	for _, m := range r.GetOthers() {
		one := mine{Title: m.GetTitle(), Address: "/practice/" + r.GetPractice()}
		for _, line := range m.GetLines() {
			one.Words = notation.Joined(" ", one.Words, line.GetWords())
		}
		all = append(all, one)
	}
	return all
}

// find answers the field for a practice: the practice's page, or those that may be meant.
func (s *site) find(r *http.Request) (answer, error) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	day, err := asked(r.URL.Query(), "on")
	if err != nil {
		return answer{}, err
	}
	form := ""
	if asksJSON(r) {
		form = asJSON
	}
	switch code := notation.PracticeCode(q); {
	case q == "" && form != "":
		return answer{}, fault.New(fault.ErrInvalid, "no practice is asked for", "put a name, a postcode or a code behind ?q=")
	case q == "":
		return answer{goTo: "/"}, nil
	case notation.IsPractice(code):
		return answer{goTo: "/practice/" + code + form + onDay(day)}, nil
	}
	resp, err := ask[answersv1.LookUpPracticeResponse](r, s, &answersv1.LookUpPracticeRequest{Text: q, Day: day})
	if err != nil {
		return answer{}, err
	}
	if code := resp.GetPractice().GetCode(); code != "" && len(resp.GetFound()) == 0 && form == "" {
		return answer{goTo: "/practice/" + code + onDay(day)}, nil
	}
	of := struct {
		Query, Words string
		Found        []*answersv1.PracticeFound
		More         int32
		On           string // how a link goes on asking about the day
	}{q, resp.GetWords(), resp.GetFound(), resp.GetMoreFound(), onDay(day)}
	return answer{page: "found", json: resp, data: page{Title: "Which practice is meant?", Notices: s.notices(r), Warnings: warnings(resp.GetCompleteness()), Day: day, Of: of}}, nil
}

// practice is all that concerns one practice.
func (s *site) practice(r *http.Request) (answer, error) {
	code, form, err := cut(r.PathValue("code"), asJSON, asMarkdown, asCalendar, asAtom)
	if err != nil {
		return answer{}, err
	}
	clean := notation.PracticeCode(code)
	if !notation.IsPractice(clean) {
		return answer{}, noPractice(code)
	}
	q := r.URL.Query()
	if asOf := q.Get("as-of"); asOf != "" && q.Get("on") == "" { // as the pages of matters have it
		q.Set("on", asOf)
	}
	day, err := asked(q, "on")
	if err != nil {
		return answer{}, err
	}
	if clean != code {
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
	if followed := form == asCalendar || form == asAtom; followed && len(resp.GetCommittees())+len(resp.GetAreas()) == 0 { // an empty one says nothing of why
		return answer{}, fault.New(fault.ErrUnknownPractice, strings.TrimSuffix(resp.GetWords(), "."), "the first page finds a practice by name or postcode")
	}
	switch form {
	case asMarkdown:
		return answer{file: []byte(notation.Clean(plain.PracticeMarkdown(resp, ""))), kind: "text/markdown; charset=utf-8", save: "practice-" + code + asMarkdown, ofOne: true}, nil
	case asCalendar:
		events, _, err := feeds.Deadlines(r.Context(), s.Source, resp, day)
		return answer{file: calendar.Write("lmc practice", "Practice "+code, events, s.Now()), kind: "text/calendar; charset=utf-8", save: "practice-" + code + asCalendar, ofOne: true}, err
	case asAtom:
		return s.feed(r, feeds.Of{Practice: code}, "practice-"+code)
	}
	l := linker{query: onDay(day), matters: matterNames(resp)}
	sections, warned, notices := l.sections(plain.PracticeBlocks(resp, ""))
	title := "Practice " + code
	if names := committeeNames(resp); names != "" {
		title = "What " + names + " advises practice " + code
	}
	var first []section
	switch {
	case len(sections) < 2 || !sections[0].Plain():
	case committeeNames(resp) == "": // that nobody's advice is below, and whom to ask, comes before what others say
		first, sections = sections[:1], sections[1:]
		first[0].Pieces[0].Kind = "lead"
	case len(resp.GetMatters()) == 1 && sections[1].ID != "": // the answer comes first
		sections[0], sections[1] = sections[1], sections[0]
	}
	self := "/practice/" + code
	return answer{page: "blocks", json: resp, ofOne: true, data: page{
		Title: title, Warnings: warned, Notices: s.noticesOr(r, notices, len(resp.GetMatters())+len(resp.GetOthers())), Sections: sections, Back: self, Day: cmp.Or(day, resp.GetAsOf()), Practice: code,
		Formats: []link{{"To take to the partners (Markdown)", self + asMarkdown + onDay(day)}, {"Letters for a feed reader", self + asAtom}, {"Deadlines for a calendar", self + asCalendar + onDay(day)}, {"JSON", self + asJSON + onDay(day)}},
		Of:      blocksOf{AsOf: resp.GetAsOf(), Asked: day != "", Asks: "on", Since: since, Of: code, Kept: remembered(r) == code, First: first, Contents: contents(sections)},
	}}, nil
}

// blocksOf is what a page of blocks has besides.
type blocksOf struct {
	AsOf  string
	Asked bool      // another day than today was asked about
	Asks  string    // the name of the field of its day
	Since string    // of a practice's page
	Of    string    // the practice whose page it is
	Kept  bool      // it is remembered
	First []section // what stands before the contents
	// Contents are the sections of a page that has several matters.
	Contents []section
	Intro    string
	Lead     template.HTML // what is said first, before a picture
	Bar      *bar
	// Blocks are the committees by region; Timeline: who said what when.
	Blocks   []*block
	Timeline *timeline
	Links    []link
	// Compares: there is a field for an earlier day to compare with; Compare is that.
	Compares bool
	Compare  string
	// Measures are the whole of a matter and each measure; Whose: there is a field for whose line goes first.
	Measures []link
	Whose    bool
}

// contents are the matters of a page, where it has several.
func contents(sections []section) (all []section) {
	for _, one := range sections {
		if one.ID != "" {
			all = append(all, one)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// remember keeps a practice on the reader's device, and forgets the one before.
func (s *site) remember(r *http.Request) (answer, error) {
	c := &http.Cookie{Name: practiceCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	code := notation.PracticeCode(r.PathValue("code"))
	if code == "" {
		return answer{cookie: c, goTo: "/"}, nil
	}
	if !notation.IsPractice(code) {
		return answer{}, noPractice(r.PathValue("code"))
	}
	c.Value, c.MaxAge = code, rememberedFor
	return answer{cookie: c, goTo: "/practice/" + code}, nil
}

// rememberedFor is how long a practice is remembered, in seconds.
const rememberedFor = 400 * 24 * 60 * 60

// matters lists every matter.
func (s *site) matters(r *http.Request) (answer, error) {
	resp, err := ask[answersv1.ListMattersResponse](r, s, &answersv1.ListMattersRequest{PageSize: 1000, PageToken: r.URL.Query().Get("from")})
	if err != nil {
		return answer{}, err
	}
	of := listing{Matters: mattersOf(resp.GetMatters()), Next: further(r, resp.GetNextPageToken())}
	return answer{page: "home", json: resp, data: page{Title: "Matters", Notices: s.notices(r), Warnings: warnings(resp.GetCompleteness()), Of: of}}, nil
}

// matter is what every committee says on one matter, the reader's own first.
func (s *site) matter(r *http.Request) (answer, error) {
	slug, form, err := cut(r.PathValue("slug"), asJSON, asAtom)
	if err != nil {
		return answer{}, err
	}
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
	switch form {
	case asJSON:
		return answer{json: resp, ofOne: sel.GetPractice() != ""}, nil
	case asAtom:
		return s.feed(r, feeds.Of{Matter: v.GetMatter().GetName()}, guidance.MatterName(v.GetMatter().GetName()).Slug())
	}
	p := plain.Neutral()
	if s.Private {
		p = plain.Unlaid()
	}
	p.View(v, "", true)
	l := linker{query: dayOf(sel), matters: []string{v.GetMatter().GetName()}}
	sections, warned, notices := l.sections(p.Blocks())
	self := "/matters/" + v.GetMatter().GetName()
	of := blocksOf{AsOf: v.GetAsOf(), Asked: sel.GetOnDay()+sel.GetAsOf() != "", Asks: "on", Measures: measureLinks(self, v.GetMatter(), r), Whose: true}
	if said, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: name, Measure: sel.GetMeasure(), AsOf: sel.GetAsOf(), OnDay: sel.GetOnDay()}, PageSize: officeShown}); err == nil {
		of.Timeline = timelineOf(said, sel.GetMeasure(), v.GetNational().GetHeadline().GetCommittee(), v.GetMatter().GetTitle())
	}
	of.Links = append(of.Links, link{"Everything that was said on it, the newest first", self + "/history"}, link{"Votes", self + "/votes"})
	if s.Private {
		of.Links = append(of.Links, link{"The national picture", "/national/" + v.GetMatter().GetName() + strings.Replace(l.query, "?on=", "?as-of=", 1)})
	}
	return answer{page: "blocks", json: resp, ofOne: sel.GetPractice() != "", data: page{
		Title: v.GetMatter().GetTitle(), Warnings: warned, Notices: notices, Sections: headless(sections, v.GetMatter().GetTitle()), Back: self, Day: cmp.Or(sel.GetOnDay(), v.GetAsOf()), Practice: sel.GetPractice(),
		Formats: []link{{"Letters for a feed reader", self + asAtom}, {"JSON", self + asJSON + asking(r, sel.GetPractice())}}, Of: of,
	}}, nil
}

// asking is what stands behind an address, as a link goes on with it, and the practice that this device remembers.
func asking(r *http.Request, practice string) string {
	q := r.URL.Query()
	if practice != "" {
		q.Set("practice", practice)
	}
	return strings.TrimSuffix("?"+q.Encode(), "?")
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

// feed is the newest letters of something for a feed reader.
func (s *site) feed(r *http.Request, of feeds.Of, name string) (answer, error) {
	feed, _, err := feeds.Letters(r.Context(), s.Source, of, fedLetters, s.Software)
	return answer{file: atom.Write(feed, s.Now()), kind: "application/atom+xml; charset=utf-8", save: name + asAtom, ofOne: of.Practice != ""}, err
}
