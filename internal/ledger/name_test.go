package ledger

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// goodLogs and badLogs also go into the shared vectors.
var (
	goodLogs = map[string]LogID{
		"demo/essex/log/0":                {Federation: "demo", Office: "essex"},
		"england/surrey-sussex/log/1":     {Federation: "england", Office: "surrey-sussex", Epoch: 1},
		"demo/gpc-england/log/4294967295": {Federation: "demo", Office: "gpc-england", Epoch: 4294967295},
		"d/2/log/10":                      {Federation: "d", Office: "2", Epoch: 10},
	}
	badLogs = []string{
		"", "demo", "demo/essex", "demo/essex/log", "demo/essex/log/", "demo/essex/0", "demo//log/0", "/essex/log/0",
		"demo/essex/log/00", "demo/essex/log/01", "demo/essex/log/+1", "demo/essex/log/-1", "demo/essex/log/1 ",
		"demo/essex/log/4294967296", "demo/essex/log/0/", "demo/essex/log/0/1", "demo/essex/LOG/0", "Demo/essex/log/0",
		"demo/es sex/log/0", "demo/es+sex/log/0", "demo/-essex/log/0", "demo/essex-/log/0", "demo/es--sex/log/0",
		"demo/essex@1/log/0", "demo/éssex/log/0", "demo/essex/log/0\n", "demo/a/b/log/0",
	}
	goodEntries = map[string]EntryID{
		"essex/0":                     {Office: "essex"},
		"essex/7":                     {Office: "essex", Index: 7},
		"essex@1/7":                   {Office: "essex", Epoch: 1, Index: 7},
		"surrey-sussex@12/1099511627": {Office: "surrey-sussex", Epoch: 12, Index: 1099511627},
	}
	badEntries = []string{
		"", "essex", "essex/", "/7", "essex/07", "essex/+7", "essex/-1", "essex/7 ", " essex/7", "essex/7/8", "essex@0/7",
		"essex@/7", "essex@01/7", "essex@1", "essex@1@2/7", "essex@4294967296/7", "Essex/7", "es_sex/7", "essex/1099511627776",
		"essex/18446744073709551616", "essex/7\n",
	}
)

func TestLogNamesParseAndPrint(t *testing.T) {
	for s, want := range goodLogs {
		got, err := ParseLogID(s)
		if err != nil || got != want || got.String() != s {
			t.Errorf("ParseLogID(%q) = %v, %v; prints %q", s, got, err, got.String())
		}
	}
	for _, s := range badLogs {
		if got, err := ParseLogID(s); !errors.Is(err, ErrMalformed) {
			t.Errorf("ParseLogID(%q) = %v, %v; want malformed", s, got, err)
		}
	}
}

func TestEntryNamesParseAndPrint(t *testing.T) {
	for s, want := range goodEntries {
		got, err := ParseEntryID(s)
		if err != nil || got != want || got.String() != s {
			t.Errorf("ParseEntryID(%q) = %v, %v; prints %q", s, got, err, got.String())
		}
	}
	for _, s := range badEntries {
		if got, err := ParseEntryID(s); !errors.Is(err, ErrMalformed) {
			t.Errorf("ParseEntryID(%q) = %v, %v; want malformed", s, got, err)
		}
	}
}

func TestNamesKeepTheirLimits(t *testing.T) {
	slug := strings.Repeat("a", SlugLimit)
	if _, err := ParseLogID("demo/" + slug + "/log/0"); err != nil {
		t.Error(err)
	}
	if _, err := ParseLogID("demo/" + slug + "a/log/0"); err == nil {
		t.Error("an office id over the limit was accepted")
	}
	if _, err := ParseEntryID("essex/1099511627775"); err != nil {
		t.Error(err)
	}
}

func TestNamesAskForWhatTheyShouldBe(t *testing.T) {
	_, err := ParseEntryID("Essex 7")
	want := `parsing entry name "Essex 7": malformed: want OFFICE/INDEX as in "essex/7", or OFFICE@EPOCH/INDEX as in "essex@1/7"`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestEntryAndLogNameEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := LogID{
			Federation: rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}`).Draw(t, "federation"),
			Office:     rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}`).Draw(t, "office"),
			Epoch:      rapid.Uint32().Draw(t, "epoch"),
		}
		id := log.Entry(rapid.Uint64Max(SizeLimit-1).Draw(t, "index"))
		if got, err := ParseLogID(log.String()); err != nil || got != log {
			t.Fatalf("%s: %v, %v", log, got, err)
		}
		if got, err := ParseEntryID(id.String()); err != nil || got != id || got.Log(log.Federation) != log {
			t.Fatalf("%s: %v, %v", id, got, err)
		}
	})
}

func TestLogNamesSort(t *testing.T) {
	a, b := LogID{"demo", "essex", 2}, LogID{"demo", "essex", 10}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 {
		t.Error("epochs must sort as numbers")
	}
}

func FuzzParseLogID(f *testing.F) {
	for s := range goodLogs {
		f.Add(s)
	}
	for _, s := range badLogs {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseLogID(s); err == nil && id.String() != s {
			t.Errorf("%q prints as %q", s, id)
		}
	})
}

func FuzzParseEntryID(f *testing.F) {
	for s := range goodEntries {
		f.Add(s)
	}
	for _, s := range badEntries {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseEntryID(s); err == nil && id.String() != s {
			t.Errorf("%q prints as %q", s, id)
		}
	})
}
