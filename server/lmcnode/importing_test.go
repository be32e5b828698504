package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// kept is a register that imports are recorded in.
type kept struct {
	records []register.Record
	reg     *register.Register
}

func (k *kept) record(bodies ...*ledgerv1.RegisterRecord) {
	for _, body := range bodies {
		k.records = append(k.records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: uint64(len(k.records))}, Body: body})
	}
	k.reg = register.Fold("trial", "gpc", nil, k.records)
}

// asked is what a node tells of it to whoever imports.
func (k *kept) asked() (*answersv1.GetRegisterResponse, *answersv1.ListPracticesResponse) {
	known := &answersv1.ListPracticesResponse{Releases: k.reg.Releases()}
	for _, code := range k.reg.PracticeCodes() {
		known.Practices = append(known.Practices, k.reg.Practice(code))
	}
	return &answersv1.GetRegisterResponse{Day: "2030-01-01", Areas: k.reg.EveryArea(), Committees: k.reg.EveryCommittee()}, known
}

// admits records the LMCs that lists name.
func (k *kept) admits(t testing.TB, files ...ods.File) {
	t.Helper()
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	var bodies []*ledgerv1.RegisterRecord
	seen := map[string]bool{}
	for _, m := range release.Memberships {
		if !seen[m.Committee] && k.reg.Committee(m.Committee) == nil {
			seen[m.Committee] = true
			bodies = append(bodies, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: m.Committee, Name: notation.Title(m.Committee), Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}})
		}
	}
	k.record(bodies...)
}

// imports records a release, and returns what was recorded.
func (k *kept) imports(t testing.TB, files ...ods.File) []*ledgerv1.RegisterRecord {
	t.Helper()
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	records, err := newImporting(reg, known, release, nil).records()
	if err != nil {
		t.Fatal(err)
	}
	before := len(k.reg.Problems())
	k.record(records...)
	if problems := k.reg.Problems(); len(problems) > before {
		t.Fatalf("the register does not hold together: %v", problems[before:])
	}
	return records
}

// Half a year of England and Wales: each release recorded as what changed since the one before says of each
// practice what its files say, and of each day before what was so then.
func TestMonthsOfReleasesAreRecordedAsDifferences(t *testing.T) {
	if testing.Short() {
		t.Skip("reads six full releases")
	}
	k := &kept{}
	k.record()
	type then struct {
		day string
		in  map[string]notation.Area
		icb map[notation.Area]string // of each sub-ICB location
	}
	var said []then
	for month, files := range corpus.NHS(1, 6) {
		k.admits(t, files...)
		start := time.Now()
		records := k.imports(t, files...)
		size := 0
		for _, r := range records {
			size += proto.Size(r)
		}
		t.Logf("month %d: %d records of %d KiB in %v", month, len(records), size>>10, time.Since(start).Round(time.Millisecond))
		if limit := 1_200_000; size > limit {
			t.Errorf("month %d: %d bytes do not fit into one request", month, size)
		}
		if again := k.imports(t, files...); len(again) > 0 {
			t.Errorf("month %d, once more: %d records", month, len(again))
		}
		release, err := ods.Read(files...)
		if err != nil {
			t.Fatal(err)
		}
		now := then{release.Day, map[string]notation.Area{}, map[notation.Area]string{}}
		for _, a := range release.Areas {
			if a.ID.Scheme == ods.SubICB && (a.Closed == "" || a.Closed >= release.Day) {
				now.icb[a.ID] = a.ICB
			}
		}
		for i := range release.Practices {
			if p := &release.Practices[i]; p.GP && p.IsOpen() {
				now.in[p.Code] = p.Commissioner.Area
			}
		}
		said = append(said, now)
		for _, one := range []then{said[0], now} {
			open := 0
			for n, code := range k.reg.PracticeCodes() {
				in := slices.DeleteFunc(k.reg.PracticeIn(code, one.day), func(id *guidancev1.AreaId) bool { return id.Scheme == register.ListScheme })
				area, isOpen := one.in[code]
				if isOpen {
					open++
				}
				for _, list := range k.reg.PracticeIn(code, one.day) {
					if n%16 > 0 {
						break // of some
					}
					if lies := k.reg.Contains(idOf(area), list, one.day); !lies {
						t.Fatalf("month %d, %s on %s: it is in %s, and that lies in no part of %s:\n%v\n%v", month, code, one.day, notation.AreaOf(list), area, k.reg.Practice(code), k.reg.Area(list, one.day))
					}
				}
				if isOpen != (len(in) == 1) || isOpen && notation.AreaOf(in[0]) != area {
					t.Fatalf("month %d, %s on %s: in %v, the files say %v (open: %v)\n%v", month, code, one.day, in, area, isOpen, k.reg.Practice(code))
				}
			}
			icbs := slices.DeleteFunc(k.reg.Areas(one.day), func(a *guidancev1.Area) bool { return a.Id.Scheme != ods.ICB })
			for sub, icb := range one.icb {
				for _, a := range icbs {
					if lies := k.reg.Contains(a.Id, &guidancev1.AreaId{Scheme: sub.Scheme, Code: sub.Code}, one.day); lies != (a.Id.Code == icb) {
						t.Fatalf("month %d: %s lies in %s on %s: %t, the files say %s", month, sub, a.Id.Code, one.day, lies, icb)
					}
				}
			}
			if open != len(one.in) {
				t.Fatalf("month %d: %d practices, the files have %d", month, open, len(one.in))
			}
		}
	}
	for day, want := range map[string]int{"2026-03-31": 42, "2026-04-01": 36} {
		icbs := 0
		for _, a := range k.reg.Areas(day) {
			if a.Id.Scheme == ods.ICB {
				icbs++
			}
		}
		if icbs != want {
			t.Errorf("%d ICBs on %s, want %d", icbs, day, want)
		}
	}
}

