package replica

import (
	"crypto/ed25519"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
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
	// Role is what the node does for its office.
	Role ledgerv1.NodeRole
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

// peerScore is what a node has spoilt so far. It outlives sessions: a peer that hangs up
// and dials again begins where it was.
type peerScore struct {
	bad    int                   // times it sent what does not verify
	until  time.Duration         // quarantined until then
	blamed map[ledger.LogID]bool // logs that counted
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

// Confirmed reports whether the own log is known to be all here: on live sessions the keeper
// says, or two other offices do, that they hold just what is held of it here, or nothing where
// nothing is, and nobody that there is more of it or another history. One other office is never
// enough, nor a keeper that may have been restored from an old copy: it may have been away since. A head that the own key has not signed says nothing: Keys must
// have it, even before the register does.
//
// Offices that are in doubt themselves may all have been put back to before at once: they count where
// no other is left, of all in the register, that could say otherwise.
func (c *Core) Confirmed(own ledger.LogID, registered []string) bool {
	here := c.held[own]
	if _, forked := c.forked[own]; forked || c.pending[own] != nil {
		return false
	}
	var offices, certain []string
	for _, s := range c.sessions {
		known := s.claims[own]
		if here.Size > 0 && c.changed[own] <= s.agreed {
			known = max(known, here.Size)
		}
		switch office := s.peer.Office; {
		case known > here.Size:
			return false
		case s.phase == established && s.listed && office != "" && office != c.cfg.Office && known == here.Size:
			if !slices.Contains(offices, office) {
				offices = append(offices, office)
			}
			if !s.hello.GetInDoubt() && !slices.Contains(certain, office) {
				certain = append(certain, office)
			}
		}
	}
	all := !slices.ContainsFunc(registered, func(office string) bool { return office != c.cfg.Office && !slices.Contains(offices, office) })
	return len(certain) >= 2 || slices.Contains(certain, c.cfg.Keeper.Office) || len(offices) >= 2 && all
}

// ClockAhead is by how much the clocks of the other offices' nodes that are connected are ahead of
// this one's, which shows now: the median of the offices, and where they are even in number what the
// two in the middle agree on, so that one office alone never makes it more than another says. It tells
// how many offices there are.
func (c *Core) ClockAhead(now time.Time) (ahead time.Duration, offices int) {
	of := map[string]time.Duration{}
	c.each(func(s *session) { // of several nodes of one office, that which has been connected longest
		office := s.peer.Office
		if _, told := of[office]; !told && s.phase == established && office != "" && office != c.cfg.Office && s.hello.GetClockTime().IsValid() {
			of[office] = s.hello.ClockTime.AsTime().Add(c.now - s.helloAt).Sub(now)
		}
	})
	all := slices.Sorted(maps.Values(of))
	if len(all) == 0 {
		return 0, 0
	}
	low, high := all[(len(all)-1)/2], all[len(all)/2]
	switch {
	case low < 0 && high > 0:
		return 0, len(all)
	case low.Abs() < high.Abs():
		return low, len(all)
	}
	return high, len(all)
}

// HeldBy counts the peers known to hold a log up to size, now connected: because they
// said so, or because their root was this node's when it held that much.
func (c *Core) HeldBy(log ledger.LogID, size uint64) int {
	holders := map[NodeID]bool{}
	for _, s := range c.sessions {
		if s.phase != established {
			continue
		}
		known := s.claims[log]
		if own, ok := c.held[log]; ok && c.changed[log] <= s.agreed {
			known = max(known, own.Size)
		}
		if known >= size {
			holders[s.node] = true
		}
	}
	return len(holders)
}

// penalise counts against a node that it sent what does not verify, and ends its
// sessions when it was too often.
func (c *Core) penalise(s *session, what string) {
	score := c.scores[s.node]
	if score == nil {
		score = &peerScore{blamed: map[ledger.LogID]bool{}}
		c.scores[s.node] = score
	}
	if c.quarantined(s.node) {
		return
	}
	score.bad++
	if score.bad < BadLimit {
		return
	}
	score.bad = BadLimit - 1 // once it is back, the next time is enough
	score.until = c.now + QuarantineFor
	clear(score.blamed)
	c.emit(Alarm{
		Code: AlarmQuarantined, Office: s.peer.Office,
		Words: fmt.Sprintf("the node of %s sent what does not verify (%s): it is not listened to for %s", s.peer.Office, what, QuarantineFor),
	})
	node := s.node
	c.each(func(o *session) {
		if o.node == node {
			c.refuse(o, newRefused(reasonQuarantined, "what your node sent does not verify: %s; check its data with lmcnode check", what))
		}
	})
}

func (c *Core) quarantined(node NodeID) bool {
	score := c.scores[node]
	return score != nil && c.now < score.until
}

// tick moves time. Everything with a deadline is looked at here and nowhere else.
func (c *Core) tick(ev Tick) {
	c.now = max(c.now, ev.Now)
	c.each(func(s *session) {
		if s.saidInDoubt && !ev.InDoubt { // its word counts from now on, which only a Hello says
			c.refuse(s, newRefused(reasonBusy, "what is held here was in doubt and is confirmed: connect again"))
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
