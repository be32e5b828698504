package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// saying is what a line answers by and when that ends, so that two can be compared: "STATED kent/1 REFUSE fund".
func saying(line *answersv1.Line) string {
	var said []string
	for _, s := range append(slices.Clip(line.GetContested()), line.GetCurrent()) {
		if s != nil {
			said = append(said, s.GetAdvisory()+" "+short(s.GetPosition().GetStance(), "STANCE_")+" "+s.GetPosition().GetMeasure())
		}
	}
	slices.Sort(said)
	for _, w := range line.GetWarnings() {
		if w.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER {
			said = append(said, strings.TrimSpace(endsAhead)+" "+w.GetFrom()+" by "+w.GetBy())
		}
	}
	return short(line.GetState(), "LINE_STATE_") + " " + strings.Join(said, " ")
}

// speaks lets Kent say something, end something, or be reported.
func speaks(t *rapid.T, w *world) {
	day := func(label string) string { return fmt.Sprintf("2021-10-%02d", rapid.IntRange(14, 29).Draw(t, label)) }
	one := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	sometimes := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	issued := day("issued")
	a := &v1.Advisory{
		Office: "kent", OnBehalfOf: []string{"kent"}, Title: "Letter", Issued: &v1.DayRange{Earliest: issued, Latest: issued}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
	}
	if sometimes("undated") {
		a.Issued.Latest = max(issued, day("latest"))
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "positions") {
		p := &v1.Position{
			Committees: []string{"kent"}, Matter: plan, Provenance: v1.Provenance_PROVENANCE_PRIMARY, Measure: one("measure", "", "fund", "engage"),
			Stance:    rapid.SampledFrom([]v1.Stance{refuse, against, caution, decides, support, informs}).Draw(t, "stance"),
			Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
		}
		if i > 0 && p.Measure == a.Positions[0].Measure {
			continue
		}
		if sometimes("to part") {
			p.Audiences = []v1.Audience{rapid.SampledFrom([]v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS}).Draw(t, "readers")}
		}
		if sometimes("for a group") {
			p.Scope = &v1.Scope{Id: one("scope", "started", "signed")}
		}
		if sometimes("in a part") {
			p.Area = areaID(one("area", "icb:A", "icb:B", "sub-icb:A1"))
		}
		if sometimes("from") {
			p.ValidFrom = day("valid from")
		}
		if sometimes("until") {
			p.ValidUntil = max(day("valid until"), p.ValidFrom, a.Issued.Latest)
		}
		if sometimes("becomes a breach") {
			from := day("breach from")
			p.ContractEffects = []*v1.DatedEffect{
				{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: notation.DayBefore(from)},
				{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: from},
			}
		}
		a.Positions = append(a.Positions, p)
	}
	if sometimes("all of it from") {
		a.ValidFrom = day("letter valid from")
	}
	e := guidance.Entry{Office: "kent", Advisory: a}
	if said := w.said["kent"]; said > 0 {
		earlier := func(label string) string { return fmt.Sprint("kent/", rapid.Uint64Range(0, said-1).Draw(t, label)) }
		switch one("besides", "nothing", "nothing", "replaces", "amends", "withdraws", "withdraws", "is reported") {
		case "replaces":
			a.Replaces = []string{earlier("replaced")}
		case "amends":
			a.Amends = []string{earlier("amended")}
		case "withdraws":
			e = guidance.Entry{Office: "kent", Withdrawal: &v1.Withdrawal{
				Office: "kent", Advisory: earlier("withdrawn"), Effective: max(issued, day("effective")), Issued: &v1.DayRange{Earliest: issued, Latest: issued}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
			}}
			if sometimes("restores") {
				e.Withdrawal.Restores = []string{earlier("restored")}
			}
		case "is reported":
			w.reports("gpc-england", "kent", issued, a.Positions[0].Stance)
			return
		}
	}
	w.hear(e)
}

// endsAhead begins on which day ahead a line ends, at the end of what it says.
const endsAhead = " until "

