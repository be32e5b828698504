package guidance

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// LineWords is a line in plain words: "North Essex LMC advises you to refuse (25
// October 2021). It says: not in the contract." It is what Line.words holds.
func LineWords(line *answersv1.Line) string {
	contract := ""
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED {
		contract = contractWords(line)
	}
	return sentences(mainWords(line), ConditionWords(line.GetCurrent().GetPosition()), opinionWords(line), contract, sideWords(line))
}

// AnswerWords is LineWords without what the contract says, for where EffectsWords stands
// beside it.
func AnswerWords(line *answersv1.Line) string {
	return sentences(mainWords(line), ConditionWords(line.GetCurrent().GetPosition()), opinionWords(line), sideWords(line))
}

// sentences joins what is not empty.
func sentences(all ...string) string {
	var b strings.Builder
	size := 0
	for _, s := range all {
		size += 1 + len(s)
	}
	b.Grow(size)
	for _, s := range all {
		addSentence(&b, s)
	}
	return strings.TrimPrefix(b.String(), " ")
}

func addSentence(b *strings.Builder, s string) {
	if s != "" {
		b.WriteByte(' ')
		b.WriteString(s)
	}
}

// who is the committee as the subject of a sentence, and for a part of its area, or for a
// group, where and for whom.
func who(line *answersv1.Line) string {
	name := line.GetCommitteeName()
	if name == "" {
		name = "This committee"
	}
	area, group := "", ScopeWords(line.GetScope())
	if line.GetArea() != nil {
		area = AreaWords(line.GetArea(), line.GetAreaName())
	}
	switch {
	case area != "" && group != "":
		return "For " + group + " in " + area + ", " + name
	case area != "":
		return "In " + area + ", " + name
	case group != "":
		return "For " + group + ", " + name
	}
	return name
}

// mainWords is the answer itself.
func mainWords(line *answersv1.Line) string {
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		if waitsFor(line.GetCurrent().GetPosition()) != "" { // as its letter says it: no view states it
			return who(line) + " says “" + StanceNoun(line.GetCurrent().GetPosition().GetStance()) + "” only once a later letter says that its condition is met" + when(line) + "."
		}
		return who(line) + " " + StanceWords(line.GetCurrent().GetPosition().GetStance()) + forNow(line) + when(line) + "."
	case answersv1.LineState_LINE_STATE_REPORTED:
		return who(line) + " " + reportedWords(line.GetCurrent().GetPosition().GetStance()) + reportedWhen(line) + "; this is not its own publication."
	case answersv1.LineState_LINE_STATE_MENTIONED:
		if opinion := line.GetCurrent().GetPosition().GetOpinion(); opinion != v1.Opinion_OPINION_UNSPECIFIED {
			return who(line) + " " + OpinionWords(opinion) + when(line) + " and advises neither way."
		}
		return who(line) + " passes on information" + when(line) + " and takes no line."
	case answersv1.LineState_LINE_STATE_RELAYED:
		return who(line) + " passes on " + relayed(line.GetCurrent()) + when(line) + " and takes no line of its own."
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return who(line) + " is asking its members" + when(line) + " and takes no line yet."
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return contestedWords(line)
	case answersv1.LineState_LINE_STATE_NO_LINE:
		return noLineWords(line)
	}
	return ""
}

// opinionWords is what the committee thinks of what it advises on, where that is not said
// already.
func opinionWords(line *answersv1.Line) string {
	opinion := OpinionWords(line.GetOpinion())
	if opinion == "" || line.GetState() == answersv1.LineState_LINE_STATE_MENTIONED && line.GetCurrent().GetPosition().GetOpinion() == line.GetOpinion() {
		return ""
	}
	if line.GetState() == answersv1.LineState_LINE_STATE_REPORTED {
		return "By the same report, it " + opinion + "."
	}
	return "As a policy, it " + opinion + "."
}

// forNow marks a provisional line.
func forNow(line *answersv1.Line) string {
	if line.GetCurrent().GetPosition().GetProvisional() {
		return ", for now"
	}
	return ""
}

