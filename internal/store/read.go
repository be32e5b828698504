package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// StoredEntry is an entry as held, checked against tree and commitment.
type StoredEntry struct {
	// ID names it.
	ID ledger.EntryID
	// Header is its parsed header, HeaderBytes the bytes as received.
	Header      *ledgerv1.EntryHeader
	HeaderBytes []byte
	// Salt and Body are as received; nil when Absent is set.
	Salt, Body []byte
	// Absent is why the body is not here; nil when it is.
	Absent *ledgerv1.AbsentBody
	// Feed is the feed number the body arrived with, or the header while it is absent.
	Feed uint64
	// Recorded is when that was, by this node's clock.
	Recorded time.Time
}

// Entry returns one held entry. Errors: ErrNotFound, ErrCorrupt.
func (s *Store) Entry(id ledger.EntryID) (stored StoredEntry, err error) {
	err = s.view(func(r *reading) error {
		stored, err = r.entry(id)
		return err
	})
	return stored, err
}

// Entry is Store.Entry, of the snapshot.
func (s *Snapshot) Entry(id ledger.EntryID) (StoredEntry, error) { return s.entry(id) }

func (r *reading) entry(id ledger.EntryID) (stored StoredEntry, err error) {
	defer func() {
		if err != nil {
			stored, err = StoredEntry{}, fmt.Errorf("reading %s: %w", id, err)
		}
	}()
	r.entries++
	log := id.Log(r.federation)
	if size := r.size(log); size == 0 {
		return stored, fmt.Errorf("%w: nothing of %s is held", ErrNotFound, log.Office)
	} else if id.Index >= size {
		return stored, fmt.Errorf("%w: the last one held is %s", ErrNotFound, log.Entry(size-1))
	}
	e, h, err := readEntry(r.tx, log, id.Index)
	if err != nil {
		return stored, err
	}
	return storedAs(id, e, h, log, &arrivals{tx: r.tx})
}

// storedAs is an entry that was read, with its arrival.
func storedAs(id ledger.EntryID, e ledger.Entry, h *ledgerv1.EntryHeader, log ledger.LogID, arrived *arrivals) (StoredEntry, error) {
	stored := StoredEntry{
		ID: id, Header: h,
		HeaderBytes: bytes.Clone(e.Header), Salt: bytes.Clone(e.Salt), Body: bytes.Clone(e.Body),
	}
	if e.Salt == nil { // what is PUBLIC is wanted, the rest withheld, but what was erased
		by, erased, err := erasedBy(arrived.tx, log, h)
		switch {
		case err != nil:
			return stored, err
		case erased:
			stored.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_ERASED, ErasedBy: by}
		case h.GetVisibility() == guidancev1.Visibility_VISIBILITY_PUBLIC:
			stored.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD}
		default:
			stored.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD, Visibility: h.GetVisibility()}
		}
	}
	came, err := arrived.of(log, id.Index)
	stored.Feed, stored.Recorded = came.feed, came.at
	return stored, err
}

