package plain

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

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
	if !how.tight {
		p.Gap()
	}
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
	lines := "Lines of its own"
	if inForce := len(c.GetHeadline().GetNoLine().GetMeasures()); inForce > 0 && inForce < int(c.GetOwnMeasureLines()) { // which are counted above
		lines += ", in force or to come,"
	}
	head := fmt.Sprintf("%s for %s on %d of %s", lines, guidance.AudienceWords(v.GetAudience()), c.GetOwnMeasureLines(), measuresWords(int32(of)))
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
		if of := guidance.MeasureOf(v.GetMatter(), line.GetMeasure()).GetTitle(); how.tight && of != "" {
			title = cutWords(of, mostOfName) + " (" + line.GetMeasure() + ")"
		} else if how.dense && of != "" {
			title = notation.Clip(of, denseTitle) + " (" + line.GetMeasure() + ")"
		}
		words := ""
		if line.GetArea() != nil {
			words += "in " + areaOf(line) + ", "
		}
		if isToOthers(v, line) {
			words += "to " + guidance.AudienceWords(line.GetAudience()) + ", "
		}
		if how.tight && thinksWords(line.GetCurrent().GetPosition(), line.GetOpinion()) != "" {
			line, left = proto.CloneOf(line), append(left, "opinion")
			line.Opinion = guidancev1.Opinion_OPINION_UNSPECIFIED
		}
		words += saysWords(v.GetMatter(), line.GetMeasure(), line, !isToOthers(v, line))
		if entries := entriesOf(line); len(entries) > 0 && !oneLetter {
			words += " [" + strings.Join(entries, ", ") + "]"
		}
		rows := []string{words + besideWords(line, true)}
		for _, voice := range voices(line) {
			if voice.part != "" && guidance.IsAlike(voice.Line, line) {
				continue
			}
			of, unsaid := voice.rows(how)
			rows, left = append(rows, of...), append(left, unsaid...)
		}
		more := slices.DeleteFunc(contractWords(v, line, false), func(one string) bool {
			return slices.Contains(shared, one) || line.GetByWholeMatter() && slices.Contains(onWhole, one)
		})
		theirs := []string{line.GetCommitteeName(), guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName()}
		for _, claim := range claimsOn(v, line) {
			theirs = append(theirs, guidance.ClaimWords(claim))
		}
		for _, voice := range voices(line) {
			theirs = append(theirs, voice.group)
			for _, w := range voice.GetWarnings() {
				words := w.GetWords()
				if brief := guidance.WarningInBrief(w); how.tight && brief != "" {
					words = sentence(notation.Capital(brief))
				}
				if (isOfContract(w) || changesWhatStands(w) && !guidance.IsSaidByEnd(voice.Line, w)) && !slices.ContainsFunc(more, func(told string) bool { return strings.HasSuffix(told, words) }) {
					more = append(more, voice.of+words)
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
				if isSaid(keysOf(act, "")) || isSaid(here) { // it stands above
					if mark := "(text)"; how.tight && act.hasText() && act.isAhead(v) && !slices.Contains(more, mark) {
						more, texts = append(more, mark), true
					}
					continue
				}
				for _, key := range here {
					said[key] = true
				}
			}
			if how.tight {
				act.Action = proto.CloneOf(act.Action)
				act.Verb, act.Object = cutWords(guidance.ActionWords(act.Action), tellsShown), ""
				words = act.words("", v)
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
			date := dueOf(v, d, line)
			if how.tight && (date.whom.all || date.whom.some != nil) {
				continue // it stands by when
			}
			due := date.entry(v)
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
		answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, answersv1.WarningCode_WARNING_CODE_COMES_BACK, answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST:
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
