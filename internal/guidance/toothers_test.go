package guidance

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// told is what one question's line says to others, or to part of its readers, in sentences.
func toldOthers(t *testing.T, q Question, entries []Entry, reg Register) string {
	t.Helper()
	return strings.Join(ToOthers(resolve(q, entries, reg)[0]), " ")
}

// What was said to others was told without what keeps it from saying all.
func TestWhatIsSaidToOthersIsToldWithItsConditionsItsLastDayAndThatItIsForNow(t *testing.T) {
	onlyIf := func(p *v1.Position) {
		p.Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "the money comes first"}}
	}
	letter := say("essex/1", "2021-10-01", on("north", "", support, pcns, provisional, until("2021-10-30"), onlyIf))
	got := toldOthers(t, asked("north engage 2021-10-26"), []Entry{letter}, register())
	if want := "To primary care networks: support, for now, until 30 October 2021 (essex/1, on the whole matter). To be taken up only if: the money comes first."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	waits := say("essex/1", "2021-10-01", on("north", "engage", support, pcns, provisional, startsWhenever("talks begin")))
	got = toldOthers(t, asked("north engage 2021-10-26"), []Entry{waits}, register())
	if want := "To primary care networks, once talks begin: support, for now (essex/1)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	ahead := say("essex/1", "2021-10-01", on("north", "engage", support, from("2021-11-01"), until("2021-11-30"), provisional, onlyIf))
	words := resolve(asked("north engage 2021-10-26"), []Entry{ahead}, register())[0].Words
	if want := "From 1 November 2021: support, for now, until 30 November 2021 (essex/1). To be taken up only if: the money comes first."; !strings.HasSuffix(words, want) {
		t.Errorf("got %q, want %q", words, want)
	}
	parts := toldOthers(t, asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-02", on("north", "engage", refuse, partners, provisional))}, register())
	if want := "To GP partners: refuse, for now (essex/2)."; parts != want {
		t.Errorf("got %q, want %q", parts, want)
	}
}

