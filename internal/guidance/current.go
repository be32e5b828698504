package guidance

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

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
}

// EndOf says whether an entry among those prepared still stands on a day, given whatever
// ends it among them: "is this letter still current?". Committees may fare differently:
// it is current while it stands for one of them. It looks at the entry and its endings
// alone, however much else was prepared.
func (p *Prepared) EndOf(e Entry, day string) End {
	var end End
	committees := CommitteesOf(e)
	if e.Withdrawal != nil && len(committees) == 0 {
		committees = []string{""} // it names nobody, and ends what its office may end
	}
	var last *ended
	for i, c := range committees {
		if repeats(committees, i) {
			continue
		}
		st, gone := p.standingFor(&e, c, day)
		end.Committees = append(end.Committees, st)
		end.Counts = end.Counts || st.NotCounted == counts
		end.Current = end.Current || st.Current
		if gone != nil && (last == nil || last.since < gone.since) {
			last = gone
		}
	}
	switch {
	case !end.Counts && slices.ContainsFunc(committees, func(c string) bool { return Counts(&e, c, p.reg) }):
		end.Words = "What it says is not understood by this software, and does not count."
	case !end.Counts && len(end.Committees) > 0:
		end.Words = NotCountedWords(end.Committees[0].NotCounted, &e)
	case !end.Counts:
		end.Words = NotCountedWords(WhyNot(&e, "", p.reg), &e)
	case e.Withdrawal != nil:
		end.Words = "It withdraws " + e.Withdrawal.GetAdvisory() + "."
	case last == nil:
		end.Words = "It still stands."
	case end.Current:
		end.By, end.Words = last.byID(), "It still stands in part. Of the rest: "+last.words()+"."
	default:
		end.By, end.Words = last.byID(), "It no longer counts: "+last.words()+"."
	}
	return end
}

// standingFor is where an entry stands for one committee, and the last of its ends.
func (p *Prepared) standingFor(e *Entry, committee, day string) (*answersv1.CommitteeStanding, *ended) {
	st := &answersv1.CommitteeStanding{Committee: committee, NotCounted: WhyNot(e, committee, p.reg)}
	if e.Withdrawal != nil && committee == "" && st.NotCounted == answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE {
		st.NotCounted = counts
	}
	if st.NotCounted != counts || e.Withdrawal != nil {
		st.Current = st.NotCounted == counts // a withdrawal cannot end
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
	for _, s := range said {
		end, gone := p.endFor(s, topic{s.position.GetMatter(), committee}, day)
		if !gone {
			st.Current = true
			continue
		}
		if last == nil || last.since < end.since {
			last = &end
		}
		one := &answersv1.Ending{Kind: end.how.kind(), Entry: end.byID(), Day: end.since}
		if !slices.ContainsFunc(st.Endings, func(x *answersv1.Ending) bool { return proto.Equal(x, one) }) {
			st.Endings = append(st.Endings, one)
		}
	}
	slices.SortStableFunc(st.Endings, func(x, y *answersv1.Ending) int { return cmp.Compare(x.Day, y.Day) })
	return st, last
}

// speaksFor says whether an advisory takes a position for a committee.
func speaksFor(a *v1.Advisory, committee string) bool {
	return slices.ContainsFunc(a.GetPositions(), func(p *v1.Position) bool { return slices.Contains(p.GetCommittees(), committee) })
}

// StandsOver is, by committee, the later entry whose line is the current one where this
// entry, which nothing has ended, once was: what was prepared must be everything said on
// its matters for its committees.
func (p *Prepared) StandsOver(e Entry, day string) map[string]*Entry {
	over := map[string]*Entry{}
	for _, s := range p.byEntry[e.ID] {
		for _, c := range s.position.GetCommittees() {
			if s.mention || over[c] != nil || !Counts(&e, c, p.reg) {
				continue
			}
			if now := p.answer(queryOf(s, topic{s.position.GetMatter(), c}, day)).current; now != nil && now.entry.ID != e.ID {
				over[c] = now.entry
			}
		}
	}
	return over
}

// askOf is the very question an assertion answers.
func queryOf(s *assertion, key topic, day string) query {
	a := query{topic: key, measure: s.position.GetMeasure(), whole: s.position.GetMeasure() == "", area: s.position.GetArea(), day: day}
	if len(s.position.GetAudiences()) > 0 {
		a.audience = s.position.GetAudiences()[0]
	}
	return a
}

// endFor is how an assertion came to its end for a committee. An amendment ends by what it
// says itself, so its own assertions are all the candidates this takes.
func (p *Prepared) endFor(s *assertion, key topic, day string) (ended, bool) {
	a := queryOf(s, key, day)
	var amending []*assertion
	for _, e := range p.endings[s.entry.ID] {
		for _, said := range p.byEntry[e.by.ID] {
			if said.position.GetMatter() == key.matter && slices.Contains(said.position.GetCommittees(), key.committee) && Counts(e.by, key.committee, p.reg) {
				amending = append(amending, said)
			}
		}
	}
	return p.end(a, s, p.candidatesAmong(a, amending).valid)
}

// OverWords says that a later line stands over an entry that nothing has ended.
func OverWords(over *Entry) string {
	return "Nothing has ended it, but a later line stands over it: " + over.ID + " (" + RangeWords(over.Issued()) + ")."
}

// kind is an ending as it is answered.
func (k endingKind) kind() answersv1.EndingKind {
	return [...]answersv1.EndingKind{
		withdrawn: answersv1.EndingKind_ENDING_KIND_WITHDRAWN, replaced: answersv1.EndingKind_ENDING_KIND_REPLACED,
		amended: answersv1.EndingKind_ENDING_KIND_AMENDED, expired: answersv1.EndingKind_ENDING_KIND_EXPIRED,
	}[k]
}

func (e *ended) byID() string {
	if e.by == nil {
		return ""
	}
	return e.by.ID
}

// words says how it ended: "replaced by essex/9 from 1 November 2021".
func (e *ended) words() string {
	switch e.how {
	case withdrawn:
		return "withdrawn by " + e.byID() + " from " + DayWords(e.since)
	case expired:
		return "valid until " + DayWords(dayBefore(e.since))
	case amended:
		return "amended by " + e.byID() + " from " + DayWords(e.since)
	}
	return "replaced by " + e.byID() + " from " + DayWords(e.since)
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
