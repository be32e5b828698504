package picture

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// withdrawsFrom is a withdrawal that takes effect on a later day.
func (w *world) withdrawsFrom(office, advisory, issued, effective string, restores ...string) {
	w.hear(guidance.Entry{Office: office, Withdrawal: &v1.Withdrawal{
		Office: office, Advisory: advisory, Effective: effective, Restores: restores, Issued: &v1.DayRange{Earliest: issued, Latest: issued}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
	}})
}

// also adds a position to a letter, as its first one but for what is changed.
func also(stance v1.Stance, more ...func(*v1.Advisory)) func(*v1.Advisory) {
	return func(a *v1.Advisory) {
		of := &v1.Advisory{Positions: []*v1.Position{{
			Committees: a.Positions[0].Committees, Matter: plan, Stance: stance, Provenance: v1.Provenance_PROVENANCE_PRIMARY, Audiences: a.Positions[0].Audiences,
		}}}
		for _, change := range more {
			change(of)
		}
		a.Positions = append(a.Positions, of.Positions...)
	}
}

func validFrom(day string) func(*v1.Advisory) { return func(a *v1.Advisory) { a.ValidFrom = day } }

// "Nothing has changed", and the page of that moment said that the line ends in two weeks.
func TestWhatEndsAheadIsAChange(t *testing.T) {
	for name, c := range map[string]struct {
		first, then func(w *world)
		want        []string
	}{
		"withdrawn from a day ahead": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) },
			func(w *world) { w.withdrawsFrom("kent", "kent/0", "2021-10-27", "2021-12-14") },
			[]string{"Kent LMC on the whole matter: still refuse (kent/0); ends on 14 December 2021, by kent/1."},
		},
		"replaced from a day ahead by what speaks on one of its measures": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"), also(caution, on("engage")), also(support, on("fund"), forGroup))
			},
			func(w *world) {
				w.says("kent", "kent", "2021-10-27", caution, on("engage"), replacing("kent/0"), validFrom("2021-12-12"))
			},
			[]string{
				"Kent LMC on engage: still caution (kent/0); ends on 12 December 2021, by kent/1; not in force yet, from 12 December 2021: caution (kent/1, 27 October 2021).",
				"Kent LMC on fund: still refuse (kent/0); ends on 12 December 2021, by kent/1.",
				"Kent LMC on fund, for patients already started: still support (kent/0); ends on 12 December 2021, by kent/1.",
			},
		},
		"for one of two committees": {
			func(w *world) {
				w.committee("sussex", "Sussex LMC", lmc, "kent", "icb:C")
				w.says("kent", "kent sussex", "2021-10-20", refuse)
			},
			func(w *world) {
				w.says("kent", "sussex", "2021-10-27", support, replacing("kent/0"), validFrom("2021-12-12"))
			},
			[]string{"Sussex LMC on the whole matter: still refuse (kent/0); ends on 12 December 2021, by kent/1; not in force yet, from 12 December 2021: support (kent/1, 27 October 2021)."},
		},
		"a new line that ends ahead": {
			func(w *world) {}, func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse)
				w.withdrawsFrom("kent", "kent/0", "2021-10-27", "2021-12-14")
			},
			[]string{"Kent LMC on the whole matter: was nothing published here, now refuse (kent/0); ends on 14 December 2021, by kent/1."},
		},
		"what would have ended it is taken back": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
				w.says("kent", "kent", "2021-10-21", caution, on("engage"), replacing("kent/0"), validFrom("2021-12-12"))
			},
			func(w *world) { w.withdrawsFrom("kent", "kent/1", "2021-10-27", "2021-10-27", "kent/0") },
			[]string{
				"Kent LMC on engage: was no line: not in force yet, now no line: withdrawn (kent/2).",
				"Kent LMC on fund: still refuse (kent/0); no longer ends on 12 December 2021, by kent/1.",
			},
		},
		"a line ahead is ended by a letter with another line": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse)
				w.says("kent", "kent", "2021-10-21", support, validFrom("2021-12-12"))
			},
			func(w *world) { w.says("kent", "kent", "2021-10-27", caution, replacing("kent/1")) },
			[]string{"Kent LMC on the whole matter: was refuse (kent/0), now caution (kent/2); no longer ahead: support from 12 December 2021 (kent/1, 21 October 2021). It moved towards supporting."},
		},
		"the day has come": {
			func(w *world) {
				w.says("kent", "kent", "2021-10-20", refuse)
				w.withdrawsFrom("kent", "kent/0", "2021-10-21", "2021-10-28")
			},
			func(w *world) {},
			[]string{"Kent LMC on the whole matter: was refuse (kent/0), now no line: withdrawn (kent/1). It came about on 28 October 2021."},
		},
		"over by itself before that": {
			func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, until("2021-12-05")) },
			func(w *world) { w.withdrawsFrom("kent", "kent/0", "2021-10-27", "2021-12-14") },
			nil,
		},
	} {
		w := kent()
		c.first(w)
		before := w.input()
		before.AsOf = "2021-10-26"
		c.then(w)
		if diff := cmp.Diff(c.want, words(t, before, w.input())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Where all was known on both days, what a letter issued between them ends ahead had been told on the earlier.
func TestWhatALetterEndsAheadIsToldFromTheDayItIsIssued(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	w.withdrawsFrom("kent", "kent/0", "2021-10-27", "2021-12-14")
	before := w.input()
	before.AsOf = "2021-10-26"
	if got, want := words(t, before, w.input()), []string{"Kent LMC on the whole matter: still refuse (kent/0); ends on 14 December 2021, by kent/1."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A letter that was taken back before its day had been told as not in force yet, and nothing was told of it after that.
func TestALineAheadThatIsTakenBackIsToldAsThat(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-21", support, from("2021-12-12"))
	before := w.input()
	w.withdraws("kent", "kent/1", "2021-10-27")
	if got, want := words(t, before, w.input()), []string{"Kent LMC on the whole matter: still refuse (kent/0); no longer ahead: support from 12 December 2021 (kent/1, 21 October 2021)."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A letter on one matter that amends a newsletter on two was told on the other too, of which it says nothing.
func TestWhatAmendsOnAnotherMatterIsNoChangeOfThis(t *testing.T) {
	elsewhere := func(a *v1.Advisory) { a.Matters, a.Positions[0].Matter = []string{plan}, "gpc-england/another" }
	for name, c := range map[string]struct {
		how  func(*v1.Advisory)
		told bool
	}{
		"it amends": {amending("kent/0"), false},
		"it amends, and asks": {func(a *v1.Advisory) {
			a.Amends, a.Actions = []string{"kent/0"}, []*v1.Action{{Verb: "reply", Matter: plan}}
		}, true},
		"it ends all of it":    {replacing("kent/0"), true},
		"a correction":         {func(a *v1.Advisory) { a.Amends, a.Positions = []string{"kent/0"}, nil }, true},
		"it ends nothing here": {func(*v1.Advisory) {}, true},
	} {
		w := kent()
		w.says("kent", "kent", "2021-10-20", refuse)
		before := w.input()
		w.says("kent", "kent", "2021-10-27", support, elsewhere, c.how)
		if got := strings.Contains(strings.Join(words(t, before, w.input()), " "), "(kent/1, 27 October 2021) is on this and takes no position"); got != c.told {
			t.Errorf("%s: told %v: %q", name, got, words(t, before, w.input()))
		}
	}
}

// A correction that had been withdrawn by the later look was told among what changed, to be read.
func TestALetterWithoutALineThatIsOverIsNoChange(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	before := w.input()
	w.says("kent", "kent", "2021-10-27", support, func(a *v1.Advisory) { a.Matters, a.Positions, a.OnBehalfOf = []string{plan}, nil, []string{"kent"} })
	w.withdraws("kent", "kent/1", "2021-10-27")
	if got := strings.Join(words(t, before, w.input()), " "); strings.Contains(got, "kent/1") {
		t.Error(got)
	}
}

// A letter to practices and practice managers doubled each row: what it asks of practices is not named to these.
func TestALetterToManagersTooIsToldOnce(t *testing.T) {
	toBoth := func(a *v1.Advisory) {
		a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PRACTICE_MANAGERS}
	}
	send := func(to ...v1.Audience) *v1.Action { return &v1.Action{Verb: "send", Object: "it", Actors: to} }
	for to, want := range map[v1.Audience]string{
		v1.Audience_AUDIENCE_PRACTICES:         "Kent LMC on fund: was nothing published here, now refuse (kent/0); asks: send it.",
		v1.Audience_AUDIENCE_PRACTICE_MANAGERS: "Kent LMC on fund: was nothing published here, now refuse (kent/0); asks: send it (practice managers).",
	} {
		w := kent()
		before := w.input()
		w.says("kent", "kent", "2021-10-20", refuse, on("fund"), toBoth, asking(send(to)))
		got := slices.DeleteFunc(words(t, before, w.input()), func(s string) bool { return strings.Contains(s, "on the whole matter") })
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %q, want %q", to, got, want)
		}
	}
}

// Of two lines ahead the later stood first.
func TestOfTwoLinesAheadTheSoonerIsFirst(t *testing.T) {
	w := kent()
	before := w.input()
	w.says("kent", "kent", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-21", caution, from("2021-12-12"))
	w.says("kent", "kent", "2021-10-22", support, from("2021-12-20"))
	want := []string{"Kent LMC on the whole matter: was nothing published here, now refuse (kent/0); not in force yet, from 12 December 2021: caution (kent/1, 21 October 2021); not in force yet, from 20 December 2021: support (kent/2, 22 October 2021)."}
	if got := words(t, before, w.input()); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := combined(w.input()).GetCommittees()[0].GetHeadline().GetWords(), "From 12 December 2021: caution (kent/1). From 20 December 2021: support (kent/2)."; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Of lines ahead for a group and in general, that in general had its day twice, and did not say that it is not the group's.
func TestOfLinesAheadForAGroupAndInGeneralEachSaysWhich(t *testing.T) {
	started := &v1.Scope{Id: "started", Words: "patients already started"}
	ahead := func(scope *v1.Scope) *answersv1.Statement {
		return &answersv1.Statement{
			Advisory: "kent/1", Issued: &v1.DayRange{Earliest: "2021-10-21", Latest: "2021-10-21"}, ValidFrom: "2021-12-12",
			Position: &v1.Position{Stance: caution, Scope: scope, Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}},
		}
	}
	line := &answersv1.Line{Audience: v1.Audience_AUDIENCE_PRACTICES, Scope: started, NotYet: []*answersv1.Statement{ahead(started), ahead(nil)}}
	want := []string{
		"not in force yet, from 12 December 2021: caution (kent/1, 21 October 2021)",
		"not in force yet in general, from 12 December 2021: caution (kent/1, 21 October 2021)",
	}
	if got := besideOf(line, nil); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
