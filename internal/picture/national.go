package picture

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// National returns the counts of a nation's LMCs ("" is "england") in a unit
// (unspecified: committees): a table for the whole matter and one for each measure,
// or only one for the measure asked about (domain.md 5).
func National(ctx context.Context, in Input, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, error) {
	pic, _, err := NationalWritten(ctx, in, unit, nation)
	return pic, err
}

// NationalWritten is National, with the parts of it that were written out before. They are shared:
// not to be changed.
func NationalWritten(ctx context.Context, in Input, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, Written, error) {
	in.Practice, in.Own = "", nil // who asks changes no count
	r := newResolver(ctx, in)
	if unit == answersv1.Unit_UNIT_UNSPECIFIED {
		unit = answersv1.Unit_UNIT_COMMITTEES
	}
	pic := &answersv1.NationalPicture{
		Matter: in.Matter, Unit: unit, AsOf: in.AsOf, KnownAtFeed: in.KnownAt, KnownAtTime: in.KnownAtTime,
		Completeness: r.completeness(), Scope: r.scope(), Words: notation.Joined(" ", r.noMore(), r.withoutAreas()),
		Area: in.Area, AreaName: in.Register.AreaName(in.Area), Told: r.told(),
	}
	var noticed []string
	written := Written{}
	unknown := r.unknown()
	for _, measure := range r.measures() {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		t := r.keptTable(unit, cmp.Or(nation, DefaultNation), measure, unknown)
		pic.Tables, written[t.NationalTable] = append(pic.Tables, t.NationalTable), t.written
		noticed = append(noticed, t.notices...)
	}
	pic.Notices = notices(in.Matter, noticed)
	pic.Places = r.places(cmp.Or(nation, DefaultNation))
	return pic, written, ctx.Err()
}

