package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
)

// The guard is a small file beside the keys, apart from the data file and its
// backups: the newest own head that may have been released.
//
//	{"seq":9,"log":"demo/essex/log/0","size":8,"root":"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=","sum":1234567890}
//	{"seq":8,"log":"demo/essex/log/0","size":7,"root":"…","doubt":"restored","sum":…}
//
// The line with the higher seq counts; the other is written over next, so that one is
// whole whenever the process dies. sum is the CRC-32C of what stands before it.
//
// At any crash point data file >= guard >= any released head (invariant 4), so that
// a data file older than its guard is a restored one, and must not be signed on. Where the
// guard itself may not know, it says so: nothing is signed while it has a doubt, and none
// goes away but by Confirm.
type guard struct {
	Seq   uint64    `json:"seq"`
	Log   string    `json:"log"`
	Size  uint64    `json:"size"`
	Root  tlog.Hash `json:"root"`
	Doubt Doubt     `json:"doubt,omitempty"`
	// Contradicted is the day another history of the log was found that this office's key
	// has signed; nothing is signed ever after.
	Contradicted string `json:"contradicted,omitempty"`
	// Feed is how far the feed was numbered when this was written: data that have less were put back
	// to before (renumbered.go). It says nothing of what was signed.
	Feed uint64 `json:"feed,omitempty"`
	Sum  uint32 `json:"sum"`

	log  ledger.LogID
	slot int  // which line of the file it is
	torn bool // the other line cannot be read
}

// Doubt is why the guard cannot vouch for the data file: that may be an old copy, and what
// was signed since, under the numbers that follow, is known elsewhere alone.
type Doubt string

const (
	// DoubtNew: the log was never heard of here. Its office may have lost an earlier node.
	DoubtNew Doubt = "new"
	// DoubtMissing: there was no guard. A node's is made with its folder, by CreateGuard.
	DoubtMissing Doubt = "missing"
	// DoubtOlder: it was older than the file by more than a crash can leave it, so that it is
	// a copy itself.
	DoubtOlder Doubt = "older"
	// DoubtRestored: the file is a backup (restored.go), and so may the guard be.
	DoubtRestored Doubt = "restored"
	// DoubtCopied: another process with this node's keys was running, so that its folder and this one
	// are copies of each other, and this one may be the older.
	DoubtCopied Doubt = "copied"
)

// MayBeOld: the data may be a copy of before, and not only of a log that is new here.
func (d Doubt) MayBeOld() bool { return d != "" && d != DoubtNew }

// emptyGuard is that of a log without an entry.
func emptyGuard(log ledger.LogID, doubt Doubt) guard {
	var none ledger.Tree
	return guard{Seq: 1, Log: log.String(), Root: none.Root(), Doubt: doubt, log: log}
}

// CreateGuard makes the guard of a log that has no entry yet. Error: fs.ErrExist.
func CreateGuard(path string, log ledger.LogID, doubt Doubt) error {
	line, err := emptyGuard(log, doubt).line()
	if err == nil {
		err = durable.Create(path, slices.Concat(line, line), 0o600)
	}
	if err != nil {
		return fmt.Errorf("making the guard %s: %w", path, err)
	}
	return nil
}

// JustMade: the guard at path is as making a node's folder leaves it: of an office that never was
// confirmed, or of a keeper that has signed nothing but the beginning of its register.
func JustMade(path string) bool {
	g, err := readGuard(path)
	return err == nil && g.Contradicted == "" && (g.Doubt == DoubtNew && g.Seq == 1 || g.Doubt == "" && g.Seq == 2 && g.Size > 0)
}

// guardIsOwn refuses a guard that is another node's; there may be none.
func guardIsOwn(opts Options) error {
	if opts.Guard == "" {
		return nil
	}
	g, err := readGuard(opts.Guard)
	if err != nil || g.Log == "" {
		return err
	}
	return g.isOf(opts)
}

