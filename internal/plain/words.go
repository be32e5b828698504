package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The sentences of a page. What a line says in full is the node's, or guidance's:
// here is only what a table or a heading needs shorter.

// lineWords is a line in full, of whoever is not the reader's own LMC, with the entries it
// comes from. A headline that had to fall back on a measure says which.
func lineWords(m *guidancev1.Matter, asked string, line *answersv1.Line) string {
	words := line.GetWords()
	if words == "" {
		words = guidance.LineWords(line)
	}
	return placed(m, asked, line, notToYou(line, words))
}

// notToYou is a line's words as somebody else's: only the reader's own LMC advises "you".
func notToYou(line *answersv1.Line, words string) string {
	stance := line.GetCurrent().GetPosition().GetStance()
	before, after, found := strings.Cut(words, line.GetCommitteeName()+" "+guidance.StanceWords(stance))
	if !found || line.GetState() != answersv1.LineState_LINE_STATE_STATED {
		return words
	}
	return before + line.GetCommitteeName() + ": " + guidance.StanceNoun(stance) + after
}

// answerWords is the own LMC's line without the contract, which stands under "By contract".
func answerWords(m *guidancev1.Matter, asked string, line *answersv1.Line) string {
	words := guidance.AnswerWords(line)
	if words == "" { // a newer node's state: only it has words for it
		words = line.GetWords()
	}
	return placed(m, asked, line, words)
}

