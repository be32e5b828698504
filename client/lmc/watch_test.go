package main

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// A watch on a node that was cut off said so anew every minute.
func TestAWatchSaysOnceForHowLongItsNodeHasBeenAlone(t *testing.T) {
	var out strings.Builder
	w := &watcher{app: &app{stdout: &out, width: 80}}
	for _, warning := range []string{
		"This node has been connected to no other for 4 minutes.", "This node has been connected to no other for 5 minutes.",
		"This node has been connected to no other for 10 minutes.", "", "This node has been connected to no other for 4 minutes.",
	} {
		rests := &answersv1.Completeness{Warning: warning, Words: "All is well."}
		if err := w.event(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Progress{Progress: &answersv1.Progress{Completeness: rests}}}); err != nil {
			t.Fatal(err)
		}
	}
	const want = "This node has been connected to no other for 4 minutes.\nAll is well.\nThis node has been connected to no other for 4 minutes.\n"
	if out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}
