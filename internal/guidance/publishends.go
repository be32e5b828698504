package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// endedBy checks what an advisory says it replaces and amends, and says in plain words
// what that ends.
func (p *publishing) endedBy(a *v1.Advisory) {
	for i, name := range a.GetReplaces() {
		if target, committees := p.ending(at("replaces", i), name, a.GetVisibility(), a.GetIssued(), committeesOf(a)); target != nil {
			p.replaced(a, target, committees)
		}
	}
	for i, name := range a.GetAmends() {
		if target, committees := p.ending(at("amends", i), name, a.GetVisibility(), a.GetIssued(), committeesOf(a)); target != nil {
			p.correctedSince(at("amends", i), a, target, committees)
			p.amended(a, target, committees)
		}
	}
}

// correctedSince refuses a letter of a range that would take the place of a correction of another office, issued since its own
// last spoke: which of the two is newer nobody could tell, and it may not end that.
func (p *publishing) correctedSince(field string, a *v1.Advisory, target *Entry, committees []string) {
	issued, ok := readRange(a.GetIssued())
	for _, c := range committees {
		last := p.lastSpoke(c, issued)
		for _, end := range p.standing.endings.of(target.ID) {
			asksThat := func(own *v1.Action) bool {
				theirs := theOneAlike(target.Advisory, own, end.by.Advisory)
				return theirs != nil && theOneAlike(target.Advisory, own, a) != nil
			}
			if ok && last != "" && end.how == amended && last < end.by.Issued().GetEarliest() && slices.ContainsFunc(Actions(target.Advisory), asksThat) {
				p.add(field, "%s (%s) corrects %s and stands, and %s spoke for %s until %s: give this no later day than that under issued", end.by.ID, RangeWords(end.by.Issued()), target.ID, p.Office, c, DayWords(last))
				return
			}
		}
	}
}

// replaced says for whom an advisory ends another one as a whole, or that this has ended before.
func (p *publishing) replaced(a *v1.Advisory, target *Entry, committees []string) {
	day := validFrom(a)
	if by, over := p.standing.EndOf(*target, max(day, p.Today), p.findMatter).lastFor(committees); over {
		w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: target.ID, By: by, Title: target.Advisory.GetTitle(), Issued: target.Issued()}
		if _, today := p.standing.EndOf(*target, p.Today, p.findMatter).lastFor(committees); !today {
			w.From = day
		}
		w.Until = p.wouldCountAgain(target, committees)
		p.warn(w)
		return
	}
	ahead := p.endsAhead(target)
	if from := HoldsFrom(target.Advisory); from > p.Today && from < day {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_HOLDS_UNTIL_THEN, Entry: target.ID, From: from, Until: HoldsFrom(a), Quote: strings.Join(ahead, ",")})
	}
	for _, name := range ahead { // which its own end does not undo (domain.md 4.2)
		if from := validFrom(target.Advisory); !slices.Contains(a.GetReplaces(), name) || day > from {
			how := answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
			if !slices.Contains(target.Advisory.GetReplaces(), name) {
				how = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
			}
			w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STILL_ENDS, Entry: name, By: target.ID, From: from, Consequence: how}
			if len(p.goesOn(target, committees)) > 0 {
				w.Committees = committees
			}
			p.warn(w)
		}
	}
	if validFrom(target.Advisory) <= p.Today {
		p.stillGivesWay(target, committees)
	}
	goesOn := p.goesOn(target, committees)
	p.endsOn(target, day, committees, func(day string, of []string) {
		p.consequence(&answersv1.Consequence{
			Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES, Entry: target.ID, Committees: of, Day: day, GoesOn: goesOn, NoLongerAsked: p.asksLess(target, of, day, validFrom(a), true),
			AskedAgain: p.askedAgain(target, of, day, nil),
		}, target.Advisory.GetTitle(), target.Issued(), MattersOf(*target)...)
	})
}

// endsOn gives the committees for which an entry ends on a day; and with no day those for which all
// that it says would have held from that day or a later one, and which it asks nothing yet: it never does.
func (p *publishing) endsOn(target *Entry, day string, committees []string, each func(day string, of []string)) {
	var ends grouped[string, string]
	for _, c := range committees {
		said := slices.DeleteFunc(slices.Clone(p.standing.byEntry.of(target.ID)), func(s *assertion) bool { return !slices.Contains(s.position.GetCommittees(), c) })
		holds := func(s *assertion) bool { from := s.holdsFrom(); return from != "" && (from < day || from <= p.Today) }
		if len(said) > 0 && !slices.ContainsFunc(said, holds) && !p.asksAlready(target, c) {
			ends.add("", c)
		} else {
			ends.add(day, c)
		}
	}
	for _, day := range ends.keys {
		each(day, ends.members[day])
	}
}

