package register

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// wordsOf is what a practice is found by.
type wordsOf struct {
	code     string
	name     string   // in capital letters, with a blank at both ends and one between words
	postcode []string // its own and its branches', without blanks
	isOpen   bool     // its last day is not recorded
	isOther  bool     // it prescribes, and is no GP practice
}

// SearchLimit is how many characters somebody can look a practice up by.
const SearchLimit = 200

// secondHalf is how many characters the second half of a postcode has.
const secondHalf = 3

// FindPractices returns the codes of practices that text can mean, the best first, and how many there are
// beyond limit: by code, the code of a branch, postcode or the beginning of one, name, words of a name
// or parts of them. GP practices come before what else is found, and of what is found alike open ones before
// closed ones. The first half of a postcode is that, before it is the beginning of another: ZZ5 before ZZ56.
func (r *Register) FindPractices(text string, limit int) (codes []string, more int) {
	l := r.lists()
	if l == nil {
		return nil, 0
	}
	if code := notation.PracticeCode(text); l.of[code] != nil {
		return []string{code}, 0
	} else if parent := r.BranchOf(code); parent != "" {
		return []string{parent}, 0
	}
	l.searched.Do(l.index)
	asked := searchable(text)
	if asked == "" {
		return nil, 0
	}
	words, postcode := strings.Fields(asked), strings.ReplaceAll(asked, " ", "")
	isPostcode := len(postcode) >= 5 && strings.ContainsAny(postcode, "0123456789")
	type match struct {
		*wordsOf
		rank int
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	var found []match
	for i := range l.words {
		one := &l.words[i]
		rank := -1
		isNamed := strings.Contains(one.name, longest) // else no name below is it
		switch {
		case isPostcode && slices.Contains(one.postcode, postcode):
			rank = 0
		case !isNamed:
		case one.name == " "+asked+" ":
			rank = 1
		case strings.HasPrefix(one.name, " "+asked+" "):
			rank = 2
		case strings.Contains(one.name, " "+asked):
			rank = 3
		case !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(one.name, " "+word) }):
			rank = 4
		case strings.Contains(one.name, asked):
			rank = 5
		}
		if rank < 0 && len(postcode) >= 2 {
			for _, p := range one.postcode {
				switch {
				case !strings.HasPrefix(p, postcode):
				case len(postcode) >= len(p)-secondHalf:
					rank = 6
				case rank < 0:
					rank = 7
				}
			}
		}
		if rank >= 0 {
			found = append(found, match{one, rank})
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		last := func(is bool) int {
			if is {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(last(a.isOther), last(b.isOther)), cmp.Compare(a.rank, b.rank), cmp.Compare(last(!a.isOpen), last(!b.isOpen)), strings.Compare(a.name, b.name), strings.Compare(a.code, b.code))
	})
	for _, one := range found[:min(limit, len(found))] {
		codes = append(codes, one.code)
	}
	return codes, len(found) - len(codes)
}

// PracticeNamed is the code of a practice that has a name, open or closed, in whatever case and with whatever
// between its words; empty: none has.
func (r *Register) PracticeNamed(name string) string {
	l, asked := r.lists(), searchable(name)
	if l == nil || asked == "" {
		return ""
	}
	l.searched.Do(l.index)
	i := slices.IndexFunc(l.words, func(one wordsOf) bool { return one.name == " "+asked+" " })
	if i < 0 {
		return ""
	}
	return l.words[i].code
}

// NearPractices returns the codes that differ from one in a single character, or in two that changed
// places: what somebody who mistyped can have meant. At most limit, in order.
func (r *Register) NearPractices(code string, limit int) (near []string) {
	code = notation.PracticeCode(code)
	for _, one := range r.PracticeCodes() {
		if len(near) < limit && isNearCode(code, one) {
			near = append(near, one)
		}
	}
	return near
}

// isNearCode: two codes of one length differ in one character, or in two beside each other that changed
// places; or one has a character more.
func isNearCode(a, b string) bool {
	if len(a) != len(b) {
		return len(a) == len(b)+1 && isWithOneMore(a, b) || len(b) == len(a)+1 && isWithOneMore(b, a)
	}
	var differ []int
	for i := range len(a) {
		if a[i] != b[i] {
			differ = append(differ, i)
		}
	}
	return len(differ) == 1 || len(differ) == 2 && differ[1] == differ[0]+1 && a[differ[0]] == b[differ[1]] && a[differ[1]] == b[differ[0]]
}

func isWithOneMore(long, short string) bool {
	for i := range len(long) {
		if long[:i]+long[i+1:] == short {
			return true
		}
	}
	return false
}

// index makes what practices are found by.
func (l *listed) index() {
	p := new(guidancev1.Practice)
	for _, code := range slices.Sorted(maps.Keys(l.of)) {
		p.Reset()
		if proto.Unmarshal(l.of[code].row, p) != nil {
			continue // it was read before
		}
		one := wordsOf{code: code, name: " " + searchable(p.GetName()) + " ", isOpen: p.GetValidUntil() == "", isOther: p.GetKind() == guidancev1.PracticeKind_PRACTICE_KIND_OTHER}
		add := func(postcode string) {
			if postcode = strings.ReplaceAll(searchable(postcode), " ", ""); postcode != "" && !slices.Contains(one.postcode, postcode) {
				one.postcode = append(one.postcode, postcode)
			}
		}
		add(p.GetPostcode())
		for _, b := range p.GetBranches() {
			add(b.GetPostcode())
		}
		l.words = append(l.words, one)
	}
}

// searchable is text as it is searched: capital letters and digits, one blank between words.
func searchable(s string) string {
	s = strings.NewReplacer("'", "", "’", "", "&", " AND ").Replace(strings.ToUpper(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r < 128
	}), " ")
}
