package answers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// covered are the LMCs, and the nations, whose practices and patients come out differently:
// on the first of the days on which they do.
func (c comparison) covered() ([]*answersv1.RegisterChange, error) {
	var changes []*answersv1.RegisterChange
	more, seen := 0, map[string]bool{}
	tell := func(of, name, day, was, is string) {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_COVERED, Of: of, Day: day, Before: was, After: is,
			Words: fmt.Sprintf("%s covers on %s: %s -> %s", name, day, was, is),
		})
	}
	for _, day := range slices.Concat(c.days, c.past) {
		for _, nation := range c.nations() {
			before, after := lmcs(c.before, nation, day), lmcs(c.after, nation, day)
			all := slices.Concat(after, before)
			slices.SortStableFunc(all, func(x, y *guidancev1.Committee) int { return strings.Compare(x.GetId(), y.GetId()) })
			for _, one := range slices.CompactFunc(all, func(x, y *guidancev1.Committee) bool { return x.GetId() == y.GetId() }) {
				if err := c.ctx.Err(); err != nil {
					return nil, err
				}
				of := "committee " + one.GetId()
				if seen[of] {
					continue
				}
				isOther := func(x *guidancev1.Committee) bool { return x.GetId() != one.GetId() }
				was, err := c.coverage(c.before, nation, day, slices.DeleteFunc(slices.Clone(before), isOther))
				if err != nil {
					return nil, err
				}
				is, err := c.coverage(c.after, nation, day, slices.DeleteFunc(slices.Clone(after), isOther))
				if err != nil {
					return nil, err
				}
				switch {
				case !figuresDiffer(was, is):
				case len(seen) < register.NamedLimit:
					seen[of] = true
					tell(of, one.GetName(), day, was, is)
				default:
					seen[of] = true
					more++
				}
			}
			if seen[nation] {
				continue
			}
			was, err := c.coverage(c.before, nation, day, before)
			if err != nil {
				return nil, err
			}
			is, err := c.coverage(c.after, nation, day, after)
			if err != nil {
				return nil, err
			}
			if figuresDiffer(was, is) {
				seen[nation] = true
				tell(nation, "All of "+notation.Title(nation), day, was, is)
			}
		}
	}
	if more > 0 {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_COVERED, Words: fmt.Sprintf("and what %d more LMCs cover", more),
		})
	}
	return changes, nil
}

// Coverage without figures.
const (
	coversNothing = "nothing"
	coversUnknown = "no number of practices or patients is recorded"
)

// figuresDiffer: two coverages say different things, and one of them has figures.
func figuresDiffer(was, is string) bool {
	hasNone := func(s string) bool { return s == coversNothing || s == coversUnknown }
	return was != is && !(hasNone(was) && hasNone(is))
}

// coverage is what some LMCs of a nation cover together, as a table of the national picture
// counts it, in words.
func (c comparison) coverage(reg *register.Register, nation, day string, committees []*guidancev1.Committee) (string, error) {
	if len(committees) == 0 {
		return coversNothing, nil
	}
	in := picture.Input{Matter: &guidancev1.Matter{}, Register: reg, AsOf: day}
	codes, lacks := map[string]bool{}, 0
	for _, one := range committees {
		in.Committees = append(in.Committees, picture.Committee{Committee: one})
		for _, id := range reg.CommitteeAreas(one.GetId(), day) {
			lacks += reg.LacksPatients(id, day)
			for _, inner := range append(reg.Within(id, day), id) {
				for _, code := range reg.Area(inner, day).GetPracticeCodes() {
					codes[code] = true
				}
			}
		}
	}
	var figures, releases []string
	for _, unit := range []struct {
		answersv1.Unit
		one, many string
	}{{answersv1.Unit_UNIT_PRACTICES, "practice", "practices"}, {answersv1.Unit_UNIT_PATIENTS, "patient", "patients"}} {
		pic, err := picture.National(c.ctx, in, unit.Unit, nation)
		if err != nil {
			return "", err
		}
		table := pic.GetTables()[0]
		if table.GetDenominator() == 0 {
			continue
		}
		figure := notation.Thousands(int64(table.GetDenominator())) + " " + unit.many
		if table.GetDenominator() == 1 {
			figure = "1 " + unit.one
		}
		if len(table.GetWithoutData()) > 0 || unit.Unit == answersv1.Unit_UNIT_PATIENTS && lacks > 0 {
			figure = "at least " + figure
		}
		figures, releases = append(figures, figure), append(releases, table.GetReleases()...)
	}
	slices.Sort(releases)
	if releases = slices.Compact(releases); len(figures) == 0 {
		figures = []string{coversUnknown}
	}
	words := strings.Join(figures, " and ")
	if len(releases) > 0 && !c.hasLists { // with lists of practices all are of another one: that is told once
		words += " (" + strings.Join(releases, "; ") + ")"
	}
	if len(codes) > 0 {
		words += fmt.Sprintf(", %s found by code", notation.Thousands(int64(len(codes))))
	}
	return words, nil
}
