package picture

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// titlesNamed is how many titles of measures a sentence has, else their number.
const titlesNamed = 4

// CeasedProposers are the proposers of a matter and of its measures that had ceased by the day,
// the matter's first (domain.md 4.9).
func CeasedProposers(register Register, m *guidancev1.Matter, day string) []*answersv1.CeasedProposer {
	var all []*answersv1.CeasedProposer
	if of := ceased(register, m.GetProposer(), day); of != nil {
		all = append(all, of)
	}
	for _, measure := range m.GetMeasures() {
		by := guidance.ProposerOf(m, measure.GetId())
		if guidance.SharesProposer(m, measure.GetId()) {
			continue
		}
		i := slices.IndexFunc(all, func(of *answersv1.CeasedProposer) bool { return of.GetId() == by.GetId() })
		if i < 0 {
			of := ceased(register, by, day)
			if of == nil {
				continue
			}
			i, all = len(all), append(all, of)
		}
		all[i].Measures = append(all[i].Measures, measure.GetId())
	}
	for _, of := range all {
		of.Words = ceasedWords(m, of)
	}
	return all
}

// ceasedProposer is the proposer of a measure, or of the whole matter, where that had ceased.
func ceasedProposer(in Input, measure string) *answersv1.CeasedProposer {
	of := ceased(in.Register, guidance.ProposerOf(in.Matter, measure), in.AsOf)
	if of != nil {
		of.Words = ceasedWords(in.Matter, of)
	}
	return of
}

func ceased(register Register, by *guidancev1.Body, day string) *answersv1.CeasedProposer {
	until, instead := register.Ceased(by.GetId(), day)
	if until == "" {
		return nil
	}
	return &answersv1.CeasedProposer{Id: by.GetId(), Name: cmp.Or(by.GetName(), by.GetId()), LastDay: until, Successors: instead}
}

// ceasedWords say that a proposer had ceased, and nothing of what follows for the contract:
// "NHS Surrey CCG, which proposed this, ceased on 30 June 2022; in its place: NHS Surrey ICB."
func ceasedWords(m *guidancev1.Matter, of *answersv1.CeasedProposer) string {
	what := "this"
	if n := len(of.GetMeasures()); n > titlesNamed {
		what = fmt.Sprintf("%d measures of this", n)
	} else if n > 0 {
		var titles []string
		for _, id := range of.GetMeasures() {
			titles = append(titles, "“"+cmp.Or(guidance.MeasureOf(m, id).GetTitle(), id)+"”")
		}
		what = notation.List(titles)
	}
	words := fmt.Sprintf("%s, which proposed %s, ceased on %s; ", of.GetName(), what, guidance.DayWords(of.GetLastDay()))
	if len(of.GetSuccessors()) == 0 {
		return words + "the register names nothing in its place."
	}
	var names []string
	for _, later := range of.GetSuccessors() {
		names = append(names, later.GetName())
	}
	return words + "in its place: " + notation.List(names) + "."
}
