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
		{[]string{"--on", "1 May", "--on", ""}, "--on is empty: give it a value, or leave it out"},
		{[]string{"--profile="}, "--profile is empty: give it a value, or leave it out"},
		{[]string{"--for=a,b", "--alias", "a", "--alias", "b,c"}, ""},
		{[]string{"--for="}, "--for is empty: give it a value, or leave it out"},
		{[]string{"--for=a,,b"}, "--for is empty: give it a value, or leave it out"},
		{[]string{"--alias", "a", "--alias", ""}, "--alias is empty: give it a value, or leave it out"},
		{[]string{"--yes", "--seen", "0"}, ""},
		{[]string{"--on=", "--alias="}, "--alias is empty: give it a value, or leave it out"},
	} {
		ran := false
		root := &cobra.Command{Use: "lmc", SilenceErrors: true, SilenceUsage: true}
		root.PersistentFlags().String("profile", "", "")
		view := &cobra.Command{Use: "view", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { ran = true; return nil }}
		root.AddCommand(view)
		view.Flags().String("on", "", "")
		view.Flags().StringSlice("for", nil, "")
		view.Flags().StringArray("alias", nil, "")
		view.Flags().Bool("yes", false, "")
		view.Flags().Int("seen", 0, "")
		NoneEmpty(root, fmt.Errorf)
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