// A list of an office has rules of areas, rows of practices and mergers; what stands in it no more has ended.
func TestOfficesListsBecomeAreasAndDays(t *testing.T) {
	k := &kept{}
	for _, id := range []string{"croydon", "merton", "kent"} {
		k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: id, Name: notation.Title(id) + " LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}})
	}
	row := func(code, area, closed string) []string {
		status := map[bool]string{true: "A", false: "C"}[closed == ""]
		return []string{code, "SURGERY " + code, "Y56", "QWE", "", "", "", "", "", "ZZ1 1ZZ", "19740401", closed, status, "B", area, "20200401", "", "", "", "", "", "0", "", area, "", "4", ""}
	}
	practices := func(rows ...[]string) ods.File {
		return ods.File{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: "2026-01-31", Bytes: corpus.CSV(rows)}
	}
	list := func(rows string) ods.File {
		return ods.File{Kind: ods.CommitteesFile, Name: "london.csv", Day: "2026-01-31", Bytes: []byte("practice,committee,from,until,took_over_from\n" + rows)}
	}
	all := practices(row("X10001", "36L", ""), row("X10002", "36L", ""), row("X10003", "36L", ""), row("X10004", "91Q", ""))
	k.imports(t, all, list("X10001,croydon,,,\nX10002,merton,2022-07-01,,X10003\nsub-icb:91Q,kent,,,\n"))
	want := func(day string, lmcs map[string]string) {
		t.Helper()
		for code, want := range lmcs {
			var got []string
			for _, c := range k.reg.CommitteesOfPractice(code, day) {
				got = append(got, c.Id)
			}
			if fmt.Sprint(got) != "["+want+"]" {
				t.Errorf("%s on %s: %v, want %s", code, day, got, want)
			}
		}
	}
	want("2026-01-31", map[string]string{"X10001": "croydon", "X10002": "merton", "X10003": "", "X10004": "kent"})
	want("2022-06-30", map[string]string{"X10002": ""})
	if p := k.reg.Practice("X10003"); p.ValidUntil != "2022-06-30" || !slices.Equal(k.reg.TookOver("X10003"), []string{"X10002"}) {
		t.Errorf("the practice that was merged: %v", p)
	}
	if a := k.reg.Area(&guidancev1.AreaId{Scheme: "lmc", Code: "croydon"}, "2026-01-31"); a.GetPractices() != 1 || len(a.Within) != 1 || a.Within[0].Code != "36L" {
		t.Errorf("Croydon's list: %v", a)
	}
	all.Day = "2026-02-28"
	k.imports(t, all, list("X10001,merton,,,\nX10002,merton,2022-07-01,,X10003\nsub-icb:91Q,kent,,,\nX10004,croydon,2026-03-01,,\n"))
	want("2026-02-27", map[string]string{"X10001": "croydon merton"}) // the list says always
	want("2026-02-28", map[string]string{"X10001": "merton", "X10004": "kent"})
	want("2026-03-01", map[string]string{"X10004": "croydon"})
	release, err := ods.Read(practices(row("X10001", "36L", "")))
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	if _, err := newImporting(reg, known, release, nil).records(); err == nil {
		t.Error("January's release was taken after February's")
	}
	release, err = ods.Read(all, list("X10001,merton,,,\nX10002,mertonn,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newImporting(reg, known, release, nil).records(); err == nil || !strings.Contains(err.Error(), "london.csv, row 3: mertonn") {
		t.Errorf("an LMC that the register does not have: %v", err)
	}
	release, err = ods.Read(all, list("X10001,merton,,,\nsub-icb:ZZZ,merton,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newImporting(reg, known, release, nil).records(); err == nil || !strings.Contains(err.Error(), "london.csv, row 3: sub-icb:ZZZ") {
		t.Errorf("an area that nobody describes: %v", err)
	}
}

// officesLists imports lists, each at a later day, into a register of LMCs, of which some may be recorded in between, and
// says whose a practice is.
type officesLists struct {
	*kept
	practices [][]string // code and sub-ICB location
}

func listsOf(lmcs ...string) *officesLists {
	k := &officesLists{kept: &kept{}}
	for _, id := range lmcs {
		k.lmc(&guidancev1.Committee{Id: id})
	}
	return k
}

func (k *officesLists) lmc(c *guidancev1.Committee) {
	c.Name, c.Kind, c.Nation = notation.Title(c.Id)+" LMC", guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, "england"
	k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}})
}

