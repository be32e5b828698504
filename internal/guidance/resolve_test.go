package guidance

import (
	"context"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// domain.md 4.1
func TestCandidates(t *testing.T) {
	month := []Entry{say("essex/1", "2021-10-01..2021-10-31", on("north", "engage", refuse))}
	before := []Entry{say("essex/1", "2021-10-10", on("north", "engage", caution)), say("essex/2", "2021-10-01..2021-10-31", on("north", "engage", refuse))}
	moved := register()
	moved.mandates = []tenure{
		{office: "essex", committee: "north", until: "2021-10-14"},
		{office: "kent", committee: "north", from: "2021-10-15"},
	}
	runClauses(t, []clause{
		{name: "a month-only date counts from the month's last day", entries: month, asks: []ask{
			{asked("north engage 2021-09-30"), "no_line silent"},
			{asked("north engage 2021-10-01"), "no_line day_not_known | maybe essex/1"},
			{asked("north engage 2021-10-30"), "no_line day_not_known | maybe essex/1"},
			{asked("north engage 2021-10-31"), "stated essex/1 refuse"},
			{asked("north engage 2021-11-01"), "stated essex/1 refuse"},
		}},
		{name: "inside a month-only date the older line stands, with the other listed", entries: before, asks: []ask{
			{asked("north engage 2021-10-09"), "no_line day_not_known | maybe essex/2"},
			{asked("north engage 2021-10-10"), "stated essex/1 caution | maybe essex/2"},
			{asked("north engage 2021-10-31"), "stated essex/2 refuse"},
		}},
		{name: "of two that may have been issued, the one that can be newer first", entries: []Entry{
			say("essex/1", "2021-10-05..2021-10-31", on("north", "engage", refuse)), say("essex/2", "2021-10-01..2021-10-31", on("north", "engage", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "no_line day_not_known | maybe essex/1 essex/2"}}},
		{name: "the day it is issued counts, the day before does not", entries: []Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse))}, asks: []ask{
			{asked("north engage 2021-10-24"), "no_line silent"},
			{asked("north engage 2021-10-25"), "stated essex/1 refuse"},
		}},
		{name: "valid days of the position, included", entries: []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-10-10"), until("2021-10-20")))}, asks: []ask{
			{asked("north engage 2021-10-09"), "no_line not_yet"},
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-20"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-21"), "no_line expired essex/1 2021-10-21"},
		}},
		{name: "valid from the advisory's day where the position says none", entries: []Entry{
			say("essex/1", "2021-10-01", validSince("2021-10-05"), on("north", "engage", refuse), on("north", "list", refuse, from("2021-10-03"))),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "no_line not_yet"},
			{asked("north engage 2021-10-05"), "stated essex/1 refuse"},
			{asked("north list 2021-10-04"), "stated essex/1 refuse"},
		}},
		{name: "what is valid before it is issued counts only once it is issued", entries: []Entry{say("essex/1", "2021-10-10", on("north", "engage", refuse, from("2021-10-01")))}, asks: []ask{
			{asked("north engage 2021-10-09"), "no_line silent"},
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
		}},
		{name: "dated ahead counts from that day", entries: []Entry{say("essex/1", "2031-10-25", on("north", "engage", refuse))}, asks: []ask{
			{asked("north engage 2031-10-24"), "no_line silent"},
			{asked("north engage 2031-10-25"), "stated essex/1 refuse"},
		}},
		{name: "STARTS_WHEN waits and is never current", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, startsWhenever("the money comes"))),
			say("essex/2", "2021-10-20", on("north", "engage", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-19"), "no_line not_yet | waiting essex/1"},
			{asked("north engage 2021-10-20"), "stated essex/2 support | waiting essex/1"},
		}},
		{name: "an office not entitled to speak says nothing", entries: []Entry{
			say("kent/1", "2021-10-20", on("north", "engage", support)),
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
		}, asks: []ask{
			{asked("north engage 2021-10-25"), "stated essex/1 refuse"},
			{asked("kent engage 2021-10-25"), "no_line silent"},
		}},
		{name: "a committee that moves office keeps its line, and the new office speaks", reg: moved, entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", refuse)),
			say("essex/2", "2021-10-16", on("north", "engage", support)),
			say("kent/1", "2021-10-14", on("north", "engage", support)),
			say("kent/2", "2021-10-20", on("north", "engage", caution)),
			say("kent/3", "2021-10-22", on("north", "list", support), replaces("essex/1")),
		}, asks: []ask{
			{asked("north engage 2021-10-19"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-20"), "stated kent/2 caution"},
			{asked("north list 2021-10-22"), "stated kent/3 support"},
		}},
		{name: "a range across a handover counts for the office that logged it, and is compared as any other", reg: moved, entries: []Entry{
			say("essex/1", "2021-10-01..2021-10-31", on("north", "engage", refuse)),
			say("kent/1", "2021-10-02..2021-10-15", on("north", "engage", support)),
		}, asks: []ask{{asked("north engage 2021-11-01"), "stated essex/1 refuse"}}},
		{name: "a repudiated entry neither says nor ends", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-02", on("north", "engage", support), replaces("essex/1"), repudiated),
			withdraw("essex/3", "essex/1", "2021-10-03", repudiated),
		}, asks: []ask{{asked("north engage 2021-10-10"), "stated essex/1 refuse"}}},
		{name: "known at: what had not arrived neither says nor ends", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse), arrives(3)),
			say("essex/2", "2021-10-05", on("north", "engage", support), arrives(5)),
			withdraw("essex/3", "essex/1", "2021-10-02", arrives(4)),
		}, asks: []ask{
			{asked("north engage 2021-10-10", uint64(2)), "no_line silent"},
			{asked("north engage 2021-10-10", uint64(3)), "stated essex/1 refuse"},
			{asked("north engage 2021-10-10", uint64(4)), "no_line withdrawn essex/1 essex/3 2021-10-02"},
			{asked("north engage 2021-10-10", uint64(5)), "stated essex/2 support"},
			{asked("north engage 2021-10-10"), "stated essex/2 support"},
		}},
		{name: "positions too malformed to mean anything are no candidates", entries: []Entry{
			say("essex/1", "2021-02-30", on("north", "engage", support)),
			say("essex/2", "2021-10-02..2021-10-01", on("north", "engage", support)),
			say("essex/3", "2021-10-01", on("north", "engage", 99), on("north", "engage", 0), nil, &v1.Position{}),
			say("essex/4", "2021-10-01", on("north", "engage", support, func(p *v1.Position) { p.Audiences = nil })),
			say("essex/5", "2021-10-01", on("north", "engage", support, from("soon"))),
			say("essex/6", "2021-10-01", on("north", "engage", support, in(""))),
			say("essex/7", "2021-10-01", on("north", "engage", support), func(e *Entry) { e.Advisory.Office = "kent" }),
			say("essex/8", "2021-10-01", on("north", "engage", support, func(p *v1.Position) { p.Provenance = v1.Provenance_PROVENANCE_REPORTED })),
			{ID: "essex/9", Office: "essex"},
		}, asks: []ask{{asked("north engage 2021-10-10"), "no_line silent"}}},
	})
}

