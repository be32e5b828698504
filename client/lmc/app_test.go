package main

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/client"
)

// A branch's code in place of a practice's was refused twice in the same words, the second time with the name of a field.
func TestWhatIsWrongIsSaidOnce(t *testing.T) {
	var out strings.Builder
	a := &app{stderr: &out}
	a.complain("the code of a branch", []client.Violation{{Field: "selector.practice", Reason: "the code of a branch"}, {Field: "measure", Reason: "none of the matter's"}}, "write that of its practice")
	if want := "lmc: the code of a branch\n  measure: none of the matter's\n  hint: write that of its practice\n"; out.String() != want {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}
