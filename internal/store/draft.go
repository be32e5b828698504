package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Draft is a sealed entry that is not signed yet. Its bytes are fixed: a crash repeats
// from the same ones (protocol.md 4).
type Draft struct {
	// RequestID is what the publisher calls it: a repeat gets the first answer. 1 to
	// RequestLimit bytes.
	RequestID string
	// Content is the SHA-256 of what was asked for under that id: the id with another
	// content is another request, and must not get this one's answer.
	Content [32]byte
	// Header, Salt and Body are the entry as ledger.Seal made it.
	Header, Salt, Body []byte
	// Kind, Visibility and ClaimedMs are what the header says. Drafts fills them in;
	// PutDraft and Append read them from the header.
	Kind       ledgerv1.EntryKind
	Visibility guidancev1.Visibility
	ClaimedMs  int64
}

// Entry is the sealed entry.
func (d Draft) Entry() ledger.Entry {
	return ledger.Entry{Header: d.Header, Salt: d.Salt, Body: d.Body}
}

// check checks that a draft is whole and returns its parsed header.
func (d Draft) check() (*ledgerv1.EntryHeader, error) {
	if n := len(d.RequestID); n == 0 || n > RequestLimit {
		return nil, fmt.Errorf("%w: a request id has 1 to %d bytes, this one %d", ErrInvalid, RequestLimit, n)
	}
	h, err := ledger.ParseHeader(d.Header)
	if err == nil {
		err = ledger.CheckBody(h, d.Salt, d.Body)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: draft %q: %w", ErrInvalid, d.RequestID, err)
	}
	return h, nil
}

func openDraft(key, value []byte) (Draft, *ledgerv1.EntryHeader, error) {
	content, rest, ok := cutContent(value)
	if !ok {
		return Draft{}, nil, tableDrafts.damaged(key)
	}
	r := reader{b: slices.Clone(rest)}
	d := Draft{RequestID: string(key), Content: content, Header: r.bytes(), Salt: r.bytes(), Body: r.bytes()}
	h, err := d.check()
	if err != nil || !r.done() {
		return Draft{}, nil, tableDrafts.damaged(key)
	}
	d.Kind, d.Visibility, d.ClaimedMs = h.GetKind(), h.GetVisibility(), h.GetClaimedMs()
	return d, h, nil
}

