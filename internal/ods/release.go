package ods

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Release is what the files of one release say together. Everything is in order, so that the
// order of rows and files makes no difference.
type Release struct {
	// Day is the day that the file of practices is of.
	Day string
	// Files by kind and name.
	Files []Source
	// Practices by code: those that are closed, and what prescribes and is no practice, too.
	Practices []Practice
	// Areas by scheme and code; Networks by code. Authorities are those that these files do not say what they are, for
	// they have no role there and nothing lies in them, as in an ICB that ended: their scheme is empty.
	Areas       []Area
	Authorities []Area
	Networks    []Network
	Successions []Succession
	Memberships []Membership
	Mergers     []Merger
	// Notes say what was left out and does not fit together, for the keeper to look at.
	Notes []string
}

// Source is a file that a release was read from.
type Source struct {
	Kind Kind
	Name string
	// Day is the day it is of.
	Day    string
	Digest [sha256.Size]byte
}

func (s Source) compare(o Source) int {
	return cmp.Or(cmp.Compare(s.Kind, o.Kind), cmp.Compare(s.Name, o.Name), bytes.Compare(s.Digest[:], o.Digest[:]))
}

// Practice finds a practice by its code, written in whatever way; nil: there is none.
func (r *Release) Practice(code string) *Practice {
	i, ok := slices.BinarySearchFunc(r.Practices, notation.PracticeCode(code), func(p Practice, code string) int { return cmp.Compare(p.Code, code) })
	if !ok {
		return nil
	}
	return &r.Practices[i]
}

// MembershipsOn says what the lists say of a practice on a day. In each list its own rows come
// before those of areas, which are rules for GP practices alone. Practice.AreasOn
// has which those are.
func (r *Release) MembershipsOn(p *Practice, day string) []Membership {
	around := p.AreasOn(day)
	var own, ruled []Membership
	for _, m := range r.Memberships {
		switch {
		case !notation.IsWithin(day, m.From, m.Until):
		case m.Practice == p.Code:
			own = append(own, m)
		case m.Practice == "" && p.GP && slices.Contains(around, m.Area):
			ruled = append(ruled, m)
		}
	}
	ruled = slices.DeleteFunc(ruled, func(m Membership) bool {
		return slices.ContainsFunc(own, func(o Membership) bool { return o.List == m.List })
	})
	return append(own, ruled...)
}

// found is something with where it was found.
type found[T any] struct {
	file *File
	row  int
	it   T
}

// reader is a release that is being read.
type reader struct {
	Release
	practices   []found[Practice]
	branches    []found[Branch]
	networks    networkRows
	patients    []found[count]
	areas       []found[Area]
	successions []found[Succession]
	lists       listRows
}

// Read puts the files of one release together; files come in any order. An *Error says which file
// is wrong, where, and what to do; of lists, several are joined. Nothing is returned then.
func Read(files ...File) (*Release, error) {
	if len(files) > FilesLimit {
		return nil, fmt.Errorf("a release has %d files, more than %d: take those of one day", len(files), FilesLimit)
	}
	r := &reader{}
	for i := range files {
		if err := r.read(&files[i]); err != nil {
			return nil, err
		}
	}
	if r.Day == "" {
		return nil, fmt.Errorf("a release has no file of practices: take epraccur.csv too")
	}
	if err := r.settle(); err != nil {
		return nil, err
	}
	r.join()
	slices.SortFunc(r.Files, Source.compare)
	r.missing()
	slices.Sort(r.Notes)
	return &r.Release, nil
}

// read takes one file.
func (r *reader) read(f *File) error {
	if err := f.sized(); err != nil {
		return err
	}
	day, err := f.Day, error(nil)
	switch f.Kind {
	case PracticesFile:
		err = r.practiceFile(f)
	case BranchesFile:
		err = take(&r.branches, f, readBranches)
	case NetworksFile:
		err = r.networks.read(f)
	case PatientsFile:
		day, err = r.patientsFile(f)
	case SubICBsFile:
		err = r.areaFile(f, SubICB)
	case AuthoritiesFile:
		err = r.areaFile(f, "")
	case BoardsFile:
		err = r.areaFile(f, Board)
	case SuccessionsFile:
		err = take(&r.successions, f, readSuccessions)
	case CommitteesFile:
		err = r.lists.read(f)
	default:
		err = f.fail("no file is of the kind %s", quoted(string(f.Kind)))
	}
	if err == nil && !notation.IsDay(day) {
		err = f.fail("say which day it is of, as 2026-04-01")
	}
	r.Files = append(r.Files, Source{f.Kind, f.Name, day, sha256.Sum256(f.Bytes)})
	return err
}

func take[T any](all *[]found[T], f *File, read func(*File) ([]found[T], error)) error {
	more, err := read(f)
	*all = append(*all, more...)
	return err
}

func (r *reader) practiceFile(f *File) error {
	if r.Day != "" {
		return f.fail("a release has one file of practices")
	}
	r.Day = f.Day
	return take(&r.practices, f, readPractices)
}

