package main

import (
	"io"
	"testing"

	"github.com/lmcfed/lmcfed/internal/flags/flagstest"
)

func TestHelpFitsATerminal(t *testing.T) { flagstest.HelpFits(t, newRoot(&app{}), helpWidth) }

// A script's empty variable must not pass for a flag left out.
func TestAnEmptyFlagIsRefusedOfEveryCommand(t *testing.T) {
	flagstest.NoneMayBeEmpty(t, newRoot(&app{}), func(args []string, out io.Writer) int { return run(args, nil, out, out) })
}