// PutDraft makes drafts durable, all or none. The same draft again changes nothing.
// Errors: ErrInvalid, ErrRequestUsed when the request id is that of an entry or of
// another draft, ErrRecovering, ErrForked, ErrTooMany, ErrDiskFull.
func (s *Store) PutDraft(drafts ...Draft) error {
	if err := s.signable(); err != nil {
		return fmt.Errorf("keeping a draft: %w", err)
	}
	payload := 0
	for _, d := range drafts {
		if _, err := d.check(); err != nil {
			return fmt.Errorf("keeping a draft: %w", err)
		}
		payload += len(d.Header) + len(d.Body)
	}
	// What a draft is kept for has room as well: nobody is refused once it is.
	err := s.update(2*payload+writeFloor/writeFactor, func(w *writer) error {
		if err := s.guardReplaced(); err != nil {
			return err
		}
		for _, d := range drafts {
			if err := w.checkUnused(d.RequestID); err != nil {
				return err
			}
			key := []byte(d.RequestID)
			value := appendBytes(appendBytes(appendBytes(slices.Clone(d.Content[:]), d.Header), d.Salt), d.Body)
			have, err := tableDrafts.get(w.tx, key)
			if err != nil {
				return err
			}
			if have != nil && !bytes.Equal(have, value) {
				return fmt.Errorf("%w: %q, by another draft", ErrRequestUsed, d.RequestID)
			}
			if have == nil {
				w.wrote = true
				if err := tableDrafts.put(w.tx, key, value); err != nil {
					return err
				}
			}
		}
		waiting := 0
		err := tableDrafts.scan(w.tx, nil, nil, func(_, _ []byte) error { waiting++; return nil })
		if err == nil && waiting > DraftLimit {
			err = fmt.Errorf("%w: %d drafts wait, at most %d", ErrTooMany, waiting, DraftLimit)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping a draft: %w", err)
	}
	return nil
}

// checkUnused refuses a request id that an entry was logged under.
func (w *writer) checkUnused(request string) error {
	value, err := tableRequests.get(w.tx, []byte(request))
	if err != nil || value == nil {
		return err
	}
	at, _, _ := cutEntry("", value)
	return fmt.Errorf("%w: %q, by %s", ErrRequestUsed, request, at.log.Entry(at.index))
}

// Drafts returns the drafts that wait, by index.
func (s *Store) Drafts() ([]Draft, error) {
	var drafts []Draft
	index := map[string]uint64{} // by request id: the place each was sealed for
	err := s.view(func(r *reading) error {
		return tableDrafts.scan(r.tx, nil, nil, func(key, value []byte) error {
			d, h, err := openDraft(key, value)
			drafts = append(drafts, d)
			index[d.RequestID] = h.GetIndex()
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reading drafts: %w", err)
	}
	slices.SortFunc(drafts, func(a, b Draft) int { return cmp.Compare(index[a.RequestID], index[b.RequestID]) })
	return drafts, nil
}

// DropDraft forgets drafts that were never signed, all or none. No draft of a name: no error.
func (s *Store) DropDraft(requestIDs ...string) error {
	err := s.update(0, func(w *writer) error {
		for _, id := range requestIDs {
			w.wrote = w.wrote || tableDrafts.in(w.tx).Get([]byte(id)) != nil
			if err := tableDrafts.del(w.tx, []byte(id)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("dropping drafts: %w", err)
	}
	return nil
}

// Request returns the entry that was logged under a request id, and the content the
// id is bound to.
func (s *Store) Request(id string) (entry ledger.EntryID, content [32]byte, ok bool, err error) {
	var at entryPlace
	err = s.view(func(r *reading) error {
		value, err := tableRequests.get(r.tx, []byte(id))
		if err == nil && value != nil {
			at, content, ok = openRequest(r.federation, value)
			if !ok {
				return tableRequests.damaged([]byte(id))
			}
			ok = at.index < r.size(at.log)
		}
		return err
	})
	if err != nil {
		return ledger.EntryID{}, [32]byte{}, false, fmt.Errorf("looking up request %q: %w", id, err)
	}
	return at.log.Entry(at.index), content, ok, nil
}

// givenUpKey is the row of tableMeta that says up to which size of the own log words are not waited for. A mend
// leaves it behind: more may be lost since.
var givenUpKey = []byte("givenup")

// Unrecognised returns the entries of the own log of which neither the words are here nor the request they
// answered, but for those given up: of what is to be published, nobody can tell whether it is one of them.
func (s *Store) Unrecognised(log ledger.LogID) ([]ledger.EntryID, error) {
	if s.Counts(log).NotHeld == 0 {
		return nil, nil
	}
	var ids []ledger.EntryID
	err := s.view(func(r *reading) error {
		from := uint64(0)
		if size, err := loadMeta[uint64](r.tx, givenUpKey); err != nil {
			return err
		} else if size != nil {
			from = *size
		}
		answered := map[uint64]bool{}
		err := tableRequests.scan(r.tx, nil, nil, func(key, value []byte) error {
			at, _, ok := openRequest(r.federation, value)
			if !ok {
				return tableRequests.damaged(key)
			}
			if at.log == log {
				answered[at.index] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		public := class(guidancev1.Visibility_VISIBILITY_PUBLIC)
		return tableAbsent.scan(r.tx, append([]byte{public}, logKey(log)...), absentKey(public, log, from), func(key, _ []byte) error {
			if at, _, ok := cutEntry(r.federation, key[1:]); ok && at.index < r.size(log) && !answered[at.index] {
				ids = append(ids, log.Entry(at.index))
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("looking for entries of %s that would not be recognised: %w", log, err)
	}
	return ids, nil
}

// GiveUp says that words missing now of what is held of the own log are not waited for, for good.
func (s *Store) GiveUp(log ledger.LogID) error {
	size := s.size(log)
	err := s.update(0, func(w *writer) error {
		w.wrote = true
		return putMeta(w.tx, givenUpKey, size)
	})
	if err != nil {
		return fmt.Errorf("giving up words of %s: %w", log, err)
	}
	return nil
}

// openRequest reads a value of requests: the entry and the content.
func openRequest(federation string, value []byte) (at entryPlace, content [32]byte, ok bool) {
	at, rest, ok := cutEntry(federation, value)
	if !ok {
		return entryPlace{}, content, false
	}
	content, rest, ok = cutContent(rest)
	return at, content, ok && len(rest) == 0
}

// cutContent takes a content's hash off the front.
func cutContent(b []byte) (content [32]byte, rest []byte, ok bool) {
	if len(b) < len(content) {
		return content, nil, false
	}
	return [32]byte(b), b[len(content):], true
}
