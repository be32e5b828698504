package guidance

import (
	"context"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// endedBy checks what an advisory says it replaces and amends, and says in plain words
// what that ends.
func (p *publishing) endedBy(a *v1.Advisory) {
	after := p.with(Entry{Visibility: a.GetVisibility(), Advisory: a})
	for i, name := range a.GetReplaces() {
		if target, committees := p.ending(at("replaces", i), name, a.GetVisibility(), a.GetIssued(), committeesOf(a)); target != nil {
			if from := HoldsFrom(target.Advisory); from > p.Today && from < HoldsFrom(a) {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_HOLDS_UNTIL_THEN, Entry: target.ID, From: from, Until: HoldsFrom(a)})
			}
			if by, over := p.standing.EndOf(*target, max(validFrom(a), p.Today), p.findMatter).lastFor(committees); over {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: target.ID, By: by, Title: target.Advisory.GetTitle(), Issued: target.Issued()})
				continue
			}
			p.consequence(&answersv1.Consequence{
				Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES, Entry: target.ID, Committees: committees, Day: validFrom(a), GoesOn: p.goesOn(target, committees), NoLongerAsked: p.noLongerAsked(after, target, committees, validFrom(a), a),
			}, target.Advisory.GetTitle(), target.Issued())
		}
	}
	for i, name := range a.GetAmends() {
		if target, committees := p.ending(at("amends", i), name, a.GetVisibility(), a.GetIssued(), committeesOf(a)); target != nil {
			p.amended(a, after, target, committees, p.givesWay(a, target, committees))
		}
	}
}

// amended says for whom of those that an advisory may end it for it gives way in part, or that it does
// for nobody.
func (p *publishing) amended(a *v1.Advisory, after *Prepared, target *Entry, may, committees []string) {
	title, issued := target.Advisory.GetTitle(), target.Issued()
	if by, over := p.standing.EndOf(*target, p.Today, p.findMatter).lastFor(may); len(committees) == 0 && over && issued.GetLatest() <= p.Today {
		var asked []string // until then
		for _, action := range Actions(target.Advisory) {
			due, _ := DueMoment(action.GetDue())
			again := slices.ContainsFunc(a.GetActions(), func(o *v1.Action) bool { return asksAgain(o, action) })
			if !again && due >= max(validFrom(a), p.Today) {
				asked = append(asked, askWords(action))
			}
		}
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: target.ID, By: by, Title: title, Issued: issued, Quote: strings.Join(asked, "; ")})
		return
	}
	if len(committees) == 0 {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING, Entry: target.ID, Title: title, Issued: issued})
		return
	}
	day := validFrom(a)
	end := after.EndOf(*target, day, p.findMatter) // what ends by itself until today is not its doing
	nothingLeft := func(committee string) bool {
		return !slices.ContainsFunc(end.Committees, func(st *answersv1.CommitteeStanding) bool { return st.Committee == committee && st.Current })
	}
	var goesOn []string
	for _, st := range end.Committees {
		if st.Current && !slices.Contains(committees, st.Committee) {
			goesOn = append(goesOn, st.Committee)
		}
	}
	for _, whole := range []bool{false, true} {
		of := slices.DeleteFunc(slices.Clone(committees), func(c string) bool { return nothingLeft(c) != whole })
		if len(of) > 0 {
			p.consequence(&answersv1.Consequence{
				Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS, Entry: target.ID, Committees: of, Day: day, Whole: whole, GoesOn: goesOn, NoLongerAsked: p.noLongerAskedOfSome(a, after, target, of, p.noLongerAsked(after, target, of, day, a)),
			}, title, issued)
		}
	}
}

// noLongerAsked is what an entry asks some committees' practices on a day, and asks no more once
// something is published: nothing of it that it stands with is left. What the new letter asks in the
// same words and by the same time is not among it, nor what another letter for them goes on asking.
func (p *publishing) noLongerAsked(after *Prepared, target *Entry, committees []string, day string, fresh *v1.Advisory) (all []string) {
	elsewhere := func(action *v1.Action, committee string) bool {
		for i := range p.Standing {
			other := &p.Standing[i]
			j := slices.IndexFunc(Actions(other.Advisory), func(o *v1.Action) bool { return asksAgain(o, action) })
			if other.ID != target.ID && j >= 0 && p.stillAsks(after, other, Actions(other.Advisory)[j], committee, day) {
				return true
			}
		}
		return false
	}
	for _, action := range Actions(target.Advisory) {
		words := askWords(action)
		due, _ := DueMoment(action.GetDue())
		past := due != "" && due < max(day, p.Today)
		again := slices.ContainsFunc(fresh.GetActions(), func(o *v1.Action) bool { return asksAgain(o, action) })
		ends := func(c string) bool {
			return p.stillAsks(p.standing, target, action, c, day) && !p.stillAsks(after, target, action, c, day) && !elsewhere(action, c)
		}
		if !again && !past && !slices.Contains(all, words) && slices.ContainsFunc(committees, ends) {
			all = append(all, words)
		}
	}
	return all
}

