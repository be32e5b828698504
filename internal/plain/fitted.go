package plain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Matters in brief in as many lines as there are: what weighs most, in any of them, is taken first, its words cut short
// where they are long, then all that has room, and what is left out is counted. Nothing else is cut.

// item is one thing of several: words that may be cut short, and around them what is never cut in two.
type item struct {
	whole, words, end string
	weight            int  // what has less goes before what has more; stands: whatever room there is
	yields            int  // its weight where a day that something is due by has no room
	few               bool // a few of the words will do
}

func (one *item) size() int { return utf8.RuneCountInString(one.words) }

// label has what stands behind one lead: "By when".
type label struct {
	lead, between string
	items         []item
}

const (
	tellsShown = 40 // how many characters there are of words at least, before more is begun
	fewWords   = 14 // of those of which a few will do
	leastWords = 8  // of what has to stand where there is no room
)

// fitting is what of some rows stands in so many lines: of which items, and how many characters of their words.
type fitting struct {
	rows         [][]label
	lines, width int
	all          []*item         // most weighty first
	first        map[*item]*item // of the label of each
	shown        map[*item]int
}

func (f *fitting) text() (text []string) {
	for _, row := range f.rows {
		text = append(text, wrap(f.written(row), f.width)...)
	}
	return text
}

func (f *fitting) has() bool { return len(f.text()) <= f.lines }

// written is a row: what is shown of each label, and how much more there is. That is counted with what follows where
// nothing is shown, and at the end where all stands in one row.
func (f *fitting) written(row []label) string {
	var all []string
	more, counted := 0, 0 // how many are not counted yet, and how many are where the row ends
	count := func(n int) string { return fmt.Sprintf("%d more …", n) }
	for _, of := range row {
		var said []string
		for i := range of.items {
			one := &of.items[i]
			if room, is := f.shown[one]; is {
				said = append(said, notation.Joined(" ", one.whole, cutWords(one.words, room), one.end))
			}
		}
		if more += len(of.items) - len(said); said == nil {
			continue
		}
		if counted = 0; more > 0 && len(f.rows) > 1 {
			said, counted, more = append(said, count(more)), more, 0
		}
		words := notation.Joined(": ", of.lead, strings.Join(said, of.between))
		if all != nil {
			words = notation.Capital(words)
		}
		all = append(all, ended(words))
	}
	if more > 0 && counted > 0 {
		last := &all[len(all)-1]
		*last = strings.TrimSuffix(*last, count(counted)) + count(counted+more)
	} else if more > 0 {
		all = append(all, count(more))
	}
	return strings.Join(all, " ")
}

