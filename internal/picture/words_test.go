package picture

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestCompletenessWords(t *testing.T) {
	late := timestamppb.New(time.Date(2021, 10, 27, 23, 30, 0, 0, time.UTC)) // the 28th in London
	for _, c := range []struct {
		in   *answersv1.Completeness
		want string
	}{
		{nil, "Whether anything is missing is not known."},
		{&answersv1.Completeness{Complete: true}, "Everything known to have been published is here."},
		{
			&answersv1.Completeness{Complete: true, NotJoined: []string{"kent", "avon", "devon"}},
			"Everything known to have been published is here. Nothing published yet by: avon, devon and kent.",
		},
		{
			&answersv1.Completeness{
				Behind:   []*answersv1.OfficeLag{{Office: "essex", Seen: 10, Held: 7, SinceTime: late}, {Office: "kent", Seen: 1}},
				Withheld: map[string]int32{"wessex": 2, "avon": 1, "devon": 0}, NotHeld: map[string]int32{"avon": 3},
				NotUnderstood: map[string]int32{"kent": 1},
			},
			"This answer is not complete. Behind essex since 28 October 2021: 7 of 10 entries are here. Behind kent: 0 of 1 entries are here. " +
				"Entries not open to this reader: avon 1, wessex 2. Entries not fetched yet: avon 3. Entries not understood by this version: kent 1.",
		},
	} {
		if got := CompletenessWords(c.in); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}

func TestEveryColumnReasonAndUnitHasWords(t *testing.T) {
	for kind := range answersv1.ColumnKind_name {
		words := ColumnWords(&answersv1.Column{Kind: answersv1.ColumnKind(kind), Stance: refuse, Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT})
		if words == "" || kind != 0 && words == "not known" {
			t.Errorf("column kind %d: %q", kind, words)
		}
	}
	seen := map[string]bool{}
	for reason := range answersv1.NoLineReason_name {
		seen[ReasonWords(answersv1.NoLineReason(reason))] = true
	}
	if len(seen) != len(answersv1.NoLineReason_name)-1 { // not set reads as not known
		t.Errorf("reasons %v", seen)
	}
	for _, unit := range units {
		if one, many := UnitWords(unit, 1), UnitWords(unit, 2); one == "" || one == many {
			t.Errorf("%q, %q", one, many)
		}
	}
}

func TestPhraseHasWordsForEveryState(t *testing.T) {
	seen := map[string]int32{}
	for state := range answersv1.LineState_name {
		line := &answersv1.Line{State: answersv1.LineState(state), Current: &answersv1.Statement{Advisory: "kent/0", Position: &v1.Position{Stance: refuse, Provisional: true}}}
		got := phrase(line)
		if other, again := seen[got]; again {
			t.Errorf("states %d and %d: %q", state, other, got)
		}
		if seen[got] = state; got == "" || state == 1 && got != "refuse, for now (kent/0)" {
			t.Errorf("state %d: %q", state, got)
		}
	}
}

func TestWordsAreWithoutJargon(t *testing.T) {
	for _, unit := range units {
		text := pictureText(nationalPicture(october().input(), unit, ""))
		for _, jargon := range []string{"UNSPECIFIED", "STANCE_", "COLUMN_", "NO_LINE_REASON"} {
			if strings.Contains(text, jargon) {
				t.Errorf("%s in %s", jargon, text)
			}
		}
	}
}
