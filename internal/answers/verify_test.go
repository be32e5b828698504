package answers

import (
	"cmp"
	"context"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

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
	andTo := func(audience guidancev1.Audience) func(*guidancev1.Position) {
		return func(p *guidancev1.Position) { p.Audiences = append(p.Audiences, audience) }
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
		"amended in each of its areas": {
			letter: say("2021-10-20", north, on("", refuse), asks), later: say("2021-10-25", north, on("", support, in("A")), on("", guidancev1.Stance_STANCE_PRACTICE_DECIDES, in("B")), amends), current: false,
			want: "It no longer counts: amended by essex/1 from 25 October 2021.",
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
			want: "It still stands in part. For North Essex LMC: over its line on “The hubs” (hubs) a later line stands: essex/1.",
		},
		"a later line over it for some of its readers": {
			letter: say("2021-10-20", north, on("", refuse, to(guidancev1.Audience_AUDIENCE_PRACTICES), andTo(guidancev1.Audience_AUDIENCE_PCNS))), later: say("2021-10-25", north, on("", refuse, to(guidancev1.Audience_AUDIENCE_PCNS))), current: true,
			want: "It still stands in part. Over its line on the whole matter, of primary care networks, a later line stands: essex/1.",
		},
		"a later line over it in an area": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", north, on("", refuse, in("A"))), current: true,
			want: "It still stands in part. Over its line on the whole matter, in Alpha (icb:A), a later line stands: essex/1.",
		},
		"replaced by a line in each of its areas": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", north, on("", refuse, in("A")), on("", refuse, in("B")), replaces), current: false,
			want: "It no longer counts: replaced by essex/1 from 25 October 2021.",
		},
		"an area that another committee speaks in now": {
			letter: say("2021-10-20", north, on("", refuse)), moved: true, current: true,
			want: "It still stands in part. In Alpha (icb:A) it is told no more, for South Essex LMC speaks there now; nothing stands there now.",
		},
		"and that committee has spoken": {
			letter: say("2021-10-20", north, on("", refuse)), later: say("2021-10-25", []string{"south-essex"}, on("", support)), moved: true, current: true,
			want: "It still stands in part. In Alpha (icb:A) it is told no more, for South Essex LMC speaks there now; what stands there now is essex/1.",
		},
		"an area that was the other committee's alone": {
			letter: say("2021-10-20", both, on("", refuse, in("B"))), current: true,
			want: "",
		},
		"an area that was merged": {
			letter: say("2021-10-20", north, on("", refuse, in("OLD"))), current: true,
			want: "It still stands in part. Old (icb:OLD) has been merged into Beta (icb:B): what it says of that is the line of whoever was in it alone, and others are told that it was said of it.",
		},
		"an area that was merged, and a later line over it": {
			letter: say("2021-10-20", north, on("", refuse, in("OLD"))), later: say("2021-10-26", north, on("", support), replaces), current: false,
			want: "It no longer counts: replaced by essex/1 from 26 October 2021.",
		},
		"an area of one of two committees that was merged": {
			letter: say("2021-10-20", both, on("", refuse, in("C")), func(a *guidancev1.Advisory) {
				a.Positions[0].Committees = []string{"south-essex"}
				on("", refuse, in("OLD"))(a)
				a.Positions[1].Committees = north
			}), current: true,
			want: "It still stands in part. For North Essex LMC: Old (icb:OLD) has been merged into Beta (icb:B): what it says of that is the line of whoever was in it alone, and others are told that it was said of it.",
		},
		"areas that were merged": {
			letter: say("2021-10-20", north, on("", refuse, in("OLD")), on("", refuse, in("OLD2"))), current: true,
			want: "It still stands in part. Old (icb:OLD) has been merged into Beta (icb:B): what it says of that is the line of whoever was in it alone, and others are told that it was said of it. Old 2 (icb:OLD2) has been merged into Beta (icb:B): what it says of that is the line of whoever was in it alone, and others are told that it was said of it.",
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
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area("OLD"), Name: "Old", ValidUntil: "2021-10-25", Successors: []*guidancev1.AreaId{area("B")}}}},
				&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area("OLD2"), Name: "Old 2", ValidUntil: "2021-10-25", Successors: []*guidancev1.AreaId{area("B")}}}},
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

