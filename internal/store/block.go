package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Entries lie one by one in the tail until they are enough for a run: those of a block, or of a part
// of one that is not whole yet. A run is zstd frames: one of headers, and for each visibility as many
// of bodies as it takes (ledger.SplitBodies). Frames are kept and shipped as they came.

const (
	blockEntries = ledger.BlockEntries
	// runEntries is how many entries a part of a block has at least: so that it has four parts at
	// most, and an entry is compressed twice.
	runEntries = 16
)

// entryRun is entries in frames.
type entryRun struct {
	first, end uint64
	headers    []byte // the frame
}

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

// settleTail makes a run of what has been put behind from, when it ends a block or is enough: of all
// there is of the block, or of what lies singly.
func settleTail(tx *txn, log ledger.LogID, from, end uint64) error {
	start := (end - 1) - (end-1)%blockEntries
	whole := end%blockEntries == 0
	if !whole && end/runEntries == from/runEntries {
		return nil
	}
	first, single := start, start // of the run to be, and of what lies singly
	var bodyKeys [][]byte
	var runs []uint64
	err := eachRun(tx, log, start, end, func(r entryRun) error {
		if single = r.end; !whole {
			first = r.end
			return nil
		}
		runs = append(runs, r.first)
		return tableBodies.scan(tx, entryKey(log, r.first), nil, func(key, _ []byte) error {
			bodyKeys = append(bodyKeys, bytes.Clone(key))
			return nil
		})
	})
	if err != nil || end-first < runEntries {
		return err
	}
	entries, err := readEntries(tx, log, first, end, func(byte) bool { return true })
	if err == nil && uint64(len(entries)) != end-first {
		err = &CorruptError{Log: log, Index: first + uint64(len(entries)), What: "the tail has a gap"}
	}
	var frame []byte
	var bodies [visibilities][]*ledgerv1.SaltedBody
	if err == nil {
		frame, bodies, err = packEntries(log, first, entries)
	}
	if err != nil {
		return err
	}
	for ; single < end && err == nil; single++ { // entries lie there until now
		err = tableTail.del(tx, entryKey(log, single))
	}
	for _, r := range runs {
		err = cmp.Or(err, tableHeaders.del(tx, entryKey(log, r)))
	}
	for _, key := range bodyKeys {
		err = cmp.Or(err, tableBodies.del(tx, key))
	}
	if err == nil {
		err = putHeaderFrame(tx, log, first, len(entries), frame)
	}
	for v := range bodies {
		if err == nil {
			err = putBodyBlocks(tx, log, first, byte(v), bodies[v])
		}
	}
	return err
}

// packEntries is the frame of headers of a run, and its bodies by visibility.
func packEntries(log ledger.LogID, first uint64, entries []ledger.Entry) (frame []byte, bodies [visibilities][]*ledgerv1.SaltedBody, err error) {
	headers := make([][]byte, len(entries))
	for i, e := range entries {
		headers[i] = e.Header
		if e.Salt == nil {
			continue
		}
		h, err := ledger.ParseHeader(e.Header)
		if err != nil {
			return nil, bodies, &CorruptError{Log: log, Index: first + uint64(i), What: err.Error()}
		}
		v := class(h.GetVisibility())
		bodies[v] = append(bodies[v], &ledgerv1.SaltedBody{Index: h.GetIndex(), Salt: e.Salt, Body: e.Body})
	}
	return ledger.PackHeaders(headers), bodies, nil
}

func putHeaderFrame(tx *txn, log ledger.LogID, first uint64, count int, frame []byte) error {
	return tableHeaders.put(tx, entryKey(log, first), []byte{byte(count)}, frame)
}

// eachRun visits the runs of a block from where one begins, as far as they begin before an index.
func eachRun(tx *txn, log ledger.LogID, first, end uint64, visit func(entryRun) error) error {
	blockEnd := first - first%blockEntries + blockEntries
	for first < min(end, blockEnd) {
		key := entryKey(log, first)
		value, err := tableHeaders.get(tx, key)
		if err != nil || value == nil {
			return err
		}
		if len(value) < 1 || value[0] == 0 || first+uint64(value[0]) > blockEnd {
			return tableHeaders.damaged(key)
		}
		r := entryRun{first, first + uint64(value[0]), value[1:]}
		if err := visit(r); err != nil {
			return err
		}
		first = r.end
	}
	return nil
}

// runOf is the run that has an entry; the zero one: it lies singly, or is not here.
func runOf(tx *txn, log ledger.LogID, index uint64) (found entryRun, err error) {
	err = eachRun(tx, log, index-index%blockEntries, index+1, func(r entryRun) error {
		if index < r.end {
			found = r
		}
		return nil
	})
	return found, err
}

