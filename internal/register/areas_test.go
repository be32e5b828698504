package register

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func TestContains(t *testing.T) {
	dated := areaRecord(&guidancev1.Area{
		Id: areaID("sub-icb:06Q"), Name: "Mid Essex", ValidFrom: "2013-04-01", ValidUntil: "2022-06-30",
		Within: []*guidancev1.AreaId{areaID("icb:QH8")},
	})
	r := fold(dated, putArea("icb:QH8", "region:east"), putArea("region:east", "nation:e"), putArea("icb:A", "icb:B"), putArea("icb:B", "icb:A"))
	for _, c := range []struct {
		name, outer, inner, day string
		want                    bool
	}{
		{"itself", "sub-icb:06Q", "sub-icb:06Q", "2021-10-25", true},
		{"itself, even when it is gone", "sub-icb:06Q", "sub-icb:06Q", "2023-01-01", true},
		{"itself, even when nobody recorded it", "icb:NOWHERE", "icb:NOWHERE", "", true},
		{"the next outer one", "icb:QH8", "sub-icb:06Q", "2021-10-25", true},
		{"the one beyond", "region:east", "sub-icb:06Q", "2021-10-25", true},
		{"one that is only named", "nation:e", "sub-icb:06Q", "2021-10-25", true},
		{"not the other way round", "sub-icb:06Q", "icb:QH8", "2021-10-25", false},
		{"not after the inner one ended", "icb:QH8", "sub-icb:06Q", "2022-07-01", false},
		{"on the last day", "icb:QH8", "sub-icb:06Q", "2022-06-30", true},
		{"not before it began", "icb:QH8", "sub-icb:06Q", "2013-03-31", false},
		{"around a cycle", "icb:A", "icb:B", "", true},
		{"out of a cycle", "icb:QH8", "icb:A", "", false},
		{"another scheme", "icb:06Q", "sub-icb:06Q", "2021-10-25", false},
	} {
		if got := r.Contains(areaID(c.outer), areaID(c.inner), c.day); got != c.want {
			t.Errorf("%s: %s contains %s on %q: %v", c.name, c.outer, c.inner, c.day, got)
		}
	}
	if r.Contains(nil, nil, "") || r.Contains(areaID("icb:QH8"), nil, "") {
		t.Error("no area contains or lies in something")
	}
	wantProblems(t, r, "gpc-england/4: area icb:B: lies within itself, through icb:A")
}

func TestALongChainOfAreasIsReadInTime(t *testing.T) {
	var bodies []*ledgerv1.RegisterRecord
	for i := range 3000 {
		bodies = append(bodies, putArea(fmt.Sprint("chain:", i), fmt.Sprint("chain:", i+1)))
	}
	r := fold(append(bodies, putArea("chain:3000", "chain:3000"))...)
	wantProblems(t, r, "area chain:3000: lies within itself, through chain:3000")
	if !r.Contains(areaID("chain:3000"), areaID("chain:0"), "") || r.Contains(areaID("chain:0"), areaID("chain:3000"), "") {
		t.Error("the end of the chain does not contain its beginning, and only so")
	}
}

func TestContainsNeedsEveryAreaOnTheWayToExist(t *testing.T) {
	gone := areaRecord(&guidancev1.Area{Id: areaID("icb:QH8"), Name: "x", ValidUntil: "2021-12-31", Within: []*guidancev1.AreaId{areaID("region:east")}})
	r := fold(putArea("sub-icb:06Q", "icb:QH8"), gone, putArea("region:east"))
	for day, want := range map[string]bool{"2021-12-31": true, "2022-01-01": false} {
		for _, outer := range []string{"icb:QH8", "region:east"} {
			if got := r.Contains(areaID(outer), areaID("sub-icb:06Q"), day); got != want {
				t.Errorf("%s on %s: %v", outer, day, got)
			}
		}
	}
}

func TestContainmentIsReflexiveTransitiveAndDated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bodies []*ledgerv1.RegisterRecord
		for range rapid.IntRange(0, 8).Draw(t, "areas") {
			bodies = append(bodies, areaRecord(&guidancev1.Area{
				Id: areaID(anyArea(t)), Name: "x", ValidFrom: anyDay(t),
				Within: []*guidancev1.AreaId{areaID(anyArea(t)), areaID(anyArea(t))},
			}))
		}
		r, day := fold(bodies...), anyDay(t)
		a, b, c := areaID(anyArea(t)), areaID(anyArea(t)), areaID(anyArea(t))
		if !r.Contains(a, a, day) {
			t.Fatalf("%v does not contain itself", a)
		}
		if r.Contains(a, b, day) && r.Contains(b, c, day) && !r.Contains(a, c, day) {
			t.Fatalf("%v contains %v contains %v on %q, but not the last", a, b, c, day)
		}
		if !proto.Equal(a, b) && r.Contains(a, b, day) && len(r.areas) > 0 {
			if _, recorded := r.areas[notation.AreaOf(b)]; recorded && r.Area(b, day) == nil {
				t.Fatalf("%v lies in %v on %q, when it does not exist", b, a, day)
			}
		}
	})
}

