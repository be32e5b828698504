package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What goes on beside a letter's lines once it is published, and what stops though nothing ends it.

// goesOnBeside warns of what stands beside a letter's lines once it is published, and its office may
// take for ended: what other letters ask there, or wait for, and what the line before says of the
// contract. What it passes on is looked at too.
func (p *publishing) goesOnBeside(a *v1.Advisory) {
	for place, position := range a.GetPositions() {
		matter := position.GetMatter()
		warn := func(w *answersv1.Warning) { p.warnOnce(matter, w) }
		fresh := p.freshAssertion(a, position, place)
		day := max(fresh.from, p.Today)
		p.comesBack(position)
		for _, c := range position.GetCommittees() {
			for _, audience := range position.GetAudiences() {
				if p.standing.stopped() {
					return
				}
				q := newQuery(Question{Matter: p.findMatter(position.GetMatter()), Measure: position.GetMeasure(), Committee: &v1.Committee{Id: c}, Audience: audience, Area: position.GetArea(), Scope: fresh.scope, AsOf: day})
				for _, w := range p.standing.passesOnThePast(q, fresh) {
					warn(w)
				}
				if of := fresh.relayOf(); of.GetAdvisory() != "" && len(p.standing.passedOn(q, fresh)) == 0 {
					warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_PASSES_ON_NOTHING, Measure: position.GetMeasure(), Entry: of.GetAdvisory(), Committees: []string{of.GetCommittee()}, CommitteeNames: committeeNames(p.Register, []string{of.GetCommittee()})})
				}
				out := p.after.answerWithin(q)
				if reported := out.current; fresh.mention && reported != nil && reported.report {
					warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_REPORT_GOES_ON, Measure: position.GetMeasure(), Entry: reported.entry.ID, Stance: reported.position.GetStance(), Title: sourceWords(reported.entry.Report.GetSource())})
				}
				if out.current == nil || out.current.entry.ID != "" { // which what is published has not yet
					p.isPassedBy(a, position, q, &out, warn)
					continue
				}
				p.isOverBeforeDue(a, position, q, &out, warn)
				asked := p.after.alsoAsked(q, &out)
				for _, of := range append(p.after.askedAround(q), asked...) {
					if !namesToEnd(a, of.assertion.entry.ID) && of.assertion.entry.ID != "" {
						warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, Measure: of.assertion.position.GetMeasure(), Entry: of.assertion.entry.ID, Quote: askWords(of.action)})
					}
				}
				p.stopsAsking(a, position, q, warn)
				for _, s := range out.waiting {
					if s.entry.ID != "" {
						warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_GOES_ON_WAITING, Measure: position.GetMeasure(), Entry: s.entry.ID, Condition: startsWhen(s.position)})
					}
				}
				before := p.standing.answerWithin(q)
				p.leavesUnsaid(position, q, &before, fresh)
			}
			if !fresh.mention {
				p.holdsUntil(position, c, day)
				p.leavesLimitsUnsaid(position, c, day)
			}
			p.asksAgainLater(position, c, day)
			p.hidesAsked(a, position, c, day)
			p.isDueWhileStopped(a, position, c, day)
		}
	}
}

