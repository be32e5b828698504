package picture

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Changes returns what the later of two looks at a matter answers differently, each with what
// brought it about, which way it moved and what the national committee had said before; the
// reader's own committees first, then the national ones, the other LMCs and other bodies, by
// name; and after them what fell due between the two days, by day. Only of committees that are
// wanted. With it come the notices it must be shown with.
func Changes(ctx context.Context, before, after Input, wanted func(Committee) bool) (all []*answersv1.Change, notes []string, err error) {
	l := lookTwice(ctx, before, after)
	var shown []*answersv1.Line
	seen := map[string]bool{}
	for _, c := range slices.Concat(l.now.committees, l.then.committees) {
		if seen[c.GetId()] || !wanted(c) || l.isMerged(c.GetId()) {
			continue
		}
		seen[c.GetId()] = true
		differences, err := l.differences(c.GetId())
		if err != nil {
			return nil, nil, err
		}
		for _, d := range differences {
			if (d.before == nil || d.after == nil) && cmp.Or(d.before, d.after).GetState() == answersv1.LineState_LINE_STATE_NO_LINE {
				continue // a committee that had nothing to say came to the register, or left it
			}
			all, shown = append(all, l.change(c, d)), append(shown, d.before, d.after)
		}
		if words := l.areasMoved(c.GetId()); words != "" && l.entriesOf(c.GetId()) != nil && l.movedInAsked(c) {
			all = append(all, &answersv1.Change{
				Kind: answersv1.ChangeKind_CHANGE_KIND_AREAS, Matter: l.now.in.Matter.GetName(), Committee: c.GetId(), CommitteeName: displayName(c), CommitteeKind: c.GetKind(), ByRegister: true, Words: words,
			})
		}
	}
	all = append(all, l.withoutALine(wanted)...)
	slices.SortStableFunc(all, func(a, b *answersv1.Change) int {
		return cmp.Or(cmp.Compare(l.standing(a), l.standing(b)), cmp.Compare(a.CommitteeName, b.CommitteeName))
	})
	notes = notices(after.Matter, noticesOf(shown))
	for _, of := range CeasedProposers(after.Register, after.Matter, after.AsOf) {
		notes = append(notes, of.GetWords())
	}
	return append(all, l.fallenDue(wanted)...), notes, ctx.Err()
}

// movedInAsked: what a committee, or those in whose place it came, covered of the area asked about is not at both looks by
// the same one, or not the same; or it is the reader's own, which is told whatever moves.
func (l *looks) movedInAsked(c Committee) bool {
	if l.now.in.Area == nil || l.then.isOwn(c) || l.now.isOwn(c) {
		return true
	}
	if l.mergedFrom(c.GetId()) != nil {
		return len(l.speaking(l.then, c.GetId()))+len(l.speaking(l.now, c.GetId())) > 0
	}
	return !slices.EqualFunc(l.then.countedAreas(c), l.now.countedAreas(c), func(a, b *guidancev1.AreaId) bool { return notation.AreaOf(a) == notation.AreaOf(b) })
}

// withoutALine are the letters that are on the matter, or ask something on it, without a line, stand, and
// were issued or came between the two looks, each for the first of its committees that is wanted. What amends a
// letter that was on this too, and takes its positions on other matters, has nothing to say here unless it asks.
func (l *looks) withoutALine(wanted func(Committee) bool) (all []*answersv1.Change) {
	r := l.now
	if r.in.Measure != "" {
		return nil
	}
	for _, e := range r.withoutOne() {
		day := e.Issued().GetLatest()
		if l.known[e.ID] && day <= l.then.in.AsOf {
			continue
		}
		asks := func(act *guidancev1.Action) bool {
			matter := guidance.ActionMatter(e.Advisory, act)
			return matter == "" || matter == r.in.Matter.GetName()
		}
		if a := e.Advisory; len(a.GetAmends()) > 0 && len(a.GetReplaces()) == 0 && len(a.GetPositions()) > 0 && !slices.ContainsFunc(guidance.Actions(a), asks) {
			continue
		}
		for _, id := range guidance.CommitteesOf(*e) {
			c, there := r.committee(id)
			if !there || !wanted(c) || !r.concerns(c) || !r.standsWithout(e, func(of string) bool { return of == id }) {
				continue
			}
			all = append(all, &answersv1.Change{
				Kind: answersv1.ChangeKind_CHANGE_KIND_LETTER, Matter: r.in.Matter.GetName(), Committee: id, CommitteeName: displayName(c), CommitteeKind: c.GetKind(),
				Entry: e.ID, Issued: e.Issued(), Title: e.Advisory.GetTitle(),
				Words: fmt.Sprintf("%s: “%s” (%s, %s) is on this and takes no position: read it with lmc advisory %s.", displayName(c), e.Advisory.GetTitle(), e.ID, guidance.RangeWords(e.Issued()), e.ID),
			})
			break
		}
	}
	return all
}

