package notation

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// IsNearID says whether one of two different ids may be the other, mistyped: word by word the
// same but for one letter, or two that changed places, and but for hyphens and the word LMC.
// Words of up to three letters, and numbers, must be the same: "north-essex" is not
// "south-essex", "ne-london" not "nw-london" and "essex-2" not "essex".
func IsNearID(a, b string) bool {
	wordsA, wordsB := wordsOfID(a), wordsOfID(b)
	if strings.Join(wordsA, "") == strings.Join(wordsB, "") {
		return true
	}
	if len(wordsA) != len(wordsB) {
		return false
	}
	for i := range wordsA {
		if !isNearWord(wordsA[i], wordsB[i]) {
			return false
		}
	}
	return true
}

// NearestIDs are those of the ids there are that somebody may have meant who wrote one that is
// not among them, at most three.
func NearestIDs(id string, known []string) []string {
	near := slices.DeleteFunc(slices.Clone(known), func(other string) bool { return !IsNearID(id, other) })
	return near[:min(len(near), 3)]
}

func wordsOfID(id string) []string {
	var words []string
	for word := range strings.SplitSeq(strings.ToLower(Clip(id, SlugLimit)), "-") {
		if word != "lmc" && word != "lmcs" {
			words = append(words, word)
		}
	}
	return words
}

func isNearWord(a, b string) bool {
	if a == b {
		return true
	}
	if min(len(a), len(b)) < 4 || digits(a) != digits(b) {
		return false
	}
	return Distance(a, b) <= 1 || changedPlaces(a, b)
}

// changedPlaces: two neighbouring letters of a, the other way round, make it b.
func changedPlaces(a, b string) bool {
	for i := range max(len(a)-1, 0) {
		if a[:i]+a[i+1:i+2]+a[i:i+1]+a[i+2:] == b {
			return true
		}
	}
	return false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// IsNearArea says whether one of two different areas may be the other, mistyped. Codes that
// differ in one letter are areas of their own, so only what looks alike counts: small letters
// and capitals, O and 0, I, L and 1.
func IsNearArea(a, b Area) bool {
	alike := strings.NewReplacer("O", "0", "I", "1", "L", "1", " ", "", "-", "")
	look := func(s string) string { return alike.Replace(strings.ToUpper(Clip(s, SlugLimit))) }
	return look(a.Code) == look(b.Code) && (look(a.Scheme) == look(b.Scheme) || IsNearID(a.Scheme, b.Scheme))
}

// NearestAreas are those of the areas there are that somebody may have meant who wrote one that
// is not among them: what looks alike, the same code of another scheme, then codes with two
// characters that changed places, then with one that differs. At most three; without a scheme
// it may be of any.
func NearestAreas(a Area, known []Area) []Area {
	far := func(other Area) int {
		code, otherCode := strings.ToUpper(Clip(a.Code, SlugLimit)), strings.ToUpper(Clip(other.Code, SlugLimit))
		sameScheme := a.Scheme == "" || strings.EqualFold(a.Scheme, other.Scheme) || IsNearID(a.Scheme, other.Scheme)
		switch {
		case IsNearArea(a, other):
			return 0
		case code == otherCode:
			return 1
		case sameScheme && changedPlaces(code, otherCode):
			return 2
		case sameScheme && Distance(code, otherCode) == 1:
			return 3
		}
		return 4
	}
	near := slices.DeleteFunc(slices.Clone(known), func(other Area) bool { return far(other) == 4 })
	slices.SortFunc(near, func(x, y Area) int { return cmp.Or(cmp.Compare(far(x), far(y)), x.Compare(y)) })
	return near[:min(len(near), 3)]
}

// NameAsRead is a name as people read it: two that differ in blanks, full stops, capitals, “the”, or in how “and” or an
// LMC is written look the same to them.
func NameAsRead(name string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(name, "&", " and ")), func(r rune) bool { return r != '.' && !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i, word := range words {
		words[i] = strings.ReplaceAll(word, ".", "")
	}
	read := strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" || word == "the" }), " ")
	return strings.ReplaceAll(read, "local medical committee", "lmc")
}
