package answers

import (
	"bytes"
	"context"
	"slices"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/search"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Searched is what search finds: what anybody may read of what a node answers, as of now.
type Searched struct{ *Answers }

// State is how far there is anything to find.
func (s Searched) State() search.State {
	state := search.State{Returned: s.Store.Returned()} // before what lacks words is counted: see Place.Lacking
	state.Feed, _ = s.Store.FeedEnd()
	for _, head := range s.Store.Heads() {
		state.Entries += head.Size
		state.Lacking += s.Store.Counts(head.Log).NotHeld
	}
	state.Room, _ = s.Store.Room()
	return state
}

// Wait returns when anything may have come since a place, or have come back.
func (s Searched) Wait(ctx context.Context, since search.Place) error {
	changed := s.Store.Changed() // before it is looked: what comes meanwhile closes it
	if feed, _ := s.Store.FeedEnd(); feed > since.Feed || s.Store.Returned() != since.Returned {
		return ctx.Err()
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Came is which entries may be found otherwise since a place in the feed: those that came, with a matter
// those that are on it, and whole logs where the register says something else of them.
func (s Searched) Came(ctx context.Context, since search.Place) (names []string, to search.Place, err error) {
	err = s.asItIs(ctx, Public(), func(m *moment) error {
		if err := m.isAt(since); err != nil {
			return err
		}
		rows, err := m.Feed(since.Feed+1, feedBatch)
		if err != nil || len(rows) == 0 {
			to = since
			return err
		}
		last := rows[len(rows)-1]
		to = search.Place{Feed: last.N, Digest: last.Digest[:], Entries: since.Entries, Returned: m.Returned()}
		for _, counts := range m.Counts() {
			to.Lacking += counts.NotHeld
		}
		came := map[string]bool{}
		registered := false
		for _, row := range rows {
			if row.Type == store.FeedHeaders {
				to.Entries += row.End - row.First
			}
			_, mayBeAny, err := m.Touches(row) // so are those of matters and of the register
			if err != nil {
				return err
			}
			for index := row.First; index < row.End; index++ {
				id := row.Log.Entry(index)
				if came[id.String()] = true; !mayBeAny || !m.isHeld(id) {
					continue // or it is held no more, after damage
				}
				stored, err := m.Entry(id)
				if err != nil {
					return err
				}
				switch kind := stored.Header.GetKind(); {
				case kind == ledgerv1.EntryKind_ENTRY_KIND_REGISTER:
					registered = true
				case kind == ledgerv1.EntryKind_ENTRY_KIND_MATTER && stored.Body != nil:
					if err := m.onMatter(stored, to.Feed, came); err != nil {
						return err
					}
				}
			}
		}
		if registered && since.Feed > 0 {
			before, _ := m.Registers.KnownAt(since.Feed)
			m.saidOtherwise(before, to.Feed, came)
		}
		for name := range came {
			names = append(names, name)
		}
		slices.Sort(names)
		return ctx.Err()
	})
	return names, to, err
}

// isAt refuses a place that this feed does not have, and one before words came back without an arrival.
func (m *moment) isAt(since search.Place) error {
	if since.Feed == 0 {
		return nil
	}
	at, err := m.Feed(since.Feed, 1)
	if err != nil {
		return err
	}
	if len(at) != 1 || at[0].N != since.Feed || !bytes.Equal(at[0].Digest[:], since.Digest) || m.Returned() != since.Returned {
		return search.ErrOtherFeed
	}
	return nil
}

// onMatter adds the other versions of a matter, and what is on it and came by a feed number: its titles are
// among the words of all these.
func (m *moment) onMatter(version store.StoredEntry, feed uint64, came map[string]bool) error {
	said, err := content.Read(version.Header.GetKind(), version.Body)
	matter, ok := said.(*guidancev1.Matter)
	if err != nil || !ok {
		return nil // it says nothing
	}
	if guidance.MatterName(matter.GetName()).Office() != version.ID.Office {
		return nil
	}
	versions, err := m.MatterVersions(matter.GetName(), version.ID.Office)
	if err != nil {
		return err
	}
	for _, row := range versions {
		came[row.ID.String()] = true
	}
	return m.Newest(store.Listing{Matter: matter.GetName()}, store.ListPlace{}, func(one store.Listed) error {
		if one.Feed <= feed {
			came[one.ID.String()] = true
		}
		return m.ctx.Err()
	})
}

// saidOtherwise adds the logs of which the register says otherwise than before whether their entries, or
// their matters, count.
func (m *moment) saidOtherwise(before *register.Register, feed uint64, came map[string]bool) {
	for log := range m.Counts() {
		held, _ := m.Held(log)
		if held.Size == 0 {
			continue
		}
		last := held.Size - 1
		if before.Repudiated(log, last) == m.reg.Repudiated(log, last) && before.HasCommittee(log.Office) == m.reg.HasCommittee(log.Office) {
			continue
		}
		for index := range held.Size {
			came[log.Entry(index).String()] = true
		}
	}
}

// Documents are the documents of entries. None has what anybody may not read or nobody understands, what
// was signed with a key that had been revoked, and a matter as it was before.
func (s Searched) Documents(ctx context.Context, names []string) (documents []search.Document, err error) {
	err = s.asItIs(ctx, Public(), func(m *moment) error {
		for _, name := range names {
			d, found, err := m.document(name)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if found {
				documents = append(documents, d)
			}
		}
		return nil
	})
	return documents, err
}

func (m *moment) document(name string) (d search.Document, found bool, err error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil || !m.isHeld(id) {
		return d, false, nil // nobody's, of an index that is damaged
	}
	stored, err := m.entryFor(name)
	if err != nil || stored.Body == nil {
		return d, false, err
	}
	understood, err := m.Understood(id)
	if err != nil || !understood || m.reg.Repudiated(id.Log(m.Federation), id.Index) {
		return d, false, err
	}
	row := rowOf(stored)
	if said, err := content.Read(row.Kind, row.Body); err == nil && row.Kind == ledgerv1.EntryKind_ENTRY_KIND_MATTER {
		now, known, err := m.newest(said.(*guidancev1.Matter).GetName(), everything)
		if err != nil || !known || now.entry != id {
			return d, false, err
		}
		return search.OfMatter(name, now.matter), true, nil
	}
	e, ruled := readEntry(row)
	if !ruled || !m.reader.reads(e) {
		return d, false, nil
	}
	d, found = search.Of(e, m.matterNamed)
	return d, found, nil
}
