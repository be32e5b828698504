package plain

import (
	"fmt"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Alike writes where a text that somebody was sent differs from the letter it is most like; nothing where it is like none.
func (p *Page) Alike(to *answersv1.LetterAlike) {
	if to == nil {
		return
	}
	p.Para(0, notation.Joined(": ", "Of "+to.GetEntry()+" itself", to.GetStanding()))
	if len(to.GetPassages()) > 0 {
		p.Head("Where they differ:")
	}
	for _, d := range to.GetPassages() {
		signed, sent := "nothing", "nothing"
		if d.GetLetter() != "" {
			signed = "“" + notation.Joined(" ", d.GetBefore(), "["+d.GetLetter()+"]", d.GetAfter()) + "”"
		}
		if d.GetText() != "" {
			sent = "“" + notation.Joined(" ", d.GetBefore(), "["+d.GetText()+"]", d.GetAfter()) + "”"
		}
		p.Gap()
		p.Hang("  as signed  ", signed)
		p.Hang("  as sent    ", sent)
	}
	if n := to.GetMorePassages(); n > 0 {
		p.Item(2, fmt.Sprintf("and %d more", n))
	}
}
