package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A damaged file is never written to, and not repaired in place: bbolt frees and writes over
// pages as its own, damaged pages say. What can be read of it and proves itself, entries against
// their trees and signed heads, is written into a new file, with all that is derived from it,
// and that takes the place of the old in one rename. The old one stays beside it, as
// FILE.damaged-TIME: it may have what nobody else has.
//
//	entry's words lost    its header stands; they are wanted from peers, and come without a new arrival
//	header lost           of its log nothing is held until peers have given back what follows;
//	                      what is before is kept (protocol.md 2, partial entries)
//	feed lost in part,    a new feed: everything arrived at the time of the mend. Its digests differ,
//	or a log cut          so that who watches, and who has a cursor or a page, begins anew
//	requests lost         a repeated request is not recognised
//	drafts lost           they were not signed, or nobody has seen the head
//
// A file that is damaged again within MendEvery is left as it is, and only read: its disk is bad.
// So is one that lost what says who the peers are.

// MendEvery is how often a file is mended at most.
const MendEvery = time.Hour

// Mended is what a mend found and did.
type Mended struct {
	// At is when it was.
	At time.Time `json:"at"`
	// Found is the damage that it was made for.
	Found string `json:"found"`
	// Bodies is how many entries lost their words.
	Bodies int `json:"bodies,omitempty"`
	// Cut are the logs that lost headers, by name, as far as they are known, with how many entries
	// there were.
	Cut map[string]uint64 `json:"cut,omitempty"`
	// NewFeed is set when the order and the times of arrival were lost.
	NewFeed bool `json:"newFeed,omitempty"`
	// Forgotten is set when requests answered before may not be recognised, DraftsLost when drafts
	// that were not signed yet may be gone.
	Forgotten  bool `json:"forgotten,omitempty"`
	DraftsLost bool `json:"draftsLost,omitempty"`
}

var mendedKey = []byte("mended")

// ErrMendedLately: the file was mended within MendEvery; what is damaged now stays.
var ErrMendedLately = errors.New("the data file was mended within the hour and is damaged again")

// ErrPeersUnknown: to mend the file would lose what says who the peers are.
var ErrPeersUnknown = errors.New("what is damaged cannot be fetched from peers")

// Damage is the first damage that was met since the file was opened or mended; nil if none
// was. While there is any, nothing is written (ErrCorrupt).
func (s *Store) Damage() *CorruptError {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.damage
}

// Mended is what the last mend of this file found; nil if it never was.
func (s *Store) Mended() *Mended {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.mended
}

// Returned is how many bodies that a mend had lost have come back since the store was opened:
// without a new arrival, so that the feed does not tell.
func (s *Store) Returned() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.returned
}

// noteDamage remembers damage that was come upon, and wakes whoever mends.
func (s *Store) noteDamage(err error) {
	var found *CorruptError
	if !errors.As(err, &found) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.damage == nil {
		s.damage = found
		s.wake()
	}
}

// Mend puts a whole file in place of the damaged one. Reading goes on meanwhile; writing waits.
// Afterwards the store refuses everything, as ErrMended: what is kept in memory of the old file is
// worked out from the new one by opening it. Errors: ErrMendedLately, ErrPeersUnknown,
// ErrDiskFull, ErrReadOnly, that of ctx.
func (s *Store) Mend(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	found := s.Damage()
	if err := s.usable(); err != nil || found == nil {
		return err
	}
	if s.readOnly != nil {
		return fmt.Errorf("mending %s: %w", s.path, s.readOnly)
	}
	m := mender{ctx: ctx, found: found, before: s.Mended(), known: s.Seen()}
	m.end.N, m.end.Digest = s.FeedEnd()
	s.mu.RLock()
	m.heard = maps.Clone(s.stamps)
	s.mu.RUnlock()
	file, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("mending %s: %w", s.path, err)
	}
	defer file.Close()
	m.from = file
	if err := m.mend(s.path, s.opts); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = ErrMended
	s.wake()
	return nil
}

// mendAtOpening mends a file that cannot be opened for its damage.
func mendAtOpening(path string, opts Options, found *CorruptError) error {
	m := mender{ctx: context.Background(), found: found, end: FeedRow{N: math.MaxUint64}}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w (%w)", found, err)
	}
	defer file.Close()
	m.from = file
	_ = m.salvage(func(tx *txn) (err error) { m.before, err = loadMended(tx); return err })
	_ = m.proven(func(tx *txn) (err error) { m.end, err = lastFeedRow(tx, opts.Federation); return err })
	if err := m.mend(path, opts); err != nil {
		return fmt.Errorf("%w (%w)", found, err)
	}
	return nil
}