// Entries returns held entries of a log at ascending indices of one block (ledger.BlockEntries), each
// as Entry does: the block is unpacked once. Errors: ErrNotFound, ErrCorrupt.
func (s *Snapshot) Entries(log ledger.LogID, indices []uint64) (all []StoredEntry, err error) {
	if len(indices) == 0 {
		return nil, nil
	}
	first, end := indices[0], indices[len(indices)-1]+1
	if end > s.size(log) {
		return nil, fmt.Errorf("reading %s: %w: %d entries are held", log.Entry(end-1), ErrNotFound, s.size(log))
	}
	entries, err := readEntries(s.tx, log, first, end, func(byte) bool { return true })
	arrived := arrivals{tx: s.tx}
	for _, index := range indices {
		s.entries++
		if err == nil && index-first >= uint64(len(entries)) {
			err = &CorruptError{Log: log, Index: index, What: "the entry is missing"}
		}
		var stored StoredEntry
		if err == nil {
			var h *ledgerv1.EntryHeader
			e := entries[index-first]
			if h, err = checkLeaf(hashReader{s.tx, log}, index, e.Header); err == nil {
				e, err = withBody(s.tx, log, index, e, h)
			}
			if err == nil {
				stored, err = storedAs(log.Entry(index), e, h, log, &arrived)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", log.Entry(index), err)
		}
		all = append(all, stored)
	}
	return all, nil
}

// Proof proves that an entry stands in the log at the head held: the head and the
// inclusion proof to it, checked. Errors: ErrNotFound, ErrCorrupt.
func (s *Snapshot) Proof(id ledger.EntryID) (tlog.RecordProof, ledger.Checkpoint, error) {
	head := s.heads[id.Log(s.federation)].head
	proof, err := s.ProofTo(id, head)
	if err != nil {
		head = ledger.Checkpoint{}
	}
	return proof, head, err
}

// ProofTo proves that an entry stands in the log at a head that is held, or was.
// Errors: ErrNotFound, ErrCorrupt.
func (s *Snapshot) ProofTo(id ledger.EntryID, head ledger.Checkpoint) (tlog.RecordProof, error) {
	log := id.Log(s.federation)
	if id.Index >= head.Size {
		return nil, fmt.Errorf("proving %s: %w: held up to %d", id, ErrNotFound, head.Size)
	}
	hashes := hashReader{s.tx, log}
	var proof tlog.RecordProof
	leaf, err := hashes.leaf(id.Index)
	if err == nil {
		proof, err = ledger.ProveInclusion(hashes, id.Index, head.Size)
	}
	if err == nil && ledger.CheckInclusion(proof, head, id.Index, leaf) != nil {
		err = &CorruptError{Log: log, Index: id.Index, What: "its tree does not lead to the signed root"}
	}
	if err != nil {
		return nil, fmt.Errorf("proving %s: %w", id, err)
	}
	return proof, nil
}

// FindBody finds the entries with exactly these body bytes in the logs of some offices (none:
// of every office held), by office, epoch and index; at most FoundLimit, for words may be
// issued again. Anybody may copy another's words: whoever asks whose they are names whom
// they can be of, so that nobody else's copies are counted or read.
func (s *Snapshot) FindBody(body []byte, offices ...string) ([]ledger.EntryID, error) {
	var found []ledger.EntryID
	by := bodyKey(body)
	for _, prefix := range ofOffices(by, offices) {
		err := tableIndex.scan(s.tx, prefix, nil, func(key, _ []byte) error {
			at, _, parsed := cutEntry(s.federation, key[len(by):])
			if !parsed || at.index >= s.size(at.log) {
				return nil
			}
			if len(found) == FoundLimit {
				return ErrEnough
			}
			s.entries++
			if err := s.ctx.Err(); err != nil {
				return err
			}
			e, _, err := readEntry(s.tx, at.log, at.index)
			if err == nil && bytes.Equal(e.Body, body) {
				found = append(found, at.log.Entry(at.index))
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("looking for a body of %d bytes: %w", len(body), err)
		}
	}
	return found, nil
}

// BodyWith is the body, of whichever entry, that has this SHA-256, CRC-32C (big-endian) and
// size; nil: none here has.
func (s *Snapshot) BodyWith(sum [sha256.Size]byte, crc [4]byte, size uint32) (body []byte, err error) {
	by := bodyKeyOf(crc, size)
	err = tableIndex.scan(s.tx, by, nil, func(key, _ []byte) error {
		at, _, parsed := cutEntry(s.federation, key[len(by):])
		if !parsed || at.index >= s.size(at.log) {
			return nil
		}
		s.entries++
		if err := s.ctx.Err(); err != nil {
			return err
		}
		e, _, err := readEntry(s.tx, at.log, at.index)
		if err == nil && sha256.Sum256(e.Body) == sum {
			body, err = bytes.Clone(e.Body), ErrEnough
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for a body by its digest: %w", err)
	}
	return body, nil
}

// Wants returns up to limit entries whose PUBLIC bodies are not here, in the order of their logs, behind one that
// was returned before; zero: from the first on. They are asked for until they are here.
func (s *Store) Wants(after ledger.EntryID, limit int) ([]ledger.EntryID, error) {
	var wants []ledger.EntryID
	public := class(guidancev1.Visibility_VISIBILITY_PUBLIC)
	prefix, from := []byte{public}, []byte(nil)
	if after != (ledger.EntryID{}) {
		from = absentKey(public, after.Log(s.Federation()), after.Index+1)
	}
	err := s.view(func(r *reading) error {
		return tableAbsent.scan(r.tx, prefix, from, func(key, _ []byte) error {
			at, _, ok := cutEntry(r.federation, key[1:])
			if len(wants) >= limit {
				return ErrEnough
			}
			if ok && at.index < r.size(at.log) {
				wants = append(wants, at.log.Entry(at.index))
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("listing bodies wanted: %w", err)
	}
	return wants, nil
}

// NotUnderstood returns the entries of a log that this software does not understand.
func (s *Store) NotUnderstood(log ledger.LogID) ([]ledger.EntryID, error) {
	var ids []ledger.EntryID
	err := s.view(func(r *reading) error {
		found, err := r.indexed(append([]byte{byNotUnderstood}, logKey(log)...), nil)
		for _, at := range found {
			ids = append(ids, log.Entry(at.index))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing what is not understood of %s: %w", log, err)
	}
	return ids, nil
}
