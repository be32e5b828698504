package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// chainLimit is how many letters that took the place of one another are followed.
const chainLimit = 1024

// standNow says of an entry that has ended for a committee what stands there now: the entry
// whose line answers, else the newest that stands of those that took its place, one after
// another, which need take no position.
func (m *moment) standNow(e guidance.Entry, entry *answersv1.Entry, lines map[string][]guidance.Stands) error {
	if e.Withdrawal != nil || !slices.ContainsFunc(entry.Standings, func(st *answersv1.CommitteeStanding) bool {
		return !st.Current && len(st.Endings) > 0 && len(st.Parts) == 0
	}) {
		return nil
	}
	var from []string // where to begin: of a correction, with what it corrects, and what ended that
	if len(guidance.PositionsOf(e)) == 0 {
		from = slices.Clone(e.Advisory.GetAmends())
		for _, st := range entry.Standings {
			if n := len(st.Endings); n > 0 {
				from = append(from, st.Endings[n-1].GetEntry())
			}
		}
	}
	chain, whole, err := m.inPlaceOf(e, from)
	if err != nil {
		return err
	}
	said := guidance.Prepare(m.ctx, chain, m.reg)
	standing := map[string]string{} // by committee: the newest of the chain that stands
	newest := map[string]string{}
	for _, other := range chain {
		if other.ID == e.ID || other.Withdrawal != nil || slices.Contains(e.Advisory.GetAmends(), other.ID) { // which is asked again, if so
			continue
		}
		for _, st := range said.EndOf(other, m.today, m.matterNamed).Committees {
			if day := other.Issued().GetLatest(); st.Current && day >= newest[st.Committee] {
				newest[st.Committee], standing[st.Committee] = day, other.ID
			}
		}
	}
	var now []string // by what stands, with for whom
	whose := map[string][]string{}
	for _, st := range entry.Standings {
		if st.Current || len(st.Endings) == 0 || len(st.Parts) > 0 {
			continue
		}
		by := st.Endings[len(st.Endings)-1].GetEntry()
		for _, line := range lines[st.Committee] {
			if !line.Holds() {
				continue
			}
			if st.StandsNow == "" || line.Entry.ID == by {
				st.StandsNow = line.Entry.ID
			}
		}
		said, took := m.standsOn(e, st.Committee, lines[st.Committee]), ""
		for _, c := range append(m.reg.Successors(st.Committee), st.Committee) {
			took = cmp.Or(standing[c], took)
		}
		hasLine := func(p *guidancev1.Position) bool { return guidance.IsAnswered(e, p, st.Committee) }
		if said != "" && took != "" && took != said && !slices.ContainsFunc(guidance.PositionsOf(e), hasLine) { // beside which what it had corrected is asked again
			st.StandsNow, said = took, notation.List([]string{took, said})
		}
		if st.StandsNow == "" && took != "" {
			if st.StandsNow, said = took, took; len(guidance.PositionsOf(e)) > 0 {
				said += ", " + aheadOn(took, lines[st.Committee]) + ","
			}
		}
		if whose[said] == nil {
			now = append(now, said)
		}
		whose[said] = append(whose[said], cmp.Or(m.reg.CommitteeName(st.Committee), st.Committee))
	}
	endings := entry.Standings[0].GetEndings()
	switch all := len(now) == 1 && len(whose[now[0]]) == len(entry.Standings); {
	case len(now) == 1 && now[0] == "" && !whole:
		entry.Words += fmt.Sprintf(" What took its place was followed for %d letters: lmc history lists the rest.", chainLimit)
	case all && now[0] == "":
		entry.Words += " Nothing stands in its place."
	case all && len(endings) > 0 && endings[len(endings)-1].Entry == now[0]: // it is said already
	case all:
		entry.Words += " What stands now is " + strings.TrimSuffix(now[0], ",") + "."
	default:
		var each []string
		for _, said := range now {
			each = append(each, cmp.Or(said, "nothing")+" for "+notation.Names(whose[said]))
		}
		entry.Words += " What stands now: " + strings.Join(each, "; ") + "."
	}
	return nil
}

// aheadOn says of an entry that took the place of another what it has of a line on what that said.
func aheadOn(name string, lines []guidance.Stands) string {
	from, waits := "", false
	for _, line := range lines {
		if line.Entry.ID != name {
			continue
		}
		if waits = waits || line.Waits; line.From != "" && (from == "" || line.From < from) {
			from = line.From
		}
	}
	switch {
	case from != "":
		return "whose line on what this said holds from " + guidance.DayWords(from) + " on"
	case waits:
		return "whose line on what this said waits for a condition"
	}
	return "which has no line on what this said"
}

