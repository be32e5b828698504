package store

import (
	"encoding/json"
	"errors"
	"time"
)

// Renumbered is a place in the feed behind which numbers were given twice: once before the data were
// put back to what they had been, or lost their feed, and once since.
type Renumbered struct {
	// After is the last number that was given once.
	After uint64 `json:"after"`
	// At is when that was noticed. What is behind has arrived later, perhaps again.
	At time.Time `json:"at"`
}

var renumberedKey = []byte("renumbered")

// noteRenumbered notes it of data that may be an old copy, or that the guard knows to be one.
func (s *Store) noteRenumbered() error {
	_, _, behind := s.Recovering()
	old := behind || s.guard.Doubt.MayBeOld()
	noted := s.renumbered != nil && s.renumbered.After <= s.feed
	if !s.wentBack && (!old || noted) {
		return nil
	}
	after := s.feed
	if noted {
		after = s.renumbered.After
	}
	s.renumbered = &Renumbered{After: after, At: fromMillis(s.opts.Now().UnixMilli())}
	if s.opts.AsFound || s.readOnly != nil || s.Damage() != nil {
		return nil
	}
	err := s.update(0, func(w *writer) error {
		w.wrote = true
		return putMeta(w.tx, renumberedKey, s.renumbered)
	})
	if errors.Is(err, ErrDiskFull) {
		return nil // and noticed again at the next start
	}
	if err == nil && s.wentBack {
		err = s.guardFeed()
	}
	return err
}

// guardFeed has the guard remember how far the feed is numbered, unless it is no longer this store's.
func (s *Store) guardFeed() error {
	if s.opts.Guard == "" || s.guardReplaced() != nil {
		return nil
	}
	return s.amendGuard(func(g *guard) bool {
		before := g.Feed
		g.Feed, _ = s.FeedEnd()
		return g.Feed != before
	})
}

// loadMeta reads a row of tableMeta that is JSON; nil: there is none.
func loadMeta[T any](tx *txn, key []byte) (*T, error) {
	b, err := tableMeta.get(tx, key)
	if err != nil || b == nil {
		return nil, err
	}
	row := new(T)
	if err := json.Unmarshal(b, row); err != nil {
		return nil, tableMeta.damaged(key)
	}
	return row, nil
}

func putMeta(tx *txn, key []byte, row any) error {
	b, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return tableMeta.put(tx, key, b)
}
