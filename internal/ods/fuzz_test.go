package ods_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
)

// fuzzFile reads anything as a file of one kind beside good practices. Nothing panics; what is
// refused is told by an Error of that file; what is read is read again the same, and is
// clean text and valid days.
func fuzzFile(f *testing.F, kind ods.Kind, seeds ...string) {
	for _, name := range seeds {
		f.Add(fixture(f, kind, name).Bytes)
	}
	practices := fixture(f, ods.PracticesFile, "epraccur.csv")
	f.Fuzz(func(t *testing.T, b []byte) {
		file := ods.File{Kind: kind, Name: "fuzzed", Day: "2022-07-29", Bytes: b}
		files := []ods.File{practices, file}
		switch kind {
		case ods.PracticesFile:
			files = files[1:]
		case ods.PatientsFile:
			files[1].Day = ""
		}
		r, err := ods.Read(files...)
		if err != nil {
			var told *ods.Error
			if !errors.As(err, &told) || !strings.HasPrefix(told.File, "fuzzed") || r != nil || !utf8.ValidString(err.Error()) {
				t.Fatalf("%v and %q", r, err)
			}
			return
		}
		again, err := ods.Read(files...)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("read again: %v", err)
		}
		checkRelease(t, r)
	})
}

func checkRelease(t *testing.T, r *ods.Release) {
	text := func(all ...string) {
		for _, s := range all {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, notation.IsInvisible) || strings.TrimSpace(s) != s || len(s) > ods.FieldLimit {
				t.Fatalf("text %q", s)
			}
		}
	}
	days := func(all ...string) {
		for _, s := range all {
			if s != "" && !notation.IsDay(s) {
				t.Fatalf("day %q", s)
			}
		}
	}
	for i, p := range r.Practices {
		text(p.Name, p.Postcode, p.Telephone, p.Setting)
		days(p.Opened, p.Closed, p.Commissioner.From, p.Commissioner.Until)
		if p.GP && !notation.IsPractice(p.Code) || i > 0 && r.Practices[i-1].Code >= p.Code || r.Practice(strings.ToLower(p.Code)) == nil {
			t.Fatalf("practice %+v", p)
		}
		for _, b := range p.Branches {
			text(b.Name, b.Postcode, b.Telephone)
			days(b.Opened, b.Closed)
		}
		for _, s := range p.Networks {
			days(s.From, s.Until)
		}
	}
	for i, a := range r.Areas {
		text(a.Name)
		days(a.Opened, a.Closed)
		if !a.ID.IsValid() || i > 0 && r.Areas[i-1].ID.Compare(a.ID) >= 0 {
			t.Fatalf("area %+v", a)
		}
	}
	for _, m := range r.Memberships {
		days(m.From, m.Until)
		if !notation.IsSlug(m.Committee) || notation.IsPractice(m.Practice) == m.Area.IsValid() {
			t.Fatalf("membership %+v", m)
		}
	}
	for _, s := range r.Successions {
		text(s.Reason, s.Indicator)
		days(s.Day)
	}
	for _, g := range r.Mergers {
		if !notation.IsDay(g.Day) || !notation.IsPractice(g.From) || !notation.IsPractice(g.Into) {
			t.Fatalf("merger %+v", g)
		}
	}
}

func FuzzPractices(f *testing.F) { fuzzFile(f, ods.PracticesFile, "epraccur.csv") }
func FuzzBranches(f *testing.F)  { fuzzFile(f, ods.BranchesFile, "ebranchs.csv") }
func FuzzPatients(f *testing.F)  { fuzzFile(f, ods.PatientsFile, "gp-reg-pat-prac-all.csv") }
func FuzzSubICBs(f *testing.F)   { fuzzFile(f, ods.SubICBsFile, "eccg.csv") }
func FuzzAuthorities(f *testing.F) {
	fuzzFile(f, ods.AuthoritiesFile, "eauth.csv")
}
func FuzzSuccessions(f *testing.F) { fuzzFile(f, ods.SuccessionsFile, "succ.csv") }
func FuzzCommittees(f *testing.F) {
	f.Add(ods.Skeleton())
	fuzzFile(f, ods.CommitteesFile, "essex.csv")
}

func FuzzNetworks(f *testing.F) {
	f.Add(book(f, nil))
	fuzzFile(f, ods.NetworksFile, "epcn.csv", "epcncorepartnerdetails.csv")
}

// FuzzSheet is of what is within a workbook, which a packed file hides from fuzzing.
func FuzzSheet(f *testing.F) {
	f.Add(sheet(detailCells, `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="E3"><v>20191001</v></c></row>`), `<sst><si><t>UX0001</t></si><si><r><t>INVENTED </t></r></si></sst>`)
	f.Fuzz(func(t *testing.T, rows, shared string) {
		r, err := readBook(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": rows, "xl/sharedStrings.xml": shared}))
		if err == nil {
			checkRelease(t, r)
		} else if !strings.HasPrefix(err.Error(), "ePCN.xlsx") {
			t.Fatal(err)
		}
	})
}
