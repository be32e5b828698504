package answers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// Touches is what a new entry bears on: whose standing entries its check needs.
type Touches struct {
	Matters    []string // by any name they can be found by
	Entries    []string // named by it
	Committees []string // it speaks for or reports on
	Newest     bool     // the office's newest own entries too: a letter may be on no matter
	Votes      bool     // what the office's own letters tell of votes
	Reports    bool     // what others report of the committees: it goes on beside what takes no line, or answers once another ends

	read []guidance.Entry // entries like those of Entries, read already
}

// newestOwn is how many of the own log's last entries a new letter is compared with.
const newestOwn = 64

// Publishing gives check what may be known where something is about to be published: the
// day, the register, the matters, and what stands on what the new entry touches. It is
// valid until check returns.
func (a *Answers) Publishing(ctx context.Context, t Touches, check func(guidance.PublishContext) error) error {
	return a.at(ctx, Office(a.Office), func(m *moment) error {
		for _, c := range m.reg.Committees(m.today) {
			if slices.Contains(m.reg.OfficesEver(c.Id), m.Office) {
				t.Committees = append(t.Committees, c.Id) // those it speaks for when it names none
			}
		}
		said, err := m.standing(t)
		if err != nil {
			return err
		}
		names, err := m.matterNames(everything, namedInErrors)
		if err != nil {
			return err
		}
		few := 0
		if own := (ledger.LogID{Federation: m.Federation, Office: m.Office}); !m.reg.HasCommittee(m.Office) {
			first, err := m.FirstMatters(own, recount.MattersWithoutMandate)
			if err != nil {
				return err
			}
			if len(first) == recount.MattersWithoutMandate {
				few = len(first)
			}
		}
		var voted []guidance.Entry
		if t.Votes {
			end, _ := m.FeedEnd()
			if voted, err = m.votingLetters(&question{feed: end, register: m.reg}, m.Office); err != nil {
				return err
			}
		}
		var broken error // of a look-up: the rules know only of known and unknown
		err = check(guidance.PublishContext{
			Office: m.Office, Keeper: m.Keeper, Notice: m.Notice, Today: m.today, Register: m.reg, Said: said, Voted: voted,
			Matters: func(name string) *guidancev1.Matter {
				found, err := m.findMatter(name, everything)
				if err != nil && !errors.Is(err, fault.ErrUnknownMatter) && !errors.Is(err, fault.ErrInvalid) {
					broken = errors.Join(broken, err)
				}
				return found.matter
			},
			MatterEntry: func(name string) string {
				found, known, err := m.newest(name, everything)
				if broken = errors.Join(broken, err); !known {
					return ""
				}
				return found.entry.String()
			},
			SpokenOn: func(matter, measure string) string {
				entry, err := m.spokenOn(matter, measure)
				broken = errors.Join(broken, err)
				return entry
			},
			ReadOtherwise: func(was, is *guidancev1.Matter) []string {
				words, err := m.readOtherwise(was, is)
				broken = errors.Join(broken, err)
				return words
			},
			AllMatters: func() (all []*guidancev1.Matter) {
				err := m.eachMatter(everything, store.ListPlace{}, func(one knownMatter, _ store.ListPlace) bool {
					all = append(all, one.matter)
					return true
				})
				broken = errors.Join(broken, err)
				return all
			},
			FewMatters: few, KnownMatters: names, MoreMatters: len(names) == namedInErrors, Committees: m.reg.EveryCommittee(),
		})
		return cmp.Or(broken, err)
	})
}

// spokenOn is the first entry that says or asks something on a measure; empty: none does.
func (m *moment) spokenOn(matter, measure string) (string, error) {
	rows, err := m.Candidates(matter)
	if err != nil {
		return "", err
	}
	all, err := m.entries(rows, everything, m.reg)
	if err != nil {
		return "", err
	}
	for _, e := range all {
		says := slices.ContainsFunc(guidance.PositionsOf(e), func(p *guidancev1.Position) bool { return p.GetMatter() == matter && p.GetMeasure() == measure })
		if says || slices.ContainsFunc(e.Advisory.GetActions(), func(a *guidancev1.Action) bool { return a.GetMatter() == matter && a.GetMeasure() == measure }) {
			return e.ID, nil
		}
	}
	return "", nil
}

// claimDaysLooked is how many days ahead on which a claim of a matter begins or ends are looked at.
const claimDaysLooked = 8