func (k *officesLists) reads(t testing.TB, day string, lists map[string]string) {
	t.Helper()
	k.imports(t, k.files(day, lists)...)
}

// files are those of a release in which the practices are where they are.
func (k *officesLists) files(day string, lists map[string]string) []ods.File {
	var rows [][]string
	for _, p := range k.practices {
		rows = append(rows, []string{p[0], "SURGERY " + p[0], "Y56", "QWE", "", "", "", "", "", "ZZ1 1ZZ", "19740401", "", "A", "B", p[1], "20200401", "", "", "", "", "", "0", "", p[1], "", "4", ""})
	}
	files := []ods.File{{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: corpus.CSV(rows)}}
	for name, rows := range lists {
		files = append(files, ods.File{Kind: ods.CommitteesFile, Name: name + ".csv", Day: day, Bytes: []byte("practice,committee,from,until,took_over_from\n" + rows)})
	}
	return files
}

func (k *officesLists) want(t *testing.T, day string, lmcs map[string]string) {
	t.Helper()
	for code, want := range lmcs {
		var got []string
		for _, c := range k.reg.CommitteesOfPractice(code, day) {
			got = append(got, c.Id)
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%s on %s: %v, want %s", code, day, got, want)
		}
	}
}

// An area that an office's list gave by a rule stayed its LMC's whatever the next list said: a practice on the next as
// another's was told both, and the days before an exception's row were nobody's.
func TestAnAreaThatTheNextListGivesOtherwiseIsTakenBack(t *testing.T) {
	const first = "sub-icb:06Q,north,,,\nsub-icb:06T,north,,,\n"
	for name, c := range map[string]struct {
		next map[string]string
		want map[string]map[string]string // by day
	}{
		"an exception": {
			map[string]string{"essex": first + "X10002,suffolk,2025-08-01,,\n", "suffolk": "X30001,suffolk,,,\n"},
			map[string]map[string]string{"2025-07-31": {"X10002": "north"}, "2025-08-01": {"X10001": "north", "X10002": "suffolk"}, "2026-02-28": {"X10001": "north", "X10002": "suffolk", "X20001": "north", "X30001": "suffolk"}},
		},
		"its practices": {
			map[string]string{"essex": "sub-icb:06Q,north,,,\nX20001,north,,,\n", "suffolk": "X30001,suffolk,,,\nX20002,suffolk,2026-03-01,,\n"},
			map[string]map[string]string{"2026-02-27": {"X20002": "north"}, "2026-03-01": {"X10001": "north", "X20001": "north", "X20002": "suffolk"}},
		},
		"nothing of it": {
			map[string]string{"essex": "sub-icb:06Q,north,,,\n", "suffolk": "X30001,suffolk,,,\nsub-icb:06T,suffolk,2026-02-28,,\n"},
			map[string]map[string]string{"2026-02-27": {"X20001": "north"}, "2026-02-28": {"X10001": "north", "X20001": "suffolk"}},
		},
		"another office's list alone": {
			map[string]string{"suffolk": "X30001,suffolk,,,\n"},
			map[string]map[string]string{"2026-02-28": {"X10001": "north", "X20001": "north"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := listsOf("north", "suffolk")
			k.practices = [][]string{{"X10001", "06Q"}, {"X10002", "06Q"}, {"X20001", "06T"}, {"X20002", "06T"}, {"X30001", "07K"}}
			k.reads(t, "2026-01-31", map[string]string{"essex": first, "suffolk": "X30001,suffolk,,,\n"})
			k.want(t, "2026-01-31", map[string]string{"X10001": "north", "X10002": "north", "X20002": "north", "X30001": "suffolk"})
			k.reads(t, "2026-02-28", c.next)
			for day, want := range c.want {
				k.want(t, day, want)
			}
			k.reads(t, "2026-02-28", c.next)
			for day, want := range c.want {
				k.want(t, day, want)
			}
		})
	}
}

// Of two rows of one area for one LMC, on different days, the last alone was kept.
func TestTwoRowsOfOneAreaAreBothKept(t *testing.T) {
	k := listsOf("north", "south")
	k.practices = [][]string{{"X20001", "99E"}}
	k.reads(t, "2026-01-31", map[string]string{"essex": "sub-icb:99E,south,,2024-03-31,\nsub-icb:99E,north,2024-04-01,2025-03-31,\nsub-icb:99E,south,2025-04-01,,\n"})
	for day, want := range map[string]string{"2024-03-31": "south", "2024-04-01": "north", "2025-03-31": "north", "2025-04-01": "south"} {
		k.want(t, day, map[string]string{"X20001": want})
	}
}

// Lists may stay what they are after a merger of LMCs; of a practice on one in a location that the list had nobody in
// before, the LMC that its own merged into covered nothing.
func TestAPracticeOnAMergedLMCsListInANewLocationIsOfTheOneItMergedInto(t *testing.T) {
	k := listsOf("suffolk", "norfolk")
	k.practices = [][]string{{"X30001", "07K"}, {"X30002", "06T"}, {"X40001", "26A"}}
	lists := map[string]string{"suffolk": "X30001,suffolk,,,\nX30002,suffolk,,,\n", "norfolk": "sub-icb:26A,norfolk,,,\n"}
	k.reads(t, "2026-01-31", lists)
	reg, _ := k.asked()
	anglia := &guidancev1.Committee{Id: "anglia", ValidFrom: "2026-02-01", Predecessors: []string{"suffolk", "norfolk"}}
	anglia.Areas = takenOver(anglia, reg)
	k.lmc(anglia)
	for _, id := range anglia.Predecessors {
		old := proto.CloneOf(k.reg.Committee(id))
		old.ValidUntil = "2026-01-31"
		k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: old}})
	}
	k.practices = [][]string{{"X30001", "07K"}, {"X30002", "B2D4F"}, {"X30009", "26A"}, {"X40001", "26A"}, {"X40002", "27A"}}
	lists["suffolk"] += "X30009,suffolk,,,\n"
	lists["norfolk"] += "sub-icb:27A,norfolk,,,\n"
	k.reads(t, "2026-02-28", lists)
	for code := range map[string]bool{"X30001": true, "X30002": true, "X30009": true, "X40001": true, "X40002": true} {
		k.want(t, "2026-02-28", map[string]string{code: "anglia"})
	}
	k.want(t, "2026-01-31", map[string]string{"X30001": "suffolk", "X30002": "suffolk", "X40001": "norfolk"})
	lists["norfolk"] = "X40001,norfolk,,,\n"
	k.reads(t, "2026-03-31", lists)
	k.want(t, "2026-03-31", map[string]string{"X40001": "anglia", "X40002": ""})
}

