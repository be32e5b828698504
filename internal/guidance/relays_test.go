package guidance

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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

// A relay of an LMC that has merged since was never said to have turned, or was held against an older line of that LMC,
// which what it was merged into had ended.
func TestARelayOfAnLMCThatHasMergedIsHeldAgainstWhatStandsForItSince(t *testing.T) {
	merged := func() *book {
		reg := register()
		reg.mandates = append(reg.mandates, tenure{office: "essex", committee: "union", from: "2021-10-24"})
		reg.merged["union"] = []string{"north", "south"}
		reg.areas["union"] = []tenure{{committee: "A", from: "2021-10-24"}, {committee: "B", from: "2021-10-24"}, {committee: "C", from: "2021-10-24"}}
		reg.lastDays = map[string]string{"north": "2021-10-23", "south": "2021-10-23"}
		reg.names["north"], reg.names["union"] = "North LMC", "North and South LMC"
		return reg
	}
	notRecorded := merged()
	delete(notRecorded.areas, "north")
	renamed := merged() // and its area A became A2 as it merged
	renamed.lives["A"], renamed.lives["A2"], renamed.tookOver["A"] = tenure{until: "2021-10-23"}, tenure{from: "2021-10-24"}, []string{"A2"}
	renamed.areas["union"][0].committee = "A2"
	joint := say("essex/1", "2021-10-20", on("north south", "", refuse))
	own := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	amended := say("essex/2", "2021-10-26", on("union", "", decides), amends("essex/1"))
	group := say("essex/3", "2021-10-21", on("north", "engage", support, scopedTo("started")))
	turned, gone := "(essex/1); it says now: practice decides (essex/2, 26 October 2021), as North and South LMC.", "(essex/1), which has ended, by essex/2: North and South LMC has none on this now for what North LMC covered."
	for name, c := range map[string]struct {
		reg     *book
		letter  string // that is passed on
		entries []Entry
		want    string
	}{
		"nothing said since":                   {nil, "essex/1", []Entry{joint}, ""},
		"what it was merged into says else":    {nil, "essex/1", []Entry{joint, amended}, turned},
		"the same, of no letter":               {nil, "", []Entry{joint, amended}, turned},
		"the same, that ends nothing":          {nil, "essex/1", []Entry{joint, say("essex/2", "2021-10-26", on("union", "", decides))}, turned},
		"the same stance":                      {nil, "essex/1", []Entry{joint, say("essex/2", "2021-10-26", on("union", "", refuse), amends("essex/1"))}, ""},
		"of its part alone":                    {nil, "essex/1", []Entry{joint, say("essex/2", "2021-10-26", on("union", "", decides, in("C")), amends("essex/1"))}, ""},
		"the other says else, before":          {nil, "essex/1", []Entry{joint, say("essex/2", "2021-10-22", on("south", "", decides), amends("essex/1"))}, ""},
		"it turned itself, before":             {nil, "essex/1", []Entry{joint, say("essex/2", "2021-10-22", on("north", "", decides), amends("essex/1"))}, "it says now: practice decides (essex/2, 22 October 2021)."},
		"withdrawn since":                      {nil, "essex/1", []Entry{joint, withdraw("essex/2", "essex/1", "2021-10-26")}, gone},
		"a group's, withdrawn, and all others": {nil, "essex/3", []Entry{joint, group, amended, withdraw("essex/4", "essex/3", "2021-10-27")}, "(essex/3); it says now: practice decides (essex/2, 26 October 2021), as North and South LMC."},
		"its area is called otherwise since":   {renamed, "essex/1", []Entry{own, say("essex/2", "2021-10-26", on("union", "", decides), amends("essex/1"))}, turned},
		"called otherwise, nothing said since": {renamed, "essex/1", []Entry{own}, ""},
		"what it covered is not known":         {notRecorded, "essex/1", []Entry{own}, ""},
		"not known, and the other says else":   {notRecorded, "essex/1", []Entry{own, amended}, turned},
	} {
		reg := c.reg
		if reg == nil {
			reg = merged()
		}
		relays := say("kent/9", "2021-10-21", on("kent", "engage", info, relayOf("north", c.letter)))
		for place, area := range map[string]*v1.AreaId{"everywhere": nil, "in an area of its own": code("D")} {
			got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, resolve(asked("kent engage 2021-10-28", area), append(c.entries, relays), reg)[0].GetWarnings())
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0].GetWords(), c.want)) {
				t.Errorf("%s, %s: %v, want %q", name, place, got, c.want)
			}
		}
		known := essexToday(c.entries...)
		known.Office, known.Register = "kent", reg
		late := draft(on("kent", "engage", info, relayOf("north", cmp.Or(c.letter, "essex/1"))))
		late.Office = "kent"
		_, warnings, _, err := checkPublish(late, known)
		if got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, warnings); err != nil || (c.want != "") != (len(got) == 1) || len(got) == 1 && !strings.Contains(got[0].GetWords(), c.want) {
			t.Errorf("%s: whoever passes it on late is told %v, want %q (%v)", name, got, c.want, err)
		}
	}
	relays := say("kent/9", "2021-10-27", on("kent", "engage", info, relayOf("north", "")))
	if got := resolve(asked("kent engage 2021-10-28"), []Entry{joint, amended, relays}, merged())[0].GetWarnings(); len(got) != 0 {
		t.Errorf("what stood since it merged is passed on, and warned of: %v", got)
	}
	before := resolve(asked("kent engage 2021-10-23"), []Entry{joint, say("kent/9", "2021-10-21", on("kent", "engage", info, relayOf("north", "essex/1")))}, merged())[0]
	if got := before.GetWarnings(); len(got) != 0 {
		t.Errorf("before it merged: %v", got)
	}
}
