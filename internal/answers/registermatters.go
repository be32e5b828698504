package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// onMatters are the open matters on which any committee, part of one or practice is answered
// otherwise, or a count comes out differently, one line a matter, and those of which readers are
// told otherwise whether a proposer has ceased: each on the first of the days looked at on which
// it is so.
func (c comparison) onMatters() ([]*answersv1.RegisterChange, error) {
	bodiesAlone := !slices.ContainsFunc(c.subjects, func(s register.Subject) bool { return !s.IsBody() })
	var changes []*answersv1.RegisterChange
	var open []*guidancev1.Matter
	err := c.eachMatter(everything, store.ListPlace{}, func(one knownMatter, _ store.ListPlace) bool {
		if closed := one.matter.GetClosed(); closed == nil || closed.GetLatest() > c.today {
			open = append(open, one.matter)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	unseen := 0
	if c.hasLists && len(open) > register.NamedLimit { // a list may bear on each, and each asks all committees on some days
		open, unseen = open[:register.NamedLimit], len(open)-register.NamedLimit
	}
	more := 0
	tell := func(matter *guidancev1.Matter, day, words string) {
		switch {
		case words == "":
		case len(changes) < register.NamedLimit:
			changes = append(changes, &answersv1.RegisterChange{
				Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_MATTER, Of: matter.GetName(), Day: day,
				Words: fmt.Sprintf("%s, as of %s: %s", guidance.MatterName(matter.GetName()).Slug(), day, words),
			})
		default:
			more++
		}
	}
	for _, matter := range open {
		if !bodiesAlone { // no line and no count rests on what is recorded of a body
			day, words, err := c.onMatter(matter)
			if err != nil {
				return nil, err
			}
			tell(matter, day, words)
		}
		day, words := c.proposersDiffer(matter)
		tell(matter, day, words)
	}
	if unseen > 0 {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_MATTER, Words: fmt.Sprintf("%d more open matters were not looked at", unseen),
		})
	}
	if more > 0 {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_MATTER, Words: fmt.Sprintf("and %d more open matters", more),
		})
	}
	return changes, nil
}

// onMatter looks at today first, then at the days ahead, then at those that lie behind.
func (c comparison) onMatter(matter *guidancev1.Matter) (day, words string, err error) {
	var in [2]picture.Input // without and with the records
	end, _ := c.FeedEnd()
	for i, reg := range []*register.Register{c.before, c.after} {
		if in[i], err = c.input(&question{matter: matter, asOf: c.today, feed: end, register: reg}); err != nil {
			return "", "", err
		}
	}
	for _, day := range slices.Concat(c.days, c.behind(in[0].Said.Entries())) {
		for i, reg := range []*register.Register{c.before, c.after} {
			in[i].AsOf, in[i].Committees = day, c.committees(&question{asOf: day, register: reg}, in[i].Completeness)
		}
		for _, nation := range c.nations() {
			if words, err = c.nationDiffers(in, nation); words != "" || err != nil {
				return day, notation.Title(nation) + ", " + words, err
			}
		}
		if words, err = c.practicesDiffer(in); words != "" || err != nil {
			return day, words, err
		}
	}
	return "", "", nil
}

// proposersDiffer says what readers are told otherwise of proposers that have ceased.
func (c comparison) proposersDiffer(matter *guidancev1.Matter) (day, words string) {
	told := func(reg *register.Register, day string) (all []string) {
		for _, of := range picture.CeasedProposers(reg, matter, day) {
			all = append(all, of.GetWords())
		}
		return all
	}
	for _, day := range c.days {
		before, after := told(c.before, day), told(c.after, day)
		switch {
		case slices.Equal(before, after):
			continue
		case len(after) == 0:
			return day, "readers are no longer told that its proposer has ceased"
		}
		return day, "readers are told: “" + strings.Join(after, " ") + "”"
	}
	return "", ""
}

// behind are the days that lie behind and are looked at for a matter: those on which something
// turns, since anything was said on it, and the last on which something was.
func (c comparison) behind(said []guidance.Entry) []string {
	var issued []string
	for i := range said {
		if day := said[i].Issued().GetLatest(); day != "" && day < c.today {
			issued = append(issued, day)
		}
	}
	if len(issued) == 0 {
		return nil
	}
	slices.Sort(issued)
	issued = slices.Compact(issued)
	first := issued[0]
	slices.Reverse(issued)
	turns := slices.DeleteFunc(slices.Clone(c.past), func(day string) bool { return day < first })
	return append(turns, issued[:min(len(issued), lettersBehind)]...)
}

