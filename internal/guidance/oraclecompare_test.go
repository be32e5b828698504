package guidance

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What Resolve answers and what the oracle answers, put side by side.

// oracleKeys is a list of refs as text, in order; equal positions of one entry are one.
func oracleKeys(entries []Entry, refs []oracleRef) []string {
	var out []string
	for _, r := range refs {
		out = append(out, fmt.Sprintf("%s#%d", r.entry, oraclePlace(entries, r.entry, oraclePosition(entries, r))))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func oraclePosition(entries []Entry, r oracleRef) *v1.Position {
	for _, e := range entries {
		if e.ID == r.entry && e.Advisory != nil {
			return e.Advisory.GetPositions()[r.n]
		} else if e.ID == r.entry {
			return e.Report.GetPosition()
		}
	}
	return nil
}

// oraclePlace is where a position stands in its entry.
func oraclePlace(entries []Entry, id string, p *v1.Position) int {
	for _, e := range entries {
		if e.ID != id {
			continue
		}
		for n, q := range append(slices.Clip(e.Advisory.GetPositions()), e.Report.GetPosition()) {
			if q != nil && proto.Equal(p, q) {
				return n
			}
		}
	}
	return -1
}

// repeated says whether the entry of a key has the same position twice.
func repeated(entries []Entry, key string) bool {
	for _, e := range entries {
		for n, p := range e.Advisory.GetPositions() {
			if strings.HasPrefix(key, e.ID+"#") && oraclePlace(entries, e.ID, p) < n {
				return true
			}
		}
	}
	return false
}

func statementKeys(entries []Entry, list []*answersv1.Statement) []string {
	var out []string
	for _, s := range list {
		n := oraclePlace(entries, s.GetAdvisory(), s.GetPosition())
		for _, e := range entries { // of a report there is one
			if e.ID == s.GetAdvisory() && e.Advisory == nil {
				n = 0
			}
		}
		out = append(out, fmt.Sprintf("%s#%d", s.GetAdvisory(), n))
	}
	slices.Sort(out)
	return out
}

func formerKeys(entries []Entry, list []*answersv1.FormerArea) []string {
	var statements []*answersv1.Statement
	for _, f := range list {
		statements = append(statements, f.GetStatement())
	}
	return statementKeys(entries, statements)
}

// disagreements says in what a line is not what the oracle says, and by which clause.
func disagreements(entries []Entry, got *answersv1.Line, want oracleLine) (out []string) {
	say := func(clause, what string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			out = append(out, fmt.Sprintf("domain.md %s: %s is %v, the oracle has %v", clause, what, got, want))
		}
	}
	state := func(s answersv1.LineState) string { return strings.TrimPrefix(s.String(), "LINE_STATE_") }
	say("4.1 to 4.6", "the state", state(got.GetState()), state(want.state))
	var current, wanted []string
	if got.GetCurrent() != nil {
		current = statementKeys(entries, []*answersv1.Statement{got.GetCurrent()})
	}
	if want.current != nil {
		wanted = oracleKeys(entries, []oracleRef{*want.current})
	}
	say("4.1 to 4.6", "the current statement", current, wanted)
	say("4.6.6", "what contests each other", statementKeys(entries, got.GetContested()), oracleKeys(entries, want.contested))
	say("4.6", "by_whole_matter", got.GetByWholeMatter(), want.byWhole)
	if len(out) > 0 {
		return out
	}
	out = append(out, reasonDisagreements(got.GetNoLine(), want)...)
	list := func(clause, what string, got []string, want oracleList) {
		must, may := oracleKeys(entries, want.must), append(oracleKeys(entries, want.must), oracleKeys(entries, want.may)...)
		for _, k := range must {
			if !slices.Contains(got, k) {
				out = append(out, fmt.Sprintf("domain.md %s: %s must have %s, and has %v", clause, what, k, got))
			}
		}
		for i, k := range got {
			if !slices.Contains(may, k) {
				out = append(out, fmt.Sprintf("domain.md %s: %s must not have %s; it must have %v", clause, what, k, must))
			}
			if i > 0 && got[i-1] == k && !repeated(entries, k) {
				out = append(out, fmt.Sprintf("domain.md %s: %s has %s twice", clause, what, k))
			}
		}
	}
	list("4.9", "former_areas", formerKeys(entries, got.GetFormerAreas()), want.former)
	list("4.9", "unknown_areas", statementKeys(entries, got.GetUnknownAreas()), want.unknownAreas)
	if want.loose {
		return out
	}
	if want.obligation != 0 {
		say("3, contract effect", "the obligation", got.GetObligation(), want.obligation)
	}
	list("4.3", "mentions", statementKeys(entries, got.GetMentions()), want.mentions)
	for _, k := range oracleKeys(entries, want.toldOnce) {
		mention, toOthers := slices.Contains(statementKeys(entries, got.GetMentions()), k), slices.Contains(statementKeys(entries, got.GetSaidToOthers()), k)
		if mention == toOthers {
			out = append(out, fmt.Sprintf("domain.md 4.7, 4.10: as a mention or as said to others, and not both, must stand %s: %v %v", k, mention, toOthers))
		}
	}
	list("4.4", "reported_since", statementKeys(entries, got.GetReportedSince()), want.since)
	list("4.4", "reported_earlier", statementKeys(entries, got.GetReportedEarlier()), want.earlier)
	list("4.8", "may_have_been_issued", statementKeys(entries, got.GetMayHaveBeenIssued()), want.maybe)
	list("3, conditions", "waiting", statementKeys(entries, got.GetWaiting()), want.waiting)
	list("4.7 NOT_YET", "not_yet", statementKeys(entries, got.GetNotYet()), want.notYet)
	list("4.7 SAID_TO_OTHERS", "said_to_others", statementKeys(entries, got.GetSaidToOthers()), want.others)
	return append(out, groupDisagreements(entries, got.GetGroups(), want)...)
}

func reasonDisagreements(got *answersv1.NoLine, want oracleLine) (out []string) {
	if want.state != answersv1.LineState_LINE_STATE_NO_LINE {
		if got != nil {
			out = append(out, fmt.Sprintf("domain.md 4.7: a reason for no line beside a line: %v", got))
		}
		return out
	}
	if !slices.Contains(want.reasons, got.GetReason()) {
		return append(out, fmt.Sprintf("domain.md 4.7: the reason is %v, the oracle has %v %v", got.GetReason(), want.reasons, want.ends))
	}
	switch got.GetReason() {
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED, answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK,
		answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN, answersv1.NoLineReason_NO_LINE_REASON_REPLACED, answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		if end := (oracleEnd{got.GetEnded(), got.GetBy(), got.GetSince()}); !slices.Contains(want.ends, end) {
			out = append(out, fmt.Sprintf("domain.md 4.7, what ended last: %v, the oracle has any of %v", end, want.ends))
		}
	case answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY:
		if fmt.Sprint(got.GetMeasures(), got.GetOfMeasures()) != fmt.Sprint(want.measures, want.ofMeasures) {
			out = append(out, fmt.Sprintf("domain.md 4.7, on measures only: %v of %d, the oracle has %v of %d", got.GetMeasures(), got.GetOfMeasures(), want.measures, want.ofMeasures))
		}
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN:
		if got.GetUnknownEntries() != want.unknown {
			out = append(out, fmt.Sprintf("domain.md 4.7, not known: %d entries, the oracle has %d", got.GetUnknownEntries(), want.unknown))
		}
	}
	return out
}

func groupDisagreements(entries []Entry, got []*answersv1.Line, want oracleLine) (out []string) {
	if want.groups == nil { // the text leaves open whether a line for a scope has others beside it
		return nil
	}
	ids := []string{}
	for _, g := range got {
		ids = append(ids, g.GetScope().GetId())
	}
	if fmt.Sprint(ids) != fmt.Sprint(want.groupIDs()) {
		return []string{fmt.Sprintf("domain.md 4.10: groups %v, the oracle has %v", ids, want.groupIDs())}
	}
	for _, g := range got {
		group := want.groups[g.GetScope().GetId()]
		group.loose = true
		for _, d := range disagreements(entries, g, group) {
			out = append(out, "for the group "+g.GetScope().GetId()+": "+d)
		}
	}
	return out
}

// rowDisagreements compares all that Resolve returned with all the oracle has (4.8).
func rowDisagreements(q Question, entries []Entry, reg *book, got []*answersv1.Line, want []oracleLine) (out []string) {
	if q.Area != nil || q.Practice != "" {
		if len(got) != 1 {
			return []string{fmt.Sprintf("%d lines for one place", len(got))}
		}
		return disagreements(entries, got[0], want[0])
	}
	rows := map[string]*answersv1.Line{}
	for _, l := range got {
		id := ""
		if l.GetArea() != nil {
			id = bookName(l.GetArea())
		}
		if rows[id] != nil {
			out = append(out, "domain.md 4.8: two rows for "+id)
		}
		rows[id] = l
	}
	for _, w := range want[1:] {
		row := rows[w.area]
		switch {
		case row == nil && !w.optional:
			out = append(out, fmt.Sprintf("domain.md 4.8: no row for %s, where the line differs: %s", w.area, w.gist(entries)))
		case row != nil:
			for _, d := range disagreements(entries, row, w) {
				out = append(out, "in "+w.area+": "+d)
			}
		}
	}
	for id := range rows {
		if id != "" && !slices.ContainsFunc(want[1:], func(w oracleLine) bool { return w.area == id }) {
			out = append(out, "domain.md 4.8: a row for "+id+", where the line does not differ or which is no part")
		}
	}
	left := len(want[0].covers) == 0
	for _, own := range want[0].covers {
		covered := rows[own] != nil
		for id := range rows {
			covered = covered || id != "" && reg.Contains(code(id), code(own), q.AsOf)
		}
		left = left || !covered
	}
	switch {
	case left && rows[""] == nil:
		out = append(out, "domain.md 4.8: no line for the rest, and something is left")
	case !left && rows[""] != nil:
		out = append(out, "domain.md 4.8: a line for the rest, and nothing is left")
	case left:
		for _, d := range disagreements(entries, rows[""], want[0]) {
			out = append(out, "for the rest: "+d)
		}
	}
	return out
}

// --- in words ---

func oracleStance(s v1.Stance) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(s.String(), "STANCE_"), "_", "-"))
}

