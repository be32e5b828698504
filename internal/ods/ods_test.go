package ods_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// fixture is a file of testdata; all its practices are invented.
func fixture(t testing.TB, kind ods.Kind, name string) ods.File {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	f := ods.File{Kind: kind, Name: name, Day: "2022-07-29", Bytes: b}
	if kind == ods.PatientsFile {
		f.Day = ""
	}
	return f
}

// fixtures are all of them, PCNs as CSV.
func fixtures(t testing.TB) []ods.File {
	return []ods.File{
		fixture(t, ods.PracticesFile, "epraccur.csv"), fixture(t, ods.BranchesFile, "ebranchs.csv"),
		fixture(t, ods.NetworksFile, "epcn.csv"), fixture(t, ods.NetworksFile, "epcncorepartnerdetails.csv"),
		fixture(t, ods.PatientsFile, "gp-reg-pat-prac-all.csv"), fixture(t, ods.SubICBsFile, "eccg.csv"),
		fixture(t, ods.AuthoritiesFile, "eauth.csv"), fixture(t, ods.BoardsFile, "wlhb.csv"),
		fixture(t, ods.SuccessionsFile, "succ.csv"), fixture(t, ods.CommitteesFile, "essex.csv"),
	}
}

func read(t testing.TB, files ...ods.File) *ods.Release {
	t.Helper()
	r, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func area(s string) notation.Area {
	a, _ := notation.ReadArea(s)
	return a
}

func TestAReleaseIsReadFromTheFilesAsPublished(t *testing.T) {
	r := read(t, fixtures(t)...)
	one := ods.Practice{
		Code: "X10001", Name: "INVENTED SURGERY ONE", Postcode: "ZZ1 1ZZ", Telephone: "01632 960001",
		Opened: "1974-04-01", Status: ods.Active, Setting: ods.GPPractice, GP: true, Nation: "england",
		Commissioner: ods.Stay{Area: area("sub-icb:06Q"), From: "2013-04-01"}, ICB: "QH8", Region: "Y61",
		Networks: []ods.Stay{{Area: area("pcn:UX0001"), From: "2019-10-01"}},
		Branches: []ods.Branch{
			{Code: "X10001001", Parent: "X10001", Name: "INVENTED BRANCH OF ONE", Postcode: "ZZ1 8ZZ", Telephone: "01632 960008", Opened: "1999-04-01"},
			{Code: "X10001002", Parent: "X10001", Name: "INVENTED BRANCH OF ONE, SHUT", Postcode: "ZZ1 9ZZ", Opened: "1999-04-01", Closed: "2019-03-31"},
		},
		Patients: 9876, Counted: true,
	}
	if diff := cmp.Diff(&one, r.Practice(" x10001 ")); diff != "" {
		t.Error(diff)
	}
	type brief struct {
		code, setting, nation, commissioner string
		gp, open, counted                   bool
	}
	var got []brief
	for _, p := range r.Practices {
		at := ""
		if p.Commissioner.Area != (notation.Area{}) {
			at = p.Commissioner.Area.String()
		}
		got = append(got, brief{p.Code, p.Setting, p.Nation, at, p.GP, p.IsOpen(), p.Counted})
	}
	want := []brief{
		{"GUX010", "other", "", "", false, true, false},
		{"X10001", "GP practice", "england", "sub-icb:06Q", true, true, true},
		{"X10002", "GP practice", "england", "sub-icb:06T", true, true, true},
		{"X10003", "GP practice", "england", "sub-icb:06Q", true, false, false},
		{"X10004", "hospice", "england", "sub-icb:06Q", false, true, false},
		{"X10005", "out of hours", "england", "sub-icb:06Q", false, true, false},
		{"X10006", "GP practice", "wales", "health-board:7A6", true, true, false},
		{"X10007", "GP practice", "england", "", true, false, false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%v, want\n%v", got, want)
	}
	areas := []ods.Area{
		{ID: area("health-board:7A6"), Name: "ANEURIN BEVAN UNIVERSITY LOCAL HEALTH BOARD", Opened: "2009-10-01"},
		{ID: area("icb:QH8"), Name: "NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD", Opened: "2016-04-01", Region: "Y61"},
		{ID: area("icb:QJG"), Name: "NHS SUFFOLK AND NORTH EAST ESSEX INTEGRATED CARE BOARD", Opened: "2016-04-01", Region: "Y61"},
		{ID: area("region:Y61"), Name: "EAST OF ENGLAND COMMISSIONING REGION", Opened: "2019-04-01"},
		{ID: area("sub-icb:06Q"), Name: "NHS MID AND SOUTH ESSEX ICB - 06Q", Opened: "2013-04-01", ICB: "QH8", Region: "Y61"},
		{ID: area("sub-icb:06T"), Name: "NHS SUFFOLK AND NORTH EAST ESSEX ICB - 06T", Opened: "2013-04-01", ICB: "QJG", Region: "Y61"},
		{ID: area("sub-icb:99D"), Name: "NHS SOUTH LINCOLNSHIRE CCG", Opened: "2013-04-01", Closed: "2020-03-31", ICB: "QJM", Region: "Y60"},
	}
	if diff := cmp.Diff(areas, r.Areas); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ods.Network{{Code: "UX0001", Name: "INVENTED PCN", Opened: "2019-10-01", Lead: "06Q"}}, r.Networks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ods.Merger{{From: "X10003", Into: "X10001", Day: "2022-01-01"}}, r.Mergers); diff != "" {
		t.Error(diff)
	}
	if s := (ods.Succession{Code: "QJG", Successor: "T6Y0W", Reason: "R", Day: "2026-04-01", Indicator: "S"}); len(r.Successions) != 4 || r.Successions[3] != s {
		t.Errorf("successions %v", r.Successions)
	}
	if len(r.Authorities) != 1 || r.Authorities[0].ID.Scheme != "" {
		t.Errorf("authorities that nothing lies in: %v", r.Authorities)
	}
	notes := []string{
		"eccg.csv: 1 row left out that are no sub-ICB locations and were no CCGs",
		"gp-reg-pat-prac-all.csv: 1 practice that the file of practices does not have: X10099",
	}
	if diff := cmp.Diff(notes, r.Notes); diff != "" {
		t.Error(diff)
	}
	for _, s := range r.Files {
		if wantDay := map[ods.Kind]string{ods.PatientsFile: "2022-07-01"}[s.Kind]; s.Day != "2022-07-29" && s.Day != wantDay || s.Digest == [32]byte{} {
			t.Errorf("source %+v", s)
		}
	}
}

func TestWhichCommitteesAPracticeIsIn(t *testing.T) {
	r := read(t, fixtures(t)...)
	for _, c := range []struct{ code, day, want string }{
		{"X10001", "2021-12-31", "north-essex by sub-icb:06Q"},
		{"X10001", "2022-01-01", "north-essex"}, // its own row comes before the area's
		{"X10002", "2022-03-01", "north-essex, suffolk"},
		{"X10002", "2022-07-01", "suffolk"},
		{"X10002", "2013-03-31", ""},
		{"X10003", "2021-01-01", "north-essex by sub-icb:06Q"},
		{"X10004", "2022-07-01", ""}, // a hospice: rules of areas are for GP practices
		{"X10006", "2022-07-01", ""},
	} {
		var got []string
		for _, m := range r.MembershipsOn(r.Practice(c.code), c.day) {
			words := m.Committee
			if m.Practice == "" {
				words += " by " + m.Area.String()
			}
			got = append(got, words)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s on %s: %q, want %q", c.code, c.day, got, c.want)
		}
	}
}

// The same release in the other forms that these files have had.
func TestOtherFormsOfTheFilesSayTheSame(t *testing.T) {
	want := read(t, fixtures(t)...)
	change := func(name string, with func(string) string) []ods.File {
		files := fixtures(t)
		for i, f := range files {
			if f.Name == name || name == "" {
				files[i].Bytes = []byte(with(string(f.Bytes)))
			}
		}
		return files
	}
	replace := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	sheets := func() []ods.File {
		files := fixtures(t)
		book := corpus.Workbook([]corpus.Sheet{
			{Name: "PCNDetails", Rows: append([][]string{{"PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date", "Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5", "Postcode"}}, rowsOf(files[2].Bytes)...)},
			{Name: "PCN Core Partner Details", Rows: append([][]string{{"Partner\nOrganisation\nCode", "Partner\nName", "", "", "PCN Code", "", "", "", "Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date", "Match"}}, rowsOf(files[3].Bytes)...)},
		})
		return append(slices.Delete(files, 2, 4), ods.File{Kind: ods.NetworksFile, Name: "ePCN.xlsx", Day: "2022-07-29", Bytes: book})
	}
	for name, files := range map[string][]ods.File{
		"lines that end in CRLF":    change("", replace("\n", "\r\n")),
		"a byte order mark":         change("", func(s string) string { return "\ufeff" + s }),
		"no last line feed":         change("epraccur.csv", func(s string) string { return strings.TrimSuffix(s, "\n") }),
		"the reports of 2025":       change("epraccur.csv", replace(`"A"`, `"ACTIVE"`, `"C"`, `"INACTIVE"`, `"4"`, `"RO76"`, `"13"`, `"RO249"`, `"2"`, `"RO80"`)),
		"codes in small letters":    change("epraccur.csv", replace(`"X1000`, `" x1000`, `"06Q"`, `" 06q "`)),
		"names with blanks":         change("epraccur.csv", replace("INVENTED SURGERY", "  INVENTED\u00a0\u00a0SUR\u200bGERY ")),
		"patients before July 2022": change("gp-reg-pat-prac-all.csv", replace("SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE", "CCG_CODE,ONS_CCG_CODE", "2022-07-01", "01JUL2022")),
		"patients by sex and age": change("gp-reg-pat-prac-all.csv", func(s string) string {
			return s + "GP_PRAC_PAT_LIST,2022-07-01,GP,06Q,E38000106,X10001,ZZ1 1ZZ,MALE,95+,12\n"
		}),
		"patients in another order": change("gp-reg-pat-prac-all.csv", turned),
		"PCNs with a header": change("epcncorepartnerdetails.csv", func(s string) string {
			return "Partner Organisation Code,b,c,d,PCN Code,f,g,h,Start Date,End Date,k\n" + s
		}),
		"a workbook":                  sheets(),
		"a list from a spreadsheet":   change("essex.csv", replace("2013-04-01", "01/04/2013", "north-essex,,,", "North-Essex,,,", "# Invented practices: no real one begins with X.", "# Invented,,,,", "took_over_from", "took_over_from")),
		"a list with no end":          change("essex.csv", func(s string) string { return strings.TrimSuffix(s, "\n") }),
		"rows twice, the same":        change("epraccur.csv", func(s string) string { return s + s }),
		"an empty line at the end":    change("ebranchs.csv", func(s string) string { return s + "\n\n" }),
		"a setting with two roles":    change("epraccur.csv", replace(`"4"`, `"RO76|RO76"`)),
		"authorities with their role": change("eauth.csv", replace(`"QH8","NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD","Y61","","1 INVENTED STREET","","","NOWHERE","","ZZ1 1ZZ","20160401","","",""`, `"QH8","NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD","Y61","","1 INVENTED STREET","","","NOWHERE","","ZZ1 1ZZ","20160401","","","RO318"`)),
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, files...)
			got.Files, got.Notes = want.Files, want.Notes
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// turned is a CSV without quotation marks whose columns stand the other way round.
func turned(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		slices.Reverse(fields)
		b.WriteString(strings.Join(fields, ",") + "\n")
	}
	return b.String()
}

// rowsOf reads fields in quotation marks that hold none.
func rowsOf(b []byte) (rows [][]string) {
	for line := range strings.Lines(string(b)) {
		rows = append(rows, strings.Split(strings.Trim(strings.TrimSpace(line), `"`), `","`))
	}
	return rows
}

func TestBadFilesAreToldByFileRowAndColumn(t *testing.T) {
	for _, c := range []struct {
		name, file string
		with       func(string) string
		want       string
	}{
		{"a column too few", "epraccur.csv", cut(3, `,""`), `epraccur.csv, row 3: it has 26 columns, and a file of practices has 27: check that this is the right file, or download it again`},
		{"a column too many", "ebranchs.csv", put(2, `"",`), `ebranchs.csv, row 2: it has 28 columns, and a file of branches has 27: check that this is the right file, or download it again`},
		{"semicolons", "epraccur.csv", swap(`,`, `;`), `epraccur.csv, row 1: its columns are parted by semicolons: save it as CSV with commas, or download it again`},
		{"tabs", "eccg.csv", swap(`,`, "\t"), `eccg.csv, row 1: its columns are parted by tabs: save it as CSV with commas, or download it again`},
		{"semicolons of patients", "gp-reg-pat-prac-all.csv", swap(`,`, `;`), `gp-reg-pat-prac-all.csv, row 1: its columns are parted by semicolons: save it as CSV with commas, or download it again`},
		{"semicolons of a list", "essex.csv", swap(`,`, `;`), `essex.csv, row 2: its columns are parted by semicolons: save it as CSV with commas, or download it again`},
		{"cut off in a row", "gp-reg-pat-prac-all.csv", until(-3), `gp-reg-pat-prac-all.csv, row 4: it is cut off: the file ends in the middle of it; download the file again`},
		{"cut off in a number", "gp-reg-pat-prac-all.csv", until(-2), `gp-reg-pat-prac-all.csv, row 4: it is cut off: the file ends in the middle of it; download the file again`},
		{"cut off in quotation marks", "epraccur.csv", until(-2), `epraccur.csv, row 8: it is cut off, or a quotation mark in it is never closed: download the file again`},
		{"cut off between columns", "epraccur.csv", until(-13), `epraccur.csv, row 8: it is cut off: the file ends in the middle of it; download the file again`},
		{"a quotation mark too many", "epraccur.csv", swap(`SURGERY TWO`, `SURGERY "TWO`), `epraccur.csv, row 2: a quotation mark is missing, or one stands within a field: correct it, or download the file again`},
		{"empty", "epraccur.csv", until(-1 << 20), `epraccur.csv: it is empty: download it again`},
		{"UTF-16", "epraccur.csv", func(s string) string { return "\xff\xfe" + strings.Join(strings.Split(s, ""), "\x00") }, `epraccur.csv: it is saved as UTF-16, or is no text: save it as CSV UTF-8`},
		{"UTF-16 without a mark", "epraccur.csv", func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") }, `epraccur.csv: it is saved as UTF-16, or is no text: save it as CSV UTF-8`},
		{"Windows-1252", "epraccur.csv", swap(`SURGERY TWO`, "D\x92ARCY SURGERY"), `epraccur.csv, row 2, column 2 (name): "INVENTED D?ARCY SURGERY" has letters that are not UTF-8, as of a file saved in Windows-1252: save it as CSV UTF-8`},
		{"a web page", "epraccur.csv", func(string) string { return "\n<!DOCTYPE html><html><title>503</title></html>" }, `epraccur.csv: it is a web page and no CSV: the download went wrong; open it to see what it says, and download it again`},
		{"a service's answer", "eccg.csv", func(string) string { return `{"error": "Missing report query parameter"}` }, `eccg.csv: it is an answer of a web service and no CSV: the download went wrong; open it to see what it says`},
		{"a zip", "epraccur.csv", func(string) string { return "PK\x03\x04..." }, `epraccur.csv: it is a workbook, or packed: unpack it, and save it as CSV`},
		{"a day", "epraccur.csv", swap(`20211231`, `20211331`), `epraccur.csv, row 3, column 12 (close date): "20211331" is no day: it stands there as 20220701`},
		{"days turned round", "epraccur.csv", swap(`20211231`, `19731231`), `epraccur.csv, row 3, column 12 (close date): 1973-12-31 is before 1974-04-01, the day in column 11`},
		{"a status", "epraccur.csv", swap(`"D","Z"`, `"Q","Z"`), `epraccur.csv, row 7, column 13 (status code): "Q" is no status: one is A (active), C (closed), D (dormant) or P (proposed)`},
		{"no name", "epraccur.csv", swap(`"INVENTED HOSPICE"`, `" "`), `epraccur.csv, row 4, column 2 (name): the name is missing`},
		{"a code", "epraccur.csv", swap(`"X10004"`, `"X1-004"`), `epraccur.csv, row 4, column 1 (code): "X1-004" is no code: one has letters and digits, as X10001`},
		{"a practice's code", "epraccur.csv", swap(`"X10002"`, `"X1000"`), `epraccur.csv, row 2, column 1 (code): "X1000" is no practice's code: one has a letter and five digits, as X10001`},
		{"a header in front", "epraccur.csv", func(s string) string { return strings.Repeat(`"Organisation Code",`, 26) + `"Null"` + "\n" + s }, `epraccur.csv, row 1, column 1 (code): "Organisation Code" is no code: one has letters and digits, as X10001`},
		{"a practice twice", "epraccur.csv", func(s string) string { return s + strings.Replace(line(s, 2), "TWO", "TOO", 1) }, `epraccur.csv, row 9: X10002 stands in row 2 too, and says something else there: ask who published it which is right, and take the other out`},
		{"patients twice", "gp-reg-pat-prac-all.csv", func(s string) string { return s + strings.Replace(line(s, 2), "9876", "9875", 1) }, `gp-reg-pat-prac-all.csv, row 5: X10001 stands in row 2 too, and says something else there: ask who published it which is right, and take the other out`},
		{"the wrong header", "gp-reg-pat-prac-all.csv", swap(`NUMBER_OF_PATIENTS`, `PATIENTS`), `gp-reg-pat-prac-all.csv, row 1: the header has no NUMBER_OF_PATIENTS: check that this is the right file`},
		{"a header twice", "gp-reg-pat-prac-all.csv", swap(`POSTCODE`, `CODE`), `gp-reg-pat-prac-all.csv, row 1, column 7 (CODE): the header has it twice: download the file again`},
		{"no number", "gp-reg-pat-prac-all.csv", swap(`4321`, `4.321`), `gp-reg-pat-prac-all.csv, row 3, column 10 (NUMBER_OF_PATIENTS): "4.321" is no number of patients`},
		{"two days", "gp-reg-pat-prac-all.csv", swap("X10002,ZZ2", "X10002,ZZ2", "2022-07-01,GP,06T", "2021-07-01,GP,06T"), `gp-reg-pat-prac-all.csv, row 3, column 2 (EXTRACT_DATE): it is of 2021-07-01, and the rows before are of 2022-07-01: a file has one day`},
		{"patients without totals", "gp-reg-pat-prac-all.csv", swap("ALL,ALL", "MALE,ALL"), `gp-reg-pat-prac-all.csv: no row has ALL as sex and as age: take gp-reg-pat-prac-all.csv, which has the totals`},
		{"a wrong header of PCNs", "epcncorepartnerdetails.csv", func(s string) string {
			return "Partner Organisation Code,b,c,d,PCN Name,f,g,h,Start Date,End Date,k\n" + s
		}, `epcncorepartnerdetails.csv, row 1, column 5 (PCN code): the header says "PCN Name", and the PCN code is looked for there: check that this is the right file`},
		{"successions", "succ.csv", swap(`"20130401"`, `"1/4/2013"`), `succ.csv, row 1, column 4 (effective date): "1/4/2013" is no day: it stands there as 20220701`},
		{"a list without a header", "essex.csv", swap("practice,committee,from,until,took_over_from\n", ""), `essex.csv, row 2, column 1 (practice): the header says "sub-icb:06q" where practice stands in the skeleton: begin with the header of the skeleton`},
		{"a list of nothing", "essex.csv", func(string) string { return "# nothing\n" }, `essex.csv: it has no header: begin with "practice,committee,from,until,took_over_from"`},
		{
			"a list with four mistakes", "essex.csv",
			func(s string) string {
				return s + "X1,north-essex,,,\nX10001,North Essex,,,\nicb:,x,,,\nX10006,gwent,2022-07-99,,x10001\n"
			},
			`essex.csv, row 7, column 1 (practice): "X1" is no practice's code: one has a letter and five digits, as X10001
essex.csv, row 8, column 2 (committee): "North Essex" is no committee: write its name in the register, as north-essex
essex.csv, row 9, column 1 (practice): "icb:" is no area: write sub-icb:06Q, icb:QH8, pcn:U00070, region:Y61 or health-board:7A1
essex.csv, row 10, column 3 (from): "2022-07-99" is no day: write it as 2022-07-01`,
		},
		{"a list that says it twice", "essex.csv", func(s string) string { return s + "X10002,suffolk,2023-01-01,,\n" }, `essex.csv, row 7: X10002 is in suffolk from row 6 already, from 2022-01-01: end that row the day before`},
		{"a merger without a day", "essex.csv", func(s string) string { return s + "X10006,gwent,,,X10007\n" }, `essex.csv, row 7, column 3 (from): the day on which it took over from X10007 is missing`},
		{"a merger with itself", "essex.csv", func(s string) string { return s + "X10006,gwent,2022-07-01,,X10006\n" }, `essex.csv, row 7, column 5 (took_over_from): "X10006" is not the code of another practice: one has a letter and five digits, as X10001`},
		{
			"two mergers of one practice", "essex.csv",
			func(s string) string { return s + "X10006,gwent,2022-07-01,,X10007\nX10005,gwent,2022-07-01,,X10007\n" },
			`essex.csv, row 8, column 5 (took_over_from): X10006 took over from X10007 on 2022-07-01 by row 7: a practice merges once, so leave it in the row that is right`,
		},
		{
			"a merger on two days", "essex.csv",
			func(s string) string {
				return s + "X10006,gwent,2022-07-01,2022-07-31,X10007\nX10006,essex,2022-08-01,,X10007\n"
			},
			`essex.csv, row 8, column 5 (took_over_from): X10006 took over from X10007 on 2022-07-01 by row 7: a practice merges once, so leave it in the row that is right`,
		},
		{
			"practices merged into one another", "essex.csv",
			func(s string) string { return s + "X10006,gwent,2022-07-01,,X10007\nX10007,gwent,2022-07-01,,X10006\n" },
			`essex.csv, row 8, column 5 (took_over_from): X10007 took over from X10006, and X10006 took over from X10007 by row 7: practices merged in a circle are all closed, so leave out what is not right`,
		},
		{
			"a circle of mergers on three days, which others merged into", "essex.csv",
			func(s string) string {
				return s + "X10006,gwent,2022-07-01,,X10007\nX10007,gwent,2022-08-01,,X10008 X10009\nX10008,gwent,2022-09-01,,X10006\n"
			},
			`essex.csv, row 9, column 5 (took_over_from): X10008 took over from X10006, and X10007 took over from X10008 by row 8 and X10006 took over from X10007 by row 7: practices merged in a circle are all closed, so leave out what is not right`,
		},
		{"a merger of an area", "essex.csv", func(s string) string { return s + "icb:QH8,gwent,2022-07-01,,X10006\n" }, `essex.csv, row 7, column 5 (took_over_from): an area takes over from no practice: write it in the row of the practice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fixtures(t)
			i := slices.IndexFunc(files, func(f ods.File) bool { return f.Name == c.file })
			files[i].Bytes = []byte(c.with(string(files[i].Bytes)))
			r, err := ods.Read(files...)
			if r != nil || err == nil || err.Error() != c.want {
				t.Fatalf("%v\ngot  %v\nwant %s", r != nil, err, c.want)
			}
			var told *ods.Error
			if !errors.As(err, &told) || told.File != c.file {
				t.Errorf("no Error of the file: %#v", err)
			}
		})
	}
}

// What of a text is changed, for the tables above.
func swap(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }

func until(n int) func(string) string { return func(s string) string { return s[:max(0, len(s)+n)] } }

func line(s string, n int) string { return slices.Collect(strings.Lines(s))[n-1] }

func cut(n int, what string) func(string) string {
	return func(s string) string {
		return strings.Replace(s, line(s, n), strings.Replace(line(s, n), what, "", 1), 1)
	}
}

func put(n int, what string) func(string) string {
	return func(s string) string { return strings.Replace(s, line(s, n), what+line(s, n), 1) }
}

func TestFilesOfARelease(t *testing.T) {
	with := func(change func([]ods.File) []ods.File) []ods.File { return change(fixtures(t)) }
	for _, c := range []struct {
		name  string
		files []ods.File
		want  string
	}{
		{"no practices", with(func(f []ods.File) []ods.File { return f[1:] }), "a release has no file of practices: take epraccur.csv too"},
		{"practices twice", with(func(f []ods.File) []ods.File { return append(f, f[0]) }), "epraccur.csv: a release has one file of practices"},
		{"patients twice", with(func(f []ods.File) []ods.File { return append(f, f[4]) }), "gp-reg-pat-prac-all.csv: a release has one file of patients: take one, for whoever counts must know of which day"},
		{"no day", with(func(f []ods.File) []ods.File { f[1].Day = "2022"; return f }), "ebranchs.csv: say which day it is of, as 2026-04-01"},
		{"another day", with(func(f []ods.File) []ods.File { f[4].Day = "2022-08-01"; return f }), "gp-reg-pat-prac-all.csv: its rows are of 2022-07-01, and it was given as of 2022-08-01"},
		{"no kind", with(func(f []ods.File) []ods.File { f[1].Kind = "pharmacies"; return f }), `ebranchs.csv: no file is of the kind "pharmacies"`},
		{"the wrong kind", with(func(f []ods.File) []ods.File { f[8].Kind = ods.BoardsFile; return f }), `succ.csv, row 1: it has 5 columns, and a file of health boards has 27: check that this is the right file, or download it again`},
	} {
		if r, err := ods.Read(c.files...); r != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	alone := read(t, fixtures(t)[0])
	want := []string{
		"no file of PCNs: what it would say is not known", "no file of branches: what it would say is not known",
		"no file of patients: what it would say is not known", "no file of sub-ICB locations: what it would say is not known",
	}
	if p := alone.Practice("X10001"); p.Counted || p.Networks != nil || !slices.Equal(alone.Notes, want) {
		t.Errorf("practices alone: %+v, %q", p, alone.Notes)
	}
}

// By number, by role, by several roles, and one that has no word yet.
func TestWhatPrescribesIsToldByItsSetting(t *testing.T) {
	for code, want := range map[string]string{
		"4": "GP practice", "RO76": "GP practice", "ro80|RO76": "GP practice and out of hours",
		"3": "walk-in centre and out of hours", "RO80|RO87": "out of hours and walk-in centre",
		"25": "prison", "RO249": "hospice", "26": "setting 26", "": "setting",
	} {
		f := fixture(t, ods.PracticesFile, "epraccur.csv")
		f.Bytes = bytes.ReplaceAll(f.Bytes, []byte(`"06T","","4"`), []byte(`"06T","","`+code+`"`))
		p := read(t, f).Practice("X10002")
		if p.Setting != want || p.GP != strings.Contains(want, "GP practice") {
			t.Errorf("%q: %q, %v, want %q", code, p.Setting, p.GP, want)
		}
	}
}

func TestTheSkeletonIsReadAndItsExamplesToo(t *testing.T) {
	list := func(b []byte) ods.File {
		return ods.File{Kind: ods.CommitteesFile, Name: "example", Day: "2022-07-29", Bytes: b}
	}
	practices := fixture(t, ods.PracticesFile, "epraccur.csv")
	if r := read(t, practices, list(ods.Skeleton())); r.Memberships != nil || r.Mergers != nil {
		t.Errorf("of a skeleton: %v, %v", r.Memberships, r.Mergers)
	}
	var used bytes.Buffer
	for l := range strings.Lines(string(ods.Skeleton())) {
		if strings.Count(l, ",") == 4 {
			l = strings.TrimPrefix(l, "# ")
		} else if strings.Contains(l, ",") {
			t.Errorf("a spreadsheet would part this line: %s", l)
		}
		if len(l) > 101 || !strings.HasPrefix(l, "#") && strings.Count(l, ",") != 4 {
			t.Errorf("line %q", l)
		}
		used.WriteString(l)
	}
	r := read(t, practices, list(used.Bytes()))
	if len(r.Memberships) != 3 || !slices.Equal(r.Mergers, []ods.Merger{{From: "X10003", Into: "X10002", Day: "2022-07-01"}, {From: "X10004", Into: "X10002", Day: "2022-07-01"}}) {
		t.Errorf("of its examples: %v, %v", r.Memberships, r.Mergers)
	}
}
