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
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// forEach are a world's pictures for all who were told something.
func forEach(t interface{ Fatal(...any) }, w *world) []*answersv1.NationalPicture {
	pics, err := ForEachReader(v1.Audience_AUDIENCE_UNSPECIFIED, func(readers v1.Audience) (*answersv1.NationalPicture, error) {
		in := w.input()
		in.Audience = readers
		return National(context.Background(), in, answersv1.Unit_UNIT_COMMITTEES, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return pics
}

// dueOfKent checks what falls due, and which texts are in use, of letters of Kent LMC, which has two areas.
func dueOfKent(t *testing.T, says func(*world), want []string) {
	t.Helper()
	w := newWorld()
	w.area("icb:A", 4, 40)
	w.area("icb:B", 4, 40)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
	says(w)
	dueAndTextsAre(t, w, want)
}

// dueAndTextsAre checks what falls due by a world's pictures, and which texts are in use there.
func dueAndTextsAre(t *testing.T, w *world, want []string) {
	t.Helper()
	var words []string
	pics := forEach(t, w)
	for _, one := range DueWithin([][]*answersv1.NationalPicture{pics}, "2021-11-01", "2022-01-31").Items {
		words = append(words, one.Words)
	}
	texts := func(letter string) (all []*v1.Action) {
		for _, e := range w.in.Entries {
			for _, act := range e.Advisory.GetActions() {
				if e.ID == letter && act.GetTemplate() != "" {
					all = append(all, act)
				}
			}
		}
		return all
	}
	for _, one := range TextsInUse(pics, texts).Texts {
		words = append(words, "text: "+one.Words)
	}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Error(diff)
	}
}

var practicesAndPCNs = []v1.Audience{v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS}

// What an LMC had ended for its practices, and for these alone, went on being asked of them in the list of what falls
// due, in calendars and in that of texts, by the readers that the action names.
func TestWhatALMCEndedForItsPracticesAloneIsDueOfTheOthersAlone(t *testing.T) {
	w := newWorld()
	w.committee("north", "North LMC", lmc, "essex", "icb:N")
	w.committee("south", "South LMC", lmc, "essex", "icb:S")
	joint := w.says("essex", "north south", "2021-10-20", against, on("fund"), thatAsks(&v1.Action{
		Verb: "tell", Object: "the ICB", Matter: plan, Measure: "fund", Actors: practicesAndPCNs, Due: by("2021-12-10"), Template: "No.",
	}))
	w.says("essex", "south", "2021-10-25", support, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES), amending(joint))
	want := []string{
		"tell the ICB, by 10 December 2021 (of practices, primary care networks; by North LMC, essex/0)",
		"tell the ICB, by 10 December 2021 (of primary care networks; by South LMC, essex/0)",
		"text: North LMC: tell the ICB, by 10 December 2021 (of practices, primary care networks); on Winter access fund (essex/0, text 1)",
		"text: South LMC: tell the ICB, by 10 December 2021 (of primary care networks); on Winter access fund (essex/0, text 1)",
	}
	dueAndTextsAre(t, w, want)
}

// What an LMC had ended in part of its area was due of the practices there too.
func TestWhatALMCEndedInPartOfItsAreaIsNotDueThere(t *testing.T) {
	w := newWorld()
	w.area("icb:H", 4, 40)
	w.area("icb:W", 4, 40)
	w.committee("wessex", "Wessex LMC", lmc, "wessex", "icb:H", "icb:W")
	all := w.says("wessex", "wessex", "2021-10-20", refuse, on("fund"), thatAsks(&v1.Action{
		Verb: "decline", Object: "it", Matter: plan, Measure: "fund", Actors: practicesAndPCNs, Due: by("2021-12-18"), Template: "No.",
	}))
	w.says("wessex", "wessex", "2021-10-25", support, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES), in("icb:W"), amending(all))
	want := []string{
		"decline it, by 18 December 2021 (a Saturday: offices may be shut) (of practices, not in icb:W (icb:W); by Wessex LMC, wessex/0)",
		"decline it, by 18 December 2021 (a Saturday: offices may be shut) (of primary care networks; by Wessex LMC, wessex/0)",
		"text: Wessex LMC: decline it, by 18 December 2021 (a Saturday: offices may be shut) (of practices, not in icb:W (icb:W)); on Winter access fund (wessex/0, text 1)",
		"text: Wessex LMC: decline it, by 18 December 2021 (a Saturday: offices may be shut) (of primary care networks); on Winter access fund (wessex/0, text 1)",
	}
	dueAndTextsAre(t, w, want)
}

