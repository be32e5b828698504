package picture

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Changes returns what the later of two looks at a matter says differently: what Diff finds,
// each with its letter, which way it moved and what the national committee had said before;
// the reader's own committees first, then the national ones, the other LMCs and other bodies,
// by name; and after them what fell due between the two days, by day. Only of a nation, where
// one is named. With it come the notices it must be shown with.
func Changes(ctx context.Context, before, after Input, nation string) (all []*answersv1.Change, notes []string, err error) {
	if nation != "" {
		elsewhere := func(c Committee) bool { return nationOf(c) != nation }
		before.Committees = slices.DeleteFunc(slices.Clone(before.Committees), elsewhere)
		after.Committees = slices.DeleteFunc(slices.Clone(after.Committees), elsewhere)
	}
	was, err := Lines(ctx, before)
	if err != nil {
		return nil, nil, err
	}
	r := newResolver(ctx, after)
	is, err := r.allLines(ctx)
	if err != nil {
		return nil, nil, err
	}
	var shown []*answersv1.Line
	for _, d := range Diff(was, is) {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		c := r.change(d, was, is)
		all, shown = append(all, c), append(shown, c.Before, c.After)
	}
	slices.SortStableFunc(all, func(a, b *answersv1.Change) int {
		return cmp.Or(cmp.Compare(r.standing(a), r.standing(b)), cmp.Compare(a.CommitteeName, b.CommitteeName))
	})
	return append(all, r.fallenDue(before.AsOf, is)...), notices(after.Matter, shown), ctx.Err()
}

// standing is where a committee stands in an answer.
func (r *resolver) standing(c *answersv1.Change) int {
	switch line := cmp.Or(c.After, c.Before); {
	case slices.Contains(r.in.Own, c.Committee):
		return 0
	case line.GetCommitteeKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
		return 1
	case line.GetCommitteeKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		return 2
	}
	return 3
}

// change is a line that differs. A part that has, or had, no line of its own is compared with
// the line that held there: that of the rest of the area.
func (r *resolver) change(d Change, was, is []*answersv1.Line) *answersv1.Change {
	rest := func(lines []*answersv1.Line) *answersv1.Line {
		i := slices.IndexFunc(lines, func(l *answersv1.Line) bool {
			return l.GetCommittee() == d.Committee && l.GetMeasure() == d.Measure && l.GetArea() == nil
		})
		if i < 0 {
			return nil
		}
		return lines[i]
	}
	c := &answersv1.Change{Matter: r.in.Matter.GetName(), Committee: d.Committee, Measure: d.Measure, Before: d.Before, After: d.After}
	if c.Before == nil {
		c.Before = rest(was)
	}
	if c.After == nil {
		c.After = rest(is)
	}
	c.CommitteeName = cmp.Or(c.After.GetCommitteeName(), c.Before.GetCommitteeName(), d.Committee)
	c.Kind = changeKind(c.Before, c.After)
	if c.Kind == answersv1.ChangeKind_CHANGE_KIND_MOVED {
		c.Direction = guidance.DirectionOf(stanceOf(c.Before), stanceOf(c.After))
	}
	entry, isNew := letterOf(c.Before, c.After)
	over, back := c.Before.GetCurrent(), c.After.GetCurrent()
	if back != nil && (!isNew || back.GetIssued().GetLatest() <= over.GetIssued().GetLatest()) {
		if by := r.endedBy(over.GetAdvisory(), c.Committee); by != "" { // what had stood before, or beside it, answers
			entry, isNew = by, true
		}
	}
	c.Entry = entry
	if e := r.entry(entry); e != nil {
		c.Issued = e.Issued()
	}
	words := []string{d.Words}
	if way := guidance.DirectionWords(c.Direction); way != "" {
		words = append(words, "It moved "+way+".")
	}
	i := slices.IndexFunc(r.committees, func(one Committee) bool { return one.GetId() == c.Committee })
	moved := c.Kind != answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE
	if i >= 0 && moved && isNew && c.Issued != nil && isCounted(r.committees[i]) {
		words = append(words, r.nationalByThen(c, nationOf(r.committees[i]))...)
	}
	c.Words = strings.Join(words, " ")
	return c
}

// stanceOf is the stance a line takes; of one that is contested or takes none, none.
func stanceOf(line *answersv1.Line) guidancev1.Stance {
	return line.GetCurrent().GetPosition().GetStance()
}

// changeKind compares how much two lines have to say: nothing, something beside a line, a
// line for groups alone, or a line.
func changeKind(before, after *answersv1.Line) answersv1.ChangeKind {
	says := func(line *answersv1.Line) int {
		switch {
		case takesLine(line):
			return 3
		case len(line.GetGroups()) > 0:
			return 2
		case line != nil && line.GetState() != answersv1.LineState_LINE_STATE_NO_LINE:
			return 1
		}
		return 0
	}
	switch was, is := says(before), says(after); {
	case is > was:
		return answersv1.ChangeKind_CHANGE_KIND_NEW
	case is < was:
		return answersv1.ChangeKind_CHANGE_KIND_ENDED
	case stanceOf(before) != stanceOf(after):
		return answersv1.ChangeKind_CHANGE_KIND_MOVED
	}
	return answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE
}

// stood are the entries that a line rested on or showed beside it, without those that held
// only later.
func stood(line *answersv1.Line) []string {
	names := []string{"", line.GetNoLine().GetBy()}
	later := slices.Concat(line.GetMayHaveBeenIssued(), line.GetWaiting(), line.GetNotYet())
	for _, said := range statements(line) {
		if !slices.Contains(later, said) {
			names = append(names, said.GetAdvisory())
		}
	}
	return names
}

