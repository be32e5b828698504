package answers

import (
	"cmp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A head that was seen says how much an office has published, though it is not here.
func TestALetterOfAnOfficeWithEntriesThatAreNotHereIsNotCalledCurrent(t *testing.T) {
	w := newWorld(t)
	norths := advisory("essex", "2021-10-25", refuse, "north-essex")
	w.put("essex", public_, norths)
	kents := advisory("kent", "2021-10-25", refuse, "kent")
	kent := w.put("kent", public_, kents)
	if got := w.verify(kents); !got.Current || got.CurrentNotKnown {
		t.Errorf("with everything here: %v", got)
	}

	cp, err := ledger.SignCheckpoint(ledger.LogID{Federation: "trial", Office: "kent"}, 3, tlog.Hash{3}, w.keys["kent"])
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Store.See(cp); err != nil {
		t.Fatal(err)
	}
	want := "This is kent/0, exactly as kent published it. Whether it is current is not known: of kent, 3 entries are known of and only 1 are held here. As far as is held here: it still stands."
	if got := w.verify(kents); got.Current || !got.CurrentNotKnown || !got.Genuine || got.Words != want {
		t.Errorf("genuine %v, current %v, not known %v: %s", got.Genuine, got.Current, got.CurrentNotKnown, got.Words)
	}
	if got := w.verify(norths); !got.Current || got.CurrentNotKnown {
		t.Errorf("of an office that could not end it: %v", got)
	}
	w.put("kent", public_, withdrawal("kent", kent, "2021-10-26", "kent"))
	if got := w.verify(kents); got.Current || got.CurrentNotKnown || strings.Contains(got.Words, "not known") {
		t.Errorf("ended by what is here: %v", got)
	}
}

func TestALetterIsNotCalledCurrentWhileWordsThatCouldEndItAreNotHere(t *testing.T) {
	w := newWorld(t)
	kents := advisory("kent", "2021-10-25", refuse, "kent")
	kent := w.put("kent", public_, kents)
	arrive := w.putBodiless("kent", withdrawal("kent", kent, "2021-10-26", "kent"))
	if got := w.verify(kents); got.Current || !got.CurrentNotKnown || !strings.Contains(got.Words, "of kent, 1 of the entries held here cannot be read") {
		t.Errorf("before the words came: %v", got)
	}
	if arrive(); w.verify(kents).Current || w.verify(kents).CurrentNotKnown {
		t.Errorf("after: %v", w.verify(kents))
	}
}

// Of a letter of which a part had ended it was said that it is current, and not which part is not.
func TestALetterOfWhichAPartHasEndedIsCurrentInPart(t *testing.T) {
	area := func(code string) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "icb", Code: code} }
	covers := func(id, name string, areas ...*guidancev1.AreaTenure) *ledgerv1.RegisterRecord {
		return committeeOf(&guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: "england", Areas: areas})
	}
	on := func(measure string, stance guidancev1.Stance, more ...func(*guidancev1.Position)) func(*guidancev1.Advisory) {
		return func(a *guidancev1.Advisory) {
			p := advisory(a.Office, a.Issued.Latest, stance, a.OnBehalfOf...).Positions[0]
			p.Measure = measure
			for _, change := range more {
				change(p)
			}
			a.Positions = append(a.Positions, p)
		}
	}
	until := func(day string) func(*guidancev1.Position) {
		return func(p *guidancev1.Position) { p.ValidUntil = day }
	}
	in := func(code string) func(*guidancev1.Position) {
		return func(p *guidancev1.Position) { p.Area = area(code) }
	}
	to := func(audience guidancev1.Audience) func(*guidancev1.Position) {
		return func(p *guidancev1.Position) { p.Audiences = []guidancev1.Audience{audience} }
	}
	breach := func(p *guidancev1.Position) {
		p.ContractEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-30"}}
	}
	asks := func(a *guidancev1.Advisory) {
		a.Actions = []*guidancev1.Action{{Verb: "reply", Object: "to the ICB", Measure: "hubs", Matter: thePlan}}
	}
	say := func(day string, committees []string, parts ...func(*guidancev1.Advisory)) *guidancev1.Advisory {
		a := advisory(essexOffice, day, refuse, committees...)
		a.Positions = nil
		for _, part := range parts {
			part(a)
		}
		return a
	}
	amends := func(a *guidancev1.Advisory) { a.Amends = []string{"essex/0"} }
	replaces := func(a *guidancev1.Advisory) { a.Replaces = []string{"essex/0"} }
	north, both := []string{"north-essex"}, []string{"north-essex", "south-essex"}
	whole := say("2021-10-20", both, on("", refuse), on("hubs", support), asks)
	for name, c := range map[string]struct {
		letter, later *guidancev1.Advisory
		withdrawn     string // for whom
		moved         bool   // icb:A goes from North to South Essex
		want          string // empty: current as a whole
		current       bool
	}{
		"nothing ended": {letter: whole, current: true, want: ""},
		"amended on a measure": {
			letter: whole, later: say("2021-10-25", north, on("hubs", refuse), amends), current: true,
			want: "It still stands in part. For North Essex LMC: its line on “The hubs” (hubs) was amended by essex/1 from 25 October 2021; what stands there now is essex/1. It asks no more: reply to the ICB.",
		},
		"its line on the whole matter amended on a measure": {
			letter: say("2021-10-20", both, on("", refuse)), later: say("2021-10-25", both, on("hubs", support), amends), current: true,
			want: "It still stands in part. Its line on the whole matter, on “The hubs” (hubs), was amended by essex/1 from 25 October 2021; what stands there now is essex/1.",
		},
		"amended in an area": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", north, on("", support, in("A")), amends), current: true,
			want: "It still stands in part. Its line on the whole matter, in Alpha (icb:A), was amended by essex/1 from 25 October 2021; what stands there now is essex/1.",
		},
		"amended for some readers": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", north, on("", support, to(guidancev1.Audience_AUDIENCE_GP_PARTNERS)), amends), current: true,
			want: "It still stands in part. Its line on the whole matter, of GP partners, was amended by essex/1 from 25 October 2021; what stands there now is essex/1.",
		},
		"replaced for one committee": {
			letter: whole, later: say("2021-10-25", north, on("", support), replaces), current: true,
			want: "It still stands in part. For North Essex LMC: nothing of it stands: replaced by essex/1 from 25 October 2021. What stands now: essex/1 for North Essex LMC.",
		},
		"withdrawn for one committee": {
			letter: whole, withdrawn: "north-essex", current: true,
			want: "It still stands in part. For North Essex LMC: nothing of it stands: withdrawn by essex/1 from 26 October 2021. What stands now: nothing for North Essex LMC.",
		},
		"a last day that has passed": {
			letter: say("2021-10-20", both, on("", refuse), on("hubs", support, until("2021-10-29"))), current: true,
			want: "It still stands in part. Its line on “The hubs” (hubs) was valid until 29 October 2021; what stands there now is its line on the whole matter.",
		},
		"a line that would breach by now": {
			letter: say("2021-10-20", both, on("", refuse), on("hubs", support, breach)), current: true,
			want: "It still stands in part. Its line on “The hubs” (hubs) lapsed on 30 October 2021, for doing it would breach the contract from then on; nothing stands there now.",
		},
		"all of it would breach by now": {
			letter: say("2021-10-20", both, on("hubs", support, breach)), current: false,
			want: "It stands no more. Its line on “The hubs” (hubs) lapsed on 30 October 2021, for doing it would breach the contract from then on; nothing stands there now.",
		},
		"a later line over a part of it": {
			letter: whole, later: say("2021-10-25", north, on("hubs", support)), current: true,
			want: "It still stands in part. For North Essex LMC: a later line stands over its line on “The hubs” (hubs): essex/1.",
		},
		"an area that another committee speaks in now": {
			letter: say("2021-10-20", north, on("", refuse)), moved: true, current: true,
			want: "It still stands in part. In Alpha (icb:A) it is told no more, for South Essex LMC speaks there now; nothing stands there now.",
		},
		"and that committee has spoken": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", []string{"south-essex"}, on("", support)), moved: true, current: true,
			want: "It still stands in part. In Alpha (icb:A) it is told no more, for South Essex LMC speaks there now; what stands there now is essex/1.",
		},
		"all of it was of that area": {
			letter: say("2021-10-20", north, on("", refuse, in("A"))), moved: true, current: false,
			want: "It stands no more. In Alpha (icb:A) it is told no more, for South Essex LMC speaks there now; nothing stands there now.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			matter := plan(thePlan, "The plan")
			matter.Measures = []*guidancev1.Measure{{Id: "hubs", Title: "The hubs", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}}}
			w.put("gpc", public_, matter)
			ends, begins := "", "2099-01-01"
			if c.moved {
				ends, begins = "2021-10-27", "2021-10-28"
			}
			w.record(
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area("A"), Name: "Alpha"}}},
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area("B"), Name: "Beta"}}},
				covers("north-essex", "North Essex LMC", &guidancev1.AreaTenure{Area: area("A"), ValidUntil: ends}, &guidancev1.AreaTenure{Area: area("B")}),
				covers("south-essex", "South Essex LMC", &guidancev1.AreaTenure{Area: area("A"), ValidFrom: begins}, &guidancev1.AreaTenure{Area: area("C")}),
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice}}},
			)
			w.put(essexOffice, public_, c.letter)
			if c.later != nil {
				w.put(essexOffice, public_, c.later)
			}
			if c.withdrawn != "" {
				w.put(essexOffice, public_, withdrawal(essexOffice, "essex/0", "2021-10-26", c.withdrawn))
			}
			got := w.verify(c.letter)
			if !got.Genuine || got.Current != c.current || got.CurrentInPart != (c.current && c.want != "") {
				t.Errorf("genuine %v, current %v, in part %v", got.Genuine, got.Current, got.CurrentInPart)
			}
			want := "This is essex/0, exactly as essex published it. " + cmp.Or(c.want, "It still stands.")
			if got.Words != want {
				t.Errorf("it says:\n%s\nwant:\n%s", got.Words, want)
			}
			entry, err := w.GetEntry(t.Context(), Public(), &answersv1.GetEntryRequest{Name: "essex/0"})
			if err != nil || !strings.HasSuffix(got.Words, entry.GetEntry().GetWords()) {
				t.Errorf("its page says %s, %v", entry.GetEntry().GetWords(), err)
			}
		})
	}
}
