package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// notesOf imports files, and returns what the keeper is told to look at.
func (k *kept) notesOf(t *testing.T, files ...ods.File) []string {
	t.Helper()
	release, err := ods.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	i := newImporting(reg, known, release, nil)
	records, err := i.records()
	if err != nil {
		t.Fatal(err)
	}
	k.record(records...)
	return i.notes
}

// After the mergers of ICBs of April 2026 all practices of a list that named an ICB were in no LMC's area, and nothing
// said which row it was, nor what to write.
func TestARowOfAnICBThatEndedIsNamedWithWhatToWrite(t *testing.T) {
	files := func(day, rows string, icbs ...[]string) []ods.File {
		in := icbs[len(icbs)-1][0]
		practice := []string{"X10001", "SURGERY", "Y59", in, "", "", "", "", "", "ZZ1 1ZZ", "19740401", "", "A", "B", "92A", "20200401", "", "", "", "", "", "0", "", "92A", "", "4", ""}
		return []ods.File{
			{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: corpus.CSV([][]string{practice})},
			{Kind: ods.SubICBsFile, Name: "eccg.csv", Day: day, Bytes: corpus.CSV([][]string{areaRow("92A", "92A", in, "20200401", "")})},
			{Kind: ods.AuthoritiesFile, Name: "eauth.csv", Day: day, Bytes: corpus.CSV(icbs)},
			{Kind: ods.SuccessionsFile, Name: "succ.csv", Day: day, Bytes: []byte("\"QXU\",\"S9B9J\",\"R\",\"20260401\",\"S\"\n")},
			{Kind: ods.CommitteesFile, Name: "surrey.csv", Day: day, Bytes: []byte("practice,committee,from,until,took_over_from\n" + rows)},
		}
	}
	old, ended, heir := areaRow("QXU", "QXU", "", "20220701", ""), areaRow("QXU", "QXU", "", "20220701", "20260331"), areaRow("S9B9J", "S9B9J", "", "20260401", "")
	const said = "icb:QXU ended on 31 March 2026, and icb:S9B9J took over: surrey has nobody there since. Let its list have the sub-ICB locations, or the practices, that are its own now"
	isTold := func(notes []string) bool {
		return slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "ended on") })
	}
	k := listsOf("surrey")
	if notes := k.notesOf(t, files("2026-01-31", "icb:QXU,surrey,,,\n", old)...); isTold(notes) {
		t.Errorf("before it ends: %q", notes)
	}
	all := files("2026-04-30", "icb:QXU,surrey,,,\n", ended, heir)
	if notes := k.notesOf(t, all[:4]...); !slices.Contains(notes, said) {
		t.Errorf("when it ends and no list is read: %q", notes)
	}
	if notes := k.notesOf(t, all...); !slices.Contains(notes, "surrey.csv, row 2: "+said) {
		t.Errorf("in a list that is read: %q", notes)
	}
	for name, rows := range map[string]string{
		"until that day":          "icb:QXU,surrey,,2026-03-31,\nsub-icb:92A,surrey,2026-04-01,,\n",
		"beside what took over":   "icb:QXU,surrey,,,\nicb:S9B9J,surrey,,,\n",
		"a location in its place": "sub-icb:92A,surrey,,,\n",
	} {
		if notes := k.notesOf(t, files("2026-05-31", rows, ended, heir)...); isTold(notes) {
			t.Errorf("%s: %q", name, notes)
		}
	}
}

// A file that was cut off between two rows closed all practices behind that, and nothing was said of it.
func TestPracticesThatAFileHasNoMoreAreNamedForItMayBeCutOff(t *testing.T) {
	k := listsOf("kent")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X10003", "91Q"}}
	k.reads(t, "2026-01-31", nil)
	k.practices = k.practices[:1]
	want := "open until now, and not in the file of practices: X10002, X10003, which are taken to have closed the day before. The NHS leaves in it what has closed: look whether the file is whole"
	if notes := k.notesOf(t, k.files("2026-02-28", nil)...); !slices.Contains(notes, want) {
		t.Errorf("notes: %q", notes)
	}
	if notes := k.notesOf(t, k.files("2026-03-31", nil)...); slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "X10002") }) {
		t.Errorf("said once more: %q", notes)
	}
}

// A practice that a list had merged into one which had closed long before was sent to that, of which nobody could be asked.
func TestAPracticeIsNotMergedIntoOneThatHadClosedLongBefore(t *testing.T) {
	k := listsOf("kent")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X10003", "91Q"}}
	k.reads(t, "2026-01-31", map[string]string{"kent": "X10002,kent,2023-01-01,,X10001\n"})
	notes := k.notesOf(t, k.files("2026-02-28", map[string]string{"kent": "X10002,kent,2023-01-01,,X10001\nX10001,kent,2024-01-01,,X10003\n"})...)
	if want := "X10003 was merged into X10001 on 1 January 2024 by a list, and that closed on 31 December 2022: left out"; !slices.Contains(notes, want) {
		t.Errorf("notes: %q", notes)
	}
	if p := k.reg.Practice("X10003"); p.GetValidUntil() != "" || len(k.reg.TookOver("X10003")) > 0 {
		t.Errorf("it is merged all the same: %v", p)
	}
}

// A file of two gigabytes was read up to the limit before it was refused, by a number of bytes and with nothing to do.
func TestAFileThatIsFarTooLargeIsRefusedUnreadWithWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "epraccur.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(2<<30), f.Close()); err != nil {
		t.Skip("no room for a sparse file:", err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = readRelease("2026-01-31", []string{path}, fileNames([]string{path}))
	runtime.ReadMemStats(&after)
	if refused := (*fault.Error)(nil); !errors.As(err, &refused) || !strings.Contains(refused.Error(), "larger than 268,435,456 bytes") || !strings.Contains(refused.Hint, "right file") {
		t.Errorf("refused by %v", err)
	}
	if read := after.TotalAlloc - before.TotalAlloc; read > 10<<20 {
		t.Errorf("%d bytes were read", read)
	}
}
