package picture

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// words is each change in words.
func words(t testing.TB, before, after Input) []string {
	t.Helper()
	changes, _, err := Changes(context.Background(), before, after, everybody)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range changes {
		if c.GetCommittee() != "" {
			all = append(all, c.GetWords())
		}
	}
	return all
}

// kent is a world of one committee with two areas.
func kent() *world {
	w := newWorld()
	w.area("icb:A", 10, 100)
	w.area("icb:B", 10, 100)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
	return w
}

func TestWordsTellWhatChanged(t *testing.T) {
	for name, c := range map[string]struct {
		first, then func(w *world)
		want        []string
	}{
		"nothing": {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) }, func(*world) {}, nil},
		"a first line, told once": {
			func(*world) {}, func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) },
			[]string{"Kent LMC on the whole matter: was nothing published here, now refuse (kent/0)."},
		},
		"a line on a measure": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", caution, on("fund")) },
			[]string{"Kent LMC on fund: was refuse, by the line on the whole matter (kent/0), now caution (kent/1). It moved towards supporting."},
		},
		"a measure with a line of its own that a later whole-matter line beats": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", caution, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse) },
			[]string{"Kent LMC on the whole matter: was no line: on measures only, now refuse (kent/1).", "Kent LMC on fund: was caution (kent/0), now refuse, by the line on the whole matter (kent/1). It moved towards refusing."},
		},
		"a withdrawal": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.withdraws("kent", "kent/0", "2021-10-21") },
			[]string{"Kent LMC on fund: was refuse (kent/0), now no line: withdrawn (kent/1)."},
		},
		"a national line: relations are not told": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("gpc-england", "gpc-england", "2021-10-21", support, on("fund")) },
			[]string{"GPC England on fund: was nothing published here, now support (gpc-england/0)."},
		},
		"a part": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", decides, on("fund"), in("icb:A")) },
			[]string{"Kent LMC on fund in icb:A: was refuse (kent/0), now practice decides (kent/1). It moved towards supporting."},
		},
		"a part that is no longer apart": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-20", decides, on("fund"), in("icb:A"))
			},
			func(w *world) { w.says("kent", "kent", "2021-10-21", refuse, on("fund")) },
			[]string{
				"Kent LMC on fund: was refuse (kent/0), now refuse (kent/2).",
				"Kent LMC on fund in icb:A: was practice decides (kent/1), now refuse (kent/2). It moved towards refusing.",
			},
		},
		"a mention beside": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, on("fund")) },
			func(w *world) { w.says("kent", "kent", "2021-10-21", informs, on("fund")) },
			[]string{"Kent LMC on fund: still refuse (kent/0); said beside it: information only (kent/1, 21 October 2021)."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := kent()
			c.first(w)
			before := w.input()
			c.then(w)
			if diff := cmp.Diff(c.want, words(t, before, w.input())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWordsTellWhatTheDayChanges(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", support, on("disengage"), func(a *v1.Advisory) {
		a.Positions[0].ContractEffects = []*v1.DatedEffect{
			{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-31"},
			{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-11-01"},
		}
	})
	before := w.input()
	after := before
	before.AsOf, after.AsOf = "2021-10-31", "2021-11-01"
	want := []string{"Kent LMC on disengage: was support (kent/0), now no line: lapsed: it would be a breach. It came about on 1 November 2021."}
	if diff := cmp.Diff(want, words(t, before, after)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNothingIsToldOfWhatOnlyThisNodeSees(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	before := w.input()
	w.in.Committees[0].Unknown = 3
	w.in.Entries[0].Feed, w.in.Entries[0].Recorded = 77, time.Unix(1e9, 0)
	if changed := words(t, before, w.input()); changed != nil {
		t.Errorf("%q", changed)
	}
	if differing := Differing(linesNow(before), linesNow(w.input())); len(differing) > 0 {
		t.Errorf("%v", differing)
	}
}

func TestDifferingAreTheCommitteesOfWhichSomethingChanged(t *testing.T) {
	w := october()
	before := linesNow(w.input())
	w.says("essex", "south-essex north-essex", "2021-10-27", caution, on("fund"))
	w.says("cambridgeshire", "cambridgeshire", "2021-10-27", caution)
	want := map[string]bool{"cambridgeshire": true, "north-essex": true, "south-essex": true}
	if diff := cmp.Diff(want, Differing(before, linesNow(w.input()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A watch was silent where only what is asked, what part of the readers is told or what is to come had changed.
func TestADifferenceInWhatStandsBesideALineIsOne(t *testing.T) {
	line := func(change func(*answersv1.Line)) []*answersv1.Line {
		l := &answersv1.Line{Committee: "kent", State: answersv1.LineState_LINE_STATE_STATED, Current: &answersv1.Statement{Advisory: "kent/0", Feed: 3}}
		change(l)
		return []*answersv1.Line{l}
	}
	before := line(func(*answersv1.Line) {})
	for name, change := range map[string]func(*answersv1.Line){
		"asked with it":    func(l *answersv1.Line) { l.Actions = []*v1.Action{{Measure: "hubs"}} },
		"asked by another": func(l *answersv1.Line) { l.AlsoAsked = []*answersv1.StandingRequest{{Advisory: "kent/1"}} },
		"for part of the readers": func(l *answersv1.Line) {
			l.PartLines = []*answersv1.Line{{Committee: "kent", Audience: v1.Audience_AUDIENCE_GP_PARTNERS}}
		},
		"why nothing stands for them": func(l *answersv1.Line) {
			l.PartLines = []*answersv1.Line{{NoLine: &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN}}}
		},
		"to come":  func(l *answersv1.Line) { l.NotYet = []*answersv1.Statement{{Advisory: "kent/2"}} },
		"its view": func(l *answersv1.Line) { l.Opinion = v1.Opinion_OPINION_CONCERNED },
	} {
		if got := Differing(before, line(change)); !got["kent"] {
			t.Errorf("%s: no difference", name)
		}
	}
	if got := Differing(before, line(func(l *answersv1.Line) { l.Current.Feed, l.Words = 9, "other words" })); len(got) > 0 {
		t.Errorf("what only this node sees is a difference: %v", got)
	}
}
