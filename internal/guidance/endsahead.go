package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// aheadWords says what becomes of an entry that stands on days ahead, by what is here already.
func (p *Prepared) aheadWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) string {
	return p.endsAheadWords(e, committees, day, matters) + p.askedUntilWords(e, committees, day, matters) + p.againWords(e, committees, day, matters)
}

// endsAheadWords says of what is here already and ends an entry, or part of it, on a day ahead from
// which on, and for whom; not where it is over by then.
func (p *Prepared) endsAheadWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	for _, later := range p.endings.of(e.ID) {
		for _, from := range p.endingDays(later) {
			if from <= day || later.by.ID == "" { // what is published says itself what it ends
				continue
			}
			of := slices.DeleteFunc(slices.Clone(committees), func(c string) bool { return !p.endsFrom(e, later, c, from, matters) })
			if len(of) == 0 {
				continue
			}
			takes := " it ends"
			left := func(c string) bool { st, _ := p.standingFor(e, c, from, matters); return st.Current }
			if later.how == amended && slices.ContainsFunc(of, left) {
				takes = " it gives way in part"
			}
			words += " On " + DayWords(from) + takes + p.forSome(of, committees) + ", by " + later.by.ID + "."
		}
	}
	return words
}

// endsFrom: an ending takes something of an entry for a committee on a day that nothing has taken before; and no withdrawal of it
// says that this stands again.
func (p *Prepared) endsFrom(e *Entry, later ending, committee, from string, matters func(string) *v1.Matter) bool {
	if !p.endsHere(committee, "", later.by) {
		return false
	}
	if later.how == amended {
		onIt := func(ending *answersv1.Ending) bool { return ending.Day == from }
		return slices.ContainsFunc(p.amendedBy(later.by, e, committee, from, matters), onIt) && !p.overBefore(e, later, committee, from, matters)
	}
	before, _ := p.standingFor(e, committee, notation.DayBefore(from), matters)
	then := newQuery(Question{Matter: &v1.Matter{}, Committee: &v1.Committee{Id: committee}, AsOf: from})
	return before.Current && !p.restored(then, &assertion{entry: e, position: &v1.Position{}}, later)
}

// overBefore: all of an entry's lines for a committee that another ends on a day have ended before.
func (p *Prepared) overBefore(e *Entry, later ending, committee, from string, matters func(string) *v1.Matter) (over bool) {
	for _, s := range p.byEntry.of(e.ID) {
		if !slices.Contains(s.position.GetCommittees(), committee) {
			continue
		}
		asked := p.questionsOf(s, committee, from, matters)
		was := p.fatesOn(asked, s, notation.DayBefore(from))
		for i, is := range p.fatesOn(asked, s, from) {
			if slices.ContainsFunc(is.ends, func(end ended) bool { return end.by == later.by }) {
				if was[i].ends == nil {
					return false
				}
				over = true
			}
		}
	}
	return over
}

// againWords says from which day ahead on what an amendment took of an entry counts again, for that is over by
// then, or what was replaced or amended does, for a withdrawal of that restores it, and for whom.
func (p *Prepared) againWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	for _, later := range p.endings.of(e.ID) {
		for _, again := range p.againAhead(e, later, day) {
			of := slices.DeleteFunc(slices.Clone(committees), func(c string) bool {
				st, _ := p.standingFor(e, c, again.from, matters)
				return !st.Current || len(p.amendedBy(later.by, e, c, again.from, matters)) >= len(p.amendedBy(later.by, e, c, notation.DayBefore(again.from), matters))
			})
			var then grouped[string, string] // what becomes of it, and for which committees
			for _, c := range of {
				switch over, lapsed := p.overAgain(e, c, again.from, matters); {
				case lapsed: // its own last day came first
				case over != nil:
					then.add(", but a later line stands over it: "+over.ID+".", c)
				default:
					then.add(", unless another letter ends it.", c)
				}
			}
			what, by := "it", ""
			if later.how == amended {
				what = "what " + later.by.ID + " amended of it"
			}
			if again.by != nil {
				by = ", by " + again.by.ID
			}
			for _, becomes := range then.keys {
				words += " On " + DayWords(again.from) + " " + what + " counts again" + p.forSome(then.members[becomes], committees) + by + becomes
			}
		}
	}
	return words
}

