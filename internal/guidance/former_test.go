package guidance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksIn is an action that is asked in an area alone.
func asksIn(area, verb, day string, parts ...func(*v1.Action)) func(*Entry) {
	return asksFor(verb, day, append(parts, func(a *v1.Action) { a.Area = code(area) })...)
}

// rowAsks are the rows of an answer with what each asks: "; 06Q: send in MSE".
func rowAsks(lines []*answersv1.Line) string {
	var rows []string
	for _, line := range lines {
		row := line.GetArea().GetCode()
		add := func(action *v1.Action) {
			row += " " + action.GetVerb()
			if action.GetArea() != nil {
				row += " in " + action.GetArea().GetCode()
			}
		}
		for _, action := range line.GetActions() {
			add(action)
		}
		for _, also := range line.GetAlsoAsked() {
			add(also.GetAction())
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, ";")
}

// What was asked of an area alone that was merged since stood on no page but that of a practice that
// had been in it.
func TestWhatIsAskedOfAnAreaThatIsNoMoreIsToldAroundIt(t *testing.T) {
	plain := say("essex/1", "2026-03-01", on("north", "engage", refuse))
	asks := say("essex/1", "2026-03-01", on("north", "engage", refuse), asksIn("MSE", "send", "2026-05-01"))
	for name, c := range map[string]struct {
		reg     *book
		entries []Entry
		q       Question
		want    string
	}{
		"merged":                      {mergedBook(), []Entry{asks}, asked("north engage 2026-04-10"), " send in MSE;06Q send in MSE"},
		"merged, on the whole matter": {mergedBook(), []Entry{say("essex/1", "2026-03-01", on("north", "", refuse), asksIn("MSE", "send", "", func(a *v1.Action) { a.Measure = "engage" }))}, asked("north whole 2026-04-10"), " send in MSE;06Q send in MSE"},
		"merged, by a letter beside":  {mergedBook(), []Entry{asks, say("essex/2", "2026-03-02", on("north", "engage", refuse))}, asked("north engage 2026-04-10"), " send in MSE;06Q send in MSE"},
		"merged, of a group":          {mergedBook(), []Entry{plain, say("essex/2", "2026-03-02", on("north", "engage", support, scopedTo("started")), asksIn("MSE", "sign", ""))}, asked("north engage 2026-04-10"), " sign in MSE;06Q"},
		"merged, with a line there":   {mergedBook(), []Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse, in("MSE")), asksFor("send", ""))}, asked("north engage 2026-04-10"), " send in MSE;06Q send"},
		"merged, what turned since":   {mergedBook(), []Entry{asks, say("essex/2", "2026-03-02", on("north", "engage", support))}, asked("north engage 2026-04-10"), ""},
		"merged, with a line to come that has ended before it comes": {mergedBook(), []Entry{
			say("essex/1", "2026-03-01", on("north", "engage", refuse, from("2026-05-01")), asksIn("MSE", "send", "")), say("essex/2", "2026-03-02", on("north", "engage", info, from("2026-04-20")), amends("essex/1")),
		}, asked("north engage 2026-04-10"), ""},
		"merged, and past":              {mergedBook(), []Entry{asks}, asked("north engage 2026-05-02"), ";06Q send in MSE"},
		"merged, in an area beside":     {mergedBook(), []Entry{asks}, asked("north engage 2026-04-10", code("07K")), "07K"},
		"merged, in the area around":    {mergedBook(), []Entry{asks}, asked("north engage 2026-04-10", code("CEE")), "CEE send in MSE"},
		"merged, a practice of it":      {mergedBook(), []Entry{asks}, asked("north engage 2026-04-10", forPractice("F82001")), " send in MSE"},
		"recoded":                       {recodedBook(), []Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse), asksIn("QE1", "send", ""))}, asked("north engage 2026-04-10"), ";NEW11 send in QE1"},
		"not in the register":           {register(), []Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse), asksIn("Z9", "send", ""))}, asked("north engage 2026-04-10"), " send in Z9"},
		"of a group ahead, in one area": {register(), []Entry{plain, say("essex/2", "2026-03-02", on("north", "engage", support, scopedTo("started"), in("A"), from("2026-05-01")), asksFor("sign", ""))}, asked("north engage 2026-04-10"), ";A sign in A"},
	} {
		got := rowAsks(Prepare(t.Context(), c.entries, c.reg).Resolve(c.q))
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// An area that had ended kept a row, where the register had its committee cover it without a last day.
func TestAnAreaThatIsNoMoreHasNoRowWhileTheRegisterIsBehind(t *testing.T) {
	for name, change := range map[string]func(*book){
		"recoded": func(b *book) { b.areas["north"][0].until = "" },
		"ended":   func(b *book) { b.areas["north"][0].until = ""; b.tookOver = nil },
	} {
		reg := recodedBook()
		change(reg)
		entries := []Entry{say("essex/1", "2026-03-01", on("north", "engage", refuse)), say("essex/2", "2026-03-01", on("north", "engage", support, in("QE1")))}
		for day, want := range map[string]string{"2026-03-10": " QE1", "2026-04-10": map[string]string{"recoded": " NEW11", "ended": ""}[name]} {
			got := ""
			for _, line := range resolve(asked("north engage "+day), entries, reg)[1:] {
				got += " " + line.GetArea().GetCode()
			}
			if got != want {
				t.Errorf("%s, on %s: rows for%s, want%s", name, day, got, want)
			}
		}
	}
}

// Whatever a practice is asked, a page of its committee asks too, in one of its rows.
func TestAPageOfACommitteeAsksWhateverOneOfAPracticeDoes(t *testing.T) {
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		about := someTheme(t, someCommittee.Draw(t, "about"))
		entries, reg := someWorldOf(t, about, 14)
		for i, e := range entries {
			if e.Advisory == nil {
				continue
			}
			for j := range 2 {
				act := &v1.Action{Verb: fmt.Sprint("do ", i, ".", j), Matter: plan}
				if rapid.Bool().Draw(t, "in an area") {
					act.Area = code(someAreaOf(t, about.committee))
				}
				e.Advisory.Actions = append(e.Advisory.Actions, act)
			}
		}
		p := Prepare(context.Background(), entries, reg)
		q := someQuestionOn(t, about, entries)
		q.Area, q.Practice, q.Scope = nil, "", ""
		page := rowAsks(p.Resolve(q))
		for _, practice := range []string{"F00003", "F00004", "F00005", "F00007", "F00008"} { // of one area, and those around it
			of := q
			of.Practice = practice
			// where areas that list it overlap, or one is none of the committee's, what is asked in both has no row: nobody recorded that area
			lies := reg.PracticeIn(practice, q.AsOf)
			within := func(a *v1.AreaId, any []*v1.AreaId) bool {
				return slices.ContainsFunc(any, func(b *v1.AreaId) bool { return reg.Contains(b, a, q.AsOf) })
			}
			isOwn := len(lies) > 0 && !slices.ContainsFunc(lies, func(a *v1.AreaId) bool {
				return !within(a, reg.CommitteeAreas(q.Committee.GetId(), q.AsOf)) || slices.ContainsFunc(lies, func(b *v1.AreaId) bool { return !reg.Contains(a, b, q.AsOf) && !reg.Contains(b, a, q.AsOf) })
			})
			for _, line := range p.Resolve(of) {
				for _, act := range slices.Concat(line.GetActions(), also(line)) {
					if !isOwn {
						continue
					}
					if held++; !strings.Contains(page+";", " "+act.GetVerb()) {
						t.Fatalf("%s is asked %v, and the page asks %s\n%s", practice, act, page, historyOf(q, entries, reg))
					}
				}
			}
		}
	})
	t.Logf("%d requests of a practice", held)
}

