package picture

import (
	"cmp"
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Combined returns the current positions of every committee on the matter, or on the
// measure asked about: the national line at the head (of the reader's own nation, else of
// the matter's), the reader's own committees first and the others of that nation and the
// matter's by name; LMCs of other nations that have said something, and other bodies, apart.
//
// A committee's headline is its line on the whole matter, or on the measure asked about;
// one without a line on the whole matter has a list of the measures it has lines on
// (domain.md 2). The reader's own committee has its line on each measure it speaks on.
func Combined(ctx context.Context, in Input) (*answersv1.CombinedView, error) {
	view, _, err := CombinedWritten(ctx, in)
	return view, err
}

// CombinedWritten is Combined, with the parts of it that were written out before. They are shared:
// not to be changed.
func CombinedWritten(ctx context.Context, in Input) (*answersv1.CombinedView, Written, error) {
	return newResolver(ctx, in).combined()
}

func (r *resolver) combined() (*answersv1.CombinedView, Written, error) {
	in, ctx, written := r.in, r.ctx, Written{}
	view := &answersv1.CombinedView{
		Matter: in.Matter, Measure: in.Measure, Audience: r.audience(in.Measure), AsOf: in.AsOf,
		KnownAtFeed: in.KnownAt, KnownAtTime: in.KnownAtTime,
		Deadlines: deadlines(in), Completeness: r.completeness(), Scope: r.scope(),
	}
	if in.Measure == "" && !in.Whole {
		view.Ceased = CeasedProposers(in.Register, in.Matter, in.AsOf)
	} else if of := ceasedProposer(in, in.Measure); of != nil {
		view.Ceased = []*answersv1.CeasedProposer{of}
	}
	nations := r.nationsOfMatter()
	for _, c := range slices.Backward(r.committees) {
		if r.isOwn(c) {
			nations = slices.Insert(nations, 0, NationOf(c))
		}
	}
	head, _ := r.nationalCommittee(nations[0])
	best := silenceRank
	var others []*answersv1.CommitteeView
	var noticed []string
	for _, c := range r.committees {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if !r.concerns(c) || r.ownAlone && !r.isOwn(c) && c.GetId() != head.GetId() {
			continue
		}
		kept := r.committeeView(c)
		one := kept.CommitteeView
		if kept.written != nil {
			written[one] = kept.written
		}
		best = max(best, kept.rank)
		noticed = append(noticed, kept.notices...)
		switch {
		case isCounted(c) && one.Own:
			view.Committees = append(view.Committees, one)
		case isCounted(c) && slices.Contains(nations, NationOf(c)):
			others = append(others, one)
		case isCounted(c):
			if kept.rank > silenceRank || one.OwnMeasureLines > 0 || r.isReportedOn(c) {
				view.OtherNations = append(view.OtherNations, one)
			}
		case isNational(c) && c.GetId() == head.GetId():
			view.National = one
		default:
			view.OtherBodies = append(view.OtherBodies, one)
		}
	}
	view.Committees = append(view.Committees, others...)
	view.Notices = notices(in.Matter, noticed)
	view.Words = r.viewWords(view, best)
	return view, written, ctx.Err()
}

// nationsOfMatter are the nations of the committees that the office which opened the matter
// speaks for, a national one's first; there is always one.
func (r *resolver) nationsOfMatter() []string {
	opener := guidance.MatterName(r.in.Matter.GetName()).Office()
	var nations []string
	for _, c := range r.committees {
		switch {
		case c.Office != opener:
		case isNational(c):
			nations = slices.Insert(nations, 0, NationOf(c))
		default:
			nations = append(nations, NationOf(c))
		}
	}
	if len(nations) == 0 {
		return []string{DefaultNation}
	}
	return nations
}

// claimsDuty: its proposer claims that the contract requires a measure, or that doing it would be a
// breach, on the day or later.
func (r *resolver) claimsDuty(m *guidancev1.Measure) bool {
	return slices.ContainsFunc(m.GetClaimedEffects(), func(e *guidancev1.DatedEffect) bool {
		to := guidance.ObligationOn([]*guidancev1.DatedEffect{{Effect: e.GetEffect()}}, nil, r.in.AsOf)
		return (e.GetValidUntil() == "" || e.GetValidUntil() >= r.in.AsOf) &&
			(to == answersv1.Obligation_OBLIGATION_MUST || to == answersv1.Obligation_OBLIGATION_WOULD_BREACH)
	})
}

// newCommitteeView is a committee's headline, the number of measures with a line for the readers of
// the answer that was said of the measure itself, for the reader's own those lines, and whom to ask: whoever
// the advisory of the headline, else of the first of those lines, names with a way to reach
// them; else the office.
func (r *resolver) newCommitteeView(c Committee) *answersv1.CommitteeView {
	const whomAsked = guidancev1.Audience_AUDIENCE_UNSPECIFIED
	lines := r.linesOf(c, r.in.Measure, whomAsked)
	view := &answersv1.CommitteeView{Headline: lines[0], Parts: lines[1:], Own: r.isOwn(c), Contact: c.Contact}
	for _, m := range r.in.Matter.GetMeasures() {
		spoken := r.hasSpokenOn(c, m.GetId())
		if r.in.Whole || !spoken && !(view.Own && r.in.Measure == "" && r.claimsDuty(m)) {
			continue
		}
		addressee, others := r.addressee(m.GetId())
		if !spoken { // only where its line on the whole matter meets a duty: a headline hides none
			if on := r.linesOf(c, m.GetId(), addressee); slices.ContainsFunc(on, takesLine) {
				view.Measures = append(view.Measures, on...)
			}
			continue
		}
		on := r.linesOf(c, m.GetId(), whomAsked)
		ofPage := on
		if readers := r.audience(r.in.Measure); r.audience(m.GetId()) != readers {
			ofPage = r.resolve(r.asking(c, question{measure: m.GetId(), readers: readers}))
		}
		if slices.ContainsFunc(ofPage, func(line *answersv1.Line) bool {
			return takesLine(line) && !line.GetByWholeMatter() && !isReported(line) || willTakeLine(line, m.GetId())
		}) {
			view.OwnMeasureLines++
		}
		if isNational(c) && !view.Own && !r.ownAlone && r.in.Measure == "" { // what it asks of the readers, and how it reads the contract, they are told
			view.Measures = append(view.Measures, slices.DeleteFunc(slices.Clone(ofPage), func(line *answersv1.Line) bool {
				return len(line.GetEffects())+len(askedIn([]*answersv1.Line{line})) == 0
			})...)
			continue
		}
		if !view.Own && !r.ownAlone || r.in.Measure != "" && (!others || m.GetId() != r.in.Measure) {
			continue
		}
		toReaders := r.in.Measure == "" && (!others || r.hasSaidTo(c, m.GetId(), r.audience(m.GetId())))
		toOthers := others && r.hasSaidTo(c, m.GetId(), addressee)
		if toReaders && !slices.ContainsFunc(on, saysNothing) {
			if toOthers { // who have lines of their own below
				on = withoutOthers(on)
			}
			view.Measures = append(view.Measures, on...)
		}
		if toOthers || others && !toReaders && r.in.Measure == "" {
			if theirs := r.linesOf(c, m.GetId(), addressee); !slices.ContainsFunc(theirs, saysNothing) {
				view.Measures = append(view.Measures, withoutOthers(theirs)...)
			}
		}
	}
	for _, line := range append(lines, view.Measures...) {
		if line.GetCurrent() == nil {
			continue
		}
		var named *guidancev1.Contact
		if e := r.prepared.Entry(line.GetCurrent().GetAdvisory()); e != nil {
			named = e.Advisory.GetContact()
		}
		if cmp.Or(named.GetTelephone(), named.GetEmail(), named.GetUrl()) != "" {
			view.Contact = named
			break
		}
	}
	return view
}

// isReportedOn: others report a line of a committee on some measure.
func (r *resolver) isReportedOn(c Committee) bool {
	return slices.ContainsFunc(r.measures(), func(measure string) bool {
		return r.hasSpokenOn(c, measure) && slices.ContainsFunc(r.resolve(r.question(c, measure)), isReported)
	})
}

// isReported: what a line takes, others report, be it that their reports contest each other.
func isReported(line *answersv1.Line) bool {
	return line.GetState() == answersv1.LineState_LINE_STATE_REPORTED || slices.ContainsFunc(line.GetContested(), guidance.IsReported)
}

// hasSpokenOn: something was said of a measure for a committee, or for one it was merged
// from.
func (r *resolver) hasSpokenOn(c Committee, measure string) bool {
	return slices.ContainsFunc(r.saidFor(c), func(id string) bool {
		return slices.Contains(r.in.Said.measures[id], measure)
	})
}

// saidFor are the committees whose words a committee's are: itself and those it was merged from.
func (r *resolver) saidFor(c Committee) []string {
	return append(r.in.Register.Predecessors(c.GetId()), c.GetId())
}

// withoutOthers are lines without what is said to others beside them, who are told of by themselves.
func withoutOthers(lines []*answersv1.Line) []*answersv1.Line {
	all := slices.Clone(lines)
	for i, line := range all {
		if line.GetNoLine() == nil {
			all[i] = withoutToOthers(line, func(*answersv1.Statement) bool { return true })
		}
	}
	return all
}

// withoutToOthers is a line without some of what is said to others beside it, or instead of it.
func withoutToOthers(line *answersv1.Line, told func(*answersv1.Statement) bool) *answersv1.Line {
	if !slices.ContainsFunc(line.GetSaidToOthers(), told) {
		return line
	}
	line = proto.CloneOf(line)
	line.SaidToOthers = slices.DeleteFunc(line.SaidToOthers, told)
	line.Words = guidance.LineWords(line)
	return line
}

// hasSaidTo: something was said of a measure to some readers, or to some of these, for a committee or one it was
// merged from.
func (r *resolver) hasSaidTo(c Committee, measure string, readers guidancev1.Audience) bool {
	isTo := func(a guidancev1.Audience) bool {
		return guidance.Contains(a, readers) || guidance.Contains(readers, a)
	}
	return slices.ContainsFunc(r.saidFor(c), func(id string) bool {
		return slices.ContainsFunc(r.in.Said.of[id], func(e *guidance.Entry) bool {
			return slices.ContainsFunc(guidance.PositionsOf(*e), func(p *guidancev1.Position) bool {
				return p.GetMatter() == r.in.Matter.GetName() && p.GetMeasure() == measure && slices.Contains(p.GetCommittees(), id) && slices.ContainsFunc(p.GetAudiences(), isTo)
			})
		})
	})
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
		switch {
		case takesLine(line), len(line.GetGroups()) > 0, len(line.GetNoLine().GetMeasures()) > 0, len(line.GetSaidToOthers())+len(line.GetFormerAreas())+len(line.GetUnknownAreas()) > 0:
			return lineRank
		case line.GetState() != answersv1.LineState_LINE_STATE_NO_LINE:
			best = max(best, mentionRank)
		case line.GetNoLine().GetEnded() != "":
			best = max(best, endedRank)
		case len(statements(line)) > 0:
			best = max(best, hintRank)
		}
	}
	return best
}

