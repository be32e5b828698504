package replica

import (
	"crypto/ed25519"
	"crypto/sha256"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// SessionID names a session within one core; ids rise.
type SessionID uint64

// FetchID names a fetch within one core; ids rise and are never zero.
type FetchID uint64

// NodeID is the SHA-256 of a node's transport public key.
type NodeID [32]byte

// NodeOf gives the id of the node that has this transport key.
func NodeOf(key ed25519.PublicKey) NodeID { return sha256.Sum256(key) }

// Peer is who is at the other end of a session, as TLS and the register say.
type Peer struct {
	// Office is the office whose node it is; empty: the register does not know the
	// key, and the peer is refused.
	Office string
	// Key is its transport public key.
	Key ed25519.PublicKey
	// ID is its node's, from the pin it is dialled with: known before its key is. Zero: it dialled us.
	ID NodeID
	// Node is its record in the register; nil before the register is held.
	Node *ledgerv1.NodeRecord
	// Dialled: this side opened the session.
	Dialled bool
	// Pinned: whoever runs this node named the peer's key, and no register is held that could surely say
	// whose it is: the register is fetched from it. Office is empty then.
	Pinned bool
	// Address is where it was dialled; empty when it dialled us.
	Address string
}

// An Event is something that happened, for Core.Step.
type Event interface{ event() }

// The events.
type (
	// Opened: a stream to a peer is there.
	Opened struct {
		Session SessionID
		Peer    Peer
	}
	// Closed: the stream is gone.
	Closed struct{ Session SessionID }
	// Writable: the stream of the session takes a frame. The answer is at most one
	// Send.
	Writable struct {
		Session SessionID
		// Now is the wall clock, for Hello to say; zero: it is not said.
		Now time.Time
		// InDoubt: what is held here may be an old copy, for Hello to say.
		InDoubt bool
	}
	// Received: a frame arrived and was checked by HeadVerifier.
	Received struct {
		Session SessionID
		Frame   *nodev1.Frame
		// Heads and Stamps are those of the frame, their signatures checked.
		Heads  []CheckedHead
		Stamps []CheckedStamp
		// Now is the wall clock when it was checked, for stamps and clocks alone.
		Now time.Time
	}
	// Broken: what arrived is not a frame, or not one within the limits.
	Broken struct {
		Session SessionID
		Err     error
	}
	// Rechecked: heads and stamps of unknown logs were held against the register again.
	Rechecked struct {
		Session SessionID
		Heads   []CheckedHead
		Stamps  []CheckedStamp
		Now     time.Time
	}
	// Stamped: this node has signed that its own head is still the newest.
	Stamped struct{ Stamp ledger.Stamp }
	// RegisterGrew: the register may know more logs and keys than before.
	RegisterGrew struct{}
	// Committed: the store durably holds and serves these heads.
	Committed struct{ Heads []ledger.Checkpoint }
	// Progressed: a fetch brought logs forward, durably, though perhaps not yet to a
	// signed size.
	Progressed struct {
		Fetch FetchID
		Logs  []ledger.LogID
	}
	// Done: a fetch has ended.
	Done struct {
		Fetch   FetchID
		Outcome Outcome
		// Bad are the logs that the source spoilt; none: the chunk as such did not.
		Bad []ledger.LogID
		// RetryAfter is what a busy peer asked for.
		RetryAfter time.Duration
		// Err says what happened, for people; nil: it was complete.
		Err error
	}
	// Forked: two validly signed heads of a log contradict each other. Held is the one
	// that was here first.
	Forked struct{ Held, Other ledger.Checkpoint }
	// Tick: so much time has passed since the core was made. It never goes back.
	Tick struct {
		Now time.Duration
		// InDoubt is as in Writable.
		InDoubt bool
	}
)

// Outcome is how a fetch ended.
type Outcome int

// The outcomes.
const (
	// Complete: the source sent what it had.
	Complete Outcome = iota
	// Cut: the stream broke, was given up or refused.
	Cut
	// Bad: the source sent what it must have spoilt itself.
	Bad
	// NoProof: entries do not lead to a validly signed head. The office may have signed
	// two histories, so that it is not held against the source.
	NoProof
	// NoKey: a checkpoint is signed by a key the register does not have yet.
	NoKey
	// Local: this node could not take it (disk full, store closed).
	Local
)

func (o Outcome) String() string {
	return [...]string{"complete", "cut", "bad", "no proof", "no key", "local"}[o]
}

// An Effect is something the caller of Core.Step has to do.
type Effect interface{ effect() }

// The effects.
type (
	// Wake: the session has something to send: say Writable when its stream is.
	Wake struct{ Session SessionID }
	// Send: send this frame. After the last one the session is over.
	Send struct {
		Session SessionID
		Frame   *nodev1.Frame
		Last    bool
	}
	// End: the session is over as soon as its last frame is out, or at once when
	// Refused came from the peer.
	End struct {
		Session SessionID
		Refused *Refused
	}
	// Fetch: ask the peer for these logs, or for the bodies wanted.
	Fetch struct {
		Session SessionID
		Fetch   FetchID
		Logs    []Target
		// Bodies: ask for the bodies this node wants, instead of logs.
		Bodies bool
	}
	// Cancel: give the fetch up.
	Cancel struct {
		Session SessionID
		Fetch   FetchID
	}
	// Recheck: hold these heads and stamps against the register again and answer with Rechecked.
	Recheck struct {
		Session SessionID
		Heads   []*nodev1.Head
		Stamps  [][]byte
	}
	// RecordFork: tell the store that this head contradicts what is held.
	RecordFork struct{ Other ledger.Checkpoint }
	// RecordStamp: tell the store that this stamp is the newest of its log.
	RecordStamp struct{ Stamp ledger.Stamp }
	// RecordSeen: tell the store that this signed head exists. When the store then holds it,
	// say Committed.
	RecordSeen struct{ Head ledger.Checkpoint }
)

// Target is a log and the size a source said it holds.
type Target struct {
	Log  ledger.LogID
	Size uint64
}

// CheckedHead is a head with what the register says of its signature.
type CheckedHead struct {
	// Head is what the checkpoint says.
	Head ledger.Checkpoint
	// Held: the peer holds and serves it; otherwise it has only seen it.
	Held      bool
	Signature Signature
}

// Signature is what the register says of the signature of a head.
type Signature int

// What the register may say of one.
const (
	// SignatureValid: a log key of the office signed it.
	SignatureValid Signature = iota
	// SignatureUnknownKey: the register has no key for it yet.
	SignatureUnknownKey
	// SignatureInvalid: its log is known, and no key of it signed this.
	SignatureInvalid
	// SignatureUnchecked: it was not looked at, for it would not be taken whoever signed it.
	SignatureUnchecked
)

func (Opened) event()       {}
func (Closed) event()       {}
func (Writable) event()     {}
func (Received) event()     {}
func (Broken) event()       {}
func (Rechecked) event()    {}
func (RegisterGrew) event() {}
func (Committed) event()    {}
func (Stamped) event()      {}
func (Progressed) event()   {}
func (Done) event()         {}
func (Forked) event()       {}
func (Tick) event()         {}

func (Wake) effect()        {}
func (Send) effect()        {}
func (End) effect()         {}
func (Fetch) effect()       {}
func (Cancel) effect()      {}
func (Recheck) effect()     {}
func (RecordSeen) effect()  {}
func (RecordFork) effect()  {}
func (RecordStamp) effect() {}
func (Alarm) effect()       {}
