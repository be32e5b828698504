// Package alike knows whether two texts say the same in the same words, and where they do not: how a letter that
// somebody was sent differs from the one that was signed. Line breaks, marks, quotation marks and capitals are no
// words; numbers are.
//
// It does not know what letters are, nor which of them a text is to be held against.
package alike

import (
	"strings"
	"unicode"
)

// Limits of a comparison.
const (
	// WordsLimit is how many words of a text are looked at: over a signed letter's.
	WordsLimit = 60_000
	// EditsLimit is how many words may be other, missing or more in two texts that are compared word by word: with
	// more, two texts are not alike.
	EditsLimit = 1500
	// PassagesLimit is how many passages are told.
	PassagesLimit = 20
	aside         = 6 // words told around a passage, and fewest between two
)

// Passage is where two texts differ: the words of one in place of those of the other, and what stands around them in both.
type Passage struct {
	Before, Ours, Theirs, After string
}

// Result is how a text is like ours.
type Result struct {
	// Alike: most of our words are in it, in their order. Else nothing else is said.
	Alike bool
	// Same: in the same words. OnlyAdded: none of ours is missing or other, and there are more.
	Same, OnlyAdded bool
	// Passages are where it differs, in order, at most PassagesLimit; More is how many more there are.
	Passages []Passage
	More     int
}

// word is a word of a text, and where it stands there.
type word struct {
	folded     string
	start, end int
}

// words are the words of a text: letters and digits, with an apostrophe or a point between two of them.
func words(text string) (all []word) {
	start := -1
	runes := []rune(text)
	at := 0 // bytes
	flush := func(end int) {
		if start >= 0 && len(all) < WordsLimit {
			all = append(all, word{strings.ToLower(asTyped.Replace(text[start:end])), start, end})
		}
		start = -1
	}
	isWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]) || unicode.IsMark(runes[i]))
	}
	for i, r := range runes {
		inner := strings.ContainsRune("'’‘.,\u00ad", r) && isWord(i-1) && isWord(i+1)
		if (r == '.' || r == ',') && inner { // of a number alone
			inner = unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
		}
		switch {
		case isWord(i) || start >= 0 && inner || strings.ContainsRune("£$€%", r):
			if start < 0 {
				start = at
			}
		default:
			flush(at)
		}
		at += len(string(r))
	}
	flush(at)
	return all
}

