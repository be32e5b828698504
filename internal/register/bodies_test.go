package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func putBody(id, until string, successors ...string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{
		Id: id, Name: id, ValidUntil: until, Successors: successors,
	}}}
}

func merged(id, until string, predecessors ...string) *ledgerv1.RegisterRecord {
	return committeeRecord(&guidancev1.Committee{Id: id, Name: id, Kind: lmc, ValidUntil: until, Predecessors: predecessors})
}

// The cases that domain.md 4.9 names.
func TestAProposerHasCeasedFromTheDayAfterItsLast(t *testing.T) {
	r := fold(
		putBody("surrey-ccg", "2022-06-30", "surrey-icb"),
		putBody("surrey-icb", "2026-03-31", "surrey-sussex-icb"), putBody("surrey-sussex-icb", ""),
		putBody("phe", "2021-09-30"), putBody("split-ccg", "2022-06-30", "surrey-icb", "gpc-england"),
		putBody("nhs-england", ""), putBody("gpc-england", ""), committeeRecord(&guidancev1.Committee{Id: "gpc-england", Name: "GPC England", Kind: lmc}),
		merged("kent", "2026-03-31"), merged("kent-medway", "2027-03-31", "kent"), merged("south-east", "", "kent-medway"),
	)
	wantProblems(t, r)
	for _, c := range []struct {
		name, id, day, until string
		instead              []string
	}{
		{"on its last day it is there", "surrey-ccg", "2022-06-30", "", nil},
		{"the day after it is not", "surrey-ccg", "2022-07-01", "2022-06-30", []string{"surrey-icb"}},
		{"on the last day of what took its place", "surrey-ccg", "2026-03-31", "2022-06-30", []string{"surrey-icb"}},
		{"what took its place has ceased too", "surrey-ccg", "2026-04-01", "2022-06-30", []string{"surrey-sussex-icb"}},
		{"nothing in its place", "phe", "2021-10-01", "2021-09-30", nil},
		{"several, one of them a committee", "split-ccg", "2022-07-01", "2022-06-30", []string{"surrey-icb", "gpc-england"}},
		{"one without a last day", "nhs-england", "2099-01-01", "", nil},
		{"one that the register does not have", "nobody", "2099-01-01", "", nil},
		{"a committee on its last day", "kent", "2026-03-31", "", nil},
		{"a committee that was merged", "kent", "2026-04-01", "2026-03-31", []string{"kent-medway"}},
		{"a committee whose successor was merged", "kent", "2027-04-01", "2026-03-31", []string{"south-east"}},
		{"as it stands last", "kent", "", "2026-03-31", []string{"south-east"}},
	} {
		until, instead := r.Ceased(c.id, c.day)
		var ids []string
		for _, b := range instead {
			ids = append(ids, b.GetId())
		}
		if diff := cmp.Diff(append([]string{c.until}, c.instead...), append([]string{until}, ids...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if _, instead := r.Ceased("split-ccg", "2022-07-01"); instead[1].GetName() != "GPC England" {
		t.Errorf("a committee in a body's place is called %q", instead[1].GetName())
	}
}

func TestABodyThatTookItsOwnPlaceOrWasFollowedByNobodyIsListed(t *testing.T) {
	wantProblems(t, fold(putBody("a", "2022-06-30", "b"), putBody("b", "2022-06-30", "a"), putBody("c", "2022-06-30", "nobody")),
		"gpc-england/2: body c: its successor nobody is not in the register",
		"gpc-england/1: body b: took its own place, through a")
	wantProblems(t, fold(putBody("a", "", "a"), putBody("a", "30 June"), putBody("a", "", "no slug")),
		"gpc-england/0: body a: it cannot have taken its own place",
		`gpc-england/1: body a: "30 June" is not a day: write YYYY-MM-DD`,
		`gpc-england/2: body a: its successor "no slug": ids are lower-case letters, digits and single hyphens, at most 64`)
	r := fold(putBody("a", "2022-06-30", "b"), putBody("b", "2022-06-30", "a"))
	if until, instead := r.Ceased("a", "2022-07-01"); until != "2022-06-30" || instead != nil {
		t.Errorf("of a circle: %s, %v", until, instead)
	}
}
