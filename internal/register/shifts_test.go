package register

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Over a reorganisation practices become another LMC's though nobody says another word: whose, from whom, to
// whom, and how many patients they have by the list of each day.
func TestPracticesThatBecameAnotherLMCsAreTold(t *testing.T) {
	before := fold(putArea("sub-icb:06Q"), putArea("sub-icb:06T"), putArea("sub-icb:07H"), putCommittee("north-essex", covers("sub-icb:06Q", "", "")), putCommittee("suffolk", covers("sub-icb:06T", "", "")), putCommittee("west-essex", covers("sub-icb:07H", "", "")),
		listOf("2022-06-30",
			practice("F81001", "sub-icb:06Q"), practice("F81002", "sub-icb:06T ..2022-06-30", "sub-icb:06Q 2022-07-01"), practice("F81003", "sub-icb:06T ..2022-06-30", "sub-icb:06Q 2022-07-01"),
			practice("F81004", "sub-icb:06T"), practice("F81005", "sub-icb:07H"), practice("F81006", "sub-icb:06Q ..2022-06-30")),
		patientsOf("2022-06-30", map[string]uint32{"F81001": 5000, "F81002": 2000, "F81003": 1000, "F81004": 700, "F81005": 50, "F81006": 9}))
	wantProblems(t, before)
	var got []string
	for _, shift := range Shifts(before, before, "2022-06-30", "2022-07-01", nil) {
		words := fmt.Sprintf("%s: %d -> %d practices, %d -> %d patients", shift.Committee, shift.PracticesBefore, shift.PracticesAfter, shift.PatientsBefore, shift.PatientsAfter)
		for _, m := range shift.Moved {
			words += fmt.Sprintf("; %d %v %s", m.Practices, m.Came, strings.Join(m.Committees, " "))
		}
		got = append(got, words)
	}
	if diff := cmp.Diff([]string{
		"north-essex: 2 -> 3 practices, 5009 -> 8000 patients; 2 true suffolk; 1 false ",
		"suffolk: 3 -> 1 practices, 3700 -> 700 patients; 2 false north-essex",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := Shifts(before, before, "2022-06-01", "2022-06-30", nil); len(again) > 0 {
		t.Errorf("nothing changed: %v", again)
	}
}

// A practice that merged into one of another LMC, or of its own, was told as one that closed, or is in no LMC's area.
func TestPracticesThatMergedAreToldAsMerged(t *testing.T) {
	merged := func(code, area string) *guidancev1.Practice {
		p := practice(code, area)
		p.ValidUntil = "2022-06-30"
		return p
	}
	tookOver := practice("F81001", "sub-icb:06Q")
	tookOver.TookOverFrom = []string{"F81002", "F81003"}
	r := fold(putArea("sub-icb:06Q"), putArea("sub-icb:06T"), putCommittee("north-essex", covers("sub-icb:06Q", "", "")), putCommittee("suffolk", covers("sub-icb:06T", "", "")),
		listOf("2022-06-30", tookOver, merged("F81002", "sub-icb:06T"), merged("F81003", "sub-icb:06Q"), merged("F81004", "sub-icb:06T"), practice("F81005", "sub-icb:06T")),
		patientsOf("2022-06-30", map[string]uint32{"F81001": 5000, "F81002": 200, "F81003": 30, "F81004": 4, "F81005": 1}))
	wantProblems(t, r)
	if diff := cmp.Diff([]Shift{
		{"north-essex", 2, 1, 5030, 5230, []Moved{{[]string{"suffolk"}, true, true, 1}, {[]string{"north-essex"}, false, true, 1}}},
		{"suffolk", 3, 1, 205, 1, []Moved{{nil, false, false, 1}, {[]string{"north-essex"}, false, true, 1}}},
	}, Shifts(r, r, "2022-06-30", "2022-07-01", nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