// domain.md 4.1: audiences
func TestWithoutARegisterNothingCounts(t *testing.T) {
	if got := gists(resolve(asked("north engage 2021-10-10"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse))}, nil)); !strings.Contains(got, "silent") {
		t.Errorf("got %q", got)
	}
}

func TestAudienceContainment(t *testing.T) {
	entries := []Entry{
		say("essex/1", "2021-10-01", on("north", "engage", refuse)),
		say("essex/2", "2021-10-05", on("north", "engage", decides, partners)),
		say("essex/3", "2021-10-07", on("north", "engage", support, pcns)),
		say("essex/4", "2021-10-09", on("north", "list", refuse), on("north", "list", support, partners)),
	}
	runClauses(t, []clause{{name: "the wider answers the narrower, not the other way", entries: entries, asks: []ask{
		{asked("north engage 2021-10-20"), "stated essex/1 refuse"},
		{asked("north engage 2021-10-20", managers), "stated essex/1 refuse"},
		{asked("north engage 2021-10-20", partners), "stated essex/2 practice-decides"},
		{asked("north engage 2021-10-20", v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS), "stated essex/3 support"},
		{asked("north engage 2021-10-20", v1.Audience_AUDIENCE_LMCS), "no_line said_to_others"},
		{asked("north engage 2021-10-20", v1.Audience_AUDIENCE_UNSPECIFIED), "stated essex/1 refuse"},
		{asked("north list 2021-10-20", partners), "stated essex/4 support"},
		{asked("north list 2021-10-20", managers), "stated essex/4 refuse"},
	}}})
}

