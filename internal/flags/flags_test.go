package flags

import (
	"fmt"
	"testing"

	"github.com/spf13/cobra"
)

func TestAFlagGivenWithoutAValueIsRefused(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{}, ""},
		{[]string{"--on=1 May"}, ""},
		{[]string{"--on="}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--on", ""}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--on", " \t\u00a0"}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--on", "\u200b"}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--on", "1 May", "--on", ""}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--profile="}, "--profile is empty: give it a value, or leave it out"},
		{[]string{"--for=a,b", "--alias", "a", "--alias", "b,c"}, ""},
		{[]string{"--for="}, "--for is empty: give it a value, or leave it out"},
		{[]string{"--for=a,,b"}, "--for is empty: give it a value, or leave it out"},
		{[]string{"--alias", "a", "--alias", ""}, "--alias is empty: give it a value, or leave it out"},
		{[]string{"--yes", "--seen", "0"}, ""},
		{[]string{"--on=", "--alias="}, "--alias is empty: give it a value, or leave it out"},
		{[]string{"--seen="}, "--seen is empty: give it a value, or leave it out"},
		{[]string{"--seen", ""}, "--seen is empty: give it a value, or leave it out"},
		{[]string{"--seen", "four"}, `--seen: "four" is not a whole number`},
		{[]string{"--seen", "99999999999999999999"}, "--seen: 99999999999999999999 is too large a number"},
		{[]string{"--yes="}, "--yes is empty: give it a value, or leave it out"},
		{[]string{"--yes=maybe"}, `--yes: "maybe" is neither true nor false`},
		{[]string{"--nosuch"}, "unknown flag: --nosuch"},
		{[]string{"plan"}, ""},
		{[]string{""}, "what is given to lmc view is empty (argument 1): give it a value, or leave it out"},
		{[]string{"plan", " "}, "what is given to lmc view is empty (argument 2): give it a value, or leave it out"},
	} {
		ran := false
		root := &cobra.Command{Use: "lmc", SilenceErrors: true, SilenceUsage: true}
		root.PersistentFlags().String("profile", "", "")
		view := &cobra.Command{Use: "view", Args: cobra.MaximumNArgs(2), RunE: func(*cobra.Command, []string) error { ran = true; return nil }}
		root.AddCommand(view)
		view.Flags().String("on", "", "")
		view.Flags().StringSlice("for", nil, "")
		view.Flags().StringArray("alias", nil, "")
		view.Flags().Bool("yes", false, "")
		view.Flags().Int("seen", 0, "")
		NoneEmpty(root, fmt.Errorf)
		InWords(root, fmt.Errorf)
		root.SetArgs(append([]string{"view"}, c.args...))
		err := root.Execute()
		if c.want == "" && (err != nil || !ran) || c.want != "" && (err == nil || err.Error() != c.want || ran) {
			t.Errorf("%q: got %v, and it ran: %v; want %q", c.args, err, ran, c.want)
		}
	}
}

func TestADayOfAFlagIsReadAsLettersWriteThem(t *testing.T) {
	for given, want := range map[string]string{"": "", "1 October 2021": "2021-10-01", "2021-10-01": "2021-10-01", "31 June 2021": "--on: 31 June 2021 does not exist: June 2021 has 30 days"} {
		day := given
		if err := ReadDay("--on", &day, fmt.Errorf); err != nil {
			day = err.Error()
		}
		if day != want {
			t.Errorf("%q: %q, want %q", given, day, want)
		}
	}
}

// "lmc nosuch --help" showed the help of lmc, and said that all was well.
func TestHelpOnACommandThatIsNotThereIsRefused(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--help"}, ""},
		{[]string{"view", "--help"}, ""},
		{[]string{"view", "PLAN", "--help"}, ""}, // its arguments are its own to judge
		{[]string{"register", "--help"}, ""},
		{[]string{"register", "show", "-h"}, ""},
		{[]string{"nosuch", "--help"}, "lmc: nosuch"},
		{[]string{"--json", "nosuch", "-h"}, "lmc: nosuch"},
		{[]string{"register", "nosuch", "--help"}, "lmc register: nosuch"},
		{[]string{"nosuch"}, ""}, // said when it is run
	} {
		root := &cobra.Command{Use: "lmc", Args: cobra.ArbitraryArgs}
		root.PersistentFlags().Bool("json", false, "")
		register := &cobra.Command{Use: "register"}
		register.AddCommand(&cobra.Command{Use: "show", Run: func(*cobra.Command, []string) {}})
		root.AddCommand(register, &cobra.Command{Use: "view", Run: func(*cobra.Command, []string) {}})
		err := HelpOnWhatIs(root, c.args, func(cmd *cobra.Command, args []string) error { return fmt.Errorf("%s: %s", cmd.CommandPath(), args[0]) })
		if got := fmt.Sprint(err); got != c.want && !(err == nil && c.want == "") {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}