// standing is where a committee stands in an answer.
func (l *looks) standing(c *answersv1.Change) int {
	switch kind := c.CommitteeKind; {
	case slices.Contains(l.now.in.Own, c.Committee):
		return 0
	case slices.Contains(l.then.in.Own, c.Committee): // it is not any more
		return 1
	case kind == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
		return 2
	case kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		return 3
	}
	return 4
}

// change is a difference with what it comes to.
func (l *looks) change(of Committee, d difference) *answersv1.Change {
	texts := otherTexts(d.before, d.after)
	c := &answersv1.Change{
		Kind: changeKind(d.before, d.after), Matter: l.now.in.Matter.GetName(), Committee: d.committee, Measure: d.measure,
		CommitteeName: displayName(of), CommitteeKind: of.GetKind(), Before: withoutTexts(d.before, texts...), After: withoutTexts(d.after, texts...), Scope: l.group(d), Readers: d.readers, Area: guidance.AreaID(d.area),
	}
	l.cause(c, d)
	if d.ofAll {
		c.Area, d.area = nil, notation.Area{}
	}
	when := &guidancev1.DayRange{Earliest: c.Day, Latest: c.Day}
	if e := l.now.prepared.Entry(c.Entry); e != nil {
		c.Issued = e.Issued()
		if c.Day == "" {
			when = c.Issued
		}
	}
	words := []string{l.inWords(d, displayName(of))}
	if c.Kind == answersv1.ChangeKind_CHANGE_KIND_MOVED {
		c.Direction = guidance.DirectionOf(stanceOf(c.Before), stanceOf(c.After))
		words = append(words, "It moved "+guidance.DirectionWords(c.Direction)+".")
	}
	switch {
	case c.ByRegister:
		words = append(words, "The register did that, not a letter.")
	case c.Day != "":
		words = append(words, "It came about on "+guidance.DayWords(c.Day)+".")
	case c.ByMatter:
		words = append(words, "The matter was amended; no letter did that.")
	}
	if isMove(c) && when.GetLatest() != "" && isCounted(of) {
		words = append(words, l.nationalByThen(c, NationOf(of), when)...)
	}
	c.Words = strings.Join(words, " ")
	return c
}

// inWords is a difference for people: "North Essex LMC on the whole matter: was nothing
// published here, now refuse (essex/7)."
func (l *looks) inWords(d difference, name string) string {
	words := name + " on " + cmp.Or(d.measure, "the whole matter")
	if d.area != (notation.Area{}) {
		words += " in " + d.area.String()
	}
	if group := l.group(d); group != nil {
		words += ", for " + guidance.ScopeWords(group)
	}
	if d.readers != guidancev1.Audience_AUDIENCE_UNSPECIFIED {
		words += ", to " + guidance.AudienceWords(d.readers)
	}
	was, is, beside := phrase(d.before), phrase(d.after), BesideWords(d.before, d.after)
	switch {
	case d.before == nil:
		words += ": now " + is
	case d.after == nil:
		words += ": was " + was
		switch _, there := l.now.committee(d.committee); {
		case !there:
			return words + "; it is not in the register any more."
		case slices.Contains(l.then.in.Own, d.committee) && !slices.Contains(l.now.in.Own, d.committee):
			return words + "; it is not the practice's LMC any more."
		}
		return words + "; it does not cover that any more."
	case was != is:
		words += ": was " + was + ", now " + is
	case !sameAnswer(d.before, d.after):
		words += ": still " + is + ", but what it says has changed"
	default:
		words += ": still " + is
	}
	words = strings.Join(append([]string{words}, beside...), "; ") + "."
	if contractChanged(d.before, d.after) {
		words += " By what is said of the contract it was: “" + guidance.ObligationWords(d.before.GetObligation()) + "” It is: “" + guidance.ObligationWords(d.after.GetObligation()) + "”"
	}
	return words
}

// group is the group whose answer a difference is, in the words of its line, or of a letter or the matter
// where it has none; nil: in general.
func (l *looks) group(d difference) *guidancev1.Scope {
	if d.scope == "" {
		return nil
	}
	for _, line := range []*answersv1.Line{d.after, d.before} {
		if line.GetScope().GetId() == d.scope {
			return line.GetScope()
		}
	}
	return l.now.scopeOf(d.committee, d.scope)
}

