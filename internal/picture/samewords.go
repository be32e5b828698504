package picture

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
)

// Those that merged into one may have had two ids for one group, and the one may have a third: the same words are the same group
// (domain.md 4.10), and over the merger it is asked about once.

// wordedGroup is a group of one committee that it, and those it was merged from, say under several ids.
type wordedGroup struct {
	id string // the newest, by which it is asked about
	askedGroup
}

// wordedGroups are such groups by committee, of those that were merged too, and by id. An id that stands for several groups is none.
func (r *resolver) wordedGroups() map[string]map[string]*wordedGroup {
	all := map[string]map[string]*wordedGroup{}
	for _, c := range r.committees {
		family := r.saidFor(c)
		if len(family) == 1 {
			continue
		}
		var groups []Group
		for _, id := range family {
			groups = append(groups, r.in.Said.groupsOf(id, "", false, "")...)
		}
		byID := map[string]*wordedGroup{}
		for _, g := range groups {
			isOne := !slices.ContainsFunc(groups, func(o Group) bool { return o.GetId() == g.GetId() && o.read != g.read })
			i := slices.IndexFunc(groups, func(o Group) bool { return o.GetId() != g.GetId() && o.read == g.read })
			if !isOne || i < 0 || byID[g.GetId()] != nil {
				continue
			}
			worded := byID[groups[i].GetId()]
			switch {
			case worded == nil:
				worded = &wordedGroup{g.GetId(), askedGroup{Group: g}}
			case isNewer(g.by, worded.by):
				worded.id = g.GetId()
				fallthrough
			default:
				worded.join(g)
			}
			byID[g.GetId()] = worded
		}
		for _, id := range family {
			if len(byID) > 0 {
				all[id] = byID
			}
		}
	}
	return all
}

// groupAskedBy is the id by which a group of a committee is asked about, which it, or one that it was merged from, says by some id.
func (r *resolver) groupAskedBy(committee, id string) string {
	if g := r.worded[committee][id]; g != nil {
		return g.id
	}
	return id
}

// ofGroup answers for a group by whatever ids it is said under.
func (r *resolver) ofGroup(g *wordedGroup) *resolver {
	if of := r.byGroup[g]; of != nil {
		return of
	}
	of := *r
	of.group, of.saysGroup = &g.askedGroup, nil
	if r.byGroup == nil {
		r.byGroup = map[*wordedGroup]*resolver{}
	}
	r.byGroup[g] = &of
	return &of
}

// by answers by what else was said, and keeps nothing of it.
func (r *resolver) by(said *guidance.Prepared) *resolver {
	of := *r
	of.prepared, of.afresh, of.byGroup = said, true, nil
	return &of
}