// when is the day it was said, and that it was said of the whole matter where a
// measure was asked about. A group's line stands among others' and names its letter.
func when(line *answersv1.Line) string {
	words := RangeWords(line.GetCurrent().GetIssued())
	if line.GetScope() != nil {
		words += ", " + line.GetCurrent().GetAdvisory()
	}
	if line.GetMeasure() != "" && line.GetCurrent().GetPosition().GetMeasure() == "" {
		words += ", on the whole matter"
	}
	return " (" + words + ")"
}

func reportedWhen(line *answersv1.Line) string {
	source := line.GetCurrent().GetSource()
	from := source.GetPublisher()
	if from == "" {
		from = source.GetTitle()
	}
	if from == "" {
		return when(line)
	}
	return " (" + RangeWords(line.GetCurrent().GetIssued()) + ", by " + tidy(from) + ")"
}

// relayed is what is passed on.
func relayed(s *answersv1.Statement) string {
	relay := s.GetPosition().GetRelayOf()
	for _, name := range []string{relay.GetReference().GetPublisher(), s.GetPassesOn(), relay.GetCommittee(), relay.GetReference().GetTitle()} {
		if name != "" {
			return "what " + tidy(name) + " says"
		}
	}
	return "another's line"
}

// ConditionWords is what a position depends on: "This holds until: …". Empty: nothing.
func ConditionWords(p *v1.Position) string {
	var phrases []string
	for _, c := range p.GetConditions() {
		if text := tidy(c.GetText()); text != "" {
			phrases = append(phrases, leadWords(c.GetDirection())+" "+text)
		}
	}
	return sentence(strings.Join(phrases, "; "))
}

func leadWords(d v1.ConditionDirection) string {
	switch d {
	case v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL:
		return "this holds until:"
	case v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF:
		return "to be taken up only if:"
	case v1.ConditionDirection_CONDITION_DIRECTION_UNLESS:
		return "unless:"
	case v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN:
		return "once:"
	}
	return "on a condition of a kind not known here:"
}

// contestedWords names every side of a contest.
func contestedWords(line *answersv1.Line) string {
	var sides []string
	for _, s := range line.GetContested() {
		sides = append(sides, or(s.GetOfficeName(), s.GetOffice())+" records "+StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+")")
	}
	return who(line) + ": offices differ for the same day: " + strings.Join(sides, ", ") + ". None of these is counted: ask your LMC."
}

// noLineWords says why there is no line.
func noLineWords(line *answersv1.Line) string {
	no := line.GetNoLine()
	switch no.GetReason() {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return who(line) + " has no line: its advice (" + no.GetEnded() + ") was withdrawn from " + DayWords(no.GetSince()) + " (" + no.GetBy() + ")."
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		return who(line) + " has no line on this: its advice (" + no.GetEnded() + ") was replaced from " + DayWords(no.GetSince()) +
			" by " + no.GetBy() + ", which does not cover it."
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		return who(line) + " has no line: its advice (" + no.GetEnded() + ") was valid until " + DayWords(notation.DayBefore(no.GetSince())) + "."
	case answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
		return who(line) + " has no line that holds: from " + DayWords(no.GetSince()) + " what it advised (" + no.GetEnded() +
			") would breach the contract, and nothing here advises it. Ring your LMC."
	case answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN:
		return who(line) + " has said something on this, or is reported to have, on a day that is not known: whether by this day cannot be said."
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
		return who(line) + " has nothing on this that is in force yet."
	case answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY:
		return who(line) + " has no line on the whole matter; it has lines on " + strconv.Itoa(len(no.GetMeasures())) + " of its " +
			strconv.Itoa(int(no.GetOfMeasures())) + " measures: " + strings.Join(no.GetMeasures(), ", ") + "."
	case answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
		if len(line.GetGroups()) > 0 {
			return who(line) + " has no line on this in general."
		}
		return who(line) + ": nothing published here on this" + toOthersWords(line)
	case answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
		return who(line) + " has no line on this; what it has said, or is reported to have said, is on other parts of the matter."
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN:
		return who(line) + ": not known here" + unknownWords(no.GetUnknownEntries()) + "."
	}
	return who(line) + ": nothing published here on this."
}

