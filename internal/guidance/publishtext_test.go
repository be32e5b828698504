package guidance

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestWordsThatSetAPriceOrHaveAllDeclineAreFound(t *testing.T) {
	for sentence, want := range map[string]bool{
		"All practices should decline the scheme": true, "We ask every GP practice not to sign up": true, "No practice signs up": true, "Nobody should join": true,
		"Let us refuse together": true, "Do not accept less than £15 per dose": true, "Practices should charge £20 an appointment, and demand it": true, "The minimum fee is £12": true,
		"only if it is raised to £18.50 per vaccination": true, "£1.50 per patient for the fund": true, "GBP 1.50 per patient": true, "Ask £1.50 per patient for the fund": true, "A fair price is 150 pence per registered patient": true,
		"1.50 GBP per patient would do": true, "We do not recommend the scheme and ask all practices to decline": true, "We do not say so, but all practices should decline": true, "We are not happy, and every practice should refuse": true,

		"All practices may decline": false, "Every practice is free to decline it": false, "No practice is obliged to take part": false, "All practices can sign up": false,
		"The scheme pays £12.58 per dose": false, "A fund of £250m for the winter": false, "Practices that decline will lose nothing": false, "We advise you to decline": false,
		"All practices should look at the figures": false, "No practice has to accept it": false, "Nobody knows who decides": false, "Each practice decides whether to decline": false,
		"we do not say that all practices should decline": false, "we are not calling on all practices to refuse": false, "We don’t ask every practice to refuse": false, "We have never told all practices to boycott it": false,
		"Nobody is asking all practices to refuse": false, "This is not a call on all practices to refuse": false, "We leave it to you, without advising all practices to decline": false, "We are not now saying that no practice should join": false,
		"All practices should not refuse patients": false, "Every practice must never decline an urgent request": false, "Practices receive £1.50 per patient": false, "The fund is worth £1.50 per patient": false,
		"NHS England offers GBP 1.50 per patient": false, "Funding fell from £2 per patient": false, "The plan costs £250 million": false, "Reports run to 3pp per year": false, "Each practice was sent 12 letters per year": false,
	} {
		if got := setsPrice(sentence) || allDecline(sentence); got != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

// A price that practices had agreed on, or were told not to go below, was not warned of where no “per dose” stood by it.
func TestAPriceWithoutItsPieceIsFound(t *testing.T) {
	for sentence, want := range map[string]bool{
		"Our practices have agreed a price of £15.": true, "Practices should charge £20 each.": true, "Stick together: don’t sign below £15.": true, "Do not sign for under 12 pounds.": true,
		"GPs here agreed on a fee": true, "Never accept the scheme for less than £15": true, "You must charge at least 1500p": true,

		"A payment of £15 per patient is offered.": false, "We have agreed a fee of £15 with the ICB.": false, "Practices have agreed the rota": false, "You may charge £20 for a letter": false, "The ICB will charge practices £200": false,
		"Practices do not lose more than £15": false, "We do not know of practices under £5,000": false, "The fee is £10.06 per jab, and practices receive it": false, "Do not sign by 12 December": false, "Practices with under £5,000 of income do not take part": false,
		"Do not sign before the price is known": false, "NHS England and GPC agreed a fee of £10.06": false, "Practices that agreed to charge nothing": false,
	} {
		if got := setsPrice(sentence); got != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

// Somebody of an ICB without a title or an office held was found behind “of” and “at” alone.
func TestManagersWithoutATitleAreFoundByWhatTheyDo(t *testing.T) {
	for sentence, want := range map[string]string{
		"Jane Smith (Rowan ICB) rang us.": "Jane Smith", "The ICB’s Jane Smith rang us.": "Jane Smith", "Jane Smith from the ICB has written to you.": "Jane Smith", "SRO: Jane Smith, ICB": "Jane Smith",
		"NHS England’s Jane Smith said so.": "Jane Smith", "We spoke to Jane Smith from Rowan ICB.": "Jane Smith", "We met Jane Smith (NHS Rowan ICB) in May.": "Jane Smith", "Contact: Jane Smith, Rowan ICB": "Jane Smith",

		"The ICB’s Pharmacy First says nothing new": "", "Great Dunmow (Essex ICB) has four practices": "", "Pharmacy First (NHS England) pays less": "", "Better Letters from NHS England": "", "Data Protection from the ICB is new": "",
		"The ICB’s Primary Care Team rang us": "", "The ICB’s Winter Plan says so": "", "Venue: Great Dunmow, Essex ICB": "", "We asked the ICB, and Jane Smith of Rowan LMC wrote": "", "We met Rowan ICB, Sorrel ICB": "", "NHS England’s Delivery Plan asks for it": "",
		"Ask your practice manager (Rowan ICB) asked": "", "We wrote to Rowan Place, Rowan ICB": "", "We spoke to Dr Own Signer from Rowan ICB": "",
	} {
		if got := namedManager(sentence, []string{"Dr O. Signer"}); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

func TestWhatIsOfferedAloneIsWarnedOf(t *testing.T) {
	p := &publishing{PublishContext: PublishContext{Matters: func(string) *v1.Matter {
		return &v1.Matter{Name: plan, Measures: []*v1.Measure{{Id: "fund", Kind: v1.MeasureKind_MEASURE_KIND_OFFER}, {Id: "list", Kind: v1.MeasureKind_MEASURE_KIND_DEMAND}}}
	}}}
	a := &v1.Advisory{Body: "Dear colleagues,\n\n- all practices should decline\n  the fund.", Positions: []*v1.Position{on("north", "fund", refuse), on("north", "list", refuse, because("Nobody joins."))}}
	p.looksAtWords(a)
	if len(p.Warnings) != 1 || p.Warnings[0].GetMeasure() != "fund" || p.Warnings[0].GetQuote() != "all practices should decline the fund." {
		t.Errorf("got %v", p.Warnings)
	}
}

func TestManagersWhoAreNamedAreFound(t *testing.T) {
	for sentence, want := range map[string]string{
		"Ms Anna Example, head of primary care, writes to practices":               "Ms Anna Example",
		"Mr Example of Kent ICB, its director of strategy, asks for it":            "Mr Example",
		"the ICB's chief executive, Dr B Example, has said so":                     "Dr B Example",
		"Write to the accountable officer of the CCG, Mrs Example":                 "Mrs Example",
		"Dr Own Signer, director of primary care at the ICB, signed it":            "", // the signatory
		"The LMC's chief executive Dr C Other told NHS England":                    "",
		"Dr C Other, clinical director of the PCN, wrote to the ICB":               "",
		"Ask your practice manager, and Mrs Other at NHS England":                  "Mrs Other",
		"Jane Smith of Surrey CCG has asked for lists":                             "Jane Smith",
		"We wrote to Jane Smith at Kent and Medway ICB":                            "Jane Smith",
		"Contact Anne-Marie O'Neill of the Mid Essex CCG":                          "Anne-Marie O'Neill",
		"John A. Smith at NHS England will ring you":                               "John A. Smith",
		"Ms Patel (NHS England) asks for it":                                       "Ms Patel",
		"Mr Example from Surrey Heartlands ICB rang us":                            "Mr Example",
		"Jane Smith, the ICB primary care manager, will ring you":                  "Jane Smith",
		"Sarah Jones (Director of Primary Care, Kent ICB) has written":             "Sarah Jones",
		"The ICB's manager, Peter Brown, asks for lists":                           "Peter Brown",
		"Write to the head of primary care at NHS England, Peter Brown":            "Peter Brown",
		"Jane Smith, practice manager, spoke with the ICB":                         "",
		"Ask your LMC, Primary Care Contracts Manager posts at the ICB are vacant": "",
		"The ICB has a new director, West Kent has none":                           "",
		"Dr O. Signer of Surrey CCG":                                               "",
		"Dr Other of Essex LMCs and NHS England agree":                             "",
		"Dr Other of Dorking and NHS England agree":                                "",
		"Dr Other (GPC England) met NHS England":                                   "",
		"Primary Care Networks of Surrey CCG":                                      "",
		"The Winter Access Fund of NHS England":                                    "",
		"Chief Executive of Surrey CCG, Clinical Directors at Kent ICB":            "",
		"The Medical Director of NHS England has written":                          "",
		"Dear Colleagues at Surrey CCG":                                            "",
		"The Primary Care Team at NHS England":                                     "",
		"Practices of West Kent at Kent ICB meetings":                              "",
		"Jane Smith of Surrey LMC spoke with Surrey CCG":                           "",
		"The Secretary of State and the Regional Director of NHS England":          "",
		"The director of primary care of the ICB asks for it":                      "",
		"Dr Other, a GP in Essex, was seen by the chief nurse at the hospital":     "",
		"GPC chair Dr C Other said that NHS England would not speak with anybody":  "",
	} {
		if got := namedManager(sentence, []string{"Dr O. Signer"}); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

func TestFewPracticesAreFound(t *testing.T) {
	for sentence, want := range map[string]string{
		"three practices have signed": "three practices", "in three practices staff have left": "three practices", "We know of 2 GPs who left": "2 GPs", "So far four of our practices agree": "four of our practices", "one practice has signed": "one practice", "4 GP practices": "4 GP practices",
		"one practice in Dorking has fewer than 1,000 patients": "one practice", "At one practice in Dorking staff left": "one practice", "One of our practices near Great Dunmow": "One of our practices", "One practice told us so": "One practice",
		"one other surgery, in Dorking, closed its list": "one other surgery", "1 practice in the town of Dorking": "1 practice",

		"Two in three GPs agree": "", "1 in 4 practices": "", "five practices": "", "14 practices": "", "1,004 practices": "", "8.4 practices": "", "20% of practices": "", "any two practices": "",
		"set one practice against another": "", "one practice at a time": "", "wave 2 practices": "", "2 to 4 practices": "", "3 practice managers": "", "three quarters of practices": "", "more than two practices": "", "2021/4 practices": "",
		"one practice in five": "", "one practice in England": "", "No one practice in Dorking can do this alone": "", "If one practice was told, all should be": "", "one practice in October": "", "one practice in the county": "", "one practice is not like another": "",
		"any one practice in Kent": "", "one practice or another": "", "one practice manager told us": "", "one GP in PCNs": "", "more than one practice has asked": "",
	} {
		if got := fewPractices(sentence); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

// Of the letters of October 2021, all read as if they were of an offer, one has practices decline
// together. It is of a demand, and so is not warned of where it is published.
func TestLettersOfOctoberAreNotWarnedOf(t *testing.T) {
	files, err := filepath.Glob("../demo/data/letters/*/*.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d letters, %v", len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		front, body, _ := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
		p := &publishing{}
		p.looksAtWords(&v1.Advisory{
			Body: strings.ReplaceAll(front, "\n", "\n\n") + "\n\n" + body, Visibility: public,
			Positions: []*v1.Position{on("north", "engage", refuse, effect(&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME}))},
		})
		for _, w := range p.Warnings {
			if strings.Contains(file, "surrey-sussex") && strings.HasPrefix(w.GetQuote(), "The five committees advise every practice not to take part") {
				continue
			}
			t.Errorf("%s: %s: %s", file, w.GetCode(), WarningWords(w))
		}
	}
}

func TestItemsOfAListAreSentences(t *testing.T) {
	got := sentencesOf("We ask:\n* all of you\n- to **ring** us.\nNow\n\na)\tone\n\u00a0\u00a0o\u00a0two, which goes\non\n \u00a0\n(ii) Dr. Person said so.")
	want := []string{"We ask:", "all of you", "to ring us", "Now", "one", "two, which goes on", "Dr Person said so."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFewOthersAreFoundByWhatTheyAreOutOf(t *testing.T) {
	for sentence, want := range map[string]string{
		"98% of our 52 practices said yes": "98% of our 52 practices", "51 of our 52 practices said yes": "51 of our 52 practices", "49 out of the 52 member practices": "49 out of the 52 member practices",
		"4 per cent of the 60 GPs": "4 per cent of the 60 GPs", "2% of all 100 practices": "2% of all 100 practices",
		"90% of our 52 practices": "", "100% of our 52 practices": "", "all 52 of our 52 practices": "", "52 of our 52 practices": "", "98% of practices": "", "58% of 1,798 GPs": "", "1,000 of the 2,000 practices": "", "47 of our 52 practices": "",
	} {
		if got := fewOthers(sentence); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

func TestWhatIsAPersonsOwnIsFoundInContactAndText(t *testing.T) {
	quotes := func(a *v1.Advisory) (all []string) {
		p := &publishing{}
		p.looksAtWords(a)
		for _, w := range p.Warnings {
			all = append(all, w.GetQuote())
		}
		return all
	}
	for text, want := range map[string]string{
		"Ring 07700 900123": "07700 900123", "Ring +44 (0)7700 900123.": "+44 (0)7700 900123", "Write to jane.smith@gmail.com": "jane.smith@gmail.com", "essexlmc@gmail.com": "essexlmc@gmail.com",
		"Dr Jones of the ICB, john.jones@nhs.net": "Dr Jones|john.jones@nhs.net", "mary.o'neill2@essex.example": "mary.o'neill2@essex.example",
		"Ring 01245 123456": "", "Write to office@essexlmc.example": "", "essex.lmc@nhs.net": "", "kentmedwayicb.primarycare@nhs.net": "", "The number 0770 is not one": "", "See www.john.smith.example": "",
	} {
		if got := strings.Join(quotes(&v1.Advisory{Body: text, Visibility: public}), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	got := quotes(&v1.Advisory{Visibility: public, Contact: &v1.Contact{Name: "Jane Smith", Telephone: "07700 900123", Email: "jane.smith@gmail.com"}})
	if strings.Join(got, "|") != "07700 900123|jane.smith@gmail.com|Jane Smith" {
		t.Errorf("a person as contact: %q", got)
	}
	for _, name := range []string{"Essex LMCs", "Surrey & Sussex LMCs", "Kent Local Medical Committee", "The office", "North Essex Team"} {
		if got := quotes(&v1.Advisory{Visibility: public, Contact: &v1.Contact{Name: name, Telephone: "01245 123456", Email: "office@essexlmc.example", Url: "https://www.essexlmc.example"}}); len(got) > 0 {
			t.Errorf("the office %s: %q", name, got)
		}
	}
}

func TestAQuotationIsFoundHoweverItIsTyped(t *testing.T) {
	const text = "We say:\n\n> Practices *should not*  take\npart \u2014 it\u2019s \u201cunsafe\u201d. Nor need they answer."
	for quotation, want := range map[string]bool{
		"Practices should not take part - it's \"unsafe\".": true, "Practices should not take part \u2013 it\u2019s \u201cunsafe\u201d": true, "Practices should not \u2026 answer.": true, "": true,
		"Practices should take part": false, "Practices \u2026 refuse": false,
	} {
		if got := quotes(text, quotation); got != want {
			t.Errorf("%q: %v", quotation, got)
		}
	}
}

// A manager who is named, and a number so small that readers may find out who, were warned of in a letter's main texts
// alone: not among the copies, in a claim, in a vote, in a reference, in a template, nor in the reason of a withdrawal.
func TestWhoIsNamedIsWarnedOfWhereverItStands(t *testing.T) {
	const named = "Sarah Jones, Head of Primary Care at Wold ICB, told us that three practices have signed."
	both := func(all []*answersv1.Warning) bool {
		found := map[string]bool{}
		for _, w := range all {
			found[w.GetQuote()] = true
		}
		return found["Sarah Jones"] && found["three practices"]
	}
	own := []string{"signatories[0].name", "signatories[0].role", "contact.name"}
	a := goodAdvisory()
	everyText(a.ProtoReflect(), "", named, func(field string) {
		p := &publishing{}
		p.looksAtWords(a)
		if want := !slices.Contains(own, field) && (field == "contact.url" || !strings.HasSuffix(field, ".url")); both(p.Warnings) != want {
			t.Errorf("%s of an advisory: %v", field, p.Warnings)
		}
	})
	said := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	w := &v1.Withdrawal{Office: "essex", OnBehalfOf: []string{"north"}, Advisory: "essex/1", Reason: named, Effective: "2021-11-01", Issued: days("2021-11-01"), Visibility: public}
	if _, shown, err := CheckWithdraw(context.Background(), w, essexToday(said)); err != nil || !both(shown.Warnings) {
		t.Errorf("a withdrawal: %v, %v", shown.Warnings, err)
	}
	next := say("essex/2", "2021-10-02", on("north", "engage", caution), replaces("essex/1"))
	if _, shown, err := CheckTakeDown(context.Background(), w, "essex/1", named, essexToday(said, next)); err != nil || !both(shown.Warnings) {
		t.Errorf("a taking down: %v, %v", shown.Warnings, err)
	}
	m := &v1.Matter{
		Name: "essex/hub", Title: "The hub", Proposer: &v1.Body{Id: "nhs-england", Name: "NHS England", Kind: v1.BodyKind_BODY_KIND_NHS_BODY}, Opened: days("2021-10-01"), Visibility: public,
		Measures: []*v1.Measure{{
			Id: "join", Title: "Join", Kind: v1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: []v1.Audience{practices},
			Claims: []*v1.Claim{{Claimant: &v1.Body{Id: "wold", Name: "Wold ICB", Kind: v1.BodyKind_BODY_KIND_COMMISSIONER}, Words: "It is for all."}},
		}},
	}
	for _, field := range []*string{&m.Title, &m.Summary, &m.Measures[0].Title, &m.Measures[0].Claims[0].Words} {
		was := *field
		*field = named
		if _, shown, err := CheckMatter(context.Background(), m, essexToday()); err != nil || !both(shown.Warnings) {
			t.Errorf("%v: %v, %v", m, shown.Warnings, err)
		}
		*field = was
	}
	if _, shown, err := CheckMatter(context.Background(), m, essexToday()); err != nil || len(shown.Warnings) > 0 {
		t.Errorf("a matter that names nobody: %v, %v", shown.Warnings, err)
	}
}