// letterOf is the entry a change came by, and whether it is one that did not hold before: what
// ended the line, what it rests on now, else the newest of what stands beside it. Where only a
// day passed, it is the letter that ran out, or still stands.
func letterOf(before, after *answersv1.Line) (entry string, isNew bool) {
	old := stood(before)
	for _, name := range []string{after.GetCurrent().GetAdvisory(), after.GetNoLine().GetBy()} {
		if !slices.Contains(old, name) {
			return name, true
		}
	}
	for _, said := range statements(before) {
		old = append(old, said.GetAdvisory())
	}
	newest := ""
	for _, said := range statements(after) {
		if !slices.Contains(old, said.GetAdvisory()) && (entry == "" || said.GetIssued().GetLatest() > newest) {
			entry, newest = said.GetAdvisory(), said.GetIssued().GetLatest()
		}
	}
	if entry != "" {
		return entry, true
	}
	return cmp.Or(after.GetNoLine().GetBy(), after.GetNoLine().GetEnded(), after.GetCurrent().GetAdvisory(), before.GetCurrent().GetAdvisory()), false
}

// entry is one of those asked about, by its name; nil: it is not.
func (r *resolver) entry(name string) *guidance.Entry {
	for i := range r.in.Entries {
		if r.in.Entries[i].ID == name {
			return &r.in.Entries[i]
		}
	}
	return nil
}

// endedBy is the entry that last ended another for a committee; empty: none did.
func (r *resolver) endedBy(name, committee string) (by string) {
	e := r.entry(name)
	if e == nil {
		return ""
	}
	matters := func(name string) *guidancev1.Matter {
		if name != r.in.Matter.GetName() {
			return nil
		}
		return r.in.Matter
	}
	for _, of := range r.prepared.EndOf(*e, r.in.AsOf, matters).Committees {
		for _, ending := range of.GetEndings() {
			if of.GetCommittee() == committee {
				by = ending.GetEntry()
			}
		}
	}
	return by
}

// nationalByThen adds what a nation's committee had last said before a change's letter, and
// what it said on days that overlap the letter's: which of the two came first is not known.
func (r *resolver) nationalByThen(c *answersv1.Change, nation string) (words []string) {
	committee, ok := r.nationalCommittee(nation)
	if !ok {
		return nil
	}
	q := r.question(committee, c.Measure)
	q.AsOf = guidance.DayBefore(c.Issued.GetEarliest())
	c.NationalByThen = r.prepared.Resolve(q)[0].GetCurrent()
	q.AsOf = c.Issued.GetLatest()
	line := r.prepared.Resolve(q)[0]
	for _, said := range append(slices.Clone(line.GetMayHaveBeenIssued()), line.GetCurrent()) {
		if said != nil && said.GetAdvisory() != c.Entry && said.GetIssued().GetLatest() >= c.Issued.GetEarliest() {
			c.OrderNotKnown = append(c.OrderNotKnown, said)
		}
	}
	about := func(s *answersv1.Statement) string {
		return fmt.Sprintf("%s (%s, %s)", guidance.StanceNoun(s.GetPosition().GetStance()), s.GetAdvisory(), guidance.RangeWords(s.GetIssued()))
	}
	if c.NationalByThen != nil {
		words = append(words, displayName(committee)+" had last said: "+about(c.NationalByThen)+".")
	}
	for _, said := range c.OrderNotKnown {
		words = append(words, displayName(committee)+" also said: "+about(said)+"; which of the two came first is not known.")
	}
	return words
}

// fallenDue is what fell due after a day and up to the one asked about: what the matter sets,
// and what the letters of the current lines ask for, each once.
func (r *resolver) fallenDue(from string, lines []*answersv1.Line) (all []*answersv1.Change) {
	told := map[string]bool{}
	add := func(c *answersv1.Change) {
		day, _ := guidance.DueMoment(c.Due)
		c.Kind, c.Matter = answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE, r.in.Matter.GetName()
		c.Words = fmt.Sprintf("Fell due: %s: %s.", guidance.DueWords(c.Due), c.Title)
		if c.Entry != "" {
			c.Words = strings.TrimSuffix(c.Words, ".") + fmt.Sprintf(" (%s, %s).", c.CommitteeName, c.Entry)
		}
		if from < day && day <= r.in.AsOf && !told[c.Words] {
			told[c.Words] = true
			all = append(all, c)
		}
	}
	for _, m := range r.in.Matter.GetMeasures() {
		for _, d := range m.GetDeadlines() {
			if r.in.Measure == "" || r.in.Measure == m.GetId() {
				add(&answersv1.Change{Measure: m.GetId(), Due: d.GetDue(), Title: d.GetTitle()})
			}
		}
	}
	for _, line := range lines {
		for _, act := range line.GetActions() {
			add(&answersv1.Change{
				Committee: line.GetCommittee(), CommitteeName: cmp.Or(line.GetCommitteeName(), line.GetCommittee()), Measure: line.GetMeasure(),
				After: line, Entry: line.GetCurrent().GetAdvisory(), Issued: line.GetCurrent().GetIssued(),
				Due: act.GetDue(), Title: strings.TrimSpace(act.GetVerb() + " " + act.GetObject()),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b *answersv1.Change) int { return guidance.CompareDue(a.Due, b.Due) })
	return all
}
