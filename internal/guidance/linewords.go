package guidance

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// LineWords is a line in plain words: "North Essex LMC advises you to refuse (25
// October 2021). It says: not in the contract." It is what Line.words holds.
func LineWords(line *answersv1.Line) string { return Wording{}.Line(line) }

// Wording is how a page words a line, where not as LineWords does.
type Wording struct {
	Others        bool                      // for readers of other committees: nobody is told what to do
	Letters       bool                      // each line names its letter, not a group's alone
	ContractApart bool                      // what the contract says stands beside it, by EffectsWords
	Alone         bool                      // the answer itself; what qualifies it stands behind it
	Apart         bool                      // what is said to groups, ahead, and to others stands beside it
	OnConditions  bool                      // the answer itself says that it has conditions, which may not have room behind it
	Measures      func(ids []string) string // what a list of measures is called; nil: ": " and their ids
}

// Line is a line in these words; empty for a state that this software does not know.
func (w Wording) Line(line *answersv1.Line) string {
	if w.Alone {
		return w.main(line)
	}
	contract := ""
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED && !w.ContractApart {
		contract = contractWords(line)
	}
	return sentences(w.main(line), ConditionWords(line.GetCurrent().GetPosition()), opinionWords(line), contract, w.sides(line))
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

// main is the answer itself.
func (w Wording) main(line *answersv1.Line) string {
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		if waitsFor(line.GetCurrent().GetPosition()) != "" { // as its letter says it: no view states it
			return who(line) + " says " + waitingStance(line.GetCurrent().GetPosition()) + w.when(line) + "."
		}
		stance := line.GetCurrent().GetPosition().GetStance()
		if w.Others {
			return who(line) + ": " + StanceNoun(stance) + answersWords(line) + w.onConditions(line) + w.when(line) + "."
		}
		return who(line) + " " + StanceWords(stance) + answersWords(line) + w.onConditions(line) + w.when(line) + "."
	case answersv1.LineState_LINE_STATE_REPORTED:
		return who(line) + " " + reportedWords(line.GetCurrent().GetPosition().GetStance()) + w.onConditions(line) + w.reportedWhen(line) + "; this is not its own publication."
	case answersv1.LineState_LINE_STATE_MENTIONED:
		if p := line.GetCurrent().GetPosition(); OpinionAlone(p) {
			return who(line) + " " + OpinionWords(p.GetOpinion()) + w.when(line) + " and advises neither way."
		}
		return who(line) + " passes on information" + w.when(line) + " and takes no line."
	case answersv1.LineState_LINE_STATE_RELAYED:
		return who(line) + " passes on " + relayed(line.GetCurrent()) + w.when(line) + " and takes no line of its own."
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return who(line) + " is asking its members" + w.when(line) + " and takes no line yet."
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return contestedWords(line)
	case answersv1.LineState_LINE_STATE_NO_LINE:
		return w.noLine(line)
	}
	return ""
}

// answersWords mark the position that answers as holdsWords do, with the last day on which it does.
func answersWords(line *answersv1.Line) string {
	p := line.GetCurrent().GetPosition()
	if last := LastDay(line); p.GetValidUntil() != "" && p.GetValidUntil() != last {
		p = proto.CloneOf(p)
		p.ValidUntil = last
	}
	return holdsWords(p)
}

// LastDay is the last day of a line, by its own words or because another letter that is here ends it;
// empty: none is known.
func LastDay(line *answersv1.Line) string {
	last := line.GetCurrent().GetPosition().GetValidUntil()
	for _, w := range line.GetWarnings() {
		if w.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER {
			if day := notation.DayBefore(w.GetFrom()); last == "" || day < last {
				last = day
			}
		}
	}
	return last
}

// onConditions marks an answer whose conditions may not have room behind it.
func (w Wording) onConditions(line *answersv1.Line) string {
	if w.OnConditions && OnConditions(line.GetCurrent().GetPosition()) {
		return ", on conditions"
	}
	return ""
}

