package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// told is each change as its kind, its letter, and its words.
func told(t testing.TB, before, after Input, nation string) []string {
	t.Helper()
	changes, _, err := Changes(context.Background(), before, after, func(c Committee) bool { return nation == "" || NationOf(c) == nation })
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range changes {
		all = append(all, strings.TrimPrefix(c.Kind.String(), "CHANGE_KIND_")+" by "+c.Entry+": "+c.Words)
	}
	return all
}

func everybody(Committee) bool { return true }

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
				"FALLEN_DUE by : Fell due: by 12:00 on 28 October 2021: Call (GPC England’s date, for primary care networks, Leave the PCN DES).", "FALLEN_DUE by : Fell due: by 28 October 2021: Plans due (NHS England’s date, for practices, Winter access fund).",
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
			[]string{"BESIDE by kent/1: Kent LMC on fund: still refuse (kent/0); said beside it: information only (kent/1, 21 October 2021)."},
		},
		"a letter that may have been issued is not the line": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", support, on("fund")) },
			func(w *world) { w.says("kent", "kent", "", refuse, on("fund"), between("2021-10-21", "2021-11-10")) },
			[]string{"BESIDE by kent/1: Kent LMC on fund: still support (kent/0); may already have been issued: refuse (kent/1, 21 October to 10 November 2021)."},
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
			[]string{"MOVED by kent/1: Kent LMC on the whole matter, for patients already started: was refuse (kent/0), now support (kent/1). It moved towards supporting."},
		},
		"a group's line ends": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-20", support, on("fund"), forGroup)
			},
			func(w *world) { w.withdraws("kent", "kent/1", "2021-10-22") },
			[]string{"MOVED by kent/2: Kent LMC on fund, for patients already started: was support (kent/1), now refuse (kent/0). It moved towards refusing."},
		},
		"a line for a group alone": {
			func(*world) {}, func(w *world) { w.says("kent", "kent", "2021-10-21", support, on("fund"), forGroup) },
			[]string{"NEW by kent/0: Kent LMC on fund, for patients already started: was nothing published here, now support (kent/0)."},
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
				"SAYS_OTHERWISE by kent/1: Kent LMC on fund, to GP partners: was refuse (kent/0), now refuse (kent/1).",
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
			[]string{"CONTRACT by kent/0: Kent LMC on disengage: still practice decides (kent/0). By what is said of the contract it was: “The contract does not require it.” It is: “It would be a breach of contract.” It came about on 30 October 2021."},
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
			[]string{"MOVED by kent/1: Kent LMC on fund: was refuse, until 29 October 2021 (kent/1), now caution (kent/0). It moved towards supporting. It came about on 30 October 2021."},
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
		"what stood before comes back": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-21", caution, on("engage"), replacing("kent/0"))
			},
			func(w *world) {
				w.withdraws("kent", "kent/1", "2021-10-22")
				w.in.Entries[len(w.in.Entries)-1].Withdrawal.Restores = []string{"kent/0"}
			},
			[]string{
				"ENDED by kent/2: Kent LMC on engage: was caution (kent/1), now no line: withdrawn (kent/2).",
				"NEW by kent/2: Kent LMC on fund: was no line: replaced (kent/1), now refuse (kent/0).",
			},
		},
		"its own word lifts what others reported": {
			func(w *world) { w.reports("gpc-england", "kent", "2021-10-20", refuse) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", caution, on("fund")) },
			[]string{
				"ENDED by kent/0: Kent LMC on the whole matter: was only reported by The paper: refuse (gpc-england/0), now no line: on measures only; reported earlier, not by itself, by The paper: refuse (gpc-england/0, 20 October 2021).",
				"NEW by kent/0: Kent LMC on fund: was only reported by The paper: refuse, by the line on the whole matter (gpc-england/0), now caution (kent/0); reported earlier, not by itself, by The paper: refuse (gpc-england/0, 20 October 2021).",
			},
		},
		"parts that leave no rest": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", decides, on("fund"), in("icb:A"))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), in("icb:B"))
			},
			[]string{
				"MOVED by kent/1: Kent LMC on fund in icb:A: was refuse (kent/0), now practice decides (kent/1). It moved towards supporting.",
				"MOVED by kent/2: Kent LMC on fund in icb:B: was refuse (kent/0), now support (kent/2). It moved towards supporting.",
			},
		},
		"partners in part of the area": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", caution, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund"), in("icb:A"), toPartners) },
			[]string{"MOVED by kent/1: Kent LMC on fund in icb:A, to GP partners: was caution (kent/0), now refuse (kent/1). It moved towards refusing."},
		},
		"a letter on one measure is not cited for another": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("engage"), until("2021-10-25"), func(a *v1.Advisory) {
					fund := proto.CloneOf(a.Positions[0])
					fund.Measure, fund.ValidUntil = "fund", ""
					a.Positions = append(a.Positions, fund)
				})
				w.in.AsOf = "2021-10-24"
			},
			func(w *world) {
				w.says("kent", "kent", "2021-10-27", caution, on("fund"), func(a *v1.Advisory) { a.Amends = []string{"kent/0"} })
				w.in.AsOf = "2021-10-27"
			},
			[]string{
				"ENDED by kent/0: Kent LMC on engage: was refuse, until 25 October 2021 (kent/0), now no line: expired. It came about on 26 October 2021.",
				"MOVED by kent/1: Kent LMC on fund: was refuse (kent/0), now caution (kent/1). It moved towards supporting.",
			},
		},
		"a matter that claims something else": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), func(a *v1.Advisory) {
					a.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL}}
				})
			},
			func(w *world) {
				w.in.Matter = proto.CloneOf(w.in.Matter)
				guidance.MeasureOf(w.in.Matter, "fund").ClaimedEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
			},
			[]string{"CONTRACT by : Kent LMC on fund: still refuse (kent/0). By what is said of the contract it was: “The contract does not require it.” It is: “What the contract says is not settled here: ask your LMC.” The matter was amended; no letter did that."},
		},
		"a national letter withdrawn later is what it had last said by then": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "2021-10-17", against, on("fund"))
				w.withdraws("gpc-england", "gpc-england/0", "2021-10-25")
				w.in.Entries[len(w.in.Entries)-1].Withdrawal.Effective = "2021-10-18"
			},
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). GPC England had last said: advise against (gpc-england/0, 17 October 2021)."},
		},
		"a national letter withdrawn on the very day": {
			func(w *world) {
				w.says("gpc-england", "gpc-england", "2021-10-17", against, on("fund"))
				w.withdraws("gpc-england", "gpc-england/0", "2021-10-21")
			},
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0). GPC England had last said: advise against (gpc-england/0, 17 October 2021). GPC England ended that (gpc-england/1); which of the two came first is not known."},
		},
		"said and withdrawn between the looks": {
			func(*world) {},
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.withdraws("kent", "kent/0", "2021-10-21")
			},
			[]string{"SAYS_OTHERWISE by kent/0: Kent LMC on fund: was nothing published here, now no line: withdrawn (kent/1)."},
		},
		"a merged committee ends what its predecessor said": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.committee("union", "Union LMC", lmc, "kent", "icb:A", "icb:B")
				w.in.Committees[2].Predecessors = []string{"kent"}
			},
			func(w *world) { w.withdraws("kent", "kent/0", "2021-10-22") },
			[]string{
				"ENDED by kent/1: Kent LMC on fund: was refuse (kent/0), now no line: withdrawn (kent/1).",
				"ENDED by kent/1: Union LMC on fund: was refuse (kent/0), now no line: withdrawn (kent/1).",
			},
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
			[]string{"MOVED by kent/1: Kent LMC on fund in icb:A: was refuse (kent/0), now practice decides (kent/1). It moved towards supporting."},
		},
		"a part moves back": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-20", decides, on("fund"), in("icb:A"))
			},
			func(w *world) { w.withdraws("kent", "kent/1", "2021-10-21") },
			[]string{"MOVED by kent/2: Kent LMC on fund in icb:A: was practice decides (kent/1), now refuse (kent/0). It moved towards refusing."},
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

