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
		for _, one := range d.answers {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			if (one.before == nil || one.after == nil) && cmp.Or(one.before, one.after).GetState() == answersv1.LineState_LINE_STATE_NO_LINE {
				continue // a committee that had nothing to say came to the register, or left it
			}
			c := r.change(d, one, before)
			all, shown = append(all, c), append(shown, c.Before, c.After)
		}
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

// change is an answer that differs from that of an earlier look.
func (r *resolver) change(d Change, one answerChange, then Input) *answersv1.Change {
	c := &answersv1.Change{
		Kind: changeKind(one.before, one.after), Matter: r.in.Matter.GetName(), Committee: d.Committee, Measure: d.Measure,
		CommitteeName: cmp.Or(one.after.GetCommitteeName(), one.before.GetCommitteeName(), d.Committee),
		Before:        one.before, After: one.after, Scope: one.group(), Readers: one.readers,
	}
	r.cause(c, then)
	if e := r.entry(c.Entry); e != nil {
		c.Issued = e.Issued()
	}
	words := []string{one.words}
	if c.Kind == answersv1.ChangeKind_CHANGE_KIND_MOVED {
		c.Direction = guidance.DirectionOf(stanceOf(c.Before), stanceOf(c.After))
		words = append(words, "It moved "+guidance.DirectionWords(c.Direction)+".")
	}
	switch {
	case c.ByRegister:
		words = append(words, "The register did that, not a letter.")
	case c.Day != "":
		words = append(words, "It came about on "+guidance.DayWords(c.Day)+".")
	}
	if of := r.committee(c.Committee); isMove(c) && c.Day == "" && c.Issued != nil && isCounted(of) {
		words = append(words, r.nationalByThen(c, nationOf(of))...)
	}
	c.Words = strings.Join(words, " ")
	return c
}

// isMove: a committee came to another line, or to or from none.
func isMove(c *answersv1.Change) bool {
	switch c.GetKind() {
	case answersv1.ChangeKind_CHANGE_KIND_NEW, answersv1.ChangeKind_CHANGE_KIND_ENDED, answersv1.ChangeKind_CHANGE_KIND_MOVED:
		return true
	}
	return false
}

// cause says what brought a change about: the letter that says so or that ended what was said,
// else the day, and the letter that began or ceased to hold on it, else the register.
func (r *resolver) cause(c *answersv1.Change, then Input) {
	var said, gone *answersv1.Statement // the newest that answers now and did not, and that did
	was, is := answering(c.Before), answering(c.After)
	for _, s := range is {
		if !has(was, s) && s.GetIssued().GetLatest() >= said.GetIssued().GetLatest() {
			said = s
		}
	}
	ended := ""
	for _, s := range was {
		if has(is, s) {
			continue
		}
		if gone == nil || s.GetIssued().GetLatest() > gone.GetIssued().GetLatest() {
			gone = s
		}
		ended = cmp.Or(ended, r.endedBy(s.GetAdvisory(), c.Committee))
	}
	// What is newer than what it stands in place of brought it about. What is older answers only
	// because that has ended.
	if said != nil && (gone == nil || ended == "" || said.GetIssued().GetLatest() > gone.GetIssued().GetLatest()) {
		switch {
		case !knewOf(then, said):
			c.Entry = said.GetAdvisory()
			return
		case said.GetValidFrom() > then.AsOf:
			c.Entry, c.Day = said.GetAdvisory(), said.GetValidFrom()
			return
		}
	}
	until := gone.GetPosition().GetValidUntil()
	switch no := c.After.GetNoLine(); {
	case ended != "":
		c.Entry = ended
	case until != "" && until < r.in.AsOf:
		c.Entry, c.Day = gone.GetAdvisory(), guidance.NextDay(until)
	case gone != nil && no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
		c.Entry, c.Day = no.GetEnded(), no.GetSince()
	case gone != nil || said != nil || c.Before == nil || c.After == nil:
		c.ByRegister = true
	case c.Kind == answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
		c.Entry = c.After.GetCurrent().GetAdvisory()
		for _, run := range c.After.GetObligations() {
			if from := run.GetValidFrom(); then.AsOf < from && from <= r.in.AsOf {
				c.Day = from
			}
		}
	default:
		c.Entry = r.besideBy(c)
	}
}

// answering are what a line answers by.
func answering(line *answersv1.Line) []*answersv1.Statement {
	if line.GetCurrent() != nil {
		return []*answersv1.Statement{line.GetCurrent()}
	}
	return line.GetContested()
}

