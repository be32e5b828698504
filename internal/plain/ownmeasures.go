package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ownMeasures writes every measure the own committee has said something on; above is what stands
// above of what it asks.
func (p *Page) ownMeasures(v *answersv1.CombinedView, c *answersv1.CommitteeView, above []request, how viewing) {
	if len(c.GetMeasures()) == 0 {
		return
	}
	p.Gap()
	of := len(v.GetMatter().GetMeasures())
	var letters []string
	for _, line := range c.GetMeasures() {
		for _, e := range entriesOf(line) {
			if !slices.Contains(letters, e) {
				letters = append(letters, e)
			}
		}
	}
	on := map[string]bool{}
	for _, line := range c.GetMeasures() {
		if !isSilent(line) {
			on[line.GetMeasure()] = true
		}
	}
	head := fmt.Sprintf("Lines of its own for %s on %d of %s", guidance.AudienceWords(v.GetAudience()), c.GetOwnMeasureLines(), measuresWords(int32(of)))
	if v.GetMeasure() != "" {
		head = "Said to others than " + guidance.AudienceWords(v.GetAudience())
	} else if more := len(on) - int(c.GetOwnMeasureLines()); more > 0 {
		said := "it has said"
		if slices.ContainsFunc(c.GetMeasures(), func(line *answersv1.Line) bool { return asReported(line) != "" || contestedReports(line) }) {
			said = "it has said, or is reported to have said,"
		}
		head += fmt.Sprintf(", and what else %s on %d more", said, more)
	}
	oneLetter := how.dense && len(letters) == 1 && !slices.ContainsFunc(c.GetMeasures(), func(line *answersv1.Line) bool { return line.GetCurrent() == nil })
	if oneLetter { // which is named once
		head += ", by " + letters[0]
	}
	var shared, onWhole []string // what is said of the contract on each of them, and above
	if how.dense {
		onWhole = contractWords(v, c.GetHeadline(), true)
	}
	if how.dense && len(c.GetMeasures()) > 1 {
		shared = sharedOf(c.GetMeasures(), func(line *answersv1.Line) []string { return contractWords(v, line, false) })
	}
	if len(shared) > 0 {
		head += ". Of each: " + strings.Join(shared, " ")
	}
	p.Para(2, strings.TrimSuffix(head, ".")+":")
	var left []string
	texts := false
	said := map[string]bool{} // what is asked, and in which part of the area, which is said once
	// keysOf are what said has of a request: what is asked on another measure, or with another letter's
	// text, is something else, be it in the same words.
	keysOf := func(act request, in string) (keys []string) {
		act.on = nil
		for _, one := range act.by {
			letter := ""
			if one.GetTemplate() != "" {
				letter = one.letter()
			}
			keys = append(keys, strings.Join([]string{act.words("", v) + in, act.GetMeasure(), letter}, "\n"))
		}
		return keys
	}
	isSaid := func(keys []string) bool {
		return !slices.ContainsFunc(keys, func(key string) bool { return !said[key] })
	}
	for _, act := range above {
		for _, key := range keysOf(act, "") {
			said[key] = true
		}
	}
	// ofPart: there is another line on the measure, for another part of the area.
	ofPart := func(line *answersv1.Line) bool {
		return slices.ContainsFunc(c.GetMeasures(), func(o *answersv1.Line) bool {
			return o.GetMeasure() == line.GetMeasure() && notation.AreaOf(o.GetArea()) != notation.AreaOf(line.GetArea())
		})
	}
	var bare []string               // what is said of a measure, and nothing besides
	titles := map[string][]string{} // of the measures it is said of
	for _, line := range c.GetMeasures() {
		title := measureTitle(v.GetMatter(), line.GetMeasure())
		if of := guidance.MeasureOf(v.GetMatter(), line.GetMeasure()).GetTitle(); how.dense && of != "" {
			title = notation.Clip(of, denseTitle) + " (" + line.GetMeasure() + ")"
		}
		words := ""
		if line.GetArea() != nil {
			words += "in " + areaOf(line) + ", "
		}
		if isToOthers(v, line) {
			words += "to " + guidance.AudienceWords(line.GetAudience()) + ", "
		}
		words += saysWords(v.GetMatter(), line.GetMeasure(), line, !isToOthers(v, line))
		if entries := entriesOf(line); len(entries) > 0 && !oneLetter {
			words += " [" + strings.Join(entries, ", ") + "]"
		}
		rows := []string{words + besideWords(line, true)}
		for _, voice := range voices(line) {
			of, unsaid := voice.rows(how)
			rows, left = append(rows, of...), append(left, unsaid...)
		}
		more := slices.DeleteFunc(contractWords(v, line, false), func(one string) bool {
			return slices.Contains(shared, one) || line.GetByWholeMatter() && slices.Contains(onWhole, one)
		})
		theirs := []string{line.GetCommitteeName(), guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName()}
		for _, claim := range slices.Concat(guidance.MeasureOf(v.GetMatter(), line.GetMeasure()).GetClaims(), line.GetCurrent().GetPosition().GetClaims()) {
			theirs = append(theirs, guidance.ClaimWords(claim))
		}
		for _, voice := range voices(line) {
			theirs = append(theirs, voice.group)
			for _, w := range voice.GetWarnings() {
				if (isOfContract(w) || changesWhatStands(w)) && !slices.ContainsFunc(more, func(told string) bool { return strings.HasSuffix(told, w.GetWords()) }) {
					more = append(more, voice.of+w.GetWords())
				}
			}
		}
		for _, act := range requestsOf(v, []topic{{line.GetMeasure(), voices(line)}}) {
			words := act.words("", v)
			if act.GetMeasure() == "" && slices.ContainsFunc(above, act.isAgain) {
				continue // of whom it is asked, what is asked on the whole matter tells
			}
			if how.dense || act.GetMeasure() == "" && act.GetScope() == "" {
				in := ""
				if ofPart(line) {
					in = " in " + areaOf(line)
				}
				here := keysOf(act, in)
				if isSaid(keysOf(act, "")) || isSaid(here) {
					continue // it stands above
				}
				for _, key := range here {
					said[key] = true
				}
			}
			theirs = append(theirs, guidance.ActionWords(act.Action), act.GetCondition(), act.GetDue().GetRule())
			if act.hasText() {
				words, texts = words+act.textMark(how), true
			}
			more = append(more, sentence(words))
		}
		dates := deadlinesOf(v, line)
		told := func(o *answersv1.Line) bool { return o.GetMeasure() == line.GetMeasure() && !isToOthers(v, o) }
		if isToOthers(v, line) && (v.GetMeasure() != "" || slices.ContainsFunc(c.GetMeasures(), told)) {
			dates = nil // they stand with what is said to the readers
		}
		for _, d := range dates {
			due := dueOf(v, d, line).entry(v)
			theirs = append(theirs, due.words(), due.due.GetRule())
			more = append(more, sentence(guidance.DueWords(due.due)+": "+due.words()))
		}
		if len(more) > 0 {
			rows = append(rows, shortDays(strings.Join(more, " "), theirs))
		}
		if len(rows) == 1 && line.GetState() == answersv1.LineState_LINE_STATE_NO_LINE && !how.full {
			if titles[rows[0]] == nil {
				bare = append(bare, rows[0])
			}
			titles[rows[0]] = append(titles[rows[0]], title)
			continue
		}
		rows[0] = title + ": " + rows[0]
		if how.dense && len(rows) > 1 {
			rows = []string{rows[0] + ". " + strings.Join(rows[1:], " ")}
		}
		p.Hang("  - ", rows[0])
		for _, row := range rows[1:] {
			p.Hang("    ", row)
		}
	}
	for _, words := range bare {
		p.Hang("  - ", strings.Join(titles[words], ", ")+": "+words)
	}
	var more []string
	if texts && !p.unlaid {
		more = append(more, "(text): lmc advisory ENTRY --template N -o FILE.")
	}
	if slices.Sort(left); len(left) > 0 {
		slices.Reverse(left)
		more = append(more, sentence(strings.Join(slices.Compact(left), ", ")+": --full"))
	}
	if len(more) > 0 {
		p.Para(2, strings.Join(more, " "))
	}
}

