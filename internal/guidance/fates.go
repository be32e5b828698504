package guidance

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// standingFor is where an entry stands for one committee, and the last of its ends.
func (p *Prepared) standingFor(e *Entry, committee, day string, matters func(string) *v1.Matter) (*answersv1.CommitteeStanding, *ended) {
	st := &answersv1.CommitteeStanding{Committee: committee, NotCounted: WhyNot(e, committee, p.reg)}
	if e.Withdrawal != nil {
		if target := p.entries.of(e.Withdrawal.GetAdvisory()); target != nil && target.Report != nil && target.Office == e.Office && st.NotCounted == answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE {
			st.NotCounted = counts // its own report, which it needs to speak for nobody to take back
		}
		if st.NotCounted == counts && !p.mayWithdraw(e, committee) {
			st.NotCounted = answersv1.NotCountedReason_NOT_COUNTED_REASON_ENDS_NOTHING
		}
		st.Current = st.NotCounted == counts // a withdrawal cannot end
		return st, nil
	}
	if st.NotCounted != counts {
		return st, nil
	}
	var said []*assertion
	for _, s := range p.byEntry.of(e.ID) {
		if slices.Contains(s.position.GetCommittees(), committee) {
			said = append(said, s)
		}
	}
	if len(said) == 0 && e.Report == nil && !SpeaksFor(e.Advisory, committee) { // it takes no position, and can end all the same
		issued, _ := readRange(e.Issued())
		said = []*assertion{{entry: e, position: &v1.Position{}, issued: issued}}
	}
	if len(said) == 0 {
		st.NotCounted = answersv1.NotCountedReason_NOT_COUNTED_REASON_NOT_UNDERSTOOD
		return st, nil
	}
	var last *ended
	add := func(end ended) {
		if last == nil || last.since < end.since {
			last = &end
		}
		st.Endings = withEnding(st.Endings, end)
	}
	var ahead []ended // of what holds only from a later day, and will not then
	fates := map[*assertion][]fate{}
	fatesOf := func(s *assertion) []fate {
		if _, again := fates[s]; !again {
			fates[s] = p.fatesOf(s, committee, firstDay(e, s, day), matters)
		}
		return fates[s]
	}
	for _, s := range said {
		its, never := &answersv1.PositionStanding{Place: int32(s.place)}, []ended{}
		for _, f := range fatesOf(s) {
			anothers := slices.ContainsFunc(said, func(own *assertion) bool { return p.answersBefore(f.query, own, s) })
			switch {
			case f.ends == nil:
				st.Current, its.Current = true, its.Current || !anothers
			case f.ends[0].how == lapsed: // it has not ended, and is told to nobody
				if st.Current = true; !anothers {
					its.Endings = withEnding(its.Endings, f.ends[0])
				}
			case f.ends[0].since > day:
				never = append(never, f.ends[0])
			default:
				for _, end := range f.ends {
					if add(end); !anothers {
						its.Endings = withEnding(its.Endings, end)
					}
				}
			}
		}
		for _, end := range never {
			if ahead = append(ahead, end); !its.Current {
				its.Endings = withEnding(its.Endings, end)
			}
		}
		if len(its.Endings) > 0 && s.position.GetMatter() != "" { // else it is of a letter that takes none
			its.Endings = its.Endings[:min(len(its.Endings), endingsTold)]
			st.Positions = append(st.Positions, its)
		}
	}
	for _, end := range ahead {
		if !st.Current {
			add(end)
		}
	}
	if st.Current && !SpeaksFor(e.Advisory, committee) {
		for _, end := range p.correctionEnds(e, committee, day, matters, fatesOf) {
			add(end)
			st.Current = false
		}
	}
	if len(st.Endings)+len(st.Positions)+len(e.Advisory.GetAmends()) > 0 || slices.ContainsFunc(p.endings.of(e.ID), func(by ending) bool { return by.how == amended }) {
		st.NotAsked = p.notAsked(e, st, matters, fatesOf)
	}
	return st, last
}

// withEnding adds how something ended to what else ended it, the earliest day first.
func withEnding(endings []*answersv1.Ending, end ended) []*answersv1.Ending {
	one := end.told()
	if !slices.ContainsFunc(endings, func(x *answersv1.Ending) bool { return proto.Equal(x, one) }) {
		endings = append(endings, one)
	}
	slices.SortStableFunc(endings, func(x, y *answersv1.Ending) int { return cmp.Compare(x.Day, y.Day) })
	return endings
}