func (r *reader) areaFile(f *File, scheme string) error {
	all, leftOut, err := readAreas(f, scheme)
	if leftOut > 0 {
		r.note("%s: %s left out that are no sub-ICB locations and were no CCGs", f.Name, rowsOf(leftOut))
	}
	r.areas = append(r.areas, all...)
	return err
}

func (r *reader) patientsFile(f *File) (string, error) {
	if r.patients != nil {
		return "", f.fail("a release has one file of patients: take one, for whoever counts must know of which day")
	}
	all, day, err := readPatients(f)
	if err == nil && f.Day != "" && f.Day != day {
		err = f.fail("its rows are of %s, and it was given as of %s", day, f.Day)
	}
	r.patients = all
	return day, err
}

// settle puts everything in order, once each.
func (r *reader) settle() (err error) {
	areaSchemes(r.areas, r.practices)
	once(r, &err, &r.practices, func(p Practice) string { return p.Code }, comparePractices, samePractice)
	once(r, &err, &r.branches, func(b Branch) string { return b.Code }, func(a, b Branch) int { return cmp.Compare(a.Code, b.Code) }, equal[Branch])
	once(r, &err, &r.networks.networks, func(n Network) string { return n.Code }, compareNetworks, equal[Network])
	once(r, &err, &r.networks.partners, func(p partner) string { return p.practice + " in " + p.stay.Area.Code + " from " + p.stay.From }, partner.compare, equal[partner])
	once(r, &err, &r.patients, func(c count) string { return c.practice }, nil, equal[count])
	once(r, &err, &r.areas, func(a Area) string { return a.ID.String() }, compareAreas, equal[Area])
	once(r, &err, &r.successions, func(s Succession) string { return s.Code + " to " + s.Successor + " on " + s.Day }, Succession.compare, equal[Succession])
	once(r, &err, &r.lists.mergers, func(g Merger) string { return g.From + " into " + g.Into + " on " + g.Day }, Merger.compare, equal[Merger])
	once(r, &err, &r.lists.memberships, func(m Membership) string {
		return strings.Join([]string{m.List, m.what(), m.Committee, m.From}, " ")
	}, Membership.compare, func(a, b *Membership) bool { return a.compare(*b) == 0 })
	if err == nil {
		err = cmp.Or(overlapping(r.lists.memberships), mergedTwice(r.lists.mergers))
	}
	return err
}

func comparePractices(a, b Practice) int { return cmp.Compare(a.Code, b.Code) }
func compareAreas(a, b Area) int         { return a.ID.Compare(b.ID) }
func compareNetworks(a, b Network) int   { return cmp.Compare(a.Code, b.Code) }

func equal[T comparable](a, b *T) bool { return *a == *b }

// samePractice says whether two rows say the same; nothing is joined to them yet.
func samePractice(a, b *Practice) bool {
	return a.Code == b.Code && a.Name == b.Name && a.Postcode == b.Postcode && a.Telephone == b.Telephone &&
		a.Opened == b.Opened && a.Closed == b.Closed && a.Status == b.Status && a.Setting == b.Setting && a.GP == b.GP &&
		a.Nation == b.Nation && a.Commissioner == b.Commissioner && a.ICB == b.ICB && a.Region == b.Region
}

// once keeps what was found once by what it is called, in order. What stands twice the same is taken once, and
// noted; what stands twice and differs is an error.
func once[T any](r *reader, err *error, all *[]found[T], name func(T) string, compare func(a, b T) int, same func(a, b *T) bool) {
	if *err != nil {
		return
	}
	names := make(map[string]int, len(*all))
	doubled := map[string]int{}
	kept := (*all)[:0]
	for _, f := range *all {
		called := name(f.it)
		at, again := names[called]
		if !again {
			names[called] = len(kept)
			kept = append(kept, f)
			continue
		}
		first := kept[at]
		if !same(&first.it, &f.it) {
			where := fmt.Sprintf("row %d", first.row)
			if first.file.Name != f.file.Name {
				where = first.file.Name + ", " + where
			}
			*err = &Error{File: f.file.Name, Row: f.row, Problem: fmt.Sprintf("%s stands in %s too, and says something else there: ask who published it which is right, and take the other out", called, where)}
			return
		}
		doubled[f.file.Name]++
	}
	for file, n := range doubled {
		r.note("%s: %s left out that stand there twice, the same", file, rowsOf(n))
	}
	if compare != nil {
		slices.SortFunc(kept, func(a, b found[T]) int { return compare(a.it, b.it) })
	}
	*all = kept
}

// overlapping complains of a practice or area that one list has in one committee twice on a day.
func overlapping(all []found[Membership]) error {
	for i := 1; i < len(all); i++ {
		a, b := all[i-1].it, all[i].it
		if a.sameWhere(b) == 0 && (a.Until == "" || b.From <= a.Until) {
			return &Error{File: all[i].file.Name, Row: all[i].row, Problem: fmt.Sprintf("%s is in %s from row %d already%s: end that row the day before", b.what(), b.Committee, all[i-1].row, since(a))}
		}
	}
	return nil
}

