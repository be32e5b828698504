package answers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// question is a selector understood: every name looked up, every default filled in.
type question struct {
	matter   *guidancev1.Matter // nil: of a list, on whatever matter
	version  ledger.EntryID     // which opened it, or amended it last
	measure  string
	whole    bool                // the whole matter alone
	audience guidancev1.Audience // unspecified: the one each measure is addressed to
	area     *guidancev1.AreaId
	asOf     string
	feed     uint64 // as known at
	known    *timestamppb.Timestamp
	byToday  bool     // its day lies before this node's records: as known today
	own      []string // the reader's committees
	practice string   // the reader's practice
	scope    string   // the group asked about, by its words
	words    string   // what the reader should be told about their question
	nobodys  bool     // the reader's practice is not known, or of no committee here
	notThere bool     // the reader's committee is not there on the day
	register *register.Register
}

// understand reads a selector, whose day is today and whose moment is the feed number
// end unless it says otherwise. Errors name what was not understood and what there is
// instead.
func (m *moment) understand(sel *answersv1.Selector, today string, end uint64) (*question, error) {
	if a := sel.GetAudience(); a != 0 && !guidance.Advised(a) {
		return nil, invalid("selector.audience", "no committee advises "+guidance.AudienceWords(a), "ask for practices, or leave it out", "not an audience of positions")
	}
	if sel.GetWholeMatter() && sel.GetMeasure() != "" {
		return nil, invalid("selector.whole_matter", "the whole matter alone and one measure are asked for at once", "leave one of them out", "excludes measure")
	}
	q := &question{measure: sel.GetMeasure(), whole: sel.GetWholeMatter(), scope: sel.GetScope(), audience: sel.GetAudience(), asOf: today, feed: end}
	for _, step := range []func(*answersv1.Selector, *question) error{m.askWhen, m.askMatter, m.askArea, m.askReader, m.askScope} {
		if err := step(sel, q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// askWhen settles the two times: as of a day, as known at a moment.
func (m *moment) askWhen(sel *answersv1.Selector, q *question) error {
	if sel.GetOnDay() != "" && (sel.AsOf != "" || sel.KnownAt != nil) {
		return invalid("selector.on_day", "on_day is both times at once: it excludes as_of and known_at", "leave one of them out", "excludes as_of and known_at")
	}
	for _, given := range []struct{ field, day string }{{"as_of", sel.GetAsOf()}, {"on_day", sel.GetOnDay()}} {
		if given.day == "" {
			continue
		}
		if _, err := guidance.ParseDay(given.day); err != nil {
			return invalid("selector."+given.field, err.Error(), "write a day as YYYY-MM-DD", err.Error())
		}
		q.asOf = given.day
	}
	switch known := sel.GetKnownAt().(type) {
	case *answersv1.Selector_KnownAtFeed:
		q.feed = min(known.KnownAtFeed, q.feed)
	case *answersv1.Selector_KnownAtTime:
		if err := known.KnownAtTime.CheckValid(); err != nil {
			return invalid("selector.known_at_time", "known_at_time is no time: "+err.Error(), "send a time of the years 1 to 9999", "not a time")
		}
		if err := m.knownAt(q, known.KnownAtTime.AsTime()); err != nil {
			return err
		}
	}
	all := q.feed
	if day := sel.GetOnDay(); day != "" && day < m.today { // today is not over, nor any day ahead
		if err := m.knownAt(q, guidance.EndOfDay(day)); err != nil {
			return err
		}
	}
	if q.feed == 0 {
		first, err := m.Feed(1, 1)
		if err != nil {
			return err
		}
		if len(first) > 0 {
			began := guidance.DayWords(guidance.Today(first[0].Arrived))
			if m.Renumbered() == nil {
				q.words = fmt.Sprintf("This node had recorded nothing by then: what it holds first arrived on %s.", began)
			}
			if sel.GetOnDay() != "" { // the day is what was asked about: nothing would be no answer
				q.feed, q.known, q.byToday = all, nil, true
				q.words = fmt.Sprintf("This node's records begin on %s: what stood on %s is told by what is known today.", began, guidance.DayWords(q.asOf))
			}
		}
	}
	q.register = m.reg
	if end, _ := m.FeedEnd(); q.feed != end {
		q.register, _ = m.Registers.KnownAt(q.feed)
	}
	return nil
}

// mayAskByNumber refuses a number of the feed that was not given, or was given twice: what the caller
// knows it from may have been another place. A cursor is told by its digest, and not asked here.
func (m *moment) mayAskByNumber(sel *answersv1.Selector) error {
	known, ok := sel.GetKnownAt().(*answersv1.Selector_KnownAtFeed)
	if !ok {
		return nil
	}
	if end, _ := m.FeedEnd(); known.KnownAtFeed > end {
		return invalid("selector.known_at_feed", fmt.Sprintf("this node has numbered what arrived up to %d, and not to %d", end, known.KnownAtFeed), "give a number of an earlier answer of this node's, or an instant", "not given yet")
	}
	if twice := m.Renumbered(); twice != nil && known.KnownAtFeed > twice.After {
		return invalid("selector.known_at_feed", fmt.Sprintf("numbers over %d were given twice by this node: its data were put back to an earlier state, or lost the order of arrival, before %s", twice.After, guidance.DayWords(guidance.Today(twice.At))),
			"ask as known at an instant instead (known_at_time)", "given twice")
	}
	return nil
}

func (m *moment) knownAt(q *question, t time.Time) error {
	if q.known = timestamppb.New(t); q.known.CheckValid() != nil {
		q.known = nil // beyond the last day there is: everything recorded
	}
	feed, err := m.FeedAt(t)
	q.feed = min(feed, q.feed)
	if twice := m.Renumbered(); twice != nil && t.Before(twice.At) && q.feed >= twice.After {
		q.words = fmt.Sprintf("The data of this node were put back to an earlier state, or lost the order of arrival, before %s: what had arrived by then and was lost came again later, and is not told as known then.", guidance.DayWords(guidance.Today(twice.At)))
	}
	return err
}

func (m *moment) askMatter(sel *answersv1.Selector, q *question) error {
	if sel.GetMatter() == "" {
		return nil
	}
	found, err := m.findMatter(sel.GetMatter(), q.feed)
	if errors.Is(err, fault.ErrUnknownMatter) {
		found, err = m.findMatter(sel.GetMatter(), everything) // not known then: its name of today will do
	}
	if err != nil {
		return err
	}
	q.matter, q.version = found.matter, found.entry
	if q.measure == "" || guidance.MeasureOf(q.matter, q.measure) != nil {
		return nil
	}
	ids := make([]string, len(q.matter.Measures))
	for i, x := range q.matter.Measures {
		ids[i] = x.Id
	}
	return unknownOf(q.matter, fault.ErrUnknownMeasure, "measure", q.measure, ids)
}

// unknownOf refuses what a matter does not have, with what may be meant and what there is.
func unknownOf(matter *guidancev1.Matter, reason error, what, id string, known []string) error {
	remedy := fmt.Sprintf("it has no %ss: leave it out", what)
	if len(known) > 0 {
		remedy = fmt.Sprintf("its %ss are: %s", what, strings.Join(known[:min(len(known), listedLimit)], ", "))
	}
	if len(known) > listedLimit {
		remedy += fmt.Sprintf(" and %d more", len(known)-listedLimit)
	}
	if near := notation.NearestIDs(id, known); len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, " or ") + "? " + remedy
	}
	return fault.New(reason, fmt.Sprintf("%s has no %s %.80q", guidance.MatterName(matter.Name).Slug(), what, id), remedy)
}

// UnknownOffice refuses an office that a register does not have.
func UnknownOffice(id string, reg *register.Register) error {
	var known []string
	for _, o := range reg.Offices() {
		known = append(known, o.Id)
	}
	return notInRegister(fault.ErrUnknownOffice, "office", id, known)
}

// notInRegister refuses an id that the register does not have: what may be meant, else what there is.
func notInRegister(reason error, what, id string, known []string) error {
	remedy := "the " + what + "s are: " + strings.Join(known[:min(len(known), listedLimit)], ", ")
	if len(known) > listedLimit {
		remedy = "lmc register show lists them"
	}
	if near := notation.NearestIDs(id, known); len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return fault.New(reason, fmt.Sprintf("the register has no %s %.80q", what, id), remedy)
}

// listedLimit is how many ids a refusal lists: anybody may speak of groups.
const listedLimit = 64

func (m *moment) askArea(sel *answersv1.Selector, q *question) error {
	if sel.GetArea() == "" {
		return nil
	}
	found := q.register.FindArea(sel.Area)
	switch len(found) {
	case 0:
		return unknownArea(sel.Area, q.register)
	case 1:
		q.area = found[0].Id
		return nil
	}
	var names []string
	for _, a := range found {
		names = append(names, notation.AreaOf(a.Id).String())
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("the code %q is of several areas", sel.Area), "say which: "+strings.Join(names, ", "))
}

func unknownArea(code string, reg *register.Register) error {
	remedy := "its areas are those of: lmc register show"
	meant, isNamed := notation.ReadArea(code)
	if !isNamed {
		meant = notation.Area{Code: code}
	}
	var known []notation.Area
	for _, a := range reg.EveryArea() {
		known = append(known, notation.AreaOf(a.Id))
	}
	var near []string
	for _, other := range notation.NearestAreas(meant, known) {
		near = append(near, other.String())
	}
	if len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return fault.New(fault.ErrUnknownArea, fmt.Sprintf("no area of the register has the code %q", code), remedy)
}

// askReader finds the committees the reader calls their own. A practice whose committee
// is not here still gets the view, with a plain word on top.
func (m *moment) askReader(sel *answersv1.Selector, q *question) error {
	switch {
	case sel.GetCommittee() != "":
		if q.register.Committee(sel.Committee) == nil && m.reg.Committee(sel.Committee) == nil {
			return notInRegister(fault.ErrUnknownCommittee, "committee", sel.Committee, committeeIDs(q.register, q.asOf))
		}
		q.own = []string{sel.Committee}
		switch c := q.register.Committee(sel.Committee); {
		case c != nil:
			if words := notThere(q.register, c, q.asOf); words != "" {
				q.words, q.notThere = joinWords(q.words, words), true
			}
		case q.feed > 0: // else nothing was recorded, which is said already
			q.words, q.notThere = joinWords(q.words, fmt.Sprintf("The register as known then did not have %s.", m.reg.Committee(sel.Committee).Name)), true
		}
	case sel.GetPractice() != "":
		if err := guidance.ParsePractice(sel.Practice); err != nil {
			return invalid("selector.practice", err.Error(), "a practice code is one letter and five digits, for example F81001", err.Error())
		}
		look := m.rolls.of(q.register, q.asOf, m.Keeper).lookUp(q.register, sel.Practice, q.asOf)
		if q.feed == 0 {
			look = m.rolls.of(m.reg, q.asOf, m.Keeper).lookUp(m.reg, sel.Practice, q.asOf) // asked of a time before there was a register
		}
		if len(look.Committees) == 0 {
			q.words, q.nobodys = joinWords(q.words, look.Words), true
		}
		q.practice = notation.PracticeCode(sel.Practice)
		q.own = idsOf(look.Committees)
	}
	for _, id := range q.own {
		c := q.register.Committee(id)
		if _, spoken := q.register.OfficeFor(id, q.asOf); c != nil && !spoken && !q.notThere && len(q.register.OfficesEver(id)) > 0 {
			q.words = joinWords(q.words, fmt.Sprintf("By the register nobody speaks for %s on %s: whom to ring is not in it.", c.Name, guidance.DayWords(q.asOf)))
		}
	}
	return nil
}

func committeeIDs(reg *register.Register, day string) []string {
	return idsOf(reg.Committees(day))
}

// input gathers what the pictures are folded from.
func (m *moment) input(q *question) (picture.Input, error) {
	done := m.completeness(q.register, m.speakersFor(q.own))
	return m.inputOf(q, done, m.committees(q, done))
}

// inputOf is input, where what does not differ between matters was gathered before.
func (m *moment) inputOf(q *question, done *answersv1.Completeness, committees []picture.Committee) (picture.Input, error) {
	said, err := m.said(q)
	if err != nil {
		return picture.Input{}, err
	}
	return picture.Input{
		Matter: said.Matter(), Measure: q.measure, Whole: q.whole, Audience: q.audience, Area: q.area, AsOf: q.asOf,
		KnownAt: q.feed, KnownAtTime: q.known, Own: q.own, Practice: q.practice, Scope: q.scope,
		Said: said, Register: q.register,
		Committees: committees, Completeness: done,
	}, nil
}

// committees are those of the register on the day, with who speaks for them and how
// much of what they may have said is unknown to this reader.
func (m *moment) committees(q *question, done *answersv1.Completeness) []picture.Committee {
	roll, unknown := m.rolls.of(q.register, q.asOf, m.Keeper), recount.UnknownEntries(done)
	all := slices.Clone(roll.committees)
	for i := range all {
		all[i] = recount.Unknown(all[i], roll.ever[i], unknown, done)
	}
	return all
}

// checkEvery is how many steps of a loop pass between looks at whether the caller is
// still there: a few milliseconds at most.
const checkEvery = 256

// entries reads rows recorded by a feed number that the reader may read, and marks those
// signed with a key the register had revoked. A row that does not parse says nothing: it
// is counted as not understood by the store.
func (m *moment) entries(rows []store.Row, feed uint64, reg *register.Register) ([]guidance.Entry, error) {
	out := make([]guidance.Entry, 0, len(rows))
	for i, row := range rows {
		if i%checkEvery == 0 && m.ctx.Err() != nil {
			return nil, m.ctx.Err()
		}
		if row.Feed > feed {
			continue
		}
		if e, ok := readEntry(row); ok && m.reader.reads(e) {
			e.Repudiated = reg.Repudiated(row.ID.Log(reg.Federation()), row.ID.Index)
			out = append(out, e)
		}
	}
	return out, nil
}

func joinWords(parts ...string) string {
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " "))
}