// told are the kinds of readers that letters and reports on the matter are to, or ask something by name.
func (r *resolver) told() (all []guidancev1.Audience) {
	for _, e := range r.in.Entries {
		var to []guidancev1.Audience
		for _, p := range append(slices.Clip(e.Advisory.GetPositions()), e.Report.GetPosition()) {
			if p.GetMatter() == r.in.Matter.GetName() {
				to = append(to, p.GetAudiences()...)
			}
		}
		for _, act := range guidance.Actions(e.Advisory) {
			if act.GetMatter() == r.in.Matter.GetName() {
				to = append(to, act.GetActors()...)
			}
		}
		all = append(all, guidance.AdvisedAmong(to)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (r *resolver) keptTable(unit answersv1.Unit, nation, measure, unknown string) keptTable {
	key := tableKey{measure, nation, unit, r.in.Audience, notation.AreaOf(r.in.Area), r.group.key(), r.in.AsOf, unknown}
	return r.keep(key, true, func() any {
		t := keptTable{NationalTable: r.table(unit, nation, measure)}
		written := Written{}
		show := func(line *answersv1.Line) *answersv1.Line {
			one := r.keptLine(line)
			written[one.Line] = one.written
			t.notices = append(t.notices, one.notices...)
			return one.Line
		}
		for _, lines := range [][]*answersv1.Line{t.Lines, t.OtherBodies} {
			for i, line := range lines {
				lines[i] = show(line)
			}
		}
		if t.National != nil {
			t.National = show(t.National)
		}
		t.written = writtenOut(written.sent(t.ProtoReflect()))
		return t
	}).(keptTable)
}

func (r *resolver) keptLine(line *answersv1.Line) keptLine {
	return r.keep(line, true, func() any {
		one := keptLine{Line: withoutTexts(line), notices: noticesOf([]*answersv1.Line{line})}
		one.written = writtenOut(one.Line)
		return one
	}).(keptLine)
}

// committeeLines is one committee in a table.
type committeeLines struct {
	Committee
	lines  []*answersv1.Line // for all or the rest of its area first, then for parts of it
	whole  []*answersv1.Line // those of them that stand for the whole of it, or what its practices are told in their place
	column column            // where the committee itself is counted
}

// counting are the lines by which a committee is counted where it is.
func (c committeeLines) counting() []*answersv1.Line {
	return slices.DeleteFunc(slices.Clone(c.whole), func(line *answersv1.Line) bool { return !c.column.tells(c.columnOf(line)) })
}

// restsApart notes the letters that a committee is counted by and that no line of it has.
func (t *totals) restsApart(c committeeLines, in column) {
	for _, line := range c.whole {
		if (in == splitColumn || in.tells(c.columnOf(line))) && !slices.Contains(c.lines, line) {
			t.cite(in, c.GetId(), LettersOf(line))
		}
	}
}

// table counts one measure. Lines of other bodies stand apart.
func (r *resolver) table(unit answersv1.Unit, nation, measure string) *answersv1.NationalTable {
	t := &answersv1.NationalTable{
		Measure: measure, Title: r.in.Matter.GetTitle(), Proposer: guidance.ProposerOf(r.in.Matter, measure),
		Audience: r.audience(measure), National: r.national(nation, question{measure: measure}), Ceased: ceasedProposer(r.in, measure),
	}
	if measure != "" {
		t.Title = cmp.Or(guidance.MeasureOf(r.in.Matter, measure).GetTitle(), measure)
	}
	var counted []committeeLines
	var told []Committee // of whose votes it tells
	if c, ok := r.nationalCommittee(nation); ok {
		told = append(told, c)
	}
	for _, c := range r.committees {
		if isNational(c) || NationOf(c) != nation || !r.concerns(c) {
			continue
		}
		told = append(told, c)
		lines := r.lines(c, measure, guidancev1.Audience_AUDIENCE_UNSPECIFIED)
		if isCounted(c) {
			t.Lines = append(t.Lines, lines...)
			whole := r.whole(c, lines)
			counted = append(counted, committeeLines{c, lines, whole, columnOfCommittee(c, whole)})
		} else {
			t.OtherBodies = append(t.OtherBodies, lines...)
		}
	}
	for _, c := range counted {
		t.LinePlaces = append(t.LinePlaces, r.linePlaces(c)...)
		if c.column.kind == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED {
			t.NotJoined = append(t.NotJoined, c.GetId())
		}
	}
	t.Relations = relations(counted)
	t.Votes, t.MoreVotes = r.votesBeside(measure, told)
	var figures *totals
	switch unit {
	case answersv1.Unit_UNIT_OFFICES:
		figures = r.countOffices(counted)
		t.Offices = map[string]string{}
		for _, c := range counted {
			if c.Office != "" {
				t.Offices[c.GetId()] = c.Office
			}
		}
	case answersv1.Unit_UNIT_PRACTICES, answersv1.Unit_UNIT_PATIENTS:
		figures = r.countByArea(unit, counted)
	default:
		figures = newTotals(registerRelease(r.in.AsOf))
		for _, c := range counted {
			figures.add(c.column, 1, c.GetId())
			figures.mark(c.column, c.GetId(), c.counting()...)
			figures.restsApart(c, c.column)
		}
	}
	figures.fill(t)
	names := map[string]string{}
	for _, c := range counted {
		if id := c.GetId(); figures.without[id] {
			t.WithoutData = append(t.WithoutData, id)
			names[id] = displayName(c.Committee)
			if figures.with[id] {
				names[id] += " (part of its area)"
			}
		}
	}
	t.DenominatorWords = strings.Join(append([]string{DenominatorWords(t, unit, r.in.AsOf, names)}, figures.notes...), " ")
	return t
}

// countOffices counts an office whose committees differ once, under SPLIT.
func (r *resolver) countOffices(counted []committeeLines) *totals {
	t := newTotals(registerRelease(r.in.AsOf))
	offices := map[string]column{}
	for _, c := range counted {
		if c.Office == "" {
			t.without[c.GetId()] = true
			continue
		}
		if other, again := offices[c.Office]; again {
			offices[c.Office] = other.with(c.column)
		} else {
			offices[c.Office] = c.column
		}
	}
	for office, column := range offices {
		t.add(column, 1, office)
	}
	for _, c := range counted {
		column := offices[c.Office]
		if column.tells(c.column) {
			t.mark(column, c.Office, c.counting()...)
		}
		if c.Office != "" {
			t.restsApart(c, column)
		}
	}
	return t
}

// registerRelease is what numbers of committees and offices rest on.
func registerRelease(asOf string) string {
	return "this register as of " + guidance.DayWords(asOf)
}

// relations are how many committees stand how to the national line: each by its line for
// all or the rest of its area. Where parts leave no rest and stand differently, the
// committee cannot be compared; where they say what the national one does, some on
// conditions or for now, it says that so.
func relations(counted []committeeLines) []*answersv1.RelationCount {
	by, reported := map[answersv1.Relation][]string{}, map[answersv1.Relation][]string{}
	const onConditions = answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS
	for _, c := range counted {
		relation := c.whole[0].GetRelation()
		for _, line := range c.whole {
			switch other := line.GetRelation(); {
			case other == relation:
			case min(other, relation) == answersv1.Relation_RELATION_ALIGNED && max(other, relation) == onConditions: // the same everywhere
				relation = onConditions
			default:
				relation = answersv1.Relation_RELATION_NOT_COMPARABLE
			}
		}
		by[relation] = append(by[relation], c.GetId())
		if slices.ContainsFunc(c.whole, func(line *answersv1.Line) bool { return line.GetState() == answersv1.LineState_LINE_STATE_REPORTED }) {
			reported[relation] = append(reported[relation], c.GetId())
		}
	}
	rank := func(r answersv1.Relation) int { // what is the same on conditions stands behind what is the same
		if r == onConditions {
			return 2*int(answersv1.Relation_RELATION_ALIGNED) + 1
		}
		return 2 * int(r)
	}
	var all []*answersv1.RelationCount
	for _, relation := range slices.SortedFunc(maps.Keys(by), func(a, b answersv1.Relation) int { return cmp.Compare(rank(a), rank(b)) }) {
		slices.Sort(by[relation])
		slices.Sort(reported[relation])
		all = append(all, &answersv1.RelationCount{Relation: relation, Count: int32(len(by[relation])), Committees: by[relation], Reported: reported[relation]})
	}
	return all
}
