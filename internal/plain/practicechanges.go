package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// changesInBrief writes what changed in a line each, what it changed to before what it was, and how much more did:
// what the practice's own committees and the national one say goes before the others and what matters are.
func (p *Page) changesInBrief(c *answersv1.GetChangesResponse) {
	if c == nil {
		return
	}
	p.Gap()
	p.Para(0, notation.Joined(" ", fmt.Sprintf("What changed since %s, up to %s:", guidance.DayWords(c.GetFromDay()), guidance.DayWords(c.GetToDay())), c.GetWords()))
	if len(c.GetChanges()) == 0 {
		p.Line("  Nothing has changed.")
	}
	all, matter := weightiest(c), ""
	for i, change := range all {
		if i == changesShown {
			p.Line(fmt.Sprintf("  and %d more: --print has all of them", len(all)-i))
			break
		}
		if onSeveral(all) {
			matter = guidance.MatterName(change.GetMatter()).Slug()
		}
		is, was := changeInBrief(c.GetNames(), change, matter, change.GetMeasure())
		if room := p.width - len("  "); len([]rune(is))+leastWords <= room {
			p.Line("  " + cutWords(notation.Joined(", ", is, was), room))
		} else {
			p.cutShort("  ", is, 2)
		}
	}
}

// changesWhole writes all that changed, matter by matter where it is of several: that on which the practice's own
// committees changed what they say goes before the others.
func (p *Page) changesWhole(c *answersv1.GetChangesResponse) {
	if c == nil {
		return
	}
	p.Head(fmt.Sprintf("What changed since %s, up to %s", guidance.DayWords(c.GetFromDay()), guidance.DayWords(c.GetToDay())))
	p.Para(0, c.GetWords())
	if len(c.GetChanges()) == 0 {
		p.Para(0, "Nothing has changed.")
	}
	for several, left := onSeveral(c.GetChanges()), weightiest(c); len(left) > 0; {
		matter := left[0].GetMatter()
		titles := c.GetNames().GetMatters()[matter]
		if several {
			p.put(Block{Kind: Subheading, Words: "On " + quoted(titles.GetTitle(), matter)})
		}
		left = slices.DeleteFunc(left, func(one *answersv1.Change) bool {
			if one.GetMatter() == matter {
				is, was := changeInBrief(c.GetNames(), one, "", quoted(titles.GetMeasures()[one.GetMeasure()], one.GetMeasure()))
				p.Item(0, notation.Joined(", ", is, was))
			}
			return one.GetMatter() == matter
		})
	}
}

// weightiest are changes of what the practice's own committees say, of what the national one says, then all others.
func weightiest(c *answersv1.GetChangesResponse) []*answersv1.Change {
	standing := func(one *answersv1.Change) int {
		switch {
		case slices.Contains(c.GetCommittees(), one.GetCommittee()):
			return 0
		case one.GetCommitteeKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
			return 1
		}
		return 2
	}
	return slices.SortedStableFunc(slices.Values(c.GetChanges()), func(a, b *answersv1.Change) int { return cmp.Compare(standing(a), standing(b)) })
}

// onSeveral: the changes are of more matters than one.
func onSeveral(all []*answersv1.Change) bool {
	return slices.ContainsFunc(all, func(o *answersv1.Change) bool { return o.GetMatter() != all[0].GetMatter() })
}

// changeInBrief is who says what now, on which matter, if that has to be told, and which measure, by what they are called
// there, and what it was.
func changeInBrief(names *answersv1.Names, c *answersv1.Change, matter, measure string) (is, was string) {
	before, after := c.GetBefore(), c.GetAfter()
	if c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE || before == nil && after == nil { // of the matter, or of areas
		return "", notation.Joined(": ", matter, cmp.Or(OneLine(c.GetWords()), notation.Joined(": ", c.GetCommitteeName(), changeWords(c))))
	}
	lead := changed(names, c)
	if on := notation.Joined(", ", matter, measure); on != "" {
		lead += " on " + on
	}
	beside := picture.BesideWords(before, after) // what is asked now, and no more, too
	switch {
	case after == nil: // it is not its committee, or not there, any more
		_, why, _ := strings.Cut(c.GetWords(), "; it ")
		why, _, _ = strings.Cut(why, ".")
		return lead + ": " + cmp.Or(strings.TrimSuffix("it "+why, "it "), "no longer asked"), "was " + Brief(before)
	case before == nil:
		return lead + ": now " + Brief(after), ""
	case c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
		return lead + ": still " + Brief(after) + ", and now: " + guidance.ObligationWords(after.GetObligation()), notation.Joined("; ", append([]string{"was: " + guidance.ObligationWords(before.GetObligation())}, beside...)...)
	case Brief(before) != Brief(after):
		return lead + ": now " + Brief(after), notation.Joined("; ", append([]string{"was " + Brief(before)}, beside...)...)
	}
	return lead + ": still " + Brief(after) + "; " + cmp.Or(notation.Joined("; ", beside...), "said otherwise"), ""
}
