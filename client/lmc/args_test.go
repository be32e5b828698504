package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestACursorReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := &answersv1.Cursor{
			Feed:   rapid.Uint64().Draw(t, "feed"),
			Digest: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"),
			Day:    rapid.SampledFrom([]string{"", "2021-10-28"}).Draw(t, "day"),
		}
		got, err := parseCursor(formatCursor(want) + "\n")
		if err != nil || !proto.Equal(got, want) {
			t.Fatalf("%v became %v (%v)", want, got, err)
		}
	})
}

func TestACutCursorIsRefused(t *testing.T) {
	whole := formatCursor(cursorOf(41))
	end := strings.LastIndex(whole, ":") // the day may be missing, nothing else
	for n := range end {
		if c, err := parseCursor(whole[:n]); err == nil {
			t.Errorf("%q was read as %v", whole[:n], c)
		}
	}
}

func TestRequestIDIsOfTheTextAndTheOffice(t *testing.T) {
	id := requestID("letter", "essex", []byte("text"), false)
	if len(id) != 64 || id != requestID("letter", "essex", []byte("text"), false) {
		t.Errorf("got %q: want the same 64 characters each time", id)
	}
	for what, other := range map[string]string{
		"another text":   requestID("letter", "essex", []byte("text."), false),
		"another office": requestID("letter", "wessex", []byte("text"), false),
		"another kind":   requestID("matter", "essex", []byte("text"), false),
		"once more":      requestID("letter", "essex", []byte("text"), true),
	} {
		if other == id {
			t.Errorf("%s has the same id", what)
		}
	}
}

// No enum name may reach a page.
func TestNodeStatesAreSaidInWords(t *testing.T) {
	for n := range nodev1.NodeState_name {
		if text := nodeStateWords(nodev1.NodeState(n)); text == "" || strings.Contains(text, "_") {
			t.Errorf("state %d prints %q", n, text)
		}
	}
}
