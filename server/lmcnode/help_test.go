package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/flags/flagstest"
)

func TestHelpFitsATerminal(t *testing.T) { flagstest.HelpFits(t, newRoot(), helpWidth) }

func TestEveryCommandHasAnExampleOrCommands(t *testing.T) {
	flagstest.Each(newRoot(), func(cmd *cobra.Command) {
		parent := cmd.Parent()
		if cmd.Example == "" && !cmd.HasSubCommands() && cmd.Name() != "help" && (parent == nil || parent.Name() != "completion") {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
	})
}

// A script's empty variable must not pass for a flag left out.
func TestAnEmptyFlagIsRefusedOfEveryCommand(t *testing.T) {
	flagstest.NoneMayBeEmpty(t, newRoot(), func(args []string, out io.Writer) int { return run(args, out, out) })
}

func TestWordsAreQuotedForTheShell(t *testing.T) {
	for word, want := range map[string]string{
		"gpc": "gpc", "/var/lib/lmcnode": "/var/lib/lmcnode", "our node": "'our node'", "": "''", "it's": `'it'\''s'`, "$HOME": "'$HOME'",
	} {
		if got := quoted(word); got != want {
			t.Errorf("quoted(%q) = %s, want %s", word, got, want)
		}
	}
}

// What is printed to a full disk did not arrive, and was a success.
func TestAnAnswerThatDoesNotArriveIsNoSuccess(t *testing.T) {
	var stderr strings.Builder
	if status := run([]string{"--help"}, brokenWriter{}, &stderr); status != 1 || !strings.Contains(stderr.String(), "lmcnode: the answer could not be written: no space left") {
		t.Errorf("exit %d, %s", status, stderr.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
