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
	mostOfName = 32 // how many characters of a name or a condition, at most
	mostOfLead = 60 // and of whom something is for, and from when
	asksShown  = 3  // how many of what is asked are named, at least
)

// inBrief is all that there is to say of a matter, each thing behind its lead.
type inBrief struct {
	line                        []label // the title, and what the practice's committees advise
	further, measures           label   // on what that holds, and why; what they say on measures
	contract, asked, when, rest []label // rest: what follows, and what the national committee says
}

func briefOf(v *answersv1.CombinedView, late bool) (of inBrief) {
	of.line, of.further = briefLine(v)
	of.measures = briefMeasures(v)
	of.contract = append(briefContract(v), label{"Look twice", "; ", briefTwice(v, late), ""})
	of.asked = briefAsked(v)
	of.when = []label{{"By when", "; ", briefDates(v), ""}, {"To send", "; ", briefTexts(v), ""}}
	of.rest = []label{{"It says", "; ", briefConsequences(v), ""}, {"", " ", briefNational(v), ""}}
	return of
}

// whose is a committee of the practice as a page calls it where room is short.
func whose(v *answersv1.CombinedView, c *answersv1.CommitteeView) string {
	if len(v.GetCommittees()) == 1 {
		return "your LMC"
	}
	return cutWords(c.GetHeadline().GetCommitteeName(), mostOfName)
}

// briefLine is the title, what the practice's committees advise, and on what that holds, and why.
func briefLine(v *answersv1.CombinedView) (labels []label, further label) {
	m := v.GetMatter()
	title := item{words: OneLine(m.GetTitle()), least: fewWords, end: "(" + guidance.MatterName(m.GetName()).Slug() + ")."}
	further.between, further.instead = " ", "…"
	var lines []*answersv1.Line
	for _, c := range v.GetCommittees() {
		lines = append(append(lines, c.GetHeadline()), c.GetParts()...)
	}
	allOn := len(lines) > 1 && !slices.ContainsFunc(lines, func(line *answersv1.Line) bool { return !guidance.OnConditions(line.GetCurrent().GetPosition()) })
	for i, line := range lines {
		says, rest := aloneAndRest(v, line, guidance.Wording{ContractApart: true, Others: i > 0, OnConditions: !allOn})
		one := item{whole: says}
		if i == 0 {
			one = title
			one.end = strings.TrimSuffix(one.end, ".") + ": " + says
		}
		labels = append(labels, label{items: []item{one}})
		further.items = append(further.items, item{words: rest, least: tellsShown})
	}
	if lines == nil {
		labels = []label{{items: []item{title}}}
	}
	if allOn {
		labels[len(lines)-1].items[0].whole += " All on conditions."
	}
	why := ofEach(v, func(c *answersv1.CommitteeView) []string {
		return saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(whyWords(of, true))} })
	})
	further.items = append(further.items, item{words: v.GetWords()}, item{whole: "Why:", words: why, least: tellsShown})
	further.items = slices.DeleteFunc(further.items, func(one item) bool { return one.words == "" })
	return labels, further
}

// briefMeasures are what the practice's committees say on measures, a sentence each of whom it is for, which is not
// cut, with its conditions; and behind all, why.
func briefMeasures(v *answersv1.CombinedView) label {
	of, on, told, reasons := label{between: " ", instead: "Of measures …"}, map[string]bool{}, map[item]bool{}, []item(nil)
	for _, c := range v.GetCommittees() {
		for _, said := range saidOnMeasures(v, c, true, false, true) {
			where, named := notation.Capital(onInBrief(v, said.measures)), false
			if len(v.GetCommittees()) > 1 {
				where = whose(v, c) + " " + notation.Small(where)
			}
			for i, one := range said.all {
				if i == 0 && said.isAbove {
					continue
				}
				says := func(where string) string {
					says := Joined(": ", Joined(", ", where, strings.TrimSuffix(said.where, ", "), cutWords(one.lead, mostOfLead)), one.says)
					if len(one.letters) > 0 {
						says += " [" + strings.Join(one.letters, ", ") + "]"
					}
					return shortDays(says, nil) + "."
				}
				words := item{whole: says(where), words: Joined(" ", sentence(strings.TrimLeft(one.once, ", ")), sentence(one.conditions()))}
				if told[words] {
					continue
				}
				told[words] = true
				if named { // by the item before
					words.whole = says("On " + itOrThem(said.measures))
				}
				named = true
				of.items = append(of.items, words)
			}
			for _, id := range said.measures {
				on[id] = true
				of.instead = "On " + measuresWords(int32(len(on))) + " …"
			}
			for _, one := range said.why {
				if words := (item{whole: where + ":", words: one}); !slices.Contains(reasons, words) {
					reasons = append(reasons, words)
				}
			}
		}
	}
	of.items = append(of.items, reasons...)
	return of
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

// aloneAndRest is a line's answer in a sentence that is not cut, and what qualifies it.
func aloneAndRest(v *answersv1.CombinedView, line *answersv1.Line, wording guidance.Wording) (alone, rest string) {
	wording.Letters, wording.Measures = true, titlesOf(v.GetMatter())
	full := placed(v.GetMatter(), v.GetMeasure(), line, wording)
	wording.Alone = true
	alone = placed(v.GetMatter(), v.GetMeasure(), line, wording)
	return shortDays(alone, nil), strings.TrimSpace(strings.TrimPrefix(full, alone))
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
	own, claimed, onMeasure := label{lead: "Contract", between: "; "}, label{lead: "Others claim", between: "; "}, label{between: "; "}
	add := func(to *label, words string) {
		if !slices.Contains(to.items, item{whole: words}) {
			to.items = append(to.items, item{whole: words})
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
			var words []string
			for _, one := range ownReadings(v, c, voices(line)) {
				if !told[one.words()] || !guidance.SharesProposer(v.GetMatter(), line.GetMeasure()) {
					words = append(words, one.words())
				}
			}
			for _, one := range claims(v, line) {
				if one.who += " claims"; !slices.Contains(words, one.words()) {
					words = append(words, one.words())
				}
			}
			if line.GetArea() != nil && words != nil {
				words[0] = "in " + areaOf(line) + ", " + words[0]
			}
			return strings.Join(words, ", ")
		})
		for _, one := range said {
			add(&onMeasure, onInBrief(v, on[one])+": "+one)
			onMeasure.instead = "Of measures …"
		}
	}
	if len(own.items) == 0 {
		own.items, onMeasure.items = onMeasure.items, nil // the first of them stands
	}
	return []label{own, claimed, onMeasure}
}