// areaRow is a row of areas: of an ICB where none is around it.
func areaRow(code, name, icb, from, until string) []string {
	row := make([]string, 27)
	if row[13] = "RO319"; icb == "" {
		row[13] = "RO318"
	}
	row[0], row[1], row[2], row[3], row[10], row[11], row[12] = code, name, "Y59", icb, from, until, "A"
	return row
}

// An LMC whose practices lie in two sub-ICB locations was in no area for whoever asked about an ICB: it was missing
// from all counts there, and its letters on the ICB were refused.
func TestAListInSeveralSubICBLocationsIsInEachOfTheirICBs(t *testing.T) {
	row := func(code, in, icb string) []string {
		return []string{code, "SURGERY " + code, "Y59", icb, "", "", "", "", "", "ZZ1 1ZZ", "19740401", "", "A", "B", in, "20200401", "", "", "", "", "", "0", "", in, "", "4", ""}
	}
	files := func(day, list string, areas, practices [][]string) []ods.File {
		return []ods.File{
			{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: corpus.CSV(practices)},
			{Kind: ods.SubICBsFile, Name: "eccg.csv", Day: day, Bytes: corpus.CSV(areas)},
			{Kind: ods.AuthoritiesFile, Name: "eauth.csv", Day: day, Bytes: corpus.CSV([][]string{areaRow("QJG", "QJG", "", "20220701", ""), areaRow("QH8", "QH8", "", "20220701", "")})},
			{Kind: ods.CommitteesFile, Name: "list.csv", Day: day, Bytes: []byte("practice,committee,from,until,took_over_from\n" + list)},
		}
	}
	k := &kept{}
	k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "suffolk", Name: "Suffolk LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}})
	const all = "X10001,suffolk,,,\nX10002,suffolk,,,\nX10003,suffolk,,,\nX10004,suffolk,,,\n"
	three := [][]string{areaRow("07K", "07K", "QJG", "20200401", ""), areaRow("06T", "06T", "QJG", "20200401", ""), areaRow("06Q", "06Q", "QH8", "20200401", "")}
	k.imports(t, files("2026-01-31", all, three, [][]string{row("X10001", "07K", "QJG"), row("X10002", "07K", "QJG"), row("X10003", "06T", "QJG"), row("X10004", "06Q", "QH8")})...)
	// 07K becomes 9ZZ, of the same ICB
	merged := [][]string{areaRow("07K", "07K", "QJG", "20200401", "20260331"), areaRow("9ZZ", "9ZZ", "QJG", "20260401", ""), areaRow("06T", "06T", "QJG", "20200401", ""), areaRow("06Q", "06Q", "QH8", "20200401", "")}
	now := files("2026-04-30", all, merged, [][]string{row("X10001", "9ZZ", "QJG"), row("X10002", "9ZZ", "QJG"), row("X10003", "06T", "QJG"), row("X10004", "06Q", "QH8")})
	k.imports(t, now...)
	if again := k.imports(t, now...); len(again) > 0 {
		t.Errorf("recorded twice: %v", again)
	}
	covered := func(day, icb string) (practices []string) {
		for _, own := range k.reg.CommitteeAreas("suffolk", day) {
			if k.reg.Contains(&guidancev1.AreaId{Scheme: ods.ICB, Code: icb}, own, day) {
				practices = append(practices, k.reg.Area(own, day).GetPracticeCodes()...)
			}
		}
		slices.Sort(practices)
		return practices
	}
	for _, day := range []string{"2026-01-31", "2026-03-31", "2026-04-29", "2026-04-30", "2026-05-31"} {
		if got := covered(day, "QJG"); fmt.Sprint(got) != "[X10001 X10002 X10003]" {
			t.Errorf("on %s Suffolk has %v in QJG", day, got)
		}
		if got := covered(day, "QH8"); fmt.Sprint(got) != "[X10004]" {
			t.Errorf("on %s Suffolk has %v in QH8", day, got)
		}
	}
	// the one in another ICB is taken out of the list again
	k.imports(t, files("2026-05-31", strings.TrimSuffix(all, "X10004,suffolk,,,\n"), merged, [][]string{row("X10001", "9ZZ", "QJG"), row("X10002", "9ZZ", "QJG"), row("X10003", "06T", "QJG"), row("X10004", "06Q", "QH8")})...)
	if got := append(covered("2026-05-31", "QJG"), covered("2026-05-31", "QH8")...); fmt.Sprint(got) != "[X10001 X10002 X10003]" {
		t.Errorf("afterwards it has %v", got)
	}
	if got := covered("2026-05-30", "QH8"); fmt.Sprint(got) != "[X10004]" {
		t.Errorf("before that it has %v in QH8", got)
	}
}