// changesWhatStands: a warning is that a day, or what a line rests on, is or will be another.
func changesWhatStands(w *answersv1.Warning) bool {
	switch w.GetCode() {
	case answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, answersv1.WarningCode_WARNING_CODE_ENDS_LATER,
		answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST:
		return true
	}
	return false
}

// denseTitle is how many characters of a measure's title a dense row has: its id follows.
const denseTitle = 50

// sharedOf are the words that every line has.
func sharedOf(lines []*answersv1.Line, words func(*answersv1.Line) []string) []string {
	return slices.DeleteFunc(words(lines[0]), func(said string) bool {
		return slices.ContainsFunc(lines[1:], func(line *answersv1.Line) bool { return !slices.Contains(words(line), said) })
	})
}

// voice is a line of a row of a measure: that for all the readers, a group's, or that for part of
// them, with for whom, as a page says it before the line and as it is told of what the line asks.
type voice struct {
	*answersv1.Line
	of string
	readers
	to []guidancev1.Audience // whom it is for, of those the readers are
}

func voices(line *answersv1.Line) []voice {
	all := []voice{{Line: line, to: []guidancev1.Audience{line.GetAudience()}}}
	for _, group := range line.GetGroups() {
		words := guidance.ScopeWords(group.GetScope())
		all = append(all, voice{group, "For " + words + ": ", readers{group: words}, []guidancev1.Audience{group.GetAudience()}})
	}
	for _, part := range line.GetPartLines() {
		to := guidance.ReadersOf(part)
		of := readers{part: guidance.AudiencesWords(to)}
		if part.GetScope() != nil {
			of.group = guidance.ScopeWords(part.GetScope())
		}
		lead := "To " + partWords(part) + ": "
		if part.GetArea() != nil && line.GetArea() == nil { // of the rest, which is told of its parts too
			of.area = areaOf(part)
			if !strings.Contains(lead, of.area) {
				lead = "In " + of.area + ": " + lead
			}
		}
		all = append(all, voice{part, lead, of, to})
	}
	return all
}

