package guidance

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// lookTwice warns of what is allowed and may be a mistake.
func (p *publishing) lookTwice(a *v1.Advisory) {
	from := validFrom(a)
	for place, position := range a.GetPositions() {
		m := p.findMatter(position.GetMatter())
		looked := clone(position)
		if !isAgainst(position.GetStance()) {
			looked.ValidUntil = "" // its office is told of a breach to come, though its line ends before
		}
		// Where it is told: on what it names and, of the whole matter, on each measure that it answers.
		on := []string{position.GetMeasure()}
		for _, measure := range m.GetMeasures() {
			own := slices.ContainsFunc(a.GetPositions(), func(o *v1.Position) bool {
				return !IsMention(o) && o.GetMatter() == position.GetMatter() && o.GetMeasure() == measure.GetId() && o.GetScope().GetId() == position.GetScope().GetId() && o.GetArea() == nil &&
					containsAll(o.GetCommittees(), position.GetCommittees()) && reachesAll(o.GetAudiences(), position.GetAudiences())
			})
			if position.GetMeasure() == "" && SharesProposer(m, measure.GetId()) && !own {
				on = append(on, measure.GetId())
			}
		}
		for _, measure := range on {
			committee := slices.Concat(position.GetCommittees(), []string{""})[0]
			q := newQuery(Question{Matter: m, Measure: measure, Committee: &v1.Committee{Id: committee}, AsOf: p.Today})
			stated, claimed, proposer := effectsOn(q, p.freshAssertion(a, position, place)), MeasureOf(m, measure).GetClaimedEffects(), ProposerOf(m, measure)
			for _, w := range Warnings(looked, stated, claimed, proposer.GetName(), from) {
				w.Measure = measure
				p.warnOn(m.GetName(), w)
			}
			if measure != position.GetMeasure() {
				continue
			}
			if len(position.GetContractEffects()) == 0 && len(stated) > 0 {
				p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_INHERITS_EFFECTS, Measure: measure, Quote: EffectsWords(stated, "")})
			}
			if said := EffectsWords(claimed, ""); said != "" && len(stated) > 0 && slices.Contains(position.GetCommittees(), proposer.GetId()) && said != EffectsWords(stated, "") {
				p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_CLAIMS_OTHERWISE, Measure: measure, Quote: said, ClaimedBy: proposer.GetName()})
			}
		}
		if evidence := position.GetEvidence(); len(a.GetAttachments()) == 0 && !quotes(a.GetBody(), evidence) {
			p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_EVIDENCE_NOT_IN_TEXT, Measure: position.GetMeasure(), Quote: notation.Clip(evidence, 160)})
		}
		if position.GetStance() == v1.Stance_STANCE_REQUIRED {
			for _, e := range position.GetContractEffects() {
				if obligation(e.GetEffect()) == answersv1.Obligation_OBLIGATION_MAY {
					p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_REQUIRED_NOT_CONTRACTUAL, Measure: position.GetMeasure(), From: e.GetValidFrom(), Until: e.GetValidUntil()})
				}
			}
		}
		if position.GetStance() == v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS && len(position.GetConditions()) == 0 {
			p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_CONDITIONS_UNSAID, Measure: position.GetMeasure()})
		}
		if condition := waitsFor(position); condition != "" {
			p.warnOn(m.GetName(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STARTS_WHEN, Measure: position.GetMeasure(), Condition: condition})
		}
	}
	p.goesOnBeside(a)
	corrects, inPlace := p.bothDays(a)
	isInPlace := func(action *v1.Action) bool { return slices.Contains(inPlace, action) }
	said := union(a.GetPositions(), func(position *v1.Position) []string { return []string{position.GetMatter()} })
	for _, matter := range MattersOf(Entry{Advisory: a}) {
		others := func(action *v1.Action) bool { return ActionMatter(a, action) == matter && !isInPlace(action) }
		if !slices.Contains(said, matter) && (!slices.ContainsFunc(inPlace, func(o *v1.Action) bool { return ActionMatter(a, o) == matter }) || slices.ContainsFunc(a.GetActions(), others)) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE, Matter: matter, By: corrects[matter]})
		}
	}
	if without := slices.DeleteFunc(slices.Clone(a.GetOnBehalfOf()), func(c string) bool { return SpeaksFor(a, c) }); len(a.GetPositions()) > 0 && len(without) > 0 {
		for _, matter := range said {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE, Matter: matter, Committees: without})
		}
	}
	for _, action := range a.GetActions() {
		p.asksTheExcused(a, action)
		p.dayInWords(action.GetDue(), p.findMatter(ActionMatter(a, action)), action.GetMeasure())
		stands := func(position *v1.Position) bool {
			return p.standing.meetIn(action.GetArea(), position.GetArea(), a.GetIssued().GetLatest()) && slices.ContainsFunc(position.GetCommittees(), func(c string) bool {
				return p.standing.standsWith(p.findMatter(position.GetMatter()), a, action, position, c)
			})
		}
		if ActionMatter(a, action) == "" && len(AdvisedAmong(action.GetActors())) > 0 {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_ON_NO_MATTER, Quote: askWords(action)})
		}
		if matter := ActionMatter(a, action); slices.Contains(said, matter) && len(AdvisedAmong(action.GetActors())) > 0 && !isInPlace(action) && !slices.ContainsFunc(a.GetPositions(), stands) {
			p.warnOn(matter, &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE, Quote: ActionWords(action)})
		} else if slices.ContainsFunc(a.GetPositions(), stands) && !isInPlace(action) {
			p.isAskedOfNobody(a, action)
			p.isDueBeforeItsLine(a, action, slices.DeleteFunc(slices.Clone(a.GetPositions()), func(position *v1.Position) bool { return !stands(position) }))
		}
	}
	for _, matter := range MattersOf(Entry{Advisory: a}) {
		if opened := p.findMatter(matter).GetOpened(); opened.GetEarliest() > a.GetIssued().GetLatest() {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ISSUED_BEFORE_MATTER, Matter: matter, From: opened.GetEarliest(), Until: opened.GetLatest(), Issued: a.GetIssued()})
		}
		if closed := p.findMatter(matter).GetClosed().GetLatest(); closed != "" && closed < p.Today {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_MATTER_CLOSED, Matter: matter, From: closed})
		}
	}
	if early := min(HoldsFrom(a), validFrom(a)); early < a.GetIssued().GetEarliest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_VALID_BEFORE_ISSUED, From: early, Issued: a.GetIssued()})
	}
	if len(a.GetReplaces()) > 0 && from < a.GetIssued().GetLatest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDS_BEFORE_ISSUED, From: from})
	}
	p.looksAtWords(a)
	p.leavesGaps(a)
}

