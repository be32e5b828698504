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

// where says in which row it was found, for whoever reads of it in a file.
func (f found[T]) where(in *File) string {
	if f.file.Name == in.Name {
		return fmt.Sprintf("row %d", f.row)
	}
	return fmt.Sprintf("%s, row %d", f.file.Name, f.row)
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
	unlisted := map[string][]string{} // by list
	for _, m := range r.Memberships {
		if m.Practice != "" && r.Practice(m.Practice) == nil {
			unlisted[m.List] = append(unlisted[m.List], m.Practice)
		}
	}
	for list, codes := range unlisted {
		slices.Sort(codes)
		r.note("%s: %s", list, notThere(slices.Compact(codes)))
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