// placed puts before a line's words the measure they are on, where that is not the one
// asked about, and after them the entries they come from.
func placed(m *guidancev1.Matter, asked string, line *answersv1.Line, words string) string {
	if ids := line.GetNoLine().GetMeasures(); len(ids) > 0 { // the rule names measures by their ids
		words = strings.Replace(words, ": "+strings.Join(ids, ", ")+".", ": "+quotedMeasures(m, ids)+".", 1)
	}
	if line.GetMeasure() != asked {
		words = "On " + quotedMeasure(m, line.GetMeasure()) + ": " + words
	}
	var missing []string
	for _, e := range entriesOf(line) {
		if !strings.Contains(words, e) {
			missing = append(missing, e)
		}
	}
	if len(missing) > 0 {
		words += " [" + strings.Join(missing, ", ") + "]"
	}
	return words
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
func besideWords(line *answersv1.Line, own bool) string {
	words, said := "", nounWords
	if own {
		said = stateWords
	}
	for _, group := range line.GetGroups() {
		words += "; for " + guidance.ScopeWords(group.GetScope()) + ": " + brief(group, said)
	}
	add := func(lead string, st *answersv1.Statement) {
		words += fmt.Sprintf("; %s: %s [%s]", lead, guidance.StanceNoun(st.GetPosition().GetStance()), st.GetAdvisory())
	}
	for _, st := range line.GetMentions() {
		add("also", st)
	}
	for _, st := range line.GetNotYet() {
		add("from "+guidance.DayWords(st.GetValidFrom()), st)
	}
	for _, st := range line.GetWaiting() {
		add("waiting", st)
	}
	for _, st := range line.GetReportedSince() {
		add("reported since", st)
	}
	for _, st := range wouldAnswer(line.GetMayHaveBeenIssued()) {
		add("perhaps already", st)
	}
	for _, st := range slices.Concat(line.GetSaidToPart(), line.GetSaidToOthers()) {
		if !guidance.IsOfGroup(line, st) {
			add(guidance.ToWhom(line, st), st)
		}
	}
	return words
}

// wouldAnswer leaves out, of what one letter may have said, what it says on the whole matter
// where it speaks on the measure itself: if it has been issued, that answers (domain.md 4.6).
func wouldAnswer(list []*answersv1.Statement) []*answersv1.Statement {
	return slices.DeleteFunc(slices.Clone(list), func(st *answersv1.Statement) bool {
		return st.GetPosition().GetMeasure() == "" && slices.ContainsFunc(list, func(other *answersv1.Statement) bool {
			return other.GetAdvisory() == st.GetAdvisory() && other.GetPosition().GetMeasure() != ""
		})
	})
}

// nounWords is stateWords of somebody else's LMC: "refuse", and nothing that tells the reader to.
func nounWords(line *answersv1.Line) string {
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED {
		position := line.GetCurrent().GetPosition()
		return guidance.StanceNoun(position.GetStance()) + qualifiedWords(position)
	}
	return stateWords(line)
}

func stateWords(line *answersv1.Line) string {
	position := line.GetCurrent().GetPosition()
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		return positionWords(position)
	case answersv1.LineState_LINE_STATE_REPORTED:
		return "reported, not by itself: " + guidance.StanceNoun(position.GetStance()) + qualifiedWords(position)
	case answersv1.LineState_LINE_STATE_MENTIONED:
		return "passes on information, takes no line" + qualifiedWords(position)
	case answersv1.LineState_LINE_STATE_RELAYED:
		return "passes on another's line"
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return "is asking its members"
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return "contested: ask your LMC"
	}
	no := line.GetNoLine()
	switch {
	case no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
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
	return noLineWords(no.GetReason())
}

func positionWords(p *guidancev1.Position) string {
	return guidance.StanceWords(p.GetStance()) + qualifiedWords(p)
}

// qualifiedWords are what keeps a stance from saying all: for now, conditions, opinion.
func qualifiedWords(p *guidancev1.Position) string {
	words := ""
	if p.GetProvisional() {
		words += ", for now"
	}
	if len(p.GetConditions()) > 0 && p.GetStance() != guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS {
		words += ", on conditions"
	}
	if opinion := guidance.OpinionWords(p.GetOpinion()); opinion != "" {
		words += " (" + opinion + ")"
	}
	return words
}

func noLineWords(r answersv1.NoLineReason) string {
	switch r {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return "no line: withdrawn"
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		return "no line: replaced by advice on other things"
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		return "no line: no longer valid"
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
		return "no line that holds: it would be a breach"
	case answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
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
	return shortMonths.Replace(guidance.DayWords(line.GetNoLine().GetSince()))
}

// shortMonths writes months as a column has room for.
var shortMonths = strings.NewReplacer("January", "Jan", "February", "Feb", "March", "Mar", "April", "Apr", "June", "Jun", "July", "Jul",
	"August", "Aug", "September", "Sep", "October", "Oct", "November", "Nov", "December", "Dec")

// ShortRange is a range of days for a column; "" for none.
func ShortRange(r *guidancev1.DayRange) string {
	if r == nil {
		return ""
	}
	return shortMonths.Replace(guidance.RangeWords(r))
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

// requestWords is what somebody asks, told so that nobody takes it for what a contract does;
// and of whom, but for those who read the page, of whose practices, in which area and
// of which group, where that is not plain from where it stands.
func requestWords(who string, act *guidancev1.Action, reader guidancev1.Audience, where ...string) string {
	words := guidance.ActionWords(act)
	if due := guidance.DueWords(act.GetDue()); due != "" {
		words += ", " + due
	}
	if act.GetCondition() != "" {
		words += ", " + act.GetCondition()
	}
	actors := guidance.AudiencesWords(act.GetActors())
	if slices.Equal(act.GetActors(), []guidancev1.Audience{reader}) {
		actors = ""
	}
	whose := Joined(", ", actors, Joined(", ", where...))
	if whose != "" {
		words += " (" + whose + ")"
	}
	if asks := guidance.StrengthWords(act.GetStrength()); asks != "" {
		return Joined(" ", who, asks+": "+words)
	}
	return "how strongly it is asked is not known here: " + words
}

// ofWhichPart are the area and the group that an action is asked of; groups are those that there
// are words for, the last of an id first.
func ofWhichPart(names *answersv1.Names, act *guidancev1.Action, groups []*guidancev1.Scope) (words []string) {
	if act.GetArea() != nil {
		words = append(words, "in "+areaName(names, act.GetArea()))
	}
	if id := act.GetScope(); id != "" {
		for _, group := range groups {
			if group.GetId() == act.GetScope() {
				id = cmp.Or(group.GetWords(), id)
			}
		}
		words = append(words, id)
	}
	return words
}

// groupsOf are the groups that positions are for.
func groupsOf(positions []*guidancev1.Position) (groups []*guidancev1.Scope) {
	for _, position := range positions {
		if position.GetScope() != nil {
			groups = append(groups, position.GetScope())
		}
	}
	return groups
}

func deadlineWords(d *guidancev1.Deadline) string {
	words := guidance.DueWords(d.GetDue()) + ": " + d.GetTitle()
	if who := guidance.AudiencesWords(d.GetAddressedTo()); who != "" {
		words += " (" + who + ")"
	}
	return words
}

func contactWords(c *guidancev1.Contact) string {
	return Joined(", ", c.GetName(), c.GetTelephone(), c.GetEmail(), c.GetUrl())
}

func referenceWords(r *guidancev1.Reference) string {
	return Joined(", ", r.GetTitle(), r.GetNumber(), r.GetPublisher(), guidance.DayWords(r.GetDay()), r.GetUrl())
}

// sentence makes a sentence of a phrase.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return notation.Capital(strings.TrimRight(s, ".")) + "."
}

// Joined joins what is not empty.
func Joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// areaOf is the area of a line.
func areaOf(line *answersv1.Line) string {
	return guidance.AreaWords(line.GetArea(), line.GetAreaName())
}

// quotedMeasure is a measure's title within a sentence.
func quotedMeasure(m *guidancev1.Matter, id string) string {
	if title := guidance.MeasureOf(m, id).GetTitle(); title != "" {
		return "“" + title + "”"
	}
	return measureTitle(m, id)
}

func quotedMeasures(m *guidancev1.Matter, ids []string) string {
	var titles []string
	for _, id := range ids {
		titles = append(titles, quotedMeasure(m, id))
	}
	return strings.Join(titles, ", ")
}

// measureTitle is a measure's title, with the id to ask for it by.
func measureTitle(m *guidancev1.Matter, id string) string {
	if id == "" {
		return "the whole matter"
	}
	if title := guidance.MeasureOf(m, id).GetTitle(); title != "" {
		return title + " (" + id + ")"
	}
	return id
}

// titled is the title of a matter or measure within a sentence, with the id to ask for it
// by; the id alone where the title is not known.
func titled(title, id string) string {
	if title == "" {
		return id
	}
	return "“" + title + "” (" + id + ")"
}

// groupWords is a group in its letter's words, with the id to ask for it by.
func groupWords(s *guidancev1.Scope) string { return s.GetWords() + " (" + s.GetId() + ")" }

// bodyWords is an organisation by name, with what else it is signed with.
func bodyWords(b *guidancev1.Body) string {
	about := Joined(", ", b.GetId(), register.BodyKindWords(b.GetKind()))
	if len(b.GetAliases()) > 0 {
		about = Joined("; ", about, "also "+notation.Names(b.GetAliases()))
	}
	if b.GetValidUntil() != "" {
		about = Joined("; ", about, "until "+guidance.DayWords(b.GetValidUntil()))
	}
	if len(b.GetSuccessors()) > 0 {
		about = Joined("; ", about, "then "+notation.Names(b.GetSuccessors()))
	}
	if about == "" {
		return b.GetName()
	}
	return Joined(" ", b.GetName(), "("+about+")")
}

// effectsWords are dated contract effects as they were signed, each with its days: "until
// 31 October 2021: guidance only; from 1 November 2021: contractual".
func effectsWords(effects []*guidancev1.DatedEffect) string {
	var runs []string
	for _, e := range effects {
		from, until := "", ""
		if e.GetValidFrom() != "" {
			from = "from " + guidance.DayWords(e.GetValidFrom())
		}
		if e.GetValidUntil() != "" {
			until = "until " + guidance.DayWords(e.GetValidUntil())
		}
		runs = append(runs, Joined(": ", Joined(" ", from, until), guidance.EffectNoun(e.GetEffect())))
	}
	return strings.Join(runs, "; ")
}

// claimWords is a claim with who claims it and where it can be read.
func claimWords(c *guidancev1.Claim) string {
	effect := ""
	if c.GetEffect() != guidancev1.ContractEffect_CONTRACT_EFFECT_UNSPECIFIED {
		effect = guidance.EffectNoun(c.GetEffect())
	}
	words := "by " + Joined(", ", bodyWords(c.GetClaimant()), guidance.DayWords(c.GetDay()))
	words += ": " + Joined(": ", effect, c.GetWords())
	if c.GetReference() != nil {
		words += "; see " + referenceWords(c.GetReference())
	}
	return words
}

// Instant is a moment as people write it, in UTC.
func Instant(t time.Time) string {
	t = t.UTC()
	return guidance.DayWords(t.Format(time.DateOnly)) + t.Format(", 15:04 UTC")
}

// Day is a day as people write it: "25 October 2021".
func Day(day string) string { return guidance.DayWords(day) }

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