// contractChanged: both advise, and what is said of the contract differs.
func contractChanged(before, after *answersv1.Line) bool {
	const unspecified = answersv1.Obligation_OBLIGATION_UNSPECIFIED
	was, is := before.GetObligation(), after.GetObligation()
	return before.GetCurrent() != nil && after.GetCurrent() != nil && was != is && was != unspecified && is != unspecified
}

// isMove: a committee came to another line, or to or from none.
func isMove(c *answersv1.Change) bool {
	if c.GetByMatter() {
		return false // it is asked of something else
	}
	switch c.GetKind() {
	case answersv1.ChangeKind_CHANGE_KIND_NEW, answersv1.ChangeKind_CHANGE_KIND_ENDED, answersv1.ChangeKind_CHANGE_KIND_MOVED:
		return true
	}
	return false
}

// stanceOf is the stance a line takes; of one that is contested or takes none, none.
func stanceOf(line *answersv1.Line) guidancev1.Stance {
	return line.GetCurrent().GetPosition().GetStance()
}

// changeKind compares how much two lines have to say: nothing, something without a line, a line
// that others report, or a line of its own; and what they say.
func changeKind(before, after *answersv1.Line) answersv1.ChangeKind {
	says := func(line *answersv1.Line) int {
		switch {
		case takesLine(line) && line.GetState() != answersv1.LineState_LINE_STATE_REPORTED:
			return 3
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
	case !sameAnswer(before, after) || before.GetObligation() != after.GetObligation():
		return answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE
	}
	return answersv1.ChangeKind_CHANGE_KIND_BESIDE
}

// nationalByThen adds what a nation's committee had last said before a change, by what it had
// published by then, and what it said, or ended, on days that overlap the change's: which of the
// two came first is not known.
func (l *looks) nationalByThen(c *answersv1.Change, nation string, when *guidancev1.DayRange) (words []string) {
	committee, ok := l.now.nationalCommittee(nation)
	if !ok {
		return nil
	}
	var before, meanwhile []guidance.Entry
	for _, e := range l.entriesOf(committee.GetId()) {
		switch issued := e.Issued(); {
		case issued.GetLatest() < when.GetEarliest():
			before = append(before, e)
		case issued.GetEarliest() <= when.GetLatest() && e.ID != c.Entry && len(meanwhile) < lettersTried:
			meanwhile = append(meanwhile, e)
		}
	}
	by := guidance.Prepare(l.ctx, before, l.now.in.Register)
	said := func(day string, more ...guidance.Entry) *answersv1.Statement {
		w := state{by.Beside(l.ctx, more), l.now.in.Matter, day}
		return l.answerIn(w, question{committee: committee.GetId(), measure: c.Measure, readers: c.Readers}).GetCurrent()
	}
	c.NationalByThen = said(notation.DayBefore(when.GetEarliest()))
	for _, e := range meanwhile {
		day := max(when.GetLatest(), e.Issued().GetLatest())
		without := said(day) // the passing of days is not put down to it
		switch after := said(day, e); {
		case after.GetAdvisory() == e.ID:
			c.OrderNotKnown = append(c.OrderNotKnown, after)
		case without != nil && without.GetAdvisory() == c.NationalByThen.GetAdvisory() && after.GetAdvisory() != without.GetAdvisory():
			c.NationalEndedBy = e.ID
		}
	}
	about := func(s *answersv1.Statement) string {
		reported := ""
		if s.GetSource() != nil {
			reported = "only as reported, "
		}
		return fmt.Sprintf("%s%s (%s, %s)", reported, guidance.PositionNoun(s.GetPosition())+guidance.TermsWords(s.GetPosition()), s.GetAdvisory(), guidance.RangeWords(s.GetIssued()))
	}
	if c.NationalByThen != nil {
		words = append(words, displayName(committee)+" had last said: "+about(c.NationalByThen)+".")
	}
	for _, also := range c.OrderNotKnown {
		words = append(words, displayName(committee)+" also said: "+about(also)+"; which of the two came first is not known.")
	}
	if c.NationalEndedBy != "" {
		words = append(words, displayName(committee)+" ended that ("+c.NationalEndedBy+"); which of the two came first is not known.")
	}
	return words
}

// committee is one of those on the day, by its id.
func (r *resolver) committee(id string) (c Committee, ok bool) {
	i := slices.IndexFunc(r.committees, func(c Committee) bool { return c.GetId() == id })
	if i < 0 {
		return Committee{}, false
	}
	return r.committees[i], true
}