func anyArea(t *rapid.T) string { return rapid.SampledFrom(someArea).Draw(t, "area") }

func TestAreasAreReadAsTheyAreOnTheDay(t *testing.T) {
	r := fold(
		areaRecord(&guidancev1.Area{Id: areaID("ccg:06Q"), Name: "Mid Essex CCG", ValidUntil: "2022-06-30", Successors: []*guidancev1.AreaId{areaID("sub-icb:06Q")}}),
		areaRecord(&guidancev1.Area{Id: areaID("sub-icb:06Q"), Name: "Mid Essex", ValidFrom: "2022-07-01", Successors: []*guidancev1.AreaId{areaID("ccg:06Q")}}),
	)
	for day, want := range map[string][]string{"2022-06-30": {"ccg:06Q"}, "2022-07-01": {"sub-icb:06Q"}, "": {"sub-icb:06Q"}} {
		if diff := cmp.Diff(want, areaNames(r.Areas(day))); diff != "" {
			t.Errorf("areas on %q (-want +got):\n%s", day, diff)
		}
		if diff := cmp.Diff(want, idNames(r.InPlaceOf(areaID("ccg:06Q"), day))); diff != "" {
			t.Errorf("in the place of ccg:06Q on %q (-want +got):\n%s", day, diff)
		}
	}
	if r.Area(areaID("ccg:06Q"), "2022-07-01") != nil || r.Area(areaID("ccg:06Q"), "2022-06-30").GetName() != "Mid Essex CCG" {
		t.Error("an area is not read by its dates")
	}
	if diff := cmp.Diff([]string{"ccg:06Q", "sub-icb:06Q"}, areaNames(r.FindArea(" 06q "))); diff != "" {
		t.Errorf("found by code (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ccg:06Q"}, areaNames(r.FindArea("CCG:06Q"))); diff != "" {
		t.Errorf("found in its scheme (-want +got):\n%s", diff)
	}
}

func TestICBCodesOfFiveCharactersAreCodesLikeAnyOther(t *testing.T) {
	r := fold(putArea("sub-icb:06Q", "icb:X1Y2Z"), putArea("icb:X1Y2Z"), putArea("icb:QH8"))
	wantProblems(t, r)
	if !r.Contains(areaID("icb:X1Y2Z"), areaID("sub-icb:06Q"), "") || len(r.FindArea("x1y2z")) != 1 {
		t.Error("the area with five characters is not known")
	}
}

func TestAnAreaWithoutDataHasNoneAndNotZero(t *testing.T) {
	zero := areaRecord(&guidancev1.Area{Id: areaID("icb:ZERO"), Name: "x", Practices: proto.Int32(0), Release: "1 May 2022"})
	r := fold(putArea("icb:NONE"), zero)
	if r.Area(areaID("icb:NONE"), "").Practices != nil || r.Area(areaID("icb:ZERO"), "").Practices == nil {
		t.Error("no data and zero are not told apart")
	}
}

// Numbers recorded again take the place of those before, and are not added to them.
func TestNumbersRecordedAgainAreCountedOnce(t *testing.T) {
	many := areaRecord(&guidancev1.Area{Id: areaID("icb:QH8"), Name: "x", Practices: proto.Int32(CountLimit), Patients: proto.Int32(CountLimit)})
	wantProblems(t, fold(many, many, many))
	one := areaRecord(&guidancev1.Area{Id: areaID("icb:QKS"), Name: "x", Practices: proto.Int32(1)})
	wantProblems(t, fold(many, many, one), "area icb:QKS: with it the areas would have over")
}

func TestASecondRecordReplacesTheFirst(t *testing.T) {
	r := fold(
		putArea("icb:QH8"), putCommittee("kent", covers("icb:QH8", "", "")),
		areaRecord(&guidancev1.Area{Id: areaID("icb:QH8"), Name: "second"}),
		committeeRecord(&guidancev1.Committee{Id: "kent", Name: "second", Kind: lmc}),
	)
	if r.Area(areaID("icb:QH8"), "").GetName() != "second" || r.Committee("kent").GetName() != "second" || len(r.CommitteeAreas("kent", "")) != 0 {
		t.Error("the second record does not stand")
	}
	wantProblems(t, r)
}

