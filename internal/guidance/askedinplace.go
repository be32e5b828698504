package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the page of a letter says of the letters that correct it, or that correct the same: whoever reads there that it asks
// something no more must not take that to be over.

// allAsked are all of whom an action of an entry may be asked for a committee, whether anything asks it of them or not.
func (v *viewed) allAsked(action *v1.Action, committee string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (all []reader) {
	m := matters(ActionMatter(v.entry.Advisory, action))
	for _, c := range v.carriersOf(v.entry, action, committee, matters) {
		if m == nil || c.position.GetMatter() != m.GetName() {
			continue
		}
		for _, f := range v.aboutAction(fates(c.assertion), action) {
			for _, q := range v.mayAsk(c.assertion, action, onItsMeasure(f.query, m, action)) {
				if r := readerOf(q); !slices.Contains(all, r) {
					all = append(all, r)
				}
			}
		}
	}
	return all
}

// askedInPlace says which letters ask some readers now, and how, what an entry asks them no more, in its place: those that correct
// it, or the same, or what it corrected; and of whom of them, where that is not of all: ": essex/3 asks it, by 16 December
// 2021". Empty: none does. What was due by a day that has passed is asked by its letter alone, as long as that counts.
func (v *viewed) askedInPlace(action *v1.Action, committee string, matters func(string) *v1.Matter, lost []reader) string {
	m := matters(ActionMatter(v.entry.Advisory, action))
	var how grouped[manner, reader]
	was := func(in *Entry) request { // what it corrected is asked again
		if slices.Contains(v.entry.Advisory.GetAmends(), in.ID) {
			return request{by: v.entry, action: action}
		}
		return request{by: &Entry{}, action: action}
	}
	carriers := v.carriersOf(v.entry, action, committee, matters)
	for _, r := range lost {
		q := r.asks(m, v.day)
		for _, c := range carriers {
			if v.stopped() {
				return ""
			}
			by, in := v.corrected(q, c.assertion, c.action)
			asks := in.entry.ID != v.entry.ID && v.is(by, q)
			if in.entry.ID != v.entry.ID && isPast(by, v.day) {
				_, over := v.end(q, c.assertion, v.amending(q, c.assertion))
				asks = !over
			}
			if asks {
				how.add(otherwise(was(in.entry), standing{action: by, assertion: in}, false), r)
				break
			}
		}
	}
	return mannersWords(how, lost, v.limits(m, v.day, func(measure string) string { return v.measureWords(m, measure) }))
}

// correctionsOf are the letters without a line that correct an entry for some of its committees and stand, and in the place of
// those that do not, those that correct them.
func (p *Prepared) correctionsOf(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (all []*Entry) {
	looked := []*Entry{e}
	for i := 0; i < len(looked) && i < CorrectionsFollowed; i++ {
		for _, by := range p.endings.of(looked[i].ID) {
			known := func(o *Entry) bool { return o.ID == by.by.ID }
			corrects := by.how == amended && len(by.by.Advisory.GetPositions()) == 0 && by.issued <= day && AtLeastAsWide(by.by.Visibility, e.Visibility)
			isForSome := func(c string) bool { return p.endsHere(c, "", by.by) }
			stands := func(c string) bool {
				st, _ := p.standingFor(by.by, c, day, matters)
				return st.Current
			}
			switch {
			case !corrects || slices.ContainsFunc(looked, known) || slices.ContainsFunc(all, known) || !slices.ContainsFunc(committees, isForSome):
			case slices.ContainsFunc(CommitteesOf(*by.by), stands):
				all = append(all, by.by)
			default:
				looked = append(looked, by.by)
			}
		}
	}
	return all
}
