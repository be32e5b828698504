package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
)

// linker makes HTML of words: it names letters and matters by links, on the day that a page is of.
type linker struct {
	query   string   // that every link of this page carries on: the day asked about
	matters []string // by their names in full
	of      string   // the letter whose page it is: no link to itself
}

// named matches what words name a letter by, and the command that would print it; "essex/7", "lmc advisory essex@1/7".
var named = regexp.MustCompile(`(?:lmc (?:advisory|view|history|matters) )?\b([a-z][a-z0-9-]*(?:@[0-9]+)?)/([a-z0-9-]+)\b`)

// elsewhere matches an address of a page, or of mail, in words.
var elsewhere = regexp.MustCompile(`\bhttps?://[^\s<>"“”]*[^\s<>"“”.,;:!?)]|\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\b`)

// escaped are words as they stand, with a link for each address in them.
func escaped(words string) string {
	if !strings.Contains(words, "://") && !strings.Contains(words, "@") {
		return template.HTMLEscapeString(words)
	}
	var b strings.Builder
	last := 0
	for _, at := range elsewhere.FindAllStringIndex(words, -1) {
		address := words[at[0]:at[1]]
		if !strings.Contains(address, "://") {
			address = "mailto:" + address
		}
		b.WriteString(template.HTMLEscapeString(words[last:at[0]]))
		b.WriteString(`<a href="` + template.HTMLEscapeString(address) + `" rel="noreferrer nofollow">` + template.HTMLEscapeString(words[at[0]:at[1]]) + `</a>`)
		last = at[1]
	}
	return b.String() + template.HTMLEscapeString(words[last:])
}