// readOtherwise says whose line on a matter readers are told otherwise where it is amended, today and on the
// days ahead on which a claim begins or ends: a stated effect, a proposer or a title may lapse a line, or lend
// one to a measure.
func (m *moment) readOtherwise(was, is *guidancev1.Matter) (told []string, err error) {
	end, _ := m.FeedEnd()
	before, err := m.input(&question{matter: was, asOf: m.today, feed: end, register: m.reg})
	if err != nil {
		return nil, err
	}
	after, err := m.input(&question{matter: is, asOf: m.today, feed: end, register: m.reg})
	if err != nil {
		return nil, err
	}
	var days []string
	for _, matter := range []*guidancev1.Matter{was, is} {
		for _, measure := range matter.GetMeasures() {
			for _, effect := range measure.GetClaimedEffects() {
				days = append(days, effect.GetValidFrom())
				if until := effect.GetValidUntil(); until != "" {
					days = append(days, notation.DayAfter(until))
				}
			}
		}
	}
	days = slices.DeleteFunc(days, func(day string) bool { return day <= m.today })
	slices.Sort(days)
	days = slices.Compact(days)
	seen, more := map[string]bool{}, 0
	for _, day := range append([]string{m.today}, days[:min(len(days), claimDaysLooked)]...) {
		before.AsOf, before.Committees = day, m.committees(&question{asOf: day, register: m.reg}, before.Completeness)
		after.AsOf, after.Committees = day, before.Committees
		changes, _, err := picture.Changes(m.ctx, before, after, func(picture.Committee) bool { return true })
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			words := c.GetWords()
			if c.GetBefore() == nil && c.GetAfter() == nil || seen[words] { // what falls due, or told of a day before
				continue
			}
			if seen[words] = true; day > m.today {
				words = "From " + guidance.DayWords(day) + ": " + words
			}
			if len(told) < register.NamedLimit {
				told = append(told, words)
			} else {
				more++
			}
		}
	}
	if more > 0 {
		told = append(told, fmt.Sprintf("and %d more lines are told otherwise.", more))
	}
	if closed := is.GetClosed().GetLatest(); closed != "" && closed != was.GetClosed().GetLatest() {
		lost, err := m.lostByClosing(before, closed)
		return append(told, lost...), err
	}
	return told, nil
}

