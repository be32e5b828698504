package plain

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// What is not asked of the partners of a group read as not asked of partners, nor of the group.
func TestWhatIsNotAskedOfAGroupsPartnersIsNotSaidOfAllPartners(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub"})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: supports, Scope: w.groups[0], Audiences: []guidancev1.Audience{partners}}}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"send the refusal (not GP partners for practices on EMIS)"}, "practices on EMIS, GP partners")
}

// What partners and managers were asked by name stood as asked of both, where managers had been told otherwise since
// in one line with others; and where they had been told alone, as asked of them and not.
func TestWhoIsAskedByNameAndIsToldOtherwiseSinceIsNotNamed(t *testing.T) {
	for not, to := range map[string][]guidancev1.Audience{
		"not practice managers": {managers}, "not salaried and locum GPs, not practice managers": {managers, salaried},
	} {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports}}, &guidancev1.Action{Verb: "send", Object: "it", Measure: "hub", Actors: []guidancev1.Audience{partners, managers}}, &guidancev1.Action{Verb: "post", Object: "all", Measure: "hub"})
		w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: to}}).Amends = []string{"tri/0"}
		w.mustSay(t, "hub", []string{"send it (GP partners) ", "post all (" + not + ")"})
	}
}

// What a letter only mentions to a group, where nothing is said in general, stood twice in its row.
func TestWhatIsMentionedToAGroupStandsOnce(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, Opinion: guidancev1.Opinion_OPINION_WELCOMES, Scope: w.groups[0]}})
	for _, measure := range []string{"hub", ""} {
		if page := OneLine(viewPage(w.view(t, measure, ""))); strings.Count(page, "welcomes it") != 1 {
			t.Errorf("on %q: %s", measure, page)
		}
	}
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.mustSay(t, "", []string{"advises you to refuse [tri/1]; also for practices on EMIS: welcomes it [tri/0]"})
}

// ring is what a page ends with where a breach or a dispute is told.
const ring = "said of the contract leaves a breach or a dispute open: ring your LMC before you reply."

// Where one reading alone is that it is disputed, or a proposer claims a breach where the LMC says nothing, or passes
// on the line of the national committee that reads one, nobody was told to ring before they reply.
func TestWhoeverIsToldOfABreachOrADisputeIsToldToRing(t *testing.T) {
	const (
		disputed   = guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED
		breach     = guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH
		voluntary  = guidancev1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME
		inform     = guidancev1.Stance_STANCE_INFORMATION_ONLY
		consulting = guidancev1.Stance_STANCE_CONSULTING
	)
	ahead := func(effect guidancev1.ContractEffect) []*guidancev1.DatedEffect {
		return []*guidancev1.DatedEffect{{Effect: effect, ValidFrom: "2026-12-05"}}
	}
	for name, c := range map[string]struct {
		claimed []*guidancev1.DatedEffect
		says    *guidancev1.Position
		want    string
	}{
		"it reads a dispute":                     {nil, &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: stated(disputed)}, "What Tri LMC " + ring},
		"it will read a breach":                  {nil, &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: ahead(breach)}, "What Tri LMC " + ring},
		"a breach is claimed, it consults":       {stated(breach), &guidancev1.Position{Measure: "act", Stance: consulting}, "What GPC England " + ring},
		"a breach will be, it informs":           {ahead(breach), &guidancev1.Position{Measure: "act", Stance: inform}, "What GPC England " + ring},
		"a breach is claimed, its line is over":  {stated(breach), &guidancev1.Position{Measure: "act", Stance: caution, ValidUntil: "2026-11-10"}, "What GPC England " + ring},
		"nothing is claimed":                     {nil, &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: stated(voluntary)}, ""},
		"both say that it is voluntary":          {stated(voluntary), &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: stated(voluntary)}, ""},
		"a breach was claimed, and is no longer": {[]*guidancev1.DatedEffect{{Effect: breach, ValidUntil: "2026-11-20"}}, &guidancev1.Position{Measure: "act", Stance: inform}, ""},
	} {
		w := newSmall()
		w.in.Matter.Measures[2].ClaimedEffects = c.claimed
		w.says("2026-11-02", []*guidancev1.Position{c.says})
		for _, measure := range []string{"", "act"} {
			if c.want == "" {
				w.mustSay(t, measure, nil, ring)
			} else {
				w.mustSay(t, measure, []string{c.want})
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
	w := newSmall()
	w.isNational("2026-11-02", &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: ahead(breach)})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "act", Stance: inform}})
	w.mustSay(t, "act", []string{"What GPC England " + ring})
}

