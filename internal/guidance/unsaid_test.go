package guidance

import (
	"slices"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// claimed is what a board claims of the contract, as a letter tells it.
func claimed(by, words string) func(*v1.Position) {
	return func(p *v1.Position) {
		p.Claims = append(p.Claims, &v1.Claim{Claimant: &v1.Body{Id: by, Name: by + " ICB", Kind: v1.BodyKind_BODY_KIND_COMMISSIONER}, Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, Words: words})
	}
}

// A newsletter that repeated a refusal took what a board claims of the contract off the practices' pages, and that they should ring
// before they reply, though the letter that told it stood; and so what the committee thinks. Its preview said neither.
func TestWhatALineThatRepeatsAnotherNoLongerTellsIsLookedAtTwice(t *testing.T) {
	opposes := func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_OPPOSES }
	neutral := func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_NEUTRAL }
	notIn := effect(always(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)...)
	claim := claimed("marsh", "It is implied.")
	const ofClaim = "It says nothing of what marsh ICB claims of the contract on engage, where essex/1 says “marsh ICB claims: contractual: It is implied.”: readers are told that by the newest line alone. Say it again under claims, if it is still claimed."
	const ofList = "It says nothing of what marsh ICB claims of the contract on list, where essex/1 says “marsh ICB claims: contractual: It is implied.”: readers are told that by the newest line alone. Say it again under claims, if it is still claimed."
	const ofOpinion = "It gives no opinion on engage, where essex/1 says that as a policy the committee “opposes it”: readers are told of an opinion by the newest line alone. Say it again under opinion, if it still holds."
	old := func(parts ...any) Entry {
		return say("essex/1", "2021-10-20", on("north", "engage", refuse, parts...))
	}
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     []string
	}{
		"a claim":                        {draft(on("north", "engage", refuse, notIn)), []Entry{old(notIn, claim)}, []string{ofClaim}},
		"said again":                     {draft(on("north", "engage", refuse, claim)), []Entry{old(claim)}, nil},
		"claimed in other words since":   {draft(on("north", "engage", refuse, claimed("marsh", "So they say."))), []Entry{old(claim)}, nil},
		"another's claim":                {draft(on("north", "engage", refuse, claimed("hill", "So they say."))), []Entry{old(claim)}, []string{ofClaim}},
		"on each of two measures":        {draft(on("north", "engage", refuse), on("north", "list", refuse)), []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse, claim), on("north", "list", refuse, claim))}, []string{ofClaim, ofList}},
		"for two committees":             {draft(on("north south", "engage", refuse)), []Entry{say("essex/1", "2021-10-20", on("north south", "engage", refuse, claim))}, []string{ofClaim}},
		"for a group":                    {draft(on("north", "engage", refuse, scopedTo("g1"))), []Entry{old(claim, opposes)}, nil},
		"beside what is only mentioned":  {draft(on("north", "engage", info)), []Entry{old(claim, opposes)}, nil},
		"by a line that turns":           {draft(on("north", "engage", support), amends("essex/1")), []Entry{old(claim, opposes)}, nil},
		"an opinion":                     {draft(on("north", "engage", refuse)), []Entry{old(opposes)}, []string{ofOpinion}},
		"another opinion":                {draft(on("north", "engage", refuse, neutral)), []Entry{old(opposes)}, nil},
		"an opinion beside it":           {draft(on("north", "engage", refuse)), []Entry{old(opposes), say("essex/2", "2021-10-22", on("north", "engage", info, opposes))}, nil},
		"an opinion of the whole matter": {draft(on("north", "", refuse)), []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse, opposes))}, nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		got := warningTexts(append(warned(answersv1.WarningCode_WARNING_CODE_CONTRACT_UNSAID, warnings), warned(answersv1.WarningCode_WARNING_CODE_OPINION_UNSAID, warnings)...))
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}