// isOf is ErrOtherGuard for a guard that is another node's.
func (g guard) isOf(opts Options) error {
	if g.log.Federation == opts.Federation && g.log.Office == opts.Office {
		return nil
	}
	return fmt.Errorf("%w: %s is of %s, this is the node of %s in %s", ErrOtherGuard, opts.Guard, g.log, opts.Office, opts.Federation)
}

// line is one of the two lines of the file.
func (g guard) line() ([]byte, error) {
	g.Sum = g.sum()
	b, err := json.Marshal(g)
	if err != nil || len(b) >= slotSize {
		return nil, fmt.Errorf("%d bytes, at most %d: %w", len(b), slotSize-1, err)
	}
	line := append(bytes.Repeat([]byte{' '}, slotSize-1), '\n')
	copy(line, b)
	return line, nil
}

// slotSize is how long each of the guard's two lines is, blanks included: a disk
// writes one whole, and the other stands while it does.
const slotSize = 512

// GuardLimit is the largest guard that is read: it has two lines.
const GuardLimit = 16 * slotSize

// readGuard reads the guard file, the newer of its two lines; the zero guard when there
// is no file.
func readGuard(path string) (guard, error) {
	b, err := durable.ReadFile(path, GuardLimit)
	if errors.Is(err, os.ErrNotExist) {
		return guard{}, nil
	}
	best, found, torn := guard{}, false, len(b) < 2*slotSize
	for at := 0; err == nil && at < len(b); at += slotSize {
		var g guard
		if json.Unmarshal(b[at:min(at+slotSize, len(b))], &g) != nil || g.Sum != g.sum() {
			torn = true // written in part when the process died; or damaged
			continue
		}
		var named error
		g.log, named = ledger.ParseLogID(g.Log)
		g.slot = at / slotSize
		switch {
		case named != nil:
		case !found || g.Seq > best.Seq:
			best, found = g, true
		case g.Seq == best.Seq && g.Sum != best.Sum: // two processes wrote it
			if g.Size > best.Size {
				best, g = g, best
			}
			best.Doubt = cmp.Or(best.Doubt, g.Doubt, DoubtOlder)
		}
	}
	if err == nil && !found {
		err = errors.New("neither of its lines can be read")
	}
	if err != nil {
		return guard{}, fmt.Errorf("reading the guard %s: %w: it says how much was signed. Put it right, or move it away: without it nothing is signed until other offices' nodes have confirmed that nothing newer was", path, err)
	}
	best.torn = torn
	return best, nil
}

func (g guard) sum() uint32 {
	b := fmt.Appendf(nil, "%d %s %d %s %s %s", g.Seq, g.Log, g.Size, g.Root, g.Doubt, g.Contradicted)
	if g.Feed > 0 {
		b = fmt.Appendf(b, " %d", g.Feed)
	}
	return crc32.Checksum(b, castagnoli)
}