// domain.md 4.1: measure and whole matter
func TestWholeMatterAnswersOnlyItsOwnProposersMeasures(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-01", on("north", "", refuse))}
	runClauses(t, []clause{{name: "whole plan refused", entries: entries, asks: []ask{
		{asked("north whole 2021-10-02"), "stated essex/1 refuse"},
		{asked("north engage 2021-10-02"), "stated essex/1 refuse"},
		{asked("north list 2021-10-02"), "stated essex/1 refuse"},
		{asked("north strike 2021-10-02"), "no_line on_other_parts"},
		{asked("north unheard-of 2021-10-02"), "no_line on_other_parts"},
	}}, {name: "a measure does not answer for the whole", entries: []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse))}, asks: []ask{
		{asked("north whole 2021-10-02"), "no_line on_measures_only"},
		{asked("north list 2021-10-02"), "no_line on_other_parts"},
	}}})
}

// domain.md 4.1: areas, and one row per part where the line differs
func TestAreas(t *testing.T) {
	split := register()
	split.inside["A1"] = []tenure{{committee: "A", until: "2021-09-30"}, {committee: "B", from: "2021-10-01"}}
	runClauses(t, []clause{
		{name: "a line for part of the area is a row of its own", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)),
			say("essex/2", "2021-10-05", on("north", "engage", caution, in("A"))),
		}, asks: []ask{
			{asked("north engage 2021-10-04"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-05"), "stated essex/1 refuse\nA: stated essex/2 caution"},
			{asked("north engage 2021-10-05", code("A1")), "A1: stated essex/2 caution"},
			{asked("north engage 2021-10-05", code("B")), "B: stated essex/1 refuse"},
			{asked("north engage 2021-10-05", code("EAST")), "EAST: stated essex/1 refuse"},
		}},
		{name: "where parts leave no rest, the parts alone", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), on("north", "engage", caution, in("B"))),
		}, asks: []ask{{asked("north engage 2021-10-05"), "A: stated essex/1 refuse\nB: stated essex/1 caution"}}},
		{name: "an area that contains all of the committee's is all of it", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("EAST"))),
		}, asks: []ask{{asked("north engage 2021-10-05"), "stated essex/1 refuse"}}},
		{name: "parts within parts show once, and where they differ", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"))),
			say("essex/2", "2021-10-02", on("north", "engage", refuse, in("A1"))),
			say("essex/3", "2021-10-03", on("north", "list", refuse, in("A"), func(p *v1.Position) { p.Audiences = append(p.Audiences, pcns) })),
			say("essex/4", "2021-10-03", on("north", "list", info, in("A1"))),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "no_line said_to_others\nA: stated essex/1 refuse\nA1: stated essex/2 refuse"},
			{asked("north list 2021-10-05", pcns), "no_line said_to_others\nA: stated essex/3 refuse"},
		}},
		{name: "a part within a part of the same answer is not shown, whatever its name", reg: func() *book {
			b := register()
			b.inside["0"] = []tenure{{committee: "A"}}
			return b
		}(), entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"))),
			say("essex/2", "2021-09-01", on("north", "engage", caution, in("0"))),
		}, asks: []ask{{asked("north engage 2021-10-05"), "no_line said_to_others\nA: stated essex/1 refuse"}}},
		{name: "a later line for all stands over an earlier one for a part", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", caution, in("A"))),
			say("essex/2", "2021-10-05", on("north", "engage", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-05"), "stated essex/2 refuse"}}},
		{name: "an area is read as it stood on the issued day", reg: split, entries: []Entry{
			say("essex/1", "2021-09-20", on("north", "engage", caution, in("A"))),
			say("essex/2", "2021-10-05", on("north", "list", caution, in("A"))),
		}, asks: []ask{
			{asked("north engage 2021-10-06", code("A1")), "A1: stated essex/1 caution"},
			{asked("north list 2021-10-06", code("A1")), "A1: no_line said_to_others"},
		}},
		{name: "an area larger than the committee's own is no part of it", entries: []Entry{
			say("essex/1", "2021-10-05", on("south", "engage", refuse, in("C"))),
			say("essex/2", "2021-10-29", on("south", "engage", caution, in("EAST"))),
		}, asks: []ask{
			{asked("south engage 2021-10-28"), "stated essex/1 refuse"},
			{asked("south engage 2021-10-29"), "stated essex/2 caution"},
		}},
		{name: "a larger area that holds some of the committee's own is those of its own", entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "engage", refuse, in("SOME"))),
		}, reg: func() *book {
			b := register()
			b.inside["A"] = []tenure{{committee: "SOME"}}
			return b
		}(), asks: []ask{
			{asked("north engage 2021-10-28"), "no_line said_to_others\nA: stated essex/1 refuse"},
		}},
		{name: "an area around one of the committee's own and within another is a part of it", entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "engage", refuse, in("A"))),
		}, reg: func() *book {
			b := register()
			b.areas["north"] = []tenure{{committee: "EAST"}, {committee: "A1"}}
			return b
		}(), asks: []ask{{asked("north engage 2021-10-28"), "no_line said_to_others\nA: stated essex/1 refuse"}}},
		{name: "an area the register cannot place is shown all the same", entries: []Entry{
			say("essex/1", "2021-10-05", on("north", "engage", caution, in("X99"))),
		}, asks: []ask{{asked("north engage 2021-10-06"), "no_line said_to_others"}}},
	})
}

