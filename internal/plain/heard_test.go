package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whoever has five minutes reads the top: that the node hears nobody stands there, once.
func TestThatANodeHearsNobodyStandsAtTheTopOfEveryPage(t *testing.T) {
	const warning = "This node hears no other node, the last was heard 3 days ago: what other offices published since is not known here."
	c := &answersv1.Completeness{Warning: warning, Words: warning + " Everything else known to have been published is here."}
	matter := &guidancev1.Matter{Name: "gpc-england/plan", Title: "A plan"}
	for what, write := range map[string]func(*Page){
		"view":     func(p *Page) { p.View(&answersv1.CombinedView{Matter: matter, Completeness: c}, "", false) },
		"full":     func(p *Page) { p.View(&answersv1.CombinedView{Matter: matter, Completeness: c}, "", true) },
		"national": func(p *Page) { p.National(&answersv1.NationalPicture{Matter: matter, Completeness: c}, "") },
		"changes":  func(p *Page) { p.Changes(&answersv1.GetChangesResponse{Completeness: c}, "") },
	} {
		p := New(LeastWidth)
		write(p)
		page := strings.Join(strings.Fields(p.String()), " ")
		if !strings.HasPrefix(page, warning) || strings.Count(page, warning) != 1 || !strings.Contains(page, " Everything else known") {
			t.Errorf("%s:\n%s", what, p)
		}
		if !strings.Contains(p.String(), "here.\n\n") {
			t.Errorf("%s: no empty line behind it:\n%s", what, p)
		}
	}
}