// gist is an oracle's line as a case expects it: what must be in it, and the first of what
// is as good.
func (l oracleLine) gist(entries []Entry) string {
	words := []string{}
	if l.area != "" {
		words = append(words, l.area+":")
	}
	words = append(words, strings.ToLower(strings.TrimPrefix(l.state.String(), "LINE_STATE_")))
	refs := slices.Clone(l.contested)
	if l.current != nil {
		refs = append(refs, *l.current)
	}
	slices.SortFunc(refs, func(x, y oracleRef) int { return strings.Compare(x.entry, y.entry) })
	for _, r := range refs {
		words = append(words, r.entry, oracleStance(oraclePosition(entries, r).GetStance()))
	}
	if l.byWhole {
		words = append(words, "by its line on the whole")
	}
	if len(l.reasons) > 0 {
		words = append(words, strings.ToLower(strings.TrimPrefix(l.reasons[0].String(), "NO_LINE_REASON_")))
		if len(l.ends) > 0 {
			words = append(words, strings.Fields(l.ends[0].ended+" "+l.ends[0].by+" "+l.ends[0].since)...)
		}
		if l.ofMeasures > 0 {
			words = append(words, fmt.Sprint(l.measures, " of ", l.ofMeasures))
		}
		if l.unknown > 0 && l.reasons[0] == answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN {
			words = append(words, fmt.Sprint(l.unknown))
		}
	}
	for _, list := range []struct {
		name string
		list oracleList
	}{
		{"beside", l.mentions},
		{"since", l.since},
		{"earlier", l.earlier},
		{"maybe", l.maybe},
		{"waiting", l.waiting},
		{"not yet", l.notYet},
		{"to others", l.others},
		{"former area", l.former},
		{"unknown area", l.unknownAreas},
	} {
		if len(list.list.must) > 0 {
			words = append(words, "|", list.name)
			for _, k := range oracleKeys(entries, list.list.must) {
				id, _, _ := strings.Cut(k, "#")
				words = append(words, id)
			}
		}
	}
	for _, id := range l.groupIDs() {
		words = append(words, "| for "+id+":", l.groups[id].gist(entries))
	}
	return strings.Join(words, " ")
}