// briefTwice is what to look at twice, and what stands beside the lines on the whole matter.
func briefTwice(v *answersv1.CombinedView, late bool) (items []item) {
	for _, c := range v.GetCommittees() {
		said := voicesOf(c)
		aside := standingBeside(said)
		for _, line := range c.GetMeasures() {
			said = append(said, voices(line)...)
		}
		for _, of := range said {
			for _, w := range of.GetWarnings() {
				one := item{whole: guidance.WarningInBrief(w)}
				if one.whole == "" {
					one = item{words: w.GetWords()}
				}
				told := late && w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
				if !told && !slices.Contains(items, one) {
					items = append(items, one)
				}
			}
		}
		for _, one := range aside {
			items = append(items, item{whole: notation.Small(one.lead) + ":", words: one.words})
		}
	}
	return items
}

// briefAsked is what is asked, each on its condition, and each thing by itself; days stand with by when.
func briefAsked(v *answersv1.CombinedView) (labels []label) {
	for _, r := range askedRows(v, true) {
		lead, by := cutWords(r.lead, mostOfName), ""
		var items []item
		for i, words := range append([]string{r.words}, r.behind...) {
			of := ""
			for strength, said := range map[string]string{"your LMC asks": "", "your LMC insists": "", "each of your LMCs asks": "your LMCs ask", "each of your LMCs insists": "your LMCs insist"} {
				if short, is := strings.CutPrefix(notation.Small(words), strength+": "); is {
					of, words = cmp.Or(said, strength), short
				}
			}
			one := item{words: strings.TrimSuffix(words, "."), least: tellsShown}
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
		}
		if len(labels) < asksShown {
			labels = append(labels, label{lead: lead, between: "; ", items: items})
		} else {
			last := &labels[asksShown-1]
			items[0].whole = notation.Small(lead) + ":"
			last.items = append(last.items, items...)
		}
	}
	return labels
}

// briefDates are a practice's own days, soonest first, and dates of others, as theirs.
func briefDates(v *answersv1.CombinedView) (items []item) {
	for _, c := range v.GetCommittees() {
		for _, due := range dueRows(v, c) {
			day, words, _ := strings.Cut(due, ": ")
			if one := (item{whole: shortDays(day, nil) + ":", words: words}); !slices.Contains(items, one) {
				items = append(items, one)
			}
		}
	}
	if len(items) == 0 && len(v.GetCommittees()) > 0 {
		items = append(items, item{whole: "no date for practices"})
	}
	for _, d := range othersDates(v) {
		items = append(items, item{whole: d.whose + ", " + shortDays(guidance.DueWords(d.GetDue()), nil) + ":", words: d.GetTitle()})
	}
	return items
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
					said := item{whole: "for " + guidance.ConsequenceTopicWords(one.GetTopic()) + ":", words: OneLine(one.GetWords()), least: fewWords}
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

// briefNational is what the national committee says, which of it the practice's committees do not speak on,
// and how it reads the contract.
func briefNational(v *answersv1.CombinedView) (items []item) {
	c := v.GetNational()
	if c.GetHeadline() == nil {
		return nil
	}
	says, rest := aloneAndRest(v, c.GetHeadline(), guidance.Wording{Others: true, ContractApart: true})
	items = []item{{whole: says}}
	said, unsaid := nationalOn(v, false, false)
	for _, words := range unsaid {
		items = append(items, item{words: words})
	}
	if reads := guidance.EffectsInBrief(c.GetHeadline().GetEffects(), v.GetAsOf()); reads != "" {
		items = append(items, item{whole: "By its reading " + reads + "."})
	}
	for _, words := range append([]string{rest}, said...) {
		if words != "" {
			items = append(items, item{words: words})
		}
	}
	return items
}
