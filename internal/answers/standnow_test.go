package answers

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// The page of a correction that was withdrawn said that nothing stood in its place, though what it had corrected was asked again.
func TestWhatIsAskedAgainStandsInThePlaceOfAWithdrawnCorrection(t *testing.T) {
	asking := func(a *guidancev1.Advisory, due string, amends ...string) *guidancev1.Advisory {
		a.Actions = []*guidancev1.Action{{
			Verb: "complete", Object: "the assessment", Matter: thePlan, Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
			Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: due}},
		}}
		if a.Amends = amends; amends != nil {
			a.Positions = nil
		}
		return a
	}
	both := []string{"north-essex", "south-essex"}
	letter := asking(advisory(essexOffice, "2021-10-20", refuse, both...), "2021-12-14")
	right := asking(advisory(essexOffice, "2021-10-21", refuse, both...), "2022-01-11", "essex/0")
	newsletter := advisory(essexOffice, "2021-10-24", refuse, both...)
	newsletter.Positions, newsletter.Replaces = nil, []string{"essex/1"}
	instead, afterThat := asking(advisory(essexOffice, "2021-10-24", refuse, both...), "2022-01-18"), asking(advisory(essexOffice, "2021-10-25", refuse, both...), "2022-01-19")
	inPart := advisory(essexOffice, "2021-10-24", guidancev1.Stance_STANCE_REQUIRED, both...)
	inPart.Amends = []string{"essex/0"}
	instead.Replaces, afterThat.Replaces = []string{"essex/0"}, []string{"essex/2"}
	for name, c := range map[string]struct {
		then []proto.Message
		want string // of the correction
	}{
		"withdrawn": {[]proto.Message{withdrawal(essexOffice, "essex/1", "2021-10-24", both...)}, "It no longer counts: withdrawn by essex/2 from 24 October 2021. What stands now is essex/0."},
		"withdrawn for one": {
			[]proto.Message{withdrawal(essexOffice, "essex/1", "2021-10-24", "north-essex")},
			"It still stands in part. For North Essex LMC: nothing of it stands: withdrawn by essex/2 from 24 October 2021. What stands now: essex/0 for North Essex LMC.",
		},
		"corrected itself, and withdrawn": {
			[]proto.Message{asking(advisory(essexOffice, "2021-10-22", refuse, both...), "2022-01-12", "essex/1"), withdrawal(essexOffice, "essex/2", "2021-10-24", both...), withdrawal(essexOffice, "essex/1", "2021-10-24", both...)},
			"What stands now is essex/0.",
		},
		"corrected once more": {
			[]proto.Message{asking(advisory(essexOffice, "2021-10-22", refuse, both...), "2022-01-12", "essex/0"), withdrawal(essexOffice, "essex/1", "2021-10-24", both...)},
			"What stands now is essex/2.",
		},
		"what it corrected is withdrawn too": {
			[]proto.Message{withdrawal(essexOffice, "essex/1", "2021-10-24", both...), withdrawal(essexOffice, "essex/0", "2021-10-24", both...)},
			"It no longer counts: withdrawn by essex/2 from 24 October 2021. Nothing stands in its place.",
		},
		"another line answers, with which it does not go": {
			[]proto.Message{withdrawal(essexOffice, "essex/1", "2021-10-23", both...), advisory(essexOffice, "2021-10-24", guidancev1.Stance_STANCE_SUPPORT, both...)},
			"Nothing stands in its place.",
		},
		"what it corrected is replaced": {
			[]proto.Message{instead}, "It no longer counts, for it only corrects essex/0: replaced by essex/2 from 24 October 2021.",
		},
		"what it corrected is replaced, and that again": {
			[]proto.Message{instead, afterThat}, "It no longer counts, for it only corrects essex/0: replaced by essex/2 from 24 October 2021. What stands now is essex/3.",
		},
		"what it corrected gives way to a line": {
			[]proto.Message{inPart}, "It no longer counts, for it only corrects essex/0: amended by essex/2 from 24 October 2021.",
		},
		"replaced by a letter without a line": {[]proto.Message{newsletter}, "It no longer counts: replaced by essex/2 from 24 October 2021. What stands now is essex/2 and essex/0."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.record(
				committeeOf(&guidancev1.Committee{Id: "south-essex", Name: "South Essex LMC", Kind: lmc, Nation: "england"}),
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice}}},
			)
			w.put("gpc", public_, plan(thePlan, "The plan"))
			w.put(essexOffice, public_, letter)
			w.put(essexOffice, public_, right)
			for _, said := range c.then {
				w.put(essexOffice, public_, said)
			}
			if got := w.verify(right); !strings.HasSuffix(got.Words, c.want) {
				t.Errorf("it says:\n%s\nwant:\n%s", got.Words, c.want)
			}
		})
	}
}

// The page of a letter on two matters named, of one, a letter on the other as what stands there now: a measure was looked for by its
// name alone.
func TestWhatStandsNowIsOfItsOwnMatter(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"), plan("gpc/hub", "The hub"))
	newsletter := advisory("kent", "2021-10-20", refuse, "kent")
	newsletter.Positions = append(newsletter.Positions, proto.CloneOf(newsletter.Positions[0]))
	newsletter.Positions[1].Matter = "gpc/hub"
	instead := advisory("kent", "2021-10-21", support, "kent")
	instead.Positions[0].Matter, instead.Replaces = "gpc/hub", []string{"kent/0"}
	w.put("kent", public_, newsletter, instead)
	const want = "What stands now is nothing on the whole matter of The plan and kent/1 on the whole matter of The hub."
	if got := w.verify(newsletter); !strings.HasSuffix(got.Words, want) {
		t.Errorf("it says:\n%s\nwant:\n%s", got.Words, want)
	}
	w.put("kent", public_, advisory("kent", "2021-10-22", support, "kent"))
	if got := w.verify(newsletter); !strings.HasSuffix(got.Words, "What stands now is kent/2 on the whole matter of The plan and kent/1 on the whole matter of The hub.") {
		t.Errorf("with one on the plan it says:\n%s", got.Words)
	}
}