// leavesUnsaid warns of what the line before says of the contract, tells that others claim of it and thinks, where a fresh one that
// advises the same says nothing of that: readers are told it by the newest line alone.
func (p *publishing) leavesUnsaid(position *v1.Position, q query, before *answer, fresh *assertion) {
	was := before.current
	if fresh.mention || was == nil || was.mention || was.report || was.position.GetMeasure() != position.GetMeasure() || differ(was.position.GetStance(), position.GetStance()) {
		return
	}
	unsaid := func(code answersv1.WarningCode, quote, claimant string) { // of each measure by itself
		p.warnOn(position.GetMatter(), &answersv1.Warning{Code: code, Measure: position.GetMeasure(), Entry: was.entry.ID, Quote: quote, ClaimedBy: claimant})
	}
	if said := EffectsWords(effectsOn(q, was), q.day); said != "" && len(effectsOn(q, fresh)) == 0 {
		unsaid(answersv1.WarningCode_WARNING_CODE_CONTRACT_UNSAID, said, "")
	}
	if was.scope != fresh.scope {
		return // whoever is in a group is told what is said in general too
	}
	for _, claim := range was.position.GetClaims() {
		again := func(o *v1.Claim) bool {
			return o.GetClaimant().GetId() == claim.GetClaimant().GetId() || ClaimWords(o) == ClaimWords(claim)
		}
		ofMatter := func(o *v1.Claim) bool { return ClaimWords(o) == ClaimWords(claim) }
		if !slices.ContainsFunc(position.GetClaims(), again) && !slices.ContainsFunc(MeasureOf(q.asked.Matter, q.measure).GetClaims(), ofMatter) {
			unsaid(answersv1.WarningCode_WARNING_CODE_CONTRACT_UNSAID, notation.Clip(ClaimWords(claim), 160), claim.GetClaimant().GetName())
		}
	}
	if thinks := OpinionWords(was.position.GetOpinion()); thinks != "" && p.after.line(q, p.after.answer(q)).GetOpinion() == v1.Opinion_OPINION_UNSPECIFIED {
		unsaid(answersv1.WarningCode_WARNING_CODE_OPINION_UNSAID, thinks, "")
	}
}

// leavesLimitsUnsaid warns of conditions and of the last day of the lines that answered a committee's readers, all or some of them, before
// a position that advises the same does, and says nothing of these: readers are told the newest line alone.
func (p *publishing) leavesLimitsUnsaid(position *v1.Position, committee, day string) {
	m, readers := p.findMatter(position.GetMatter()), p.theirs(position, committee, day)
	var before grouped[*assertion, reader]
	for _, r := range readers {
		was := p.standing.weigh(r.asks(m, day)).current
		if was != nil && !was.mention && !was.report && was.position.GetMeasure() == position.GetMeasure() && r.measure == position.GetMeasure() &&
			was.scope == r.scope && !differ(was.position.GetStance(), position.GetStance()) {
			before.add(was, r)
		}
	}
	for _, was := range before.keys {
		dropped, until := conditionWords(was.position, func(c *v1.Condition) bool {
			return !slices.ContainsFunc(position.GetConditions(), func(o *v1.Condition) bool {
				return o.GetDirection() == c.GetDirection() && inSameWords(o.GetText(), c.GetText())
			})
		}), ""
		if position.GetValidUntil() == "" {
			until = was.until
		}
		if dropped == "" && until == "" {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return slices.Contains(before.members[was], r) })
		for _, w := range p.ofSome(before.members[was], others, day, &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID, Measure: position.GetMeasure(), Entry: was.entry.ID, Quote: notation.Clip(tidy(dropped), conditionTold), Until: until,
		}) {
			p.warnOn(m.GetName(), w)
		}
	}
}

// isPassedBy warns of what a letter asks with what it only mentions, where the line of another letter answers and what is
// asked is not told with that.
func (p *publishing) isPassedBy(a *v1.Advisory, position *v1.Position, q query, out *answer, warn func(*answersv1.Warning)) {
	if !IsMention(position) || out.current == nil || out.current.mention {
		return
	}
	asked := p.after.alsoAsked(q, out)
	for _, action := range Actions(a) {
		told := slices.ContainsFunc(asked, func(of standing) bool { return of.action == action || asksAgain(of.action, action) }) || slices.ContainsFunc(out.actions, func(o *v1.Action) bool { return asksAgain(o, action) })
		if !told && p.standing.standsWith(q.asked.Matter, a, action, position, q.committee) && !p.asksOthers(a, action, q) {
			warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: position.GetMeasure(), By: out.current.entry.ID, Quote: askWords(action)})
		}
	}
}

