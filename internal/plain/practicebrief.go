package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A matter in few lines. Whatever room there is, each thing that a practice acts on has its place in it: words are
// cut short, marked, and what half a sentence would turn round, a reading of the contract or a day, is said
// shorter or counted.

const (
	mostOfName = 32 // how many characters of a name, at most
	mostOfLead = 60 // and of whom something is for, on what condition, and from when
	asksShown  = 3  // how many days, and how many of what else is asked, are named, at least
)

// What of a matter has room, the most weighty first. What stands is there whatever room there is.
const (
	stands     = iota
	ofMeasures // lines on measures and of groups, and what holds from a day ahead
	ofContract
	ofDays
	ofAsked
	ofOthers  // what others claim where no committee of the practice says anything, and dates of theirs
	ofReasons // and on what conditions
	ofNational
	ofRest
)

// inBrief is all that there is to say of a matter, each thing behind its lead.
type inBrief struct {
	line                        label   // the title, and what the practice's committees say
	contract, when, asked, rest []label // rest: what the national committee says, and what follows
}

// labelled is what stands behind a lead, the first of it whatever room there is.
func labelled(lead, between string, weight int, items []item) label {
	for i := range items {
		if items[i].weight = weight; i == 0 {
			items[i].weight = stands
		}
	}
	return label{lead, between, items}
}

func briefOf(v *answersv1.CombinedView, late bool) (of inBrief) {
	line, national := briefSaid(v)
	of.line = label{between: " ", items: line}
	of.contract = append(briefContract(v), label{"Look twice", "; ", briefTwice(v, late)})
	of.when = []label{{"By when", "; ", briefDates(v)}}
	of.asked = append(briefAsked(v), labelled("To send", "; ", ofAsked, briefTexts(v)))
	if len(of.asked) == 1 {
		of.when, of.asked = append(of.when, of.asked...), nil
	}
	of.rest = []label{{between: " ", items: national}, labelled("It says", "; ", ofRest, briefConsequences(v))}
	return of
}

// whose is a committee of the practice as a page calls it where room is short.
func whose(v *answersv1.CombinedView, c *answersv1.CommitteeView) string {
	if len(v.GetCommittees()) == 1 {
		return "your LMC"
	}
	return cutWords(c.GetHeadline().GetCommitteeName(), mostOfName)
}

// briefSaid is the title with what the practice's committees say, and what the national one says, which of it they do
// not speak on, and how it reads the contract. That nobody has said anything is one sentence.
func briefSaid(v *answersv1.CombinedView) (said, national []item) {
	var lines []*answersv1.Line
	for _, c := range v.GetCommittees() {
		lines = append(append(lines, c.GetHeadline()), c.GetParts()...)
	}
	allOn := len(lines) > 1 && !slices.ContainsFunc(lines, func(line *answersv1.Line) bool { return !guidance.OnConditions(line.GetCurrent().GetPosition()) })
	var silent []string
	var reasons []item
	add := func(to []item, c *answersv1.CommitteeView, own bool) []item {
		all, why := saidInBrief(v, c, own, guidance.Wording{Others: len(to) > 0 || !own, OnConditions: !own || !allOn})
		if name := c.GetHeadline().GetCommitteeName(); len(all) == 1 && all[0].whole == name+": nothing published here on this." {
			silent = append(silent, name)
		}
		if own {
			reasons = append(reasons, why...)
		}
		return append(to, all...)
	}
	for _, c := range v.GetCommittees() {
		said = add(said, c, true)
	}
	if c := v.GetNational(); c.GetHeadline() != nil {
		national = add(nil, c, false)
		for i := range national {
			if national[i].weight != stands {
				national[i].weight = ofNational
			}
		}
		for _, own := range v.GetCommittees() {
			if words := unspokenOn(v, own, whose(v, own), func(ids []string) string { return onInBrief(v, ids) }); words != "" {
				national = append(national, item{whole: notation.Capital(words), weight: ofReasons})
			}
		}
		if reads := guidance.EffectsInBrief(c.GetHeadline().GetEffects(), v.GetAsOf()); reads != "" {
			national = append(national, item{whole: "By its reading " + shortDays(reads, nil) + ".", weight: ofReasons})
		}
	}
	if len(silent) > 1 && len(silent) == len(said)+len(national) {
		said, national = []item{{whole: notation.List(silent) + ": nothing published here on this."}}, nil
	}
	if allOn {
		last := len(said) - 1
		for said[last].weight != stands {
			last--
		}
		said[last].whole += " All on conditions."
	}
	said = append(said, item{words: v.GetWords(), weight: ofMeasures}, item{whole: "Why:", words: ofEach(v, func(c *answersv1.CommitteeView) []string {
		return saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(whyWords(of, true))} })
	}), weight: ofReasons})
	said = slices.DeleteFunc(append(said, reasons...), func(one item) bool { return one.words == "" && (one.whole == "" || one.whole == "Why:") })
	title := item{words: OneLine(v.GetMatter().GetTitle()), end: "(" + guidance.MatterName(v.GetMatter().GetName()).Slug() + ")", few: true}
	if len(said) > 0 {
		title.end += ":"
	}
	return append([]item{title}, said...), national
}

