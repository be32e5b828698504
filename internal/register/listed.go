package register

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// listed is what releases of practices say together. It is worked out when somebody first asks for a
// practice, once for all registers that have the same releases: a node opens, and answers about
// the past, without reading them.
type listed struct {
	releases []release
	once     sync.Once

	// What follows is worked out.
	of       map[string]*entryOf        // by code
	in       map[notation.Area][]member // GP practices that lie in an area, or did, by code
	source   map[notation.Area]int      // the first release that has a practice in an area
	mergedIn map[string][]string        // the practices that took over from one, by code
	problems []wrongRelease

	searched sync.Once
	words    []wordsOf // what practices are found by, by code, once somebody searches
}

// entryOf is what is recorded of a practice, as far as it is asked for often.
type entryOf struct {
	row        []byte // the whole, marshalled
	from       string
	until      string
	isPractice bool
	liesIn     []membership
	tookOver   []string
	release    int // the last that has it
}

// membership is an area that a practice lies in for a time.
type membership struct {
	area        notation.Area
	from, until string
}

// member is a practice in an area.
type member struct {
	code        string
	from, until string
}

// wrongRelease is a release that was left out.
type wrongRelease struct {
	entry ledger.EntryID
	err   error
}

// lists is what the releases say; nil: there are none.
func (r *Register) lists() *listed {
	if r.listed == nil {
		return nil
	}
	r.listed.once.Do(r.listed.read)
	return r.listed
}

