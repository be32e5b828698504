package guidance

import (
	"context"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// CheckWithdraw says whether a withdrawal may be published here and now; results as
// CheckPublish.
func CheckWithdraw(ctx context.Context, w *v1.Withdrawal, known PublishContext) (normalised *v1.Withdrawal, shown Preview, err error) {
	p, err := known.begin(ctx, "withdrawal", w, "")
	if err != nil {
		return nil, shown, err
	}
	w = p.fillWithdrawal(w, p.standing.Entry(w.GetAdvisory()))
	p.onSeveral = len(w.GetMatters()) > 1
	p.structure(ValidateWithdrawal(w))
	p.publisher(w.GetOffice(), w.GetVisibility(), w.GetIssued())
	target := p.standing.Entry(w.GetAdvisory())
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
	p.persons(sayings("", w.GetReason()), nil)
	return w, p.Preview, nil
}

// withdraws checks a withdrawal against what it withdraws.
func (p *publishing) withdraws(w *v1.Withdrawal, target *Entry, committees []string) {
	for i, c := range w.GetOnBehalfOf() {
		if !slices.ContainsFunc(committees, func(of string) bool { return p.endsIt(target, c, of, w.GetIssued()) }) {
			p.add(at("on_behalf_of", i), "%s is not for %s: leave it out", target.ID, clip(c))
		}
	}
	p.after = p.with(Entry{Visibility: w.GetVisibility(), Withdrawal: w})
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
	var ends grouped[string, string] // from which day on
	ending := slices.Clone(left)
	for _, c := range left {
		ends.add(day, c)
	}
	for _, c := range over {
		if from := p.standing.againFrom(target, nil, c, day, p.findMatter); from != "" && len(left)+len(w.GetRestores()) > 0 { // it would count again
			ending = append(ending, c)
			ends.add(from, c)
		}
	}
	goesOn := p.goesOn(target, ending)
	for _, day := range ends.keys {
		p.endsOn(target, day, ends.members[day], func(day string, of []string) {
			p.consequence(&answersv1.Consequence{
				Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS, Entry: target.ID, Committees: of, Day: day, GoesOn: goesOn,
				NoLongerAsked: p.asksLess(target, of, day, w.GetEffective(), true), AskedAgain: p.askedAgain(target, of, day, w.GetRestores()),
			}, target.Advisory.GetTitle(), target.Issued(), MattersOf(*target)...)
		})
	}
	if len(left) == 0 && len(over) > 0 && len(w.GetRestores()) == 0 {
		why := p.standing.endingsWords(slices.DeleteFunc(end.Committees, func(st *answersv1.CommitteeStanding) bool { return !slices.Contains(over, st.Committee) }))
		if from := p.standing.againFrom(target, nil, over[0], day, p.findMatter); from != "" {
			why += "; it counts again from " + DayWords(from) + " on: withdraw it from that day on"
		} else if again := p.standing.asksAgainWords(target, over, day, p.findMatter); again != "" { // a correction, which takes no line
			why += "." + again + " Withdraw it from that day on"
		}
		p.addKind(ErrEndsNothing, "advisory", "nothing is left of %s to withdraw for %s: %s", target.ID, notation.Names(committeeNames(p.Register, over)), why)
	}
	p.restores(w, target, committees)
	p.withdrawsOddly(w, target)
	p.warnOfGaps(target, w.GetEffective(), answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS, w.GetRestores())
}

// restores checks what is to stand again: only what the withdrawn advisory ended.
func (p *publishing) restores(w *v1.Withdrawal, target *Entry, committees []string) {
	endedByIt := Ends(*target)
	for i, name := range w.GetRestores() {
		switch again := p.standing.Entry(name); {
		case !notation.IsEntryName(name):
		case !slices.Contains(endedByIt, name):
			remedy := "publish what it said again as a new advisory"
			if by := p.endedBetween(endedByIt, name, max(w.GetEffective(), p.Today)); by != "" {
				remedy = by + " did, which " + target.ID + " ended: to have it stand again, withdraw " + by + " (lmc withdraw " + by + " --effective " + w.GetEffective() + " --restores " + name + ")"
			}
			p.add(at("restores", i), "%s was neither replaced nor amended by %s: %s", name, target.ID, remedy)
		case again == nil:
			p.addKind(ErrUnknownEntry, at("restores", i), "no entry %s is known here: wait until it has arrived", name)
		default:
			end, day := p.after.EndOf(*again, max(w.GetEffective(), p.Today), p.findMatter), w.GetEffective()
			by, over := end.lastFor(CommitteesOf(*again))
			if from := p.standsOnlyFrom(w, again, committees); over && from != "" { // once what a third letter ended of it is over
				over, day = false, from
			}
			if over {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: name, By: by, Title: again.Advisory.GetTitle(), Issued: again.Issued()})
				continue
			}
			restored := &answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_RESTORES, Entry: name, Day: day}
			if of := w.GetOnBehalfOf(); len(of) > 0 && slices.ContainsFunc(CommitteesOf(*again), func(c string) bool { return !slices.Contains(of, c) }) {
				restored.Committees = of // and for nobody else of those it was for
			}
			back := *p // what is lost on the way back to what stands now is what comes again
			back.standing, back.after = p.after, p.standing
			restored.AskedAgain = back.asksNoMore(again, committees, day, w.GetEffective())
			if by := p.staysEndedBy(again, target, max(w.GetEffective(), p.Today)); by != "" && len(restored.AskedAgain) == 0 && day == w.GetEffective() {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: name, By: by, Title: again.Advisory.GetTitle(), Issued: again.Issued()})
				continue
			}
			p.consequence(restored, again.Advisory.GetTitle(), again.Issued(), MattersOf(*again)...)
		}
	}
	holds := validFrom(target.Advisory) // all of it
	for _, own := range p.standing.byEntry.of(target.ID) {
		holds = max(holds, own.from)
	}
	for _, name := range endedByIt {
		ended := p.standing.Entry(name)
		if ended == nil || slices.Contains(w.GetRestores(), name) {
			continue
		}
		type back struct{ from, alone string } // from which day on; empty: never; and from which it would, were it restored
		var again grouped[back, string]
		whole := map[back]bool{} // by that day: nothing of it is left
		then := p.after.EndOf(*ended, max(p.Today, w.GetEffective(), holds), p.findMatter)
		for i, st := range p.standing.EndOf(*ended, max(p.Today, holds), p.findMatter).Committees {
			by := func(e *answersv1.Ending) bool { return e.Entry == target.ID } // which a correction without a line is of none
			isFor := func(c string) bool { return p.endsIt(ended, c, st.Committee, w.GetIssued()) }
			staysEnded := slices.ContainsFunc(then.Committees[i].Endings, by) // and not a correction that the withdrawn one corrected
			alone := p.endsAloneFrom(ended, target, st.Committee, max(p.Today, holds))
			if slices.ContainsFunc(st.Endings, by) && staysEnded && slices.ContainsFunc(w.GetOnBehalfOf(), isFor) && alone != "" {
				is := back{p.after.againFrom(ended, target, st.Committee, max(p.Today, w.GetEffective()), p.findMatter), alone}
				again.add(is, st.Committee)
				whole[is] = whole[is] || !then.Committees[i].Current
			}
		}
		for _, is := range again.keys {
			stays := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STAYS_ENDED, Entry: name, By: target.ID, From: is.from}
			if is.alone > max(p.Today, holds) {
				stays.AgainFrom = is.alone
			}
			if is.from != "" {
				stays.Quote = p.dueBefore(w, ended, again.members[is], is.from, is.alone)
			}
			if !whole[is] {
				stays.Consequence = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
			}
			if len(again.keys) > 1 {
				stays.Committees = again.members[is]
			}
			p.warn(stays)
		}
	}
}

