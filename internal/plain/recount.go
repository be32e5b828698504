package plain

import (
	"fmt"
	"slices"
	"strings"
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
		head.GetOffice(), guidance.InstantWords(head.GetSavedTime().AsTime())))
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
	p.tables(pic, func(t *answersv1.NationalTable) {
		title := "The whole matter"
		if t.GetMeasure() != "" {
			title = t.GetTitle()
		}
		p.Hang("  ", notation.Joined(", ", title, "for "+guidance.AudienceWords(t.GetAudience()), areaAndGroup(pic)))
		for _, col := range t.GetColumns() {
			p.Hang("    ", figure(col.GetCount(), t.GetDenominator())+": "+col.GetWords())
		}
	})
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
			_, office, _ := strings.Cut(log.GetLog(), "/")
			office, _, _ = strings.Cut(office, "/log/")
			without = append(without, office)
			continue
		}
		times = append(times, log.GetNewestTime().AsTime())
	}
	p.Head("By the signed heads of " + notation.Counted(int64(len(logs)), "log", "logs") + ":")
	if len(times) > 0 {
		first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
		when := "on " + guidance.InstantWords(last)
		if !first.Equal(last) {
			when = "between " + guidance.InstantWords(first) + " and " + guidance.InstantWords(last)
		}
		p.Hang("  ", "the nodes of "+notation.Counted(int64(len(times)), "office", "offices")+" last called theirs the newest, each signed, "+when)
	}
	switch n := len(without); {
	case n == len(logs):
		p.Hang("  ", "no office's signed word that its head was the newest, and when, is in the file")
	case n > headsNamed:
		p.Hang("  ", fmt.Sprintf("no such word is in the file of %s and %d more", notation.List(without[:headsNamed]), n-headsNamed))
	case n > 0:
		p.Hang("  ", "no such word is in the file of "+notation.List(without))
	}
}

// headsNamed is how many offices are named of whose heads it is not known when they were the newest.
const headsNamed = 10
