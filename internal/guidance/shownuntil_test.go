package guidance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A line with a last day took another letter's must, due before that, off the practices' pages, and its preview said nothing of it.
func TestAPreviewSaysWhatALineWithALastDayStopsThoughNothingEndsIt(t *testing.T) {
	lines := say("essex/1", "2021-10-18", on("north", "engage", caution), on("north", "list", caution))
	form := func(measure, due string) func(*Entry) {
		return asksFor("send the "+measure+" form", due, by(practices), onMeasure(measure), ofPlan)
	}
	facts := say("essex/2", "2021-10-20", on("north", "engage", info), on("north", "list", info), form("engage", "2021-11-11"), form("list", "2021-11-11"))
	of := func(due string) Entry {
		return say("essex/2", "2021-10-20", on("north", "engage", info), form("engage", due))
	}
	kents := say("kent/1", "2021-10-20", on("kent", "engage", refuse))
	relays := say("essex/2", "2021-10-21", on("north", "engage", info, relayOf("kent", "kent/1")), form("engage", "2021-11-11"))
	ends, last := amends("essex/1"), until("2021-11-18")
	const paused = "which does not go with this, and until 18 November 2021 readers are not shown it, though nothing ends it: ask it again in this letter, if it is still asked, or end essex/2."
	const forGood = "which does not go with this, and readers are shown it no more though nothing ends it"
	const engage, list = "“send the engage form, by 11 November 2021”, ", "“send the list form, by 11 November 2021”, "
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     []string // in each of the warnings, in their order
	}{
		"the whole matter":                            {draft(on("north", "", decides, last), ends), []Entry{lines, facts}, []string{engage + paused, list + paused}},
		"a measure":                                   {draft(on("north", "engage", decides, last), ends), []Entry{lines, facts}, []string{engage + paused}},
		"due on its last day":                         {draft(on("north", "engage", decides, last), ends), []Entry{lines, of("2021-11-18")}, []string{paused}},
		"due on no day":                               {draft(on("north", "engage", decides, last), ends), []Entry{lines, of("")}, []string{paused}},
		"due later, and asked again by then":          {draft(on("north", "engage", decides, last), ends), []Entry{lines, of("2021-11-19")}, nil},
		"due later, and stopped then by a line ahead": {draft(on("north", "engage", decides, last), ends), []Entry{lines, of("2021-11-19"), say("essex/3", "2021-10-22", on("north", "engage", support, from("2021-11-19")), amends("essex/1"))}, []string{forGood}},
		"in one area":                                 {draft(on("north", "engage", support, in("A"), last), ends), []Entry{lines, facts}, []string{"and until 18 November 2021 readers in area:A are not shown it, though nothing ends it"}},
		"a line that goes on beside it":               {draft(on("north", "engage", support), on("north", "list", support, last), ends), []Entry{lines, facts}, []string{engage + forGood, list + paused}},
		"a relay":                                     {draft(on("north", "engage", support, last)), []Entry{kents, relays}, []string{engage + paused}},
		"over before":                                 {draft(on("north", "engage", decides, until("2021-10-30")), ends), []Entry{lines, facts}, nil},
		"asked again in it":                           {draft(on("north", "engage", decides, last), form("engage", "2021-11-11"), ends), []Entry{lines, of("2021-11-11")}, nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		got := warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnings)
		ok := err == nil && len(got) == len(c.want)
		for i := range got {
			ok = ok && strings.Contains(got[i].GetWords(), c.want[i])
		}
		if !ok {
			t.Errorf("%s: %v, %q, want %q", name, err, warningTexts(got), c.want)
		}
	}
}

// What a letter passes on in part of an area, and asks there, was stopped by a line for all of it, and the preview said nothing.
func TestAPreviewSaysWhatALineForAllStopsInPartOfTheArea(t *testing.T) {
	facts := say("essex/1", "2021-10-20", on("north", "engage", info, in("A")), asksFor("send the form", "2021-11-11", by(practices), onMeasure("engage"), ofPlan))
	lines := say("essex/2", "2021-10-18", on("north", "engage", caution))
	for _, last := range []string{"", "2021-11-18"} {
		got := warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnedOf(draft(on("north", "engage", support, until(last)), amends("essex/2")), facts, lines))
		if len(got) != 1 || got[0].GetEntry() != "essex/1" || got[0].GetUntil() != last {
			t.Errorf("until %q: %q", last, warningTexts(got))
		}
	}
}

// A last day of a letter's lines silences nothing of what is told of the same letter without: what is stopped, and due by then or on
// no day.
func TestALastDaySilencesNothingOfWhatIsShownNoMore(t *testing.T) {
	previewsOfDraws(t, 1, func(t *rapid.T, of previewed) (told int) {
		known := essexToday(of.standing...)
		known.Matters = twoMatters
		shown := func(until string) (warnings []*answersv1.Warning, is bool) {
			letter := proto.CloneOf(of.letter)
			for _, position := range letter.GetPositions() {
				position.ValidUntil = until
			}
			_, shown, err := CheckPublish(context.Background(), letter, known)
			if err != nil {
				return nil, false
			}
			return shown.Warnings, true
		}
		lasting, is := shown("2021-11-14")
		endless, _ := shown("")
		if !is {
			return 0
		}
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, endless) {
			told++
			if !slices.ContainsFunc(lasting, func(o *answersv1.Warning) bool {
				return o.GetCode() == w.GetCode() && o.GetEntry() == w.GetEntry() && o.GetQuote() == w.GetQuote() && o.GetMatter() == w.GetMatter()
			}) {
				t.Fatalf("unsaid: %s\n%s", w.GetWords(), of)
			}
		}
		return told
	}, func(t *rapid.T, standing []Entry) {
		facts := standing[len(standing)-1].Advisory // the newest letter takes no line, and does not go with one that turns
		for _, position := range facts.GetPositions() {
			position.Stance, position.ValidFrom, position.ValidUntil = info, "", ""
		}
		if len(facts.GetActions()) == 0 {
			asksOf(t, facts, "v99")
		}
		for i, e := range standing {
			for j, action := range e.Advisory.GetActions() {
				if day := fairly([]string{"", "2021-11-08", "2021-11-12"}).Draw(t, fmt.Sprintf("due %d %d", i, j)); day != "" {
					action.Due = &v1.Due{When: &v1.Due_Day{Day: day}}
				}
			}
		}
	})
}