// saysNothing: all that was said is as if it never had been, as where a report was taken back.
func saysNothing(line *answersv1.Line) bool {
	return line.GetNoLine().GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT && len(statements(line))+len(line.GetGroups())+len(line.GetPartLines())+len(line.GetAlsoAsked()) == 0
}

// takesLine: a line takes a stance, its own or reported, rather than mentioning,
// relaying or consulting.
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

// willTakeLine: a committee has a line of its own on a measure that holds from a later day: whoever looks
// at the whole matter today may have a duty by it then.
func willTakeLine(line *answersv1.Line, measure string) bool {
	return slices.ContainsFunc(guidance.WillAnswer(line), func(s *answersv1.Statement) bool {
		stance := s.GetPosition().GetStance()
		return s.GetPosition().GetMeasure() == measure && !guidance.IsReported(s) && stance != guidancev1.Stance_STANCE_INFORMATION_ONLY && stance != guidancev1.Stance_STANCE_CONSULTING
	})
}

// deadlines are what falls due on or after the day, by day, and after that what has no day
// that is known.
func deadlines(in Input) []*guidancev1.Deadline {
	var due []*guidancev1.Deadline
	for _, m := range in.Matter.GetMeasures() {
		if in.Measure != "" && in.Measure != m.GetId() {
			continue
		}
		for _, d := range m.GetDeadlines() {
			if day, _ := guidance.DueMoment(d.GetDue()); day == "" || day >= in.AsOf {
				due = append(due, d)
			}
		}
	}
	slices.SortStableFunc(due, func(a, b *guidancev1.Deadline) int { return guidance.CompareDue(a.GetDue(), b.GetDue()) })
	return due
}