func also(line *answersv1.Line) (all []*v1.Action) {
	for _, of := range line.GetAlsoAsked() {
		all = append(all, of.GetAction())
	}
	return all
}

// What was said of an area that was merged since was told still, beside what had amended it for just that area.
func TestWhatWasAmendedForAnAreaSinceMergedIsNotSaidOfIt(t *testing.T) {
	older := say("essex/1", "2026-03-01", on("north", "engage", refuse, in("MSE")), asksFor("send", ""))
	for name, c := range map[string]struct {
		newer Entry
		want  string
	}{
		"for just that area":     {say("essex/2", "2026-03-02", on("north", "engage", support, in("MSE")), amends("essex/1")), "essex/2;"},
		"for a part of it":       {say("essex/2", "2026-03-02", on("north", "engage", support, in("06Q")), amends("essex/1")), "essex/1;"},
		"for some who were told": {say("essex/2", "2026-03-02", on("north", "engage", support, partners, in("MSE")), amends("essex/1")), "essex/2;essex/1;"},
	} {
		got := ""
		for _, of := range resolve(asked("north engage 2026-04-10"), []Entry{older, c.newer}, mergedBook())[0].GetFormerAreas() {
			got += of.GetStatement().GetAdvisory() + ";"
		}
		if got != c.want {
			t.Errorf("%s: said of it are %s, want %s", name, got, c.want)
		}
	}
}

