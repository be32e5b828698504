package replica

import (
	"crypto/ed25519"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
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
	// Role is what the node does for its office.
	Role ledgerv1.NodeRole
	// Keeper is the log of the register: it is fetched before any other.
	Keeper ledger.LogID
	// Heads are held and served when the core is made.
	Heads []ledger.Checkpoint
	// Root digests a frontier; nil: ledger.FrontierRoot. Both sides must use the same.
	Root func([]ledger.Checkpoint) [32]byte
}

// Core is every conversation of one node, as one state machine. It is not safe for
// concurrent use: its caller steps it under one lock, or in one thread.
type Core struct {
	cfg  CoreConfig
	node NodeID
	now  time.Duration

	// held is the frontier: what the store durably holds and serves. A head enters
	// it by Committed alone (protocol.md 5, invariant 3).
	held map[ledger.LogID]ledger.Checkpoint
	// version counts changes of held; changed is the version a log last changed in.
	version uint64
	changed map[ledger.LogID]uint64
	// root digests held; valid while rooted is set.
	root   [32]byte
	rooted bool

	sessions map[SessionID]*session
	order    []SessionID // of sessions, as opened
	standing map[NodeID]*standing
	chases   map[ledger.LogID]*chase
	fetches  map[FetchID]*fetch
	last     FetchID
	nonce    uint64
	forked   map[ledger.LogID]bool              // an alarm was raised; true: nothing more is taken
	weighed  map[ledger.LogID]ledger.Checkpoint // the last shorter head the store was told of
	judgedAt time.Duration
	paused   time.Duration // nothing is asked for before: this node could not take it

	out []Effect
}

// standing is what is remembered of a node across its sessions.
type standing struct {
	bad    int                   // times it sent what does not verify
	until  time.Duration         // quarantined until then
	blamed map[ledger.LogID]bool // logs that counted
}