// toOthersWords ends "nothing published here on this" where something is published for others, by
// what differs: the readers, the area or the group. What that is stands after it.
func toOthersWords(line *answersv1.Line) string {
	no := line.GetNoLine()
	switch {
	case no.GetOtherAreas() && !no.GetOtherReaders() && !no.GetOtherGroups():
		if line.GetArea() != nil {
			return " there."
		}
		if line.GetPractice() != "" {
			return " for your area."
		}
		return " for the rest of its area."
	case no.GetOtherGroups() && !no.GetOtherReaders() && !no.GetOtherAreas():
		if line.GetScope() != nil {
			return " for this group."
		}
		return " in general."
	case no.GetOtherReaders() && !no.GetOtherAreas() && !no.GetOtherGroups():
		return " to " + AudienceWords(line.GetAudience()) + "; it has written to others."
	}
	return " to " + AudienceWords(line.GetAudience()) + " in general; it has written to others, or to some of them."
}

// AreaWords are an area by its name, where it has one, with the code to ask for it by: "Alpha ICB
// (icb:QXX)".
func AreaWords(id *v1.AreaId, name string) string {
	code := notation.AreaOf(id).String()
	if name == "" {
		return code
	}
	return name + " (" + code + ")"
}

// formerAreaWords says of what was said of an area that is no more what became of it.
func (p *Prepared) formerAreaWords(f *answersv1.FormerArea) string {
	s := f.GetStatement()
	var now []string
	for _, area := range f.GetNow() {
		now = append(now, AreaWords(area, p.reg.AreaName(area)))
	}
	where := "of areas that are no more"
	if area := s.GetPosition().GetArea(); area != nil {
		where = "of " + AreaWords(area, s.GetAreaName())
	}
	return "Said " + where + ", since merged into " + strings.Join(now, ", ") + ": " + StanceNoun(s.GetPosition().GetStance()) +
		" (" + s.GetAdvisory() + "). Ring your LMC."
}

func unknownWords(n int32) string {
	switch {
	case n == 1:
		return ": 1 entry of its office is withheld, not held or still to come"
	case n > 1:
		return ": " + strconv.Itoa(int(n)) + " entries of its office are withheld, not held or still to come"
	}
	return ""
}

// sideWords points at what else a reader must know: what is said to groups, what may have
// been issued, what waits, what has been reported since.
func sideWords(line *answersv1.Line) string {
	var b strings.Builder
	for _, group := range line.GetGroups() {
		addSentence(&b, LineWords(group))
	}
	if n := line.GetMoreGroups(); n > 0 {
		addSentence(&b, "And lines for "+strconv.Itoa(int(n))+" more groups: ask with --scope, or read its letters.")
	}
	named := ""
	for _, s := range line.GetMayHaveBeenIssued() {
		if s.GetAdvisory() == named { // another position of the same advisory
			continue
		}
		named = s.GetAdvisory()
		addSentence(&b, "May already have been issued: "+s.GetAdvisory()+" ("+RangeWords(s.GetIssued())+").")
	}
	for _, s := range line.GetNotYet() {
		addSentence(&b, "From "+DayWords(s.GetValidFrom())+": "+StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+").")
	}
	for _, said := range ToOthers(line) {
		addSentence(&b, said)
	}
	for _, f := range line.GetFormerAreas() {
		addSentence(&b, f.GetWords())
	}
	for _, s := range line.GetUnknownAreas() {
		addSentence(&b, "Said of "+notation.AreaOf(s.GetPosition().GetArea()).String()+", an area that is not in the register: "+
			StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+").")
	}
	for _, s := range line.GetReportedEarlier() {
		addSentence(&b, "Reported earlier, not by itself: "+StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+").")
	}
	for _, s := range line.GetWaiting() {
		addSentence(&b, "Waiting: "+StanceNoun(s.GetPosition().GetStance())+" once "+startsWhen(s.GetPosition())+" ("+s.GetAdvisory()+").")
	}
	for _, s := range line.GetReportedSince() {
		addSentence(&b, "Reported since, not by itself: "+StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+").")
	}
	return strings.TrimPrefix(b.String(), " ")
}

// ScopeWords are a group in its letter's words, else its id.
func ScopeWords(s *v1.Scope) string { return or(tidy(s.GetWords()), s.GetId()) }

// ActionWords is what is to be done: "send the reply".
func ActionWords(act *v1.Action) string {
	return strings.TrimSpace(act.GetVerb() + " " + act.GetObject())
}

