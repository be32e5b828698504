package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func listing(name string, codes ...string) *guidancev1.Area {
	return &guidancev1.Area{Id: areaID(name), Name: name, PracticeCodes: codes}
}

func TestCommitteeAreasAreDated(t *testing.T) {
	r := fold(putCommittee("kent",
		covers("icb:QKS", "2022-07-01", ""), covers("ccg:91Q", "", "2022-06-30"), covers("icb:QKS", "2022-07-01", "2030-01-01"),
	), putArea("icb:QKS"), putArea("ccg:91Q"))
	for day, want := range map[string]string{"2022-06-30": "ccg:91Q", "2022-07-01": "icb:QKS", "": "icb:QKS"} {
		areas := r.CommitteeAreas("kent", day)
		if len(areas) != 1 || notation.AreaOf(areas[0]).String() != want {
			t.Errorf("on %q: %v, want %s once", day, areas, want)
		}
	}
	if r.CommitteeAreas("avon", "") != nil {
		t.Error("an unknown committee covers something")
	}
}

func TestACommitteeOverAnAreaNobodyRecordedIsListed(t *testing.T) {
	wantProblems(t, fold(putCommittee("kent", covers("icb:QKS", "", ""))), "gpc-england/0: committee kent: covers icb:QKS, which the register does not describe")
}

func TestACommitteeWithoutAnAreaOrOfficeOnTheDayIsNotThere(t *testing.T) {
	r := fold(
		putArea("icb:QKS"), admit("essex"),
		putCommittee("merged-away", covers("icb:QKS", "", "2022-06-30")),
		putCommittee("still-spoken-for", covers("icb:QKS", "", "2022-06-30")), mandate("still-spoken-for", "essex", "", ""),
		putCommittee("without-areas"),
	)
	for day, want := range map[string][]string{
		"2022-06-30": {"merged-away", "still-spoken-for", "without-areas"},
		"2022-07-01": {"still-spoken-for", "without-areas"},
	} {
		if diff := cmp.Diff(want, committeeIDs(r.Committees(day))); diff != "" {
			t.Errorf("committees on %s (-want +got):\n%s", day, diff)
		}
	}
	if r.Committee("merged-away") == nil || r.Committee("never-was") != nil {
		t.Error("a committee by id is found whatever the day, and only if recorded")
	}
}

func TestCommitteesOfPractice(t *testing.T) {
	national := &guidancev1.Committee{
		Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE,
		Areas: []*guidancev1.AreaTenure{covers("icb:QH8", "", "")},
	}
	inner := listing("sub-icb:06Q", "F81001", " f81002 ", "F81001")
	inner.Within = []*guidancev1.AreaId{areaID("icb:QH8")}
	inner.ValidUntil = "2030-12-31"
	r := fold(
		areaRecord(inner), areaRecord(listing("icb:QH8")), areaRecord(listing("sub-icb:99E", "F81002")),
		committeeRecord(national),
		putCommittee("north-essex", covers("icb:QH8", "", "")),
		putCommittee("south-essex", covers("sub-icb:99E", "", "2025-12-31"), covers("icb:ELSE", "", "")), putArea("icb:ELSE"),
	)
	wantProblems(t, r)
	for _, c := range []struct {
		name, code, day string
		want            []string
	}{
		{"through the area around it", "F81001", "2021-10-25", []string{"north-essex"}},
		{"as people type it", " f81001", "2021-10-25", []string{"north-essex"}},
		{"a practice in two committees", "F81002", "2021-10-25", []string{"north-essex", "south-essex"}},
		{"after one of them left the area", "F81002", "2026-01-01", []string{"north-essex"}},
		{"after the area ended", "F81001", "2031-01-01", nil},
		{"unknown", "Y00000", "2021-10-25", nil},
		{"no code", "", "2021-10-25", nil},
	} {
		if diff := cmp.Diff(c.want, committeeIDs(r.CommitteesOfPractice(c.code, c.day))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if diff := cmp.Diff([]string{"sub-icb:06Q", "sub-icb:99E"}, areaNames(r.PracticeAreas("F81002", "2021-10-25"))); diff != "" {
		t.Errorf("areas of a practice (-want +got):\n%s", diff)
	}
}

func TestACommitteeOfAKindNobodyKnowsIsListedAndLeftOut(t *testing.T) {
	for _, kind := range []guidancev1.CommitteeKind{0, 99} {
		r := fold(committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: kind}))
		wantProblems(t, r, "gpc-england/0: committee kent: its kind is not stated, or not one this software knows")
		if r.Committee("kent") != nil {
			t.Errorf("kind %d was taken", kind)
		}
	}
}

// A committee is told whom it was merged from, and whom those were, in the order recorded.
func TestPredecessorsOfPredecessorsAreFoundOnce(t *testing.T) {
	from := func(id string, predecessors ...string) *ledgerv1.RegisterRecord {
		return committeeRecord(&guidancev1.Committee{Id: id, Name: id, Kind: lmc, Predecessors: predecessors})
	}
	r := fold(from("avon"), from("bath", "avon"), from("cumbria", "avon"), from("wessex", "bath", "cumbria"))
	wantProblems(t, r)
	if diff := cmp.Diff([]string{"bath", "cumbria", "avon"}, r.Predecessors("wessex")); diff != "" {
		t.Errorf("predecessors of wessex (-want +got):\n%s", diff)
	}
	if len(r.Predecessors("avon")) > 0 {
		t.Error("avon was merged from nobody")
	}
}
