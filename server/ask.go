package server

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// question is a selector understood: every name looked up, every default filled in.
type question struct {
	matter   *guidancev1.Matter
	measure  string
	audience guidancev1.Audience // unspecified: the one each measure is addressed to
	area     *guidancev1.AreaId
	asOf     string
	feed     uint64 // as known at
	known    *timestamppb.Timestamp
	own      []string // the reader's committees
	words    string   // what the reader should be told about their question
	register *register.Register
}

// understand reads a selector. Errors name what was not understood and what there
// is instead.
func (n *Node) understand(sel *answersv1.Selector) (*question, error) {
	if err := n.joined(); err != nil {
		return nil, err
	}
	q := &question{measure: sel.GetMeasure(), audience: sel.GetAudience()}
	for _, step := range []func(*answersv1.Selector, *question) error{n.askWhen, n.askMatter, n.askArea, n.askReader} {
		if err := step(sel, q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// joined refuses a question before there is a register to answer it by.
func (n *Node) joined() error {
	if n.reg().size > 0 {
		return nil
	}
	return fault.New(fault.ErrNotJoined, n.settings.Office+"'s node has not got the register yet, so it cannot answer", "it fetches it from the keeper by itself; if this lasts over a minute, ask how it is: lmc status")
}

// askWhen settles the two times: as of a day, as known at a moment.
func (n *Node) askWhen(sel *answersv1.Selector, q *question) error {
	end, _ := n.store.FeedEnd()
	q.asOf, q.feed = guidance.Today(n.cfg.Now()), end
	if sel.GetOnDay() != "" && (sel.AsOf != "" || sel.KnownAt != nil) {
		return fault.New(fault.ErrInvalid, "on_day is both times at once: it excludes as_of and known_at", "leave one of them out",
			fault.Violation{Field: "selector.on_day", Reason: "excludes as_of and known_at"})
	}
	for field, day := range map[string]string{"as_of": sel.GetAsOf(), "on_day": sel.GetOnDay()} {
		if day == "" {
			continue
		}
		if _, err := guidance.ParseDay(day); err != nil {
			return fault.New(fault.ErrInvalid, err.Error(), "write a day as YYYY-MM-DD", fault.Violation{Field: "selector." + field, Reason: err.Error()})
		}
		q.asOf = day
	}
	if err := n.askKnown(sel, q, end); err != nil {
		return err
	}
	q.register = n.reg().knownAt(n, q.feed)
	return nil
}

func (n *Node) askKnown(sel *answersv1.Selector, q *question, end uint64) error {
	if day := sel.GetOnDay(); day != "" {
		return n.knownAtTime(q, guidance.EndOfDay(day))
	}
	switch known := sel.GetKnownAt().(type) {
	case *answersv1.Selector_KnownAtFeed:
		q.feed = min(known.KnownAtFeed, end)
	case *answersv1.Selector_KnownAtTime:
		if err := known.KnownAtTime.CheckValid(); err != nil {
			return fault.New(fault.ErrInvalid, "known_at_time is no time: "+err.Error(), "send a time of the years 1 to 9999",
				fault.Violation{Field: "selector.known_at_time", Reason: "not a time"})
		}
		return n.knownAtTime(q, known.KnownAtTime.AsTime())
	}
	return nil
}

func (n *Node) knownAtTime(q *question, t time.Time) (err error) {
	q.known = timestamppb.New(t)
	if q.feed, err = n.store.FeedAt(t); err != nil || q.feed > 0 {
		return err
	}
	first, err := n.store.Feed(1, 1)
	if err == nil && len(first) > 0 {
		q.words = fmt.Sprintf("This node had recorded nothing by then: what it holds first arrived on %s.", guidance.DayWords(guidance.Today(first[0].Arrived)))
	}
	return err
}

func (n *Node) askMatter(sel *answersv1.Selector, q *question) error {
	k, err := n.findMatter(sel.GetMatter(), q.feed)
	if errors.Is(err, fault.ErrUnknownMatter) {
		k, err = n.findMatter(sel.GetMatter(), everything) // not known then: its name of today will do
	}
	if err != nil {
		return err
	}
	m := k.matter
	q.matter = m
	if q.measure == "" || measureOf(m, q.measure) != nil {
		return nil
	}
	ids := make([]string, len(m.Measures))
	for i, x := range m.Measures {
		ids[i] = x.Id
	}
	return fault.New(fault.ErrUnknownMeasure, fmt.Sprintf("%s has no measure %q", slug(m.Name), q.measure), "its measures are: "+strings.Join(ids, ", "))
}

func measureOf(m *guidancev1.Matter, id string) *guidancev1.Measure {
	for _, x := range m.GetMeasures() {
		if x.Id == id {
			return x
		}
	}
	return nil
}

func (n *Node) askArea(sel *answersv1.Selector, q *question) error {
	if sel.GetArea() == "" {
		return nil
	}
	found := q.register.FindArea(sel.Area)
	switch len(found) {
	case 0:
		return fault.New(fault.ErrUnknownArea, fmt.Sprintf("no area of the register has the code %q", sel.Area), "its areas are those of: lmc register show")
	case 1:
		q.area = found[0].Id
		return nil
	}
	var names []string
	for _, a := range found {
		names = append(names, a.Id.Scheme+":"+a.Id.Code)
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("the code %q is of several areas", sel.Area), "say which: "+strings.Join(names, ", "))
}

// askReader finds the reader's own committees. A practice whose committee is not
// here still gets the view, with a plain word on top.
func (n *Node) askReader(sel *answersv1.Selector, q *question) error {
	switch {
	case sel.GetCommittee() != "":
		if q.register.Committee(sel.Committee) == nil && n.reg().Committee(sel.Committee) == nil {
			return fault.New(fault.ErrUnknownCommittee, fmt.Sprintf("the register has no committee %q", sel.Committee), "the committees are: "+strings.Join(n.committeeIDs(q.register, q.asOf), ", "))
		}
		q.own = []string{sel.Committee}
	case sel.GetPractice() != "":
		if err := guidance.ParsePractice(sel.Practice); err != nil {
			return fault.New(fault.ErrInvalid, err.Error(), "a practice code is one letter and five digits, for example F81001",
				fault.Violation{Field: "selector.practice", Reason: err.Error()})
		}
		look := lookUpPractice(q.register, sel.Practice, q.asOf)
		if q.feed == 0 {
			look = lookUpPractice(n.reg().Register, sel.Practice, q.asOf) // asked of a time before there was a register
		}
		if len(look.Committees) == 0 {
			q.words = joinWords(q.words, look.Words, "What others say is shown below.")
		}
		for _, c := range look.Committees {
			q.own = append(q.own, c.Id)
		}
	}
	return nil
}

func (n *Node) committeeIDs(reg *register.Register, day string) []string {
	var ids []string
	for _, c := range reg.Committees(day) {
		ids = append(ids, c.Id)
	}
	return ids
}

// input gathers what the pictures are folded from.
func (n *Node) input(q *question) (picture.Input, error) {
	rows, err := n.store.Candidates(q.matter.Name)
	if err != nil {
		return picture.Input{}, fmt.Errorf("reading the positions on %s: %w", slug(q.matter.Name), err)
	}
	done := n.completeness(q.register)
	return picture.Input{
		Matter: q.matter, Measure: q.measure, Audience: q.audience, Area: q.area, AsOf: q.asOf,
		KnownAt: q.feed, KnownAtTime: q.known, Own: q.own,
		Entries: entries(rows, q.feed, q.register), Register: q.register,
		Committees: n.committees(q, done), Completeness: done,
	}, nil
}

// committees are those of the register on the day, with who speaks for them and
// how much of what they may have said is unknown here.
func (n *Node) committees(q *question, done *answersv1.Completeness) []picture.Committee {
	unknown := unknownEntries(done)
	all := q.register.Committees(q.asOf)
	out := make([]picture.Committee, len(all))
	for i, c := range all {
		out[i].Committee = c
		if office, ok := q.register.OfficeFor(c.Id, q.asOf); ok {
			out[i].Office = office
			out[i].Contact = q.register.Office(office).GetContact()
		}
		for _, office := range q.register.OfficesEver(c.Id) {
			out[i].Unknown += unknown[office]
		}
	}
	return out
}

// entries reads rows recorded by the feed number asked for, and marks those signed
// with a key the register had revoked. A row that does not parse says nothing: it is
// counted as not understood by the store.
func entries(rows []store.Row, feed uint64, reg *register.Register) []guidance.Entry {
	out := make([]guidance.Entry, 0, len(rows))
	for _, row := range rows {
		if row.Feed > feed {
			continue
		}
		if e, ok := entry(row); ok {
			e.Repudiated = reg.Repudiated(row.ID.Log(reg.Federation()), row.ID.Index)
			out = append(out, e)
		}
	}
	return out
}

func entry(row store.Row) (guidance.Entry, bool) {
	e := guidance.Entry{
		ID: row.ID.String(), Office: row.ID.Office, Epoch: row.ID.Epoch, Index: row.ID.Index,
		Feed: row.Feed, Recorded: row.Recorded, Logged: row.Logged, Visibility: row.Visibility,
	}
	var err error
	switch row.Kind {
	case ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:
		e.Advisory = &guidancev1.Advisory{}
		err = proto.Unmarshal(row.Body, e.Advisory)
	case ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL:
		e.Withdrawal = &guidancev1.Withdrawal{}
		err = proto.Unmarshal(row.Body, e.Withdrawal)
	case ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION:
		e.Report = &guidancev1.ReportedPosition{}
		err = proto.Unmarshal(row.Body, e.Report)
	default:
		return e, false
	}
	return e, err == nil
}
