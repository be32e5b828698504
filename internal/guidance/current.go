package guidance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Issued is when the content of an entry was issued; nil when it has none.
func (e Entry) Issued() *v1.DayRange {
	switch {
	case e.Advisory != nil:
		return e.Advisory.GetIssued()
	case e.Withdrawal != nil:
		return e.Withdrawal.GetIssued()
	case e.Erasure != nil:
		return e.Erasure.Issued
	}
	return e.Report.GetIssued()
}

// End says whether an entry still stands, and what ended it.
type End struct {
	Committees []*answersv1.CommitteeStanding // for each committee it names, in its order
	Counts     bool                           // it counts for one of them
	Current    bool                           // something it says still stands, or it says nothing that can end
	By         string                         // the entry that last ended it, or part of it; empty: nothing did
	Words      string                         // in plain words
	Besides    string                         // those of them that say what it waits for, what will end it, and what corrects it
}

// lastFor is what ended an entry last for some committees, and whether nothing of it stands for any of them.
func (e End) lastFor(committees []string) (by string, over bool) {
	since := ""
	for _, st := range e.Committees {
		if !slices.Contains(committees, st.Committee) {
			continue
		}
		if st.Current {
			return "", false
		}
		for _, ending := range st.Endings {
			if over = true; ending.Day >= since {
				since, by = ending.Day, ending.Entry
			}
		}
	}
	return by, over
}

// EndOf says whether an entry among those prepared still stands on a day, given whatever
// ends it among them: "is this letter still current?". Committees may fare differently, and
// so may the readers, measures and areas it speaks to: it is current while something of it
// stands for somebody. matters knows a matter by its name; nil: not known. It looks at the
// entry and its endings alone, however much else was prepared.
func (p *Prepared) EndOf(e Entry, day string, matters func(string) *v1.Matter) End {
	var end End
	committees := CommitteesOf(e)
	if target := p.entries.of(e.Withdrawal.GetAdvisory()); len(committees) == 0 && target != nil {
		committees = CommitteesOf(*target) // it names nobody, and ends what its office may end
	}
	if len(committees) == 0 {
		committees = []string{""}
	}
	var last *ended
	for i, c := range committees {
		if repeats(committees, i) {
			continue
		}
		st, gone := p.standingFor(&e, c, day, matters)
		end.Committees = append(end.Committees, st)
		end.Counts = end.Counts || st.NotCounted == counts
		end.Current = end.Current || st.Current
		if gone != nil && (last == nil || last.since < gone.since) {
			last = gone
		}
	}
	issued, _ := readRange(e.Issued())
	switch {
	case !end.Counts && e.Withdrawal == nil && slices.ContainsFunc(committees, func(c string) bool { return Counts(&e, c, p.reg) }):
		end.Words = "What it says is not understood by this software, and does not count."
	case !end.Counts:
		end.Words = NotCountedWords(end.Committees[0].NotCounted, &e)
	case issued.latest > day:
		end.Current, end.Words = false, "It is dated ahead, and counts from "+DayWords(issued.latest)+"."
		for _, st := range end.Committees {
			st.Current = false
		}
	case e.Withdrawal != nil:
		end.Words = "It withdraws " + e.Withdrawal.GetAdvisory() + "."
		if target := p.entries.of(e.Withdrawal.GetAdvisory()); target != nil && target.Report != nil && target.Office != e.Office {
			end.Words = "It denies " + target.ID + ", a report: what that says is not the position of " + notation.Names(committeeNames(p.reg, CommitteesOf(*target))) + "."
		}
		for _, st := range end.Committees { // of several, some of which its office did not speak for
			if st.NotCounted != counts {
				end.Words += " For " + cmp.Or(p.reg.CommitteeName(st.Committee), st.Committee) + ": " + notation.Small(NotCountedWords(st.NotCounted, &e))
			}
		}
	case last == nil:
		end.Words, end.Besides = p.standsWords(&e, day), p.aheadWords(&e, committees, day, matters)
	case end.Current:
		end.By, end.Words = last.byID(), "It still stands in part. Of the rest: "+p.endingsWords(end.Committees)+"."
		end.Besides = p.aheadWords(&e, committees, day, matters)
	case last.since > day:
		end.By, end.Words = last.byID(), "It ends before it would hold, from "+DayWords(p.firstHolds(&e))+" on: "+p.endingsWords(end.Committees)+"."
	default:
		end.By, end.Words = last.byID(), "It no longer counts: "+p.endingsWords(end.Committees)+"."
		if of := last.assertion.entry; of.ID != e.ID { // what has ended is not this
			end.Words = "It no longer counts, for it only corrects " + of.ID + ": " + p.endingsWords(end.Committees) + "."
		}
		end.Besides = p.againWords(&e, committees, day, matters)
	}
	if end.Current && e.Advisory != nil {
		end.Besides = waitsWords(e.Advisory, end.Committees) + end.Besides
	}
	if end.Counts && e.Advisory != nil && issued.latest <= day {
		end.Besides += p.asksAgainWords(&e, committees, day, matters)
	}
	for _, c := range committees { // of one that was divided, what has ended for some of those it became alone
		heirs := slices.DeleteFunc(p.reg.Successors(c), func(heir string) bool { return p.reg.IsOver(heir, day) })
		for _, by := range p.endings.of(e.ID) {
			var alone []string
			for _, heir := range heirs {
				if slices.Contains(CommitteesOf(*by.by), heir) && Counts(by.by, heir, p.reg) {
					alone = append(alone, heir)
				}
			}
			if end.Current && by.issued <= day && p.isSince(by.issued, c) && len(alone) > 0 && len(alone) < len(heirs) {
				how := &answersv1.Ending{Kind: by.how.kind(), Entry: by.by.ID, Day: cmp.Or(by.from, by.issued)}
				end.Besides += " For " + notation.Names(committeeNames(p.reg, alone)) + " it was " + endingWords(how) + "."
			}
		}
	}
	if end.Counts { // a correction takes no position, and ends nothing
		for _, by := range p.correctionsOf(&e, committees, day, matters) {
			end.Besides += " " + by.ID + " (" + RangeWords(by.Issued()) + ") corrects it and takes no position: read that too."
		}
	}
	end.Words += end.Besides
	return end
}

