package plain

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// row is a row of a matter, with what stands before it.
type row struct{ lead, words string }

// practiceRows are the rows of a matter. The first is what the practice's committees advise.
func practiceRows(v *answersv1.CombinedView, how telling, late bool) []row {
	of := func(rows func(*answersv1.CommitteeView) []string) string { return ofEach(v, rows) }
	line := Joined(" ", adviceWords(v), of(func(c *answersv1.CommitteeView) []string {
		return saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(clipTo(whyWords(of, true), how.why))} })
	}), of(func(c *answersv1.CommitteeView) []string { return onOthers(v, c) }), v.GetWords())
	var claimed []string // what others claim, which is not for each committee anew
	contract := row{"Contract", of(func(c *answersv1.CommitteeView) []string {
		words := slices.DeleteFunc(contractOf(v, c), func(said string) bool { return slices.Contains(claimed, said) })
		claimed = append(claimed, claimedWords(v, c.GetHeadline())...)
		return words
	})}
	twice := row{"", of(func(c *answersv1.CommitteeView) []string { return twiceOf(c, late) })}
	asked := askedRows(v)
	when := row{"By when", cmp.Or(of(func(c *answersv1.CommitteeView) []string {
		return []string{strings.Join(dueRows(v, c), "; ")}
	}), "no date for practices") + othersDates(v) + "."}
	send := row{"To send", cmp.Or(of(func(c *answersv1.CommitteeView) []string {
		return []string{strings.Join(toSend(v, requestsOf(v, topicsOf(v, c))), "; ")}
	}), "none issued") + "."}
	if len(v.GetCommittees()) == 0 { // nobody is there who could ask, or send
		send.words = ""
		if when.words = strings.Trim(othersDates(v), " ()"); when.words != "" {
			when.words += "."
		}
	}
	follows := row{"It says", of(func(c *answersv1.CommitteeView) []string {
		var all []string
		for _, topic := range topicsOf(v, c) {
			for _, said := range saidBy(topic.voices, consequenceWords) {
				if words := sentence(said); !slices.Contains(all, words) {
					all = append(all, words)
				}
			}
		}
		return all
	})}
	national := row{"", nationalWords(v)}
	rows := []row{{"", line}}
	switch {
	case how.oneRow:
		rows = append(rows, joinRows(twice, contract), joinRows(asked...), joinRows(when, send, follows))
	case how.together:
		rows = append(rows, contract, twice, joinRows(asked...), joinRows(when, send, follows))
	default:
		rows = append(append(append(rows, contract, twice), asked...), when, send, follows)
	}
	return slices.DeleteFunc(append(rows, national), func(r row) bool { return r.words == "" })
}

func joinRows(rows ...row) row {
	var all []string
	for _, r := range rows {
		if r.words != "" {
			all = append(all, sentence(Joined(": ", r.lead, r.words)))
		}
	}
	return row{"", strings.Join(all, " ")}
}

// clipTo is words at a length; 0: all of them.
func clipTo(words string, length int) string {
	if length == 0 {
		return words
	}
	return notation.Clip(words, length)
}

// ofEach is what the words of each of the practice's committees come to: said once where all say the same.
func ofEach(v *answersv1.CombinedView, words func(*answersv1.CommitteeView) []string) string {
	var all, names []string
	for _, c := range v.GetCommittees() {
		all = append(all, Joined(" ", words(c)...))
		names = append(names, c.GetHeadline().GetCommitteeName())
	}
	if len(slices.Compact(slices.Clone(all))) <= 1 {
		return Joined(" ", slices.Compact(all)...)
	}
	for i := range all {
		if all[i] != "" && !strings.HasPrefix(all[i], names[i]) {
			all[i] = names[i] + ": " + all[i]
		}
	}
	return Joined(" ", all...)
}

// adviceWords is what the practice's committees advise on the whole matter, and in parts of their areas
// where that differs, as views say it.
func adviceWords(v *answersv1.CombinedView) string {
	var said []string
	for _, c := range v.GetCommittees() {
		wording := guidance.Wording{ContractApart: true, Letters: true, Measures: titlesOf(v.GetMatter())}
		for _, line := range append([]*answersv1.Line{c.GetHeadline()}, c.GetParts()...) {
			said = append(said, placed(v.GetMatter(), v.GetMeasure(), line, wording))
		}
	}
	return strings.Join(said, " ")
}