// standsOn says what stands on each measure on which an entry had a line for a committee, or asked something in the place of
// another's request: one entry's name where that is all of them, and empty where nothing does, or will from a later day, on any.
func (m *moment) standsOn(e guidance.Entry, committee string, lines []guidance.Stands) string {
	several := len(guidance.MattersOf(e)) > 1
	called := func(matter, measure string) string {
		on := cmp.Or(measure, "the whole matter")
		if several { // one of the same name may be of another
			on += " of " + cmp.Or(m.matterNamed(matter).GetTitle(), matter)
		}
		return on
	}
	var each, names []string
	for _, p := range guidance.PositionsOf(e) {
		if !guidance.IsAnswered(e, p, committee) {
			continue
		}
		on, found := called(p.GetMatter(), p.GetMeasure()), false
		words, name := "nothing on "+on, ""
		for _, line := range lines {
			if line.Matter != p.GetMatter() || line.Measure != p.GetMeasure() {
				continue
			}
			if line.From != "" {
				words = line.Entry.ID + " on " + on + " from " + guidance.DayWords(line.From) + " on"
				name = words
			}
			if words := line.Entry.ID + " on " + on; line.Holds() {
				found = true
				if !slices.Contains(each, words) {
					each, names = append(each, words), append(names, line.Entry.ID)
				}
			}
		}
		if !found && !slices.Contains(each, words) {
			each, names = append(each, words), append(names, name)
		}
	}
	for _, line := range lines { // which it had no line on
		onIt := func(p *guidancev1.Position) bool {
			return guidance.IsAnswered(e, p, committee) && p.GetMatter() == line.Matter && p.GetMeasure() == line.Measure
		}
		if words := line.Entry.ID + " on " + called(line.Matter, line.Measure); !slices.ContainsFunc(guidance.PositionsOf(e), onIt) && !slices.Contains(each, words) {
			each, names = append(each, words), append(names, line.Entry.ID)
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) == 1 {
		return names[0]
	}
	return notation.List(each)
}

// inPlaceOf reads what took the place of an entry, and of some others, of that, and so on, with the withdrawals
// among them and what those restored; whole says that it was followed to its end. Each entry is
// read once, whatever the committees and however often it is named.
func (m *moment) inPlaceOf(e guidance.Entry, from []string) (chain []guidance.Entry, whole bool, err error) {
	chain, seen := []guidance.Entry{e}, map[string]bool{e.ID: true}
	offices := map[string]bool{e.Office: true}
	for _, c := range guidance.CommitteesOf(e) {
		for _, of := range append(m.reg.Successors(c), c) {
			for _, office := range m.reg.OfficesEver(of) {
				offices[office] = true
			}
		}
	}
	looked := 0
	for n := 0; n < len(chain); n++ {
		at := chain[n]
		ids, err := m.EndedBy(ledger.EntryID{Office: at.Office, Epoch: at.Epoch, Index: at.Index})
		if err != nil {
			return nil, false, err
		}
		next := slices.Clip(at.Withdrawal.GetRestores())
		for _, id := range ids {
			if offices[id.Office] {
				next = append(next, id.String())
			}
		}
		if n == 0 {
			next = append(next, from...)
		}
		for _, name := range next {
			if seen[name] {
				continue
			}
			if looked++; looked > chainLimit {
				return chain, false, m.ctx.Err()
			}
			seen[name] = true
			if id, err := ledger.ParseEntryID(name); err != nil || !m.isHeld(id) {
				continue // it is not here
			}
			stored, err := m.entryFor(name)
			if err != nil {
				return nil, false, err
			}
			by, ok := readEntry(rowOf(stored))
			if stored.Body == nil || !ok || by.Advisory != nil && !slices.Contains(by.Advisory.GetReplaces(), at.ID) && at.Withdrawal == nil && !(n == 0 && slices.Contains(from, name)) {
				continue // what only amends takes nothing's place
			}
			by.Repudiated = m.reg.Repudiated(stored.ID.Log(m.Federation), stored.ID.Index)
			chain = append(chain, by)
		}
	}
	return chain, true, m.ctx.Err()
}
