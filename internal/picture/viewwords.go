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

// standsWithout: a letter that asks something on the matter, or is on it, and takes no position on it, so that no line
// shows it, stands for some committee, which it asks something where it is not on the matter.
func (r *resolver) standsWithout(e *guidance.Entry, isOf func(committee string) bool) bool {
	if !r.isIssued(e) {
		return false
	}
	end := r.prepared.EndOf(*e, r.in.AsOf, func(name string) *guidancev1.Matter {
		if name != r.in.Matter.GetName() {
			return nil
		}
		return r.in.Matter
	})
	return slices.ContainsFunc(end.Committees, func(st *answersv1.CommitteeStanding) bool {
		return st.GetCurrent() && isOf(st.GetCommittee()) && r.isOnItFor(e, st.GetCommittee())
	})
}

// isOnItFor: a letter without a line is on the matter, or asks something on it of a committee's, or takes a position of others alone
// for whom it speaks too: where a measure is asked about, on that or on the whole.
func (r *resolver) isOnItFor(e *guidance.Entry, committee string) bool {
	matter := r.in.Matter.GetName()
	onIt := func(measure string) bool { return r.in.Measure == "" || measure == "" || measure == r.in.Measure }
	on := slices.DeleteFunc(slices.Clone(guidance.Positions(e.Advisory)), func(position *guidancev1.Position) bool { return position.GetMatter() != matter })
	if len(on) > 0 {
		return !guidance.SpeaksFor(e.Advisory, committee) && slices.ContainsFunc(on, func(position *guidancev1.Position) bool { return onIt(position.GetMeasure()) })
	}
	return slices.Contains(e.Advisory.GetMatters(), matter) || slices.ContainsFunc(guidance.Actions(e.Advisory), func(o *guidancev1.Action) bool {
		return onIt(o.GetMeasure()) && guidance.ActionMatter(e.Advisory, o) == matter && (len(o.GetCommittees()) == 0 || slices.Contains(o.GetCommittees(), committee))
	})
}

func (r *resolver) isIssued(e *guidance.Entry) bool { return e.Issued().GetLatest() <= r.in.AsOf }

// noMore says that the area asked about is not there on the day, and what took over from it; empty: it is, or the register never
// had it.
func (r *resolver) noMore() string {
	isIt := func(now *guidancev1.AreaId) bool { return notation.AreaOf(now) == notation.AreaOf(r.in.Area) }
	if r.in.Area == nil || !r.in.Register.HasArea(r.in.Area) {
		return ""
	}
	now := r.in.Register.InPlaceOf(r.in.Area, r.in.AsOf)
	if slices.ContainsFunc(now, isIt) {
		return ""
	}
	words := "By the register there is no " + guidance.AreaWords(r.in.Area, r.in.Register.AreaName(r.in.Area)) + " on " + guidance.DayWords(r.in.AsOf)
	var took []string
	for _, area := range now {
		took = append(took, guidance.AreaWords(area, r.in.Register.AreaName(area)))
	}
	if len(took) > 0 {
		words += ": ask for what took over from it, " + notation.List(took)
	}
	return words + "."
}

// withoutAreas says which committees have no areas in the register, or only such as are no more, so that
// nobody knows whether they cover the area asked about, or a list that lies nowhere; empty: none is asked about, or it is
// known of all.
func (r *resolver) withoutAreas() string {
	if r.in.Area == nil {
		return ""
	}
	var without, gone, lost []string
	for _, c := range r.committees {
		switch {
		case isCounted(c) && len(r.areas(c)) == 0:
			without = append(without, displayName(c))
		case r.mayCover(c):
			gone = append(gone, displayName(c))
		case isCounted(c) && r.listsNowhere(c):
			lost = append(lost, displayName(c))
		}
	}
	var words []string
	if len(without) > 0 {
		words = append(words, "The register names no areas for "+notation.List(without)+": whether they cover it is not known.")
	}
	if len(gone) > 0 {
		words = append(words, "What the register has "+notation.List(gone)+" cover was merged into an area that this is part of: whether they cover it is not known.")
	}
	if len(lost) > 0 {
		words = append(words, "Practices on the list of "+notation.List(lost)+" lie there and are left out, for the register does not say in which area that list does: whoever keeps it imports the lists of practices again (lmcnode areas import).")
	}
	return strings.Join(words, " ")
}

// HeadChanges says with what changed between two looks of which area, group and readers alone that was asked, and, of the area,
// that it is not there on one of their days, or of whom it is not known whether they cover it.
func HeadChanges(ctx context.Context, before, after Input, resp *answersv1.GetChangesResponse) {
	then, now := newResolver(ctx, before), newResolver(ctx, after)
	resp.Area, resp.AreaName, resp.Scope, resp.Audience = after.Area, after.Register.AreaName(after.Area), now.scope(), after.Audience
	if after.Measure != "" || after.Whole {
		resp.Audience = now.audience(after.Measure)
	}
	words := []string{resp.Words, then.noMore(), now.noMore(), then.withoutAreas(), now.withoutAreas()}
	if words[2] != "" {
		words[1] = "" // the later day's has what to ask for
	}
	switch {
	case words[3] == words[4]:
		words[3] = ""
	case words[3] != "":
		words[3] = "On " + guidance.DayWords(before.AsOf) + ": " + words[3]
	}
	resp.Words = notation.Joined(" ", words...)
}