// Where committees merged, and their areas with them, a letter of one of them was called current, and its
// successor's page has nothing for the whole of its area.
func TestALetterOfACommitteeWhoseAreasWereMergedIsCurrentInPart(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	area := func(code, until string, successors ...*guidancev1.AreaId) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "icb", Code: code}, Name: "Area " + code, ValidUntil: until, Successors: successors}}}
	}
	covers := func(id, name string, predecessors []string, codes ...string) *ledgerv1.RegisterRecord {
		c := &guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: "england", Predecessors: predecessors}
		for _, code := range codes {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}})
		}
		return committeeOf(c)
	}
	into := &guidancev1.AreaId{Scheme: "icb", Code: "R"}
	w.record(
		area("R", ""), area("P", "2021-10-24", into), area("Q", "2021-10-24", into), area("S", ""),
		covers("north-essex", "North Essex LMC", nil, "P", "Q", "S"), covers("union", "Union LMC", []string{"north-essex"}, "R", "S"),
	)
	letter := advisory(essexOffice, "2021-10-20", refuse, "north-essex")
	w.put(essexOffice, public_, letter)
	got := w.verify(letter)
	want := "This is essex/0, exactly as essex published it. It still stands in part."
	for _, code := range []string{"P", "Q"} {
		want += " Area " + code + " (icb:" + code + ") has been merged into Area R (icb:R): what it says of that is the line of whoever was in it alone, and others are told that it was said of it."
	}
	if !got.Current || !got.CurrentInPart || got.Words != want {
		t.Errorf("current %v, in part %v: %s", got.Current, got.CurrentInPart, got.Words)
	}
}

// A withdrawal on behalf of several committees, of one of which its office had not spoken, was said to
// withdraw for all.
func TestAWithdrawalSaysForWhomItEndsNothing(t *testing.T) {
	w := newWorld(t)
	w.record(
		committeeOf(&guidancev1.Committee{Id: "south-essex", Name: "South Essex LMC", Kind: lmc, Nation: "england"}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice, ValidUntil: "2021-10-22"}}},
	)
	letter := advisory(essexOffice, "2021-10-20", refuse, "north-essex", "south-essex")
	taken := withdrawal(essexOffice, w.put(essexOffice, public_, letter), "2021-10-26", "north-essex", "south-essex")
	w.put(essexOffice, public_, taken)
	got := w.verify(taken)
	want := "This is essex/1, exactly as essex published it. It withdraws essex/0. For South Essex LMC: the register did not let essex speak for those it names on that day, and it does not count."
	if !got.Current || !got.CurrentInPart || got.Words != want {
		t.Errorf("the withdrawal: current %v, in part %v: %s", got.Current, got.CurrentInPart, got.Words)
	}
	want = "This is essex/0, exactly as essex published it. It still stands in part. For North Essex LMC: nothing of it stands: withdrawn by essex/1 from 26 October 2021. What stands now: nothing for North Essex LMC."
	if got := w.verify(letter); !got.CurrentInPart || got.Words != want {
		t.Errorf("the letter: in part %v: %s", got.CurrentInPart, got.Words)
	}
}

// Of a letter on a matter that was closed it was not said that it was.
func TestALetterOfAMatterThatWasClosedSaysSo(t *testing.T) {
	w := newWorld(t)
	closed := plan(thePlan, "The plan")
	closed.Closed = &guidancev1.DayRange{Earliest: "2021-10-30", Latest: "2021-10-30"}
	letter := advisory(essexOffice, "2021-10-20", refuse, "north-essex")
	w.put(essexOffice, public_, letter)
	w.put("gpc", public_, closed)
	want := "This is essex/0, exactly as essex published it. It still stands. The matter it is on, “The plan” (gpc/plan), was closed: 30 October 2021."
	if got := w.verify(letter); !got.Current || got.Words != want {
		t.Errorf("current %v: %s", got.Current, got.Words)
	}
}

