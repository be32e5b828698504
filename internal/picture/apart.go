package picture

import (
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// toldApart are the practices of a committee that may be told something else than those
// around: in an area, on the day of issue, that something said for it was limited to, where that is
// none of its parts, as it is no more or reaches beyond what the committee covers, or is one that they
// have left since; and those that have come into such an area since, or into what took its place.
func (r *resolver) toldApart(c Committee) map[string]bool {
	if codes, again := r.apart[c.GetId()]; again {
		return codes
	}
	codes, own := map[string]bool{}, r.areas(c)
	committees := append(r.in.Register.Predecessors(c.GetId()), c.GetId())
	said := func(area *guidancev1.AreaId, day string) {
		if !slices.ContainsFunc(own, func(o *guidancev1.AreaId) bool { return !r.contains(area, o) }) {
			return // it is around all that the committee covers
		}
		isPart := func(a *guidancev1.AreaId) bool {
			return slices.ContainsFunc(own, func(o *guidancev1.AreaId) bool { return r.contains(o, a) })
		}
		stayed := map[string]bool{}
		for _, now := range r.in.Register.InPlaceOf(area, r.in.AsOf) {
			part, isSame := isPart(now), notation.AreaOf(now) == notation.AreaOf(area)
			for _, code := range r.in.Register.Area(now, r.in.AsOf).GetPracticeCodes() {
				switch code = notation.PracticeCode(code); {
				case !part:
					codes[code] = true // it may have come into this since
				case isSame:
					stayed[code] = true
				}
			}
		}
		for _, code := range r.in.Register.Area(area, day).GetPracticeCodes() {
			if code = notation.PracticeCode(code); !stayed[code] {
				codes[code] = true
			}
		}
	}
	for _, of := range committees {
		for _, e := range r.in.Said.of[of] {
			day := e.Issued().GetLatest()
			for _, p := range guidance.PositionsOf(*e) {
				switch {
				case p.GetMatter() != r.in.Matter.GetName() || !slices.Contains(p.GetCommittees(), of):
				case of == c.GetId() && p.GetArea() != nil:
					said(p.GetArea(), day)
				case of != c.GetId(): // of what it covered and what it named, or else of what it covered
					if p.GetArea() != nil {
						said(p.GetArea(), day)
					}
					for _, area := range r.in.Register.CommitteeAreas(of, day) {
						said(area, day)
						if p.GetArea() != nil {
							maps.Copy(codes, r.inBoth(p.GetArea(), area, day))
						}
					}
				}
			}
		}
	}
	r.apart[c.GetId()] = codes
	return codes
}

// inBoth are the practices in two areas of which none is within the other, on a day or now: they are told what is limited
// to both, and need lie in no area within both.
func (r *resolver) inBoth(one, other *guidancev1.AreaId, day string) map[string]bool {
	codes := map[string]bool{}
	for _, on := range []string{day, r.in.AsOf} {
		if notation.AreaOf(one) == notation.AreaOf(other) || r.in.Register.Contains(one, other, on) || r.in.Register.Contains(other, one, on) {
			continue
		}
		of := r.in.Register.Area(other, on).GetPracticeCodes()
		for _, code := range r.in.Register.Area(one, on).GetPracticeCodes() {
			if slices.Contains(of, code) {
				codes[notation.PracticeCode(code)] = true
			}
		}
	}
	return codes
}

// toldToPractice is what a committee says to a practice.
func (r *resolver) toldToPractice(c Committee, q question, code string) *answersv1.Line {
	asked := r.asking(c, q)
	asked.Area, asked.Practice = nil, code
	return r.resolve(asked)[0]
}