// rows are a matter's rows: the line and why; the contract; by when; what is asked and what to send; what the
// national committee says, and what follows. Where so many have no room, some stand in one, and at last all.
func (of inBrief) rows(joined int) (rows [][]label) {
	line := []label{of.line}
	for _, row := range [][][]label{
		{line, of.contract, of.when, of.asked, of.rest},
		{line, of.contract, slices.Concat(of.when, of.asked, of.rest)},
		{slices.Concat(line, of.contract, of.when, of.asked, of.rest)},
	}[joined] {
		if row = slices.DeleteFunc(slices.Clone(row), func(of label) bool { return len(of.items) == 0 }); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 2 { // nobody has said anything
		rows = [][]label{slices.Concat(rows...)}
	}
	return rows
}

// fittingOf is all of a matter in so many lines of a width.
func (of inBrief) fittingOf(number, lines, width int) *fitting {
	f := &fitting{rows: of.rows(0), lines: lines, width: max(width-len(leadOf(number)), LeastWidth/2), shown: map[*item]int{}, first: map[*item]*item{}}
	for _, row := range f.rows {
		for _, label := range row {
			for i := range label.items {
				one := &label.items[i]
				f.all, f.first[one], f.shown[one] = append(f.all, one), &label.items[0], one.size()
			}
		}
	}
	return f
}

func leadOf(number int) string { return fmt.Sprintf("%d. ", number) }

// inLines is a matter in so many lines of a width.
func (of inBrief) inLines(number, lines, width int) (text []string) {
	f := of.fittingOf(number, lines, width)
	if !f.has() {
		slices.SortStableFunc(f.all, func(a, b *item) int { return cmp.Compare(a.weight, b.weight) })
		f = f.fitted(of)
	}
	lead := leadOf(number)
	for _, line := range f.text() {
		text = append(text, lead+line)
		lead = strings.Repeat(" ", len(lead))
	}
	return text
}

// needs is how many lines of a width a matter takes, all in one row, with what weighs so much or more.
func (of inBrief) needs(weight, number, width int) int {
	f := of.fittingOf(number, 0, width)
	f.rows, f.shown = of.rows(2), map[*item]int{}
	tells := tellsShown
	if weight == ofDuties {
		tells = leastWords
	}
	for _, one := range f.all {
		if one.weight <= weight {
			f.show(one, tells)
		}
	}
	return len(f.text())
}

// roomOf is how many of so many lines each of several matters has. Each has what its duties take, be these more lines
// than there are. Then what weighs most has room, whichever matter it is of, and of what weighs as much each matter has
// as much as any other that needs more; at last all of it, in rows of its own.
func roomOf(all []inBrief, lines, width int) []int {
	given := make([]int, len(all))
	for weight := ofDuties; weight <= ofRest+1; weight++ {
		more, left := make([]int, len(all)), lines
		for i, of := range all {
			if left -= given[i]; weight <= ofRest {
				more[i] = max(0, of.needs(weight, i+1, width)-given[i])
			} else {
				more[i] = max(0, len(of.fittingOf(i+1, 0, width).text())-given[i])
			}
		}
		if weight > ofDuties {
			more = share(more, max(0, left))
		}
		for i := range given {
			given[i] += more[i]
		}
	}
	return given
}

// fitted is in the first rows in which most of what weighs as much as what is asked has room.
func (f *fitting) fitted(of inBrief) (best *fitting) {
	most := -1
	for joined := range 3 {
		one := *f
		one.rows = of.rows(joined)
		if !one.choose(false) {
			one.choose(true)
		}
		weighty := 0
		for it := range one.shown {
			if max(it.weight, it.yields) <= ofAsked {
				weighty++
			}
		}
		if best == nil || !best.has() || one.has() && weighty > most {
			best, most = &one, weighty
		}
	}
	best.grow()
	return best
}

// choose shows what has room, its words cut short, and tells whether each day that something is due by is there. Of a
// label nothing is shown behind what has none.
func (f *fitting) choose(yielding bool) (days bool) {
	f.shown, days = map[*item]int{}, true
	weight := func(one *item) int {
		if yielding {
			return max(one.weight, one.yields)
		}
		return one.weight
	}
	all := slices.SortedStableFunc(slices.Values(f.all), func(a, b *item) int { return cmp.Compare(weight(a), weight(b)) })
	for tells := tellsShown; ; tells-- {
		for _, one := range all {
			if weight(one) <= ofDuties {
				f.show(one, tells)
			}
		}
		if f.has() || tells == leastWords || len(f.rows) > 1 { // several rows can be one
			break
		}
	}
	full := map[*item]bool{}
	for _, one := range all {
		if yielding && !days && weight(one) > ofAsked {
			break
		}
		if weight(one) <= ofDuties || full[f.first[one]] || one.size() > tellsShown && utf8.RuneCountInString(cutWords(one.words, tellsShown)) < tellsShown/2 {
			continue // so short it would tell nothing
		}
		if f.shown[one] = min(one.size(), tellsShown); !f.has() {
			delete(f.shown, one)
			full[f.first[one]], days = true, days && one.weight != ofDays
		}
	}
	return days
}

// show shows so many characters of what stands, or a few, and as many as anything has of all else.
func (f *fitting) show(one *item, tells int) {
	switch {
	case one.weight != stands:
		f.shown[one] = min(one.size(), tellsShown)
	case one.few && len(f.rows) == 1:
		f.shown[one] = min(one.size(), tells, fewWords)
	default:
		f.shown[one] = min(one.size(), tells)
	}
}

// grow shows more of the words, as much as has room.
func (f *fitting) grow() {
	for _, most := range []int{tellsShown, 1 << 20} {
		for _, one := range f.all {
			least, more := f.shown[one], min(one.size(), most)
			if more <= least || f.shown[one] == 0 {
				continue
			}
			if f.shown[one] = more; f.has() {
				continue
			}
			for least < more-1 {
				if f.shown[one] = (least + more) / 2; f.has() {
					least = f.shown[one]
				} else {
					more = f.shown[one]
				}
			}
			f.shown[one] = least
		}
	}
}

// ended is words with a full stop, unless they are cut short or have one.
func ended(words string) string {
	if strings.HasSuffix(words, "…") || strings.HasSuffix(words, ".") {
		return words
	}
	return words + "."
}

// anyDay is a day with what stands before it, and by when of it.
var anyDay = regexp.MustCompile(`(?:\b(?:from|until|by|on|of|to|before|after|and|the) )*\b(?:[0-9]{1,2}:[0-9]{2} on )?[0-9]{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: [0-9]{4})?`)

// cutWords is words in so many characters: as many whole ones as have room. A day is not cut in two.
func cutWords(words string, room int) string {
	if utf8.RuneCountInString(words) <= room {
		return words
	}
	cut := string([]rune(words)[:max(room-1, 0)])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	if strings.ContainsAny(words[max(0, len(cut)-40):min(len(words), len(cut)+40)], "123") { // which all days have
		for _, day := range anyDay.FindAllStringIndex(words, -1) {
			if len(cut) >= day[0] && len(cut) < day[1] {
				cut = words[:day[0]]
			}
		}
	}
	return notation.Joined(" ", strings.TrimRight(cut, " ,;:."), "…")
}

// share is how much each of several is given of some room: what it needs, or as much as any other that needs more.
func share(needs []int, room int) []int {
	order := make([]int, len(needs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(needs[a], needs[b]) })
	given := make([]int, len(needs))
	for k, i := range order {
		given[i] = min(needs[i], room/(len(order)-k))
		room -= given[i]
	}
	return given
}