// A slip of the year would shut out all releases until then, for an older one is never taken after a newer one.
func TestAReleaseOfADayToComeIsRefused(t *testing.T) {
	files := corpus.NHS(1, 1)[0]
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	k := &kept{}
	k.record()
	k.admits(t, files...)
	reg, known := k.asked()
	reg.Day = release.Day
	if _, err := newImporting(reg, known, release, nil).records(); err != nil {
		t.Errorf("today's release: %v", err)
	}
	reg.Day = notation.DayBefore(release.Day)
	if _, err := newImporting(reg, known, release, nil).records(); err == nil || !strings.Contains(err.Error(), "lies after today") {
		t.Errorf("tomorrow's release: %v", err)
	}
}

// The files of practices do not say of which day they are, those of patients do.
func TestFilesOfAnOlderReleaseUnderANewDayAreRefused(t *testing.T) {
	months := corpus.NHS(1, 3)
	k := &kept{}
	k.record()
	k.admits(t, months[2]...)
	k.imports(t, months[1]...) // the register has these patients, and newer ones
	k.imports(t, months[2]...)
	var files []ods.File
	for _, file := range months[1] {
		if file.Day != "" {
			file.Day = "2029-12-31"
		}
		files = append(files, file)
	}
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	if _, err := newImporting(reg, known, release, nil).records(); err == nil || !strings.Contains(err.Error(), "older release") {
		t.Errorf("the second month's files under a later day: %v", err)
	}
}

