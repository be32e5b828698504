package guidance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// PartsLimit is how many parts of an entry that are not current are told of one committee.
const PartsLimit = 64

// InPart fills in, where an entry stands for a committee, what of it does not: what has ended or
// lapsed, what a later line stands over, and where another committee speaks now; and says it in
// words, empty where the entry stands as a whole, or does not, or is only overtaken. What was
// prepared must be everything said on its matters for its committees, and for those that speak now
// where they did: speaksNow is who does in an area.
func (p *Prepared) InPart(e Entry, standings []*answersv1.CommitteeStanding, day string, matters func(string) *v1.Matter, speaksNow func(*v1.AreaId) []string) (words string) {
	if e.Withdrawal != nil || e.Issued().GetLatest() > day {
		return ""
	}
	if prepared := p.entries.of(e.ID); prepared != nil {
		e = *prepared // whose actions and positions are told apart as these very ones
	}
	var told grouped[string, string] // sentences, of which committees
	named := map[string]bool{}       // sentences that begin with a name
	stands, overtaken, corrected, views := 0, 0, false, p.viewed(&e, day)
	for _, st := range standings {
		if !st.Current {
			continue
		}
		parts := p.partsFor(&e, st.Committee, day, matters, speaksNow)
		isOver := func(f *lostPart) bool { return f.over != nil }
		over := slices.IndexFunc(parts.lost, isOver)
		isOvertaken := over >= 0 && !parts.kept && !slices.ContainsFunc(parts.lost, func(f *lostPart) bool { return !isOver(f) })
		switch {
		case isOvertaken:
			overtaken++
			told.add("A later line stands over it: "+parts.lost[over].over.ID, st.Committee)
			parts.lost = nil // which says all of them
		case !parts.kept && over < 0:
			st.Current = false
		default:
			stands++
		}
		for _, f := range parts.lost[:min(len(parts.lost), PartsLimit)] {
			part, sentence := p.part(&e, st.Committee, day, f, parts)
			st.Parts = append(st.Parts, part)
			told.add(sentence, st.Committee)
			named[sentence] = f.former != nil
			if f.ending.GetKind() == answersv1.EndingKind_ENDING_KIND_LAPSED && !slices.ContainsFunc(st.Endings, func(o *answersv1.Ending) bool { return proto.Equal(o, f.ending) }) {
				st.Endings = append(st.Endings, f.ending)
			}
		}
		read := map[*assertion][]fate{}
		fates := func(s *assertion) []fate {
			if _, again := read[s]; !again {
				read[s] = p.fatesOn(p.everyQuestion(s, st.Committee, day, matters), s, firstDay(&e, s, day))
			}
			return read[s]
		}
		on := func(o *v1.Action) string {
			m := matters(ActionMatter(e.Advisory, o))
			return p.measureWords(m, o.GetMeasure()) + ofMatter(&e, m)
		}
		for i, action := range Actions(e.Advisory) {
			still, alone := p.stillAsks(&e, action, st.Committee, matters, fates)
			if alone || !st.Current {
				continue
			}
			whom := []string{""} // of all
			var lost []reader
			var gave []givenWay
			if still {
				whom, lost, gave = views.asksNoMoreOf(action, st.Committee, matters, fates)
			} else {
				lost = views.allAsked(action, st.Committee, matters, fates)
			}
			instead := views.askedInPlace(action, st.Committee, matters, lost)
			if isOvertaken && instead == "" {
				continue // what became of it goes with its line
			}
			if still && slices.Contains(whom, "") {
				st.NotAsked = append(st.NotAsked, int32(i))
				slices.Sort(st.NotAsked)
			}
			if instead != "" {
				corrected = true
				if whom[0] != "" { // in one sentence, for what is asked in its place is told of all of them
					whom = []string{"," + whomWords(whom)}
				}
			}
			for _, whom := range whom {
				told.add("It asks no more: "+p.askWordsOf(e.Advisory, action, on)+whom+instead, st.Committee)
			}
			if isOvertaken {
				continue
			}
			for _, by := range gave {
				where := strings.TrimPrefix(by.where, ", ")
				sentence := "A later line stands: "
				switch {
				case by.line.mention:
					sentence = "A later letter takes no line: "
				case newestFirst(by.line, by.of) > 0:
					sentence = "What stands there now is "
				}
				sentence += by.line.entry.ID
				if where != "" {
					sentence = notation.Capital(where) + " " + notation.Small(sentence)
				}
				told.add(sentence, st.Committee)
				part := &answersv1.EndedPart{
					Matter: by.of.position.GetMatter(), Measure: by.of.position.GetMeasure(), Area: by.of.position.GetArea(), Where: where, StandsNow: []string{by.line.entry.ID},
				}
				if where != "" && !slices.ContainsFunc(st.Parts, func(o *answersv1.EndedPart) bool { return proto.Equal(o, part) }) && len(st.Parts) < PartsLimit {
					st.Parts = append(st.Parts, part)
				}
			}
		}
	}
	for _, st := range standings {
		switch {
		case st.NotCounted != counts:
			told.add(strings.TrimSuffix(NotCountedWords(st.NotCounted, &e), "."), st.Committee)
		case !st.Current && len(st.Parts) == 0:
			told.add("Nothing of it stands: "+p.endingsWords([]*answersv1.CommitteeStanding{st}), st.Committee)
		}
	}
	hasParts := func(st *answersv1.CommitteeStanding) bool { return len(st.Parts) > 0 }
	switch {
	case overtaken == len(standings) && corrected:
		words = "Nothing has ended it."
	case stands > 0 && len(told.keys) > 0 || overtaken > 0 && corrected:
		words = "It still stands in part."
	case stands == 0 && overtaken == 0 && slices.ContainsFunc(standings, hasParts):
		words = "It stands no more."
	default:
		return "" // said already
	}
	var whose grouped[string, string] // those of which committees
	for _, sentence := range told.keys[:min(len(told.keys), endingsTold)] {
		of := "" // all
		if len(told.members[sentence]) < len(standings) {
			of = notation.Names(committeeNames(p.reg, told.members[sentence]))
		}
		whose.add(of, sentence)
	}
	slices.SortStableFunc(whose.keys, func(x, y string) int { return compareBool(x != "", y != "") })
	for _, of := range whose.keys {
		said := strings.Join(whose.members[of], ". ")
		if of != "" {
			if !named[whose.members[of][0]] {
				said = notation.Small(said)
			}
			said = "For " + of + ": " + said
		}
		words += " " + said + "."
	}
	if more := len(told.keys) - endingsTold; more > 0 {
		words += fmt.Sprintf(" And %d more: what is not named here may have ended too.", more)
	}
	return words
}

