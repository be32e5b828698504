package server

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// touches is what a new entry bears on: whose standing entries its check needs.
type touches struct {
	matters    []string
	entries    []string
	committees []string
}

func advisoryTouches(a *guidancev1.Advisory) touches {
	t := touches{committees: slices.Clone(a.GetOnBehalfOf())}
	for _, p := range a.GetPositions() {
		t.matters = append(t.matters, p.Matter)
		t.committees = append(t.committees, p.Committees...)
	}
	t.entries = append(append(t.entries, a.GetReplaces()...), a.GetAmends()...)
	return t
}

func withdrawalTouches(w *guidancev1.Withdrawal) touches {
	return touches{
		entries:    append([]string{w.GetAdvisory()}, w.GetRestores()...),
		committees: w.GetOnBehalfOf(),
	}
}

// publishContext is what a check before publishing may know: the day, the register,
// the matters, and what stands on what the new entry touches.
func (n *Node) publishContext(t touches) (guidance.PublishContext, error) {
	known, err := n.mattersAt(everything)
	if err != nil {
		return guidance.PublishContext{}, err
	}
	reg, today := n.reg().Register, guidance.Today(n.cfg.Now())
	for _, c := range reg.Committees(today) {
		if slices.Contains(reg.OfficesEver(c.Id), n.settings.Office) {
			t.committees = append(t.committees, c.Id) // those it speaks for when it names none
		}
	}
	standing, err := n.standingEntries(known, t)
	return guidance.PublishContext{
		Office: n.settings.Office, Keeper: n.keeperOffice(), Today: today, Register: reg, Standing: standing,
		Matters: func(name string) *guidancev1.Matter {
			k, _ := known.find(name)
			return k.matter
		},
		KnownMatters: known.names(), KnownCommittees: n.committeeIDs(reg, today),
	}, err
}

// standingEntries are the entries a new one may touch, each once, oldest first: those
// on its matters of offices that ever spoke for its committees, and those it names,
// with their matters. What other offices say is no concern of its check.
func (n *Node) standingEntries(known matters, t touches) ([]guidance.Entry, error) {
	found := map[string]guidance.Entry{}
	for _, name := range t.entries {
		if e, ok := n.namedEntry(name); ok {
			found[e.ID] = e
			t.matters = append(t.matters, mattersOf(e)...)
			t.committees = append(t.committees, committeesOf(e)...)
		}
	}
	speakers := n.speakers(t.committees)
	seen := map[string]bool{}
	for _, name := range t.matters {
		k, err := known.find(name)
		if err != nil || seen[k.matter.Name] {
			continue // a matter nobody opened has nothing standing on it
		}
		seen[k.matter.Name] = true
		rows, err := n.store.CandidatesOf(k.matter.Name, speakers)
		if err != nil {
			return nil, fmt.Errorf("reading what stands on %s: %w", slug(k.matter.Name), err)
		}
		for _, e := range entries(rows, everything, n.reg().Register) {
			found[e.ID] = e
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b guidance.Entry) int { return cmp.Compare(a.Feed, b.Feed) }), nil
}

// speakers are the offices that ever spoke for any of the committees, and this one.
func (n *Node) speakers(committees []string) []string {
	all := []string{n.settings.Office}
	for _, c := range committees {
		all = append(all, n.reg().OfficesEver(c)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// namedEntry reads one entry by its name.
func (n *Node) namedEntry(name string) (guidance.Entry, bool) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return guidance.Entry{}, false
	}
	stored, err := n.store.Entry(id)
	if err != nil || stored.Body == nil {
		return guidance.Entry{}, false
	}
	return entry(rowOf(stored))
}

func rowOf(e store.StoredEntry) store.Row {
	return store.Row{
		ID: e.ID, Kind: e.Header.Kind, Visibility: e.Header.Visibility, Feed: e.Feed,
		Recorded: e.Recorded, Logged: claimed(e.Header), Body: e.Body,
	}
}

// mattersOf lists the matters an entry speaks on, each once.
func mattersOf(e guidance.Entry) []string {
	var all []string
	for _, p := range e.Advisory.GetPositions() {
		all = append(all, p.Matter)
	}
	if m := e.Report.GetPosition().GetMatter(); m != "" {
		all = append(all, m)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// committeesOf lists the committees an entry speaks for or reports on.
func committeesOf(e guidance.Entry) []string {
	all := slices.Concat(e.Advisory.GetOnBehalfOf(), e.Withdrawal.GetOnBehalfOf(), e.Report.GetPosition().GetCommittees())
	for _, p := range e.Advisory.GetPositions() {
		all = append(all, p.Committees...)
	}
	return all
}