// checkGuard compares the data file with its guard (protocol.md 4). A guard that is
// older than the file, as after a crash between the two, is brought up to date. A
// missing one is written anew, when the own log proves whole, with its doubt: what was
// lost with it, the memory of a newer head, only peers can give back.
func (s *Store) checkGuard() error {
	if s.opts.Guard == "" {
		return nil
	}
	g, err := readGuard(s.opts.Guard)
	if err != nil {
		return err
	}
	var own ledger.Checkpoint // of the newest epoch
	for log, r := range s.heads {
		if log.Office == s.opts.Office && (own.Note == nil || log.Epoch > own.Log.Epoch) {
			own = r.head
		}
	}
	if g.Log == "" {
		if own.Note == nil {
			own.Log = ledger.LogID{Federation: s.opts.Federation, Office: s.opts.Office}
		} else if err := s.rebuild(own); err != nil {
			return err
		}
		g = emptyGuard(own.Log, DoubtMissing)
		if own.Note != nil {
			g.Size, g.Root = own.Size, own.Root
		}
		return s.newGuard(g)
	}
	if err := g.isOf(s.opts); err != nil {
		return err
	}
	// A line is torn while the head that it is of is in the data already. Where the data have no more
	// than the other line, they are old as well, or the line was damaged: what it knew is forgotten.
	s.guard = g
	s.wentBack = g.Feed > s.feed || s.fresh && g.Seq > 1 // at 1 nothing has ever been here
	if g.torn && g.Doubt == "" && s.size(g.log) <= g.Size {
		g.Doubt = DoubtOlder
	}
	if s.restored && !g.Doubt.MayBeOld() {
		g.Doubt = DoubtRestored
	}
	if g.Doubt != s.guard.Doubt {
		if err := s.newGuard(g); err != nil {
			return err
		}
		g = s.guard
	}
	if s.size(g.log) < g.Size {
		return nil // recovering
	}
	err = s.view(func(r *reading) error {
		root, err := (hashReader{r.tx, g.log}).rootAt(g.Size)
		if err == nil && root != g.Root {
			s.forked = forkedError(g, root)
		}
		return err
	})
	if err != nil || s.forked != nil || own.Note == nil || own.Size <= g.Size && own.Log == g.log {
		return err
	}
	grown, err := s.Growth(own.Log, 0)
	if err != nil {
		return err
	}
	if n := len(grown); own.Log == g.log && n > 1 && grown[n-2].Size > g.Size && g.Doubt == "" {
		g.Doubt = DoubtOlder
	}
	return s.newGuard(g.at(own))
}

// newGuard is the guard as it is found at opening. Of data that cannot be written, and where it cannot
// be itself, it is only known: nothing is signed, and the next opening finds the same.
func (s *Store) newGuard(g guard) error {
	if s.readOnly == nil {
		if err := s.writeGuard(g); err != nil {
			s.readOnly = fmt.Errorf("%w: %w", ErrReadOnly, err)
		}
	}
	if s.readOnly != nil {
		s.guard = g
	}
	return nil
}

// guardIsWritable sees that a head that is signed could be remembered: after its commit it is too late.
func (s *Store) guardIsWritable() {
	if s.opts.Guard == "" || s.readOnly != nil {
		return
	}
	f, err := os.OpenFile(s.opts.Guard, os.O_WRONLY, 0)
	if err != nil {
		s.readOnly = fmt.Errorf("%w: the guard cannot be written: %w", ErrReadOnly, err)
		return
	}
	_ = f.Close()
}

// at is the guard once a head may have been released.
func (g guard) at(head ledger.Checkpoint) guard {
	g.Log, g.Size, g.Root, g.log = head.Log.String(), head.Size, head.Root, head.Log
	return g
}

// Doubt is why nothing may be signed before peers have confirmed what is held of the own
// log; empty: nothing of the kind.
func (s *Store) Doubt() Doubt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.guard.Doubt
}

// Confirm ends the doubt, for good: peers hold just what is held here of the own log.
func (s *Store) Confirm() error {
	err := s.amendGuard(func(g *guard) bool {
		had := g.Doubt != ""
		g.Doubt = ""
		return had
	})
	if err != nil {
		return err
	}
	return s.forgetRestored()
}

// Suspect notes that another process with this node's keys was running: what that signed may be
// here no more than what this one did is there, whichever of the two is left.
func (s *Store) Suspect() error {
	return s.amendGuard(func(g *guard) bool {
		had := g.Doubt
		if !had.MayBeOld() {
			g.Doubt = DoubtCopied
		}
		return g.Doubt != had
	})
}

// Contradict notes, for good, that this office's key has signed another history than is held
// here: nothing is signed ever after (protocol.md 6).
func (s *Store) Contradict() error {
	return s.amendGuard(func(g *guard) bool {
		had := g.Contradicted
		g.Contradicted = cmp.Or(had, s.opts.Now().UTC().Format(time.DateOnly))
		return had == ""
	})
}

// amendGuard writes the guard anew while no entry is.
func (s *Store) amendGuard(change func(*guard) (changed bool)) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.RLock()
	g := s.guard
	s.mu.RUnlock()
	if !change(&g) {
		return nil
	}
	return s.writeGuard(g)
}