// asTyped writes letters as they are typed: a PDF has some of them joined in one sign, and hyphens that are not seen.
var asTyped = strings.NewReplacer("’", "'", "‘", "'", "\u00ad", "", "ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// rejoined are the words of a text, those that a hyphen divides at the end of a line in one where ours have it so.
func rejoined(text string, of, ours []word) (all []word) {
	known := map[string]bool{}
	for _, w := range ours {
		known[w.folded] = true
	}
	for _, w := range of {
		if n := len(all) - 1; n >= 0 {
			between, first := text[all[n].end:w.start], []rune(w.folded)
			if whole := all[n].folded + w.folded; strings.ContainsAny(between, "\r\n") && (strings.TrimSpace(between) == "-" || strings.TrimSpace(between) == "\u2010") && known[whole] && unicode.IsLetter(first[0]) {
				all[n] = word{whole, all[n].start, w.end}
				continue
			}
		}
		all = append(all, w)
	}
	return all
}

// Words are the different words of a text, folded, in the order they first stand there.
func Words(text string) (all []string) {
	seen := map[string]bool{}
	for _, w := range words(strings.ToValidUTF8(text, " ")) {
		if !seen[w.folded] {
			seen[w.folded] = true
			all = append(all, w.folded)
		}
	}
	return all
}

// Compare holds a text against ours.
func Compare(ours, theirs string) (is Result) {
	ours, theirs = strings.ToValidUTF8(ours, " "), strings.ToValidUTF8(theirs, " ")
	a, b := words(ours), words(theirs)
	b = rejoined(theirs, b, a)
	steps, ok := edited(a, b)
	if !ok || len(a) == 0 {
		return is
	}
	shared := len(a)
	for _, s := range steps {
		shared -= s.a1 - s.a0
	}
	edits := together(steps)
	if is.Alike = 2*shared >= len(a); !is.Alike {
		return is
	}
	is.Same, is.OnlyAdded = len(edits) == 0, len(edits) > 0 && shared == len(a)
	for _, e := range edits {
		if len(is.Passages) == PassagesLimit {
			is.More++
			continue
		}
		is.Passages = append(is.Passages, Passage{
			Before: between(ours, a, max(e.a0-aside, 0), e.a0), Ours: between(ours, a, e.a0, e.a1),
			Theirs: between(theirs, b, e.b0, e.b1), After: between(ours, a, e.a1, min(e.a1+aside, len(a))),
		})
	}
	return is
}

// between is a text from one of its words up to another, as it stands there.
func between(text string, of []word, from, to int) string {
	if from >= to {
		return ""
	}
	return strings.Join(strings.Fields(text[of[from].start:of[to-1].end]), " ")
}

// edit is a run of words of one text in place of a run of the other; either may be empty.
type edit struct{ a0, a1, b0, b1 int }

// edited are the fewest edits that make one text of the other (E. W. Myers, "An O(ND) Difference Algorithm and Its
// Variations", 1986); false: there are more than EditsLimit words of them.
func edited(a, b []word) (steps []edit, ok bool) {
	pre := 0
	for pre < len(a) && pre < len(b) && a[pre].folded == b[pre].folded {
		pre++
	}
	post := 0
	for post < len(a)-pre && post < len(b)-pre && a[len(a)-1-post].folded == b[len(b)-1-post].folded {
		post++
	}
	found, ok := shortest(a[pre:len(a)-post], b[pre:len(b)-post])
	if !ok {
		return nil, false
	}
	for _, s := range found {
		steps = append(steps, edit{pre + s.a0, pre + s.a1, pre + s.b0, pre + s.b1})
		steps = earlier(steps, a, b)
	}
	return steps, true
}

// earlier moves the last of some edits as far to the front as it says the same there: of words that were added before a
// text none is then taken for one of the text's own, where the same word stands among both.
func earlier(steps []edit, a, b []word) []edit {
	for {
		n := len(steps) - 1
		s := &steps[n]
		from := 0 // where the last ended, in ours
		if n > 0 {
			from = steps[n-1].a1
		}
		more, less := s.a0 == s.a1 && s.b0 < s.b1, s.b0 == s.b1 && s.a0 < s.a1
		switch {
		case n > 0 && s.a0 == from && s.b0 == steps[n-1].b1: // nothing is between them
			steps[n-1].a1, steps[n-1].b1 = s.a1, s.b1
			steps = steps[:n]
		case s.a0 > from && (more && b[s.b0-1].folded == b[s.b1-1].folded || less && a[s.a0-1].folded == a[s.a1-1].folded):
			*s = edit{s.a0 - 1, s.a1 - 1, s.b0 - 1, s.b1 - 1}
		default:
			return steps
		}
	}
}

// together are edits of which those that stand close are one.
func together(steps []edit) (edits []edit) {
	for _, e := range steps {
		if n := len(edits); n > 0 && e.a0-edits[n-1].a1 < aside/2 && e.b0-edits[n-1].b1 < aside/2 {
			edits[n-1].a1, edits[n-1].b1 = e.a1, e.b1
			continue
		}
		edits = append(edits, e)
	}
	return edits
}

// shortest is Myers' greedy algorithm, with what it had reached at each step kept to walk back by.
func shortest(a, b []word) (steps []edit, ok bool) {
	n, m := len(a), len(b)
	if n == 0 || m == 0 {
		if n+m == 0 {
			return nil, true
		}
		return []edit{{0, n, 0, m}}, n+m <= WordsLimit
	}
	most := min(n+m, EditsLimit)
	reach := make([]int32, 2*most+2) // by diagonal, from -most
	var trace [][]int32
	for d := 0; d <= most; d++ {
		trace = append(trace, append([]int32(nil), reach[most-d:most+d+1]...))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && reach[most+k-1] < reach[most+k+1] {
				x = int(reach[most+k+1])
			} else {
				x = int(reach[most+k-1]) + 1
			}
			for x < n && x-k < m && a[x].folded == b[x-k].folded {
				x++
			}
			if reach[most+k] = int32(x); x >= n && x-k >= m {
				return walkBack(trace, n, m), true
			}
		}
	}
	return nil, false
}

// walkBack is the way that was taken to the ends of both texts, first step first, steps that touch as one.
func walkBack(trace [][]int32, n, m int) (steps []edit) {
	x, y := n, m
	for d := len(trace) - 1; d > 0; d-- {
		at := func(k int) int32 { // what step d-1 had reached
			if k < -d || k > d {
				return -1
			}
			return trace[d][k+d]
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		px := int(at(from))
		py := px - from
		step := edit{px, px, py, py + 1} // a word more
		if from == k-1 {
			step = edit{px, px + 1, py, py} // a word less
		}
		steps = append(steps, step)
		x, y = px, py
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	var joined []edit
	for _, s := range steps {
		if n := len(joined); n > 0 && joined[n-1].a1 == s.a0 && joined[n-1].b1 == s.b0 {
			joined[n-1].a1, joined[n-1].b1 = s.a1, s.b1
			continue
		}
		joined = append(joined, s)
	}
	return joined
}
