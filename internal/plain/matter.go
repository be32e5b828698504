package plain

import (
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Matter writes a matter as its readers see it, with everything that is signed.
// ceased are those of its proposers that have ceased.
func (p *Page) Matter(m *guidancev1.Matter, ceased ...*answersv1.CeasedProposer) {
	var links []*answersv1.LinkedMatter
	for _, name := range m.GetSameAs() {
		links = append(links, &answersv1.LinkedMatter{Name: name, Same: true})
	}
	for _, name := range m.GetFollows() {
		links = append(links, &answersv1.LinkedMatter{Name: name})
	}
	p.LinkedMatter(m, links, ceased)
}

// LinkedMatter is Matter with the titles of those it is linked with.
func (p *Page) LinkedMatter(m *guidancev1.Matter, links []*answersv1.LinkedMatter, ceased []*answersv1.CeasedProposer) {
	p.notice(m.GetNotice())
	p.Gap()
	p.matterHead(m)
	p.ceased(ceased)
	p.Line("named " + m.GetName())
	for _, link := range links {
		says, title := "goes on from: ", link.GetName()
		if link.GetSame() {
			says = "the same as: "
		}
		if link.GetTitle() != "" {
			title = "“" + link.GetTitle() + "” (" + link.GetName() + ")"
		}
		p.Hang(says, title)
	}
	p.Hang("also called: ", strings.Join(m.GetAliases(), "; "))
	p.Hang("its proposer: ", bodyWords(m.GetProposer()))
	p.Received(m.GetSummary())
	if len(m.GetMeasures()) > 0 {
		p.Head("Measures:")
	}
	for _, measure := range m.GetMeasures() {
		p.measure(m, measure)
	}
	if len(m.GetEvents()) > 0 {
		p.Head("Events:")
		for _, e := range m.GetEvents() {
			day := "on a day not known yet"
			if e.GetDay() != "" {
				day = guidance.DayWords(e.GetDay())
			}
			p.Hang("  ", e.GetId()+": "+notation.Joined(", ", e.GetTitle(), day))
		}
	}
	if len(m.GetReferences()) > 0 {
		p.Head("Documents:")
		for _, r := range m.GetReferences() {
			p.Hang("  ", referenceWords(r))
		}
	}
	p.Gap()
	p.readers(m.GetVisibility())
}

func (p *Page) measure(m *guidancev1.Matter, measure *guidancev1.Measure) {
	p.Hang("  ", measure.GetId()+": "+measure.GetTitle())
	by := guidance.ProposerOf(m, measure.GetId()).GetName()
	if measure.GetProposer() != nil {
		by = bodyWords(measure.GetProposer())
	}
	about := guidance.MeasureKindWords(measure.GetKind())
	if by != "" {
		about += ", proposed by " + by
	}
	if to := guidance.AudiencesWords(measure.GetAddressedTo()); to != "" {
		about += ", for " + to
	}
	p.Hang("      ", about)
	p.Hang("      also called: ", strings.Join(measure.GetAliases(), "; "))
	if effects := effectsWords(measure.GetClaimedEffects()); effects != "" {
		p.Hang("      ", "contract, says its proposer: "+effects)
	}
	for _, claim := range measure.GetClaims() {
		p.Hang("      claimed: ", claimWords(claim))
	}
	for _, s := range measure.GetScopes() {
		p.Hang("      group: ", groupWords(s))
	}
	for _, d := range measure.GetDeadlines() {
		p.Hang("      ", "due "+deadlineWords(d))
		p.countedFrom(8, d.GetDue())
	}
}

// ceased says which of the proposers of what is asked about had ceased by the day.
func (p *Page) ceased(all []*answersv1.CeasedProposer) {
	for _, of := range all {
		p.Para(0, of.GetWords())
	}
}

// matterHead is the matter's title, and who proposed it when.
func (p *Page) matterHead(m *guidancev1.Matter) {
	p.Para(0, m.GetTitle())
	about := []string{}
	if by := m.GetProposer().GetName(); by != "" {
		about = append(about, "proposed by "+by)
	}
	if m.GetOpened() != nil {
		about = append(about, guidance.RangeWords(m.GetOpened()))
	}
	if m.GetClosed() != nil {
		about = append(about, "closed "+guidance.RangeWords(m.GetClosed()))
	}
	p.Para(0, strings.Join(about, ", "))
}