// noLongerAskedOfSome adds to what an entry asks no more what it asks no more there alone where a new
// letter's positions are: in an area, of a group or of part of its readers, with where.
func (p *publishing) noLongerAskedOfSome(a *v1.Advisory, after *Prepared, target *Entry, committees, all []string) []string {
	shown := func(prepared *Prepared, q query) []standing {
		out := prepared.answer(q)
		return slices.DeleteFunc(append(out.asked(), out.alsoAsked...), func(of standing) bool { return of.assertion.entry.ID != target.ID })
	}
	for place, position := range a.GetPositions() {
		fresh := p.freshAssertion(a, position, place)
		for _, c := range position.GetCommittees() {
			for _, audience := range position.GetAudiences() {
				if !slices.Contains(committees, c) || fresh.waits || p.standing.stopped() {
					continue
				}
				q := newQuery(Question{Matter: p.findMatter(position.GetMatter()), Measure: position.GetMeasure(), Committee: &v1.Committee{Id: c}, Audience: audience, Area: position.GetArea(), Scope: fresh.scope, AsOf: max(fresh.from, p.Today)})
				goesOn := shown(after, q)
				for _, of := range shown(p.standing, q) {
					action, said := of.action, of.assertion.position
					due, _ := DueMoment(action.GetDue())
					again := func(o *v1.Action) bool { return asksAgain(o, action) }
					words, where := askWords(action), ""
					if slices.ContainsFunc(goesOn, func(o standing) bool { return o.action == action }) || slices.Contains(all, words) || due != "" && due < q.day || slices.ContainsFunc(a.GetActions(), again) {
						continue
					}
					if area := position.GetArea(); area != nil && !sameArea(area, said.GetArea()) {
						where += ", in " + AreaWords(area, p.Register.AreaName(area))
					}
					if scope := position.GetScope(); scope != nil && of.assertion.scope == "" {
						where += ", for " + ScopeWords(scope)
					}
					if !slices.Contains(said.GetAudiences(), audience) {
						where += ", of " + AudienceWords(audience)
					}
					if words += where; where != "" && !slices.Contains(all, words) {
						all = append(all, words)
					}
				}
			}
		}
	}
	return all
}

// stillAsks: on a day, something that an action of an entry stands with for a committee has not ended.
func (p *publishing) stillAsks(prepared *Prepared, entry *Entry, action *v1.Action, committee, day string) bool {
	for _, s := range prepared.byEntry[entry.ID] {
		if !slices.Contains(s.position.GetCommittees(), committee) || !prepared.standsWith(p.findMatter(s.position.GetMatter()), entry.Advisory, action, s.position, committee) {
			continue
		}
		questions := prepared.questionsOf(s, committee, day, p.findMatter)
		if of := slices.DeleteFunc(slices.Clone(questions), func(q query) bool { return q.measure != action.GetMeasure() }); len(of) > 0 {
			questions = of
		}
		for _, q := range questions {
			if _, gone := prepared.end(q, s, prepared.amending(q, s)); !gone {
				return true
			}
		}
	}
	return false
}

// askWords is what is asked, by when, and that a text comes with it.
func askWords(action *v1.Action) string {
	words := ActionWords(action)
	if due := DueWords(action.GetDue()); due != "" {
		words += ", " + due
	}
	if action.GetTemplate() != "" {
		words += " (with its text)"
	}
	return words
}

