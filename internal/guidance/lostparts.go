package guidance

import (
	"slices"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// lostPart is what became of a part of a position: of whoever asked these questions.
type lostPart struct {
	of     *assertion
	ending *answersv1.Ending // nil: nothing has ended it
	over   *Entry            // but a later line stands over it
	moved  *v1.AreaId        // or this area is another committee's now
	now    []string          // the committees whose that is
	former *v1.AreaId        // or this area is no more
	into   []*v1.AreaId      // and of these, which took its place, it is not the whole; none: nothing did
	asked  []query
}

// partsOf are what became of all parts of an entry for a committee.
type partsOf struct {
	lost []*lostPart
	kept bool
	all  map[*assertion][]query // all that may be asked of each
}

func (p *Prepared) partsFor(e *Entry, committee, day string, matters func(string) *v1.Matter, speaksNow func(*v1.AreaId) []string) partsOf {
	out := partsOf{all: map[*assertion][]query{}}
	lose := func(f lostPart, q query) {
		i := slices.IndexFunc(out.lost, func(o *lostPart) bool {
			if f.moved != nil { // of whatever it says there
				return o.moved != nil && sameArea(o.moved, f.moved)
			}
			return o.of == f.of && o.over == f.over && o.moved == nil && o.former == f.former && proto.Equal(o.ending, f.ending)
		})
		if i < 0 {
			i, out.lost = len(out.lost), append(out.lost, &f)
		}
		out.lost[i].asked = append(out.lost[i].asked, q)
	}
	said := 0
	for _, s := range p.byEntry.of(e.ID) {
		if p.stopped() {
			break
		}
		if !slices.Contains(s.position.GetCommittees(), committee) {
			continue
		}
		said++
		questions := p.everyQuestion(s, committee, day, matters)
		for i := range questions {
			if !s.waits {
				questions[i].day = max(day, s.from)
			}
		}
		out.all[s] = questions
		moved, all := p.movedFrom(s, committee, day, speaksNow)
		for _, f := range moved {
			q := questions[0]
			q.area = f.moved
			lose(f, q)
		}
		if all {
			continue
		}
		stands := false
		for _, q := range questions {
			end, gone := p.end(q, s, p.amending(q, s))
			since := lapsedSince(q, s)
			answers := func(own *assertion) bool { // of the same letter, and not this
				return own != s && !own.mention && own.position.GetMeasure() == q.measure && own.scope == s.scope && own.isFor(q.audience) && p.covers(q, own) && slices.Contains(own.position.GetCommittees(), committee)
			}
			elsewhere := func(f lostPart) bool { return q.place() != nil && p.contains(f.moved, q.place(), day) }
			if slices.ContainsFunc(moved, elsewhere) || q.measure != s.position.GetMeasure() && slices.ContainsFunc(p.byEntry.of(e.ID), answers) {
				continue
			}
			switch over := p.over(q, s); {
			case gone:
				lose(lostPart{of: s, ending: end.told()}, q)
			case since != "":
				lapse := ended{assertion: s, how: lapsed, since: since}
				lose(lostPart{of: s, ending: lapse.told()}, q)
			case q.day <= day && over != nil:
				lose(lostPart{of: s, over: over}, q)
			default:
				stands = true
			}
		}
		if out.kept = out.kept || stands; !stands {
			continue
		}
		told := p.readSince(s, committee)
		for _, area := range told.extent {
			now := p.reg.InPlaceOf(area, day)
			into := slices.DeleteFunc(slices.Clone(now), func(area *v1.AreaId) bool { return p.holdsIn(told, area) })
			if p.reg.HasArea(area) && (len(now) == 0 || len(into) > 0) {
				lose(lostPart{of: s, former: area, into: into}, questions[0])
			}
		}
	}
	out.kept = out.kept || said == 0 // it takes no position, and stands as a whole
	return out
}

// over is the letter whose line answers a question that an assertion once did, of its committee or of one
// that this was merged into, and is newer; nil: there is none.
func (p *Prepared) over(q query, s *assertion) *Entry {
	for _, q.committee = range p.whoAnswers(q.committee, q.day) {
		now := p.answer(q).current
		if now != nil && !s.mention && !now.mention && !now.report && now.entry.ID != s.entry.ID && newestFirst(now, s) < 0 {
			return now.entry
		}
	}
	return nil
}

// movedFrom are the areas in which a position was told and where another committee, and neither the one
// it is of nor one merged from that, speaks now; and whether those are all.
func (p *Prepared) movedFrom(s *assertion, committee, day string, speaksNow func(*v1.AreaId) []string) (moved []lostPart, all bool) {
	was := s.extent
	covered := p.reg.CommitteeAreas(committee, s.issued.latest)
	if was == nil {
		was = covered
	} else if len(covered) > 0 { // of what it names, it was told in what was the committee's
		meet := func(area *v1.AreaId) bool {
			return slices.ContainsFunc(covered, func(own *v1.AreaId) bool {
				return p.contains(own, area, s.issued.latest) || p.contains(area, own, s.issued.latest)
			})
		}
		was = slices.DeleteFunc(slices.Clone(was), func(area *v1.AreaId) bool { return !meet(area) })
	}
	own := append(p.reg.Successors(committee), committee)
	covers := func(area *v1.AreaId) bool {
		return slices.ContainsFunc(own, func(c string) bool {
			return slices.ContainsFunc(p.reg.CommitteeAreas(c, day), func(o *v1.AreaId) bool { return p.contains(o, area, day) || p.contains(area, o, day) })
		})
	}
	all = len(was) > 0
	for _, area := range was {
		for _, now := range p.reg.InPlaceOf(area, day) {
			var by []string
			if !covers(now) {
				by = speaksNow(now)
			}
			if all = all && len(by) > 0; len(by) > 0 {
				moved = append(moved, lostPart{of: s, moved: now, now: by})
			}
		}
	}
	return moved, all && len(moved) > 0
}
