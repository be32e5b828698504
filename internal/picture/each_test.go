package picture

import (
	"context"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What networks alone are asked was taken out of the partners' own answer itself, where it left a hole: whoever read that next
// found a request of nothing.
func TestLeavingOutWhatNetworksAreAskedLeavesTheAnswerOfPartnersWhole(t *testing.T) {
	const partners, pcns = v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PCNS
	w := withKent()
	form := func(object string, of ...v1.Audience) *v1.Action {
		return &v1.Action{Verb: "send", Object: object, Matter: plan, Measure: "fund", Due: by("2021-12-13"), Actors: of}
	}
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES, pcns), func(a *v1.Advisory) {
		a.Actions = []*v1.Action{form("one", pcns), form("another")}
	})
	w.says("kent", "kent", "2021-10-21", refuse, on("fund"), toReaders(partners))
	r := newResolver(context.Background(), w.input())
	c, _ := r.committee("kent")
	for range 2 {
		lines := r.resolve(r.asking(c, question{measure: "fund", readers: v1.Audience_AUDIENCE_PRACTICES}))
		r.askEach(c, lines[0], question{measure: "fund", readers: v1.Audience_AUDIENCE_PRACTICES})
	}
	of := r.resolve(r.asking(c, question{measure: "fund", readers: partners}))[0]
	var asked []string
	for _, also := range of.GetAlsoAsked() {
		asked = append(asked, guidance.ActionWords(also.GetAction()))
	}
	if len(asked) != 2 || asked[0] != "send one" || asked[1] != "send another" {
		t.Errorf("partners are asked %q", asked)
	}
}