// mergedTwice complains of a practice that two rows have merged, into others or on other days.
func mergedTwice(all []found[Merger]) error {
	first := map[string]found[Merger]{}
	for _, g := range all {
		a, again := first[g.it.From]
		if !again {
			first[g.it.From] = g
			continue
		}
		if a.file.Name == g.file.Name && a.row > g.row {
			a, g = g, a
		}
		where := fmt.Sprintf("row %d", a.row)
		if a.file.Name != g.file.Name {
			where = a.file.Name + ", " + where
		}
		return &Error{
			File: g.file.Name, Row: g.row, Column: len(listColumns), Field: listColumns[len(listColumns)-1],
			Problem: fmt.Sprintf("%s took over from %s on %s by %s: a practice merges once, so leave it in the row that is right", a.it.Into, a.it.From, a.it.Day, where),
		}
	}
	return nil
}

func since(m Membership) string {
	if words := notation.PeriodWords(m.From, m.Until); words != "" {
		return ", " + words
	}
	return ""
}

// areaSchemes finds what each authority is by who names it, where its row does not say.
func areaSchemes(areas []found[Area], practices []found[Practice]) {
	icbs, regions := map[string]bool{}, map[string]bool{}
	for _, a := range areas {
		icbs[a.it.ICB], regions[a.it.Region] = true, true
	}
	for _, p := range practices {
		icbs[p.it.ICB], regions[p.it.Region] = true, true
	}
	for i := range areas {
		switch a := &areas[i].it; {
		case a.ID.Scheme != "":
		case regions[a.ID.Code]:
			a.ID.Scheme, a.Region = Region, ""
		case icbs[a.ID.Code]:
			a.ID.Scheme = ICB
		}
	}
}

// join gives each practice what the other files say of it.
func (r *reader) join() {
	r.Practices = items(r.practices)
	join(r, r.branches, func(b Branch) string { return b.Parent }, func(p *Practice, b Branch) { p.Branches = append(p.Branches, b) })
	join(r, r.networks.partners, func(p partner) string { return p.practice }, func(p *Practice, m partner) { p.Networks = append(p.Networks, m.stay) })
	for i := range r.Practices {
		slices.SortFunc(r.Practices[i].Networks, func(a, b Stay) int { return cmp.Or(cmp.Compare(a.From, b.From), a.compare(b)) })
	}
	join(r, r.patients, func(c count) string { return c.practice }, func(p *Practice, c count) { p.Patients, p.Counted = c.patients, true })
	for _, a := range r.areas {
		if a.it.ID.Scheme == "" {
			r.Authorities = append(r.Authorities, a.it)
		} else {
			r.Areas = append(r.Areas, a.it)
		}
	}
	r.Networks = items(r.networks.networks)
	r.Successions, r.Mergers, r.Memberships = items(r.successions), items(r.lists.mergers), items(r.lists.memberships)
}

// join adds what was found to its practices, and notes what has none.
func join[T any](r *reader, all []found[T], code func(T) string, add func(*Practice, T)) {
	lost := map[string][]string{}
	for _, f := range all {
		if p := r.Practice(code(f.it)); p != nil {
			add(p, f.it)
		} else {
			lost[f.file.Name] = append(lost[f.file.Name], code(f.it))
		}
	}
	for file, codes := range lost {
		slices.Sort(codes)
		codes = slices.Compact(codes)
		r.note("%s: %s", file, notThere(codes))
	}
}

func items[T any](all []found[T]) []T {
	var out []T
	for _, f := range all {
		out = append(out, f.it)
	}
	return out
}

// missing notes what is not known for want of a file, and what the lists have wrong.
func (r *reader) missing() {
	for _, k := range []Kind{PatientsFile, NetworksFile, BranchesFile, SubICBsFile} {
		if !slices.ContainsFunc(r.Files, func(s Source) bool { return s.Kind == k }) {
			r.note("no file of %s: what it would say is not known", k)
		}
	}
	var listed []string
	for _, m := range r.Memberships {
		if m.Practice != "" && r.Practice(m.Practice) == nil {
			listed = append(listed, m.Practice)
		}
	}
	if slices.Sort(listed); len(listed) > 0 {
		listed = slices.Compact(listed)
		r.note("lists of committees: %s", notThere(listed))
	}
}

func (r *reader) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// notThere tells of practices, the first few by name.
func notThere(codes []string) string {
	const few = 5
	words := "1 practice"
	if len(codes) > 1 {
		words = notation.Thousands(int64(len(codes))) + " practices"
	}
	words += " that the file of practices does not have: "
	if len(codes) > few {
		return words + strings.Join(codes[:few], ", ") + " …"
	}
	return words + strings.Join(codes, ", ")
}

func rowsOf(n int) string {
	if n == 1 {
		return "1 row"
	}
	return notation.Thousands(int64(n)) + " rows"
}
