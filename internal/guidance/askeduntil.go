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

// domain.md 4.8: what is asked may be asked no more before it is due, or by another day, though the line of its letter goes on: another
// corrects it, or what it corrects ends; a group, or those who ask, have another line by then. It is found by asking on the days ahead.

// turnsLooked is how many days ahead are asked about, and as many again of groups, in all.
const turnsLooked = 16

// askedUntil are the warnings of what an answer asks and asks no more before it is due, of all or of a group; not of
// what ends with the line of its own letter, which says so itself.
func (p *Prepared) askedUntil(q query, out *answer, line *answersv1.Line) (all []*answersv1.Warning) {
	q.scope = cmp.Or(out.scope, q.scope)
	var asks []standing
	for _, of := range slices.Concat(out.asked(), out.alsoAsked, out.partAsked) {
		if due, _ := DueMoment(of.action.GetDue()); due > q.day && !IsOfOthers(of.action, []v1.Audience{q.audience}) {
			asks = append(asks, of)
		}
	}
	days := p.turns(q, asks)
	if len(days) == 0 {
		return nil
	}
	now, left := slices.Clone(asks), turnsLooked
	look := func(q query, asks []standing, group *v1.Scope, part []v1.Audience, in *v1.AreaId, days, after []turn) {
		for _, day := range days {
			if left--; left < 0 || len(asks) == 0 || p.stopped() {
				return
			}
			on := q.ahead(day.day)
			ofAll, ofSome := p.asksOn(on)
			asks = slices.DeleteFunc(asks, func(of standing) bool {
				due, _ := DueMoment(of.action.GetDue())
				until := of.assertion.until
				if day.day > due || until != "" && day.day > until || endsWithLine(line, of.assertion.entry.ID, day.day) {
					return true
				}
				w := &answersv1.Warning{
					Code: answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, Measure: q.measure, Entry: of.assertion.entry.ID, By: day.by, From: day.day,
					Quote: askQuote(of.action), Area: of.action.GetArea(), Scope: group, Audiences: part, AudiencesIn: in,
				}
				isOther := func(other standing) bool { return !of.isAgain(other) }
				isItself := func(other standing) bool { return other.action == of.action }
				if slices.ContainsFunc(ofAll, isItself) { // whatever else is asked in its words, of a group or in a part
					return false
				}
				again := slices.DeleteFunc(slices.Clone(ofAll), isOther)
				if same := slices.DeleteFunc(slices.Clone(again), func(other standing) bool { return !of.isOfSame(on, other) }); len(same) > 0 {
					again = same
				}
				if len(again) == 0 { // what a group is asked sooner, others are not
					again = slices.DeleteFunc(slices.Clone(ofSome), isOther)
				}
				if len(again) > 0 {
					byDay := func(x, y standing) int { return CompareDue(x.action.GetDue(), y.action.GetDue()) }
					then := slices.MinFunc(again, byDay)
					isNow := func(other standing) bool { return other.action == then.action }
					switch sooner := byDay(then, of); {
					case sooner == 0, sooner < 0 && slices.ContainsFunc(now, isNow): // which is told already
						return false
					case sooner > 0: // of the same, on the same: of another it may have been by a later day all along
						again = slices.DeleteFunc(again, func(other standing) bool { return !of.isOfSame(on, other) })
						if len(again) == 0 {
							return false
						}
						then = slices.MinFunc(again, byDay)
					}
					w.By, w.Asks = then.assertion.entry.ID, cmp.Or(DueWords(then.action.GetDue()), "without a day")
					w.Until, _ = DueMoment(then.action.GetDue())
				}
				for _, later := range after { // once advice for a while is over
					if later.day <= day.day || w.Asks != "" {
						continue
					}
					if left--; left < 0 || later.day > due || w.AgainFrom != "" {
						break
					}
					if then, _ := p.asksOn(q.ahead(later.day)); slices.ContainsFunc(then, isItself) {
						w.AgainFrom = later.day
					}
				}
				if w.AudiencesIn != nil {
					w.AudiencesInName = p.reg.AreaName(w.AudiencesIn)
				}
				all = append(all, warning(w))
				return true
			})
		}
	}
	look(q, slices.Clone(asks), nil, nil, nil, days, days)
	if q.scope != "" {
		return all
	}
	ofAll := slices.DeleteFunc(asks, func(of standing) bool { return of.action.GetScope() != "" || of.assertion.scope != "" })
	left = turnsLooked
	ownDays := func(in query, days []turn, thereAlone bool) []turn { // on which some of those who ask have a line of their own
		said, _ := p.mayAnswer(in)
		return slices.DeleteFunc(slices.Clone(days), func(day turn) bool {
			return !slices.ContainsFunc(said, func(s *assertion) bool {
				return s.from == day.day && q.isAbout(s) && q.knows(s.entry) && (!thereAlone || s.extent != nil && s.toPart(q.audience, in.audience))
			})
		})
	}
	ends := func(of standing) bool {
		return slices.ContainsFunc(all, func(w *answersv1.Warning) bool { return IsOfAll(w) && endsRequest(w, of.assertion.entry.ID, of.action) })
	}
	for _, scope := range p.scopesOn(q) {
		in := q
		in.scope = scope
		ahead := ownDays(in, days, false)
		if len(ofAll) == 0 || left <= 0 {
			break
		}
		if len(ahead) == 0 || slices.ContainsFunc(out.groups, func(group answer) bool { return group.scope == scope }) { // whose own line tells
			continue
		}
		left--
		ofGroup, ofSome := p.asksOn(in)
		look(in, slices.DeleteFunc(slices.Clone(ofAll), func(of standing) bool {
			return !slices.ContainsFunc(slices.Concat(ofGroup, ofSome), of.isAgain) || ends(of)
		}), p.groupOf(q, standing{action: &v1.Action{Scope: scope}, assertion: &assertion{}}), nil, nil, ahead, days)
	}
	for inner := range v1.Audience(len(v1.Audience_name)) {
		if inner == q.audience || !Contains(q.audience, inner) {
			continue
		}
		in := q
		in.audience = inner
		theirs := slices.DeleteFunc(slices.Clone(ofAll), func(of standing) bool { // and not of others by name, or by a line that is to others
			isThem := func(a v1.Audience) bool { return Contains(a, inner) }
			return !of.assertion.isFor(inner) || len(of.action.GetActors()) > 0 && !slices.ContainsFunc(of.action.GetActors(), isThem)
		})
		turns := p.turns(in, theirs)
		places := []*v1.AreaId{nil} // wherever the line is, and the parts of it where something is said to them alone
		if len(turns) > 0 && q.area == nil && q.practice == "" {
			places = append(places, p.areasToAsk(in)...)
		}
		for _, area := range places {
			if area != nil {
				in.area = area
			}
			isTheirs := func(part partLine) bool { // whose own line tells
				return part.asked.audience == inner && (sameArea(part.asked.area, in.area) || sameArea(part.asked.area, q.area))
			}
			ahead := ownDays(in, turns, area != nil)
			if slices.ContainsFunc(out.parts, isTheirs) || len(ahead) == 0 || left <= 0 {
				continue
			}
			left--
			asked, ofSome := p.asksOn(in)
			asks := slices.DeleteFunc(slices.Clone(theirs), func(of standing) bool {
				return !slices.ContainsFunc(slices.Concat(asked, ofSome), of.isAgain) || ends(of)
			})
			look(in, asks, nil, []v1.Audience{inner}, area, ahead, turns)
		}
	}
	return all
}