// putBodyBlocks packs the bodies of one visibility of a run in place of those that
// are there.
func putBodyBlocks(tx *txn, log ledger.LogID, first uint64, visibility byte, bodies []*ledgerv1.SaltedBody) error {
	for part, run := range ledger.SplitBodies(bodies) {
		key := bodyBlockKey(log, first, visibility, byte(part))
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

// eachBodyFrame visits the body frames of a run, by visibility.
func eachBodyFrame(tx *txn, log ledger.LogID, first uint64, visit func(visibility byte, frame []byte) error) error {
	prefix := entryKey(log, first)
	return tableBodies.scan(tx, prefix, nil, func(key, value []byte) error {
		if len(key) != len(prefix)+2 {
			return tableBodies.damaged(key)
		}
		return visit(key[len(prefix)], value)
	})
}

// readEntries reads the entries of one block from an index up to another, as far as they are stored
// without a gap, and nothing that lies in no frame with them. Bodies of visibilities that wanted
// refuses are left out. It checks frames but neither leaves nor commitments. With an error come those
// before.
func readEntries(tx *txn, log ledger.LogID, from, end uint64, wanted func(visibility byte) bool) (entries []ledger.Entry, err error) {
	first := from // of what is read
	switch r, err := runOf(tx, log, from); {
	case err != nil:
		return nil, err
	case r.end > 0:
		first = r.first
	}
	err = eachRun(tx, log, first, end, func(r entryRun) error {
		headers, err := ledger.UnpackHeaders(r.headers)
		if err != nil || uint64(len(headers)) != r.end-r.first {
			return &CorruptError{Log: log, Index: r.first, What: fmt.Sprintf("a header block cannot be read: %v", err)}
		}
		for _, h := range headers {
			entries = append(entries, ledger.Entry{Header: h})
		}
		return eachBodyFrame(tx, log, r.first, func(v byte, f []byte) error {
			if !wanted(v) {
				return nil
			}
			return unpackInto(entries, log, first, f)
		})
	})
	if next := first + uint64(len(entries)); err == nil && next < end {
		var single []ledger.Entry
		single, err = readTail(tx, log, next, end)
		entries = append(entries, single...)
	}
	n := uint64(len(entries))
	return entries[min(from-first, n):min(end-first, n)], err
}

// readBlock reads the entries of a block that are stored.
func readBlock(tx *txn, log ledger.LogID, block uint64, wanted func(visibility byte) bool) ([]ledger.Entry, error) {
	return readEntries(tx, log, block*blockEntries, (block+1)*blockEntries, wanted)
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
	e, err = withBody(tx, log, index, e, h)
	return e, h, err
}

// withBody is an entry whose header was checked, with its body, from wherever that lies, checked too.
func withBody(tx *txn, log ledger.LogID, index uint64, e ledger.Entry, h *ledgerv1.EntryHeader) (ledger.Entry, error) {
	var err error
	if e.Salt == nil {
		if e.Salt, e.Body, err = findBody(tx, log, index, class(h.GetVisibility())); err != nil {
			return ledger.Entry{}, err
		}
	}
	if e.Salt != nil {
		if err := ledger.CheckBody(h, e.Salt, e.Body); err != nil {
			return ledger.Entry{}, &CorruptError{Log: log, Index: index, What: err.Error()}
		}
	}
	return e, nil
}

// readHeader reads one entry without its sealed body, and checks the header.
func readHeader(tx *txn, log ledger.LogID, index uint64) (ledger.Entry, *ledgerv1.EntryHeader, error) {
	entries, err := readEntries(tx, log, index, index+1, func(byte) bool { return false })
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

// findBody finds a body in the runs.
func findBody(tx *txn, log ledger.LogID, index uint64, visibility byte) (salt, body []byte, err error) {
	r, err := runOf(tx, log, index)
	if err != nil || r.end == 0 {
		return nil, nil, err
	}
	err = eachBodyFrame(tx, log, r.first, func(v byte, f []byte) error {
		if v != visibility {
			return nil
		}
		entries := make([]ledger.Entry, r.end-r.first)
		if err := unpackInto(entries, log, r.first, f); err != nil {
			return err
		}
		if e := entries[index-r.first]; e.Salt != nil {
			salt, body = e.Salt, e.Body
			return ErrEnough
		}
		return nil
	})
	return salt, body, err
}

// addBodies puts bodies that came late into a run, all of one visibility.
func addBodies(tx *txn, log ledger.LogID, first uint64, visibility byte, late []*ledgerv1.SaltedBody) error {
	return repack(tx, log, first, visibility, func(have []*ledgerv1.SaltedBody) []*ledgerv1.SaltedBody {
		return append(have, late...)
	})
}

// repack changes which bodies of one visibility a run has. Its frames are packed anew: they may be fewer than were
// shipped.
func repack(tx *txn, log ledger.LogID, first uint64, visibility byte, change func([]*ledgerv1.SaltedBody) []*ledgerv1.SaltedBody) error {
	var bodies []*ledgerv1.SaltedBody
	var keys [][]byte
	err := tableBodies.scan(tx, append(entryKey(log, first), visibility), nil, func(key, frame []byte) error {
		have, err := ledger.UnpackBodies(frame)
		if err != nil {
			return &CorruptError{Log: log, Index: first, What: fmt.Sprintf("a body block cannot be read: %v", err)}
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
	bodies = change(bodies)
	slices.SortFunc(bodies, func(a, b *ledgerv1.SaltedBody) int { return cmp.Compare(a.GetIndex(), b.GetIndex()) })
	return putBodyBlocks(tx, log, first, visibility, bodies)
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