// No letter, no day and nobody's line: what the register and the matter do is told as theirs, and
// is no move of anybody's.
func TestWhatTheRegisterAndTheMatterDoIsToldAsTheirs(t *testing.T) {
	moving := func() (w *world, on func(day string) Input) {
		w = newWorld()
		for _, area := range []string{"icb:A", "icb:B"} {
			w.area(area, 10, 100)
		}
		w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
		w.in.Committees[1].Areas[1].ValidFrom = "2021-10-20"
		w.says("kent", "kent", "2021-10-16", refuse)
		return w, func(day string) Input { in := w.input(); in.AsOf = day; return in }
	}
	w, on1 := moving()
	const covers = "AREAS by : Kent LMC covers icb:B since, by the register: what it says holds where it covers."
	if diff := cmp.Diff([]string{covers}, told(t, on1("2021-10-18"), on1("2021-10-25"), "")); diff != "" {
		t.Errorf("an area comes: (-want +got):\n%s", diff)
	}
	w.says("kent", "kent", "2021-10-17", support, in("icb:B"))
	if diff := cmp.Diff([]string{"NEW by : Kent LMC on the whole matter in icb:B: now support (kent/1). The register did that, not a letter.", covers}, told(t, on1("2021-10-18"), on1("2021-10-25"), "")); diff != "" {
		t.Errorf("an area it had spoken on comes: (-want +got):\n%s", diff)
	}
	w = kent()
	w.says("kent", "kent", "2021-10-16", refuse, on("fund"), func(a *v1.Advisory) { a.Positions[0].Audiences = a.Positions[0].Audiences[:1] })
	w.says("kent", "kent", "2021-10-17", caution)
	before, after := w.input(), w.input()
	after.Matter = proto.CloneOf(after.Matter)
	fund := guidance.MeasureOf(after.Matter, "fund")
	fund.AddressedTo = []v1.Audience{v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_PRACTICES}
	after.Matter.Measures = append(after.Matter.Measures, &v1.Measure{Id: "more", Title: "More", Proposer: fund.Proposer, AddressedTo: fund.AddressedTo})
	if got := told(t, before, after, ""); got != nil {
		t.Errorf("readers in another order, and a measure more: %q", got)
	}
}

