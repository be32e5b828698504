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

// What committees say, on a page in brief (practicebrief.go).

// saidNothing is what a line says of a committee that has said nothing on the matter, in the words of all pages.
const saidNothing = ": nothing published here on this."

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
		if name := c.GetHeadline().GetCommitteeName(); len(all) == 1 && all[0].whole == name+saidNothing {
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
			if national[i].yields = ofNational; national[i].weight != stands {
				national[i].weight = ofNational
			}
		}
		for _, own := range v.GetCommittees() {
			if words := unspokenOn(v, own, whose(v, own), func(ids []string) string { return onInBrief(v, ids) }); words != "" {
				national = append(national, item{whole: notation.Capital(words), weight: ofReasons})
			}
		}
		national = append(national, nationalReadings(v, c)...)
	}
	if len(national) == 1 && slices.Contains(silent, v.GetNational().GetHeadline().GetCommitteeName()) {
		national[0].weight = ofNational // which tells less than what a committee of the practice says
	}
	if len(silent) > 1 && len(silent) == len(said)+len(national) {
		said, national = []item{{whole: notation.List(silent) + saidNothing}}, nil
	}
	if allOn {
		last := len(said) - 1
		for said[last].weight != stands {
			last--
		}
		said[last].whole += " All on conditions."
	}
	said = append(said, item{words: v.GetWords(), weight: ofMeasures}, item{whole: "Why:", words: ofEach(v, func(c *answersv1.CommitteeView) []string {
		return saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(whyWords(of, viewing{full: true}))} })
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
	ends := func(one beside) (words string) { // which stands with what to look at twice, of the practice's own
		if !own {
			for _, w := range endingsOf(c, one) {
				words = notation.Joined(", ", words, shortDays(guidance.WarningInBrief(w), nil))
			}
		}
		return words
	}
	// tell adds one of several things that are said, on something, which place may call shorter; but of a duty, which is there
	// whatever is left out before it, it is named.
	tell := func(on, named, place string, weight int, one beside) {
		lead := notation.Joined(", ", cutWords(one.whom, mostOfLead), cutWords(one.when, mostOfLead)) // a day stands whatever whom it is for
		says := notation.Joined(": ", lead, one.says+one.onWhole)
		if len(one.letters) > 0 {
			says += " [" + strings.Join(one.letters, ", ") + "]"
		}
		says = notation.Joined("; ", says, ends(one))
		between := ": "
		if lead != "" {
			between = ", "
		}
		if own && weight != stands && one.GetPosition().GetStance() == guidancev1.Stance_STANCE_REQUIRED {
			weight, place = ofDuties, named
		}
		add(on+says, item{whole: notation.Capital(shortDays(notation.Joined(between, place, says), nil)) + ".", weight: weight})
		conditions := notation.Joined(" ", sentence(strings.TrimSpace(one.once)), sentence(one.conditions()))
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
		items = append(items, item{whole: notation.Joined(" ", shortDays(says, nil), sentence(ends(beside{Statement: line.GetCurrent()})))})
		conditions := guidance.ConditionWords(line.GetCurrent().GetPosition())
		add(line.GetCurrent().GetAdvisory()+conditions, item{words: conditions, weight: ofReasons})
		add(rest, item{words: strings.TrimSpace(strings.TrimPrefix(rest, conditions)), weight: ofReasons})
		for _, one := range all {
			tell("", "", "", ofMeasures, one)
		}
		above = append(above, all...)
		wording.Others = true
	}
	for _, said := range on {
		where := onInBrief(v, said.measures)
		named := notation.Joined(", ", who+where, strings.TrimSuffix(said.where, ", "))
		place := notation.Joined(", ", cmp.Or(first, who)+where, strings.TrimSuffix(said.where, ", "))
		for i, one := range said.all {
			switch {
			case i == 0 && said.isAbove:
			case slices.ContainsFunc(above, one.isSame): // told of the whole matter
				tell(where, named, place, ofRest, one)
			default:
				tell(where, named, place, weight, one)
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

// nationalReadings are how the national committee reads the contract, on the whole matter and, where that is another
// reading, on measures.
func nationalReadings(v *answersv1.CombinedView, c *answersv1.CommitteeView) (items []item) {
	reads := func(said []voice) string {
		return notation.Joined(", ", saidBy(said, func(of *answersv1.Line) []string {
			return []string{shortDays(guidance.EffectsInBrief(of.GetEffects(), v.GetAsOf()), nil)}
		})...)
	}
	whole := reads(voicesOf(c))
	if whole != "" {
		items = append(items, item{whole: "By its reading " + whole + ".", weight: ofReasons})
	}
	said, on := groupedOn(c.GetMeasures(), func(line *answersv1.Line) string {
		if one := reads(voices(line)); !isToOthers(v, line) && (one != whole || !guidance.SharesProposer(v.GetMatter(), line.GetMeasure())) {
			return one
		}
		return ""
	})
	for _, one := range said {
		items = append(items, item{whole: "By its reading, " + onInBrief(v, on[one]) + ": " + one + ".", weight: ofReasons})
	}
	return items
}

// endingsOf are the warnings that what a committee says ends on a day ahead.
func endingsOf(c *answersv1.CommitteeView, said beside) (all []*answersv1.Warning) {
	of := voicesOf(c)
	for _, line := range c.GetMeasures() {
		of = append(of, voices(line)...)
	}
	for _, one := range of {
		if said.Statement == nil || !said.isSame(beside{Statement: one.GetCurrent()}) {
			continue
		}
		for _, w := range one.GetWarnings() {
			told := func(o *answersv1.Warning) bool { return o.GetWords() == w.GetWords() }
			if w.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER && w.GetEntry() == said.GetAdvisory() && !slices.ContainsFunc(all, told) {
				all = append(all, w)
			}
		}
	}
	return all
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
