package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

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

// readMeta reads what is left of what the file says of itself: what it does not say may be what is lost.
func (m *mender) readMeta() {
	rows := 0
	err := m.salvage(func(tx *txn) error {
		return tableMeta.eachStored(tx, nil, func(key, framed []byte) bool {
			value, err := tableMeta.open(key, framed)
			m.metaLost = m.metaLost || err != nil
			if rows++; err == nil && bytes.Equal(key, schemaKey) && binary.BigEndian.Uint32(value) == frozenVersion {
				rows++
			}
			return true
		})
	})
	m.metaLost = m.metaLost || err != nil || rows < metaRows
	_ = m.salvage(func(tx *txn) (err error) { m.before, err = loadMeta[Mended](tx, mendedKey); return err })
	_ = m.salvage(func(tx *txn) (err error) { m.renumbered, err = loadMeta[Renumbered](tx, renumberedKey); return err })
	m.restored = m.metaLost || inFile(m.from).marked()
	_ = m.salvage(func(tx *txn) error {
		row, err := loadMeta[bool](tx, restoredKey)
		m.restored = m.restored || row != nil
		return err
	})
}

// lossUnknown: neither what is held of each log nor what has arrived is all there, and nobody remembers.
func (m *mender) lossUnknown() bool {
	whole := func(t table) bool {
		return m.proven(func(tx *txn) error { return t.scan(tx, nil, nil, func(_, _ []byte) error { return nil }) }) == nil
	}
	switch {
	case m.before != nil && m.before.Unknown, m.metaLost:
		return true
	case m.known != nil:
		return false
	}
	return !whole(tableLogs) && !whole(tableFeed)
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
	m.did.Unknown = m.lossUnknown()
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
	start := block * blockEntries
	framed := start // up to where they lie in runs
	_ = m.salvage(func(tx *txn) error {
		found, err := readBlock(tx, log, block, func(byte) bool { return false })
		for _, e := range found {
			entries = append(entries, ledger.Entry{Header: bytes.Clone(e.Header), Salt: bytes.Clone(e.Salt), Body: bytes.Clone(e.Body)})
		}
		return err
	})
	_ = m.salvage(func(tx *txn) error {
		return eachRun(tx, log, start, start+uint64(len(entries)), func(r entryRun) error {
			framed = r.end
			return eachBodyFrame(tx, log, r.first, func(_ byte, frame []byte) error {
				_ = unpackInto(entries, log, start, frame) // as far as it goes
				return nil
			})
		})
	})
	for i, e := range entries {
		index := start + uint64(i)
		asWritten := index < framed // its header: what does not match its checksum is no run
		_ = m.salvage(func(tx *txn) error {
			value, err := tableTail.get(tx, entryKey(log, index))
			asWritten = asWritten || err == nil && value != nil
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
			_, err = w.hold(st, states[log].held)
		}
		if err == nil {
			erased := map[uint64]bool{}
			err = eachErasure(w.tx, log, 0, st.held.Size, func(target uint64) error {
				if _, h, err := readHeader(w.tx, log, target); err != nil || erased[target] || !erasable(h.GetKind()) {
					return err
				}
				erased[target] = true
				m.did.Bodies-- // which was taken for lost
				return nil
			})
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
	maps.Copy(m.to.contrary, m.contrary)
	for log, h := range m.heard {
		h.dirty = true // this transaction writes it
		m.to.stamps[log] = h
	}
	_ = m.salvage(func(tx *txn) error {
		return tableSeen.scan(tx, nil, nil, func(key, value []byte) error {
			if cp, _, err := openSeen(value); err == nil && seenKind(key) == 'c' {
				m.to.contrary[cp.Log] = cp
				return nil
			}
			if seenKind(key) == 's' {
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
	for log, other := range m.to.contrary {
		if err := tableSeen.put(w.tx, contraryKey(log), number(0), other.Note); err != nil {
			return err
		}
	}
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
