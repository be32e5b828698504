package ods

import (
	"cmp"
	"fmt"
	"slices"
)

// What says in which ways a practice differs between two releases.
type What uint16

// The ways. Of one that opened or closed nothing else is said but Merged.
const (
	// Opened: it is open, and was not.
	Opened What = 1 << iota
	// ClosedNow: it was open, and is not, or is not listed any more.
	ClosedNow
	// Merged: it closed, and a list says into which practice.
	Merged
	// Moved: it is in another sub-ICB location or health board.
	Moved
	// Regrouped: its sub-ICB location, which is the same, is in another ICB or region.
	Regrouped
	// Renamed: its name is another.
	Renamed
	// Resized: it has another number of patients, or how many is now known, or no longer.
	Resized
	// Detailed: something else: postcode, telephone, PCN, branches, status, days.
	Detailed
)

// Change is something before and after; nil before: it is new; nil after: it is gone.
type Change[T any] struct {
	Before, After *T
}

// PracticeChange is what changed of a practice.
type PracticeChange struct {
	Code string
	What What
	Change[Practice]
}

// Changes are what differs between two releases, each in order.
type Changes struct {
	// From and To are the files of the two, and their days.
	From, To       []Source
	FromDay, ToDay string
	Practices      []PracticeChange
	Areas          []Change[Area]
	Networks       []Change[Network]
	Successions    []Change[Succession]
	Memberships    []Change[Membership]
	Mergers        []Change[Merger]
	Notes          []string
}

// Of returns the practices that differ in a way.
func (c *Changes) Of(w What) []PracticeChange {
	var out []PracticeChange
	for _, p := range c.Practices {
		if p.What&w != 0 {
			out = append(out, p)
		}
	}
	return out
}

// Compare says what changed from one release to a later one. Releases of one day may be compared,
// for files are corrected. It is an error where a file of the later one is older than before.
func Compare(before, after *Release) (*Changes, error) {
	if after.Day < before.Day {
		return nil, fmt.Errorf("the release of %s was read after that of %s: take the newer one, or begin with the older", after.Day, before.Day)
	}
	for _, kind := range []Kind{PatientsFile, BranchesFile, NetworksFile, SubICBsFile, AuthoritiesFile, BoardsFile, SuccessionsFile} {
		was, is := newest(before, kind), newest(after, kind)
		if is.Day < was.Day && is.Day != "" {
			return nil, &Error{File: is.Name, Problem: fmt.Sprintf("it is of %s, and the release before has one of %s (%s): take a newer one", is.Day, was.Day, was.Name)}
		}
	}
	c := &Changes{From: before.Files, To: after.Files, FromDay: before.Day, ToDay: after.Day, Notes: after.Notes}
	for _, d := range differences(before.Practices, after.Practices, comparePractices, samePractice) {
		c.Practices = append(c.Practices, PracticeChange{Code: cmp.Or(d.Before, d.After).Code, What: what(d, after.Mergers), Change: d})
	}
	c.Areas = differences(before.Areas, after.Areas, compareAreas, equal[Area])
	c.Networks = differences(before.Networks, after.Networks, compareNetworks, equal[Network])
	c.Successions = differences(before.Successions, after.Successions, Succession.compare, equal[Succession])
	c.Memberships = differences(before.Memberships, after.Memberships, Membership.compare, equal[Membership])
	c.Mergers = differences(before.Mergers, after.Mergers, Merger.compare, equal[Merger])
	return c, nil
}

// newest is the newest file of a kind in a release.
func newest(r *Release, kind Kind) (found Source) {
	for _, s := range r.Files {
		if s.Kind == kind && s.Day >= found.Day {
			found = s
		}
	}
	return found
}