// endedBetween is the one of some letters, which another ended, by which alone a letter is over on a day; empty: none.
func (p *publishing) endedBetween(letters []string, name, day string) string {
	e := p.standing.Entry(name)
	for _, by := range letters {
		between := p.standing.Entry(by)
		if e == nil || between == nil || !slices.Contains(Ends(*between), name) {
			continue
		}
		over, isOver := p.standing.EndOf(*e, day, p.findMatter).lastFor(CommitteesOf(*e))
		if isOver && over == by {
			return by
		}
	}
	return ""
}

// standsOnlyFrom is the day ahead from which on a letter that a withdrawal restores counts again for some committees, where it would not
// do so by then without that; empty: it does at once, or never.
func (p *publishing) standsOnlyFrom(w *v1.Withdrawal, again *Entry, committees []string) (from string) {
	without := clone(w)
	without.Restores = slices.DeleteFunc(without.Restores, func(name string) bool { return name == again.ID })
	stays := p.with(Entry{Visibility: w.GetVisibility(), Withdrawal: without})
	for _, c := range committees {
		day := p.after.againFrom(again, nil, c, max(w.GetEffective(), p.Today), p.findMatter)
		if day != "" && stays.againFrom(again, nil, c, max(w.GetEffective(), p.Today), p.findMatter) != day && (from == "" || day < from) {
			from = day
		}
	}
	return from
}

// dueBefore is what a letter asks that a withdrawal leaves ended, by a day before that on which it counts again, and would ask from
// a day on, were it restored too.
func (p *publishing) dueBefore(w *v1.Withdrawal, ended *Entry, committees []string, from, alone string) string {
	with, day := clone(w), max(alone, w.GetEffective(), p.Today)
	with.Restores = append(with.Restores, ended.ID)
	restored := p.with(Entry{Visibility: w.GetVisibility(), Withdrawal: with})
	var asked []string
	for _, action := range Actions(ended.Advisory) {
		m := p.findMatter(ActionMatter(ended.Advisory, action))
		if m == nil || !isPast(action, from) || isPast(action, day) {
			continue
		}
		lost := func(r reader) bool {
			is := func(of standing) bool { return of.action == action }
			return slices.ContainsFunc(p.asked(restored, m, r, day), is) && !slices.ContainsFunc(p.asked(p.after, m, r, day), is)
		}
		if slices.ContainsFunc(p.readersOf(ended, action, committees, day), lost) {
			asked = append(asked, "“"+askWords(action)+"”")
		}
	}
	return strings.Join(asked, "; ")
}