// mergedUnionBook: Union was merged from North, of MSE, and South, of HWE, on the day on which these areas became CEE.
func mergedUnionBook() *book {
	b := mergedBook()
	b.areas["north"], b.areas["south"] = []tenure{{committee: "MSE", until: "2026-03-31"}}, []tenure{{committee: "HWE", until: "2026-03-31"}}
	b.areas["union"] = []tenure{{committee: "CEE", from: "2026-04-01"}}
	b.mandates = append(b.mandates, tenure{office: "essex", committee: "union", from: "2026-04-01"})
	b.merged = map[string][]string{"union": {"north", "south"}}
	b.lastDays = map[string]string{"north": "2026-03-31", "south": "2026-03-31"}
	return b
}

// Of a letter of two LMCs that merged since, on areas that merged too, only one of these was told, and asked.
func TestALetterOfTwoThatMergedIsToldOfTheAreasOfBoth(t *testing.T) {
	started := scopedTo("started")
	joint := on("north south", "engage", refuse)
	gone := withdraw("essex/2", "essex/1", "2026-03-05", func(e *Entry) { e.Withdrawal.OnBehalfOf = []string{"north"} })
	for name, c := range map[string]struct {
		entries    []Entry
		said, asks string
	}{
		"of all": {
			[]Entry{say("essex/1", "2026-03-01", joint, asksFor("send", ""))},
			"Said by north, south of area:MSE and area:HWE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", " send in MSE send in HWE;06Q send;07K send",
		},
		"what one of them was asked": {
			[]Entry{say("essex/1", "2026-03-01", joint, asksFor("send", "", func(a *v1.Action) { a.Committees = []string{"south"} }))},
			"Said by north, south of area:MSE and area:HWE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", " send in HWE;06Q;07K send",
		},
		"of a group": {
			[]Entry{say("essex/1", "2026-03-01", on("north south", "engage", refuse, started), asksFor("send", ""))},
			"Said by north, south for started of area:MSE and area:HWE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", " send in MSE send in HWE;06Q;07K",
		},
		"of part of the readers": {
			[]Entry{say("essex/1", "2026-03-01", on("north south", "engage", refuse, partners))},
			"Said by north, south to GP partners of area:MSE and area:HWE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", "",
		},
		"amended for one of them": {
			[]Entry{say("essex/1", "2026-03-01", joint, asksFor("send", "")), say("essex/2", "2026-03-02", on("south", "engage", support), amends("essex/1"))},
			"Said by south of area:HWE, since merged into area:CEE: support (essex/2). Ring your LMC. Said by north of area:MSE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", " send in MSE;06Q send;07K",
		},
		"ended for one of them": {
			[]Entry{say("essex/1", "2026-03-01", joint, asksFor("send", "")), gone},
			"Said by south of area:HWE, since merged into area:CEE: refuse (essex/1). Ring your LMC.", " send in HWE;06Q;07K send",
		},
	} {
		lines := resolve(asked("union engage 2026-04-10"), c.entries, mergedUnionBook())
		var said []string
		for _, of := range lines[0].GetFormerAreas() {
			said = append(said, of.GetWords())
		}
		if got := strings.Join(said, " "); got != c.said {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.said)
		}
		if got := rowAsks(lines); got != c.asks {
			t.Errorf("%s asks %q, want %q", name, got, c.asks)
		}
	}
}

// A practice that had gone over from South to North was told what South had said as soon as the two merged, with nobody
// writing anything.
func TestAPracticeIsNotToldAgainByAMergerWhatTheLMCItLeftHadSaid(t *testing.T) {
	b := unionBook()
	b.moves = map[string][]tenure{"F00020": {{committee: "C", until: "2021-10-05"}, {committee: "A", from: "2021-10-06"}}, "F00021": {{committee: "C"}}, "F00022": {{committee: "C", until: "2021-10-10"}, {committee: "A", from: "2021-10-11"}}}
	entries := []Entry{say("essex/1", "2021-10-02", on("north", "engage", refuse)), say("essex/2", "2021-10-04", on("south", "engage", support))}
	for practice, want := range map[string]string{"F00020": "stated essex/1 refuse", "F00021": "stated essex/2 support", "F00022": "stated essex/2 support"} {
		q := asked("union engage 2021-10-12")
		q.Practice = practice
		if got := gists(resolve(q, entries, b)); got != want {
			t.Errorf("%s is told %s, want %s", practice, got, want)
		}
	}
	delete(b.lastDays, "south") // and where nobody knows when that was, what was said there goes on
	q := asked("union engage 2021-10-12")
	if q.Practice = "F00020"; gists(resolve(q, entries, b)) != "stated essex/2 support" {
		t.Errorf("without a last day: %s", gists(resolve(q, entries, b)))
	}
}

