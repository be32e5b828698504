package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// PracticeMatters is how many open matters one page of a practice looks at, at most.
	PracticeMatters = 64
	// PracticeFull and PracticeFullMost are how many of them are in full when a request does not say,
	// and at most.
	PracticeFull, PracticeFullMost = 5, 20
	// pressingDays is how soon something is due that goes before what is newer.
	pressingDays = 14
)

// GetPracticePage answers with what concerns one practice: its committees, and what they and their
// nation's say on every open matter.
func (a *Answers) GetPracticePage(ctx context.Context, reader Reader, req *answersv1.GetPracticePageRequest) (resp *answersv1.GetPracticePageResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		resp, err = m.practicePage(req)
		return err
	})
	return only(resp, err)
}

func (m *moment) practicePage(req *answersv1.GetPracticePageRequest) (*answersv1.GetPracticePageResponse, error) {
	code := notation.PracticeCode(req.GetPractice())
	if err := guidance.ParsePractice(code); err != nil {
		return nil, invalid("practice", err.Error(), "a practice code is one letter and five digits, for example F81001", err.Error())
	}
	if day := req.GetOnDay(); day != "" {
		if _, err := guidance.ParseDay(day); err != nil {
			return nil, invalid("on_day", err.Error(), "write a day as YYYY-MM-DD", err.Error())
		}
	}
	if req.GetPageSize() < 0 {
		return nil, invalid("page_size", fmt.Sprintf("%d matters in full", req.GetPageSize()), fmt.Sprintf("ask for 1 to %d, or leave it out for %d", PracticeFullMost, PracticeFull), "negative")
	}
	page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
	if err != nil {
		return nil, err
	}
	sel := &answersv1.Selector{Practice: code, OnDay: req.GetOnDay()}
	q, err := m.understand(sel, page.Day, page.feed)
	if err != nil {
		return nil, err
	}
	resp := &answersv1.GetPracticePageResponse{Practice: code, AsOf: q.asOf, KnownAtFeed: q.feed, KnownAtTime: q.known}
	resp.Completeness = m.completeness(q.register, m.speakersFor(q.own))
	full := 0
	if page.last == "" {
		if full = min(int(req.GetPageSize()), PracticeFullMost); full == 0 {
			full = PracticeFull
		}
		m.whose(resp, q)
	}
	if err := m.openOn(resp, q, page, full, req.GetPageSize() > 0); err != nil {
		return nil, err
	}
	if req.GetSince() != nil && page.last == "" {
		resp.Changes, err = m.changesFor(req.GetSince(), sel, q)
	}
	return resp, err
}

// whose tells whose a practice is, and whom to ring: its committees on the day, else those it had last,
// and whoever else the look-up of the practice rings.
func (m *moment) whose(resp *answersv1.GetPracticePageResponse, q *question) {
	reg := q.register
	if q.feed == 0 {
		reg = m.reg // asked of a time before there was a register
	}
	look := m.rolls.of(reg, q.asOf, m.Keeper).lookUp(reg, resp.Practice, q.asOf)
	for _, area := range look.GetAreas() {
		resp.Areas = append(resp.Areas, &guidancev1.Area{Id: area.Id, Name: area.Name, ValidFrom: area.ValidFrom, ValidUntil: area.ValidUntil})
	}
	all, until := look.GetCommittees(), ""
	resp.Words = joinWords(look.GetWords(), q.words)
	if len(all) == 0 {
		resp.Words = q.words // which has these
		all, until = reg.LastCommitteesOfPractice(resp.Practice, q.asOf)
	}
	spokenFor := len(all) > 0 && until == ""
	for _, c := range all {
		one := &answersv1.PracticeCommittee{Committee: c, Until: until}
		speaks := c
		if into := mergedInto(reg, c, q.asOf); len(into) > 0 {
			speaks = into[0] // which is rung in its place
		}
		if office, ok := reg.OfficeFor(speaks.Id, q.asOf); ok {
			one.Office, one.OfficeName, one.Contact = office, reg.OfficeName(office), reg.Office(office).GetContact()
		}
		spokenFor = spokenFor && one.Office != ""
		resp.Committees = append(resp.Committees, one)
	}
	if spokenFor {
		return
	}
	found := proto.CloneOf(look) // whom else the look-up rings
	m.ring(found, q.asOf)
	for _, ring := range found.GetRing() {
		known := slices.ContainsFunc(resp.Committees, func(c *answersv1.PracticeCommittee) bool { return c.Office == ring.Office })
		if !known && resp.Ask == nil {
			resp.Ask = officeOf(ring.Office, reg, m.reg)
		}
	}
	if len(found.GetRing()) == 0 {
		resp.Ask = officeOf(m.Keeper, reg, m.reg)
	}
}

// officeOf is an office by the first register that has it.
func officeOf(id string, registers ...*register.Register) *guidancev1.Office {
	for _, reg := range registers {
		if o := reg.Office(id); o != nil {
			return o
		}
	}
	return &guidancev1.Office{Id: id}
}

