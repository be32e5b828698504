package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksAgainWords says from which day ahead on an entry asks again, and with which letter, what it asks in the place of that one's
// request and asks no more, or of some no more, for that one has ended and counts again then.
func (p *Prepared) asksAgainWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	var told grouped[string, string] // sentences, of which committees
	for i, committee := range committees {
		if repeats(committees, i) {
			continue
		}
		for _, action := range Actions(e.Advisory) {
			for _, c := range p.carriersOf(e, action, committee, matters) {
				if c.entry.ID == e.ID {
					continue
				}
				for _, again := range p.allAgainAhead(append(c.through, c.entry), day) {
					over, lapsed := p.overAgain(c.entry, committee, again.from, matters)
					if lapsed || isPast(action, again.from) || !p.comesBack(e, c, committee, again.from, matters) {
						continue
					}
					by := ""
					if again.by != nil {
						by = again.by.ID
					}
					sentence := notation.Joined(", by ", "“"+askQuote(action)+"” again from "+DayWords(again.from)+" on, with "+c.entry.ID, by)
					if over != nil {
						sentence += ", but a later line stands over that: " + over.ID
					} else {
						sentence += ", unless another letter ends it"
					}
					if !slices.Contains(told.members[sentence], committee) {
						told.add(sentence, committee)
					}
				}
			}
		}
	}
	for _, sentence := range told.keys {
		words += " " + notation.Capital(strings.TrimSpace(p.forSome(told.members[sentence], committees)+" it asks ")) + " " + sentence + "."
	}
	return words
}

// allAgainAhead are the days after one from which on something of some entries may count again.
func (p *Prepared) allAgainAhead(entries []*Entry, day string) (all []again) {
	for _, e := range entries {
		for _, later := range p.endings.of(e.ID) {
			for _, one := range p.againAhead(e, later, day) {
				if !slices.ContainsFunc(all, func(o again) bool { return o.from == one.from }) {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// comesBack: somebody is asked from a day on by an entry what it asks in the place of another's request, and was not the day before.
func (p *Prepared) comesBack(e *Entry, c carrier, committee, from string, matters func(string) *v1.Matter) bool {
	asked := p.questionsOf(c.assertion, committee, from, matters)
	asks := func(f fate) bool {
		_, in := p.corrected(f.query, c.assertion, c.action)
		return f.ends == nil && in.entry.ID == e.ID
	}
	was := p.fatesOn(asked, c.assertion, notation.DayBefore(from))
	for i, is := range p.fatesOn(asked, c.assertion, from) {
		if asks(is) && !asks(was[i]) {
			return true
		}
	}
	return false
}