// On a view of the whole matter what the LMC passes on of GPC had how GPC reads the contract where GPC asks something
// on it, and nothing of a breach where it does not.
func TestAViewOfTheWholeMatterTellsThatTheNationalCommitteeReadsABreach(t *testing.T) {
	w := newSmall()
	breach := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)
	w.isNational("2026-11-02", &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: breach})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "act", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY}})
	w.mustSay(t, "", []string{"GPC England says: doing it would be a breach of contract.", "What GPC England " + ring})
}

// The page printed for the partners, and that in a browser, left out to ring before they reply.
func TestAPrintedPageTellsToRingWhereABreachOrADisputeIsTold(t *testing.T) {
	for name, effect := range map[string]guidancev1.ContractEffect{"": guidancev1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME, "Tri LMC": guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH} {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "act", Stance: caution, ContractEffects: stated(effect)}})
		if text := PracticeMarkdown(w.ownPage(t, 1), ""); strings.Contains(text, ring) != (name != "") || !strings.Contains(text, name) {
			t.Errorf("%s\n%s", effect, text)
		}
	}
}

// "Refuse: it is not in the contract. For whoever signed the scheme it is" left those told alone that it is not: what is
// passed on beside a line said nothing of the contract, and a page in brief left it out.
func TestWhatIsInformedOfTheContractBesideALineIsTold(t *testing.T) {
	w := newSmall()
	informs := guidancev1.Stance_STANCE_INFORMATION_ONLY
	contractual := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	w.says("2026-11-02", []*guidancev1.Position{
		{Measure: "hub", Stance: refuse, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)},
		{Measure: "hub", Stance: informs, Scope: w.groups[0], ContractEffects: contractual},
		{Measure: "hub", Stance: informs, Audiences: []guidancev1.Audience{partners}, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)},
	})
	group := guidance.ScopeWords(w.groups[0])
	w.mustSay(t, "hub", []string{"By contract Tri LMC: not in the contract. Also, to GP partners: doing it would be a breach of contract. Also, for " + group + ": contractual.", "What Tri LMC " + ring})
	w.mustSay(t, "", []string{"Says: not in the contract. Also, to GP partners: doing it would be a breach of contract. Also, for " + group + ": contractual.", "What Tri LMC " + ring})
	w.once(t, []string{"also for " + group + ": contractual (your LMC)", "also to GP partners: a breach to do it (your LMC)"})
	w = newSmall()
	w.says("2026-11-02", []*guidancev1.Position{
		{Measure: "hub", Stance: refuse, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)},
		{Measure: "hub", Stance: informs, Area: inArea("AA"), ContractEffects: contractual},
	})
	if page := w.pageOf(t, "hub", practiceIn(0), false); !strings.Contains(page, "Also, in Area AA (icb:AA): contractual.") {
		t.Error(page)
	}
}

// Beside the reading of the contract by whom a measure is from, their line on it, stood that what they claim is not
// recorded here.
func TestWhoProposesAMeasureAndReadsTheContractIsNotSaidToClaimNothing(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-02", &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "act", Stance: caution}})
	w.mustSay(t, "act", []string{"By contract Tri LMC: does not say. GPC England says: doing it would be a breach of contract."}, "not recorded here")
}

// On a printed page how the national committee reads the contract on what it proposes stood twice beside its line.
func TestHowTheNationalCommitteeReadsTheContractStandsOnceBesideItsLine(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-02", &guidancev1.Position{Measure: "act", Stance: caution, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: caution}})
	if text := PracticeMarkdown(w.ownPage(t, 1), ""); strings.Count(text, "GPC England says: doing it would be a breach of contract.") != 1 {
		t.Error(text)
	}
}

