package main

import (
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A letter whose lines hold only from a later day was called current, one that ends before that too.
func TestALetterAheadIsNotCalledCurrent(t *testing.T) {
	entry := &answersv1.Entry{Name: "essex/7", Content: &answersv1.Entry_Advisory{Advisory: &guidancev1.Advisory{
		Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}, ValidFrom: "2021-12-05", Positions: []*guidancev1.Position{{}},
	}}, Standings: []*answersv1.CommitteeStanding{{Current: true}}}
	resp := &answersv1.VerifyResponse{Genuine: true, Current: true, Entry: entry}
	says := func(today, want string) {
		t.Helper()
		if got := verdict(resp, today); got != want {
			t.Errorf("on %s: %q, want %q", today, got, want)
		}
	}
	says("2021-12-05", "genuine and current: essex/7")
	says("2021-12-04", "genuine; HOLDS FROM 5 December 2021: essex/7")
	resp.Current, entry.Standings[0] = false, &answersv1.CommitteeStanding{}
	says("2021-12-04", "genuine, NOT CURRENT: essex/7")
	entry.Standings[0].Endings = []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_REPLACED, Entry: "essex/9", Day: "2021-12-01"}}
	says("2021-11-30", "genuine; ENDS BEFORE IT WOULD HOLD: essex/7")
	entry.Standings[0].Endings[0].Day = "2021-10-26"
	says("2021-11-30", "genuine, NOT CURRENT: essex/7")
}

// A letter of which a part had ended was called genuine and current.
func TestALetterOfWhichAPartHasEndedIsNotCalledCurrentAsAWhole(t *testing.T) {
	resp := &answersv1.VerifyResponse{Genuine: true, Current: true, CurrentInPart: true, Entry: &answersv1.Entry{Name: "essex/7"}}
	if got, want := verdict(resp, "2021-12-05"), "GENUINE, CURRENT IN PART: essex/7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	resp.Entry.Content = &answersv1.Entry_Advisory{Advisory: &guidancev1.Advisory{ValidFrom: "2021-12-06"}}
	resp.Entry.GetAdvisory().Issued = &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}
	resp.Entry.GetAdvisory().Positions = []*guidancev1.Position{{}}
	if got, want := verdict(resp, "2021-12-05"), "genuine; HOLDS IN PART, FROM 6 December 2021: essex/7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A letter whose lines only wait for a condition was called current.
func TestALetterThatWaitsIsNotCalledCurrent(t *testing.T) {
	waiting := &guidancev1.Position{Committees: []string{"kent"}, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the pay is agreed"}}}
	standing := &answersv1.CommitteeStanding{Committee: "kent", Current: true}
	letter := &guidancev1.Advisory{Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}, Positions: []*guidancev1.Position{waiting}}
	resp := &answersv1.VerifyResponse{Genuine: true, Current: true, Entry: &answersv1.Entry{
		Name: "kent/7", Content: &answersv1.Entry_Advisory{Advisory: letter}, Standings: []*answersv1.CommitteeStanding{standing},
	}}
	says := func(want string) {
		t.Helper()
		if got := verdict(resp, "2021-12-05"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	says("genuine; NOT IN FORCE UNTIL ITS CONDITION IS MET: kent/7")
	letter.Positions = append(letter.Positions, &guidancev1.Position{Committees: []string{"kent"}})
	says("genuine and current; A PART OF IT IS NOT IN FORCE YET: kent/7")
	standing.Positions, resp.CurrentInPart = []*answersv1.PositionStanding{{Place: 1}}, true // what waits is all that is left
	says("genuine; NOT IN FORCE UNTIL ITS CONDITION IS MET: kent/7")
	standing.Positions[0].Place = 0
	says("GENUINE, CURRENT IN PART: kent/7")
}
