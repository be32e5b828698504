package register

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

type committee struct {
	record *guidancev1.Committee
	entry  ledger.EntryID
}

// Committees returns the committees there are on the day, by id: all that are
// recorded, without those whose every area lies in the past or the future and for
// which nobody speaks on the day (merged away, or not yet formed).
func (r *Register) Committees(day string) []*guidancev1.Committee {
	var there []*guidancev1.Committee
	for _, c := range inOrder(r.committees) {
		if !notation.IsWithin(asked(day), c.record.GetValidFrom(), c.record.GetValidUntil()) {
			continue
		}
		_, spokenFor := r.OfficeFor(c.record.GetId(), day)
		if len(c.record.GetAreas()) == 0 || len(areasOn(c.record, asked(day))) > 0 || spokenFor {
			there = append(there, c.record)
		}
	}
	return there
}

// EveryCommittee returns the committees, by id, whatever the day.
func (r *Register) EveryCommittee() []*guidancev1.Committee {
	var all []*guidancev1.Committee
	for _, c := range inOrder(r.committees) {
		all = append(all, c.record)
	}
	return all
}

// Committee returns what is recorded of a committee, or nil.
func (r *Register) Committee(id string) *guidancev1.Committee { return r.committees[id].record }

// CommitteeName is what a committee is called; empty: the register has none of the id.
func (r *Register) CommitteeName(id string) string { return r.committees[id].record.GetName() }

// CommitteeAreas returns the areas the committee covers on the day, in the order
// recorded. None means that none are recorded, not that it covers nothing. A list that nobody is in on the day is none
// of them, unless all are.
func (r *Register) CommitteeAreas(committee, day string) []*guidancev1.AreaId {
	recorded := areasOn(r.committees[committee].record, asked(day))
	there := slices.DeleteFunc(slices.Clone(recorded), func(id *guidancev1.AreaId) bool {
		key := notation.AreaOf(id)
		if key.Scheme != ListScheme || r.areas[key].record == nil {
			return false
		}
		held := r.heldBy(key, asked(day))
		return held != nil && len(held.codes) == 0
	})
	if len(there) == 0 {
		return recorded
	}
	return there
}

// IsOver says whether a committee had its last day before the day.
func (r *Register) IsOver(committee, day string) bool {
	until := r.LastDay(committee)
	return until != "" && until < asked(day)
}

// LastDay is the last day of a committee; empty: none is recorded.
func (r *Register) LastDay(committee string) string {
	return r.committees[committee].record.GetValidUntil()
}

// Predecessors returns the committees a committee was merged from, and theirs, each once, in
// the order recorded.
func (r *Register) Predecessors(committee string) []string {
	return reach(committee, r.predecessors)[1:]
}

func (r *Register) predecessors(committee string) []string {
	return r.committees[committee].record.GetPredecessors()
}

// Successors returns the committees that have a committee among their predecessors, by id.
func (r *Register) Successors(committee string) []string {
	var all []string
	for _, c := range r.EveryCommittee() {
		if slices.Contains(r.Predecessors(c.GetId()), committee) {
			all = append(all, c.GetId())
		}
	}
	return all
}

// CommitteesOfPractice returns the LMCs whose areas contain, on the day, an area that
// lists the practice; by id. A practice may belong to more than one.
func (r *Register) CommitteesOfPractice(code, day string) []*guidancev1.Committee {
	var found []*guidancev1.Committee
	areas := r.PracticeAreas(code, day)
	for _, c := range r.Committees(day) {
		if c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
			continue
		}
		covers := slices.ContainsFunc(areasOn(c, asked(day)), func(outer *guidancev1.AreaId) bool {
			return slices.ContainsFunc(areas, func(a *guidancev1.Area) bool { return r.Contains(outer, a.GetId(), day) })
		})
		if covers {
			found = append(found, c)
		}
	}
	return found
}

