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

// What stands beside a line, in plain words: to whom it is, where and for which group.

// formerAreaWords says of what was said of an area that is no more what became of it.
func (p *Prepared) formerAreaWords(line *answersv1.Line, f *answersv1.FormerArea, of []*v1.AreaId) string {
	s := f.GetStatement()
	var now []string
	for _, area := range f.GetNow() {
		now = append(now, AreaWords(area, p.reg.AreaName(area)))
	}
	var former []string
	for _, area := range of {
		former = append(former, AreaWords(area, p.reg.AreaName(area)))
	}
	said := "Said"
	if by := cmp.Or(s.GetPredecessorName(), s.GetPredecessor()); by != "" {
		said += " by " + by
	}
	words := said + toSomeWords(line, s) + " of " + notation.List(former) + ", since merged into " + strings.Join(now, ", ") + ": " + saidNoun(s) + OnceWords(s.GetPosition())
	return aside(line, s, words) + " Ring your LMC."
}

// toSomeWords say of what stands beside a line to which of its readers it is, and for which group, where it is not
// to all: " to GP partners, for patients already started".
func toSomeWords(line *answersv1.Line, s *answersv1.Statement) string {
	var words []string
	if !IsToAll(line, s) {
		words = append(words, "to "+AudiencesWords(SaidTo(s)))
	}
	if scope := s.GetPosition().GetScope(); scope != nil {
		words = append(words, "for "+ScopeWords(scope))
	}
	if words == nil {
		return ""
	}
	return " " + strings.Join(words, ", ")
}

// SaidTo are those whom a statement is to: all that its letter said it to, but for those for whom it has ended since.
func SaidTo(s *answersv1.Statement) []v1.Audience {
	if readers := s.GetReaders(); len(readers) > 0 {
		return readers
	}
	return s.GetPosition().GetAudiences()
}

// IsToAll: a statement is to all the readers that a line is for.
func IsToAll(line *answersv1.Line, s *answersv1.Statement) bool {
	return slices.ContainsFunc(SaidTo(s), func(a v1.Audience) bool { return Contains(a, line.GetAudience()) })
}

// WhenAskedWords are with what line another letter asks something, where that does not hold yet, or from when on it asks it again; empty:
// it holds.
func WhenAskedWords(of *answersv1.StandingRequest) string {
	var words []string
	if from := of.GetAgainFrom(); from != "" {
		when := notation.PeriodWords(DayWords(from), DayWords(of.GetAgainUntil()))
		if of.GetAgainUntil() == "" {
			when = "from " + DayWords(from) + " on"
		}
		if of.GetValidFrom() != "" {
			return "with its line " + when
		}
		return "again " + when
	}
	if from := of.GetValidFrom(); from != "" {
		words = append(words, "with its line from "+DayWords(from)+" on")
	}
	if waits := of.GetWaitsFor(); waits != "" {
		words = append(words, "with a line that waits: "+waits)
	}
	return strings.Join(words, ", ")
}

// ToOthers is what a committee says to others than those asked about, and to part of them, a
// sentence each: "To GP partners: refuse (essex/3)."; what the line says of a group already aside.
// That part of them has no line, for what it was told has lapsed or the line does not reach it, or offices differ on
// what that is, is told too.
func ToOthers(line *answersv1.Line) (said []string) {
	for _, s := range SaidToOthers(line) {
		said = append(said, aside(line, s, notation.Capital(ToWhom(line, s))+": "+saidNoun(s)))
	}
	contested := map[string][]v1.Audience{} // who is told so, which is said of them together
	var all []string
	for _, part := range line.GetPartLines() {
		if IsAlike(part, line) { // but for what they are asked
			continue
		}
		there := clone(part) // of the area and the group that the line beside it names
		there.Area, there.Scope = nil, nil
		switch no := part.GetNoLine(); {
		case no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
			said = append(said, "To "+AudienceWords(part.GetAudience())+": no line that holds, for from "+DayWords(no.GetSince())+" doing what "+supportsWords(no)+" would breach the contract.")
		case no != nil:
			said = append(said, "To "+AudienceWords(part.GetAudience())+", "+Wording{}.noLine(there))
		case part.GetContested() != nil:
			if part.GetScope().GetId() != line.GetScope().GetId() {
				there.CommitteeName = "for " + ScopeWords(part.GetScope()) + ", " + there.GetCommitteeName()
			}
			words := contestedWords(there)
			if contested[words] == nil {
				all = append(all, words)
			}
			contested[words] = append(contested[words], part.GetAudience())
		case part.GetCurrent() != nil && !slices.Contains(part.GetCurrent().GetPosition().GetAudiences(), part.GetAudience()): // whom the line does not reach
			said = append(said, aside(line, part.GetCurrent(), "To "+AudienceWords(part.GetAudience())+": "+saidNoun(part.GetCurrent())))
		}
	}
	for _, words := range all {
		said = append(said, "To "+AudiencesWords(contested[words])+", "+words)
	}
	return said
}

