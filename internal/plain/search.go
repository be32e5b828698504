package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Found writes what a search found, each hit in at most three lines: which it is; what it says, for whom,
// and whether it stands; and where the words are, *marked*. Last comes what to type to read one.
func (p *Page) Found(resp *answersv1.SearchResponse) {
	if resp.GetWords() != "" {
		p.Para(0, resp.GetWords())
	}
	var notices []string
	for _, hit := range resp.GetHits() {
		p.Gap()
		p.clipped(0, notation.Joined(", ", hit.GetEntry(), ShortRange(hit.GetIssued()))+": "+cmp.Or(strings.TrimSpace(hit.GetTitle()), "without a title"))
		p.clipped(2, HitWords(hit, resp.GetNames()))
		if fragments := hit.GetFragments(); len(fragments) > 0 {
			p.clipped(2, marked(fragments[0], (p.width-2)/3))
		}
		for _, n := range hit.GetNotices() {
			if !slices.Contains(notices, n) {
				notices = append(notices, n)
			}
		}
	}
	if len(resp.GetHits()) > 0 {
		p.Gap()
		p.Para(0, howMany(resp))
		p.Para(0, "To read one: "+readWith(resp.GetHits()[0]))
	}
	p.Footer(resp.GetCompleteness(), notices)
}

// HitWords is what an entry that was found is: whether it stands, and who says what in it.
func HitWords(hit *answersv1.Hit, names *answersv1.Names) string {
	if hit.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_MATTER {
		return "The matter " + strings.Join(hit.GetMatters(), ", ") + ", opened by " + officeName(names, hit.GetOffice()) + "."
	}
	who := CommitteeNames(names, hit.GetCommittees())
	if hit.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION {
		who = officeName(names, hit.GetOffice()) + " reports of " + who
	}
	standing := hit.GetStanding()
	if hit.GetStands() && standing == "" {
		standing = "It stands."
	}
	return notation.Joined(" ", standing, notation.Joined(": ", who, strings.Join(hit.GetStances(), ", "))+".")
}

// marked is a fragment with what was looked for between asterisks, the first of it behind so many
// characters at most.
func marked(f *answersv1.Fragment, before int) string {
	var b strings.Builder
	seen := false
	for _, piece := range f.GetPieces() {
		text := piece.GetText()
		if piece.GetMatched() {
			if n := utf8.RuneCountInString(b.String()) - before; !seen && n > 0 {
				lead := string([]rune(b.String())[n:])
				_, lead, _ = strings.Cut(lead, " ")
				b.Reset()
				b.WriteString("… " + lead)
			}
			seen, text = true, "*"+text+"*"
		}
		b.WriteString(text)
	}
	return b.String()
}

func howMany(resp *answersv1.SearchResponse) string {
	shown, found := len(resp.GetHits()), int64(resp.GetFound())
	if int64(shown) == found {
		return fmt.Sprintf("%s found.", notation.Thousands(found))
	}
	best := "the best is shown"
	if shown > 1 {
		best = fmt.Sprintf("the best %d are shown", shown)
	}
	return fmt.Sprintf("%s found, of which %s. For others: more words, --limit, or one --office, --committee or --matter.", notation.Thousands(found), best)
}

// readWith is what to type to read an entry that was found.
func readWith(hit *answersv1.Hit) string {
	if hit.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_MATTER && len(hit.GetMatters()) > 0 {
		return "lmc matters " + hit.GetMatters()[0]
	}
	return "lmc advisory " + hit.GetEntry()
}

// clipped writes s on one line, as much of it as the page has room for, up to a word's end.
func (p *Page) clipped(indent int, s string) {
	s = strings.TrimSpace(OneLine(s)) // blanks alone would have no first line
	room := p.width - indent
	if utf8.RuneCountInString(s) > room {
		s = wrap(s, room-2)[0] + " …"
	}
	p.Line(strings.Repeat(" ", indent) + s)
}