// notices are what an answer must be shown with: the matter's, then those of what is
// shown, each once, by text.
func notices(matter *guidancev1.Matter, shown []string) []string {
	slices.Sort(shown)
	all := slices.Compact(shown)
	all = slices.DeleteFunc(all, func(n string) bool { return n == matter.GetNotice() })
	if n := matter.GetNotice(); n != "" {
		all = slices.Insert(all, 0, n)
	}
	return all
}

// noticesOf are those of what lines show.
func noticesOf(lines []*answersv1.Line) (all []string) {
	for _, line := range lines {
		for _, said := range statements(line) {
			if n := said.GetNotice(); n != "" && !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

// statements are everything a line shows.
func statements(line *answersv1.Line) (said []*answersv1.Statement) {
	for _, shown := range listsOf(line) {
		said = append(said, shown.statements...)
	}
	for _, of := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
		said = append(said, statements(of)...)
	}
	return said
}

// scope is the group asked about; nil: in general.
func (r *resolver) scope() *guidancev1.Scope {
	if r.group == nil {
		return nil
	}
	return r.group.Scope
}

// scopeOf is a group in the words of the newest letter of a committee, or of one it was merged from, else in
// those of the matter, or of the newest letter.
func (r *resolver) scopeOf(committee, id string) *guidancev1.Scope {
	whose := append(r.in.Register.Predecessors(committee), committee)
	var named, any *guidancev1.Scope
	var byOwn, byAny *guidance.Entry
	newer := func(e, than *guidance.Entry) bool {
		return than == nil || cmp.Or(cmp.Compare(e.Issued().GetLatest(), than.Issued().GetLatest()), cmp.Compare(e.ID, than.ID)) > 0
	}
	for i := range r.in.Entries {
		e := &r.in.Entries[i]
		for _, p := range guidance.PositionsOf(*e) {
			if p.GetMatter() != r.in.Matter.GetName() || p.GetScope().GetId() != id {
				continue
			}
			if newer(e, byAny) {
				any, byAny = p.GetScope(), e
			}
			if newer(e, byOwn) && slices.ContainsFunc(p.GetCommittees(), func(c string) bool { return slices.Contains(whose, c) }) {
				named, byOwn = p.GetScope(), e
			}
		}
	}
	for _, measure := range r.in.Matter.GetMeasures() {
		for _, s := range measure.GetScopes() {
			if s.GetId() == id && named == nil {
				named = s
			}
		}
	}
	return cmp.Or(named, any, &guidancev1.Scope{Id: id})
}
