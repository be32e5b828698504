package guidance

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// answersThen is a line that answers some readers once a position is over.
type answersThen struct {
	line   *v1.Position
	by     *Entry
	from   string
	after  string // the entry whose line answers before that; empty: none does
	reader        // without its audience
}

// comesBack warns of the lines that answer once the last day of a position is over, where it answered
// until then, be it only from a later day on; where that day has passed, of those that answer today.
func (p *publishing) comesBack(position *v1.Position) {
	until := position.GetValidUntil()
	if until == "" {
		return
	}
	m, then := p.findMatter(position.GetMatter()), notation.DayAfter(until)
	now := max(then, p.Today)
	var all, stopped []*answersv1.Warning // with the committees it is of
	for _, c := range position.GetCommittees() {
		readers := p.after.readersAmong(m, c, position.GetMeasure(), position.GetAudiences(), position.GetArea(), then, p.areasAt)
		lines, since := map[reader]*assertion{}, map[reader]string{}
		lastly, lastlySince := map[reader]*assertion{}, map[reader]string{} // what answers after that, which had stopped for a time
		for i := range readers {
			readers[i].scope = position.GetScope().GetId()
			r := readers[i]
			was := p.after.answer(r.asks(m, until)).current
			is, from := p.after.answer(r.asks(m, then)).current, then
			if was != nil && was.position == position && is == nil {
				if later := p.then(r.asks(m, then), outcome{}); later.over != "" {
					from = later.over
					is = p.after.answer(r.asks(m, from)).current
				}
			}
			goesOn := func() bool {
				today := p.after.answer(r.asks(m, now)).current
				return now == then || from != then || today != nil && today.position == is.position
			}
			if was != nil && was.position == position && is != nil && !is.mention && is.position != position && goesOn() {
				if lines[r], since[r] = is, from; from != then {
					stopped = append(stopped, p.staysStopped(c, is.entry, then, from)...)
				}
				for _, day := range p.turnsAfter(topic{m.GetName(), c}, max(from, p.Today)) {
					if next := p.after.answer(r.asks(m, day)).current; next != nil && !next.mention && next != is && next.position != position {
						if max(next.from, next.issued.latest) < then { // and no line ahead, which is told by itself
							lastly[r], lastlySince[r] = next, day
						}
						break
					}
				}
			}
			if p.standing.stopped() {
				return
			}
		}
		byAll := p.after.limits(m, then, byID)
		tell := func(lines map[reader]*assertion, since map[reader]string, between map[reader]*assertion) {
			toldWider := func(r reader) bool {
				return slices.ContainsFunc(readers, func(wide reader) bool {
					return wide != r && lines[wide] != nil && lines[wide].position == lines[r].position && !slices.ContainsFunc(byAll, func(l limit) bool { return !l.among(r, wide) })
				})
			}
			var back grouped[answersThen, v1.Audience]
			for _, r := range readers {
				if is := lines[r]; is != nil && !toldWider(r) {
					audience, then := r.audience, answersThen{line: is.position, by: is.entry, from: since[r], reader: r}
					if first := between[r]; first != nil {
						then.after = first.entry.ID
					}
					then.committee, then.audience = "", 0
					back.add(then, audience)
				}
			}
			for _, b := range back.keys {
				w := &answersv1.Warning{
					Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: b.measure, Entry: b.by.ID, From: b.from, Until: until, Stance: b.line.GetStance(), Area: AreaID(b.area),
					Scope: position.GetScope(), Instead: b.after, // in general another line may answer
				}
				audiences := back.members[b]
				if !containsAll(audiences, b.line.GetAudiences()) || !reachesAll(audiences, position.GetAudiences()) {
					w.Audiences = audiences
				}
				r := b.reader
				r.committee, r.audience = c, audiences[0]
				w.Asks = p.asksThen(r, m.GetName(), max(now, b.from), b.by)
				same := func(o *answersv1.Warning) bool {
					o, alike := proto.CloneOf(o), proto.CloneOf(w)
					o.Committees, alike.Committees = nil, nil
					return proto.Equal(o, alike)
				}
				if i := slices.IndexFunc(all, same); i >= 0 {
					all[i].Committees = append(all[i].Committees, c)
					continue
				}
				w.Committees = []string{c}
				all = append(all, w)
			}
		}
		tell(lines, since, nil)
		tell(lastly, lastlySince, lines)
	}
	for _, w := range all {
		if len(w.Committees) == len(position.GetCommittees()) {
			w.Committees = nil // all of its own
		}
		p.warnOn(position.GetMatter(), w)
	}
	for _, w := range stopped {
		p.warnOn(position.GetMatter(), w)
	}
}

