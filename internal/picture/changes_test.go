package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// told is each change as its kind, its letter, and its words.
func told(t testing.TB, before, after Input, nation string) []string {
	t.Helper()
	changes, _, err := Changes(context.Background(), before, after, nation)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range changes {
		all = append(all, strings.TrimPrefix(c.Kind.String(), "CHANGE_KIND_")+" by "+c.Entry+": "+c.Words)
	}
	return all
}

func between(from, to string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Issued = &v1.DayRange{Earliest: from, Latest: to} }
}

func from(day string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].ValidFrom = day }
}

func forGroup(a *v1.Advisory) {
	a.Positions[0].Scope = &v1.Scope{Id: "started", Words: "patients already started"}
}

func toPartners(a *v1.Advisory) {
	a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS}
}

func TestChangesHaveTheirLetterTheirWayAndWhatTheNationalCommitteeHadSaid(t *testing.T) {
	for name, c := range map[string]struct {
		first, then func(w *world)
		want        []string
	}{
		"nothing": {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) }, func(*world) {}, nil},
		"a first line after the national one": {
			func(w *world) { w.says("gpc-england", "gpc-england", "2021-10-17", against, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). GPC England had last said: advise against (gpc-england/0, 17 October 2021)."},
		},
		"towards refusing, before any national line": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", caution, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{"MOVED by kent/1: Kent LMC on fund: was caution (kent/0), now refuse (kent/1). It moved towards refusing."},
		},
		"towards supporting, on the day of a second national letter": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "2021-10-17", against, on("fund"))
				w.says("gpc-england", "gpc-england", "2021-10-21", decides, on("fund"))
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
			},
			func(w *world) { w.says("kent", "kent", "2021-10-21", decides, on("fund")) },
			[]string{"MOVED by kent/1: Kent LMC on fund: was refuse (kent/0), now practice decides (kent/1). It moved towards supporting. GPC England had last said: advise against (gpc-england/0, 17 October 2021). GPC England also said: practice decides (gpc-england/1, 21 October 2021); which of the two came first is not known."},
		},
		"a letter of some day in a range that holds the national one's": {
			func(w *world) { w.says("gpc-england", "gpc-england", "2021-10-21", against, on("fund")) },
			func(w *world) { w.says("kent", "kent", "", refuse, on("fund"), between("2021-10-14", "2021-10-27")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). GPC England also said: advise against (gpc-england/0, 21 October 2021); which of the two came first is not known."},
		},
		"a letter within the range of the national one": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "", against, on("fund"), between("2021-10-14", "2021-10-27"))
			},
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). GPC England also said: advise against (gpc-england/0, 14 to 27 October 2021); which of the two came first is not known."},
		},
		"a letter of a range that has passed since": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "2021-10-27", against, on("fund"))
				w.says("kent", "kent", "", refuse, on("fund"), between("2021-10-26", "2021-10-28"))
				w.in.AsOf = "2021-10-27"
			},
			func(w *world) { w.in.AsOf = "2021-10-28" },
			[]string{
				"NEW by kent/0: Kent LMC on fund: was no line: written on a day not known, now refuse (kent/0). GPC England also said: advise against (gpc-england/0, 27 October 2021); which of the two came first is not known.",
				"FALLEN_DUE by : Fell due: by 12:00 on 28 October 2021: Call.", "FALLEN_DUE by : Fell due: by 28 October 2021: Plans due.",
			},
		},
		"a newsletter answers when the line it stood beside is withdrawn": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-22", informs, on("fund"))
			},
			func(w *world) { w.withdraws("kent", "kent/0", "2021-10-23") },
			[]string{"ENDED by kent/2: Kent LMC on fund: was refuse (kent/0), now information only (kent/1)."},
		},
		"off the scale": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", v1.Stance_STANCE_UNABLE_TO_ADVISE, on("fund"))
			},
			[]string{"MOVED by kent/1: Kent LMC on fund: was refuse (kent/0), now unable to advise (kent/1). It moved neither way: not both are on the scale."},
		},
		"withdrawn": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.withdraws("kent", "kent/0", "2021-10-21") },
			[]string{"ENDED by kent/1: Kent LMC on fund: was refuse (kent/0), now no line: withdrawn (kent/1)."},
		},
		"said again": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{"SAYS_OTHERWISE by kent/1: Kent LMC on fund: was refuse (kent/0), now refuse (kent/1)."},
		},
		"a mention beside a line": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", informs, on("fund")) },
			[]string{"BESIDE by kent/1: Kent LMC on fund: still refuse (kent/0), but said beside it: information only (kent/1, 21 October 2021)."},
		},
		"a letter that may have been issued is not the line": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", support, on("fund")) },
			func(w *world) { w.says("kent", "kent", "", refuse, on("fund"), between("2021-10-21", "2021-11-10")) },
			[]string{"BESIDE by kent/1: Kent LMC on fund: still support (kent/0), but may already have been issued: refuse (kent/1, 21 October to 10 November 2021)."},
		},
		"a group's line turns round": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"))
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), forGroup)
			},
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", support, on("fund"), forGroup, replacing("kent/1"))
			},
			[]string{"MOVED by kent/2: Kent LMC on fund, for patients already started: was refuse (kent/1), now support (kent/2). It moved towards supporting."},
		},
		"a group is carved out of the line": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", support, forGroup) },
			[]string{"MOVED by kent/1: Kent LMC on the whole matter, for patients already started: now support (kent/1). It moved towards supporting."},
		},
		"a group's line ends": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-20", support, on("fund"), forGroup)
			},
			func(w *world) { w.withdraws("kent", "kent/1", "2021-10-22") },
			[]string{"MOVED by kent/2: Kent LMC on fund, for patients already started: was support (kent/1), now as in general: refuse (kent/0). It moved towards refusing."},
		},
		"a line for a group alone": {
			func(*world) {}, func(w *world) { w.says("kent", "kent", "2021-10-21", support, on("fund"), forGroup) },
			[]string{"NEW by kent/0: Kent LMC on fund, for patients already started: now support (kent/0)."},
		},
		"partners are told otherwise": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"))
				w.says("kent", "kent", "2021-10-20", support, on("fund"), toPartners)
			},
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund"), toPartners) },
			[]string{"MOVED by kent/2: Kent LMC on fund, to GP partners: was support (kent/1), now refuse (kent/2). It moved towards refusing."},
		},
		"all are told what partners were told": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund"), toPartners) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{
				"NEW by kent/1: Kent LMC on fund: was no line: said to others only, now refuse (kent/1).",
				"SAYS_OTHERWISE by kent/1: Kent LMC on fund, to GP partners: was refuse (kent/0), now as in general: refuse (kent/1).",
			},
		},
		"it becomes a breach": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", decides, on("disengage"), func(a *v1.Advisory) {
					a.Positions[0].ContractEffects = []*v1.DatedEffect{
						{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-29"},
						{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-30"},
					}
				})
			},
			func(w *world) { w.in.AsOf = "2021-10-30" },
			[]string{"CONTRACT by kent/0: Kent LMC on disengage: still practice decides (kent/0). What it says of the contract was: “The contract does not require it.” It is: “It would be a breach of contract.” It came about on 30 October 2021."},
		},
		"its first day comes": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"))
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), from("2021-10-30"))
			},
			func(w *world) { w.in.AsOf = "2021-10-30" },
			[]string{"MOVED by kent/1: Kent LMC on fund: was caution (kent/0), now refuse (kent/1). It moved towards refusing. It came about on 30 October 2021."},
		},
		"its last day has passed": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"))
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), until("2021-10-29"))
			},
			func(w *world) { w.in.AsOf = "2021-10-30" },
			[]string{"MOVED by kent/1: Kent LMC on fund: was refuse (kent/1), now caution (kent/0). It moved towards supporting. It came about on 30 October 2021."},
		},
		"a national letter replaced within the range": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "2021-10-18", against, on("fund"))
				w.says("gpc-england", "gpc-england", "2021-10-20", decides, on("fund"), replacing("gpc-england/0"))
			},
			func(w *world) { w.says("kent", "kent", "", refuse, on("fund"), between("2021-10-14", "2021-10-27")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). " +
				"GPC England also said: advise against (gpc-england/0, 18 October 2021); which of the two came first is not known. " +
				"GPC England also said: practice decides (gpc-england/1, 20 October 2021); which of the two came first is not known."},
		},
		"the register has it no more": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) },
			func(w *world) { w.in.Committees = w.in.Committees[:1] },
			[]string{"ENDED by : Kent LMC on the whole matter: was refuse (kent/0); it is not in the register any more. The register did that, not a letter."},
		},
		"the register has it since": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse); w.in.Committees = w.in.Committees[:1] },
			func(w *world) { w.in.Committees = w.in.Committees[:2] },
			[]string{"NEW by : Kent LMC on the whole matter: now refuse (kent/0). The register did that, not a letter."},
		},
		"a part moves from what held there": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", decides, on("fund"), in("icb:A")) },
			[]string{"MOVED by kent/1: Kent LMC on fund in icb:A: now practice decides (kent/1). It moved towards supporting."},
		},
		"a part moves back": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-20", decides, on("fund"), in("icb:A"))
			},
			func(w *world) { w.withdraws("kent", "kent/1", "2021-10-21") },
			[]string{"MOVED by kent/2: Kent LMC on fund in icb:A: was practice decides (kent/1), now as in the rest of its area. It moved towards refusing."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := kent()
			c.first(w)
			before := w.input()
			c.then(w)
			if diff := cmp.Diff(c.want, told(t, before, w.input(), "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOwnCommitteesThenNationalThenByName(t *testing.T) {
	w := october()
	before := w.input()
	before.Own = []string{"south-essex"}
	w.in.Own = before.Own
	w.reports("gpc-england", "igpm", "2021-10-27", refuse)
	w.says("essex", "south-essex north-essex", "2021-10-27", caution, on("fund"))
	w.says("gpc-england", "gpc-england", "2021-10-27", caution, on("fund"))
	w.says("cambridgeshire", "cambridgeshire", "2021-10-27", caution)
	changes, notes, err := Changes(context.Background(), before, w.input(), "")
	if err != nil {
		t.Fatal(err)
	}
	var who []string
	for _, c := range changes {
		who = append(who, strings.TrimSpace(c.Committee+" "+c.Measure))
	}
	if diff := cmp.Diff([]string{"south-essex fund", "gpc-england fund", "cambridgeshire", "north-essex fund", "igpm"}, who); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.Equal(notes, []string{"Demonstration: made up."}) {
		t.Errorf("shown with %q", notes)
	}
	if elsewhere := told(t, before, w.input(), "wales"); elsewhere != nil {
		t.Errorf("of another nation: %q", elsewhere)
	}
}

func TestWhatFellDueSinceIsToldOnce(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Actions = []*v1.Action{
			{Verb: "send", Object: "the letter", Strength: v1.ActionStrength_ACTION_STRENGTH_ASKED, Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-27"}}},
			{Verb: "ring", Object: "us", Strength: v1.ActionStrength_ACTION_STRENGTH_ASKED, Due: &v1.Due{When: &v1.Due_Rule{Rule: "at once"}}},
		}
	})
	before, after := w.input(), w.input()
	before.AsOf, after.AsOf = "2021-10-26", "2021-10-28"
	want := []string{
		"FALLEN_DUE by kent/0: Fell due: by 27 October 2021: send the letter (Kent LMC, kent/0).",
		"FALLEN_DUE by : Fell due: by 12:00 on 28 October 2021: Call.",
		"FALLEN_DUE by : Fell due: by 28 October 2021: Plans due.",
	}
	if diff := cmp.Diff(want, told(t, before, after, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, to := range map[string]func(*v1.Advisory){"a group": forGroup, "partners": toPartners} {
		some := kent()
		some.says("kent", "kent", "2021-10-19", refuse)
		some.says("kent", "kent", "2021-10-20", refuse, to, func(a *v1.Advisory) {
			a.Actions = []*v1.Action{{Verb: "send", Object: "the letter", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-27"}}}}
		})
		one, other := some.input(), some.input()
		one.AsOf, other.AsOf = "2021-10-26", "2021-10-27"
		if diff := cmp.Diff([]string{"FALLEN_DUE by kent/1: Fell due: by 27 October 2021: send the letter (Kent LMC, kent/1)."}, told(t, one, other, "")); diff != "" {
			t.Errorf("of a letter to %s: (-want +got):\n%s", name, diff)
		}
	}
	before.AsOf = "2021-10-28"
	if again := told(t, before, after, ""); again != nil {
		t.Errorf("of the day itself: %q", again)
	}
	before.AsOf, before.Measure, after.Measure = "2021-10-26", "engage", "engage"
	if one := told(t, before, after, ""); len(one) != 1 {
		t.Errorf("of one measure: %q", one)
	}
}

func TestChangesAreWhatDiffFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := kent()
		w.committee("surrey", "Surrey LMC", lmc, "surrey")
		speak := func() {
			for range rapid.IntRange(0, 3).Draw(t, "letters") {
				who := rapid.SampledFrom([]string{"kent", "surrey", "gpc-england"}).Draw(t, "who")
				day := fmt.Sprintf("2021-10-%02d", rapid.IntRange(14, 30).Draw(t, "day"))
				stance := rapid.SampledFrom([]v1.Stance{refuse, caution, decides, support, informs}).Draw(t, "stance")
				where := rapid.SampledFrom([]string{"", "engage", "fund"}).Draw(t, "measure")
				w.says(who, who, day, stance, on(where))
			}
		}
		speak()
		before := w.input()
		speak()
		after := w.input()
		before.AsOf = "2021-10-2" + rapid.StringMatching("[0-8]").Draw(t, "from")
		changes, _, err := Changes(context.Background(), before, after, "")
		if err != nil {
			t.Fatal(err)
		}
		var lines int
		for _, c := range changes {
			if c.Kind == answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE {
				continue
			}
			lines++
			if (c.Entry == "") != c.ByRegister || (c.Direction != 0) != (c.Kind == answersv1.ChangeKind_CHANGE_KIND_MOVED) {
				t.Errorf("a change without its letter, or that moves no way: %v", c)
			}
		}
		if want := len(Diff(linesNow(before), linesNow(after))); lines != want {
			t.Errorf("%d changes, and %d lines differ", lines, want)
		}
	})
}

func TestChangesStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := october()
	if changes, _, err := Changes(ctx, w.input(), w.input(), ""); err == nil || changes != nil {
		t.Errorf("%v, %v", changes, err)
	}
}