// IsAlike: part of a line's readers are answered by what answers all, or by nothing as all are, and asked something else.
func IsAlike(part, line *answersv1.Line) bool {
	is, all := part.GetCurrent(), line.GetCurrent()
	if no := part.GetNoLine(); no != nil {
		return no.GetReason() == line.GetNoLine().GetReason() && no.GetEnded() == line.GetNoLine().GetEnded()
	}
	return is != nil && is.GetAdvisory() == all.GetAdvisory() && proto.Equal(is.GetPosition(), all.GetPosition())
}

// SaidToOthers is what is said to others than those a line is for, and to part of them, but for what is the
// answer of one of its groups, or contested by another office to these readers. Of what one letter says to the
// same on the measure and on the whole matter, that on the measure answers (domain.md 4.6).
func SaidToOthers(line *answersv1.Line) []*answersv1.Statement {
	all := slices.Concat(line.GetSaidToOthers(), line.GetSaidToPart())
	instead := func(s, own *answersv1.Statement) bool {
		whole, on := s.GetPosition(), own.GetPosition()
		return own.GetAdvisory() == s.GetAdvisory() && whole.GetMeasure() == "" && on.GetMeasure() != "" && reachesAll(SaidTo(own), SaidTo(s)) &&
			on.GetScope().GetId() == whole.GetScope().GetId() && sameArea(on.GetArea(), whole.GetArea()) && on.GetValidUntil() == whole.GetValidUntil() && own.GetValidFrom() == s.GetValidFrom()
	}
	return slices.DeleteFunc(slices.Clone(all), func(s *answersv1.Statement) bool {
		return isOfGroup(line, s) || isContested(line, s) || slices.ContainsFunc(all, func(own *answersv1.Statement) bool { return instead(s, own) })
	})
}

// aside is a sentence on a statement beside a line, with its letter, and its conditions behind it: "To GP
// partners: refuse, for now (essex/3). Unless: talks begin." What a position waits for is said already.
func aside(line *answersv1.Line, s *answersv1.Statement, words string) string {
	return sentences(words+holdsWords(s.GetPosition())+" ("+s.GetAdvisory()+OnWhole(line, s)+").", conditionWords(s.GetPosition(), qualifies))
}

// ToWhomWords is whom a statement is to, where that is not who asked: "GP partners, in Alpha ICB
// (icb:QXX), for patients already started".
func ToWhomWords(s *answersv1.Statement) string {
	return strings.Join(append([]string{AudiencesWords(SaidTo(s))}, WhereWords(s)...), ", ")
}

// ToWhom is whom a statement beside a line is to, by what differs from those the line is for, and from
// when or on what it waits, where it did not hold when it was issued: "to GP partners, in Alpha ICB
// (icb:QXX)", "in Alpha ICB (icb:QXX), from 5 December 2026".
func ToWhom(line *answersv1.Line, s *answersv1.Statement) string {
	whom, when := WhomAndWhen(line, s)
	return notation.Joined(", ", whom, when)
}

// WhomAndWhen are the two that ToWhom is of.
func WhomAndWhen(line *answersv1.Line, s *answersv1.Statement) (whom, when string) {
	if from := s.GetValidFrom(); from > s.GetIssued().GetLatest() {
		when = "from " + DayWords(from)
	}
	if condition := waitsFor(s.GetPosition()); condition != "" {
		when = notation.Joined(", ", when, "once "+condition)
	}
	where := WhereWords(s)
	if !IsToAll(line, s) || len(where) == 0 { // else that is all that differs
		where = append([]string{"to " + AudiencesWords(SaidTo(s))}, where...)
	}
	return strings.Join(where, ", "), when
}