// ToOthers is what a committee says to others than those asked about, and to part of them, a
// sentence each: "To GP partners: refuse (essex/3)."; what the line says of a group already aside.
func ToOthers(line *answersv1.Line) (said []string) {
	for _, s := range slices.Concat(line.GetSaidToOthers(), line.GetSaidToPart()) {
		if !IsOfGroup(line, s) {
			said = append(said, notation.Capital(ToWhom(line, s))+": "+StanceNoun(s.GetPosition().GetStance())+" ("+s.GetAdvisory()+").")
		}
	}
	return said
}

// ToWhomWords is whom a statement is to, where that is not who asked: "GP partners, in Alpha ICB
// (icb:QXX), for patients already started".
func ToWhomWords(s *answersv1.Statement) string {
	return strings.Join(append([]string{AudiencesWords(s.GetPosition().GetAudiences())}, whereWords(s)...), ", ")
}

// ToWhom is whom a statement beside a line is to, by what differs from those the line is for: "to
// GP partners, in Alpha ICB (icb:QXX)", "in Alpha ICB (icb:QXX)".
func ToWhom(line *answersv1.Line, s *answersv1.Statement) string {
	where := whereWords(s)
	isFor := slices.ContainsFunc(s.GetPosition().GetAudiences(), func(a v1.Audience) bool { return Contains(a, line.GetAudience()) })
	if isFor && len(where) > 0 {
		return strings.Join(where, ", ")
	}
	return "to " + ToWhomWords(s)
}

// whereWords are whose practices a statement is to, in which area and for which group.
func whereWords(s *answersv1.Statement) (words []string) {
	if s.GetPredecessor() != "" {
		words = append(words, "by "+or(s.GetPredecessorName(), s.GetPredecessor())+" before it was merged")
	}
	if area := s.GetPosition().GetArea(); area != nil {
		words = append(words, "in "+AreaWords(area, s.GetAreaName()))
	}
	if scope := s.GetPosition().GetScope(); scope != nil {
		words = append(words, "for "+ScopeWords(scope))
	}
	return words
}

// IsOfGroup: a statement is the answer of one of a line's groups.
func IsOfGroup(line *answersv1.Line, s *answersv1.Statement) bool {
	return slices.ContainsFunc(line.GetGroups(), func(group *answersv1.Line) bool {
		return group.GetCurrent().GetAdvisory() == s.GetAdvisory() && group.GetScope().GetId() == s.GetPosition().GetScope().GetId()
	})
}

// spanWords is the days a warning is for.
func spanWords(w *answersv1.Warning) string {
	words := ""
	if w.GetFrom() != "" {
		words = " from " + DayWords(w.GetFrom())
	}
	if w.GetUntil() != "" {
		words += " until " + DayWords(w.GetUntil())
	}
	return words
}

// StatementWords is one statement in plain words, without the committee's name:
// "Advises you to refuse (25 October 2021), for now."
func StatementWords(s *answersv1.Statement) string {
	p := s.GetPosition()
	words, opinion := StanceWords(p.GetStance()), ""
	isReported := s.GetSource() != nil || p.GetProvenance() == v1.Provenance_PROVENANCE_REPORTED
	if isReported {
		words = reportedWords(p.GetStance())
	}
	switch {
	case p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
		words = "passes on " + relayed(s)
	case p.GetOpinion() == v1.Opinion_OPINION_UNSPECIFIED:
	case p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY && !isReported:
		words = OpinionWords(p.GetOpinion())
	default:
		opinion = "; as a policy, it " + OpinionWords(p.GetOpinion())
	}
	if p.GetProvisional() {
		words += ", for now"
	}
	words += opinion
	words = sentence(words + " (" + RangeWords(s.GetIssued()) + ")")
	if conditions := ConditionWords(p); conditions != "" {
		words += " " + conditions
	}
	return words
}

// WithdrawalWords is a withdrawal in plain words.
func WithdrawalWords(w *v1.Withdrawal) string {
	words := "Withdraws " + w.GetAdvisory() + " from " + DayWords(or(w.GetEffective(), w.GetIssued().GetLatest()))
	if reason := tidy(w.GetReason()); reason != "" {
		words += ": " + reason
	}
	if len(w.GetRestores()) > 0 {
		words += "; " + strings.Join(w.GetRestores(), ", ") + " stands again"
	}
	return words + "."
}