// oracleGists are the lines as a case expects them: the rest only where something is left.
func oracleGists(entries []Entry, reg *book, day string, lines []oracleLine) string {
	var out []string
	left := len(lines[0].covers) == 0
	for _, own := range lines[0].covers {
		left = left || !slices.ContainsFunc(lines[1:], func(l oracleLine) bool { return reg.Contains(code(l.area), code(own), day) })
	}
	for i, l := range lines {
		if i > 0 && !l.optional || i == 0 && left {
			out = append(out, l.gist(entries))
		}
	}
	return strings.Join(out, "\n")
}

// historyOf is all that was said and asked, to be read where two answers differ.
func historyOf(q Question, entries []Entry, reg *book) string {
	var b strings.Builder
	fmt.Fprintf(&b, "asked: committee %q, measure %q, audience %v, area %v, practice %q, scope %q, as of %s, known at %d, unknown %d\n",
		q.Committee.GetId(), q.Measure, q.Audience, q.Area, q.Practice, q.Scope, q.AsOf, q.KnownAt, q.Unknown)
	fmt.Fprintf(&b, "own area on the day: %v; register: %+v\n", reg.CommitteeAreas(q.Committee.GetId(), q.AsOf), *reg)
	for _, m := range q.Matter.GetMeasures() {
		if len(m.GetClaimedEffects()) > 0 {
			fmt.Fprintf(&b, "measure %s: %v\n", m.GetId(), m.GetClaimedEffects())
		}
	}
	for _, e := range entries {
		fmt.Fprintf(&b, "%s (feed %d, visibility %d, repudiated %v):", e.ID, e.Feed, e.Visibility, e.Repudiated)
		for _, m := range []proto.Message{e.Advisory, e.Withdrawal, e.Report} {
			if m.ProtoReflect().IsValid() {
				b.WriteString(" " + prototext.MarshalOptions{}.Format(m))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
