package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/letter"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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

func TestRequestIDIsOfTheWordsAndTheOffice(t *testing.T) {
	made := func(kind letter.Kind, office string, msg proto.Message, after string) string {
		id, err := requestID(kind, office, msg, after)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	text := func(body, file string) *guidancev1.Advisory {
		return &guidancev1.Advisory{Body: body, Attachments: []*guidancev1.Attachment{{Sha256: []byte(file)}}}
	}
	id := made("letter", "essex", text("text", "file"), "")
	if len(id) != 64 || id != made("letter", "essex", text("text", "file"), "") {
		t.Errorf("got %q: want the same 64 characters each time", id)
	}
	for what, other := range map[string]string{
		"another text":       made("letter", "essex", text("text.", "file"), ""),
		"another attachment": made("letter", "essex", text("text", "file."), ""),
		"another office":     made("letter", "wessex", text("text", "file"), ""),
		"another kind":       made("matter", "essex", text("text", "file"), ""),
		"once more":          made("letter", "essex", text("text", "file"), "essex/3"),
	} {
		if other == id {
			t.Errorf("%s has the same id", what)
		}
	}
}

func TestTheSameLetterSavedWithCRLFIsPublishedOnce(t *testing.T) {
	const unix = "---\ntitle: T\nfor: [north-essex]\nissued: 2021-10-26\nto: [practices]\n---\n\nDear colleagues\n\nNo.\n"
	windows := strings.ReplaceAll(unix, "\n", "\r\n")
	ids := map[string]bool{}
	for _, file := range []string{unix, windows, "\ufeff" + windows} {
		a, err := letter.Parse([]byte(file), letter.Defaults{Office: "essex"})
		if err != nil {
			t.Fatal(err)
		}
		id, err := requestID(letter.KindLetter, "essex", a, "")
		if err != nil {
			t.Fatal(err)
		}
		ids[id] = true
	}
	if len(ids) != 1 {
		t.Errorf("the same letter saved three ways has %d request ids", len(ids))
	}
}

// No enum name may reach a page.
func TestNodeStatesAreSaidInWords(t *testing.T) {
	for n := range nodev1.NodeState_name {
		if text := nodeStateWords(&nodev1.GetStatusResponse{State: nodev1.NodeState(n)}); text == "" || strings.Contains(text, "_") {
			t.Errorf("state %d prints %q", n, text)
		}
	}
}