// The files of what falls due and of texts say it in columns of their own.
func TestTheFilesSayOfWhichReadersSomethingIsAskedHowStronglyAndUntilWhen(t *testing.T) {
	w := withKent()
	act := &v1.Action{Verb: "send", Object: "it", Matter: plan, Measure: "fund", Actors: practicesAndPCNs[:1], Scope: "emis", Strength: v1.ActionStrength_ACTION_STRENGTH_MAY, Due: by("2021-12-10"), Template: "No."}
	letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), thatAsks(act), func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: "emis", Words: "practices on EMIS"} })
	w.withdraws("kent", letter, "2021-12-07")
	w.in.Entries[len(w.in.Entries)-1].Withdrawal.Issued = &v1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}
	pics := forEach(t, w)
	due, err := DueCSV(DueWithin([][]*answersv1.NationalPicture{pics}, "2021-12-01", "2021-12-31"))
	if err != nil || !strings.Contains(string(due), ",send it,practices,practices on EMIS,,,may,2021-12-07,,,,kent/0,kent,") {
		t.Errorf("%v: %s", err, due)
	}
	texts, err := TextsCSV(TextsInUse(pics, func(string) []*v1.Action { return []*v1.Action{act} }), pics)
	if err != nil || !strings.Contains(string(texts), ",send it,practices,practices on EMIS,,2021-12-10,,,may,2021-12-07,No.,") {
		t.Errorf("%v: %s", err, texts)
	}
}

// Networks that a letter to practices asks by name are asked, though their own line is another letter's, which does not.
func TestWhatOthersAreAskedByNameIsDueOfThem(t *testing.T) {
	w := withKent()
	w.says("kent", "kent", "2021-10-20", caution, on("fund"), toReaders(practicesAndPCNs[1:]...))
	w.says("kent", "kent", "2021-10-21", refuse, on("fund"), toReaders(practicesAndPCNs[:1]...), thatAsks(&v1.Action{
		Verb: "read", Object: "it", Matter: plan, Measure: "fund", Actors: practicesAndPCNs[1:], Due: by("2021-12-10"),
	}))
	dueAndTextsAre(t, w, []string{"read it, by 10 December 2021 (of primary care networks; by Kent LMC, kent/1)"})
}

