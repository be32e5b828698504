package store

import (
	"cmp"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// compare orders places by log and index.
func (p place) compare(q place) int {
	return cmp.Or(p.log.Compare(q.log), cmp.Compare(p.index, q.index))
}

// Candidates returns everything held that may bear on a matter, in full resource name
// (offices/OFFICE/matters/SLUG): advisories and reports with a position on it, and
// every withdrawal, replacement, amendment and restoration of one of these, whatever
// its own matter, and of one of those in turn. By log and index. What it means is for
// guidance.Resolve.
func (s *Store) Candidates(matter string) ([]Row, error) { return s.CandidatesOf(matter, nil) }

// CandidatesOf is Candidates with only the positions and reports of some offices, and
// whatever ends them, whoever published it. No offices: of all.
func (s *Store) CandidatesOf(matter string, offices []string) ([]Row, error) {
	if len(matter) > MatterLimit {
		return nil, nil
	}
	var rows []Row
	err := s.view(func(r *reading) error {
		places, err := r.candidates(matter, offices)
		if err == nil {
			rows, err = readRows(r.tx, places)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what bears on %s: %w", matter, err)
	}
	return rows, nil
}

// candidates finds the entries on a matter and, from each found, those that end it.
func (r *reading) candidates(matter string, offices []string) ([]place, error) {
	var prefixes [][]byte
	for _, office := range offices {
		prefixes = append(prefixes, append(append(matterKey(matter), office...), 0))
	}
	if len(offices) == 0 {
		prefixes = [][]byte{matterKey(matter)}
	}
	var places []place
	for _, prefix := range prefixes {
		more, err := r.indexed(prefix)
		if err != nil {
			return nil, err
		}
		places = append(places, more...)
	}
	known := map[place]bool{}
	for _, at := range places {
		known[at] = true
	}
	for i := 0; i < len(places); i++ {
		ends, err := r.indexed(endedKey(places[i].log, places[i].index))
		if err != nil {
			return nil, err
		}
		for _, at := range ends {
			if !known[at] {
				known[at] = true
				places = append(places, at)
			}
		}
	}
	slices.SortFunc(places, place.compare)
	return places, nil
}

// indexed returns the held entries that the index has under a prefix, which ends
// before LOG or before its index.
func (r *reading) indexed(prefix []byte) ([]place, error) {
	var places []place
	err := tableIndex.scan(r.tx, prefix, nil, func(key, _ []byte) error {
		at, ok := cutIndexKey(r.federation, key)
		if !ok {
			return tableIndex.damaged(key)
		}
		if at.index < r.size(at.log) {
			places = append(places, at)
		}
		return nil
	})
	return places, err
}

// cutIndexKey returns the entry an index key stands for: its last part.
func cutIndexKey(federation string, key []byte) (place, bool) {
	rest := key[1:]
	switch {
	case key[0] == byMatter && len(rest) >= 2:
		n := 2 + int(rest[0])<<8 + int(rest[1])
		rest = rest[min(n, len(rest)):]
	case key[0] == byEnded:
		_, rest, _ = cutEntry(federation, rest)
	case key[0] == byKind && len(rest) >= 4:
		rest = rest[4:]
	case key[0] == byBody && len(rest) >= 8:
		rest = rest[8:]
	}
	at, end, ok := cutEntry(federation, rest)
	return at, ok && len(end) == 0
}

// readRows reads the rows of entries, with their arrival. One that has no row is left
// out: an ending may name an entry whose body is not here.
func readRows(tx *bbolt.Tx, places []place) ([]Row, error) {
	rows := make([]Row, 0, len(places))
	arrived := arrivals{tx: tx}
	for _, at := range places {
		key := entryKey(at.log, at.index)
		value, err := tableRows.get(tx, key)
		if err != nil {
			return nil, err
		}
		if value == nil {
			return nil, &CorruptError{Log: at.log, Index: at.index, What: "its row is missing from the index"}
		}
		row, err := openRow(key, value)
		if err != nil {
			return nil, err
		}
		came, err := arrived.of(at.log, at.index)
		if err != nil {
			return nil, err
		}
		row.Feed, row.Recorded = came.feed, came.at
		rows = append(rows, row)
	}
	return rows, nil
}

// Matters returns every MATTER entry held, by log and index.
func (s *Store) Matters() ([]Row, error) {
	rows, err := s.listed(kindKey(ledgerv1.EntryKind_ENTRY_KIND_MATTER))
	if err != nil {
		return nil, fmt.Errorf("reading matters: %w", err)
	}
	return rows, nil
}

// Register returns the REGISTER entries of the keeper's log, in order.
func (s *Store) Register(keeper ledger.LogID) ([]Row, error) {
	rows, err := s.listed(append(kindKey(ledgerv1.EntryKind_ENTRY_KIND_REGISTER), logKey(keeper)...))
	if err != nil {
		return nil, fmt.Errorf("reading the register from %s: %w", keeper, err)
	}
	return rows, nil
}

func (s *Store) listed(prefix []byte) ([]Row, error) {
	var rows []Row
	err := s.view(func(r *reading) error {
		places, err := r.indexed(prefix)
		if err == nil {
			rows, err = readRows(r.tx, places)
		}
		return err
	})
	return rows, err
}

// Rows returns up to limit rows of one log from an index on, in order: its entries of
// the kinds that have behaviour whose bodies are here and understood.
func (s *Store) Rows(log ledger.LogID, from uint64, limit int) ([]Row, error) {
	var rows []Row
	err := s.view(func(r *reading) error {
		var places []place
		err := tableRows.scan(r.tx, logKey(log), entryKey(log, from), func(key, _ []byte) error {
			at, _, ok := cutEntry(r.federation, key)
			if !ok {
				return tableRows.damaged(key)
			}
			if at.index >= r.size(log) || len(places) >= limit {
				return errEnough
			}
			places = append(places, at)
			return nil
		})
		if err == nil {
			rows, err = readRows(r.tx, places)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading rows of %s from %d: %w", log, from, err)
	}
	return rows, nil
}
