package store

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// What the tests ask of a store of now, without a snapshot of their own.

func (s *Store) Candidates(matter string) ([]Row, error) { return s.CandidatesOf(matter, nil) }

func (s *Store) CandidatesOf(matter string, offices []string) (rows []Row, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		rows, err = snap.CandidatesOf(matter, offices)
		return err
	})
	return rows, err
}

func (s *Store) Matters() (rows []Row, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		return snap.EachMatter(ListPlace{}, func(ledger.EntryID) bool { return true }, func(l Listed) error { rows = append(rows, l.Row); return nil })
	})
	return rows, err
}

func (s *Store) FindBody(body []byte, offices ...string) (ids []ledger.EntryID, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		ids, err = snap.FindBody(body, offices...)
		return err
	})
	return ids, err
}

func (s *Store) Proof(id ledger.EntryID) (proof tlog.RecordProof, cp ledger.Checkpoint, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		proof, cp, err = snap.Proof(id)
		return err
	})
	return proof, cp, err
}

func (s *Store) FeedAt(t time.Time) (n uint64, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		n, err = snap.FeedAt(t)
		return err
	})
	return n, err
}

func (s *Store) Newest(of Listing, after ListPlace, limit int) (found []Listed, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		return snap.Newest(of, after, func(l Listed) error {
			found = append(found, l)
			if len(found) == limit {
				return ErrEnough
			}
			return nil
		})
	})
	return found, err
}
