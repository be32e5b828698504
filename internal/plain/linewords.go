package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The sentences of a page. What a line says in full is the node's, or guidance's:
// here is only what a table or a heading needs shorter.

// lineWords is a line in full, of whoever is not the reader's own LMC, with the entries it
// comes from. A headline that had to fall back on a measure says which.
func lineWords(m *guidancev1.Matter, asked string, line *answersv1.Line) string {
	return placed(m, asked, line, guidance.Wording{Others: true, Letters: true, Measures: titlesOf(m)})
}

// worded is a line in a wording; in the node's own words where it is newer, and only it has
// words for the state or the stance.
func worded(line *answersv1.Line, w guidance.Wording) string {
	words := w.Line(line)
	_, known := guidancev1.Stance_name[int32(line.GetCurrent().GetPosition().GetStance())]
	if words == "" || !known {
		return cmp.Or(line.GetWords(), words) + " [" + strings.Join(entriesOf(line), ", ") + "]"
	}
	return words
}

// titlesOf names the measures of a matter by their titles.
func titlesOf(m *guidancev1.Matter) func(ids []string) string {
	return func(ids []string) string { return ": " + quotedMeasures(m, ids) }
}

// placed puts before a line's words the measure they are on, where that is not the one
// asked about.
func placed(m *guidancev1.Matter, asked string, line *answersv1.Line, w guidance.Wording) string {
	if line.GetMeasure() != asked {
		return "On " + quotedMeasure(m, line.GetMeasure()) + ": " + worded(line, w)
	}
	return worded(line, w)
}

// saysWords is a line in a few words, for a table that names the committee, the day and the
// entry beside it. Only a reader's own LMC speaks to them: own.
func saysWords(m *guidancev1.Matter, asked string, line *answersv1.Line, own bool) string {
	words := nounWords(line)
	if own {
		words = stateWords(line)
	}
	if no := line.GetNoLine(); len(no.GetMeasures()) > 0 {
		words = measuresWithLines(no)
		if len(no.GetMeasures()) <= titlesListed {
			words += ": " + quotedMeasures(m, no.GetMeasures())
		}
	}
	switch {
	case line.GetMeasure() != asked:
		words = "on " + quotedMeasure(m, line.GetMeasure()) + ": " + words
	case asked != "" && line.GetCurrent() != nil && line.GetCurrent().GetPosition().GetMeasure() == "":
		words += ", on the whole matter"
	}
	return words
}

// measuresWithLines counts the measures a committee without a line on the whole of a matter has
// lines on.
func measuresWithLines(no *answersv1.NoLine) string {
	return fmt.Sprintf("lines on %d of %s", len(no.GetMeasures()), measuresWords(no.GetOfMeasures()))
}

// besideWords are the lines for groups, and what stands beside a line and is not the line.
func besideWords(line *answersv1.Line, own bool) (words string) {
	for _, one := range besideOf(line, own) {
		words += "; " + one.words()
	}
	return words
}

// beside is a line of a group, or something else that stands beside a line: of whom it is, from when or why it does
// not hold, what it says, what it waits for, whether on the whole matter, and by which letters.
type beside struct {
	whom, when, says, once, onWhole string
	letters                         []string
	*answersv1.Statement
}

// lead is what stands before what it says.
func (b beside) lead() string { return notation.Joined(", ", b.whom, b.when) }

func (b beside) words() string {
	words := notation.Joined(": ", b.lead(), b.says+b.once+b.onWhole)
	if len(b.letters) > 0 {
		words += " [" + strings.Join(b.letters, ", ") + "]"
	}
	return words
}