// listScheme is that of areas that are LMCs' lists of practices: none lies in another, but those of LMCs that merged in that of the one
// they merged into.
const listScheme = "lmc"

// listsNowhere: a list of a committee, recorded before there were areas around lists, lies in none, and practices on it lie
// in the area asked about.
func (r *resolver) listsNowhere(c Committee) bool {
	return slices.ContainsFunc(r.areas(c), func(own *guidancev1.AreaId) bool {
		if own.GetScheme() != listScheme || r.contains(r.in.Area, own) || r.contains(own, r.in.Area) {
			return false
		}
		list := r.in.Register.Area(own, r.in.AsOf)
		return len(list.GetWithin())+len(list.GetLiesIn()) == 0 && slices.ContainsFunc(list.GetPracticeCodes(), func(code string) bool {
			return slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), func(in *guidancev1.AreaId) bool { return r.contains(r.in.Area, in) })
		})
	})
}

// WithoutALine are the entries that are on a matter and take no position there, by name.
func WithoutALine(ctx context.Context, in Input) (names []string) {
	r := newResolver(ctx, in)
	for _, e := range r.in.Said.withoutOne {
		if r.isIssued(e) {
			names = append(names, e.ID)
		}
	}
	return names
}

// withoutOne are the letters on the matter without a line, in the order of their days, whatever that of
// their arrival.
func (r *resolver) withoutOne() []*guidance.Entry {
	return slices.SortedFunc(slices.Values(r.in.Said.withoutOne), func(a, b *guidance.Entry) int {
		return cmp.Or(cmp.Compare(a.Issued().GetLatest(), b.Issued().GetLatest()), guidance.CompareEntries(a, b))
	})
}

// viewWords is what a reader of an empty view, or of one for an area, should know.
func (r *resolver) viewWords(view *answersv1.CombinedView, best int) string {
	var words []string
	if r.in.Area != nil {
		area := guidance.AreaWords(r.in.Area, r.in.Register.AreaName(r.in.Area))
		var covering []string // of other nations, shown apart if they say anything
		for _, c := range r.committees {
			if isCounted(c) && r.concerns(c) {
				covering = append(covering, displayName(c))
			}
		}
		switch {
		case len(view.Committees)+len(view.OtherNations) > 0:
		case len(covering) > 0:
			words = append(words, area+" is covered by "+notation.List(covering)+", of another nation: nothing said for it on this is known here.")
		default:
			words = append(words, cmp.Or(r.noMore(), "No LMC of the register covers "+area+"."))
		}
		if of := r.withoutAreas(); of != "" {
			words = append(words, of)
		}
	}
	for _, e := range r.withoutOne() {
		if r.standsWithout(e, func(c string) bool { return slices.Contains(r.in.Own, c) }) {
			does := "asks something on this and takes no position"
			switch matter := r.in.Matter.GetName(); {
			case slices.ContainsFunc(e.Advisory.GetPositions(), func(position *guidancev1.Position) bool { return position.GetMatter() == matter }):
				does = "is on this too, and takes no position of your LMC's"
			case slices.Contains(e.Advisory.GetMatters(), matter):
				does = "is on this too and takes no position"
			}
			words = append(words, fmt.Sprintf("%s (%s) %s: read it with lmc advisory %s.", e.ID, guidance.RangeWords(e.Issued()), does, e.ID))
		}
	}
	if best < mentionRank && !r.ownAlone { // else others may have said something
		on := r.in.Matter.GetTitle()
		if r.in.Measure != "" {
			on = cmp.Or(guidance.MeasureOf(r.in.Matter, r.in.Measure).GetTitle(), r.in.Measure)
		}
		told := func(c *answersv1.CommitteeView) bool {
			return slices.ContainsFunc(append(slices.Clip(c.GetMeasures()), c.GetHeadline()), func(line *answersv1.Line) bool {
				return takesLine(line) || len(line.GetSaidToOthers())+len(line.GetSaidToPart())+len(line.GetGroups())+len(line.GetFormerAreas())+len(line.GetUnknownAreas()) > 0
			})
		}
		none := "No advice on “" + on + "” that holds on " + guidance.DayWords(r.in.AsOf) + " is known here."
		if slices.ContainsFunc(view.GetCommittees(), told) {
			none = "No advice on “" + on + "” that holds on " + guidance.DayWords(r.in.AsOf) + " is known here for " + guidance.AudienceWords(view.GetAudience()) + " in general; others were told something, as stands below."
		}
		words = append(words, none)
	}
	return strings.Join(words, " ")
}
