package picture

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whatever a letter says to practices (a line, what it asks, what is due, a text) is on the view of each practice, or what
// ended it, whomever the measure is addressed to.
func TestWhatALetterSaysToPracticesIsOnTheirView(t *testing.T) {
	const practices, pcns = v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS
	commissioners := v1.Audience_AUDIENCE_COMMISSIONERS
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.committee("essex", "Essex LMC", lmc, "essex")
		for _, m := range w.in.Matter.GetMeasures() {
			m.AddressedTo = rapid.SliceOfNDistinct(fairly(practices, pcns, commissioners), 1, 2, rapid.ID).Draw(t, "addressed to")
		}
		for i := range fairly(1, 2, 3, 4).Draw(t, "letters") {
			measure := fairly("", "engage", "fund", "disengage").Draw(t, "on")
			act := &v1.Action{Verb: "send", Object: fmt.Sprint("reply ", i), Matter: plan, Measure: measure, Actors: []v1.Audience{practices}, Due: by("2021-11-05"), Template: "Text."}
			w.says("essex", "essex", fmt.Sprintf("2021-10-%02d", 10+i), fairly(refuse, caution, support).Draw(t, "stance"), on(measure),
				toReaders(rapid.SliceOfNDistinct(fairly(practices, pcns, commissioners), 1, 2, rapid.ID).Draw(t, "to")...), func(a *v1.Advisory) {
					if slices.Contains(a.Positions[0].GetAudiences(), practices) {
						a.Actions = append(a.Actions, act)
					}
					if named := fairly(-1, i-1, i-2).Draw(t, "amends"); named >= 0 {
						a.Amends = []string{fmt.Sprint("essex/", named)}
					}
				})
		}
		in := w.input()
		in.Own = []string{"essex"}
		view, err := Combined(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		var own *answersv1.CommitteeView
		for _, c := range view.GetCommittees() {
			if c.GetOwn() {
				own = c
			}
		}
		shown := append([]*answersv1.Line{own.GetHeadline()}, own.GetMeasures()...)
		prepared := guidance.Prepare(context.Background(), in.Entries, in.Register)
		for _, measure := range []string{"", "engage", "fund", "disengage"} {
			line := prepared.Resolve(guidance.Question{Matter: in.Matter, Measure: measure, Committee: &v1.Committee{Id: "essex"}, Audience: practices, AsOf: in.AsOf})[0]
			onIt := func(of *answersv1.Line) bool {
				return of.GetMeasure() == measure && of.GetAudience() == practices && proto.Equal(of.GetCurrent(), line.GetCurrent()) && of.GetNoLine().GetEnded() == line.GetNoLine().GetEnded()
			}
			says := line.GetCurrent() != nil && !line.GetByWholeMatter() || line.GetNoLine().GetEnded() != ""
			if says && !slices.ContainsFunc(shown, onIt) {
				t.Fatalf("on %q practices are told %v, and the view has %v", measure, line, shown)
			}
			for _, act := range requestsOf(line) {
				asks := func(of *answersv1.Line) bool {
					return of.GetAudience() == practices && slices.ContainsFunc(requestsOf(of), func(o *answersv1.StandingRequest) bool { return proto.Equal(o.GetAction(), act.GetAction()) })
				}
				if !slices.ContainsFunc(shown, asks) {
					t.Fatalf("on %q practices are asked %v, and the view has %v", measure, act, shown)
				}
			}
		}
	})
}

// What was said to whom a measure is addressed to came twice: as theirs, and as "now no line for these readers".
func TestWhatIsSaidToOthersAloneIsNoChangeForPractices(t *testing.T) {
	const pcns, commissioners = v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_COMMISSIONERS
	for to, want := range map[v1.Audience]string{
		commissioners: "NEW by kent/0: Kent LMC on fund, to commissioners: was nothing published here, now refuse (kent/0).",
		pcns:          "BESIDE by kent/0: Kent LMC on fund: was nothing published here, now no line: said to others only; said to primary care networks: refuse (kent/0, 20 October 2021).",
	} {
		w := withKent()
		w.in.Matter.Measures[slices.IndexFunc(w.in.Matter.GetMeasures(), func(m *v1.Measure) bool { return m.GetId() == "fund" })].AddressedTo = []v1.Audience{commissioners}
		before := w.input()
		w.says("kent", "kent", "2021-10-20", refuse, on("fund"), toReaders(to))
		after := w.input()
		before.Own, after.Own = []string{"kent"}, []string{"kent"}
		if diff := cmp.Diff([]string{want}, told(t, before, after, "")); diff != "" {
			t.Errorf("to %s (-want +got):\n%s", guidance.AudienceWords(to), diff)
		}
	}
}

// What a letter to both is left to networks as, for practices are told otherwise by another, and that it is no more, was
// left out of what changed beside the line of practices; where it was theirs too at the look before, nothing has.
func TestWhatALetterToBothSaysToOthersAloneIsToldAsItChanges(t *testing.T) {
	w := withKent()
	nothing := w.input()
	both := w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
	theirs := w.input()
	w.says("kent", "kent", "2021-10-21", support, on("fund"), toReaders(v1.Audience_AUDIENCE_PRACTICES), amending(both))
	amended := w.input()
	w.withdraws("kent", both, "2021-10-22")
	withdrawn := w.input()
	for name, c := range map[string]struct {
		before, after Input
		want          string
	}{
		"said and amended":      {nothing, amended, "NEW by kent/1: Kent LMC on fund: was nothing published here, now support (kent/1); said to primary care networks: refuse (kent/0, 20 October 2021)."},
		"amended for practices": {theirs, amended, "MOVED by kent/1: Kent LMC on fund: was refuse (kent/0), now support (kent/1). It moved towards supporting."},
		"withdrawn":             {amended, withdrawn, "BESIDE by kent/2: Kent LMC on fund: still support (kent/1); no longer said to primary care networks: refuse (kent/0, 20 October 2021)."},
	} {
		if diff := cmp.Diff([]string{c.want}, told(t, c.before, c.after, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A practice whose LMC is not in the register, or that has none, was answered as whomever a measure is addressed to, and its
// page left out what the national committee says to practices.
func TestAPracticeOfNoLMCIsAnsweredAsAPractice(t *testing.T) {
	const practices, pcns = v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS
	w := newWorld()
	w.in.Matter = proto.CloneOf(w.in.Matter)
	for _, m := range w.in.Matter.GetMeasures() {
		m.AddressedTo = []v1.Audience{pcns, practices}
	}
	w.says("gpc-england", "gpc-england", "2021-10-21", refuse, on("fund"), toReaders(practices, pcns))
	for practice, want := range map[string]v1.Audience{"": pcns, "X60001": practices} {
		in := w.input()
		in.Practice, in.Measure = practice, "fund"
		view, err := Combined(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if got := view.GetNational().GetHeadline(); view.GetAudience() != want || got.GetAudience() != want || got.GetCurrent() == nil {
			t.Errorf("for %q: %v: %v", practice, view.GetAudience(), got)
		}
	}
}