func (l *listed) read() {
	l.of, l.in, l.source = map[string]*entryOf{}, map[notation.Area][]member{}, map[notation.Area]int{}
	l.mergedIn = map[string][]string{}
	interned := map[string]string{} // few days and areas stand in many rows
	same := func(s string) string {
		if have, ok := interned[s]; ok {
			return have
		}
		interned[s] = s
		return s
	}
	for i, release := range l.releases {
		came, err := readRelease(release, same)
		if err == nil && len(l.of) > PracticesLimit-len(came) {
			fresh := 0
			for code := range came {
				if l.of[code] == nil {
					fresh++
				}
			}
			if len(l.of)+fresh > PracticesLimit {
				err = coded{tooMany, fmt.Errorf("with it there are over %d practices", PracticesLimit)}
			}
		}
		if err != nil {
			l.problems = append(l.problems, wrongRelease{release.entry, fmt.Errorf("practices of %.80q, of which none was taken: %w", release.name, err)})
			continue
		}
		for code, one := range came {
			one.release = i
			l.of[code] = one
			for _, m := range one.liesIn {
				if _, before := l.source[m.area]; !before {
					l.source[m.area] = i
				}
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(l.of)) {
		one := l.of[code]
		for _, old := range one.tookOver {
			if !slices.Contains(l.mergedIn[old], code) {
				l.mergedIn[old] = append(l.mergedIn[old], code)
			}
		}
		if !one.isPractice {
			continue
		}
		for _, m := range one.liesIn {
			if from, until := max(m.from, one.from), earlier(m.until, one.until); until == "" || from <= until {
				l.in[m.area] = append(l.in[m.area], member{code, from, until})
			}
		}
	}
}

// earlier is the first of two last days; empty is none.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// readRelease reads the practices of a release: all, or none where one of them is wrong.
func readRelease(release release, same func(string) string) (map[string]*entryOf, error) {
	came := map[string]*entryOf{}
	p := new(guidancev1.Practice)
	for _, packed := range release.rows {
		rows, err := unpack(packed)
		if err != nil {
			return nil, err
		}
		for len(rows) > 0 {
			number, kind, n := protowire.ConsumeTag(rows)
			if n < 0 || number != 1 || kind != protowire.BytesType {
				return nil, fmt.Errorf("its practices cannot be read")
			}
			row, m := protowire.ConsumeBytes(rows[n:])
			p.Reset()
			if m < 0 || proto.Unmarshal(row, p) != nil {
				return nil, fmt.Errorf("its practices cannot be read")
			}
			rows = rows[n+m:]
			if err := CheckPractice(p); err != nil {
				return nil, err
			}
			if came[p.GetCode()] != nil {
				return nil, fmt.Errorf("practice %s stands in it twice", p.GetCode())
			}
			one := &entryOf{
				row: row, from: same(p.GetValidFrom()), until: same(p.GetValidUntil()),
				isPractice: p.GetKind() == guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE,
				liesIn:     make([]membership, len(p.GetLiesIn())), tookOver: slices.Clone(p.GetTookOverFrom()),
			}
			for i, m := range p.GetLiesIn() {
				area := notation.AreaOf(m.GetArea())
				one.liesIn[i] = membership{notation.Area{Scheme: same(area.Scheme), Code: same(area.Code)}, same(m.GetValidFrom()), same(m.GetValidUntil())}
			}
			came[same(p.GetCode())] = one
		}
	}
	return came, nil
}

// settleListed lists the releases that were left out, and the areas that practices lie in and nobody
// recorded.
func (r *Register) settleListed() {
	if r.counts(); r.counted != nil {
		for _, wrong := range r.counted.problems {
			r.problem(wrong.entry, wrong.err)
		}
	}
	l := r.lists()
	if l == nil {
		return
	}
	for _, wrong := range l.problems {
		r.problem(wrong.entry, wrong.err)
	}
	circles(slices.Sorted(maps.Keys(l.mergedIn)), l.tookOver, func(from, to string) {
		r.problemf(l.releases[l.of[from].release].entry, contradicts, "practice %s: was merged from itself, through %s", from, to)
	})
	for _, area := range slices.SortedFunc(maps.Keys(l.source), notation.Area.Compare) {
		if r.areas[area].record == nil {
			r.problemf(l.releases[l.source[area]].entry, unknown, "practices lie in %s, which the register does not describe", area)
		}
	}
}

// on is the areas a practice lies in on a day, while it is open; none of what is no GP practice.
func (l *listed) on(code, day string) []notation.Area {
	var areas []notation.Area
	one := l.entry(code) // of no list: nil
	if one == nil || !one.isPractice || !notation.IsWithin(day, one.from, one.until) {
		return nil
	}
	for _, m := range one.liesIn {
		if notation.IsWithin(day, m.from, m.until) && !slices.Contains(areas, m.area) {
			areas = append(areas, m.area)
		}
	}
	return areas
}

// members are the practices that lie in an area, or did.
func (l *listed) members(area notation.Area) []member {
	if l == nil {
		return nil
	}
	return l.in[area]
}

// merged are the GP practices that had merged into one by a day, and those that had into these; none of a practice that
// two took over from, for its patients are of both.
func (l *listed) merged(code, day string) []string {
	return reach(code, func(code string) (before []string) {
		for _, old := range l.of[code].tookOver {
			one := l.of[old]
			if one != nil && one.isPractice && one.until != "" && one.until < day && len(l.mergedIn[old]) == 1 {
				before = append(before, old)
			}
		}
		return before
	})[1:]
}

// tookOver are the practices that were merged into one directly.
func (l *listed) tookOver(code string) []string {
	if one := l.of[code]; one != nil {
		return one.tookOver
	}
	return nil
}

// entry is what is recorded of a practice; nil: nothing.
func (l *listed) entry(code string) *entryOf {
	if l == nil {
		return nil
	}
	return l.of[code]
}

// Practice is what is recorded of a practice, whatever the day; nil: it is in no list.
func (r *Register) Practice(code string) *guidancev1.Practice {
	one := r.lists().entry(notation.PracticeCode(code))
	if one == nil {
		return nil
	}
	p := new(guidancev1.Practice)
	if proto.Unmarshal(one.row, p) != nil {
		return nil // it was read before
	}
	return p
}

// PracticeCodes are the codes of all practices that lists have, in order, whatever the day.
func (r *Register) PracticeCodes() []string {
	l := r.lists()
	if l == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(l.of))
}

// Releases are the releases of practices, then those of patients, in the order recorded.
func (r *Register) Releases() []*answersv1.PracticeRelease {
	var all []*answersv1.PracticeRelease
	for _, one := range r.releases {
		all = append(all, &answersv1.PracticeRelease{Source: one.source, Release: one.name, Day: one.day, Digests: one.digests})
	}
	for _, l := range r.patientLists {
		all = append(all, &answersv1.PracticeRelease{Release: l.GetRelease(), Day: l.GetDay(), Digests: l.GetDigests()})
	}
	return all
}

// TookOver are the codes of the practices that a practice was merged into.
func (r *Register) TookOver(code string) []string {
	l := r.lists()
	if l == nil {
		return nil
	}
	return slices.Clone(l.mergedIn[notation.PracticeCode(code)])
}

// BranchOf is the code of the practice that a branch is one of; empty: it is in no list.
func (r *Register) BranchOf(code string) string {
	code = notation.PracticeCode(code)
	if !notation.IsBranch(code) || !slices.ContainsFunc(r.Practice(code[:codeLength]).GetBranches(), func(b *guidancev1.PracticeBranch) bool { return b.GetCode() == code }) {
		return ""
	}
	return code[:codeLength]
}
