package plain

import (
	"fmt"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Recount writes what came of counting a saved picture again: what came of it, in a few words, first;
// then what is not proved and what differs; the figures as counted; and what is shown and what is not.
func (p *Page) Recount(r *answersv1.Recount) {
	head := r.GetHead()
	switch r.GetOutcome() {
	case answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME:
		p.Line("THE SAME: every figure is what the node answered")
	case answersv1.RecountOutcome_RECOUNT_OUTCOME_DIFFERS:
		p.Line("NOT THE SAME: the answer is not what its own letters give")
	default:
		p.Line("NOT PROVED: do not rely on this file")
	}
	matter := head.GetSelector().GetMatter()
	if title := r.GetCounted().GetMatter().GetTitle(); title != "" {
		matter = fmt.Sprintf("%s (%s)", title, matter)
	}
	p.Para(0, fmt.Sprintf("%s: the national picture of %s as of %s, in %s, as the node of %s answered on %s, by its own clock.",
		matter, notation.Capital(head.GetNation()), guidance.DayWords(head.GetSelector().GetAsOf()), picture.UnitWords(head.GetUnit(), 2),
		head.GetOffice(), Instant(head.GetSavedTime().AsTime())))
	p.items("Not proved:", r.GetNotProved())
	p.items("What differs:", r.GetDifferences())
	p.countedAgain(r.GetCounted())
	p.items("Shown:", r.GetShown())
	p.items("Not shown:", r.GetCannotShow())
	p.heads(r.GetLogs())
	p.Footer(nil, r.GetCounted().GetNotices())
}

func (p *Page) items(head string, all []string) {
	if len(all) == 0 {
		return
	}
	p.Head(head)
	for _, words := range all {
		p.Item(2, words)
	}
}

// countedAgain writes the figures as they were counted again.
func (p *Page) countedAgain(pic *answersv1.NationalPicture) {
	if pic == nil {
		return
	}
	p.Head("Counted again:")
	for _, t := range pic.GetTables() {
		title := "The whole matter"
		if t.GetMeasure() != "" {
			title = t.GetTitle()
		}
		p.Hang("  ", title+", for "+guidance.AudienceWords(t.GetAudience()))
		for _, col := range t.GetColumns() {
			p.Hang("    ", figure(col.GetCount(), t.GetDenominator())+": "+col.GetWords())
		}
	}
}

// heads says by which signed heads it was proved, and when their offices last called these their newest.
func (p *Page) heads(logs []*answersv1.RecountedLog) {
	if len(logs) == 0 {
		return
	}
	var times []time.Time
	var without []string
	for _, log := range logs {
		if log.GetNewestTime() == nil {
			without = append(without, log.GetLog())
			continue
		}
		times = append(times, log.GetNewestTime().AsTime())
	}
	p.Head(fmt.Sprintf("The signed heads of %d logs:", len(logs)))
	if len(times) > 0 {
		first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
		words := fmt.Sprintf("their offices' nodes last called them their newest, each signed, on %s", Instant(last))
		if !first.Equal(last) {
			words = fmt.Sprintf("their offices' nodes last called them their newest, each signed, between %s and %s", Instant(first), Instant(last))
		}
		p.Hang("  ", words)
	}
	if n := len(without); n > 0 {
		some := without[:min(n, 10)]
		words := "no such word is in the file of " + notation.List(some)
		if n > len(some) {
			words += fmt.Sprintf(" and %d more", n-len(some))
		}
		p.Hang("  ", words)
	}
}
