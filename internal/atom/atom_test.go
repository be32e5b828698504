package atom

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
)

var now = time.Date(2021, 10, 28, 9, 30, 0, 0, time.UTC)

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// Whatever letters say: a reader of feeds reads back what was written.
func TestAFeedIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aé “—,;<>&\"'\n\t]]>=€🩺\u202e\u0007\ufffe")), 0, 200, -1)
		in := Feed{Of: "demo/office/essex", Title: "x" + text.Draw(t, "title"), Subtitle: text.Draw(t, "notice"), Generator: "lmc", Version: "v1"}
		for i := range rapid.IntRange(0, 4).Draw(t, "letters") {
			in.Entries = append(in.Entries, Entry{
				Commitment: hash(string(rune('a' + i))), Title: "x" + text.Draw(t, "letter"), Author: "x" + text.Draw(t, "office"), Logged: now.Add(-time.Duration(i) * time.Hour),
				Summary: text.Draw(t, "summary"), Text: text.Draw(t, "text"),
			})
		}
		b := Write(in, now)
		got, err := gofeed.NewParser().Parse(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v:\n%s", err, b)
		}
		same := func(what, got, want string) {
			want = strings.TrimSpace(strings.ReplaceAll(notation.Clean(want), "\ufffe", "\ufffd"))
			if strings.TrimSpace(got) != want {
				t.Fatalf("%s is read as %q, and is %q:\n%s", what, got, want, b)
			}
		}
		if got.FeedType != "atom" || got.UpdatedParsed == nil || !got.UpdatedParsed.Equal(now) || len(got.Items) != len(in.Entries) {
			t.Fatalf("a feed of %d letters is read as %s of %d, updated %v", len(in.Entries), got.FeedType, len(got.Items), got.UpdatedParsed)
		}
		same("the title", got.Title, notation.CleanLine(in.Title))
		ids := map[string]bool{}
		for i, item := range got.Items {
			same("a title", item.Title, notation.CleanLine(in.Entries[i].Title))
			same("a summary", item.Description, in.Entries[i].Summary)
			same("a text", item.Content, in.Entries[i].Text)
			same("an author", item.Authors[0].Name, notation.CleanLine(in.Entries[i].Author))
			if !item.UpdatedParsed.Equal(in.Entries[i].Logged) || !strings.HasPrefix(item.GUID, "ni:///sha-256;") || ids[item.GUID] {
				t.Fatalf("a letter's id is %s, its time %v", item.GUID, item.UpdatedParsed)
			}
			ids[item.GUID] = true
		}
	})
}

// What RFC 4287 requires of a feed and of an entry is there, once.
func TestAFeedHasWhatTheFormatRequires(t *testing.T) {
	b := Write(Feed{Of: "x", Title: "Letters", Entries: []Entry{{Commitment: hash("a"), Title: "Letter", Author: "Essex LMCs", Logged: now, Text: "words"}}}, now)
	count := map[string]int{}
	for dec, depth := xml.NewDecoder(bytes.NewReader(b)), ""; ; {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch of := token.(type) {
		case xml.StartElement:
			if of.Name.Space != "http://www.w3.org/2005/Atom" {
				t.Errorf("%s is of no Atom", of.Name.Local)
			}
			depth += "/" + of.Name.Local
			count[depth]++
		case xml.EndElement:
			depth = depth[:strings.LastIndex(depth, "/")]
		}
	}
	for _, path := range []string{"/feed/id", "/feed/title", "/feed/updated", "/feed/entry/id", "/feed/entry/title", "/feed/entry/updated", "/feed/entry/author/name", "/feed/entry/content"} {
		if count[path] != 1 {
			t.Errorf("%s is there %d times", path, count[path])
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	f := Feed{Of: "x", Title: "Letters"}
	for range 100 {
		f.Entries = append(f.Entries, Entry{Commitment: hash("a"), Title: "Letter", Author: "Essex LMCs", Logged: now, Text: strings.Repeat("words ", 500)})
	}
	for b.Loop() {
		Write(f, now)
	}
}
