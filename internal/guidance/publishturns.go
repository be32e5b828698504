package guidance

import (
	"maps"
	"slices"
	"sort"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The days that a preview looks at: those on which what readers are told may turn.

// turns are the days, latest first, from that on which an assertion ends to today on which what
// its committee says on the matter may differ from the day before; at least the last of these.
func (p *publishing) turns(s *assertion, committee, ends string) []string {
	first := max(ends, s.from, s.issued.latest)
	last := max(first, p.Today)
	days := []string{first, last}
	if first < last {
		for _, day := range p.turnsOf(p.standing, topic{s.position.GetMatter(), committee}) {
			if day > first && day < last {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	slices.Reverse(days)
	return days
}

// turning is what is said for a committee on a matter, before or after.
type turning struct {
	*Prepared
	topic
}

// turnsOf are all days on which that may differ from the day before.
func (p *publishing) turnsOf(of *Prepared, t topic) []string {
	if days, known := p.turnsOn[turning{of, t}]; known {
		return days
	}
	on := map[string]bool{}
	for _, s := range of.said(t) {
		on[max(s.from, s.issued.latest)] = true
		if s.until != "" {
			on[notation.DayAfter(s.until)] = true
		}
		for _, end := range of.endings.of(s.entry.ID) {
			on[max(end.from, end.issued)] = true
		}
	}
	days := slices.Sorted(maps.Keys(on))
	p.turnsOn[turning{of, t}] = days
	return days
}

// turnsAfter are the first of those after a day, with what is about to be published.
func (p *publishing) turnsAfter(t topic, day string) []string {
	days := p.turnsOf(p.after, t)
	ahead := days[sort.Search(len(days), func(i int) bool { return days[i] > day }):]
	return ahead[:min(len(ahead), aheadLooked)]
}

// turnsAhead are today and the days after it, up to the last that is looked at, on which something begins to hold, or is over
// or ends, that is said for some committees on a matter, and that on which an ending takes effect.
func (p *publishing) turnsAhead(m *v1.Matter, committees []string, ends string) []string {
	days := []string{p.Today, max(p.Today, ends)}
	for _, c := range p.inPlaceOf(committees) {
		t := topic{m.GetName(), c}
		for _, s := range p.after.said(t) {
			days = append(days, max(p.Today, s.holdsFrom()))
		}
		days = append(days, p.turnsAfter(t, p.Today)...)
	}
	slices.Sort(days)
	return slices.Compact(days)
}