// onOthers is what a committee says on measures where that is not what it says on the whole matter, what
// is the same on several once.
func onOthers(v *answersv1.CombinedView, c *answersv1.CommitteeView) (words []string) {
	var said []string
	on := map[string][]string{}
	for _, line := range c.GetMeasures() {
		if line.GetByWholeMatter() && !differsFrom(v, line, c.GetHeadline()) {
			continue
		}
		to := ""
		if isToOthers(v, line) {
			to = "to " + guidance.AudienceWords(line.GetAudience()) + ", "
		}
		if line.GetArea() != nil {
			to = "in " + areaOf(line) + ", " + to
		}
		says := to + saysWords(v.GetMatter(), line.GetMeasure(), line, !isToOthers(v, line)) + besideWords(line, true)
		if conditions := guidance.ConditionWords(line.GetCurrent().GetPosition()); conditions != "" {
			says += ": " + notation.Small(strings.TrimSuffix(conditions, "."))
		}
		if entries := entriesOf(line); len(entries) > 0 && !slices.Equal(entries, entriesOf(c.GetHeadline())) {
			says += " [" + strings.Join(entries, ", ") + "]"
		}
		if on[says] == nil {
			said = append(said, says)
		}
		on[says] = append(on[says], line.GetMeasure())
	}
	for _, says := range said {
		words = append(words, sentence(onMeasures(v.GetMatter(), on[says])+": "+says))
	}
	return words
}

// twiceOf is what to look at twice in a committee's lines, those of its measures too, and what stands beside
// them, as views lead it ("Look twice", "Also", "Perhaps"); but for when they were logged, where that is said
// of all.
func twiceOf(c *answersv1.CommitteeView, late bool) (words []string) {
	said := voicesOf(c)
	for _, line := range c.GetMeasures() {
		said = append(said, voices(line)...)
	}
	aside := &Page{width: math.MaxInt16} // a row is a line
	aside.asides(said, viewing{late: late})
	lead := ""
	for line := range strings.Lines(aside.String()) {
		lead = cmp.Or(strings.TrimSpace(line[:asideLead]), lead)
		words = append(words, lead+": "+sentence(strings.TrimSpace(line[asideLead:])))
	}
	return words
}

// asideLead is how wide the leads of asides are.
const asideLead = len("  Look twice   ")

// askedRows are what the practice's committees ask, those of one condition together: what is asked
// whatever comes first, then "If you are approached: call the LMC office (your LMC asks)".
func askedRows(v *answersv1.CombinedView) []row {
	rows := []row{{lead: "To do"}}
	var all []asks
	for _, c := range v.GetCommittees() {
		for _, act := range requestsOf(v, topicsOf(v, c)) {
			lead := cmp.Or(notation.Capital(OneLine(act.GetCondition())), "To do")
			act.Action = proto.CloneOf(act.Action)
			act.Action.Condition = ""
			one := asks{lead, act.words("your LMC", v), act, nil}
			i := slices.IndexFunc(all, func(o asks) bool { return o.lead == lead && o.words == one.words })
			if i < 0 {
				i, all = len(all), append(all, one)
			}
			all[i].by = append(all[i].by, c.GetHeadline().GetCommitteeName())
		}
	}
	for _, one := range all {
		words := one.words
		switch {
		case len(v.GetCommittees()) == 1:
		case len(one.by) == len(v.GetCommittees()):
			words = one.act.words("each of your LMCs", v)
		default:
			words = one.act.words(one.by[0], v)
		}
		i := slices.IndexFunc(rows, func(r row) bool { return r.lead == one.lead })
		if i < 0 {
			i, rows = len(rows), append(rows, row{lead: one.lead})
		}
		if rows[i].words == "" {
			rows[i].words = strings.TrimSuffix(words, ".") + "."
		} else {
			rows[i].words += " " + sentence(words)
		}
	}
	return slices.DeleteFunc(rows, func(r row) bool { return r.words == "" })
}

