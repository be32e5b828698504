package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What the letters that a letter ends were to end, or would count again, on days ahead.

// endsAhead are the letters that stand until an entry that holds from a later day ends them, or part of them.
func (p *publishing) endsAhead(target *Entry) (names []string) {
	from := HoldsFrom(target.Advisory)
	if from <= p.Today {
		return nil
	}
	for _, name := range Ends(*target) {
		if ended := p.standing.Entry(name); ended != nil && ended.Advisory != nil && len(p.standsFor(p.standing, ended, notation.DayBefore(from))) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// wouldCountAgain is the first day ahead on which something of an entry that has ended counts again for some committees, and with what
// is published does not; empty: none.
func (p *publishing) wouldCountAgain(target *Entry, committees []string) (from string) {
	for _, c := range committees {
		day := p.standing.againFrom(target, nil, c, p.Today, p.findMatter)
		if day != "" && p.after.againFrom(target, nil, c, p.Today, p.findMatter) != day && (from == "" || day < from) {
			from = day
		}
	}
	return from
}

// stillGivesWay warns of what an entry amends by a line that holds from a day ahead, and never will: its own end does not undo
// that (domain.md 4.2).
func (p *publishing) stillGivesWay(target *Entry, committees []string) {
	for _, name := range Ends(*target) {
		amends := p.after.Entry(name)
		if amends == nil || amends.Advisory == nil {
			continue
		}
		for _, later := range p.after.endings.of(name) {
			if later.by.ID != target.ID || later.how != amended {
				continue
			}
			for _, from := range p.after.endingDays(later) {
				goesOn := p.standsFor(p.after, target, from) // elsewhere: to withdraw it would end that too
				gives := func(c string) bool {
					return !slices.Contains(goesOn, c) && p.after.endsFrom(amends, later, c, from, p.findMatter)
				}
				w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STILL_ENDS, Entry: name, By: target.ID, From: from, Consequence: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS}
				told := func(o *answersv1.Warning) bool {
					return o.GetCode() == w.Code && o.GetEntry() == w.Entry && o.GetBy() == w.By && o.GetFrom() == w.From
				}
				if from > p.Today && slices.ContainsFunc(committees, gives) && !slices.ContainsFunc(p.Warnings, told) {
					p.warn(w)
				}
			}
		}
	}
}