// perhapsMeant is what an entry asks, and goes on asking, of somebody whom a letter that amends it asks something else on
// the same: perhaps in other words by mistake. Empty: nothing.
func (p *publishing) perhapsMeant(a *v1.Advisory, target *Entry, committees []string) string {
	var goesOn []string
	for _, old := range Actions(target.Advisory) {
		near := func(action *v1.Action) bool {
			return ActionMatter(a, action) == ActionMatter(target.Advisory, old) && action.GetMeasure() == old.GetMeasure() &&
				slices.ContainsFunc(action.GetActors(), func(who v1.Audience) bool {
					return slices.ContainsFunc(old.GetActors(), func(o v1.Audience) bool { return Contains(o, who) || Contains(who, o) })
				})
		}
		still := func(c string) bool {
			if len(a.GetPositions()) == 0 { // it is asked of nobody by lines of its own
				return p.goesOnAsking(target, old, c, p.Today)
			}
			m, day := p.findMatter(ActionMatter(target.Advisory, old)), max(validFrom(a), p.Today)
			return m != nil && slices.ContainsFunc(p.readersOf(target, old, []string{c}, day), func(r reader) bool { // who is asked both
				asked := p.asked(p.after, m, r, day)
				return slices.ContainsFunc(asked, func(of standing) bool { return of.action == old }) && slices.ContainsFunc(asked, func(of standing) bool {
					return slices.Contains(Actions(a), of.action) && near(of.action)
				})
			})
		}
		if slices.ContainsFunc(Actions(a), near) && !isPast(old, p.Today) && slices.ContainsFunc(committees, still) {
			goesOn = append(goesOn, askWords(old))
		}
	}
	return strings.Join(goesOn, "”, “")
}

// asksAlready: an entry asks a committee's readers something today in the place of another, whenever its own lines hold.
func (p *publishing) asksAlready(target *Entry, committee string) bool {
	return slices.ContainsFunc(Actions(target.Advisory), func(action *v1.Action) bool {
		m := p.findMatter(ActionMatter(target.Advisory, action))
		return m != nil && slices.ContainsFunc(p.readersOf(target, action, []string{committee}, p.Today), func(r reader) bool {
			return slices.ContainsFunc(p.asked(p.standing, m, r, p.Today), func(of standing) bool {
				return of.action == action && of.assertion.entry.ID == target.ID && of.assertion.from <= p.Today && !of.assertion.waits
			})
		})
	})
}

// holdsFrom is the first day on which an assertion holds, if nothing ends it; empty: none.
func (s *assertion) holdsFrom() string {
	if from := max(s.from, s.issued.latest); s.until == "" || from <= s.until {
		return from
	}
	return ""
}

// amended says for whom an advisory gives way in part, or that it does for nobody.
func (p *publishing) amended(a *v1.Advisory, target *Entry, committees []string) {
	ways := p.givesWay(a, target, committees)
	if len(ways) == 0 && p.isOver(target, committees) {
		p.endedAlready(a, target, p.asksInPlaceAhead(a, target, committees))
		return
	}
	title, issued := target.Advisory.GetTitle(), target.Issued()
	givesWay := func(c string) bool { return slices.ContainsFunc(ways, func(w way) bool { return w.committee == c }) }
	corrected := slices.DeleteFunc(slices.Clone(committees), func(c string) bool { return givesWay(c) || !p.corrects(target, c, max(validFrom(a), p.Today)) })
	if len(corrected) > 0 {
		p.asksInPlace(a, target, corrected, validFrom(a))
	} else if len(ways) == 0 {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING, Entry: target.ID, Title: title, Issued: issued, Quote: p.perhapsMeant(a, target, committees)})
	}
	type manner struct {
		day   string // empty: what gives way never holds
		whole bool
	}
	last := p.Today // by when all of it has begun
	for _, position := range a.GetPositions() {
		last = max(last, position.GetValidFrom(), validFrom(a))
	}
	left := map[string][]string{} // for whom something of it stands, by day
	standsOn := func(day string) []string {
		if _, known := left[day]; !known {
			left[day] = p.standsFor(p.after, target, day)
		}
		return left[day]
	}
	var ends grouped[manner, string]
	var stands []string
	matters := map[manner][]string{}
	for _, c := range committees {
		of := slices.DeleteFunc(slices.Clone(ways), func(w way) bool { return w.committee != c })
		if len(of) == 0 {
			if !slices.Contains(corrected, c) {
				stands = append(stands, c)
			}
			continue
		}
		e := manner{day: slices.MinFunc(of, func(x, y way) int {
			return cmp.Or(compareBool(x.from == "", y.from == ""), cmp.Compare(x.from, y.from))
		}).from}
		e.whole = !slices.Contains(standsOn(cmp.Or(e.day, last)), c)
		ends.add(e, c)
		for _, w := range of {
			if !slices.Contains(matters[e], w.matter) {
				matters[e] = append(matters[e], w.matter)
			}
		}
	}
	for _, e := range ends.keys {
		of := ends.members[e]
		// What ends by itself until today is not its doing.
		goesOn := slices.DeleteFunc(slices.Clone(standsOn(cmp.Or(e.day, last))), givesWay)
		if from := HoldsFrom(target.Advisory); e.whole && from > p.Today && from < e.day {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_HOLDS_UNTIL_THEN, Entry: target.ID, From: from, Until: e.day, Quote: strings.Join(p.endsAhead(target), ",")})
		}
		p.consequence(&answersv1.Consequence{
			Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS, Entry: target.ID, Committees: of, Day: e.day, Whole: e.whole, GoesOn: goesOn, NoLongerAsked: p.asksLess(target, of, e.day, validFrom(a), true),
			AskedAgain: p.askedAgain(target, of, e.day, nil),
		}, title, issued, matters[e]...)
	}
	if slices.ContainsFunc(ends.keys, func(e manner) bool { return e.day == "" }) {
		p.stillGivesWay(target, committees)
	}
	for _, asked := range p.asksNoMore(target, stands, "", validFrom(a)) { // what does not go with this
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Entry: target.ID, Committees: stands, Quote: asked})
	}
}

