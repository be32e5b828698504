package picture

import (
	"cmp"
	"context"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Combined returns the current positions of every committee on the matter, or on the
// measure asked about: the national line at the head (of the reader's own nation),
// the reader's own committees first and the others by name, other bodies apart.
//
// A committee's headline is its whole-matter line, else its line on the first measure
// listed that has one (domain.md 2). Where it has none, the first mention stands
// there, else the first line that ended, so that a withdrawal is not read as silence,
// else the first of which something may already have been issued, or waits.
func Combined(ctx context.Context, in Input) (*answersv1.CombinedView, error) {
	s := newSheet(ctx, in)
	view := &answersv1.CombinedView{
		Matter: in.Matter, Measure: in.Measure, Audience: s.audience(in.Measure), AsOf: in.AsOf,
		KnownAtFeed: in.KnownAt, KnownAtTime: in.KnownAtTime,
		Deadlines: s.deadlines(), Completeness: s.completeness(),
	}
	if err := s.fill(ctx, view); err != nil {
		return nil, err
	}
	view.Notices = notices(in.Matter, viewLines(view))
	view.Words = s.viewWords(view)
	return view, nil
}

// fill puts every committee where it belongs in the view.
func (s *sheet) fill(ctx context.Context, view *answersv1.CombinedView) error {
	head, _ := s.nationalCommittee(s.readersNation())
	for _, c := range s.committees {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !s.isPlaced(c) {
			continue
		}
		switch one := s.committeeView(c); {
		case isCounted(c):
			view.Committees = append(view.Committees, one)
		case isNational(c) && c.GetId() == head.GetId():
			view.National = one
		default:
			view.OtherBodies = append(view.OtherBodies, one)
		}
	}
	slices.SortStableFunc(view.Committees, func(a, b *answersv1.CommitteeView) int {
		return cmp.Compare(ownFirst(a), ownFirst(b))
	})
	return ctx.Err()
}

func ownFirst(c *answersv1.CommitteeView) int {
	if c.GetOwn() {
		return 0
	}
	return 1
}

// readersNation is the nation whose line heads the view.
func (s *sheet) readersNation() string {
	for _, c := range s.committees {
		if s.isOwn(c) {
			return nationOf(c)
		}
	}
	return defaultNation
}

func (s *sheet) committeeView(c Committee) *answersv1.CommitteeView {
	lines := s.headline(c)
	return &answersv1.CommitteeView{
		Headline: lines[0], Parts: lines[1:], OwnMeasureLines: s.ownMeasureLines(c),
		Own: s.isOwn(c), Contact: s.contact(c, lines[0]),
	}
}

// contact is whom to ask of a line: whoever the advisory it comes from names, with a
// way to reach them; else the office.
func (s *sheet) contact(c Committee, line *answersv1.Line) *guidancev1.Contact {
	from := line.GetCurrent().GetAdvisory()
	for i := range s.in.Entries {
		named := s.in.Entries[i].Advisory.GetContact()
		if s.in.Entries[i].ID == from && cmp.Or(named.GetTelephone(), named.GetEmail(), named.GetUrl()) != "" {
			return named
		}
	}
	return c.Contact
}

// headline is the lines a committee is shown by: those of the first topic with the
// most to say.
func (s *sheet) headline(c Committee) []*answersv1.Line {
	var best []*answersv1.Line
	for _, measure := range s.measures() {
		lines := s.lines(c, measure)
		if best == nil || rank(lines) > rank(best) {
			best = lines
		}
		if rank(best) == lineRank || !s.named[topic{c.GetId(), anything}] {
			break
		}
	}
	return best
}

// What a line has to say, from nothing to a stance.
const (
	silenceRank = iota
	hintRank    // something may have been issued, waits, or was reported
	endedRank   // what it said no longer holds
	mentionRank // it mentions, relays or consults
	lineRank
)

// rank is the best that any of the lines has to say.
func rank(lines []*answersv1.Line) int {
	best := silenceRank
	for _, line := range lines {
		best = max(best, rankOf(line))
	}
	return best
}

func rankOf(line *answersv1.Line) int {
	switch {
	case takesLine(line):
		return lineRank
	case line.GetState() != answersv1.LineState_LINE_STATE_NO_LINE:
		return mentionRank
	case line.GetNoLine().GetEnded() != "":
		return endedRank
	case len(statements(line)) > 0:
		return hintRank
	}
	return silenceRank
}

// takesLine says whether a line takes a stance, its own or reported, rather than
// mentioning, relaying or consulting.
func takesLine(line *answersv1.Line) bool {
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED, answersv1.LineState_LINE_STATE_CONTESTED:
		return true
	case answersv1.LineState_LINE_STATE_REPORTED:
		stance := line.GetCurrent().GetPosition().GetStance()
		return stance != guidancev1.Stance_STANCE_INFORMATION_ONLY && stance != guidancev1.Stance_STANCE_CONSULTING
	}
	return false
}

