package plain

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byWhen is what the reader has to do and when, soonest first: what is asked by a day that has not
// passed, of whom and where, and the deadlines of what the contract requires. What is due by a
// rule ("at once") has no day to be put in order by, and stands last. What is
// asked on measures is among it; what is due at one time stands together. Where room is short, it stands nowhere else,
// and a must is told to be one.
func byWhen(v *answersv1.CombinedView, asks []request, dates []date, how viewing) []string {
	var rows, times []string
	for _, one := range dueEntries(v, asks, dates) {
		insists := ""
		if how.tight && one.strength == guidancev1.ActionStrength_ACTION_STRENGTH_MUST {
			insists = "your LMC insists"
		}
		words := notation.Joined(": ", one.lead, onMeasures(v.GetMatter(), one.on), insists, one.words())
		time := guidance.DueWords(one.due)
		if i := slices.Index(times, time); i >= 0 {
			rows[i] += "; " + words
			continue
		}
		times, rows = append(times, time), append(rows, time+": "+words)
	}
	return rows
}

// dueEntries are what byWhen tells, each once, soonest first.
func dueEntries(v *answersv1.CombinedView, asks []request, dates []date) (told []entry) {
	var all []entry
	for _, d := range dates {
		all = append(all, d.entry(v))
	}
	for _, act := range asks {
		if act.isAhead(v) {
			all = append(all, act.entry(v))
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return guidance.CompareDue(a.due, b.due) })
	for _, one := range all {
		i := slices.IndexFunc(told, func(o entry) bool {
			as := o.strength == one.strength || o.on == nil // on another measure it may be asked as strongly by nobody
			return guidance.DueWords(o.due) == guidance.DueWords(one.due) && o.lead == one.lead && o.words() == one.words() && (o.on == nil) == (one.on == nil) && as
		})
		if i < 0 {
			told = append(told, one)
			continue
		}
		told[i].on = append(told[i].on, one.on...)
		if one.strength == guidancev1.ActionStrength_ACTION_STRENGTH_MUST {
			told[i].strength = one.strength
		}
	}
	return told
}

// entry is what is due at a time: for some alone, whom lead names; on measures, where the same is
// due on others; what it is; of whom, how strongly it is asked, and on what condition. What is due at one time of
// the same readers is one.
type entry struct {
	due      *guidancev1.Due
	lead     string
	on       []string
	what     string
	of       []string
	strength guidancev1.ActionStrength
	holds    []string
	national bool // the national committee asks it, as lead says
	binds    bool // it is a date that has to be met, by how its committee reads the contract
}

func (e entry) words() string {
	if marks := notation.Joined(", ", slices.Concat(e.of, []string{guidance.MayWords(e.strength)}, e.holds)...); marks != "" {
		return e.what + " (" + marks + ")"
	}
	return e.what
}

