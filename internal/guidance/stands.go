package guidance

import (
	"slices"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// StandsOver is, by committee, the later entry whose line is the current one where this
// entry, which nothing has ended, once was: what was prepared must be everything said on
// its matters for its committees.
func (p *Prepared) StandsOver(e Entry, day string, matters func(string) *v1.Matter) map[string]*Entry {
	first := map[string]*Entry{}
	wanted := func(s, now *assertion) bool { return !s.mention && !now.mention && newestFirst(now, s) < 0 }
	for committee, all := range p.standsWhere(e, day, matters, wanted) {
		if holds := slices.IndexFunc(all, Stands.Holds); holds >= 0 {
			first[committee] = all[holds].Entry
		}
	}
	return first
}

// Stands is an entry whose line is the current one on a measure of a matter, or will be.
type Stands struct {
	Matter  string
	Measure string // empty: the whole matter
	Entry   *Entry
	From    string // it holds from this later day on; empty: it is current, or waits
	Waits   bool   // it holds once a condition comes true
}

// Holds: it is the current one.
func (s Stands) Holds() bool { return s.From == "" && !s.Waits }

// StandsNow is, by committee, the entries whose lines are the current ones where this entry's
// were, which have ended, or will be, in its order and each once a measure; prepared as for StandsOver. Of what
// only mentioned something, that which is mentioned now too. Of what it asked in the place of others' requests, the
// entries that ask that now, on the measures on which it took no line.
func (p *Prepared) StandsNow(e Entry, day string, matters func(string) *v1.Matter) map[string][]Stands {
	where := p.standsWhere(e, day, matters, func(s, now *assertion) bool { return s.mention || !now.mention })
	for _, c := range CommitteesOf(e) {
		for _, action := range Actions(e.Advisory) {
			matter, measure := ActionMatter(e.Advisory, action), action.GetMeasure()
			hasLine := func(own *v1.Position) bool {
				return IsAnswered(e, own, c) && own.GetMatter() == matter && own.GetMeasure() == measure
			}
			if slices.ContainsFunc(e.Advisory.GetPositions(), hasLine) || !Counts(&e, c, p.reg) {
				continue
			}
			for _, by := range p.askInPlace(e, action, c, day, matters) {
				if one := (Stands{Matter: matter, Measure: measure, Entry: by}); !slices.Contains(where[c], one) {
					where[c] = append(where[c], one)
				}
			}
		}
	}
	return where
}

// askInPlace are the entries that ask a committee's practices now what an entry asked in the place of another's request:
// that which it corrected, or what corrects that. What was due by a day that has passed goes with its letter alone.
func (p *Prepared) askInPlace(e Entry, action *v1.Action, committee, day string, matters func(string) *v1.Matter) (all []*Entry) {
	views := p.viewed(&e, day)
	for _, c := range p.carriersOf(&e, action, committee, matters) {
		if c.entry.ID == e.ID {
			continue
		}
		for _, f := range p.aboutAction(p.fatesOf(c.assertion, committee, day, matters), action) {
			if f.ends != nil || f.day > day || p.stopped() {
				continue
			}
			by, in := p.corrected(f.query, c.assertion, c.action)
			for _, f.audience = range views.askedOf(c.assertion, by, []v1.Audience{f.audience}) {
				asked, _ := views.all(f.query)
				asks := isPast(by, day) || slices.ContainsFunc(asked, func(of standing) bool { return of.action == by })
				if asks && in.entry.ID != e.ID && !slices.Contains(all, in.entry) {
					all = append(all, in.entry)
				}
			}
		}
	}
	return all
}

// Standing says which positions of an entry, by their places there, still answer something on a day for
// some committee of their own.
func (p *Prepared) Standing(e Entry, day string, matters func(string) *v1.Matter) map[int]bool {
	stand, standings := map[int]bool{}, p.EndOf(e, day, matters).Committees
	for i, position := range PositionsOf(e) {
		stand[i] = stillStands(standings, i, position)
	}
	return stand
}

// stillStands: a position in its place of an entry still answers something for some committee of its own.
func stillStands(standings []*answersv1.CommitteeStanding, place int, position *v1.Position) bool {
	ended := func(its *answersv1.PositionStanding) bool { return int(its.GetPlace()) == place && !its.GetCurrent() }
	return slices.ContainsFunc(standings, func(st *answersv1.CommitteeStanding) bool {
		return st.GetCurrent() && slices.Contains(position.GetCommittees(), st.GetCommittee()) && !slices.ContainsFunc(st.GetPositions(), ended)
	})
}

// IsAnswered: what answers where an entry said something for a committee is asked about a position of it: of what
// it only mentions where it takes no line for that.
func IsAnswered(e Entry, position *v1.Position, committee string) bool {
	return slices.Contains(position.GetCommittees(), committee) && (!IsMention(position) || !slices.ContainsFunc(PositionsOf(e), func(p *v1.Position) bool {
		return !IsMention(p) && slices.Contains(p.GetCommittees(), committee)
	}))
}

// standsWhere is, by committee, the other entries whose lines are the current ones where an
// assertion of this entry is asked about, or will be, of those that are wanted.
func (p *Prepared) standsWhere(e Entry, day string, matters func(string) *v1.Matter, wanted func(s, now *assertion) bool) map[string][]Stands {
	where := map[string][]Stands{}
	for _, s := range p.byEntry.of(e.ID) {
		for _, c := range s.position.GetCommittees() {
			if !IsAnswered(e, s.position, c) || !Counts(&e, c, p.reg) {
				continue
			}
			for _, q := range p.everyQuestion(s, c, day, matters) {
				for _, q.committee = range p.whoAnswers(c, day) {
					if q.measure != s.position.GetMeasure() {
						continue
					}
					for _, q.audience = range s.position.GetAudiences() {
						out := p.answer(q)
						for _, now := range append(p.toCome(q, &out), out.current) {
							if now == nil || now.report || now.entry.ID == e.ID || !wanted(s, now) {
								continue
							}
							one := Stands{Matter: q.matter, Measure: q.measure, Entry: now.entry}
							if now != out.current {
								one.Waits = now.waits
								if now.from > q.day {
									one.From = now.from
								}
							}
							if !slices.Contains(where[c], one) {
								where[c] = append(where[c], one)
							}
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
