package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is said to several audiences is asked about for each of them: it may have ended for one alone.

// A letter to practices and networks, amended before for practices alone, was called ended, or as it is, in the
// preview of what ended it for networks; and what said the opposite to both without naming it was let through.
func TestWhatIsPublishedIsHeldAgainstALetterToBothForThoseWhomItStillAnswers(t *testing.T) {
	before := say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns))
	known := essexToday(before, say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1")))
	const over = "essex/1 “Letter essex/1” (1 October 2021) ends for north: nothing of it is left there, for this advisory takes a position on all that it speaks on."
	for name, parts := range map[string][]any{
		"to both":                      {on("north", "engage", against, practices, pcns), amends("essex/1", "essex/2")},
		"to both, the other way round": {on("north", "engage", against, pcns, practices), amends("essex/1", "essex/2")},
		"in two positions":             {on("north", "engage", against), on("north", "engage", caution, pcns), amends("essex/1", "essex/2")},
		"to networks":                  {on("north", "engage", against, pcns), amends("essex/1")},
	} {
		_, warnings, said, err := checkPublish(draft(parts...), known)
		if err != nil || !slices.Contains(said, over) || len(warned(answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING, warnings)) > 0 {
			t.Errorf("%s: %v, %q, %v", name, err, said, warnings)
		}
	}
	for name, c := range map[string]struct {
		parts []any
		want  string
	}{
		"as practices are told":    {[]any{on("north", "engage", support, practices, pcns)}, "essex/1 (1 October 2021) says refuse on this and stands"},
		"instead of essex/2":       {[]any{on("north", "engage", against, practices, pcns), amends("essex/2")}, "essex/1 (1 October 2021) says refuse on this and stands"},
		"on the whole matter":      {[]any{on("north", "", support, practices, pcns)}, "on the whole matter it would stand over essex/1, which says refuse on engage"},
		"to practices":             {[]any{on("north", "engage", against)}, "essex/2 (5 October 2021) says support on this and stands"},
		"to practices, by essex/2": {[]any{on("north", "engage", against), amends("essex/2")}, ""},
	} {
		_, _, _, err := checkPublish(draft(c.parts...), known)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// What a letter says to networks of an area, or of one that was merged since, was nowhere beside what practices are told,
// or told to them as theirs, once it had been amended there for practices alone.
func TestWhatIsLeftToNetworksOfAnAreaIsToldAsSaidToThem(t *testing.T) {
	for name, c := range map[string]struct {
		reg     *book
		q       Question
		entries []Entry
		want    string
	}{
		"of an area": {
			register(), asked("north engage 2021-10-26"),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns, in("A"))), say("essex/2", "2021-10-02", on("north", "engage", support, in("A")), amends("essex/1"))},
			"In area:A: support (essex/2). To primary care networks, in area:A: refuse (essex/1).",
		},
		"of an area, networks first": {
			register(), asked("north engage 2021-10-26"),
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, pcns, practices, in("A"))), say("essex/2", "2021-10-02", on("north", "engage", support, in("A")), amends("essex/1"))},
			"In area:A: support (essex/2). To primary care networks, in area:A: refuse (essex/1).",
		},
		"of an area that was merged": {
			mergedBook(), asked("north engage 2026-04-10"),
			[]Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse, practices, pcns, in("MSE"))), say("essex/2", "2026-03-02", on("north", "engage", support, in("MSE")), amends("essex/1"))},
			"To primary care networks, in area:MSE: refuse (essex/1).",
		},
		"of an area that was merged, networks first": {
			mergedBook(), asked("north engage 2026-04-10"),
			[]Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse, pcns, practices, in("MSE"))), say("essex/2", "2026-03-02", on("north", "engage", support, in("MSE")), amends("essex/1"))},
			"To primary care networks, in area:MSE: refuse (essex/1).",
		},
		"of an area that was merged, beside a line": {
			mergedBook(), asked("north engage 2026-04-10"),
			[]Entry{
				say("essex/1", "2026-03-01", on("north", "engage", refuse, practices, pcns, in("MSE"))), say("essex/2", "2026-03-02", on("north", "engage", support, in("MSE")), amends("essex/1")),
				say("essex/3", "2026-03-03", on("north", "engage", caution)),
			},
			"To primary care networks, in area:MSE: refuse (essex/1).",
		},
		"of an area that was merged, and not amended": {
			mergedBook(), asked("north engage 2026-04-10"),
			[]Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse, practices, pcns, in("MSE")))},
			"",
		},
		"of three, two of which have another line": {
			register(), asked("north engage 2021-10-26"),
			[]Entry{
				say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns, v1.Audience_AUDIENCE_COMMISSIONERS)),
				say("essex/2", "2021-10-02", on("north", "engage", support, practices, v1.Audience_AUDIENCE_COMMISSIONERS), amends("essex/1")),
			},
			"To primary care networks: refuse (essex/1).", // and practices are told what commissioners are
		},
		"of a group": {
			register(), asked("north engage 2021-10-26"),
			[]Entry{
				say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns, scopedTo("started"), in("A"))),
				say("essex/2", "2021-10-02", on("north", "engage", support, scopedTo("started"), in("A")), amends("essex/1")),
			},
			"In area:A, for started: support (essex/2). To primary care networks, in area:A, for started: refuse (essex/1).",
		},
	} {
		if got := toldOthers(t, c.q, c.entries, c.reg); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// What two LMCs had said together was told as of both once they had merged, where it had ended for one in all that it
// covered, or stood for one for networks alone.
func TestWhatWasSaidTogetherIsOfThoseForWhoseReadersItStands(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse, practices, pcns, v1.Audience_AUDIENCE_COMMISSIONERS))
	toAll := on("south", "engage", support, practices, pcns, v1.Audience_AUDIENCE_COMMISSIONERS, in("C"))
	for name, c := range map[string]struct {
		newer Entry
		want  string
	}{
		"amended for all in what one covered":   {say("essex/2", "2021-10-02", toAll, amends("essex/1")), "north"},
		"amended for practices of one":          {say("essex/2", "2021-10-02", on("south", "engage", support), amends("essex/1")), "north, south"},
		"amended for practices of one, in area": {say("essex/2", "2021-10-02", on("south", "engage", support, in("C")), amends("essex/1")), "north, south"},
	} {
		line := resolve(asked("union engage 2021-10-26", v1.Audience_AUDIENCE_COMMISSIONERS, code("A")), []Entry{joint, c.newer}, unionBook())[0]
		if got := line.GetCurrent().GetPredecessorName(); got != c.want {
			t.Errorf("%s: by %q, want %q\n%v", name, got, c.want, line.GetWords())
		}
	}
}