// opinionWords is what the committee thinks of what it advises on, where that is not said
// already.
func opinionWords(line *answersv1.Line) string {
	opinion := OpinionOf(line)
	if opinion == "" || line.GetState() == answersv1.LineState_LINE_STATE_MENTIONED && line.GetCurrent().GetPosition().GetOpinion() == line.GetOpinion() {
		return ""
	}
	switch {
	case opinion != OpinionWords(line.GetOpinion()):
		return "It " + opinion + "."
	case line.GetState() == answersv1.LineState_LINE_STATE_REPORTED:
		return "By the same report, it " + opinion + "."
	}
	return "As a policy, it " + opinion + "."
}

// OpinionOf is what a committee thinks of what answers for it, after its name; where that is only reported of it,
// and the opinion is in none of the report, that it says so itself, and in which letter.
func OpinionOf(line *answersv1.Line) string {
	words := OpinionWords(line.GetOpinion())
	if words == "" || line.GetState() != answersv1.LineState_LINE_STATE_REPORTED || line.GetCurrent().GetPosition().GetOpinion() == line.GetOpinion() {
		return words
	}
	words += " itself"
	own := func(s *answersv1.Statement) bool {
		return !IsReported(s) && s.GetPosition().GetProvenance() != v1.Provenance_PROVENANCE_RELAY && s.GetPosition().GetOpinion() == line.GetOpinion()
	}
	if i := slices.IndexFunc(line.GetMentions(), own); i >= 0 {
		words += " (" + line.GetMentions()[i].GetAdvisory() + ")"
	}
	return words
}

// when is the day it was said, and that it was said of the whole matter where a
// measure was asked about. A group's line stands among others' and names its letter.
func (w Wording) when(line *answersv1.Line) string {
	words := RangeWords(line.GetCurrent().GetIssued())
	if line.GetScope() != nil || w.Letters {
		words += ", " + line.GetCurrent().GetAdvisory()
	}
	return " (" + words + OnWhole(line, line.GetCurrent()) + ")"
}

func (w Wording) reportedWhen(line *answersv1.Line) string {
	from := sourceWords(line.GetCurrent().GetSource())
	if from == "" {
		return w.when(line)
	}
	words := " (" + RangeWords(line.GetCurrent().GetIssued()) + ", by " + from
	if w.Letters {
		words += ", " + line.GetCurrent().GetAdvisory()
	}
	return words + ")"
}

// OnWhole marks a statement that is on the whole matter where a measure is asked about.
func OnWhole(line *answersv1.Line, s *answersv1.Statement) string {
	if line.GetMeasure() != "" && s.GetPosition().GetMeasure() == "" {
		return ", on the whole matter"
	}
	return ""
}

// contestedWords names every side of a contest, and of reports who reports them.
func contestedWords(line *answersv1.Line) string {
	differ := "offices differ for the same day"
	var sides []string
	for _, s := range line.GetContested() {
		side := cmp.Or(s.GetOfficeName(), s.GetOffice()) + " records " + PositionNoun(s.GetPosition()) + TermsWords(s.GetPosition())
		if IsReported(s) {
			differ = "reports of it differ for the same day"
			side += ", reported" + strings.TrimPrefix(ReportedBy(s), ",")
		}
		sides = append(sides, side+" ("+s.GetAdvisory()+")")
	}
	return who(line) + ": " + differ + ": " + strings.Join(sides, ", ") + ". None of these is counted: ask your LMC."
}

