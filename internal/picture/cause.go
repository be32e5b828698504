package picture

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// lettersTried is how many of the letters that came between two looks are left out, one at a
// time and the newest first, to find the one that brought a change about.
const lettersTried = 32

// state is what an answer rests on.
type state struct {
	prepared *guidance.Prepared
	matter   *guidancev1.Matter
	day      string
}

// without is a state but for one entry.
func (l *looks) without(w state, name string) state {
	w.prepared = w.prepared.Without(l.ctx, name)
	return w
}

// reading is what was said by the later look, by the register of one of them, or of it what stood at the earlier.
type reading struct {
	register Register
	stood    bool
}

func (l *looks) read(of reading) *guidance.Prepared {
	if of == (reading{register: l.now.in.Register}) {
		return l.now.prepared
	}
	if l.readings[of] == nil {
		entries := l.now.in.Entries
		if of.stood {
			entries = slices.DeleteFunc(slices.Clone(entries), func(e guidance.Entry) bool { return !l.stoodThen(e) })
		}
		l.readings[of] = guidance.Prepare(l.ctx, entries, of.register)
	}
	return l.readings[of]
}

// cause says what brought a change about, by asking again with less: the letter without which nothing would
// have changed. Else, of the passing of days, the letters that came between the looks, the matter's amendments
// and the register's records, in this order, it is the last that made a difference.
func (l *looks) cause(c *answersv1.Change, d difference) {
	if d.before == nil || d.after == nil {
		c.ByRegister = true // it has the committee since, or no more
		return
	}
	ask := func(w state) string { return textOf(c.Kind, l.answerIn(w, d.question)) }
	now, register := state{l.now.prepared, l.now.in.Matter, l.now.in.AsOf}, l.then.in.Register
	if l.mergedFrom(d.committee) != nil { // by that one it has said nothing: what was said for it is told beside, as the register's
		register = l.now.in.Register
	}
	days := state{l.read(reading{register, true}), l.then.in.Matter, now.day}
	letters := state{l.read(reading{register: register}), days.matter, now.day}
	amended := letters
	amended.matter = now.matter
	is, passed, lettersSay := ask(now), ask(days), ask(letters)
	letter, alone := "", false
	if is != passed || lettersSay != passed {
		letter, alone = l.letter(now, d, ask, is, textOf(c.Kind, d.before))
	}
	switch amendedSay := ask(amended); {
	case alone:
		c.Entry = letter
	case is != amendedSay:
		c.ByRegister = true
	case amendedSay != lettersSay:
		c.ByMatter = true
	case lettersSay != passed:
		c.Entry = letter
	default:
		l.day(c, d, days, ask)
	}
	cited := slices.Concat(answering(d.after), answering(d.before))
	if c.Entry == "" && !c.ByRegister && !c.ByMatter && len(cited) > 0 {
		c.Entry = cited[0].GetAdvisory()
	}
}

// letter is the newest without which nothing would have changed, and then alone; else the newest without which
// it would be answered otherwise, else the newest that is enough by itself; of very many, those
// that the answers cite, or that end something, are tried first.
func (l *looks) letter(now state, d difference, ask func(state) string, is, was string) (name string, alone bool) {
	came := slices.DeleteFunc(slices.Clone(l.entriesOf(d.committee)), func(e guidance.Entry) bool {
		return l.stoodThen(e) || !endsOthers(e) && e.Issued().GetEarliest() > l.now.in.AsOf // which has said nothing yet
	})
	newestFirst := slices.SortedStableFunc(slices.Values(came), func(a, b guidance.Entry) int {
		cited := func(e guidance.Entry) int { // before another of its day, whatever came first
			if cites(d, e.ID) {
				return 0
			}
			return 1
		}
		return cmp.Or(
			cmp.Compare(b.Issued().GetLatest(), a.Issued().GetLatest()), cmp.Compare(cited(a), cited(b)),
			cmp.Compare(a.Office, b.Office), guidance.CompareEntries(&b, &a),
		)
	})
	if len(newestFirst) > lettersTried {
		slices.SortStableFunc(newestFirst, func(a, b guidance.Entry) int {
			last := func(e guidance.Entry) int {
				if cites(d, e.ID) || endsOthers(e) {
					return 0
				}
				return 1
			}
			return cmp.Compare(last(a), last(b))
		})
	}
	needed, enough := "", ""
	for _, e := range newestFirst[:min(len(newestFirst), lettersTried)] {
		switch ask(l.without(now, e.ID)) {
		case was:
			return e.ID, true
		case is:
			one := now
			one.prepared = l.read(reading{l.now.in.Register, true}).Beside(l.ctx, []guidance.Entry{e})
			if ask(one) == is {
				enough = cmp.Or(enough, e.ID)
			}
		default:
			needed = cmp.Or(needed, e.ID)
		}
	}
	return cmp.Or(needed, enough), false
}

