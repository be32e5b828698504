package main

import (
	"os"
	"strings"
	"testing"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Whoever looks up in the page for operators what lmc status says finds it there, word for word.
func TestTheOperatorsTableHasEveryStateAsItIsPrinted(t *testing.T) {
	page, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	lacking := []*nodev1.LogStatus{{Log: "trial/gpc-england/log/0", Held: 5, WantedBodies: 1}}
	for n, name := range nodev1.NodeState_name {
		for _, logs := range [][]*nodev1.LogStatus{nil, lacking} {
			if words := nodeStateWords(&nodev1.GetStatusResponse{State: nodev1.NodeState(n), Logs: logs}); n != 0 && !strings.Contains(string(page), "\n| "+words+" |") {
				t.Errorf("%s: %q does not begin a row of the table", name, words)
			}
		}
	}
}
