package replica

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// phase is how far a conversation is.
type phase int

const (
	// greeting: the peer has not said Hello yet.
	greeting phase = iota
	// waiting: an older writer of the same office is being probed.
	waiting
	// talking: heads go both ways.
	talking
	// ending: a refusal is on its way out; nothing that arrives counts any more.
	ending
)

// session is one conversation. Its memory is bounded by the number of logs:
// whatever the backlog or the speed of the peer, there is at most one line per log
// in each of its maps (protocol.md 5, invariant 9).
type session struct {
	id    SessionID
	peer  Peer
	node  NodeID
	phase phase
	since time.Duration // when the phase began

	hello     *nodev1.Hello // the peer's
	helloSaid bool
	told      [32]byte // the last root this side told the peer
	peerRoot  [32]byte // the last root the peer told this side
	confirm   bool     // say InSync although the peer can tell from the Hellos

	claims   map[ledger.LogID]uint64 // what the peer said it holds and serves
	agreed   uint64                  // the peer holds everything as of this version
	unknown  map[ledger.LogID]*nodev1.Head
	listing  []ledger.LogID // still to be listed in full
	news     map[ledger.LogID]bool
	receipts map[ledger.LogID]bool
	warnings map[ledger.LogID]bool // behind here: the newer head is passed on as seen

	refused    *Refused // to be said last
	rival      SessionID
	probe      uint64 // nonce to ask with
	awaited    uint64 // nonce asked with, not yet answered
	reply      *nodev1.Probe
	inflight   int
	quietSince time.Duration
	listPause  time.Duration
}

func (c *Core) open(ev Opened) {
	s := &session{
		id: ev.Session, peer: ev.Peer, node: NodeOf(ev.Peer.Key), since: c.now,
		claims: map[ledger.LogID]uint64{}, unknown: map[ledger.LogID]*nodev1.Head{},
		news: map[ledger.LogID]bool{}, receipts: map[ledger.LogID]bool{}, warnings: map[ledger.LogID]bool{},
		listPause: ListFirst,
	}
	all, same := c.count(s.node)
	c.sessions[s.id] = s
	c.order = append(c.order, s.id)
	switch {
	case ev.Peer.Office == "":
		c.refuse(s, refuse(reasonUnlisted, "the register held here does not have your node's key: ask the keeper to admit it, or wait until this node has the newest register"))
	case c.quarantined(s.node):
		c.refuse(s, refuse(reasonQuarantined, "what your node sent did not verify: check its data with lmcnode check"))
	case same >= NodeSessionsLimit:
		c.busy(s, "your node has %d sessions here already", same)
	case all >= SessionsLimit:
		c.busy(s, "this node has %d sessions already", all)
	default:
		c.emit(Wake{s.id})
	}
}

// count counts the sessions there are, and those of one node. One that was refused
// does not count: its last frame is all that is left of it.
func (c *Core) count(node NodeID) (all, same int) {
	for _, s := range c.sessions {
		if s.phase == ending {
			continue
		}
		all++
		if s.node == node {
			same++
		}
	}
	return all, same
}

func (c *Core) busy(s *session, format string, args ...any) {
	r := refuse(reasonBusy, format, args...)
	r.RetryAfter = BusyFor
	c.refuse(s, r)
}

// close forgets a session and hands what it was fetching to others.
func (c *Core) close(id SessionID) {
	s := c.sessions[id]
	if s == nil {
		return
	}
	delete(c.sessions, id)
	c.order = slices.DeleteFunc(c.order, func(o SessionID) bool { return o == id })
	c.dropFetches(id)
	c.each(func(o *session) {
		if o.phase == waiting && o.rival == id {
			c.admitAfter(o)
		}
	})
}

// refuse ends a session: one last frame says why.
func (c *Core) refuse(s *session, r *Refused) {
	if s.phase == ending {
		return
	}
	s.phase, s.since, s.refused = ending, c.now, r
	c.dropFetches(s.id)
	c.emit(End{s.id, r})
	c.emit(Wake{s.id})
}