// besideOf is what besideWords are, one by one.
func besideOf(line *answersv1.Line, own bool) (all []beside) {
	said := nounWords
	if own {
		said = stateWords
	}
	for _, group := range line.GetGroups() {
		all = append(all, beside{"for " + guidance.ScopeWords(group.GetScope()), "", said(group), "", "", entriesOf(group), group.GetCurrent()})
	}
	add := func(whom, when string, st *answersv1.Statement, once string) {
		all = append(all, beside{whom, when, guidance.SaidNoun(st), once, guidance.OnWhole(line, st), []string{st.GetAdvisory()}, st})
	}
	for _, st := range line.GetMentions() {
		whom, when := "", ""
		if guidance.ToOthersWords(line, st) != "" {
			whom, when = guidance.WhomAndWhen(line, st)
		}
		add(strings.TrimSpace("also "+whom), when, st, "")
	}
	for _, st := range guidance.WillAnswer(line) {
		add(guidance.AheadTo(line, st), "from "+guidance.DayWords(st.GetValidFrom()), st, guidance.OnceWords(st.GetPosition()))
	}
	for _, st := range line.GetWaiting() {
		once := ""
		if own {
			once = guidance.OnceWords(st.GetPosition())
		}
		add("", "waiting", st, once)
	}
	for _, st := range line.GetReportedSince() {
		add("", "since", st, "")
	}
	for _, st := range guidance.WouldAnswer(line.GetMayHaveBeenIssued()) {
		add("", "perhaps already", st, "")
	}
	for _, part := range line.GetPartLines() {
		if st := part.GetCurrent(); st == nil || !isByName(part, st) && !guidance.IsAlike(part, line) { // it lapsed, is contested, or the line does not reach them
			all = append(all, beside{"to " + partWords(part), "", said(part), "", "", entriesOf(part), st})
		}
	}
	for _, st := range guidance.SaidToOthers(line) {
		whom, when := guidance.WhomAndWhen(line, st)
		add(whom, when, st, "")
	}
	for _, st := range saidNowhere(line) {
		add("", st.of, st.Statement, guidance.OnceWords(st.GetPosition()))
	}
	return all
}

// saidOf is a statement with of whom it was.
type saidOf struct {
	of string
	*answersv1.Statement
}

// saidNowhere are the statements beside a line and those of its groups that hold nowhere as they were said.
func saidNowhere(line *answersv1.Line) (all []saidOf) {
	for _, of := range append([]*answersv1.Line{line}, line.GetGroups()...) {
		for _, f := range of.GetFormerAreas() {
			all = append(all, saidOf{guidance.NowhereWords(line, f.GetStatement(), "since merged"), f.GetStatement()})
		}
		for _, st := range of.GetUnknownAreas() {
			all = append(all, saidOf{guidance.NowhereWords(line, st, "not in the register"), st})
		}
	}
	return all
}

// nounWords is stateWords of somebody else's LMC: "refuse", and nothing that tells the reader to.
func nounWords(line *answersv1.Line) string {
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED {
		position := line.GetCurrent().GetPosition()
		return guidance.PositionNoun(position) + qualifiedWords(position, line.GetOpinion())
	}
	return stateWords(line)
}

func stateWords(line *answersv1.Line) string {
	position := line.GetCurrent().GetPosition()
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		return positionWords(position, line.GetOpinion())
	case answersv1.LineState_LINE_STATE_REPORTED:
		words := "reported" + strings.TrimPrefix(guidance.ReportedBy(line.GetCurrent()), ",") + ", not by itself: " + guidance.PositionNoun(position)
		if thinks := guidance.OpinionOf(line); thinks != guidance.OpinionWords(line.GetOpinion()) { // of its own letter
			return words + guidance.TermsWords(position) + "; it " + thinks
		}
		return words + qualifiedWords(position, line.GetOpinion())
	case answersv1.LineState_LINE_STATE_MENTIONED:
		if guidance.OpinionAlone(position) {
			return guidance.OpinionWords(position.GetOpinion()) + ", advises neither way"
		}
		return "passes on information, takes no line" + qualifiedWords(position, line.GetOpinion())
	case answersv1.LineState_LINE_STATE_RELAYED:
		return "passes on " + cmp.Or(line.GetCurrent().GetPassesOn(), "another") + "'s line"
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return "is asking its members"
	case answersv1.LineState_LINE_STATE_CONTESTED:
		by := ""
		if contestedReports(line) {
			var names []string
			for _, st := range line.GetContested() {
				if name := strings.TrimPrefix(guidance.ReportedBy(st), ", by "); name != "" && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
			by = ", as " + strings.TrimSuffix("reported by "+notation.List(names), " by ") + ", not by itself"
		}
		return "contested" + by + ": ask your LMC"
	}
	no := line.GetNoLine()
	switch {
	case no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_NOT_YET && len(line.GetNotYet()) == 0 && len(line.GetWaiting()) > 0:
		return "no line yet: it waits for a condition"
	case no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_REPLACED && guidance.ReplacedAhead(line):
		return "no line: replaced, by what is not in force yet"
	case no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
	case no.GetOtherReaders() && len(line.GetAlsoAsked()) > 0:
		return "no line for these readers, of whom it asks something"
	case len(line.GetGroups()) > 0, no.GetOtherGroups() && !no.GetOtherReaders() && !no.GetOtherAreas():
		return "no line in general"
	case !no.GetOtherAreas() || no.GetOtherReaders() || no.GetOtherGroups():
	case line.GetArea() != nil:
		return "no line there"
	case line.GetPractice() != "":
		return "no line for your area"
	default:
		return "no line for the rest of its area"
	}
	return noLineWords(no)
}

