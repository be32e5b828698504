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

// A newsletter that repeated “support, unless you are a training practice, until 31 March” as “support” took the condition and the
// last day off the practices' pages, and its preview did not say so.
func TestConditionsAndALastDayThatALineRepeatsWithoutAreLookedAtTwice(t *testing.T) {
	limited := func(day string, texts ...string) func(*v1.Position) {
		return func(p *v1.Position) {
			p.ValidUntil = day
			for _, text := range texts {
				onlyIf(text)(p)
			}
		}
	}
	const paid, staff = "It is paid monthly.", "you have staff"
	warns := func(of, under string) string {
		return "It says nothing on engage of what limits the line of essex/1: " + of + ". Readers are told the newest line alone: say it again under " + under + ", if it still holds."
	}
	both, day := warns("“To be taken up only if: It is paid monthly”, valid until 31 March 2022", "conditions and valid-until"), warns("valid until 31 March 2022", "valid-until")
	condition := warns("“To be taken up only if: It is paid monthly”", "conditions")
	old := func(parts ...any) Entry {
		return say("essex/1", "2021-10-20", on("north", "engage", support, parts...))
	}
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     []string
	}{
		"both":                           {draft(on("north", "engage", support)), []Entry{old(limited("2022-03-31", paid))}, []string{both}},
		"the day alone":                  {draft(on("north", "engage", support, limited("", "it is  paid monthly"))), []Entry{old(limited("2022-03-31", paid))}, []string{day}},
		"one of two conditions":          {draft(on("north", "engage", support, limited("2022-04-30", staff))), []Entry{old(limited("2022-03-31", paid, staff))}, []string{condition}},
		"another condition in its place": {draft(on("north", "engage", support, limited("", staff))), []Entry{old(limited("", paid))}, []string{condition}},
		"said again, until another day":  {draft(on("north", "engage", support, limited("2022-04-30", paid))), []Entry{old(limited("2022-03-31", paid))}, nil},
		"for two committees":             {draft(on("north south", "engage", support)), []Entry{say("essex/1", "2021-10-20", on("north south", "engage", support, limited("", paid)))}, []string{condition}},
		"for a group":                    {draft(on("north", "engage", support, scopedTo("g1"))), []Entry{old(limited("", paid))}, nil},
		"beside what is only mentioned":  {draft(on("north", "engage", info)), []Entry{old(limited("2022-03-31", paid))}, nil},
		"by a line that turns":           {draft(on("north", "engage", refuse), amends("essex/1")), []Entry{old(limited("2022-03-31", paid))}, nil},
		"once that is over":              {draft(on("north", "engage", support)), []Entry{old(limited("2021-10-22", paid))}, nil},
		"where a newer line said less":   {draft(on("north", "engage", support)), []Entry{old(limited("2022-03-31", paid)), say("essex/2", "2021-10-22", on("north", "engage", support))}, nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID, warnings)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}

// A newsletter to all that repeated what a line for partners, or of one area, says until a day, or on a condition, took that off the pages
// of these, and its preview looked at the line to all alone.
func TestLimitsOfALineForPartOfTheReadersAreLookedAtTwice(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support))
	paid := func(p *v1.Position) { p.ValidUntil = "2022-03-31"; onlyIf("it is paid monthly")(p) }
	narrower := func(parts ...any) Entry {
		return say("essex/2", "2021-10-20", on("north", "engage", support, parts...))
	}
	told := func(of string) []string {
		return []string{"It says nothing on engage of what limits the line of essex/2" + of + ": “To be taken up only if: it is paid monthly”, valid until 31 March 2022. Readers are told the newest line alone: say it again under conditions and valid-until, if it still holds."}
	}
	for name, c := range map[string]struct {
		standing Entry
		letter   *v1.Advisory
		want     []string
	}{
		"for partners":             {narrower(partners, paid), draft(on("north", "engage", support)), told(" for GP partners")},
		"in an area":               {narrower(in("A"), paid), draft(on("north", "engage", support)), told(" in area:A")},
		"for partners there":       {narrower(partners, in("A1"), paid), draft(on("north", "engage", support)), told(" for GP partners in area:A1")},
		"around a narrower area":   {narrower(in("A"), paid), draft(on("north", "engage", support, in("A1"))), told("")},
		"of all":                   {narrower(paid), draft(on("north", "engage", support)), told("")},
		"that is said to them":     {narrower(partners, paid), draft(on("north", "engage", support), on("north", "engage", support, partners, paid)), nil},
		"of one with its own line": {narrower(in("A"), paid), draft(on("north", "engage", support), on("north", "engage", support, in("A"), paid)), nil},
		"to others":                {narrower(partners, paid), draft(on("north", "engage", support, managers)), nil},
		"of another area":          {narrower(in("A"), paid), draft(on("north", "engage", support, in("B"))), nil},
		"on another measure":       {narrower(partners, paid), draft(on("north", "list", support)), nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(first, c.standing))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID, warnings)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}