// domain.md 4.2
func TestEnded(t *testing.T) {
	both := []*v1.Position{on("north south", "engage", refuse), on("north south", "list", refuse)}
	old := say("essex/1", "2021-10-01", both[0], both[1])
	moved := register()
	moved.mandates = []tenure{{office: "essex", committee: "north", until: "2021-10-14"}, {office: "kent", committee: "north", from: "2021-10-15"}}
	runClauses(t, []clause{
		{name: "withdrawn from the effective day", entries: []Entry{old, withdraw("essex/2", "essex/1", "2021-10-05", effective("2021-10-10"))}, asks: []ask{
			{asked("north engage 2021-10-09"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-10"), "no_line withdrawn essex/1 essex/2 2021-10-10"},
		}},
		{name: "withdrawn without an effective day: the day it is issued", entries: []Entry{old, withdraw("essex/2", "essex/1", "2021-10-05", effective(""))}, asks: []ask{
			{asked("north engage 2021-10-04"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-05"), "no_line withdrawn essex/1 essex/2 2021-10-05"},
		}},
		{name: "replaced for those the new advisory is on behalf of, and stands for the others", entries: []Entry{old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1"))}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/2 caution"},
			{asked("north list 2021-10-05"), "no_line replaced essex/1 essex/2 2021-10-05"},
			{asked("south engage 2021-10-05"), "stated essex/1 refuse"},
		}},
		{name: "amended by a narrower advisory ends only where that speaks", entries: []Entry{old, say("essex/2", "2021-10-05", on("north", "engage", caution), amends("essex/1"))}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/2 caution"},
			{asked("north list 2021-10-05"), "stated essex/1 refuse"},
			{asked("south engage 2021-10-05"), "stated essex/1 refuse"},
		}},
		{name: "amended for one audience and one area only", entries: []Entry{old, say("essex/2", "2021-10-01", on("north", "engage", caution, partners, in("A")), amends("essex/1"))}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-05", partners), "stated essex/1 refuse\nA: stated essex/2 caution"},
		}},
		{name: "amended while the amendment is valid", entries: []Entry{old, say("essex/2", "2021-10-05", on("north", "engage", caution, until("2021-10-10")), amends("essex/1"))}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/2 caution"},
			{asked("north engage 2021-10-11"), "stated essex/1 refuse"},
		}},
		{name: "amended by what waits is not amended", entries: []Entry{old, say("essex/2", "2021-10-05", on("north", "engage", support, startsWhenever("paid")), amends("essex/1"))}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/1 refuse | waiting essex/2"},
		}},
		{name: "replacement valid later", entries: []Entry{old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1"), validSince("2021-11-01"))}, asks: []ask{
			{asked("north engage 2021-10-31"), "stated essex/1 refuse"},
			{asked("north engage 2021-11-01"), "stated essex/2 caution"},
			{asked("north list 2021-10-31"), "stated essex/1 refuse"},
			{asked("north list 2021-11-01"), "no_line replaced essex/1 essex/2 2021-11-01"},
		}},
		{name: "what was replaced does not come back when its replacement is withdrawn", entries: []Entry{
			old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1")), withdraw("essex/3", "essex/2", "2021-10-10"),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "no_line withdrawn essex/2 essex/3 2021-10-10"},
			{asked("north list 2021-10-10"), "no_line replaced essex/1 essex/2 2021-10-05"},
		}},
		{name: "unless the withdrawal restores it", entries: []Entry{
			old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1")), withdraw("essex/3", "essex/2", "2021-10-10", restores("essex/1")),
		}, asks: []ask{
			{asked("north engage 2021-10-09"), "stated essex/2 caution"},
			{asked("north list 2021-10-09"), "no_line replaced essex/1 essex/2 2021-10-05"},
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
			{asked("north list 2021-10-10"), "stated essex/1 refuse"},
		}},
		{name: "what was amended does not come back either, unless restored", entries: []Entry{
			old, say("essex/2", "2021-10-05", on("north", "engage", caution), on("north", "list", caution), amends("essex/1")), withdraw("essex/3", "essex/2", "2021-10-10"),
			say("essex/4", "2021-10-01", on("south", "engage", refuse)), say("essex/5", "2021-10-05", on("south", "engage", caution), amends("essex/4", "essex/1")),
			withdraw("essex/6", "essex/5", "2021-10-10", restores("essex/4")),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "no_line withdrawn essex/2 essex/3 2021-10-10"},
			{asked("south engage 2021-10-09"), "stated essex/5 caution"},
			{asked("south engage 2021-10-10"), "stated essex/4 refuse"},
		}},
		{name: "restored from one replacement, still ended by another", entries: []Entry{
			old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1")), say("essex/3", "2021-10-06", on("north", "engage", support), replaces("essex/1")),
			withdraw("essex/4", "essex/2", "2021-10-10", restores("essex/1")),
		}, asks: []ask{{asked("north list 2021-10-10"), "no_line replaced essex/1 essex/3 2021-10-06"}}},
		{name: "withdrawn, then issued again", entries: []Entry{
			old, withdraw("essex/2", "essex/1", "2021-10-05"), say("essex/3", "2021-10-10", both[0]),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "no_line withdrawn essex/1 essex/2 2021-10-05"},
			{asked("north engage 2021-10-10"), "stated essex/3 refuse"},
		}},
		{name: "firm after provisional, then withdrawn: the provisional one stands only if it was not replaced", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", against, provisional), on("north", "list", against, provisional)),
			say("essex/2", "2021-10-05", on("north", "engage", refuse), on("north", "list", refuse), amends("essex/9")),
			say("essex/3", "2021-10-05", on("north", "strike", support, provisional)),
			say("essex/4", "2021-10-06", on("north", "strike", support), replaces("essex/3")),
			withdraw("essex/5", "essex/2", "2021-10-10"), withdraw("essex/6", "essex/4", "2021-10-10"),
		}, asks: []ask{
			{asked("north engage 2021-10-05"), "stated essex/2 refuse"},
			{asked("north engage 2021-10-10"), "stated essex/1 advise-against"},
			{asked("north strike 2021-10-10"), "no_line withdrawn essex/4 essex/6 2021-10-10"},
		}},
		{name: "an office that never spoke for the committee ends nothing", entries: []Entry{
			old, withdraw("kent/2", "essex/1", "2021-10-05"), say("kent/3", "2021-10-05", on("kent", "engage", support), replaces("essex/1"), amends("essex/1")),
		}, asks: []ask{{asked("north engage 2021-10-10"), "stated essex/1 refuse"}}},
		{name: "an ending is of the office that speaks for the committee on its own issued day", reg: moved, entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)), withdraw("essex/2", "essex/1", "2021-10-20"), withdraw("kent/3", "essex/1", "2021-10-25"),
		}, asks: []ask{
			{asked("north engage 2021-10-24"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-25"), "no_line withdrawn essex/1 kent/3 2021-10-25"},
		}},
		{name: "an ending dated back before what it ends was issued does not count", reg: moved, entries: []Entry{
			say("kent/1", "2021-10-20", on("north", "engage", refuse)), withdraw("essex/9", "kent/1", "2021-10-10", effective("2021-10-21")),
		}, asks: []ask{{asked("north engage 2021-10-25"), "stated kent/1 refuse"}}},
		{name: "an ending inside the month-only range of what it ends counts", entries: []Entry{
			say("essex/1", "2021-10-01..2021-10-31", on("north", "engage", refuse)), withdraw("essex/2", "essex/1", "2021-10-20"),
		}, asks: []ask{
			{asked("north engage 2021-10-19"), "no_line day_not_known | maybe essex/1"},
			{asked("north engage 2021-10-20"), "no_line day_not_known"},
			{asked("north engage 2021-10-31"), "no_line withdrawn essex/1 essex/2 2021-10-20"},
		}},
		{name: "an ending less widely visible does not count", entries: []Entry{
			old, withdraw("essex/2", "essex/1", "2021-10-05", seenBy(v1.Visibility_VISIBILITY_PRACTICES)),
			say("essex/3", "2021-10-05", on("south", "engage", support), replaces("essex/1"), amends("essex/1"), seenBy(v1.Visibility_VISIBILITY_COMMITTEES)),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
			{asked("south list 2021-10-10"), "stated essex/1 refuse"},
		}},
		{name: "nor does a restoring one", entries: []Entry{
			old, say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1")),
			withdraw("essex/3", "essex/2", "2021-10-10", restores("essex/1"), seenBy(v1.Visibility_VISIBILITY_OFFICE)),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/2 caution"},
			{asked("north list 2021-10-10"), "no_line replaced essex/1 essex/2 2021-10-05"},
		}},
		{name: "nothing ends itself, and unknown targets do no harm", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse), replaces("essex/1", "", "essex/99"), amends("essex/1")), withdraw("essex/2", "essex/2", "2021-10-01"),
		}, asks: []ask{{asked("north engage 2021-10-10"), "stated essex/1 refuse"}}},
		{name: "a withdrawal says the same whatever came of the rest", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-10"))), withdraw("essex/2", "essex/1", "2021-10-20"),
		}, asks: []ask{{asked("north engage 2021-10-25"), "no_line expired essex/1 2021-10-11"}}},
		{name: "what is withdrawn before it begins is withdrawn", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-12-01"))), withdraw("essex/2", "essex/1", "2021-10-20"),
		}, asks: []ask{{asked("north engage 2021-10-25"), "no_line withdrawn essex/1 essex/2 2021-10-20"}}},
	})
}