// answersBefore: a line of the same letter on the measure asked about answers before its line on the whole
// matter, which has nothing to lose there.
func (p *Prepared) answersBefore(q query, own, whole *assertion) bool {
	return q.measure != "" && whole.position.GetMeasure() == "" && own.position.GetMeasure() == q.measure && own.position.GetMatter() == q.matter &&
		own.scope == whole.scope && (!own.mention || whole.mention) && own.isFor(q.audience) && p.covers(q, own) && notation.IsWithin(q.day, own.from, own.until)
}

// fate is what became of an assertion on one question that it may answer: how it first ended, and what
// amended it once more, or that it has lapsed; none: it answers.
type fate struct {
	query
	ends []ended
}

// fatesOf are the fates of an assertion for a committee on a day, or on its first one where that is later.
func (p *Prepared) fatesOf(s *assertion, committee, day string, matters func(string) *v1.Matter) []fate {
	return p.fatesOn(p.questionsOf(s, committee, day, matters), s, day)
}

// fatesOn are those on some questions.
func (p *Prepared) fatesOn(questions []query, s *assertion, day string) (all []fate) {
	for _, q := range questions {
		if !s.waits {
			q.day = max(day, s.from)
		}
		f, amending := fate{query: q}, p.amending(q, s)
		if end, gone := p.end(q, s, amending); gone {
			f.ends = append(f.ends, end)
			for _, e := range p.endings.of(s.entry.ID) {
				if again, counts := p.endBy(q, s, e, amending); counts && end.how == amended && e.how == amended && e.by != end.by {
					f.ends = append(f.ends, again)
				}
			}
		} else if since := lapsedSince(q, s); since != "" && since <= day {
			f.ends = []ended{{assertion: s, how: lapsed, since: since}}
		}
		all = append(all, f)
	}
	return all
}

// stillAsks: something that an action of an entry stands with for a committee has not ended, and no other is asked in
// its place; or it stands with nothing for that.
func (p *Prepared) stillAsks(e *Entry, action *v1.Action, committee string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (still, alone bool) {
	alone = true
	for _, c := range p.carriersOf(e, action, committee, matters) {
		stood := func(f fate) bool {
			return c.entry.ID == e.ID || f.ends == nil || f.ends[0].since >= e.Issued().GetLatest()
		}
		alone = alone && !slices.ContainsFunc(fates(c.assertion), stood) // what corrects what had ended is asked by itself
		asks := func(f fate) bool {
			if f.ends != nil {
				return false
			}
			_, in := p.corrected(f.query, c.assertion, c.action)
			return in.entry.ID == e.ID
		}
		if slices.ContainsFunc(p.aboutAction(fates(c.assertion), action), asks) {
			return true, false
		}
	}
	return false, alone
}

// narrowed are those of some fates that what is asked is about, where any is.
func narrowed(of []fate, about func(fate) bool) []fate {
	if !slices.ContainsFunc(of, about) {
		return of
	}
	return slices.DeleteFunc(slices.Clone(of), func(f fate) bool { return !about(f) })
}

// notAsked are the places of those actions of an entry, of which something has ended for a committee, that
// are not asked of its practices, or no more. What stands with no line of the letter goes on while that does.
func (p *Prepared) notAsked(e *Entry, st *answersv1.CommitteeStanding, matters func(string) *v1.Matter, fates func(*assertion) []fate) (places []int32) {
	for i, action := range Actions(e.Advisory) {
		if p.stopped() {
			break
		}
		if of := action.GetCommittees(); len(of) > 0 && !slices.Contains(of, st.Committee) {
			continue
		}
		still, alone := p.stillAsks(e, action, st.Committee, matters, fates)
		if alone {
			ofOthers := func(s *assertion) bool { // and stands with a line for these
				return slices.ContainsFunc(s.position.GetCommittees(), func(c string) bool {
					return p.standsWith(matters(s.position.GetMatter()), e.Advisory, action, s.position, c)
				})
			}
			still = st.Current && (!SpeaksFor(e.Advisory, st.Committee) || !slices.ContainsFunc(p.byEntry.of(e.ID), ofOthers))
		}
		if !still {
			places = append(places, int32(i))
		}
	}
	return places
}
