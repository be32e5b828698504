package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a letter asked in the part of an LMC's area where it was amended stood in the table as if it were asked still:
// the column of those it is no more asked of has only whole LMCs.
func TestARowOfWhatALetterAsksSaysWhereThatLetterStands(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir, Choice{Node: "lmcpin1:x", Formats: []string{"csv"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	const stands = "It still stands in part. It asks no more: send the form, in NHS Surrey ICB."
	e := &answersv1.Entry{
		Name: "surrey/1", Office: "surrey", Words: stands,
		Content: &answersv1.Entry_Advisory{Advisory: &guidancev1.Advisory{Actions: []*guidancev1.Action{{Verb: "send", Object: "the form"}}}},
	}
	if err := f.AddEntry(&answersv1.GetEntryResponse{Entry: e}); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	table, err := os.ReadFile(filepath.Join(dir, "UNFINISHED", "actions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(table), `,"`+stands+`"`+"\r\n") {
		t.Errorf("the table:\n%s", table)
	}
}