// saidInBrief is what a committee says: its lines on the whole matter and on measures, a sentence each of whom it is
// for and from when, which is not cut, with on what conditions; and why on measures.
func saidInBrief(v *answersv1.CombinedView, c *answersv1.CommitteeView, own bool, wording guidance.Wording) (items, reasons []item) {
	told := map[string]bool{} // what is told, on what or by which letter
	add := func(key string, one item) {
		if one.whole+one.words != "" && !told[key] {
			items, told[key] = append(items, one), true
		}
	}
	// tell adds one of several things that are said, on something, which place may call shorter.
	tell := func(on, place string, weight int, one beside) {
		says := Joined(": ", cutWords(one.lead, mostOfLead), one.says+one.onWhole)
		if len(one.letters) > 0 {
			says += " [" + strings.Join(one.letters, ", ") + "]"
		}
		between := ": "
		if one.lead != "" {
			between = ", "
		}
		add(on+says, item{whole: notation.Capital(shortDays(Joined(between, place, says), nil)) + ".", weight: weight})
		conditions := Joined(" ", sentence(strings.TrimSpace(one.once)), sentence(one.conditions()))
		add(one.GetAdvisory()+conditions, item{words: conditions, weight: ofReasons})
	}
	who, first, weight, on, above := "", "", ofMeasures, saidOnMeasures(v, c, own, false, own), []beside(nil)
	if own && len(v.GetCommittees()) > 1 {
		who = whose(v, c) + " "
	}
	wording.ContractApart, wording.Letters, wording.Apart, wording.Measures = true, true, true, func([]string) string { return "" }
	for _, line := range append([]*answersv1.Line{c.GetHeadline()}, c.GetParts()...) {
		all := wholeLine(v.GetMatter(), v.GetMeasure(), line, own, own)[1:]
		if line.GetNoLine().GetReason() == answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY && len(c.GetParts())+len(all) == 0 && len(on) > 0 {
			first, weight = cmp.Or(who, line.GetCommitteeName()+", "), stands // so each measure is named once, with its line
			continue
		}
		wording.Alone = true
		says := placed(v.GetMatter(), v.GetMeasure(), line, wording)
		wording.Alone = false
		rest := strings.TrimSpace(strings.TrimPrefix(placed(v.GetMatter(), v.GetMeasure(), line, wording), says))
		items = append(items, item{whole: shortDays(says, nil)})
		conditions := guidance.ConditionWords(line.GetCurrent().GetPosition())
		add(line.GetCurrent().GetAdvisory()+conditions, item{words: conditions, weight: ofReasons})
		add(rest, item{words: strings.TrimSpace(strings.TrimPrefix(rest, conditions)), weight: ofReasons})
		for _, one := range all {
			tell("", "", ofMeasures, one)
		}
		above = append(above, all...)
		wording.Others = true
	}
	for _, said := range on {
		where := onInBrief(v, said.measures)
		place := Joined(", ", cmp.Or(first, who)+where, strings.TrimSuffix(said.where, ", "))
		for i, one := range said.all {
			switch {
			case i == 0 && said.isAbove:
			case slices.ContainsFunc(above, one.isSame): // told of the whole matter
				tell(where, place, ofRest, one)
			default:
				tell(where, place, weight, one)
				place, first, weight = "on "+itOrThem(said.measures), "", ofMeasures // it is named
			}
		}
		for _, one := range said.why {
			if words := (item{whole: notation.Capital(who+where) + ":", words: one, weight: ofReasons}); !slices.Contains(reasons, words) {
				reasons = append(reasons, words)
			}
		}
	}
	return items, reasons
}

