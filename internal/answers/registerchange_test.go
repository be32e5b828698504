package answers

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// would is what records would change in a world, in words, without what is told field by field.
func (w *world) would(more ...*ledgerv1.RegisterRecord) []string {
	w.t.Helper()
	var words []string
	for _, c := range w.changes(more...) {
		if c.GetKind() != answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD {
			words = append(words, c.GetWords())
		}
	}
	return words
}

// changes is what records would change in a world.
func (w *world) changes(more ...*ledgerv1.RegisterRecord) []*answersv1.RegisterChange {
	w.t.Helper()
	records := w.records[:len(w.records):len(w.records)]
	for i, body := range more {
		records = append(records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: uint64(len(w.records) + i)}, Body: body})
	}
	changes, err := w.RegisterChanges(context.Background(), more, register.Fold("trial", "gpc", nil, records))
	if err != nil {
		w.t.Fatal(err)
	}
	return changes
}

func committeeOf(c *guidancev1.Committee) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}}
}

func areaOf(code string, practices, patients int32, release string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{
		Id: &guidancev1.AreaId{Scheme: "icb", Code: code}, Name: code,
		Practices: proto.Int32(practices), Patients: proto.Int32(patients), Release: release, PracticeCodes: []string{"F81001"},
	}}}
}

const lmc = guidancev1.CommitteeKind_COMMITTEE_KIND_LMC

