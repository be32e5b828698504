package picture

import (
	"cmp"
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// looks are two looks at one matter. What differs is found by asking both the same questions:
// of each committee, on each measure, in each part of its area where either look has one, to
// all readers and to each part of them that was told something, in general and for each group.
type looks struct {
	ctx       context.Context
	then, now *resolver
	asked     map[question]*difference
	entries   map[string][]guidance.Entry // those that bear on a committee, by its id
	known     map[string]bool             // the entries known at the earlier look, by name
	readings  map[reading]*guidance.Prepared

	// Places among the later look's entries: of what was said for a committee, and of what ends or restores an entry,
	// which bears on whomever that does; worked out once.
	saidFor, naming map[string][]int
}

// question is one question to both looks.
type question struct {
	committee, measure string
	area               notation.Area       // zero: all of its area, or the rest
	readers            guidancev1.Audience // within those asked for; unspecified: all of them
	scope              string              // a group's id; empty: in general
}

// difference is what the two looks answer to a question.
type difference struct {
	question
	before, after *answersv1.Line // nil: the committee was not there
	ofAll         bool            // it is the same in every part of the area
}

func lookTwice(ctx context.Context, before, after Input) *looks {
	l := &looks{
		ctx: ctx, then: newResolver(ctx, before), now: newResolver(ctx, after),
		asked: map[question]*difference{}, entries: map[string][]guidance.Entry{}, known: map[string]bool{}, readings: map[reading]*guidance.Prepared{},
	}
	l.then.like, l.then.group, l.now.worded = l.now, l.now.group, l.now.wordedGroups()
	l.then.worded = l.now.worded
	for i := range l.then.in.Entries {
		l.known[l.then.in.Entries[i].ID] = true
	}
	return l
}

// differences are what the two looks answer differently of a committee, the general before the
// particular. What a part of the area, some of the readers, a group or a measure is told only as
// all are told it, before and after, is not repeated of them; nor is what is said of a measure
// that only one look's matter has, where it is what is said of the whole.
func (l *looks) differences(committee string) (all []difference, err error) {
	for _, measure := range l.measures() {
		if err := l.ctx.Err(); err != nil {
			return nil, err
		}
		areas, questions := l.questions(committee, measure)
		var found []difference
		for _, q := range questions {
			d := l.ask(q)
			if d == nil || saysTheSame(*d) || slices.ContainsFunc(l.around(q, areas), d.repeats) {
				continue
			}
			whole := q
			whole.measure = ""
			if of := l.ask(whole); of != nil && slices.Contains(l.now.measures(), "") {
				if !slices.Contains(l.then.measures(), measure) && sameAnswer(d.after, of.after) || !slices.Contains(l.now.measures(), measure) && sameAnswer(d.before, of.before) {
					continue
				}
			}
			found = append(found, *d)
		}
		all = append(all, l.inEveryPart(found, areas)...)
	}
	return all, l.ctx.Err()
}

// measures are those of either look, by the order of the later.
func (l *looks) measures() []string {
	all := l.now.measures()
	for _, m := range l.then.measures() {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// questions are all there are of a committee and a measure, and the parts of its area: for every
// reader that anything said on it is for, whom it is addressed to where that is others, and every
// group of either look's lines, then the other groups that something was said for, newest first, up
// to twice guidance.GroupLimit.
func (l *looks) questions(committee, measure string) (areas []notation.Area, all []question) {
	readers, scopes := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_UNSPECIFIED}, []string{""}
	asked := l.now.audience(measure)
	group := func(id string) {
		id = l.now.groupAskedBy(committee, id)
		if l.now.in.Scope == "" && !slices.Contains(scopes, id) && len(scopes) <= 2*guidance.GroupLimit {
			scopes = append(scopes, id)
		}
	}
	for _, r := range []*resolver{l.then, l.now} {
		for _, c := range l.speaking(r, committee) {
			for _, line := range r.resolve(r.asking(c, question{measure: measure})) {
				for _, of := range line.GetGroups() {
					group(of.GetScope().GetId())
				}
			}
		}
	}
	for _, e := range slices.Backward(l.entriesOf(committee)) {
		for _, p := range guidance.PositionsOf(e) {
			if measure != "" && p.GetMeasure() != measure && p.GetMeasure() != "" {
				continue // of the whole matter, a word on a measure lifts what others reported (domain.md 4.4)
			}
			for _, a := range p.GetAudiences() {
				if a != asked && l.asksFor(measure, a) && !slices.Contains(readers, a) {
					readers = append(readers, a)
				}
			}
			group(p.GetScope().GetId())
		}
	}
	slices.Sort(readers)
	slices.Sort(scopes)
	areas = []notation.Area{{}} // all of it, or the rest
	instead := map[notation.Area][]*guidancev1.AreaId{}
	var in func(id *guidancev1.AreaId)
	in = func(id *guidancev1.AreaId) {
		if _, again := instead[notation.AreaOf(id)]; !again {
			instead[notation.AreaOf(id)] = l.partsStill(committee, id)
		}
		if parts := instead[notation.AreaOf(id)]; parts != nil {
			for _, part := range parts {
				in(part)
			}
			return
		}
		if area := notation.AreaOf(id); !slices.Contains(areas, area) && area != notation.AreaOf(l.now.in.Area) {
			areas = append(areas, area)
		}
	}
	ofPractice := l.now.in.Practice != "" && (slices.Contains(l.then.in.Own, committee) || slices.Contains(l.now.in.Own, committee))
	if !ofPractice { // which is in one place
		for _, c := range l.mergedFrom(committee) {
			for _, own := range l.then.countedAreas(c) { // what lies beyond the area asked about is no part of the answer
				in(own)
			}
		}
	}
	for _, reader := range readers {
		for _, scope := range scopes {
			for _, r := range []*resolver{l.then, l.now} {
				for _, c := range l.speaking(r, committee) {
					if ofPractice {
						continue
					}
					q := question{measure: measure, readers: reader, scope: scope}
					lines := r.resolve(r.asking(c, q))
					for _, line := range lines {
						in(line.GetArea())
					}
					if isCounted(c) && len(r.restOf(c, q, lines).told) > 1 { // each what one of several said of what it covered
						for _, of := range r.beforeMerger(c) {
							in(of.area)
						}
					}
				}
			}
		}
	}
	if len(l.now.in.Register.Predecessors(committee)) > 0 {
		var parts []*guidancev1.AreaId
		for _, area := range areas {
			parts = append(parts, guidance.AreaID(area))
		}
		areas = slices.DeleteFunc(areas, func(area notation.Area) bool { return l.now.isDividedAmong(guidance.AreaID(area), parts) })
	}
	for _, area := range areas {
		for _, reader := range readers {
			for _, scope := range scopes {
				all = append(all, question{committee, measure, area, reader, scope})
			}
		}
	}
	return areas, all
}

// asksFor: an audience is among those whom a measure is asked about for, or whom it is addressed to.
func (l *looks) asksFor(measure string, a guidancev1.Audience) bool {
	addressee, others := l.now.addressee(measure)
	return guidance.Contains(l.now.audience(measure), a) || others && guidance.Contains(addressee, a)
}

// ask asks both looks; nil: one of them has no rest to its area, and the parts tell it all.
func (l *looks) ask(q question) *difference {
	d, again := l.asked[q]
	if again {
		return d
	}
	before, ok := l.answer(l.then, l.now, q)
	after, okToo := l.answer(l.now, l.then, q)
	if ok && okToo {
		before, after = l.withoutAskedStill(l.now, q, before, after), l.withoutAskedStill(l.then, q, after, before)
		if l.mergedFrom(q.committee) != nil {
			before, after = l.withoutSaidStill(before, after)
		}
		before, after = l.withoutAskedOn(q, l.withoutCome(before), after), l.withoutPast(before, after)
		d = &difference{question: q, before: before, after: after}
	}
	if whole := q; d != nil && q.measure != "" { // what is asked on the whole matter too is told of that
		whole.measure = ""
		if of := l.ask(whole); of != nil {
			d.before, d.after = withoutAsks(before, of.before, of.after), withoutAsks(after, of.before, of.after)
		}
	}
	l.asked[q] = d
	return d
}

// answer answers a question at one look; nil: the committee is not there, is not the practice's
// but at the other look, or does not cover what is asked about; false: there is no such rest.
func (l *looks) answer(r, other *resolver, q question) (line *answersv1.Line, ok bool) {
	if r == l.then {
		if from := l.spokeThen(q); len(from) > 0 {
			return l.answerMerged(from, q)
		}
	}
	c, there := r.committee(q.committee)
	isOwn := slices.Contains(r.in.Own, q.committee)
	if !there || !r.concerns(c) || r.in.Practice != "" && !isOwn && slices.Contains(other.in.Own, q.committee) {
		return nil, true
	}
	if line, ok := l.answerByPractice(r, c, q); line != nil || !ok || !l.covers(r, c, q.area) {
		return line, ok
	}
	if line, ok, is := l.answerMergedArea(r, c, q); is {
		return line, ok
	}
	return l.answerOf(r, c, q)
}

// answerOf is what a committee that is there answers at a look; false: there is no such rest.
func (l *looks) answerOf(r *resolver, c Committee, q question) (line *answersv1.Line, ok bool) {
	asked := r.asking(c, q)
	lines := r.resolve(asked)
	line = pick(lines, q.area, r.in.Area)
	if q.area == (notation.Area{}) && line != nil && line == lines[0] && asked.Practice == "" && isCounted(c) {
		switch rest := r.restOf(c, q, lines); {
		case rest.isThere && len(r.in.Register.Predecessors(c.GetId())) > 0:
			line = r.withoutFormer(c, line, r.toldInPlace(c, q, lines[1:]))
		case rest.isThere:
		case len(rest.told) == 1:
			line = toldToAll(line, rest.told[0])
		default: // each practice what was said by one that the committee was merged from, and by another, or in its part
			return nil, false
		}
	}
	return l.asCompared(r, c, q, line), line != nil
}

// asCompared is what of a line is held against the other look's.
func (l *looks) asCompared(r *resolver, c Committee, q question, line *answersv1.Line) *answersv1.Line {
	if line != nil && isCounted(c) {
		national := r.national(NationOf(c), question{measure: q.measure, readers: q.readers})
		line = related(national, []*answersv1.Line{line})[0]
	}
	if len(line.GetActions())+len(line.GetAlsoAsked()) > 0 && len(line.GetGroups())+len(line.GetPartLines()) > 0 {
		line = proto.CloneOf(line)
		r.askEach(c, line, q)
	}
	if _, others := l.now.addressee(q.measure); others && line != nil { // who are asked about by themselves
		line = withoutToOthers(line, func(st *answersv1.Statement) bool {
			return slices.ContainsFunc(guidance.SaidTo(st), func(a guidancev1.Audience) bool { return l.asksFor(q.measure, a) })
		})
		if to := r.asking(c, q).Audience; !guidance.Related(to, l.now.audience(q.measure)) {
			line = proto.CloneOf(line)
			ofOthers := func(act *guidancev1.Action) bool {
				isTo := func(a guidancev1.Audience) bool { return guidance.Related(a, to) }
				return len(act.GetActors()) > 0 && !slices.ContainsFunc(act.GetActors(), isTo)
			}
			line.Actions = slices.DeleteFunc(line.Actions, ofOthers)
			line.AlsoAsked = slices.DeleteFunc(line.AlsoAsked, func(of *answersv1.StandingRequest) bool { return ofOthers(of.GetAction()) })
		}
	}
	return stillDue(line, l.now.in.AsOf)
}

// asking is a question as the rule takes it.
func (r *resolver) asking(c Committee, q question) guidance.Question {
	ask := r.question(c, q.measure)
	ask.Audience, ask.Scope = cmp.Or(q.readers, ask.Audience), cmp.Or(q.scope, ask.Scope)
	if q.area != (notation.Area{}) {
		ask.Area = guidance.AreaID(q.area)
	}
	return ask
}

// pick is the line of an area, or, where that is none, of the rest or of the area asked about.
func pick(lines []*answersv1.Line, area notation.Area, asked *guidancev1.AreaId) *answersv1.Line {
	for _, line := range lines {
		if of := notation.AreaOf(line.GetArea()); of == area || area == (notation.Area{}) && of == notation.AreaOf(asked) {
			return line
		}
	}
	return nil
}

// around are what is answered to those whom a question's readers, group and part belong to, and
// on the whole matter.
func (l *looks) around(q question, areas []notation.Area) (all []difference) {
	for _, measure := range slices.Compact([]string{"", q.measure}) {
		if !slices.Contains(l.now.measures(), measure) {
			continue
		}
		for _, area := range areas {
			if area != q.area && area != (notation.Area{}) && !l.contains(area, q.area) && !l.cameTo(q.area, area) {
				continue
			}
			for _, readers := range slices.Compact([]guidancev1.Audience{guidancev1.Audience_AUDIENCE_UNSPECIFIED, q.readers}) {
				for _, scope := range slices.Compact([]string{"", q.scope}) {
					outer := question{q.committee, measure, area, readers, scope}
					if d := l.ask(outer); d != nil && outer != q {
						all = append(all, *d)
					}
				}
			}
		}
	}
	return all
}

func (l *looks) contains(outer, inner notation.Area) bool {
	return inner != (notation.Area{}) && l.now.in.Register.Contains(guidance.AreaID(outer), guidance.AreaID(inner), l.now.in.AsOf)
}

// saysTheSame: nothing differs.
func saysTheSame(d difference) bool {
	return sameAnswer(d.before, d.after) && d.before.GetObligation() == d.after.GetObligation() && BesideWords(d.before, d.after) == nil
}

// repeats: another difference is the same. What a measure obliges to is its own, and told where
// it changes.
func (d *difference) repeats(other difference) bool {
	obliges := func(d difference) [2]answersv1.Obligation {
		return [2]answersv1.Obligation{d.before.GetObligation(), d.after.GetObligation()}
	}
	as := func(line, outer *answersv1.Line) *answersv1.Line { // what it asks, told to the others: of whom they are told by name
		if line != nil && outer != nil && line.GetAudience() != outer.GetAudience() {
			line = proto.CloneOf(line)
			line.Audience = outer.GetAudience()
		}
		return line
	}
	own := obliges(*d)
	return sameAnswer(d.before, other.before) && sameAnswer(d.after, other.after) && (own == obliges(other) || d.measure != other.measure && own[0] == own[1]) &&
		slices.Equal(BesideWords(as(d.before, other.before), as(d.after, other.after)), BesideWords(other.before, other.after))
}

func sameAnswer(a, b *answersv1.Line) bool {
	return (a == nil) == (b == nil) && answerText(a) == answerText(b)
}

// answerText is what a line answers itself, without what stands beside that.
func answerText(line *answersv1.Line) string {
	text := short(line.GetState(), "LINE_STATE_") + "\n"
	for _, s := range answering(line) {
		text += statementText("answer", s)
	}
	if no := line.GetNoLine(); no.GetEnded() != "" {
		text += rowText("no-line", short(no.GetReason(), "NO_LINE_REASON_"), no.GetEnded(), no.GetBy())
	}
	return text
}

// answering are what a line answers by.
func answering(line *answersv1.Line) []*answersv1.Statement {
	if line.GetCurrent() != nil {
		return []*answersv1.Statement{line.GetCurrent()}
	}
	return line.GetContested()
}
