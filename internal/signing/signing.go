// Package signing decides whether a node may sign as its office, and when it stamps its head
// (protocol.md 4 and 6).
//
// It knows what is stored of the office's own log and its guard, which keys the register held
// names for that log, and what peers have proved and confirmed. It does not know what is
// published or for whom, how a state is told, or how long anybody waits for another: that is the
// server's. internal/sim steps the same decisions under faults.
package signing

import (
	"crypto/ed25519"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Signer signs as an office while nothing speaks against it. An office that signs two entries
// under one number has two histories for good, so in doubt nothing is signed.
//
//	CONTRADICTED   a head that the own key signed contradicts what is held     for good (guard)
//	DUPLICATE      another process with this node's keys is running, proved    until started again
//	DAMAGED        the data file is damaged                                    until it is mended
//	BEHIND         more of the own log was signed than is here                 until it is fetched
//	KEY_UNKNOWN    the register held names no key for the office, or another   until the register or the key is put right
//	UNCONFIRMED    the guard is in doubt: new, missing, older, restored, copied until the keeper or two offices
//	               (guard)                                                     hold just as much, or --solo
//	NO_ROOM        the disk is full, or the folder cannot be written           until there is room
//	BEHIND         words of the own log are not here, nor the request that     until they are fetched, or --solo
//	               they answered: what is signed may be signed already     (data file)
//	READY          none of these
//
// What is higher in the list is looked at first. A state is worked out anew whenever it is
// asked for; only what is marked must outlive the process, and lies in the guard file, or in the data file.
type Signer struct {
	cfg       Config
	duplicate atomic.Bool
	stamped   bool // since the start; of whoever stamps alone
}

// Config is whose log it is and what speaks for and against signing it.
type Config struct {
	Store *store.Store
	// Log is the office's own.
	Log ledger.LogID
	// Key is the key of that log which lies here.
	Key ed25519.PrivateKey
	// Named are the keys that the register held names for the log at a size; admitted: it knows
	// the office.
	Named func(size uint64) (keys []ed25519.PublicKey, admitted bool)
	// Confirmed says whether peers now connected confirm that the log is all here.
	Confirmed func() bool
}

// New is a signer of a process that has just started.
func New(cfg Config) *Signer { return &Signer{cfg: cfg} }

// Why no peer would take what the key here signs (KEY_UNKNOWN).
var (
	ErrNotAdmitted = errors.New("the register held does not know the office")
	ErrOtherKey    = errors.New("the register held names another key for the log")
)

// Standing is whether anything may be signed now, with what speaks against it.
type Standing struct {
	State nodev1.SigningState
	// Signed of the log are known of, and Held are here (BEHIND).
	Signed, Held uint64
	// Unrecognised are those held that would be signed again if they were asked for again (BEHIND).
	Unrecognised []ledger.EntryID
	// Doubt is the guard's (UNCONFIRMED).
	Doubt store.Doubt
	// Why is the store's error (CONTRADICTED, DAMAGED, NO_ROOM), ErrNotAdmitted or ErrOtherKey.
	Why error
}

// Standing works it out.
func (s *Signer) Standing() Standing {
	st := s.cfg.Store
	held, _ := st.Held(s.cfg.Log)
	signed, _, behind := st.Recovering()
	for _, seen := range st.Seen() {
		if seen.Log == s.cfg.Log && seen.Size > held.Size {
			signed, behind = max(signed, seen.Size), true
		}
	}
	if why := st.Forked(); why != nil {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_CONTRADICTED, Why: why}
	}
	if s.duplicate.Load() {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_DUPLICATE}
	}
	if found := st.Damage(); found != nil {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_DAMAGED, Why: found}
	}
	if behind {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_BEHIND, Signed: signed, Held: held.Size}
	}
	if why := s.keyStanding(held.Size); why != nil {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_KEY_UNKNOWN, Why: why}
	}
	if doubt := st.Doubt(); doubt != "" {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, Doubt: doubt}
	}
	if _, why := st.Room(); why != nil {
		return Standing{State: nodev1.SigningState_SIGNING_STATE_NO_ROOM, Why: why}
	}
	unrecognised, why := st.Unrecognised(s.cfg.Log)
	switch {
	case why != nil:
		return Standing{State: nodev1.SigningState_SIGNING_STATE_DAMAGED, Why: why}
	case len(unrecognised) > 0:
		return Standing{State: nodev1.SigningState_SIGNING_STATE_BEHIND, Unrecognised: unrecognised}
	}
	return Standing{State: nodev1.SigningState_SIGNING_STATE_READY}
}

