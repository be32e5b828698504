package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// A matter in brief in as many lines as there are: words are cut short, all as much as each other, and of several
// items the last are counted. Nothing else is cut.

// item is one thing of several: words that may be cut short, and around them what is never cut in two.
type item struct {
	whole, words, end string
	least             int // how much of the words stands before more is begun
}

// label has what stands behind one lead: "By when". At least the first of its items is on the page, or else instead.
type label struct {
	lead, between string
	items         []item
	instead       string
}

// yields: a label is left out before others with an instead are, and before what is asked is cut shorter.
func (l label) yields() bool { return l.instead == "…" }

const (
	tellsShown = 40 // how many characters of what is asked, why, and on what conditions there are before more is begun
	fewWords   = 14 // how many of each of the words there are in rows apart
	leastWords = 8  // and how many at least
)

// rows are a matter's rows: the line and why; the contract; what is asked; by when and what to send; what
// follows, and what the national committee says. Where so many rows have no room, some stand in one.
func (of inBrief) rows(lines, width int) [][]label {
	line := append(slices.Clone(of.line), of.further, of.measures)
	measures, contract := of.measures, slices.Clone(of.contract) // of measures all stands together at last
	measures.items = slices.Clone(measures.items)
	if i := slices.IndexFunc(contract, func(of label) bool { return of.instead != "" }); i >= 0 {
		measures.items = append(measures.items, contract[i].items...)
		contract[i].items = nil
	}
	var rows [][]label
	for _, rows = range [][][]label{
		{line, of.contract, of.asked, of.when, of.rest},
		{line, slices.Concat(of.contract, of.asked), slices.Concat(of.when, of.rest)},
		{slices.Concat(of.line, []label{of.further, measures}, contract, of.asked, of.when, of.rest)},
	} {
		least := 0
		for i := range rows {
			rows[i] = slices.DeleteFunc(slices.Clone(rows[i]), func(of label) bool { return len(of.items) == 0 })
		}
		rows = slices.DeleteFunc(rows, func(row []label) bool { return len(row) == 0 })
		for _, row := range rows {
			least += leastLines(row, width, fewWords, tellsShown)
		}
		if least <= lines {
			break
		}
	}
	return rows
}

// leastLines is how many lines a row has with words cut to so many characters, and those that tell most to so many.
func leastLines(row []label, width, few, tells int) int {
	return len(wrap(written(row, 0, few, tells), width))
}

// inLines is a matter in so many lines of a width.
func (of inBrief) inLines(number, lines, width int) (text []string) {
	lead := fmt.Sprintf("%d. ", number)
	width = max(width-len(lead), LeastWidth/2)
	rows := of.rows(lines, width)
	least, needs := make([]int, len(rows)), make([]int, len(rows))
	for i, row := range rows {
		least[i] = leastLines(row, width, leastWords, tellsShown)
		if len(rows) == 1 && least[i] > lines {
			least[i] = max(lines, leastLines(row, width, leastWords, leastWords))
		}
		needs[i] = len(wrap(written(row, 1<<20, leastWords, tellsShown), width)) - least[i]
		lines -= least[i]
	}
	for i, more := range share(needs, max(lines, 0)) {
		for _, line := range fitted(rows[i], least[i]+more, width) {
			text = append(text, lead+line)
			lead = strings.Repeat(" ", len(lead))
		}
	}
	return text
}

// fitted is a row in so many lines, which it has room in.
func fitted(row []label, lines, width int) []string {
	if text := wrap(written(row, 1<<20, leastWords, tellsShown), width); len(text) <= lines {
		return text
	}
	tells := tellsShown
	for tells > leastWords && leastLines(row, width, leastWords, tells) > lines {
		tells--
	}
	for room := lines*width + width; ; room -= 2 { // more than there is: what stands between words is guessed
		if text := wrap(written(row, room, leastWords, tells), width); len(text) <= lines || room < 0 {
			return text
		}
	}
}

// written is a row in so many characters: words cut short, all as much as each other but none to less than so few
// characters, or so many of what tells most, and then items counted.
func written(row []label, room, few, tells int) string {
	least := func(one item) int { return max(few, min(one.least, tells)) }
	shown := make([]int, len(row))
	for i, of := range row {
		if shown[i] = len(of.items); of.yields() && tells < tellsShown {
			shown[i] = 0
		}
	}
	for {
		var needs []int
		fixed, wanted := 0, 0
		for i, of := range row {
			fixed += utf8.RuneCountInString(of.lead) + len(": . ")
			for _, one := range of.items[:shown[i]] {
				fixed += utf8.RuneCountInString(one.whole+one.end) + len("  ") + len(of.between)
				has := utf8.RuneCountInString(one.words)
				fixed += min(has, least(one))
				needs = append(needs, max(0, has-least(one)))
				wanted += min(needs[len(needs)-1], fewWords)
			}
			if shown[i] < len(of.items) {
				fixed += len("; 10 more …")
			}
		}
		most := 0
		for i := range shown {
			if shown[i] >= shown[most] {
				most = i
			}
		}
		if shown[most] == 1 {
			for i, of := range row {
				if shown[i] == 1 && of.instead != "" && (of.yields() || !row[most].yields()) {
					most = i
				}
			}
		}
		if fixed+wanted > room && shown[most] > 1 || fixed > room && shown[most] == 1 && row[most].instead != "" {
			shown[most]--
			continue
		}
		has := share(needs, max(room-fixed, 0))
		var all []string
		for i, of := range row {
			var said []string
			for _, one := range of.items[:shown[i]] {
				words := cutWords(one.words, least(one)+has[0])
				has = has[1:]
				said = append(said, Joined(" ", one.whole, words, one.end))
			}
			switch more := len(of.items) - shown[i]; {
			case more == 0:
			case said == nil:
				said = []string{of.instead}
			case of.between == " " && of.instead != "": // sentences, each of something else
				said = append(said, fmt.Sprintf("%d more …", more))
			case of.between == " " && strings.HasSuffix(said[len(said)-1], "…"): // sentences
			case of.between == " ":
				said = append(said, "…")
			default:
				said = append(said, fmt.Sprintf("%d more …", more))
			}
			words := Joined(": ", of.lead, strings.Join(said, of.between))
			if i > 0 {
				words = notation.Capital(words)
			}
			all = append(all, ended(words))
		}
		return strings.Join(all, " ")
	}
}

// ended is words with a full stop, unless they are cut short or have one.
func ended(words string) string {
	if strings.HasSuffix(words, "…") || strings.HasSuffix(words, ".") {
		return words
	}
	return words + "."
}

// cutWords is words in so many characters: as many whole ones as have room.
func cutWords(words string, room int) string {
	if utf8.RuneCountInString(words) <= room {
		return words
	}
	runes := []rune(words)[:max(room-1, 0)]
	if i := strings.LastIndexByte(string(runes), ' '); i > 0 {
		return strings.TrimRight(string(runes)[:i], " ,;:.") + " …"
	}
	return string(runes) + "…"
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
