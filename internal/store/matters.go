package store

import (
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// MatterVersions returns the MATTER entries that give a matter's name in the logs of one
// office, by log and index: which of them counts is for the caller.
func (s *Snapshot) MatterVersions(name, office string) ([]Row, error) {
	if len(name) > MatterLimit {
		return nil, nil
	}
	return s.mattersUnder("the matter "+name, ofOffices(nameKey(name), []string{office})[0])
}

// MattersTitled returns the MATTER entries that have a title or alias, the case of its
// letters aside, or one that only looks alike to the index, by log and index.
func (s *Snapshot) MattersTitled(title string) ([]Row, error) {
	return s.mattersUnder("matters by title", titleKey(title))
}

func (s *Snapshot) mattersUnder(what string, prefix []byte) ([]Row, error) {
	var rows []Row
	places, err := s.indexed(prefix, nil)
	if err == nil {
		rows, err = s.rows(places)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	return rows, nil
}

// EachMatter visits the MATTER entries held that are wanted, the newest opened first, then
// by log and index, from behind a place on (the zero place: all), reading each only when it
// comes to it. visit ends it early with ErrEnough.
func (s *Snapshot) EachMatter(after ListPlace, wanted func(ledger.EntryID) bool, visit func(Listed) error) error {
	var from []byte
	if after != (ListPlace{}) {
		opened := appendDay([]byte{byOpened}, after.Day)
		from = slices.Concat(opened, entryKey(after.Entry.Log(s.federation), after.Entry.Index), []byte{0})
	}
	err := tableIndex.scan(s.tx, []byte{byOpened}, from, func(key, _ []byte) error {
		at, ok := cutIndexKey(s.federation, key)
		if !ok {
			return tableIndex.damaged(key)
		}
		if at.index >= s.size(at.log) || !wanted(at.log.Entry(at.index)) {
			return nil
		}
		rows, err := s.rows([]entryPlace{at})
		if err != nil {
			return err
		}
		return visit(Listed{Day: cutDay(key[1:]), Row: rows[0], HasBody: true})
	})
	if err != nil {
		return fmt.Errorf("reading matters: %w", err)
	}
	return nil
}

// FirstMatters returns the first limit MATTER entries of a log, and reads none of them.
func (s *Snapshot) FirstMatters(log ledger.LogID, limit int) ([]ledger.EntryID, error) {
	var first []ledger.EntryID
	prefix := append(kindKey(ledgerv1.EntryKind_ENTRY_KIND_MATTER), logKey(log)...)
	err := tableIndex.scan(s.tx, prefix, nil, func(key, _ []byte) error {
		at, ok := cutIndexKey(s.federation, key)
		if !ok {
			return tableIndex.damaged(key)
		}
		if at.index >= s.size(at.log) || len(first) == limit {
			return ErrEnough
		}
		first = append(first, at.log.Entry(at.index))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the first matters of %s: %w", log, err)
	}
	return first, nil
}
