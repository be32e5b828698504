package answers

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const (
	// mattersCompared is how many open matters are compared where none is named.
	mattersCompared = 64
	// mattersCounted is how many are looked at to say how many more there are.
	mattersCounted = 1000
	// amendedTold is how much of what was amended of a matter is told.
	amendedTold = 16
)

// GetChanges answers with what changed between two looks, at one matter or at every open one.
func (a *Answers) GetChanges(ctx context.Context, reader Reader, req *answersv1.GetChangesRequest) (resp *answersv1.GetChangesResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		end, _ := m.FeedEnd()
		now, err := m.understand(req.GetSelector(), m.today, end)
		if err != nil {
			return err
		}
		if now.measure != "" && now.matter == nil {
			return invalid("selector.matter", "a measure without its matter", "name the matter too", "required with measure")
		}
		then, err := m.since(req.GetSince(), req.GetSelector(), now)
		if err != nil {
			return err
		}
		if req.GetNation() != "" {
			if err := m.isNation(req.GetNation()); err != nil {
				return err
			}
		}
		resp, err = m.changesBetween(then, now, ofNation(req.GetNation()))
		return err
	})
	return only(resp, err)
}

// ofNation wants the committees of a nation; empty: all.
func ofNation(nation string) func(picture.Committee) bool {
	return func(c picture.Committee) bool { return nation == "" || picture.NationOf(c) == nation }
}

func (m *moment) changesBetween(then, now *question, wanted func(picture.Committee) bool) (*answersv1.GetChangesResponse, error) {
	end, digest := m.FeedEnd()
	resp := &answersv1.GetChangesResponse{
		Cursor: m.cursor(end, digest[:], now.asOf), FromDay: then.asOf, ToDay: now.asOf, Words: joinWords(then.words, now.words),
		Completeness: m.completeness(now.register, m.speakersFor(now.own)), Matter: now.matter, Committees: slices.Clip(now.own),
	}
	for _, c := range then.own {
		if !slices.Contains(now.own, c) {
			resp.Committees = append(resp.Committees, c)
		}
	}
	matters, more, err := m.compared(now, then)
	if err != nil {
		return nil, err
	}
	if err := m.headChanges(then, now, resp); err != nil {
		return nil, err
	}
	size, linesLeft, names := 0, 0, m.naming()
	resp.Names = names.Names
	for i, one := range matters {
		if size+names.size > PageBytes {
			matters, more = matters[:i], more+len(matters)-i
			break
		}
		changes, notices, err := m.changes(one, then, now, wanted)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			if size > 2*PageBytes && c.Before != c.After {
				c.Before, c.After = nil, nil
				linesLeft++
			}
			size += proto.Size(c)
			names.area(c.GetArea())
			if err := names.titles(c.GetMatter(), c.GetMeasure()); err != nil {
				return nil, err
			}
		}
		resp.Changes = append(resp.Changes, changes...)
		for _, n := range notices {
			if !slices.Contains(resp.Notices, n) {
				resp.Notices = append(resp.Notices, n)
			}
		}
	}
	if linesLeft > 0 {
		resp.Words = joinWords(resp.Words, fmt.Sprintf("Of the last %d changes only the words are here: ask for one measure, or for one LMC, to have their lines.", linesLeft))
	}
	if more > 0 {
		atLeast := ""
		if len(matters)+more >= mattersCounted {
			atLeast = "at least "
		}
		resp.Words = joinWords(resp.Words, fmt.Sprintf("Compared are the %d matters opened last, and %s%d more are not: ask for one of those by its name.", len(matters), atLeast, more))
	}
	return resp, nil
}

// headChanges says with what changed what was asked for, and what of that is not there on one of the days.
func (m *moment) headChanges(then, now *question, resp *answersv1.GetChangesResponse) (err error) {
	in := func(q *question) picture.Input {
		return picture.Input{Area: q.area, Scope: q.scope, Audience: q.audience, Measure: q.measure, Whole: q.whole, AsOf: q.asOf, Own: q.own, Practice: q.practice, Register: q.register, Committees: m.committees(q, resp.Completeness)}
	}
	before, after := in(then), in(now)
	if now.matter != nil {
		if after, err = m.inputOf(now, resp.Completeness, after.Committees); err != nil {
			return err
		}
	}
	picture.HeadChanges(m.ctx, before, after, resp)
	return nil
}

// since is the same question as it would have been answered at an earlier look. A day is read
// as on_day is.
func (m *moment) since(since *answersv1.Since, sel *answersv1.Selector, now *question) (*question, error) {
	if sel.GetOnDay() != "" || sel.GetKnownAt() != nil {
		return nil, invalid("selector", "since compares with what is known now: it takes no on_day and no known_at", "leave them out", "on_day and known_at must be empty")
	}
	var when *answersv1.Selector
	switch at := since.GetAt().(type) {
	case *answersv1.Since_Day:
		if _, err := guidance.ParseDay(at.Day); err != nil {
			return nil, invalid("since.day", err.Error(), "write a day as YYYY-MM-DD", err.Error())
		}
		when = &answersv1.Selector{OnDay: at.Day}
	case *answersv1.Since_Cursor:
		ours, err := m.isOurs(at.Cursor)
		if err != nil {
			return nil, err
		}
		if !ours {
			return nil, invalid("since.cursor", "this place is not in this node's history: it is of another node, or of this one before it was restored from a backup", "ask since a day instead", "not of this node's feed")
		}
		when = &answersv1.Selector{AsOf: at.Cursor.GetDay(), KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: at.Cursor.GetFeed()}}
	default:
		return nil, invalid("since", "it does not say since when", "give a day, or the cursor of an earlier answer", "required")
	}
	then := *now
	then.words = ""
	if err := m.askWhen(when, &then); err != nil {
		return nil, err
	}
	if sel.GetPractice() != "" { // whose LMC it was then
		then.own, then.practice = nil, ""
		if err := m.askReader(sel, &then); err != nil {
			return nil, err
		}
	}
	if then.asOf > now.asOf {
		return nil, invalid("since.day", fmt.Sprintf("%s lies after %s, the day that is compared with it", guidance.DayWords(then.asOf), guidance.DayWords(now.asOf)), "give an earlier day", "lies ahead")
	}
	return &then, nil
}

