package guidance

import (
	"slices"
	"strings"
	"time"

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
	Counts  bool   // it counts for somebody it names
	Current bool   // something it says still stands, or it says nothing that can end
	By      string // the entry that ended it, or part of it; empty: nothing did
	Words   string // in plain words
}

// EndOf says whether an entry among those prepared still stands on a day, given whatever
// ends it among them: "is this letter still current?". Committees may fare differently:
// it is current while it stands for one of them. It looks at the entry and its endings
// alone, however much else was prepared.
func (p *Prepared) EndOf(e Entry, day string) End {
	committees := CommitteesOf(e)
	counting := slices.DeleteFunc(slices.Clone(committees), func(c string) bool { return !Counts(&e, c, p.reg) })
	if e.Withdrawal != nil && len(committees) == 0 && !e.Repudiated {
		counting = []string{""} // it names nobody, and ends what its office may end
	}
	if len(counting) == 0 {
		return End{Words: NotCountedWords(WhyNot(&e, strings.Join(committees[:min(1, len(committees))], ""), p.reg), &e)}
	}
	if e.Withdrawal != nil {
		return End{Counts: true, Current: true, Words: "It withdraws " + e.Withdrawal.GetAdvisory() + "."}
	}
	var t tally
	for _, s := range p.byEntry[e.ID] {
		for _, c := range counting {
			if slices.Contains(s.position.GetCommittees(), c) {
				p.countAssertion(&t, s, topic{s.position.GetMatter(), c}, day)
			}
		}
	}
	if len(e.Advisory.GetPositions()) == 0 && e.Report == nil { // it takes no position, and can end all the same
		issued, _ := readRange(e.Issued())
		for _, c := range counting {
			p.countAssertion(&t, &assertion{entry: &e, position: &v1.Position{}, issued: issued}, topic{committee: c}, day)
		}
	}
	return t.end(e)
}

// StandsOver is the later entry whose line is the current one of a committee where this
// entry, which nothing has ended, once was: what was prepared must be everything said on
// its matters for its committees.
func (p *Prepared) StandsOver(e Entry, day string) *Entry {
	for _, s := range p.byEntry[e.ID] {
		for _, c := range s.position.GetCommittees() {
			if s.mention || !Counts(&e, c, p.reg) {
				continue
			}
			if now := p.answer(queryOf(s, topic{s.position.GetMatter(), c}, day)).current; now != nil && now.entry.ID != e.ID {
				return now.entry
			}
		}
	}
	return nil
}

// queryOf is the very question an assertion answers.
func queryOf(s *assertion, key topic, day string) query {
	a := query{topic: key, measure: s.position.GetMeasure(), whole: s.position.GetMeasure() == "", area: s.position.GetArea(), day: day}
	if len(s.position.GetAudiences()) > 0 {
		a.audience = s.position.GetAudiences()[0]
	}
	return a
}

// tally is how the parts of an entry fare.
type tally struct {
	standing, said int
	last           *ended
}

func (p *Prepared) countAssertion(t *tally, s *assertion, key topic, day string) {
	t.said++
	a := queryOf(s, key, day)
	var amending []*assertion // an amendment ends by what it says itself
	for _, e := range p.endings[s.entry.ID] {
		for _, said := range p.byEntry[e.by.ID] {
			if said.position.GetMatter() == key.matter && slices.Contains(said.position.GetCommittees(), key.committee) && Counts(e.by, key.committee, p.reg) {
				amending = append(amending, said)
			}
		}
	}
	end, gone := p.end(a, s, p.candidatesAmong(a, amending).valid)
	if !gone {
		t.standing++
	} else if t.last == nil || t.last.since < end.since {
		t.last = &end
	}
}

// end puts a tally into words.
func (t *tally) end(e Entry) End {
	switch {
	case t.said == 0:
		return End{Words: "What it says is not understood by this software, and does not count."}
	case t.standing == 0:
		return End{Counts: true, By: t.last.byID(), Words: "It no longer counts: " + t.last.words() + "."}
	case t.last != nil:
		return End{Counts: true, Current: true, By: t.last.byID(), Words: "It still stands in part. Of the rest: " + t.last.words() + "."}
	}
	return End{Counts: true, Current: true, Words: "It still stands."}
}

// OverWords says that a later line stands over an entry that nothing has ended.
func OverWords(over *Entry) string {
	return "Nothing has ended it, but a later line stands over it: " + over.ID + " (" + RangeWords(over.Issued()) + ")."
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