// Where two offices told managers different things for the same day, the page of practices had one of the two as what
// managers are told.
func TestWhatIsContestedForPartOfTheReadersIsToldAsThat(t *testing.T) {
	for name, c := range map[string]struct {
		kents *v1.Position
		want  string
	}{
		"to managers": {on("north", "engage", caution, managers), "To practice managers, north LMC: offices differ for the same day: essex records support (essex/1), kent records caution (kent/1). None of these is counted: ask your LMC."},
		"to managers of a group": {
			on("north", "list", caution, managers, scopedTo("started")),
			"To practice managers, for started, north LMC: offices differ for the same day: essex records refuse (essex/1), kent records caution (kent/1). None of these is counted: ask your LMC.",
		},
		"to partners and managers": {on("north", "strike", caution, partners, managers), "To GP partners, practice managers, north LMC: offices differ for the same day: essex records support (essex/1), kent records caution (kent/1). None of these is counted: ask your LMC."},
		"and to others, who are told one thing": {
			on("north", "", caution, partners, managers),
			"To GP partners: caution (essex/1). To practice managers, north LMC: offices differ for the same day: essex records support (essex/1), kent records caution (kent/1). None of these is counted: ask your LMC.",
		},
	} {
		reg := register()
		reg.mandates = append(reg.mandates, tenure{office: "kent", committee: "north"})
		entries := []Entry{
			say("essex/1", "2021-10-01", on("north", c.kents.GetMeasure(), support), on("north", "list", refuse, scopedTo("started")), on("north", "", caution, partners)),
			say("kent/1", "2021-10-01", c.kents),
		}
		on := cmp.Or(c.kents.GetMeasure(), "whole")
		if got := toldOthers(t, asked("north "+on+" 2021-10-26"), entries, reg); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// What a letter said to partners about a group was on no page, where it had a line for all of that group too.
func TestWhatPartOfAGroupIsToldStandsBesideWhatAllOfItAre(t *testing.T) {
	started := scopedTo("started")
	for name, c := range map[string]struct {
		toPartners *v1.Position
		want       string
	}{
		"today":   {on("north", "engage", refuse, partners, started), "To GP partners, for started: refuse (essex/1)."},
		"later":   {on("north", "engage", refuse, partners, started, from("2021-12-01")), "To GP partners, for started, from 1 December 2021: refuse (essex/1)."},
		"waiting": {on("north", "engage", refuse, partners, started, startsWhenever("talks begin")), "To GP partners, for started, once talks begin: refuse (essex/1)."},
	} {
		letter := say("essex/1", "2021-10-01", on("north", "engage", caution), on("north", "engage", support, started), c.toPartners)
		if got := toldOthers(t, asked("north engage 2021-10-26"), []Entry{letter}, register()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A letter's line on the whole matter stood beside its own on the measure, in the same words, and beside
// a newer one that it had given way to there.
func TestWhatIsSaidToOthersOnAMeasureIsWhatAnswersThemThere(t *testing.T) {
	both := say("essex/1", "2021-10-01", on("north", "", refuse, pcns), on("north", "engage", refuse, pcns))
	for want, entries := range map[string][]Entry{
		"To primary care networks: refuse (essex/1).":  {both},
		"To primary care networks: support (essex/2).": {say("essex/1", "2021-10-01", on("north", "", refuse, pcns)), say("essex/2", "2021-10-02", on("north", "engage", support, pcns), amends("essex/1"))},
	} {
		if got := toldOthers(t, asked("north engage 2021-10-26"), entries, register()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	wider := say("essex/1", "2021-10-01", on("north", "", refuse, pcns, v1.Audience_AUDIENCE_COMMISSIONERS), on("north", "engage", refuse, pcns))
	if got := toldOthers(t, asked("north engage 2021-10-26"), []Entry{wider}, register()); strings.Count(got, "refuse") != 2 {
		t.Errorf("to commissioners the line on the whole matter answers: %q", got)
	}
}

// What two committees had said together, and one had ended, was told as both's once they had merged.
func TestWhatWasSaidBeforeAMergerIsNotOfACommitteeForWhichItEnded(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", support, pcns))
	gone := withdraw("essex/2", "essex/1", "2021-10-05", func(e *Entry) { e.Withdrawal.OnBehalfOf = []string{"north"} })
	reg := unionBook()
	for want, entries := range map[string][]Entry{"by north, south before": {joint}, "by south before": {joint, gone}} {
		if got := toldOthers(t, asked("union engage 2021-10-26"), entries, reg); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	line := resolve(asked("union engage 2021-10-26"), []Entry{joint, gone}, reg)
	if !slices.ContainsFunc(line, func(l *answersv1.Line) bool { return len(l.GetSaidToOthers()) > 0 }) {
		t.Error(line)
	}
}

// What practices are told still was nowhere beside the line of networks, which a letter to both had been amended for.
func TestWhatIsSaidToBothIsToldAsSaidToThoseWhomItStillAnswers(t *testing.T) {
	entries := []Entry{
		say("essex/1", "2021-10-01", on("north", "strike", refuse, practices, pcns)),
		say("essex/2", "2021-10-02", on("north", "strike", caution, pcns), amends("essex/1")),
	}
	if got := toldOthers(t, asked("north strike 2021-10-26", pcns), entries, register()); got != "To practices: refuse (essex/1)." {
		t.Errorf("networks: %q", got)
	}
	if got := toldOthers(t, asked("north strike 2021-10-26"), entries, register()); got != "To primary care networks: caution (essex/2)." {
		t.Errorf("practices: %q", got)
	}
}

// After a merger of LMCs, and of a letter limited to an area, practices were told as said by name of nobody, so of
// themselves, what a letter to both says to networks alone, for it was amended for practices: the opposite of their line.
func TestWhatStillAnswersOthersIsNotToldToPracticesAsTheirsAfterAMerger(t *testing.T) {
	started := scopedTo("started")
	for name, c := range map[string]struct {
		reg     *book
		q       Question
		entries []Entry
		want    string
	}{
		"by one that was merged": {
			unionBook(), asked("union engage 2021-10-26", code("C")),
			[]Entry{say("essex/1", "2021-10-01", on("north south", "engage", refuse, practices, pcns)), say("essex/2", "2021-10-02", on("south", "engage", support), amends("essex/1"))},
			"To primary care networks, by north, south before it was merged: refuse (essex/1).",
		},
		"of an area": {
			register(), asked("north engage 2021-10-26", code("A")),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns, in("A"))), say("essex/2", "2021-10-02", on("north", "engage", support, in("A")), amends("essex/1"))},
			"To primary care networks, in area:A: refuse (essex/1).",
		},
		"of an area, by one that was merged": {
			unionBook(), asked("union engage 2021-10-26", code("C")),
			[]Entry{say("essex/1", "2021-10-01", on("south", "engage", refuse, practices, pcns, in("C"))), say("essex/2", "2021-10-02", on("south", "engage", support), amends("essex/1"))},
			"To primary care networks, by south before it was merged, in area:C: refuse (essex/1).",
		},
		"of a group to come, which is among practices": {
			unionBook(), asked("union engage 2021-10-26", code("C")),
			[]Entry{say("essex/1", "2021-10-01", on("south", "engage", refuse), on("south", "engage", support, practices, pcns, started, from("2021-12-01")))},
			"By south before it was merged, for started, from 1 December 2021: support (essex/1).",
		},
	} {
		if got := toldOthers(t, c.q, c.entries, c.reg); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// A practice was told, of its partners, what a letter says of all the area around it, beside what the same letter says
// of where it lies; where that had lapsed, as what holds.
func TestAPracticeIsNotToldOfItsPartnersWhatHoldsAroundItAlone(t *testing.T) {
	breach := func(p *v1.Position) {
		p.ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-10"}}
	}
	letter := say("essex/1", "2021-10-01",
		on("north", "engage", v1.Stance_STANCE_PRACTICE_DECIDES, partners, pcns),
		on("north", "engage", support, partners, in("A"), until("2021-10-09"), breach))
	for day, want := range map[string]string{
		"2021-10-05": "To primary care networks: practice decides (essex/1). To GP partners, in area:A: support, until 9 October 2021 (essex/1).",
		"2021-10-12": "To primary care networks: practice decides (essex/1). To GP partners: no line that holds, for from 10 October 2021 doing what its advice (essex/1) supports would breach the contract.",
	} {
		if got := toldOthers(t, asked("north engage "+day, code("A")), []Entry{letter}, register()); got != want {
			t.Errorf("on %s: got %q, want %q", day, got, want)
		}
	}
}
