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

// otherwise are the measures on which a committee says something else than in its line on the
// whole matter, or on which there is a duty or a breach, now or later: a headline hides none.
func otherwise(v *answersv1.CombinedView, c *answersv1.CommitteeView) []string {
	var titles []string
	for _, line := range c.GetMeasures() {
		if isToOthers(v, line) {
			continue
		}
		differs := slices.ContainsFunc(append(slices.Clip(line.GetPartLines()), line), func(of *answersv1.Line) bool { return differsFrom(v, of, c.GetHeadline()) })
		if title := quotedMeasure(v.GetMatter(), line.GetMeasure()); differs && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

// isToOthers: a line on a measure is not for the readers of a view: the measure is addressed to
// others alone.
func isToOthers(v *answersv1.CombinedView, line *answersv1.Line) bool {
	return line.GetAudience() != guidancev1.Audience_AUDIENCE_UNSPECIFIED && !guidance.Contains(line.GetAudience(), v.GetAudience())
}

// differsFrom: a line on a measure takes another stance than the headline, or there is a duty or a
// breach in it, now or later.
func differsFrom(v *answersv1.CombinedView, line, headline *answersv1.Line) bool {
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED && !line.GetByWholeMatter() &&
		line.GetCurrent().GetPosition().GetStance() != headline.GetCurrent().GetPosition().GetStance() {
		return true
	}
	return obliges(v, line, answersv1.Obligation_OBLIGATION_MUST, answersv1.Obligation_OBLIGATION_WOULD_BREACH)
}

// ownCommittee writes everything a reader needs of their own committee: its line and why, what
// it and others say of the contract, what it asks by when and which text to send, the letter,
// whom to ring, and its line on each measure.
func (p *Page) ownCommittee(v *answersv1.CombinedView, c *answersv1.CommitteeView, how viewing) {
	line := c.GetHeadline()
	p.headline(v, c)
	if other := otherwise(v, c); len(other) > 0 && len(line.GetNoLine().GetMeasures()) == 0 { // which are named already
		on := "see below on " + strings.Join(other, ", ") + "."
		if len(other) > titlesListed {
			on = "see below on " + measuresWords(int32(len(other))) + "."
		}
		if line.GetState() == answersv1.LineState_LINE_STATE_STATED {
			on = "It is not the same on every measure: " + on
		}
		p.Hang("  ", notation.Capital(on))
	}
	said := voices(line)
	for _, part := range c.GetParts() {
		for _, of := range voices(part) {
			said = append(said, voice{of.Line, "In " + areaOf(part) + ": " + of.of})
		}
	}
	var whys, follows, letters []string
	for _, of := range said {
		if why := whyWords(of.Line, how.full); why != "" && (of.of == "" || why != whyWords(line, how.full)) {
			whys = append(whys, of.of+why)
		}
		for _, one := range consequenceWords(of.Line) {
			if of.of == "" || !slices.Contains(consequenceWords(line), one) {
				follows = append(follows, of.of+one)
			}
		}
		if st := of.GetCurrent(); st.GetAdvisory() != "" {
			words := fmt.Sprintf("%s, %s (read it: lmc advisory %s)", st.GetTitle(), guidance.RangeWords(st.GetIssued()), st.GetAdvisory())
			if !slices.Contains(letters, words) {
				letters = append(letters, words)
			}
		}
	}
	p.rows("  Why          ", whys)
	if line.GetCurrent() != nil || len(line.GetEffects()) > 0 || v.GetMeasure() != "" {
		p.rows("  By contract  ", contractWords(v, line, true))
	}
	var todo []string
	asks := asked(line)
	for _, act := range asks {
		words := act.words("your LMC", v)
		if slices.ContainsFunc(asks, func(o request) bool { return o.GetMeasure() != act.GetMeasure() && o.words("your LMC", v) == words }) && act.GetMeasure() != "" {
			words = "on " + quotedMeasure(v.GetMatter(), act.GetMeasure()) + ": " + words
		}
		todo = append(todo, words)
	}
	for _, part := range c.GetParts() {
		for _, act := range asked(part) {
			if words := act.words("your LMC", v); !slices.Contains(todo, words) {
				todo = append(todo, "in "+areaOf(part)+": "+words)
			}
		}
	}
	p.rows("  To do        ", todo)
	p.rows("  By when      ", byWhen(v, line, c.GetMeasures()...))
	p.rows("  It says      ", follows)
	p.rows("  Letter       ", letters)
	p.rows("  To send      ", toSend(line))
	if words := contactWords(c.GetContact()); words != "" {
		p.Hang("  Who to ring  ", words)
	}
	p.asides(line, how)
	var late []string // of the lines on measures, whose other warnings stand with them
	for _, on := range c.GetMeasures() {
		for _, w := range on.GetWarnings() {
			told := slices.Contains(late, w.GetWords()) || slices.ContainsFunc(line.GetWarnings(), func(o *answersv1.Warning) bool { return o.GetWords() == w.GetWords() })
			if w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE && !how.late && !told {
				late = append(late, w.GetWords())
			}
		}
	}
	p.rows("  Look twice   ", late)
	p.ownMeasures(v, c, how)
}

// ownMeasures writes every measure the own committee has said something on.
func (p *Page) ownMeasures(v *answersv1.CombinedView, c *answersv1.CommitteeView, how viewing) {
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
		on[line.GetMeasure()] = true
	}
	head := fmt.Sprintf("Lines of its own for %s on %d of %s", guidance.AudienceWords(v.GetAudience()), c.GetOwnMeasureLines(), measuresWords(int32(of)))
	if more := len(on) - int(c.GetOwnMeasureLines()); more > 0 {
		head += fmt.Sprintf(", and what else it has said on %d more", more)
	}
	oneLetter := how.dense && len(letters) == 1
	if oneLetter { // which is named once
		head += ", by " + letters[0]
	}
	var shared, above []string // what is said of the contract on each of them, and above
	if how.dense {
		above = contractWords(v, c.GetHeadline(), true)
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
	asks := map[string]bool{} // what letters ask on the whole of them, which is said once
	asking := func(act request) string { return act.letter() + " " + act.GetMeasure() + " " + act.words("", v) }
	for _, act := range asked(c.GetHeadline()) {
		asks[asking(act)] = true
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
		for _, said := range voices(line) {
			of, unsaid := said.rows(how)
			rows, left = append(rows, of...), append(left, unsaid...)
		}
		more := slices.DeleteFunc(contractWords(v, line, false), func(said string) bool {
			return slices.Contains(shared, said) || line.GetByWholeMatter() && slices.Contains(above, said)
		})
		for _, w := range line.GetWarnings() {
			if isOfContract(w) {
				more = append(more, w.GetWords())
			}
		}
		for _, act := range asked(line) {
			words := act.words("", v)
			if said := asking(act); how.dense || act.GetMeasure() == "" && act.GetScope() == "" {
				if asks[said] {
					continue // it stands above
				}
				asks[said] = true
			}
			if act.GetTemplate() != "" {
				words, texts = words+" (text)", true
			}
			more = append(more, sentence(words))
		}
		for _, d := range deadlinesOf(v, line) {
			more = append(more, sentence(guidance.DueWords(d.GetDue())+": "+d.GetTitle()))
		}
		if len(more) > 0 {
			rows = append(rows, shortMonths.Replace(strings.Join(more, " ")))
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
	if texts {
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

// denseTitle is how many characters of a measure's title a dense row has: its id follows.
const denseTitle = 50

// sharedOf are the words that every line has.
func sharedOf(lines []*answersv1.Line, words func(*answersv1.Line) []string) []string {
	return slices.DeleteFunc(words(lines[0]), func(said string) bool {
		return slices.ContainsFunc(lines[1:], func(line *answersv1.Line) bool { return !slices.Contains(words(line), said) })
	})
}

// voice is a line of a row of a measure: that for all the readers, a group's, or that for part of
// them, with for whom.
type voice struct {
	*answersv1.Line
	of string
}

func voices(line *answersv1.Line) []voice {
	all := []voice{{Line: line}}
	for _, group := range line.GetGroups() {
		all = append(all, voice{Line: group, of: "For " + cmp.Or(group.GetScope().GetWords(), group.GetScope().GetId()) + ": "})
	}
	for _, part := range line.GetPartLines() {
		all = append(all, voice{Line: part, of: "To " + partWords(part) + ": "})
	}
	return all
}

// rows are how long a line holds, on what conditions, why, and what follows; unsaid names what of
// it is left to a view in full.
func (of voice) rows(how viewing) (rows, unsaid []string) {
	position := of.GetCurrent().GetPosition()
	if until := position.GetValidUntil(); until != "" {
		rows = append(rows, sentence(of.of+"until "+guidance.DayWords(until)))
	}
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
		if basis := guidance.BasisWords(position.GetBasis()); basis != "" && position.GetBasis() != guidancev1.Basis_BASIS_NOT_STATED {
			rows = append(rows, of.of+"It rests on "+basis+".")
		}
	}
	return rows, unsaid
}

// consequenceWords are what a line's letter says follows.
func consequenceWords(line *answersv1.Line) (words []string) {
	for _, one := range line.GetCurrent().GetPosition().GetConsequences() {
		words = append(words, "For "+guidance.ConsequenceTopicWords(one.GetTopic())+": "+one.GetWords())
	}
	return words
}

// whyWords are the reasons of a line, in a sentence or in whole.
func whyWords(line *answersv1.Line, full bool) string {
	position := line.GetCurrent().GetPosition()
	why := OneLine(position.GetRationale())
	if !full {
		why = notation.Clip(why, 150)
	}
	if why == "" {
		var tags []string
		for _, r := range position.GetReasons() {
			tags = append(tags, guidance.ReasonWords(r))
		}
		why = strings.Join(tags, ", ")
	}
	return why
}

// contractWords is what each says of the contract, by name and dated: the committee, to its
// readers in general, to groups and to part of them, whoever proposes it, and others who claim
// something of it. Where all are asked about, whoever is silent is named.
func contractWords(v *answersv1.CombinedView, line *answersv1.Line, all bool) (words []string) {
	measure := guidance.MeasureOf(v.GetMatter(), line.GetMeasure())
	own := guidance.EffectsWords(line.GetEffects(), v.GetAsOf())
	if was := guidance.EffectsWords(line.GetEffects(), ""); own == "" && was != "" {
		own = "nothing of this day (but " + was + ")"
	}
	switch {
	case all: // it stands apart from the committee's name
		words = append(words, line.GetCommitteeName()+": "+cmp.Or(own, "does not say")+".")
	case own != "":
		words = append(words, "Says: "+own+".")
	}
	for _, group := range line.GetGroups() {
		if of := guidance.EffectsWords(group.GetEffects(), v.GetAsOf()); of != "" && of != own {
			words = append(words, "For "+guidance.ScopeWords(group.GetScope())+": "+of+".")
		}
	}
	for _, part := range line.GetPartLines() {
		if of := guidance.EffectsWords(part.GetEffects(), v.GetAsOf()); of != "" {
			words = append(words, "To "+partWords(part)+": "+of+".")
		}
	}
	for _, st := range slices.Concat(line.GetSaidToPart(), line.GetSaidToOthers()) {
		to := guidance.EffectsWords(st.GetPosition().GetContractEffects(), v.GetAsOf())
		if to != "" && !guidance.IsOfGroup(line, st) && !isOfPart(line, st) {
			words = append(words, notation.Capital(guidance.ToWhom(line, st))+": "+to+".")
		}
	}
	if by := guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName(); by != "" {
		switch claimed := guidance.EffectsWords(measure.GetClaimedEffects(), v.GetAsOf()); {
		case !all && own != "" && claimed == own:
			words[0] = "Says, as " + by + " claims: " + own + "."
		case claimed != "" || all:
			words = append(words, by+" claims: "+cmp.Or(claimed, "not recorded here")+".")
		}
	}
	for _, claim := range slices.Concat(measure.GetClaims(), line.GetCurrent().GetPosition().GetClaims()) {
		if said := guidance.ClaimWords(claim); !slices.Contains(words, said) {
			words = append(words, said)
		}
	}
	return words
}

// toSend says which texts to send the letters of a line come with, and how to get them.
func toSend(line *answersv1.Line) []string {
	var texts, letters []string
	for _, act := range asked(line) {
		if act.GetTemplate() == "" {
			continue
		}
		texts = append(texts, Joined(", to ", Joined(": ", act.of, "the text for “"+guidance.ActionWords(act.Action)+"”"), guidance.AudiencesWords(act.GetTemplateFor())))
		if letter := act.letter(); letter != "" && !slices.Contains(letters, letter) {
			letters = append(letters, letter)
		}
	}
	for _, letter := range letters {
		texts = append(texts, "lmc advisory "+letter+" numbers them, and with --template N -o FILE saves one")
	}
	return texts
}