// NewCore makes a core that has no session yet.
func NewCore(cfg CoreConfig) *Core {
	if cfg.Root == nil {
		cfg.Root = ledger.FrontierRoot
	}
	c := &Core{
		cfg: cfg, node: NodeOf(cfg.Key),
		held:     map[ledger.LogID]ledger.Checkpoint{},
		changed:  map[ledger.LogID]uint64{},
		sessions: map[SessionID]*session{},
		standing: map[NodeID]*standing{},
		chases:   map[ledger.LogID]*chase{},
		fetches:  map[FetchID]*fetch{},
		forked:   map[ledger.LogID]bool{},
		weighed:  map[ledger.LogID]ledger.Checkpoint{},
	}
	c.commit(cfg.Heads)
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
		c.onSession(ev.Session, c.write)
	case Received:
		c.onSession(ev.Session, func(s *session) { c.receive(s, ev) })
	case Broken:
		c.onSession(ev.Session, func(s *session) { c.refuse(s, refuse(reasonProtocol, "%v", ev.Err)) })
	case Judged:
		c.onSession(ev.Session, func(s *session) { c.weigh(s, ev.Heads) })
	case RegisterGrew:
		c.rejudge()
	case Committed:
		c.commit(ev.Heads)
	case Progressed:
		c.progress(ev)
	case Done:
		c.done(ev)
	case Forked:
		c.fork(ev.Held, ev.Other)
	case Tick:
		c.tick(ev.Now)
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

// commit moves the frontier. A size never falls (protocol.md 5, invariant 1): a
// report that was overtaken by a newer one changes nothing.
func (c *Core) commit(heads []ledger.Checkpoint) {
	grew := false
	for _, h := range heads {
		if old, ok := c.held[h.Log]; ok && h.Size <= old.Size {
			continue
		}
		c.held[h.Log] = h
		c.version++
		c.changed[h.Log] = c.version
		c.rooted = false
		grew = grew || h.Log == c.cfg.Keeper
		c.caughtUp(h)
		c.each(func(s *session) { c.announce(s, h) })
	}
	if grew {
		c.rejudge()
	}
}

// announce puts a newly held head into the pending map of a session: as news when
// the peer lacks it, as a receipt when the peer has it already.
func (c *Core) announce(s *session, h ledger.Checkpoint) {
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
}

// Root is the digest of what this node holds.
func (c *Core) Root() [32]byte {
	if !c.rooted {
		c.root = c.cfg.Root(c.heads())
		c.rooted = true
	}
	return c.root
}

func (c *Core) heads() []ledger.Checkpoint {
	heads := make([]ledger.Checkpoint, 0, len(c.held))
	for _, log := range c.logs() {
		heads = append(heads, c.held[log])
	}
	return heads
}

// logs lists what is held in its order on the wire: the keeper's log first.
func (c *Core) logs() []ledger.LogID {
	return c.keeperFirst(slices.SortedFunc(maps.Keys(c.held), ledger.LogID.Compare))
}

func (c *Core) keeperFirst(logs []ledger.LogID) []ledger.LogID {
	if i := slices.Index(logs, c.cfg.Keeper); i > 0 {
		copy(logs[1:], logs[:i])
		logs[0] = c.cfg.Keeper
	}
	return logs
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
	return s != nil && s.phase == talking && s.helloSaid && s.peerRoot == c.Root()
}

// HeldBy counts the peers known to hold a log up to size, now connected.
func (c *Core) HeldBy(log ledger.LogID, size uint64) int {
	holders := map[NodeID]bool{}
	for _, s := range c.sessions {
		if s.phase == talking && c.peerHolds(s, log) >= size {
			holders[s.node] = true
		}
	}
	return len(holders)
}

// peerHolds is the size up to which the peer is known to hold a log.
func (c *Core) peerHolds(s *session, log ledger.LogID) uint64 {
	size := s.claims[log]
	if own, ok := c.held[log]; ok && c.changed[log] <= s.agreed {
		size = max(size, own.Size)
	}
	return size
}

// penalise counts against a node that it sent what does not verify, and ends its
// sessions when it was too often.
func (c *Core) penalise(s *session, what string) {
	st := c.standing[s.node]
	if st == nil {
		st = &standing{blamed: map[ledger.LogID]bool{}}
		c.standing[s.node] = st
	}
	if c.quarantined(s.node) {
		return
	}
	st.bad++
	if st.bad < BadLimit {
		return
	}
	st.bad = BadLimit - 1
	st.until = c.now + QuarantineFor
	clear(st.blamed)
	c.emit(Alarm{fmt.Sprintf("the node of %s sent what does not verify (%s): it is not listened to for %s", s.peer.Office, what, QuarantineFor)})
	node := s.node
	c.each(func(o *session) {
		if o.node == node {
			c.refuse(o, refuse(reasonQuarantined, "what your node sent does not verify: %s; check its data with lmcnode check", what))
		}
	})
}

func (c *Core) quarantined(node NodeID) bool {
	st := c.standing[node]
	return st != nil && c.now < st.until
}

// tick moves time. Everything with a deadline is looked at here and nowhere else.
func (c *Core) tick(now time.Duration) {
	c.now = max(c.now, now)
	c.each(c.tickSession)
	for _, id := range slices.Sorted(maps.Keys(c.fetches)) {
		c.tickFetch(c.fetches[id])
	}
	for _, log := range slices.SortedFunc(maps.Keys(c.chases), ledger.LogID.Compare) {
		c.tickChase(c.chases[log])
	}
	if c.now-c.judgedAt >= JudgeEvery {
		c.rejudge()
	}
}

// rejudge asks for the heads of unknown logs to be held against the register again.
func (c *Core) rejudge() {
	c.judgedAt = c.now
	c.each(func(s *session) {
		if len(s.unknown) == 0 {
			return
		}
		heads := s.takeUnknown()
		c.emit(Rejudge{s.id, heads})
	})
}
