package ods

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileIsKnownByWhatIsInIt(t *testing.T) {
	for name, want := range map[string]Kind{
		"eauth.csv": AuthoritiesFile, "ebranchs.csv": BranchesFile, "eccg.csv": SubICBsFile, "epcn.csv": NetworksFile, "epcncorepartnerdetails.csv": NetworksFile,
		"epraccur.csv": PracticesFile, "essex.csv": CommitteesFile, "gp-reg-pat-prac-all.csv": PatientsFile, "succ.csv": SuccessionsFile, "wlhb.csv": BoardsFile,
	} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for how, file := range map[string][]byte{
			"as published": file, "with a BOM": append([]byte("\uFEFF"), file...), "CRLF": bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
			"without its end": file[:len(file)-3], "semicolons": bytes.ReplaceAll(file, []byte(","), []byte(";")),
		} {
			if got, _ := KindOf(file); got != want && (how != "semicolons" || name != "epraccur.csv") { // a name there has a comma in it
				t.Errorf("%s, %s: %q, want %q", name, how, got, want)
			}
		}
	}
	if got, _ := KindOf(Skeleton()); got != CommitteesFile {
		t.Errorf("the skeleton: %q", got)
	}
	for said, want := range map[string]Kind{
		"practice,comittee,from,until,took_over_from\n": CommitteesFile, "practise,committee,from,until,took_over_from\n": CommitteesFile,
		"PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,PATIENTS\n": PatientsFile,
	} {
		if got, _ := KindOf([]byte(said)); got != want {
			t.Errorf("a heading misspelt, which its reader names, %q: %q", said, got)
		}
	}
	if got, _ := KindOf([]byte("PK\x03\x04")); got != NetworksFile {
		t.Errorf("a workbook: %q", got)
	}
	for _, other := range []string{"", "\n", "<!DOCTYPE html>\n<html><body>not found</body></html>", "a letter, to practices", "\xff\xfea\x00"} {
		if got, ok := KindOf([]byte(other)); ok {
			t.Errorf("%q: %q", other, got)
		}
	}
}

func FuzzKindOf(f *testing.F) {
	f.Add(Skeleton())
	f.Add([]byte("X10001,\"a\n,;"))
	f.Fuzz(func(_ *testing.T, file []byte) { KindOf(file) })
}