// lostByClosing names what falls due after a matter is closed, by the matter and by letters, each once.
func (m *moment) lostByClosing(in picture.Input, closed string) (told []string, err error) {
	var due []string
	in.AsOf, in.Committees = m.today, m.committees(&question{asOf: m.today, register: m.reg}, in.Completeness)
	for nation := range m.nationsOf(committeeIDs(m.reg, m.today)) {
		pics, err := picture.ForEachReader(in.Audience, func(readers guidancev1.Audience) (*answersv1.NationalPicture, error) {
			of := in
			of.Audience = readers
			return picture.National(m.ctx, of, answersv1.Unit_UNIT_COMMITTEES, nation)
		})
		if err != nil {
			return nil, err
		}
		for _, item := range picture.DueWithin([][]*answersv1.NationalPicture{pics}, notation.DayAfter(closed), "9999-12-31").GetItems() {
			if !slices.Contains(due, item.GetWords()) {
				due = append(due, item.GetWords())
			}
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	slices.Sort(due)
	if more := len(due) - register.NamedLimit; more > 0 {
		due = append(due[:register.NamedLimit], fmt.Sprintf("%d more", more))
	}
	return []string{"Once it is closed, after " + guidance.DayWords(closed) + ", no practice's page and no list of what falls due has it: readers lose " + strings.Join(due, "; ") + "."}, nil
}

// standing is what a new entry may touch: what is said on its matters by offices that ever
// spoke for its committees, and the entries it names, with what ends them. What other offices
// say is no concern of its check.
func (m *moment) standing(t Touches) (*guidance.Prepared, error) {
	found, read := map[string]guidance.Entry{}, map[ledger.EntryID]guidance.Entry{}
	named := slices.Clone(t.read)
	for _, name := range t.Entries {
		id, err := ledger.ParseEntryID(name)
		if err != nil {
			continue
		}
		stored, err := m.Entry(id)
		if err != nil || stored.Body == nil {
			continue // not here: whoever names it is told so
		}
		if e, ok := readEntry(rowOf(stored)); ok && m.reader.reads(e) {
			named = append(named, e)
		}
	}
	for _, e := range named {
		id := ledger.EntryID{Office: e.Office, Epoch: e.Epoch, Index: e.Index}
		e.Repudiated = m.reg.Repudiated(id.Log(m.Federation), id.Index)
		around, err := m.withEndings(e, everything, m.reg, read)
		if err != nil {
			return nil, err
		}
		for _, other := range around {
			found[other.ID] = other
		}
		t.Matters = append(t.Matters, guidance.MattersOf(e)...)
		t.Committees = append(t.Committees, guidance.CommitteesOf(e)...)
	}
	if t.Newest {
		log := ledger.LogID{Federation: m.Federation, Office: m.Office}
		held, _ := m.Held(log)
		rows, err := m.Rows(log, held.Size-min(held.Size, newestOwn), newestOwn)
		if err != nil {
			return nil, err
		}
		own, err := m.entries(rows, everything, m.reg)
		if err != nil {
			return nil, err
		}
		for _, e := range own {
			found[e.ID] = e
		}
	}
	speakers := []string{m.Office}
	if t.Reports {
		speakers = append(speakers, m.reg.Reporters()...)
	}
	for _, c := range t.Committees {
		speakers = append(speakers, m.officesThrough(c)...)
	}
	for passes := 0; ; passes++ {
		slices.Sort(speakers)
		speakers = slices.Compact(speakers)
		on, err := m.saidOn(t.Matters, speakers)
		if err != nil {
			return nil, err
		}
		all := [][]guidance.Entry{slices.Collect(maps.Values(found))}
		for _, said := range on {
			all = append(all, said.Entries())
		}
		known := len(speakers)
		for _, entries := range all { // what these pass on is held against what whose it is says
			for i := range entries {
				for _, p := range entries[i].Advisory.GetPositions() {
					if whose := p.GetRelayOf().GetCommittee(); whose != "" {
						speakers = append(speakers, m.officesThrough(whose)...)
					}
				}
			}
		}
		slices.Sort(speakers)
		if speakers = slices.Compact(speakers); len(speakers) == known || passes > 0 {
			return m.joinedWith(on, found, t.Committees), m.ctx.Err()
		}
	}
}

// officesThrough are the offices that ever spoke for a committee, for one that it was merged from, whose lines stand until it
// speaks, or for one that it was merged into, which answers in its place.
func (m *moment) officesThrough(committee string) (all []string) {
	for _, c := range slices.Concat([]string{committee}, m.reg.Predecessors(committee), m.reg.Successors(committee)) {
		all = append(all, m.reg.OfficesEver(c)...)
	}
	return all
}

// saidOn is what some offices say on some matters, most first.
func (m *moment) saidOn(matters, speakers []string) (all []*picture.Said, err error) {
	seen := map[string]bool{}
	for _, name := range matters {
		matter, err := m.findMatter(name, everything)
		if errors.Is(err, fault.ErrUnknownMatter) || errors.Is(err, fault.ErrInvalid) || err == nil && seen[matter.matter.Name] {
			continue // a matter nobody opened has nothing standing on it
		}
		if err != nil {
			return nil, err
		}
		seen[matter.matter.Name] = true
		end, _ := m.FeedEnd()
		said, err := m.saidBy(&question{matter: matter.matter, version: matter.entry, feed: end, register: m.reg}, speakers)
		if err != nil {
			return nil, err
		}
		all = append(all, said)
	}
	slices.SortStableFunc(all, func(a, b *picture.Said) int { return cmp.Compare(len(b.Entries()), len(a.Entries())) })
	return all, nil
}

// joinedWith is what was said on several matters, and some entries more: to the most of it, which
// is read already, the rest is added. It will be asked for some committees.
func (m *moment) joinedWith(on []*picture.Said, found map[string]guidance.Entry, committees []string) *guidance.Prepared {
	said := guidance.Prepare(m.ctx, nil, m.reg)
	if len(on) > 0 {
		said = on[0].Prepared(m.ctx)
		said.SetApart(on[0].Matter().GetName(), committees)
		for _, other := range on[1:] {
			for _, e := range other.Entries() {
				found[e.ID] = e
			}
		}
	}
	maps.DeleteFunc(found, func(name string, _ guidance.Entry) bool { return said.Entry(name) != nil })
	return said.Beside(m.ctx, slices.SortedFunc(maps.Values(found), func(a, b guidance.Entry) int { return cmp.Compare(a.Feed, b.Feed) }))
}
