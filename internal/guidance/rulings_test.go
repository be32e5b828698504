package guidance

import (
	"strings"
	"testing"
	"time"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The cases that were ruled on, one by one, in the words of domain.md 4. Each is asked of
// the oracle, which must say what is written here, and of Resolve, which must say what the
// oracle says. An answer reads
//
//	stated essex/2 refuse | beside essex/3 | for started: stated essex/4 support
//
// the state, the entry that answers and its stance (or why there is no line: the reason,
// what ended, by what, from when), then what is listed. A row for a part starts with the
// area; the row without one is for all or the rest.

func scopedTo(id string) func(*v1.Position) {
	return func(p *v1.Position) { p.Scope = &v1.Scope{Id: id, Words: id} }
}

func forGroup(id string) func(*Question)      { return func(q *Question) { q.Scope = id } }
func forPractice(code string) func(*Question) { return func(q *Question) { q.Practice = code } }

// speakingFor says on whose behalf an entry ends what it ends.
func speakingFor(committees ...string) func(*Entry) {
	return func(e *Entry) {
		if e.Withdrawal != nil {
			e.Withdrawal.OnBehalfOf = committees
		} else {
			e.Advisory.OnBehalfOf = committees
		}
	}
}

func breachFrom(day string) func(*v1.Position) {
	return effect(
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: theDayBefore(day)},
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: day},
	)
}

func theDayBefore(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// recodedBook: ICB QE1 became NEW11 on 1 April 2026, one to one; North covers it and OTH.
func recodedBook() *book {
	b := register()
	b.areas["north"] = []tenure{{committee: "QE1", until: "2026-03-31"}, {committee: "NEW11", from: "2026-04-01"}, {committee: "OTH"}}
	b.lives = map[string]tenure{"QE1": {until: "2026-03-31"}, "NEW11": {from: "2026-04-01"}}
	b.tookOver = map[string][]string{"QE1": {"NEW11"}}
	return b
}

// mergedBook: MSE (with the sub-ICB 06Q) and HWE (with 07K) became CEE on 1 April 2026.
// F81001 is listed by MSE and 06Q, then by CEE and 06Q; F82001 by MSE, then by CEE alone.
func mergedBook() *book {
	b := register()
	b.areas["north"] = []tenure{{committee: "MSE", until: "2026-03-31"}, {committee: "HWE", until: "2026-03-31"}, {committee: "CEE", from: "2026-04-01"}}
	b.lives = map[string]tenure{"MSE": {until: "2026-03-31"}, "HWE": {until: "2026-03-31"}, "CEE": {from: "2026-04-01"}}
	b.tookOver = map[string][]string{"MSE": {"CEE"}, "HWE": {"CEE"}}
	b.inside = map[string][]tenure{
		"06Q": {{committee: "MSE", until: "2026-03-31"}, {committee: "CEE", from: "2026-04-01"}},
		"07K": {{committee: "HWE", until: "2026-03-31"}, {committee: "CEE", from: "2026-04-01"}},
	}
	b.lists = map[string][]string{"MSE": {"F81001", "F82001"}, "06Q": {"F81001"}, "CEE": {"F81001", "F82001"}}
	return b
}

// dividedBook: OLD became EAST1 and WEST1 on 1 April 2026.
func dividedBook() *book {
	b := register()
	b.areas["north"] = []tenure{{committee: "OLD", until: "2026-03-31"}, {committee: "EAST1", from: "2026-04-01"}, {committee: "WEST1", from: "2026-04-01"}}
	b.lives = map[string]tenure{"OLD": {until: "2026-03-31"}, "EAST1": {from: "2026-04-01"}, "WEST1": {from: "2026-04-01"}}
	b.tookOver = map[string][]string{"OLD": {"EAST1", "WEST1"}}
	return b
}

// overlapBook: R5 lies in R1 and in R2; North covers both.
func overlapBook() *book {
	b := register()
	b.areas["north"] = []tenure{{committee: "R1"}, {committee: "R2"}}
	b.inside = map[string][]tenure{"R5": {{committee: "R1"}, {committee: "R2"}}}
	return b
}

// unionBook: on 10 October North and South merged into Union, which Kent serves.
func unionBook() *book {
	b := register()
	b.mandates = []tenure{{office: "essex", committee: "north", until: "2021-10-09"}, {office: "essex", committee: "south", until: "2021-10-09"}, {office: "kent", committee: "union", from: "2021-10-10"}}
	b.areas["union"] = []tenure{{committee: "A", from: "2021-10-10"}, {committee: "B", from: "2021-10-10"}, {committee: "C", from: "2021-10-10"}}
	b.merged = map[string][]string{"union": {"north", "south"}}
	b.lastDays = map[string]string{"north": "2021-10-09", "south": "2021-10-09"}
	return b
}

// eastUnionBook: North, of all of the east, and South, of C in it, merged, and Essex spoke for
// both on.
func eastUnionBook() *book {
	b := unionBook()
	b.mandates = append(register().mandates, tenure{office: "kent", committee: "union", from: "2021-10-10"})
	b.areas["north"] = []tenure{{committee: "EAST"}}
	return b
}

// unrecordedUnionBook: Union was merged, and it is not recorded what North and South covered.
func unrecordedUnionBook() *book {
	b := unionBook()
	delete(b.areas, "north")
	delete(b.areas, "south")
	return b
}

// sharedUnionBook: the committees that became Union shared the county Q and met in W, and South went by a list.
// North covered T in Q, and Y, of which V lies in W; South the list L. F00001 and F00002 lie in T, F00003 and F00004
// in L and in the part S of Q, F00005 in L and W, F00006 in W alone. F00007 was in W, and is in L since 9 October;
// F00008 has been in L and W since then.
func sharedUnionBook() *book {
	b := unionBook()
	b.areas = map[string][]tenure{"north": {{committee: "T"}, {committee: "Y"}}, "south": {{committee: "L"}}, "union": {{committee: "T"}, {committee: "Y"}, {committee: "L"}}}
	b.inside = map[string][]tenure{"T": {{committee: "Q"}}, "S": {{committee: "Q"}}, "V": {{committee: "Y"}, {committee: "W"}}, "T1": {{committee: "T"}}}
	b.lists = map[string][]string{"T": {"F00001", "F00002"}, "T1": {"F00002"}, "L": {"F00003", "F00004", "F00005"}, "S": {"F00003", "F00004"}, "W": {"F00005", "F00006"}}
	b.moves = map[string][]tenure{
		"F00007": {{committee: "W", until: "2021-10-08"}, {committee: "L", from: "2021-10-09"}},
		"F00008": {{committee: "S", until: "2021-10-08"}, {committee: "L", from: "2021-10-09"}, {committee: "W", from: "2021-10-09"}},
	}
	return b
}

// handoverBook: Essex spoke for North up to 14 October, Kent from the 15th on.
func handoverBook() *book {
	b := register()
	b.mandates = []tenure{{office: "essex", committee: "north", until: "2021-10-14"}, {office: "kent", committee: "north", from: "2021-10-15"}}
	return b
}

func runRulings(t *testing.T, cases []clause) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			reg := c.reg
			if reg == nil {
				reg = register()
			}
			for _, a := range c.asks {
				want := oracleLines(a.question, c.entries, reg)
				if said := oracleGists(c.entries, reg, a.question.AsOf, want); said != a.want {
					t.Errorf("the oracle says\n%s\nand the ruling is\n%s\n%s", said, a.want, historyOf(a.question, c.entries, reg))
				}
				got := resolve(a.question, c.entries, reg)
				if wrong := rowDisagreements(a.question, c.entries, reg, got, want); len(wrong) > 0 {
					t.Errorf("the ruling is\n%s\n%s\ngot %v\n%s", a.want, strings.Join(wrong, "\n"), got, historyOf(a.question, c.entries, reg))
				}
			}
		})
	}
}