// overAgain is a letter whose line stands on a day over all that counts again of an entry for a committee from that
// day on; nil: something of it answers. lapsed: all that would count again is over by then itself.
func (p *Prepared) overAgain(e *Entry, committee, from string, matters func(string) *v1.Matter) (over *Entry, lapsed bool) {
	counts := false
	for _, s := range p.byEntry.of(e.ID) {
		if !slices.Contains(s.position.GetCommittees(), committee) {
			continue
		}
		for _, q := range p.everyQuestion(s, committee, from, matters) {
			if p.stopped() {
				return nil, false
			}
			before := q
			before.day = notation.DayBefore(from)
			_, was := p.end(before, s, p.amending(before, s))
			ends, gone := p.end(q, s, p.amending(q, s))
			if lapsed = lapsed || was && gone && ends.how == expired; !was || gone {
				continue
			}
			counts = true
			if over = p.over(q, s); over == nil {
				return nil, false
			}
		}
	}
	return over, lapsed && !counts
}

// againFrom is the first day ahead on which something of an entry that another ended for a committee, one alone or any, counts for
// it again, for that is over by then or a withdrawal of it restores this; empty: nothing does.
func (p *Prepared) againFrom(e, by *Entry, committee, day string, matters func(string) *v1.Matter) string {
	isBy := func(end ended) bool {
		return (end.how == amended || end.how == replaced) && (by == nil || end.by.ID == by.ID)
	}
	for _, from := range p.countsAgain(e, day) {
		for _, s := range p.byEntry.of(e.ID) {
			if !slices.Contains(s.position.GetCommittees(), committee) {
				continue
			}
			asked := p.questionsOf(s, committee, from, matters)
			was := p.fatesOn(asked, s, notation.DayBefore(from))
			for i, is := range p.fatesOn(asked, s, from) { // what stood all along does not come back
				if is.ends == nil && slices.ContainsFunc(was[i].ends, isBy) {
					return from
				}
			}
		}
	}
	return ""
}

// countsAgain are the days after one on which something of an entry that others ended may count again, in order.
func (p *Prepared) countsAgain(e *Entry, day string) (days []string) {
	for _, later := range p.endings.of(e.ID) {
		for _, again := range p.againAhead(e, later, day) {
			days = append(days, again.from)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// again is a day from which on what an ending took of an entry may count again.
type again struct {
	from string
	by   *Entry // the withdrawal that restores it; nil: the ending is over
}

// againAhead are those after a day: a line of an amendment is over by then, or a withdrawal of what replaced or amended
// the entry says that this stands again.
func (p *Prepared) againAhead(e *Entry, later ending, day string) (all []again) {
	for _, s := range p.byEntry.of(later.by.ID) {
		if later.how == amended && s.until >= day {
			all = append(all, again{from: notation.DayAfter(s.until)})
		}
	}
	for _, w := range p.endings.of(later.by.ID) {
		if later.how != withdrawn && w.how == withdrawn && w.from > day && slices.Contains(w.by.Withdrawal.GetRestores(), e.ID) {
			all = append(all, again{w.from, w.by})
		}
	}
	slices.SortStableFunc(all, func(x, y again) int { return cmp.Compare(x.from, y.from) })
	return slices.CompactFunc(all, func(x, y again) bool { return x.from == y.from })
}

// amendedBy are the endings of an entry for a committee on a day that are by one entry.
func (p *Prepared) amendedBy(by, e *Entry, committee, day string, matters func(string) *v1.Matter) []*answersv1.Ending {
	st, _ := p.standingFor(e, committee, day, matters)
	return slices.DeleteFunc(st.Endings, func(ending *answersv1.Ending) bool { return ending.Entry != by.ID })
}

// forSome names some of several committees; empty: it is all of them.
func (p *Prepared) forSome(of, committees []string) string {
	if len(of) == len(committees) {
		return ""
	}
	return " for " + notation.Names(committeeNames(p.reg, of))
}
