package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Pictures are drawn here as SVG, of answers: what they count and say is counted and said elsewhere. Each has its
// words beside it, and a pattern and a sign wherever it has a colour. Their words and signs keep their size at any
// width, since only places are in percent.

// kind is how what somebody says is drawn.
type kind struct {
	Class string // of its colour and pattern
	Sign  string // of characters that every font has; empty: nothing was said
}

// kindOf is how a stance is drawn.
func kindOf(stance guidancev1.Stance) kind {
	sign := map[guidancev1.Stance]string{
		guidancev1.Stance_STANCE_REFUSE: "×", guidancev1.Stance_STANCE_ADVISE_AGAINST: "–", guidancev1.Stance_STANCE_CAUTION: "!", guidancev1.Stance_STANCE_PRACTICE_DECIDES: "=",
		guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS: "±", guidancev1.Stance_STANCE_SUPPORT: "+", guidancev1.Stance_STANCE_REQUIRED: "§", guidancev1.Stance_STANCE_UNABLE_TO_ADVISE: "/",
		guidancev1.Stance_STANCE_CONSULTING: "?", guidancev1.Stance_STANCE_INFORMATION_ONLY: "i",
	}[stance]
	if sign == "" {
		return kind{"other", "·"}
	}
	return kind{fmt.Sprintf("stance%d", stance), sign}
}

// kindOfColumn is how a figure is drawn.
func kindOfColumn(c *answersv1.Column) kind {
	switch c.GetKind() {
	case answersv1.ColumnKind_COLUMN_KIND_STANCE, answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER:
		return kindOf(c.GetStance())
	case answersv1.ColumnKind_COLUMN_KIND_RELAYED:
		return kind{"relayed", "»"}
	case answersv1.ColumnKind_COLUMN_KIND_NO_LINE:
		if c.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT {
			return kind{"none", ""}
		}
		return kind{"other", "·"}
	case answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED:
		return kind{"away", ""}
	}
	return kind{"other", "·"}
}

// bar is the figures of a table as one bar: stances in the order of their scale, what is no stance behind them.
type bar struct {
	Title, Words string
	Parts        []barPart
}

type barPart struct {
	kind
	Words, Count string
	To           string  // the address of its letters
	X, Width, M  float64 // in percent; M is its middle
	Pill         int     // how wide its number is written on it, in pixels; 0: there is no room on a phone
}

// On a phone a bar is so wide, and a figure of its numbers.
const barPixels, digitPixels = 270.0, 9

// barOf is the first table of a picture as a bar; nil: there is nothing to draw.
func barOf(pic *answersv1.NationalPicture) *bar {
	if len(pic.GetTables()) == 0 {
		return nil
	}
	t := pic.GetTables()[0]
	total := int32(0)
	for _, c := range t.GetColumns() {
		total += c.GetCount()
	}
	if total == 0 {
		return nil
	}
	b := &bar{Title: cmp.Or(t.GetTitle(), pic.GetMatter().GetTitle()), Words: t.GetDenominatorWords()}
	x := 0.0
	for i, c := range t.GetColumns() {
		one := barPart{kind: kindOfColumn(c), Words: notation.Capital(c.GetWords()), Count: notation.Thousands(int64(c.GetCount())), X: x, Width: 100 * float64(c.GetCount()) / float64(total), To: fmt.Sprintf("#t1r%d", i+1)}
		one.M = one.X + one.Width/2
		if pill := digitPixels*len(one.Count) + 12; float64(pill) < barPixels*one.Width/100 {
			one.Pill = pill
		}
		b.Parts = append(b.Parts, one)
		x += one.Width
	}
	return b
}

// block is the committees of one region as tiles.
type block struct {
	Name, Place string // Place is where it lies on the page, roughly as it does in England
	Words       string // who says what
	Tiles       []tile
	Wide, High  int
}

type tile struct {
	kind
	Name, Code, Words string
	X, Y              int
}

// regionPlaces are where regions lie, by their codes.
var regionPlaces = map[string]string{"Y62": "nw", "Y63": "ne", "Y60": "mid", "Y61": "east", "Y58": "sw", "Y59": "se", "Y56": "lon"}

// Tiles have this size, with what is between them, and so many stand in a row.
const tileWide, tileHigh, tilesAcross = 44, 44, 6

// blocksOfRegions are the committees of the first table of a picture, one tile each, by region: one in several stands in each.
func blocksOfRegions(pic *answersv1.NationalPicture) (all []*block) {
	if len(pic.GetTables()) == 0 || pic.GetUnit() > answersv1.Unit_UNIT_COMMITTEES {
		return nil
	}
	nowhere := &block{Name: plain.InNoArea("region"), Place: "none"}
	in := map[string]*block{}
	for _, c := range pic.GetTables()[0].GetColumns() {
		said := map[*block][]string{}
		for _, id := range c.GetMembers() {
			one := tile{kind: kindOfColumn(c), Name: cmp.Or(pic.GetNames().GetCommittees()[id], id), Words: c.GetWords()}
			blocks := []*block{nowhere}
			for i, place := range picture.PlacesIn(pic, id, "region") {
				if i == 0 {
					blocks = nil
				}
				at := place.GetArea().GetCode()
				if in[at] == nil {
					in[at] = &block{Name: cmp.Or(place.GetName(), at), Place: cmp.Or(regionPlaces[at], "none")}
					all = append(all, in[at])
				}
				blocks = append(blocks, in[at])
			}
			for _, b := range blocks {
				b.Tiles = append(b.Tiles, one)
				said[b] = append(said[b], one.Name)
			}
		}
		for b, names := range said {
			b.Words += notation.Capital(c.GetWords()) + ": " + notation.Names(names) + ". "
		}
	}
	order := []string{"nw", "ne", "mid", "east", "sw", "se", "lon", "none"}
	slices.SortStableFunc(all, func(a, b *block) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Place), slices.Index(order, b.Place)), cmp.Compare(a.Name, b.Name))
	})
	if len(nowhere.Tiles) > 0 {
		all = append(all, nowhere)
	}
	for _, b := range all {
		slices.SortStableFunc(b.Tiles, func(x, y tile) int { return cmp.Compare(x.Name, y.Name) })
		used := map[string]bool{}
		for i := range b.Tiles {
			b.Tiles[i].Code = code(b.Tiles[i].Name, used)
			b.Tiles[i].X, b.Tiles[i].Y = i%tilesAcross*tileWide, i/tilesAcross*tileHigh
		}
		b.Wide, b.High = min(len(b.Tiles), tilesAcross)*tileWide, (len(b.Tiles)+tilesAcross-1)/tilesAcross*tileHigh
	}
	return all
}

// code is what a committee is called on a tile: the first letters of its words, or of its only one, and no other's
// of its block.
func code(name string, used map[string]bool) string {
	words := strings.FieldsFunc(strings.TrimSuffix(name, " LMC"), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	var first []rune
	for _, w := range words {
		if r := []rune(w); unicode.IsUpper(r[0]) {
			first = append(first, r[0])
		}
	}
	all := []rune(strings.Join(words, ""))
	if len(first) < 2 {
		first = all
	}
	is := string(first[:min(3, len(first))])
	for n := 4; used[is] && n <= min(5, len(all)); n++ {
		is = string(all[:n])
	}
	used[is] = true
	return is
}
