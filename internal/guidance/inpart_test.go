package guidance

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestNoMorePartsOfALetterAreToldThanTheLimit(t *testing.T) {
	for _, n := range []int{PartsLimit, PartsLimit + 1} {
		m := &v1.Matter{Name: "gpc/plan", Proposer: &v1.Body{Id: "nhs-england"}}
		letter := say("essex/1", "2021-10-01", on("north", "", refuse))
		entries := []Entry{letter}
		for i := range n {
			id := fmt.Sprintf("m%d", i)
			m.Measures = append(m.Measures, &v1.Measure{Id: id, Title: "Measure " + id})
			entries = append(entries, say(fmt.Sprintf("essex/%d", i+2), "2021-10-02", on("north", id, support), amends("essex/1")))
		}
		p := Prepare(t.Context(), entries, register())
		matters := func(string) *v1.Matter { return m }
		standings := p.EndOf(letter, "2021-10-10", matters).Committees
		words := p.InPart(letter, standings, "2021-10-10", matters, func(*v1.AreaId) []string { return nil })
		if got := len(standings[0].GetParts()); got != PartsLimit {
			t.Errorf("of %d parts: %d", n, got)
		}
		if !strings.HasSuffix(words, fmt.Sprintf(" And %d more.", PartsLimit-endingsTold)) || strings.Count(words, "amended by") != endingsTold {
			t.Errorf("of %d parts: %s", n, words)
		}
	}
}
