// Package picture knows how the current positions of many committees are put side by
// side: the combined view a practice reads, the national picture a national committee
// counts, what changed between two looks, and the same as text and CSV.
//
// It is a pure fold over what package guidance resolves: it decides nothing about
// what a committee's position is, and keeps to domain.md 5 about what may be added
// up. Only LMCs are counted; every figure names its unit, its denominator and the
// release behind it; the columns of a table add up to its denominator; what has no
// data is said to have none. The order of the input never shows in an answer.
//
// When ctx ends, so does the work within milliseconds, and its error is returned.
//
// It does not know logs, files, nodes or readers' rights. The messages of its answers
// share parts with the entries asked about: callers must not change them.
package picture

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Committee is a committee with what an answer says beside its line.
type Committee struct {
	*guidancev1.Committee
	// Office speaks for it on the day asked about; empty: nobody.
	Office string
	// Contact is that office's; nil: none known. An advisory that names one goes before it.
	Contact *guidancev1.Contact
	// Unknown is how many entries of its offices are withheld from the reader, not
	// held, or behind.
	Unknown int32
	// NotJoined: no office that ever spoke for it has published anything.
	NotJoined bool
}

// Register is the register as known at the moment asked about.
type Register interface {
	guidance.Register
	// Area returns the area as it is on the day; nil: not recorded, or not there then.
	Area(id *guidancev1.AreaId, day string) *guidancev1.Area
	// PatientsOf is how many patients lists have at a practice that is in their areas on the day; not
	// known: none has it.
	PatientsOf(practice, day string) (patients int32, known bool)
	// LacksPatients is how many practices of an area are not in the list of patients it is counted by.
	LacksPatients(area *guidancev1.AreaId, day string) int
	// PlacesOf lists the areas of a scheme ("region", "icb") that a committee lies in, or has in its areas,
	// on the day.
	PlacesOf(committee, scheme, day string) []*guidancev1.AreaId
	// LastCovered is what a committee covered up to a day, each with the last of these days on which it did and that was there.
	LastCovered(committee, day string) iter.Seq2[*guidancev1.AreaId, string]
	// Ceased is the last day of a body or committee that had ceased by the day, and what is
	// in its place; until is empty of any other.
	Ceased(id, day string) (until string, instead []*guidancev1.Body)
}

// Input is everything an answer is folded from. All of it is read only.
type Input struct {
	// Matter is what is asked about.
	Matter *guidancev1.Matter
	// Committees are those of the register on the day, of every kind, in any order.
	Committees []Committee
	// Entries are those on the matter and whatever ends them, recorded by KnownAt, in any order.
	Entries []guidance.Entry
	// Said is the same, read before for this version of the matter and of the register; nil: it is
	// read now.
	Said *Said
	// Register is as known at KnownAt.
	Register Register
	// Measure is the measure asked about; empty: the whole matter and every measure.
	Measure string
	// Whole asks for the whole matter alone.
	Whole bool
	// Audience is who asks; unspecified: whom each measure is addressed to first.
	Audience guidancev1.Audience
	// Area limits the answer to an area; nil: everywhere.
	Area *guidancev1.AreaId
	// AsOf is the day, YYYY-MM-DD.
	AsOf string
	// KnownAt is the feed number it is as known at; 0: everything recorded.
	KnownAt uint64
	// KnownAtTime is the instant that stands for, when one was asked for.
	KnownAtTime *timestamppb.Timestamp
	// Own are the reader's committees, and Practice their practice, for which these answer;
	// empty: not known.
	Own      []string
	Practice string
	// Scope is the group asked about, by its id or its words (GroupsAsked); empty: in general.
	Scope string
	// Completeness says what the answer rests on; nil: not known.
	Completeness *answersv1.Completeness
}

// DefaultNation is the nation of a committee that states none, and of a question that names none.
const DefaultNation = "england"

// isCounted: only LMCs are counted (domain.md 5).
func isCounted(c Committee) bool {
	return c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC
}

func isNational(c Committee) bool {
	return c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE
}

// NationOf is the nation of a committee.
func NationOf(c interface{ GetNation() string }) string { return cmp.Or(c.GetNation(), DefaultNation) }

func displayName(c Committee) string { return cmp.Or(c.GetName(), c.GetId()) }

// resolver asks the rule for the lines of one answer, over the same entries.
type resolver struct {
	ctx        context.Context // of the one answer this is for
	in         Input
	prepared   *guidance.Prepared
	committees []Committee          // by name, then by id; each id once
	heads      map[string]Committee // the national committees, by nation
	restsOn    map[string]bool      // the committees whose words what is to be kept rests on; nil: nothing is
	partitions map[string]*partition
	apart      map[string]map[string]bool // by committee
	like       *resolver                  // for whose readers it is asked, where two looks are compared
	ownAlone   bool                       // only the reader's own committees and the national one are asked
	group      *askedGroup                // nil: in general
	saysGroup  map[[2]string]saidUnder    // by committee and measure
	worded     map[string]map[string]*wordedGroup
	byGroup    map[*wordedGroup]*resolver
	afresh     bool // nothing is kept
}