// Lists of what falls due and of texts left out for which group something is asked, in which area, with a line that waits, that readers
// only may do it, and that it ends before it is due.
func TestWhatIsDueSaysOfWhichGroupWhereWithWhichLineAndHowStrongly(t *testing.T) {
	act := func(change func(*v1.Action)) func(*v1.Advisory) {
		a := &v1.Action{Verb: "send", Object: "it", Matter: plan, Measure: "fund", Actors: practicesAndPCNs[:1], Due: by("2021-12-10")}
		change(a)
		return thatAsks(a)
	}
	emis := &v1.Scope{Id: "emis", Words: "practices on EMIS"}
	group := func(a *v1.Advisory) {
		p := proto.CloneOf(a.Positions[0])
		p.Scope, p.Stance = emis, support
		a.Positions = append(a.Positions, p)
	}
	for name, c := range map[string]struct {
		says []func(*v1.Advisory)
		then func(w *world, letter string)
		want []string
	}{
		"of a group": {
			says: []func(*v1.Advisory){group, act(func(a *v1.Action) { a.Scope = "emis" })},
			want: []string{"send it, by 10 December 2021 (of practices, practices on EMIS; by Kent LMC, kent/0)"},
		},
		"of no group, in part of the area": {
			says: []func(*v1.Advisory){group, act(func(a *v1.Action) { a.Scope, a.Area = guidance.GeneralScope, areaID("icb:A") })},
			want: []string{"send it, by 10 December 2021 (of practices, in icb:A (icb:A), not practices on EMIS; by Kent LMC, kent/0)"},
		},
		"with a line that waits": {
			says: []func(*v1.Advisory){waitingFor("the fund is paid"), act(func(*v1.Action) {})},
			want: []string{"send it, by 10 December 2021, with a line that waits: the fund is paid (of practices; by Kent LMC, kent/0)"},
		},
		"as what they may do": {
			says: []func(*v1.Advisory){act(func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MAY })},
			want: []string{"send it, by 10 December 2021 (of practices; you may; by Kent LMC, kent/0)"},
		},
		"ends before it is due": {
			says: []func(*v1.Advisory){act(func(*v1.Action) {})},
			then: func(w *world, letter string) {
				w.withdraws("kent", letter, "2021-12-07")
				w.in.Entries[len(w.in.Entries)-1].Withdrawal.Issued = &v1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}
			},
			want: []string{"send it, by 10 December 2021 (of practices; ends on 7 December 2021; by Kent LMC, kent/0)"},
		},
		"another letter's group": {
			says: []func(*v1.Advisory){act(func(*v1.Action) {})},
			then: func(w *world, _ string) {
				w.says("kent", "kent", "2021-10-25", support, on("fund"), func(a *v1.Advisory) { a.Positions[0].Scope = emis })
			},
			want: []string{"send it, by 10 December 2021 (of practices, but practices on EMIS as their own line says; by Kent LMC, kent/0)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.area("icb:A", 4, 40)
			w.area("icb:B", 4, 40)
			w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
			letter := w.says("kent", "kent", "2021-10-20", refuse, append([]func(*v1.Advisory){on("fund")}, c.says...)...)
			if c.then != nil {
				c.then(w, letter)
			}
			dueAndTextsAre(t, w, c.want)
		})
	}
}

