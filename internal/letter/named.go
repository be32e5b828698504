package letter

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Matters and measures by the names letters use for them. What is signed has their ids alone.

// matterNamed puts the name of a matter in place of its title, or of another in use for it. A
// slug stays as it is: publishing writes it out.
func (r *reader) matterNamed(at, said string, find func(string) (*guidancev1.Matter, string)) string {
	if said == "" || find == nil {
		return said
	}
	m, unknown := find(said)
	switch {
	case m == nil:
		r.wrong(at, "%s", unknown)
	case !notation.IsSlug(said):
		return m.GetName()
	}
	return said
}

// measureNamed puts the id of a measure in place of its title, or of another in use for it; in
// place of the matter's own, that of none: the whole matter.
func (r *reader) measureNamed(at, matter, said string, find func(string) (*guidancev1.Matter, string)) string {
	var m *guidancev1.Matter
	if said != "" && find != nil {
		if m, _ = find(matter); m == nil && matter != "" {
			return said // it is said of the matter
		}
	}
	if m == nil {
		if isNameForID(said) {
			r.wrong(at, "%q is not the id of a measure: write one that `lmc matters MATTER` lists, or %s", clip(said), wholeMatter)
		}
		return said
	}
	if guidance.MeasureOf(m, said) != nil {
		return said
	}
	word := plainWord(notation.Clip(said, guidance.TitleLimit*utf8.UTFMax))
	var named, near, all []string
	for i := range len(m.GetMeasures()) + 1 {
		id, shown, names := "", wholeMatter, append([]string{m.GetName(), guidance.MatterName(m.GetName()).Slug(), m.GetTitle()}, m.GetAliases()...)
		if i < len(m.GetMeasures()) {
			measure := m.GetMeasures()[i]
			id, shown = measure.GetId(), fmt.Sprintf("%s (%s)", measure.GetId(), notation.Clip(measure.GetTitle(), 60))
			names = append([]string{id, measure.GetTitle()}, measure.GetAliases()...)
			all = append(all, shown)
		}
		isIt, isLike := false, false
		for _, name := range names {
			name = plainWord(name)
			_, typed := nearest(word, []string{name})
			isIt = isIt || word == name
			isLike = isLike || typed || len(word) > 3 && strings.Contains(name, word)
		}
		if isIt {
			named = append(named, id)
		}
		if isIt || isLike {
			near = append(near, shown)
		}
	}
	switch {
	case len(named) == 1:
		return named[0]
	case len(named) > 1:
		r.wrong(at, "%q may be one of several: write %s", clip(said), strings.Join(near, " or "))
	case m.GetTitle() == "": // it has not arrived, and nobody opens one without
		r.wrong(at, "%s has not arrived, and its measures are not known here yet: speak on %s", m.GetName(), wholeMatter)
	case len(all) == 0:
		r.wrong(at, "%s has no measures, and so no %q: speak on %s", m.GetName(), clip(said), wholeMatter)
	case len(near) > 0:
		r.wrong(at, "%s has no measure %q; did you mean %s?", m.GetName(), clip(said), strings.Join(near, " or "))
	default:
		r.wrong(at, "%s has no measure %q; there are %s, or %s", m.GetName(), clip(said), strings.Join(all, ", "), wholeMatter)
	}
	return said
}