// Where committees were merged, or another office speaks by now, a letter stands until a newer line does,
// and a withdrawal ends what it ended.
func TestALetterStandsOverAMergerOfItsCommitteeUntilThatSpeaks(t *testing.T) {
	w := newWorld(t)
	area := func(code, until string) *guidancev1.AreaTenure {
		return &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}, ValidUntil: until}
	}
	w.record(
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area("A", "").Area, Name: "Alpha"}}},
		committeeOf(&guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: lmc, Nation: "england", ValidUntil: "2021-10-28", Areas: []*guidancev1.AreaTenure{area("A", "2021-10-28")}}),
		committeeOf(&guidancev1.Committee{Id: "union", Name: "Union LMC", Kind: lmc, Nation: "england", ValidFrom: "2021-10-29", Predecessors: []string{"north-essex"}, Areas: []*guidancev1.AreaTenure{area("A", "")}}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "union", Office: "kent", ValidFrom: "2021-10-29"}}},
	)
	letter := advisory(essexOffice, "2021-10-20", refuse, "north-essex")
	other := advisory(essexOffice, "2021-10-21", refuse, "north-essex")
	taken := withdrawal(essexOffice, "essex/1", "2021-10-26", "north-essex")
	for _, said := range []*guidancev1.Advisory{letter, other} {
		w.put(essexOffice, public_, said)
	}
	w.put(essexOffice, public_, taken)
	says := func(said proto.Message, words string, current bool) {
		t.Helper()
		got := w.verify(said)
		if got.Current != current || got.CurrentInPart || !strings.HasSuffix(got.Words, words) {
			t.Errorf("current %v, in part %v: %s", got.Current, got.CurrentInPart, got.Words)
		}
	}
	says(letter, " exactly as essex published it. It still stands.", true)
	says(taken, " exactly as essex published it. It withdraws essex/1.", true)
	says(other, " It no longer counts: withdrawn by essex/2 from 26 October 2021. What stands now is essex/0.", false)
	w.put("kent", public_, advisory("kent", "2021-10-30", support, "union"))
	says(letter, " Nothing has ended it, but a later line stands over it: kent/0 (30 October 2021).", true)
	w.put("kent", public_, withdrawal("kent", "essex/0", "2021-10-31", "union"))
	says(letter, " It no longer counts: withdrawn by kent/1 from 31 October 2021. What stands now is kent/0.", false)
	says(withdrawal("kent", "essex/0", "2021-10-31", "union"), " exactly as kent published it. It withdraws essex/0.", true)
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list.GetEntries() { // and so in lists, though another office ended it
		if e.GetName() == "essex/0" && (len(e.GetStandings()) != 1 || e.GetStandings()[0].GetCurrent()) {
			t.Errorf("listed as standing: %v", e.GetStandings())
		}
	}
}

// What will end a letter was said no more where a part of it had ended already.
func TestALetterThatIsCurrentInPartSaysWhatWillEndTheRest(t *testing.T) {
	w := newWorld(t)
	letter := advisory(essexOffice, "2021-10-20", refuse, "north-essex")
	letter.Positions = append(letter.Positions, advisory(essexOffice, "2021-10-20", support, "north-essex").Positions...)
	letter.Positions[1].Measure, letter.Positions[1].ValidUntil = "hubs", "2021-10-29"
	w.put(essexOffice, public_, letter)
	ahead := withdrawal(essexOffice, "essex/0", "2021-11-20", "north-essex")
	ahead.Issued = &guidancev1.DayRange{Earliest: "2021-10-30", Latest: "2021-10-30"}
	w.put(essexOffice, public_, ahead)
	want := "It still stands in part. Its line on hubs was valid until 29 October 2021; nothing stands there now. On 20 November 2021 it ends, by essex/1."
	if got := w.verify(letter); !got.CurrentInPart || !strings.HasSuffix(got.Words, want) {
		t.Errorf("in part %v: %s", got.CurrentInPart, got.Words)
	}
}

