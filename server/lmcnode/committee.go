package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

var (
	committeeKindWords = []string{"lmc", "national-committee", "conference", "other-body"}
	committeeKinds     = map[string]guidancev1.CommitteeKind{
		"lmc":                guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
		"national-committee": guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE,
		"conference":         guidancev1.CommitteeKind_COMMITTEE_KIND_CONFERENCE,
		"other-body":         guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY,
	}
	nationWords = []string{defaultNation, "scotland", "wales", "northern-ireland"}
)

// defaultNation is the nation of a new LMC or national committee unless it is named.
const defaultNation = "england"

// committeeFlags are what is named of a committee; what is empty stays as it is.
type committeeFlags struct {
	name, kind, nation, from, until                      string
	aliases, areas, predecessors, neighbours             []string
	notAliases, notAreas, notPredecessors, notNeighbours []string
}

func committeeCommand() *cobra.Command {
	var k keeping
	var named committeeFlags
	cmd := &cobra.Command{
		Use:   "committee ID --dir DIR [--yes]",
		Short: "Add a committee, or change what is recorded of it",
		Long: `committee adds a committee, or changes what is recorded of it: what is not named
stays as it is. LMCs are counted; a national committee heads the table of its
nation; conferences and other bodies are shown apart, as other guidance.

An area is SCHEME:CODE, with the days it is covered behind it where they are
known: icb:QH8=2022-07-01.. is from that day on, icb:QH8=..2026-03-31 ends it.
Days that overlap what is recorded of that area take its place.

Committees that merge: add the new one with --from and each --predecessor, then
give each predecessor its last day with --until. Without an --area the new one
covers from that day on what they did on the day before, and what they were to
cover from a later one.`,
		Example: `  lmcnode register committee kent --dir gpc --name "Kent LMC" --kind lmc --yes
  lmcnode register committee kent --dir gpc --alias "LMC of Kent, and Medway"
  lmcnode register committee medway --dir gpc --name "Medway LMC" \
    --kind lmc --yes
  lmcnode register committee kent-medway --dir gpc --kind lmc \
    --name "Kent and Medway LMC" --from 2026-04-01 \
    --predecessor kent --predecessor medway
  lmcnode register committee kent --dir gpc --until 2026-03-31`,
		Args: exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := named.read()
			if err != nil {
				return err
			}
			return k.record(cmd, func(reg *answersv1.GetRegisterResponse) (*ledgerv1.RegisterRecord, error) {
				c, err := named.committee(args[0], change, reg, k.isNew)
				return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}}, err
			})
		},
	}
	k.flags(cmd)
	newFlag(cmd, &k.isNew)
	f := cmd.Flags()
	f.StringVar(&named.name, "name", "", "its `NAME`")
	f.StringVar(&named.kind, "kind", "", "`KIND`: "+strings.Join(committeeKindWords, ", "))
	f.StringVar(&named.nation, "nation", "", "its `NATION`: "+strings.Join(nationWords, ", "))
	f.StringArrayVar(&named.aliases, "alias", nil, "another `NAME` of it; may be repeated")
	f.StringArrayVar(&named.notAliases, "no-alias", nil, "take out another `NAME`; may be repeated")
	f.StringArrayVar(&named.areas, "area", nil, "`AREA[=FROM..UNTIL]` it covers; may be repeated")
	f.StringArrayVar(&named.notAreas, "no-area", nil, "take out `AREA`, as if it had never covered it; may be repeated")
	f.StringVar(&named.from, "from", "", "the first `DAY` there is such a committee (2021-10-01 or 1 October 2021), or always")
	f.StringVar(&named.until, "until", "", "the last `DAY` there is (2021-10-01 or 1 October 2021), or open")
	f.StringArrayVar(&named.predecessors, "predecessor", nil, "`ID` of a committee it was merged from; may be repeated")
	f.StringArrayVar(&named.notPredecessors, "no-predecessor", nil, "take out a predecessor's `ID`; may be repeated")
	f.StringArrayVar(&named.neighbours, "neighbour", nil, "`ID` of a committee beside it; without any, those of its ICBs are; may be repeated")
	f.StringArrayVar(&named.notNeighbours, "no-neighbour", nil, "take out a neighbour's `ID`; may be repeated")
	return cmd
}