// What is told is what differs between the two looks, for whoever asks; each once, with a letter
// that came between them or a day that passed, and nothing that differs is left out.
func TestWhatIsToldIsWhatTheTwoLooksAnswerDifferently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.in.Matter = proto.CloneOf(w.in.Matter)
		for _, m := range w.in.Matter.Measures {
			m.Deadlines, m.AddressedTo = nil, []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}
		}
		w.area("icb:A", 10, 100)
		w.area("icb:B", 10, 100)
		w.area("sub-icb:A1", 10, 100, "icb:A")
		w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
		for range rapid.IntRange(0, 4).Draw(t, "letters") {
			speaks(t, w)
		}
		before := w.input()
		for range rapid.IntRange(0, 2).Draw(t, "late letters") {
			speaks(t, w)
		}
		after := w.input()
		days := []string{fmt.Sprintf("2021-10-%02d", rapid.IntRange(14, 29).Draw(t, "day")), fmt.Sprintf("2021-10-%02d", rapid.IntRange(14, 29).Draw(t, "another"))}
		before.AsOf, after.AsOf = slices.Min(days), slices.Max(days)
		changes, _, err := Changes(context.Background(), before, after, func(c Committee) bool { return c.GetId() == "kent" })
		if err != nil {
			t.Fatal(err)
		}
		c, _ := newResolver(context.Background(), after).committee("kent")
		ask := func(in Input, q question) *answersv1.Line {
			asking := guidance.Question{Matter: in.Matter, Measure: q.measure, Committee: c.Committee, Audience: max(q.readers, v1.Audience_AUDIENCE_PRACTICES), Scope: q.scope, AsOf: in.AsOf}
			if q.area != (notation.Area{}) {
				asking.Area = &v1.AreaId{Scheme: q.area.Scheme, Code: q.area.Code}
			}
			return guidance.Prepare(context.Background(), in.Entries, in.Register).Resolve(asking)[0]
		}
		asked := func(c *answersv1.Change) question {
			return question{c.Committee, c.Measure, notation.AreaOf(c.Area), c.Readers, c.Scope.GetId()}
		}
		told := map[question]*answersv1.Change{}
		for _, c := range changes {
			q := asked(c)
			if told[q] != nil {
				t.Errorf("told twice: %s", c.Words)
			}
			told[q] = c
			if was, is := saying(ask(before, q)), saying(ask(after, q)); was != saying(c.Before) || is != saying(c.After) {
				t.Errorf("%s\nit was %s and is %s", c.Words, was, is)
			}
			i := slices.IndexFunc(after.Entries, func(e guidance.Entry) bool { return e.ID == c.Entry })
			switch {
			case i < 0 || c.ByRegister || c.ByMatter:
				t.Errorf("no letter and no day did it: %s", c.Words)
			case c.Day != "" && (c.Day <= before.AsOf || c.Day > after.AsOf):
				t.Errorf("a day outside of the two: %s", c.Words)
			case c.Day == "" && i < len(before.Entries) && after.Entries[i].Issued().GetLatest() <= before.AsOf && c.Kind != answersv1.ChangeKind_CHANGE_KIND_BESIDE:
				t.Errorf("its letter had stood before: %s", c.Words)
			case after.Entries[i].Issued().GetEarliest() > after.AsOf && !endsOthers(after.Entries[i]):
				t.Errorf("its letter has not been issued yet: %s", c.Words)
			}
		}
		for _, area := range []string{"icb:A", "icb:B", "sub-icb:A1"} {
			for _, measure := range []string{"", "fund", "engage"} {
				for _, readers := range []v1.Audience{0, v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS} {
					for _, scope := range []string{"", "started", "signed"} {
						q := question{"kent", measure, notation.AreaOf(areaID(area)), readers, scope}
						was, is := ask(before, q), ask(after, q)
						if saying(was) == saying(is) && !contractChanged(was, is) {
							continue
						}
						if !slices.ContainsFunc(changes, func(c *answersv1.Change) bool {
							of := asked(c)
							covers := (of.measure == measure || of.measure == "") && (of.readers == readers || of.readers == 0) && (of.scope == scope || of.scope == "") &&
								(of.area == q.area || of.area == notation.Area{} || after.Register.Contains(c.Area, areaID(area), after.AsOf))
							said, saidWas := saying(c.Before), saying(was)
							if answers := is.GetCurrent().GetAdvisory(); answers != c.Before.GetCurrent().GetAdvisory() { // when what answered would have ended is told no more
								said, _, _ = strings.Cut(said, endsAhead)
								saidWas, _, _ = strings.Cut(saidWas, endsAhead)
							}
							return covers && said == saidWas && saying(c.After) == saying(is) &&
								(!contractChanged(was, is) || c.Before.GetObligation() == was.GetObligation() && c.After.GetObligation() == is.GetObligation())
						}) {
							t.Errorf("not told of %v: it was %s and is %s", q, saying(was), saying(is))
						}
					}
				}
			}
		}
		if t.Failed() {
			for _, e := range after.Entries {
				t.Logf("%s %v %v %v", e.ID, e.Advisory, e.Withdrawal, e.Report)
			}
			t.Logf("from %s (%d entries) to %s", before.AsOf, len(before.Entries), after.AsOf)
			for _, c := range changes {
				t.Logf("%v by %s day %s: %s", c.Kind, c.Entry, c.Day, c.Words)
			}
		}
	})
}