// nationDiffers says on which measures the lines of a nation's committees, or the numbers of
// committees or practices, differ.
func (c comparison) nationDiffers(in [2]picture.Input, nation string) (string, error) {
	tables := func(unit answersv1.Unit) (both [2][]*answersv1.NationalTable, err error) {
		for i := range in {
			pic, err := picture.National(c.ctx, in[i], unit, nation)
			if err != nil {
				return both, err
			}
			both[i] = pic.GetTables()
		}
		return both, nil
	}
	practices, err := tables(answersv1.Unit_UNIT_PRACTICES)
	if err != nil {
		return "", err
	}
	var all [2][]*answersv1.Line
	for i := range in {
		if all[i], err = picture.Lines(c.ctx, in[i]); err != nil {
			return "", err
		}
	}
	var byCommittee [2][]*answersv1.NationalTable // only where lines, or who is counted or has joined, differ
	var told []string
	others := 0
	for i, was := range practices[0] {
		is := practices[1][i]
		var words []string
		sameCounted := slices.EqualFunc(was.GetLines(), is.GetLines(), func(a, b *answersv1.Line) bool { return a.GetCommittee() == b.GetCommittee() })
		sameJoined := slices.Equal(was.GetNotJoined(), is.GetNotJoined()) // of which a line says nothing
		if lines, differ := linesDiffer(withTexts(linesOf(was), all[0]), withTexts(linesOf(is), all[1])); differ || !sameCounted || !sameJoined {
			if byCommittee[0] == nil {
				if byCommittee, err = tables(answersv1.Unit_UNIT_COMMITTEES); err != nil {
					return "", err
				}
			}
			counted := columnsDiffer(byCommittee[0][i], byCommittee[1][i])
			if counted == "" && lines != "" && columnsDiffer(was, is) == "" {
				lines, _ = linesDiffer(onBoth(withTexts(linesOf(was), all[0]), withTexts(linesOf(is), all[1]), slices.Concat(was.GetWithoutData(), is.GetWithoutData())))
			}
			if words = append(words, cmp.Or(counted, lines)); words[0] == "" {
				words = nil
			}
		}
		if numbers := columnsDiffer(was, is); numbers != "" {
			words = append(words, "practices: "+numbers)
		}
		switch {
		case len(words) == 0:
		case len(told) < measuresNamed:
			told = append(told, cmp.Or(was.GetMeasure(), "the whole matter")+": "+strings.Join(words, "; "))
		default:
			others++
		}
	}
	if others > 0 {
		told = append(told, fmt.Sprintf("and on %d more of its measures", others))
	}
	return strings.Join(told, "; "), nil
}

// practicesDiffer says which of the practices looked at is told otherwise by its committees.
func (c comparison) practicesDiffer(in [2]picture.Input) (string, error) {
	var told []string
	for _, code := range c.practices {
		var lines [2][]*answersv1.Line
		for i, reg := range []*register.Register{c.before, c.after} {
			own := in[i]
			own.Practice, own.Own, own.Committees = code, idsOf(reg.CommitteesOfPractice(code, own.AsOf)), nil
			for _, one := range in[i].Committees {
				if slices.Contains(own.Own, one.GetId()) {
					own.Committees = append(own.Committees, one)
				}
			}
			var err error
			if lines[i], err = picture.Lines(c.ctx, own); err != nil {
				return "", err
			}
		}
		if words, _ := linesDiffer(lines[0], lines[1]); words != "" {
			told = append(told, "practice "+code+", "+words)
		}
	}
	if len(told) > measuresNamed {
		told = append(told[:measuresNamed], fmt.Sprintf("and %d more of the practices looked at", len(told)-measuresNamed))
	}
	return strings.Join(told, "; "), nil
}