// contestedReports: what contests each other others report, and is not the committee's own.
func contestedReports(line *answersv1.Line) bool {
	return slices.ContainsFunc(line.GetContested(), guidance.IsReported)
}

func positionWords(p *guidancev1.Position, opinion guidancev1.Opinion) string {
	if guidance.OpinionAlone(p) {
		return guidance.PositionNoun(p) + qualifiedWords(p, opinion)
	}
	return guidance.StanceWords(p.GetStance()) + qualifiedWords(p, opinion)
}

// qualifiedWords are what keeps a stance from saying all: for now, a last day, conditions, and an opinion that
// goes with it.
func qualifiedWords(p *guidancev1.Position, opinion guidancev1.Opinion) string {
	return guidance.TermsWords(p) + thinksWords(p, opinion)
}

// thinksWords are an opinion that goes with a position, where that does not say it already.
func thinksWords(p *guidancev1.Position, opinion guidancev1.Opinion) string {
	if thinks := guidance.OpinionWords(opinion); thinks != "" && !(guidance.OpinionAlone(p) && opinion == p.GetOpinion()) {
		return " (" + thinks + ")"
	}
	return ""
}

func noLineWords(no *answersv1.NoLine) string {
	switch no.GetReason() {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return "no line: withdrawn"
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED:
		return "nothing of its own; denies what was reported"
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK:
		return "nothing of its own; what was reported is taken back"
	case answersv1.NoLineReason_NO_LINE_REASON_REMOVED:
		return "nothing here any more: removed by its office"
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		if len(no.GetLetters()) > 0 {
			return "no line: replaced, by what has ended itself"
		}
		return "no line: replaced, with nothing on this"
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		return "no line: valid until " + guidance.DayWords(notation.DayBefore(no.GetSince()))
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN:
		return "not known here"
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
		return "no line yet: it holds from a later day"
	case answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
		return "no line for these readers"
	case answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY:
		return "lines on measures only"
	case answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN:
		return "wrote on a day that is not known"
	case answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
		return "no line that holds: from " + guidance.DayWords(no.GetSince()) + " it would be a breach"
	case answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
		if no.GetSince() != "" {
			return "no line: what it had on other parts stands no more"
		}
		return "no line on this, but on other parts"
	}
	return "nothing published here"
}

// isSilent: a committee never spoke on something, as far as is known. No
// line at all is silence too: there is no national committee.
func isSilent(line *answersv1.Line) bool {
	if line == nil {
		return true
	}
	return line.GetNoLine().GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT &&
		len(line.GetMayHaveBeenIssued())+len(line.GetWaiting()) == 0
}

// spoken leaves out those that never spoke.
func spoken(lines []*answersv1.Line) []*answersv1.Line {
	return slices.DeleteFunc(slices.Clone(lines), isSilent)
}

// since is the day a line is of: issued, or ended.
func since(line *answersv1.Line) string {
	switch {
	case line.GetCurrent() != nil:
		return ShortRange(line.GetCurrent().GetIssued())
	case len(line.GetContested()) > 0:
		return ShortRange(line.GetContested()[0].GetIssued())
	}
	return shortDay(line.GetNoLine().GetSince())
}

// entriesOf names the entries a line comes from.
func entriesOf(line *answersv1.Line) []string {
	names := []string{line.GetCurrent().GetAdvisory(), line.GetNoLine().GetBy()}
	if line.GetNoLine().GetBy() == "" {
		names = append(names, line.GetNoLine().GetEnded())
	}
	for _, st := range line.GetContested() {
		names = append(names, st.GetAdvisory())
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

// Brief is a line in the fewest words, with the entries it comes from.
func Brief(line *answersv1.Line) string { return brief(line, nounWords) }

// brief is Brief in the words for a reader's own LMC, stateWords, or for others, nounWords.
func brief(line *answersv1.Line, said func(*answersv1.Line) string) string {
	if line == nil {
		return "was not listed"
	}
	words := said(line)
	if e := entriesOf(line); len(e) > 0 {
		words += " [" + strings.Join(e, ", ") + "]"
	}
	return words
}