// onInBrief is on which measure something is said, by its id too where another is shortened to the same words, or on
// how many.
func onInBrief(v *answersv1.CombinedView, measures []string) string {
	if len(measures) > 1 {
		return "on " + measuresWords(int32(len(measures)))
	}
	title := cutWords(guidance.MeasureOf(v.GetMatter(), measures[0]).GetTitle(), mostOfName)
	on := "on “" + title + "”"
	if slices.ContainsFunc(v.GetMatter().GetMeasures(), func(m *guidancev1.Measure) bool {
		return m.GetId() != measures[0] && cutWords(m.GetTitle(), mostOfName) == title
	}) {
		on += " (" + measures[0] + ")"
	}
	return on
}

// reading is what somebody says of the contract, in few words.
type reading struct{ what, who string }

func (r reading) words() string { return r.what + " (" + r.who + ")" }

// ownReadings are what a committee says of the contract, to all its readers and to some.
func ownReadings(v *answersv1.CombinedView, c *answersv1.CommitteeView, said []voice) (all []reading) {
	for _, words := range saidBy(said, func(of *answersv1.Line) []string {
		effects := guidance.EffectsInBrief(of.GetEffects(), v.GetAsOf())
		if effects != "" {
			effects = asReported(of) + shortDays(effects, nil)
		}
		return []string{effects}
	}) {
		all = append(all, reading{notation.Small(words), whose(v, c)})
	}
	return all
}

// claims are what others say of the contract: whoever proposes what a line is on, and those who claim something
// of it. A sentence of theirs is not cut, but named.
func claims(v *answersv1.CombinedView, line *answersv1.Line) (all []reading) {
	measure := guidance.MeasureOf(v.GetMatter(), line.GetMeasure())
	if effects := guidance.EffectsInBrief(measure.GetClaimedEffects(), v.GetAsOf()); effects != "" {
		all = append(all, reading{shortDays(effects, nil), guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName()})
	}
	for _, claim := range slices.Concat(measure.GetClaims(), line.GetCurrent().GetPosition().GetClaims()) {
		one := reading{"in words", claim.GetClaimant().GetName()}
		if claim.GetEffect() > guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_STATED {
			one.what = guidance.EffectNoun(claim.GetEffect())
		}
		all = append(all, one)
	}
	for i := range all {
		all[i].who = cutWords(all[i].who, mostOfName)
	}
	return all
}

