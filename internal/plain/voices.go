package plain

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// voice is a line of a row of a measure: that for all the readers, a group's, or that for part of
// them, with for whom, as a page says it before the line and as it is told of what the line asks.
type voice struct {
	*answersv1.Line
	of string
	readers
	to []guidancev1.Audience // whom it is for, of those the readers are
}

func voices(line *answersv1.Line) []voice {
	all := []voice{{Line: line, to: []guidancev1.Audience{line.GetAudience()}}}
	for _, group := range line.GetGroups() {
		words := guidance.ScopeWords(group.GetScope())
		all = append(all, voice{group, "For " + words + ": ", readers{group: words}, []guidancev1.Audience{group.GetAudience()}})
	}
	for _, part := range line.GetPartLines() {
		of := readers{part: guidance.AudienceWords(part.GetAudience())}
		if part.GetScope() != nil {
			of.group = guidance.ScopeWords(part.GetScope())
		}
		lead := "To " + partWords(part) + ": "
		if part.GetArea() != nil && line.GetArea() == nil { // of the rest, which is told of its parts too
			of.area = areaOf(part)
			if !strings.Contains(lead, of.area) {
				lead = "In " + of.area + ": " + lead
			}
		}
		all = append(all, voice{part, lead, of, []guidancev1.Audience{part.GetAudience()}})
	}
	return all
}

// isDivided: every part of a committee's area has a line of its own, and that at the head is one part's.
func isDivided(c *answersv1.CommitteeView) bool {
	return c.GetHeadline().GetArea() != nil && len(c.GetParts()) > 0
}

// voicesOf are those of a committee's line and of its lines for parts of its area.
func voicesOf(c *answersv1.CommitteeView) []voice {
	if isDivided(c) {
		return append(voicesIn(c.GetHeadline()), partVoices(c)...)
	}
	return append(voices(c.GetHeadline()), partVoices(c)...)
}

// partVoices are those of a committee's lines for parts of its area.
func partVoices(c *answersv1.CommitteeView) (all []voice) {
	for _, part := range c.GetParts() {
		all = append(all, voicesIn(part)...)
	}
	return all
}

// voicesIn are those of the line for a part of an area.
func voicesIn(part *answersv1.Line) []voice {
	all := voices(part)
	for i := range all {
		all[i].of, all[i].area = "In "+areaOf(part)+": "+all[i].of, areaOf(part)
	}
	return all
}

// saidBy is what each of several lines says to something, once, with for whom where that is not all.
func saidBy(said []voice, words func(*answersv1.Line) []string) (rows []string) {
	var all []string
	whose := map[string][]string{}
	for _, of := range said {
		for _, one := range words(of.Line) {
			if one != "" && whose[one] == nil {
				all = append(all, one)
			}
			whose[one] = append(whose[one], strings.TrimSuffix(of.of, ": "))
		}
	}
	for _, one := range all {
		if slices.Contains(whose[one], "") {
			rows = append(rows, one)
			continue
		}
		of := slices.Compact(whose[one])
		for i := range of[1:] {
			of[i+1] = notation.Small(of[i+1])
		}
		rows = append(rows, notation.List(of)+": "+one)
	}
	return rows
}

// rows are on what conditions a line holds, why, and what follows; unsaid names what of
// it is left to a view in full.
func (of voice) rows(how viewing) (rows, unsaid []string) {
	position := of.GetCurrent().GetPosition()
	conditions := guidance.ConditionWords(position)
	if !how.full {
		conditions = notation.Clip(conditions, 150)
	}
	switch {
	case conditions == "":
	case how.tight:
		unsaid = append(unsaid, "on what conditions")
	default:
		rows = append(rows, of.of+conditions)
	}
	if why := whyWords(of.Line, how); why != "" {
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
		if basis := basisWords(of.Line); basis != "" {
			rows = append(rows, of.of+"It rests on "+basis+".")
		}
	}
	return rows, unsaid
}

// basisWords are what a line rests on, where its letter states that.
func basisWords(line *answersv1.Line) string {
	basis := line.GetCurrent().GetPosition().GetBasis()
	if basis == guidancev1.Basis_BASIS_NOT_STATED {
		return ""
	}
	return guidance.BasisWords(basis)
}