// part is a part of an entry that does not stand, as it is answered, and in a sentence.
func (p *Prepared) part(e *Entry, committee, day string, f *lostPart, of partsOf) (*answersv1.EndedPart, string) {
	position, m := f.of.position, f.asked[0].asked.Matter
	part := &answersv1.EndedPart{Matter: position.GetMatter(), Measure: position.GetMeasure(), Scope: f.of.scope, Area: cmp.Or(f.moved, position.GetArea()), Ending: f.ending}
	if f.moved != nil {
		part.SpeakNow = f.now
	}
	own, committees := "", f.now
	if f.moved == nil {
		committees = p.whoAnswers(committee, day)
	}
	for _, q := range f.asked {
		if q.measure != part.Measure && f.moved != nil {
			part.Measure = "" // it is of several
		}
		for _, q.committee = range committees {
			now := p.answer(q).current
			if now == nil || now.mention && !f.of.mention || now.report || slices.Contains(part.StandsNow, now.entry.ID) {
				continue
			}
			if part.StandsNow = append(part.StandsNow, now.entry.ID); now.entry.ID == e.ID {
				own = "its line on " + p.measureWords(m, now.position.GetMeasure())
				if f.moved != nil {
					own = "what this says for " + notation.List(committeeNames(p.reg, f.now))
				}
			}
		}
	}
	if f.former != nil {
		part.StandsNow = nil // of the whole of it nothing is told any more
		became := " is no more"
		if len(f.into) > 0 {
			var into []string
			for _, area := range f.into {
				into = append(into, AreaWords(area, p.reg.AreaName(area)))
			}
			became = " has been merged into " + notation.List(into)
		}
		return part, AreaWords(f.former, p.reg.AreaName(f.former)) + became + ": what it says of that is the line of whoever was in it alone, and others are told that it was said of it"
	}
	names := slices.Clone(part.StandsNow)
	if i := slices.Index(names, e.ID); i >= 0 {
		names[i] = own
	}
	now := "nothing stands there now"
	if len(names) > 0 {
		now = "what stands there now is " + notation.List(names)
	}
	if f.moved != nil {
		return part, fmt.Sprintf("In %s it is told no more, for %s speaks there now; %s", AreaWords(f.moved, p.reg.AreaName(f.moved)), notation.List(committeeNames(p.reg, f.now)), now)
	}
	subject := "its line on "
	if f.of.mention {
		subject = "what it mentions on "
	}
	subject += p.measureWords(m, position.GetMeasure())
	subject += ofMatter(e, m)
	if scope := position.GetScope(); scope != nil {
		subject += " for " + ScopeWords(scope)
	}
	if area := position.GetArea(); area != nil {
		subject += " in " + AreaWords(area, p.reg.AreaName(area))
	}
	twin := func(o *v1.Position) bool {
		return o != position && o.GetMatter() == position.GetMatter() && o.GetMeasure() == position.GetMeasure() && o.GetScope().GetId() == f.of.scope && slices.Contains(o.GetCommittees(), committee)
	}
	if slices.ContainsFunc(PositionsOf(*e), twin) {
		subject += " to " + AudiencesWords(position.GetAudiences())
	}
	readers := func(list []query) (all []reader) {
		for _, q := range list {
			all = append(all, readerOf(q))
		}
		return all
	}
	lost := readers(f.asked)
	rest := slices.DeleteFunc(readers(of.all[f.of]), func(r reader) bool { return slices.Contains(lost, r) })
	called := func(measure string) string { return p.measureWords(m, measure) }
	for _, where := range apart(lost, rest, p.limits(m, day, called)) {
		part.Where, subject = part.Where+where, subject+where
	}
	if part.Where != "" {
		part.Where, subject = strings.TrimPrefix(part.Where, ", "), subject+","
	}
	switch {
	case f.over != nil:
		return part, "Over " + subject + " a later line stands: " + f.over.ID
	case f.ending.GetKind() == answersv1.EndingKind_ENDING_KIND_LAPSED:
		return part, notation.Capital(subject) + " " + endingWords(f.ending) + "; " + now
	case f.ending.GetDay() > day:
		return part, notation.Capital(subject) + " ends before it would hold, " + endingWords(f.ending)
	}
	return part, notation.Capital(subject) + " was " + endingWords(f.ending) + "; " + now
}

// ofMatter says of which matter something is, where its letter is on several.
func ofMatter(e *Entry, m *v1.Matter) string {
	if len(MattersOf(*e)) > 1 {
		return " of " + cmp.Or(m.GetTitle(), m.GetName())
	}
	return ""
}

// measureWords are a measure in a sentence: “Hubs” (hubs).
func (p *Prepared) measureWords(m *v1.Matter, measure string) string {
	if measure == "" {
		return wholeMatter
	}
	if title := MeasureOf(m, measure).GetTitle(); title != "" {
		return "“" + tidy(title) + "” (" + measure + ")"
	}
	return measure
}
