package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestHelpFitsATerminal(t *testing.T) {
	root := newRoot(&app{})
	root.InitDefaultHelpCmd()
	each(root, func(cmd *cobra.Command) {
		var help bytes.Buffer
		cmd.SetOut(&help)
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > helpWidth {
				t.Errorf("%s --help: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
	})
}

// A script's empty variable must not pass for a flag left out.
func TestAnEmptyFlagIsRefusedOfEveryCommand(t *testing.T) {
	tried := 0
	each(newRoot(&app{}), func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.HasPrefix(f.Value.Type(), "string") {
				return
			}
			tried++
			args := strings.Fields(cmd.CommandPath())[1:]
			var stderr bytes.Buffer
			code := run(append(args, "--"+f.Name+"="), nil, &stderr, &stderr)
			if code != 2 || !strings.Contains(stderr.String(), ": --"+f.Name+" is empty: ") {
				t.Errorf("%s --%s= exits %d: %s", cmd.CommandPath(), f.Name, code, stderr.String())
			}
		})
	})
	if tried < 20 {
		t.Errorf("tried only %d flags", tried)
	}
}

func each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, c := range cmd.Commands() {
		each(c, do)
	}
}
