package picture

import (
	"context"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What networks are asked was told to be asked no more where a later letter to practices took another line for these alone.
func TestWhatNetworksAreAskedStillIsNotToldToBeAskedNoMoreForALetterToPractices(t *testing.T) {
	const practices, pcns, directors = v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS
	for name, c := range map[string]struct {
		of, to []v1.Audience // of whom it is asked, and to whom the later letter is
		want   bool
	}{
		"of networks, to practices":             {[]v1.Audience{pcns}, []v1.Audience{practices}, false},
		"of directors, to practices":            {[]v1.Audience{directors}, []v1.Audience{practices}, false},
		"of networks, to both":                  {[]v1.Audience{pcns}, []v1.Audience{practices, pcns}, true},
		"of practices and networks, to the one": {[]v1.Audience{practices, pcns}, []v1.Audience{practices}, true},
	} {
		w := withKent()
		w.says("kent", "kent", "2021-10-20", refuse, on("engage"), thatAsks(&v1.Action{Verb: "tell", Object: "the ICB", Matter: plan, Actors: c.of}))
		before := w.input()
		before.AsOf = "2021-10-22"
		w.says("kent", "kent", "2021-10-25", support, on("engage"), toReaders(c.to...))
		changes, _, err := Changes(context.Background(), before, w.input(), everybody)
		if err != nil || len(changes) == 0 {
			t.Fatal(err, changes)
		}
		told := false
		for _, one := range changes {
			told = told || strings.Contains(one.GetWords(), "no longer asks: tell the ICB")
		}
		if told != c.want {
			t.Errorf("%s: %v", name, changes)
		}
	}
}

// A text to send was corrected, and whoever asked what had changed was told that nothing had: so was whoever asked after
// the correction was withdrawn, and the old text was to be sent again.
func TestAnotherTextToSendIsAChange(t *testing.T) {
	send := func(text string, more ...func(*v1.Action)) *v1.Action {
		action := &v1.Action{
			Verb: "send", Object: "the reply", Matter: plan, Measure: "fund", Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
			Template: text, Due: &v1.Due{When: &v1.Due_Day{Day: "2021-11-10"}},
		}
		for _, change := range more {
			change(action)
		}
		return action
	}
	without := func(a *v1.Advisory) { a.Positions = nil }
	later := func(a *v1.Action) { a.Due = &v1.Due{When: &v1.Due_Day{Day: "2021-11-11"}} }
	for name, c := range map[string]struct {
		first *v1.Action
		then  func(w *world)
		want  string // empty: nothing is told
	}{
		"by a request alone": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, without, amending("kent/0"), thatAsks(send("We decline at £21.")))
		}, "BESIDE by kent/1: Kent LMC on fund: still refuse (kent/0); asks: send the reply, by 10 November 2021, with another text now (kent/1)."},
		"with a line": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, on("fund"), amending("kent/0"), thatAsks(send("We decline at £21.")))
		}, "asks: send the reply, by 10 November 2021, with another text now (kent/1)."},
		"and the day": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, without, amending("kent/0"), thatAsks(send("We decline at £21.", later)))
		}, "asks: send the reply, by 11 November 2021, with another text now (kent/1); no longer asks: send the reply, by 10 November 2021."},
		"where there was none": {send(""), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, without, amending("kent/0"), thatAsks(send("We decline at £21.")))
		}, "asks: send the reply, by 10 November 2021, with a text now (kent/1)."},
		"and none now": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, without, amending("kent/0"), thatAsks(send("")))
		}, "asks: send the reply, by 10 November 2021, without its text now (kent/1)."},
		"the same text": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-25", refuse, without, amending("kent/0"), thatAsks(send("We decline at £12.\n")))
		}, ""},
		"the old one again": {send("We decline at £12."), func(w *world) {
			w.says("kent", "kent", "2021-10-22", refuse, without, amending("kent/0"), thatAsks(send("We decline at £21.")))
			w.withdraws("kent", "kent/1", "2021-10-25")
		}, "BESIDE by kent/2: Kent LMC on fund: still refuse (kent/0); asks: send the reply, by 10 November 2021, with another text now (kent/0)."},
	} {
		w := withKent()
		w.says("kent", "kent", "2021-10-20", refuse, on("fund"), thatAsks(c.first))
		before := w.input()
		if c.then(w); len(w.in.Entries) > 2 {
			before.Entries = w.input().Entries[:2]
		}
		before.AsOf = "2021-10-24"
		got := strings.Join(told(t, before, w.input(), ""), "\n")
		if !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "asks") {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
		changes, _, err := Changes(context.Background(), before, w.input(), everybody)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range changes { // pages are made of the two lines
			beside := strings.Join(BesideWords(one.GetBefore(), one.GetAfter()), "; ")
			if one.GetAfter() != nil && one.GetKind() != answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE && (beside == "" || !strings.Contains(one.GetWords(), beside)) {
				t.Errorf("%s: %q is not in %q", name, beside, one.GetWords())
			}
		}
	}
}