func TestAChangeOfTheRegisterSaysWhatItDoesToCounts(t *testing.T) {
	w := newWorld(t)
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	cover := func(codes ...string) *guidancev1.Committee {
		c := &guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: lmc, Nation: "england"}
		for _, code := range codes {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}})
		}
		return c
	}
	ended := proto.CloneOf(cover())
	ended.ValidUntil = "2021-12-31"
	for name, c := range map[string]struct {
		more []*ledgerv1.RegisterRecord
		want []string
	}{
		"another LMC": {
			[]*ledgerv1.RegisterRecord{committeeOf(&guidancev1.Committee{Id: "avon", Name: "Avon LMC", Kind: lmc, Nation: "england"})},
			[]string{
				"LMCs of England that are counted: 2 -> 3 (with avon)",
				"plan, as of 2021-11-01: England, the whole matter: not joined yet 0 -> 1",
				"nobody speaks for avon yet: record a mandate, or admit its office.",
			},
		},
		"another body": {
			[]*ledgerv1.RegisterRecord{committeeOf(&guidancev1.Committee{Id: "rcgp", Name: "RCGP", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY})},
			[]string{"LMCs of England that are counted: 2, as before"},
		},
		"a conference": {
			[]*ledgerv1.RegisterRecord{committeeOf(&guidancev1.Committee{Id: "conference", Name: "Conference", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_CONFERENCE, Nation: "england"})},
			[]string{
				"LMCs of England that are counted: 2, as before",
				"nobody speaks for conference yet: record a mandate, or admit its office.",
			},
		},
		"an LMC that ends": {
			[]*ledgerv1.RegisterRecord{committeeOf(ended)},
			[]string{
				"LMCs of England that are counted from 2022-01-01: 2 -> 1 (without north-essex)",
				"plan, as of 2022-01-01: England, the whole matter: refuse 1 -> 0",
			},
		},
		"practices and patients, one practice in both areas": {
			[]*ledgerv1.RegisterRecord{areaOf("A", 40, 400_000, "1 May 2022"), areaOf("B", 5, 50_000, "1 June 2022"), committeeOf(cover("A", "B"))},
			[]string{
				"LMCs of England that are counted: 2, as before",
				"North Essex LMC covers on 2021-11-01: no number of practices or patients is recorded -> 44 practices and 450,000 patients (1 June 2022; 1 May 2022), 1 found by code",
				"All of England covers on 2021-11-01: no number of practices or patients is recorded -> at least 44 practices and at least 450,000 patients (1 June 2022; 1 May 2022), 1 found by code",
				"plan, as of 2021-11-01: England, the whole matter: practices: refuse 0 -> 44",
			},
		},
		"one practice and one patient": {
			[]*ledgerv1.RegisterRecord{areaOf("A", 1, 1, "1 May 2022"), committeeOf(cover("A"))},
			[]string{
				"LMCs of England that are counted: 2, as before",
				"North Essex LMC covers on 2021-11-01: no number of practices or patients is recorded -> 1 practice and 1 patient (1 May 2022), 1 found by code",
				"All of England covers on 2021-11-01: no number of practices or patients is recorded -> at least 1 practice and at least 1 patient (1 May 2022), 1 found by code",
				"plan, as of 2021-11-01: England, the whole matter: practices: refuse 0 -> 1",
			},
		},
		"who speaks, from a day that lies behind": {
			[]*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "north-essex", Office: "", ValidFrom: "2021-10-01"}}}},
			[]string{
				"north-essex is spoken for by: essex -> essex until 2021-09-30; nobody from 2021-10-01",
				"LMCs of England that are counted: 2, as before",
				"plan, as of 2021-11-01: England, the whole matter: nothing published here 1 -> 2, refuse 1 -> 0",
				"from 2021-10-01, which lies behind: from then on essex did not speak for north-essex by this register, and what it published for it since counts no more.",
			},
		},
		"a second national committee": {
			[]*ledgerv1.RegisterRecord{
				committeeOf(&guidancev1.Committee{Id: "gpc", Name: "GPC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "wales"}),
				committeeOf(&guidancev1.Committee{Id: "gpc-2", Name: "GPC 2", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "wales"}),
			},
			[]string{
				"LMCs of Wales that are counted: 0, as before",
				"nobody speaks for gpc yet: record a mandate, or admit its office.",
				"nobody speaks for gpc-2 yet: record a mandate, or admit its office.",
				"Wales has 2 national committees on 2021-11-01, gpc and gpc-2: LMCs are compared with the first by name alone.",
			},
		},
	} {
		if diff := cmp.Diff(c.want, w.would(c.more...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Of a mandate for an LMC of which no area is recorded it was said that as many were counted as before, and nothing of
// the count on a matter, where it then stood under another heading.
func TestAMandateForAnLMCWithoutAnAreaSaysThatItCountsAsJoined(t *testing.T) {
	w := newWorld(t)
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	avon := committeeOf(&guidancev1.Committee{Id: "avon", Name: "Avon LMC", Kind: lmc, Nation: "england"})
	mandate := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "avon", Office: "essex", ValidFrom: "2021-10-15"}}}
	w.record(avon)
	want := []string{
		"avon is spoken for by: essex from 2021-10-15",
		"LMCs of England that are counted: 3, as before",
		"plan, as of 2021-11-01: England, the whole matter: nothing published here 1 -> 2, not joined yet 1 -> 0",
	}
	if diff := cmp.Diff(want, w.would(mandate)); diff != "" {
		t.Error(diff)
	}
}

// One line a matter, and a dozen of them.
func TestManyMattersAreToldShortly(t *testing.T) {
	w := newWorld(t)
	for i := range 14 {
		w.put("gpc", public_, plan(fmt.Sprintf("gpc/plan-%c", 'a'+i), fmt.Sprintf("Plan %c", 'A'+i)))
	}
	closed := plan("gpc/closed", "A closed one")
	closed.Closed = &guidancev1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}
	w.put("gpc", public_, closed)
	var lines []string
	for _, words := range w.would(committeeOf(&guidancev1.Committee{Id: "avon", Name: "Avon LMC", Kind: lmc, Nation: "england"})) {
		if strings.Contains(words, "as of") || strings.Contains(words, "open matters") {
			lines = append(lines, words)
		}
	}
	if len(lines) != 13 || lines[12] != "and 3 more open matters" || strings.Contains(strings.Join(lines, "\n"), "closed") {
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}

func TestTheRegisterIsShownWhateverTheDay(t *testing.T) {
	w := newWorld(t)
	for _, c := range []*guidancev1.Committee{{Id: "gone", Name: "Gone LMC", Kind: lmc, ValidUntil: "2020-01-01"}} {
		w.records = append(w.records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: 4}, Body: committeeOf(c)})
	}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	for ever, want := range map[bool]string{true: "gone kent north-essex", false: "kent north-essex"} {
		resp, err := w.GetRegister(context.Background(), Public(), &answersv1.GetRegisterRequest{Ever: ever})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range resp.GetCommittees() {
			ids = append(ids, c.GetId())
		}
		if got := strings.Join(ids, " "); got != want || len(resp.GetMandates()) != 2 {
			t.Errorf("ever %v: %s, want %s; %d mandates", ever, got, want, len(resp.GetMandates()))
		}
	}
}

