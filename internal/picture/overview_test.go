package picture

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// pictureOf is a world's picture as of a day.
func pictureOf(t *testing.T, w *world, day string) *answersv1.NationalPicture {
	t.Helper()
	in := w.input()
	in.AsOf = day
	pic, err := National(context.Background(), in, answersv1.Unit_UNIT_COMMITTEES, "")
	if err != nil {
		t.Fatal(err)
	}
	return pic
}

func thatAsks(act *v1.Action) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Actions = append(a.Actions, act) }
}

func toReaders(to ...v1.Audience) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].Audiences = to }
}

func by(day string) *v1.Due { return &v1.Due{When: &v1.Due_Day{Day: day}} }

// Whoever has no line is listed with why and since when, and whoever has not joined apart.
func TestSilenceIsToldByWhyAndSinceWhen(t *testing.T) {
	w := newWorld()
	w.in.Matter.Opened = &v1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-14"}
	w.committee("essex", "Essex LMC", lmc, "essex")
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("surrey", "Surrey LMC", lmc, "surrey")
	w.committee("wessex", "Wessex LMC", lmc, "wessex")
	w.in.Committees[len(w.in.Committees)-1].NotJoined = true
	letter := w.says("essex", "essex", "2021-10-20", refuse)
	withdrawal := w.withdraws("essex", letter, "2021-10-22")
	w.says("surrey", "surrey", "2021-10-20", refuse)
	pic := pictureOf(t, w, "2021-10-28")
	list := Silent(pic)
	var got []string
	for _, one := range list.Lines {
		if one.Measure == "" {
			got = append(got, strings.Join([]string{one.CommitteeName, one.Words, one.Since, one.By}, " | "))
		}
	}
	want := []string{
		"Essex LMC | withdrawn, since 22 October 2021, by " + withdrawal + " (it was " + letter + ") | 2021-10-22 | " + withdrawal,
		"Kent LMC | nothing published here since the matter was opened on 14 October 2021 | 2021-10-14 | ",
		"Wessex LMC | not joined yet: no office that speaks for it has published anything |  | ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	csv, err := SilentCSV(list, pic)
	if err != nil || !strings.Contains(string(csv), ",essex,Essex LMC,,true,withdrawn,2021-10-22,"+withdrawal+","+letter+",0,") || !strings.Contains(string(csv), ",wessex,Wessex LMC,,false,") {
		t.Errorf("%v: %s", err, csv)
	}
}

// A matter of which only is known between which days it was opened was said to have been opened on the last of them.
func TestSilenceIsToldSinceTheDaysAMatterWasOpenedWithin(t *testing.T) {
	w := newWorld()
	w.in.Matter.Opened = &v1.DayRange{Earliest: "2020-04-01", Latest: "2021-03-31"}
	w.committee("kent", "Kent LMC", lmc, "kent")
	one := Silent(pictureOf(t, w, "2021-10-28")).Lines[0]
	if one.Words != "nothing published here since the matter was opened (1 April 2020 to 31 March 2021)" || one.Since != "" {
		t.Errorf("%q, since %q", one.Words, one.Since)
	}
}

// What falls due is told once for all whom one letter asks, from the first day to the last and not a day beside.
func TestWhatFallsDueIsToldOnceByItsLetter(t *testing.T) {
	w := newWorld()
	w.committee("north", "North LMC", lmc, "essex")
	w.committee("south", "South LMC", lmc, "essex")
	send := &v1.Action{Verb: "send", Object: "the reply", Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}, Due: by("2021-10-29")}
	letter := w.says("essex", "north south", "2021-10-20", refuse, thatAsks(send), thatAsks(&v1.Action{Verb: "=check", Object: "the list", Due: by("2021-11-04")}), thatAsks(&v1.Action{Verb: "do", Object: "it at once", Due: &v1.Due{When: &v1.Due_Rule{Rule: "at once"}}}))
	pic := pictureOf(t, w, "2021-10-28")
	tell := func(from, until string) (got []string) {
		for _, one := range DueWithin([][]*answersv1.NationalPicture{{pic}}, from, until).Items {
			got = append(got, one.Day+" "+one.Words)
		}
		return got
	}
	want := []string{
		"2021-10-28 Call, by 12:00 on 28 October 2021 (of whom is not said; by the matter, as GPC England proposes it)",
		"2021-10-28 Plans due, by 28 October 2021 (of whom is not said; by the matter, as NHS England proposes it)",
		"2021-10-29 send the reply, by 29 October 2021 (of practices; by North LMC and South LMC, " + letter + ")",
		"2021-10-31 Last day without a breach, by 31 October 2021 (a Sunday: offices may be shut) (of whom is not said; by the matter, as GPC England proposes it)",
	}
	if diff := cmp.Diff(want, tell("2021-10-28", "2021-11-03")); diff != "" {
		t.Error(diff)
	}
	if got := tell("2021-11-04", "2021-11-04"); len(got) != 1 || !strings.Contains(got[0], "=check the list") {
		t.Errorf("on its very day: %q", got)
	}
	if got := tell("2021-11-05", "2021-11-05"); got != nil {
		t.Errorf("the day after: %q", got)
	}
	csv, err := DueCSV(DueWithin([][]*answersv1.NationalPicture{{pic}}, "2021-11-04", "2021-11-04"))
	if err != nil || !strings.Contains(string(csv), "'=check the list") {
		t.Errorf("%v: %s", err, csv)
	}
}

