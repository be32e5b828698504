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
	endsWithWhereItStands(t, "actions.csv", "It still stands in part. It asks no more: send the form, in NHS Surrey ICB.",
		&guidancev1.Advisory{Actions: []*guidancev1.Action{{Verb: "send", Object: "the form"}}})
}

// The figures of a vote that were corrected stood beside those that took their place, and nothing told them apart.
func TestARowOfAVoteSaysWhereItsLetterStands(t *testing.T) {
	endsWithWhereItStands(t, "votes.csv", "It no longer counts: replaced by surrey/2, from 1 June 2025.",
		&guidancev1.Advisory{Votes: []*guidancev1.Vote{{Id: "form", Question: "Would your practice send the form?"}}})
}

func endsWithWhereItStands(t *testing.T, file, stands string, advisory *guidancev1.Advisory) {
	t.Helper()
	dir := t.TempDir()
	f, err := Open(dir, Choice{Node: "lmcpin1:x", Formats: []string{"csv"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	e := &answersv1.Entry{Name: "surrey/1", Office: "surrey", Words: stands, Content: &answersv1.Entry_Advisory{Advisory: advisory}}
	if err := f.AddEntry(&answersv1.GetEntryResponse{Entry: e}); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	table, err := os.ReadFile(filepath.Join(dir, "UNFINISHED", file))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(table), ","+stands+"\r\n") && !strings.Contains(string(table), `,"`+stands+`"`+"\r\n") {
		t.Errorf("the table:\n%s", table)
	}
}
