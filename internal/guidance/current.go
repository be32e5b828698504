package guidance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

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
	if target := p.entries[e.Withdrawal.GetAdvisory()]; len(committees) == 0 && target != nil {
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
		if target := p.entries[e.Withdrawal.GetAdvisory()]; target != nil && target.Report != nil && target.Office != e.Office {
			end.Words = "It denies " + target.ID + ", a report: what that says is not the position of " + notation.Names(committeeNames(p.reg, CommitteesOf(*target))) + "."
		}
		for _, st := range end.Committees { // of several, some of which its office did not speak for
			if st.NotCounted != counts {
				end.Words += " For " + cmp.Or(p.reg.CommitteeName(st.Committee), st.Committee) + ": " + notation.Small(NotCountedWords(st.NotCounted, &e))
			}
		}
	case last == nil:
		end.Words, end.Besides = p.standsWords(&e, day), p.endsAheadWords(&e, committees, day, matters)+p.againWords(&e, committees, day, matters)
	case end.Current:
		end.By, end.Words = last.byID(), "It still stands in part. Of the rest: "+p.endingsWords(end.Committees)+"."
		end.Besides = p.endsAheadWords(&e, committees, day, matters) + p.againWords(&e, committees, day, matters)
	case last.since > day:
		end.By, end.Words = last.byID(), "It ends before it would hold, from "+DayWords(p.firstHolds(&e))+" on: "+p.endingsWords(end.Committees)+"."
	default:
		end.By, end.Words = last.byID(), "It no longer counts: "+p.endingsWords(end.Committees)+"."
		end.Besides = p.againWords(&e, committees, day, matters)
	}
	if end.Current && e.Advisory != nil {
		end.Besides = waitsWords(e.Advisory, end.Committees) + end.Besides
	}
	for _, by := range p.endings[e.ID] { // a correction takes no position, and ends nothing
		withdrawn := slices.ContainsFunc(p.endings[by.by.ID], func(w ending) bool { return w.how != amended && w.from <= day })
		corrects := by.how == amended && len(by.by.Advisory.GetPositions()) == 0 && by.issued <= day && AtLeastAsWide(by.by.Visibility, e.Visibility) && !withdrawn
		if corrects && end.Counts && slices.ContainsFunc(committees, func(c string) bool { return p.endsFor(by.by, c) }) {
			end.Besides += " " + by.by.ID + " (" + RangeWords(by.by.Issued()) + ") corrects it and takes no position: read that too."
		}
	}
	end.Words += end.Besides
	return end
}

