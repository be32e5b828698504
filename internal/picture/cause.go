package picture

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// lettersTried is how many of the letters that came between two looks are left out, one at a
// time and the newest first, to find the one that brought a change about.
const lettersTried = 64

// state is what an answer rests on.
type state struct {
	entries  []guidance.Entry
	matter   *guidancev1.Matter
	register Register
	day      string
}

// cause says what brought a change about, by asking again with less. Of the passing of days, the
// letters that came between the looks, the matter's amendments and the register's records, in
// this order, it is the last that made a difference.
func (l *looks) cause(c *answersv1.Change, d difference) {
	if d.before == nil || d.after == nil {
		c.ByRegister = true // it has the committee since, or no more
		return
	}
	said := textOf(c.Kind)
	ask := func(w state) string { return said(l.answerIn(w, d.question), d.before) }
	entries := l.entriesOf(d.committee)
	now := state{entries, l.now.in.Matter, l.now.in.Register, l.now.in.AsOf}
	var old, came []guidance.Entry
	for _, e := range entries {
		if l.stoodThen(e) {
			old = append(old, e)
		} else {
			came = append(came, e)
		}
	}
	days := state{old, l.then.in.Matter, l.then.in.Register, now.day}
	letters := state{entries, days.matter, days.register, now.day}
	amended := state{entries, now.matter, days.register, now.day}
	is, passed, lettersSay := ask(now), ask(days), ask(letters)
	switch amendedSay := ask(amended); {
	case is != amendedSay:
		c.ByRegister = true
	case amendedSay != lettersSay:
		c.ByMatter = true
	case lettersSay != passed:
		c.Entry = l.letter(now, old, came, ask, is, said(d.before, d.before))
	default:
		l.day(c, d, days, ask)
	}
}

// letter is the newest without which nothing would have changed, else the newest without which
// it would be answered otherwise, else the newest that is enough by itself.
func (l *looks) letter(now state, old, came []guidance.Entry, ask func(state) string, is, was string) string {
	newestFirst := slices.SortedStableFunc(slices.Values(came), func(a, b guidance.Entry) int {
		return cmp.Or(cmp.Compare(b.Issued().GetLatest(), a.Issued().GetLatest()), cmp.Compare(b.Feed, a.Feed))
	})
	needed, enough := "", ""
	for _, e := range newestFirst[:min(len(newestFirst), lettersTried)] {
		without, alone := now, now
		without.entries = slices.DeleteFunc(slices.Clone(now.entries), func(other guidance.Entry) bool { return other.ID == e.ID })
		switch ask(without) {
		case was:
			return e.ID
		case is:
			if alone.entries = append(slices.Clip(old), e); ask(alone) == is {
				enough = cmp.Or(enough, e.ID)
			}
		default:
			needed = cmp.Or(needed, e.ID)
		}
	}
	return cmp.Or(needed, enough)
}

// day is the last on which the answer turned, and the letter that turned it: without that, it
// would not have. Where nothing said names a day, who spoke changed on one, by the register.
func (l *looks) day(c *answersv1.Change, d difference, w state, ask func(state) string) {
	claimed := guidance.MeasureOf(w.matter, d.measure).GetClaimedEffects()
	days := turns(claimed)
	for _, e := range w.entries {
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
		for i := range 2 * len(w.entries) {
			e := w.entries[i%len(w.entries)]
			if endsOthers(e) != (i < len(w.entries)) || !slices.Contains(turnsOf(e), day) {
				continue
			}
			without := w
			without.entries = slices.DeleteFunc(slices.Clone(w.entries), func(other guidance.Entry) bool { return other.ID == e.ID })
			if !turn(without, day) {
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
	c.ByRegister = true
}

// answerIn answers a question from a state.
func (l *looks) answerIn(w state, q question) *answersv1.Line {
	c, there := l.now.committee(q.committee)
	if !there {
		c, _ = l.then.committee(q.committee)
	}
	ask := l.now.asking(c, q)
	ask.Matter, ask.AsOf = w.matter, w.day
	return pick(guidance.Prepare(l.ctx, w.entries, w.register).Resolve(ask), q.area, l.now.in.Area)
}

// textOf is what is compared of a line for a kind of change.
func textOf(kind answersv1.ChangeKind) func(line, before *answersv1.Line) string {
	return func(line, before *answersv1.Line) string {
		switch kind {
		case answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
			return line.GetObligation().String()
		case answersv1.ChangeKind_CHANGE_KIND_BESIDE:
			words := besideOf(line)
			slices.Sort(words)
			text := ""
			for _, w := range words {
				text += w + "\n"
			}
			return text
		}
		return answerText(line)
	}
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
	for _, e := range l.now.in.Entries {
		of := guidance.CommitteesOf(e)
		if len(of) == 0 || slices.ContainsFunc(of, func(c string) bool { return slices.Contains(family, c) }) {
			all = append(all, e)
		}
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