// onBoth are the lines of two tables of practices, of which no figure differs, without those that one alone has of LMCs with
// numbers and the same letters: their areas lie otherwise, as where a list of its own takes the place of others.
func onBoth(before, after []*answersv1.Line, withoutData []string) (was, is []*answersv1.Line) {
	letters := func(committee string, of []*answersv1.Line) (all []string) {
		for _, line := range of {
			if line.GetCommittee() == committee {
				all = append(all, picture.LettersOf(line)...)
			}
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	without := func(lines, others []*answersv1.Line) []*answersv1.Line {
		return slices.DeleteFunc(slices.Clone(lines), func(line *answersv1.Line) bool {
			id := line.GetCommittee()
			isSame := func(o *answersv1.Line) bool {
				return o.GetCommittee() == id && notation.AreaOf(o.GetArea()) == notation.AreaOf(line.GetArea())
			}
			return line.GetCommitteeKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && !slices.Contains(withoutData, id) &&
				!slices.ContainsFunc(others, isSame) && slices.Equal(letters(id, lines), letters(id, others))
		})
	}
	return without(before, after), without(after, before)
}

func linesOf(t *answersv1.NationalTable) []*answersv1.Line {
	lines := slices.Concat(t.GetLines(), t.GetOtherBodies())
	if t.GetNational() != nil {
		lines = append(lines, t.GetNational())
	}
	return lines
}

// withTexts are the lines of a table as they are with the texts to send, which tables leave out.
func withTexts(lines, all []*answersv1.Line) []*answersv1.Line {
	lines = slices.Clone(lines)
	for i, line := range lines {
		same := func(o *answersv1.Line) bool {
			return o.GetCommittee() == line.GetCommittee() && o.GetMeasure() == line.GetMeasure() && notation.AreaOf(o.GetArea()) == notation.AreaOf(line.GetArea())
		}
		if at := slices.IndexFunc(all, same); at >= 0 {
			lines[i] = all[at]
		}
	}
	return lines
}

// linesDiffer says which committees, or parts of theirs, read otherwise, or ask otherwise, the first by name. Of
// one that comes or goes and has said nothing there is nothing to say, though it differs.
func linesDiffer(before, after []*answersv1.Line) (words string, differ bool) {
	was, is := map[string]*answersv1.Line{}, map[string]*answersv1.Line{}
	var names []string
	for _, side := range []struct {
		lines []*answersv1.Line
		by    map[string]*answersv1.Line
	}{{before, was}, {after, is}} {
		for _, line := range side.lines {
			name := line.GetCommittee()
			if line.GetMeasure() != "" {
				name += " on " + line.GetMeasure()
			}
			if line.GetArea() != nil {
				name += " in " + notation.AreaOf(line.GetArea()).String()
			}
			side.by[name], names = line, append(names, name)
		}
	}
	slices.Sort(names)
	var told []string
	for _, name := range slices.Compact(names) {
		x, y := was[name], is[name]
		if x != nil && y != nil && nameless(x) == nameless(y) && len(picture.AskedOtherwise(x, y)) == 0 {
			continue
		}
		differ = true
		asked := ""
		if x != nil && y != nil {
			asked = notation.Clip(strings.Join(picture.AskedOtherwise(x, y), "; "), clipAt)
		}
		switch silent := cmp.Or(x, y).GetNoLine() != nil; {
		case silent && (x == nil || y == nil):
		case picture.LineColumn(x) == picture.LineColumn(y) && asked != "":
			told = append(told, name+" is asked otherwise: "+asked)
		case picture.LineColumn(x) == picture.LineColumn(y):
			told = append(told, name+" reads otherwise")
		default:
			told = append(told, fmt.Sprintf("%s: %s -> %s", name, picture.LineColumn(x), picture.LineColumn(y)))
		}
	}
	if more := len(told) - measuresNamed; more > 0 {
		told = append(told[:measuresNamed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(told, ", "), differ
}

// nameless is how a line reads, whatever its committee, or one whose word it passes on, is
// called.
func nameless(line *answersv1.Line) string {
	words := strings.ReplaceAll(line.GetWords(), line.GetCommitteeName(), line.GetCommittee())
	if other := line.GetCurrent().GetPassesOn(); other != "" {
		words = strings.ReplaceAll(words, other, line.GetCurrent().GetPosition().GetRelayOf().GetCommittee())
	}
	return words
}

// columnsDiffer says which columns of two counts on one measure differ: "refuse 2 -> 3".
func columnsDiffer(was, is *answersv1.NationalTable) string {
	var words []string
	for _, of := range picture.SideBySide(was, is) {
		switch before, after := of.Was, of.Now; {
		case before.GetCount() != after.GetCount():
			words = append(words, fmt.Sprintf("%s %d -> %d", of.Words, before.GetCount(), after.GetCount()))
		case of.Differs():
			words = append(words, fmt.Sprintf("%s %d (%s)", of.Words, after.GetCount(), notation.Clip(comesAndGoes(before.GetMembers(), after.GetMembers()), clipAt)))
		}
	}
	return strings.Join(words, ", ")
}
