package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// areaRows are the lines by area in short.
func areaRows(in Input, scheme string) (rows []string) {
	for _, one := range ByArea(nationalPicture(in, byCommittee, ""), scheme).GetLines() {
		row := fmt.Sprintf("%s %q %s: %s", cmp.Or(one.GetAreaName(), "nowhere"), one.GetMeasure(), one.GetCommittee(), strings.ToLower(short(one.GetRelation(), "RELATION_")))
		if len(one.GetAlsoIn()) > 0 {
			row += ", also in " + strings.Join(one.GetAlsoIn(), " ")
		}
		if one.GetPart() != nil {
			row += ", of " + areaText(one.GetPart())
		}
		if one.GetRationale() != "" {
			row += ", why " + one.GetRationale()
		}
		rows = append(rows, row)
	}
	return rows
}

// Who stands apart from the national line is told in each region and ICB of the day, with why; a committee in
// several is told of in each, and one that lies in none last.
func TestLinesAreToldByRegionAndICBOfTheDay(t *testing.T) {
	w := newWorld()
	w.area("region:east", -1, -1)
	w.area("region:south", -1, -1)
	w.area("icb:A", 10, 1000, "region:east").ValidUntil = "2022-03-31"
	w.area("icb:B", 10, 1000, "region:south").ValidUntil = "2022-03-31"
	w.area("icb:C", 20, 2000, "region:south").ValidFrom = "2022-04-01"
	inC := w.area("sub-icb:A1", 5, 500)
	inC.LiesIn = []*v1.AreaTenure{
		{Area: areaID("icb:A"), ValidUntil: "2022-03-31"}, {Area: areaID("icb:C"), ValidFrom: "2022-04-01"},
	}
	w.area("sub-icb:B1", 5, 500, "icb:B")
	w.committee("border", "Border LMC", lmc, "border", "sub-icb:A1", "sub-icb:B1")
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
	w.committee("nowhere", "Nowhere LMC", lmc, "nowhere")
	w.committee("silent", "Silent LMC", lmc, "silent", "icb:B")
	why := func(words string) func(*v1.Advisory) {
		return func(a *v1.Advisory) { a.Positions[0].Rationale = words }
	}
	w.says("gpc-england", "gpc-england", "2021-10-21", against)
	w.says("border", "border", "2021-10-22", refuse, why("no money"))
	w.says("kent", "kent", "2021-10-22", support)
	w.says("kent", "kent", "2021-10-23", against, in("icb:A"), why("too late"))
	w.says("nowhere", "nowhere", "2021-10-22", caution)
	in := w.input()
	in.Whole = true
	if diff := gocmp.Diff([]string{
		`icb:A "" border: stronger, also in icb:B, why no money`,
		`icb:A "" kent: aligned, of "icb:A", why too late`,
		`icb:B "" kent: divergent`,
		`icb:B "" border: stronger, also in icb:A, why no money`,
		`nowhere "" nowhere: weaker`,
	}, areaRows(in, "icb")); diff != "" {
		t.Errorf("by ICB (-want +got):\n%s", diff)
	}
	in.AsOf = "2022-04-02"
	got := areaRows(in, "icb")
	if !slices.ContainsFunc(got, func(row string) bool { return strings.HasPrefix(row, `icb:C "" border: stronger`) }) || slices.ContainsFunc(got, func(row string) bool { return strings.HasPrefix(row, "icb:A") }) {
		t.Errorf("by the ICBs of a later day:\n%s", strings.Join(got, "\n"))
	}
	in.AsOf = "2021-10-28"
	regions := areaRows(in, "region")
	if !slices.Contains(regions, `region:south "" border: stronger, also in region:east, why no money`) {
		t.Errorf("by region:\n%s", strings.Join(regions, "\n"))
	}
	csv, err := AreaCSV(ByArea(nationalPicture(in, byCommittee, ""), "icb"), nationalPicture(in, byCommittee, ""))
	if err != nil || !strings.Contains(string(csv), "further than the national line") || !strings.Contains(string(csv), "no money") {
		t.Errorf("%s %v", csv, err)
	}
	all, err := CSV(nationalPicture(in, byCommittee, ""))
	if err != nil || !strings.Contains(string(all), ",no money,region:east region:east; region:south region:south,icb:A icb:A; icb:B icb:B,") {
		t.Errorf("%s %v", all, err)
	}
}

