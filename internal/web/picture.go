package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/lmcfed/lmcfed/internal/guidance"
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

// timeline is who said what when: a lane for those who say all by the same letters, the national committee's first,
// and a column for each day on which something was said.
type timeline struct {
	Title, Words string
	Ticks        []tick
	Lanes        []*lane
	Key          []keyed
	High, Floor  int
	Wide         int // the class of how wide it is at least, in tens of columns
}

type tick struct {
	X          float64 // in percent
	Day, Month string
	Year       string // where it is not that of the day before
}

type keyed struct {
	kind
	Words string
}

type lane struct {
	Name, All string
	National  bool
	Y         int
	Bands     []band
	Marks     []mark
	names     []string
	committee string // the first of them
	letters   string
}

type band struct {
	Class    string
	X, Width float64
}

type mark struct {
	kind
	X        float64
	Title    string
	Reported bool // by somebody else
	Dated    bool // its day is known
	words    string
	on, ends int
}

// Heights of a timeline, in pixels: what stands above its lanes, and a lane.
const ticksHigh, laneHigh, lanesMost = 52, 46, 60

// timelineOf draws what a list of entries says on one question: a measure of its matter, or the whole of it. National is
// the committee whose lane stands first.
func timelineOf(list *answersv1.ListEntriesResponse, measure, national, title string) *timeline {
	type said struct {
		entry     *answersv1.Entry
		committee string
		position  *guidancev1.Position // on the question; nil: on others
	}
	var all []said
	var days []string
	for _, e := range slices.Backward(list.GetEntries()) {
		of := guidance.Entry{ID: e.GetName(), Office: e.GetOffice(), Advisory: e.GetAdvisory(), Report: e.GetReportedPosition()}
		if of.Advisory == nil && of.Report == nil {
			continue
		}
		for _, st := range e.GetStandings() {
			if st.GetNotCounted() != answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED || st.GetCommittee() == "" {
				continue
			}
			one := said{entry: e, committee: st.GetCommittee()}
			for _, p := range guidance.PositionsOf(of) {
				isTheirs := of.Report != nil || slices.Contains(p.GetCommittees(), st.GetCommittee())
				if isTheirs && p.GetMeasure() == measure && p.GetMatter() == list.GetMatter() && one.position == nil {
					one.position = p
				}
			}
			all = append(all, one)
			days = append(days, e.GetIssued().GetLatest())
		}
	}
	if len(all) < 2 {
		return nil
	}
	slices.Sort(days)
	days = slices.Compact(days)
	t := &timeline{Title: title, Wide: (len(days) + 9) / 10}
	at := func(i int) float64 { return 100 * (float64(i) + .5) / float64(len(days)) }
	year := ""
	for i, day := range days {
		d, m, y := dayParts(day)
		one := tick{X: at(i), Day: d, Month: m}
		if y != year {
			one.Year = y
		}
		year = y
		t.Ticks = append(t.Ticks, one)
	}
	lanes := map[string]*lane{} // by committee
	var order []*lane
	for _, one := range all {
		l := lanes[one.committee]
		if l == nil {
			l = &lane{committee: one.committee, National: one.committee == national, names: []string{cmp.Or(list.GetNames().GetCommittees()[one.committee], one.committee)}}
			lanes[one.committee] = l
			order = append(order, l)
		}
		l.letters += " " + one.entry.GetName()
		m := mark{kind: kind{"silent", ""}, on: slices.Index(days, one.entry.GetIssued().GetLatest()), ends: len(days), Reported: one.entry.GetReportedPosition() != nil, Dated: one.entry.GetIssued().GetEarliest() == one.entry.GetIssued().GetLatest()}
		m.X = at(m.on)
		words := plain.OneLine(plain.EntryTitle(one.entry))
		if p := one.position; p != nil {
			m.kind, words = kindOf(p.GetStance()), guidance.PositionNoun(p)
			if p.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY {
				m.kind = kind{"relayed", "»"}
				words = picture.ColumnWords(&answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED})
			}
			for _, st := range one.entry.GetStandings() {
				if ends := st.GetEndings(); st.GetCommittee() == one.committee && !st.GetCurrent() && len(ends) > 0 {
					m.ends, _ = slices.BinarySearch(days, ends[len(ends)-1].GetDay())
				}
			}
		}
		m.Title, m.words = plain.ShortRange(one.entry.GetIssued())+", "+one.entry.GetName()+": "+words, words
		if n := len(l.Marks); n > 0 && l.Marks[n-1].on == m.on { // what was said on one day is one mark, with a stance where one was taken
			last := &l.Marks[n-1]
			m.Title = last.Title + "; " + m.Title
			if m.Sign == "" {
				last.Title = m.Title
				continue
			}
			*last = m
			continue
		}
		l.Marks = append(l.Marks, m)
	}
	for _, l := range order {
		same := slices.IndexFunc(t.Lanes, func(o *lane) bool { return o.letters == l.letters && !o.National && !l.National && sameMarks(o, l) })
		if same >= 0 {
			t.Lanes[same].names = append(t.Lanes[same].names, l.names...)
			continue
		}
		t.Lanes = append(t.Lanes, l)
	}
	slices.SortStableFunc(t.Lanes, func(a, b *lane) int {
		if a.National != b.National {
			return map[bool]int{true: -1, false: 1}[a.National]
		}
		return cmp.Or(cmp.Compare(a.Marks[0].on, b.Marks[0].on), cmp.Compare(a.names[0], b.names[0]))
	})
	t.Lanes = t.Lanes[:min(len(t.Lanes), lanesMost)]
	for i, l := range t.Lanes {
		l.Y, l.All, l.Name = ticksHigh+i*laneHigh, notation.Names(l.names), notation.Clip(notation.Names(l.names), 36)
		if len(l.names) > 2 {
			l.Name = fmt.Sprintf("%s + %d", notation.Clip(l.names[0], 30), len(l.names)-1)
		}
		t.draw(l, at)
	}
	t.Floor = ticksHigh + len(t.Lanes)*laneHigh
	t.High = t.Floor + 4
	return t
}

func sameMarks(a, b *lane) bool {
	return slices.EqualFunc(a.Marks, b.Marks, func(x, y mark) bool { return x == y })
}

// draw gives a lane its bands, each from what was said to what ended it, and tells the timeline's words and key of it.
func (t *timeline) draw(l *lane, at func(int) float64) {
	t.Words += l.All + ": "
	for i, m := range l.Marks {
		if i > 0 {
			t.Words += "; "
		}
		t.Words += m.Title
		if m.Sign == "" {
			continue
		}
		ends := m.ends
		for _, later := range l.Marks[i+1:] {
			if later.Sign != "" {
				ends = min(ends, later.on)
			}
		}
		to := 100.0
		if ends < len(t.Ticks) {
			to = at(ends)
		}
		if to > m.X {
			l.Bands = append(l.Bands, band{m.Class, m.X, to - m.X})
		}
		if !slices.ContainsFunc(t.Key, func(k keyed) bool { return k.kind == m.kind }) {
			t.Key = append(t.Key, keyed{m.kind, notation.Capital(m.words)})
		}
	}
	t.Words += ". "
}

// dayParts are the parts of a day, as the head of a column has them.
func dayParts(day string) (d, month, year string) {
	parts := strings.Fields(plain.ShortRange(&guidancev1.DayRange{Earliest: day, Latest: day}))
	if len(parts) != 3 {
		return day, "", ""
	}
	return parts[0], parts[1], parts[2]
}
