package guidance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The letters that cost seconds a question when they were tried: 2,000 that each amend the 64
// before them, and 20 with 64 made-up areas each, which gave 1,281 rows.
func TestLettersThatAmendOneAnotherOrNameMadeUpAreasMakeNoQuestionLong(t *testing.T) {
	var amending, nowhere []Entry
	for i := range 2000 {
		e := say(fmt.Sprintf("essex/%d", i), "2021-10-01", on("north", "engage", refuse))
		for j := max(0, i-64); j < i; j++ {
			e.Advisory.Amends = append(e.Advisory.Amends, fmt.Sprintf("essex/%d", j))
		}
		amending = append(amending, e)
	}
	for i := range 20 {
		e := say(fmt.Sprintf("essex/%d", i), "2021-10-01")
		for j := range 64 {
			e.Advisory.Positions = append(e.Advisory.Positions, on("north", "engage", refuse, in(fmt.Sprintf("X%d-%d", i, j))))
		}
		nowhere = append(nowhere, e)
	}
	for name, c := range map[string]struct {
		entries []Entry
		want    answersv1.LineState
	}{
		"amending": {amending, answersv1.LineState_LINE_STATE_STATED},
		"nowhere":  {nowhere, answersv1.LineState_LINE_STATE_NO_LINE},
	} {
		began := time.Now()
		lines := Prepare(context.Background(), c.entries, register()).Resolve(asked("north engage 2021-10-05"))
		if took := time.Since(began); took > 2*time.Second { // 6.9 s and 1 s as they were tried; milliseconds now
			t.Errorf("%s: %v", name, took)
		}
		if len(lines) != 1 || lines[0].GetState() != c.want {
			t.Errorf("%s: %d rows, the first %v", name, len(lines), lines[0].GetState())
		}
	}
}

// "Ask your LMC" was the answer although the letter and the proposer agreed.
func TestAMeasureLineWithoutAnEffectIsReadAsItsLetterReadsTheWholePlan(t *testing.T) {
	m := matter()
	m.Measures[0].Kind = v1.MeasureKind_MEASURE_KIND_DEMAND
	m.Measures[0].ClaimedEffects = always(notContractual)
	m.Measures[1].Kind = v1.MeasureKind_MEASURE_KIND_OFFER
	letter := say("essex/1", "2021-10-20",
		on("north", "", refuse, effect(always(notContractual)...)), on("north", "engage", against), on("north", "list", against), on("north", "strike", support))
	for question, want := range map[string]answersv1.Obligation{
		"north engage 2021-10-25": answersv1.Obligation_OBLIGATION_MAY,
		"north list 2021-10-25":   answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC, // an offer: nothing is inherited
		"north strike 2021-10-25": answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC, // another proposer's
	} {
		q := asked(question)
		q.Matter = m
		if line := resolve(q, []Entry{letter}, register())[0]; line.GetObligation() != want {
			t.Errorf("%s: %v, want %v", question, line.GetObligation(), want)
		}
	}
}

// "Against it as policy, your choice as a practice", of something in the contract: pay
// transparency in 2023.
func TestAgainstItAsAPolicyAndLeftToThePractice(t *testing.T) {
	line := resolve(asked("north engage 2021-10-25"), []Entry{say("essex/1", "2021-10-20",
		on("north", "engage", decides, effect(always(contractual)...), func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_OPPOSES }))}, register())[0]
	if line.GetCurrent().GetPosition().GetStance() != decides || line.GetOpinion() != v1.Opinion_OPINION_OPPOSES {
		t.Errorf("got %v", line)
	}
	for _, want := range []string{"north LMC leaves it to you (20 October 2021).", "As a policy, it opposes it.", "It says: contractual."} {
		if !strings.Contains(line.GetWords(), want) {
			t.Errorf("%q does not say %q", line.GetWords(), want)
		}
	}
}

// A letter issued on 12 May that should have been dated the 10th.
func TestAWrongDayOfIssueIsMendedByWithdrawingAndIssuingAnew(t *testing.T) {
	wrong := say("essex/1", "2021-10-12", on("north", "engage", refuse))
	gone := withdraw("essex/2", "essex/1", "2021-10-13")
	again := draft(on("north", "engage", refuse))
	again.Issued = days("2021-10-10")
	if _, _, _, err := checkPublish(again, essexToday(wrong, gone)); err != nil {
		t.Fatal(err)
	}
	right := say("essex/3", "2021-10-10", on("north", "engage", refuse))
	if line := resolve(asked("north engage 2021-10-14"), []Entry{wrong, gone, right}, register())[0]; line.GetCurrent().GetAdvisory() != "essex/3" {
		t.Errorf("got %v", line)
	}
}

func TestALetterOfTheWrongDayAnswersUntilItsWithdrawalTakesEffect(t *testing.T) {
	wrong, right := say("essex/1", "2021-10-12", on("north", "engage", refuse)), say("essex/3", "2021-10-10", on("north", "engage", refuse))
	for effective, want := range map[string]string{"2021-11-01": "essex/1", "2021-10-12": "essex/3"} {
		gone := withdraw("essex/2", "essex/1", "2021-11-01")
		gone.Withdrawal.Effective = effective
		for _, day := range []string{"2021-10-12", "2021-10-31"} {
			if line := resolve(asked("north engage "+day), []Entry{wrong, gone, right}, register())[0]; line.GetCurrent().GetAdvisory() != want {
				t.Errorf("withdrawn with effect from %s, as of %s: got %s, want %s", effective, day, gist(line), want)
			}
		}
	}
}

// Of a handover, one office passed something on and the other asked its members, on days that
// end alike: neither is a line on the measure.
func TestMentionsOfTwoOfficesOnOneDayAreNoLineOnAMeasure(t *testing.T) {
	entries := []Entry{
		say("essex/1", "2021-10-13..2021-10-15", on("north", "engage", info)),
		say("kent/2", "2021-10-13..2021-10-15", on("north", "engage", consulting)),
	}
	line := Prepare(context.Background(), entries, handoverBook()).Resolve(asked("north whole 2021-10-20"))[0]
	if got := line.GetNoLine(); got.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS || len(got.GetMeasures()) > 0 {
		t.Errorf("got %v", got)
	}
}
