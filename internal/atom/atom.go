// Package atom knows how letters are written as a feed (Atom, RFC 4287). It does not know what a letter
// says or whether it stands: whoever asks for the feed says so in words.
package atom

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Feed is a list of letters.
type Feed struct {
	// Of is what the same feed has each time: its id is made from it.
	Of string
	// Title is what it is called; Subtitle what else it must be shown with.
	Title, Subtitle string
	// Generator is the software that made it, and Version which.
	Generator, Version string
	Entries            []Entry
}

// Entry is a letter.
type Entry struct {
	// Commitment is the hash that the letter's place in its log rests on: its id is made from it.
	Commitment []byte
	// Title is what it is called, Author whose it is.
	Title, Author string
	// Logged is when it was put into its log.
	Logged time.Time
	// Summary is what it says, and whether that stands; Text all of it. Both are plain text.
	Summary, Text string
}

// The document as encoding/xml writes it.
type (
	feed struct {
		XMLName   xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		ID        string    `xml:"id"`
		Title     string    `xml:"title"`
		Subtitle  string    `xml:"subtitle,omitempty"`
		Updated   string    `xml:"updated"`
		Generator generator `xml:"generator"`
		Entries   []entry   `xml:"entry"`
	}
	generator struct {
		Version string `xml:"version,attr,omitempty"`
		Name    string `xml:",chardata"`
	}
	entry struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Author    string `xml:"author>name"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Summary   string `xml:"summary"`
		Content   string `xml:"content"`
	}
)

// Write writes a feed. It was updated when the newest of its letters was logged; without a letter, now.
func Write(f Feed, now time.Time) []byte {
	of := sha256.Sum256([]byte("lmcfed feed\n" + f.Of))
	doc := feed{ID: named(of[:]), Title: notation.CleanLine(f.Title), Subtitle: notation.Clean(f.Subtitle), Generator: generator{f.Version, f.Generator}}
	var newest time.Time
	for _, e := range f.Entries {
		at := instant(e.Logged)
		if e.Logged.After(newest) {
			newest = e.Logged
		}
		doc.Entries = append(doc.Entries, entry{
			ID: named(e.Commitment), Title: notation.CleanLine(e.Title), Author: notation.CleanLine(e.Author), Published: at, Updated: at, Summary: notation.Clean(e.Summary), Content: notation.Clean(e.Text),
		})
	}
	if newest.IsZero() {
		newest = now
	}
	doc.Updated = instant(newest)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	_ = enc.Encode(doc) // text into memory: cannot fail
	b.WriteByte('\n')
	return b.Bytes()
}

// named is a name by a hash (RFC 6920): ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk
func named(sum []byte) string { return "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(sum) }

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
