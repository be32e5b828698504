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

const (
	// briefLines is how many lines a view has that is not asked for in full.
	briefLines = 60
	// titlesListed is how many titles of measures a row has, else their number.
	titlesListed = 4
	// manyLMCs is how many other LMCs are listed one by one, else by what they say.
	manyLMCs = 12
)

// View writes a combined view for somebody with five minutes: the own LMC first, its line on
// the whole matter and on every measure it speaks on, then everybody else's, then what the
// answer rests on. Where that would take more than a screen or two, the reasons of measures
// are left out; full asks for everything. known says that less than everything was taken into
// account; usually empty.
func (p *Page) View(v *answersv1.CombinedView, known string, full bool) {
	if full {
		p.view(v, known, viewing{full: true, why: true})
		return
	}
	for _, how := range []viewing{{why: true}, {}, {dense: true}} {
		draft := New(p.width)
		draft.view(v, known, how)
		if text := draft.String(); how.dense || strings.Count(text, "\n") <= briefLines {
			p.b.WriteString(text)
			return
		}
	}
}

// viewing is how much of a view is written.
type viewing struct {
	full  bool // every LMC, every reason in whole
	why   bool // the reasons of lines on measures
	dense bool // a line on a measure is one paragraph
	late  bool // that letters were logged late is said already, of all of them
}

func (p *Page) view(v *answersv1.CombinedView, known string, how viewing) {
	p.matterHead(v.GetMatter())
	p.ceased(v.GetCeased())
	what := "The whole matter"
	if v.GetMeasure() != "" {
		what = measureTitle(v.GetMatter(), v.GetMeasure())
	}
	p.Para(0, Joined(", ", what, "as of "+guidance.DayWords(v.GetAsOf()), known, "for "+guidance.AudienceWords(v.GetAudience()))+".")
	if v.GetWords() != "" {
		p.Gap()
		p.Para(0, v.GetWords())
	}
	if words := allLate(v); words != "" {
		how.late = true
		p.Gap()
		p.Para(0, words)
	}
	var lmcs, bodies []*answersv1.CommitteeView
	contract, dispute := false, false
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			lmcs = append(lmcs, c)
			continue
		}
		p.Head("Your LMC: " + c.GetHeadline().GetCommitteeName())
		p.ownCommittee(v, c, how)
		for _, line := range append(slices.Clone(c.GetMeasures()), c.GetHeadline()) {
			contract = contract || contractWords(v, line, false) != nil
			dispute = dispute || isDisputed(v, line)
		}
	}
	if line := v.GetNational().GetHeadline(); line != nil {
		p.Head("National: " + line.GetCommitteeName())
		p.headline(v, v.GetNational())
		p.asides(line, how)
	}
	for _, c := range v.GetOtherBodies() {
		if !isSilent(c.GetHeadline()) {
			bodies = append(bodies, c)
		}
	}
	p.committees(v, "Other LMCs:", "LMC", lmcs, how)
	p.committees(v, "LMCs of other nations:", "LMC", v.GetOtherNations(), how)
	p.committees(v, "Other guidance, not from an LMC:", "BODY", bodies, how)
	p.otherDates(v)
	p.Footer(v.GetCompleteness(), v.GetNotices())
	p.Gap()
	if contract {
		p.Para(0, "Of contracts, GMS and PMS are meant; APMS practices check theirs.")
	}
	if dispute {
		p.Para(0, "A breach or a dispute may arise: ring your LMC before you reply.")
	}
	if isForPractices(v.GetAudience()) {
		p.decides()
	}
}

// otherDates writes what falls due of the matter and does not stand with the own LMC's lines:
// mostly dates of others, which are no practice's to meet.
func (p *Page) otherDates(v *answersv1.CombinedView) {
	above := map[string]bool{}
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			continue
		}
		for _, line := range append(slices.Clone(c.GetMeasures()), c.GetHeadline()) {
			for _, d := range deadlinesOf(v, line) {
				above[deadlineWords(d)] = true
			}
		}
	}
	head := "Dates of the matter:"
	if len(above) > 0 {
		head = "Other dates of the matter:"
	}
	for _, d := range v.GetDeadlines() {
		if words := deadlineWords(d); !above[words] {
			if head != "" {
				p.Head(head)
			}
			p.Hang("  ", words)
			head = ""
		}
	}
}

// isDisputed: a breach or a dispute may come of what a line is on.
func isDisputed(v *answersv1.CombinedView, line *answersv1.Line) bool {
	for _, o := range append(slices.Clone(line.GetObligations()), &answersv1.DatedObligation{Obligation: line.GetObligation()}) {
		if o.GetObligation() == answersv1.Obligation_OBLIGATION_WOULD_BREACH && isAhead(v, o) {
			return true
		}
	}
	if slices.ContainsFunc(line.GetWarnings(), isOfContract) {
		return true
	}
	measure := guidance.MeasureOf(v.GetMatter(), line.GetMeasure())
	return line.GetObligation() == answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC && len(line.GetEffects()) > 0 && len(measure.GetClaimedEffects()) > 0 ||
		len(measure.GetClaims())+len(line.GetCurrent().GetPosition().GetClaims()) > 0
}

// isOfContract: a warning is of a line that meets the contract the wrong way.
func isOfContract(w *answersv1.Warning) bool {
	switch w.GetCode() {
	case answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH:
		return true
	}
	return false
}

