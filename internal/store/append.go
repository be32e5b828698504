package store

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

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

func (d Draft) encode() []byte {
	return appendBytes(appendBytes(appendBytes(slices.Clone(d.Content[:]), d.Header), d.Salt), d.Body)
}

func openDraft(key, value []byte) (Draft, error) {
	content, rest, ok := cutContent(value)
	if !ok {
		return Draft{}, tableDrafts.damaged(key)
	}
	r := reader{b: slices.Clone(rest)}
	d := Draft{RequestID: string(key), Content: content, Header: r.bytes(), Salt: r.bytes(), Body: r.bytes()}
	h, err := d.check()
	if err != nil || !r.done() {
		return Draft{}, tableDrafts.damaged(key)
	}
	d.Kind, d.Visibility, d.ClaimedMs = h.GetKind(), h.GetVisibility(), h.GetClaimedMs()
	return d, nil
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
	err := s.update(payload, func(w *writer) error {
		for _, d := range drafts {
			if err := w.putDraft(d); err != nil {
				return err
			}
		}
		return w.checkDraftCount()
	})
	if err != nil {
		return fmt.Errorf("keeping a draft: %w", err)
	}
	return nil
}

func (w *writer) putDraft(d Draft) error {
	if err := w.checkUnused(d.RequestID); err != nil {
		return err
	}
	key, value := []byte(d.RequestID), d.encode()
	have, err := tableDrafts.get(w.tx, key)
	if err != nil {
		return err
	}
	if string(have) == string(value) {
		return nil
	}
	if have != nil {
		return fmt.Errorf("%w: %q, by another draft", ErrRequestUsed, d.RequestID)
	}
	w.wrote = true
	return tableDrafts.put(w.tx, key, value)
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

func (w *writer) checkDraftCount() error {
	n := 0
	err := tableDrafts.scan(w.tx, nil, nil, func(_, _ []byte) error { n++; return nil })
	if err == nil && n > DraftLimit {
		err = fmt.Errorf("%w: %d drafts wait, at most %d", ErrTooMany, n, DraftLimit)
	}
	return err
}

// Drafts returns the drafts that wait, by index.
func (s *Store) Drafts() ([]Draft, error) {
	var drafts []Draft
	err := s.view(func(r *reading) error {
		return tableDrafts.scan(r.tx, nil, nil, func(key, value []byte) error {
			d, err := openDraft(key, value)
			drafts = append(drafts, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reading drafts: %w", err)
	}
	slices.SortFunc(drafts, func(a, b Draft) int { return cmp.Compare(a.index(), b.index()) })
	return drafts, nil
}

// index is the place the draft was sealed for.
func (d Draft) index() uint64 {
	h, err := ledger.ParseHeader(d.Header)
	if err != nil {
		return 0
	}
	return h.GetIndex()
}

// DropDraft forgets a draft that was never signed. No draft of that name: no error.
func (s *Store) DropDraft(requestID string) error {
	err := s.update(0, func(w *writer) error {
		w.wrote = w.tx.Bucket([]byte(tableDrafts)).Get([]byte(requestID)) != nil
		return tableDrafts.del(w.tx, []byte(requestID))
	})
	if err != nil {
		return fmt.Errorf("dropping draft %q: %w", requestID, err)
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

// Append logs drafts, whose headers must carry the next indexes in order, at the end
// of an own log. sign is called once, outside any transaction, with the size and root
// to be; then one transaction stores entries, tree, index, feed, frontier, checkpoint
// and request ids, and removes the drafts; then the guard is written; only then is
// the head released to readers (protocol.md 4). Whoever waits is woken.
//
// It returns the index of the first entry and the new size. Errors: ErrInvalid,
// ErrMoved when the indexes are not the next, ErrRequestUsed, ErrRecovering,
// ErrForked, ErrDiskFull, that of sign, ErrFatal.
func (s *Store) Append(log ledger.LogID, drafts []Draft, sign func(size uint64, root tlog.Hash) (ledger.Checkpoint, error)) (first, size uint64, err error) {
	s.appending.Lock()
	defer s.appending.Unlock()
	first, size, err = s.appendDrafts(log, drafts, sign)
	if err != nil {
		return 0, 0, fmt.Errorf("appending to %s: %w", log, err)
	}
	return first, size, nil
}

func (s *Store) appendDrafts(log ledger.LogID, drafts []Draft, sign func(uint64, tlog.Hash) (ledger.Checkpoint, error)) (first, size uint64, err error) {
	if log.Office != s.opts.Office || log.Federation != s.opts.Federation || len(drafts) == 0 {
		return 0, 0, fmt.Errorf("%w: want drafts for a log of %s in %s", ErrInvalid, s.opts.Office, s.opts.Federation)
	}
	if err := s.signable(); err != nil {
		return 0, 0, err
	}
	if newest := s.guardLog(); log.Epoch < newest.Epoch {
		return 0, 0, fmt.Errorf("%w: %s has taken its place", ErrInvalid, newest)
	}
	tree, err := s.Progress(log)
	if err != nil {
		return 0, 0, err
	}
	if have := s.size(log); have != tree.Size() {
		return 0, 0, fmt.Errorf("%w: %s to %s came from a peer and no head reaches them yet", ErrRecovering, log.Entry(have), log.Entry(tree.Size()-1))
	}
	first = tree.Size()
	r, err := draftRun(&tree, drafts)
	if err != nil {
		return 0, 0, err
	}
	if err := s.room(r.size()); err != nil {
		return 0, 0, err
	}
	cp, err := signed(log, tree, sign)
	if err != nil {
		return 0, 0, err
	}
	err = s.update(r.size(), func(w *writer) error { return w.append(log, first, drafts, r, cp) })
	return first, tree.Size(), err
}

// draftRun checks drafts and grows the tree by them.
func draftRun(tree *ledger.Tree, drafts []Draft) (run, error) {
	var r run
	for _, d := range drafts {
		h, err := d.check()
		if err != nil {
			return run{}, err
		}
		if h.GetIndex() != tree.Size() {
			return run{}, fmt.Errorf("%w: draft %q was sealed for index %d and the next is %d: seal it again", ErrMoved, d.RequestID, h.GetIndex(), tree.Size())
		}
		leaf := ledger.LeafHash(d.Header)
		tree.Append(leaf)
		r.entries = append(r.entries, d.Entry())
		r.headers = append(r.headers, h)
		r.leaves = append(r.leaves, leaf)
	}
	return r, nil
}

// signed has a tree signed, and checks that it was that tree.
func signed(log ledger.LogID, tree ledger.Tree, sign func(uint64, tlog.Hash) (ledger.Checkpoint, error)) (ledger.Checkpoint, error) {
	cp, err := sign(tree.Size(), tree.Root())
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("signing size %d: %w", tree.Size(), err)
	}
	said, err := ledger.PeekCheckpoint(cp.Note)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if said.Log != log || said.Size != tree.Size() || said.Root != tree.Root() {
		return ledger.Checkpoint{}, fmt.Errorf("%w: the checkpoint signed is of %s at size %d", ErrInvalid, said.Log, said.Size)
	}
	return said, nil
}

func (w *writer) append(log ledger.LogID, first uint64, drafts []Draft, r run, cp ledger.Checkpoint) error {
	st, err := w.state(log)
	if err != nil {
		return err
	}
	if st.tree.Size() != first {
		return fmt.Errorf("%w: entries up to %d came from a peer meanwhile", ErrMoved, st.tree.Size())
	}
	if err := w.put(st, r); err != nil {
		return err
	}
	for i, d := range drafts {
		if err := w.checkUnused(d.RequestID); err != nil {
			return err
		}
		if err := tableRequests.put(w.tx, []byte(d.RequestID), entryKey(log, first+uint64(i)), d.Content[:]); err != nil {
			return err
		}
		if err := tableDrafts.del(w.tx, []byte(d.RequestID)); err != nil {
			return err
		}
	}
	return w.reach(st, cp)
}