// Of a letter of committees that merged, a duty that their successor took back was said to stand, and a line to have
// been amended where it was never told.
func TestOfALetterBeforeAMergerOnlyWhatTheSuccessorTellsIsSaidToStand(t *testing.T) {
	w := newWorld(t)
	matter := plan(thePlan, "The plan")
	for _, id := range []string{"hubs", "access"} {
		matter.Measures = append(matter.Measures, &guidancev1.Measure{Id: id, Title: "The " + id, Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}})
	}
	w.put("gpc", public_, matter)
	area := func(code string) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "icb", Code: code} }
	covers := func(id, name, until string, predecessors []string, codes ...string) *ledgerv1.RegisterRecord {
		c := &guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: "england", Predecessors: predecessors, ValidUntil: until}
		for _, code := range codes {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: area(code), ValidUntil: until})
		}
		return committeeOf(c)
	}
	for _, code := range []string{"P", "Q"} {
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: area(code), Name: "Area " + code}}})
	}
	w.record(
		covers("north-essex", "North Essex LMC", "2021-10-24", nil, "P"), covers("south-essex", "South Essex LMC", "2021-10-24", nil, "Q"), covers("union", "Union LMC", "", []string{"north-essex", "south-essex"}, "P", "Q"),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice}}},
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "union", Office: essexOffice}}},
	)
	letter := advisory(essexOffice, "2021-10-20", guidancev1.Stance_STANCE_CAUTION, "north-essex", "south-essex")
	says := func(a *guidancev1.Advisory, committee, measure, code string, stance guidancev1.Stance) {
		p := advisory(a.Office, a.Issued.Latest, stance, committee).Positions[0]
		if p.Measure = measure; code != "" {
			p.Area = area(code)
		}
		a.Positions = append(a.Positions, p)
	}
	says(letter, "north-essex", "hubs", "", refuse)
	says(letter, "south-essex", "hubs", "", support)
	says(letter, "south-essex", "access", "", guidancev1.Stance_STANCE_REQUIRED)
	later := advisory(essexOffice, "2021-10-26", refuse, "union")
	later.Positions, later.Amends = nil, []string{"essex/0"}
	says(later, "union", "hubs", "P", guidancev1.Stance_STANCE_PRACTICE_DECIDES)
	says(later, "union", "access", "", guidancev1.Stance_STANCE_CAUTION)
	w.put(essexOffice, public_, letter)
	w.put(essexOffice, public_, later)
	got := w.verify(letter)
	const amended = " was amended by essex/1 from 26 October 2021; what stands there now is essex/1."
	want := "This is essex/0, exactly as essex published it. It still stands in part." +
		" For North Essex LMC: its line on the whole matter, on “The access” (access)," + amended + " Its line on “The hubs” (hubs)" + amended +
		" For South Essex LMC: its line on “The access” (access)" + amended
	if !got.Current || !got.CurrentInPart || got.Words != want {
		t.Errorf("current %v, in part %v:\n%s\nwant\n%s", got.Current, got.CurrentInPart, got.Words, want)
	}
}

// Of a letter that had asked members, or passed something on, and in whose place a line stands, it was said that
// nothing does, or that this has no line on it; so was of a line that holds from a later day.
func TestWhatStandsInThePlaceOfALetterThatTookNoLineOrUntilALineHoldsIsNamed(t *testing.T) {
	const consulting, info, decides = guidancev1.Stance_STANCE_CONSULTING, guidancev1.Stance_STANCE_INFORMATION_ONLY, guidancev1.Stance_STANCE_PRACTICE_DECIDES
	for name, c := range map[string]struct {
		was, is guidancev1.Stance
		change  func(a *guidancev1.Advisory)
		want    string
	}{
		"asked, and replaced":     {consulting, refuse, func(a *guidancev1.Advisory) { a.Replaces = []string{"kent/0"} }, "It no longer counts: replaced by kent/1 from 20 October 2021."},
		"asked, and amended":      {consulting, refuse, func(a *guidancev1.Advisory) { a.Amends = []string{"kent/0"} }, "It no longer counts: amended by kent/1 from 20 October 2021."},
		"asked, and asked anew":   {consulting, consulting, func(a *guidancev1.Advisory) { a.Replaces = []string{"kent/0"} }, "It no longer counts: replaced by kent/1 from 20 October 2021."},
		"told, and replaced":      {info, decides, func(a *guidancev1.Advisory) { a.Replaces = []string{"kent/0"} }, "It no longer counts: replaced by kent/1 from 20 October 2021."},
		"of another measure":      {consulting, refuse, func(a *guidancev1.Advisory) { a.Replaces = []string{"kent/0"}; onMeasures(a, "fund") }, "It no longer counts: replaced by kent/1 from 20 October 2021. What stands now is kent/1, which has no line on what this said."},
		"a line from a later day": {refuse, support, func(a *guidancev1.Advisory) { a.Replaces = []string{"kent/0"}; a.Positions[0].ValidFrom = "2021-12-03" }, "It no longer counts: replaced by kent/1 from 20 October 2021. What stands now is kent/1, whose line on what this said holds from 3 December 2021 on."},
		"a line from a later day beside one that holds": {refuse, support, func(a *guidancev1.Advisory) {
			a.Replaces = []string{"kent/0"}
			onMeasures(a, "engage", "fund")
			a.Positions[1].ValidFrom = "2021-12-03"
		}, "It no longer counts: replaced by kent/1 from 20 October 2021. What stands now is kent/1 on engage and kent/1 on fund from 3 December 2021 on."},
		"a line that waits": {refuse, support, func(a *guidancev1.Advisory) {
			a.Replaces = []string{"kent/0"}
			a.Positions[0].Conditions = []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "they sign"}}
		}, "It no longer counts: replaced by kent/1 from 20 October 2021. What stands now is kent/1, whose line on what this said waits for a condition."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("gpc", public_, planOfTwoMeasures())
			measures := []string{"engage"}
			if strings.Contains(name, "beside") {
				measures = append(measures, "fund")
			}
			letter, later := onMeasures(advisory("kent", "2021-10-10", c.was, "kent"), measures...), onMeasures(advisory("kent", "2021-10-20", c.is, "kent"), "engage")
			c.change(later)
			w.put("kent", public_, letter)
			w.put("kent", public_, later)
			got := w.verify(letter)
			if want := "This is kent/0, exactly as kent published it. " + c.want; got.GetWords() != want {
				t.Errorf("it says:\n%s\nwant:\n%s", got.GetWords(), want)
			}
			if now := got.GetEntry().GetStandings()[0].GetStandsNow(); now != "kent/1" {
				t.Errorf("what stands now is %q", now)
			}
		})
	}
}

