package plain

import (
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// committees is one table: who, what they say, since when, and the advisory; for the whole
// matter also on how many measures they have a line of their own. Those that published nothing
// stand in a line; of many, those that say the same do, and on a long page those that say it by
// the same letter.
func (p *Page) committees(v *answersv1.CombinedView, title, who string, cs []*answersv1.CommitteeView, how viewing) {
	type row struct{ says, since, letters, own, area string } // area: of a part of the one before
	var names []string
	var rows []row
	var silent []string
	counted := false
	add := func(name string, line *answersv1.Line, own, area string) {
		says := saysWords(v.GetMatter(), v.GetMeasure(), line, false)
		if no := line.GetNoLine(); how.dense && len(no.GetMeasures()) > 0 {
			says = measuresWithLines(no)
		}
		day := since(line)
		if !how.late {
			day = notation.Joined(", ", append([]string{day}, loggedLate(line)...)...)
		}
		names = append(names, name)
		rows = append(rows, row{says + besideWords(line, false), day, strings.Join(entriesOf(line), " "), own, area})
	}
	for _, c := range cs {
		name := c.GetHeadline().GetCommitteeName()
		if isSilent(c.GetHeadline()) && len(c.GetParts()) == 0 && c.GetOwnMeasureLines() == 0 {
			silent = append(silent, name)
			continue
		}
		own := ""
		if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" && !(how.dense && len(c.GetHeadline().GetNoLine().GetMeasures()) > 0) {
			own, counted = measuresWords(n), true
		}
		first := name
		if isDivided(c) { // there is no line for all, nor for the rest
			first += " in " + areaOf(c.GetHeadline())
		}
		add(first, c.GetHeadline(), own, "")
		for _, part := range c.GetParts() {
			add(name, part, "", areaOf(part))
		}
	}
	nothing := notation.Names(silent)
	if !how.full {
		nothing = notation.Clip(nothing, 200)
	}
	nothing = fmt.Sprintf("nothing published here by %d: %s.", len(silent), strings.TrimSuffix(nothing, "."))
	if how.tight && len(silent) > manyLMCs {
		nothing = fmt.Sprintf("nothing published here by %d: --full names them.", len(silent))
	}
	switch {
	case len(rows)+len(silent) == 0, len(rows) == 0 && p.neutral:
		return
	case len(rows) == 0 && how.dense:
		p.Gap()
		p.Para(0, title+" "+nothing)
		return
	}
	p.Head(title)
	own := "; lines of its own on "
	if how.tight {
		own = "; own lines on "
	}
	hang := func(alike [][]int) {
		for _, of := range alike {
			said := rows[of[0]]
			words := notation.Joined(" in ", notation.Names(picked(names, of)), said.area) + ": " + notation.Joined(", ", said.says, said.since)
			if said.letters != "" {
				words += " [" + said.letters + "]"
			}
			if said.own != "" {
				words += own + said.own
			}
			p.Hang("  ", words)
		}
	}
	switch many := len(rows) > manyLMCs && !how.full; {
	case many:
		alike := NewTable("SAYS", "HOW MANY", "WHO")
		var parts [][]int // which are no LMC more
		for _, of := range alikeIn(rows, func(r row) row { return row{says: r.says, area: r.area} }) {
			if rows[of[0]].area != "" {
				parts = append(parts, of)
				continue
			}
			said := notation.Clip(notation.Names(picked(names, of)), 120)
			alike.Add(rows[of[0]].says, notation.Thousands(int64(len(of))), said)
		}
		p.Table(2, alike)
		hang(parts)
		p.Para(2, "Each by itself: --full.")
	case how.dense:
		hang(alikeIn(rows, func(r row) row { return r }))
	default:
		t := NewTable(who, "SAYS", "SINCE", "ADVISORY", "MEASURES")
		if !counted {
			t.head = t.head[:4]
		}
		for i, r := range rows {
			if r.area != "" {
				names[i] = "- in " + r.area
			}
			t.Add(names[i], r.says, r.since, r.letters, r.own)
		}
		p.Table(2, t)
		if counted {
			p.Para(2, "MEASURES: on how many it has a line of its own for "+guidance.AudienceWords(v.GetAudience())+p.typed("; --measure ID shows one")+".")
		}
	}
	if len(silent) > 0 && !p.neutral {
		p.Para(2, notation.Capital(nothing))
	}
}

// alikeIn are the places of rows of which something is the same, in the order of the first.
func alikeIn[R any, K comparable](rows []R, by func(R) K) (alike [][]int) {
	at := map[K]int{}
	for i, r := range rows {
		k, again := at[by(r)]
		if !again {
			k, alike = len(alike), append(alike, nil)
			at[by(r)] = k
		}
		alike[k] = append(alike[k], i)
	}
	return alike
}

// picked are the names at places.
func picked(names []string, at []int) (some []string) {
	for _, i := range at {
		some = append(some, names[i])
	}
	return some
}

// measuresWords counts measures.
func measuresWords(n int32) string { return notation.Counted(int64(n), "measure", "measures") }