func forkedError(g guard, root tlog.Hash) error {
	return fmt.Errorf("%w: at size %d %s has root %v here and the guard says %v: nothing is signed any more",
		ErrForked, g.Size, g.log, root, g.Root)
}

// rebuild checks that an own log's entries lead to its head.
func (s *Store) rebuild(own ledger.Checkpoint) error {
	return s.view(func(r *reading) error {
		var tree ledger.Tree
		err := eachEntry(r.tx, own.Log, 0, own.Size, func(index uint64, e ledger.Entry) error {
			if _, err := e.Check(index); err != nil {
				return &CorruptError{Log: own.Log, Index: index, What: err.Error()}
			}
			tree.Append(ledger.LeafHash(e.Header))
			return nil
		})
		if err == nil && tree.Root() != own.Root {
			err = &CorruptError{Log: own.Log, What: "the entries do not lead to the signed root, and there is no guard"}
		}
		return err
	})
}

// writeGuard writes the guard over the older of its two lines, so that one is
// whole whenever the process dies. Renaming a new file into place costs ten times as much.
func (s *Store) writeGuard(g guard) error {
	s.mu.RLock()
	g.Seq = max(g.Seq, s.guard.Seq) + 1
	g.slot = 1 - s.guard.slot
	s.mu.RUnlock()
	err := func() error {
		if s.opts.Guard == "" || s.readOnly != nil {
			return s.readOnly // what nothing is written beside need not be guarded
		}
		line, err := g.line()
		if err != nil {
			return err
		}
		f, err := os.OpenFile(s.opts.Guard, os.O_WRONLY, 0)
		if errors.Is(err, os.ErrNotExist) {
			return durable.Write(s.opts.Guard, slices.Concat(line, line), 0o600)
		}
		if err != nil {
			return err
		}
		_, err = f.WriteAt(line, int64(g.slot)*slotSize)
		return errors.Join(err, durable.SyncData(f), f.Close())
	}()
	if err != nil {
		return fmt.Errorf("writing the guard %s: %w", s.opts.Guard, err)
	}
	s.mu.Lock()
	s.guard = g
	s.mu.Unlock()
	return nil
}

// Recovering reports whether own entries that were released are missing here: the own
// log is held to have, and need were released. Nothing is signed until peers have
// given them back.
func (s *Store) Recovering() (need, have uint64, yes bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	have = s.heads[s.guard.log].head.Size
	return s.guard.Size, have, have < s.guard.Size
}

// Forked is why nothing may be signed on this data file ever: ErrForked, or nil.
func (s *Store) Forked() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.forked == nil && s.guard.Contradicted != "" {
		return fmt.Errorf("%w: on %s another history of %s was found that its key has signed: nothing is signed any more", ErrForked, s.guard.Contradicted, s.guard.log)
	}
	return s.forked
}

// signable is why nothing may be signed now; nil when it may.
func (s *Store) signable() error {
	if err := s.Forked(); err != nil {
		return err
	}
	need, have, yes := s.Recovering()
	doubt := s.Doubt()
	switch {
	case !yes && doubt == "":
		return nil
	case !yes:
		return fmt.Errorf("%w: of what is held of %s nobody has confirmed that it is all of it (%s)", ErrUnconfirmed, s.guardLog(), doubt)
	}
	log := s.guardLog()
	return fmt.Errorf("%w: %s to %s were released and are not in %s: they are fetched from peers; nothing is published until then",
		ErrRecovering, log.Entry(have), log.Entry(need-1), s.path)
}

func (s *Store) guardLog() ledger.LogID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.guard.log
}

// allowsOwn refuses to hold an own log that leads past the guard to another root than
// was released.
func (s *Store) allowsOwn(tx *txn, st *logState, cp ledger.Checkpoint) error {
	g := s.guard // written only under s.writing, which is held
	if st.log != g.log || st.held.Size >= g.Size || cp.Size < g.Size {
		return nil
	}
	root, err := (hashReader{tx, st.log}).rootAt(g.Size)
	if err == nil && root != g.Root {
		err = forkedError(g, root)
	}
	return err
}
