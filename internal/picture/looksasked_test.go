package picture

import (
	"context"
	"strings"
	"testing"

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