// frimley are the files of a day on which Frimley, with its one practice, lies in an ICB; QNQ ends as given.
func frimley(day, icb, until string) []ods.File {
	practice := []string{"X10001", "SURGERY", "Y59", icb, "", "", "", "", "", "ZZ1 1ZZ", "19740401", "", "A", "B", "D4U1Y", "20200401", "", "", "", "", "", "0", "", "D4U1Y", "", "4", ""}
	return []ods.File{
		{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: corpus.CSV([][]string{practice})},
		{Kind: ods.SubICBsFile, Name: "eccg.csv", Day: day, Bytes: corpus.CSV([][]string{areaRow("D4U1Y", "FRIMLEY", icb, "20220701", "")})},
		{Kind: ods.AuthoritiesFile, Name: "eauth.csv", Day: day, Bytes: corpus.CSV([][]string{areaRow("QNQ", "FRIMLEY ICB", "", "20220701", until), areaRow("QRL", "HAMPSHIRE ICB", "", "20220701", "")})},
	}
}

// A release that differs in nothing from the one before was not recorded: figures told of an older one, and files that
// were older than it were taken after it.
func TestAMonthWithoutChangesIsARelease(t *testing.T) {
	k := &kept{}
	k.record()
	k.imports(t, frimley("2026-01-31", "QNQ", "")...)
	if n := len(k.imports(t, frimley("2026-02-28", "QNQ", "")...)); n != 1 {
		t.Errorf("%d records of a month without changes", n)
	}
	if n := len(k.imports(t, frimley("2026-02-28", "QNQ", "")...)); n != 0 {
		t.Errorf("%d records of the same month again", n)
	}
	if got := k.reg.Area(&guidancev1.AreaId{Scheme: ods.ICB, Code: "QNQ"}, "2026-03-01"); got.GetPractices() != 1 || got.GetRelease() != "NHS organisation data, 28 February 2026 (the day before)" {
		t.Errorf("%v", got)
	}
	release, err := ods.Read(frimley("2026-02-14", "QRL", "")...)
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	if _, err := newImporting(reg, known, release, nil).records(); err == nil || !strings.Contains(err.Error(), "these files are of 14 February 2026") {
		t.Errorf("files of before: %v", err)
	}
}