// ending checks that the office may end an entry: it is known, an advisory (or, of a
// withdrawal, a report), of a committee that the ending is on behalf of and this office spoke
// for when it was issued, not issued after the ending, and no more widely visible (domain.md
// 4.2). It returns the committees it ends for.
func (p *publishing) ending(field, name string, v v1.Visibility, issued *v1.DayRange, onBehalfOf []string) (*Entry, []string) {
	target := p.entry(name)
	switch {
	case !notation.IsEntryName(name): // said already
		return nil, nil
	case target == nil:
		p.addKind(ErrUnknownEntry, field, "no entry %s is known here: check its number, or wait until it has arrived", name)
		return nil, nil
	case target.Withdrawal != nil:
		p.add(field, "%s is a withdrawal and cannot be ended: publish what holds now as a new advisory", name)
		return nil, nil
	case target.Advisory == nil && field != "advisory":
		p.add(field, "%s is not an advisory: once the committee speaks itself, reports no longer count; to say that a report is not its position, withdraw it", name)
		return nil, nil
	}
	ownReport := target.Report != nil && target.Office == p.Office
	committees := slices.DeleteFunc(slices.Clone(CommitteesOf(*target)), func(c string) bool {
		return !ownReport && !slices.ContainsFunc(onBehalfOf, func(on string) bool { return p.endsIt(on, c, issued) })
	})
	switch {
	case len(committees) == 0:
		p.addKind(ErrNotEntitled, field, "%s is for %s, and %s speaks for none of them on %s by the register: only an office that does may end it",
			name, strings.Join(CommitteesOf(*target), ", "), p.Office, RangeWords(issued))
	case issued.GetLatest() < target.Issued().GetEarliest():
		p.add(field, "%s was issued on %s, after this: nothing ends what was issued after it; where its day is wrong, withdraw %s with --effective %s (without that it goes on answering for the days until today), and publish this without naming it",
			name, RangeWords(target.Issued()), name, target.Issued().GetEarliest())
	case !AtLeastAsWide(v, target.Visibility) && known(v):
		p.add(field, "%s may be read by %s, this only by %s: whoever read it must be able to read that it ended; publish this at least as widely",
			name, VisibilityWords(target.Visibility), VisibilityWords(v))
	default:
		return target, committees
	}
	return nil, nil
}

// endable is the committees on whose behalf this office may end an entry: those of the entry
// that it spoke for on some day of a range, and those merged from one of them.
func (p *publishing) endable(target *Entry, issued *v1.DayRange) []string {
	var on []string
	for _, c := range CommitteesOf(*target) {
		for _, speaker := range append([]string{c}, p.Register.Successors(c)...) {
			if p.endsIt(speaker, c, issued) && !slices.Contains(on, speaker) {
				on = append(on, speaker)
			}
		}
	}
	return on
}

// endsIt: what this office issues on behalf of one committee ends what was said for another:
// the same, or one that it was merged from.
func (p *publishing) endsIt(on, committee string, issued *v1.DayRange) bool {
	days, ok := readRange(issued)
	return ok && (on == committee || slices.Contains(p.Register.Predecessors(on), committee)) && p.Register.SpeaksFor(p.Office, on, days.earliest, days.latest)
}