// asksSomething lets the letter that Kent said last ask things of practices, of networks, or of both, somewhere or
// everywhere, and be for networks too; each thing once in a world.
func asksSomething(t *rapid.T, w *world) {
	a := w.in.Entries[len(w.in.Entries)-1].Advisory
	if a == nil {
		return
	}
	readers := rapid.SampledFrom([][]v1.Audience{practicesAndPCNs, practicesAndPCNs[:1], practicesAndPCNs[1:]})
	for _, p := range a.Positions {
		if p.Audiences[0] == v1.Audience_AUDIENCE_PRACTICES {
			p.Audiences = readers.Draw(t, "letter to")
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "actions") {
		act := &v1.Action{
			Verb: "send", Object: fmt.Sprint("form ", len(w.in.Entries), i), Matter: plan, Measure: rapid.SampledFrom([]string{"", "fund", "engage"}).Draw(t, "asked on"),
			Actors: readers.Draw(t, "asked of"), Due: by("2021-11-10"),
		}
		if area := rapid.SampledFrom([]string{"", "", "icb:A", "sub-icb:A1"}).Draw(t, "asked in"); area != "" {
			act.Area = areaID(area)
		}
		a.Actions = append(a.Actions, act)
	}
}

// isDueIn: an item of a list is said to be asked in the part of an area that some areas are around, the nearest first.
func isDueIn(one *answersv1.DueItem, around ...string) bool {
	toSome := func(among string) bool { // a group, or part of the readers
		return slices.ContainsFunc([]string{"started", "signed", "GP partners", "practice managers"}, func(some string) bool { return strings.HasPrefix(among, some) })
	}
	if slices.ContainsFunc(one.Among, toSome) {
		return false
	}
	in, elsewhere := map[string]bool{}, true // where the words say that it is asked, or not
	for _, words := range one.Among {
		of, is := strings.CutPrefix(strings.TrimPrefix(words, "but also "), "in ")
		if not, isNot := strings.CutPrefix(words, "not in "); isNot {
			of, is = not, true
			in[strings.Fields(of)[0]] = false
			continue
		}
		if !is {
			continue
		}
		for _, area := range strings.Split(strings.ReplaceAll(of, " and ", ", "), ", ") {
			in[strings.Fields(area)[0]] = true
		}
		elsewhere = elsewhere && strings.HasPrefix(words, "but also ")
	}
	for _, area := range around {
		if is, known := in[area]; known {
			return is
		}
	}
	return elsewhere
}

// Of whom something is due by the list, by which committee and where, is who is asked it by their view; and the other
// way round.
func TestWhatIsDueOfSomebodyIsAskedOnTheirView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.in.Matter = proto.CloneOf(w.in.Matter)
		for _, m := range w.in.Matter.Measures {
			m.Deadlines, m.AddressedTo = nil, practicesAndPCNs[:1]
		}
		w.area("icb:A", 10, 100)
		w.area("icb:B", 10, 100)
		w.area("sub-icb:A1", 10, 100, "icb:A")
		w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
		for range rapid.IntRange(1, 5).Draw(t, "letters") {
			speaks(t, w)
			asksSomething(t, w)
		}
		w.in.AsOf = "2021-10-29"
		in := w.input()
		pics := forEach(t, w)
		list := DueWithin([][]*answersv1.NationalPicture{pics}, "2021-11-01", "2021-11-30")
		c, _ := newResolver(context.Background(), in).committee("kent")
		prepared := guidance.Prepare(context.Background(), in.Entries, in.Register)
		for _, e := range in.Entries {
			for _, act := range e.Advisory.GetActions() {
				ofTheirOwn := func(a asked) bool {
					return a.GetAdvisory() == e.ID && isSameRequest(a.GetAction(), act) && slices.Contains(act.Actors, a.row.Audience)
				}
				for _, reader := range practicesAndPCNs {
					if !slices.ContainsFunc(askedIn(tableLines(pics)), ofTheirOwn) {
						continue // asked of readers by name alone, by what is said to others
					}
					speaksTo := slices.ContainsFunc(e.Advisory.Positions, func(p *v1.Position) bool {
						isOver := p.ValidUntil != "" && p.ValidUntil < in.AsOf
						return slices.Contains(p.Audiences, reader) && p.Scope == nil && !isOver && (p.Measure == act.Measure || p.Measure == "" || act.Measure == "")
					})
					isShown := slices.ContainsFunc(tableLines(pics), func(row *answersv1.Line) bool { return row.Audience == reader })
					if !slices.Contains(act.Actors, reader) || !speaksTo || !isShown {
						continue // asked of them by name, if at all, and by none of their own lines
					}
					for _, around := range [][]string{{"icb:A"}, {"icb:B"}, {"sub-icb:A1", "icb:A"}} {
						measures := []string{act.Measure}
						if act.Measure == "" && len(around) > 1 {
							continue // a picture does not say that one measure's part of the area lies in another's
						}
						onItsOwn := func(a asked) bool { return ofTheirOwn(a) && a.row.Measure == act.Measure }
						switch {
						case act.Measure == "":
							measures = []string{"", "fund", "engage", "disengage"}
						case !slices.ContainsFunc(askedIn(tableLines(pics)), onItsOwn):
							measures = append(measures, "") // a view of the whole matter has it alone
						}
						isAsked := slices.ContainsFunc(measures, func(measure string) bool {
							line := prepared.Resolve(guidance.Question{Matter: in.Matter, Measure: measure, Committee: c.Committee, Audience: reader, Area: areaID(around[0]), AsOf: in.AsOf})[0]
							return slices.ContainsFunc(askedIn([]*answersv1.Line{{Actions: line.Actions, AlsoAsked: line.AlsoAsked, AskedAgain: line.AskedAgain, Current: line.Current}}), func(a asked) bool {
								return a.GetAdvisory() == e.ID && isSameRequest(a.GetAction(), act)
							})
						})
						isDue := slices.ContainsFunc(list.Items, func(one *answersv1.DueItem) bool {
							return one.Entry == e.ID && one.What == guidance.ActionWords(act) && slices.Contains(one.OfWhom, reader) && isDueIn(one, around...)
						})
						if isAsked != isDue {
							t.Fatalf("%v of %s is asked of %v in %s: %v, and due: %v, by %v", act, e.ID, reader, around[0], isAsked, isDue, list.Items)
						}
					}
				}
			}
		}
	})
}