// Apply makes the later release of the one that the changes begin with.
func (c *Changes) Apply(before *Release) (*Release, error) {
	if c.FromDay != before.Day || !slices.Equal(c.From, before.Files) {
		return nil, fmt.Errorf("these changes begin with the release of %s, and not with this one of %s: take that one", c.FromDay, before.Day)
	}
	practices := make([]Change[Practice], len(c.Practices))
	for i := range c.Practices {
		practices[i] = c.Practices[i].Change
	}
	return &Release{
		Day: c.ToDay, Files: c.To, Notes: c.Notes,
		Practices:   applied(before.Practices, practices, comparePractices),
		Areas:       applied(before.Areas, c.Areas, compareAreas),
		Networks:    applied(before.Networks, c.Networks, compareNetworks),
		Successions: applied(before.Successions, c.Successions, Succession.compare),
		Memberships: applied(before.Memberships, c.Memberships, Membership.compare),
		Mergers:     applied(before.Mergers, c.Mergers, Merger.compare),
	}, nil
}

func comparePractices(a, b Practice) int { return cmp.Compare(a.Code, b.Code) }
func compareAreas(a, b Area) int         { return a.ID.Compare(b.ID) }
func compareNetworks(a, b Network) int   { return cmp.Compare(a.Code, b.Code) }

// what says in which ways a practice changed.
func what(d Change[Practice], mergers []Merger) What {
	was, is := d.Before, d.After
	open, opens := was != nil && was.IsOpen(), is != nil && is.IsOpen()
	switch {
	case opens && !open:
		return Opened
	case open && !opens:
		w := ClosedNow
		if slices.ContainsFunc(mergers, func(g Merger) bool { return g.From == was.Code }) {
			w |= Merged
		}
		return w
	case was == nil || is == nil:
		return Detailed
	}
	var w What
	if was.Commissioner.Area != is.Commissioner.Area {
		w |= Moved
	} else if was.ICB != is.ICB || was.Region != is.Region {
		w |= Regrouped
	}
	if was.Name != is.Name {
		w |= Renamed
	}
	if was.Patients != is.Patients || was.Counted != is.Counted {
		w |= Resized
	}
	rest := *was
	rest.Commissioner.Area, rest.ICB, rest.Region = is.Commissioner.Area, is.ICB, is.Region
	rest.Name, rest.Patients, rest.Counted = is.Name, is.Patients, is.Counted
	if !samePractice(&rest, is) {
		w |= Detailed
	}
	return w
}

// samePractice says whether two rows, and what was joined to them, say the same.
func samePractice(a, b *Practice) bool {
	return a.Code == b.Code && a.Name == b.Name && a.Postcode == b.Postcode && a.Telephone == b.Telephone &&
		a.Opened == b.Opened && a.Closed == b.Closed && a.Status == b.Status && a.Setting == b.Setting && a.GP == b.GP &&
		a.Nation == b.Nation && a.Commissioner == b.Commissioner && a.ICB == b.ICB && a.Region == b.Region &&
		a.Patients == b.Patients && a.Counted == b.Counted &&
		slices.Equal(a.Networks, b.Networks) && slices.Equal(a.Branches, b.Branches)
}

// differences walks two lists in order.
func differences[T any](before, after []T, compare func(a, b T) int, same func(a, b *T) bool) []Change[T] {
	var out []Change[T]
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		order := 0
		switch {
		case i == len(before):
			order = 1
		case j == len(after):
			order = -1
		default:
			order = compare(before[i], after[j])
		}
		switch {
		case order < 0:
			out = append(out, Change[T]{Before: &before[i]})
			i++
		case order > 0:
			out = append(out, Change[T]{After: &after[j]})
			j++
		default:
			if !same(&before[i], &after[j]) {
				out = append(out, Change[T]{&before[i], &after[j]})
			}
			i, j = i+1, j+1
		}
	}
	return out
}

// applied is a list in order with its changes made.
func applied[T any](before []T, changes []Change[T], compare func(a, b T) int) []T {
	var out []T
	for _, c := range changes {
		of := c.Before
		if of == nil {
			of = c.After
		}
		for len(before) > 0 && compare(before[0], *of) < 0 {
			out, before = append(out, before[0]), before[1:]
		}
		if c.Before != nil && len(before) > 0 {
			before = before[1:]
		}
		if c.After != nil {
			out = append(out, *c.After)
		}
	}
	return append(out, before...)
}
