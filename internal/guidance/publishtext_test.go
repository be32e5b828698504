package guidance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestWordsThatSetAPriceOrHaveAllDeclineAreFound(t *testing.T) {
	for sentence, want := range map[string]bool{
		"All practices should decline the scheme": true, "We ask every GP practice not to sign up": true, "No practice signs up": true, "Nobody should join": true,
		"Let us refuse together": true, "Do not accept less than £15 per dose": true, "Practices should charge £20 an appointment, and demand it": true, "The minimum fee is £12": true,
		"only if it is raised to £18.50 per vaccination": true,

		"All practices may decline": false, "Every practice is free to decline it": false, "No practice is obliged to take part": false, "All practices can sign up": false,
		"The scheme pays £12.58 per dose": false, "A fund of £250m for the winter": false, "Practices that decline will lose nothing": false, "We advise you to decline": false,
		"All practices should look at the figures": false, "No practice has to accept it": false, "Nobody knows who decides": false, "Each practice decides whether to decline": false,
	} {
		if got := setsPrice(sentence) || allDecline(sentence); got != want {
			t.Errorf("%q: %v", sentence, got)
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
		"Ms Anna Example, head of primary care, writes to practices":              "Ms Anna Example",
		"Mr Example of Kent ICB, its director of strategy, asks for it":           "Mr Example",
		"the ICB's chief executive, Dr B Example, has said so":                    "Dr B Example",
		"Write to the accountable officer of the CCG, Mrs Example":                "Mrs Example",
		"Dr Own Signer, director of primary care at the ICB, signed it":           "", // the signatory
		"The LMC's chief executive Dr C Other told NHS England":                   "",
		"Dr C Other, clinical director of the PCN, wrote to the ICB":              "",
		"Ask your practice manager, and Mrs Other at NHS England":                 "",
		"The director of primary care of the ICB asks for it":                     "",
		"Dr Other, a GP in Essex, was seen by the chief nurse at the hospital":    "",
		"GPC chair Dr C Other said that NHS England would not speak with anybody": "",
	} {
		if got := namedManager(sentence, []string{"Dr O. Signer"}); got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

func TestFewPracticesAreFound(t *testing.T) {
	for sentence, want := range map[string]string{
		"three practices have signed": "three practices", "in three practices staff have left": "three practices", "We know of 2 GPs who left": "2 GPs", "So far four of our practices agree": "four of our practices", "one practice has signed": "one practice", "4 GP practices": "4 GP practices",

		"Two in three GPs agree": "", "1 in 4 practices": "", "five practices": "", "14 practices": "", "1,004 practices": "", "8.4 practices": "", "20% of practices": "", "any two practices": "",
		"set one practice against another": "", "one practice at a time": "", "wave 2 practices": "", "2 to 4 practices": "", "3 practice managers": "", "three quarters of practices": "", "more than two practices": "", "2021/4 practices": "",
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
