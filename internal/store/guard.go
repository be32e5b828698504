package store

import (
	"cmp"
	"fmt"
	"os"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

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

// guardReplaced is ErrReplaced when the guard is another process's, or a copy of before, or gone, since it
// was written last: nothing may be signed by what it knew. Called while nothing else is written.
func (s *Store) guardReplaced() error {
	if g, err := readGuard(s.opts.Guard); s.opts.Guard != "" && (err != nil || g.Seq != s.guard.Seq) {
		return cmp.Or(err, fmt.Errorf("%w: the guard %s", ErrReplaced, s.opts.Guard))
	}
	return nil
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