// html are words with a link for each letter and each matter of the page that they name.
func (l linker) html(words string) template.HTML {
	words = notation.Clean(plain.OneLine(words))
	if !strings.Contains(words, "/") {
		return template.HTML(escaped(words)) //nolint:gosec // it is escaped
	}
	var b strings.Builder
	last := 0
	for _, at := range named.FindAllStringSubmatchIndex(words, -1) {
		name := words[at[2]:at[5]]
		address := ""
		switch {
		case strings.Trim(words[at[4]:at[5]], "0123456789") == "" && name != l.of:
			address = "/letters/" + name
		case slices.Contains(l.matters, name):
			address = "/matters/" + name + l.query
		default:
			continue
		}
		if before := words[:at[0]]; strings.HasSuffix(before, "/") || strings.HasSuffix(before, ".") || strings.HasSuffix(before, "-") {
			continue // a part of an address, or of a key
		}
		b.WriteString(escaped(words[last:at[0]]))
		b.WriteString(`<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(name) + `</a>`)
		last = at[1]
	}
	b.WriteString(escaped(words[last:]))
	return template.HTML(b.String()) //nolint:gosec // each piece of it is escaped
}

// section is a part of a page under one heading.
type section struct {
	Heading string
	Address string // of what it is of, where that has a page
	ID      string // by which a page's list of contents leads to it
	Pieces  []piece
}

// Plain: it is a few words without a heading, and is no card.
func (s section) Plain() bool {
	return s.Heading == "" && !slices.ContainsFunc(s.Pieces, func(p piece) bool {
		return p.Kind == "table" || p.Kind == "office" || p.Kind == "text" || p.Kind == "rows"
	})
}

// Lead is what is said first of a section.
func (s section) Lead() template.HTML {
	if len(s.Pieces) > 0 && s.Pieces[0].Kind == "lead" {
		return s.Pieces[0].Words
	}
	if len(s.Pieces) > 1 && s.Pieces[1].Kind == "lead" {
		return s.Pieces[1].Words
	}
	return ""
}

// piece is what stands together: a paragraph, a list, rows of what is said of what, a table, a text.
type piece struct {
	Kind   string // "para", "lead", "list", "rows", "table", "text", "see", "sub"
	Indent int    // how deep it stands, 0 to 4
	Words  template.HTML
	Items  []template.HTML // of a list
	Rows   []row
	Head   []string
	Cells  [][]template.HTML
	Number int    // of a table, from 1
	Label  string // of a table
	Raw    string // of a text
	Open   bool   // a text is shown at once
	Entry  string
}

type row struct {
	Lead  string
	Words []template.HTML
}

// labelled matches the few words that a paragraph begins with, where they say what it is of.
var labelled = regexp.MustCompile(`^[A-Z][A-Za-z&' ]{2,27}: `)

// begun are words that begin as a sentence does, where the lines of a terminal go on from what stands before them.
func begun(words string) string {
	first, rest, _ := strings.Cut(words, " ")
	if len(first) > 4 && strings.HasSuffix(first, ":") && first == strings.ToUpper(first) && !strings.Contains(first, "/") { // of a column
		return notation.Joined(" ", notation.Capital(strings.ToLower(first)), rest)
	}
	return capital(words)
}

// capital are words that begin with a capital, but for names of letters and of matters.
func capital(words string) string {
	if first, _, _ := strings.Cut(words, " "); strings.Contains(first, "/") {
		return words
	}
	return notation.Capital(words)
}

// sections puts blocks under their headings, and those that stand together into one piece. What has to be known
// first, and what a page must be shown with, come back apart.
func (l linker) sections(blocks []plain.Block) (all []section, warnings, notices []string) {
	at := &section{}
	tables := 0
	end := func() {
		if at.Heading != "" || len(at.Pieces) > 0 {
			all = append(all, *at)
		}
		at = &section{}
	}
	for _, b := range blocks {
		indent := min(b.Indent/2, 4)
		last := &piece{}
		if n := len(at.Pieces); n > 0 {
			last = &at.Pieces[n-1]
		}
		add := func(p piece) { p.Indent = indent; at.Pieces = append(at.Pieces, p) }
		switch b.Kind {
		case plain.Warning:
			warnings = append(warnings, b.Words)
		case plain.Notice:
			if !slices.Contains(notices, b.Words) {
				notices = append(notices, b.Words)
			}
		case plain.Title: // the page has its own
		case plain.Heading:
			end()
			at.Heading = plain.OneLine(b.Words)
			if b.Matter != "" {
				at.ID = fmt.Sprintf("matter-%d", len(all)+1)
				at.Address = "/matters/" + b.Matter + l.query
			}
		case plain.Rule:
			end()
		case plain.Subheading:
			add(piece{Kind: "sub", Words: l.html(b.Words)})
		case plain.Row:
			words := l.html(capital(b.Words))
			switch {
			case b.Lead == "" && last.Kind == "rows":
				of := &last.Rows[len(last.Rows)-1]
				of.Words = append(of.Words, words)
			case b.Lead == "" && len(at.Pieces) < 2: // what is said first
				add(piece{Kind: "lead", Words: words})
				if b.More != "" {
					add(piece{Kind: "para", Words: l.html(b.More)})
				}
			case b.Lead == "":
				add(piece{Kind: "para", Words: words})
			case last.Kind == "rows" && last.Indent == indent:
				last.Rows = append(last.Rows, row{notation.Capital(b.Lead), []template.HTML{words}})
			default:
				add(piece{Kind: "rows", Rows: []row{{notation.Capital(b.Lead), []template.HTML{words}}}})
			}
		case plain.Item:
			if last.Kind == "list" && last.Indent == indent {
				last.Items = append(last.Items, l.html(b.Words))
			} else {
				add(piece{Kind: "list", Items: []template.HTML{l.html(b.Words)}})
			}
		case plain.Cells:
			tables++
			p := piece{Kind: "table", Number: tables, Label: fmt.Sprintf("%s (%d)", cmp.Or(at.Heading, "Table"), tables)}
			for _, h := range b.Head {
				if h == strings.ToUpper(h) && h != "LMC" {
					h = notation.Capital(strings.ToLower(h))
				}
				p.Head = append(p.Head, h)
			}
			for _, cells := range b.Rows {
				var line []template.HTML
				for _, cell := range cells {
					line = append(line, l.html(begun(cell)))
				}
				p.Cells = append(p.Cells, line)
			}
			add(p)
		case plain.Text:
			add(piece{Kind: "text", Words: l.html(b.Lead), Raw: notation.Clean(b.Words), Entry: b.Entry})
		case plain.See:
			add(piece{Kind: "see", Words: template.HTML(template.HTMLEscapeString(b.Words)), Entry: "/matters/" + b.Matter + l.query}) //nolint:gosec // escaped
		default:
			words := begun(notation.Joined(" ", b.Words, b.More))
			if lead := labelled.FindString(words); lead != "" && last.Kind == "rows" && last.Indent == indent { // it goes on as a row
				last.Rows = append(last.Rows, row{strings.TrimSuffix(lead, ": "), []template.HTML{l.html(capital(words[len(lead):]))}})
				continue
			}
			add(piece{Kind: "para", Words: l.html(words)})
		}
	}
	end()
	openOnly(all)
	return all, warnings, notices
}

// openOnly opens the text of a page that has one alone.
func openOnly(sections []section) {
	var only *piece
	for i := range sections {
		for j := range sections[i].Pieces {
			if p := &sections[i].Pieces[j]; p.Kind == "text" {
				if only != nil {
					return
				}
				only = p
			}
		}
	}
	if only != nil {
		only.Open = true
	}
}

// onDay is how a link goes on asking about a day.
func onDay(day string) string {
	if day == "" {
		return ""
	}
	return "?on=" + url.QueryEscape(day)
}
