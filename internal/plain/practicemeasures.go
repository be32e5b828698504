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

// What a committee says on the measures of a matter: its line on each, the lines of groups and of part of the
// readers, and what is ahead, waits or is mentioned beside it. A line on the whole matter hides none of these.

// saidOn is what a committee says on measures, the same on each. The first of it is its line.
type saidOn struct {
	measures []string
	where    string // in which area, and to whom, where that is not the readers: "in Mid Essex, "
	all      []beside
	isAbove  bool     // its line is that on the whole matter, and stands above
	contract string   // what is said of the contract, where that is asked for
	why      []string // the reasons that do not stand above, each with whose it is
}

// words are all of it in a sentence, of which names has on which measures.
func (s saidOn) words(names string, conditions bool) string {
	var all []string
	for _, one := range s.all {
		if of := one.conditions(); conditions && of != "" {
			one.onWhole += ": " + of
		}
		all = append(all, one.words())
	}
	return sentence(notation.Joined(": ", names, s.where+strings.Join(all, "; ")))
}

// conditions are on what it holds; what it waits for is said already.
func (b beside) conditions() string {
	position := proto.CloneOf(b.GetPosition())
	if strings.HasPrefix(b.once, " once ") {
		position.Conditions = slices.DeleteFunc(position.GetConditions(), func(c *guidancev1.Condition) bool {
			return c.GetDirection() == guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
		})
	}
	return notation.Small(strings.TrimSuffix(guidance.ConditionWords(position), "."))
}

// why is why it says so, with whose word it is.
func (b beside) why() string {
	reasons := reasonWords(b.GetPosition(), viewing{full: true})
	if reasons == "" {
		return ""
	}
	return sentence(notation.Joined(": ", b.lead(), reportLead(b.Statement)+reasons))
}

// isSame: two are one statement, or, of none, are told in the same words.
func (b beside) isSame(o beside) bool {
	if b.Statement == nil || o.Statement == nil {
		return b.Statement == o.Statement && b.words() == o.words()
	}
	return b.GetAdvisory() == o.GetAdvisory() && proto.Equal(b.GetPosition(), o.GetPosition())
}

// wholeLine is a line with all that stands beside it, and beside the lines of its groups and of part of its
// readers, each once.
func wholeLine(m *guidancev1.Matter, asked string, line *answersv1.Line, own, toReader bool) []beside {
	all := append([]beside{{says: saysWords(m, asked, line, toReader), letters: entriesOf(line), Statement: line.GetCurrent()}}, besideOf(line, own)...)
	add := func(whose string, of *answersv1.Line) {
		for _, one := range besideOf(of, own) {
			one.whom = notation.Joined(", ", whose, one.whom)
			told := slices.ContainsFunc(all, one.isSame) || slices.ContainsFunc(line.GetContested(), func(st *answersv1.Statement) bool { return one.isSame(beside{Statement: st}) })
			if !told {
				all = append(all, one)
			}
		}
	}
	for _, group := range line.GetGroups() {
		add("for "+guidance.ScopeWords(group.GetScope()), group)
	}
	for _, part := range line.GetPartLines() {
		add("to "+partWords(part), part)
	}
	if n := line.GetMoreGroups(); n > 0 {
		all = append(all, beside{says: fmt.Sprintf("and lines for %s: ask with --scope", notation.Counted(int64(n), "more group", "more groups"))})
	}
	if n := line.GetMoreStatements(); n > 0 {
		all = append(all, beside{says: fmt.Sprintf("and %s: lmc history", notation.Counted(int64(n), "more statement", "more statements"))})
	}
	return all
}

// saidOnMeasures is what a committee says on measures, what is the same on several once, in whole with its
// conditions and reasons. Of the practice's own committee a line on the whole matter is left out where all of it
// stands above; of the national one, in short, what it says to others than these readers.
func saidOnMeasures(v *answersv1.CombinedView, c *answersv1.CommitteeView, own, contract, whole bool) (said []saidOn) {
	m := v.GetMatter()
	var above []beside
	for _, line := range append([]*answersv1.Line{c.GetHeadline()}, c.GetParts()...) {
		above = append(above, wholeLine(m, v.GetMeasure(), line, own, own)...)
	}
	onWhole := voicesOf(c) // whose reasons stand above
	at := map[string]int{} // where what is said in some words stands
	isAbove := func(one beside) bool { return slices.ContainsFunc(above, one.isSame) }
	for _, line := range c.GetMeasures() {
		of := saidOn{measures: []string{line.GetMeasure()}, all: wholeLine(m, line.GetMeasure(), line, own, own && !isToOthers(v, line))}
		of.isAbove = own && line.GetByWholeMatter() && isAbove(of.all[0]) && !differsFrom(v, line, c.GetHeadline())
		switch {
		case of.isAbove && !slices.ContainsFunc(of.all, func(one beside) bool { return !isAbove(one) }):
			continue
		case !own && !whole && isToOthers(v, line):
			continue
		case !own && line.GetState() == answersv1.LineState_LINE_STATE_NO_LINE && len(of.all) == 1:
			continue
		}
		if line.GetArea() != nil {
			of.where = "in " + areaOf(line) + ", "
		}
		if isToOthers(v, line) {
			of.where += "to " + guidance.AudienceWords(line.GetAudience()) + ", "
		}
		if slices.Equal(of.all[0].letters, entriesOf(c.GetHeadline())) {
			of.all[0].letters = nil
		}
		for _, one := range of.all {
			isTold := func(of voice) bool { return one.isSame(beside{Statement: of.GetCurrent()}) }
			if why := one.why(); why != "" && !slices.ContainsFunc(onWhole, isTold) {
				of.why = append(of.why, why)
			}
		}
		if contract {
			of.contract = contractOnMeasure(v, line, nil)
		}
		all := fmt.Sprint(of.isAbove, of.words("", whole), of.contract)
		if whole {
			all += fmt.Sprint(of.why)
		}
		if i, is := at[all]; is {
			said[i].measures = append(said[i].measures, line.GetMeasure())
			continue
		}
		at[all] = len(said)
		said = append(said, of)
	}
	return said
}

// namesOf are the titles of all of some measures: "On “The hub” and “The fund”".
func namesOf(m *guidancev1.Matter, measures []string) string {
	var titles []string
	for _, id := range measures {
		titles = append(titles, quotedMeasure(m, id))
	}
	return "On " + notation.List(slices.Compact(titles))
}

// onOthers is what the practice's committees say on measures where that is not what they say on the whole matter, in
// whole, by whom where that is not all of them.
func onOthers(v *answersv1.CombinedView) (words []string) {
	by := map[string][]string{}
	for _, c := range v.GetCommittees() {
		for _, said := range saidOnMeasures(v, c, true, false, true) {
			one := notation.Joined(" ", append([]string{said.words(namesOf(v.GetMatter(), said.measures), true)}, said.why...)...)
			if by[one] == nil {
				words = append(words, one)
			}
			by[one] = append(by[one], c.GetHeadline().GetCommitteeName())
		}
	}
	for i, one := range words {
		if len(by[one]) < len(v.GetCommittees()) {
			words[i] = notation.List(by[one]) + ": " + one
		}
	}
	return words
}