// openOn adds the open matters of a page: in full so many as were asked for, those first on which the practice's committees insist on
// something; or else the first few, and all those.
func (m *moment) openOn(resp *answersv1.GetPracticePageResponse, q *question, page page, full int, asked bool) error {
	views, next, err := m.ownViews(resp, q, page)
	if err != nil {
		return err
	}
	if next != "" {
		resp.NextPageToken = page.next(next)
	}
	soon := notation.MoveDay(q.asOf, pressingDays)
	due := map[*answersv1.CombinedView]string{}
	for _, view := range views {
		due[view] = picture.DueDay(view)
	}
	weight := func(view *answersv1.CombinedView) string { // what is due soon by its day, before what is said by whom
		switch day := due[view]; {
		case day != "" && day <= soon:
			return day
		case slices.ContainsFunc(view.GetCommittees(), picture.Says):
			return soon + " 1"
		case picture.Says(view.GetNational()):
			return soon + " 2"
		}
		return soon + " 3"
	}
	slices.SortStableFunc(views, func(a, b *answersv1.CombinedView) int { return strings.Compare(weight(a), weight(b)) })
	whole := map[*answersv1.CombinedView]bool{}
	choose := func(most int, wanted func(*answersv1.CombinedView) bool) {
		for _, view := range views {
			if len(whole) < most && !whole[view] && wanted(view) {
				whole[view] = true
			}
		}
	}
	anyOfThem := func(*answersv1.CombinedView) bool { return true }
	switch {
	case full == 0: // a later page
	case asked:
		choose(full, picture.Insists)
		choose(full, anyOfThem)
	default:
		choose(full, anyOfThem)
		choose(PracticeFullMost, picture.Insists)
	}
	for _, view := range views {
		for _, notice := range view.GetNotices() {
			if !slices.Contains(resp.Notices, notice) {
				resp.Notices = append(resp.Notices, notice)
			}
		}
		if whole[view] {
			resp.Matters = append(resp.Matters, view)
		} else {
			resp.Others = append(resp.Others, picture.InBrief(view, due[view]))
		}
	}
	return nil
}

// ownViews are the views of a page's open matters that concern practices, and the place of the last one
// looked at; empty: there is none after it.
func (m *moment) ownViews(resp *answersv1.GetPracticePageResponse, q *question, page page) (views []*answersv1.CombinedView, next string, err error) {
	committees := m.committees(q, resp.Completeness)
	open, err := m.openFor(q, min(q.feed, page.feed), committees)
	if err != nil {
		return nil, "", err
	}
	if len(q.own) > 0 { // nobody else is asked
		committees = slices.DeleteFunc(committees, func(c picture.Committee) bool { return !slices.Contains(q.own, c.GetId()) && !isNational(c.Committee) })
	}
	looked, size, last, before := 0, 0, "", page.last
	for o, near := range open {
		if before != "" {
			if o.place.String() == before {
				before = ""
			}
			continue
		}
		if looked == PracticeMatters || size > PageBytes {
			return views, last, nil
		}
		one, _, err := m.newest(o.name, q.feed)
		if err != nil {
			return nil, "", err
		}
		of := *q
		of.matter, of.version = one.matter, one.entry
		in, err := m.inputOf(&of, resp.Completeness, committees)
		if err != nil {
			return nil, "", err
		}
		view, err := picture.OwnView(m.ctx, in)
		if err != nil {
			return nil, "", err
		}
		looked, last = looked+1, o.place.String()
		if !picture.ConcernsPractices(view, near) {
			resp.OfOthers++
			continue
		}
		linked, err := m.linkWords(&of, view.GetCommittees())
		if err != nil {
			return nil, "", err
		}
		view.Words = joinWords(view.Words, linked)
		names := m.naming()
		names.view(view)
		view.Names, view.Completeness = names.Names, nil // the page's
		size += proto.Size(view)
		views = append(views, view)
	}
	if before != "" {
		return nil, "", invalid("page_token", "the matter that this page token goes on after is not open here", "ask for the page from its beginning, without a token", "of a matter that is not there")
	}
	return views, "", nil
}

// changesFor is what changed for a practice: of its committees then and now, those of their nations, and
// the matters themselves.
func (m *moment) changesFor(since *answersv1.Since, sel *answersv1.Selector, now *question) (*answersv1.GetChangesResponse, error) {
	then, err := m.since(since, &answersv1.Selector{Practice: sel.Practice}, now)
	if err != nil {
		return nil, err
	}
	is := *now
	is.words, then.words = "", strings.TrimSpace(strings.TrimPrefix(then.words, now.words)) // which stand above
	own := slices.Concat(now.own, then.own)
	nations := m.nationsOf(own)
	changes, err := m.changesBetween(then, &is, func(c picture.Committee) bool {
		return slices.Contains(own, c.GetId()) || isNational(c.Committee) && nations[picture.NationOf(c)]
	})
	if err != nil {
		return nil, err
	}
	changes.Completeness = nil // the page's
	if sel.GetOnDay() != "" {
		changes.Cursor = nil // of a day that is over there is nothing to go on from
	}
	return changes, nil
}
