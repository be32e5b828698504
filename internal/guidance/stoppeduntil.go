package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// stoppedUntil are the warnings of what temporary advice stops that has ended itself, withdrawn or by another letter: that does not
// undo what it stops, which counts again all the same from the day after its last (domain.md 4.2), as a line or with what it asks.
func (p *Prepared) stoppedUntil(q query, out *answer) (all []*answersv1.Warning) {
	var now []standing
	for _, gone := range out.gone {
		for _, from := range p.countsAgain(gone.assertion.entry, q.day) {
			if len(all) == turnsLooked || p.stopped() {
				return all
			}
			if out.current != nil && out.current.until == notation.DayBefore(from) {
				continue // which says so of itself
			}
			if now == nil {
				now = slices.Concat(out.asked(), out.alsoAsked)
			}
			then := q
			then.day = from
			is := p.answerUnnamed(then)
			asks := slices.DeleteFunc(slices.Concat(is.stillAsked(then), is.alsoAsked), func(of standing) bool {
				return of.assertion.entry != gone.assertion.entry || slices.ContainsFunc(now, func(o standing) bool { return o.action == of.action })
			})
			w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: q.measure, From: from, Entry: gone.assertion.entry.ID, Asks: quotedAsks(asks)}
			if is.current == gone.assertion {
				w.Stance = is.current.position.GetStance()
			}
			told := func(o *answersv1.Warning) bool { return o.GetFrom() == w.From && o.GetEntry() == w.Entry }
			if (is.current == gone.assertion || w.Asks != "") && !slices.ContainsFunc(all, told) {
				all = append(all, warning(w))
			}
		}
	}
	return all
}
