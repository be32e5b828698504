package guidance

import (
	"slices"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Of a letter that passes on several lines that have turned since, the first alone was named.
func TestEveryLineThatIsPassedOnAndHasTurnedIsNamed(t *testing.T) {
	several := say("kent/1", "2021-10-20", on("kent", "engage", refuse), on("kent", "list", refuse), on("kent", "strike", support))
	relays := say("essex/9", "2021-10-21", on("north", "", info, relayOf("kent", "kent/1")))
	for name, c := range map[string]struct {
		turned []Entry
		want   []string
	}{
		"one letter":  {[]Entry{say("kent/2", "2021-10-22", on("kent", "engage", support), on("kent", "list", support), amends("kent/1"))}, []string{"on “Engage” and “The list” (kent/1); it says now: support (kent/2, 22 October 2021)."}},
		"two letters": {[]Entry{say("kent/2", "2021-10-22", on("kent", "engage", support), amends("kent/1")), say("kent/3", "2021-10-23", on("kent", "list", caution), amends("kent/1"))}, []string{"on “Engage” (kent/1); it says now: support (kent/2", "on “The list” (kent/1); it says now: caution (kent/3"}},
		"withdrawn":   {[]Entry{withdraw("kent/2", "kent/1", "2021-10-22")}, []string{"the line of kent on “Engage”, “The list” and “Strike” (kent/1), which has ended, by kent/2"}},
	} {
		line := resolve(asked("north whole 2021-10-28"), append(c.turned, several, relays), register())[0]
		got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, line.GetWarnings())
		if len(got) != len(c.want) {
			t.Errorf("%s: %d warnings, want %d: %v", name, len(got), len(c.want), got)
		}
		for _, want := range c.want {
			if !slices.ContainsFunc(got, func(w *answersv1.Warning) bool { return strings.Contains(w.GetWords(), want) }) {
				t.Errorf("%s: no %q in %v", name, want, got)
			}
		}
	}
	reports := []Entry{reported("bma/1", "2021-10-20", on("kent", "engage", refuse)), reported("bma/2", "2021-10-22", on("kent", "engage", support)), say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("kent", "")))}
	if got := resolve(asked("north engage 2021-10-28"), reports, register())[0].GetWarnings(); len(got) != 1 || !strings.Contains(got[0].GetWords(), "(bma/1); by The Gazette, it is reported to say now: support (bma/2") {
		t.Errorf("what is only reported: %v", got)
	}
	turned := say("kent/2", "2021-10-22", on("kent", "engage", support), on("kent", "list", caution), amends("kent/1"))
	late := draft(on("north", "engage", info, relayOf("kent", "kent/1")), on("north", "list", info, relayOf("kent", "kent/1")))
	if got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, warnedOf(late, several, turned)); len(got) != 2 {
		t.Errorf("whoever passes both on late is told %v", got)
	}
}

// A relay that was logged before whose it is changed its line on the same day was taken for one of the new line, and
// warned nobody.
func TestARelayOfTheDayOnWhichTheLineTurnedIsOfWhatStoodWhenItWasLogged(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2021, 10, 21, hour, 0, 0, 0, time.UTC) }
	said := say("kent/1", "2021-10-18", on("kent", "engage", refuse))
	turned := say("kent/2", "2021-10-21", on("kent", "engage", support), replaces("kent/1"), logged(at(12)))
	for hour, want := range map[int]int{9: 1, 15: 0} {
		relays := say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("kent", "")), logged(at(hour)))
		got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, resolve(asked("north engage 2021-10-28"), []Entry{said, turned, relays}, register())[0].GetWarnings())
		if len(got) != want || want == 1 && !strings.Contains(got[0].GetWords(), "(kent/1); it says now: support (kent/2") {
			t.Errorf("logged at %d: %v", hour, got)
		}
	}
}
