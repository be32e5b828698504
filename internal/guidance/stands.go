package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// StandsOver is, by committee, the later entry whose line is the current one where this
// entry, which nothing has ended, once was: what was prepared must be everything said on
// its matters for its committees.
func (p *Prepared) StandsOver(e Entry, day string, matters func(string) *v1.Matter) map[string]*Entry {
	first := map[string]*Entry{}
	for committee, all := range p.standsWhere(e, day, matters, func(s, now *assertion) bool { return newestFirst(now, s) < 0 }) {
		first[committee] = all[0].Entry
	}
	return first
}

// Stands is an entry whose line is the current one on a measure.
type Stands struct {
	Measure string // empty: the whole matter
	Entry   *Entry
}

// StandsNow is, by committee, the entries whose lines are the current ones where this entry's
// were, which have ended, in its order and each once a measure; prepared as for StandsOver.
func (p *Prepared) StandsNow(e Entry, day string, matters func(string) *v1.Matter) map[string][]Stands {
	return p.standsWhere(e, day, matters, func(_, _ *assertion) bool { return true })
}

// standsWhere is, by committee, the other entries whose lines are the current ones where an
// assertion of this entry is asked about, of those that are wanted.
func (p *Prepared) standsWhere(e Entry, day string, matters func(string) *v1.Matter, wanted func(s, now *assertion) bool) map[string][]Stands {
	where := map[string][]Stands{}
	for _, s := range p.byEntry.of(e.ID) {
		for _, c := range s.position.GetCommittees() {
			if s.mention || !Counts(&e, c, p.reg) {
				continue
			}
			for _, q := range p.questionsOf(s, c, day, matters) {
				for _, q.committee = range append(p.reg.Successors(c), c) { // merged, they answer for it
					if q.measure != s.position.GetMeasure() {
						continue
					}
					for _, q.audience = range s.position.GetAudiences() {
						now := p.answer(q).current
						told := now != nil && slices.Contains(where[c], Stands{q.measure, now.entry})
						if now != nil && !now.mention && !now.report && now.entry.ID != e.ID && !told && wanted(s, now) {
							where[c] = append(where[c], Stands{q.measure, now.entry})
						}
					}
				}
			}
		}
	}
	return where
}

// OverWords says that a later line stands over an entry that nothing has ended: for some of its
// committees, or, where none are named, for all.
func OverWords(over *Entry, committees string) string {
	if committees != "" {
		committees = " for " + committees
	}
	return "Nothing has ended it, but a later line stands over it" + committees + ": " + over.ID + " (" + RangeWords(over.Issued()) + ")."
}
