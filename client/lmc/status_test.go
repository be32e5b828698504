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
	for n, name := range nodev1.NodeState_name {
		if words := nodeStateWords(nodev1.NodeState(n)); n != 0 && !strings.Contains(string(page), "\n| "+words+" |") {
			t.Errorf("%s: %q does not begin a row of the table", name, words)
		}
	}
}
