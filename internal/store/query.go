package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Candidates returns everything held that may bear on a matter, in full resource name
// (OFFICE/SLUG): advisories and reports with a position on it, withdrawals that name it,
// and every withdrawal, replacement, amendment and restoration of one of these, whatever
// its own matter, and of one of those in turn. By log and index. What it means is for
// guidance.Resolve.
func (s *Snapshot) Candidates(matter string) ([]Row, error) { return s.CandidatesOf(matter, nil) }

// CandidatesOf is Candidates with only what some offices published: their positions, reports
// and endings. No offices: of all.
func (s *Snapshot) CandidatesOf(matter string, offices []string) ([]Row, error) {
	if len(matter) > MatterLimit {
		return nil, nil
	}
	rows, err := func() ([]Row, error) {
		var places []entryPlace
		for _, prefix := range ofOffices(matterKey(matter), offices) {
			more, err := s.indexed(prefix, nil)
			if err != nil {
				return nil, err
			}
			places = append(places, more...)
		}
		places, err := s.withEndings(places, offices)
		if err != nil {
			return nil, err
		}
		return s.rows(places)
	}()
	if err != nil {
		return nil, fmt.Errorf("reading what bears on %s: %w", matter, err)
	}
	return rows, nil
}

// ofOffices are the prefixes of keys that go on with the LOG of some offices; of any, if
// none is given.
func ofOffices(key []byte, offices []string) [][]byte {
	if len(offices) == 0 {
		return [][]byte{key}
	}
	var prefixes [][]byte
	for _, office := range unique(slices.Clone(offices)) {
		prefixes = append(prefixes, slices.Concat(key, []byte(office), []byte{0}))
	}
	return prefixes
}

// EndedBy returns the held entries that say they end, amend or restore an entry, by log
// and index, and reads none of them.
func (s *Snapshot) EndedBy(id ledger.EntryID) ([]ledger.EntryID, error) {
	places, err := s.indexed(endedKey(id.Log(s.federation), id.Index), nil)
	if err != nil {
		return nil, fmt.Errorf("looking up what ends %s: %w", id, err)
	}
	return entriesAt(places), nil
}

func entriesAt(places []entryPlace) []ledger.EntryID {
	ids := make([]ledger.EntryID, len(places))
	for i, at := range places {
		ids[i] = at.log.Entry(at.index)
	}
	return ids
}

// WithVotes returns the held letters that have votes, by log and index, and reads none of them.
func (s *Snapshot) WithVotes() ([]ledger.EntryID, error) {
	places, err := s.indexed([]byte{byVotes}, nil)
	if err != nil {
		return nil, fmt.Errorf("looking up letters with votes: %w", err)
	}
	return entriesAt(places), nil
}

// Understood reports whether an entry is understood, as far as its body is here: whether it
// is found by more than its bytes.
func (s *Snapshot) Understood(id ledger.EntryID) (bool, error) {
	not, err := tableIndex.get(s.tx, append([]byte{byNotUnderstood}, entryKey(id.Log(s.federation), id.Index)...))
	if err != nil {
		return false, fmt.Errorf("looking up whether %s is understood: %w", id, err)
	}
	return not == nil, nil
}

// RowOf returns the row of an entry that the index names.
func (s *Snapshot) RowOf(id ledger.EntryID) (Row, error) {
	rows, err := s.rows([]entryPlace{{id.Log(s.federation), id.Index}})
	if err != nil {
		return Row{}, fmt.Errorf("reading the row of %s: %w", id, err)
	}
	return rows[0], nil
}

// withEndings adds to places whatever of some offices ends one of them, by log and index. No
// offices: of all.
func (r *reading) withEndings(places []entryPlace, offices []string) ([]entryPlace, error) {
	known := map[entryPlace]bool{}
	for _, at := range places {
		known[at] = true
	}
	for i := 0; i < len(places); i++ {
		ends, err := r.indexed(endedKey(places[i].log, places[i].index), nil)
		if err != nil {
			return nil, err
		}
		for _, at := range ends {
			if !known[at] && (len(offices) == 0 || slices.Contains(offices, at.log.Office)) {
				known[at] = true
				places = append(places, at)
			}
		}
	}
	slices.SortFunc(places, func(p, q entryPlace) int {
		return cmp.Or(p.log.Compare(q.log), cmp.Compare(p.index, q.index))
	})
	return places, nil
}

// indexed returns the held entries that the index has under a prefix, which ends
// before LOG or before its index, from a key on; nil: all of them.
func (r *reading) indexed(prefix, from []byte) ([]entryPlace, error) {
	var places []entryPlace
	seen := 0
	err := tableIndex.scan(r.tx, prefix, from, func(key, _ []byte) error {
		at, ok := cutIndexKey(r.federation, key)
		if !ok {
			return tableIndex.damaged(key)
		}
		if seen++; seen%checkEvery == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if at.index < r.size(at.log) {
			places = append(places, at)
		}
		return nil
	})
	return places, err
}

// cutIndexKey returns the entry an index key stands for: its last part.
func cutIndexKey(federation string, key []byte) (entryPlace, bool) {
	end := 1 // of what it is found by
	switch key[0] {
	case byMatter, byName:
		if len(key) > 2 {
			end += 2 + int(key[1])<<8 + int(key[2])
		}
	case byKind, byTitle:
		end += 4
	case byBody:
		end += 8
	case byOpened:
		end += dayLength
	case byEnded:
		_, rest, _ := cutEntry(federation, key[1:])
		end = len(key) - len(rest)
	}
	by, entry := key[:min(end, len(key))], key[min(end, len(key)):]
	if key[0] == byMatter {
		at, _, ok := cutListKey(federation, by, key)
		return at, ok
	}
	at, rest, ok := cutEntry(federation, entry)
	return at, ok && len(rest) == 0
}

