package plain

import (
	"io"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// OneScreen writes a combined view on one screen, for somebody who has not seen one before: the
// own LMC's line and what to do about it, then who else says what.
func OneScreen(w io.Writer, v *answersv1.CombinedView, width int) error {
	p := New(width)
	for _, notice := range v.GetNotices() {
		p.Para(0, notice)
	}
	m := v.GetMatter()
	p.Para(0, m.GetTitle()+" ("+notation.Joined(", ", m.GetProposer().GetName(), guidance.RangeWords(m.GetOpened()))+")")
	p.ceased(v.GetCeased())
	others := []*answersv1.Line{v.GetNational().GetHeadline()}
	for _, c := range v.GetCommittees() {
		if c.GetOwn() {
			p.ownOnOneScreen(v, c.GetHeadline())
		} else {
			others = append(others, c.GetHeadline())
		}
	}
	p.othersOnOneScreen(others)
	if isForPractices(v.GetAudience()) {
		p.decides()
	}
	return p.print(w)
}

func (p *Page) ownOnOneScreen(v *answersv1.CombinedView, line *answersv1.Line) {
	p.Gap()
	p.Para(0, worded(line, guidance.Wording{ContractApart: true, Letters: true}))
	p.rows("  Contract  ", contractWords(v, line, true))
	for _, act := range requestsOf(v, []topic{{line.GetMeasure(), voices(line)}}) {
		p.Hang("  ", sentence(act.words("your LMC", v)))
	}
	if st := line.GetCurrent(); st != nil {
		p.Hang("  Letter    ", st.GetTitle()+" ["+st.GetAdvisory()+"]")
	}
}

// othersOnOneScreen writes what others say, those that say the same by the same letter together.
func (p *Page) othersOnOneScreen(lines []*answersv1.Line) {
	p.Head("What others say:")
	var all []string
	names := map[string][]string{} // who says it, by the words
	for _, line := range lines {
		words := strings.TrimLeft(strings.TrimPrefix(worded(line, guidance.Wording{Others: true, ContractApart: true, Letters: true}), line.GetCommitteeName()), ": ")
		if names[words] == nil {
			all = append(all, words)
		}
		names[words] = append(names[words], line.GetCommitteeName())
	}
	for _, words := range all {
		p.Hang("  ", notation.Names(names[words])+": "+words)
	}
}