func TestAGroupsNewLineIsToldAmongManyThatEnded(t *testing.T) {
	w := kent()
	of := func(id string) func(*v1.Advisory) {
		return func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: id, Words: "those of " + id} }
	}
	for i := range 3 * guidance.GroupLimit {
		w.withdraws("kent", w.says("kent", "kent", "2021-09-01", refuse, on("fund"), of(fmt.Sprint("group-", i))), "2021-09-02")
	}
	w.says("kent", "kent", "2021-10-02", support, on("fund"), of("anew"))
	before, after := w.input(), w.input()
	before.AsOf, after.AsOf = "2021-10-01", "2021-10-02"
	want := []string{"NEW by kent/192: Kent LMC on fund, for those of anew: was no line: said to others only, now support (kent/192)."}
	if diff := cmp.Diff(want, told(t, before, after, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheLetterIsFoundAmongManyThatCameAfterIt(t *testing.T) {
	w := kent()
	before := w.input()
	w.says("kent", "kent", "2021-10-02", refuse, on("fund"))
	for range 2 * lettersTried {
		w.says("kent", "kent", "2021-10-03", informs, on("engage"), forGroup)
	}
	onFund := slices.DeleteFunc(told(t, before, w.input(), ""), func(c string) bool { return !strings.Contains(c, "on fund:") })
	if diff := cmp.Diff([]string{"NEW by kent/0: Kent LMC on fund: was nothing published here, now refuse (kent/0)."}, onFund); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
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
	changes, notes, err := Changes(context.Background(), before, w.input(), everybody)
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

// A newsletter on another measure was said to have ended what GPC had said, on a day on which
// that gave way by itself.
func TestWhatTheDayBroughtAboutIsPutDownToNoLetter(t *testing.T) {
	w := kent()
	w.says("gpc-england", "gpc-england", "2021-10-10", against, on("fund"))
	w.says("gpc-england", "gpc-england", "2021-10-12", refuse, on("fund"), func(a *v1.Advisory) { a.ValidFrom = "2021-10-20" })
	before := w.input()
	before.AsOf = "2021-10-15"
	w.says("gpc-england", "gpc-england", "2021-10-20", informs, on("engage"))
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
	for _, s := range told(t, before, w.input(), "") {
		if strings.Contains(s, "ended that") {
			t.Error(s)
		}
	}
}

// A duty that came with an older-dated letter, and one that was withdrawn, were "nothing has changed".
func TestADutyThatComesOrGoesIsAChange(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	before := w.input()
	w.says("kent", "kent", "2021-10-19", refuse, func(a *v1.Advisory) {
		a.Actions = []*v1.Action{{Verb: "write", Object: "to the ICB", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-11-27"}}}}
	})
	asked := w.input()
	got := told(t, before, asked, "")
	if len(got) != 1 || !strings.Contains(got[0], "asks: write to the ICB, by 27 November 2021") {
		t.Errorf("a duty came: %q", got)
	}
	w.withdraws("kent", "kent/1", "2021-10-21")
	if got = told(t, asked, w.input(), ""); len(got) != 1 || !strings.Contains(got[0], "no longer asks: write to the ICB, by 27 November 2021") {
		t.Errorf("it was withdrawn: %q", got)
	}
	later := asked
	later.AsOf = "2021-12-01"
	for _, s := range told(t, asked, later, "") {
		if strings.Contains(s, "no longer") {
			t.Errorf("its day has passed: %s", s)
		}
	}
}

// "No longer asks" was said of a measure, of what the whole matter's line goes on asking.
func TestALineOnAMeasureTakesNoDutyOfTheWholeAway(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Actions = []*v1.Action{{Verb: "send", Object: "the letter", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-11-27"}}}}
	})
	before := w.input()
	w.says("kent", "kent", "2021-10-21", support, on("fund"))
	for _, s := range told(t, before, w.input(), "") {
		if strings.Contains(s, "asks") {
			t.Errorf("told: %s", s)
		}
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
		"FALLEN_DUE by : Fell due: by 12:00 on 28 October 2021: Call (GPC England’s date, for primary care networks, Leave the PCN DES).",
		"FALLEN_DUE by : Fell due: by 28 October 2021: Plans due (NHS England’s date, for practices, Winter access fund).",
	}
	if diff := cmp.Diff(want, told(t, before, after, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	fund := guidance.MeasureOf(after.Matter, "fund")
	deadlines := fund.Deadlines // what is commissioners' to do read as a practice's
	deadlines[0].AddressedTo = []v1.Audience{v1.Audience_AUDIENCE_COMMISSIONERS}
	if all := told(t, before, after, ""); !slices.ContainsFunc(all, func(s string) bool {
		return strings.HasSuffix(s, " (NHS England’s date, for commissioners, "+fund.Title+").")
	}) {
		t.Errorf("whose it is: %q", all)
	}
	deadlines[0].AddressedTo = nil
	whole, wholeBefore := after, before
	whole.Whole, wholeBefore.Whole = true, true
	if diff := cmp.Diff(want[:1], told(t, wholeBefore, whole, "")); diff != "" {
		t.Errorf("of the whole matter alone (-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct {
		to   func(*v1.Advisory)
		whom string
	}{"a group": {forGroup, "patients already started, "}, "partners": {toPartners, ""}} {
		some := kent()
		some.says("kent", "kent", "2021-10-19", refuse)
		some.says("kent", "kent", "2021-10-20", refuse, c.to, func(a *v1.Advisory) {
			a.Actions = []*v1.Action{{Verb: "send", Object: "the letter", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-27"}}}}
		})
		one, other := some.input(), some.input()
		one.AsOf, other.AsOf = "2021-10-26", "2021-10-27"
		if diff := cmp.Diff([]string{"FALLEN_DUE by kent/1: Fell due: by 27 October 2021: send the letter (" + c.whom + "Kent LMC, kent/1)."}, told(t, one, other, "")); diff != "" {
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

func TestChangesStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := october()
	if changes, _, err := Changes(ctx, w.input(), w.input(), everybody); err == nil || changes != nil {
		t.Errorf("%v, %v", changes, err)
	}
}

// A deadline whose event got a day that had passed already was told to nobody.
func TestADeadlineThatBecameKnownAfterItsDayIsTold(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	before, after := w.input(), w.input()
	before.AsOf, after.AsOf = "2021-10-28", "2021-10-28"
	due := func(m *v1.Matter, day string) {
		guidance.MeasureOf(m, "engage").Deadlines = []*v1.Deadline{{Title: "Agreement signed", Due: &v1.Due{When: &v1.Due_FromEvent{FromEvent: &v1.DueFromEvent{
			Event: "launch", Words: "the launch", EventDay: day, Count: 10, Unit: v1.DueUnit_DUE_UNIT_DAYS,
		}}}}}
	}
	before.Matter, after.Matter = proto.CloneOf(before.Matter), proto.CloneOf(after.Matter)
	due(before.Matter, "")
	due(after.Matter, "2021-10-16")
	if all := told(t, before, after, ""); !slices.ContainsFunc(all, func(s string) bool {
		return strings.Contains(s, "by 26 October 2021, worked out here: Agreement signed")
	}) {
		t.Errorf("told %q", all)
	}
	if all := told(t, after, after, ""); slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "Agreement signed") }) {
		t.Errorf("told again: %q", all)
	}
}

// A letter of which only a range of days is known was told as a line that came about on the later
// day from which its demand was a breach: after what GPC said meanwhile, which nobody knows.
func TestWhatTheContractComesToLaterDoesNotDateTheLine(t *testing.T) {
	w := kent()
	w.says("gpc-england", "gpc-england", "2021-10-20", caution, on("fund"))
	w.says("kent", "kent", "2021-10-14", refuse, on("fund"), between("2021-10-14", "2021-10-31"), func(a *v1.Advisory) {
		a.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-11-01"}}
	})
	before := w.input()
	w.in.AsOf = "2021-11-05"
	for _, since := range []string{"2021-10-13", "2021-10-14", "2021-10-25"} {
		before.AsOf = since
		want := ", now refuse (kent/0). GPC England also said: caution (gpc-england/0, 20 October 2021); which of the two came first is not known."
		if all := told(t, before, w.input(), ""); !slices.ContainsFunc(all, func(s string) bool {
			return strings.HasPrefix(s, "NEW by kent/0: ") && strings.HasSuffix(s, want)
		}) {
			t.Errorf("since %s: %q", since, all)
		}
	}
}

// “£20” became “£5”, and whoever looked again was told that it was said otherwise, and not how.
func TestWhatIsSaidOtherwiseIsTold(t *testing.T) {
	onlyIf := func(text string) func(*v1.Advisory) {
		return func(a *v1.Advisory) {
			a.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: text}}
		}
	}
	reads := func(e v1.ContractEffect) func(*v1.Advisory) {
		return func(a *v1.Advisory) { a.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: e}} }
	}
	for name, c := range map[string]struct {
		first, then func(*v1.Advisory)
		want        string
	}{
		"other conditions":   {onlyIf("it pays £5"), onlyIf("it pays £20"), "on conditions: before “To be taken up only if: it pays £5”, now “To be taken up only if: it pays £20”"},
		"a condition":        {from("2021-10-20"), onlyIf("it pays £20"), "on conditions: before nothing, now “To be taken up only if: it pays £20”"},
		"another last day":   {until("2021-11-20"), until("2021-12-31"), "its last day: before 20 November 2021, now 31 December 2021"},
		"of the contract":    {reads(v1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY), reads(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL), "of the contract it says: before “"},
		"nothing but a date": {until("2021-12-31"), until("2021-12-31"), ""},
	} {
		w := kent()
		w.says("kent", "kent", "2021-10-20", decides, on("fund"), c.first)
		before := w.input()
		w.says("kent", "kent", "2021-10-21", decides, on("fund"), c.then)
		all := strings.Join(told(t, before, w.input(), ""), "\n")
		if c.want != "" && !strings.Contains(all, c.want) || c.want == "" && strings.Contains(all, ": before ") {
			t.Errorf("%s: %s", name, all)
		}
	}
}

// That the contract now requires it was told where the stance is the same alone, and not on pages where the line moved too.
func TestWhatIsSaidOfTheContractIsToldWhereTheStanceMovedToo(t *testing.T) {
	reads := func(e v1.ContractEffect) func(*v1.Advisory) {
		return func(a *v1.Advisory) { a.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: e}} }
	}
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"), reads(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL))
	before := w.input()
	w.says("kent", "kent", "2021-10-21", caution, on("fund"), reads(v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL))
	if all := strings.Join(told(t, before, w.input(), ""), "\n"); !strings.Contains(all, "of the contract it says: before “not in the contract”, now “contractual”") {
		t.Error(all)
	}
}

// What is asked of some, or stands beside a line for some, was told as if it were of all.
func TestWhatChangedBesideALineSaysOfWhom(t *testing.T) {
	asks := func(act *v1.Action) func(*v1.Advisory) {
		return func(a *v1.Advisory) {
			act.Verb, act.Due = "send", &v1.Due{When: &v1.Due_Day{Day: "2021-12-01"}}
			a.Actions = append(a.Actions, act)
		}
	}
	for name, c := range map[string]struct {
		then func(w *world)
		want string
	}{
		"asked of partners": {func(w *world) {
			w.says("kent", "kent", "2021-10-21", refuse, on("fund"), asks(&v1.Action{Actors: []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS}}))
		}, "asks: send, by 1 December 2021 (GP partners)"},
		"asked of a group": {func(w *world) {
			w.says("kent", "kent", "2021-10-21", informs, on("fund"), forGroup, asks(&v1.Action{Scope: "started"}))
		}, "asks: send, by 1 December 2021 (for patients already started)"},
		"mentioned to a group": {
			func(w *world) { w.says("kent", "kent", "2021-10-21", informs, on("fund"), forGroup) },
			"said beside it for patients already started: information only (kent/1",
		},
	} {
		w := newWorld()
		w.area("icb:QKM", 10, 100)
		w.area("icb:QKS", 10, 100)
		w.committee("kent", "Kent LMC", lmc, "kent", "icb:QKM", "icb:QKS")
		w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
		before := w.input()
		c.then(w)
		if got := strings.Join(told(t, before, w.input(), ""), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:QKM")
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"), forGroup, func(a *v1.Advisory) {
		a.Actions = []*v1.Action{{Verb: "send", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-27"}}}}
	})
	before := w.input()
	before.AsOf = "2021-10-26"
	if got, want := strings.Join(told(t, before, w.input(), ""), "\n"), "Fell due: by 27 October 2021: send (patients already started, Kent LMC, kent/0)."; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

// What an area's group was asked before a merger was told by the ids of both: no line after it was theirs.
func TestWhatIsAskedOfAGroupOverAMergerNamesTheGroupAndTheArea(t *testing.T) {
	w := unioned()
	w.says("east", "east", "2021-10-21", support, forGroup, func(a *v1.Advisory) {
		a.Actions = []*v1.Action{{Verb: "sign", Object: "it", Matter: w.in.Matter.GetName()}}
	})
	w.says("east", "union", "2021-10-26", refuse)
	union, before := w.in.Committees[1], w.input()
	before.AsOf, before.Committees = "2021-10-23", []Committee{w.in.Committees[0], {Committee: &v1.Committee{Id: "east", Name: "East LMC", Kind: lmc, Areas: []*v1.AreaTenure{{Area: areaID("icb:P")}}}, Office: "east"}}
	changes, _, err := Changes(context.Background(), before, w.input(), everybody)
	var got []string
	for _, c := range changes {
		if c.GetCommittee() == union.GetId() && c.GetMeasure() == "" {
			got = append(got, c.GetWords())
		}
	}
	for _, want := range []string{"; asks: sign it (in icb:P (icb:P), for patients already started).", "Union LMC on the whole matter, for patients already started: was support (east/2), now refuse (east/3)"} {
		if err != nil || !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("want %q in %q (%v)", want, got, err)
		}
	}
}

// asking is what a letter asks besides.
func asking(acts ...*v1.Action) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Actions = append(a.Actions, acts...) }
}

// waitingFor makes the first line of a letter wait.
func waitingFor(what string) func(*v1.Advisory) {
	return func(a *v1.Advisory) {
		a.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: what}}
	}
}

