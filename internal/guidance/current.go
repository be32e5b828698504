package guidance

import (
	"slices"
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
	Current bool   // something it says still stands, or it says nothing that can end
	By      string // the entry that ended it, or part of it; empty: nothing did
	Words   string // in plain words
}

// EndOf says whether an entry still stands on a day, given everything recorded on its
// matters: "is this letter still current?". Committees may fare differently: it is
// current while it stands for one of them.
func EndOf(e Entry, all []Entry, reg Register, today string) End {
	if !slices.ContainsFunc(all, func(other Entry) bool { return other.ID == e.ID }) {
		all = append(slices.Clip(all), e)
	}
	return Prepare(all, reg).EndOf(e, today)
}

// EndOf is the function EndOf for an entry among those prepared.
func (p *Prepared) EndOf(e Entry, today string) End {
	switch {
	case e.Repudiated:
		return End{Words: "It was signed with a key that had been revoked, and does not count."}
	case e.Withdrawal != nil:
		return End{Current: true, Words: "It withdraws " + e.Withdrawal.GetAdvisory() + "."}
	case e.Report != nil:
		return p.endOf(e, today, e.Report.GetPosition().GetCommittees(), []*v1.Position{e.Report.GetPosition()})
	case e.Advisory != nil:
		return p.endOf(e, today, committeesOf(e.Advisory), e.Advisory.GetPositions())
	}
	return End{Current: true}
}

// tally is how the parts of an entry fare.
type tally struct {
	standing, entitled int
	last               *ended
	over               *saying // a later word of the committee that stands over it
}

func (p *Prepared) endOf(e Entry, today string, committees []string, positions []*v1.Position) End {
	var t tally
	matters := union(positions, func(position *v1.Position) []string { return []string{position.GetMatter()} })
	for _, c := range committees {
		for _, matter := range matters {
			p.count(&t, e.ID, topic{matter, c}, today)
		}
		if len(positions) == 0 {
			p.countWords(&t, &e, c, today)
		}
	}
	return t.end(e)
}

// count adds up how what an entry says on one topic fares.
func (p *Prepared) count(t *tally, id string, key topic, today string) {
	for _, s := range p.heard[key] {
		if s.entry.ID == id {
			p.countSaying(t, s, key, today)
		}
	}
}

// countWords adds up an advisory that takes no position, and can end all the same.
func (p *Prepared) countWords(t *tally, e *Entry, committee, today string) {
	issued, ok := readRange(e.Issued())
	if ok && p.reg.SpeaksFor(e.Office, committee, issued.latest) {
		p.countSaying(t, &saying{entry: e, position: &v1.Position{}, issued: issued}, topic{committee: committee}, today)
	}
}

func (p *Prepared) countSaying(t *tally, s *saying, key topic, today string) {
	t.entitled++
	a := asking{topic: key, measure: s.position.GetMeasure(), whole: s.position.GetMeasure() == "", area: s.position.GetArea(), day: today}
	if len(s.position.GetAudiences()) > 0 {
		a.audience = s.position.GetAudiences()[0]
	}
	end, gone := p.end(a, s, p.hearing(a).candidates)
	if !gone {
		t.standing++
		if now := p.answer(a).current; now != nil && now.entry.ID != s.entry.ID && !s.mention {
			t.over = now
		}
		return
	}
	if t.last == nil || t.last.since < end.since {
		t.last = &end
	}
}

// end puts a tally into words.
func (t *tally) end(e Entry) End {
	switch {
	case t.entitled == 0:
		return End{Words: "The register did not let " + e.Office + " speak for those it names on that day, and it does not count."}
	case t.standing == 0:
		return End{By: t.last.byID(), Words: "It no longer counts: " + t.last.words() + "."}
	case t.last != nil:
		return End{Current: true, By: t.last.byID(), Words: "It still stands in part. Of the rest: " + t.last.words() + "."}
	case t.over != nil:
		return End{Current: true, Words: "Nothing has ended it, but a later line stands over it: " + t.over.entry.ID + " (" + RangeWords(t.over.entry.Issued()) + ")."}
	}
	return End{Current: true, Words: "It still stands."}
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
