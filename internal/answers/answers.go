// Package answers knows what a node answers: the combined view, the national picture,
// an entry and whether it stands, history, matters, proofs, the register, and what
// changes while somebody watches. A request and who asks go in, the answer comes out,
// made from one snapshot of store and register.
//
// It decides nothing about what a position is (guidance), what may be added up (picture)
// or how an answer looks (plain). It does not know gRPC: whoever serves answers, be it
// as calls, pages or files, hands over the messages of lmc.answers.v1 and gets them
// back. Every answer ends within milliseconds when its context does.
package answers

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
)

// Registers gives the register as folded from the keeper's log.
type Registers interface {
	// KnownAt is the register as known at a feed number, and the size of the keeper's
	// log it rests on; 0: nothing of it is here.
	KnownAt(feed uint64) (reg *register.Register, size uint64)
	// OfSize is the register as of a size of the keeper's log.
	OfSize(size uint64) *register.Register
}

// Answers is what a node answers from. Safe for use by many goroutines.
type Answers struct {
	// Store is the node's data.
	Store *store.Store
	// Registers is the register, as known at any moment.
	Registers Registers
	// Federation, Office and Keeper are the federation's short name, the node's office,
	// and the office that keeps the register.
	Federation, Office, Keeper string
	// Notice is what all that this node publishes carries; usually empty.
	Notice string
	// LogKeys are the keys that may sign a log at a size.
	LogKeys func(log ledger.LogID, size uint64) []ed25519.PublicKey
	// PageKey is a secret of this node: page tokens are authenticated with it.
	PageKey []byte
	// Now is the wall clock, for the default day alone.
	Now func() time.Time
	// Started is when the node started.
	Started time.Time
	// AloneSince is since when the node has been connected to no other; zero: it is connected. Nil:
	// nobody knows.
	AloneSince func() time.Time
	// HasHeard says whether a node has told, since the start, all that it holds. Set with AloneSince.
	HasHeard func() bool
	// TodayElsewhere is the day it is by the clocks of other offices' nodes, where that is another than
	// this node's; empty: it is not, or not known. Nil: nobody knows.
	TodayElsewhere func() string
	// Told says whether an office was heard since a mend that could not know what was lost, by whoever
	// is in no doubt itself. Nil: none was.
	Told func(office string) bool

	// Index finds entries by words; nil: nobody searches here.
	Index Index

	folds      folds
	rolls      rolls
	watches    watches
	arrivals   arrivals
	matters    newestMatters
	openings   openings
	registered registered

	spent func(entries int) // told what each answer cost; nil but in tests
}

// moment is the node as one answer sees it: one snapshot of the store, the register as
// known with it, one day, and who asks.
type moment struct {
	*Answers
	*store.Snapshot
	ctx    context.Context
	reader Reader
	today  string
	reg    *register.Register
	size   uint64 // of the keeper's log

	newestKnown map[matterAt]knownMatter // the newest versions looked for so far; zero: none
}

// at answers from the node as it is now, once the register is here: what an answer says rests on it, be it
// that a letter does not count, or that there is no such practice.
func (a *Answers) at(ctx context.Context, reader Reader, answer func(*moment) error) error {
	return a.asItIs(ctx, reader, func(m *moment) error {
		if err := m.joined(); err != nil {
			return err
		}
		return answer(m)
	})
}

// asItIs is at, of what says itself how much of the register is here.
func (a *Answers) asItIs(ctx context.Context, reader Reader, answer func(*moment) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	today := guidance.Today(a.Now())
	return a.Store.Snapshot(ctx, func(snap *store.Snapshot) error {
		m := &moment{Answers: a, Snapshot: snap, ctx: ctx, reader: reader, today: today, newestKnown: map[matterAt]knownMatter{}}
		end, _ := snap.FeedEnd()
		m.reg, m.size = a.Registers.KnownAt(end)
		if a.spent != nil {
			defer func() { a.spent(snap.Cost()) }()
		}
		return answer(m)
	})
}

// joined refuses a question before there is a register to answer it by.
func (m *moment) joined() error {
	lacking := m.reg.Lacking()
	if m.size > 0 && lacking == 0 {
		return nil
	}
	if lacking > 0 && m.Damage() == nil {
		return fault.New(fault.ErrNotJoined, m.Office+"'s node cannot answer now: "+lackingWords(lacking), "it fetches them from other nodes by itself; if this lasts over a minute, ask how it is: lmc status; other offices' nodes answer meanwhile")
	}
	if m.Office == m.Keeper {
		return fault.New(fault.ErrNotJoined, m.Office+"'s node, which keeps the register, has lost it, so it cannot answer", "whoever looks after it finds in lmc status how it gets it back; other offices' nodes answer meanwhile")
	}
	if m.Damage() != nil {
		return fault.New(fault.ErrNotJoined, "the data of "+m.Office+"'s node are damaged, and the register cannot be read, so it cannot answer", "lmc status says what was found, and when it is mended; other offices' nodes answer meanwhile")
	}
	return fault.New(fault.ErrNotJoined, m.Office+"'s node has not got the register yet, so it cannot answer", "it fetches it from the keeper by itself; if this lasts over a minute, ask how it is: lmc status")
}

// lackingWords says of a register that some of its records have no words.
func lackingWords(records int) string {
	return fmt.Sprintf("the words of %s of the register are not here, so that who speaks for whom, and what counts, is not known", notation.Counted(int64(records), "record", "records"))
}

// invalid refuses one field of a request.
func invalid(field, message, hint, reason string) error {
	return fault.New(fault.ErrInvalid, message, hint, fault.Violation{Field: field, Reason: reason})
}