// record puts records into a world's register.
func (w *world) record(bodies ...*ledgerv1.RegisterRecord) {
	for _, body := range bodies {
		w.records = append(w.records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: uint64(len(w.records))}, Body: body, SignatureIsGood: true})
	}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
}

// admissionOf admits an office, whose log a key signs.
func admissionOf(t *testing.T, id, name string, key ed25519.PublicKey) *ledgerv1.RegisterRecord {
	t.Helper()
	root := sha256.Sum256([]byte(id))
	record, err := proto.Marshal(&ledgerv1.OfficeRecord{Federation: "trial", Office: &guidancev1.Office{Id: id, Name: name}, RootKey: root[:], LogKey: key})
	if err != nil {
		t.Fatal(err)
	}
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: &ledgerv1.SignedOfficeRecord{Record: record}}}}
}

// inIt is a letter limited to an area.
func inIt(day string, stance guidancev1.Stance, area string) *guidancev1.Advisory {
	letter := advisory("essex", day, stance, "north-essex")
	letter.Positions[0].Area = &guidancev1.AreaId{Scheme: "icb", Code: area}
	return letter
}

func coversArea(code, from, until string) *ledgerv1.RegisterRecord {
	return committeeOf(&guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{
		{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}, ValidFrom: from, ValidUntil: until},
		{Area: &guidancev1.AreaId{Scheme: "icb", Code: "REST"}},
	}})
}

// An area that is said to begin after a letter was issued takes the letter's line from it; the
// committee's own line, and so the count of committees, stays as it is.
func TestAnAreaThatTurnsALetterRoundIsShownThoughNoCommitteeIsCountedOtherwise(t *testing.T) {
	for numbers, want := range map[bool]string{
		true:  "plan, as of 2021-11-01: England, the whole matter: north-essex in icb:Q1: support -> no line of its own; practices: refuse 7 -> 12, support 5 -> 0",
		false: "plan, as of 2021-11-01: England, the whole matter: north-essex in icb:Q1: support -> no line of its own",
	} {
		w := newWorld(t)
		area := func(code string, practices int32, from string) *ledgerv1.RegisterRecord {
			record := areaOf(code, practices, 0, "1 May 2022")
			a := record.GetArea()
			a.ValidFrom, a.PracticeCodes = from, nil
			if a.Patients = nil; !numbers {
				a.Practices = nil
			}
			return record
		}
		w.record(area("Q1", 5, ""), area("REST", 7, ""), coversArea("Q1", "", ""))
		w.put("essex", public_, advisory("essex", "2021-10-20", refuse, "north-essex"))
		w.put("essex", public_, inIt("2021-10-25", support, "Q1"))
		var got []string
		for _, words := range w.would(area("Q1", 5, "2021-10-28")) {
			if strings.HasPrefix(words, "plan") {
				got = append(got, words)
			}
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("with numbers: %v (-want +got):\n%s", numbers, diff)
		}
	}
}

