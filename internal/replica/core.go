package replica

import (
	"crypto/ed25519"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// CoreConfig is what a core is told once.
type CoreConfig struct {
	// Federation is its short name.
	Federation string
	// Office is whose node this is.
	Office string
	// Key is the node's transport public key.
	Key ed25519.PublicKey
	// Instance is random per process start.
	Instance [8]byte
	// Sign signs with the transport key.
	Sign func(message []byte) []byte
	// Nonce draws 32 random bytes.
	Nonce func() []byte
	// Keeper is the log of the register: it is fetched before any other.
	Keeper ledger.LogID
	// Heads are held and served when the core is made.
	Heads []ledger.Checkpoint
	// Stamps are the newest known when the core is made.
	Stamps []ledger.Stamp
	// Root digests a frontier; nil: as ledger.Frontier does. Both sides must use the same.
	Root func(held map[ledger.LogID]ledger.Checkpoint) [32]byte
}

// Core is every conversation of one node, as one state machine. It is not safe for
// concurrent use: its caller steps it under one lock, or in one thread.
type Core struct {
	cfg  CoreConfig
	node NodeID
	now  time.Duration

	// held is the frontier: what the store durably holds and serves. A head enters
	// it by Committed alone (protocol.md 5, invariant 3).
	held     map[ledger.LogID]ledger.Checkpoint
	frontier ledger.Frontier // of held
	// version counts changes of held; changed is the version a log last changed in.
	version uint64
	changed map[ledger.LogID]uint64
	// stamps are the newest taken, of this node's own log too.
	stamps map[ledger.LogID]lastStamp
	// root digests held; valid while rooted is set.
	root   [32]byte
	rooted bool

	sessions    map[SessionID]*session
	order       []SessionID // of sessions, as opened
	scores      map[NodeID]*peerScore
	pending     map[ledger.LogID]*progress // logs that are behind
	behind      []ledger.LogID             // those of pending, in order
	fetches     map[FetchID]*fetch
	lastFetch   FetchID
	lastNonce   uint64
	probesSeen  map[string]bool                    // of challenges that were answered
	hasHeard    bool                               // a peer has told, since the start, all that it holds
	forked      map[ledger.LogID]bool              // an alarm was raised; true: nothing more is taken
	contrary    map[ledger.LogID]ledger.Checkpoint // of those, the head that contradicts what is held
	shorter     map[ledger.LogID]ledger.Checkpoint // the last shorter head the store was told of
	recheckedAt time.Duration
	pausedUntil time.Duration // nothing is asked for before: this node could not take it

	out []Effect
}

// NewCore makes a core that has no session yet.
func NewCore(cfg CoreConfig) *Core {
	c := &Core{
		cfg: cfg, node: NodeOf(cfg.Key),
		held:     map[ledger.LogID]ledger.Checkpoint{},
		changed:  map[ledger.LogID]uint64{},
		stamps:   map[ledger.LogID]lastStamp{},
		sessions: map[SessionID]*session{},
		scores:   map[NodeID]*peerScore{},
		pending:  map[ledger.LogID]*progress{},
		fetches:  map[FetchID]*fetch{},
		forked:   map[ledger.LogID]bool{},
		contrary: map[ledger.LogID]ledger.Checkpoint{},
		shorter:  map[ledger.LogID]ledger.Checkpoint{},

		probesSeen: map[string]bool{},
	}
	c.commit(cfg.Heads)
	for _, st := range cfg.Stamps {
		c.stamps[st.Log] = lastStamp{Stamp: st}
	}
	return c
}

// Step takes one event and returns what is to be done about it, in order. The same
// events give the same effects.
func (c *Core) Step(ev Event) []Effect {
	c.out = nil
	switch ev := ev.(type) {
	case Opened:
		c.open(ev)
	case Closed:
		c.close(ev.Session)
	case Writable:
		c.onSession(ev.Session, func(s *session) { c.write(s, ev) })
	case Received:
		c.onSession(ev.Session, func(s *session) { c.receive(s, ev) })
	case Broken:
		c.onSession(ev.Session, func(s *session) { c.refuse(s, newRefused(reasonProtocol, "%v", ev.Err)) })
	case Rechecked:
		c.onSession(ev.Session, func(s *session) {
			c.takeHeads(s, ev.Heads)
			c.takeStamps(s, ev.Stamps, ev.Now)
		})
	case RegisterGrew:
		c.recheck()
	case Committed:
		c.commit(ev.Heads)
	case Stamped:
		c.stamp(ev.Stamp, false)
	case Progressed:
		if f := c.fetches[ev.Fetch]; f != nil {
			f.progressed = c.now
			for _, log := range ev.Logs {
				f.moved[log] = true
			}
		}
	case Done:
		c.fetchDone(ev)
	case Forked:
		c.fork(ev.Held, ev.Other)
	case Tick:
		c.tick(ev)
	}
	c.schedule()
	return c.out
}

func (c *Core) emit(e Effect) { c.out = append(c.out, e) }

// onSession runs f on a session that is still going on. Events of sessions that have
// ended are late, not wrong.
func (c *Core) onSession(id SessionID, f func(*session)) {
	if s := c.sessions[id]; s != nil {
		f(s)
	}
}

// each runs f on every session, oldest first.
func (c *Core) each(f func(*session)) {
	for _, id := range slices.Clone(c.order) {
		c.onSession(id, f)
	}
}

// commit moves the frontier and puts each new head into the outbox of every session: as
// news when the peer lacks it, as a receipt when the peer has it already. A size never
// falls (protocol.md 5, invariant 1): a report that was overtaken by a newer one changes
// nothing.
func (c *Core) commit(heads []ledger.Checkpoint) {
	registerGrew := false
	for _, h := range heads {
		if old, ok := c.held[h.Log]; ok && h.Size <= old.Size {
			continue
		}
		c.held[h.Log] = h
		c.frontier.Set(h)
		c.version++
		c.changed[h.Log] = c.version
		c.rooted = false
		registerGrew = registerGrew || h.Log == c.cfg.Keeper
		if p := c.pending[h.Log]; p != nil {
			clear(p.tried)
			if h.Size >= p.seen.Size {
				c.caughtUp(h.Log)
			}
		}
		c.each(func(s *session) {
			if !s.helloSaid {
				return // its Hello will carry the root that includes it
			}
			s.quietSince, s.listPause = c.now, ListFirst
			if s.claims[h.Log] >= h.Size {
				s.receipts[h.Log] = true
			} else {
				s.news[h.Log] = true
			}
			c.emit(Wake{s.id})
		})
	}
	if registerGrew {
		c.recheck()
	}
}

// Root is the digest of what this node holds.
func (c *Core) Root() [32]byte {
	switch {
	case c.rooted:
	case c.cfg.Root != nil:
		c.root = c.cfg.Root(c.held)
	default:
		c.root = c.frontier.Root()
	}
	c.rooted = true
	return c.root
}

// inOrder sorts logs as they go on the wire: the keeper's first, for the keys of the
// others come with it.
func (c *Core) inOrder(all iter.Seq[ledger.LogID]) []ledger.LogID {
	return slices.SortedFunc(all, c.wireOrder)
}

func (c *Core) wireOrder(a, b ledger.LogID) int {
	switch {
	case a == b:
		return 0
	case a == c.cfg.Keeper:
		return -1
	case b == c.cfg.Keeper:
		return 1
	}
	return a.Compare(b)
}

// Holds says whether exactly this head is held, so that its signature need not be
// checked again.
func (c *Core) Holds(h ledger.Checkpoint) bool {
	own, ok := c.held[h.Log]
	return ok && own.Size == h.Size && own.Root == h.Root
}

// InSync says that the session is up and that both frontiers have the same root. It
// compares digests and nothing else (protocol.md 5, invariant 2).
func (c *Core) InSync(id SessionID) bool {
	s := c.sessions[id]
	return s != nil && s.phase == established && s.helloSaid && s.peerRoot == c.Root()
}

// tick moves time. Everything with a deadline is looked at here and nowhere else.
func (c *Core) tick(ev Tick) {
	c.now = max(c.now, ev.Now)
	c.each(func(s *session) {
		if s.saidInDoubt && !ev.InDoubt { // its word counts from now on, which only a Hello says
			again := newRefused(reasonBusy, "what is held here was in doubt and is confirmed: connect again")
			again.RetryAfter = confirmedRetry
			c.refuse(s, again)
		}
		c.tickSession(s)
	})
	for _, id := range slices.Sorted(maps.Keys(c.fetches)) {
		c.tickFetch(c.fetches[id])
	}
	for _, log := range c.behind {
		if p := c.pending[log]; !p.passedOn && c.now-p.since >= SeenAfter {
			c.passOn(p)
		}
	}
	if c.now-c.recheckedAt >= RecheckEvery {
		c.recheck()
	}
}

// recheck asks for the heads and stamps of unknown logs to be held against the register again.
func (c *Core) recheck() {
	c.recheckedAt = c.now
	c.each(func(s *session) {
		if len(s.unknown)+len(s.unknownStamps) == 0 {
			return
		}
		var heads []*nodev1.Head
		for _, log := range slices.SortedFunc(maps.Keys(s.unknown), ledger.LogID.Compare) {
			heads = append(heads, s.unknown[log])
		}
		var stamps [][]byte
		for _, log := range slices.SortedFunc(maps.Keys(s.unknownStamps), ledger.LogID.Compare) {
			stamps = append(stamps, s.unknownStamps[log])
		}
		clear(s.unknown)
		clear(s.unknownStamps)
		c.emit(Recheck{s.id, heads, stamps})
	})
}