// endsAloneFrom is the first day, of one and of those after it on which something of a letter counts again, on which what another ended
// of it for a committee no third has: named to stand again, it does from then on; empty: none is.
func (p *publishing) endsAloneFrom(e, by *Entry, committee, day string) string {
	its := func(end ended) bool { return end.by != nil && end.by.ID == by.ID }
	others := func(end ended) bool { return !its(end) }
	for _, on := range append([]string{day}, p.standing.countsAgain(e, day)...) {
		byOthers := on != day // which says nothing where none of it is ended by that any more
		for _, s := range p.standing.byEntry.of(e.ID) {
			for _, is := range p.standing.fatesOf(s, committee, on, p.findMatter) {
				switch {
				case !slices.ContainsFunc(is.ends, its):
				case !slices.ContainsFunc(is.ends, others):
					return on
				default:
					byOthers = true
				}
			}
		}
		if !byOthers {
			return on
		}
	}
	return ""
}

// staysEndedBy is another letter by which all stays ended that one ended of an entry, though the withdrawal of that names it to
// stand again; empty: something of it does.
func (p *publishing) staysEndedBy(again, target *Entry, day string) (by string) {
	for _, s := range p.standing.byEntry.of(again.ID) {
		for _, c := range s.position.GetCommittees() {
			was := p.standing.fatesOf(s, c, day, p.findMatter)
			for i, is := range p.after.fatesOn(p.standing.questionsOf(s, c, day, p.findMatter), s, day) {
				for _, end := range was[i].ends {
					if end.by == nil || end.by.ID != target.ID {
						continue
					}
					if is.ends == nil || is.ends[0].by == nil {
						return ""
					}
					by = is.ends[0].by.ID
				}
			}
		}
	}
	return by
}

// butRestored says, of whom a gap leaves to another line or to none, for whom the line of what is restored answers again,
// and what that says: "in area:A that of essex/1 (refuse)"; and where lines contest each other. Empty: for nobody.
func (p *publishing) butRestored(target *Entry, g gap, lost []lostLine, restored []string) string {
	type back struct {
		by     string
		stance v1.Stance
	}
	m, day := p.findMatter(g.matter), max(g.from, p.Today)
	var again grouped[back, reader]
	var left []reader
	if len(restored) == 0 {
		lost = nil
	}
	for _, of := range lost {
		audiences := audiencesOf(g.audiences)
		if len(audiences) == 0 {
			audiences = of.position.GetAudiences()
		}
		for _, r := range p.after.readersAmong(m, of.committee, g.measure, audiences, AreaID(g.area), day, p.areasAt) {
			scopes := []string{g.scope}
			if g.scope == "" { // whoever is in a group is told that too
				scopes = append(scopes, p.after.scopesOn(r.asks(m, day))...)
			}
			for _, r.scope = range scopes {
				if p.standing.stopped() {
					return ""
				}
				was, is := p.standing.answer(r.asks(m, day)).current, p.after.answer(r.asks(m, day)).current
				switch {
				case was == nil || was.mention || was.entry != target:
				case is != nil && !is.mention && slices.Contains(restored, is.entry.ID):
					again.add(back{is.entry.ID, is.position.GetStance()}, r)
				default:
					left = append(left, r)
				}
			}
		}
	}
	by := p.after.limits(m, day, byID)
	for i := range by {
		if by[i].word != "in" && by[i].word != "on" {
			by[i].word = "for" // of whom a line is
		}
	}
	var all []string
	if g.but != "" {
		all = append(all, "not in "+g.but)
	}
	for _, of := range again.keys {
		others := slices.Clone(left)
		for _, other := range again.keys {
			if other != of {
				others = append(others, again.members[other]...)
			}
		}
		whom := strings.TrimPrefix(whomWords(apart(again.members[of], others, by)), " ")
		if strings.Contains(whom, ", ") {
			whom += ","
		}
		all = append(all, whom+" that of "+of.by+" ("+StanceNoun(of.stance)+")")
	}
	return strings.Join(all, "; ")
}

// withdrawsOddly warns of a withdrawal that reaches back, and of a second one.
func (p *publishing) withdrawsOddly(w *v1.Withdrawal, target *Entry) {
	if w.GetEffective() < w.GetIssued().GetEarliest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_REACHES_BACK, From: w.GetEffective()})
	}
	var before []*Entry
	for _, end := range p.standing.endings.of(target.ID) {
		if end.how == withdrawn {
			before = append(before, end.by)
		}
	}
	for _, e := range slices.SortedFunc(slices.Values(before), byArrival) {
		other := e.Withdrawal
		isForOthers := len(other.GetOnBehalfOf()) > 0 && len(w.GetOnBehalfOf()) > 0 && !slices.ContainsFunc(w.GetOnBehalfOf(), func(c string) bool { return slices.Contains(other.GetOnBehalfOf(), c) })
		if !isForOthers {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_WITHDRAWN_BEFORE, Entry: target.ID, By: e.ID})
		}
	}
}