func TestAPracticeThatIsToldOtherwiseIsShown(t *testing.T) {
	w := newWorld(t)
	area := func(code string, practices ...string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{
			Id: &guidancev1.AreaId{Scheme: "icb", Code: code}, Name: code, PracticeCodes: practices,
		}}}
	}
	w.record(area("Q1", "F81001"), area("REST", "F81002"), coversArea("Q1", "", ""))
	w.put("essex", public_, advisory("essex", "2021-10-20", refuse, "north-essex"))
	w.put("essex", public_, inIt("2021-10-25", support, "Q1"))
	got := w.would(area("Q1", "F81001", "F81002"))
	if want := "plan, as of 2021-11-01: practice F81002, north-essex: refuse -> support"; !strings.Contains(strings.Join(got, "\n"), want) {
		t.Errorf("%s\nwant: %s", strings.Join(got, "\n"), want)
	}
}

// What is covered from now on as before, and was not in the past, changes the past.
func TestAChangeOfDaysThatLieBehindIsShown(t *testing.T) {
	w := newWorld(t)
	w.record(areaOf("Q1", 5, 500, "1 May 2022"), areaOf("REST", 7, 700, "1 May 2022"), coversArea("Q1", "", ""))
	w.put("essex", public_, advisory("essex", "2021-10-01", refuse, "north-essex"))
	got := strings.Join(w.would(coversArea("Q1", "2021-10-20", "")), "\n")
	for _, want := range []string{
		"North Essex LMC covers on 2021-10-19: 11 practices and 1,200 patients (1 May 2022), 1 found by code -> 7 practices and 700 patients (1 May 2022), 1 found by code",
		"plan, as of 2021-10-19: England, the whole matter: practices: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant: %s", got, want)
		}
	}
}

func speaks(office, committee, from string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: committee, Office: office, ValidFrom: from}}}
}

// Endings are read by who spoke on the ending's day (domain.md 4.2): a mandate from that very
// day on takes them from the office before.
func TestAMandateFromTheDayOfAWithdrawalSaysThatTheWithdrawnLetterCountsAgain(t *testing.T) {
	w := newWorld(t)
	letter := w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	other := advisory("essex", "2021-10-26", support, "north-essex")
	other.Replaces = []string{letter}
	replacing := w.put("essex", public_, other)
	withdrawal := w.put("essex", public_, &guidancev1.Withdrawal{
		Office: "essex", Advisory: replacing, OnBehalfOf: []string{"north-essex"}, Effective: "2021-11-01",
		Issued: &guidancev1.DayRange{Earliest: "2021-11-01", Latest: "2021-11-01"}, Reason: "It was mistaken.", Visibility: public_,
	})
	undone := func(by, day, ended, next string) string {
		return by + ", issued on " + day + ", ends " + ended + " and would count no more for north-essex: by this essex did not speak for it on that day. " +
			ended + " would count again. Where that is not meant, begin on " + next + " at the earliest."
	}
	withdrawn := []string{undone(withdrawal, "1 November 2021", replacing, "2 November 2021")}
	for from, want := range map[string][]string{
		"2021-11-02": nil,
		"2021-11-01": withdrawn,
		"2021-10-27": withdrawn,
		"2021-10-26": {undone(replacing, "26 October 2021", letter, "27 October 2021")},
		"2021-10-20": nil, // no letter of the old office counts
	} {
		var told []string
		for _, words := range w.would(speaks("essex-2", "north-essex", from)) {
			if strings.Contains(words, "count no more") {
				told = append(told, words)
			}
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("from %s (-want +got):\n%s", from, diff)
		}
	}
}

func TestAMandateFromTodaySaysThatWhatWasPublishedTodayCountsNoMore(t *testing.T) {
	w := newWorld(t)
	got := strings.Join(w.would(speaks("essex-2", "north-essex", "2021-11-01")), "\n")
	want := "from 2021-11-01, which is today: from then on essex does not speak for north-essex by this register, and what it published for it today counts no more."
	if !strings.Contains(got, want) {
		t.Errorf("%s\nwant: %s", got, want)
	}
}