// A text to send is in use as long as the rule still has it asked, and is told with whose practices send it.
func TestTextsInUseAreThoseThatAreStillAsked(t *testing.T) {
	w := newWorld()
	w.committee("north", "North LMC", lmc, "essex")
	w.committee("south", "South LMC", lmc, "essex")
	reply := &v1.Action{Verb: "send", Object: "the reply", Template: "No.", TemplateFor: []v1.Audience{v1.Audience_AUDIENCE_COMMISSIONERS}}
	letter := w.says("essex", "north south", "2021-10-20", refuse, thatAsks(&v1.Action{Verb: "check", Object: "the list"}), thatAsks(reply))
	texts := func(of string) []*v1.Action {
		if of == letter {
			return []*v1.Action{reply}
		}
		return nil
	}
	pics := []*answersv1.NationalPicture{pictureOf(t, w, "2021-10-28")}
	list := TextsInUse(pics, texts)
	if len(list.Texts) != 1 || list.Texts[0].Words != "North LMC and South LMC: send the reply, written to commissioners; on Improving access ("+letter+", text 1)" {
		t.Fatalf("%v", list.Texts)
	}
	csv, err := TextsCSV(list, pics)
	if err != nil || !strings.Contains(string(csv), ","+letter+",1,,Improving access,north south,North LMC; South LMC,send the reply,,,commissioners,,,,,,No.,") {
		t.Errorf("%v: %s", err, csv)
	}
	w.withdraws("essex", letter, "2021-10-22")
	if list := TextsInUse([]*answersv1.NationalPicture{pictureOf(t, w, "2021-10-28")}, texts); len(list.Texts) != 0 {
		t.Errorf("what was withdrawn is in use: %v", list.Texts)
	}
}

// What practices were asked, and given to send, on a measure that is addressed to others was in no list of what is due
// and of texts.
func TestWhatPracticesAreAskedOnAMeasureAddressedToOthersIsDueAndItsTextInUse(t *testing.T) {
	w := newWorld()
	w.committee("essex", "Essex LMC", lmc, "essex")
	w.says("essex", "essex", "2021-10-20", refuse, on("disengage"), toReaders(v1.Audience_AUDIENCE_PRACTICES), thatAsks(&v1.Action{
		Verb: "sign", Object: "nothing", Matter: plan, Measure: "disengage", Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}, Due: by("2021-11-05"), Template: "We sign nothing.",
	}))
	var others []v1.Audience
	both, err := ForEachReader(v1.Audience_AUDIENCE_UNSPECIFIED, func(readers v1.Audience) (*answersv1.NationalPicture, error) {
		in := w.input()
		in.Audience, others = readers, append(others, readers)
		return National(t.Context(), in, answersv1.Unit_UNIT_COMMITTEES, "")
	})
	if err != nil || !cmp.Equal(others, []v1.Audience{v1.Audience_AUDIENCE_UNSPECIFIED, v1.Audience_AUDIENCE_PRACTICES}) {
		t.Fatal(others, err)
	}
	var due []string
	for _, one := range DueWithin([][]*answersv1.NationalPicture{both}, "2021-11-01", "2021-11-30").Items {
		due = append(due, one.Words)
	}
	if want := []string{"sign nothing, by 5 November 2021 (of practices; by Essex LMC, essex/0)"}; !cmp.Equal(due, want) {
		t.Errorf("due: %q, want %q", due, want)
	}
	texts := func(string) []*v1.Action { return w.in.Entries[len(w.in.Entries)-1].Advisory.GetActions() }
	if list := TextsInUse(both, texts); len(list.Texts) != 1 {
		t.Errorf("texts: %v", list.Texts)
	}
}

// Who reads what practices are told was told nothing of what changed for practices on a measure addressed to others, and what
// changed for these alone as if it were theirs.
func TestWhatChangedOnAMeasureAddressedToOthersIsToldOfWhom(t *testing.T) {
	w := newWorld()
	w.committee("essex", "Essex LMC", lmc, "essex")
	first := w.says("essex", "essex", "2021-10-20", refuse, on("disengage"), toReaders(v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS), thatAsks(&v1.Action{
		Verb: "sign", Object: "nothing", Matter: plan, Measure: "disengage", Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
	}))
	w.says("essex", "essex", "2021-10-25", caution, on("disengage"), toReaders(v1.Audience_AUDIENCE_PCNS), func(a *v1.Advisory) { a.Amends = []string{first} })
	for since, want := range map[string][]string{
		"2021-10-19": {"Essex LMC on disengage: was nothing published here, now refuse (essex/0); asks: sign nothing."},
		"2021-10-24": {"Essex LMC on disengage, to primary care networks: was refuse (essex/0), now caution (essex/1). It moved towards supporting."},
	} {
		before, after := w.input(), w.input()
		before.AsOf = since
		before.Own, after.Own = []string{"essex"}, []string{"essex"}
		changes, _, err := Changes(t.Context(), before, after, func(c Committee) bool { return c.GetId() == "essex" })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range changes {
			if c.GetKind() != answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE {
				got = append(got, c.GetWords())
			}
		}
		for _, one := range want {
			if !strings.Contains(strings.Join(got, "\n"), one) {
				t.Errorf("since %s: want %q in %q", since, one, got)
			}
		}
		for _, one := range got {
			if since == "2021-10-24" && !strings.Contains(one, "to primary care networks") {
				t.Errorf("since %s: practices are told of what is not theirs: %q", since, one)
			}
		}
	}
}
