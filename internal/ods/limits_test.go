package ods_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// Each limit is held at it and one past: what is past says so, and what is at it does not.
func TestLimitsAtAndOnePast(t *testing.T) {
	row := func(name string, columns int) string {
		return `"X10001","` + name + `","Y61","QH8","","","","","","ZZ1 1ZZ","19740401","","A","B","06Q","20130401","","","","","","0","","06Q","","4"` + strings.Repeat(`,""`, columns-26) + "\n"
	}
	patients := func(rows int) string {
		return "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS\n2022-07-01,GP,X10001,ALL,ALL,1\n" + strings.Repeat("2022-07-01,,,,,\n", rows-2)
	}
	// A part of so many bytes, which are a few thousand when packed. Blanks within a tag are read at a fraction of
	// what text costs.
	part := func(name, element string, bytes int) []byte {
		begin, end := "<"+element, "></"+element+">"
		packed := book(t, map[string]string{name: begin + strings.Repeat(" ", bytes-len(begin)-len(end)) + end})
		if len(packed) > 1<<20 {
			t.Fatalf("it has %d bytes packed", len(packed))
		}
		return packed
	}
	for _, c := range []struct {
		name string
		kind ods.Kind
		file func(past int) []byte
		want string
		slow bool
		// The reader stops at the first row that is too many, and the error has its number: that those up to the limit
		// were taken, the file one past shows too.
		byRow bool
	}{
		{"bytes", ods.SuccessionsFile, func(past int) []byte { return make([]byte, ods.FileLimit+past) }, "it has 67,108,865 bytes, more than 67,108,864", false, false},
		{"bytes of patients", ods.PatientsFile, func(past int) []byte { return make([]byte, ods.PatientsLimit+past) }, "it has 268,435,457 bytes, more than 268,435,456", false, false},
		{"rows", ods.SuccessionsFile, func(past int) []byte {
			return []byte(strings.Repeat("5X1,X00,R,20130401,S\n", ods.RowLimit+past))
		}, "file, row 200001: the file has more than 200,000 rows", false, true},
		{"rows of patients", ods.PatientsFile, func(past int) []byte { return []byte(patients(ods.PatientRows + past)) }, "file, row 1000001: the file has more than 1,000,000 rows", true, true},
		{"columns", ods.BranchesFile, func(past int) []byte { return []byte(row("N", ods.ColumnLimit+past)) }, "file, row 1: it has 65 columns, more than 64", false, false},
		{"a field", ods.SubICBsFile, func(past int) []byte { return []byte(row(strings.Repeat("N", ods.FieldLimit+past), 27)) }, "file, row 1, column 2 (name): it has 401 bytes, more than 400", false, false},
		{"rows of a sheet", ods.NetworksFile, func(past int) []byte {
			return book(t, map[string]string{"xl/worksheets/sheet1.xml": sheet(strings.Repeat(`<row><c/></row>`, ods.RowLimit+past))})
		}, "file, sheet PCNDetails, row 200001: the file has more than 200,000 rows", true, true},
		{"bytes of a part", ods.NetworksFile, func(past int) []byte {
			if past == 1 {
				return part("xl/sharedStrings.xml", "sst", ods.SheetLimit+1)
			}
			return part("xl/worksheets/sheet1.xml", "worksheet", ods.SheetLimit)
		}, "file: xl/sharedStrings.xml is larger than 67,108,864 bytes when unpacked: check that this is the right file", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.slow && testing.Short() {
				t.Skip("slow")
			}
			for past := range 2 {
				if past == 0 && c.byRow {
					continue
				}
				f := ods.File{Kind: c.kind, Name: "file", Day: "2022-07-29", Bytes: c.file(past)}
				if c.kind == ods.PatientsFile {
					f.Day = ""
				}
				_, err := ods.Read(fixture(t, ods.PracticesFile, "epraccur.csv"), f)
				if told := err != nil && strings.Contains(err.Error(), c.want); told != (past == 1) {
					t.Errorf("%d past the limit: %v", past, err)
				}
			}
		})
	}
}

func TestFilesOfOneReleaseAtTheLimitAndOnePast(t *testing.T) {
	files := []ods.File{fixture(t, ods.PracticesFile, "epraccur.csv")}
	for i := len(files); i < ods.FilesLimit; i++ {
		files = append(files, ods.File{Kind: ods.CommitteesFile, Name: fmt.Sprintf("office-%d", i), Day: "2022-07-29", Bytes: ods.Skeleton()})
	}
	if _, err := ods.Read(files...); err != nil {
		t.Error(err)
	}
	if _, err := ods.Read(append(files, files[1])...); err == nil || err.Error() != "a release has 65 files, more than 64: take those of one day" {
		t.Error(err)
	}
}

func TestAFullReleaseIsFarFromTheLimits(t *testing.T) {
	for _, f := range corpus.NHS(1, 1)[0] {
		if len(f.Bytes) > ods.FileLimit/8 {
			t.Errorf("%s has %d bytes", f.Name, len(f.Bytes))
		}
	}
}