func TestALineForAnAreaAnswersWhereTheAreaIsAndHidesNothing(t *testing.T) {
	limitedThenRecoded := []Entry{
		say("essex/1", "2026-03-20", on("north", "engage", support)),
		say("essex/2", "2026-03-21", on("north", "engage", refuse, in("QE1"))),
	}
	twoCounties := []Entry{
		say("essex/1", "2021-10-01", on("north", "engage", refuse, in("R1"))),
		say("essex/2", "2021-10-02", on("north", "engage", support, in("R2"))),
	}
	runRulings(t, []clause{
		{name: "4.9: a line for an area goes over to the one that took its place", reg: recodedBook(), entries: limitedThenRecoded, asks: []ask{
			{asked("north engage 2026-03-25"), "stated essex/1 support\nQE1: stated essex/2 refuse"},
			{asked("north engage 2026-04-10", code("NEW11")), "NEW11: stated essex/2 refuse"},
			{asked("north engage 2026-04-10"), "stated essex/1 support\nNEW11: stated essex/2 refuse"},
		}},
		{name: "4.8: an area within two that differ", reg: overlapBook(), entries: twoCounties, asks: []ask{
			{asked("north engage 2021-10-05"), "R1: stated essex/1 refuse\nR2: stated essex/2 support\nR5: stated essex/2 support"},
			{asked("north engage 2021-10-05", code("R5")), "R5: stated essex/2 support"},
		}},
		{name: "4.8: an area that comes to lie within two has a row of its own from then on", reg: func() *book { // R5 lies in R1 and R2 from 3 October on
			b := overlapBook()
			b.inside["R5"] = []tenure{{committee: "R1", from: "2021-10-03"}, {committee: "R2", from: "2021-10-03"}}
			return b
		}(), entries: []Entry{
			say("essex/1", "2021-10-03", on("north", "engage", refuse, in("R1"))),
			say("essex/2", "2021-10-04", on("north", "engage", support, in("R2"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "R1: stated essex/1 refuse\nR2: stated essex/2 support\nR5: stated essex/2 support"},
		}},
		{name: "4.9: to a practice whose area lay in the one named on the day of issue", reg: func() *book {
			b := mergedBook()
			b.inside["MSE"] = []tenure{{committee: "EAST", until: "2026-03-31"}}
			return b
		}(), entries: []Entry{say("essex/1", "2026-03-20", on("north", "engage", refuse, in("EAST")))}, asks: []ask{
			{asked("north engage 2026-04-10", forPractice("F82001")), "stated essex/1 refuse"},
		}},
		{name: "4.8: a line for an area that has nothing of the committee's in it has no row", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support)),
			say("essex/2", "2021-10-02", on("north", "engage", refuse, in("C"))),
			say("essex/3", "2021-10-02", on("north", "list", refuse, in("C"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 support"},
			{asked("north list 2021-10-05"), "no_line said_to_others | to others essex/3"},
		}},
		{name: "4.8: a line for an area that is not in the register hides nothing and is listed", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support)),
			say("essex/2", "2021-10-02", on("north", "engage", refuse, in("X99"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 support | unknown area essex/2"},
			{asked("north engage 2021-10-05", code("A")), "A: stated essex/1 support | unknown area essex/2"},
			{asked("north engage 2021-10-05", code("X99")), "X99: stated essex/1 support | unknown area essex/2"},
		}},
	})
}

func TestWhatDoesNotHoldYetOrIsSaidToOthersIsNoSilence(t *testing.T) {
	runRulings(t, []clause{
		{name: "4.7: a line that holds from a later day is no silence", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-11-01"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "no_line not_yet | not yet essex/1"},
			{asked("north engage 2021-11-01"), "stated essex/1 refuse"},
		}},
		{name: "4.7: a line that waits for a condition is no silence", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, startsWhenever("talks fail"))),
		}, asks: []ask{{asked("north engage 2021-10-05"), "no_line not_yet | waiting essex/1"}}},
		{name: "4.7: a letter to networks neither drops a report of what practices were told nor is silence", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", support, pcns)),
			say("essex/3", "2021-10-02", on("north", "list", support, pcns)),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "reported bma/1 refuse | to others essex/2"},
			{asked("north engage 2021-10-05", pcns), "stated essex/2 support"},
			{asked("north list 2021-10-05"), "no_line said_to_others | to others essex/3"},
		}},
		{name: "4.7: what may have been issued goes before what holds from a later day", entries: []Entry{
			say("essex/1", "2021-10-01..2021-10-20", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", support, from("2021-11-01"))),
			say("essex/3", "2021-10-01..2021-10-20", on("north", "list", refuse)),
			say("essex/4", "2021-10-02", on("north", "list", support, startsWhenever("paid"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "no_line day_not_known | maybe essex/1 | not yet essex/2"},
			{asked("north list 2021-10-05"), "no_line day_not_known | maybe essex/3 | waiting essex/4"},
		}},
	})
}