// onMeasures says on which measures the same is asked: "on “The hub” and “The fund”".
func onMeasures(m *guidancev1.Matter, ids []string) string {
	var titles []string
	for _, id := range ids {
		if title := quotedMeasure(m, id); !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	switch {
	case titles == nil:
		return ""
	case len(titles) > titlesListed:
		return "on " + measuresWords(int32(len(titles)))
	}
	return "on " + notation.List(titles)
}

// date is a deadline of a measure that the contract, or a line, binds some to.
type date struct {
	*guidancev1.Deadline
	measure string
	whom    whom
	on      []string // its measure, where another has a date of this title
}

// datesOf are the deadlines of what some topics are on that bind anybody. On a measure that has a
// topic of its own, what is said there binds, and not what is said on the whole matter.
func datesOf(v *answersv1.CombinedView, topics []topic) (dates []date) {
	for i, of := range topics {
		for _, measure := range v.GetMatter().GetMeasures() {
			own := slices.ContainsFunc(topics[i+1:], func(o topic) bool { return o.measure == measure.GetId() })
			if own || !isOn(v, of.measure, measure.GetId()) {
				continue
			}
			for _, d := range measure.GetDeadlines() {
				binding := whomOf([]told{tell(of, func(one voice) (readers, bool, bool) {
					isTo := isForSome(v, d, cmp.Or(one.GetAudience(), v.GetAudience()))
					return one.readers, isTo && binds(one.Line, d), isTo
				})})
				if binding.all || binding.some != nil {
					dates = append(dates, date{Deadline: d, measure: measure.GetId(), whom: binding})
				}
			}
		}
	}
	for i := range dates {
		again := func(o date) bool { return o.measure != dates[i].measure && o.GetTitle() == dates[i].GetTitle() }
		if slices.ContainsFunc(dates, again) {
			dates[i].on = []string{dates[i].measure}
		}
	}
	return dates
}

// dueOf is a deadline of what a line is on, with whom it binds of those the line is for; where it binds
// nobody it is its proposer's, for all.
func dueOf(v *answersv1.CombinedView, d *guidancev1.Deadline, line *answersv1.Line) date {
	dates := datesOf(v, []topic{{line.GetMeasure(), voices(line)}})
	if i := slices.IndexFunc(dates, func(o date) bool { return o.Deadline == d }); i >= 0 {
		return date{Deadline: d, measure: line.GetMeasure(), whom: dates[i].whom}
	}
	return date{Deadline: d, measure: line.GetMeasure()}
}

// entry is what is due, whose date that is, for whom they set it, and whom it binds, where that is
// not all of these: as the reader's LMC reads the contract, which makes it nobody else's date.
func (d date) entry(v *answersv1.CombinedView) entry {
	binds := notation.Joined(", ", append([]string{d.whom.lead()}, d.whom.marks()...)...)
	if d.whom.all && binds != "" {
		binds = "all, " + binds
	}
	whose, set := guidance.WhoseDate(v.GetMatter(), d.measure), guidance.DateFor(v.GetMatter(), d.measure, d.Deadline)
	if binds != "" || !isFor(d.Deadline, v.GetAudience()) {
		whose += set
	}
	if binds != "" && set != ", for "+binds {
		whose += "; binds " + binds
	}
	return entry{due: d.GetDue(), on: d.on, what: d.GetTitle(), of: []string{whose}, binds: d.whom.all || d.whom.some != nil}
}

// partWords are the part of the readers that a line is for: "GP partners".
func partWords(part *answersv1.Line) string {
	words := guidance.AudienceWords(part.GetAudience())
	if st := answering(part); st != nil && isByName(part, st) {
		words = notation.Joined(", ", append([]string{words}, guidance.WhereWords(st)...)...)
	}
	return words
}

// isByName: what answers part of the readers is said to them by name, and not only to all.
func isByName(part *answersv1.Line, st *answersv1.Statement) bool {
	return part.GetAudience() == guidancev1.Audience_AUDIENCE_UNSPECIFIED || slices.Contains(st.GetPosition().GetAudiences(), part.GetAudience())
}

// answering is what a line answers by, the first where several contest each other; nil: nothing.
func answering(line *answersv1.Line) *answersv1.Statement {
	if len(line.GetContested()) > 0 {
		return line.GetContested()[0]
	}
	return line.GetCurrent()
}

// isOfPart: a statement is the line of one of a line's parts of the readers.
func isOfPart(line *answersv1.Line, st *answersv1.Statement) bool {
	return slices.ContainsFunc(line.GetPartLines(), func(part *answersv1.Line) bool {
		return part.GetCurrent().GetAdvisory() == st.GetAdvisory() && proto.Equal(part.GetCurrent().GetPosition(), st.GetPosition())
	})
}

// binds: a deadline of what a line is on has to be met, by the contract of its day or because the
// line says that it is required, and is not only a date of its proposer's.
func binds(line *answersv1.Line, d *guidancev1.Deadline) bool {
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED && line.GetCurrent().GetPosition().GetStance() == guidancev1.Stance_STANCE_REQUIRED {
		return true
	}
	day, _ := guidance.DueMoment(d.GetDue())
	for _, o := range line.GetObligations() {
		if notation.IsWithin(day, o.GetValidFrom(), o.GetValidUntil()) {
			return o.GetObligation() == answersv1.Obligation_OBLIGATION_MUST
		}
	}
	return line.GetObligation() == answersv1.Obligation_OBLIGATION_MUST
}

// isOn: a line on something is one on a measure: on that, or, on the whole matter, on every measure
// that it answers too.
func isOn(v *answersv1.CombinedView, what, measure string) bool {
	return what == measure || what == "" && guidance.SharesProposer(v.GetMatter(), measure)
}

// isFor: a deadline is for all, or for an audience that some readers are among.
func isFor(d *guidancev1.Deadline, readers guidancev1.Audience) bool {
	return len(d.GetAddressedTo()) == 0 || slices.ContainsFunc(d.GetAddressedTo(), func(a guidancev1.Audience) bool { return guidance.Contains(a, readers) })
}

// isForSome: a deadline that has not passed, as far as is known here, is for some readers, or for some of them.
func isForSome(v *answersv1.CombinedView, d *guidancev1.Deadline, readers guidancev1.Audience) bool {
	day, _ := guidance.DueMoment(d.GetDue())
	among := func(a guidancev1.Audience) bool { return guidance.Contains(readers, a) }
	return (day == "" || day >= v.GetAsOf()) && (isFor(d, readers) || slices.ContainsFunc(d.GetAddressedTo(), among))
}

// deadlinesOf are the deadlines that have not passed of what a line is on that are for
// these readers, for some of them, or for all.
func deadlinesOf(v *answersv1.CombinedView, line *answersv1.Line) (all []*guidancev1.Deadline) {
	for _, measure := range v.GetMatter().GetMeasures() {
		for _, d := range measure.GetDeadlines() {
			if isOn(v, line.GetMeasure(), measure.GetId()) && isForSome(v, d, v.GetAudience()) {
				all = append(all, d)
			}
		}
	}
	return all
}