// standsFor are the committees for which something of an entry stands on a day.
func (p *publishing) standsFor(of *Prepared, target *Entry, day string) (committees []string) {
	for _, st := range of.EndOf(*target, day, p.findMatter).Committees {
		if st.Current {
			committees = append(committees, st.Committee)
		}
	}
	return committees
}

// ending checks that the office may end an entry: it is known, an advisory (or, of a
// withdrawal, a report), of a committee that the ending is on behalf of and this office spoke
// for when it was issued, not issued after the ending, and no more widely visible (domain.md
// 4.2). It returns the committees it ends for.
func (p *publishing) ending(field, name string, v v1.Visibility, issued *v1.DayRange, onBehalfOf []string) (*Entry, []string) {
	target := p.standing.Entry(name)
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
		return !ownReport && !slices.ContainsFunc(onBehalfOf, func(on string) bool { return p.endsIt(target, on, c, issued) })
	})
	may := p.endable(target, issued)
	switch {
	case len(committees) == 0 && len(may) > 0 && field == "advisory":
		p.add(field, "%s is for %s, and this is not: withdraw it for %s (--for)", name, strings.Join(CommitteesOf(*target), ", "), strings.Join(may, ", "))
	case len(committees) == 0 && len(may) > 0:
		p.add(field, "%s is for %s, and this is not: add %s under for, or leave %s out", name, strings.Join(CommitteesOf(*target), ", "), strings.Join(may, " or "), name)
	case len(committees) == 0:
		on := RangeWords(issued)
		if from := target.Issued().GetEarliest(); issued.GetEarliest() < from && from <= issued.GetLatest() {
			on = "the days of this on which that stood (from " + DayWords(from) + ")"
		}
		p.addKind(ErrNotEntitled, field, "%s is for %s, and %s speaks for none of them on %s by the register: only an office that does may end it",
			name, strings.Join(CommitteesOf(*target), ", "), p.Office, on)
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
			if p.endsIt(target, speaker, c, issued) && !slices.Contains(on, speaker) {
				on = append(on, speaker)
			}
		}
	}
	return on
}

// endsIt: what this office issues on behalf of one committee ends what an entry says for another, the same, or one that it was
// merged from: the office spoke for it on a day on which that may have been issued and this not before it.
func (p *publishing) endsIt(target *Entry, on, committee string, issued *v1.DayRange) bool {
	days, ok := readRange(issued)
	from := min(max(days.earliest, target.Issued().GetEarliest()), days.latest) // that it was issued before is another fault
	merged := slices.Contains(p.Register.Predecessors(on), committee) && p.standing.isSince(days.latest, committee)
	return ok && (on == committee || merged) && p.Register.SpeaksFor(p.Office, on, from, days.latest)
}

// lastSpoke is the last day of a range on which the office spoke for a committee, where that is not all its days; empty: it is, or none.
func (p *publishing) lastSpoke(committee string, issued span) (day string) {
	for day = issued.latest; day >= issued.earliest; day = notation.DayBefore(day) {
		if p.Register.SpeaksFor(p.Office, committee, day, day) {
			break
		}
	}
	if day == issued.latest || day < issued.earliest {
		return ""
	}
	return day
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
	return slices.DeleteFunc(p.standsFor(p.standing, target, p.Today), func(c string) bool { return slices.Contains(committees, c) })
}

// describe names an entry to people.
func describe(entry, title string, issued *v1.DayRange) string {
	if title != "" {
		entry += " “" + title + "”"
	}
	return entry + " (" + RangeWords(issued) + ")"
}