// checkEvery is how many steps of a loop pass between looks at whether its caller is
// still there: a few milliseconds at most.
const checkEvery = 256

// rows reads the rows of entries, with their arrival. The index names none that has
// no row.
func (r *reading) rows(places []entryPlace) ([]Row, error) {
	rows := make([]Row, 0, len(places))
	arrived := arrivals{tx: r.tx}
	for i, at := range places {
		if i%checkEvery == 0 && r.ctx.Err() != nil {
			return nil, r.ctx.Err()
		}
		row, found, err := r.row(at, &arrived)
		if err == nil && !found {
			err = rowMissing(at)
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// row reads the row of one entry, if it has one.
func (r *reading) row(at entryPlace, arrived *arrivals) (row Row, found bool, err error) {
	r.entries++
	key := entryKey(at.log, at.index)
	value, err := tableRows.get(r.tx, key)
	if err != nil || value == nil {
		return Row{}, false, err
	}
	read := reader{b: value}
	kind, visibility := read.uvarint(), read.uvarint()
	claimed, n := binary.Varint(read.b)
	if read.failed || n <= 0 {
		return Row{}, false, tableRows.damaged(key)
	}
	came, err := arrived.of(at.log, at.index)
	if err != nil {
		return Row{}, false, err
	}
	return Row{
		ID:         at.log.Entry(at.index),
		Kind:       ledgerv1.EntryKind(uint32(kind)),
		Visibility: guidancev1.Visibility(uint32(visibility)),
		Feed:       came.feed,
		Recorded:   came.at,
		Logged:     fromMillis(claimed),
		Body:       bytes.Clone(read.b[n:]),
	}, true, nil
}

func rowMissing(at entryPlace) error {
	return &CorruptError{Log: at.log, Index: at.index, What: "its row is missing from the index"}
}

// OfKind returns the entries of a log that are of a kind and understood, in order, and reads none of them.
func (s *Snapshot) OfKind(log ledger.LogID, kind ledgerv1.EntryKind) ([]ledger.EntryID, error) {
	places, err := s.indexed(append(kindKey(kind), logKey(log)...), nil)
	if err != nil {
		return nil, fmt.Errorf("reading the entries of a kind in %s: %w", log, err)
	}
	return entriesAt(places), nil
}

// Register returns the REGISTER entries of the keeper's log from an index up to another, in order. Those whose
// words are not here have no body: whoever folds the others has to know that they are there.
func (s *Store) Register(keeper ledger.LogID, from, end uint64) ([]Row, error) {
	var rows []Row
	err := s.view(func(r *reading) error {
		kind := kindKey(ledgerv1.EntryKind_ENTRY_KIND_REGISTER)
		places, err := r.indexed(slices.Concat(kind, logKey(keeper)), slices.Concat(kind, entryKey(keeper, from)))
		if err == nil {
			rows, err = r.rows(slices.DeleteFunc(places, func(at entryPlace) bool { return at.index >= end }))
		}
		if err != nil {
			return err
		}
		arrived := arrivals{tx: r.tx}
		public := class(guidancev1.Visibility_VISIBILITY_PUBLIC)
		err = tableAbsent.scan(r.tx, append([]byte{public}, logKey(keeper)...), absentKey(public, keeper, from), func(key, value []byte) error {
			at, _, ok := cutEntry(r.federation, key[1:])
			if !ok {
				return tableAbsent.damaged(key)
			}
			if at.index >= end {
				return ErrEnough
			}
			_, h, err := readEntry(r.tx, keeper, at.index)
			if err != nil || h.GetKind() != ledgerv1.EntryKind_ENTRY_KIND_REGISTER {
				return err
			}
			came, err := arrived.of(keeper, at.index)
			rows = append(rows, Row{
				ID: keeper.Entry(at.index), Kind: h.GetKind(), Visibility: h.GetVisibility(),
				Feed: came.feed, Recorded: came.at, Logged: fromMillis(h.GetClaimedMs()), Lost: bytes.Equal(value, lostBody),
			})
			return err
		})
		slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.ID.Index, b.ID.Index) })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the register from %s: %w", keeper, err)
	}
	return rows, nil
}

// Rows returns up to limit rows of one log from an index on, in order: its entries of
// the kinds that have behaviour whose bodies are here and understood.
func (s *Store) Rows(log ledger.LogID, from uint64, limit int) (rows []Row, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		rows, err = snap.Rows(log, from, limit)
		return err
	})
	return rows, err
}

// Rows is Store.Rows, of the snapshot.
func (s *Snapshot) Rows(log ledger.LogID, from uint64, limit int) ([]Row, error) {
	var rows []Row
	var places []entryPlace
	err := tableRows.scan(s.tx, logKey(log), entryKey(log, from), func(key, _ []byte) error {
		at, _, ok := cutEntry(s.federation, key)
		if !ok {
			return tableRows.damaged(key)
		}
		if at.index >= s.size(log) || len(places) >= limit {
			return ErrEnough
		}
		places = append(places, at)
		return nil
	})
	if err == nil {
		rows, err = s.rows(places)
	}
	if err != nil {
		return nil, fmt.Errorf("reading rows of %s from %d: %w", log, from, err)
	}
	return rows, nil
}