// isAhead: an obligation holds on the day of a view, or later.
func isAhead(v *answersv1.CombinedView, o *answersv1.DatedObligation) bool {
	return o.GetValidUntil() == "" || o.GetValidUntil() >= v.GetAsOf()
}

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
				of = "For " + cmp.Or(group.GetWords(), group.GetId()) + ": "
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
			words = append(words, "For "+cmp.Or(group.GetScope().GetWords(), group.GetScope().GetId())+": "+of+".")
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
			texts = append(texts, Joined(", to ", "the text for “"+strings.TrimSpace(act.GetVerb()+" "+act.GetObject())+"”", guidance.AudiencesWords(act.GetTemplateFor())))
		}
	}
	if len(texts) > 0 {
		texts = append(texts, "lmc advisory "+line.GetCurrent().GetAdvisory()+" numbers them, and with --template N -o FILE saves one")
	}
	return texts
}

// rows writes each of several behind one lead.
func (p *Page) rows(lead string, all []string) {
	for _, s := range all {
		p.Hang(lead, s)
		lead = strings.Repeat(" ", len(lead))
	}
}

// headline writes a committee's line in a sentence, and lines of its parts where they differ.
func (p *Page) headline(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
	words := lineWords
	if c.GetOwn() {
		words = answerWords
	}
	said := words(v.GetMatter(), v.GetMeasure(), c.GetHeadline())
	if ids := c.GetHeadline().GetNoLine().GetMeasures(); c.GetOwn() && len(ids) > titlesListed { // each stands below
		clause := fmt.Sprintf("; it has lines on %d of its %d measures: %s.", len(ids), c.GetHeadline().GetNoLine().GetOfMeasures(), quotedMeasures(v.GetMatter(), ids))
		said = strings.Replace(said, clause, ".", 1)
	}
	p.Hang("  ", said)
	for _, part := range c.GetParts() {
		p.Hang("  in "+areaWords(part.GetArea())+": ", words(v.GetMatter(), v.GetMeasure(), part))
	}
	if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" && !c.GetOwn() {
		p.Hang("  ", "It has lines of its own on "+measuresWords(n)+": see one with --measure ID.")
	}
}

// asides writes what to look at twice, and what stands beside a line and is not the
// line.
func (p *Page) asides(line *answersv1.Line, how viewing) {
	for _, w := range line.GetWarnings() {
		if how.late && w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE {
			continue
		}
		p.Hang("  Look twice   ", w.GetWords())
	}
	for _, group := range []struct {
		lead  string
		items []*answersv1.Statement
	}{
		{"  Also         ", line.GetMentions()},
		{"  Waiting      ", line.GetWaiting()},
		{"  Reported     ", line.GetReportedSince()},
		{"  Perhaps      ", wouldAnswer(line.GetMayHaveBeenIssued())},
	} {
		for _, st := range group.items {
			words := positionWords(st.GetPosition())
			if st.GetPosition().GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED {
				words = guidance.StanceNoun(st.GetPosition().GetStance()) + qualifiedWords(st.GetPosition())
			}
			if by := st.GetSource().GetPublisher(); by != "" {
				words += ", says " + by
			}
			p.Hang(group.lead, fmt.Sprintf("%s, %s [%s]", words, guidance.RangeWords(st.GetIssued()), st.GetAdvisory()))
		}
	}
}

// committees is one table: who, what they say, since when, and the advisory; for the whole
// matter also on how many measures they have a line of their own. Those that published nothing
// stand in a line; of many, those that say the same do.
func (p *Page) committees(v *answersv1.CombinedView, title, who string, cs []*answersv1.CommitteeView, how viewing) {
	t := NewTable(who, "SAYS", "SINCE", "ADVISORY", "MEASURES")
	add := func(who string, line *answersv1.Line, own string) {
		t.Add(who, saysWords(v.GetMatter(), v.GetMeasure(), line, false)+besideWords(line, false), since(line), strings.Join(entriesOf(line), " "), own)
	}
	counted := false
	var silent []string
	alike := NewTable("SAYS", "HOW MANY", "WHO")
	byWords := map[string][]string{}
	var order []string
	for _, c := range cs {
		name := c.GetHeadline().GetCommitteeName()
		if isSilent(c.GetHeadline()) && len(c.GetParts()) == 0 && c.GetOwnMeasureLines() == 0 {
			silent = append(silent, name)
			continue
		}
		words := saysWords(v.GetMatter(), v.GetMeasure(), c.GetHeadline(), false) + besideWords(c.GetHeadline(), false)
		if _, again := byWords[words]; !again {
			order = append(order, words)
		}
		byWords[words] = append(byWords[words], name)
		own := ""
		if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" {
			own, counted = measuresWords(n), true
		}
		add(name, c.GetHeadline(), own)
		for _, part := range c.GetParts() {
			add("- in "+areaWords(part.GetArea()), part, "")
		}
	}
	if len(t.rows)+len(silent) == 0 {
		return
	}
	p.Head(title)
	if len(t.rows) > manyLMCs && !how.full {
		for _, words := range order {
			alike.Add(words, notation.Thousands(int64(len(byWords[words]))), notation.Clip(notation.Names(byWords[words]), 120))
		}
		p.Table(2, alike)
		p.Para(2, "Each by itself: --full.")
	} else {
		if !counted {
			t.head = t.head[:4]
		}
		p.Table(2, t)
	}
	if len(silent) > 0 {
		names := notation.Names(silent)
		if !how.full {
			names = notation.Clip(names, 200)
		}
		p.Para(2, fmt.Sprintf("Nothing published here by %d: %s.", len(silent), strings.TrimSuffix(names, ".")))
	}
	if counted && len(t.rows) <= manyLMCs && !how.dense {
		p.Para(2, "MEASURES: on how many it has a line of its own; --measure ID shows one.")
	}
}

// measuresWords counts measures.
func measuresWords(n int32) string {
	if n == 1 {
		return "1 measure"
	}
	return fmt.Sprintf("%d measures", n)
}
