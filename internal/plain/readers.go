package plain

import (
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
	return Joined(", ", r.area, r.group, r.part)
}

// around are the readers among whom others are, one step out.
func (r readers) around() []readers {
	switch within := (readers{group: r.group, part: r.part}); {
	case r == all:
		return nil
	case r.area != "" && within != all:
		return []readers{{area: r.area}, within}
	}
	return []readers{all}
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
				said[i].part = Joined(", ", guidance.AudienceWords(line.GetAudience()), said[i].part)
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

// told is what the lines of a topic say to one question of each reader: yes or no. What is not said
// of a group, or of a part of the readers, in a part of the area is what is said there to all.
type told struct {
	readers []readers
	is      map[readers]bool
}

// tell asks each line of a topic; answers that do not concern whoever a line is for are left out.
func tell(of topic, ask func(voice) (who readers, is, concerns bool)) told {
	t := told{is: map[readers]bool{}}
	add := func(r readers, is bool) {
		if _, known := t.is[r]; !known {
			t.readers = append(t.readers, r)
		}
		t.is[r] = t.is[r] || is
	}
	for _, one := range of.voices {
		if who, is, concerns := ask(one); concerns {
			add(who, is)
		}
	}
	for _, part := range slices.Clone(t.readers) {
		for _, one := range slices.Clone(t.readers) {
			if one.area != "" || one == all || part != (readers{area: part.area}) || part == all {
				continue
			}
			one.area = part.area
			if _, known := t.is[one]; !known {
				add(one, t.is[part])
			}
		}
	}
	return t
}

// holds is what is said to some readers: of those that have no line, what is said to any around them.
func (t told) holds(r readers) bool {
	is, known := t.is[r]
	return is || !known && slices.ContainsFunc(r.around(), t.holds)
}

// differs: readers are told otherwise than some around them are.
func (t told) differs(r readers) bool {
	return slices.ContainsFunc(r.around(), func(outer readers) bool { return t.is[outer] != t.is[r] })
}

// whom is for whom something is, by all that is said: for all but some, or for some.
type whom struct {
	all  bool
	some []readers // of all: those within the ones it is not for
	not  []readers
}

// whomOf puts together what is told on several topics.
func whomOf(several []told) (w whom) {
	several = slices.DeleteFunc(several, func(t told) bool { return !slices.Contains(values(t), true) })
	w.all = slices.ContainsFunc(several, func(t told) bool { return t.is[all] })
	for _, t := range several {
		for _, r := range t.readers {
			switch holds := slices.ContainsFunc(several, func(o told) bool { return o.holds(r) }); {
			case r == all || !t.differs(r):
			case t.is[r] && t.is[all] == w.all && !slices.Contains(w.some, r):
				w.some = append(w.some, r)
			case !t.is[r] && !holds && !slices.Contains(w.not, r):
				w.not = append(w.not, r)
			}
		}
	}
	some, not := w.some, w.not
	w.some = slices.DeleteFunc(slices.Clone(some), func(r readers) bool { return r.isAmong(some) && !r.isAmong(not) })
	w.not = slices.DeleteFunc(slices.Clone(not), func(r readers) bool { return r.isAmong(not) && !r.isAmong(some) })
	if w.all && len(w.not) == 0 {
		w.some = nil
	}
	return w
}

// isAmong: whoever some readers are among is named already.
func (r readers) isAmong(named []readers) bool {
	return slices.ContainsFunc(r.around(), func(outer readers) bool { return slices.Contains(named, outer) })
}

func values(t told) (is []bool) {
	for _, r := range t.readers {
		is = append(is, t.is[r])
	}
	return is
}

// lead stands before what is for some alone: in which areas, and which part of the readers, "in Mid
// Essex, GP partners"; empty: it is for all, or for groups.
func (w whom) lead() string {
	if w.all || len(w.some) == 0 {
		return ""
	}
	if areas, _, parts, each := w.dimensions(); each {
		words := notation.List(areas)
		if words != "" {
			words = "in " + words
		}
		return Joined(", ", words, notation.List(parts))
	}
	var all []string
	for _, r := range w.some {
		all = append(all, "for "+r.words())
	}
	return strings.Join(all, ", and ")
}

// marks stand behind it: the groups it is for, where they do not stand in the lead, and whom of all
// it is not for.
func (w whom) marks() (marks []string) {
	if _, groups, _, each := w.dimensions(); each && !w.all {
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

// dimensions are the areas, groups and parts that some are of, each once; each: it is for each of
// the groups and parts in each of the areas.
func (w whom) dimensions() (areas, groups, parts []string, each bool) {
	add := func(to []string, s string) []string {
		if slices.Contains(to, s) {
			return to
		}
		return append(to, s)
	}
	for _, r := range w.some {
		areas, groups, parts = add(areas, r.area), add(groups, r.group), add(parts, r.part)
	}
	each = len(areas)*len(groups)*len(parts) == len(w.some)
	for _, of := range [][]string{areas, groups, parts} {
		each = each && (len(of) == 1 || !slices.Contains(of, ""))
	}
	return areas, groups, parts, each
}