// After a merger each LMC before it had ended and the one after it was new, by the register, with all that they ask
// no longer and anew; and who had moved by a letter was among them.
func TestAMergerIsNoMoveOfWhatStands(t *testing.T) {
	merging := func() *world {
		w := newWorld()
		for _, name := range []string{"icb:P", "icb:Q"} {
			w.area(name, 1, 100).PracticeCodes = []string{map[string]string{"icb:P": "F81000", "icb:Q": "F81001"}[name]}
		}
		w.committee("east", "East LMC", lmc, "east", "icb:P")
		w.committee("west", "West LMC", lmc, "east", "icb:Q")
		w.committee("union", "Union LMC", lmc, "east", "icb:P", "icb:Q")
		for i, c := range w.in.Committees[1:] {
			if c.ValidUntil = "2021-10-20"; i == 2 {
				c.ValidFrom, c.ValidUntil, c.Predecessors = "2021-10-21", "", []string{"east", "west"}
			}
		}
		return w
	}
	onDay := func(w *world, day string) Input {
		in := w.input()
		in.AsOf = day
		in.Committees = slices.DeleteFunc(slices.Clone(in.Committees), func(c Committee) bool {
			return c.GetValidFrom() > day || c.GetValidUntil() != "" && c.GetValidUntil() < day
		})
		return in
	}
	send := func(a *v1.Advisory) { a.Actions = []*v1.Action{{Verb: "send", Object: "the reply"}} }
	toOthers := func(a *v1.Advisory) { a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PCNS} }
	const merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	for name, c := range map[string]struct {
		first, then func(w *world)
		want        []string
	}{
		"one letter, which stands": {func(w *world) { w.says("east", "east west", "2021-10-16", refuse, send) }, func(*world) {}, []string{merged}},
		"two letters, which stand": {
			func(w *world) {
				w.says("east", "east", "2021-10-16", refuse, send)
				w.says("east", "west", "2021-10-17", caution)
			}, func(*world) {}, []string{merged},
		},
		"it speaks for all": {
			func(w *world) { w.says("east", "east west", "2021-10-16", refuse, send) },
			func(w *world) { w.says("east", "union", "2021-10-22", caution, replacing("east/0")) },
			[]string{"MOVED by east/1: Union LMC on the whole matter: was refuse (east/0), now caution (east/1); no longer asks: send the reply. It moved towards supporting.", merged},
		},
		"it speaks for one, of two": {
			func(w *world) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("east", "west", "2021-10-17", caution)
			},
			func(w *world) { w.says("east", "union", "2021-10-22", support, replacing("east/0"), in("icb:P")) },
			[]string{"MOVED by east/2: Union LMC on the whole matter in icb:P: was refuse (east/0), now support (east/2). It moved towards supporting.", merged},
		},
		"one speaks before it": {
			func(w *world) { w.says("east", "east west", "2021-10-16", refuse) },
			func(w *world) { w.says("east", "west", "2021-10-19", caution) },
			[]string{"MOVED by east/1: Union LMC on the whole matter in icb:Q: was refuse (east/0), now caution (east/1). It moved towards supporting.", merged},
		},
		"letters to others than are counted, which stand": { // it read "no longer said to", and told of each what was said by the other
			func(w *world) {
				w.says("east", "east", "2021-10-16", refuse, on("fund"), toOthers)
				w.says("east", "west", "2021-10-17", caution, on("fund"), toOthers)
			}, func(*world) {}, []string{merged},
		},
		"one of these is withdrawn before it": {
			func(w *world) {
				w.says("east", "east", "2021-10-16", refuse, on("fund"), toOthers)
				w.says("east", "west", "2021-10-17", caution, on("fund"), toOthers)
			}, func(w *world) { w.withdraws("east", "east/1", "2021-10-19") }, []string{"BESIDE by east/2: Union LMC on fund in icb:Q: still no line: said to others only; no longer said to primary care networks: caution (east/1, 17 October 2021).", merged},
		},
		"nobody has spoken": {func(*world) {}, func(*world) {}, nil},
	} {
		w := merging()
		c.first(w)
		before := onDay(w, "2021-10-18")
		c.then(w)
		if diff := cmp.Diff(c.want, told(t, before, onDay(w, "2021-10-25"), "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	// Where an area was recoded besides, all that stood in it was new, by the register.
	recoded := merging()
	isArea := func(record register.Record) bool { return record.Body.GetArea() != nil }
	p, n := recoded.records[slices.IndexFunc(recoded.records, isArea)].Body.GetArea(), recoded.area("icb:N", 1, 100)
	p.ValidUntil, p.Successors, n.ValidFrom, n.PracticeCodes = "2021-10-19", []*v1.AreaId{areaID("icb:N")}, "2021-10-20", p.PracticeCodes
	union := recoded.in.Committees[3].Areas
	union[0].ValidUntil = "2021-10-19"
	recoded.in.Committees[3].Areas = append(union, &v1.AreaTenure{Area: areaID("icb:N"), ValidFrom: "2021-10-20"})
	recoded.says("east", "east", "2021-10-16", refuse, in("icb:P"), send)
	recoded.says("east", "west", "2021-10-17", caution)
	before := onDay(recoded, "2021-10-18")
	if diff := cmp.Diff([]string{merged}, told(t, before, onDay(recoded, "2021-10-25"), "")); diff != "" {
		t.Errorf("recoded (-want +got):\n%s", diff)
	}
	w := merging() // what its own LMC told a practice of it stands
	w.says("east", "east", "2021-10-16", refuse, send)
	w.says("east", "west", "2021-10-17", caution)
	before, after := onDay(w, "2021-10-18"), onDay(w, "2021-10-25")
	before.Own, before.Practice, after.Own, after.Practice = []string{"west"}, "F81001", []string{"union"}, "F81001"
	if got := told(t, before, after, ""); len(got) != 1 || !strings.Contains(got[0], "Union LMC speaks since in place of East LMC and West LMC") {
		t.Errorf("a practice's: %q", got)
	}
}

// byLists are what North covered: two sub-ICB locations in two ICBs, its list in each, or in one.
var byLists = [][]string{{"sub-icb:06Q", "sub-icb:06T"}, {"lmc:north", "lmc:north.06T"}, {"lmc:north", "sub-icb:06T"}}

// mergedByLists is a world in which North merged into Mid on 21 October, which has a list in one sub-ICB location and covers
// the other.
func mergedByLists(north []string) (w *world, onDay func(day string) Input) {
	w = newWorld()
	for name, icb := range map[string]string{"sub-icb:06Q": "icb:QH8", "sub-icb:06T": "icb:QJG"} {
		w.area(icb, -1, -1)
		w.area(name, -1, -1, icb)
	}
	w.area("lmc:mid", -1, -1, "sub-icb:06Q")
	w.area("lmc:north", -1, -1, "sub-icb:06Q")
	w.area("lmc:north.06T", -1, -1, "sub-icb:06T")
	w.committee("north", "North LMC", lmc, "essex", north...)
	w.committee("mid", "Mid LMC", lmc, "essex", "lmc:mid", "sub-icb:06T")
	committees := w.in.Committees
	committees[1].ValidUntil, committees[2].ValidFrom, committees[2].Predecessors = "2021-10-20", "2021-10-21", []string{"north"}
	w.lists("2021-10-28", 100,
		gp("F81001", lying("sub-icb:06Q", "", ""), lying("lmc:north", "", "2021-10-20"), lying("lmc:mid", "2021-10-21", "")),
		gp("F81002", lying("sub-icb:06Q", "", ""), lying("lmc:north", "", "2021-10-20"), lying("lmc:mid", "2021-10-21", "")),
		gp("F81003", lying("sub-icb:06T", "", ""), lying("lmc:north.06T", "", "2021-10-20")),
	)
	w.says("essex", "north", "2021-10-16", refuse, func(a *v1.Advisory) { a.Actions = []*v1.Action{{Verb: "send", Object: "the reply"}} })
	return w, w.onDay(committees)
}

// Of a committee merged by lists a look at one of its ICBs said that it told others only, while all of its practices there
// were told what its predecessor said.
func TestACommitteeMergedByListsIsCountedInAnICBByWhatItsPracticesAreTold(t *testing.T) {
	for _, north := range byLists {
		_, onDay := mergedByLists(north)
		for _, icb := range []string{"", "icb:QH8", "icb:QJG"} {
			in := onDay("2021-10-25")
			if icb != "" {
				in.Area = areaID(icb)
			}
			for _, unit := range []answersv1.Unit{byCommittee, byOffice} {
				if got := columns(in, unit); len(got) != 1 || !strings.HasPrefix(got[0], "1 refuse: ") {
					t.Errorf("of %q, in %q: %q", north, icb, got)
				}
			}
		}
	}
}

// And that what stands had ended with the merger, and was asked no longer.
func TestAMergerByListsIsNoMoveOfWhatStands(t *testing.T) {
	const merged = "AREAS by : Mid LMC speaks since in place of North LMC, by the register: what was said for these stands until it speaks itself."
	for _, north := range byLists {
		for _, area := range []string{"", "icb:QH8", "icb:QJG"} {
			w, onDay := mergedByLists(north)
			look := func(day string) Input {
				in := onDay(day)
				if area != "" {
					in.Area = areaID(area)
				}
				return in
			}
			if diff := cmp.Diff([]string{merged}, told(t, look("2021-10-18"), look("2021-10-25"), "")); diff != "" {
				t.Errorf("of %q, in %q (-want +got):\n%s", north, area, diff)
			}
			if got := told(t, look("2021-10-22"), look("2021-10-25"), ""); len(got) > 0 {
				t.Errorf("of %q, in %q, after it: %q", north, area, got)
			}
			before := look("2021-10-18")
			w.says("essex", "mid", "2021-10-22", support)
			if got := told(t, before, look("2021-10-25"), ""); len(got) != 2 || !strings.HasPrefix(got[0], "MOVED by essex/1: Mid LMC on the whole matter: was refuse (essex/0), now support (essex/1); no longer asks: send the reply.") {
				t.Errorf("of %q, in %q, once it has spoken: %q", north, area, got)
			}
		}
	}
}

// A practice that had become another LMC's was told what changed in every part of that one's area.
func TestAPracticeThatCameToAnotherLMCIsToldOfItsOwnPlaceAlone(t *testing.T) {
	w := newWorld()
	for _, area := range []string{"sub-icb:99E", "sub-icb:06Q", "sub-icb:06T"} {
		w.area(area, -1, -1)
	}
	w.committee("south", "South LMC", lmc, "essex", "sub-icb:99E")
	w.committee("north", "North LMC", lmc, "essex", "sub-icb:06Q", "sub-icb:06T")
	w.lists("2021-10-28", 100, gp("F81001", lying("sub-icb:99E", "", "2021-10-20"), lying("sub-icb:06Q", "2021-10-21", "")), gp("F81002", lying("sub-icb:06T", "", "")), gp("F81003", lying("sub-icb:06Q", "", "")))
	w.says("essex", "north", "2021-10-16", refuse)
	w.says("essex", "north", "2021-10-17", support, on("fund"), in("sub-icb:06T"))
	before, after := w.input(), w.input()
	before.AsOf, after.AsOf = "2021-10-18", "2021-10-25"
	before.Own, before.Practice, after.Own, after.Practice = []string{"south"}, "F81001", []string{"north"}, "F81001"
	for _, words := range told(t, before, after, "") {
		if strings.Contains(words, "06T") || strings.Contains(words, "support") {
			t.Errorf("%s", words)
		}
	}
}