// Every link of a chain of successions must be from one area alone: icb:NEW took over from
// icb:MID, and that from two (domain.md 4.9).
func TestAnAreaComesFromAnotherOnlyOneToOne(t *testing.T) {
	dated := func(name, from, until, successor string) *ledgerv1.RegisterRecord {
		a := &guidancev1.Area{Id: areaID(name), Name: name, ValidFrom: from, ValidUntil: until}
		if successor != "" {
			a.Successors = []*guidancev1.AreaId{areaID(successor)}
		}
		return areaRecord(a)
	}
	r := fold(
		dated("icb:ONE", "", "2021-03-31", "icb:MID"), dated("icb:TWO", "", "2021-03-31", "icb:MID"),
		dated("icb:MID", "2021-04-01", "2022-03-31", "icb:NEW"), dated("icb:NEW", "2022-04-01", "", ""),
	)
	wantProblems(t, r)
	for _, c := range []struct{ of, day, want string }{
		{"icb:NEW", "2022-04-01", "icb:NEW"},
		{"icb:NEW", "2022-03-31", "icb:MID"},
		{"icb:NEW", "2021-04-01", "icb:MID"},
		{"icb:NEW", "2021-03-31", ""},
		{"icb:MID", "2021-03-31", ""},
		{"icb:ONE", "2021-03-31", "icb:ONE"},
		{"icb:ONE", "2021-04-01", ""},
		{"icb:NOWHERE", "2021-04-01", ""},
	} {
		got := ""
		if id := r.Origin(areaID(c.of), c.day); id != nil {
			got = notation.AreaOf(id).String()
		}
		if got != c.want {
			t.Errorf("%s came from %q on %s, want %q", c.of, got, c.day, c.want)
		}
	}
	if diff := cmp.Diff([]string{"icb:NEW"}, idNames(r.InPlaceOf(areaID("icb:TWO"), "2022-04-01"))); diff != "" {
		t.Errorf("in the place of icb:TWO, two successions later (-want +got):\n%s", diff)
	}
}

// What the register answers of areas over time is what its records say, read in the plainest
// way (domain.md 4.9).
func TestAreasOverTimeAreAsTheRecordsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"x:A", "x:B", "x:C", "x:D", "x:E"}
		few := func(what string) (ids []*guidancev1.AreaId) {
			for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(t, what) {
				ids = append(ids, areaID(name))
			}
			return ids
		}
		var bodies []*ledgerv1.RegisterRecord
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 5, rapid.ID).Draw(t, "recorded") {
			a := &guidancev1.Area{Id: areaID(name), Name: "x", Within: few("within"), Successors: few("successors")}
			a.ValidFrom = rapid.SampledFrom([]string{"", "2021-01-10", "2021-01-20"}).Draw(t, "from")
			a.ValidUntil = rapid.SampledFrom([]string{"", "2021-01-20", "2021-01-30"}).Draw(t, "until")
			bodies = append(bodies, areaRecord(a))
		}
		r := fold(bodies...)
		day := rapid.SampledFrom([]string{"2021-01-09", "2021-01-10", "2021-01-20", "2021-01-21", "2021-01-31"}).Draw(t, "day")
		for _, name := range names {
			id := areaID(name)
			var within []string
			for _, inner := range r.Areas(day) {
				if r.Contains(id, inner.GetId(), day) && !r.Contains(inner.GetId(), id, day) {
					within = append(within, notation.AreaOf(inner.GetId()).String())
				}
			}
			if diff := cmp.Diff(within, idNames(r.Within(id, day)), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("within %s on %s (-want +got):\n%s\n%v", name, day, diff, bodies)
			}
			if want, got := originOf(r, id, day, 0), r.Origin(id, day); !proto.Equal(want, got) {
				t.Fatalf("%s came on %s from %v, want %v\n%v", name, day, got, want, bodies)
			}
			if diff := cmp.Diff(inPlaceOf(r, id, day, 0), idNames(r.InPlaceOf(id, day)), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("in the place of %s on %s (-want +got):\n%s\n%v", name, day, diff, bodies)
			}
		}
	})
}

// originOf is an area while it exists; before it, the origin of the only one it took over from.
func originOf(r *Register, id *guidancev1.AreaId, day string, steps int) *guidancev1.AreaId {
	a := r.areas[notation.AreaOf(id)].record
	if a == nil || r.Area(id, day) != nil {
		return a.GetId()
	}
	var from []*guidancev1.AreaId
	for _, old := range r.areas {
		if slices.ContainsFunc(old.record.GetSuccessors(), func(s *guidancev1.AreaId) bool { return proto.Equal(s, id) }) {
			from = append(from, old.record.GetId())
		}
	}
	if a.GetValidFrom() <= day || len(from) != 1 || steps > len(r.areas) {
		return nil
	}
	return originOf(r, from[0], day, steps+1)
}

// inPlaceOf is an area while it exists; else what stands in the place of each successor.
func inPlaceOf(r *Register, id *guidancev1.AreaId, day string, steps int) (names []string) {
	a := r.areas[notation.AreaOf(id)].record
	if r.Area(id, day) != nil {
		return []string{notation.AreaOf(id).String()}
	}
	for _, later := range a.GetSuccessors() {
		if steps <= len(r.areas) {
			names = append(names, inPlaceOf(r, later, day, steps+1)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