// ownMeasureLines counts the measures with a line that was said of the measure
// itself, not of the whole matter.
func (s *sheet) ownMeasureLines(c Committee) int32 {
	n := int32(0)
	for _, m := range s.in.Matter.GetMeasures() {
		if s.named[topic{c.GetId(), m.GetId()}] && slices.ContainsFunc(s.resolve(c, m.GetId()), isOnMeasureItself) {
			n++
		}
	}
	return n
}

func isOnMeasureItself(line *answersv1.Line) bool {
	said := line.GetCurrent()
	if contested := line.GetContested(); len(contested) > 0 {
		said = contested[0]
	}
	return takesLine(line) && said.GetPosition().GetMeasure() == line.GetMeasure()
}

// deadlines are what falls due on or after the day, by day; a day without a time is
// due at its end.
func (s *sheet) deadlines() []*guidancev1.Deadline {
	var due []*guidancev1.Deadline
	for _, m := range s.in.Matter.GetMeasures() {
		if s.in.Measure != "" && s.in.Measure != m.GetId() {
			continue
		}
		for _, d := range m.GetDeadlines() {
			if d.GetDay() >= s.in.AsOf {
				due = append(due, d)
			}
		}
	}
	slices.SortStableFunc(due, func(a, b *guidancev1.Deadline) int {
		return cmp.Or(cmp.Compare(a.GetDay(), b.GetDay()), cmp.Compare(cmp.Or(a.GetTime(), "24:00"), cmp.Or(b.GetTime(), "24:00")))
	})
	return due
}

// viewLines are all lines of a view.
func viewLines(view *answersv1.CombinedView) []*answersv1.Line {
	var all []*answersv1.Line
	for _, group := range [][]*answersv1.CommitteeView{{view.National}, view.Committees, view.OtherBodies} {
		for _, c := range group {
			if c != nil {
				all = append(append(all, c.Headline), c.Parts...)
			}
		}
	}
	return all
}

// notices are what an answer must be shown with: the matter's, then those of what is
// shown, each once, by text.
func notices(matter *guidancev1.Matter, lines []*answersv1.Line) []string {
	var all []string
	for _, line := range lines {
		for _, said := range statements(line) {
			all = append(all, said.GetNotice())
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	all = slices.DeleteFunc(all, func(n string) bool { return n == "" || n == matter.GetNotice() })
	if n := matter.GetNotice(); n != "" {
		all = slices.Insert(all, 0, n)
	}
	return all
}

// statements are everything a line shows.
func statements(line *answersv1.Line) []*answersv1.Statement {
	said := slices.Concat(line.GetContested(), line.GetBeside(), line.GetReportedSince(), line.GetMayHaveBeenIssued(), line.GetWaiting())
	if line.GetCurrent() != nil {
		said = append(said, line.GetCurrent())
	}
	return said
}

// viewWords says what a reader of an empty view, or of one for an area, should know.
func (s *sheet) viewWords(view *answersv1.CombinedView) string {
	var words []string
	if s.in.Area != nil {
		words = append(words, s.areaWords(view)...)
	}
	if rank(viewLines(view)) < mentionRank {
		words = append(words, "No advice on “"+s.in.Matter.GetTitle()+"” that holds on "+guidance.DayWords(s.in.AsOf)+" is known here.")
	}
	return sentences(words)
}

func (s *sheet) areaWords(view *answersv1.CombinedView) []string {
	var words []string
	if len(view.Committees) == 0 {
		words = append(words, "No LMC of the register covers "+areaName(s.in.Area)+".")
	}
	var unplaced []string
	for _, c := range s.committees {
		if isCounted(c) && len(s.areas(c)) == 0 {
			unplaced = append(unplaced, displayName(c))
		}
	}
	if len(unplaced) > 0 {
		words = append(words, "The register names no areas for "+notation.List(unplaced)+": whether they cover it is not known.")
	}
	return words
}
