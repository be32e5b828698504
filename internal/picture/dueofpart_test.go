package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What partners alone were asked in part of an area, or as a group, was due in no list, and what had ended for them there, or
// with a line ahead, was due of them by it.
func TestWhatPartnersAreAskedInPartOfTheAreaIsDueOfThemThere(t *testing.T) {
	const partners = v1.Audience_AUDIENCE_GP_PARTNERS
	form := func(object string, change ...func(*v1.Action)) func(*v1.Advisory) {
		act := &v1.Action{Verb: "send", Object: object, Matter: plan, Measure: "fund", Due: by("2021-12-13")}
		for _, c := range change {
			c(act)
		}
		return thatAsks(act)
	}
	begun := func(a *v1.Advisory) {
		a.Positions[0].Scope = &v1.Scope{Id: "begun", Words: "practices that have begun"}
	}
	ahead := func(a *v1.Advisory) { a.ValidFrom = "2021-12-10" }
	practices := toReaders(v1.Audience_AUDIENCE_PRACTICES)
	for name, c := range map[string]struct {
		says func(w *world)
		want []string
	}{
		"asked there": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"), toReaders(partners), in("icb:A"), form("it"))
			},
			[]string{"send it, by 13 December 2021 (of GP partners, in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"asked of a group": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", caution, on("fund"), toReaders(partners), begun, form("it", func(a *v1.Action) { a.Scope = "begun" }))
			},
			[]string{"send it, by 13 December 2021 (of GP partners, practices that have begun; by Kent LMC, kent/0)"},
		},
		"ended there": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", caution, on("fund"), practices, form("it"))
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), in("icb:A"), amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of practices, not GP partners in icb:A (icb:A); by Kent LMC, kent/0)"},
		},
		"ended while its line is ahead": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, ahead, form("it"))
				w.says("kent", "kent", "2021-10-21", refuse, on("fund"), toReaders(partners), ahead, amending(letter))
			},
			[]string{"send it, by 13 December 2021, with its line from 10 December 2021 on (of practices, not GP partners; by Kent LMC, kent/0)"},
		},
		"on several measures, of which one turns for them": {
			func(w *world) {
				letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"), practices, thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Due: by("2021-12-13")}), func(a *v1.Advisory) {
					a.Positions = append(a.Positions, proto.CloneOf(a.Positions[0]))
					a.Positions[1].Measure = "engage"
				})
				w.says("kent", "kent", "2021-10-21", caution, on("fund"), toReaders(partners), ahead, amending(letter))
			},
			[]string{"send it, by 13 December 2021 (of whom is not said; by Kent LMC, kent/0)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dueOfKent(t, c.says, c.want)
		})
	}
}

// isDueOf: an item of a list is said to be asked of a kind of reader in the part of an area that some areas are around,
// the nearest first; of those to whom its letter is where it says of nobody.
func isDueOf(one *answersv1.DueItem, reader v1.Audience, letterTo []v1.Audience, around ...string) bool {
	of := one.GetOfWhom()
	if len(of) == 0 {
		of = letterTo
	}
	if !slices.ContainsFunc(of, func(a v1.Audience) bool { return guidance.Contains(a, reader) }) {
		return false
	}
	one = proto.CloneOf(one)
	var not []string
	one.Among = slices.DeleteFunc(one.Among, func(words string) bool {
		if strings.HasPrefix(words, "but ") && strings.Contains(words, " again from ") {
			return true
		}
		ofReader, is := strings.CutPrefix(words, "not "+guidance.AudienceWords(reader))
		if is {
			not = append(not, strings.TrimSpace(ofReader))
		}
		return is || slices.ContainsFunc([]string{"GP partners", "practice managers", "salaried"}, func(o string) bool { return strings.HasPrefix(words, "not "+o) })
	})
	if !isDueIn(one, around...) {
		return false
	}
	for _, where := range not {
		names, isThere := strings.CutPrefix(where, "in ")
		isNear := func(area string) bool { return strings.Contains(names, area+" ") }
		switch {
		case where == "", isThere && slices.ContainsFunc(around, isNear):
			return false
		case where == "elsewhere":
			return slices.ContainsFunc(one.Among, func(words string) bool { return strings.HasPrefix(words, "in") })
		}
	}
	return true
}

