package picture

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What advice for a while stops, and is due after that is over, was due in no list until that day, and not of whom it had stopped it for.
func TestWhatComesBackAfterAdviceForAWhileIsDueFromThenOn(t *testing.T) {
	const partners = v1.Audience_AUDIENCE_GP_PARTNERS
	form := thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Measure: "fund", Due: by("2021-12-13")})
	until := func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-08" }
	practices := toReaders(v1.Audience_AUDIENCE_PRACTICES)
	for name, c := range map[string]struct {
		says func(w *world)
		want []string
	}{
		"of all": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, until, amending(letter))
			},
			[]string{"send it, by 13 December 2021, again from 9 December 2021 on (of whom is not said; by Kent LMC, kent/0)"},
		},
		"of all, and it names nothing": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", v1.Stance_STANCE_SUPPORT, on("fund"), practices, until)
			},
			[]string{"send it, by 13 December 2021, again from 9 December 2021 on (of whom is not said; by Kent LMC, kent/0)"},
		},
		"of partners": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), until, amending(letter))
			},
			[]string{
				"send it, by 13 December 2021 (of practices, but GP partners again from 9 December 2021 on; by Kent LMC, kent/0)",
				"send it, by 13 December 2021, again from 9 December 2021 on (of GP partners; by Kent LMC, kent/0)",
			},
		},
		"in part of the area": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, in("icb:A"), until, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, but in icb:A (icb:A) again from 9 December 2021 on; by Kent LMC, kent/0)"},
		},
		"of partners in part of the area": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), in("icb:A"), until, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, but GP partners in icb:A (icb:A) again from 9 December 2021 on; by Kent LMC, kent/0)"},
		},
		"of partners, and not of managers whom it asks by name": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Measure: "fund", Due: by("2021-12-13"), Actors: []v1.Audience{v1.Audience_AUDIENCE_PRACTICE_MANAGERS}}))
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), until, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practice managers; by Kent LMC, kent/0)"},
		},
		"twice, with days between": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-03" }, amending(letter))
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), practices, until, func(a *v1.Advisory) { a.ValidFrom = "2021-12-06" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021, again from 4 December 2021 until 5 December 2021, or again from 9 December 2021 on (of whom is not said; by Kent LMC, kent/0)"},
		},
		"in part of the area until another day": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-04" }, amending(letter))
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), practices, in("icb:A"), until, func(a *v1.Advisory) { a.Amends = []string{letter, "kent/1"} })
			},
			[]string{"send it, by 13 December 2021, again from 5 December 2021 on (of practices, but in icb:A (icb:A) again from 9 December 2021 on; by Kent LMC, kent/0)"},
		},
		"one after the other": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				second := w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-10" }, amending(letter))
				w.says("kent", "kent", "2021-10-22", caution, on("fund"), practices, until, amending(second))
			},
			[]string{"send it, by 13 December 2021, again from 11 December 2021 on (of whom is not said; by Kent LMC, kent/0)"},
		},
		"while what stopped it has ended itself": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				second := w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, until, amending(letter))
				w.says("kent", "kent", "2021-10-22", refuse, on("fund"), practices, amending(second))
			},
			[]string{"send it, by 13 December 2021, again from 9 December 2021 on (of whom is not said; by Kent LMC, kent/0)"},
		},
		"of what is asked until it stops that": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, until, func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, not from 5 December 2021 to 8 December 2021; by Kent LMC, kent/0)"},
		},
		"of what partners are asked until it stops that": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), until, func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, not from 5 December 2021 to 8 December 2021 for GP partners; by Kent LMC, kent/0)"},
		},
		"of what is asked there until it stops that": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, in("icb:A"), until, func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, not from 5 December 2021 to 8 December 2021 in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"of what ends there for good": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, in("icb:A"), func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, ends on 5 December 2021 in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"of what ends for partners there, for good": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), in("icb:A"), func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, ends on 5 December 2021 for GP partners in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"of what partners are asked there until it stops that": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), in("icb:A"), until, func(a *v1.Advisory) { a.ValidFrom = "2021-12-05" }, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, not from 5 December 2021 to 8 December 2021 for GP partners in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"but for whom another line asks it meanwhile": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", support, on("fund"), practices, thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Due: by("2021-12-13")}), func(a *v1.Advisory) {
					a.Positions = append(a.Positions, proto.CloneOf(a.Positions[0]))
					a.Positions[1].Measure = "engage"
				})
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), practices, in("icb:A"), until, amending(letter))
				w.says("kent", "kent", "2021-10-22", refuse, on("fund"), toReaders(partners), until, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of whom is not said; by Kent LMC, kent/0)"},
		},
		"not before it is due": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, form)
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), practices, func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-13" }, amending(letter))
			},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dueOfKent(t, c.says, c.want)
		})
	}
}

// On the first day after holiday advice the list of changes said that a must is insisted on no longer, "again from 9 December 2021 on".
func TestWhatComesBackIsNotAskedNoMoreOnTheDayItDoes(t *testing.T) {
	must := thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Strength: v1.ActionStrength_ACTION_STRENGTH_MUST, Due: by("2021-12-13")})
	for _, reader := range []v1.Audience{v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PRACTICE_MANAGERS} {
		w := kent()
		letter := w.says("kent", "kent", "2021-10-20", support, toReaders(reader), must)
		w.says("kent", "kent", "2021-10-21", refuse, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES), func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-08" }, amending(letter))
		before, after := w.input(), w.input()
		before.AsOf, after.AsOf = "2021-12-08", "2021-12-09"
		if got := strings.Join(words(t, before, after), "\n"); !strings.Contains(got, "now support, by the line on the whole matter (kent/0)") || strings.Contains(got, "no longer insists") {
			t.Errorf("%v: %s", reader, got)
		}
	}
}

// A must that a newsletter repeats on one measure was "insisted on no longer", twice, once the letter that first asked it was withdrawn.
func TestWhatAnotherLetterAsksOnAMeasureIsNotSaidToBeAskedNoMore(t *testing.T) {
	must := thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Strength: v1.ActionStrength_ACTION_STRENGTH_MUST, Due: by("2021-12-13")})
	for name, c := range map[string]struct {
		then func(*v1.Advisory)
		told bool
	}{"the same": {must, false}, "by another day": {thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Strength: v1.ActionStrength_ACTION_STRENGTH_MUST, Due: by("2021-12-20")}), true}} {
		w := kent()
		letter := w.says("kent", "kent", "2021-10-20", refuse, must)
		w.says("kent", "kent", "2021-10-21", refuse, on("fund"), c.then)
		w.withdraws("kent", letter, "2021-12-09")
		before, after := w.input(), w.input()
		before.AsOf, after.AsOf = "2021-12-08", "2021-12-09"
		if got := strings.Join(words(t, before, after), "\n"); !strings.Contains(got, "no line") || strings.Contains(got, "no longer insists") != c.told {
			t.Errorf("%s: %s", name, got)
		}
	}
}
