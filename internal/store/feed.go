package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// The feed is this node's own order of arrival (protocol.md 2): the axis of "known
// at", and the cursor of every subscriber as (number, digest). The digest of a row is
// SHA-256 over the digest before it and the row, so that a restored feed shows.

// FeedType is what arrived.
type FeedType byte

const (
	// FeedHeaders: headers First..End-1 of a log, with the bodies that came with them.
	FeedHeaders FeedType = 1
	// FeedBodies: bodies First..End-1 of a log, after their headers.
	FeedBodies FeedType = 2
	// FeedErased: the bodies of entries First..End-1 of a log were erased.
	FeedErased FeedType = 3
)

// FeedRow is one arrival.
type FeedRow struct {
	// N is its number, from 1.
	N uint64
	// Type is what arrived.
	Type FeedType
	// Log is the log it belongs to.
	Log ledger.LogID
	// First and End are the entries: First..End-1.
	First, End uint64
	// Arrived is when, by this node's clock, to the millisecond.
	Arrived time.Time
	// Digest is the running digest up to and with this row.
	Digest [32]byte
}

// encode is the row without its digest.
func (r FeedRow) encode() []byte {
	b := []byte{byte(r.Type)}
	b = binary.BigEndian.AppendUint64(b, uint64(r.Arrived.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, r.First)
	b = binary.BigEndian.AppendUint64(b, r.End)
	return append(b, logKey(r.Log)...)
}

// chain is the digest of a row after the digest of the row before it.
func (r FeedRow) chain(before [32]byte) [32]byte {
	h := sha256.New()
	h.Write([]byte("lmcfed/feed/1\n"))
	h.Write(before[:])
	h.Write(number(r.N))
	h.Write(r.encode())
	return [32]byte(h.Sum(nil))
}

func openFeedRow(federation string, key, value []byte) (FeedRow, error) {
	const fixed = 1 + 8 + 8 + 8
	end := len(value) - sha256.Size
	if len(key) != 8 || end < fixed {
		return FeedRow{}, tableFeed.damaged(key)
	}
	log, rest, ok := cutLog(federation, value[fixed:end])
	if !ok || len(rest) != 0 {
		return FeedRow{}, tableFeed.damaged(key)
	}
	return FeedRow{
		N:       binary.BigEndian.Uint64(key),
		Type:    FeedType(value[0]),
		Arrived: fromMillis(int64(binary.BigEndian.Uint64(value[1:]))),
		First:   binary.BigEndian.Uint64(value[9:]),
		End:     binary.BigEndian.Uint64(value[17:]),
		Log:     log,
		Digest:  [32]byte(value[end:]),
	}, nil
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// lastFeedRow is the newest row; zero when the feed is empty.
func lastFeedRow(tx *txn, federation string) (FeedRow, error) {
	last, err := tx.span(tableFeed, 0, number(math.MaxUint64))
	if err != nil || len(last.rows) == 0 {
		return FeedRow{}, err
	}
	row := last.rows[len(last.rows)-1]
	value, err := tableFeed.open(row.key, row.framed)
	if err != nil {
		return FeedRow{}, err
	}
	return openFeedRow(federation, row.key, value)
}

// derived is what is derived from a feed row: for headers one row that all entries
// up to its end find, for late bodies one row each.
func (r FeedRow) derived() []derivedRow {
	value := binary.BigEndian.AppendUint64(number(r.N), uint64(r.Arrived.UnixMilli()))
	if r.Type == FeedHeaders {
		return []derivedRow{{tableArrived, entryKey(r.Log, r.End), append(value, number(r.First)...)}}
	}
	var rows []derivedRow
	for i := r.First; i < r.End && r.Type == FeedBodies; i++ {
		rows = append(rows, derivedRow{tableLate, entryKey(r.Log, i), value})
	}
	return rows
}

// appendFeed writes the next row and what is derived from it.
func (w *writer) appendFeed(t FeedType, log ledger.LogID, first, end uint64) error {
	row := FeedRow{N: w.feed + 1, Type: t, Log: log, First: first, End: end, Arrived: w.now}
	row.Digest = row.chain(w.digest)
	w.feed, w.digest = row.N, row.Digest
	return row.put(w.tx)
}

// put writes a row and what is derived from it.
func (r FeedRow) put(tx *txn) error {
	if err := tableFeed.put(tx, number(r.N), r.encode(), r.Digest[:]); err != nil {
		return err
	}
	for _, o := range r.derived() {
		if err := o.table.put(tx, o.key, o.value); err != nil {
			return err
		}
	}
	return nil
}

// arrival is when something arrived.
type arrival struct {
	feed uint64
	at   time.Time
}

func openArrival(t table, key, value []byte) (arrival, error) {
	if len(value) < 16 {
		return arrival{}, t.damaged(key)
	}
	return arrival{binary.BigEndian.Uint64(value), fromMillis(int64(binary.BigEndian.Uint64(value[8:])))}, nil
}

// arrivals finds when entries arrived. It remembers the last arrival of headers: asked
// in either order, the entries of one arrival cost one look.
type arrivals struct {
	tx         *txn
	log        ledger.LogID
	first, end uint64 // of log, known to have come with headers
	headers    arrival
}

// of is when an entry's body arrived, or its header when it has none.
func (a *arrivals) of(log ledger.LogID, index uint64) (arrival, error) {
	key := entryKey(log, index)
	late, err := tableLate.get(a.tx, key)
	if err != nil {
		return arrival{}, err
	}
	if late != nil {
		return openArrival(tableLate, key, late)
	}
	return a.ofHeader(log, index)
}

// ofHeader is when an entry's header arrived, with or without its body.
func (a *arrivals) ofHeader(log ledger.LogID, index uint64) (arrival, error) {
	if log == a.log && index >= a.first && index < a.end {
		return a.headers, nil
	}
	// The first arrival of headers that ends after the entry.
	a.log, a.first, a.end = log, index, 0
	err := tableArrived.scan(a.tx, logKey(log), entryKey(log, index+1), func(key, value []byte) (err error) {
		if a.headers, err = openArrival(tableArrived, key, value); err != nil {
			return err
		}
		at, _, _ := cutEntry("", key)
		if len(value) != 24 || binary.BigEndian.Uint64(value[16:]) > index {
			return nil // the row before it is missing
		}
		a.first, a.end = binary.BigEndian.Uint64(value[16:]), at.index
		return ErrEnough
	})
	if err == nil && a.end == 0 {
		err = &CorruptError{Log: log, Index: index, What: "its arrival is missing"}
	}
	return a.headers, err
}

// Growth is how many entries of a log were held from a feed number on.
type Growth struct{ Feed, Size uint64 }

// Growth returns how a log grew from a size to what is held of it, arrival by arrival.
func (s *Store) Growth(log ledger.LogID, from uint64) (grown []Growth, err error) {
	err = s.view(func(r *reading) error {
		return tableArrived.scan(r.tx, logKey(log), entryKey(log, from+1), func(key, value []byte) error {
			headers, err := openArrival(tableArrived, key, value)
			if err != nil {
				return err
			}
			if at, _, ok := cutEntry(r.federation, key); ok && at.index <= r.size(log) {
				grown = append(grown, Growth{headers.feed, at.index})
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reading how %s grew: %w", log, err)
	}
	return grown, nil
}

// FeedEnd is the number and digest of the newest row; zeros before the first.
func (s *Store) FeedEnd() (n uint64, digest [32]byte) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.feed, s.digest
}

// Feed returns up to limit rows with numbers from and up, oldest first.
func (s *Store) Feed(from uint64, limit int) (rows []FeedRow, err error) {
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		rows, err = snap.Feed(from, limit)
		return err
	})
	return rows, err
}

// Feed is Store.Feed, of the snapshot.
func (s *Snapshot) Feed(from uint64, limit int) ([]FeedRow, error) {
	var rows []FeedRow
	err := tableFeed.scan(s.tx, nil, number(max(from, 1)), func(key, value []byte) error {
		row, err := openFeedRow(s.federation, key, value)
		if err != nil {
			return err
		}
		if row.N > s.feed || len(rows) >= limit {
			return ErrEnough
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the feed from %d: %w", from, err)
	}
	return rows, nil
}

// feedTimes are when the rows of the feed arrived, in milliseconds and in their order, as far as they
// were asked for: a row never changes.
type feedTimes struct {
	mu sync.Mutex // guards at
	at []int64
}

// upTo returns those of the first n rows, reading what is new.
func (a *feedTimes) upTo(s *Snapshot, n uint64) ([]int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := tableFeed.scan(s.tx, nil, number(uint64(len(a.at))+1), func(key, value []byte) error {
		if uint64(len(a.at)) == n {
			return ErrEnough
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		row, err := openFeedRow(s.federation, key, value)
		if err != nil {
			return err
		}
		if row.N != uint64(len(a.at))+1 {
			return tableFeed.unproven(number(uint64(len(a.at)) + 1))
		}
		a.at = append(a.at, row.Arrived.UnixMilli())
		return nil
	})
	return a.at[:min(n, uint64(len(a.at)))], err
}

// FeedAt is the number of the newest row that had arrived by t, by this node's clock; 0 when none had.
// Where the clock was wrong for a while, rows say that they arrived before others that they came after: it
// is the number up to which rows say that they had, and after which they say that they had not, with the
// fewest exceptions. So a clock that was ahead hides nothing that came after it was put right, and one that
// was behind makes nothing known before it came.
func (s *Snapshot) FeedAt(t time.Time) (uint64, error) {
	at, err := s.times.upTo(s, s.feed)
	if err != nil {
		return 0, fmt.Errorf("finding the feed number at %v: %w", t, err)
	}
	by := t.UnixMilli()
	cut, exceptions, fewest := uint64(0), 0, 0 // each against there being none up to it
	for i, arrived := range at {
		if exceptions++; arrived <= by {
			exceptions -= 2
		}
		if exceptions <= fewest {
			cut, fewest = uint64(i)+1, exceptions
		}
	}
	return cut, nil
}