func newResolver(ctx context.Context, in Input) *resolver {
	if in.Said != nil && in.Said.matter != in.Matter { // what was kept is of another version of it
		in.Entries, in.Said = in.Said.entries, nil
	}
	if in.Said == nil {
		if in.KnownAt != 0 {
			in.Entries = slices.DeleteFunc(slices.Clone(in.Entries), func(e guidance.Entry) bool { return e.Feed > in.KnownAt })
		}
		in.Said = NewSaid(ctx, in.Matter, in.Entries, in.Register)
	}
	in.Entries = in.Said.entries
	r := &resolver{
		ctx:        ctx,
		in:         in,
		prepared:   in.Said.prepared.For(ctx),
		partitions: map[string]*partition{}, apart: map[string]map[string]bool{}, group: newAskedGroup(in),
	}
	byName := func(a, b Committee) int {
		return cmp.Or(cmp.Compare(a.GetName(), b.GetName()), cmp.Compare(a.GetId(), b.GetId()))
	}
	r.committees = slices.Clone(in.Committees)
	if !slices.IsSortedFunc(r.committees, byName) {
		slices.SortFunc(r.committees, byName)
	}
	r.committees = slices.CompactFunc(r.committees, func(a, b Committee) bool { return a.GetId() == b.GetId() })
	r.heads = map[string]Committee{}
	for _, c := range slices.Backward(r.committees) { // of several the first by name
		if isNational(c) {
			r.heads[NationOf(c)] = c
		}
	}
	return r
}

// audience is who a measure's lines are for. Whoever asks as a practice, or with a committee of their own, is
// answered as a practice, whomever the measure is addressed to: a page for practices tells what
// practices were told (domain.md 3).
func (r *resolver) audience(measure string) guidancev1.Audience {
	switch {
	case r.in.Audience != guidancev1.Audience_AUDIENCE_UNSPECIFIED:
		return r.in.Audience
	case r.like != nil && (measure == "" || guidance.MeasureOf(r.like.in.Matter, measure) != nil):
		return r.like.audience(measure)
	case r.isOfPractices():
		return guidancev1.Audience_AUDIENCE_PRACTICES
	}
	return guidance.DefaultAudience(r.in.Matter, measure)
}

// isOfPractices: whoever asks is a practice, be it of an LMC or of none, or has LMCs of its own.
func (r *resolver) isOfPractices() bool { return len(r.in.Own) > 0 || r.in.Practice != "" }

// addressee is whom a measure is addressed to, where these are none of those the answer is for, and nobody
// named whom it is to be for: what is said to them is told too, as said to others.
func (r *resolver) addressee(measure string) (others guidancev1.Audience, is bool) {
	if r.like != nil && guidance.MeasureOf(r.like.in.Matter, measure) != nil {
		return r.like.addressee(measure)
	}
	to, of := r.audience(measure), guidance.MeasureOf(r.in.Matter, measure).GetAddressedTo()
	if r.in.Audience != guidancev1.Audience_AUDIENCE_UNSPECIFIED || len(of) == 0 || slices.Contains(of, to) {
		return to, false
	}
	others = guidance.DefaultAudience(r.in.Matter, measure)
	return others, others != to
}

// measures are the topics of a whole answer: the whole matter ("") first, then each
// measure as listed; or only the measure asked about.
func (r *resolver) measures() []string {
	if r.in.Measure != "" || r.in.Whole {
		return []string{r.in.Measure}
	}
	all := []string{""}
	for _, m := range r.in.Matter.GetMeasures() {
		all = append(all, m.GetId())
	}
	return all
}

// lines are a committee's lines on a measure, for some readers (unspecified: whom the answer is for): for all
// or the rest of its area, then the parts that differ; each with its relation to the national line. They are
// others' too, and not to be changed.
func (r *resolver) lines(c Committee, measure string, readers guidancev1.Audience) []*answersv1.Line {
	of := question{measure: measure, readers: readers}
	asked := r.asking(c, of)
	if !isCounted(c) {
		return r.resolve(asked)
	}
	national := r.national(NationOf(c), of)
	return r.keep(relatedKey{lineKeyOf(asked), r.group.key(), national}, asked.Practice == "", func() any {
		return related(national, r.withTold(c, of, r.resolve(asked)))
	}).([]*answersv1.Line)
}

// relatedKey is what lines with their relation to a national line are kept under.
type relatedKey struct {
	lineKey
	group    string
	national *answersv1.Line
}

// related are lines with their relation to a national line.
func related(national *answersv1.Line, lines []*answersv1.Line) []*answersv1.Line {
	all := make([]*answersv1.Line, len(lines))
	for i, line := range lines {
		all[i] = proto.CloneOf(line)
		all[i].Relation = guidance.Relate(national, line)
	}
	return all
}