// asks is what some committees ask, on a condition that stands before it.
type asks struct {
	lead, words string
	act         request
	by          []string
}

// dueRows are what a practice has to do by when, as a committee asks it or the contract requires.
func dueRows(v *answersv1.CombinedView, c *answersv1.CommitteeView) []string {
	topics := topicsOf(v, c)
	return byWhen(v, requestsOf(v, topics), datesOf(v, topics))
}

// othersDates are the dates of a matter that are set for practices and bind none, whosever they are.
func othersDates(v *answersv1.CombinedView) string {
	var dates []string
	for _, measure := range v.GetMatter().GetMeasures() {
		for _, d := range measure.GetDeadlines() {
			bound := slices.ContainsFunc(v.GetCommittees(), func(c *answersv1.CommitteeView) bool {
				return slices.ContainsFunc(datesOf(v, topicsOf(v, c)), func(o date) bool { return o.Deadline == d })
			})
			if !bound && isForSome(v, d, v.GetAudience()) {
				dates = append(dates, guidance.DueWords(d.GetDue())+": "+d.GetTitle()+" ("+guidance.WhoseDate(v.GetMatter(), measure.GetId())+guidance.DateFor(v.GetMatter(), measure.GetId(), d)+")")
			}
		}
	}
	if len(dates) == 0 {
		return ""
	}
	return " (" + strings.Join(dates, "; ") + ")"
}

// nationalWords is what the national committee says to these readers, and which of it the practice's
// committees do not speak on.
func nationalWords(v *answersv1.CombinedView) string {
	c := v.GetNational()
	if c.GetHeadline() == nil {
		return ""
	}
	m, wording := v.GetMatter(), guidance.Wording{Others: true, Letters: true, Measures: titlesOf(v.GetMatter())}
	words := []string{placed(m, v.GetMeasure(), c.GetHeadline(), wording)}
	if len(c.GetMeasures()) == 0 && isSilent(c.GetHeadline()) {
		return words[0]
	}
	var said []string
	on, unsaid := map[string][]string{}, map[string][]string{} // measures by what is said; those not spoken on, by committee
	for _, line := range c.GetMeasures() {
		if isToOthers(v, line) || line.GetState() == answersv1.LineState_LINE_STATE_NO_LINE && len(line.GetNotYet()) == 0 {
			continue
		}
		says := saysWords(m, line.GetMeasure(), line, false) + besideWords(line, false)
		if on[says] == nil {
			said = append(said, says)
		}
		on[says] = append(on[says], line.GetMeasure())
		for _, own := range v.GetCommittees() {
			name := own.GetHeadline().GetCommitteeName()
			if !speaksOn(v, own, line.GetMeasure()) && !slices.Contains(unsaid[name], line.GetMeasure()) {
				unsaid[name] = append(unsaid[name], line.GetMeasure())
			}
		}
	}
	for _, says := range said {
		words = append(words, sentence(onMeasures(m, on[says])+": "+says))
	}
	for _, own := range v.GetCommittees() {
		name, all := own.GetHeadline().GetCommitteeName(), 0
		for _, ids := range on {
			all += len(ids)
		}
		switch left := unsaid[name]; {
		case len(left) > 0 && len(left) == all:
			words = append(words, name+" speaks on none of these measures: ring before you act on them.")
		case len(left) > 0:
			words = append(words, name+" does not speak "+onMeasures(m, left)+": ring before you act on it.")
		}
	}
	return strings.Join(words, " ")
}

// speaksOn: a committee has said something on a measure, or its line on the whole matter answers for it.
func speaksOn(v *answersv1.CombinedView, c *answersv1.CommitteeView, measure string) bool {
	if slices.ContainsFunc(c.GetMeasures(), func(line *answersv1.Line) bool { return line.GetMeasure() == measure }) {
		return true
	}
	return c.GetHeadline().GetCurrent() != nil && c.GetHeadline().GetMeasure() == "" && guidance.SharesProposer(v.GetMatter(), measure)
}
