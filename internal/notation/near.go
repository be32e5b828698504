package notation

import "strings"

// IsPractice says whether s is a practice's code: one capital letter and five digits.
func IsPractice(s string) bool {
	return len(s) == 6 && s[0] >= 'A' && s[0] <= 'Z' && Number(s[1:]) >= 0
}

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
	if Distance(a, b) <= 1 {
		return true
	}
	for i := range len(a) - 1 {
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