// committeesOf is whom an advisory speaks for: those it says, and those its positions
// name, each once.
func committeesOf(a *v1.Advisory) []string {
	all := slices.Clone(a.GetOnBehalfOf())
	for _, c := range union(a.GetPositions(), (*v1.Position).GetCommittees) {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// goesOn is for whom an entry still stands when it has ended for some of its committees.
func (p *publishing) goesOn(target *Entry, committees []string) []string {
	var left []string
	for _, st := range p.standing.EndOf(*target, p.Today, p.findMatter).Committees {
		if st.Current && !slices.Contains(committees, st.Committee) {
			left = append(left, st.Committee)
		}
	}
	return left
}

// describe names an entry to people.
func describe(entry, title string, issued *v1.DayRange) string {
	if title != "" {
		entry += " “" + title + "”"
	}
	return entry + " (" + RangeWords(issued) + ")"
}

// CheckWithdraw says whether a withdrawal may be published here and now; results as
// CheckPublish.
func CheckWithdraw(ctx context.Context, w *v1.Withdrawal, known PublishContext) (normalised *v1.Withdrawal, shown Preview, err error) {
	p, err := known.begin(ctx, "withdrawal", w, "")
	if err != nil {
		return nil, shown, err
	}
	w = p.fillWithdrawal(w, p.entry(w.GetAdvisory()))
	p.structure(ValidateWithdrawal(w))
	p.publisher(w.GetOffice(), w.GetVisibility(), w.GetIssued())
	target := p.entry(w.GetAdvisory())
	ownReport := target != nil && target.Report != nil && target.Office == p.Office
	if !ownReport {
		if len(w.GetOnBehalfOf()) == 0 && target == nil { // else whose it is says why
			p.add("on_behalf_of", "is empty: name the committees it speaks for")
		}
		p.speaksFor("on_behalf_of", w.GetOnBehalfOf(), w.GetIssued())
	}
	p.patients(w)
	if target, committees := p.ending("advisory", w.GetAdvisory(), w.GetVisibility(), w.GetIssued(), w.GetOnBehalfOf()); target != nil {
		p.withdraws(w, target, committees)
	}
	if err := p.done("withdrawal"); err != nil {
		return nil, shown, err
	}
	return w, p.Preview, nil
}

// withdraws checks a withdrawal against what it withdraws.
func (p *publishing) withdraws(w *v1.Withdrawal, target *Entry, committees []string) {
	for i, c := range w.GetOnBehalfOf() {
		if !slices.ContainsFunc(committees, func(of string) bool { return p.endsIt(c, of, w.GetIssued()) }) {
			p.add(at("on_behalf_of", i), "%s is not for %s: leave it out", target.ID, clip(c))
		}
	}
	after := p.with(Entry{Visibility: w.GetVisibility(), Withdrawal: w})
	day := max(w.GetEffective(), target.Issued().GetLatest()) // named before its own day, it ends on that
	end := p.standing.EndOf(*target, day, p.findMatter)
	var left, over []string
	for _, st := range end.Committees {
		switch {
		case !slices.Contains(committees, st.Committee):
		case st.Current:
			left = append(left, st.Committee)
		case st.NotCounted == counts:
			over = append(over, st.Committee)
		}
	}
	if len(left) > 0 {
		p.consequence(&answersv1.Consequence{
			Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS, Entry: target.ID, Committees: left, Day: day, GoesOn: p.goesOn(target, left), NoLongerAsked: p.noLongerAsked(after, target, left, day, nil),
		}, target.Advisory.GetTitle(), target.Issued())
	} else if len(over) > 0 && len(w.GetRestores()) == 0 {
		p.addKind(ErrEndsNothing, "advisory", "nothing is left of %s to withdraw for %s: %s", target.ID, notation.Names(committeeNames(p.Register, over)),
			p.standing.endingsWords(slices.DeleteFunc(end.Committees, func(st *answersv1.CommitteeStanding) bool { return !slices.Contains(over, st.Committee) })))
	}
	p.restores(w, target, after)
	p.withdrawsOddly(w, target)
	if target.Advisory != nil {
		p.warnOfGaps(after, target, w.GetEffective(), answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS, w.GetRestores())
	}
}

// restores checks what is to stand again: only what the withdrawn advisory ended.
func (p *publishing) restores(w *v1.Withdrawal, target *Entry, after *Prepared) {
	endedByIt := slices.Concat(target.Advisory.GetReplaces(), target.Advisory.GetAmends())
	for i, name := range w.GetRestores() {
		switch again := p.entry(name); {
		case !notation.IsEntryName(name):
		case !slices.Contains(endedByIt, name):
			p.add(at("restores", i), "%s was neither replaced nor amended by %s: publish what it said again as a new advisory", name, target.ID)
		case again == nil:
			p.addKind(ErrUnknownEntry, at("restores", i), "no entry %s is known here: wait until it has arrived", name)
		default:
			end := after.EndOf(*again, max(w.GetEffective(), p.Today), p.findMatter)
			if by, over := end.lastFor(CommitteesOf(*again)); over {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: name, By: by, Title: again.Advisory.GetTitle(), Issued: again.Issued()})
				continue
			}
			restored := &answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_RESTORES, Entry: name, Day: w.GetEffective()}
			if of := w.GetOnBehalfOf(); len(of) > 0 && slices.ContainsFunc(CommitteesOf(*again), func(c string) bool { return !slices.Contains(of, c) }) {
				restored.Committees = of // and for nobody else of those it was for
			}
			p.consequence(restored, again.Advisory.GetTitle(), again.Issued())
		}
	}
	for _, name := range endedByIt {
		ended := p.entry(name)
		if ended == nil || !slices.ContainsFunc(p.standing.EndOf(*ended, max(p.Today, validFrom(target.Advisory)), p.findMatter).Committees, func(st *answersv1.CommitteeStanding) bool {
			return slices.ContainsFunc(st.Endings, func(e *answersv1.Ending) bool { return e.Entry == target.ID })
		}) {
			continue // a correction without a line ends nothing
		}
		if !slices.Contains(w.GetRestores(), name) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STAYS_ENDED, Entry: name, By: target.ID})
		}
	}
}

// withdrawsOddly warns of a withdrawal that reaches back, and of a second one.
func (p *publishing) withdrawsOddly(w *v1.Withdrawal, target *Entry) {
	if w.GetEffective() < w.GetIssued().GetEarliest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_REACHES_BACK, From: w.GetEffective()})
	}
	for i := range p.Standing {
		other := p.Standing[i].Withdrawal
		isForOthers := len(other.GetOnBehalfOf()) > 0 && len(w.GetOnBehalfOf()) > 0 && !slices.ContainsFunc(w.GetOnBehalfOf(), func(c string) bool { return slices.Contains(other.GetOnBehalfOf(), c) })
		if other.GetAdvisory() == target.ID && !p.Standing[i].Repudiated && !isForOthers {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_WITHDRAWN_BEFORE, Entry: target.ID, By: p.Standing[i].ID})
		}
	}
}
