// Package flags knows what both commands ask of every flag they are given. It knows no flag
// by name, and not what any of them is for.
package flags

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// emptyFlag is said of a flag that was given without a value.
const emptyFlag = "--%s is empty: give it a value, or leave it out"

// InWords has a command and all below it say in words which flag has a value that cannot be read.
// wrong makes the error.
func InWords(cmd *cobra.Command, wrong func(format string, args ...any) error) {
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		var unread *pflag.InvalidValueError
		if !errors.As(err, &unread) {
			return wrong("%v", err)
		}
		name, value := unread.GetFlag().Name, unread.GetValue()
		switch kind := unread.GetFlag().Value.Type(); {
		case isBlank(value):
			return wrong(emptyFlag, name)
		case errors.Is(err, strconv.ErrRange):
			return wrong("--%s: %s is too large a number", name, notation.Clip(value, 80))
		case errors.Is(err, strconv.ErrSyntax) && kind == "bool":
			return wrong("--%s: %q is neither true nor false", name, notation.Clip(value, 80))
		case errors.Is(err, strconv.ErrSyntax):
			return wrong("--%s: %q is not a whole number", name, notation.Clip(value, 80))
		}
		return wrong("%v", err)
	})
}

// NoneEmpty has a command and all below it refuse a flag that was given without a value, --on=
// or --on "", and an argument that is empty, before they look at anything else: an empty variable
// of a script must not pass for what was left out. wrong makes the error.
func NoneEmpty(cmd *cobra.Command, wrong func(format string, args ...any) error) {
	args := cmd.Args
	cmd.Args = func(cmd *cobra.Command, given []string) (err error) {
		cmd.Flags().Visit(func(f *pflag.Flag) {
			values := []string{f.Value.String()}
			if list, ok := f.Value.(pflag.SliceValue); ok {
				values = list.GetSlice()
			}
			if err == nil && (len(values) == 0 || slices.ContainsFunc(values, isBlank)) {
				err = wrong(emptyFlag, f.Name)
			}
		})
		if i := slices.IndexFunc(given, isBlank); err == nil && i >= 0 {
			err = wrong("what is given to %s is empty (argument %d): give it a value, or leave it out", cmd.CommandPath(), i+1)
		}
		if err != nil || args == nil {
			return err
		}
		return args(cmd, given)
	}
	for _, c := range cmd.Commands() {
		NoneEmpty(c, wrong)
	}
}

func isBlank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || notation.IsInvisible(r) }) == ""
}

// HelpOnWhatIs has help refused of a command that is not there: cobra would show that of the
// command before it. It gives the error in place of running root; nil: run it.
func HelpOnWhatIs(root *cobra.Command, args []string, refuse cobra.PositionalArgs) error {
	asked := slices.ContainsFunc(args, func(s string) bool { return s == "--help" || s == "-h" })
	cmd, left, err := root.Find(args)
	if err != nil || !asked || !cmd.HasSubCommands() {
		return nil
	}
	left = slices.DeleteFunc(slices.Clone(left), func(s string) bool { return strings.HasPrefix(s, "-") })
	if len(left) == 0 {
		return nil
	}
	return refuse(cmd, left)
}

// ReadDay reads the day of a flag as letters write theirs, and refuses one that does not exist
// before anybody is asked. Of a flag that was not given the day is empty. wrong makes the error.
func ReadDay(flag string, day *string, wrong func(format string, args ...any) error) (err error) {
	if *day == "" {
		return nil
	}
	if *day, err = notation.ReadDay(*day); err != nil {
		return wrong("%s: %v", flag, err)
	}
	return nil
}
