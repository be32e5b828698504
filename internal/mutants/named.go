package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// named are faults that somebody could make in good faith, by clause of domain.md. Tests let
// some of them live once. Each says what stands in the file, exactly once, and what it is
// taken for.
var named = []struct{ clause, name, file, from, to string }{
	// --- days and areas ---
	{
		"4.9", "a position's area is read on T where an area is asked about", "internal/guidance/extent.go",
		"		return p.holdsIn(s, q.area)\n",
		"		return slices.ContainsFunc(s.extent, func(outer *v1.AreaId) bool { return p.contains(outer, q.area, q.day) })\n",
	},
	{
		"4.9", "a position's area is read on T where nothing is asked about", "internal/guidance/extent.go",
		"func(in *v1.AreaId) bool { return !p.holdsIn(s, in) })\n}",
		"func(in *v1.AreaId) bool {\n\t\treturn !slices.ContainsFunc(s.extent, func(outer *v1.AreaId) bool { return p.contains(outer, in, q.day) })\n\t})\n}",
	},
	{
		"4.9", "a position's area is read on the earliest day of issue", "internal/guidance/extent.go",
		"func(outer *v1.AreaId) bool { return p.cameFrom(in, outer, s.issued.latest) })\n}", "func(outer *v1.AreaId) bool { return p.cameFrom(in, outer, s.issued.earliest) })\n}",
	},
	{
		"4.9", "a practice's areas on the day of issue are read on T", "internal/guidance/extent.go",
		"slices.ContainsFunc(p.reg.PracticeIn(q.practice, s.issued.latest), func", "slices.ContainsFunc(p.reg.PracticeIn(q.practice, q.day), func",
	},
	{
		"4.9", "the committee's own area is read on a fixed day", "internal/guidance/extent.go",
		"recorded := reg.CommitteeAreas(committee, day)", "recorded := reg.CommitteeAreas(committee, \"2021-10-01\")",
	},
	{
		"4.9", "whose a practice was when two merged is not looked at", "internal/guidance/extent.go",
		"p.limitedTo(s, then) && p.wasStillTheirs(q, s)", "p.limitedTo(s, then)",
	},
	{
		"4.9", "a predecessor's area is read today", "internal/guidance/index.go",
		"p.reg.CommitteeAreas(committee, s.issued.latest)", "p.reg.CommitteeAreas(committee, \"\")",
	},
	{
		"4.8", "the areas asked about are read on a fixed day", "internal/guidance/parts.go",
		"range p.ownAreas(q)", "range p.ownAreas(query{topic: q.topic, day: \"2021-10-01\"})",
	},
	{
		"4.8", "whether a rest is left is read on a fixed day", "internal/guidance/parts.go",
		"p.leaveRest(q, p.ownAreas(q), parts)", "p.leaveRest(q, p.ownAreas(query{topic: q.topic, day: \"2021-10-01\"}), parts)",
	},
	{
		"5", "the areas counted are read on a fixed day", "internal/picture/areas.go",
		"OwnAreas(r.in.Register, c.GetId(), r.in.AsOf)", "OwnAreas(r.in.Register, c.GetId(), \"2021-10-01\")",
	},
	{
		"4.9", "containment is judged on a fixed day", "internal/guidance/extent.go",
		"p.reg.Contains(outer, inner, day)", "p.reg.Contains(outer, inner, \"2021-10-01\")",
	},
	{
		"5", "containment is judged on a fixed day in the counts", "internal/picture/areas.go",
		"r.in.Register.Contains(outer, inner, r.in.AsOf)", "r.in.Register.Contains(outer, inner, \"2021-10-01\")",
	},
	{
		"4.8", "what lies within an area is read on a fixed day", "internal/guidance/parts.go",
		"for _, inner := range p.reg.Within(x, q.day)", "for _, inner := range p.reg.Within(x, \"2021-10-01\")",
	},
	// --- successors and predecessors ---
	{
		"4.9", "successors are ignored: what stands in an area's place", "internal/register/areas.go",
		"return keysOfAreas(a.record.GetSuccessors())", "return nil",
	},
	{
		"4.9", "successors are ignored: where an area came from", "internal/guidance/extent.go",
		"	origin := p.reg.Origin(in, day)\n", "	origin := in\n",
	},
	{
		"4.9", "successors are ignored: where a line holds now", "internal/guidance/parts.go",
		"for _, now := range p.reg.InPlaceOf(area, q.day)", "for _, now := range []*v1.AreaId{area}",
	},
	{
		"4.9", "an area merged from several comes from the first of them", "internal/register/areas.go",
		"len(from) != 1 ||", "len(from) == 0 ||",
	},
	{
		"4.9", "only the first link of a chain of successors is checked", "internal/register/areas.go",
		"len(from) != 1 ||", "len(from) == 0 || len(from) > 1 && len(passed) == 1 ||",
	},
	{
		"4.9", "predecessors are ignored", "internal/guidance/index.go",
		"before := p.reg.Predecessors(t.committee)", "before := []string(nil)",
	},
	{
		"4.9", "the predecessors of predecessors are ignored", "internal/register/committees.go",
		"return reach(committee, r.predecessors)[1:]", "return r.predecessors(committee)",
	},
	{
		"4.9", "predecessors are ignored in the measures spoken on", "internal/picture/combined.go",
		"append(r.in.Register.Predecessors(c.GetId()), c.GetId())", "[]string{c.GetId()}",
	},
	{
		"4.9", "predecessors are ignored in the practices told apart", "internal/picture/apart.go",
		"append(r.in.Register.Predecessors(c.GetId()), c.GetId())", "[]string{c.GetId()}",
	},
	{
		"4.9", "a predecessor's line holds in all of the successor's area", "internal/guidance/index.go",
		"len(covered) > 0 || len(as.owners) < len(before)", "false",
	},
	{
		"4.9", "a predecessor's line on an area is told to others' practices there", "internal/guidance/index.go",
		"p.limit(&as, covered)", "if as.extent == nil {\n\t\t\t\t\tp.limit(&as, covered)\n\t\t\t\t}",
	},
	{
		"4.9", "a practice is in two areas on different days", "internal/guidance/extent.go",
		"return p.limitedTo(s, today) || p.limitedTo(s, then)", "return p.limitedTo(s, func(in *v1.AreaId) bool { return today(in) || then(in) })",
	},
	// --- endings ---
	{
		"4.2", "amendments of waiting positions are judged by standing ones", "internal/guidance/ended.go",
		"end, found := p.end(q, s, amending)", "amending = firstDays(c.valid)\n\t\t\tend, found := p.end(q, s, amending)",
	},
	{
		"4.2", "an ending issued before what it ends counts", "internal/guidance/ended.go",
		"e.issued < s.issued.earliest ||", "",
	},
	{
		"4.2", "an ending of a day within the range of what it ends does not count", "internal/guidance/ended.go",
		"e.issued < s.issued.earliest ||", "e.issued < s.issued.latest ||",
	},
	{
		"4.2", "an ending of an office that did not speak counts", "internal/guidance/ended.go",
		" && Counts(by, committee, p.reg)", "",
	},
	{
		"4.2", "an ending is for all committees of its office", "internal/guidance/ended.go",
		"(len(on) == 0 || slices.Contains(on, committee)) && ", "(true || len(on) == 0) && ",
	},
	{
		"4.1", "a handover inside the range of issue is judged by its latest day", "internal/guidance/counts.go",
		"reg.SpeaksFor(e.Office, committee, issued.earliest, issued.latest)", "reg.SpeaksFor(e.Office, committee, issued.latest, issued.latest)",
	},
	{
		"4.1", "a handover inside the range of issue is judged by its earliest day", "internal/guidance/counts.go",
		"reg.SpeaksFor(e.Office, committee, issued.earliest, issued.latest)", "reg.SpeaksFor(e.Office, committee, issued.earliest, issued.earliest)",
	},
	{
		"4.1", "the right to report is judged by the latest day alone", "internal/guidance/counts.go",
		"reg.MayReport(e.Office, issued.earliest, issued.latest)", "reg.MayReport(e.Office, issued.latest, issued.latest)",
	},
	{
		"4.1", "who speaks within a range is judged by its last day", "internal/register/mandates.go",
		"from := max(s.from, first)", "from := max(s.from, last)",
	},
	// --- own word ---
	{
		"4.4", "own word counts whatever the area", "internal/guidance/outcome.go",
		" || !p.covers(q, s)", "",
	},
	{
		"4.4", "a report since the committee's own word is current", "internal/guidance/outcome.go",
		"out.reportedSince = append(out.reportedSince, s)", "kept = append(kept, s)",
	},
	// --- why there is no line ---
	{
		"4.7", "what ended last does not put lines before mentions", "internal/guidance/reason.go",
		"			compareBool(this.assertion.mention, last.assertion.mention),\n", "",
	},
	{
		"4.7", "what lapsed answers", "internal/guidance/resolve.go",
		"out.current, out.contested, out.lapse = unlapsed(q, out.current, out.contested)", "",
	},
	{
		"4.7", "a line lapses by its own reading alone", "internal/guidance/reason.go",
		" || obligationOf(claimed, day) == breach", "",
	},
	{
		"4.7", "NOT_YET goes before DAY_NOT_KNOWN", "internal/guidance/reason.go",
		"if len(out.mayBeIssued) > 0 {", "if len(out.mayBeIssued) > 0 && len(out.notYet)+len(out.waiting) == 0 {",
	},
	// --- groups ---
	{
		"4.10", "a later general line stands over a group's where that is asked for", "internal/guidance/resolve.go",
		"(general); !scoped.speaks() {", "(general); !scoped.speaks() || of.current != nil && scoped.current != nil && newestFirst(of.current, scoped.current) < 0 {",
	},
	{
		"4.10", "a later general line ends a group's beside it", "internal/guidance/resolve.go",
		"case !group.speaks():", "case !group.speaks() || out.current != nil && group.current != nil && newestFirst(out.current, group.current) < 0:",
	},
	{
		"4.10", "the general line of the same letter ends a group's", "internal/guidance/resolve.go",
		"case !group.speaks():", "case !group.speaks() || out.current != nil && group.current != nil && out.current.entry == group.current.entry:",
	},
	{
		"4.10", "an amendment that speaks in general ends a group's line", "internal/guidance/ended.go",
		"amending := firstDays(c.valid) //", "general := q\n\tgeneral.scope = \"\"\n\tamending := firstDays(append(slices.Clone(c.valid), p.candidatesAmong(general, p.said(q.topic)).valid...)) //",
	},
	{
		"4.10", "a group's line that lapsed gives way to the general one", "internal/guidance/answer.go",
		" || !out.takesLine() && out.lapse != nil\n", "\n",
	},
	// --- contract effects ---
	{
		"3", "a whole-matter line brings its effects onto an offer", "internal/guidance/obligation.go",
		"return of.GetKind() == v1.MeasureKind_MEASURE_KIND_DEMAND && SharesProposer", "return SharesProposer",
	},
	{
		"3", "a whole-matter line brings its own effects onto any measure", "internal/guidance/obligation.go",
		"of != nil && position.GetMeasure() == \"\" && !isDemand(m, of)", "of != nil && false && !isDemand(m, of)",
	},
	// --- counts ---
	{
		"5", "a practice of two areas is counted in both", "internal/picture/partition.go",
		"case len(by) < 2 && !apart[code] ||", "case !apart[code] ||",
	},
	{
		"5", "practices told apart are counted in their areas too", "internal/picture/partition.go",
		"p.shares[i].inside = append(p.shares[i].inside, practice)", "_ = practice",
	},
	{
		"5", "an area's patients are counted though some are told something else", "internal/picture/partition.go",
		"vague[i] = true", "_ = i",
	},
	{
		"5", "a committee with lines for groups alone is counted by the reason it has no general one", "internal/picture/columns.go",
		"if line.GetMoreGroups() > 0 || slices.ContainsFunc(line.GetGroups(), holds) {", "if holds(line) && false {",
	},
}

// namedMutants finds where they stand. It is an error where one stands nowhere or twice.
func namedMutants(root string) ([]mutant, error) {
	var all []mutant
	for _, n := range named {
		m, err := mutant{name: "domain.md " + n.clause + ": " + n.name, file: n.file, from: n.from, to: n.to}.placed(root)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// placed finds where a mutant stands: once in its file.
func (m mutant) placed(root string) (mutant, error) {
	src, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return m, err
	}
	text := string(src)
	if times := strings.Count(text, m.from); times != 1 {
		return m, fmt.Errorf("mutant %q: what it changes stands %d times in %s, not once: write it anew, for what the code says now: %s", m.name, times, m.file, m.from)
	}
	m.start = strings.Index(text, m.from)
	m.end, m.line = m.start+len(m.from), 1+strings.Count(text[:m.start], "\n")
	return m, nil
}