// Whoever asked about an area that an LMC lies in only partly was answered by its line for all its areas, and about
// one within its own, by one line where it has several there.
func TestAnAreaIsAnsweredByWhatIsSaidThere(t *testing.T) {
	w := newWorld()
	for _, icb := range []string{"icb:QJG", "icb:QH8"} {
		w.area(icb, -1, -1, "region:east")
	}
	w.area("region:east", -1, -1)
	w.area("sub-icb:06Q", 5, 500, "icb:QH8").PracticeCodes = []string{"F81001"}
	w.area("sub-icb:06T", 3, 300, "icb:QJG").PracticeCodes = []string{"F81002"}
	w.committee("essex", "North Essex LMC", lmc, "essex", "sub-icb:06Q", "sub-icb:06T")
	w.committee("east", "East LMC", lmc, "east", "region:east")
	w.says("gpc-england", "gpc-england", "2021-10-18", refuse)
	w.says("essex", "essex", "2021-10-20", refuse)
	w.says("essex", "essex", "2021-10-21", support, in("icb:QJG"))
	w.says("east", "east", "2021-10-20", refuse)
	w.says("east", "east", "2021-10-21", support, in("sub-icb:06T"))
	for area, want := range map[string][]string{
		"icb:QJG":     {"3 support: east essex"},
		"icb:QH8":     {"5 refuse: east essex"},
		"region:east": {"5 refuse: east essex", "3 support: east essex"},
	} {
		in := w.input()
		in.Area = areaID(area)
		if diff := gocmp.Diff(want, columns(in, byPractice)); diff != "" {
			t.Errorf("practices in %s (-want +got):\n%s", area, diff)
		}
	}
	in := w.input()
	in.Area = areaID("icb:QJG")
	// East is counted by its line for the rest of QJG
	if diff := gocmp.Diff([]string{"1 refuse: east", "1 support: essex"}, columns(in, byCommittee)); diff != "" {
		t.Errorf("committees in QJG (-want +got):\n%s", diff)
	}
	relations := nationalPicture(in, byCommittee, "").GetTables()[0].GetRelations()
	isDivergent := func(of *answersv1.RelationCount) bool {
		return of.GetRelation() == answersv1.Relation_RELATION_DIVERGENT && slices.Contains(of.GetCommittees(), "essex")
	}
	if !slices.ContainsFunc(relations, isDivergent) {
		t.Errorf("North Essex, which supports there: %v", relations)
	}
}

// A line on part of an LMC's area stood under the ICB of the rest too, and the rest under the part's.
func TestALineOnAPartStandsInItsICBAlone(t *testing.T) {
	w := newWorld()
	w.area("icb:QJG", -1, -1)
	w.area("icb:QH8", -1, -1)
	w.area("sub-icb:06Q", 5, 500, "icb:QH8")
	w.area("sub-icb:06T", 3, 300, "icb:QJG")
	w.committee("essex", "North Essex LMC", lmc, "essex", "sub-icb:06Q", "sub-icb:06T")
	w.says("gpc-england", "gpc-england", "2021-10-18", refuse)
	w.says("essex", "essex", "2021-10-20", refuse)
	w.says("essex", "essex", "2021-10-21", support, in("sub-icb:06T"))
	in := w.input()
	in.Whole = true
	if diff := gocmp.Diff([]string{`icb:QH8 "" essex: aligned`, `icb:QJG "" essex: divergent, of "sub-icb:06T"`}, areaRows(in, "icb")); diff != "" {
		t.Errorf("by ICB (-want +got):\n%s", diff)
	}
}

// By ICB, an LMC's line in the ICB asked about stood under another one too, in which it says the opposite.
func TestByICBAnAreaAskedAboutStandsUnderItsOwnAlone(t *testing.T) {
	w := newWorld()
	w.area("region:north", -1, -1)
	w.area("icb:H", 10, 1000, "region:north")
	w.area("icb:C", 10, 1000, "region:north")
	w.area("sub-icb:C9", 5, 500, "icb:C")
	w.committee("hornsea", "Hornsea LMC", lmc, "hornsea", "icb:H", "sub-icb:C9")
	w.committee("calder", "Calder LMC", lmc, "calder", "icb:C")
	w.says("gpc-england", "gpc-england", "2021-10-21", refuse)
	w.says("hornsea", "hornsea", "2021-10-22", refuse, in("icb:H"))
	w.says("hornsea", "hornsea", "2021-10-22", support, in("sub-icb:C9"))
	w.says("calder", "calder", "2021-10-22", refuse)
	in := w.input()
	in.Whole = true
	for area, want := range map[string][]string{
		"icb:H":      {`icb:H "" hornsea: aligned`},
		"icb:C":      {`icb:C "" hornsea: divergent`, `icb:C "" calder: aligned`},
		"sub-icb:C9": {`icb:C "" hornsea: divergent`, `icb:C "" calder: aligned`},
	} {
		in.Area = areaID(area)
		if diff := gocmp.Diff(want, areaRows(in, "icb")); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", area, diff)
		}
	}
	in.Area = areaID("region:north")
	got := strings.Join(areaRows(in, "icb"), "\n")
	if !strings.Contains(got, `icb:C "" hornsea: divergent`) || strings.Contains(got, `icb:H "" hornsea: divergent`) || strings.Contains(got, `icb:C "" hornsea: aligned`) {
		t.Errorf("in the region:\n%s", got)
	}
}
