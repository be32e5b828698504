package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// about says what each file is, in the order in which the index has them.
var about = []struct{ name, words string }{
	{"advisories.jsonl", "every letter as it was published, where it stands, and its bytes (lmc.answers.v1.GetEntryResponse)"},
	{"entries.jsonl", "every other entry of the logs: withdrawals, reports, matters, records of the register (the same)"},
	{"matters.jsonl", "the matters as they are now, with their measures and dates (lmc.answers.v1.GetMatterResponse)"},
	{"positions.jsonl", "what each committee says on each matter and measure, as the node worked it out (lmc.answers.v1.Line)"},
	{"register.jsonl", "offices with their keys, committees, areas, bodies and who speaks for whom (lmc.answers.v1.GetRegisterResponse)"},
	{"practices.jsonl", "the practices that the register lists (lmc.guidance.v1.Practice)"},
	{"letters.csv", "letters, withdrawals and reports, with where they stand"},
	{"positions.csv", "what each committee says on each matter and measure"},
	{"actions.csv", "what letters ask and matters set, of whom and by when"},
	{"votes.csv", "votes that letters tell of, with their figures as published"},
	{"practices.csv", "the practices that the register lists, and in which areas they lie"},
	{"committees.csv", "the committees, and which office speaks for each"},
	{"matters.csv", "the matters and their measures"},
}

// index is the page for people, up to its list of letters.
func (f *Folder) index(names []string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, notice := range f.Notices {
		line("**%s**\n", text(notice))
	}
	line("# Guidance of the federation %s\n", text(f.Federation))
	line("Taken away with `lmc export` from the node of the office %s, as of %s. It was begun at %s and finished at %s. "+
		"To read it nothing of that node is needed.\n", text(f.NodeOffice), guidance.DayWords(f.AsOf), instant(f.Begun), instant(f.Finished))
	var only []string
	for _, one := range []struct{ words, value string }{
		{"on the matter ", f.Matter}, {"of the office ", f.Office}, {"for the committee ", f.Committee}, {"since ", guidance.DayWords(f.Since)},
	} {
		if one.value != "" {
			only = append(only, one.words+text(one.value))
		}
	}
	if only != nil {
		line("Chosen were letters %s.\n", notation.Names(only))
	}
	line("## What it holds\n")
	for _, of := range about {
		if slices.Contains(names, of.name) {
			line("- [%s](%s): %s; %s", of.name, of.name, notation.Counted(int64(f.Rows[of.name]), "row", "rows"), of.words)
		}
	}
	if f.Has("markdown") {
		line("- letters/: %s, each as a page (.md), with the bytes that were signed (.letter) and what proves them (.proof)", notation.Counted(int64(f.Letters), "letter", "letters"))
	}
	line("- [manifest.json](manifest.json): the same for programs, with SHA-256 of every file\n")
	line("## What it does not hold\n")
	for _, words := range f.Lacks() {
		line("- %s", text(words))
	}
	line("- %s", text(f.Completeness))
	line("- What was published since. Where to ask from next time: `lmc export OTHERFOLDER --since %s`\n", f.Cursor)
	line("Where a letter stands, and what a committee says, is told as the node told it while this was made: it is no longer kept up. " +
		"Each practice decides for itself. This is not legal advice.")
	if f.Has("markdown") {
		line("\n## How to check a letter\n")
		line("    lmc verify letters/OFFICE/NUMBER.letter --proof letters/OFFICE/NUMBER.proof --key KEY\n")
		line("It needs no network. The keys below came from the same node as the letters: compare them first with those the offices themselves give.\n")
		for _, log := range sorted(f.Keys) {
			line("- %s: `%s`", text(log), f.Keys[log])
		}
		line("\n## The letters\n")
	}
	return b.String()
}

// instant is a moment of a report as people write it.
func instant(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return guidance.InstantWords(t)
}