// askedOn is what ends with its line before it is due, and is asked by another from that day on, by the same time.
func (p *Prepared) askedOn(q query, out *answer, line *answersv1.Line) (all []*answersv1.StandingRequest) {
	q.scope = cmp.Or(out.scope, q.scope)
	then := map[string][]standing{} // by day
	for _, of := range slices.Concat(out.asked(), out.alsoAsked, out.partAsked) {
		day := EndsBeforeDue(line, of.assertion.entry.ID, of.assertion.until, of.action)
		if day == "" || p.stopped() {
			continue
		}
		if _, looked := then[day]; !looked {
			if len(then) >= turnsLooked {
				break
			}
			in := q.ahead(day)
			ofAll, ofSome := p.asksOn(in)
			then[day] = slices.Concat(ofAll, ofSome)
		}
		isSame := func(other standing) bool {
			return of.isAgain(other) && CompareDue(other.action.GetDue(), of.action.GetDue()) == 0
		}
		if slices.ContainsFunc(then[day], isSame) {
			all = append(all, &answersv1.StandingRequest{Action: of.action, Advisory: of.assertion.entry.ID, ValidFrom: day})
		}
	}
	return all
}

// isAgain: another asks the same, be it by another day.
func (of standing) isAgain(other standing) bool {
	return of.action == other.action || AsksSameWords(of.action, other.action)
}

// isOfSame: another asks it of the same, on the same; of a group that is asked about, what it is asked by itself too.
func (of standing) isOfSame(q query, other standing) bool {
	action := other.action
	if q.scope != "" && action.GetScope() == q.scope && of.action.GetScope() == "" {
		action = proto.CloneOf(action)
		action.Scope = ""
	}
	return asksOfSame(of.assertion.entry.Advisory, of.action, other.assertion.entry.Advisory, action)
}

// asksOn is what a reader is asked on a day, and what groups of them and part of them are.
func (p *Prepared) asksOn(q query) (ofAll, ofSome []standing) {
	out := p.answer(q)
	for _, group := range out.groups {
		ofSome = slices.Concat(ofSome, group.asked(), group.alsoAsked)
	}
	for _, part := range out.parts {
		ofSome = slices.Concat(ofSome, part.answer.asked(), part.answer.alsoAsked)
	}
	return slices.Concat(out.asked(), out.alsoAsked, out.partAsked), ofSome
}

