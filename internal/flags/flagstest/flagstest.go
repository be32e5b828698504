// Package flagstest is what the tests of both commands ask of their help and their flags. It
// knows no command by name.
package flagstest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Each does something with a command and all below it.
func Each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, c := range cmd.Commands() {
		Each(c, do)
	}
}

// HelpFits fails on a line of any command's help that has more columns than width.
func HelpFits(t *testing.T, root *cobra.Command, width int) {
	root.InitDefaultHelpCmd()
	Each(root, func(cmd *cobra.Command) {
		var help bytes.Buffer
		cmd.SetOut(&help)
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
				t.Errorf("%s --help: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
	})
}

// NoneMayBeEmpty fails on a flag of any command that takes text and may be given without, as by
// an empty variable of a script, and on a command that takes an argument that is empty. run is a command's main: its arguments and where it writes.
func NoneMayBeEmpty(t *testing.T, root *cobra.Command, run func(args []string, out io.Writer) int) {
	tried := 0
	Each(root, func(cmd *cobra.Command) {
		if cmd.Runnable() && !cmd.HasSubCommands() && cmd.Name() != "help" && cmd.Parent().Name() != "completion" {
			var out bytes.Buffer
			if code := run(append(strings.Fields(cmd.CommandPath())[1:], ""), &out); code != 2 || !strings.Contains(out.String(), " is empty (argument 1)") {
				t.Errorf("%s with an argument that is empty exits %d: %s", cmd.CommandPath(), code, out.String())
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.HasPrefix(f.Value.Type(), "string") {
				return
			}
			tried++
			args := strings.Fields(cmd.CommandPath())[1:]
			var out bytes.Buffer
			code := run(append(args, "--"+f.Name+"="), &out)
			if code != 2 || !strings.Contains(out.String(), ": --"+f.Name+" is empty: ") {
				t.Errorf("%s --%s= exits %d: %s", cmd.CommandPath(), f.Name, code, out.String())
			}
		})
	})
	if tried < 20 {
		t.Errorf("tried only %d flags", tried)
	}
}