// bothDays warns of what a letter asks that one which goes on asks too, by another time: nothing but a line that
// takes the place of its own ends that, or a request of a letter that amends its own, where which is meant is certain; and
// else an action alone is on no list. It is those letters, by matter, and what is asked in the place of another's.
func (p *publishing) bothDays(a *v1.Advisory) (by map[string]string, inPlace []*v1.Action) {
	by = map[string]string{}
	for _, action := range Actions(a) {
		matter := ActionMatter(a, action)
		m := p.findMatter(matter)
		if m == nil {
			continue
		}
		for _, c := range committeesOf(a) {
			if of := action.GetCommittees(); len(of) > 0 && !slices.Contains(of, c) {
				continue // whose practices are not asked it
			}
			for _, s := range p.after.said(topic{matter, c}) {
				if s.entry.ID == "" || p.standing.stopped() { // "": what is published
					continue
				}
				q := newQuery(Question{Matter: m, Committee: &v1.Committee{Id: c}, AsOf: max(validFrom(a), p.Today)})
				for _, own := range Actions(s.entry.Advisory) {
					old, in := p.after.corrected(q, s, own)
					if in.entry.ID == "" {
						if old == action {
							if inPlace = append(inPlace, action); p.standing.standsWith(m, s.entry.Advisory, own, s.position, c) {
								p.isOverWithItsLine(q, s, action)
							}
						}
						continue
					}
					if in != s && len(a.GetPositions()) == 0 && slices.Contains(a.GetAmends(), s.entry.ID) && !slices.Contains(a.GetAmends(), in.entry.ID) && asksOfSame(in.entry.Advisory, old, a, action) {
						inPlace = append(inPlace, action) // of which a later letter has taken the place already
						p.warnOnce(matter, &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: s.position.GetMeasure(), By: in.entry.ID, Quote: askWords(action), Consequence: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS})
						continue
					}
					meet := old.GetScope() == "" || action.GetScope() == "" || old.GetScope() == action.GetScope()
					same := old.GetScope() == action.GetScope() && proto.Equal(old.GetArea(), action.GetArea())
					onSame := old.GetMeasure() == action.GetMeasure() || old.GetMeasure() == "" || action.GetMeasure() == ""
					alike := old.GetDue() != nil && action.GetDue() != nil && AsksSameWords(old, action) && onSame && meet && p.standing.meetIn(old.GetArea(), action.GetArea(), q.day)
					if !alike || DueWords(old.GetDue()) == DueWords(action.GetDue()) || isPast(old, p.Today) || !p.after.standsWith(m, s.entry.Advisory, own, s.position, c) {
						continue
					}
					told := func(w *answersv1.Warning) bool { // with what it goes on asking beside a new line
						return w.GetEntry() == in.entry.ID && w.GetQuote() == askWords(old) && w.GetCode() == answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING
					}
					if !slices.ContainsFunc(p.Warnings, told) && p.goesOnAsking(in.entry, old, c, p.Today) && (same && !namesToEnd(a, in.entry.ID) || p.asksBoth(m, request{in.entry, old}, a, action, c)) {
						by[matter] = in.entry.ID
						w := &answersv1.Warning{
							Code: answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, Measure: s.position.GetMeasure(), Entry: in.entry.ID, Quote: askWords(old), Title: DueWords(action.GetDue()),
						}
						if slices.Contains(a.GetAmends(), in.entry.ID) {
							w.Consequence = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
						}
						p.warnOn(matter, w)
					}
				}
			}
		}
	}
	return by, inPlace
}