// isDivided: every part of a committee's area has a line of its own, and that at the head is one part's.
func isDivided(c *answersv1.CommitteeView) bool {
	return c.GetHeadline().GetArea() != nil && len(c.GetParts()) > 0
}

// voicesOf are those of a committee's line and of its lines for parts of its area.
func voicesOf(c *answersv1.CommitteeView) []voice {
	if isDivided(c) {
		return append(voicesIn(c.GetHeadline()), partVoices(c)...)
	}
	return append(voices(c.GetHeadline()), partVoices(c)...)
}

// partVoices are those of a committee's lines for parts of its area.
func partVoices(c *answersv1.CommitteeView) (all []voice) {
	for _, part := range c.GetParts() {
		all = append(all, voicesIn(part)...)
	}
	return all
}

// voicesIn are those of the line for a part of an area.
func voicesIn(part *answersv1.Line) []voice {
	all := voices(part)
	for i := range all {
		all[i].of, all[i].area = "In "+areaOf(part)+": "+all[i].of, areaOf(part)
	}
	return all
}

// saidBy is what each of several lines says to something, once, with for whom where that is not all.
func saidBy(said []voice, words func(*answersv1.Line) []string) (rows []string) {
	var all []string
	whose := map[string][]string{}
	for _, of := range said {
		for _, one := range words(of.Line) {
			if one != "" && whose[one] == nil {
				all = append(all, one)
			}
			whose[one] = append(whose[one], strings.TrimSuffix(of.of, ": "))
		}
	}
	for _, one := range all {
		if slices.Contains(whose[one], "") {
			rows = append(rows, one)
			continue
		}
		of := slices.Compact(whose[one])
		for i := range of[1:] {
			of[i+1] = notation.Small(of[i+1])
		}
		rows = append(rows, notation.List(of)+": "+one)
	}
	return rows
}

// rows are on what conditions a line holds, why, and what follows; unsaid names what of
// it is left to a view in full.
func (of voice) rows(how viewing) (rows, unsaid []string) {
	position := of.GetCurrent().GetPosition()
	conditions := guidance.ConditionWords(position)
	if !how.full {
		conditions = notation.Clip(conditions, 150)
	}
	if conditions != "" {
		rows = append(rows, of.of+conditions)
	}
	if why := whyWords(of.Line, how.full); why != "" {
		if how.why {
			rows = append(rows, of.of+why)
		} else {
			unsaid = append(unsaid, "why")
		}
	}
	follows := consequenceWords(of.Line)
	if !how.full && len(follows) > 0 {
		unsaid = append(unsaid, "what follows")
	}
	if how.full {
		for _, one := range follows {
			rows = append(rows, of.of+one)
		}
		if basis := basisWords(of.Line); basis != "" {
			rows = append(rows, of.of+"It rests on "+basis+".")
		}
	}
	return rows, unsaid
}

// basisWords are what a line rests on, where its letter states that.
func basisWords(line *answersv1.Line) string {
	basis := line.GetCurrent().GetPosition().GetBasis()
	if basis == guidancev1.Basis_BASIS_NOT_STATED {
		return ""
	}
	return guidance.BasisWords(basis)
}

// consequenceWords are what a line's letter says follows.
func consequenceWords(line *answersv1.Line) (words []string) {
	for _, one := range line.GetCurrent().GetPosition().GetConsequences() {
		words = append(words, notation.Capital(asReported(line)+"for "+guidance.ConsequenceTopicWords(one.GetTopic())+": "+one.GetWords()))
	}
	return words
}

// asReported leads what a line that others report says besides its stance: "as reported by The Gazette: ".
// Of one that ended, whose words on the contract go on, it names the entry.
func asReported(line *answersv1.Line) string {
	no := line.GetNoLine()
	switch {
	case line.GetState() == answersv1.LineState_LINE_STATE_REPORTED:
		return reportLead(line.GetCurrent())
	case no.GetReported() && len(line.GetEffects()) > 0:
		return "as reported (" + no.GetEnded() + "): "
	}
	return ""
}

// reportLead leads what a report says besides a stance; empty: it is a committee's own word.
func reportLead(st *answersv1.Statement) string {
	if !guidance.IsReported(st) {
		return ""
	}
	return "as reported" + strings.TrimPrefix(guidance.ReportedBy(st), ",") + ": "
}

// whyWords are the reasons of a line, in a sentence or in whole.
func whyWords(line *answersv1.Line, full bool) string {
	why := reasonWords(line.GetCurrent().GetPosition(), full)
	if as := asReported(line); as != "" && why != "" {
		return notation.Capital(as) + why
	}
	return why
}

// reasonWords are the reasons of a position, in its letter's words, else as it tags them.
func reasonWords(position *guidancev1.Position, full bool) string {
	why := OneLine(position.GetRationale())
	if !full {
		why = notation.Clip(why, 150)
	}
	if why != "" {
		return why
	}
	var tags []string
	for _, r := range position.GetReasons() {
		tags = append(tags, guidance.ReasonWords(r))
	}
	return strings.Join(tags, ", ")
}