// Of which partners, managers and other GPs of practices something is due by the list, and where, is who is asked it by
// their own view: by letters to some of them or to all, in part of the area, now or from a day ahead, that end others.
func TestWhatIsDueOfPartOfTheReadersIsAskedOnTheirOwnView(t *testing.T) {
	const practices, partners, managers, others = v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS, v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.in.Matter = proto.CloneOf(w.in.Matter)
		for _, m := range w.in.Matter.Measures {
			m.Deadlines, m.AddressedTo = nil, []v1.Audience{practices}
		}
		w.area("icb:A", 10, 100)
		w.area("icb:B", 10, 100)
		w.area("sub-icb:A1", 10, 100, "icb:A")
		w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
		var ids []string
		for i := range rapid.IntRange(1, 4).Draw(t, "letters") {
			more := []func(*v1.Advisory){on("fund"), toReaders(rapid.SampledFrom([][]v1.Audience{{practices}, {partners}, {managers}, {partners, managers}}).Draw(t, "to")...)}
			if area := rapid.SampledFrom([]string{"", "", "icb:A", "sub-icb:A1"}).Draw(t, "in"); area != "" {
				more = append(more, in(area))
			}
			if rapid.IntRange(0, 3).Draw(t, "for a while") == 0 {
				more = append(more, func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-11-07" })
			}
			if rapid.IntRange(0, 3).Draw(t, "ahead") == 0 {
				more = append(more, func(a *v1.Advisory) { a.ValidFrom = "2021-11-05" })
			}
			if len(ids) > 0 && rapid.Bool().Draw(t, "amends") {
				more = append(more, amending(rapid.SampledFrom(ids).Draw(t, "amended")))
			}
			if rapid.IntRange(0, 2).Draw(t, "asks") > 0 {
				more = append(more, thatAsks(&v1.Action{
					Verb: "send", Object: fmt.Sprint("form ", i), Matter: plan, Measure: "fund", Due: by("2021-11-10"),
					Actors: rapid.SampledFrom([][]v1.Audience{nil, nil, {practices}, {partners}, {managers}}).Draw(t, "asked of"),
				}))
			}
			stance := rapid.SampledFrom([]v1.Stance{refuse, caution, v1.Stance_STANCE_INFORMATION_ONLY}).Draw(t, "stance")
			ids = append(ids, w.says("kent", "kent", fmt.Sprint("2021-10-", 20+i), stance, more...))
		}
		w.in.AsOf = "2021-10-29"
		in := w.input()
		list := DueWithin([][]*answersv1.NationalPicture{forEach(t, w)}, "2021-11-01", "2021-11-30")
		prepared := guidance.Prepare(context.Background(), in.Entries, in.Register)
		c, _ := newResolver(context.Background(), in).committee("kent")
		for _, e := range in.Entries {
			for _, act := range e.Advisory.GetActions() {
				ofOthers := func(a v1.Audience) bool {
					return !slices.ContainsFunc(e.Advisory.Positions[0].Audiences, func(to v1.Audience) bool { return guidance.Contains(to, a) || guidance.Contains(a, to) })
				}
				if slices.ContainsFunc(act.Actors, ofOthers) {
					continue // asked by name of others than the letter's readers, whose own view tells nothing of it
				}
				for _, reader := range []v1.Audience{partners, managers, others} {
					for _, around := range [][]string{{"icb:A"}, {"icb:B"}, {"sub-icb:A1", "icb:A"}} {
						var asks []*answersv1.StandingRequest // now, or once advice for a while is over
						for _, day := range []string{in.AsOf, "2021-11-08"} {
							line := prepared.Resolve(guidance.Question{Matter: in.Matter, Measure: "fund", Committee: c.Committee, Audience: reader, Area: areaID(around[0]), AsOf: day})[0]
							asks = append(asks, requestsOf(line)...)
						}
						isOfOthers := len(act.Actors) > 0 && !slices.ContainsFunc(act.Actors, func(a v1.Audience) bool { return guidance.Contains(a, reader) })
						isAsked := !isOfOthers && slices.ContainsFunc(asks, func(of *answersv1.StandingRequest) bool {
							return of.GetAdvisory() == e.ID && of.GetAction().GetObject() == act.Object
						})
						isDue := slices.ContainsFunc(list.Items, func(one *answersv1.DueItem) bool {
							return one.Entry == e.ID && one.What == guidance.ActionWords(act) && isDueOf(one, reader, e.Advisory.Positions[0].Audiences, around...)
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
