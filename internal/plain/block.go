package plain

import (
	"strings"
	"unicode/utf8"
)

// BlockKind is what a piece of a page is.
type BlockKind int

// The kinds of blocks.
const (
	Para    BlockKind = iota
	Warning           // what a reader must know before anything else
	Notice            // what it must be shown with
	Title             // of the page
	Heading
	Subheading
	Row  // Words behind a Lead, which is empty where they go on with the row before
	Item // of a list
	Cells
	Text // received Markdown: a letter's own words, or a text to send
	See  // where there is more on Matter
	Rule // what stands above is over
)

// Block is a piece of a page that is not laid out: what lines of text, Markdown and HTML are made of. Its
// words may be received text as it came.
type Block struct {
	Kind   BlockKind
	Indent int    // how deep it stands, in characters
	Lead   string // of a row; of a text: what it is for
	Words  string
	More   string     // what goes on behind the words: reasons
	Matter string     // the matter that a heading is of, or that an item leads to, by its name
	Entry  string     // the letter that a text comes from
	Head   []string   // of cells
	Rows   [][]string // of cells
}

// Unlaid is a page that is not laid out: what is written to it is kept as blocks.
func Unlaid() *Page { return &Page{width: MostWidth, unlaid: true} }

// Neutral is an Unlaid page for everybody: it does not tell who is silent.
func Neutral() *Page { return &Page{width: MostWidth, unlaid: true, neutral: true} }

// Blocks are what was written to a page that is not laid out, what the reader must know first before all else.
func (p *Page) Blocks() []Block { return p.blocks }

// typed is what a reader types for more, on a page that is laid out for a terminal; else nothing.
func (p *Page) typed(words string) string {
	if p.unlaid {
		return ""
	}
	return words
}

// first writes what is said first under a heading.
func (p *Page) first(words string) {
	if p.unlaid {
		p.put(Block{Kind: Row, Words: words})
		return
	}
	p.Hang("  ", words)
}

// put keeps a block, unless it says nothing.
func (p *Page) put(b Block) {
	if b.Words+b.More != "" || len(b.Rows) > 0 || b.Kind == Rule {
		p.blocks = append(p.blocks, b)
	}
}

// hung keeps what Hang writes: a row behind its lead, and what goes on with the row before, or stands deeper, behind blanks.
func (p *Page) hung(lead, s string) {
	words := strings.TrimLeft(lead, " ")
	b := Block{Kind: Row, Indent: utf8.RuneCountInString(lead) - utf8.RuneCountInString(words), Lead: strings.Trim(words, " :"), Words: s}
	if b.Lead == "" {
		b.Kind = Para
		if n := len(p.blocks); n > 0 && p.blocks[n-1].Kind == Row && utf8.RuneCountInString(lead) > p.blocks[n-1].Indent+rowLead {
			b.Kind, b.Indent = Row, p.blocks[n-1].Indent
		}
	}
	p.put(b)
}

// rowLead is how many characters what goes on with a row stands behind where that begins, at least.
const rowLead = 4