func (s *Signer) keyStanding(size uint64) error {
	own := s.cfg.Key.Public().(ed25519.PublicKey)
	named, admitted := s.cfg.Named(size + 1)
	switch {
	case !admitted:
		return ErrNotAdmitted
	case !slices.ContainsFunc(named, func(k ed25519.PublicKey) bool { return k.Equal(own) }):
		return ErrOtherKey
	}
	return nil
}

// Settle ends a doubt that peers have answered.
func (s *Signer) Settle() error {
	if s.Standing().State != nodev1.SigningState_SIGNING_STATE_UNCONFIRMED || !s.cfg.Confirmed() {
		return nil
	}
	return s.cfg.Store.Confirm()
}

// Heed draws from an alarm of the exchange what it means for signing: a duplicate was proved, or
// another history of the own log was found.
func (s *Signer) Heed(a replica.Alarm) error {
	switch {
	case a.Code == replica.AlarmRefusedAsDuplicate:
		s.duplicate.Store(true)
		return s.cfg.Store.Suspect() // which outlives the process: it may be that the other's folder is kept
	case a.Log == s.cfg.Log && (a.Code == replica.AlarmFork || a.Code == replica.AlarmOwnHeadContradicted):
		return s.cfg.Store.Contradict()
	}
	return nil
}

// Sign signs a head of the own log, for store.Append.
func (s *Signer) Sign(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
	return ledger.SignCheckpoint(s.cfg.Log, size, root, s.cfg.Key)
}

// StampIn is how long it is until a stamp may be due.
func (s *Signer) StampIn(now time.Time) time.Duration {
	return stampIn(s.cfg.Store.LastStamp(s.cfg.Log).Time, now, s.stamped)
}

// Current reports whether what is held of the own log is its newest, and nobody else signs in it:
// all that a stamp says, for which neither room nor words are needed.
func (s *Signer) Current() bool {
	standing := s.Standing()
	return standing.State == nodev1.SigningState_SIGNING_STATE_READY || standing.State == nodev1.SigningState_SIGNING_STATE_NO_ROOM || len(standing.Unrecognised) > 0
}

// Stamp says that the head released last is still the newest. Nothing may be appended meanwhile.
// A node that may not be the only one, or not have the newest, is silent (made is false).
func (s *Signer) Stamp(now time.Time) (st ledger.Stamp, made bool, err error) {
	if !s.Current() {
		return ledger.Stamp{}, false, nil
	}
	head, held := s.cfg.Store.Held(s.cfg.Log)
	if !held {
		head = ledger.Checkpoint{Log: s.cfg.Log, Root: (&ledger.Tree{}).Root()} // nothing published yet
	}
	if st, err = ledger.SignStamp(head, now, s.cfg.Key); err != nil {
		return ledger.Stamp{}, false, err
	}
	s.stamped = true
	return st, true, nil
}

// stampIn is how long it is until the next stamp: the first at the start of the process, then at
// each full hour of the clock, so that those of all offices travel together; and never sooner
// after the last than agreed. A last one that is ahead was made by a clock that was wrong.
func stampIn(last, now time.Time, stamped bool) time.Duration {
	due := last.Add(replica.StampPause)
	if hour := last.Truncate(replica.StampEvery).Add(replica.StampEvery); stamped && hour.After(due) {
		due = hour
	}
	if last.After(now.Add(replica.StampAhead)) {
		return 0
	}
	return due.Sub(now)
}
