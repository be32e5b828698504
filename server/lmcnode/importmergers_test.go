package main

import (
	"slices"
	"strings"
	"testing"
)

// The NHS's file has a practice open for long after its LMC told that it merged. Each release that was read without the
// LMC's list opened it again, and counted it beside the one that it is in.
func TestAPracticeThatMergedByAListStaysClosedWhenTheListIsNotReadAgain(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X20001", "92A"}}
	const merged, alone = "X10001,kent,2022-04-01,,X10002\nX10001,kent,,2022-03-31,\nX10002,kent,,,\n", "X10001,kent,,,\nX10002,kent,,,\n"
	k.reads(t, "2022-04-30", map[string]string{"kent": merged})
	notes := k.notesOf(t, k.files("2022-05-31", nil)...)
	if want := "open in the file of practices, and merged by a list that is not read now: X10002 (into X10001 on 1 April 2022). They stay closed; a list of the same LMC without the merger takes it back"; !slices.Contains(notes, want) {
		t.Errorf("not noted: %s\n%q", want, notes)
	}
	k.reads(t, "2022-06-30", map[string]string{"surrey": "X20001,surrey,,,\n"})
	k.reads(t, "2022-07-31", map[string]string{"kent": merged})
	if p := k.reg.Practice("X10002"); p.ValidUntil != "2022-03-31" {
		t.Errorf("X10002 is open until %q", p.ValidUntil)
	}
	k.reads(t, "2022-08-31", map[string]string{"kent": alone})
	if from, into := k.reg.Practice("X10002"), k.reg.Practice("X10001"); from.ValidUntil != "" || len(into.TookOverFrom) > 0 {
		t.Errorf("taken back by the list, X10002 is open until %q, and merged into X10001 is %v", from.ValidUntil, into.TookOverFrom)
	}
}

// Of two LMCs whose lists have the practice that took over, one tells of the merger: the other's list does not take it back.
func TestAMergerIsNotTakenBackByTheListOfAnotherLMC(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}}
	const border = "X10001,surrey,2022-04-01,,\n"
	k.reads(t, "2022-04-30", map[string]string{"kent": "X10001,kent,2022-04-01,,X10002\n", "surrey": border})
	k.reads(t, "2022-05-31", map[string]string{"surrey": border})
	if p := k.reg.Practice("X10002"); p.ValidUntil != "2022-03-31" {
		t.Errorf("X10002 is open until %q", p.ValidUntil)
	}
}

// A row that was set aside closed the practice that it had merged all the same.
func TestAMergerInARowThatIsSetAsideClosesNothing(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X20001", "92A"}}
	lists := map[string]string{"surrey": "sub-icb:92A,surrey,,,\nX10001,kent,2022-04-01,,X10002\n"}
	notes, err := k.spokenFor(t, "2022-04-30", lists, map[string]string{"surrey.csv": "surrey"}, "kent", "surrey")
	if err != nil || !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "set aside for kent") }) {
		t.Errorf("%v, %q", err, notes)
	}
	if p := k.reg.Practice("X10002"); p.ValidUntil != "" {
		t.Errorf("X10002 closed on %s", p.ValidUntil)
	}
}

// A list could close, with a merger that another list had told of, a circle of practices that merged into one another: all
// of them were told that they had closed, and counted nowhere.
func TestAListClosesNoCircleOfMergersWithAnOlderOne(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X20001", "92A"}}
	k.reads(t, "2022-04-30", map[string]string{"kent": "X10001,kent,2022-04-01,,X10002\nX10003,kent,,,\n", "surrey": "X20001,surrey,2022-04-01,,X10001\n"})
	_, err := k.spokenFor(t, "2022-05-31", map[string]string{"surrey": "X20001,surrey,2022-04-01,,X10001\nX10002,surrey,2022-05-01,,X20001\n"}, nil)
	const want = "practices would merge in a circle, and all of them be closed: X20001 took over from X10001 by surrey.csv, row 2, and X10002 took over from X20001 by surrey.csv, row 3; and X10001 took over from X10002 by the register"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v\nwant %s", err, want)
	}
	if p := k.reg.Practice("X20001"); p.ValidUntil != "" {
		t.Errorf("X20001 closed on %s", p.ValidUntil)
	}
	// The same LMC's own list tells the opposite of what it told before: that takes the older merger back.
	k.reads(t, "2022-06-30", map[string]string{"kent": "X10002,kent,2022-04-01,,X10001\n", "surrey": "X20001,surrey,2022-04-01,,\n"})
	if from, into := k.reg.Practice("X10001"), k.reg.Practice("X10002"); from.ValidUntil != "2022-03-31" || into.ValidUntil != "" || len(from.TookOverFrom) > 0 {
		t.Errorf("X10001 %v\nX10002 %v", from, into)
	}
}