// isNational is what the national committee says.
func (w *small) isNational(day string, p *guidancev1.Position) {
	gpc := &guidancev1.Committee{Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE}
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: gpc}})
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: gpc.Id, Office: gpc.Id}}})
	w.in.Committees = append(w.in.Committees, picture.Committee{Committee: gpc, Office: gpc.Id})
	a := w.says(day, []*guidancev1.Position{p})
	last := &w.in.Entries[len(w.in.Entries)-1]
	a.Office, a.OnBehalfOf, p.Committees = gpc.Id, []string{gpc.Id}, []string{gpc.Id}
	last.ID, last.Office = fmt.Sprint(gpc.Id, "/", last.Index), gpc.Id
}

// What others reported of a committee, and lapsed, stood as its own word on the contract.
func TestWhatIsReportedAndLapsedIsNotItsOwnWordOnTheContract(t *testing.T) {
	w := newSmall()
	p := &guidancev1.Position{Measure: "act", Stance: supports, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)}
	w.isReported("2026-11-02", p)
	w.mustSay(t, "act", []string{"By contract Tri LMC: as reported (bma/0): doing it would be a breach of contract.", "What Tri LMC, as reported (bma/0), " + ring})
	p.Audiences = []guidancev1.Audience{partners}
	w.mustSay(t, "", []string{"To GP partners: as reported (bma/0): doing it would be a breach of contract.", "What Tri LMC, as reported (bma/0), " + ring})
	line := w.view(t, "act", "").GetCommittees()[0].GetHeadline()
	if got := strings.Join(guidance.ToOthers(line), " "); !strings.Contains(got, "doing what it was reported to support (bma/0) would breach the contract") {
		t.Error(got)
	}
	w = newSmall()
	w.isReported("2026-11-02", &guidancev1.Position{Stance: refuse, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED)})
	w.mustSay(t, "", []string{"What Tri LMC, as reported by The Gazette, " + ring})
}

// A report that was taken back left a row behind that says nothing.
func TestAReportThatWasTakenBackLeavesNoRow(t *testing.T) {
	w := newSmall()
	w.isReported("2026-11-02", &guidancev1.Position{Measure: "act", Stance: supports, Audiences: []guidancev1.Audience{partners}})
	w.in.Entries[0].Report.Position.Audiences = []guidancev1.Audience{partners}
	n := len(w.in.Entries)
	w.in.Entries = append(w.in.Entries, guidance.Entry{
		ID: fmt.Sprint("bma/", n), Office: "bma", Index: uint64(n), Feed: uint64(n + 1), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Withdrawal: &guidancev1.Withdrawal{Office: "bma", Advisory: "bma/0", Issued: &guidancev1.DayRange{Earliest: theDay, Latest: theDay}, Effective: theDay, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC},
	})
	w.mustSay(t, "", []string{"nothing published here on this"}, "The action", "Lines of its own")
}

// The headline of a whole matter hid what a group has to do on a measure, and, of a committee that has lines on
// measures only, what would be a breach on another.
func TestAHeadlineHidesNoGroupsDutyAndNoBreachBesideMeasures(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution}, {Measure: "hub", Stance: caution}, {Measure: "hub", Stance: required, Scope: w.groups[0], ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)}})
	w.mustSay(t, "", []string{"It is not the same on every measure: see below on “The hub”."})
	w = newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}, {Measure: "act", Stance: supports, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)}})
	w.mustSay(t, "", []string{"it has lines on 1 of its 3 measures: “The hub”. See below on “The action”."})
}

// The headline of a whole matter did not name a measure on which it does not hold: where its members are asked, and
// where the line was withdrawn.
func TestAHeadlineNamesEachMeasureOnWhichItTakesNoLine(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse}, {Measure: "hub", Stance: caution}})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "feed", Stance: guidancev1.Stance_STANCE_CONSULTING}}).Amends = []string{"tri/0"}
	const names = "It is not the same on every measure: see below on “The hub”, “The feed”."
	w.mustSay(t, "", []string{names})
	w.withdraws("2026-11-05", "tri/1")
	w.mustSay(t, "", []string{names})
}

