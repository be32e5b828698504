package main

import (
	"strings"
	"testing"
)

// Whoever opens a matter was asked for a node first, which knows nothing of it yet.
func TestAMatterToFillInNeedsNoNode(t *testing.T) {
	t.Setenv("LMC_PROFILE", "")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	code, out, errs := lmcRun("new", "--kind", "matter")
	if code != 0 || !strings.Contains(out, "kind: matter") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if code, _, errs = lmcRun("new", "--kind", "report", "--matter", "plan"); code == 0 || !strings.Contains(errs, "no node to ask") {
		t.Errorf("%d\n%s", code, errs)
	}
}