// Once the day had come from which on something was asked no more, or sooner, that was told as “no longer so”; and so was what is
// asked on, for what was to end it was withdrawn, which read as its end.
func TestThatARequestEndsIsDeniedOnlyWhereItIsAskedOn(t *testing.T) {
	send := func(day string) *v1.Action {
		return &v1.Action{
			Verb: "send", Object: "the reply", Matter: plan, Measure: "fund", Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
			Due: &v1.Due{When: &v1.Due_Day{Day: day}},
		}
	}
	const managers = v1.Audience_AUDIENCE_PRACTICE_MANAGERS
	tell := func(whom string) *v1.Action {
		return &v1.Action{Verb: "tell", Object: whom, Matter: plan, Measure: "fund", Due: by("2021-11-09")}
	}
	corrects := func(w *world, from, by string) {
		w.says("kent", "kent", "2021-10-22", refuse, func(a *v1.Advisory) { a.Positions = nil }, amending("kent/0"), validFrom(from), thatAsks(send(by)))
	}
	asksOn := "is asked on after all: send the reply, by 10 November 2021 (kent/0)"
	for name, c := range map[string]struct {
		first, then func(w *world)
		day, want   string
	}{
		"the day has come": {
			func(w *world) { corrects(w, "2021-11-01", "2021-11-05") }, func(*world) {}, "2021-11-02",
			"still refuse (kent/0); asks: send the reply, by 5 November 2021; no longer asks: send the reply, by 10 November 2021.",
		},
		"it has not":           {func(w *world) { corrects(w, "2021-11-01", "2021-11-05") }, func(*world) {}, "2021-10-31", ""},
		"withdrawn before it":  {func(w *world) { corrects(w, "2021-11-01", "2021-11-05") }, func(w *world) { w.withdraws("kent", "kent/1", "2021-10-25") }, "2021-10-28", "still refuse (kent/0); " + asksOn + "."},
		"and looked at behind": {func(w *world) { corrects(w, "2021-11-01", "2021-11-05") }, func(w *world) { w.withdraws("kent", "kent/1", "2021-10-25") }, "2021-11-02", "still refuse (kent/0); " + asksOn + "."},
		"of another, which ends it": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", support, on("fund"), from("2021-11-01"))
			}, func(w *world) { w.withdraws("kent", "kent/1", "2021-10-25") }, "2021-10-28", asksOn,
		},
		"to end on another day": {
			func(w *world) { corrects(w, "2021-11-01", "2021-11-05") }, func(w *world) {
				w.withdraws("kent", "kent/1", "2021-10-25")
				corrects(w, "2021-11-03", "2021-11-04")
			}, "2021-10-28", "; kent/0 asks “send the reply, by 10 November 2021” no more from 3 November 2021 on, but by 4 November 2021 (kent/3).",
		},
		"stopped for a while": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-25", caution, on("fund"), amending("kent/0"), until("2021-11-05"))
			}, "2021-10-28",
			"was refuse (kent/0), now caution, until 5 November 2021 (kent/1); from 6 November 2021 on refuse (kent/0); asks: send the reply, by 10 November 2021 (again from 6 November 2021 on).",
		},
		"stopped for a while, and over": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), amending("kent/0"), until("2021-11-05"))
			}, func(*world) {}, "2021-11-07",
			"was caution, until 5 November 2021 (kent/1), now refuse (kent/0); asks: send the reply, by 10 November 2021.",
		},
		"stopped for a while, and ended then": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), amending("kent/0"), until("2021-11-05"))
			},
			func(w *world) {
				w.says("kent", "kent", "2021-10-26", caution, on("fund"), func(a *v1.Advisory) { a.Amends = []string{"kent/0", "kent/1"} })
			}, "2021-10-28",
			"no longer asks: send the reply, by 10 November 2021 (again from 6 November 2021 on).",
		},
		"stopped for a while, which is withdrawn": { // that does not undo what it stops
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", support, on("fund"), amending("kent/0"))
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), amending("kent/1"), until("2021-11-05"))
			},
			func(w *world) { w.withdraws("kent", "kent/2", "2021-10-26") }, "2021-10-28",
			"was caution, until 5 November 2021 (kent/2), now no line: withdrawn (kent/3); from 6 November 2021 on support (kent/1).",
		},
		"and looked at before anything was issued": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-25", caution, on("fund"), amending("kent/0"), until("2021-11-05"))
			}, func(*world) {}, "2021-10-28",
			"was refuse (kent/0), now caution, until 5 November 2021 (kent/1); from 6 November 2021 on refuse (kent/0); asks: send the reply, by 10 November 2021 (again from 6 November 2021 on).",
		},
		"of managers, and stopped for partners alone": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), func(a *v1.Advisory) {
					act := tell("the ICB")
					act.Actors = []v1.Audience{managers}
					a.Actions = []*v1.Action{act}
				})
			}, func(w *world) {
				w.says("kent", "kent", "2021-10-25", caution, on("fund"), toReaders(v1.Audience_AUDIENCE_GP_PARTNERS), until("2021-11-05"), func(a *v1.Advisory) { a.Amends = []string{"kent/0", "kent/1"} })
			}, "2021-10-28", "to GP partners: ",
		},
		"to be stopped for a while": {
			func(*world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-25", caution, on("fund"), amending("kent/0"), from("2021-11-01"), until("2021-11-05"))
			}, "2021-10-28",
			"ends on 1 November 2021, by kent/1, and counts again from 6 November 2021 on; not in force yet, from 1 November 2021: caution, until 5 November 2021 (kent/1, 25 October 2021); kent/0 asks “send the reply, by 10 November 2021” no more from 1 November 2021 on, by kent/1, and again from 6 November 2021 on.",
		},
		"to be stopped for a while, and over": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), amending("kent/0"), from("2021-11-01"), until("2021-11-05"))
			}, func(*world) {}, "2021-11-07",
			"no longer ahead: caution, until 5 November 2021 from 1 November 2021 (kent/1, 22 October 2021)",
		},
		"of a group": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", support, on("fund"), forGroup, from("2021-11-01"))
			}, func(w *world) { w.withdraws("kent", "kent/1", "2021-10-25") }, "2021-10-28",
			"is asked on after all of patients already started: send the reply, by 10 November 2021 (kent/0)",
		},
		"of a group, as was said": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", support, on("fund"), forGroup, from("2021-11-01"))
			}, func(*world) {}, "2021-11-02", "for patients already started: was refuse (kent/0), now support (kent/1); no longer asks: send the reply, by 10 November 2021.",
		},
		"of managers, as was said": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", refuse, on("fund"), toReaders(managers), amending("kent/0"), from("2021-11-01"), thatAsks(tell("the ICB")))
			}, func(*world) {}, "2021-11-02", "to practice managers: was refuse (kent/0), now refuse (kent/1); asks: tell the ICB, by 9 November 2021; no longer asks: send the reply, by 10 November 2021 (practices).",
		},
		"of managers, withdrawn before it": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-22", support, on("fund"), toReaders(managers), from("2021-11-01"))
			}, func(w *world) { w.withdraws("kent", "kent/1", "2021-10-25") }, "2021-10-28",
			"is asked on after all of practice managers: send the reply, by 10 November 2021 (kent/0)",
		},
	} {
		w := withKent()
		w.says("kent", "kent", "2021-10-20", refuse, on("fund"), thatAsks(send("2021-11-10")))
		c.first(w)
		before := w.input()
		before.AsOf = "2021-10-24"
		c.then(w)
		after := w.input()
		after.AsOf = c.day
		got := strings.Join(told(t, before, after, ""), "\n")
		denied := strings.Contains(got, "no longer so") || strings.Contains(got, "tell the ICB, by 9 November 2021 (practice managers") || strings.Contains(got, "after all") && !strings.Contains(c.want, "after all")
		if !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "send") || denied {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
}