// read is a committee with what is named of it and can be read without the register.
func (named committeeFlags) read() (c *guidancev1.Committee, err error) {
	if err = checkOneOf("--kind", named.kind, committeeKindWords); err != nil {
		return nil, err
	}
	if err = checkOneOf("--nation", named.nation, nationWords); err != nil {
		return nil, err
	}
	c = &guidancev1.Committee{Name: named.name, Kind: committeeKinds[named.kind], Nation: named.nation}
	if c.ValidFrom, err = dayOr("--from", named.from, "always"); err != nil {
		return nil, err
	}
	if c.ValidUntil, err = dayOr("--until", named.until, "open"); err != nil {
		return nil, err
	}
	for _, s := range named.areas {
		t, err := parseTenure("--area", s)
		if err != nil {
			return nil, err
		}
		c.Areas = append(c.Areas, t)
	}
	return c, nil
}

// committee is what is recorded of a committee with what is named changed.
func (named committeeFlags) committee(id string, change *guidancev1.Committee, reg *answersv1.GetRegisterResponse, isNew bool) (*guidancev1.Committee, error) {
	known, areas := committeeNames(reg), areasOf(reg)
	c := &guidancev1.Committee{Id: id}
	if i := slices.IndexFunc(reg.Committees, func(c *guidancev1.Committee) bool { return c.Id == id }); i >= 0 {
		c = proto.CloneOf(reg.Committees[i])
	} else if err := checkNotABody(reg, id, named.kind); err != nil {
		return nil, err
	} else if err := known.checkNew("committee", id, named.name, isNew); err != nil {
		return nil, err
	} else if named.name == "" || named.kind == "" {
		return nil, usage("%s is new: say --name and --kind", id)
	}

	c.Name, c.Kind, c.Nation = cmp.Or(change.Name, c.Name), cmp.Or(change.Kind, c.Kind), cmp.Or(change.Nation, c.Nation)
	if counted := c.Kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC || c.Kind == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE; counted {
		c.Nation = cmp.Or(c.Nation, defaultNation)
	}
	if named.from != "" {
		c.ValidFrom = change.ValidFrom
	}
	if named.until != "" {
		c.ValidUntil = change.ValidUntil
	}
	var err error
	if c.Aliases, err = edited("alias", c.Aliases, named.aliases, named.notAliases); err != nil {
		return nil, err
	}
	for _, other := range slices.Concat(named.predecessors, named.neighbours) {
		if err := known.check("committee", other); err != nil {
			return nil, err
		}
	}
	if c.Neighbours, err = edited("neighbour", c.Neighbours, named.neighbours, named.notNeighbours); err != nil {
		return nil, err
	}
	if c.Predecessors, err = edited("predecessor", c.Predecessors, named.predecessors, named.notPredecessors); err != nil {
		return nil, err
	}
	for _, s := range named.notAreas {
		n := len(c.Areas)
		c.Areas = slices.DeleteFunc(c.Areas, func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area).String() == s })
		if len(c.Areas) == n {
			return nil, usage("--no-area %q: %s does not cover it", s, id)
		}
	}
	for _, t := range change.Areas {
		if err := areas.check(t.Area); err != nil {
			return nil, err
		}
		if c.Areas, err = withTenure("--area", c.Areas, t); err != nil {
			return nil, err
		}
	}
	if len(named.predecessors) > 0 && len(named.areas)+len(named.notAreas)+len(c.Areas) == 0 {
		c.Areas = takenOver(c, reg)
	}
	return c, nil
}

