package plain

import (
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Matter writes a matter as its readers see it.
func (p *Page) Matter(m *guidancev1.Matter) {
	if m.GetNotice() != "" {
		p.Para(0, m.GetNotice())
		p.Gap()
	}
	p.matterHead(m)
	p.Line("named " + m.GetName())
	p.Markdown(0, m.GetSummary())
	p.Head("Measures:")
	for _, measure := range m.GetMeasures() {
		p.Hang("  ", measure.GetId()+": "+measure.GetTitle())
		about := guidance.MeasureKindWords(measure.GetKind())
		if by := guidance.ProposerOf(m, measure.GetId()).GetName(); by != "" {
			about += ", proposed by " + by
		}
		if to := audiencesWords(measure.GetAddressedTo()); to != "" {
			about += ", for " + to
		}
		p.Hang("      ", about)
		for _, d := range measure.GetDeadlines() {
			p.Hang("      ", "due "+deadlineWords(d))
		}
	}
	if len(m.GetReferences()) > 0 {
		p.Head("Documents:")
		for _, r := range m.GetReferences() {
			p.Hang("  ", referenceWords(r))
		}
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