// day is the last on which the answer turned, and the letter that turned it: without that, it
// would not have. Where nothing said names a day, who spoke changed on one, by the register.
func (l *looks) day(c *answersv1.Change, d difference, w state, ask func(state) string) {
	claimed := guidance.MeasureOf(w.matter, d.measure).GetClaimedEffects()
	days := turns(claimed)
	entries := slices.DeleteFunc(slices.Clone(l.entriesOf(d.committee)), func(e guidance.Entry) bool { return !l.stoodThen(e) })
	for _, e := range entries {
		days = append(days, turnsOf(e)...)
	}
	slices.Sort(days)
	turn := func(w state, day string) bool {
		before, on := w, w
		before.day, on.day = notation.DayBefore(day), day
		return ask(before) != ask(on)
	}
	for _, day := range slices.Backward(slices.Compact(days)) {
		if day <= l.then.in.AsOf || day > w.day || !turn(w, day) {
			continue
		}
		c.Day, c.ByMatter = day, slices.Contains(turns(claimed), day)
		var turned []string // by entries that say something of that day; what ends another first
		for i := range 2 * len(entries) {
			e := entries[i%len(entries)]
			if endsOthers(e) != (i < len(entries)) || !slices.Contains(turnsOf(e), day) || len(turned) == lettersTried {
				continue
			}
			if !turn(l.without(w, e.ID), day) {
				c.Entry, c.ByMatter = e.ID, false
				if issued := e.Issued(); issued.GetLatest() == day && issued.GetEarliest() < day {
					c.Day = "" // it may have been issued before, and has been now
				}
				return
			}
			turned = append(turned, e.ID)
		}
		if len(turned) > 0 { // several did, each enough by itself
			c.Entry, c.ByMatter = turned[0], false
		}
		for _, s := range slices.Concat(answering(d.before), answering(d.after)) {
			if slices.Contains(turned, s.GetAdvisory()) {
				c.Entry = s.GetAdvisory()
			}
		}
		return
	}
	c.ByRegister = l.registerTurned(d.question, entries)
}

// registerTurned: who speaks for a committee, or what it covers, or is asked about, and is there, is other on the two days, by
// one and the same register; or it speaks for others since.
func (l *looks) registerTurned(q question, entries []guidance.Entry) bool {
	if l.mergedFrom(q.committee) != nil {
		return true
	}
	register, committee := l.then.in.Register, q.committee
	on := func(day string) (text string) {
		for _, area := range append(register.CommitteeAreas(committee, day), guidance.AreaID(q.area)) {
			text += fmt.Sprintln(notation.AreaOf(area), register.Area(area, day) != nil)
		}
		for _, e := range entries {
			text += fmt.Sprintln(register.SpeaksFor(e.Office, committee, day, day))
		}
		return text
	}
	return on(l.then.in.AsOf) != on(l.now.in.AsOf)
}

// cites: an answer of a difference rests on an entry, or on its having ended something.
func cites(d difference, name string) bool {
	for _, line := range []*answersv1.Line{d.before, d.after} {
		if line.GetNoLine().GetBy() == name || slices.ContainsFunc(answering(line), func(s *answersv1.Statement) bool { return s.GetAdvisory() == name }) {
			return true
		}
	}
	return false
}