// LastCommitteesOfPractice returns the LMCs that CommitteesOfPractice had last before the day,
// and the last day it had them; none when it never did.
func (r *Register) LastCommitteesOfPractice(code, day string) (last []*guidancev1.Committee, until string) {
	day = asked(day)
	around := map[notation.Area]bool{}
	var ends []string
	if one := r.lists().entry(notation.PracticeCode(code)); one != nil {
		ends = append(ends, one.until)
		for _, m := range one.liesIn {
			ends = append(ends, m.until)
		}
	}
	for _, a := range r.AreasListing(code) {
		for _, key := range reach(notation.AreaOf(a.GetId()), func(key notation.Area) []notation.Area { return keysOfAreas(outerEver(r.areas[key].record)) }) {
			around[key] = true
		}
	}
	for key := range around {
		ends = append(ends, r.areas[key].record.GetValidUntil())
	}
	for _, c := range r.committees {
		for _, tenure := range c.record.GetAreas() {
			if around[notation.AreaOf(tenure.GetArea())] {
				ends = append(ends, c.record.GetValidUntil(), tenure.GetValidUntil())
			}
		}
	}
	slices.Sort(ends)
	for _, end := range slices.Backward(slices.Compact(ends)) {
		if end == "" || end >= day {
			continue
		}
		if last = r.CommitteesOfPractice(code, end); len(last) > 0 {
			return last, end
		}
	}
	return nil, ""
}

// Neighbours returns the committees beside one on the day, by id, and whether the keeper lists them; where
// that does not, they are the LMCs of whose areas one lies in an area of the scheme "icb" with one of its
// own, or shares practices with it.
func (r *Register) Neighbours(committee, day string) (beside []*guidancev1.Committee, listed bool) {
	of := r.Committee(committee)
	listed = len(of.GetNeighbours()) > 0
	own := map[notation.Area]bool{}
	if !listed {
		own = r.placesOf(committee, icbScheme, asked(day))
	}
	for _, c := range r.Committees(day) {
		switch {
		case c.GetId() == committee:
		case listed && slices.Contains(of.GetNeighbours(), c.GetId()):
			beside = append(beside, c)
		case !listed && c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
			for icb := range r.placesOf(c.GetId(), icbScheme, asked(day)) {
				if own[icb] {
					beside = append(beside, c)
					break
				}
			}
		}
	}
	return beside, listed
}

// PlacesOf lists the areas of a scheme, as "region" or "icb", that a committee's areas or the practices of
// these lie in on the day, and those that lie in its areas, by code.
func (r *Register) PlacesOf(committee, scheme, day string) []*guidancev1.AreaId {
	in := r.placesOf(committee, scheme, asked(day))
	for _, own := range r.CommitteeAreas(committee, day) {
		for _, inner := range r.Within(own, day) {
			if key := notation.AreaOf(inner); key.Scheme == scheme {
				in[key] = true
			}
		}
	}
	var places []*guidancev1.AreaId
	for _, key := range slices.SortedFunc(maps.Keys(in), notation.Area.Compare) {
		places = append(places, &guidancev1.AreaId{Scheme: key.Scheme, Code: key.Code})
	}
	return places
}

// placesOf are the areas of a scheme that a committee's areas lie in on a day; of its lists, the practices on them.
func (r *Register) placesOf(committee, scheme, day string) map[notation.Area]bool {
	places := map[notation.Area]bool{}
	add := func(key notation.Area) {
		for _, outer := range r.around(key, day) {
			if a := r.areas[outer].record; outer.Scheme == scheme && a != nil && exists(a, day) {
				places[outer] = true
			}
		}
	}
	for _, own := range r.CommitteeAreas(committee, day) {
		key := notation.AreaOf(own)
		if key.Scheme != ListScheme {
			add(key)
			continue
		}
		near := map[notation.Area]bool{}
		for _, m := range r.lists().members(key) {
			if !notation.IsWithin(day, m.from, m.until) {
				continue
			}
			for _, other := range r.lists().on(m.code, day) {
				near[other] = true
			}
		}
		for other := range near {
			add(other)
		}
	}
	return places
}