// salvage reads what is as it was written, whatever else is missing.
func (m *mender) salvage(read func(tx *txn) error) error {
	if m.left == nil {
		m.left = m.asFound(true)
	}
	return damageAsError(func() error { return read(m.left) })
}

// proven reads what is all there.
func (m *mender) proven(read func(tx *txn) error) error {
	return damageAsError(func() error {
		tx := m.asFound(false)
		if err := tx.prove(); err != nil {
			return err
		}
		return read(tx)
	})
}

// asFound is the damaged file as its newest whole first page has it.
func (m *mender) asFound(salvaging bool) *txn {
	tx := &txn{pages: inFile(m.from), salvaging: salvaging}
	if meta, _ := tx.pages.newest(); meta != nil { // else nothing says where anything is
		tx.root, tx.written = order.Uint64(meta[metaRoot:]), order.Uint64(meta[metaWritten:])
	}
	return tx
}

func loadMended(tx *txn) (*Mended, error) {
	b, err := tableMeta.get(tx, mendedKey)
	if err != nil || b == nil {
		return nil, err
	}
	m := &Mended{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, tableMeta.damaged(mendedKey)
	}
	return m, nil
}

// mender is one mend.
type mender struct {
	ctx    context.Context
	from   *os.File // bbolt frees and follows as its pages say
	left   *txn     // what is left of it
	to     *Store
	found  *CorruptError
	before *Mended
	known  []SeenHead // as far as is remembered
	heard  map[ledger.LogID]heard
	end    FeedRow // of the feed, as far as is remembered or proven

	did Mended
}