// ToOthersWords is ToWhom of a mention that is not to all that a line is for; empty: it is.
func ToOthersWords(line *answersv1.Line, s *answersv1.Statement) string {
	if (len(s.GetPosition().GetAudiences()) == 0 || IsToAll(line, s)) && s.GetPosition().GetScope().GetId() == line.GetScope().GetId() {
		return ""
	}
	return ToWhom(line, s)
}

// whereWords are whose practices a statement is to, in which area, with what became of that, and for which group.
func WhereWords(s *answersv1.Statement, became ...string) (words []string) {
	if s.GetPredecessor() != "" {
		words = append(words, "by "+cmp.Or(s.GetPredecessorName(), s.GetPredecessor())+" before it was merged")
	}
	if area := s.GetPosition().GetArea(); area != nil {
		words = append(append(words, "in "+AreaWords(area, s.GetAreaName())), became...)
	} else {
		for _, of := range became {
			words = append(words, "of an area "+of)
		}
	}
	if scope := s.GetPosition().GetScope(); scope != nil {
		words = append(words, "for "+ScopeWords(scope))
	}
	return words
}

// NowhereWords is of whom a statement was that holds nowhere as it was said: of an area that was merged
// since, or that the register does not have (domain.md 4.9): "in Alpha ICB (icb:QXX), since merged".
func NowhereWords(line *answersv1.Line, s *answersv1.Statement, why string) string {
	words := WhereWords(s, why)
	if !IsToAll(line, s) {
		words = append([]string{"to " + AudiencesWords(SaidTo(s))}, words...)
	}
	return strings.Join(words, ", ")
}

// isOfGroup: a statement is the answer of one of a line's groups.
func isOfGroup(line *answersv1.Line, s *answersv1.Statement) bool {
	return slices.ContainsFunc(line.GetGroups(), func(group *answersv1.Line) bool {
		answer, said := group.GetCurrent(), s.GetPosition()
		return answer.GetAdvisory() == s.GetAdvisory() && group.GetScope().GetId() == said.GetScope().GetId() && slices.Equal(answer.GetPosition().GetAudiences(), said.GetAudiences())
	})
}

// isContested: what a statement says to part of a line's readers is one of several that contest each other there,
// and answers nobody.
func isContested(line *answersv1.Line, s *answersv1.Statement) bool {
	isThat := func(o *answersv1.Statement) bool {
		return o.GetAdvisory() == s.GetAdvisory() && proto.Equal(o.GetPosition(), s.GetPosition())
	}
	return slices.ContainsFunc(line.GetPartLines(), func(part *answersv1.Line) bool { return slices.ContainsFunc(part.GetContested(), isThat) }) &&
		!slices.ContainsFunc(line.GetPartLines(), func(part *answersv1.Line) bool { return isThat(part.GetCurrent()) })
}

// WillAnswer is what will answer of a line from a day ahead, the sooner first.
func WillAnswer(line *answersv1.Line) []*answersv1.Statement {
	return SoonerFirst(WouldAnswer(line.GetNotYet()))
}

// SoonerFirst orders what holds from days ahead by these.
func SoonerFirst(list []*answersv1.Statement) []*answersv1.Statement {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *answersv1.Statement) int { return cmp.Compare(a.GetValidFrom(), b.GetValidFrom()) })
	return list
}

// WouldAnswer leaves out, of what one letter may have said, or will say, what it says on the whole matter
// where it speaks on the measure itself: that is what answers (domain.md 4.6). So is what a newer
// line stands over.
func WouldAnswer(list []*answersv1.Statement) []*answersv1.Statement {
	return slices.DeleteFunc(slices.Clone(list), func(st *answersv1.Statement) bool {
		return st.GetOvertaken() || st.GetPosition().GetMeasure() == "" && slices.ContainsFunc(list, func(other *answersv1.Statement) bool {
			return other.GetAdvisory() == st.GetAdvisory() && other.GetPosition().GetMeasure() != ""
		})
	})
}