// isOurs tells whether a cursor is a place in this node's feed: the number is a
// hint, the digest the truth. Its day has been: from one that lies ahead it would be
// told what will be, and of no day until then.
func (a *Answers) isOurs(cursor *answersv1.Cursor) (bool, error) {
	if _, err := guidance.ParseDay(cursor.GetDay()); err != nil || cursor.Day > guidance.Today(a.Now()) {
		return false, nil
	}
	if cursor.Feed == 0 {
		return bytes.Equal(cursor.Digest, make([]byte, 32)), nil
	}
	rows, err := a.Store.Feed(cursor.Feed, 1)
	return err == nil && len(rows) == 1 && bytes.Equal(rows[0].Digest[:], cursor.Digest), err
}

// cursor is where to go on from an answer as of a day; of one that lies ahead, from today.
func (m *moment) cursor(feed uint64, digest []byte, asOf string) *answersv1.Cursor {
	return &answersv1.Cursor{Feed: feed, Digest: digest, Day: min(asOf, m.today)}
}

// compared are the matters to look at: the one asked about, or those open at the earlier
// look or since, up to the later one, newest opened first; and how many more there are.
func (m *moment) compared(now, then *question) (matters []knownMatter, more int, err error) {
	if now.matter != nil {
		one, _, err := m.newest(now.matter.Name, now.feed)
		return []knownMatter{one}, 0, err
	}
	err = m.eachMatter(now.feed, store.ListPlace{}, func(one knownMatter, _ store.ListPlace) bool {
		switch closed := one.matter.GetClosed().GetLatest(); {
		case closed != "" && closed < then.asOf, one.matter.GetOpened().GetEarliest() > now.asOf:
		case len(matters) < mattersCompared:
			matters = append(matters, one)
		default:
			more++
		}
		return len(matters)+more < mattersCounted
	})
	return matters, more, err
}

// changes are what changed of one matter, of itself first. What it sets for a day is by its
// newest version.
func (m *moment) changes(one knownMatter, then, now *question, wanted func(picture.Committee) bool) ([]*answersv1.Change, []string, error) {
	was, is := *then, *now
	was.matter, was.version, is.matter, is.version = one.matter, one.entry, one.matter, one.entry
	old, known, err := m.newest(one.matter.Name, then.feed)
	if err != nil {
		return nil, nil, err
	}
	if known {
		was.matter, was.version = old.matter, old.entry
	}
	if now.matter == nil && now.scope != "" { // an id has its meaning on each matter
		switch group, err := m.groupAsked(now.scope, &is, now.own); {
		case err == nil:
			was.scope, is.scope = group.Text(), group.Text()
		case !isUnknownGroup(err):
			return nil, nil, err
		}
	}
	before, err := m.input(&was)
	if err != nil {
		return nil, nil, err
	}
	after, err := m.input(&is)
	if err != nil {
		return nil, nil, err
	}
	changes, notices, err := picture.Changes(m.ctx, before, after, wanted)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range changes {
		if c.Entry == "" && (c.Committee == "" || c.ByMatter) {
			c.Entry = one.entry.String()
		}
	}
	of := &answersv1.Change{
		Kind: answersv1.ChangeKind_CHANGE_KIND_MATTER_AMENDED, Matter: one.matter.Name, Title: one.matter.GetTitle(),
		Entry: one.entry.String(), Issued: one.matter.GetOpened(),
	}
	switch isNew := then.byToday && one.matter.GetOpened().GetLatest() > then.asOf; {
	case isNew, !known:
		of.Kind = answersv1.ChangeKind_CHANGE_KIND_MATTER_OPENED
		of.Words = fmt.Sprintf("A matter new here: %s, opened %s (%s).", of.Title, guidance.RangeWords(of.Issued), of.Entry)
	case old.entry == one.entry:
		return changes, notices, nil
	default:
		of.Words = fmt.Sprintf("What the matter is was amended: %s (%s).", of.Title, of.Entry)
		// Whoever works to a day that was moved is told so: no letter need say it again.
		amended := guidance.AmendedWords(old.matter, one.matter)
		if more := len(amended) - amendedTold; more > 0 {
			amended = append(amended[:amendedTold], fmt.Sprintf("And %d more.", more))
		}
		if len(amended) > 0 {
			of.Words += " By this amendment: " + strings.Join(amended, " ")
		}
	}
	return append([]*answersv1.Change{of}, changes...), notices, nil
}