// domain.md 4.3
func TestLinesBeforeMentions(t *testing.T) {
	runClauses(t, []clause{
		{name: "a newsletter after a refusal leaves the refusal", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-20", on("north", "engage", info)),
		}, asks: []ask{
			{asked("north engage 2021-10-19"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-20"), "stated essex/1 refuse | beside essex/2"},
		}},
		{name: "mentions answer when nothing else is left, the latest of them", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-05", on("north", "engage", info)),
			say("essex/3", "2021-10-06", on("north", "engage", info, relay)), say("essex/4", "2021-10-07", on("north", "engage", consulting)),
			withdraw("essex/5", "essex/1", "2021-10-10"), withdraw("essex/6", "essex/4", "2021-10-11"), withdraw("essex/7", "essex/3", "2021-10-12"),
		}, asks: []ask{
			{asked("north engage 2021-10-09"), "stated essex/1 refuse | beside essex/4 essex/3 essex/2"},
			{asked("north engage 2021-10-10"), "consulting essex/4 asking-its-members | beside essex/3 essex/2"},
			{asked("north engage 2021-10-11"), "relayed essex/3 information-only | beside essex/2"},
			{asked("north engage 2021-10-12"), "mentioned essex/2 information-only"},
		}},
		{name: "a newsletter does not silence a report", entries: []Entry{
			reported("bma/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-05", on("north", "engage", info)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "reported bma/1 refuse | beside essex/2"}}},
		{name: "a committee's own mention before what others mention of it", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", info, relay)), reported("bma/2", "2021-10-05", on("north", "engage", info)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "relayed essex/1 information-only | beside bma/2"}}},
		{name: "another body's comment is a report", entries: []Entry{reported("bma/2", "2021-10-05", on("igpm", "", info))}, asks: []ask{
			{asked("igpm whole 2021-10-10"), "reported bma/2 information-only"},
		}},
	})
}

// domain.md 4.4
func TestOwnWordFirst(t *testing.T) {
	older := reported("bma/1", "2021-10-01", on("north", "engage", support))
	newer := reported("bma/2", "2021-10-20", on("north", "engage", support))
	own := say("essex/1", "2021-10-10", on("north", "engage", refuse))
	runClauses(t, []clause{
		{name: "own word against an older and a newer report", entries: []Entry{older, own, newer}, asks: []ask{
			{asked("north engage 2021-10-09"), "reported bma/1 support"},
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
			{asked("north engage 2021-10-20"), "stated essex/1 refuse | since bma/2"},
		}},
		{name: "a report of the very day is dropped", entries: []Entry{own, reported("bma/3", "2021-10-10", on("north", "engage", support))}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
		}},
		{name: "a withdrawal is a word too: nothing reported comes back", entries: []Entry{older, own, newer, withdraw("essex/2", "essex/1", "2021-10-25")}, asks: []ask{
			{asked("north engage 2021-10-24"), "stated essex/1 refuse | since bma/2"},
			{asked("north engage 2021-10-25"), "no_line withdrawn essex/1 essex/2 2021-10-25"},
		}},
		{name: "reported after the withdrawal: since, never current", entries: []Entry{own, withdraw("essex/2", "essex/1", "2021-10-15"), newer}, asks: []ask{
			{asked("north engage 2021-10-20"), "no_line withdrawn essex/1 essex/2 2021-10-15 | since bma/2"},
		}},
		{name: "a word on the whole matter is a word on its measures, not on others'", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "", refuse)), older, reported("bma/4", "2021-10-01", on("north", "strike", support)),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/1 refuse"},
			{asked("north strike 2021-10-10"), "reported bma/4 support"},
		}},
		{name: "a word to others silences no report", entries: []Entry{older, say("essex/1", "2021-10-10", on("north", "engage", refuse, pcns))}, asks: []ask{
			{asked("north engage 2021-10-10"), "reported bma/1 support"},
		}},
		{name: "an office reports on others, not on its own committees", reg: &book{
			mandates:  []tenure{{office: "bma", committee: "gpc"}},
			reporters: []tenure{{office: "bma", until: "2021-10-15"}},
		}, entries: []Entry{
			reported("bma/1", "2021-10-10", on("gpc", "engage", support)), reported("bma/2", "2021-10-10", on("north", "engage", support)),
			reported("bma/3", "2021-10-20", on("kent", "engage", support)), reported("kent/4", "2021-10-10", on("kent", "engage", support)),
		}, asks: []ask{
			{asked("gpc engage 2021-10-30"), "no_line silent"},
			{asked("north engage 2021-10-30"), "reported bma/2 support"},
			{asked("kent engage 2021-10-30"), "no_line silent"},
		}},
	})
}