// isAskedOfNobody warns of what a letter asks of some alone, be they named, in an area or on a measure, who are all told
// something later by other letters, which it does not go with: an older letter that is entered after a newer one.
func (p *publishing) isAskedOfNobody(a *v1.Advisory, action *v1.Action) {
	m, by := p.findMatter(ActionMatter(a, action)), ""
	days := []string{max(validFrom(a), p.Today)}
	for _, position := range a.GetPositions() {
		days = append(days, max(position.GetValidFrom(), p.Today))
	}
	for _, day := range days {
		if isPast(action, day) {
			return
		}
		for _, r := range p.readersOf(&Entry{Advisory: a}, action, committeesOf(a), day) {
			if p.standing.stopped() || slices.ContainsFunc(p.asked(p.after, m, r, day), func(of standing) bool { return of.action == action || asksAgain(of.action, action) }) {
				return
			}
			if is := p.after.answer(r.asks(m, day)).current; is != nil && is.entry.ID != "" {
				by = cmp.Or(by, is.entry.ID)
			}
		}
	}
	if by != "" {
		p.warnOnce(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: action.GetMeasure(), By: by, Quote: askWords(action)})
	}
}

// isOverBeforeDue warns of what a letter asks with a line that is over by its own last day, and is due only after that:
// nothing that holds then asks it.
func (p *publishing) isOverBeforeDue(a *v1.Advisory, position *v1.Position, q query, out *answer, warn func(*answersv1.Warning)) {
	until := position.GetValidUntil()
	if until < q.day {
		return
	}
	then := q
	then.day = notation.DayAfter(until)
	thenOut := p.after.answerWithin(then)
	asksThen := append(thenOut.asked(), p.after.alsoAsked(then, &thenOut)...)
	var some []string // of the letter's committees; none: it is of all
	if takes(a, func(own *v1.Position) bool {
		return slices.ContainsFunc(own.GetCommittees(), func(c string) bool { return !slices.Contains(position.GetCommittees(), c) })
	}) {
		some = position.GetCommittees()
	}
	for _, action := range Actions(a) {
		by, _ := DueMoment(action.GetDue())
		if action.GetDue() == nil || by != "" && by < then.day || !slices.Contains(out.actions, action) || !p.standing.standsWith(q.asked.Matter, a, action, position, q.committee) {
			continue
		}
		goesOn := action.GetMeasure() != position.GetMeasure() && takes(a, func(own *v1.Position) bool { // with the line on what it is on
			return own != position && (action.GetMeasure() == "" || own.GetMeasure() == action.GetMeasure()) && slices.Contains(own.GetCommittees(), q.committee) && slices.ContainsFunc(own.GetAudiences(), func(of v1.Audience) bool { return Contains(of, q.audience) }) &&
				p.standing.meetIn(own.GetArea(), position.GetArea(), q.day) && notation.IsWithin(then.day, own.GetValidFrom(), own.GetValidUntil()) && p.standing.standsWith(q.asked.Matter, a, action, own, q.committee)
		})
		if !goesOn && !slices.ContainsFunc(asksThen, func(of standing) bool { return asksAgain(of.action, action) }) && !p.asksOthers(a, action, then) {
			warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: position.GetMeasure(), Committees: some, From: then.day, Until: until, Quote: askWords(action)})
		}
	}
}