// sides points at what else a reader must know: what is said to groups, what may have
// been issued, what waits, what has been reported since.
func (w Wording) sides(line *answersv1.Line) string {
	var b strings.Builder
	if w.Apart {
		reportedEarlier(&b, line)
		return strings.TrimPrefix(b.String(), " ")
	}
	for _, group := range line.GetGroups() {
		addSentence(&b, Wording{Others: w.Others}.Line(group))
	}
	if n := line.GetMoreGroups(); n > 0 {
		addSentence(&b, "And lines for "+strconv.Itoa(int(n))+" more groups: ask with --scope, or read its letters.")
	}
	if n := line.GetMoreStatements(); n > 0 {
		addSentence(&b, "And "+strconv.Itoa(int(n))+" more statements beside it: read its letters in lmc history.")
	}
	named := ""
	for _, s := range line.GetMayHaveBeenIssued() {
		if s.GetAdvisory() == named { // another position of the same advisory
			continue
		}
		named = s.GetAdvisory()
		addSentence(&b, "May already have been issued: "+s.GetAdvisory()+" ("+RangeWords(s.GetIssued())+").")
	}
	for _, said := range slices.Concat(ahead(line), ToOthers(line), SaidNowhere(line)) {
		addSentence(&b, said)
	}
	reportedEarlier(&b, line)
	for _, said := range waiting(line) {
		addSentence(&b, said)
	}
	for _, s := range line.GetReportedSince() {
		addSentence(&b, "Reported since, not by itself"+ReportedBy(s)+": "+PositionNoun(s.GetPosition())+TermsWords(s.GetPosition())+" ("+s.GetAdvisory()+").")
	}
	return strings.TrimPrefix(b.String(), " ")
}

func reportedEarlier(b *strings.Builder, line *answersv1.Line) {
	for _, s := range line.GetReportedEarlier() {
		addSentence(b, "Reported before its own last word"+ReportedBy(s)+": "+PositionNoun(s.GetPosition())+TermsWords(s.GetPosition())+" ("+s.GetAdvisory()+").")
	}
}

// Ahead are what will hold, with its day or with what it waits for, a sentence each.
func Ahead(line *answersv1.Line) []string { return append(ahead(line), waiting(line)...) }

func ahead(line *answersv1.Line) (said []string) {
	for _, s := range WillAnswer(line) {
		from := notation.Joined(", ", AheadTo(line, s), "from "+DayWords(s.GetValidFrom()))
		said = append(said, aside(line, s, notation.Capital(from)+": "+saidNoun(s)+OnceWords(s.GetPosition())))
	}
	return said
}

// AheadTo is whether what will hold does in general or for the group that was asked about, where what will hold beside it
// does the other.
func AheadTo(line *answersv1.Line, s *answersv1.Statement) string {
	group := s.GetPosition().GetScope()
	both := slices.ContainsFunc(WillAnswer(line), func(o *answersv1.Statement) bool { return (o.GetPosition().GetScope() == nil) != (group == nil) })
	switch {
	case group == nil && (len(line.GetGroups()) > 0 || both):
		return "in general"
	case both:
		return "for " + ScopeWords(group)
	}
	return ""
}

func waiting(line *answersv1.Line) (said []string) {
	for _, s := range line.GetWaiting() {
		said = append(said, aside(line, s, "Waiting: "+saidNoun(s)+" once "+startsWhen(s.GetPosition())))
	}
	return said
}

// SaidNowhere is what holds nowhere as it was said, for its area was merged since or is not in the register
// (domain.md 4.9), a sentence each.
func SaidNowhere(line *answersv1.Line) (said []string) {
	for _, f := range line.GetFormerAreas() {
		said = append(said, f.GetWords())
	}
	for _, s := range line.GetUnknownAreas() {
		of := "Said" + toSomeWords(line, s) + " of " + notation.AreaOf(s.GetPosition().GetArea()).String() + ", an area that is not in the register: "
		if s.GetPosition().GetArea() == nil {
			of = "Said by " + cmp.Or(s.GetPredecessorName(), s.GetPredecessor()) + toSomeWords(line, s) + " before it was merged, and for which practices is not in the register: "
		}
		said = append(said, aside(line, s, of+saidNoun(s)+OnceWords(s.GetPosition())))
	}
	return said
}
