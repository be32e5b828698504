package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// A list speaks for the LMCs of the office that gave it. A practice that it has for an LMC of another office is that
// office's to say: taken as that LMC's list, it would take every other practice out of it. An LMC that nobody speaks for
// yet has what any list says of it, and whoever keeps the register can write one list for all.

// speakersOf is which office speaks for each committee on the day of a register, and how offices are called.
func speakersOf(reg *answersv1.GetRegisterResponse) (speaks, names map[string]string) {
	speaks, names = map[string]string{}, map[string]string{}
	for _, of := range reg.GetOffices() {
		names[of.GetOffice().GetId()] = of.GetOffice().GetName()
		for _, c := range of.GetCommittees() {
			speaks[c] = of.GetOffice().GetId()
		}
	}
	return speaks, names
}

// speakerFor is the office that speaks for a committee; of one that was merged, that of the one it merged into; empty:
// nobody does.
func (i *importing) speakerFor(committee string) string {
	for range len(i.committees) {
		if office := i.speaks[committee]; office != "" || i.committees[committee] == nil {
			return office
		}
		committee, _ = i.heirOf(i.committees[committee])
	}
	return ""
}

// ownRows are the rows of lists that count: of each list those for LMCs of the office that gave it, and for those that
// nobody speaks for. The others are noted, unless a list that counts has the same.
func (i *importing) ownRows() ([]ods.Membership, error) {
	offices := map[string]map[string][]ods.Membership{} // by list, by who speaks for whom they are for
	for _, m := range i.release.Memberships {
		if offices[m.List] == nil {
			offices[m.List] = map[string][]ods.Membership{}
		}
		if office := i.speakerFor(m.Committee); office != "" {
			offices[m.List][office] = append(offices[m.List][office], m)
		}
	}
	for list, office := range i.given {
		switch {
		case offices[list] == nil:
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("--given-by %s=%s: no list of that name is read, or it has no rows", list, office), "name one of the lists as it is named here")
		case offices[list][office] == nil && office != i.keeper:
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("--given-by %s=%s: that office speaks for no LMC in it", list, office), "lmcnode register show has the offices, and whom each speaks for")
		}
	}
	var unclear []string
	for _, list := range slices.Sorted(maps.Keys(offices)) {
		if of := offices[list]; len(of) > 1 && i.given[list] == "" {
			var each []string
			for _, office := range slices.Sorted(maps.Keys(of)) {
				each = append(each, fmt.Sprintf("%s for %s: %s", office, notation.List(committeesIn(of[office])), rowsIn(of[office])))
			}
			unclear = append(unclear, fmt.Sprintf("%s has rows for LMCs of several offices: %s", list, strings.Join(each, "; ")))
		}
	}
	if len(unclear) > 0 {
		return nil, fault.New(fault.ErrInvalid, strings.Join(unclear, "; "), "a list speaks for the LMCs of the office that gave it: say which that is (--given-by FILE=OFFICE), and its rows for others are set aside; one that you wrote for all of them is the keeper's: --given-by FILE="+i.keeper)
	}
	var own, aside []ods.Membership
	for _, m := range i.release.Memberships {
		by := i.given[m.List]
		if office := i.speakerFor(m.Committee); office != "" && by != "" && by != office && by != i.keeper {
			aside = append(aside, m)
		} else {
			own = append(own, m)
		}
	}
	left := map[string][]ods.Membership{}
	for _, m := range aside {
		if !slices.ContainsFunc(own, func(o ods.Membership) bool {
			return o.Committee == m.Committee && o.Practice == m.Practice && o.Area == m.Area
		}) {
			left[m.List+": "+m.Committee] = append(left[m.List+": "+m.Committee], m)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(left)) {
		of := left[at]
		i.notes = append(i.notes, fmt.Sprintf("%s: set aside for %s, for which %s speaks: %s. If that is right, a list of that office has to say it", of[0].List, of[0].Committee, i.offices[i.speakerFor(of[0].Committee)], rowsIn(of)))
	}
	return own, nil
}

func committeesIn(rows []ods.Membership) (ids []string) {
	for _, m := range rows {
		ids = append(ids, m.Committee)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rowsIn names what rows are of, the first few.
func rowsIn(rows []ods.Membership) string {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b ods.Membership) int { return a.Row - b.Row })
	var each []string
	for _, m := range rows {
		each = append(each, fmt.Sprintf("%s (row %d)", m.What(), m.Row))
	}
	return clipped(each)
}
