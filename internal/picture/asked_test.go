package picture

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

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

// dueAndTexts are what falls due by a world's pictures, and the texts in use there.
func dueAndTexts(t *testing.T, w *world) (words []string) {
	t.Helper()
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
	return words
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
	if got := dueAndTexts(t, w); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
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
	if got := dueAndTexts(t, w); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
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
			if got := dueAndTexts(t, w); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Error(cmp.Diff(c.want, got))
			}
		})
	}
}