// staysStopped tells of a letter that one stops which is replaced by what is published, until a day ahead, though nothing answers in its
// place by then: what ends sooner than that said does not bring back any sooner what that ended.
func (p *publishing) staysStopped(committee string, e *Entry, then, from string) (all []*answersv1.Warning) {
	for _, by := range p.standing.endings.of(e.ID) {
		isReplaced := func(end ending) bool { return end.by.ID == "" && end.how == replaced }
		if then >= p.Today && by.how == amended && slices.ContainsFunc(p.after.endings.of(by.by.ID), isReplaced) && p.endsAloneFrom(e, by.by, committee, then) == then {
			all = append(all, &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STILL_ENDS, Entry: e.ID, By: by.by.ID, From: then, Until: notation.DayBefore(from)})
		}
	}
	return all
}

// holdsUntil warns of the lines ahead that answer a committee's readers in the place of a position from their first day on, and are here
// already: of one that is entered late, under an older day than theirs. What its letter asks by a later day is asked no more then.
func (p *publishing) holdsUntil(position *v1.Position, committee, day string) {
	m, readers := p.findMatter(position.GetMatter()), p.theirs(position, committee, day)
	type then struct {
		line     *assertion
		from, on string
	}
	var ahead grouped[then, reader]
	asksNoMore := map[reader][]standing{}
	for _, r := range readers {
		for _, later := range p.turnsAfter(topic{m.GetName(), committee}, day) {
			if until := position.GetValidUntil(); until != "" && later > until || p.standing.stopped() {
				break // what answers after that is told by itself
			}
			line := p.after.weigh(r.asks(m, later)).current
			if line != nil && line.position == position {
				continue
			}
			if line == nil || line.mention || line.entry.ID == "" {
				break
			}
			var lost []standing
			for _, of := range p.asked(p.after, m, r, day) {
				still := func(o standing) bool { return asksStill(o.action, of.action, r.measure, r.audience) }
				if of.assertion.entry.ID == "" && isAskedBy(of.action, r) && !isPast(of.action, later) && !slices.ContainsFunc(p.asked(p.after, m, r, later), still) {
					lost = append(lost, of)
				}
			}
			ahead.add(then{line, later, cmp.Or(line.position.GetMeasure(), position.GetMeasure())}, r)
			asksNoMore[r] = lost
			break
		}
	}
	tell := func(is then, these []reader, asks string) {
		others := slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return slices.Contains(these, r) })
		for _, w := range p.ofSome(these, others, day, &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, Measure: is.on, By: is.line.entry.ID, From: is.from, Instead: is.line.entry.ID, Stance: is.line.position.GetStance(), Scope: position.GetScope(),
			Asks: p.asksThen(these[0], m.GetName(), is.from, is.line.entry), Quote: asks,
		}) {
			p.warnOnce(m.GetName(), w)
		}
	}
	for _, is := range ahead.keys {
		var all []standing
		var apart grouped[string, reader] // by what they are asked no more
		together := true                  // whom alone something is asked is said by that
		for _, r := range ahead.members[is] {
			apart.add(quotedAsks(asksNoMore[r]), r)
			for _, of := range asksNoMore[r] {
				isIt := func(o standing) bool { return o.action == of.action }
				if !slices.ContainsFunc(all, isIt) {
					all = append(all, of)
				}
				together = together && !slices.ContainsFunc(ahead.members[is], func(r reader) bool { return isAskedBy(of.action, r) && !slices.ContainsFunc(asksNoMore[r], isIt) })
			}
		}
		if together {
			tell(is, ahead.members[is], quotedAsks(all))
			continue
		}
		for _, asks := range apart.keys {
			tell(is, apart.members[asks], asks)
		}
	}
}

