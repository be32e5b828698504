package register

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Half a file, cut at the end of a row, is a file; its practices would all be closed.
func TestManyPracticesThatCloseAtOnceAreLookedAtTwice(t *testing.T) {
	practices := func(n, closed int) (all []*guidancev1.Practice) {
		for i := range n {
			p := practice(fmt.Sprintf("F81%03d", i), "sub-icb:06Q")
			if i < closed {
				p.ValidUntil = "2021-10-31"
			}
			all = append(all, p)
		}
		return all
	}
	for _, c := range []struct{ open, close int }{{100, closingAtOnce}, {900, 900 * closingShare / 100}} {
		before := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q"), listOf("2021-09-30", practices(c.open, 0)...)}
		for _, more := range []int{0, 1} {
			changes := changesOf(before, []*ledgerv1.RegisterRecord{listOf("2021-10-31", practices(c.open, c.close+more)...)})
			asked := slices.ContainsFunc(changes, func(words string) bool { return strings.Contains(words, "close or merge at once") })
			if asked != (more == 1) {
				t.Errorf("%d of %d close: asked about: %t", c.close+more, c.open, asked)
			}
		}
	}
}

func TestAReleaseLongAfterTheOneBeforeIsLookedAtTwice(t *testing.T) {
	before := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q"), listOf("2021-01-01", practice("F81001", "sub-icb:06Q"))}
	for day, want := range map[string]bool{"2021-07-20": false, "2021-07-21": true} { // 200 and 201 days
		changes := changesOf(before, []*ledgerv1.RegisterRecord{listOf(day, practice("F81002", "sub-icb:06Q"))})
		if asked := slices.ContainsFunc(changes, func(words string) bool { return strings.Contains(words, "days after") }); asked != want {
			t.Errorf("of %s: asked about: %t\n%s", day, asked, strings.Join(changes, "\n"))
		}
	}
}

// An LMC that covered an area lists the area's practices now: they are its as they were.
func TestAPracticeThatComesIntoItsLMCsListHasNotMoved(t *testing.T) {
	before := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q"), putArea("lmc:kent"), putCommittee("kent", covers("sub-icb:06Q", "", ""), covers("lmc:kent", "", "")), listOf("2021-09-30", practice("F81001", "sub-icb:06Q"))}
	for _, words := range changesOf(before, []*ledgerv1.RegisterRecord{listOf("2021-10-31", practice("F81001", "sub-icb:06Q", "lmc:kent"))}) {
		if strings.Contains(words, "moved") {
			t.Error(words)
		}
	}
	before = append(before, putCommittee("essex", covers("lmc:essex", "", "")), putArea("lmc:essex"))
	changes := changesOf(before, []*ledgerv1.RegisterRecord{listOf("2021-10-31", practice("F81001", "sub-icb:06Q", "lmc:essex"))})
	if !slices.ContainsFunc(changes, func(words string) bool { return words == "practices | added: 1, F81001 Practice F81001, to lmc:essex" }) {
		t.Errorf("into another's list: %q", changes)
	}
}

// A practice that had closed and is open again was said to be changed otherwise, and nobody was asked whether the
// file was an older one.
func TestAPracticeThatIsOpenAgainIsLookedAtTwice(t *testing.T) {
	closed := practice("F81001", "sub-icb:06Q")
	closed.ValidUntil = "2021-08-31"
	before := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q"), listOf("2021-09-30", closed)}
	changes := changesOf(before, []*ledgerv1.RegisterRecord{listOf("2021-10-31", practice("F81001", "sub-icb:06Q"))})
	for _, want := range []string{
		"practices | open again: 1, F81001 Practice F81001, closed on 2021-08-31",
		"practices | Open again after they had closed: 1 practice, F81001 Practice F81001, closed on 2021-08-31. A file that is older than the day it is recorded of looks so.",
	} {
		if !slices.Contains(changes, want) {
			t.Errorf("no %q in %q", want, changes)
		}
	}
}

func TestAPracticeThatClosedYearsAgoHasNotMoved(t *testing.T) {
	closed := practice("F81001", "sub-icb:06Q")
	closed.ValidUntil = "2019-03-31"
	listed := practice("F81001", "sub-icb:06Q", "lmc:kent")
	listed.ValidUntil = "2019-03-31"
	before := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q"), putArea("lmc:kent"), listOf("2021-09-30", closed)}
	for _, words := range changesOf(before, []*ledgerv1.RegisterRecord{listOf("2021-10-31", listed)}) {
		if strings.Contains(words, "moved") {
			t.Error(words)
		}
	}
}
