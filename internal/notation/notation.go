// Package notation knows how days, slugs, areas, entry names, counts and lists are
// written and read, the same wherever they stand. It knows nothing of what they mean.
// It is pure and imports nothing of ours.
package notation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SlugLimit is the longest slug, in bytes.
const SlugLimit = 64

// IsSlug says whether s is lower-case letters and digits in groups joined by single
// hyphens, of at most SlugLimit bytes.
func IsSlug(s string) bool {
	if s == "" || len(s) > SlugLimit {
		return false
	}
	hyphen := true // a hyphen may not come first, last or after another
	for i := range len(s) {
		c := s[i]
		if c == '-' && hyphen || c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
		hyphen = c == '-'
	}
	return !hyphen
}

// AsSlug is a name as the slug that somebody may have meant who wrote it: of "Essex LMCs",
// "essex-lmcs"; empty where nothing is left of it.
func AsSlug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if !IsSlug(slug) {
		return ""
	}
	return slug
}

// PracticeCode is a practice's code as people type it, in any case and with blanks, made comparable.
func PracticeCode(code string) string { return strings.ToUpper(strings.Join(strings.Fields(code), "")) }

// IsPractice says whether s is a practice's code: one capital letter and five digits.
func IsPractice(s string) bool {
	return len(s) == 6 && s[0] >= 'A' && s[0] <= 'Z' && Number(s[1:]) >= 0
}

// IsBranch says whether s is a branch's code: its practice's, and three digits.
func IsBranch(s string) bool {
	return len(s) == 9 && IsPractice(s[:6]) && Number(s[6:]) >= 0
}

// IsEntryName says whether s names an entry as its printer would: "essex/7", or
// "essex@1/7" in an epoch other than 0.
func IsEntryName(s string) bool {
	log, index, found := strings.Cut(s, "/")
	office, epoch, healed := strings.Cut(log, "@")
	_, errIndex := ParseCount(index, 64)
	e, errEpoch := ParseCount(epoch, 32)
	return found && IsSlug(office) && errIndex == nil && (!healed || errEpoch == nil && e != 0)
}

// OfficeOf is the office of an entry's name: of "essex/7" and "essex@1/7", essex.
func OfficeOf(entry string) string {
	log, _, _ := strings.Cut(entry, "/")
	office, _, _ := strings.Cut(log, "@")
	return office
}

// ParseCount reads what strconv.FormatUint prints and nothing else: no sign, no leading
// zero.
func ParseCount(s string, bits int) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, bits)
	if err == nil && strconv.FormatUint(n, 10) != s {
		err = strconv.ErrSyntax
	}
	return n, err
}

// Number reads decimal digits; -1 when there is anything else. It is for few digits.
func Number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// Thousands writes 1234567 as people read it: "1,234,567".
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Counted is so many of something, as people read it: "1 letter", "1,234 letters".
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Title is a slug as a name: of "northern-ireland", "Northern Ireland".
func Title(slug string) string {
	words := strings.Split(slug, "-")
	for i, w := range words {
		words[i] = Capital(w)
	}
	return strings.Join(words, " ")
}

// Capital is words that begin with a capital letter: to stand first.
func Capital(s string) string { return recased(s, unicode.ToUpper) }

// Small is words that begin with a small letter: to stand behind others.
func Small(s string) string { return recased(s, unicode.ToLower) }

// recased leaves a first byte that is no character as it is.
func recased(s string, to func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError {
		return s
	}
	return string(to(first)) + s[size:]
}

// Joined joins what is not empty.
func Joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), sep)
}

// Names is names one after another: "a, b, c"; where one of them has a comma in it,
// "a, b; c".
func Names(names []string) string {
	separator, _ := separators(names)
	return strings.Join(names, separator)
}

// List is names in a sentence: "a, b and c"; where one of them has a comma in it,
// "a, b; c; and d".
func List(names []string) string {
	separator, last := separators(names)
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], separator) + last + names[n-1]
	}
	return Names(names)
}

// separators stand between names, and before the last of them.
func separators(names []string) (between, last string) {
	for _, name := range names {
		if strings.Contains(name, ",") {
			return "; ", "; and "
		}
	}
	return ", ", " and "
}

// Clip shortens s to at most limit bytes of valid UTF-8, on a character's border. A
// limit leaves room for the ellipsis.
func Clip(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	cut := limit - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// Distance is how many bytes must be added, dropped or changed to make b of a
// (Levenshtein). Its time is the product of the lengths: clip first.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// Area is an area's code in its scheme, "sub-icb:06Q", that can be compared and be the
// key of a map. The zero value names none.
type Area struct{ Scheme, Code string }

// AreaOf reads an AreaId, or any message with a scheme and a code; of nil, the zero Area.
func AreaOf(id interface {
	GetScheme() string
	GetCode() string
},
) Area {
	return Area{Scheme: id.GetScheme(), Code: id.GetCode()}
}

// IsValid says whether an area's name can be typed and read back, "icb:QH8=2022-07-01.."
// included: a scheme without a colon and a code, each of at most SlugLimit bytes, without
// blanks, equals signs and what no name holds. Whatever else its form: codes change.
func (a Area) IsValid() bool {
	typed := func(s string) bool {
		return s != "" && len(s) <= SlugLimit && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r == '=' || unicode.IsSpace(r) || IsInvisible(r) })
	}
	return typed(a.Scheme) && typed(a.Code) && !strings.Contains(a.Scheme, ":")
}

// ReadArea reads an area as people type it: its scheme and code, with a colon or a slash
// between. The scheme has no colon.
func ReadArea(s string) (a Area, ok bool) {
	a.Scheme, a.Code, ok = strings.Cut(s, ":")
	if !ok {
		a.Scheme, a.Code, _ = strings.Cut(s, "/")
	}
	return a, a.IsValid()
}

// String is the area as people type it: "sub-icb:06Q".
func (a Area) String() string { return a.Scheme + ":" + a.Code }

// Compare orders areas by scheme, then by code.
func (a Area) Compare(other Area) int {
	return cmp.Or(strings.Compare(a.Scheme, other.Scheme), strings.Compare(a.Code, other.Code))
}