// An ICB that ended, whose row gives no role and that no practice names any more, stayed open without a successor.
func TestAnICBThatNothingLiesInAnyMoreIsClosed(t *testing.T) {
	k := &kept{}
	k.record()
	k.imports(t, frimley("2026-01-31", "QNQ", "")...)
	files := frimley("2026-04-30", "QRL", "")
	ended, unknown := areaRow("QNQ", "FRIMLEY ICB", "", "20220701", "20260331"), areaRow("QZZ", "NOWHERE ICB", "", "20220701", "20260331")
	ended[13], unknown[13] = "", ""
	files[2].Bytes = corpus.CSV([][]string{ended, unknown, areaRow("QRL", "HAMPSHIRE ICB", "", "20220701", "")})
	files = append(files, ods.File{Kind: ods.SuccessionsFile, Name: "succ.csv", Day: "2026-04-30", Bytes: corpus.CSV([][]string{{"QNQ", "QRL", "", "20260401", ""}})})
	k.imports(t, files...)
	var was *guidancev1.Area
	for _, a := range k.reg.EveryArea() {
		if a.GetId().GetCode() == "QNQ" {
			was = a
		}
		if a.GetId().GetCode() == "QZZ" {
			t.Errorf("what the register never had was taken in: %v", a)
		}
	}
	if sub := (&guidancev1.AreaId{Scheme: ods.SubICB, Code: "D4U1Y"}); !k.reg.Contains(was.GetId(), sub, "2026-03-31") || k.reg.Contains(&guidancev1.AreaId{Scheme: ods.ICB, Code: "QRL"}, sub, "2026-03-31") {
		t.Error("what lay in it came into the other before that took over")
	}
	if was.GetValidUntil() != "2026-03-31" || len(was.GetSuccessors()) != 1 || was.GetSuccessors()[0].GetCode() != "QRL" {
		t.Errorf("%v", was)
	}
}

// In April 2026 part of an ICB that ended came into one that was there before, and a sub-ICB location may go from
// one that goes on to another: neither lies in its new one before.
func TestASubICBLocationThatComesIntoAnotherICBLiesThereFromThatDayOn(t *testing.T) {
	for name, c := range map[string]struct{ ends, last string }{
		"of one that ended":   {"20260331", "2026-03-31"},
		"of one that goes on": {"", "2026-04-29"},
	} {
		k := &kept{}
		k.record()
		k.imports(t, frimley("2026-01-31", "QNQ", "")...)
		k.imports(t, frimley("2026-04-30", "QRL", c.ends)...)
		if again := k.imports(t, frimley("2026-04-30", "QRL", c.ends)...); len(again) > 0 {
			t.Errorf("%s: recorded twice: %v", name, again)
		}
		sub := &guidancev1.AreaId{Scheme: ods.SubICB, Code: "D4U1Y"}
		for day, want := range map[string]string{"2025-01-01": "QNQ", c.last: "QNQ", notation.DayAfter(c.last): "QRL", "2026-05-01": "QRL"} {
			for _, icb := range []string{"QNQ", "QRL"} {
				id := &guidancev1.AreaId{Scheme: ods.ICB, Code: icb}
				if lies := k.reg.Contains(id, sub, day); lies != (icb == want) {
					t.Errorf("%s: in %s on %s: %t", name, icb, day, lies)
				}
				if n := k.reg.Area(id, day).GetPractices(); (n == 1) != (icb == want) {
					t.Errorf("%s: %s has %d practices on %s", name, icb, n, day)
				}
			}
		}
	}
}

// A PCN is no area of the register: its LMC covered what nobody describes, and none of its practices.
func TestARowOfAPCNIsTheListOfItsPractices(t *testing.T) {
	k := &kept{}
	files := corpus.NHS(1, 1)[0]
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(release.Practices, func(p ods.Practice) bool { return p.GP && p.IsOpen() && len(p.Networks) > 0 })
	in := release.Practices[at]
	for i := range files {
		if files[i].Kind == ods.CommitteesFile {
			files[i].Bytes = fmt.Appendf(nil, "practice,committee,from,until,took_over_from\n%s,kent,,,\n", in.Networks[0].Area)
		}
	}
	k.record()
	k.admits(t, files...)
	k.imports(t, files...)
	if lmcs := k.reg.CommitteesOfPractice(in.Code, release.Day); len(lmcs) != 1 || lmcs[0].Id != "kent" {
		t.Errorf("the LMCs of a practice there: %v", lmcs)
	}
}

// BenchmarkImport makes the records of a full release, and of the next.
func BenchmarkImport(b *testing.B) {
	months := corpus.NHS(1, 2)
	k := &kept{}
	k.record()
	for month, files := range months {
		release, err := ods.Read(files...)
		if err != nil {
			b.Fatal(err)
		}
		k.admits(b, files...)
		reg, known := k.asked()
		b.Run([]string{"full", "next"}[month], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := newImporting(reg, known, release, nil).records(); err != nil {
					b.Fatal(err)
				}
			}
		})
		k.imports(b, files...)
	}
}
