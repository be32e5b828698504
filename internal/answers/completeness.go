package answers

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Completeness says whether what is here, and may be read, is everything any node is
// known to have said.
func (a *Answers) Completeness(ctx context.Context, reader Reader) (c *answersv1.Completeness, err error) {
	err = a.asItIs(ctx, reader, func(m *moment) error {
		c = m.completeness(m.reg, nil)
		return nil
	})
	if errors.Is(err, store.ErrCorrupt) { // which is what was asked
		c, err = &answersv1.Completeness{Damaged: true}, nil
		c.Warning, c.Words = picture.CompletenessWarning(c), picture.CompletenessWords(c)
	}
	return c, err
}

// completeness is what every answer carries (domain.md 5), for the offices of a register; first of
// those that are asked about.
func (m *moment) completeness(reg *register.Register, asked []string) *answersv1.Completeness {
	c := &answersv1.Completeness{
		Withheld: map[string]int32{}, NotHeld: map[string]int32{}, NotUnderstood: map[string]int32{},
	}
	sizes := map[string]uint64{} // by office: how much it is known to have published
	for seen := range m.Seen() {
		sizes[seen.Log.Office] += seen.Size
		if held, _ := m.Held(seen.Log); seen.Size > held.Size {
			c.Behind = append(c.Behind, &answersv1.OfficeLag{
				Office: seen.Log.Office, Seen: seen.Size, Held: held.Size, SinceTime: timestamppb.New(seen.BehindSince),
			})
		}
	}
	if need, have, yes := m.Recovering(); yes {
		sizes[m.Office] += need
		c.Behind = append(c.Behind, &answersv1.OfficeLag{Office: m.Office, Seen: need, Held: have, SinceTime: timestamppb.New(m.Started)})
	}
	for log, counts := range m.Counts() {
		m.count(c, log.Office, counts)
	}
	offices := m.rolls.of(reg, m.today, m.Keeper).offices
	for _, office := range offices {
		if sizes[office.Id] == 0 {
			c.NotJoined = append(c.NotJoined, office.Id)
		}
	}
	slices.SortFunc(c.Behind, func(a, b *answersv1.OfficeLag) int { return strings.Compare(a.Office, b.Office) })
	c.Behind = slices.CompactFunc(c.Behind, func(a, b *answersv1.OfficeLag) bool { return a.Office == b.Office })
	m.heard(c, asked)
	c.Damaged = m.Damage() != nil
	for _, log := range m.Lost() {
		c.Lost = append(c.Lost, log.Office)
		c.NotJoined = slices.DeleteFunc(c.NotJoined, func(office string) bool { return office == log.Office }) // it has
	}
	if m.LossUnknown() {
		for _, office := range m.mayHaveLost(c) {
			if !slices.Contains(c.Lost, office) {
				c.Lost = append(c.Lost, office)
			}
			c.NotJoined = slices.DeleteFunc(c.NotJoined, func(other string) bool { return other == office })
		}
	}
	for _, log := range m.Forks() {
		// What an office that speaks for nobody any more has said stands until somebody ends it.
		ever := func(committee *guidancev1.Committee) bool {
			return slices.Contains(m.reg.OfficesEver(committee.Id), log.Office)
		}
		if log.Office == m.Keeper || slices.Contains(m.reg.Reporters(), log.Office) || slices.ContainsFunc(m.reg.EveryCommittee(), ever) {
			c.Contradicted = append(c.Contradicted, log.Office)
		}
	}
	c.InDoubt = m.Doubt().MayBeOld()
	if m.TodayElsewhere != nil {
		c.TodayElsewhere = m.TodayElsewhere()
	}
	c.OfficeNames = map[string]string{}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(recount.UnknownEntries(c))), c.NotJoined, c.Stale, c.Lost, c.Contradicted) {
		if name := cmp.Or(reg.OfficeName(id), m.reg.OfficeName(id)); name != "" {
			c.OfficeNames[id] = name
		}
	}
	c.Warning = picture.CompletenessWarning(c)
	c.Complete = c.Warning == "" && len(c.Behind) == 0 && len(c.Withheld) == 0 && len(c.NotHeld) == 0 && len(offices) > 0
	c.Words = picture.CompletenessWords(c)
	switch lacking := m.reg.Lacking(); {
	case lacking > 0:
		c.Complete, c.Words = false, joinWords(c.Words, notation.Capital(lackingWords(lacking))+".")
	case len(offices) > 0:
	case c.Damaged:
		c.Words = joinWords(c.Warning, "The register cannot be read.")
	default:
		c.Words = joinWords(c.Warning, "This node holds nothing yet: it has not got the register.")
	}
	return c
}

// mayHaveLost are the offices of which entries may have been lost unknown to anybody here: the keeper and
// all others that are known to be there, until they were heard. Where none is known to be, it is all that
// the register has.
func (m *moment) mayHaveLost(c *answersv1.Completeness) []string {
	var offices []string
	if m.Keeper != "" && m.Keeper != m.Office {
		offices = append(offices, m.Keeper)
	}
	for _, h := range c.Heard {
		if h.Office != m.Keeper {
			offices = append(offices, h.Office)
		}
	}
	if len(offices) == 0 {
		offices = slices.DeleteFunc(slices.Clone(m.rolls.of(m.reg, m.today, m.Keeper).speaking), func(office string) bool { return office == m.Office })
	}
	return slices.DeleteFunc(offices, func(office string) bool { return m.Told != nil && m.Told(office) })
}

// count adds what of one log the reader may not read, is not here, or is not understood.
func (m *moment) count(c *answersv1.Completeness, office string, counts store.Counts) {
	add := func(to map[string]int32, n uint64) {
		if n > 0 {
			to[office] += int32(min(n, math.MaxInt32))
		}
	}
	add(c.Withheld, m.reader.withheld(office, counts.ByVisibility))
	add(c.NotHeld, counts.NotHeld)
	for visibility, absent := range counts.Withheld {
		if absent > 0 && m.reader.mayRead(guidancev1.Visibility(visibility), office, nil) {
			add(c.NotHeld, absent)
		}
	}
	add(c.NotUnderstood, counts.NotUnderstood)
}