func amending(id string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Amends = []string{id} }
}

func withKent() *world {
	w := newWorld()
	w.area("icb:QKM", 10, 100)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:QKM")
	return w
}

// What is asked with a line that does not hold yet, on a condition, or not of some, read as asked of all now.
func TestWhatIsAskedSaysWithWhatItStandsAndOfWhomItIsNotAsked(t *testing.T) {
	send := func() *v1.Action { return &v1.Action{Verb: "send", Object: "the reply"} }
	toManagers := func(a *v1.Advisory) { a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PRACTICE_MANAGERS} }
	onCondition := send()
	onCondition.Condition = "if the ICB asks"
	for name, c := range map[string]struct {
		first, then  func(w *world)
		want, unwant string
	}{
		"with a line ahead": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), from("2021-12-10"), asking(send()))
			},
			"; asks: send the reply (with its line from 10 December 2021 on).", "no longer asks",
		},
		"with a line that waits": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), waitingFor("the ICB has signed"), asking(send()))
			},
			"; asks: send the reply (with a line that waits: the ICB has signed).", "no longer asks",
		},
		"on a condition": {
			func(*world) {}, func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund"), asking(onCondition)) },
			"; asks: send the reply, if the ICB asks.", "no longer asks",
		},
		"not of managers": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(send()))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), toManagers)
			},
			"now refuse (kent/0); asks: send the reply (not practice managers).", "no longer asks",
		},
		"not of managers, who are told what others are too": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(send()))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), func(a *v1.Advisory) {
					a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PRACTICE_MANAGERS, v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS}
				})
			},
			"now refuse (kent/0); asks: send the reply (not salaried and locum GPs, not practice managers).", "no longer asks",
		},
		"of partners and managers, of whom these are told what others are too": {
			func(*world) {}, func(w *world) {
				toBoth := send()
				toBoth.Actors = []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS}
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(toBoth))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), func(a *v1.Advisory) {
					a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PRACTICE_MANAGERS, v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS}
				})
			},
			"now refuse (kent/0); asks: send the reply (GP partners).", "managers)",
		},
		"not of managers any more": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(send())) },
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), toManagers)
			},
			"Kent LMC on fund, to practice managers: was refuse (kent/0), now support (kent/1); no longer asks: send the reply.", "asks: send the reply (not",
		},
		"not of a group": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(send()))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), forGroup)
			},
			"Kent LMC on fund: was nothing published here, now refuse (kent/0); asks: send the reply (not patients already started).", "",
		},
		"not of the partners of a group": { // was: not of partners
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(send()))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), forGroup, toPartners)
			},
			"Kent LMC on fund: was nothing published here, now refuse (kent/0); asks: send the reply (not GP partners for patients already started).", "(not GP partners)",
		},
		"of partners and managers, but for partners": {
			func(*world) {}, func(w *world) {
				toBoth := send()
				toBoth.Actors = []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS}
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), asking(toBoth))
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"), toPartners)
			},
			"Kent LMC on fund: was nothing published here, now refuse (kent/0); asks: send the reply (practice managers).", "not GP partners",
		},
		"of all, ahead, whatever else some are told": { // was: not of those
			func(w *world) { w.says("kent", "kent", "2021-10-20", against, on("fund"), toPartners) },
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), from("2021-12-10"), asking(send()))
			},
			"; asks: send the reply (with its line from 10 December 2021 on).", "(not GP partners",
		},
		"ahead, and now": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), from("2021-10-27"), asking(send()))
				w.in.AsOf = "2021-10-26"
			},
			func(w *world) { w.in.AsOf = "2021-10-27" },
			"; asks: send the reply.", "no longer asks",
		},
		"of all, told a group": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund"), forGroup) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund"), asking(send())) },
			"for patients already started: still refuse (kent/0); asks: send the reply.", "(for )",
		},
	} {
		w := withKent()
		c.first(w)
		before := w.input()
		c.then(w)
		got := strings.Join(told(t, before, w.input(), ""), "\n")
		if !strings.Contains(got, c.want) || c.unwant != "" && strings.Contains(got, c.unwant) {
			t.Errorf("%s: no %q, or %q, in\n%s", name, c.want, c.unwant, got)
		}
	}
}