// takenOver is what a committee covers from its first day on that others were merged into, where nothing else is said:
// what these covered on the day before, as far as it is there still, and what they were to cover from a later day on, as
// the parts of an ICB that ends some days after they merge.
func takenOver(c *guidancev1.Committee, reg *answersv1.GetRegisterResponse) (tenures []*guidancev1.AreaTenure) {
	for _, old := range reg.Committees {
		if !slices.Contains(c.Predecessors, old.Id) {
			continue
		}
		from := c.ValidFrom
		if from == "" && old.ValidUntil != "" {
			from = notation.DayAfter(old.ValidUntil)
		}
		for _, t := range old.Areas {
			begins, until := max(from, t.ValidFrom), t.ValidUntil
			has := func(other *guidancev1.AreaTenure) bool {
				return notation.AreaOf(other.Area) == notation.AreaOf(t.Area) && (other.ValidUntil == "" || begins <= other.ValidUntil) && (until == "" || until < from || other.ValidFrom <= until)
			}
			ended := func(a *guidancev1.Area) bool {
				return notation.AreaOf(a.Id) == notation.AreaOf(t.Area) && a.ValidUntil != "" && a.ValidUntil < begins
			}
			isOver := t.ValidFrom < from && !notation.IsWithin(notation.DayBefore(from), t.ValidFrom, until)
			switch {
			case from == "" && until != "", from != "" && isOver, slices.ContainsFunc(tenures, has), slices.ContainsFunc(reg.Areas, ended):
				continue
			case until < from:
				until = "" // it ended with the committee
			}
			tenures = append(tenures, &guidancev1.AreaTenure{Area: t.Area, ValidFrom: begins, ValidUntil: until})
		}
	}
	return tenures
}

// checkNotABody refuses a new committee by the id of a body, as a new body is refused by the id
// of a committee: one id would be two. A national committee may be recorded as a body too, of
// the kind committee.
func checkNotABody(reg *answersv1.GetRegisterResponse, id, kind string) error {
	for _, b := range reg.Bodies {
		if own := b.Kind == guidancev1.BodyKind_BODY_KIND_COMMITTEE && kind == "national-committee"; b.Id == id && !own {
			return fault.New(fault.ErrInvalid, fmt.Sprintf("%s is a body of the register (%s), and would be a committee too", id, b.Name), "choose another id for the committee")
		}
	}
	return nil
}

// parseTenure reads what a flag says: "icb:QH8", with "=FROM..UNTIL" behind it: either day may be left out.
func parseTenure(flag, s string) (*guidancev1.AreaTenure, error) {
	name, period, named := strings.Cut(s, "=")
	area, err := parseArea(flag, name)
	if err != nil || !named {
		return &guidancev1.AreaTenure{Area: area}, err
	}
	from, until, isPeriod := strings.Cut(period, "..")
	if !isPeriod || from == "" && until == "" {
		return nil, usage("%s %q: write the days as FROM..UNTIL, for example %s=2022-07-01.. or %s=..2026-03-31", flag, s, name, name)
	}
	for _, day := range []*string{&from, &until} {
		if err := flags.ReadDay(flag+" "+name, day, usage); err != nil {
			return nil, err
		}
	}
	if until != "" && until < from {
		return nil, usage("%s %q ends before it starts", flag, s)
	}
	return &guidancev1.AreaTenure{Area: area, ValidFrom: from, ValidUntil: until}, nil
}

// withTenure is the tenures of what a committee covers, or an area lies in, with another. One without days
// changes nothing of an area that is among them at all. A last day alone ends the tenure that stands on it, and is
// refused where there are some and none does; other days take the place of those of that area that they overlap.
func withTenure(flag string, tenures []*guidancev1.AreaTenure, add *guidancev1.AreaTenure) ([]*guidancev1.AreaTenure, error) {
	same := func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area) == notation.AreaOf(add.Area) }
	if slices.ContainsFunc(tenures, same) && add.ValidFrom == "" {
		if add.ValidUntil == "" {
			return tenures, nil
		}
		for _, t := range tenures {
			if same(t) && notation.IsWithin(add.ValidUntil, t.ValidFrom, t.ValidUntil) {
				t.ValidUntil = add.ValidUntil
				return tenures, nil
			}
		}
		name := notation.AreaOf(add.Area)
		return nil, usage("%s %s=..%s ends nothing, for no days recorded of %s have that one among them: name both days, %s=FROM..UNTIL", flag, name, add.ValidUntil, name, name)
	}
	with := slices.DeleteFunc(slices.Clone(tenures), func(t *guidancev1.AreaTenure) bool {
		return same(t) && (add.ValidUntil == "" || t.ValidFrom <= add.ValidUntil) && (t.ValidUntil == "" || add.ValidFrom <= t.ValidUntil)
	})
	return append(with, add), nil
}
