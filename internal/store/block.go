package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Entries lie one by one in the tail until their block is whole, and then in zstd
// frames: one of headers, and for each visibility as many of bodies as it takes
// (ledger.SplitBodies). Frames are kept and shipped as they came.

const blockEntries = ledger.BlockEntries

// rawSize is how many bytes a frame unpacks to, as it declares: a sender keeps to the
// raw limit of a chunk without unpacking. What does not declare it fits nowhere.
func rawSize(frame []byte) int {
	var h zstd.Header
	if h.Decode(frame) != nil || !h.HasFCS || h.FrameContentSize > ledger.RawLimit {
		return ledger.RawLimit + 1
	}
	return int(h.FrameContentSize)
}

// putTail stores one entry in the tail.
func putTail(tx *txn, log ledger.LogID, index uint64, e ledger.Entry) error {
	length := binary.AppendUvarint(nil, uint64(len(e.Header)))
	return tableTail.put(tx, entryKey(log, index), length, e.Header, e.Salt, e.Body)
}

// sealBlock moves a whole block out of the tail.
func sealBlock(tx *txn, log ledger.LogID, block uint64) error {
	first := block * blockEntries
	entries, err := readTail(tx, log, first, first+blockEntries)
	if err != nil {
		return err
	}
	if len(entries) != blockEntries {
		return &CorruptError{Log: log, Index: first + uint64(len(entries)), What: "the tail has a gap"}
	}
	headers := make([][]byte, len(entries))
	var bodies [visibilities][]*ledgerv1.SaltedBody
	for i, e := range entries {
		headers[i] = e.Header
		if e.Salt == nil {
			continue
		}
		h, err := ledger.ParseHeader(e.Header)
		if err != nil {
			return &CorruptError{Log: log, Index: first + uint64(i), What: err.Error()}
		}
		v := class(h.GetVisibility())
		bodies[v] = append(bodies[v], &ledgerv1.SaltedBody{Index: h.GetIndex(), Salt: e.Salt, Body: e.Body})
	}
	if err := tableHeaders.put(tx, entryKey(log, block), ledger.PackHeaders(headers)); err != nil {
		return err
	}
	for v := range bodies {
		if err := putBodyBlocks(tx, log, block, byte(v), bodies[v]); err != nil {
			return err
		}
	}
	for i := range entries { // which lie there until now
		if err := tableTail.del(tx, entryKey(log, first+uint64(i))); err != nil {
			return err
		}
	}
	return nil
}

// putBodyBlocks packs the bodies of one visibility of a block in place of those that
// are there.
func putBodyBlocks(tx *txn, log ledger.LogID, block uint64, visibility byte, bodies []*ledgerv1.SaltedBody) error {
	for part, run := range ledger.SplitBodies(bodies) {
		key := bodyBlockKey(log, block, visibility, byte(part))
		if err := tableBodies.put(tx, key, ledger.PackBodies(run)); err != nil {
			return err
		}
	}
	return nil
}