// answerIn answers a question from a state.
func (l *looks) answerIn(w state, q question) *answersv1.Line {
	c, there := l.now.committee(q.committee)
	if !there {
		c, _ = l.then.committee(q.committee)
	}
	q.area = cmp.Or(l.mergedInto(c, q.area, w.day), q.area)
	ask := l.now.asking(c, q)
	ask.Matter, ask.AsOf = w.matter, w.day
	if codes := l.askedByPractice(l.now, c, q.area); len(codes) > 0 {
		ask.Area, ask.Practice = nil, codes[0]
		return l.now.by(w.prepared).resolve(ask)[0]
	}
	return pick(l.now.by(w.prepared).resolve(ask), q.area, l.now.in.Area)
}

// textOf is what is compared of a line for a kind of change.
func textOf(kind answersv1.ChangeKind, line *answersv1.Line) string {
	switch kind {
	case answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
		return line.GetObligation().String()
	case answersv1.ChangeKind_CHANGE_KIND_NEW, answersv1.ChangeKind_CHANGE_KIND_ENDED, answersv1.ChangeKind_CHANGE_KIND_MOVED:
		return answerText(line) // what the contract comes to on a day between the two made it none of these
	case answersv1.ChangeKind_CHANGE_KIND_BESIDE:
		beside := besideOf(line, nil)
		for _, one := range asksOf(line) {
			one.not, one.but = "", "" // which is those readers' own change
			beside = append(beside, one.words()+one.text)
		}
		return strings.Join(slices.Sorted(slices.Values(beside)), "\n")
	}
	return answerText(line) + line.GetObligation().String()
}

// entriesOf are the entries that bear on a committee: what was said for it, for those it was
// merged from or into, and what ends that.
func (l *looks) entriesOf(committee string) []guidance.Entry {
	all, again := l.entries[committee]
	if again {
		return all
	}
	family := []string{committee}
	for _, r := range []*resolver{l.then, l.now} {
		family = slices.Concat(family, r.in.Register.Predecessors(committee), r.in.Register.Successors(committee))
	}
	if l.saidFor == nil {
		l.saidFor, l.naming = map[string][]int{}, map[string][]int{}
		for i, e := range l.now.in.Entries {
			for _, named := range guidance.Ends(e) {
				l.naming[named] = append(l.naming[named], i)
			}
			for _, c := range guidance.CommitteesOf(e) {
				l.saidFor[c] = append(l.saidFor[c], i)
			}
		}
	}
	bears := map[int]bool{}
	var found []int
	for _, c := range family {
		found = append(found, l.saidFor[c]...)
	}
	for len(found) > 0 {
		i := found[len(found)-1]
		if found = found[:len(found)-1]; !bears[i] {
			bears[i], found = true, append(found, l.naming[l.now.in.Entries[i].ID]...)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(bears)) {
		all = append(all, l.now.in.Entries[i])
	}
	l.entries[committee] = all
	return all
}

// stoodThen: an entry was known at the earlier look, and may have been issued or had ended
// something.
func (l *looks) stoodThen(e guidance.Entry) bool {
	issued := e.Issued().GetEarliest()
	if endsOthers(e) {
		issued = min(issued, cmp.Or(e.Withdrawal.GetEffective(), e.Advisory.GetValidFrom(), issued))
	}
	return l.known[e.ID] && issued <= l.then.in.AsOf
}

func endsOthers(e guidance.Entry) bool {
	return e.Withdrawal != nil || len(e.Advisory.GetReplaces())+len(e.Advisory.GetAmends()) > 0
}

// turnsOf are the days on which what an entry says begins or ends.
func turnsOf(e guidance.Entry) (days []string) {
	days = []string{e.Issued().GetEarliest(), e.Issued().GetLatest(), e.Withdrawal.GetEffective(), e.Advisory.GetValidFrom()}
	for _, p := range guidance.PositionsOf(e) {
		days = append(days, p.GetValidFrom())
		if until := p.GetValidUntil(); until != "" {
			days = append(days, notation.DayAfter(until))
		}
		days = append(days, turns(p.GetContractEffects())...)
	}
	return days
}

func turns(effects []*guidancev1.DatedEffect) (days []string) {
	for _, e := range effects {
		days = append(days, e.GetValidFrom())
		if until := e.GetValidUntil(); until != "" {
			days = append(days, notation.DayAfter(until))
		}
	}
	return days
}