// What a letter asks of networks on the whole matter, where practices have a line by another, was due in no list, and its
// text in none.
func TestWhatNetworksAreAskedOnTheWholeMatterIsDueBesideWhatPracticesAreTold(t *testing.T) {
	w := newWorld()
	w.committee("north", "North LMC", lmc, "essex")
	w.says("essex", "north", "2021-10-20", refuse, toReaders(v1.Audience_AUDIENCE_PRACTICES))
	w.says("essex", "north", "2021-10-21", against, toReaders(v1.Audience_AUDIENCE_PCNS), thatAsks(&v1.Action{
		Verb: "tell", Object: "the ICB", Matter: plan, Actors: []v1.Audience{v1.Audience_AUDIENCE_PCNS}, Due: by("2021-12-10"), Template: "No.",
	}))
	want := []string{
		"tell the ICB, by 10 December 2021 (of primary care networks; by North LMC, essex/1)",
		"text: North LMC: tell the ICB, by 10 December 2021 (of primary care networks); on Improving access (essex/1, text 1)",
	}
	dueAndTextsAre(t, w, want)
}

// What an amendment ends from a day before it is due was not marked, as what a withdrawal or a replacement ends is.
func TestWhatAnAmendmentEndsBeforeItIsDueSaysWhen(t *testing.T) {
	w := newWorld()
	w.committee("north", "North LMC", lmc, "essex")
	both := w.says("essex", "north", "2021-10-20", refuse, on("fund"), thatAsks(&v1.Action{
		Verb: "tell", Object: "the ICB", Matter: plan, Measure: "fund", Actors: practicesAndPCNs, Due: by("2021-12-10"), Template: "No.",
	}))
	w.says("essex", "north", "2021-10-25", support, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES), amending(both), func(a *v1.Advisory) { a.ValidFrom = "2021-12-07" })
	want := []string{
		"tell the ICB, by 10 December 2021 (of practices; ends on 7 December 2021; by North LMC, essex/0)",
		"tell the ICB, by 10 December 2021 (of primary care networks; by North LMC, essex/0)",
		"text: North LMC: tell the ICB, by 10 December 2021 (of practices; ends on 7 December 2021); on Winter access fund (essex/0, text 1)",
		"text: North LMC: tell the ICB, by 10 December 2021 (of primary care networks); on Winter access fund (essex/0, text 1)",
	}
	dueAndTextsAre(t, w, want)
}

// What is due by a rule in words was in no list of deadlines, and nothing said how many there are; files did not have
// that a day was worked out here, from what, that the event has moved, and that a day is the last to give notice.
func TestADeadlineWithoutADayIsNamedAndOneThatWasWorkedOutSaysFromWhat(t *testing.T) {
	w := withKent()
	w.in.Matter.Events = []*v1.Event{{Id: "notice", Title: "the variation notice", Day: "2021-12-08"}}
	days := &v1.Due{Kind: v1.DueKind_DUE_KIND_GIVE_NOTICE, When: &v1.Due_FromEvent{FromEvent: &v1.DueFromEvent{Event: "notice", Words: "the variation notice", EventDay: "2021-12-03", Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS}}}
	words := &v1.Due{When: &v1.Due_Rule{Rule: "within 10 working days of the variation notice"}}
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"),
		thatAsks(&v1.Action{Verb: "object", Object: "in writing", Matter: plan, Measure: "fund", Actors: practicesAndPCNs[:1], Due: days}),
		thatAsks(&v1.Action{Verb: "write", Object: "to the ICB", Matter: plan, Measure: "fund", Actors: practicesAndPCNs[:1], Due: words}))
	list := DueWithin([][]*answersv1.NationalPicture{forEach(t, w)}, "2021-12-01", "2021-12-31")
	var got []string
	for _, one := range slices.Concat(list.GetItems(), list.GetWithoutDay()) {
		got = append(got, one.GetDay()+" "+one.GetWords())
	}
	want := []string{
		"2021-12-17 object in writing, last day to give notice: within 14 days of the variation notice of 3 December 2021: by 17 December 2021, worked out here (of practices; by Kent LMC, kent/0; the matter now gives 8 December 2021 for “the variation notice”: ring before you rely on either day)",
		" write to the ICB, within 10 working days of the variation notice (of practices; by Kent LMC, kent/0)",
	}
	if !cmp.Equal(got, want) || len(list.GetWithoutDay()) != 1 {
		t.Error(cmp.Diff(want, got))
	}
	file, err := DueCSV(list)
	for _, row := range []string{",asked,,within 14 days of the variation notice of 3 December 2021,2021-12-08,give-notice,kent/0,", "\n,,gpc-england/access-plan-2021,", ",asked,,within 10 working days of the variation notice,,,kent/0,"} {
		if err != nil || !strings.Contains(string(file), row) {
			t.Errorf("%v: %s is not in %s", err, row, file)
		}
	}
}