// What a letter insists on, and what it leaves open to its readers, read as asked like any other: "asks: …".
func TestWhatIsAskedIsToldAsStronglyAsItIs(t *testing.T) {
	const must, may = v1.ActionStrength_ACTION_STRENGTH_MUST, v1.ActionStrength_ACTION_STRENGTH_MAY
	send := func(strength v1.ActionStrength) func(*v1.Advisory) {
		return asking(&v1.Action{Verb: "send", Object: "the reply", Strength: strength})
	}
	for name, c := range map[string]struct {
		first, then func(*v1.Advisory)
		want        string
	}{
		"left open":                      {nil, send(may), "now refuse (kent/0); leaves open to you: send the reply."},
		"insisted on":                    {nil, send(must), "now refuse (kent/0); insists: send the reply."},
		"of a strength not known here":   {nil, send(99), "now refuse (kent/0); asks, how strongly is not known here: send the reply."},
		"left open, and now insisted on": {send(may), send(must), "; insists: send the reply; no longer leaves open to you: send the reply."},
	} {
		w := withKent()
		if c.first != nil {
			w.says("kent", "kent", "2021-10-20", refuse, on("fund"), c.first)
			c.then = func(then func(*v1.Advisory)) func(*v1.Advisory) {
				return func(a *v1.Advisory) { amending("kent/0")(a); then(a) }
			}(c.then)
		}
		before := w.input()
		w.says("kent", "kent", "2021-10-21", refuse, on("fund"), c.then)
		if got := strings.Join(told(t, before, w.input(), ""), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
	w := withKent() // a group on which it insists already is asked it no less
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"), forGroup, send(must))
	before := w.input()
	w.says("kent", "kent", "2021-10-21", refuse, on("fund"), send(0))
	if got := strings.Join(told(t, before, w.input(), ""), "\n"); !strings.Contains(got, "now refuse (kent/1); asks: send the reply.") {
		t.Error(got)
	}
}

// Where only what is asked changed, a letter that was here before was cited for it, or the register.
func TestWhatIsAskedNoMoreIsPutDownToTheLetterThatEndedIt(t *testing.T) {
	send := &v1.Action{Verb: "send", Object: "the reply", Measure: "engage"}
	for name, c := range map[string]struct {
		then func(w *world)
		want string
	}{
		"amended":   {func(w *world) { w.says("kent", "kent", "2021-10-22", support, on("engage"), amending("kent/0")) }, "BESIDE by kent/1: Kent LMC on the whole matter: still refuse (kent/0); no longer asks: send the reply."},
		"withdrawn": {func(w *world) { w.withdraws("kent", "kent/0", "2021-10-22") }, "BESIDE by kent/2"},
		"after a handover": {func(w *world) {
			w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "town", ValidFrom: "2021-10-22"}}})
			w.says("town", "kent", "2021-10-23", support, on("engage"), amending("kent/0"))
		}, "BESIDE by town/0: Kent LMC on the whole matter: still refuse (kent/0); no longer asks: send the reply."},
	} {
		w := withKent()
		w.says("kent", "kent", "2021-10-20", refuse, asking(send))
		if name == "withdrawn" {
			w.says("kent", "kent", "2021-10-21", refuse)
		}
		before := w.input()
		before.AsOf = "2021-10-21"
		c.then(w)
		if got := strings.Join(told(t, before, w.input(), ""), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
}
