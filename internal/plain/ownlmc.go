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
// whole matter, to a group or part of the readers too, or on which there is a duty or a breach, now or later: a
// headline hides none. Those that it names are left out.
func otherwise(v *answersv1.CombinedView, c *answersv1.CommitteeView) []string {
	var titles []string
	named := c.GetHeadline().GetNoLine().GetMeasures() // where it has lines on measures only
	for _, line := range c.GetMeasures() {
		if isToOthers(v, line) || slices.Contains(named, line.GetMeasure()) {
			continue
		}
		all := append(slices.Concat(line.GetPartLines(), line.GetGroups()), line)
		differs := slices.ContainsFunc(all, func(of *answersv1.Line) bool { return differsFrom(v, of, c.GetHeadline()) })
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

// differsFrom: a line on a measure takes another stance than the headline, or none where that takes
// one, or there is a duty or a breach in it, now or later.
func differsFrom(v *answersv1.CombinedView, line, headline *answersv1.Line) bool {
	const stated = answersv1.LineState_LINE_STATE_STATED
	switch {
	case line.GetByWholeMatter():
	case line.GetState() != stated && headline.GetState() == stated:
		return true // whoever reads the headline would take it for one on this
	case line.GetState() == stated && line.GetCurrent().GetPosition().GetStance() != headline.GetCurrent().GetPosition().GetStance():
		return true
	}
	return obliges(v, line, answersv1.Obligation_OBLIGATION_MUST, answersv1.Obligation_OBLIGATION_WOULD_BREACH)
}

// ownCommittee writes everything a reader needs of their own committee: its line and why, what
// it and others say of the contract, what it asks by when and which text to send, the letter,
// whom to ring, and its line on each measure.
func (p *Page) ownCommittee(v *answersv1.CombinedView, c *answersv1.CommitteeView, how viewing) {
	line := c.GetHeadline()
	wording := guidance.Wording{ContractApart: true, Letters: true, Measures: titlesOf(v.GetMatter())}
	if how.tight || len(line.GetNoLine().GetMeasures()) > titlesListed { // each stands below
		wording.Measures = func([]string) string { return "" }
	}
	for _, of := range append([]*answersv1.Line{line}, c.GetParts()...) { // the parts' where they differ
		p.first(placed(v.GetMatter(), v.GetMeasure(), of, wording))
	}
	if other := otherwise(v, c); len(other) > 0 {
		on := "see below on " + strings.Join(other, ", ") + "."
		if how.tight && len(other) > 1 || len(other) > titlesListed {
			on = "see below on " + measuresWords(int32(len(other))) + "."
		}
		if line.GetState() == answersv1.LineState_LINE_STATE_STATED {
			on = "It is not the same on every measure: " + on
		}
		p.Hang("  ", notation.Capital(on))
	}
	said := voicesOf(c)
	var letters []string
	for _, of := range said {
		if st := of.GetCurrent(); st.GetAdvisory() != "" {
			title := st.GetTitle()
			if asReported(of.Line) != "" {
				title = "reported" + strings.TrimPrefix(guidance.ReportedBy(st), ",")
			}
			words := fmt.Sprintf("%s, %s (%s)", title, guidance.RangeWords(st.GetIssued()), notation.Joined(" ", p.typed("read it: lmc advisory"), st.GetAdvisory()))
			if how.tight { // its day stands above
				words = "lmc advisory " + st.GetAdvisory() + ": " + cutWords(title, mostOfName)
			}
			if !slices.Contains(letters, words) {
				letters = append(letters, words)
			}
		}
	}
	p.rows("  Why          ", saidBy(said, func(of *answersv1.Line) []string { return []string{whyWords(of, how)} }))
	p.rows("  Rests on     ", saidBy(said, func(of *answersv1.Line) []string { return []string{basisWords(of)} }))
	p.rows("  By contract  ", contractOf(v, c))
	topics := topicsOf(v, c)
	asks := requestsOf(v, topics)
	head := slices.DeleteFunc(slices.Clone(asks), func(act request) bool { return !act.isOn(0) })
	ahead := slices.DeleteFunc(ofReaders(v, withAgain(asks, requestsBy(v, topics, askedAgain))), func(act request) bool { return !act.isAhead(v) })
	todo := head
	if how.tight { // what has its place by when has no other, unless there is a text to send with it
		todo = slices.DeleteFunc(slices.Clone(head), func(act request) bool {
			return !act.hasText() && slices.ContainsFunc(ahead, func(o request) bool { return o.Action == act.Action })
		})
	}
	p.rows("  To do        ", toDo(v, "your LMC", todo, how))
	p.rows("  By when      ", byWhen(v, ahead, datesOf(v, topics), how))
	p.rows("  It says      ", saidBy(said, consequenceWords))
	p.rows("  Letter       ", letters)
	p.rows("  To send      ", toSend(v, head, p.unlaid, how.tight))
	if words := ContactWords(c.GetContact()); words != "" {
		p.Hang("  Who to ring  ", words)
	}
	p.asides(said, how)
	var late []string // of the lines on measures, whose other warnings stand with them
	for _, on := range c.GetMeasures() {
		for _, w := range on.GetWarnings() {
			words := w.GetWords()
			if how.tight {
				words = guidance.WarningInBrief(w) + "."
			}
			told := slices.Contains(late, words) || slices.ContainsFunc(said, func(of voice) bool {
				return slices.ContainsFunc(of.GetWarnings(), func(o *answersv1.Warning) bool { return o.GetWords() == w.GetWords() })
			})
			if w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE && !how.late && !told {
				late = append(late, words)
			}
		}
	}
	p.rows("  Look twice   ", late)
	above := head
	if how.tight {
		above = slices.Concat(head, slices.DeleteFunc(ahead, func(act request) bool { return act.isOn(0) }))
	}
	p.ownMeasures(v, c, above, how)
	if p.unlaid {
		p.texts(v, requestsOf(v, topicsOf(v, c)))
	}
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
		words = append(words, line.GetCommitteeName()+": "+asReported(line)+cmp.Or(own, "does not say")+".")
	case own != "" && asReported(line) != "":
		words = append(words, notation.Capital(asReported(line))+own+".")
	case own != "":
		words = append(words, "Says: "+own+".")
	}
	for _, group := range line.GetGroups() {
		if of := guidance.EffectsWords(group.GetEffects(), v.GetAsOf()); of != "" && of != own {
			words = append(words, "For "+guidance.ScopeWords(group.GetScope())+": "+asReported(group)+of+".")
		}
	}
	for _, part := range line.GetPartLines() {
		if guidance.IsAlike(part, line) {
			continue
		}
		said := "To " + partWords(part) + ": " + asReported(part) + guidance.EffectsWords(part.GetEffects(), v.GetAsOf()) + "."
		if guidance.EffectsWords(part.GetEffects(), v.GetAsOf()) != "" && !slices.Contains(words, said) {
			words = append(words, said)
		}
	}
	for _, one := range besideEffects(v, line) {
		if !one.ahead {
			one.whom = notation.Joined(", ", "also", one.whom)
		}
		words = append(words, notation.Capital(notation.Joined(": ", one.whom, one.lead+guidance.EffectsWords(one.effects, v.GetAsOf())))+".")
	}
	for _, st := range guidance.SaidToOthers(line) {
		to := guidance.EffectsWords(guidance.EffectsSaid(v.GetMatter(), line.GetMeasure(), st.GetPosition()), v.GetAsOf())
		if to != "" && !isOfPart(line, st) {
			words = append(words, notation.Capital(guidance.ToWhom(line, st))+": "+reportLead(st)+to+".")
		}
	}
	for _, st := range saidNowhere(line) {
		if of := guidance.EffectsWords(guidance.EffectsSaid(v.GetMatter(), line.GetMeasure(), st.GetPosition()), v.GetAsOf()); of != "" {
			words = append(words, notation.Capital(st.of)+": "+reportLead(st.Statement)+of+".")
		}
	}
	by, claimed := guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName(), guidance.EffectsWords(measure.GetClaimedEffects(), v.GetAsOf())
	proposer := proposerClaims(v, line)
	switch {
	case by == "" || all:
	case own != "" && claimed == own && asReported(line) == "":
		words[0], proposer = "Says, as "+by+" claims: "+own+".", nil
	case claimed == "" && (nationalReading(v, line) == "" || line.GetCommittee() == guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetId()):
		proposer = nil
	}
	for _, said := range slices.Concat(proposer, toldClaims(v, line)) {
		if !slices.Contains(words, said) {
			words = append(words, said)
		}
	}
	return words
}

// claimedWords are what others say of the contract: whoever proposes it, and those who claim something of it.
func claimedWords(v *answersv1.CombinedView, line *answersv1.Line) []string {
	return append(proposerClaims(v, line), toldClaims(v, line)...)
}

// proposerClaims is what whoever proposes what a line is on says of the contract, by the matter; who is silent there is named,
// unless a claim of theirs is told.
func proposerClaims(v *answersv1.CombinedView, line *answersv1.Line) []string {
	by := guidance.ProposerOf(v.GetMatter(), line.GetMeasure())
	claims, reads := guidance.EffectsWords(guidance.MeasureOf(v.GetMatter(), line.GetMeasure()).GetClaimedEffects(), v.GetAsOf()), nationalReading(v, line)
	switch {
	case by.GetName() == "":
		return nil
	case claims != "":
		return []string{by.GetName() + " claims: " + claims + "."}
	case reads != "":
		return []string{by.GetName() + " says: " + reads + "."}
	}
	told := claimsOn(v, line)
	for _, c := range v.GetCommittees() { // what another of a practice's LMCs tells stands on the same page
		if of := c.GetHeadline(); c.GetOwn() && of.GetMeasure() == line.GetMeasure() {
			told = append(told, claimsOn(v, of)...)
		}
	}
	if slices.ContainsFunc(told, func(claim *guidancev1.Claim) bool {
		who := claim.GetClaimant()
		return who.GetId() != "" && who.GetId() == by.GetId() || who.GetName() == by.GetName()
	}) {
		return nil
	}
	return []string{by.GetName() + " claims: not recorded here."}
}

// toldClaims are what the matter, and the letter of a line, tell that somebody claims of the contract.
func toldClaims(v *answersv1.CombinedView, line *answersv1.Line) (words []string) {
	for _, claim := range claimsOn(v, line) {
		if said := guidance.ClaimWords(claim); !slices.Contains(words, said) {
			words = append(words, said)
		}
	}
	return words
}

// claimsOn are the claims of what a line is on, by the matter and by its letter.
func claimsOn(v *answersv1.CombinedView, line *answersv1.Line) []*guidancev1.Claim {
	return slices.Concat(guidance.MeasureOf(v.GetMatter(), line.GetMeasure()).GetClaims(), line.GetCurrent().GetPosition().GetClaims())
}

// nationalReading is how the national committee reads the contract on a measure that it proposes itself; empty: it does
// not, or another proposes it.
func nationalReading(v *answersv1.CombinedView, line *answersv1.Line) string {
	of := v.GetNational()
	for _, own := range append([]*answersv1.Line{of.GetHeadline()}, of.GetMeasures()...) {
		if own.GetMeasure() == line.GetMeasure() && own.GetCommittee() == guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetId() {
			return guidance.EffectsWords(own.GetEffects(), v.GetAsOf())
		}
	}
	return ""
}

// contractOf is what each says of the contract: the committee of all its area, and of parts of it where
// that is not what it says of the rest, or of each part where there is no rest; then others. Empty:
// nothing is asked about.
func contractOf(v *answersv1.CombinedView, c *answersv1.CommitteeView) []string {
	line := c.GetHeadline()
	effects := func(of *answersv1.Line) string {
		words := guidance.EffectsWords(of.GetEffects(), v.GetAsOf())
		for _, one := range besideEffects(v, of) {
			if one.ahead {
				words = notation.Joined(", ", words, notation.Joined(": ", one.whom, one.lead+guidance.EffectsWords(one.effects, v.GetAsOf())))
			}
		}
		return words
	}
	says := func(of *answersv1.Line) []string {
		return []string{asReported(of) + cmp.Or(effects(of), "does not say") + "."}
	}
	inParts := slices.DeleteFunc(partVoices(c), func(of voice) bool { return !isDivided(c) && effects(of.Line) == effects(line) })
	switch {
	case line.GetCurrent() == nil && len(line.GetEffects())+len(inParts) == 0 && v.GetMeasure() == "":
		return nil
	case isDivided(c):
		said := saidBy(voicesOf(c), says)
		for i := range said {
			said[i] = line.GetCommitteeName() + ", " + notation.Small(said[i])
		}
		return append(said, claimedWords(v, line)...)
	}
	return append(contractWords(v, line, true), saidBy(inParts, says)...)
}

// toSend says which texts to send the letters that ask something come with, and how to get them, unless these
// stand below in whole; where each is marked with what is asked, just how to get them.
func toSend(v *answersv1.CombinedView, asks []request, below, marked bool) []string {
	var texts, letters []string
	for _, act := range asks {
		var with []string
		for _, one := range act.by {
			if one.GetTemplate() == "" || slices.Contains(with, one.letter()) {
				continue
			}
			with = append(with, one.letter())
			text := act.textWords(v, one)
			if !marked && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
			if letter := one.letter(); letter != "" && !below && !slices.Contains(letters, letter) {
				letters = append(letters, letter)
			}
		}
	}
	for _, letter := range letters {
		if marked {
			texts = append(texts, "(text): lmc advisory "+letter+" --template N -o FILE")
			continue
		}
		texts = append(texts, "lmc advisory "+letter+" numbers them, and with --template N -o FILE saves one")
	}
	return texts
}