func (c *Core) receive(s *session, ev Received) {
	if s.phase == ending {
		return
	}
	switch m := ev.Frame.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		c.greet(s, m.Hello)
	case *nodev1.Frame_Refusal:
		c.refusedByPeer(s, m.Refusal)
	case *nodev1.Frame_Probe:
		c.probed(s, m.Probe)
	case *nodev1.Frame_ProbeReply:
		c.probeAnswered(s, m.ProbeReply.GetNonce())
	case *nodev1.Frame_Heads:
		c.inTurn(s, "Heads", func() { c.listed(s, m.Heads, ev.Heads) })
	case *nodev1.Frame_InSync:
		c.inTurn(s, "InSync", func() { c.heardRoot(s, m.InSync.GetFrontierRoot()) })
	default:
		c.refuse(s, refuse(reasonProtocol, "a frame this version does not know: it should not have been sent in version %d", ProtocolMax))
	}
}

// inTurn refuses what may only follow a Hello.
func (c *Core) inTurn(s *session, what string, f func()) {
	if s.phase == greeting {
		c.refuse(s, refuse(reasonProtocol, "%s before Hello", what))
		return
	}
	s.quietSince = c.now
	f()
}

func (c *Core) refusedByPeer(s *session, m *nodev1.Refusal) {
	r := refusedBy(m)
	if r.Reason == reasonDuplicate {
		c.emit(Alarm{fmt.Sprintf("%s refuses this node: another node writes for %s: stop one of the two (%s)", s.peer.Office, c.cfg.Office, r.Detail)})
	}
	c.emit(End{s.id, r})
	c.close(s.id)
}

func (c *Core) greet(s *session, h *nodev1.Hello) {
	if s.phase != greeting {
		c.refuse(s, refuse(reasonProtocol, "a second Hello"))
		return
	}
	if r := c.checkHello(s, h); r != nil {
		c.refuse(s, r)
		return
	}
	s.hello = h
	s.peerRoot = [32]byte(h.GetFrontierRoot())
	if c.settleRivals(s) {
		c.admit(s)
	}
}

func (c *Core) checkHello(s *session, h *nodev1.Hello) *Refused {
	switch {
	case h.GetProtocolMin() > ProtocolMax || h.GetProtocolMax() < ProtocolMin:
		return refuse(reasonProtocol, "you speak versions %d to %d, this node %d to %d: upgrade the older one",
			h.GetProtocolMin(), h.GetProtocolMax(), ProtocolMin, ProtocolMax)
	case h.GetFederation() != c.cfg.Federation:
		return refuse(reasonProtocol, "your federation is %q, this node's is %q", h.GetFederation(), c.cfg.Federation)
	case !bytes.Equal(h.GetNode(), s.node[:]):
		return refuse(reasonProtocol, "the node named in Hello is not the one whose key was shown")
	case h.GetOffice() != s.peer.Office:
		return refuse(reasonProtocol, "Hello names the office %q, the register gives your key to %q", h.GetOffice(), s.peer.Office)
	}
	return nil
}

// admitAfter admits a newcomer whose rival is gone, unless there is another.
func (c *Core) admitAfter(s *session) {
	if c.settleRivals(s) {
		c.admit(s)
	}
}

// admit begins the exchange.
func (c *Core) admit(s *session) {
	s.phase, s.since, s.rival, s.quietSince = talking, c.now, 0, c.now
	c.startBodies(s)
	if s.helloSaid {
		c.compare(s)
	}
}

// compare compares the roots of the two Hellos. When they are equal both sides can
// tell from the Hellos alone; the side that was dialled confirms it.
func (c *Core) compare(s *session) {
	if s.peerRoot == s.told {
		s.confirm = !s.peer.Dialled
		c.heardRoot(s, s.peerRoot[:])
	} else {
		s.listing = c.listable()
	}
	c.emit(Wake{s.id})
}

// heardRoot notes what the peer's frontier is; when it is ours, the peer holds
// everything held here.
func (c *Core) heardRoot(s *session, root []byte) {
	s.peerRoot = [32]byte(root)
	if s.peerRoot == c.Root() {
		s.agreed = c.version
		clear(s.claims)
		c.emit(Wake{s.id})
	}
}

// listed takes a page of heads.
func (c *Core) listed(s *session, page *nodev1.Heads, heads []JudgedHead) {
	c.weigh(s, heads)
	if s.phase == ending {
		return
	}
	c.heardRoot(s, page.GetFrontierRoot())
	if page.GetFull() && s.peerRoot == c.Root() {
		s.confirm = true // who lists everything wants to know how we stand
	}
}