// What the national committee requires on a measure from a later day on was on no page of the whole matter, nor did
// that point to it.
func TestALineOfTheNationalCommitteeToComeOnAMeasureIsPointedTo(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-02", &guidancev1.Position{Stance: supports})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}})
	const pointer = "It has lines of its own on 1 measure, in force or to come: see one with --measure ID."
	w.mustSay(t, "", nil, pointer)
	last := w.in.Entries[0].Advisory
	last.Positions = append(last.Positions, &guidancev1.Position{
		Matter: last.Positions[0].Matter, Committees: last.OnBehalfOf, Provenance: last.Positions[0].Provenance, Audiences: last.Positions[0].Audiences,
		Measure: "hub", Stance: required, ValidFrom: "2026-12-15", ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL),
	})
	w.mustSay(t, "", []string{pointer})
}

// The page of whoever names the national committee as their own had less of it than everybody's.
func TestTheNationalCommitteesOwnPageHasAsMuchOfItAsOthers(t *testing.T) {
	w := newSmall()
	effects := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)
	w.isNational("2026-11-02", &guidancev1.Position{Stance: refuse, ContractEffects: effects})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}})
	last := w.in.Entries[len(w.in.Entries)-1]
	last.Advisory.Positions[0].Committees, last.Advisory.OnBehalfOf, last.Advisory.Office = []string{"gpc-england"}, []string{"gpc-england"}, "gpc-england"
	w.in.Entries[len(w.in.Entries)-1].Office = "gpc-england"
	for _, own := range []string{"tri", "gpc-england"} {
		w.in.Own = []string{own}
		w.mustSay(t, "", []string{"GPC England: refuse (2 November 2026, gpc-england/0). It says: not in the contract. It has lines of its own on 1 measure, in force or to come: see one with --measure ID."})
	}
}

// A relay to others read as if it only informed.
func TestARelayToOthersSaysWhoseLineItPassesOn(t *testing.T) {
	w := newSmall()
	said := w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY}})
	said.Positions[0].Provenance = guidancev1.Provenance_PROVENANCE_RELAY
	w.in.Audience = guidancev1.Audience_AUDIENCE_PCNS
	w.mustSay(t, "hub", []string{"To practices: passes on another's line (tri/0)."}, "information only")
}

// Two texts to send, each on a measure of its own, stood in the same words twice.
func TestATextToSendNamesItsMeasureWhereThereAreTwo(t *testing.T) {
	w := newSmall()
	form := func(measure string) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Measure: measure, Template: "On " + measure}
	}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution}}, form("hub"), form("feed"))
	w.mustSay(t, "", []string{"To send on “The hub”: the text for “send the form” on “The feed”: the text for “send the form”"})
}

// A letter on two matters was taken to speak on a measure of this one that only the other calls so.
func TestAMeasureOfAnotherMatterIsNotSpokenOn(t *testing.T) {
	w := newSmall()
	a := w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}, {Measure: "feed", Stance: refuse}})
	a.Positions[1].Matter = "gpc-england/other"
	w.mustSay(t, "", []string{"Lines of its own for practices on 1 of 3 measures:"}, "The feed")
}

// A text to send stood without the group it is for, and without the condition that the line it goes with waits for.
func TestATextToSendIsToldWithWhomItIsForAndWhatItWaitsFor(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports}})
	w.says("2026-11-03", []*guidancev1.Position{
		{Measure: "hub", Stance: refuse, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the ballot closes"}}},
		{Measure: "hub", Stance: caution, Scope: w.groups[0]},
	}, &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub", Scope: "general", Template: "We refuse."},
		&guidancev1.Action{Verb: "send", Object: "the list", Measure: "hub", Scope: w.groups[0].GetId(), Template: "Our list."}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{
		"the text for “send the refusal” (not practices on EMIS, with a line that waits: the ballot closes)",
		"the text for “send the list” (practices on EMIS)",
	})
	text := PracticeMarkdown(w.ownPage(t, 1), "")
	wants(t, text, "**The text for “send the refusal” (not practices on EMIS, with a line that waits: the ballot closes) (tri/1):**", "**The text for “send the list” (practices on EMIS) (tri/1):**")
}