// consequenceWords are what a line's letter says follows.
func consequenceWords(line *answersv1.Line) (words []string) {
	for _, one := range line.GetCurrent().GetPosition().GetConsequences() {
		words = append(words, notation.Capital(asReported(line)+"for "+guidance.ConsequenceTopicWords(one.GetTopic())+": "+one.GetWords()))
	}
	return words
}

// asReported leads what a line that others report says besides its stance: "as reported by The Gazette: ".
// Of one that ended, whose words on the contract go on, it names the entry.
func asReported(line *answersv1.Line) string {
	no := line.GetNoLine()
	switch {
	case line.GetState() == answersv1.LineState_LINE_STATE_REPORTED:
		return reportLead(line.GetCurrent())
	case no.GetReported() && len(line.GetEffects()) > 0:
		return "as reported (" + no.GetEnded() + "): "
	}
	return ""
}

// besideEffect is what a committee says of the contract beside its line, where it takes none, or with one from a day ahead on: to
// whom, where that is not all whom its line is for, and whose word it is.
type besideEffect struct {
	whom, lead string
	ahead      bool
	effects    []*guidancev1.DatedEffect
}

// besideEffects are those beside a line, but for what the line says too.
func besideEffects(v *answersv1.CombinedView, line *answersv1.Line) (all []besideEffect) {
	own := guidance.EffectsWords(line.GetEffects(), v.GetAsOf())
	for _, st := range guidance.WillAnswer(line) {
		one := besideEffect{whom: guidance.AheadTo(line, st), lead: reportLead(st), ahead: true}
		for _, e := range guidance.EffectsSaid(v.GetMatter(), line.GetMeasure(), st.GetPosition()) {
			if until := e.GetValidUntil(); until == "" || until >= st.GetValidFrom() {
				e = proto.CloneOf(e)
				e.ValidFrom = max(e.GetValidFrom(), st.GetValidFrom())
				one.effects = append(one.effects, e)
			}
		}
		if guidance.EffectsWords(one.effects, v.GetAsOf()) != "" {
			all = append(all, one)
		}
	}
	for _, st := range line.GetMentions() {
		one := besideEffect{whom: guidance.ToOthersWords(line, st), lead: reportLead(st), effects: guidance.EffectsSaid(v.GetMatter(), line.GetMeasure(), st.GetPosition())}
		if area := st.GetPosition().GetArea(); one.whom == "" && area != nil { // where whoever asks is
			one.whom = "in " + guidance.AreaWords(area, st.GetAreaName())
		}
		if st.GetPosition().GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY {
			one.lead = "as it passes on of " + cmp.Or(st.GetPassesOn(), "another") + ": "
		}
		same := func(o besideEffect) bool {
			return o.whom == one.whom && o.lead == one.lead && guidance.EffectsWords(o.effects, v.GetAsOf()) == guidance.EffectsWords(one.effects, v.GetAsOf())
		}
		if said := guidance.EffectsWords(one.effects, v.GetAsOf()); said != "" && said != own && !slices.ContainsFunc(all, same) {
			all = append(all, one)
		}
	}
	return all
}

// reportLead leads what a report says besides a stance; empty: it is a committee's own word.
func reportLead(st *answersv1.Statement) string {
	if !guidance.IsReported(st) {
		return ""
	}
	return "as reported" + strings.TrimPrefix(guidance.ReportedBy(st), ",") + ": "
}

// whyWords are the reasons of a line, in a sentence or in whole.
func whyWords(line *answersv1.Line, how viewing) string {
	why := reasonWords(line.GetCurrent().GetPosition(), how)
	if as := asReported(line); as != "" && why != "" {
		return notation.Capital(as) + why
	}
	return why
}

// reasonWords are the reasons of a position, in its letter's words, else as it tags them.
func reasonWords(position *guidancev1.Position, how viewing) string {
	why := OneLine(position.GetRationale())
	switch {
	case how.least:
		why = cutWords(why, 60)
	case how.tight:
		why = cutWords(why, 110)
	case !how.full:
		why = notation.Clip(why, 150)
	}
	if why != "" {
		return why
	}
	var tags []string
	for _, r := range position.GetReasons() {
		tags = append(tags, guidance.ReasonWords(r))
	}
	return strings.Join(tags, ", ")
}