// weigh takes judged heads: only those validly signed by a log key of the register
// count.
func (c *Core) weigh(s *session, heads []JudgedHead) {
	for _, h := range heads {
		switch {
		case s.phase == ending:
			return
		case h.Verdict == Forged:
			c.penalise(s, "a head of "+h.Head.Log.String()+" that none of its keys signed")
		case h.Verdict == Unknown:
			s.keepUnknown(h)
		default:
			c.learn(s, h)
		}
	}
}

// learn takes one validly signed head.
func (c *Core) learn(s *session, h JudgedHead) {
	log, own := h.Head.Log, c.held[h.Head.Log]
	if h.Head.Size == own.Size && h.Head.Size > 0 && h.Head.Root != own.Root {
		c.fork(own, h.Head)
	}
	if c.forked[log] {
		return
	}
	if h.Held {
		s.claims[log] = max(s.claims[log], h.Head.Size)
	}
	switch {
	case h.Head.Size > own.Size:
		c.chase(h.Head)
		return
	case h.Head.Size < own.Size:
		c.compareShorter(h.Head)
	}
	if s.news[log] && s.claims[log] >= own.Size {
		delete(s.news, log)
		s.receipts[log] = true
	}
}

// compareShorter has the store compare a head with what is held at its size: only there
// are the hashes. A peer that is behind says the same head again and again.
func (c *Core) compareShorter(h ledger.Checkpoint) {
	old := c.weighed[h.Log]
	if h.Size == 0 || old.Size == h.Size && old.Root == h.Root {
		return
	}
	c.weighed[h.Log] = h
	c.emit(See{h})
}

// fork: two heads that contradict each other, both validly signed. That is the office's
// doing, whoever passed them on. What is held is kept, and once it is contradicted
// nothing more of that log is taken. Frontiers that differ by it stay different; the
// digest never calls them equal.
func (c *Core) fork(held, other ledger.Checkpoint) {
	log := other.Log
	if _, known := c.forked[log]; !known {
		c.forked[log] = false
		c.emit(Alarm{fmt.Sprintf("%s has signed two histories: its heads of %s at size %d and at size %d contradict each other; ask the office which is right", log.Office, log, held.Size, other.Size)})
	}
	if c.forked[log] || held.Size == 0 || held.Size > c.held[log].Size {
		return
	}
	c.forked[log] = true
	delete(c.chases, log)
	delete(c.weighed, log)
	c.each(func(s *session) {
		delete(s.claims, log) // perhaps of the other history
		delete(s.warnings, log)
	})
}

// keepUnknown keeps a head whose log the register does not know yet.
func (s *session) keepUnknown(h JudgedHead) {
	old, ok := s.unknown[h.Head.Log]
	if !ok && len(s.unknown) >= LogsLimit {
		return
	}
	if ok {
		if o, err := ledger.PeekCheckpoint(old.GetCheckpoint()); err == nil && o.Size > h.Head.Size {
			return
		}
	}
	s.unknown[h.Head.Log] = &nodev1.Head{Checkpoint: h.Head.Note, Held: h.Held}
}

func (s *session) takeUnknown() []*nodev1.Head {
	var heads []*nodev1.Head
	for _, log := range slices.SortedFunc(maps.Keys(s.unknown), ledger.LogID.Compare) {
		heads = append(heads, s.unknown[log])
	}
	clear(s.unknown)
	return heads
}

func (c *Core) tickSession(s *session) {
	idle := c.now - s.since
	switch {
	case s.phase == greeting && idle >= HelloWithin:
		c.refuse(s, refuse(reasonProtocol, "no Hello within %s", HelloWithin))
	case s.phase == waiting && idle >= ProbeFor:
		if o := c.sessions[s.rival]; o != nil {
			c.refuse(o, refuse(reasonRedundant, "your office's writer has connected again; this session did not answer within %s", ProbeFor))
		}
		c.admitAfter(s)
	case s.phase == talking:
		c.listAgain(s)
	}
}

// listAgain compares again when all is done and yet the roots differ: whatever was
// missed, the digest notices (protocol.md 1).
func (c *Core) listAgain(s *session) {
	if s.peerRoot == c.Root() || c.hasFrame(s) || s.inflight > 0 || c.now-s.quietSince < s.listPause {
		return
	}
	s.listing = c.listable()
	s.quietSince = c.now
	s.listPause = min(2*s.listPause, ListMost)
	c.emit(Wake{s.id})
}