// lineKey is what a question's lines are kept under.
type lineKey struct {
	committee, measure string
	audience           guidancev1.Audience
	area, around       notation.Area
	scope, day         string
	unknown            int32
}

func lineKeyOf(q guidance.Question) lineKey {
	return lineKey{q.Committee.GetId(), q.Measure, q.Audience, notation.AreaOf(q.Area), notation.AreaOf(q.Around), q.Scope, q.AsOf, q.Unknown}
}

// resolveOne is what the rule answers, kept for whoever asks the same; of a practice it is not kept,
// for there are thousands. The lines are others' too, and not to be changed.
func (r *resolver) resolveOne(q guidance.Question) []*answersv1.Line {
	return r.keep(lineKeyOf(q), q.Practice == "", func() any {
		lines, on := r.prepared.ResolveFrom(q)
		r.restOn(on)
		return lines
	}).([]*answersv1.Line)
}

// keep is what work gives, or gave whoever asked the same before. What it rests on is noted: of
// what work asks for in turn, too.
func (r *resolver) keep(key any, may bool, work func() any) any {
	s := r.in.Said
	if !may || r.afresh {
		return work()
	}
	if one, ok := s.kept.get(s.version, key); ok {
		r.restOn(one.on)
		return one.value
	}
	outer := r.restsOn
	r.restsOn = map[string]bool{}
	value := work()
	one := kept{value, slices.Collect(maps.Keys(r.restsOn)), weightOf(value)}
	r.restsOn = outer
	r.restOn(one.on)
	if r.ctx.Err() == nil {
		s.kept.put(s.version, key, one)
	}
	return value
}

func (r *resolver) restOn(committees []string) {
	if r.restsOn != nil {
		for _, c := range committees {
			r.restsOn[c] = true
		}
	}
}

func (r *resolver) question(c Committee, measure string) guidance.Question {
	q := guidance.Question{
		Matter: r.in.Matter, Measure: measure, Committee: c.Committee, Audience: r.audience(measure),
		AsOf: r.in.AsOf, Unknown: c.Unknown,
	}
	if r.group != nil {
		q.Scope = r.under(c.GetId(), measure).ids[0]
	}
	if r.isOwn(c) {
		q.Practice = r.in.Practice
	}
	switch {
	case r.in.Area == nil:
	case !isCounted(c):
		q.Area = r.in.Area
	case r.reachesBeyond(c):
		q.Around = r.in.Area
	}
	return q
}

// national is the line of a nation's committee on a question; nil when the nation has
// no committee.
func (r *resolver) national(nation string, q question) *answersv1.Line {
	c, ok := r.nationalCommittee(nation)
	if !ok {
		return nil
	}
	return r.resolve(r.asking(c, q))[0]
}

func (r *resolver) nationalCommittee(nation string) (c Committee, ok bool) {
	c, ok = r.heads[nation]
	return c, ok
}

// isOwn: a committee is one of the reader's.
func (r *resolver) isOwn(c Committee) bool { return slices.Contains(r.in.Own, c.GetId()) }

// completeness is what the answer rests on, in words too.
func (r *resolver) completeness() *answersv1.Completeness {
	if r.in.Completeness == nil {
		return &answersv1.Completeness{Words: CompletenessWords(nil)}
	}
	return r.in.Completeness
}

// withoutTexts is a line without the texts to send with what it asks, but for the same thing as some requests:
// many lines of one letter would each bring them all.
func withoutTexts(line *answersv1.Line, but ...ask) *answersv1.Line {
	texts := func(act *guidancev1.Action) bool {
		return act.GetTemplate() != "" && !slices.ContainsFunc(but, func(of ask) bool {
			return act.GetMeasure() == of.action.GetMeasure() && guidance.AsksSameWords(act, of.action)
		})
	}
	if !slices.ContainsFunc(line.GetActions(), texts) && !slices.ContainsFunc(slices.Concat(line.GetAlsoAsked(), line.GetAskedAgain()), func(of *answersv1.StandingRequest) bool { return texts(of.GetAction()) }) {
		return line
	}
	line = proto.CloneOf(line)
	for _, act := range line.Actions {
		if texts(act) {
			act.Template = ""
		}
	}
	for _, of := range slices.Concat(line.AlsoAsked, line.AskedAgain) {
		if texts(of.GetAction()) {
			of.Action.Template = ""
		}
	}
	return line
}

// Lines returns the lines of every committee, by name, on the whole matter and each
// measure as listed, or only on the measure asked about; parts after the rest.
func Lines(ctx context.Context, in Input) (all []*answersv1.Line, err error) {
	r := newResolver(ctx, in)
	for _, c := range r.committees {
		if !r.concerns(c) {
			continue
		}
		for _, measure := range r.measures() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			all = append(all, r.lines(c, measure, guidancev1.Audience_AUDIENCE_UNSPECIFIED)...)
		}
	}
	return all, ctx.Err()
}
