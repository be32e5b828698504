package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// PlaceSchemes are the areas by which a picture can be told: the schemes of regions and of ICBs.
var PlaceSchemes = []string{"region", "icb"}

// placesKey is what the places of a nation's committees are kept under.
type placesKey struct {
	nation, day string
	area        notation.Area
}

// places are the regions and ICBs of the day of the LMCs that are counted: where an area is asked about, those in which
// they have something of that, for elsewhere they may say something else.
func (r *resolver) places(nation string) []*answersv1.CommitteePlace {
	return r.keep(placesKey{nation, r.in.AsOf, notation.AreaOf(r.in.Area)}, true, func() any {
		var all []*answersv1.CommitteePlace
		for _, c := range r.committees {
			if !isCounted(c) || NationOf(c) != nation || !r.concerns(c) {
				continue
			}
			for _, scheme := range PlaceSchemes {
				places := r.in.Register.PlacesOf(c.GetId(), scheme, r.in.AsOf)
				if r.in.Area != nil {
					own := r.countedAreas(c)
					places = slices.DeleteFunc(places, func(place *guidancev1.AreaId) bool {
						return len(guidance.InCommon(r.in.Register, own, place, r.in.AsOf)) == 0
					})
				}
				for _, area := range places {
					all = append(all, &answersv1.CommitteePlace{Committee: c.GetId(), Area: area, Name: r.in.Register.AreaName(area)})
				}
			}
		}
		return all
	}).([]*answersv1.CommitteePlace)
}

// linePlaces are the regions and ICBs that each of several lines of a committee stands in: what is said of a part of
// its area does not stand where that part has nothing, nor the rest where parts take up all of it.
func (r *resolver) linePlaces(c committeeLines) (all []*answersv1.LinePlace) {
	if len(c.lines) == 1 {
		return nil
	}
	for _, scheme := range PlaceSchemes {
		for _, place := range r.in.Register.PlacesOf(c.GetId(), scheme, r.in.AsOf) {
			here := guidance.InCommon(r.in.Register, r.countedAreas(c.Committee), place, r.in.AsOf)
			for _, line := range c.lines {
				part := line.GetArea()
				stands := len(here) == 0 || slices.ContainsFunc(here, func(own *guidancev1.AreaId) bool { // the rest
					return !slices.ContainsFunc(c.lines, func(o *answersv1.Line) bool { return o.GetArea() != nil && r.contains(o.GetArea(), own) })
				})
				if part != nil {
					stands = len(guidance.InCommon(r.in.Register, []*guidancev1.AreaId{part}, place, r.in.AsOf)) > 0
				}
				if stands {
					all = append(all, &answersv1.LinePlace{Committee: c.GetId(), Part: part, Area: place})
				}
			}
		}
	}
	return all
}

// PlacesIn are the areas of a scheme that a committee of a picture lies in, or has in its areas.
func PlacesIn(pic *answersv1.NationalPicture, committee, scheme string) (all []*answersv1.CommitteePlace) {
	for _, place := range pic.GetPlaces() {
		if place.GetCommittee() == committee && place.GetArea().GetScheme() == scheme {
			all = append(all, place)
		}
	}
	return all
}