// standsWords says that nothing has ended an entry, from when its lines hold where that is ahead of a
// day, and until when, where all have a last one.
func (p *Prepared) standsWords(e *Entry, day string) string {
	until, open := "", false
	for _, s := range p.byEntry[e.ID] {
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
	for i, position := range a.GetPositions()[:min(len(a.GetPositions()), PositionLimit)] {
		if !slices.ContainsFunc(standings, func(st *answersv1.CommitteeStanding) bool {
			ended := func(its *answersv1.PositionStanding) bool { return int(its.GetPlace()) == i && !its.GetCurrent() }
			return st.GetCurrent() && slices.Contains(position.GetCommittees(), st.GetCommittee()) && !slices.ContainsFunc(st.GetPositions(), ended)
		}) {
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
	for i, s := range p.byEntry[e.ID] {
		if i == 0 || s.from < from {
			from = s.from
		}
	}
	return from
}

// endsAheadWords says of what is here already and ends an entry, or part of it, on a day ahead from
// which on, and for whom; not where it is over by then.
func (p *Prepared) endsAheadWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	for _, later := range p.endings[e.ID] {
		days := []string{later.from}
		if later.how == amended { // by each of its lines from the day that this holds
			days = nil
			for _, s := range p.byEntry[later.by.ID] {
				days = append(days, max(s.from, s.issued.latest))
			}
			slices.Sort(days)
		}
		for _, from := range slices.Compact(days) {
			if from <= day {
				continue
			}
			ends := func(c string) bool { // and no withdrawal of it says that this stands again
				if !p.endsFor(later.by, c) {
					return false
				}
				if later.how == amended {
					return slices.ContainsFunc(p.amendedBy(later.by, e, c, from, matters), func(ending *answersv1.Ending) bool { return ending.Day == from })
				}
				before, _ := p.standingFor(e, c, notation.DayBefore(from), matters)
				then := newQuery(Question{Matter: &v1.Matter{}, Committee: &v1.Committee{Id: c}, AsOf: from})
				return before.Current && !p.restored(then, &assertion{entry: e, position: &v1.Position{}}, later)
			}
			of := slices.DeleteFunc(slices.Clone(committees), func(c string) bool { return !ends(c) })
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

// againWords says from which day ahead on what an amendment took of an entry counts again, for that is over by
// then, and for whom.
func (p *Prepared) againWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	for _, later := range p.endings[e.ID] {
		for _, from := range p.overAhead(later, day) {
			of := slices.DeleteFunc(slices.Clone(committees), func(c string) bool {
				st, _ := p.standingFor(e, c, from, matters)
				return !st.Current || len(p.amendedBy(later.by, e, c, from, matters)) >= len(p.amendedBy(later.by, e, c, notation.DayBefore(from), matters))
			})
			if len(of) > 0 {
				words += " On " + DayWords(from) + " what " + later.by.ID + " amended of it counts again" + p.forSome(of, committees) + ", unless another letter ends it."
			}
		}
	}
	return words
}

// againFrom is the first day ahead on which an entry that has ended for a committee counts for it again, for
// what amended it is over by then; empty: it does not.
func (p *Prepared) againFrom(e *Entry, committee, day string, matters func(string) *v1.Matter) string {
	var days []string
	for _, later := range p.endings[e.ID] {
		days = append(days, p.overAhead(later, day)...)
	}
	slices.Sort(days)
	for _, from := range days {
		if st, _ := p.standingFor(e, committee, from, matters); st.Current {
			return from
		}
	}
	return ""
}

// overAhead are the days after a day from which on a line of an amendment is over.
func (p *Prepared) overAhead(later ending, day string) (days []string) {
	if later.how != amended {
		return nil
	}
	for _, s := range p.byEntry[later.by.ID] {
		if s.until >= day {
			days = append(days, notation.DayAfter(s.until))
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
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

// standingFor is where an entry stands for one committee, and the last of its ends.
func (p *Prepared) standingFor(e *Entry, committee, day string, matters func(string) *v1.Matter) (*answersv1.CommitteeStanding, *ended) {
	st := &answersv1.CommitteeStanding{Committee: committee, NotCounted: WhyNot(e, committee, p.reg)}
	if e.Withdrawal != nil {
		if target := p.entries[e.Withdrawal.GetAdvisory()]; target != nil && target.Report != nil && target.Office == e.Office && st.NotCounted == answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE {
			st.NotCounted = counts // its own report, which it needs to speak for nobody to take back
		}
		if st.NotCounted == counts && !p.mayWithdraw(e, committee) {
			st.NotCounted = answersv1.NotCountedReason_NOT_COUNTED_REASON_ENDS_NOTHING
		}
		st.Current = st.NotCounted == counts // a withdrawal cannot end
		return st, nil
	}
	if st.NotCounted != counts {
		return st, nil
	}
	var said []*assertion
	for _, s := range p.byEntry[e.ID] {
		if slices.Contains(s.position.GetCommittees(), committee) {
			said = append(said, s)
		}
	}
	if len(said) == 0 && e.Report == nil && !speaksFor(e.Advisory, committee) { // it takes no position, and can end all the same
		issued, _ := readRange(e.Issued())
		said = []*assertion{{entry: e, position: &v1.Position{}, issued: issued}}
	}
	if len(said) == 0 {
		st.NotCounted = answersv1.NotCountedReason_NOT_COUNTED_REASON_NOT_UNDERSTOOD
		return st, nil
	}
	var last *ended
	add := func(end ended) {
		if last == nil || last.since < end.since {
			last = &end
		}
		st.Endings = withEnding(st.Endings, end)
	}
	var ahead []ended // of what holds only from a later day, and will not then
	fates := map[*assertion][]fate{}
	for _, s := range said {
		its, never := &answersv1.PositionStanding{Place: int32(s.place)}, []ended{}
		fates[s] = p.fatesOf(s, committee, day, matters)
		for _, f := range fates[s] {
			anothers := slices.ContainsFunc(said, func(own *assertion) bool { return p.answersBefore(f.query, own, s) })
			switch {
			case f.ends == nil:
				st.Current, its.Current = true, its.Current || !anothers
			case f.ends[0].since > day:
				never = append(never, f.ends[0])
			default:
				for _, end := range f.ends {
					if add(end); !anothers {
						its.Endings = withEnding(its.Endings, end)
					}
				}
			}
		}
		for _, end := range never {
			if ahead = append(ahead, end); !its.Current {
				its.Endings = withEnding(its.Endings, end)
			}
		}
		if len(its.Endings) > 0 && s.position.GetMatter() != "" { // else it is of a letter that takes none
			its.Endings = its.Endings[:min(len(its.Endings), endingsTold)]
			st.Positions = append(st.Positions, its)
		}
	}
	for _, end := range ahead {
		if !st.Current {
			add(end)
		}
	}
	if len(st.Endings)+len(st.Positions) > 0 {
		st.NotAsked = p.notAsked(e, st, matters, fates)
	}
	return st, last
}

// withEnding adds how something ended to what else ended it, the earliest day first.
func withEnding(endings []*answersv1.Ending, end ended) []*answersv1.Ending {
	one := end.told()
	if !slices.ContainsFunc(endings, func(x *answersv1.Ending) bool { return proto.Equal(x, one) }) {
		endings = append(endings, one)
	}
	slices.SortStableFunc(endings, func(x, y *answersv1.Ending) int { return cmp.Compare(x.Day, y.Day) })
	return endings
}

// answersBefore: a line of the same letter on the measure asked about answers before its line on the whole
// matter, which has nothing to lose there.
func (p *Prepared) answersBefore(q query, own, whole *assertion) bool {
	return q.measure != "" && whole.position.GetMeasure() == "" && own.position.GetMeasure() == q.measure && own.position.GetMatter() == q.matter &&
		own.scope == whole.scope && (!own.mention || whole.mention) && own.isFor(q.audience) && p.covers(q, own) && notation.IsWithin(q.day, own.from, own.until)
}

// fate is what became of an assertion on one question that it may answer: how it first ended, and what
// amended it once more; none: it answers.
type fate struct {
	query
	ends []ended
}

// fatesOf are the fates of an assertion for a committee on a day, or on its first one where that is later.
func (p *Prepared) fatesOf(s *assertion, committee, day string, matters func(string) *v1.Matter) (all []fate) {
	for _, q := range p.questionsOf(s, committee, day, matters) {
		if !s.waits {
			q.day = max(day, s.from)
		}
		f, amending := fate{query: q}, p.amending(q, s)
		if end, gone := p.end(q, s, amending); gone {
			f.ends = append(f.ends, end)
			for _, e := range p.endings[s.entry.ID] {
				if again, counts := p.endBy(q, s, e, amending); counts && end.how == amended && e.how == amended && e.by != end.by {
					f.ends = append(f.ends, again)
				}
			}
		}
		all = append(all, f)
	}
	return all
}

// stillAsks: something that an action of an entry stands with for a committee has not ended; or it stands
// with nothing of it for that.
func (p *Prepared) stillAsks(e *Entry, action *v1.Action, committee string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (still, alone bool) {
	alone = true
	in, readers := action.GetArea(), AdvisedAmong(action.GetActors())
	for _, s := range p.byEntry[e.ID] {
		there := s.position.GetArea()
		here := in == nil || there == nil || p.contains(in, there, s.issued.latest) || p.contains(there, in, s.issued.latest)
		_, theirs := sharedAudience(readers, s.position.GetAudiences())
		if !here || !theirs && len(readers) > 0 || !p.standsWith(matters(s.position.GetMatter()), e.Advisory, action, s.position, committee) {
			continue
		}
		alone = false
		of := narrowed(fates(s), func(f fate) bool { return f.measure == action.GetMeasure() })
		of = narrowed(of, func(f fate) bool { return reachesAll(readers, []v1.Audience{f.audience}) })
		of = narrowed(of, func(f fate) bool { return in != nil && f.area != nil && p.contains(in, f.area, f.day) })
		if slices.ContainsFunc(of, func(f fate) bool { return f.ends == nil }) {
			return true, false
		}
	}
	return false, alone
}

// narrowed are those of some fates that what is asked is about, where any is.
func narrowed(of []fate, about func(fate) bool) []fate {
	if !slices.ContainsFunc(of, about) {
		return of
	}
	return slices.DeleteFunc(slices.Clone(of), func(f fate) bool { return !about(f) })
}

// notAsked are the places of those actions of an entry, of which something has ended for a committee, that
// are not asked of its practices, or no more. What stands with no line of the letter goes on while that does.
func (p *Prepared) notAsked(e *Entry, st *answersv1.CommitteeStanding, matters func(string) *v1.Matter, fates map[*assertion][]fate) (places []int32) {
	for i, action := range Actions(e.Advisory) {
		if p.stopped() {
			break
		}
		if of := action.GetCommittees(); len(of) > 0 && !slices.Contains(of, st.Committee) {
			continue
		}
		still, alone := p.stillAsks(e, action, st.Committee, matters, func(s *assertion) []fate { return fates[s] })
		if alone {
			ofOthers := func(s *assertion) bool { // and stands with a line for these
				return slices.ContainsFunc(s.position.GetCommittees(), func(c string) bool {
					return p.standsWith(matters(s.position.GetMatter()), e.Advisory, action, s.position, c)
				})
			}
			still = st.Current && !slices.ContainsFunc(p.byEntry[e.ID], ofOthers)
		}
		if !still {
			places = append(places, int32(i))
		}
	}
	return places
}

// mayWithdraw: what a withdrawal names, where that is among those prepared, is an advisory or
// a report for the committee, not issued after it, and no more widely visible (domain.md 4.2).
func (p *Prepared) mayWithdraw(w *Entry, committee string) bool {
	target := p.entries[w.Withdrawal.GetAdvisory()]
	if target == nil {
		return committee != "" // not here: nobody can tell
	}
	issued, _ := readRange(w.Issued())
	of := CommitteesOf(*target)
	isFor := slices.Contains(of, committee) || slices.ContainsFunc(p.reg.Predecessors(committee), func(c string) bool { return slices.Contains(of, c) })
	return target.Withdrawal == nil && isFor &&
		issued.latest >= target.Issued().GetEarliest() && AtLeastAsWide(w.Visibility, target.Visibility)
}

// speaksFor says whether an advisory takes a position for a committee.
func speaksFor(a *v1.Advisory, committee string) bool {
	return slices.ContainsFunc(a.GetPositions(), func(p *v1.Position) bool { return slices.Contains(p.GetCommittees(), committee) })
}

// questionsOf are the questions an assertion may answer for a committee: those between which
// an amendment can tell. Where nothing amends it, one stands for all.
func (p *Prepared) questionsOf(s *assertion, committee, day string, matters func(string) *v1.Matter) []query {
	m := &v1.Matter{Name: s.position.GetMatter()}
	if known := matters(m.Name); known != nil {
		m = known
	}
	all := newQuery(Question{
		Matter: m, Measure: s.position.GetMeasure(), Committee: &v1.Committee{Id: committee}, Area: s.position.GetArea(), Scope: s.scope, AsOf: day,
		Audience: append(s.position.GetAudiences(), v1.Audience_AUDIENCE_UNSPECIFIED)[0],
	})
	all.matter = s.position.GetMatter()
	measures, audiences := []string{all.measure}, slices.Clone(s.position.GetAudiences())
	var places []*v1.AreaId // that amendments are limited to, the committee's own on the day or not
	for _, e := range p.endings[s.entry.ID] {
		if e.how != amended || p.stopped() {
			continue
		}
		for _, position := range e.by.Advisory.GetPositions() {
			if all.measure == "" && position.GetMeasure() != "" && SharesProposer(m, position.GetMeasure()) && !slices.Contains(measures, position.GetMeasure()) {
				measures = append(measures, position.GetMeasure())
			}
			if position.GetArea() != nil {
				places = append(places, p.reg.InPlaceOf(position.GetArea(), day)...)
			}
			for _, a := range position.GetAudiences() {
				if all.audience = a; all.isFor(s) && !slices.Contains(audiences, a) {
					audiences = append(audiences, a)
				}
			}
		}
	}
	if !slices.ContainsFunc(p.endings[s.entry.ID], func(e ending) bool { return e.how == amended }) || len(audiences) == 0 {
		return []query{all}
	}
	var out []query
	for _, measure := range measures {
		for _, all.audience = range audiences {
			q := all.onMeasure(measure)
			out = append(out, q)
			if q.area != nil {
				continue
			}
			for _, area := range slices.Concat(p.areasToAsk(q), places) {
				q.area = area
				out = append(out, q)
			}
		}
	}
	return out
}

// amending is, by entry, the first day on which an amendment of an assertion has a candidate
// for a question.
func (p *Prepared) amending(q query, s *assertion) map[*Entry]string {
	var said []*assertion
	for _, e := range p.endings[s.entry.ID] {
		speaks := func(c string) bool { // for the committee, or for one merged from it
			return (c == q.committee || slices.Contains(p.reg.Predecessors(c), q.committee)) && Counts(e.by, c, p.reg)
		}
		if e.how != amended {
			continue
		}
		for _, by := range p.byEntry[e.by.ID] {
			if by.position.GetMatter() == q.matter && slices.ContainsFunc(by.position.GetCommittees(), speaks) {
				said = append(said, by)
			}
		}
	}
	return firstDays(p.candidatesAmong(q, said).valid)
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