// Of a report it was said that it is genuine and current, as of its committee's own letter.
func TestAReportIsVerifiedAsAReport(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: "gpc"}}})
	said := advisory("gpc", "2021-10-20", refuse, "kent").Positions[0]
	said.Provenance = guidancev1.Provenance_PROVENANCE_REPORTED
	report := &guidancev1.ReportedPosition{Office: "gpc", Issued: &guidancev1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}, Position: said, Source: &guidancev1.Reference{Publisher: "Pulse"}, Visibility: public_}
	w.put("gpc", public_, report)
	want := "exactly as gpc published it. It is a report of what Kent LMC is said to have said, and not its own word. It still stands."
	if got := w.verify(report); !got.Current || !strings.HasSuffix(got.GetWords(), want) {
		t.Errorf("%v: %s", got.Current, got.GetWords())
	}
}

// Search, the page of a letter and whoever verified it said that it still stood, once a newer line had stopped what it
// asked with what it passed on: no view asked that any more.
func TestALetterOfWhichARequestGaveWayStandsInPartWhereverItIsTold(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england"}}},
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: "gpc"}}})
	searching(w)
	national := w.put("gpc", public_, advisory("gpc", "2021-10-19", refuse, "gpc-england"))
	passes := told("Zebras")
	passes.Issued = &guidancev1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}
	passes.Positions[0].Stance, passes.Positions[0].Provenance = guidancev1.Stance_STANCE_INFORMATION_ONLY, guidancev1.Provenance_PROVENANCE_RELAY
	passes.Positions[0].RelayOf = &guidancev1.RelaySource{Committee: "gpc-england", Advisory: national}
	passes.Actions = []*guidancev1.Action{{Verb: "wait", Matter: thePlan, Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-12-03"}}}}
	letter := w.put(essexOffice, public_, passes)
	told := func(want string, part bool) {
		t.Helper()
		got := w.verify(passes)
		if got.CurrentInPart != part || !got.Current || !strings.HasSuffix(got.Words, want) {
			t.Errorf("verified, in part %v: %s", got.CurrentInPart, got.Words)
		}
		if page, err := w.GetEntry(t.Context(), Public(), &answersv1.GetEntryRequest{Name: letter}); err != nil || page.GetEntry().GetWords() != want {
			t.Errorf("its page says %q, %v", page.GetEntry().GetWords(), err)
		}
		if hit := w.search(Public(), &answersv1.SearchRequest{Query: "zebras"}).GetHits()[0]; hit.GetStanding() != want || !hit.GetStands() {
			t.Errorf("found, it says %q, stands %v", hit.GetStanding(), hit.GetStands())
		}
	}
	told("It still stands.", false)
	against := advisory(essexOffice, "2021-10-21", guidancev1.Stance_STANCE_ADVISE_AGAINST, "north-essex") // which it goes with
	w.put(essexOffice, public_, against)
	told("It still stands.", false)
	newer := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-22", guidancev1.Stance_STANCE_PRACTICE_DECIDES, "north-essex"))
	told("It still stands in part. It asks no more: wait, by 3 December 2021. A later line stands: "+newer+".", true)
}

// Whoever checked a letter of which the correction had been corrected itself, or over which a newer line of the same stance
// stood, was not told that what it asks is asked by another day now, and by which letter.
func TestALetterIsVerifiedWithTheOneThatAsksInItsPlace(t *testing.T) {
	letter, first := sending("2021-10-20", "2021-12-14"), sending("2021-10-21", "2021-12-16", "essex/0")
	second, repeats := sending("2021-10-22", "2021-12-17", "essex/1"), advisory(essexOffice, "2021-10-22", refuse, "north-essex")
	const reads = " (22 October 2021) corrects it and takes no position: read that too."
	for name, c := range map[string]struct {
		of   *guidancev1.Advisory
		then []proto.Message
		want string
	}{
		"corrected twice":           {letter, []proto.Message{first, second}, "It still stands in part. It asks no more: send the form, by 14 December 2021: essex/2 asks it, by 17 December 2021. essex/2" + reads},
		"corrected, under a line":   {letter, []proto.Message{first, repeats}, "Nothing has ended it. A later line stands over it: essex/2. It asks no more: send the form, by 14 December 2021: essex/1 asks it, by 16 December 2021. essex/1 (21 October 2021) corrects it and takes no position: read that too."},
		"a line alone":              {letter, []proto.Message{repeats}, "Nothing has ended it, but a later line stands over it: essex/1 (22 October 2021)."},
		"the correction of another": {first, []proto.Message{first, second}, "It no longer counts: amended by essex/2 from 22 October 2021. essex/2" + reads},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("gpc", public_, plan(thePlan, "The plan"))
			w.put(essexOffice, public_, append([]proto.Message{letter}, c.then...)...)
			if got := w.verify(c.of); !strings.HasSuffix(got.GetWords(), " published it. "+c.want) {
				t.Errorf("it says:\n%s\nwant:\n%s", got.GetWords(), c.want)
			}
		})
	}
}