// mend makes a whole file of what can be salvaged of a damaged one, and puts it in its place.
func (m *mender) mend(path string, opts Options) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("mending %s: %w", path, err)
		}
	}()
	now := fromMillis(opts.Now().UnixMilli())
	if last := m.before; last != nil && now.Sub(last.At) < MendEvery && !now.Before(last.At) {
		return fmt.Errorf("%w: %s", ErrMendedLately, last.Found)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	free, err := opts.Free(path)
	if err != nil {
		return err
	}
	if need := info.Size() + info.Size()/2 + writeFloor; free-max(opts.MinFree, 0) < need {
		return fmt.Errorf("%w: a whole file beside it needs %d bytes", ErrDiskFull, need)
	}
	making, aside := mendingFile(path), damagedFile(path, now)
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	var failed error
	opts.Guard, opts.MaxSize, opts.MinFree = "", 0, -1 // the guard may know more than the new file, and stays
	opts.OnCommitError = func(err error) { failed = err }
	if m.to, err = Open(making, opts); err != nil {
		return err
	}
	m.to.db.NoSync = true // but once, at the end
	m.did = Mended{At: now, Found: m.found.Error(), Cut: map[string]uint64{}}
	err = m.copy()
	if err == nil {
		err = m.to.update(0, func(w *writer) error {
			b, err := json.Marshal(m.did)
			w.wrote = true
			return errors.Join(err, tableMeta.put(w.tx, mendedKey, b))
		})
	}
	err = errors.Join(err, failed)
	if err == nil {
		err = m.to.db.Sync()
	}
	if err = errors.Join(err, m.to.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(making))
	}
	_ = os.Link(path, aside) // where there are no links it is not kept
	if err := os.Rename(making, path); err != nil {
		return fmt.Errorf("putting the whole file in place: %w", err)
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// copy takes over everything, in transactions of bounded size.
func (m *mender) copy() error {
	federation := m.to.opts.Federation
	states, sizes := map[ledger.LogID]*logState{}, map[ledger.LogID]uint64{}
	for _, seen := range m.known {
		states[seen.Log], sizes[seen.Log] = &logState{log: seen.Log}, seen.Size
	}
	var feed []FeedRow
	_ = m.salvage(func(tx *txn) error {
		return tableFeed.scan(tx, nil, nil, func(key, value []byte) error {
			row, err := openFeedRow(federation, key, value)
			if err == nil {
				feed = append(feed, row)
				states[row.Log] = &logState{log: row.Log}
				if row.Type == FeedHeaders {
					sizes[row.Log] = max(sizes[row.Log], row.End)
				}
			}
			return nil
		})
	})
	_ = m.salvage(func(tx *txn) error {
		return tableLogs.scan(tx, nil, nil, func(key, value []byte) error {
			log, _, _ := cutLog(federation, key)
			if st, err := decodeState(log, value); err == nil {
				states[log] = st
				sizes[log] = max(sizes[log], st.held.Size)
			}
			return nil
		})
	})
	held := map[ledger.LogID]uint64{}
	for _, log := range slices.SortedFunc(maps.Keys(states), ledger.LogID.Compare) {
		was := states[log]
		tree, err := m.entries(was)
		if err != nil {
			return err
		}
		if known := was.tree.Size() > 0; known && tree == was.tree {
			held[log] = was.held.Size
			continue
		}
		m.did.Cut[log.String()] = sizes[log]
	}
	if m.before != nil { // of the mend before this, if it did not come back
		for name, size := range m.before.Cut {
			if log, err := ledger.ParseLogID(name); err == nil && held[log] < size {
				m.did.Cut[name] = max(size, m.did.Cut[name])
			}
		}
	}
	for _, log := range m.to.opts.Essential {
		if held[log] == 0 {
			return fmt.Errorf("%w: entries of %s are lost", ErrPeersUnknown, log)
		}
	}
	if err := m.to.update(0, func(w *writer) error { return m.feed(w, feed, states, held) }); err != nil {
		return err
	}
	return m.to.update(0, func(w *writer) error { return m.rest(w, states) })
}

// entries takes over the entries of a log as far as their headers are there, and returns their
// tree.
func (m *mender) entries(was *logState) (ledger.Tree, error) {
	const atOnce = 64 // blocks in one transaction
	log := was.log
	var tree ledger.Tree
	for more := true; more; {
		if err := m.ctx.Err(); err != nil {
			return tree, err
		}
		err := m.to.update(0, func(w *writer) error {
			st, err := w.state(log)
			for range atOnce {
				if !more || err != nil {
					break
				}
				r, lost := m.block(log, st.tree.Size()/blockEntries)
				more = len(r.entries) == blockEntries
				err = w.put(st, r)
				for _, h := range lost {
					if h.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_REGISTER && slices.Contains(m.to.opts.Essential, log) {
						return fmt.Errorf("%w: the words of %s are lost", ErrPeersUnknown, log.Entry(h.GetIndex()))
					}
					m.did.Bodies++
					err = cmp.Or(err, tableAbsent.put(w.tx, absentKey(class(h.GetVisibility()), log, h.GetIndex()), lostBody))
				}
			}
			tree = st.tree
			return err
		})
		if err != nil {
			return tree, err
		}
	}
	return tree, nil
}

// lostBody is the value of a row of absent whose body was here: when it comes back, it is not
// a new arrival.
var lostBody = []byte{1}

// block is what is left of a block: its entries up to the first whose header is lost, and the
// headers of those that lost their bodies.
func (m *mender) block(log ledger.LogID, block uint64) (r run, lost []*ledgerv1.EntryHeader) {
	var entries []ledger.Entry
	_ = m.salvage(func(tx *txn) error {
		found, err := readBlock(tx, log, block, func(byte) bool { return false })
		for _, e := range found {
			entries = append(entries, ledger.Entry{Header: bytes.Clone(e.Header), Salt: bytes.Clone(e.Salt), Body: bytes.Clone(e.Body)})
		}
		return err
	})
	_ = m.salvage(func(tx *txn) error {
		return eachBodyFrame(tx, log, block, func(_ byte, frame []byte) error {
			_ = unpackInto(entries, log, block*blockEntries, frame) // as far as it goes
			return nil
		})
	})
	for i, e := range entries {
		index := block*blockEntries + uint64(i)
		asWritten := false // its header
		_ = m.salvage(func(tx *txn) error {
			for _, row := range []struct {
				t   table
				key []byte
			}{{tableHeaders, entryKey(log, block)}, {tableTail, entryKey(log, index)}} {
				value, err := row.t.get(tx, row.key)
				asWritten = asWritten || err == nil && value != nil
			}
			leaf, err := hashReader{tx, log}.leaf(index)
			asWritten = asWritten || err == nil && leaf == ledger.LeafHash(e.Header)
			return nil
		})
		if !asWritten {
			break
		}
		h, err := e.Check(index)
		if err != nil {
			e.Salt, e.Body = nil, nil
			if h, err = e.Check(index); err != nil {
				break
			}
		}
		if e.Salt == nil {
			withheld := false
			_ = m.salvage(func(tx *txn) error {
				value, err := tableAbsent.get(tx, absentKey(class(h.GetVisibility()), log, index))
				withheld = value != nil && !bytes.Equal(value, lostBody)
				return err
			})
			if !withheld {
				lost = append(lost, h)
			}
		}
		r.entries, r.headers, r.leaves = append(r.entries, e), append(r.headers, h), append(r.leaves, ledger.LeafHash(e.Header))
	}
	return r, lost
}

// feed takes over the heads held and the feed, if all of it is there; else it begins a new one.
func (m *mender) feed(w *writer, rows []FeedRow, states map[ledger.LogID]*logState, held map[ledger.LogID]uint64) error {
	w.wrote = true
	var digest [32]byte
	told := map[ledger.LogID]uint64{}
	for i, row := range rows {
		if digest = row.chain(digest); row.N != uint64(i)+1 || row.Digest != digest {
			m.did.NewFeed = true
		}
		if row.Type == FeedHeaders {
			told[row.Log] = row.End
		}
	}
	maps.DeleteFunc(held, func(_ ledger.LogID, size uint64) bool { return size == 0 })
	if uint64(len(rows)) != m.end.N || digest != m.end.Digest || !maps.Equal(told, held) {
		m.did.NewFeed = true
	}
	for _, log := range slices.SortedFunc(maps.Keys(held), ledger.LogID.Compare) {
		st, err := w.state(log)
		if err == nil && m.did.NewFeed {
			err = w.reach(st, states[log].held)
		} else if err == nil {
			err = w.hold(st, states[log].held)
		}
		if err != nil {
			return err
		}
	}
	if m.did.NewFeed {
		return nil
	}
	for _, row := range rows {
		if err := row.put(w.tx); err != nil {
			return err
		}
	}
	w.feed, w.digest = m.end.N, m.end.Digest
	return nil
}

// rest takes over requests, drafts, the heads seen and the stamps.
func (m *mender) rest(w *writer, states map[ledger.LogID]*logState) error {
	w.wrote = true
	for _, st := range states {
		if st.held.Size > 0 {
			w.seen[st.log] = seenHead{SeenHead: SeenHead{Checkpoint: st.held}, dirty: true}
		}
	}
	for _, h := range m.known {
		if w.seen[h.Log].Size < h.Size {
			w.seen[h.Log] = seenHead{SeenHead: h, dirty: true}
		}
	}
	for log, h := range m.heard {
		h.dirty = true // this transaction writes it
		m.to.stamps[log] = h
	}
	_ = m.salvage(func(tx *txn) error {
		return tableSeen.scan(tx, nil, nil, func(key, value []byte) error {
			if isStamp(key) {
				if st, at, err := openStamp(value); err == nil && m.to.stamps[st.Log].at.Before(at) {
					m.to.stamps[st.Log] = heard{st, at, true}
				}
				return nil
			}
			if cp, since, err := openSeen(value); err == nil && w.seen[cp.Log].Size < cp.Size {
				w.seen[cp.Log] = seenHead{SeenHead: SeenHead{cp, since}, dirty: true}
			}
			return nil
		})
	})
	m.did.Forgotten = m.proven(func(tx *txn) error {
		return tableRequests.scan(tx, nil, nil, func(_, _ []byte) error { return nil })
	}) != nil
	m.did.DraftsLost = m.proven(func(tx *txn) error {
		return tableDrafts.scan(tx, nil, nil, func(_, _ []byte) error { return nil })
	}) != nil
	type row struct{ key, value []byte }
	kept := map[table][]row{}
	for _, t := range []table{tableRequests, tableDrafts} {
		_ = m.salvage(func(tx *txn) error {
			return t.scan(tx, nil, nil, func(key, value []byte) error {
				kept[t] = append(kept[t], row{bytes.Clone(key), bytes.Clone(value)})
				return nil
			})
		})
	}
	for _, r := range kept[tableRequests] {
		at, _, ok := openRequest(m.to.opts.Federation, r.value)
		if !ok {
			continue
		}
		st, err := w.state(at.log)
		if err == nil && at.index < st.tree.Size() {
			err = tableRequests.put(w.tx, r.key, r.value)
		} else {
			m.did.Forgotten = true
		}
		if err != nil {
			return err
		}
	}
	for _, r := range kept[tableDrafts] {
		if _, _, err := openDraft(r.key, r.value); err == nil {
			if err := tableDrafts.put(w.tx, r.key, r.value); err != nil {
				return err
			}
		}
	}
	return nil
}