// standsWords says that nothing has ended an entry, from when its lines hold where that is ahead of a
// day, and until when, where all have a last one.
func (p *Prepared) standsWords(e *Entry, day string) string {
	until, open := "", false
	for _, s := range p.byEntry.of(e.ID) {
		until, open = max(until, s.until), open || s.until == ""
	}
	switch from := p.firstHolds(e); {
	case from > day:
		return "It still stands, and holds from " + DayWords(from) + " on."
	case until != "" && !open:
		return "It still stands, until " + DayWords(until) + "."
	}
	return "It still stands."
}

// Waits says whether what stands of an advisory waits for a condition, and so is not in force (domain.md 3): all
// of it, or some, and on what conditions.
func Waits(a *v1.Advisory, standings []*answersv1.CommitteeStanding) (all, some bool, conditions []string) {
	all = true
	for i, position := range Positions(a) {
		if !stillStands(standings, i, position) {
			continue
		}
		condition := waitsFor(position)
		if condition == "" {
			all = false
		} else if some = true; !slices.Contains(conditions, condition) {
			conditions = append(conditions, condition)
		}
	}
	return all && some, some, conditions
}

// waitsWords says of what waits that it is not in force, and what it waits for; empty: nothing does.
func waitsWords(a *v1.Advisory, standings []*answersv1.CommitteeStanding) string {
	all, some, conditions := Waits(a, standings)
	switch {
	case !some:
		return ""
	case all:
		return " It is not in force until a later letter says that this has come: " + strings.Join(conditions, "; ") + "."
	}
	return " A part of it is not in force until a later letter says that this has come: " + strings.Join(conditions, "; ") + "."
}

// firstHolds is the first day on which a line of an entry holds; empty: it has none.
func (p *Prepared) firstHolds(e *Entry) (from string) {
	for i, s := range p.byEntry.of(e.ID) {
		if i == 0 || s.from < from {
			from = s.from
		}
	}
	return from
}

// mayWithdraw: what a withdrawal names, where that is among those prepared, is an advisory or
// a report for the committee, not issued after it, and no more widely visible (domain.md 4.2).
func (p *Prepared) mayWithdraw(w *Entry, committee string) bool {
	target := p.entries.of(w.Withdrawal.GetAdvisory())
	if target == nil {
		return committee != "" // not here: nobody can tell
	}
	issued, _ := readRange(w.Issued())
	of := CommitteesOf(*target)
	isFor := slices.Contains(of, committee) || slices.ContainsFunc(p.reg.Predecessors(committee), func(c string) bool { return slices.Contains(of, c) })
	return target.Withdrawal == nil && isFor &&
		issued.latest >= target.Issued().GetEarliest() && AtLeastAsWide(w.Visibility, target.Visibility)
}

// SpeaksFor says whether an advisory takes a position for a committee.
func SpeaksFor(a *v1.Advisory, committee string) bool {
	return slices.ContainsFunc(a.GetPositions(), func(p *v1.Position) bool { return slices.Contains(p.GetCommittees(), committee) })
}

// kind is an ending as it is answered.
func (k endingKind) kind() answersv1.EndingKind {
	return [...]answersv1.EndingKind{
		disowned: answersv1.EndingKind_ENDING_KIND_DENIED, withdrawn: answersv1.EndingKind_ENDING_KIND_WITHDRAWN, replaced: answersv1.EndingKind_ENDING_KIND_REPLACED,
		amended: answersv1.EndingKind_ENDING_KIND_AMENDED, expired: answersv1.EndingKind_ENDING_KIND_EXPIRED, lapsed: answersv1.EndingKind_ENDING_KIND_LAPSED,
	}[k]
}

// told is an ending as it is answered.
func (e *ended) told() *answersv1.Ending {
	one := &answersv1.Ending{Kind: e.how.kind(), Entry: e.byID(), Day: e.since}
	if e.by != nil {
		one.Reason = e.by.Withdrawal.GetReason()
	}
	return one
}

func (e *ended) byID() string {
	if e.by == nil {
		return ""
	}
	return e.by.ID
}

// EndOfDay is the instant a day ends in Europe/London: the first of the next. The zero
// time when there is no such day.
func EndOfDay(day string) time.Time {
	t, err := time.ParseInLocation(dayLayout, day, london)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1)
}
