package picture

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// An answer limited to an area is about the committees that cover it, for the area
// alone, and about those that have something of theirs within it, for that. National committees and other
// bodies cover none: they are shown wherever they are asked about.

// concerns: the answer is about a committee. It always is about the reader's own.
func (r *resolver) concerns(c Committee) bool {
	within := func(area *guidancev1.AreaId) bool { return r.contains(r.in.Area, area) }
	return r.in.Area == nil || r.isOwn(c) || r.coversAsked(c) || len(r.countedAreas(c)) > 0 ||
		slices.ContainsFunc(r.behind(c), func(now []*guidancev1.AreaId) bool {
			return !slices.ContainsFunc(now, func(area *guidancev1.AreaId) bool { return !within(area) })
		})
}

// behind are what took the place of each of a committee's areas, where all of them are no more: the register
// has not said yet what it covers instead. Nil: one is there.
func (r *resolver) behind(c Committee) (places [][]*guidancev1.AreaId) {
	for _, own := range r.areas(c) {
		now := r.in.Register.InPlaceOf(own, r.in.AsOf)
		if len(now) == 0 || slices.ContainsFunc(now, func(area *guidancev1.AreaId) bool { return notation.AreaOf(area) == notation.AreaOf(own) }) {
			return nil
		}
		places = append(places, now)
	}
	return places
}

// mayCover: the area asked about is a part of what took the place of a committee's: whether it is that
// committee's, nobody knows, and the answer is not about it.
func (r *resolver) mayCover(c Committee) bool {
	return isCounted(c) && !r.concerns(c) && slices.ContainsFunc(slices.Concat(r.behind(c)...), func(now *guidancev1.AreaId) bool {
		return r.contains(now, r.in.Area) || r.contains(r.in.Area, now)
	})
}

// coversAsked: the area asked about is a part of the committee's, or the committee is
// not counted, so that its line is the one for that area.
func (r *resolver) coversAsked(c Committee) bool {
	return !isCounted(c) || slices.ContainsFunc(r.areas(c), func(own *guidancev1.AreaId) bool { return r.contains(own, r.in.Area) })
}

// countedAreas are the areas of a counted committee that an answer counts: all of them,
// or what of them lies in the area asked about.
func (r *resolver) countedAreas(c Committee) []*guidancev1.AreaId {
	areas := r.areas(c)
	switch {
	case r.in.Area == nil:
		return areas
	case r.coversAsked(c):
		return []*guidancev1.AreaId{r.in.Area}
	}
	return guidance.InCommon(r.in.Register, areas, r.in.Area, r.in.AsOf)
}

// reachesBeyond: a committee covers more than what of it lies in the area asked about.
func (r *resolver) reachesBeyond(c Committee) bool {
	return slices.ContainsFunc(r.areas(c), func(own *guidancev1.AreaId) bool { return !r.contains(r.in.Area, own) })
}

func (r *resolver) areas(c Committee) []*guidancev1.AreaId {
	return guidance.OwnAreas(r.in.Register, c.GetId(), r.in.AsOf)
}

func (r *resolver) contains(outer, inner *guidancev1.AreaId) bool {
	return notation.AreaOf(outer) == notation.AreaOf(inner) || r.in.Register.Contains(outer, inner, r.in.AsOf)
}

// isWithin: one area lies strictly within another. Of two that contain each other the
// first by name lies in the second, so that they are counted once.
func (r *resolver) isWithin(inner, outer *guidancev1.AreaId) bool {
	in, out := notation.AreaOf(inner), notation.AreaOf(outer)
	return in != out && r.contains(outer, inner) && (!r.contains(inner, outer) || in.Compare(out) < 0)
}

// covers: an area has something in common with those a counted committee covered at a look, or
// with what they became, or came from, by the other, as the register has them at either; or none are recorded of it.
func (l *looks) covers(r *resolver, c Committee, area notation.Area) bool {
	own := r.areas(c)
	if area == (notation.Area{}) || !isCounted(c) || len(own) == 0 {
		return true
	}
	asked := guidance.AreaID(area)
	for _, register := range []Register{r.in.Register, l.now.in.Register} {
		for _, day := range []string{l.then.in.AsOf, l.now.in.AsOf} {
			for _, one := range own {
				for _, x := range append(register.InPlaceOf(one, day), one) {
					for _, y := range append(register.InPlaceOf(asked, day), asked) {
						if notation.AreaOf(x) == notation.AreaOf(y) || register.Contains(x, y, day) || register.Contains(y, x, day) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}