// sending is a letter that asks the form to be sent by a day; where it amends another, without a line.
func sending(issued, due string, amends ...string) *guidancev1.Advisory {
	a := advisory(essexOffice, issued, refuse, "north-essex")
	a.Actions = []*guidancev1.Action{{
		Verb: "send", Object: "the form", Matter: thePlan, Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: due}},
	}}
	if a.Amends = amends; amends != nil {
		a.Positions = nil
	}
	return a
}

// A list said of a letter that a correction is to be read too which had ended or was corrected since, and that it still asks what
// one that counts again asks in its place: of a correction of a correction, nothing was read that ends it.
func TestAListSaysOfALetterWhichCorrectionOfACorrectionStands(t *testing.T) {
	letter, first, second := sending("2021-10-20", "2021-12-14"), sending("2021-10-21", "2021-12-16", "essex/0"), sending("2021-10-22", "2021-12-17", "essex/1")
	newsletter := advisory(essexOffice, "2021-10-23", refuse, "north-essex")
	newsletter.Positions, newsletter.Replaces = nil, []string{"essex/1"}
	back := withdrawal(essexOffice, "essex/2", "2021-10-24", "north-essex")
	back.Restores = []string{"essex/1"}
	for name, c := range map[string]struct {
		all  []proto.Message
		want string
	}{
		"corrected three times":              {[]proto.Message{letter, first, second, sending("2021-10-23", "2021-12-20", "essex/2")}, "essex/3 (23 October 2021)"},
		"the second of two is withdrawn":     {[]proto.Message{letter, first, second, withdrawal(essexOffice, "essex/2", "2021-10-23", "north-essex")}, "essex/1 (21 October 2021)"},
		"what replaced the one is withdrawn": {[]proto.Message{letter, first, newsletter, back}, "essex/1 (21 October 2021)"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("gpc", public_, plan(thePlan, "The plan"))
			w.put(essexOffice, public_, c.all...)
			list, err := w.ListEntries(t.Context(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list.GetEntries() {
				if e.GetName() != "essex/0" {
					continue
				}
				if want := "It still stands. " + c.want + " corrects it and takes no position: read that too."; e.GetWords() != want || len(e.GetStandings()[0].GetNotAsked()) != 1 {
					t.Errorf("it says:\n%s (not asked %v)\nwant:\n%s", e.GetWords(), e.GetStandings()[0].GetNotAsked(), want)
				}
				return
			}
			t.Error("it is not there")
		})
	}
}