func TestWhatWaitsGivesWayToItsAmendment(t *testing.T) {
	runRulings(t, []clause{
		{name: "4.2: what waits gives way to an amendment that has a candidate, though that has ended since", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, startsWhenever("paid"))),
			say("essex/2", "2021-10-05", on("north", "engage", refuse), amends("essex/1")),
			withdraw("essex/3", "essex/2", "2021-10-08"),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "no_line not_yet | waiting essex/1"},
			{asked("north engage 2021-10-06"), "stated essex/2 refuse"},
			{asked("north engage 2021-10-09"), "no_line withdrawn essex/2 essex/3 2021-10-08"},
		}},
	})
}

func TestRulings(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), speakingFor("north", "south"))
	runRulings(t, []clause{
		// 4.4
		{name: "1: its own mention comes before a mention of what it was reported to say", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", consulting)),
			reported("bma/2", "2021-10-05", on("north", "engage", info)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "consulting essex/1 consulting | beside bma/2"}}},
		{name: "1: a line reported of it comes before its own mention", entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "engage", consulting)),
			reported("bma/2", "2021-10-01", on("north", "engage", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "reported bma/2 refuse | beside essex/1"}}},
		{name: "2: its own word drops a report only where it bears on what is asked", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-05", on("north", "engage", support, in("A"))),
			reported("bma/3", "2021-10-07", on("north", "engage", caution)),
		}, asks: []ask{
			{asked("north engage 2021-10-06", code("B")), "B: reported bma/1 refuse"},
			{asked("north engage 2021-10-06", code("A")), "A: stated essex/2 support | earlier bma/1"},
			{asked("north engage 2021-10-10", code("A")), "A: stated essex/2 support | since bma/3 | earlier bma/1"},
			{asked("north engage 2021-10-10"), "reported bma/3 caution\nA: stated essex/2 support | since bma/3 | earlier bma/1"},
		}},
		{name: "2: of the whole plan, a line on a measure of its proposer is its own word, and earlier reports stay listed", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "", refuse)),
			say("essex/2", "2021-10-05", on("north", "list", support)),
		}, asks: []ask{
			{asked("north whole 2021-10-03"), "reported bma/1 refuse"},
			{asked("north whole 2021-10-05"), "no_line on_measures_only [list] of 3 | earlier bma/1"},
			{asked("north engage 2021-10-05"), "reported bma/1 refuse by its line on the whole"},
		}},
		{name: "2: a line on a measure of another proposer is not its word on the whole plan", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "", refuse)),
			say("essex/2", "2021-10-05", on("north", "strike", support)),
		}, asks: []ask{{asked("north whole 2021-10-05"), "reported bma/1 refuse"}}},
		{name: "2: what is reported of the whole plan after lines on two measures heads nothing", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "list", support)),
			reported("bma/3", "2021-10-05", on("north", "", caution)),
		}, asks: []ask{
			{asked("north whole 2021-10-06"), "no_line on_measures_only [engage list] of 3 | since bma/3"},
			{asked("north engage 2021-10-06"), "stated essex/1 refuse | since bma/3"},
			{asked("north list 2021-10-06"), "stated essex/2 support | since bma/3"},
		}},
		// 4.7
		{name: "3: why there is no line", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-05"))),
			say("essex/2", "2021-10-10..2021-10-20", on("north", "list", refuse)),
			say("essex/3", "2021-10-10", on("north", "strike", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-06"), "no_line expired essex/1 2021-10-06"},
			{asked("north list 2021-10-09"), "no_line on_other_parts"},
			{asked("north list 2021-10-12"), "no_line day_not_known | maybe essex/2"},
			{asked("north whole 2021-10-12"), "no_line on_measures_only [strike] of 3"},
			{asked("north engage 2021-09-01"), "no_line silent"},
			{asked("north engage 2021-09-01", int32(2)), "no_line not_known 2"},
			{asked("kent engage 2021-10-12"), "no_line silent"},
		}},
		{name: "3: a committee that may not have written yet is not on other parts", entries: []Entry{
			say("essex/1", "2021-10-10..2021-10-20", on("north", "list", refuse), on("north", "strike", refuse, partners)),
			reported("bma/2", "2021-10-12..2021-10-14", on("south", "list", refuse)),
		}, asks: []ask{
			{asked("north engage 2021-10-09"), "no_line silent"},
			{asked("north engage 2021-10-10"), "no_line day_not_known"},
			{asked("north strike 2021-10-19"), "no_line day_not_known"},
			{asked("north whole 2021-10-19"), "no_line day_not_known"},
			{asked("north engage 2021-10-20"), "no_line on_other_parts"},
			{asked("south engage 2021-10-13"), "no_line day_not_known"},
			{asked("south engage 2021-10-14"), "no_line on_other_parts"},
		}},
		{name: "3: what ended is its own line before its mention, and a report only where it never spoke", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-03"))),
			say("essex/2", "2021-10-01", on("north", "engage", info, until("2021-10-06"))),
			reported("bma/3", "2021-10-02", on("north", "engage", caution, until("2021-10-07"))),
			reported("bma/4", "2021-10-02", on("north", "list", caution, until("2021-10-07"))),
		}, asks: []ask{
			{asked("north engage 2021-10-09"), "no_line expired essex/1 2021-10-04"},
			{asked("north list 2021-10-09"), "no_line expired bma/4 2021-10-08"},
		}},
		// 4.9
		{name: "4: a line for an area that was merged holds in its parts and for its practices, not for the whole", reg: mergedBook(), entries: []Entry{
			say("essex/1", "2026-03-01", on("north", "engage", support)),
			say("essex/2", "2026-03-20", on("north", "engage", refuse, in("MSE"))),
		}, asks: []ask{
			{asked("north engage 2026-04-10", code("CEE")), "CEE: stated essex/1 support | former area essex/2"},
			{asked("north engage 2026-04-10", code("06Q")), "06Q: stated essex/2 refuse"},
			{asked("north engage 2026-04-10", code("07K")), "07K: stated essex/1 support"},
			{asked("north engage 2026-04-10", forPractice("F81001")), "stated essex/2 refuse"},
			{asked("north engage 2026-04-10", forPractice("F82001")), "stated essex/2 refuse"},
			{asked("north engage 2026-04-10"), "stated essex/1 support | former area essex/2\n06Q: stated essex/2 refuse"},
		}},
		{name: "4: a line for an area that was divided holds in each that took over from it alone", reg: dividedBook(), entries: []Entry{
			say("essex/1", "2026-03-20", on("north", "engage", refuse, in("OLD"))),
		}, asks: []ask{
			{asked("north engage 2026-04-10", code("EAST1")), "EAST1: stated essex/1 refuse"},
			{asked("north engage 2026-04-10"), "stated essex/1 refuse"},
		}},
		{name: "4: an area is the practices in it on the day of issue", reg: func() *book {
			b := register()
			b.inside["A1"] = []tenure{{committee: "A", until: "2021-09-30"}, {committee: "B", from: "2021-10-01"}}
			return b
		}(), entries: []Entry{say("essex/1", "2021-09-20", on("north", "engage", refuse, in("A")))}, asks: []ask{
			{asked("north engage 2021-10-05", code("A1")), "A1: stated essex/1 refuse"},
			{asked("north engage 2021-10-05"), "no_line said_to_others | to others essex/1\nA: stated essex/1 refuse\nA1: stated essex/1 refuse"},
		}},
		// 4.2
		{name: "5: an ending issued before what it ends does not count", reg: handoverBook(), entries: []Entry{
			say("kent/1", "2021-10-20", on("north", "engage", refuse)),
			withdraw("essex/2", "kent/1", "2021-10-10", effective("2021-10-25")),
		}, asks: []ask{{asked("north engage 2021-10-28"), "stated kent/1 refuse"}}},
		{name: "6: what North replaces stands for South", entries: []Entry{
			joint, say("essex/2", "2021-10-05", on("north", "engage", support), speakingFor("north"), replaces("essex/1")),
		}, asks: []ask{
			{asked("north engage 2021-10-06"), "stated essex/2 support"},
			{asked("south engage 2021-10-06"), "stated essex/1 refuse"},
		}},
		{name: "6: an ending that names nobody is for all its office speaks for", entries: []Entry{
			joint, withdraw("essex/2", "essex/1", "2021-10-05"),
		}, asks: []ask{
			{asked("north engage 2021-10-06"), "no_line withdrawn essex/1 essex/2 2021-10-05"},
			{asked("south engage 2021-10-06"), "no_line withdrawn essex/1 essex/2 2021-10-05"},
		}},
		{name: "6: a merged committee begins with what its predecessors said, each for its own area, until it speaks", reg: unionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("south", "engage", support)),
			say("kent/3", "2021-10-15", on("union", "engage", caution)),
		}, asks: []ask{
			{asked("union engage 2021-10-12"), "A: stated essex/1 refuse\nB: stated essex/1 refuse\nC: stated essex/2 support"},
			{asked("union engage 2021-10-15"), "stated kent/3 caution"},
			{asked("union engage 2021-10-12", code("C")), "C: stated essex/2 support"},
		}},
		{name: "6: a merged committee ends what its predecessors said", reg: unionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse), speakingFor("north")),
			withdraw("kent/2", "essex/1", "2021-10-12", speakingFor("union")),
		}, asks: []ask{
			{asked("union engage 2021-10-12", code("A")), "A: no_line withdrawn essex/1 kent/2 2021-10-12"},
			{asked("north engage 2021-10-12", code("A")), "A: no_line withdrawn essex/1 kent/2 2021-10-12"},
		}},
		{name: "7: an ending issued later and effective by the day counts", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			withdraw("essex/2", "essex/1", "2021-10-20", effective("2021-10-05")),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-10"), "no_line withdrawn essex/1 essex/2 2021-10-05"},
		}},
		// 4.1
		{name: "8: a letter of a range across a handover counts for the office that logged it", reg: handoverBook(), entries: []Entry{
			say("essex/1", "2021-10-10..2021-10-20", on("north", "engage", refuse)),
			say("kent/2", "2021-10-10..2021-10-20", on("north", "list", refuse)),
			say("essex/3", "2021-10-15..2021-10-20", on("north", "strike", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-25"), "stated essex/1 refuse"},
			{asked("north list 2021-10-25"), "stated kent/2 refuse"},
			{asked("north strike 2021-10-25"), "no_line on_other_parts"},
			{asked("north engage 2021-10-12"), "no_line day_not_known | maybe essex/1"},
		}},
		{name: "9: of two endings on one day a withdrawal is named before a replacement, and that before an expiry", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-09")), on("north", "list", refuse, until("2021-10-09"))),
			say("essex/2", "2021-10-10", on("north", "strike", support), replaces("essex/1")),
			withdraw("essex/3", "essex/1", "2021-10-12", effective("2021-10-10")),
		}, asks: []ask{
			{asked("north engage 2021-10-12"), "no_line withdrawn essex/1 essex/3 2021-10-10"},
			{asked("north engage 2021-10-12", uint64(2)), "no_line replaced essex/1 essex/2 2021-10-10"},
			{asked("north engage 2021-10-12", uint64(1)), "no_line expired essex/1 2021-10-10"},
		}},
		// 4.10
		{name: "10: a scoped line does not answer in general, and stands until a letter names it", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, scopedTo("started"))),
			say("essex/2", "2021-10-05", on("north", "engage", refuse)),
			say("essex/3", "2021-10-10", on("north", "engage", caution), amends("essex/1")),
			say("essex/4", "2021-10-15", on("north", "engage", refuse, scopedTo("started")), amends("essex/1")),
			say("essex/5", "2021-10-20", on("north", "engage", refuse), replaces("essex/1", "essex/4")),
		}, asks: []ask{
			{asked("north engage 2021-10-02"), "no_line said_to_others | to others essex/1 | for started: stated essex/1 support"},
			{asked("north engage 2021-10-06"), "stated essex/2 refuse | for started: stated essex/1 support"},
			{asked("north engage 2021-10-06", forGroup("started")), "stated essex/1 support"},
			{asked("north engage 2021-10-06", forGroup("others")), "stated essex/2 refuse"},
			{asked("north engage 2021-10-12"), "stated essex/3 caution | for started: stated essex/1 support"},
			{asked("north engage 2021-10-16"), "stated essex/3 caution | for started: stated essex/4 refuse"},
			{asked("north engage 2021-10-20"), "stated essex/5 refuse"},
			{asked("north engage 2021-10-20", forGroup("started")), "stated essex/5 refuse"},
		}},
		// 4.7
		{name: "11: a line lapses where what it supports becomes a breach, and older lines do not come back", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "strike", refuse)),
			say("essex/2", "2021-10-05", on("north", "strike", support, breachFrom("2021-11-01"))),
			say("essex/3", "2021-10-06", on("north", "strike", info)),
		}, asks: []ask{
			{asked("north strike 2021-10-31"), "stated essex/2 support | beside essex/3"},
			{asked("north strike 2021-11-01"), "no_line lapsed | beside essex/3"},
		}},
		{name: "11: of what contests each other, that which lapsed drops out first", reg: func() *book {
			b := register()
			b.mandates = append(b.mandates, tenure{office: "kent", committee: "north"})
			return b
		}(), entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "strike", support, breachFrom("2021-11-01"))),
			say("kent/2", "2021-10-05", on("north", "strike", refuse)),
		}, asks: []ask{
			{asked("north strike 2021-10-31"), "contested essex/1 support kent/2 refuse"},
			{asked("north strike 2021-11-01"), "stated kent/2 refuse"},
		}},
		// 4.6
		{name: "12: a line on the whole plan answers for a measure of its proposer, and says so", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support)),
			say("essex/2", "2021-10-05", on("north", "", refuse)),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "stated essex/1 support"},
			{asked("north engage 2021-10-05"), "stated essex/2 refuse by its line on the whole"},
			{asked("north whole 2021-10-05"), "stated essex/2 refuse"},
			{asked("north strike 2021-10-05"), "no_line on_other_parts"},
		}},
		// 4.2
		{name: "13: not our position: a withdrawal by the committee's office ends a report and takes no position", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "engage", refuse)),
			reported("bma/2", "2021-10-02", on("north", "engage", caution)),
			withdraw("essex/3", "bma/1", "2021-10-05"),
			withdraw("essex/4", "bma/2", "2021-10-06"),
			reported("bma/5", "2021-10-04", on("north", "list", support)),
			withdraw("bma/6", "bma/5", "2021-10-07"),
			withdraw("pulse/7", "bma/5", "2021-10-05"),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "reported bma/2 caution"},
			{asked("north engage 2021-10-06"), "no_line report_denied bma/2 essex/4 2021-10-06"},
			{asked("north list 2021-10-06"), "reported bma/5 support"},
			{asked("north list 2021-10-07"), "no_line report_taken_back bma/5 bma/6 2021-10-07"},
		}},
	})
}