// isOverWithItsLine warns of what is asked in the place of another's, and is due after the last day of the line it goes with:
// nothing asks it then.
func (p *publishing) isOverWithItsLine(q query, s *assertion, action *v1.Action) {
	due, _ := DueMoment(action.GetDue())
	if s.until == "" || due <= s.until || s.until < q.day {
		return
	}
	then := q
	then.day, then.measure, then.audience, then.area, then.scope = notation.DayAfter(s.until), s.position.GetMeasure(), s.position.GetAudiences()[0], s.position.GetArea(), s.scope
	out := p.after.answer(then)
	again := func(of standing) bool { return asksAgain(of.action, action) }
	if !slices.ContainsFunc(out.stillAsked(then), again) && !slices.ContainsFunc(out.alsoAsked, again) {
		p.warnOnce(s.position.GetMatter(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: s.position.GetMeasure(), From: then.day, Until: s.until, Quote: askWords(action)})
	}
}

// asksBoth: once all of a letter that ends another, or part of it, holds, somebody is asked something by both, or the other
// goes on asking it and the letter, with no line of its own for it, asks it of nobody.
func (p *publishing) asksBoth(m *v1.Matter, other request, a *v1.Advisory, action *v1.Action, committee string) bool {
	day := max(validFrom(a), p.Today)
	for _, position := range a.GetPositions() {
		day = max(day, position.GetValidFrom())
	}
	for _, s := range p.standing.byEntry.of(other.by.ID) {
		day = max(day, s.from)
	}
	goesOn, asks := map[reader]bool{}, map[reader]bool{} // on whatever measure: one page has them all
	for _, r := range p.readersOf(other.by, other.action, []string{committee}, day) {
		asked := p.asked(p.after, m, r, day)
		r.measure = ""
		goesOn[r] = goesOn[r] || slices.ContainsFunc(asked, func(of standing) bool { return of.action == other.action })
		asks[r] = asks[r] || slices.ContainsFunc(asked, func(of standing) bool { return of.action == action })
	}
	someGoOn, someAsk := false, false
	for r, goOn := range goesOn {
		if goOn && asks[r] {
			return true
		}
		someGoOn, someAsk = someGoOn || goOn, someAsk || asks[r]
	}
	return someGoOn && !someAsk
}

