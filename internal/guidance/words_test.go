package guidance

import (
	"maps"
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// condition makes a position conditional.
func condition(direction v1.ConditionDirection, text string) func(*v1.Position) {
	return func(p *v1.Position) {
		p.Conditions = append(p.Conditions, &v1.Condition{Direction: direction, Text: text})
	}
}

func TestLinesInPlainWords(t *testing.T) {
	const until = v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL
	const unless = v1.ConditionDirection_CONDITION_DIRECTION_UNLESS
	const onlyIf = v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF
	relayed := on("north", "engage", info, relay)
	relayed.RelayOf = &v1.RelaySource{Committee: "gpc-england"}
	for _, c := range []struct {
		entries []Entry
		ask     Question
		want    string
	}{
		{
			[]Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse, effect(always(notContractual)...)))},
			asked("north engage 2021-10-25"),
			"north LMC advises you to refuse (25 October 2021). It says: not in the contract.",
		},
		{
			[]Entry{say("essex/1", "2021-10-18..2021-10-21", on("north", "", refuse, condition(until, "local talks end."), condition(onlyIf, "it is safe")))},
			asked("north engage 2021-10-25"),
			"north LMC advises you to refuse (18 to 21 October 2021, on the whole matter). This holds until: local talks end; to be taken up only if: it is safe.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01..2021-10-31", on("north", "engage", against, provisional))},
			asked("north engage 2021-11-25"),
			"north LMC advises against, for now (October 2021).",
		},
		{
			[]Entry{say("essex/1", "2021-10-20", on("north", "engage", support, effect(dated(noBreach, "", "2021-10-31"), dated(wouldBreach, "2021-11-01", ""))))},
			asked("north engage 2021-11-01"),
			"north LMC has no line that holds: from 1 November 2021 doing what its advice (essex/1) supports would breach the contract, and nothing here advises it. Ring your LMC.",
		},
		{
			[]Entry{say("essex/1", "2021-10-26", relayed)},
			asked("north engage 2021-11-01"),
			"north LMC passes on what GPC England says (26 October 2021) and takes no line of its own.",
		},
		{
			[]Entry{say("essex/1", "2021-10-26", on("north", "engage", consulting))},
			asked("north engage 2021-11-01"),
			"north LMC is asking its members (26 October 2021) and takes no line yet.",
		},
		{
			[]Entry{reported("bma/1", "2021-10-01", on("north", "engage", refuse)), withdraw("essex/2", "bma/1", "2021-10-05")},
			asked("north engage 2021-10-10"),
			"north LMC has said nothing of its own on this. It denies what was reported of it (bma/1), from 5 October 2021 (essex/2).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01..2021-10-31", on("north", "list", refuse))},
			asked("north engage 2021-10-10"),
			"north LMC has said something on this matter, or is reported to have, on a day that is not known: whether by this day cannot be said.",
		},
		{
			[]Entry{reported("bma/1", "2021-10-26", on("north", "engage", refuse))},
			asked("north engage 2021-11-01"),
			"north LMC is reported to advise refusing (26 October 2021, by The Gazette); this is not its own publication.",
		},
		{
			[]Entry{reported("bma/1", "2021-10-26", on("north", "engage", refuse)), reported("pulse/1", "2021-10-26", on("north", "engage", support))},
			asked("north engage 2021-11-01"),
			"north LMC: reports of it differ for the same day: The BMA records refuse, reported by The Gazette (bma/1), pulse records support, reported by The Gazette (pulse/1). None of these is counted: ask your LMC.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01..2021-10-31", on("north", "engage", refuse), on("north", "", refuse))},
			asked("north engage 2021-10-10"),
			"north LMC has said something on this, or is reported to have, on a day that is not known: whether by this day cannot be said. May already have been issued: essex/1 (October 2021).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", support, startsWhenever("the money comes.")))},
			asked("north engage 2021-10-10"),
			"north LMC has nothing on this that is in force yet. Waiting: support once the money comes (essex/1).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse)), withdraw("essex/2", "essex/1", "2021-10-05")},
			asked("north engage 2021-10-10"),
			"north LMC has no line: its advice (essex/1) was withdrawn from 5 October 2021 (essex/2).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, func(p *v1.Position) { p.ValidUntil = "2021-10-05" }))},
			asked("north engage 2021-10-10"),
			"north LMC has no line: its advice (essex/1) was valid until 5 October 2021.",
		},
		{
			nil, asked("north engage 2021-10-10", int32(2)),
			"north LMC: not known here: 2 entries of its office are withheld, not held or still to come.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")))},
			asked("north engage 2021-10-10", code("A")),
			"In area:A, north LMC advises you to refuse (1 October 2021).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-05", on("north", "list", refuse), replaces("essex/1"))},
			asked("north engage 2021-10-10"),
			"north LMC has no line on this: its advice (essex/1) was replaced from 5 October 2021 by essex/2, which does not cover it.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "strike", support))},
			asked("north whole 2021-10-10"),
			"north LMC has no line on the whole matter; it has lines on 2 of its 3 measures: engage, strike.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, pcns, in("A"), scopedTo("started")), on("north", "engage", support, partners))},
			asked("north engage 2021-10-10"),
			"north LMC: nothing published here on this to practices; it has written to others. " +
				"To primary care networks, in area:A, for started: refuse (essex/1). To GP partners: support (essex/1).",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("started"), condition(unless, "ill"), condition(onlyIf, "paid")))},
			asked("north engage 2021-10-10"),
			"north LMC has no line on this in general. For started, north LMC advises you to refuse (1 October 2021, essex/1). Unless: ill; to be taken up only if: paid.",
		},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "list", refuse))},
			asked("north engage 2021-10-10"),
			"north LMC has no line on this; what it has said, or is reported to have said, is on other parts of the matter.",
		},
		{nil, asked("north engage 2021-10-10", int32(1)), "north LMC: not known here: 1 entry of its office is withheld, not held or still to come."},
		{nil, asked("north engage 2021-10-10"), "north LMC: nothing published here on this."},
		{
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", info))},
			asked("north engage 2021-10-10"),
			"north LMC passes on information (1 October 2021) and takes no line.",
		},
		{
			[]Entry{
				say("essex/2", "2021-10-02", on("north", "engage", refuse)), reported("bma/1", "2021-10-01", on("north", "engage", caution)), reported("bma/3", "2021-10-05", on("north", "engage", support)),
				say("essex/4", "2021-10-04", on("north", "engage", support, from("2021-11-01")), on("north", "engage", caution, in("X99"))),
			},
			asked("north engage 2021-10-10"),
			"north LMC advises you to refuse (2 October 2021). From 1 November 2021: support (essex/4). " +
				"Said of area:X99, an area that is not in the register: caution (essex/4). " +
				"Reported before its own last word, by The Gazette: caution (bma/1). Reported since, not by itself, by The Gazette: support (bma/3).",
		},
	} {
		if got := resolve(c.ask, c.entries, register())[0].GetWords(); got != c.want {
			t.Errorf("\n got %s\nwant %s", got, c.want)
		}
	}
}

