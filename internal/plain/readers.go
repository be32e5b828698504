package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// For whom something on a page is. A page has many lines: for all readers, for parts of the area,
// for groups, for part of the audience. What several of them ask, or bind to, is told once, of all
// whom it is for; and what is for most, with whom it is not for.

// readers are those among the readers of a page whom a line is for, in words; empty: all of them.
type readers struct{ area, group, part string }

// all are the readers of a page, without distinction.
var all = readers{}

func (r readers) words() string {
	if r.area != "" {
		r.area = "in " + r.area
	}
	if r.group != "" && r.part != "" { // side by side they would be two, each all of it
		return notation.Joined(", ", r.area, r.part+" for "+r.group)
	}
	return notation.Joined(", ", r.area, r.group, r.part)
}

// around are the readers among whom others are, one step out.
func (r readers) around() (outer []readers) {
	for _, one := range []readers{{"", r.group, r.part}, {r.area, "", r.part}, {r.area, r.group, ""}} {
		if one != r {
			outer = append(outer, one)
		}
	}
	return outer
}

// topic is what a committee says on one measure, or on the whole matter: its lines for all, and
// for each part of the area, group and part of the readers that has one.
type topic struct {
	measure string
	voices  []voice
}

// topicsOf are what a committee says on each thing of a view, that of the headline first.
func topicsOf(v *answersv1.CombinedView, c *answersv1.CommitteeView) []topic {
	topics := []topic{{c.GetHeadline().GetMeasure(), voicesOf(c)}}
	for i, line := range c.GetMeasures() {
		said := voices(line)
		for i := range said {
			if line.GetArea() != nil {
				said[i].area = areaOf(line)
			}
			if isToOthers(v, line) {
				said[i].part = cmp.Or(said[i].part, guidance.AudienceWords(line.GetAudience()))
			}
		}
		if last := len(topics) - 1; i > 0 && topics[last].measure == line.GetMeasure() {
			topics[last].voices = append(topics[last].voices, said...)
		} else {
			topics = append(topics, topic{line.GetMeasure(), said})
		}
	}
	return topics
}

// told is what the lines of a topic say to one question of each reader: yes or no.
type told struct {
	readers []readers
	is      map[readers]bool
}

// tell asks each line of a topic; answers that do not concern whoever a line is for are left out.
func tell(of topic, ask func(voice) (who readers, is, concerns bool)) told {
	t := told{is: map[readers]bool{}}
	for _, one := range of.voices {
		who, is, concerns := ask(one)
		if !concerns {
			continue
		}
		if _, known := t.is[who]; !known {
			t.readers = append(t.readers, who)
		}
		t.is[who] = t.is[who] || is
	}
	return t
}

// holds is what is said to some readers. Of those that have no line of their own it is what those
// nearest around them are told, any of them: in a part of the area that has lines, those there.
func (t told) holds(r readers) bool {
	if is, known := t.is[r]; known {
		return is
	}
	_, inPart := t.is[readers{area: r.area}]
	near := map[readers]bool{}
	for _, one := range t.readers {
		if one.isAround(r) && (one.area == r.area || !inPart) {
			near[one] = t.is[one]
		}
	}
	for one, is := range near {
		nearer := slices.ContainsFunc(t.readers, func(o readers) bool {
			_, also := near[o]
			return also && o != one && one.isAround(o)
		})
		if is && !nearer {
			return true
		}
	}
	return false
}

// isAround: others are among some readers.
func (r readers) isAround(o readers) bool {
	return (r.area == "" || r.area == o.area) && (r.group == "" || r.group == o.group) && (r.part == "" || r.part == o.part)
}

// whom is for whom something is, by all that is said: for all but some, or for some.
type whom struct {
	all  bool
	some []readers // of all: those within the ones it is not for
	not  []readers
}

// crossed is how many of each group, part and area at once are asked about; of more, only those that
// have a line.
const crossed = 1000