// icbScheme is the scheme of the areas of integrated care boards.
const icbScheme = "icb"

func (r *Register) putCommittee(entry ledger.EntryID, c *guidancev1.Committee) error {
	if !notation.IsSlug(c.GetId()) {
		return fmt.Errorf("a committee with the id %.80q: %w", c.GetId(), errSlug)
	}
	if err := checkCommittee(c); err != nil {
		return fmt.Errorf("committee %s: %w", c.GetId(), err)
	}
	r.committees[c.GetId()] = committee{record: c, entry: entry}
	return nil
}

func checkCommittee(c *guidancev1.Committee) error {
	if err := checkNames(c.GetName(), c.GetAliases()); err != nil {
		return err
	}
	if nation := c.GetNation(); nation != "" && !notation.IsSlug(nation) {
		return fmt.Errorf("its nation %.80q is no slug: write it as england or northern-ireland", nation)
	}
	if _, known := guidancev1.CommitteeKind_name[int32(c.GetKind())]; !known || c.GetKind() == 0 {
		return errors.New("its kind is not stated, or not one this software knows: an LMC, a national committee, a conference or another body")
	}
	if err := checkDays(c.GetValidFrom(), c.GetValidUntil()); err != nil {
		return err
	}
	if n := len(c.GetPredecessors()); n > PredecessorsLimit {
		return coded{tooMany, fmt.Errorf("it was merged from %d committees: at most %d", n, PredecessorsLimit)}
	}
	for _, before := range c.GetPredecessors() {
		if before == c.GetId() {
			return errors.New("it cannot have been merged from itself")
		}
		if !notation.IsSlug(before) {
			return fmt.Errorf("it cannot have been merged from %.80q: %w", before, errSlug)
		}
	}
	if n := len(c.GetNeighbours()); n > NeighboursLimit {
		return coded{tooMany, fmt.Errorf("it has %d neighbours: at most %d", n, NeighboursLimit)}
	}
	for _, beside := range c.GetNeighbours() {
		if beside == c.GetId() || !notation.IsSlug(beside) {
			return fmt.Errorf("%.80q cannot be its neighbour: it is itself, or no id", beside)
		}
	}
	if n := len(c.GetAreas()); n > TenuresLimit {
		return coded{tooMany, fmt.Errorf("it covers %d areas: at most %d", n, TenuresLimit)}
	}
	for _, tenure := range c.GetAreas() {
		if !isAreaID(tenure.GetArea()) {
			return fmt.Errorf("it covers %.80q: %w", notation.AreaOf(tenure.GetArea()), errArea)
		}
		if err := checkDays(tenure.GetValidFrom(), tenure.GetValidUntil()); err != nil {
			return fmt.Errorf("area %s: %w", notation.AreaOf(tenure.GetArea()), err)
		}
	}
	return nil
}

// areasOn are the areas a committee covers on a day, each once.
func areasOn(c *guidancev1.Committee, day string) []*guidancev1.AreaId {
	var areas []*guidancev1.AreaId
	var seen []notation.Area
	for _, tenure := range c.GetAreas() {
		key := notation.AreaOf(tenure.GetArea())
		if notation.IsWithin(day, tenure.GetValidFrom(), tenure.GetValidUntil()) && !slices.Contains(seen, key) {
			seen, areas = append(seen, key), append(areas, tenure.GetArea())
		}
	}
	return areas
}

// HasCommittee says whether an office keeps the register, or ever spoke for a committee.
func (r *Register) HasCommittee(office string) bool {
	return office == r.keeper || slices.ContainsFunc(r.Committees(""), func(c *guidancev1.Committee) bool {
		return slices.Contains(r.OfficesEver(c.Id), office)
	})
}