// What was said of an area that is no more says so, in words of its own.
func TestWhatBecameOfAnAreaInPlainWords(t *testing.T) {
	entries := []Entry{say("essex/1", "2026-03-20", on("north", "engage", refuse, in("MSE")))}
	line := resolve(asked("north engage 2026-04-10", code("CEE")), entries, mergedBook())[0]
	const want = "Said of area:MSE, since merged into area:CEE: refuse (essex/1). Ring your LMC."
	if former := line.GetFormerAreas(); len(former) != 1 || former[0].GetWords() != want || !strings.Contains(line.GetWords(), want) {
		t.Errorf("%v\nwant %s", line, want)
	}
	book := mergedBook()
	book.lists["CEE"] = []string{"F83001"} // for a practice that the new area lists, and the old did not
	if former := resolve(asked("north engage 2026-04-10", forPractice("F83001")), entries, book)[0].GetFormerAreas(); len(former) != 1 {
		t.Errorf("to a practice that came since: %v", former)
	}
}

// What was said to a group, or to partners, of an area that was merged since stood nowhere in what took its place:
// whoever asked there, for the group or for all, was told the general line alone.
func TestWhatWasSaidToSomeOfAnAreaThatIsNoMoreIsListed(t *testing.T) {
	const (
		general = "area:CEE, north LMC supports (15 March 2026). "
		nobody  = "In area:CEE, north LMC: nothing published here on this"
	)
	all := say("essex/1", "2026-03-15", on("north", "engage", support))
	toGroup := say("essex/2", "2026-03-20", on("north", "engage", refuse, in("MSE"), scopedTo("started")))
	toPartners := say("essex/2", "2026-03-20", on("north", "engage", refuse, partners, in("MSE")))
	toGroupsPartners := say("essex/2", "2026-03-20", on("north", "engage", refuse, partners, in("MSE"), scopedTo("started")))
	toUnknown := say("essex/2", "2026-03-20", on("north", "engage", refuse, in("Z9"), scopedTo("started")))
	besideIt := say("essex/3", "2026-03-21", on("north", "engage", caution, scopedTo("started")))
	for name, c := range map[string]struct {
		scope   string
		entries []Entry
		want    string
	}{
		"to a group":                        {"", []Entry{all, toGroup}, "In " + general + "Said for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to a group, asked for it":          {"started", []Entry{all, toGroup}, "In " + general + "Said for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to a group that has a line":        {"", []Entry{all, toGroup, besideIt}, "In " + general + "For started in area:CEE, north LMC urges caution (21 March 2026, essex/3). Said for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to a group, and to nobody else":    {"", []Entry{toGroup}, nobody + " in general. Said for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to partners":                       {"", []Entry{all, toPartners}, "In " + general + "Said to GP partners of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to partners of a group":            {"", []Entry{all, toGroupsPartners}, "In " + general + "Said to GP partners, for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to partners of a group, asked":     {"started", []Entry{all, toGroupsPartners}, "In " + general + "Said to GP partners, for started of area:MSE, since merged into area:CEE: refuse (essex/2). Ring your LMC."},
		"to a group, of an area not known":  {"", []Entry{all, toUnknown}, "In " + general + "Said for started of area:Z9, an area that is not in the register: refuse (essex/2)."},
		"to a group, of one, asked for it":  {"started", []Entry{all, toUnknown}, "In " + general + "Said for started of area:Z9, an area that is not in the register: refuse (essex/2)."},
		"to a group, asked for another one": {"other", []Entry{all, toGroup}, "In " + strings.TrimSpace(general)},
	} {
		if got := resolve(asked("north engage 2026-04-10", code("CEE"), func(q *Question) { q.Scope = c.scope }), c.entries, mergedBook())[0].GetWords(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// Nothing a person reads may look like the wire.
func TestNoWireShapesInWords(t *testing.T) {
	var all []string
	for i := int32(0); i < 12; i++ {
		all = append(all, StanceWords(v1.Stance(i)), StanceNoun(v1.Stance(i)), reportedWords(v1.Stance(i)), EffectNoun(v1.ContractEffect(i)), OpinionWords(v1.Opinion(i)), ReasonWords(v1.Reason(i)), ConsequenceTopicWords(v1.ConsequenceTopic(i)),
			ObligationWords(answersv1.Obligation(i)), AudienceWords(v1.Audience(i)), VisibilityWords(v1.Visibility(i)), RelationWords(answersv1.Relation(i)), MeasureKindWords(v1.MeasureKind(i)))
	}
	for _, words := range all {
		if strings.Contains(words, "_") || strings.Contains(words, "UNSPECIFIED") {
			t.Errorf("%q looks like the wire", words)
		}
	}
}

func TestDaysInWords(t *testing.T) {
	for in, want := range map[string]string{
		"2021-10-25":             "25 October 2021",
		"2021-10-01..2021-10-31": "October 2021",
		"2021-02-01..2021-02-28": "February 2021",
		"2024-02-01..2024-02-28": "1 to 28 February 2024",
		"2021-10-18..2021-10-21": "18 to 21 October 2021",
		"2021-10-28..2021-11-03": "28 October to 3 November 2021",
		"2021-12-30..2022-01-02": "30 December 2021 to 2 January 2022",
		"2021-02-30":             "no day that exists",
		"2021-10-02..2021-10-01": "no day that exists",
	} {
		if got := RangeWords(days(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestStatementAndWithdrawalInWords(t *testing.T) {
	p := on("north", "engage", against, provisional)
	if got, want := StatementWords(&answersv1.Statement{Position: p, Issued: days("2021-10-20")}), "Advises against, for now."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	passedOn := on("north", "engage", info, relay)
	passedOn.RelayOf = &v1.RelaySource{Committee: "gpc-england"}
	if got, want := StatementWords(&answersv1.Statement{Position: passedOn, Issued: days("2021-10-20")}), "Passes on what gpc-england says."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := StatementWords(&answersv1.Statement{Position: passedOn, Issued: days("2021-10-20"), PassesOn: "GPC England"}), "Passes on what GPC England says."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	w := withdraw("essex/3", "essex/2", "2021-10-20", restores("essex/1")).Withdrawal
	w.Reason = "Superseded by talks."
	if got, want := WithdrawalWords(w), "Withdraws essex/2 from 20 October 2021: Superseded by talks; essex/1 stands again."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	p.Opinion = v1.Opinion_OPINION_CONCERNED
	if got, want := StatementWords(&answersv1.Statement{Position: p, Issued: days("2021-10-20")}), "Advises against, for now; as a policy, it has concerns about it."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.Provisional, p.Stance, p.Provenance = false, v1.Stance_STANCE_INFORMATION_ONLY, v1.Provenance_PROVENANCE_REPORTED
	if got, want := StatementWords(&answersv1.Statement{Position: p, Issued: days("2021-10-20")}), "Is reported to have commented, without a line; as a policy, it has concerns about it."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheFirstDayOfAWholeLetterIsNamed(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-03", on("north", "engage", refuse), validSince("2021-12-01")), say("essex/2", "2021-10-02", on("north", "engage", caution, from("2021-11-01")), validSince("2021-12-01"))}
	words := resolve(asked("north engage 2021-10-05"), entries, register())[0].GetWords()
	for _, want := range []string{"From 1 December 2021: refuse (essex/1).", "From 1 November 2021: caution (essex/2)."} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in %q", want, words)
		}
	}
}

// "From 7 December: refuse", and its text to send, stood beside a newer line that goes on answering.
func TestALineAheadThatWillNeverAnswerIsNotAnnounced(t *testing.T) {
	ahead := say("essex/1", "2021-11-26", on("north", "", refuse, from("2021-12-07")), asksFor("send the refusal", "2021-12-09"))
	newer := say("essex/2", "2021-11-27", on("north", "engage", support))
	line := resolve(asked("north engage 2021-11-28"), []Entry{ahead, newer}, register())[0]
	if strings.Contains(line.GetWords(), "From 7 December") || len(line.GetAlsoAsked()) > 0 || len(line.GetNotYet()) != 1 || !line.GetNotYet()[0].GetOvertaken() {
		t.Errorf("on the measure: %s, also asked %v, not yet %v", line.GetWords(), line.GetAlsoAsked(), line.GetNotYet())
	}
	if whole := resolve(asked("north whole 2021-11-28"), []Entry{ahead, newer}, register())[0]; !strings.Contains(whole.GetWords(), "From 7 December 2021: refuse") || len(whole.GetAlsoAsked()) != 1 {
		t.Errorf("on the whole: %s, also asked %v", whole.GetWords(), whole.GetAlsoAsked())
	}
}

// The last day of a line was told in the list of measures alone.
func TestTheLastDayOfALineIsTold(t *testing.T) {
	line := resolve(asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse, until("2021-12-11")))}, register())[0]
	if want := "advises you to refuse, until 11 December 2021 (25 October 2021)"; !strings.Contains(line.GetWords(), want) {
		t.Errorf("%s, want %s", line.GetWords(), want)
	}
}

// What is said to a group, in another part of the area, or by a committee that was merged, is
// never told of all practices.
func TestWhatIsSaidToOthersSaysToWhom(t *testing.T) {
	for _, c := range []struct {
		q       Question
		entries []Entry
		reg     *book
		want    string
	}{
		{
			asked("north engage 2021-10-05"),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("emis")))},
			register(),
			"north LMC has no line on this in general. For emis, north LMC advises you to refuse (1 October 2021, essex/1).",
		},
		{
			asked("north engage 2021-10-05", code("B")),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("emis"), in("A")))},
			register(),
			"north LMC: nothing published here on this in general. In area:A, for emis: refuse (essex/1).",
		},
		{
			asked("union engage 2021-10-12", code("C")),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse))},
			named(unionBook(), "north", "North LMC"),
			"union LMC: nothing published here on this for the rest of its area. By North LMC before it was merged: refuse (essex/1).",
		},
		{
			asked("north engage 2021-10-05", forPractice("F81003")),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", caution, in("A")))},
			named(register(), "A", "Alpha ICB"),
			"north LMC: nothing published here on this for your area. In Alpha ICB (area:A): caution (essex/1).",
		},
		{
			asked("north engage 2021-10-05", forPractice("F81003")),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", caution, partners, in("A")))},
			named(register(), "A", "Alpha ICB"),
			"north LMC: nothing published here on this to practices; it has written to others. To GP partners, in Alpha ICB (area:A): caution (essex/1).",
		},
		{
			asked("north engage 2021-10-05"),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", caution, in("A")))},
			named(register(), "A", "Alpha ICB"),
			"north LMC: nothing published here on this for the rest of its area. In Alpha ICB (area:A): caution (essex/1).",
		},
	} {
		line := resolve(c.q, c.entries, c.reg)[0]
		line.Area = nil
		if got := LineWords(line); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

// named gives one more name to a register.
func named(b *book, id, name string) *book {
	b.names = maps.Clone(b.names)
	if b.names == nil {
		b.names = map[string]string{}
	}
	b.names[id] = name
	return b
}

func TestAReportedOpinionIsTold(t *testing.T) {
	opposes := reported("bma/1", "2021-10-01", on("north", "engage", info, func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_OPPOSES }))
	line := resolve(asked("north engage 2021-10-05"), []Entry{opposes}, register())[0]
	if line.GetOpinion() != v1.Opinion_OPINION_OPPOSES || !strings.Contains(line.GetWords(), "By the same report, it opposes it.") {
		t.Errorf("got %v", line)
	}
	own := resolve(asked("north engage 2021-10-05"), []Entry{opposes, say("essex/1", "2021-10-02", on("north", "engage", refuse))}, register())[0]
	if own.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED {
		t.Errorf("a report speaks for whoever spoke: %v", own)
	}
}

// Committees are called by their names in every sentence, where the register has them, and in
// one that can be told apart though some have commas.
func TestWhatEndsAndGoesOnNamesCommitteesByTheirNames(t *testing.T) {
	reg := register()
	reg.names["north"], reg.names["south"] = "North, Mid and West Essex LMC", "South Essex LMC"
	known := essexToday(say("essex/1", "2021-10-01", on("north south", "engage", against)))
	known.Register = reg
	has := func(what, got, want string) {
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	_, warnings, ends, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", OnBehalfOf: []string{"south"}, Visibility: public}, known)
	if err != nil || len(ends) != 1 || len(warnings) != 1 {
		t.Fatalf("%v: %v, %v", err, ends, warnings)
	}
	has("what ends", ends[0], "for South Essex LMC. It still stands for North, Mid and West Essex LMC.")
	has("the gap", warnings[0].GetWords(), "South Essex LMC will have no line")
	if warnings[0].GetWords() != WarningWords(warnings[0]) {
		t.Errorf("its words need more than its values: %v", warnings[0])
	}
	_, warnings, ends, err = checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public}, known)
	if err != nil || len(ends) != 1 || len(warnings) != 1 {
		t.Fatalf("%v: %v, %v", err, ends, warnings)
	}
	has("both end", ends[0], "for North, Mid and West Essex LMC; South Essex LMC.")
	has("the gap of both", warnings[0].GetWords(), "North, Mid and West Essex LMC; South Essex LMC will have no line")
	ended := say("essex/1", "2021-10-01", on("north south", "engage", against))
	now := withdraw("essex/2", "essex/1", "2021-10-05")
	now.Withdrawal.OnBehalfOf = []string{"south"}
	words := Prepare(t.Context(), []Entry{ended, now}, reg).EndOf(ended, "2021-10-10", func(string) *v1.Matter { return matter() }).Words
	has("what has ended", words, "withdrawn by essex/2 from 5 October 2021 for South Essex LMC.")
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

func TestALineThatWaitsIsNotSaidInThePresent(t *testing.T) {
	waiting := on("north", "", refuse)
	waiting.Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the ballot is won"}}
	said := LineWords(&answersv1.Line{CommitteeName: "this office", State: answersv1.LineState_LINE_STATE_STATED, Current: &answersv1.Statement{Position: waiting, Issued: days("2021-10-25")}})
	if want := "this office says “refuse” only once a later letter says that its condition is met (25 October 2021). Once: the ballot is won."; !strings.HasPrefix(said, want) {
		t.Errorf("got %q, want %q", said, want)
	}
}

// A list of letters told a line that waits as if it were advised.
func TestALineThatWaitsIsNotListedInThePresent(t *testing.T) {
	waiting := on("north", "", support, startsWhenever("the pay is agreed"))
	want := "Says “support” only once a later letter says that its condition is met. Once: the pay is agreed."
	if got := StatementWords(&answersv1.Statement{Position: waiting, Issued: days("2021-10-25")}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	waiting.Provenance, want = v1.Provenance_PROVENANCE_REPORTED, "Is reported to say “support” only once a later letter says that its condition is met. Once: the pay is agreed."
	if got := StatementWords(&answersv1.Statement{Position: waiting, Issued: days("2021-10-25"), Source: &v1.Reference{Publisher: "The Gazette"}}); got != want {
		t.Errorf("reported: got %q, want %q", got, want)
	}
	waiting.Provenance, waiting.RelayOf = v1.Provenance_PROVENANCE_RELAY, &v1.RelaySource{Committee: "gpc"}
	if got := StatementWords(&answersv1.Statement{Position: waiting, Issued: days("2021-10-25"), PassesOn: "GPC England"}); !strings.HasPrefix(got, "Passes on what GPC England says") {
		t.Errorf("passed on: %q", got)
	}
}

// What a predecessor said of an area that is no more lost the area and who said it.
func TestWhatIsSaidOfAFormerAreaSaysByWhom(t *testing.T) {
	b := unionBook()
	b.lives["A"], b.lives["ALL"] = tenure{until: "2021-10-09"}, tenure{from: "2021-10-10"}
	b.lives["B"], b.lives["C"] = b.lives["A"], b.lives["A"]
	b.tookOver["A"], b.tookOver["B"], b.tookOver["C"] = []string{"ALL"}, []string{"ALL"}, []string{"ALL"}
	b.areas["union"] = []tenure{{committee: "ALL", from: "2021-10-10"}}
	b.lists["A"], b.lists["C"], b.lists["ALL"] = []string{"F00001"}, []string{"F00002"}, []string{"F00001", "F00002"}
	said := say("essex/1", "2021-10-01", on("south", "engage", refuse))
	ask := asked("union engage 2021-10-12", code("ALL"))
	line := resolve(ask, []Entry{said}, b)[0]
	if want := "Said by south of area:C, since merged into area:ALL: refuse (essex/1). Ring your LMC."; !strings.Contains(line.GetWords(), want) {
		t.Errorf("got %q, want %q", line.GetWords(), want)
	}
	for practice, want := range map[string]bool{"F00001": false, "F00002": true} { // who was in North then is told nothing of South's
		ask.Area, ask.Practice = nil, practice
		line := resolve(ask, []Entry{said}, b)[0]
		if got := line.GetCurrent() != nil; got != want || len(line.GetFormerAreas()) > 0 {
			t.Errorf("practice %s: %v", practice, line)
		}
	}
}

// A successor's readers were told that nothing was published for the rest of an area of which the
// register has no part.
func TestWhatAPredecessorSaidForWhomeverIsSaidSo(t *testing.T) {
	line := resolve(asked("union list 2021-10-12"), []Entry{say("essex/1", "2021-10-01", on("north", "list", refuse))}, unrecordedUnionBook())[0]
	want := "union LMC: nothing published here on this that is known to hold for all of its practices. Said by north before it was merged, and for which practices is not in the register: refuse (essex/1)."
	if line.GetWords() != want {
		t.Errorf("got %q, want %q", line.GetWords(), want)
	}
}

// Partners were told to do what would be a breach, and then nothing at all; a letter that had to
// be given a last day, because of what its contract says after, was said not to say it.
func TestWhatWouldBreachNowIsSaidToThoseWhoWereToldToDoIt(t *testing.T) {
	dated := effect(
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-20"},
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-21"})
	toPartners := say("essex/1", "2021-10-10", on("north", "engage", support, partners, dated))
	line := resolve(asked("north engage 2021-10-26"), []Entry{toPartners}, register())[0]
	if want := "To GP partners: no line that holds, for from 21 October 2021 doing what its advice (essex/1) supports would breach the contract."; !strings.Contains(line.GetWords(), want) || len(line.GetSaidToOthers()) != 0 {
		t.Errorf("got %v, want %q", line, want)
	}
	expired := say("essex/1", "2021-10-10", on("north", "engage", support, dated, func(p *v1.Position) { p.ValidUntil = "2021-10-20" }))
	line = resolve(asked("north engage 2021-10-26"), []Entry{expired}, register())[0]
	if want := "from 21 October 2021 doing what its advice (essex/1) supports would breach the contract, and nothing here advises it. Ring your LMC."; !strings.HasSuffix(line.GetWords(), want) {
		t.Errorf("got %q, want %q", line.GetWords(), want)
	}
	afterwards := say("essex/1", "2021-10-10", on("north", "engage", support, effect(&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-25"}), func(p *v1.Position) { p.ValidUntil = "2021-10-20" }))
	line = resolve(asked("north engage 2021-10-26"), []Entry{afterwards}, register())[0]
	if want := "was valid until 20 October 2021. It said of the days after: from 25 October 2021 doing it would be a breach of contract. Ring your LMC."; !strings.HasSuffix(line.GetWords(), want) {
		t.Errorf("got %q, want %q", line.GetWords(), want)
	}
}

// A group, and a part of the area, whose support had to end on the last day without a breach were
// told the general support from then on: that it is no breach.
func TestWhoseAdviceLapsedWithItsLastDayIsNotToldTheGeneralLine(t *testing.T) {
	dated := effect(
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-20"},
		&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-21"})
	until := func(p *v1.Position) { p.ValidUntil = "2021-10-20" }
	said := []Entry{say("essex/1", "2021-10-10",
		on("north", "engage", support, effect(&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH})),
		on("north", "engage", support, scopedTo("in-scheme"), dated, until),
		on("north", "engage", support, in("B"), dated, until))}
	const lapses = "has no line that holds: from 21 October 2021 doing what its advice (essex/1) supports would breach the contract"
	for name, c := range map[string]struct {
		of    any
		after string
	}{"the group": {forGroup("in-scheme"), lapses}, "the part": {code("B"), lapses}, "the others": {practices, "supports"}} {
		for day, want := range map[string]string{"2021-10-20": "supports", "2021-10-26": c.after} {
			if line := resolve(asked("north engage "+day, c.of), said, register())[0]; !strings.Contains(line.GetWords(), want) {
				t.Errorf("%s on %s: %q, want %q", name, day, line.GetWords(), want)
			}
		}
	}
}

// What was only mentioned to a group, or to partners, was lost beside the general line, and the
// group was told the opinion of others.
func TestWhatIsMentionedToSomeStandsBesideTheLine(t *testing.T) {
	thinks := func(opinion v1.Opinion) func(*v1.Position) { return func(p *v1.Position) { p.Opinion = opinion } }
	said := []Entry{
		say("essex/1", "2021-10-01", on("north", "", refuse)),
		say("essex/2", "2021-10-05", on("north", "engage", info, thinks(v1.Opinion_OPINION_WELCOMES)), on("north", "engage", info, scopedTo("hub"), thinks(v1.Opinion_OPINION_CONCERNED)), on("north", "engage", info, partners, thinks(v1.Opinion_OPINION_OPPOSES))),
	}
	for group, want := range map[string]v1.Opinion{"": v1.Opinion_OPINION_WELCOMES, "hub": v1.Opinion_OPINION_CONCERNED, "others": v1.Opinion_OPINION_WELCOMES} {
		line := resolve(asked("north engage 2021-10-26", forGroup(group)), said, register())[0]
		told := map[v1.Opinion]string{}
		for _, s := range line.GetMentions() {
			told[s.GetPosition().GetOpinion()] = ToOthersWords(line, s)
		}
		if line.GetOpinion() != want || line.GetCurrent().GetAdvisory() != "essex/1" {
			t.Errorf("for %q: %v by %v", group, line.GetOpinion(), line.GetCurrent().GetAdvisory())
		}
		if of, there := told[v1.Opinion_OPINION_CONCERNED]; group != "others" && (!there || of != "for hub") {
			t.Errorf("for %q: to the group %q, %v", group, of, there)
		}
		if of, there := told[v1.Opinion_OPINION_OPPOSES]; group == "" && (!there || of != "to GP partners") {
			t.Errorf("for %q: to partners %q, %v", group, of, there)
		}
	}
}

// A report that its committee denied read as if that had withdrawn a line of its own.
func TestADeniedReportIsNoLineThatItsCommitteeWithdrew(t *testing.T) {
	report := reported("bma/1", "2021-10-01", on("north", "engage", refuse))
	denial := withdraw("essex/2", "bma/1", "2021-10-05")
	for name, c := range map[string]struct {
		entries []Entry
		ask     Question
		words   string
	}{
		"denied":     {[]Entry{report, denial}, asked("north engage 2021-10-10"), "north LMC has said nothing of its own on this. It denies what was reported of it (bma/1), from 5 October 2021 (essex/2)."},
		"before":     {[]Entry{report, denial}, asked("north engage 2021-10-04"), "north LMC is reported to advise refusing (1 October 2021, by The Gazette); this is not its own publication."},
		"taken back": {[]Entry{report, withdraw("bma/2", "bma/1", "2021-10-05")}, asked("north engage 2021-10-10"), "north LMC has said nothing of its own on this. Who recorded what was reported of it (bma/1) has taken that back from 5 October 2021 (bma/2)."},
		"both on one day": {
			[]Entry{report, denial, withdraw("bma/2", "bma/1", "2021-10-05")},
			asked("north engage 2021-10-10"), "north LMC has said nothing of its own on this. It denies what was reported of it (bma/1), from 5 October 2021 (essex/2).",
		},
		"with a line of its own": {[]Entry{report, denial, say("essex/3", "2021-10-06", on("north", "engage", caution))}, asked("north engage 2021-10-10"), "north LMC urges caution (6 October 2021)."},
		"its own line withdrawn": {
			[]Entry{say("essex/3", "2021-09-30", on("north", "engage", caution)), report, denial, withdraw("essex/4", "essex/3", "2021-10-06")},
			asked("north engage 2021-10-10"), "north LMC has no line: its advice (essex/3) was withdrawn from 6 October 2021 (essex/4).",
		},
		"of another part": {[]Entry{report, denial}, asked("north list 2021-10-10"), "north LMC: nothing published here on this."},
	} {
		if got := resolve(c.ask, c.entries, register())[0].GetWords(); got != c.words {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.words)
		}
	}
	p := Prepare(t.Context(), []Entry{report, denial}, register())
	matters := func(string) *v1.Matter { return nil }
	if got, want := p.EndOf(report, "2021-10-10", matters).Words, "It no longer counts: denied by essex/2 from 5 October 2021."; got != want {
		t.Errorf("of the report: %s, want %s", got, want)
	}
	if got, want := p.EndOf(denial, "2021-10-10", matters).Words, "It denies bma/1, a report: what that says is not the position of north."; got != want {
		t.Errorf("of the denial: %s, want %s", got, want)
	}
}

// "2 goes further than the national line": what a line is called stands behind a number too.
func TestHowLinesStandToTheNationalLineReadsOfSeveral(t *testing.T) {
	for i := range answersv1.Relation_name {
		words := RelationWords(answersv1.Relation(i))
		if verb, _, _ := strings.Cut(words, " "); slices.Contains([]string{"goes", "passes", "is", "has", "there", "cannot"}, verb) {
			t.Errorf("2 %s", words)
		}
	}
}

// Where a committee's own letters contest each other, nobody reported them.
func TestLettersOfTwoOfficesThatContestEachOtherAreNoReports(t *testing.T) {
	side := func(office string, stance v1.Stance) *answersv1.Statement {
		return &answersv1.Statement{Office: office, Advisory: office + "/1", Position: on("north", "engage", stance)}
	}
	line := &answersv1.Line{CommitteeName: "North LMC", State: answersv1.LineState_LINE_STATE_CONTESTED, Contested: []*answersv1.Statement{side("essex", refuse), side("kent", support)}}
	want := "North LMC: offices differ for the same day: essex records refuse (essex/1), kent records support (kent/1). None of these is counted: ask your LMC."
	if got := LineWords(line); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What a committee thinks by its own letter was told as said by the newspaper whose report answers for it.
func TestACommitteesOwnOpinionIsNotToldAsThatOfAReport(t *testing.T) {
	opinion := func(o v1.Opinion) func(*v1.Position) { return func(p *v1.Position) { p.Opinion = o } }
	const opposes, concerned = v1.Opinion_OPINION_OPPOSES, v1.Opinion_OPINION_CONCERNED
	own := say("essex/1", "2021-10-02", on("north", "engage", info, opinion(concerned)))
	for name, c := range map[string]struct {
		report Entry
		want   string
	}{
		"a report without one":       {reported("bma/1", "2021-10-01", on("north", "engage", refuse)), "this is not its own publication. It has concerns about it itself (essex/1)."},
		"a report with one":          {reported("bma/1", "2021-10-01", on("north", "engage", refuse, opinion(opposes))), "this is not its own publication. By the same report, it opposes it."},
		"a report on the whole plan": {reported("bma/1", "2021-10-01", on("north", "", refuse, opinion(opposes))), "this is not its own publication. It has concerns about it itself (essex/1)."},
	} {
		if got := resolve(asked("north engage 2021-10-05"), []Entry{c.report, own}, register())[0].GetWords(); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