// briefContract is what each says of the contract: of the whole matter, what others claim of that, and of measures
// what is not the same.
func briefContract(v *answersv1.CombinedView) []label {
	var own, claimed, warned, read, onMeasure []item
	add := func(to *[]item, words string) {
		if !slices.Contains(*to, item{whole: words}) {
			*to = append(*to, item{whole: words})
		}
	}
	whos, told := map[string][]string{}, map[string]bool{}
	for _, c := range v.GetCommittees() {
		said := ownReadings(v, c, voicesOf(c))
		if len(said) == 0 && c.GetHeadline().GetCurrent() != nil {
			said = []reading{{"not stated", whose(v, c)}}
		}
		for _, one := range said {
			told[one.words()] = true
			if !slices.Contains(whos[one.what], one.who) {
				whos[one.what] = append(whos[one.what], one.who)
			}
		}
		for _, one := range claims(v, c.GetHeadline()) {
			told[one.words()] = true
			add(&claimed, one.words())
		}
	}
	for _, c := range v.GetCommittees() {
		for _, one := range ownReadings(v, c, voicesOf(c)) {
			if one.who = notation.List(whos[one.what]); len(v.GetCommittees()) > 1 && len(whos[one.what]) == len(v.GetCommittees()) {
				one.who = "your LMCs"
			}
			add(&own, one.words())
		}
	}
	if names := whos["not stated"]; names != nil {
		add(&own, reading{"not stated", notation.List(names)}.words())
	}
	for _, c := range v.GetCommittees() {
		said, on := groupedOn(c.GetMeasures(), func(line *answersv1.Line) string {
			var all []reading
			for _, one := range ownReadings(v, c, voices(line)) {
				if !told[one.words()] || !guidance.SharesProposer(v.GetMatter(), line.GetMeasure()) {
					all = append(all, one)
				}
			}
			for _, one := range claims(v, line) {
				one.who += " claims"
				if i := slices.IndexFunc(all, func(own reading) bool { return own.what == one.what }); i >= 0 {
					all[i].who += ", as " + one.who
				} else if !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
			var words []string
			for _, one := range all {
				words = append(words, one.words())
			}
			if line.GetArea() != nil && words != nil {
				words[0] = "in " + areaOf(line) + ", " + words[0]
			}
			return Joined(": ", strings.Join(words, ", "), briefWarnings(v, c, line))
		})
		for _, one := range said {
			to := &onMeasure
			for _, line := range c.GetMeasures() {
				switch {
				case !slices.Contains(on[one], line.GetMeasure()):
				case briefWarnings(v, c, line) != "":
					to = &warned
				case to == &onMeasure && len(ownReadings(v, c, voices(line))) > 0:
					to = &read
				}
			}
			add(to, onInBrief(v, on[one])+": "+one)
		}
	}
	for i := range onMeasure {
		onMeasure[i].weight = ofOthers
	}
	read = append(warned, read...)
	for i := range read {
		read[i].weight = ofContract
	}
	contract := labelled("Contract", "; ", ofContract, own)
	if onMeasure = append(read, onMeasure...); len(own) == 0 && len(onMeasure) > 0 {
		contract.items, onMeasure[0].weight, onMeasure = onMeasure, stands, nil
	}
	return []label{contract, labelled("Others claim", "; ", ofContract, claimed), {"", "; ", onMeasure}}
}

// briefWarnings are what to do about a line on a measure that meets the contract the wrong way, where that is not
// told of the line on the whole matter.
func briefWarnings(v *answersv1.CombinedView, c *answersv1.CommitteeView, line *answersv1.Line) string {
	of := func(said []voice) (words []string) {
		for _, one := range said {
			for _, w := range one.GetWarnings() {
				if words = append(words, guidance.WarningInBrief(w)); !isOfContract(w) || slices.Contains(words[:len(words)-1], guidance.WarningInBrief(w)) {
					words = words[:len(words)-1]
				}
			}
		}
		return words
	}
	return Joined(", ", slices.DeleteFunc(of(voices(line)), func(words string) bool {
		return line.GetByWholeMatter() && slices.Contains(of(voicesOf(c)), words)
	})...)
}

// briefTwice is what to look at twice, most weighty first; what is of the contract on measures stands with that.
func briefTwice(v *answersv1.CombinedView, late bool) (items []item) {
	var all []*answersv1.Warning
	for _, c := range v.GetCommittees() {
		for _, of := range voicesOf(c) {
			all = append(all, of.GetWarnings()...)
		}
		for _, line := range c.GetMeasures() {
			for _, of := range voices(line) {
				all = append(all, slices.DeleteFunc(slices.Clone(of.GetWarnings()), isOfContract)...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *answersv1.Warning) int {
		return cmp.Compare(guidance.WarningRank(a), guidance.WarningRank(b))
	})
	for _, w := range all {
		one := item{whole: shortDays(guidance.WarningInBrief(w), nil)}
		if one.whole == "" {
			one = item{words: w.GetWords()}
		}
		if !isOfContract(w) {
			one.weight = ofContract
		}
		if guidance.IsOfLetter(w) {
			one.weight = ofRest
		}
		told := late && w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
		if !told && !slices.Contains(items, one) {
			items = append(items, one)
		}
	}
	return items
}

// briefAsked is what is asked by no day, each on its condition, and each thing by itself.
func briefAsked(v *answersv1.CombinedView) (labels []label) {
	for _, r := range askedRows(v, true) {
		lead, by := cutWords(r.lead, mostOfLead), ""
		var items []item
		for i, words := range append([]string{r.words}, r.behind...) {
			of := ""
			for strength, said := range map[string]string{"your LMC asks": "", "your LMC insists": "", "your LMC leaves open to you": "", "each of your LMCs asks": "your LMCs ask", "each of your LMCs insists": "your LMCs insist", "each of your LMCs leaves open to you": "your LMCs leave open to you"} {
				if short, is := strings.CutPrefix(notation.Small(words), strength+": "); is {
					of, words = cmp.Or(said, strength), short
				}
			}
			one := item{words: strings.TrimSuffix(words, ".")}
			switch {
			case i == 0:
				by = of
			case of != by && of != "":
				one.whole = of + ":"
			}
			items = append(items, one)
		}
		switch {
		case r.lead == "To do" && by != "":
			lead = notation.Capital(by)
		case len(labels) == 0 && by != "":
			lead = notation.Capital(by) + ", " + notation.Small(lead)
		case strings.Contains(by, "insist"):
			lead += " (a must)"
		case strings.Contains(by, "leave"):
			lead += " (if you like)"
		}
		if len(labels) < asksShown {
			labels = append(labels, labelled(lead, "; ", ofAsked, items))
		} else {
			last := labels[asksShown-1]
			items[0].whole = notation.Small(lead) + ":"
			labels[asksShown-1] = labelled(last.lead, last.between, ofAsked, append(last.items, items...))
		}
	}
	return labels
}

// briefDates are a practice's own days, soonest first, with how strongly something is asked, of whom and on what
// condition, and dates of others, as theirs.
func briefDates(v *answersv1.CombinedView) (items []item) {
	var all []entry
	for _, c := range v.GetCommittees() {
		topics := topicsOf(v, c)
		all = append(all, dueEntries(v, ofPractices(requestsOf(v, topics)), datesOf(v, topics))...)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return guidance.CompareDue(a.due, b.due) })
	for _, due := range all {
		marks := []string{strengthInBrief(due.strength)}
		for _, of := range slices.Concat(due.of, due.holds) {
			marks = append(marks, cutWords(shortDays(of, nil), mostOfLead))
		}
		one := item{whole: Joined(": ", shortDays(guidance.DueWords(due.due), nil), cutWords(due.lead, mostOfLead)) + ":", words: due.what}
		if due.on != nil {
			one.whole += " " + onInBrief(v, due.on) + ":"
		}
		if of := Joined(", ", marks...); of != "" {
			one.end = "(" + of + ")"
		}
		if len(items) >= asksShown {
			one.weight = ofDays
		}
		if !slices.ContainsFunc(items, func(o item) bool { o.weight = one.weight; return o == one }) {
			items = append(items, one)
		}
	}
	if len(items) == 0 && len(v.GetCommittees()) > 0 {
		items = append(items, item{whole: "no date for practices"})
	}
	for _, d := range othersDates(v) {
		one := item{whole: d.whose + ", " + shortDays(guidance.DueWords(d.GetDue()), nil) + ":", words: d.GetTitle()}
		if len(items) > 0 {
			one.weight = ofOthers
		}
		items = append(items, one)
	}
	return items
}

// strengthInBrief is how strongly something is asked, where it is not just asked.
func strengthInBrief(s guidancev1.ActionStrength) string {
	switch s {
	case guidancev1.ActionStrength_ACTION_STRENGTH_MUST:
		return "a must"
	case guidancev1.ActionStrength_ACTION_STRENGTH_MAY:
		return "if you like"
	case guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, guidancev1.ActionStrength_ACTION_STRENGTH_UNSPECIFIED:
		return ""
	}
	return "how strongly is not known here"
}

// briefTexts are the texts to send, by for whom and in which letters.
func briefTexts(v *answersv1.CombinedView) (items []item) {
	var whom []string
	letters := map[string][]string{}
	for _, c := range v.GetCommittees() {
		for _, act := range requestsOf(v, topicsOf(v, c)) {
			for _, one := range act.by {
				to := guidance.AudiencesWords(one.GetTemplateFor())
				if one.GetTemplate() == "" || slices.Contains(letters[to], one.letter()) {
					continue
				}
				if letters[to] == nil {
					whom = append(whom, to)
				}
				letters[to] = append(letters[to], one.letter())
			}
		}
	}
	for _, to := range whom {
		items = append(items, item{whole: Joined(", to ", "text in "+notation.List(letters[to]), to)})
	}
	if len(items) == 0 && len(v.GetCommittees()) > 0 {
		items = append(items, item{whole: "none issued"})
	}
	return items
}

// briefConsequences are what letters say follows. What they say follows for the contract is not cut in two.
func briefConsequences(v *answersv1.CombinedView) (items []item) {
	for _, c := range v.GetCommittees() {
		for _, topic := range topicsOf(v, c) {
			for _, of := range topic.voices {
				for _, one := range of.GetCurrent().GetPosition().GetConsequences() {
					said := item{whole: "for " + guidance.ConsequenceTopicWords(one.GetTopic()) + ":", words: OneLine(one.GetWords()), few: true}
					if one.GetTopic() == guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_CONTRACT {
						said = item{whole: "for the contract: read " + of.GetCurrent().GetAdvisory()}
					}
					if as := asReported(of.Line); as != "" {
						said.whole = as + said.whole
					}
					if !slices.Contains(items, said) {
						items = append(items, said)
					}
				}
			}
		}
	}
	return items
}
