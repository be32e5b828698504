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
		differs := line.GetState() == answersv1.LineState_LINE_STATE_STATED && !line.GetByWholeMatter() &&
			line.GetCurrent().GetPosition().GetStance() != c.GetHeadline().GetCurrent().GetPosition().GetStance()
		for _, o := range append(slices.Clone(line.GetObligations()), &answersv1.DatedObligation{Obligation: line.GetObligation()}) {
			switch o.GetObligation() {
			case answersv1.Obligation_OBLIGATION_MUST, answersv1.Obligation_OBLIGATION_WOULD_BREACH:
				differs = differs || isAhead(v, o)
			}
		}
		if title := quotedMeasure(v.GetMatter(), line.GetMeasure()); differs && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

// ownCommittee writes everything a reader needs of their own committee: its line and why, what
// it and others say of the contract, what it asks by when and which text to send, the letter,
// whom to ring, and its line on each measure.
func (p *Page) ownCommittee(v *answersv1.CombinedView, c *answersv1.CommitteeView, how viewing) {
	line := c.GetHeadline()
	p.headline(v, c)
	if other := otherwise(v, c); len(other) > 0 && line.GetState() == answersv1.LineState_LINE_STATE_STATED {
		on := strings.Join(other, ", ")
		if len(other) > titlesListed {
			on = measuresWords(int32(len(other)))
		}
		p.Hang("  ", "It is not the same on every measure: see below on "+on+".")
	}
	if why := whyWords(line, how.full); why != "" {
		p.Hang("  Why          ", why)
	}
	if line.GetCurrent() != nil || len(line.GetEffects()) > 0 || v.GetMeasure() != "" {
		p.rows("  By contract  ", contractWords(v, line, true))
	}
	var todo []string
	for _, act := range asked(line) {
		todo = append(todo, requestWords("your LMC", act, v.GetAudience()))
	}
	p.rows("  To do        ", todo)
	p.rows("  By when      ", byWhen(v, line))
	for _, consequence := range line.GetCurrent().GetPosition().GetConsequences() {
		p.Hang("  It says      ", "for "+guidance.ConsequenceTopicWords(consequence.GetTopic())+": "+consequence.GetWords())
	}
	if st := line.GetCurrent(); st.GetAdvisory() != "" {
		p.Hang("  Letter       ", fmt.Sprintf("%s, %s (read it: lmc advisory %s)", st.GetTitle(), guidance.RangeWords(st.GetIssued()), st.GetAdvisory()))
	}
	p.rows("  To send      ", toSend(line))
	if words := contactWords(c.GetContact()); words != "" {
		p.Hang("  Who to ring  ", words)
	}
	p.asides(line, how)
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
	head, oneLetter := fmt.Sprintf("Lines on %d of %s", c.GetOwnMeasureLines(), measuresWords(int32(of))), how.dense && len(letters) == 1
	if oneLetter { // which is named once
		head += ", by " + letters[0]
	}
	p.Para(2, head+":")
	left, texts := false, false
	whole := map[string]bool{} // what letters ask on the whole of them, which is said once
	for _, line := range c.GetMeasures() {
		words := measureTitle(v.GetMatter(), line.GetMeasure()) + ": "
		if line.GetArea() != nil {
			words += "in " + areaWords(line.GetArea()) + ", "
		}
		words += saysWords(v.GetMatter(), line.GetMeasure(), line, true)
		if entries := entriesOf(line); len(entries) > 0 && !oneLetter {
			words += " [" + strings.Join(entries, ", ") + "]"
		}
		rows := []string{words + besideWords(line, true)}
		for _, said := range append([]*answersv1.Line{line}, line.GetGroups()...) {
			position, of := said.GetCurrent().GetPosition(), ""
			if group := said.GetScope(); group != nil {
				of = "For " + guidance.ScopeWords(group) + ": "
			}
			if until := position.GetValidUntil(); until != "" {
				rows = append(rows, sentence(of+"until "+guidance.DayWords(until)))
			}
			conditions := guidance.ConditionWords(position)
			if !how.full {
				conditions = notation.Clip(conditions, 150)
			}
			if conditions != "" {
				rows = append(rows, of+conditions)
			}
		}
		if why := whyWords(line, how.full); how.why && why != "" {
			rows = append(rows, why)
		} else {
			left = left || why != ""
		}
		position := line.GetCurrent().GetPosition()
		if how.full {
			for _, consequence := range position.GetConsequences() {
				rows = append(rows, "For "+guidance.ConsequenceTopicWords(consequence.GetTopic())+": "+consequence.GetWords())
			}
			if basis := guidance.BasisWords(position.GetBasis()); basis != "" && position.GetBasis() != guidancev1.Basis_BASIS_NOT_STATED {
				rows = append(rows, "It rests on "+basis+".")
			}
		}
		more := contractWords(v, line, false)
		for _, w := range line.GetWarnings() {
			if isOfContract(w) {
				more = append(more, w.GetWords())
			}
		}
		for _, act := range asked(line) {
			if act.GetMeasure() == "" && act.GetScope() == "" {
				words := line.GetCurrent().GetAdvisory() + " " + requestWords("", act, v.GetAudience())
				if line.GetCurrent().GetAdvisory() == c.GetHeadline().GetCurrent().GetAdvisory() || whole[words] {
					continue // it stands above
				}
				whole[words] = true
			}
			words := sentence(strings.TrimPrefix(requestWords("your LMC", act, v.GetAudience()), "your LMC "))
			if act.GetTemplate() != "" {
				words, texts = strings.TrimSuffix(words, ".")+" (text).", true
			}
			more = append(more, words)
		}
		for _, d := range deadlinesOf(v, line) {
			more = append(more, sentence(guidance.DueWords(d.GetDue())+": "+d.GetTitle()))
		}
		if len(more) > 0 {
			rows = append(rows, shortMonths.Replace(strings.Join(more, " ")))
		}
		if how.dense && len(rows) > 1 {
			rows = []string{rows[0] + ". " + strings.Join(rows[1:], " ")}
		}
		p.Hang("  - ", rows[0])
		for _, row := range rows[1:] {
			p.Hang("    ", row)
		}
	}
	var more []string
	if texts {
		more = append(more, "(text): lmc advisory ENTRY --template N -o FILE.")
	}
	if left {
		more = append(more, "Why: --full.")
	}
	if len(more) > 0 {
		p.Para(2, strings.Join(more, " "))
	}
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
	for _, st := range slices.Concat(line.GetSaidToPart(), line.GetSaidToOthers()) {
		if to := guidance.EffectsWords(st.GetPosition().GetContractEffects(), v.GetAsOf()); to != "" && !guidance.IsOfGroup(line, st) {
			words = append(words, "To "+guidance.ToWhomWords(st)+": "+to+".")
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

// toSend says which texts to send the letter of a line comes with, and how to get them.
func toSend(line *answersv1.Line) []string {
	var texts []string
	for _, act := range asked(line) {
		if act.GetTemplate() != "" {
			texts = append(texts, Joined(", to ", "the text for “"+guidance.ActionWords(act)+"”", guidance.AudiencesWords(act.GetTemplateFor())))
		}
	}
	if len(texts) > 0 {
		texts = append(texts, "lmc advisory "+line.GetCurrent().GetAdvisory()+" numbers them, and with --template N -o FILE saves one")
	}
	return texts
}