// askedAgain is what others ask from the day on which an entry is over for some committees, and asked none of the same readers
// before: what it corrected, where a third letter asks that as it did, what did not go with its line, or what goes with the line that
// answers then. What is restored, and what is asked in the place of what the entry asked, are told with these.
func (p *publishing) askedAgain(target *Entry, committees []string, from string, restored []string) (all []string) {
	if from == "" {
		return nil // it never holds
	}
	day := max(from, p.Today)
	for _, name := range MattersOf(*target) {
		m := p.findMatter(name)
		if m == nil {
			continue
		}
		of := p.inPlaceOf(committees)
		var readers []reader
		for _, s := range p.standing.byEntry.of(target.ID) {
			for _, c := range of {
				if s.position.GetMatter() != name || !slices.Contains(s.position.GetCommittees(), c) {
					continue
				}
				for _, r := range p.after.readersAmong(m, c, s.position.GetMeasure(), s.position.GetAudiences(), s.position.GetArea(), day, p.areasAt) {
					scopes := []string{s.scope}
					if s.scope == "" { // whoever is in a group is told that too
						scopes = append(scopes, p.after.scopesOn(r.asks(m, day))...)
					}
					for _, r.scope = range scopes {
						readers = append(readers, r)
					}
				}
			}
		}
		for _, action := range Actions(target.Advisory) {
			if ActionMatter(target.Advisory, action) == name {
				readers = append(readers, p.readersOf(target, action, committees, day)...)
			}
		}
		var again grouped[request, reader]
		seen := map[reader]bool{}
		for _, r := range readers {
			if seen[r] || p.standing.stopped() {
				continue
			}
			seen[r] = true
			before, then := p.asked(p.standing, m, r, day), p.asked(p.after, m, r, day)
			for _, one := range then {
				by, on := one.assertion.entry, one.action.GetMeasure()
				ofThem := isAskedBy(one.action, r) && (on == "" || on == r.measure)
				asks := func(of standing) bool { return asksStill(of.action, one.action, r.measure, r.audience) }
				if by.ID == "" || by.ID == target.ID || !ofThem || isPast(one.action, day) || slices.Contains(restored, by.ID) || slices.ContainsFunc(before, asks) {
					continue
				}
				inPlace := func(of standing) bool {
					still := func(o standing) bool { return asksStill(o.action, of.action, r.measure, r.audience) }
					return takesPlace(of.assertion.entry, by) && asksOfSame(by.Advisory, one.action, of.assertion.entry.Advisory, of.action) && !slices.ContainsFunc(then, still)
				}
				if !slices.ContainsFunc(before, inPlace) {
					again.add(request{by, one.action}, r)
				}
			}
		}
		for _, asked := range again.keys {
			others := slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return slices.Contains(again.members[asked], r) })
			words := p.standing.askWordsOf(asked.by.Advisory, asked.action, (*v1.Action).GetMeasure) + p.onMatters(name)
			all = append(all, words+whomWords(apart(again.members[asked], others, p.after.limits(m, day, byID)))+" ("+asked.by.ID+")")
		}
	}
	return all
}

// asksThen is what an entry whose line answers a reader on a day asks then; where it answers in parts of the area
// alone, in the first of these.
func (p *publishing) asksThen(r reader, matter, day string, by *Entry) string {
	q := r.asks(p.findMatter(matter), day)
	areas := []*v1.AreaId{q.area}
	if q.area == nil {
		areas = append(areas, p.after.areasToAsk(q)...)
	}
	for _, q.area = range areas {
		out := p.after.answer(q)
		if out.current == nil || out.current.entry != by {
			continue
		}
		return quotedAsks(out.askedWith(q))
	}
	return ""
}

// quotedAsks is what is asked, in a sentence.
func quotedAsks(all []standing) string {
	var asks []string
	for _, of := range all {
		asks = append(asks, "“"+askWords(of.action)+"”")
	}
	return strings.Join(asks, "; ")
}