// whomOf puts together what is told on several topics: it is for whoever it is for on any.
func whomOf(several []told) (w whom) {
	several = slices.DeleteFunc(several, func(t told) bool {
		return !slices.ContainsFunc(t.readers, func(r readers) bool { return t.is[r] })
	})
	is := func(r readers) bool {
		return slices.ContainsFunc(several, func(t told) bool { return t.holds(r) })
	}
	w.all = is(all)
	var named, some, not []readers
	for _, t := range several {
		named = append(named, t.readers...)
	}
	areas, groups, parts := dimensions(append(named, all))
	if len(areas)*len(groups)*len(parts) <= crossed {
		named = nil
		for i := range len(areas) * len(groups) * len(parts) {
			named = append(named, readers{areas[i%len(areas)], groups[i/len(areas)%len(groups)], parts[i/len(areas)/len(groups)]})
		}
	}
	for _, r := range named {
		if r == all {
			continue
		}
		switch differs := slices.ContainsFunc(r.around(), func(outer readers) bool { return is(outer) != is(r) }); {
		case differs && is(r):
			some = append(some, r)
		case differs:
			not = append(not, r)
		}
	}
	w.some = slices.DeleteFunc(slices.Clone(some), func(r readers) bool { return r.isAmong(some) && !r.isAmong(not) })
	w.not = slices.DeleteFunc(slices.Clone(not), func(r readers) bool { return r.isAmong(not) && !r.isAmong(some) })
	return w
}

// isAmong: whoever some readers are among is named already.
func (r readers) isAmong(named []readers) bool {
	return slices.ContainsFunc(r.around(), func(outer readers) bool { return slices.Contains(named, outer) })
}

// covers: all whom something else is for, it is for.
func (w whom) covers(o whom) bool {
	within := func(some, of []readers) bool {
		return !slices.ContainsFunc(some, func(r readers) bool { return !slices.Contains(of, r) })
	}
	return within(w.not, o.not) && (w.all || !o.all && within(o.some, w.some))
}

// lead stands before what is for some alone: in which areas, and which part of the readers, "in Mid
// Essex, GP partners"; empty: it is for all, or for groups.
func (w whom) lead() string {
	if w.all || len(w.some) == 0 {
		return ""
	}
	if areas, _, parts, each := w.product(); each {
		words := notation.List(areas)
		if words != "" {
			words = "in " + words
		}
		return notation.Joined(", ", words, notation.List(parts))
	}
	var named []string
	for _, r := range w.some {
		named = append(named, r.words())
	}
	return strings.Join(named, ", and ")
}

// marks stand behind it: the groups it is for, where they do not stand in the lead, and whom of all
// it is not for.
func (w whom) marks() (marks []string) {
	if _, groups, _, each := w.product(); each && !w.all {
		marks = append(marks, strings.Join(groups, " or "))
	}
	for _, r := range w.not {
		marks = append(marks, "not "+r.words())
	}
	for _, r := range w.some {
		if w.all {
			marks = append(marks, "but also "+r.words())
		}
	}
	return slices.DeleteFunc(marks, func(s string) bool { return s == "" })
}

// dimensions are the areas, groups and parts of some readers, each once.
func dimensions(of []readers) (areas, groups, parts []string) {
	add := func(to []string, s string) []string {
		if slices.Contains(to, s) {
			return to
		}
		return append(to, s)
	}
	for _, r := range of {
		areas, groups, parts = add(areas, r.area), add(groups, r.group), add(parts, r.part)
	}
	return areas, groups, parts
}

// product are the areas, groups and parts of whom it is for, where it is for each of the groups and
// parts in each of the areas.
func (w whom) product() (areas, groups, parts []string, is bool) {
	areas, groups, parts = dimensions(w.some)
	is = len(areas)*len(groups)*len(parts) == len(w.some)
	for _, of := range [][]string{areas, groups, parts} {
		is = is && (len(of) == 1 || !slices.Contains(of, ""))
	}
	return areas, groups, parts, is
}