// domain.md 4.5 and 4.6
func TestLatestIssuedAndTheSameDay(t *testing.T) {
	runClauses(t, []clause{
		{name: "latest issued wins, by its latest possible day, whatever its number", entries: []Entry{
			say("essex/1", "2021-10-12", on("north", "engage", refuse)), say("essex/2", "2021-10-10", on("north", "engage", support)),
			say("essex/3", "2021-10-01..2021-10-31", on("north", "engage", caution)),
		}, asks: []ask{
			{asked("north engage 2021-10-12"), "stated essex/1 refuse | maybe essex/3"},
			{asked("north engage 2021-10-31"), "stated essex/3 caution"},
		}},
		{name: "measure before whole matter", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", caution)), say("essex/2", "2021-10-10", on("north", "", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "stated essex/1 caution"}}},
		{name: "a later whole-matter line beats an earlier measure line", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", caution)), say("essex/2", "2021-10-11", on("north", "", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-11"), "stated essex/2 refuse"}}},
		{name: "fewer committees", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", caution)), say("essex/2", "2021-10-10", on("north south", "engage", refuse)),
			say("essex/3", "2021-10-10", on("south south", "engage", decides)),
		}, asks: []ask{
			{asked("north engage 2021-10-10"), "stated essex/1 caution"},
			{asked("south engage 2021-10-10"), "stated essex/3 practice-decides"},
		}},
		{name: "the smaller area if one contains the other", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", caution, in("A1"))), say("essex/2", "2021-10-10", on("north", "engage", refuse, in("A"))),
			say("essex/3", "2021-10-10", on("north", "engage", support)), say("essex/4", "2021-10-10", on("north", "engage", against, in("B"))),
		}, asks: []ask{
			{asked("north engage 2021-10-10", code("A1")), "A1: stated essex/1 caution"},
			{asked("north engage 2021-10-10", code("A")), "A: stated essex/2 refuse"},
			{asked("north engage 2021-10-10", code("B")), "B: stated essex/4 advise-against"},
			{asked("north engage 2021-10-10", code("C")), "C: stated essex/3 support"},
		}},
		{name: "the higher epoch, then the higher index of the same log", entries: []Entry{
			say("essex/9", "2021-10-10", on("north", "engage", caution)), say("essex@1/3", "2021-10-10", on("north", "engage", refuse)),
			say("essex@1/2", "2021-10-10", on("north", "engage", support)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "stated essex@1/3 refuse"}}},
		{name: "two offices reporting the same with equal dates: the lower office id", entries: []Entry{
			reported("pulse/1", "2021-10-10", on("north", "engage", refuse)), reported("bma/7", "2021-10-10", on("north", "engage", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "reported bma/7 refuse"}}},
		{name: "two offices reporting different stances with equal dates: contested", entries: []Entry{
			reported("pulse/1", "2021-10-10", on("north", "engage", refuse)), reported("bma/7", "2021-10-10", on("north", "engage", support)),
			reported("pulse/0", "2021-10-10", on("north", "engage", against)),
		}, asks: []ask{{asked("north engage 2021-10-10"), "contested bma/7 support pulse/1 refuse"}}},
		{name: "one of them a day later is not contested", entries: []Entry{
			reported("pulse/1", "2021-10-10", on("north", "engage", refuse)), reported("bma/7", "2021-10-11", on("north", "engage", support)),
		}, asks: []ask{{asked("north engage 2021-10-11"), "reported bma/7 support"}}},
		{name: "within one advisory, the first of what is malformed enough to be said twice", entries: []Entry{
			say("essex/1", "2021-10-10", on("north", "engage", caution), on("north", "engage", refuse)),
		}, asks: []ask{{asked("north engage 2021-10-11"), "stated essex/1 caution"}}},
	})
}

// domain.md 4.7
func TestNothingLeft(t *testing.T) {
	runClauses(t, []clause{
		{name: "silent only when everything of its offices is here", asks: []ask{
			{asked("north engage 2021-10-10"), "no_line silent"},
			{asked("north engage 2021-10-10", int32(3)), "no_line not_known 3"},
		}},
		{name: "what ended is known whatever else is missing", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-05"))),
		}, asks: []ask{{asked("north engage 2021-10-10", int64(3)), "no_line expired essex/1 2021-10-06"}}},
		{name: "what ended last is named", entries: []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-02", on("north", "engage", refuse, until("2021-10-04"))),
			withdraw("essex/3", "essex/1", "2021-10-06"),
		}, asks: []ask{{asked("north engage 2021-10-10"), "no_line withdrawn essex/1 essex/3 2021-10-06"}}},
		{name: "a report that expired", entries: []Entry{reported("bma/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-05")))}, asks: []ask{
			{asked("north engage 2021-10-10"), "no_line expired bma/1 2021-10-06"},
		}},
		{name: "a question without a day is not answered", entries: []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse))}, asks: []ask{
			{asked("north engage today"), "no_line not_known"},
		}},
	})
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