func TestABodyThatCeasesSaysWhichMattersReadersAreToldOf(t *testing.T) {
	w := newWorld(t)
	body := func(id, until string, successors ...string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: id, Name: id, ValidUntil: until, Successors: successors}}}
	}
	for name, c := range map[string]struct {
		more []*ledgerv1.RegisterRecord
		want []string
	}{
		"behind": {
			[]*ledgerv1.RegisterRecord{body("nhs-north", ""), body("nhs-england", "2021-10-20", "nhs-north")},
			[]string{"plan, as of 2021-11-01: readers are told: “NHS England, which proposed this, ceased on 20 October 2021; in its place: nhs-north.”"},
		},
		"ahead, and nothing in its place": {
			[]*ledgerv1.RegisterRecord{body("nhs-england", "2022-03-31")},
			[]string{
				"plan, as of 2022-04-01: readers are told: “NHS England, which proposed this, ceased on 31 March 2022; the register names nothing in its place.”",
				"nhs-england ceases on 2022-03-31, and nothing is recorded in its place: readers are told so. Record its successors when they are known.",
			},
		},
		"another body": {[]*ledgerv1.RegisterRecord{body("phe", "2021-09-30", "nhs-england")}, nil},
	} {
		if diff := cmp.Diff(c.want, w.would(c.more...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The count before and after was that of the register's first day, and the lines were said to be
// counted as before.
func TestAnLMCThatIsNoneAnyMoreIsCountedOutAsOfToday(t *testing.T) {
	w := newWorld(t)
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	w.record(committeeOf(&guidancev1.Committee{Id: "avon", Name: "Avon LMC", Kind: lmc, Nation: "england", ValidUntil: "2021-06-30"}))
	got := w.would(committeeOf(&guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_CONFERENCE, Nation: "england"}))
	want := []string{
		"LMCs of England that are counted, today: 2 -> 1 (without north-essex)",
		"plan, as of 2021-11-01: England, the whole matter: refuse 1 -> 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The preview of a mandate's end, or of a practice that moves, was silent where the correction of a deadline counts no more by
// it: whoever works to that day was told another, and the keeper nothing.
func TestARegisterChangeThatMovesADeadlineIsTold(t *testing.T) {
	ends := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "kent", ValidUntil: "2021-10-28"}}}
	for name, c := range map[string]struct {
		day, text string
		how       guidancev1.ActionStrength
		want      string
	}{
		"by another day": {"2021-12-03", "", guidancev1.ActionStrength_ACTION_STRENGTH_MUST, "insists: send the form, by 3 December 2021 (kent/1) -> insists: send the form, by 10 December 2021 (kent/0)"},
		"no must":        {"2021-12-10", "", guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, "asks: send the form, by 10 December 2021 (kent/1) -> insists: send the form, by 10 December 2021 (kent/0)"},
		"with a text":    {"2021-12-10", "We decline.", guidancev1.ActionStrength_ACTION_STRENGTH_MUST, "insists: send the form, by 10 December 2021, without its text now (kent/0)"},
	} {
		w := newWorld(t)
		asks := func(a *guidancev1.Advisory, day, text string, how guidancev1.ActionStrength) *guidancev1.Advisory {
			a.Actions = []*guidancev1.Action{{Verb: "send", Object: "the form", Matter: thePlan, Strength: how, Template: text, Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}}}
			return a
		}
		first := w.put("kent", public_, asks(advisory("kent", "2021-10-20", refuse, "kent"), "2021-12-10", "", guidancev1.ActionStrength_ACTION_STRENGTH_MUST))
		corrects := asks(advisory("kent", "2021-10-29", refuse, "kent"), c.day, c.text, c.how)
		corrects.Positions, corrects.Matters, corrects.Amends = nil, []string{thePlan}, []string{first}
		w.put("kent", public_, corrects)
		want := "England, the whole matter: kent is asked otherwise: " + c.want
		if got := strings.Join(w.would(ends), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant %s", name, got, want)
		}
	}
}
