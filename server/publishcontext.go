package server

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// touches is what a new entry bears on: whose standing entries its check needs.
type touches struct {
	matters []string
	entries []string
}

func advisoryTouches(a *guidancev1.Advisory) touches {
	var t touches
	for _, p := range a.GetPositions() {
		t.matters = append(t.matters, p.Matter)
	}
	t.entries = append(append(t.entries, a.GetReplaces()...), a.GetAmends()...)
	return t
}

func withdrawalTouches(w *guidancev1.Withdrawal) touches {
	return touches{entries: append([]string{w.GetAdvisory()}, w.GetRestores()...)}
}

// publishContext is what a check before publishing may know: the day, the register,
// the matters, and what stands on what the new entry touches.
func (n *Node) publishContext(t touches) guidance.PublishContext {
	return guidance.PublishContext{
		Office: n.settings.Office, Keeper: n.keeperOffice(), Today: guidance.Today(n.cfg.Now()),
		Register: n.reg().Register,
		Matters: func(name string) *guidancev1.Matter {
			m, _, err := n.findMatter(name)
			if err != nil {
				return nil
			}
			return m
		},
		Standing:     n.standingEntries(t),
		KnownMatters: n.matterNames(), KnownCommittees: n.committeeIDs(n.reg().Register, guidance.Today(n.cfg.Now())),
	}
}

func (n *Node) matterNames() []string {
	all, err := n.matters()
	if err != nil {
		return nil // only the suggestions of an error are lost
	}
	names := make([]string, len(all))
	for i, k := range all {
		names[i] = k.matter.Name
	}
	return names
}

// standingEntries are the entries a new one touches, each once: those on its
// matters, and those it names, with everything on their matters.
func (n *Node) standingEntries(t touches) []guidance.Entry {
	end, _ := n.store.FeedEnd()
	found := map[string]guidance.Entry{}
	seen := map[string]bool{}
	add := func(matter string) {
		if m, _, err := n.findMatter(matter); err == nil && !seen[m.Name] {
			seen[m.Name] = true
			rows, err := n.store.Candidates(m.Name)
			if err != nil {
				return
			}
			for _, e := range entries(rows, end, n.reg().Register) {
				found[e.ID] = e
			}
		}
	}
	for _, m := range t.matters {
		add(m)
	}
	for _, name := range t.entries {
		e, ok := n.namedEntry(name)
		if !ok {
			continue
		}
		found[e.ID] = e
		for _, m := range mattersOf(e) {
			add(m)
		}
	}
	out := make([]guidance.Entry, 0, len(found))
	for _, e := range found {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b guidance.Entry) int { return int(a.Feed) - int(b.Feed) })
	return out
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
