package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

// TestMain is the flood itself where it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-flood" {
		main()
		return
	}
	os.Exit(m.Run())
}

// memoryMost is how much more memory than when idle a node may have in any flood.
const memoryMost = 128 // MiB

// Times are not looked at here: machines that run tests are busy with others.
func TestFloodsCostBoundedMemoryAndNoHonestClientItsAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts nodes in processes of their own")
	}
	o := options{quiet: 200 * time.Millisecond, under: time.Second, nodeCore: -1, myCore: -1, dir: t.TempDir()}
	var err error
	if o.binary, err = prepare(t.Context(), "", o.dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range floods() {
		if !slices.Contains([]string{"stalled", "resets", "unread"}, f.name) {
			continue
		}
		r, err := try(t.Context(), o, f, false)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		if r.memory > memoryMost {
			t.Errorf("%s: %.0f MiB over idle, at most %d are wanted", f.name, r.memory, memoryMost)
		}
		if r.said != nil {
			t.Errorf("%s: %d honest calls failed, the first: %v", f.name, r.errors, r.said)
		}
	}
}