// As South merged into North, which goes on, letters of North alone, of before, ended what both had said for South's practices, at once and
// backwards; and what North had said by then took the place of South's own line.
func TestWhatALMCThatGoesOnSaidBeforeAMergerIsNotSaidOfThoseWhoComeToIt(t *testing.T) {
	b := register()
	b.merged, b.lastDays = map[string][]string{"north": {"south"}}, map[string]string{"south": "2021-12-31"}
	joint := say("essex/1", "2021-09-21", on("north south", "engage", refuse))
	alone := say("essex/2", "2021-10-05", on("north", "engage", support), replaces("essex/1"))
	souths, norths := say("essex/3", "2021-09-25", on("south", "list", refuse)), say("essex/4", "2021-10-06", on("north", "list", support))
	all := []Entry{joint, alone, souths, norths}
	southArea := b.CommitteeAreas("south", "2021-10-01")[0]
	for question, want := range map[string]string{
		"south engage 2021-10-10": "stated essex/1 refuse", "south list 2021-10-10": "stated essex/3 refuse",
		"north engage 2021-10-10": "stated essex/2 support", "north list 2021-10-10": "stated essex/4 support",
	} {
		if got := gists(resolve(asked(question), all, b)); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
	for measure, want := range map[string]string{"engage": "C: stated essex/1 refuse", "list": "C: stated essex/3 refuse"} {
		q := asked("north " + measure + " 2022-01-10")
		q.Area = southArea
		if got := gists(resolve(q, all, b)); got != want {
			t.Errorf("%s in South's area once they merged: %s, want %s", measure, got, want)
		}
	}
	w := withdraw("essex/5", "essex/1", "2021-10-10").Withdrawal // of the joint letter, a month ahead of the merger: for North alone
	w.OnBehalfOf = []string{"north"}
	known := essexToday(joint)
	known.Register, known.Today = b, "2021-10-10"
	if got := preview(t, w, known); !strings.Contains(got, "for north.") || strings.Contains(got, "south. ") || !strings.Contains(got, "It still stands for south.") {
		t.Errorf("withdrawn for North: %s", got)
	}
	after := say("essex/5", "2022-01-05", on("north", "engage", caution), replaces("essex/1", "essex/2"))
	q := asked("north engage 2022-01-10")
	q.Area = southArea
	if got := gists(resolve(q, append(all, after), b)); got != "C: stated essex/5 caution" {
		t.Errorf("once it has spoken since: %s", got)
	}
}

// What one of two LMCs that another was divided into ends was said on the letter's page to have ended, while the practices of the other are
// told it.
func TestWhatOneOfTwoLMCsThatAnotherBecameEndsStandsForTheOther(t *testing.T) {
	b := register()
	b.mandates = append(b.mandates, tenure{office: "essex", committee: "east"}, tenure{office: "essex", committee: "west"})
	b.areas["east"], b.areas["west"] = []tenure{{committee: "A", from: "2021-10-10"}}, []tenure{{committee: "B", from: "2021-10-10"}}
	b.merged, b.lastDays = map[string][]string{"east": {"north"}, "west": {"north"}}, map[string]string{"north": "2021-10-09"}
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	all := []Entry{base, say("essex/2", "2021-10-15", on("east", "engage", support), replaces("essex/1"))}
	for question, want := range map[string]string{"east engage 2021-10-20": "stated essex/2 support", "west engage 2021-10-20": "stated essex/1 refuse"} {
		if got := gists(resolve(asked(question), all, b)); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
	for want, said := range map[string][]Entry{
		"It still stands. For east it was replaced by essex/2 from 15 October 2021.": all,
		"It no longer counts: replaced by essex/3 from 16 October 2021.":             append(slices.Clone(all), say("essex/3", "2021-10-16", on("east west", "engage", support), replaces("essex/1"))),
	} {
		if end := Prepare(t.Context(), said, b).EndOf(base, "2021-10-20", theMatter); end.Words != want {
			t.Errorf("%q, want %q", end.Words, want)
		}
	}
}
