package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	// daysAhead is how many later days are looked at besides today.
	daysAhead = 4
	// turnsBehind is how many earlier days on which something turns are looked at, and the day
	// before each, on which whatever was said until then is still to be seen.
	turnsBehind = 3
	// lettersBehind is how many days are looked at on which the letters of a matter were issued.
	lettersBehind = 3
	// measuresNamed is how many of a matter's measures are told of.
	measuresNamed = 4
	// clipAt is how many bytes of names one line has.
	clipAt = 300
)

// RegisterChanges is what records change that are about to be appended to the register:
// what is recorded, who speaks for whom, who is counted, what is covered, and where the count
// on an open matter comes out differently. after is the register with the records.
func (a *Answers) RegisterChanges(ctx context.Context, records []*ledgerv1.RegisterRecord, after *register.Register) (changes []*answersv1.RegisterChange, err error) {
	err = a.asItIs(ctx, Office(a.Office), func(m *moment) error {
		c := comparison{moment: m, before: m.reg, after: after, subjects: register.Subjects(records)}
		c.turns = register.Turns(c.before, after, c.subjects)
		c.days = []string{m.today}
		looked := c.turns // nobody is counted or not for a list of practices
		if slices.ContainsFunc(c.subjects, register.Subject.IsList) {
			looked = slices.Concat(c.turns, register.PracticeTurns(c.before, after, m.today, daysAhead))
			slices.Sort(looked)
			looked = slices.Compact(looked)
			c.hasLists = true
		}
		for _, day := range looked {
			if day > m.today && len(c.days) <= daysAhead {
				c.days = append(c.days, day)
			}
		}
		for _, day := range slices.Backward(looked) {
			if day <= m.today && len(c.past) < 2*turnsBehind {
				c.past = append(c.past, day, notation.DayBefore(day))
			}
		}
		c.practices = register.PracticesNear(c.before, after, c.subjects, register.NamedLimit)
		changes = register.Changes(c.before, after, records, m.today)
		twice := slices.IndexFunc(changes, func(change *answersv1.RegisterChange) bool {
			return change.Kind == answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE
		})
		if twice < 0 {
			twice = len(changes)
		}
		between := c.counted()
		for _, step := range []func() ([]*answersv1.RegisterChange, error){c.covered, c.onMatters} {
			more, err := step()
			if err != nil {
				return err
			}
			between = append(between, more...)
		}
		undone, err := c.endingsUndone()
		changes = slices.Concat(changes[:twice], between, changes[twice:], undone, c.secondNationals())
		return err
	})
	return changes, err
}

// comparison is the register without and with some records, as of the days that matter.
type comparison struct {
	*moment
	before, after *register.Register
	subjects      []register.Subject
	turns         []string // every day on which something of the subjects begins or has ended
	days          []string // today, and the first of those after it
	past          []string // the last of those before it, and the day before each, latest first
	hasLists      bool     // they are lists of practices, among others
	practices     []string // some that the subjects bear on, one of each place
}

// nations are those of any committee, by name.
func (c comparison) nations() []string {
	var all []string
	for _, one := range slices.Concat(c.before.EveryCommittee(), c.after.EveryCommittee()) {
		all = append(all, picture.NationOf(one))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lmcs are the committees of a nation that are counted on a day.
func lmcs(reg *register.Register, nation, day string) []*guidancev1.Committee {
	return slices.DeleteFunc(reg.Committees(day), func(one *guidancev1.Committee) bool {
		return one.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC || picture.NationOf(one) != nation
	})
}

func idsOf(committees []*guidancev1.Committee) []string {
	var ids []string
	for _, one := range committees {
		ids = append(ids, one.GetId())
	}
	return ids
}

// run is the days from one on, on which the LMCs of a nation differ in the same way.
type run struct {
	from, who string
	was, is   int
}

// counted is how many LMCs of a nation are counted, without and with the records, for each
// stretch of days on which that differs; and where it differs on none, of the nations the
// records are about, as it is today.
func (c comparison) counted() []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	add := func(nation, day string, was, is int, words string) {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_COUNTED, Of: nation, Day: day,
			Before: fmt.Sprint(was), After: fmt.Sprint(is), Words: words,
		})
	}
	for _, nation := range c.nations() {
		var runs []run
		for _, day := range append([]string{notation.FirstDay}, c.turns...) {
			was, is := idsOf(lmcs(c.before, nation, day)), idsOf(lmcs(c.after, nation, day))
			if who := comesAndGoes(was, is); len(runs) == 0 || runs[len(runs)-1].who != who {
				runs = append(runs, run{day, who, len(was), len(is)})
			}
		}
		differs := false
		for i, r := range runs {
			if r.who == "" {
				continue
			}
			differs = true
			from, days := r.from, " from "+r.from
			if from == notation.FirstDay {
				from, days = "", ""
			}
			ahead := i+1 == len(runs) || c.today < runs[i+1].from
			if i+1 < len(runs) {
				days += " before " + runs[i+1].from
			}
			if r.from < c.today && ahead { // others that come and go with the days are counted as of today
				if was, is := len(lmcs(c.before, nation, c.today)), len(lmcs(c.after, nation, c.today)); was != r.was || is != r.is {
					r.was, r.is, days = was, is, days+", today"
				}
			}
			add(nation, from, r.was, r.is, fmt.Sprintf("LMCs of %s that are counted%s: %d -> %d (%s)", notation.Title(nation), days, r.was, r.is, notation.Clip(r.who, clipAt)))
		}
		if !differs && slices.ContainsFunc(c.subjects, func(s register.Subject) bool { return c.nationOf(s) == nation }) {
			n := len(lmcs(c.after, nation, c.today))
			add(nation, "", n, n, fmt.Sprintf("LMCs of %s that are counted: %d, as before", notation.Title(nation), n))
		}
	}
	return changes
}

// nationOf is the nation of the committee a record is about; empty when it is about none.
func (c comparison) nationOf(s register.Subject) string {
	id, ok := s.Committee()
	if !ok {
		return ""
	}
	return picture.NationOf(c.after.Committee(id))
}

// comesAndGoes says which of two lists only one has.
func comesAndGoes(was, is []string) string {
	var words []string
	if come := slices.DeleteFunc(slices.Clone(is), func(id string) bool { return slices.Contains(was, id) }); len(come) > 0 {
		words = append(words, "with "+notation.List(come))
	}
	if gone := slices.DeleteFunc(slices.Clone(was), func(id string) bool { return slices.Contains(is, id) }); len(gone) > 0 {
		words = append(words, "without "+notation.List(gone))
	}
	return strings.Join(words, ", ")
}

// secondNationals are the nations that have more than one national committee on a day.
func (c comparison) secondNationals() []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	for _, nation := range c.nations() {
		for _, day := range c.days {
			ids := idsOf(slices.DeleteFunc(c.after.Committees(day), func(one *guidancev1.Committee) bool {
				return !isNational(one) || picture.NationOf(one) != nation
			}))
			if len(ids) > 1 && slices.ContainsFunc(c.subjects, func(s register.Subject) bool {
				id, ok := s.Committee()
				return ok && slices.Contains(ids, id)
			}) {
				changes = append(changes, &answersv1.RegisterChange{
					Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: nation, Day: day,
					Words: fmt.Sprintf("%s has %d national committees on %s, %s: LMCs are compared with the first by name alone.", notation.Title(nation), len(ids), day, notation.List(ids)),
				})
				break
			}
		}
	}
	return changes
}