// ByArea is how the lines of a picture that can be compared stand to the national one in each area of a scheme,
// with why; a committee in several areas is told of in each. Those without a place by the register come last.
func ByArea(pic *answersv1.NationalPicture, scheme string) *answersv1.AreaList {
	list := &answersv1.AreaList{Matter: pic.GetMatter(), AsOf: pic.GetAsOf(), Scheme: scheme, Completeness: pic.GetCompleteness(), Notices: pic.GetNotices()}
	var nowhere []*answersv1.AreaLine
	for _, t := range pic.GetTables() {
		apartFirst := slices.SortedStableFunc(slices.Values(t.GetLines()), func(a, b *answersv1.Line) int {
			return cmp.Compare(relationRank(a.GetRelation()), relationRank(b.GetRelation()))
		})
		for _, line := range apartFirst {
			if relationRank(line.GetRelation()) == 0 {
				continue
			}
			position := line.GetCurrent().GetPosition()
			one := &answersv1.AreaLine{
				Measure: t.GetMeasure(), MeasureTitle: t.GetTitle(), Committee: line.GetCommittee(), CommitteeName: cmp.Or(line.GetCommitteeName(), line.GetCommittee()), Part: line.GetArea(),
				Relation: line.GetRelation(), Says: phrase(line), Reasons: position.GetReasons(), Rationale: strings.TrimSpace(position.GetRationale()), Advisories: LettersOf(line),
			}
			places := PlacesIn(pic, line.GetCommittee(), scheme)
			if len(places) == 0 {
				nowhere = append(nowhere, one)
			}
			isOf := func(p *answersv1.LinePlace) bool { return p.GetCommittee() == line.GetCommittee() }
			if slices.ContainsFunc(t.GetLinePlaces(), isOf) {
				places = slices.DeleteFunc(places, func(place *answersv1.CommitteePlace) bool {
					return !slices.ContainsFunc(t.GetLinePlaces(), func(p *answersv1.LinePlace) bool {
						return isOf(p) && proto.Equal(p.GetPart(), line.GetArea()) && proto.Equal(p.GetArea(), place.GetArea())
					})
				})
			}
			for i, place := range places {
				in := proto.CloneOf(one)
				in.Area, in.AreaName = place.GetArea(), cmp.Or(place.GetName(), place.GetArea().GetCode())
				for j, other := range places {
					if i != j {
						in.AlsoIn = append(in.AlsoIn, cmp.Or(other.GetName(), other.GetArea().GetCode()))
					}
				}
				list.Lines = append(list.Lines, in)
			}
		}
	}
	slices.SortStableFunc(list.Lines, func(a, b *answersv1.AreaLine) int {
		return cmp.Or(cmp.Compare(a.AreaName, b.AreaName), notation.AreaOf(a.Area).Compare(notation.AreaOf(b.Area)))
	})
	list.Lines = append(list.Lines, nowhere...)
	return list
}

// relationRank sorts what stands apart from the national line before what is the same; 0: there is nothing to compare.
func relationRank(r answersv1.Relation) int {
	return 1 + slices.Index([]answersv1.Relation{
		answersv1.Relation_RELATION_DIVERGENT, answersv1.Relation_RELATION_STRONGER, answersv1.Relation_RELATION_WEAKER,
		answersv1.Relation_RELATION_NOT_COMPARABLE, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS, answersv1.Relation_RELATION_ALIGNED,
	}, r)
}

// AreaCSV is how lines stand by area, a row each that can stand alone, as CSV is.
func AreaCSV(list *answersv1.AreaList, pic *answersv1.NationalPicture) ([]byte, error) {
	rows := [][]string{{"matter", "areas", "area", "area name", "measure", "title", "committee", "name", "also in", "part", "to the national line", "says", "reasons", "rationale in words", "advisories", "as of", "complete", "completeness", "notices", "asked of"}}
	for _, one := range list.GetLines() {
		area, part := "", ""
		if one.GetArea() != nil {
			area = notation.AreaOf(one.GetArea()).String()
		}
		if one.GetPart() != nil {
			part = notation.AreaOf(one.GetPart()).String()
		}
		rows = append(rows, []string{
			list.GetMatter().GetName(), list.GetScheme(), area, one.GetAreaName(), one.GetMeasure(), one.GetMeasureTitle(), one.GetCommittee(), one.GetCommitteeName(), strings.Join(one.GetAlsoIn(), "; "), part,
			guidance.RelationWords(one.GetRelation()), one.GetSays(), reasonsWords(one.GetReasons()), one.GetRationale(), strings.Join(one.GetAdvisories(), " "),
			list.GetAsOf(), strconv.FormatBool(list.GetCompleteness().GetComplete()), list.GetCompleteness().GetWords(), noticesCell(list.GetNotices(), pic), readersOn(one.GetMeasure(), pic),
		})
	}
	return written(rows)
}

func reasonsWords(reasons []guidancev1.Reason) string {
	var words []string
	for _, r := range reasons {
		words = append(words, guidance.ReasonWords(r))
	}
	return strings.Join(words, "; ")
}