// asksAgainLater warns of what another letter asks some of a committee's readers beside a line on a day ahead, and not before: what had
// stopped that, a line with a last day or one that is withdrawn, is over then.
func (p *publishing) asksAgainLater(position *v1.Position, committee, day string) {
	m, readers := p.findMatter(position.GetMatter()), p.theirs(position, committee, day)
	type back struct {
		request
		on, from string // by a line on which measure, and since when
	}
	var again grouped[back, reader]
	for _, r := range readers {
		asked := slices.Clone(p.asked(p.after, m, r, day))
		for _, later := range p.turnsAfter(topic{m.GetName(), committee}, day) {
			if !p.answers(position, r, later) || p.standing.stopped() {
				break // what answers then is told by itself
			}
			for _, of := range p.asked(p.after, m, r, later) {
				isAgain := func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) }
				began := max(of.assertion.from, of.assertion.issued.latest) <= day && !of.assertion.waits // else it is a line ahead
				if began && of.assertion.entry.ID != "" && !isPast(of.action, later) && !slices.ContainsFunc(asked, isAgain) {
					asked = append(asked, of) // from the first day on
					again.add(back{request{of.assertion.entry, of.action}, of.assertion.position.GetMeasure(), later}, r)
				}
			}
		}
	}
	for _, b := range again.keys {
		these, others := again.members[b], slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return slices.Contains(again.members[b], r) })
		others = slices.DeleteFunc(others, func(r reader) bool { return !isAskedBy(b.action, r) })
		if named := slices.DeleteFunc(slices.Clone(these), func(r reader) bool { return !isAskedBy(b.action, r) }); len(named)+len(others) > 0 {
			these = named // and whoever only reads that others are asked is none of them
		}
		again := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, Measure: b.on, Entry: b.by.ID, Quote: askWords(b.action), From: b.from}
		for _, w := range p.ofSome(these, others, day, again) {
			p.warnOnce(m.GetName(), w)
		}
	}
}

// goesOnAsking: what an entry asks of a committee's practices it asks still on a day, with what is published beside it.
func (p *publishing) goesOnAsking(e *Entry, action *v1.Action, committee, day string) bool {
	still, _ := p.after.stillAsks(e, action, committee, p.findMatter, func(s *assertion) []fate { return p.after.fatesOf(s, committee, day, p.findMatter) })
	return still
}

// stopsAsking warns of what nothing ends, and what is asked on a measure that a fresh line on the whole matter
// answers, and does not go with that: with what is passed on there, or only mentioned.
func (p *publishing) stopsAsking(a *v1.Advisory, position *v1.Position, q query, warn func(*answersv1.Warning)) {
	if position.GetMeasure() != "" || IsMention(position) {
		return
	}
	for _, m := range q.asked.Matter.GetMeasures() {
		on := q.onMeasure(m.GetId())
		if m.GetId() == "" || !SharesProposer(q.asked.Matter, m.GetId()) || p.standing.stopped() {
			continue
		}
		out := p.after.answerWithin(on)
		if out.current == nil || out.current.position != position {
			continue
		}
		before, told := p.standing.answerWithin(on), append(out.asked(), p.after.alsoAsked(on, &out)...)
		for _, of := range slices.Concat(p.standing.alsoAsked(on, &before), before.stillAsked(on), p.standing.askedAround(on)) {
			entry := of.assertion.entry
			shown := slices.ContainsFunc(told, func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) })
			if onIt := of.assertion.position.GetMeasure() != "" || of.action.GetMeasure() != ""; onIt && !shown && !namesToEnd(a, entry.ID) {
				p.isShownNoMore(of, on, position)
			}
		}
	}
}

// asksOthers: a letter that is published asks something by name of others than those who ask, and these are asked it.
func (p *publishing) asksOthers(a *v1.Advisory, action *v1.Action, q query) bool {
	return IsOfOthers(action, []v1.Audience{q.audience}) && slices.ContainsFunc(p.readersOf(&Entry{Advisory: a}, action, []string{q.committee}, q.day), func(r reader) bool {
		return slices.ContainsFunc(p.asked(p.after, q.asked.Matter, r, q.day), func(of standing) bool { return of.action == action })
	})
}

// askedAround is what is asked of part of those who ask too, and in parts of the area.
func (p *Prepared) askedAround(q query) (all []standing) {
	where := []query{q}
	if q.area == nil {
		for _, in := range p.areasToAsk(q) {
			there := q
			there.area = in
			where = append(where, there)
		}
	}
	for i, there := range where {
		out := p.answer(there)
		if i > 0 { // what is asked with a line there, which may be that of one that merged
			all = append(all, out.asked()...)
		}
		all = append(append(all, out.alsoAsked...), out.partAsked...)
		for _, part := range out.parts {
			all = append(append(all, part.answer.alsoAsked...), part.answer.asked()...)
		}
	}
	return all
}
