package picture

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/register"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// unrecorded is what was asked of a day before the register had that any area or LMC would end on some day, or begin on the next.
func unrecorded(w *world, day string, committees ...string) Input {
	isLater := func(t *v1.AreaTenure) bool { return t.GetValidFrom() != "" }
	undo := func(c *v1.Committee) {
		c.ValidUntil, c.Predecessors, c.Areas = "", nil, slices.DeleteFunc(c.Areas, isLater)
		for _, t := range c.Areas {
			t.ValidUntil = ""
		}
	}
	was := *w
	was.records = slices.Clone(w.records)
	for i, one := range was.records {
		body := proto.CloneOf(one.Body)
		if a := body.GetArea(); a != nil {
			a.ValidUntil, a.Successors = "", nil
			if a.GetValidFrom() != "" {
				body.Change = nil
			}
		}
		if c := body.GetCommittee(); c != nil {
			if undo(c); c.GetValidFrom() != "" {
				body.Change = nil
			}
		}
		was.records[i] = register.Record{Entry: one.Entry, Body: body}
	}
	was.records = slices.DeleteFunc(was.records, func(one register.Record) bool { return one.Body.Change == nil })
	in := was.input()
	in.AsOf = day
	in.Committees = nil
	for _, c := range w.in.Committees {
		if slices.Contains(committees, c.GetId()) {
			c.Committee = proto.CloneOf(c.Committee)
			undo(c.Committee)
			in.Committees = append(in.Committees, c)
		}
	}
	return in
}

// Whoever asked since a place in the feed, before the register had a merger, was told that an LMC took over an area where its ICB
// had another code.
func TestAnAreaOfAnotherCodeIsNotTakenOverFromAnyLMC(t *testing.T) {
	const merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	w := merging(byParts(), refuse, caution)
	after := w.onDay(w.in.Committees)("2021-10-27")
	if diff := cmp.Diff([]string{merged}, told(t, unrecorded(w, "2021-10-27", "gpc-england", "east", "west"), after, "")); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	one := mergedAreas() // of one LMC that merged into one which goes on, whose ICB has another code since
	one.area("icb:S", -1, -1)
	one.committee("east", "East LMC", lmc, "east", "icb:P", "icb:R")
	one.committee("west", "West LMC", lmc, "east", "icb:S")
	c := one.in.Committees[1:]
	c[0].Areas[0].ValidUntil, c[0].Areas[1].ValidFrom, c[0].Predecessors = "2021-10-24", recodedOn, []string{"west"}
	one.says("east", "east", "2021-10-20", refuse)
	for _, got := range told(t, unrecorded(one, "2021-10-27", "gpc-england", "east", "west"), one.onDay(one.in.Committees)("2021-10-27"), "") {
		t.Errorf("goes on: %s", got)
	}
}

// Where a letter moved a line since, the register was named as the cause of it, or the move was not told: of a place in the feed it is
// as of a day before the merger.
func TestALetterIsTheCauseOfAMoveSinceAPlaceInTheFeedBeforeAMerger(t *testing.T) {
	for _, isListed := range []bool{true, false} {
		for name, then := range map[string]func(w *world){
			"says":        func(w *world) { w.says("east", "union", "2021-10-26", support) },
			"of the area": func(w *world) { w.says("east", "union", "2021-10-26", support, in("icb:R")) },
			"consults":    func(w *world) { w.says("east", "union", "2021-10-26", consulting) },
			"withdraws":   func(w *world) { w.withdraws("east", "east/0", "2021-10-26") },
			"nothing":     func(*world) {},
		} {
			w := merging(byParts(), refuse, caution)
			if !isListed {
				w = unlisted(merging(mergedAreas(), refuse, caution))
			}
			since := []Input{unrecorded(w, "2021-10-22", "gpc-england", "east", "west"), unrecorded(w, "2021-10-27", "gpc-england", "east", "west")}
			byDay := w.onDay(w.in.Committees)("2021-10-22")
			then(w)
			after := w.onDay(w.in.Committees)("2021-10-27")
			if got := strings.Join(told(t, byDay, after, ""), "\n"); name != "nothing" && name != "withdraws" && strings.Contains(got, "The register did that") {
				t.Errorf("%s, listed: %v, by day: %s", name, isListed, got)
			}
			for _, before := range since {
				if diff := cmp.Diff(told(t, byDay, after, ""), told(t, before, after, "")); diff != "" {
					t.Errorf("%s, listed: %v, since a place of %s (-by day +by place):\n%s", name, isListed, before.AsOf, diff)
				}
			}
		}
	}
}