// What follows from the rulings, where two of them meet.
func TestWhereRulingsMeet(t *testing.T) {
	twice := func() *book { // OLD became MID on 1 April and NEW on 1 May 2026
		b := register()
		b.areas["north"] = []tenure{{committee: "OLD", until: "2026-03-31"}, {committee: "MID", from: "2026-04-01", until: "2026-04-30"}, {committee: "NEW", from: "2026-05-01"}}
		b.lives = map[string]tenure{"OLD": {until: "2026-03-31"}, "MID": {from: "2026-04-01", until: "2026-04-30"}, "NEW": {from: "2026-05-01"}}
		b.tookOver = map[string][]string{"OLD": {"MID"}, "MID": {"NEW"}}
		return b
	}
	partly := func() *book { // WEST1 got a piece of BIG as well
		b := dividedBook()
		b.lives["BIG"] = tenure{until: "2026-03-31"}
		b.tookOver["BIG"] = []string{"WEST1"}
		return b
	}
	both := func() *book { // on one day, two offices
		b := register()
		b.mandates = append(b.mandates, tenure{office: "kent", committee: "north"})
		return b
	}
	runRulings(t, []clause{
		{name: "4: each link of a chain of successions is from one area alone", reg: twice(), entries: []Entry{
			say("essex/1", "2026-03-20", on("north", "engage", refuse, in("OLD"))),
		}, asks: []ask{
			{asked("north engage 2026-05-10", code("NEW")), "NEW: stated essex/1 refuse"},
			{asked("north engage 2026-05-10"), "stated essex/1 refuse"},
		}},
		{name: "4: of an area divided, what was said goes to those made of it alone", reg: partly(), entries: []Entry{
			say("essex/1", "2026-03-20", on("north", "engage", refuse, in("OLD"))),
		}, asks: []ask{
			{asked("north engage 2026-04-10", code("EAST1")), "EAST1: stated essex/1 refuse"},
			{asked("north engage 2026-04-10", code("WEST1")), "WEST1: no_line said_to_others | former area essex/1"},
		}},
		{name: "4: what is said of an area after it took another's place does not reach back", reg: recodedBook(), entries: []Entry{
			say("essex/1", "2026-04-05", on("north", "engage", refuse, in("NEW11"))),
		}, asks: []ask{
			{asked("north engage 2026-04-05", code("NEW11")), "NEW11: stated essex/1 refuse"},
			{asked("north engage 2026-04-04", code("NEW11")), "NEW11: no_line silent"},
		}},
		{name: "8 and 6: an ending of a range across a handover counts for the office that logged it", reg: handoverBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			withdraw("kent/2", "essex/1", "2021-10-12..2021-10-16"),
			say("essex/3", "2021-10-02", on("north", "list", refuse)),
			withdraw("essex/4", "essex/3", "2021-10-16"),
		}, asks: []ask{
			{asked("north engage 2021-10-16"), "no_line withdrawn essex/1 kent/2 2021-10-16"},
			{asked("north list 2021-10-16"), "stated essex/3 refuse"},
		}},
		{name: "6: what two predecessors said together is of the smaller of their areas", reg: eastUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-12", on("north south", "engage", refuse)),
			say("kent/2", "2021-10-12", on("union west", "engage", support, in("C"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12", code("C")), "C: contested essex/1 refuse kent/2 support"},
		}},
		{name: "6: what a predecessor said of an area around what it covered is told to its own there, and to nobody else's", reg: sharedUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("south", "engage", refuse)),
			say("essex/2", "2021-10-03", on("north", "engage", support, in("Q"))),
			say("essex/3", "2021-10-01", on("north", "list", refuse)),
			say("essex/4", "2021-10-03", on("south", "list", support, in("Q"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12"), "no_line said_to_others | to others essex/1 essex/2\nL: stated essex/1 refuse\nT: stated essex/2 support"},
			{asked("union engage 2021-10-12", forPractice("F00003")), "stated essex/1 refuse"},
			{asked("union engage 2021-10-12", forPractice("F00001")), "stated essex/2 support"},
			{asked("union engage 2021-10-12", forPractice("F00005")), "stated essex/1 refuse"},
			{asked("union list 2021-10-12", forPractice("F00001")), "stated essex/3 refuse"},
			{asked("union list 2021-10-12", forPractice("F00003")), "stated essex/4 support"},
			{asked("union list 2021-10-12", forPractice("F00005")), "no_line said_to_others | to others essex/3 essex/4"},
			{asked("union list 2021-10-12", code("Q")), "Q: no_line said_to_others | to others essex/3 essex/4"},
		}},
		{name: "6: what a predecessor said of an area within what it covered is told there", reg: sharedUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-03", on("north", "engage", support, in("T1"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12"), "no_line said_to_others | to others essex/1 essex/2\nT: stated essex/1 refuse\nT1: stated essex/2 support\nY: stated essex/1 refuse"},
			{asked("union engage 2021-10-12", forPractice("F00001")), "stated essex/1 refuse"},
			{asked("union engage 2021-10-12", forPractice("F00002")), "stated essex/2 support"},
		}},
		{name: "6: what two predecessors said of an area that overlaps what they covered is told to whoever was in both", reg: sharedUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-03", on("north", "engage", support, in("W"))),
			say("essex/2", "2021-10-03", on("south", "engage", refuse, in("W"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12", code("V")), "V: stated essex/1 support"},
			{asked("union engage 2021-10-12", code("Y")), "Y: no_line said_to_others | to others essex/1 essex/2"},
			{asked("union engage 2021-10-12", code("W")), "W: no_line said_to_others | to others essex/1 essex/2"},
			{asked("union engage 2021-10-12", forPractice("F00005")), "stated essex/2 refuse"},
			{asked("union engage 2021-10-12", forPractice("F00006")), "no_line said_to_others | to others essex/1 essex/2"},
			{asked("union engage 2021-10-12", forPractice("F00003")), "no_line said_to_others | to others essex/1 essex/2"},
		}},
		{name: "6: a predecessor's line is for what it covered on the day of issue", reg: func() *book {
			b := unionBook()
			b.areas["north"] = []tenure{{committee: "A", until: "2021-10-05"}, {committee: "B", from: "2021-10-06"}}
			return b
		}(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-08", on("north", "list", refuse, in("EAST"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12"), "no_line said_to_others | to others essex/1\nA: stated essex/1 refuse"},
			{asked("union list 2021-10-12"), "no_line said_to_others | to others essex/2\nB: stated essex/2 refuse"},
		}},
		{name: "6: to be told what a predecessor said of an area, a practice was in both, or is", reg: sharedUnionBook(), entries: []Entry{
			say("essex/2", "2021-10-03", on("south", "engage", refuse, in("W"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12", forPractice("F00007")), "no_line said_to_others | to others essex/2"},
			{asked("union engage 2021-10-12", forPractice("F00008")), "stated essex/2 refuse"},
		}},
		{name: "6: what one predecessor said alone of an area holds nowhere, where it is not recorded what it covered", reg: unrecordedUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"))),
			say("essex/2", "2021-10-01", on("north south", "list", refuse, in("A"))),
		}, asks: []ask{
			{asked("union engage 2021-10-12", code("A")), "A: no_line said_to_others | unknown area essex/1"},
			{asked("union list 2021-10-12", code("A")), "A: stated essex/2 refuse"},
		}},
		{name: "6: what all predecessors said together holds for all, where it is not recorded what they covered", reg: unrecordedUnionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north south", "engage", refuse)),
			say("essex/2", "2021-10-01", on("north", "list", refuse)),
			reported("bma/3", "2021-10-02", on("union", "list", support)),
		}, asks: []ask{
			{asked("union engage 2021-10-12"), "stated essex/1 refuse"},
			{asked("union list 2021-10-12"), "no_line said_to_others | since bma/3 | unknown area essex/2"},
		}},
		{name: "6: what one predecessor ended stands for the other", reg: unionBook(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north south", "engage", refuse), speakingFor("north", "south")),
			withdraw("essex/2", "essex/1", "2021-10-05", speakingFor("north")),
		}, asks: []ask{
			{asked("union engage 2021-10-12", code("A")), "A: no_line withdrawn essex/1 essex/2 2021-10-05"},
			{asked("union engage 2021-10-12", code("C")), "C: stated essex/1 refuse"},
		}},
		{name: "6: an ending not readable by all who can read what it ends does not count", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			withdraw("essex/2", "essex/1", "2021-10-05", seenBy(v1.Visibility_VISIBILITY_PRACTICES)),
		}, asks: []ask{{asked("north engage 2021-10-06"), "stated essex/1 refuse"}}},
		{name: "6: withdrawing a replacement brings back only what it restores", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", caution)),
			say("essex/3", "2021-10-03", on("north", "engage", support), replaces("essex/1", "essex/2")),
			withdraw("essex/4", "essex/3", "2021-10-05", restores("essex/1")),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "stated essex/3 support"},
			{asked("north engage 2021-10-05"), "stated essex/1 refuse"},
		}},
		{name: "2: a withdrawal is its own word, on the day it was issued", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			reported("bma/2", "2021-10-05", on("north", "engage", caution)),
			withdraw("essex/3", "essex/1", "2021-10-08"),
			reported("bma/4", "2021-10-10", on("north", "engage", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-06"), "stated essex/1 refuse | since bma/2"},
			{asked("north engage 2021-10-08"), "no_line withdrawn essex/1 essex/3 2021-10-08 | earlier bma/2"},
			{asked("north engage 2021-10-10"), "no_line withdrawn essex/1 essex/3 2021-10-08 | since bma/4 | earlier bma/2"},
		}},
		{name: "13: not our position is no word of its own: what is reported later answers", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "engage", refuse)),
			withdraw("essex/2", "bma/1", "2021-10-05"),
			reported("bma/3", "2021-10-07", on("north", "engage", support)),
		}, asks: []ask{{asked("north engage 2021-10-08"), "reported bma/3 support"}}},
		{name: "10: a group's line in one area has a row there", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", support, in("A"), scopedTo("started"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 refuse\nA: stated essex/1 refuse | for started: stated essex/2 support"},
		}},
		{name: "10: a group's newsletter lifts no line", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", info, scopedTo("started"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 refuse | beside essex/2"},
			{asked("north engage 2021-10-05", forGroup("started")), "stated essex/1 refuse | beside essex/2"},
		}},
		{name: "4: what is said of an area within a committee's own goes on in what took its place alone", reg: func() *book {
			b := recodedBook()
			b.areas = map[string][]tenure{"north": {{committee: "EAST"}}}
			b.inside["QE1"], b.inside["NEW11"] = []tenure{{committee: "EAST"}}, []tenure{{committee: "EAST"}}
			return b
		}(), entries: []Entry{
			say("essex/1", "2026-03-20", on("north", "engage", support)),
			say("essex/2", "2026-03-21", on("north", "engage", refuse, in("QE1"))),
		}, asks: []ask{
			{asked("north engage 2026-03-31"), "stated essex/1 support\nQE1: stated essex/2 refuse"},
			{asked("north engage 2026-04-10"), "stated essex/1 support\nNEW11: stated essex/2 refuse"},
		}},
		{name: "4.9: what is said of an area that the register does not have is listed once it has been issued, and while it is valid", entries: []Entry{
			say("essex/1", "2021-10-01..2021-10-10", on("north", "engage", refuse, in("NEVER"), until("2021-10-20"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "no_line day_not_known"},
			{asked("north engage 2021-10-10"), "no_line said_to_others | unknown area essex/1"},
			{asked("north engage 2021-10-21"), "no_line said_to_others"},
		}},
		{name: "4.6: of one day, the measure before the whole, fewer committees, the smaller area, then the offices", reg: both(), entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "engage", refuse), on("north", "", support)),
			say("kent/2", "2021-10-05", on("north", "engage", refuse, in("A"))),
			say("essex/3", "2021-10-06", on("north south", "list", refuse)),
			say("kent/4", "2021-10-06", on("north", "list", support)),
			say("essex/5", "2021-10-07", on("north", "strike", refuse)),
			say("kent/6", "2021-10-07", on("north", "strike", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 refuse\nA: stated kent/2 refuse"},
			{asked("north list 2021-10-06"), "stated kent/4 support"},
			{asked("north strike 2021-10-07"), "contested essex/5 refuse kent/6 support"},
		}},
	})
}

