package store

import (
	"encoding/binary"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// steps are those from frozenVersion on, each from one version to the next. One that was released is never
// changed: what it reads is laid out as it was then, whatever the rest of this package does by now.
var steps = [schemaVersion - frozenVersion]step{
	{"noting which letters have votes, and reading again what was not understood", func(m *migration) error {
		if err := noteVotes(m); err != nil {
			return err
		}
		return readAgain(m)
	}},
	{"removing the words of what was taken down", eraseSince},
}

// step brings a file from one version to the next, in transactions of a bounded size.
type step struct {
	does string
	run  func(*migration) error
}

// noteVotes notes under byVotes which letters have votes: version 10 found them by reading every letter.
func noteVotes(m *migration) error {
	return m.each(tableRows, nil, func(tx *txn, key, value []byte) error {
		read := reader{b: value}
		kind := ledgerv1.EntryKind(uint32(read.uvarint()))
		read.uvarint() // visibility
		_, claimed := binary.Varint(read.b)
		var letter guidancev1.Advisory
		switch {
		case kind != ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:
			return nil
		case read.failed || claimed <= 0 || proto.Unmarshal(read.b[claimed:], &letter) != nil:
			return tableRows.damaged(key)
		case len(letter.GetVotes()) == 0:
			return nil
		}
		return tableIndex.put(tx, append([]byte{byVotes}, key...))
	})
}

// readAgain indexes what version 10 did not understand and this does: it knew of no areas that lie in others for a
// time (feature 3). It derives as this package does by now: a later step that changes what is derived meets rows of
// both kinds.
func readAgain(m *migration) error {
	return m.each(tableIndex, []byte{byNotUnderstood}, func(tx *txn, key, _ []byte) error {
		at, ok := cutIndexKey(m.federation, key)
		if !ok {
			return tableIndex.damaged(key)
		}
		e, h, err := readEntry(tx, at.log, at.index)
		if err != nil {
			return err
		}
		rows, count := derive(at.log, h, e.Body, false)
		if count.notUnderstood > 0 {
			return nil
		}
		st, err := m.state(tx, at.log)
		if err != nil {
			return err
		}
		if at.index < st.held.Size {
			st.counts.notUnderstood--
		} else {
			st.partial.notUnderstood--
		}
		err = errors.Join(tableIndex.del(tx, key), tableIndex.del(tx, listKey([]byte{byDay}, at.log, listDay(h, ""), at.index)))
		for _, o := range rows { // after the day it was under, which may be that it is under
			err = errors.Join(err, o.table.put(tx, o.key, o.value))
		}
		return err
	})
}

// eraseSince indexes the ERASURE entries that version 11 kept without applying them, and applies them.
func eraseSince(m *migration) error {
	again := func(tx *txn, log ledger.LogID, header []byte) error {
		h, err := ledger.ParseHeader(header)
		if err != nil || h.GetKind() != ledgerv1.EntryKind_ENTRY_KIND_ERASURE {
			return err
		}
		e, h, err := readEntry(tx, log, h.GetIndex())
		if err != nil || e.Salt == nil {
			return err
		}
		err = tableIndex.del(tx, listKey([]byte{byDay}, log, listDay(h, ""), h.GetIndex()))
		rows, count := derive(log, h, e.Body, false)
		for _, o := range rows {
			err = errors.Join(err, o.table.put(tx, o.key, o.value))
		}
		if count.notUnderstood == 0 || err != nil || len(content.Unknown(h.GetCritical())) > 0 { // which it was not before
			return err
		}
		st, err := m.state(tx, log)
		if err != nil {
			return err
		}
		if h.GetIndex() < st.held.Size {
			st.counts.notUnderstood++
		} else {
			st.partial.notUnderstood++
		}
		return nil
	}
	err := m.each(tableHeaders, nil, func(tx *txn, key, value []byte) error {
		at, _, ok := cutEntry(m.federation, key)
		if !ok || len(value) < 1 {
			return tableHeaders.damaged(key)
		}
		headers, err := ledger.UnpackHeaders(value[1:])
		for _, header := range headers {
			err = errors.Join(err, again(tx, at.log, header))
		}
		return err
	})
	if err == nil {
		err = m.each(tableTail, nil, func(tx *txn, key, value []byte) error {
			at, _, ok := cutEntry(m.federation, key)
			r := reader{b: value}
			header := r.bytes()
			if !ok || r.failed {
				return tableTail.damaged(key)
			}
			return again(tx, at.log, header)
		})
	}
	if err != nil {
		return err
	}
	return m.update(func(tx *txn) error {
		return eachState(tx, m.federation, func(st *logState) error {
			return eachErasure(tx, st.log, 0, st.held.Size, func(target uint64) error {
				st, err := m.state(tx, st.log)
				if err != nil {
					return err
				}
				is, err := erase(tx, st, target)
				if is {
					err = errors.Join(err, putMeta(tx, erasedKey, true))
				}
				return err
			})
		})
	})
}