// askedUntilWords says what an entry asks no more from which days ahead on, by what is here already, where the entry does
// not end by that itself.
func (p *Prepared) askedUntilWords(e *Entry, committees []string, day string, matters func(string) *v1.Matter) (words string) {
	if own := p.entries.of(e.ID); own != nil {
		e = own // whose actions are told apart as these very ones
	}
	var told grouped[string, string] // sentences, of which committees
	for i, c := range committees {
		if repeats(committees, i) {
			continue
		}
		type who struct {
			reader
			matter string
		}
		type asked struct {
			asks  []standing
			until []*answersv1.Warning
		}
		read := map[who]asked{} // of each who asks, once for all that the entry asks
		for _, action := range Actions(e.Advisory) {
			if due, _ := DueMoment(action.GetDue()); due <= day {
				continue
			}
			asking := map[who]bool{}
			var until grouped[string, *answersv1.Warning] // sentences, and by how many they are read
			for _, carrier := range p.carriersOf(e, action, c, matters) {
				for _, q := range p.everyQuestion(carrier.assertion, c, day, matters) {
					at := who{readerOf(q), q.matter}
					if _, again := read[at]; !again && len(read) < turnsLooked && !p.stopped() {
						out := p.answer(q)
						read[at] = asked{slices.Concat(out.asked(), out.alsoAsked, out.partAsked), p.askedUntil(q, &out, nil)}
					}
					if slices.ContainsFunc(read[at].asks, func(of standing) bool {
						return of.assertion.entry == e && AsksSameWords(of.action, action) && !IsOfOthers(of.action, []v1.Audience{at.audience})
					}) {
						asking[at] = true
					}
					for _, w := range read[at].until {
						if len(w.GetAudiences()) == 0 && endsRequest(w, e.ID, action) { // part of the readers ask by themselves
							until.add(strings.TrimSuffix(strings.TrimPrefix(w.GetWords(), e.ID+" "), "."), w)
						}
					}
				}
			}
			for _, sentence := range until.keys {
				w := until.members[sentence][0]
				st, _ := p.standingFor(e, c, w.GetFrom(), matters)
				endsIt := func(end *answersv1.Ending) bool { return end.GetEntry() == w.GetBy() }
				names := func(end ending) bool { return end.by.ID == w.GetBy() }
				if slices.ContainsFunc(p.endings.of(e.ID), names) && slices.ContainsFunc(st.Endings, endsIt) {
					continue // which is said of it
				}
				if len(until.members[sentence]) < len(asking) {
					sentence += ", of some of those whom it asks"
				}
				if !slices.Contains(told.members[sentence], c) {
					told.add(sentence, c)
				}
			}
		}
	}
	for _, sentence := range told.keys {
		words += " " + notation.Capital(strings.TrimSpace(p.forSome(told.members[sentence], committees)+" it ")+" "+sentence) + "."
	}
	return words
}

// turn is a day on which something begins or ends, and by which entry; empty: by its own days.
type turn struct{ day, by string }

// turns are the days ahead, up to the last that something asked is due by, on which what answers may turn, in order.
func (p *Prepared) turns(q query, asks []standing) (all []turn) {
	last := ""
	for _, of := range asks {
		due, _ := DueMoment(of.action.GetDue())
		last = max(last, due)
	}
	add := func(day, by string) {
		at := slices.IndexFunc(all, func(t turn) bool { return t.day == day })
		switch {
		case day <= q.day || day > last:
		case at < 0:
			all = append(all, turn{day, by})
		case all[at].by == "":
			all[at].by = by
		}
	}
	ends := func(s *assertion) {
		for _, end := range p.endings.of(s.entry.ID) {
			if !p.counts(q, s, end) { // another committee's
				continue
			}
			days := p.endingDays(end)
			if end.how == amended { // by what it asks alone too
				days = append(days, max(validFrom(end.by.Advisory), end.by.Issued().GetLatest()))
			}
			for _, day := range days {
				add(day, end.by.ID)
			}
		}
	}
	for _, of := range asks {
		ends(of.assertion)
	}
	if asks == nil {
		return nil
	}
	for _, in := range p.scopes(q.topic) {
		of := q
		of.scope = in
		said, _ := p.mayAnswer(of)
		for _, s := range said {
			if !q.knows(s.entry) || !q.isAbout(s) && q.measure != "" {
				continue
			}
			ends(s)
			add(max(s.from, s.issued.latest), s.entry.ID)
			if s.until != "" {
				add(notation.DayAfter(s.until), "")
			}
			for _, day := range changesOf(effectsOn(q, s), MeasureOf(q.asked.Matter, q.measure).GetClaimedEffects()) {
				add(day, "")
			}
		}
	}
	slices.SortFunc(all, func(x, y turn) int { return cmp.Compare(x.day, y.day) })
	return all
}

// askQuote is what a request is called by where it ends.
func askQuote(action *v1.Action) string {
	return notation.Joined(", ", ActionWords(action), DueWords(action.GetDue()))
}