// A letter to partners stands beside the line for practices, and takes nobody's place.
func TestWhatIsSaidToPartnersIsToldToWhoeverAsksForPractices(t *testing.T) {
	letter := say("essex/2", "2021-10-21", on("north", "engage", required, partners))
	for name, entries := range map[string][]Entry{
		"beside a line": {say("essex/1", "2021-10-20", on("north", "", support)), letter},
		"beside a line that was withdrawn": {
			say("essex/1", "2021-10-20", on("north", "engage", support)), letter, withdraw("essex/3", "essex/1", "2021-10-22"),
		},
	} {
		line := resolve(asked("north engage 2021-10-26"), entries, register())[0]
		if len(line.GetSaidToPart()) != 1 || line.GetSaidToPart()[0].GetAdvisory() != "essex/2" || !strings.Contains(line.GetWords(), "To GP partners: required (essex/2).") {
			t.Errorf("%s: %v", name, line)
		}
	}
	alone := resolve(asked("north engage 2021-10-26"), []Entry{letter}, register())[0]
	if len(alone.GetSaidToPart()) != 0 || strings.Count(alone.GetWords(), "To GP partners") != 1 {
		t.Errorf("alone, it is told once: %v", alone)
	}
	ended := resolve(asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-20", on("north", "engage", support)), letter, withdraw("essex/3", "essex/2", "2021-10-22")}, register())[0]
	if len(ended.GetSaidToPart()) != 0 {
		t.Errorf("withdrawn: %v", ended)
	}
}