// What is asked of networks with a line for part of the area, by a letter that corrects one to practices, was due of networks
// everywhere.
func TestWhatNetworksAreAskedInPartOfAnAreaIsDueThereAlone(t *testing.T) {
	w := newWorld()
	w.area("icb:H", 4, 40)
	w.area("icb:W", 4, 40)
	w.committee("wessex", "Wessex LMC", lmc, "wessex", "icb:H", "icb:W")
	sheet := func(day string, of ...v1.Audience) *v1.Action {
		return &v1.Action{Verb: "send", Object: "us the sheet", Matter: plan, Measure: "fund", Strength: v1.ActionStrength_ACTION_STRENGTH_MUST, Due: by(day), Actors: of}
	}
	all := w.says("wessex", "wessex", "2021-10-20", caution, on("fund"), thatAsks(sheet("2021-12-13", practicesAndPCNs[0])))
	w.says("wessex", "wessex", "2021-10-25", caution, on("fund"), toReaders(practicesAndPCNs...), in("icb:W"), amending(all), thatAsks(sheet("2021-12-20", practicesAndPCNs...)))
	dueAndTextsAre(t, w, []string{
		"send us the sheet, by 13 December 2021 (of practices, not in icb:W (icb:W); a must; by Wessex LMC, wessex/0)",
		"send us the sheet, by 20 December 2021 (of practices, primary care networks, in icb:W (icb:W); a must; by Wessex LMC, wessex/1)",
	})
}

// What is ended for partners, or due of managers by another day, was due of all by the old one once a newsletter repeated the line.
func TestWhatIsEndedForPartOfTheReadersIsNotDueOfThemUnderANewerLine(t *testing.T) {
	const partners, managers = v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS
	form := func(day string, of ...v1.Audience) *v1.Action {
		return &v1.Action{Verb: "send", Object: "the form", Matter: plan, Measure: "fund", Due: by(day), Actors: of}
	}
	w := withKent()
	all := w.says("kent", "kent", "2021-10-20", caution, on("fund"), thatAsks(form("2021-12-13", practicesAndPCNs[0])))
	w.says("kent", "kent", "2021-10-22", caution, on("fund"), toReaders(partners), amending(all))
	w.says("kent", "kent", "2021-10-24", caution, on("fund"))
	dueAndTextsAre(t, w, []string{"send the form, by 13 December 2021 (of practices, not GP partners; by Kent LMC, kent/0)"})
	w = withKent()
	all = w.says("kent", "kent", "2021-10-20", caution, on("fund"), thatAsks(form("2021-12-13", practicesAndPCNs[0])))
	w.says("kent", "kent", "2021-10-22", v1.Stance_STANCE_INFORMATION_ONLY, on("fund"), toReaders(partners), amending(all)) // by what is only mentioned to them
	dueAndTextsAre(t, w, []string{"send the form, by 13 December 2021 (of practices, not GP partners; by Kent LMC, kent/0)"})
	w = withKent()
	both := w.says("kent", "kent", "2021-10-20", caution, on("fund"), thatAsks(form("2021-12-13", partners, managers)))
	w.says("kent", "kent", "2021-10-22", caution, on("fund"), toReaders(managers), amending(both), thatAsks(form("2021-12-20", managers)))
	w.says("kent", "kent", "2021-10-24", caution, on("fund"))
	dueAndTextsAre(t, w, []string{
		"send the form, by 13 December 2021 (of GP partners; by Kent LMC, kent/0)", "send the form, by 20 December 2021 (of practice managers; by Kent LMC, kent/1)",
	})
}