// has: a list has a letter's word.
func has(list []*answersv1.Statement, s *answersv1.Statement) bool {
	return slices.ContainsFunc(list, func(o *answersv1.Statement) bool { return o.GetAdvisory() == s.GetAdvisory() })
}

// knewOf: a letter had been recorded by an earlier look, and issued by its day.
func knewOf(then Input, s *answersv1.Statement) bool {
	return s.GetIssued().GetLatest() <= then.AsOf && slices.ContainsFunc(then.Entries, func(e guidance.Entry) bool {
		return e.ID == s.GetAdvisory() && (then.KnownAt == 0 || e.Feed <= then.KnownAt)
	})
}

// besideBy is the letter by which other things stand beside a line: the newest that came, else
// what ended one that stood there, else that itself.
func (r *resolver) besideBy(c *answersv1.Change) (entry string) {
	newest := ""
	for _, b := range newBeside(c.Before, c.After) {
		if entry == "" || b.said.GetIssued().GetLatest() > newest {
			entry, newest = b.said.GetAdvisory(), b.said.GetIssued().GetLatest()
		}
	}
	for _, b := range newBeside(c.After, c.Before) {
		entry = cmp.Or(entry, r.endedBy(b.said.GetAdvisory(), c.Committee), b.said.GetAdvisory())
	}
	return cmp.Or(entry, c.After.GetCurrent().GetAdvisory())
}

// stanceOf is the stance a line takes; of one that is contested or takes none, none.
func stanceOf(line *answersv1.Line) guidancev1.Stance {
	return line.GetCurrent().GetPosition().GetStance()
}

// changeKind compares how much two lines have to say: nothing, something beside a line, or a
// line; and what they say.
func changeKind(before, after *answersv1.Line) answersv1.ChangeKind {
	says := func(line *answersv1.Line) int {
		switch {
		case takesLine(line):
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
	case contractChanged(before, after):
		return answersv1.ChangeKind_CHANGE_KIND_CONTRACT
	case answerText(before) != answerText(after):
		return answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE
	}
	return answersv1.ChangeKind_CHANGE_KIND_BESIDE
}

// committee is one of those on the day, by its id; none is a committee of no kind.
func (r *resolver) committee(id string) Committee {
	for _, c := range r.committees {
		if c.GetId() == id {
			return c
		}
	}
	return Committee{}
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
	q.Audience = cmp.Or(c.Readers, q.Audience)
	q.AsOf = guidance.DayBefore(c.Issued.GetEarliest())
	c.NationalByThen = r.prepared.Resolve(q)[0].GetCurrent()
	days := []string{c.Issued.GetLatest()} // and each on which it may have said something meanwhile
	for i := range r.in.Entries {
		e := &r.in.Entries[i]
		if issued := e.Issued(); slices.Contains(guidance.CommitteesOf(*e), committee.GetId()) && c.Issued.GetEarliest() <= issued.GetLatest() && issued.GetLatest() < c.Issued.GetLatest() {
			days = append(days, issued.GetLatest())
		}
	}
	slices.Sort(days)
	for _, q.AsOf = range slices.Compact(days) {
		line := r.prepared.Resolve(q)[0]
		for _, said := range append(slices.Clone(line.GetMayHaveBeenIssued()), line.GetCurrent()) {
			if said != nil && said.GetAdvisory() != c.Entry && said.GetIssued().GetLatest() >= c.Issued.GetEarliest() && !has(c.OrderNotKnown, said) {
				c.OrderNotKnown = append(c.OrderNotKnown, said)
			}
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
		asking := append([]*answersv1.Line{line}, line.GetGroups()...)
		for _, s := range line.GetSaidToPart() {
			for _, readers := range withinOf(line, s) {
				q := r.question(r.committee(line.GetCommittee()), line.GetMeasure())
				q.Audience, q.Scope = readers, s.GetPosition().GetScope().GetId()
				asking = append(asking, r.prepared.Resolve(q)...)
			}
		}
		for _, from := range asking {
			for _, act := range from.GetActions() {
				add(&answersv1.Change{
					Committee: line.GetCommittee(), CommitteeName: cmp.Or(line.GetCommitteeName(), line.GetCommittee()), Measure: line.GetMeasure(),
					After: from, Entry: from.GetCurrent().GetAdvisory(), Issued: from.GetCurrent().GetIssued(), Scope: from.GetScope(),
					Due: act.GetDue(), Title: strings.TrimSpace(act.GetVerb() + " " + act.GetObject()),
				})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *answersv1.Change) int { return guidance.CompareDue(a.Due, b.Due) })
	return all
}