// readTail reads the entries of the tail from an index up to another, or to where it
// ends. They lie in the file: valid until the transaction ends.
func readTail(tx *txn, log ledger.LogID, from, end uint64) ([]ledger.Entry, error) {
	var entries []ledger.Entry
	err := tableTail.scan(tx, logKey(log), entryKey(log, from), func(key, value []byte) error {
		at, _, ok := cutEntry("", key)
		if ok && at.index >= end || ok && at.index != from+uint64(len(entries)) {
			return ErrEnough
		}
		r := reader{b: value}
		e := ledger.Entry{Header: r.bytes()}
		if r.failed || !ok || len(r.b) > 0 && len(r.b) <= ledger.SaltSize {
			return tableTail.damaged(key)
		}
		if len(r.b) > 0 {
			e.Salt, e.Body = r.b[:ledger.SaltSize:ledger.SaltSize], r.b[ledger.SaltSize:]
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

// eachBodyFrame visits the body frames of a block, by visibility.
func eachBodyFrame(tx *txn, log ledger.LogID, block uint64, visit func(visibility byte, frame []byte) error) error {
	prefix := entryKey(log, block)
	return tableBodies.scan(tx, prefix, nil, func(key, value []byte) error {
		if len(key) != len(prefix)+2 {
			return tableBodies.damaged(key)
		}
		return visit(key[len(prefix)], value)
	})
}

// readBlock reads the entries of a block that are stored: 64 when it is sealed, else
// what the tail has. Bodies of visibilities that wanted refuses are left out. It
// checks frames but neither leaves nor commitments.
func readBlock(tx *txn, log ledger.LogID, block uint64, wanted func(visibility byte) bool) ([]ledger.Entry, error) {
	return readRun(tx, log, block*blockEntries, (block+1)*blockEntries, wanted)
}

// readRun is readBlock of a run within a block: of a tail nothing else is read.
func readRun(tx *txn, log ledger.LogID, from, end uint64, wanted func(visibility byte) bool) ([]ledger.Entry, error) {
	block := from / blockEntries
	first := block * blockEntries
	frame, err := tableHeaders.get(tx, entryKey(log, block))
	if err != nil {
		return nil, err
	}
	if frame == nil {
		return readTail(tx, log, from, end)
	}
	headers, err := ledger.UnpackHeaders(frame)
	if err != nil || len(headers) != blockEntries {
		return nil, &CorruptError{Log: log, Index: first, What: fmt.Sprintf("a header block cannot be read: %v", err)}
	}
	entries := make([]ledger.Entry, len(headers))
	for i, h := range headers {
		entries[i].Header = h
	}
	err = eachBodyFrame(tx, log, block, func(v byte, f []byte) error {
		if !wanted(v) {
			return nil
		}
		return unpackInto(entries, log, first, f)
	})
	return entries[from-first : end-first], err
}

func unpackInto(entries []ledger.Entry, log ledger.LogID, first uint64, frame []byte) error {
	bodies, err := ledger.UnpackBodies(frame)
	if err != nil {
		return &CorruptError{Log: log, Index: first, What: fmt.Sprintf("a body block cannot be read: %v", err)}
	}
	for _, b := range bodies {
		if b.GetIndex() < first || b.GetIndex() >= first+uint64(len(entries)) {
			return &CorruptError{Log: log, Index: first, What: fmt.Sprintf("a body block holds a body of entry %d", b.GetIndex())}
		}
		e := &entries[b.GetIndex()-first]
		e.Salt, e.Body = b.GetSalt(), b.GetBody()
	}
	return nil
}

// readEntry reads one entry and checks it: the header against its leaf in the tree,
// the body against its commitment. What it returns may lie in the file. Its body is
// nil when it is not here.
func readEntry(tx *txn, log ledger.LogID, index uint64) (ledger.Entry, *ledgerv1.EntryHeader, error) {
	e, h, err := readHeader(tx, log, index)
	if err != nil {
		return ledger.Entry{}, nil, err
	}
	if e.Salt == nil {
		if e.Salt, e.Body, err = findBody(tx, log, index, class(h.GetVisibility())); err != nil {
			return ledger.Entry{}, nil, err
		}
	}
	if e.Salt != nil {
		if err := ledger.CheckBody(h, e.Salt, e.Body); err != nil {
			return ledger.Entry{}, nil, &CorruptError{Log: log, Index: index, What: err.Error()}
		}
	}
	return e, h, nil
}

// readHeader reads one entry without its sealed body, and checks the header.
func readHeader(tx *txn, log ledger.LogID, index uint64) (ledger.Entry, *ledgerv1.EntryHeader, error) {
	entries, err := readRun(tx, log, index, index+1, func(byte) bool { return false })
	if err != nil {
		return ledger.Entry{}, nil, err
	}
	if len(entries) == 0 {
		return ledger.Entry{}, nil, &CorruptError{Log: log, Index: index, What: "the entry is missing"}
	}
	h, err := checkLeaf(hashReader{tx, log}, index, entries[0].Header)
	return entries[0], h, err
}

// checkLeaf checks header bytes against the tree and their place.
func checkLeaf(hashes hashReader, index uint64, header []byte) (*ledgerv1.EntryHeader, error) {
	leaf, err := hashes.leaf(index)
	if err != nil {
		return nil, err
	}
	if ledger.LeafHash(header) != leaf {
		return nil, &CorruptError{Log: hashes.log, Index: index, What: "its header does not hash to its leaf in the tree"}
	}
	h, err := ledger.Entry{Header: header}.Check(index)
	if err != nil {
		return nil, &CorruptError{Log: hashes.log, Index: index, What: err.Error()}
	}
	return h, nil
}

// findBody finds a body in the sealed blocks.
func findBody(tx *txn, log ledger.LogID, index uint64, visibility byte) (salt, body []byte, err error) {
	block := index / blockEntries
	err = eachBodyFrame(tx, log, block, func(v byte, f []byte) error {
		if v != visibility {
			return nil
		}
		entries := make([]ledger.Entry, blockEntries)
		if err := unpackInto(entries, log, block*blockEntries, f); err != nil {
			return err
		}
		if e := entries[index%blockEntries]; e.Salt != nil {
			salt, body = e.Salt, e.Body
			return ErrEnough
		}
		return nil
	})
	return salt, body, err
}

// addBodies puts bodies that came late into a sealed block, all of one visibility. Its
// frames are packed anew: they may be fewer than were shipped.
func addBodies(tx *txn, log ledger.LogID, block uint64, visibility byte, late []*ledgerv1.SaltedBody) error {
	bodies := slices.Clone(late)
	var keys [][]byte
	err := tableBodies.scan(tx, append(entryKey(log, block), visibility), nil, func(key, frame []byte) error {
		have, err := ledger.UnpackBodies(frame)
		if err != nil {
			return &CorruptError{Log: log, Index: block * blockEntries, What: fmt.Sprintf("a body block cannot be read: %v", err)}
		}
		bodies = append(bodies, have...)
		keys = append(keys, slices.Clone(key))
		return nil
	})
	for _, key := range keys {
		if err == nil {
			err = tableBodies.del(tx, key)
		}
	}
	if err != nil {
		return err
	}
	slices.SortFunc(bodies, func(a, b *ledgerv1.SaltedBody) int { return cmp.Compare(a.GetIndex(), b.GetIndex()) })
	return putBodyBlocks(tx, log, block, visibility, bodies)
}

// eachEntry visits the entries of a log from an index up to another, block by block.
func eachEntry(tx *txn, log ledger.LogID, from, end uint64, visit func(index uint64, e ledger.Entry) error) error {
	for index := from; index < end; {
		block := index / blockEntries
		entries, err := readBlock(tx, log, block, func(byte) bool { return true })
		if err != nil {
			return err
		}
		stop := min(end, (block+1)*blockEntries)
		for ; index < stop; index++ {
			at := index - block*blockEntries
			if at >= uint64(len(entries)) {
				return &CorruptError{Log: log, Index: index, What: "the entry is missing"}
			}
			if err := visit(index, entries[at]); err != nil {
				return err
			}
		}
	}
	return nil
}