// groups says of lines for groups of the same committees that they go on beside a new
// general line, and which groups there are where a new one is named, so that "already
// started" and "already on it" do not drift apart (domain.md 4.10).
func (p *publishing) groups(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		fresh := p.freshAssertion(a, position, i)
		others := slices.Clone(MeasureOf(p.findMatter(position.GetMatter()), position.GetMeasure()).GetScopes())
		known, seen, here := false, map[string]bool{}, map[string]bool{} // here: of those on the measure itself
		named := func(group *v1.Scope) string { return group.GetId() + " " + GroupWords(group) }
		for _, listed := range others {
			seen[named(listed)] = true
			known = known || listed.GetId() == fresh.scope
			if listed.GetId() == fresh.scope && tidy(listed.GetWords()) != tidy(position.GetScope().GetWords()) {
				p.warnOn(position.GetMatter(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_NEW_GROUP, Measure: position.GetMeasure(), Scope: position.GetScope(), Groups: []*v1.Scope{listed}})
			}
		}
		for _, c := range position.GetCommittees() {
			for _, s := range p.standing.said(topic{position.GetMatter(), c}) {
				if s.scope == "" || s.report || s.entry.Advisory == nil || p.standing.stopped() {
					continue
				}
				known = known || s.scope == fresh.scope
				if s.position.GetMeasure() == position.GetMeasure() {
					here[s.scope] = true
				}
				if of := s.position.GetScope(); !seen[named(of)] {
					seen[named(of)], others = true, append(others, of)
				}
				ends := slices.Contains(a.GetReplaces(), s.entry.ID) || slices.Contains(a.GetAmends(), s.entry.ID) && slices.ContainsFunc(a.GetPositions(), func(own *v1.Position) bool {
					return own.GetScope().GetId() == s.scope && own.GetMatter() == s.position.GetMatter() && own.GetMeasure() == s.position.GetMeasure() && slices.Contains(own.GetCommittees(), c)
				})
				isCalledSo := fresh.scope != s.scope && GroupWords(s.position.GetScope()) == GroupWords(position.GetScope()) // under another id
				if (fresh.scope == "" || isCalledSo) && !fresh.mention && !s.mention && !ends && s.position.GetMeasure() == position.GetMeasure() && len(p.sharedQuestions(fresh, s, c)) > 0 {
					goesOn := &answersv1.Warning{
						Code: answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON, Measure: position.GetMeasure(),
						Entry: s.entry.ID, Stance: s.position.GetStance(), Scope: s.position.GetScope(),
					}
					if isCalledSo {
						goesOn.Groups = []*v1.Scope{position.GetScope()}
					}
					p.warnOn(position.GetMatter(), goesOn)
				}
			}
		}
		if fresh.scope != "" && !known {
			others = slices.DeleteFunc(others, func(o *v1.Scope) bool { return p.meansAnother(a, position, o, fresh.from) })
		}
		isIt := slices.IndexFunc(others, func(o *v1.Scope) bool { return GroupWords(o) == GroupWords(position.GetScope()) })
		if fresh.scope != "" && !known && isIt >= 0 {
			p.add(at("positions", i)+".scope.id", "is %s for “%s”, and %s stands for the same already: use that id, or readers are told two things of one group", fresh.scope, clip(position.GetScope().GetWords()), others[isIt].GetId())
		} else if fresh.scope != "" && !known && len(here) >= GroupLimit {
			p.add(at("positions", i)+".scope", "there are %d groups already, and readers are shown no more: use one of theirs, or end those that are over", len(here))
		} else if fresh.scope != "" && !known && len(others) > 0 {
			p.warnOn(position.GetMatter(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_NEW_GROUP, Measure: position.GetMeasure(), Scope: position.GetScope(), Groups: others})
		}
	}
}

// meansAnother: something stands under the id of a group in other words, and this does not replace it: those that a committee
// was merged from may have meant two groups by one id, and no position can have that for either.
func (p *publishing) meansAnother(a *v1.Advisory, position *v1.Position, group *v1.Scope, from string) bool {
	return slices.ContainsFunc(position.GetCommittees(), func(c string) bool {
		return slices.ContainsFunc(p.standing.mayStandOn(topic{position.GetMatter(), c}, group.GetId(), from), func(s *assertion) bool {
			return !s.report && GroupWords(s.position.GetScope()) != GroupWords(group) && !slices.Contains(a.GetReplaces(), s.entry.ID)
		})
	})
}

// waitsFor is the condition of a STARTS_WHEN position; empty when it does not wait.
func waitsFor(position *v1.Position) string {
	if !waits(position) {
		return ""
	}
	return startsWhen(position)
}

// reportedTooLate warns that a committee has spoken itself on or after the day it is
// reported to have said something: nobody will be shown the report (domain.md 4.4).
func (p *publishing) reportedTooLate(r *v1.ReportedPosition) {
	position := r.GetPosition()
	m := p.findMatter(position.GetMatter())
	for _, c := range position.GetCommittees() {
		q := Question{Matter: m, Measure: position.GetMeasure(), Committee: &v1.Committee{Id: c}, AsOf: p.Today}
		if spoke := p.standing.ownWord(newQuery(q)); spoke >= r.GetIssued().GetLatest() {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SPOKEN_SINCE, Measure: position.GetMeasure(), Committees: []string{c}, From: spoke})
		}
	}
}
