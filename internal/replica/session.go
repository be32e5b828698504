package replica

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// phase is how far a conversation is.
type phase int

const (
	// awaitingHello: the peer has not said Hello yet.
	awaitingHello phase = iota
	// awaitingProbe: an older writer of the same office is being probed.
	awaitingProbe
	// established: heads go both ways.
	established
	// closing: a refusal is on its way out; nothing that arrives counts any more.
	closing
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
	helloAt   time.Duration // when it came
	helloSaid bool
	// saidInDoubt: that Hello said that what is held here may be an old copy.
	saidInDoubt bool
	toldRoot    [32]byte // the last root this side told the peer
	peerRoot    [32]byte // the last root the peer told this side
	confirm     bool     // say InSync although the peer can tell from the Hellos

	claims  map[ledger.LogID]uint64       // what the peer said it holds and serves
	listed  bool                          // the peer has said so of all it holds
	agreed  uint64                        // the peer holds everything as of this version
	unknown map[ledger.LogID]*nodev1.Head // of logs the register does not know yet

	unknownStamps map[ledger.LogID][]byte // of such logs
	toldStamps    [8]byte                 // the root over stamps in this side's Hello

	// The outbox: what is still to be said. Frames are made of it when the stream takes
	// them.
	listing    []ledger.LogID        // still to be listed in full
	news       map[ledger.LogID]bool // held here, and not there as far as is known
	receipts   map[ledger.LogID]bool // held here now, and there before
	seen       map[ledger.LogID]bool // behind here, or of two histories: the head not held is passed on as seen
	stamps     map[ledger.LogID]bool // newer here than the peer is known to have them
	stampsDue  time.Duration         // not to be said before
	suspicion  *nodev1.Suspicion     // of the other instance
	challenge  *nodev1.Challenge     // that a suspicion be proved
	probe      *nodev1.Probe         // to ask with
	probeReply *nodev1.ProbeReply    // to answer with
	refused    *Refused              // to be said last

	duplicateOf  SessionID         // of the same writer, being probed; 0: this node itself
	accused      bool              // the peer was told of another instance
	challenger   *nodev1.Challenge // its answer to that
	drawn        *drawn            // this node's, when it was told so
	probeAwaited uint64            // nonce asked with, not yet answered
	inflight     int               // fetches
	quietSince   time.Duration
	bodiesAsked  time.Duration // when the peer was asked for the bodies missing here
	listPause    time.Duration
}

// open begins a session, unless the peer is not to be talked to at all. A session that
// was refused does not count: its last frame is all that is left of it.
func (c *Core) open(ev Opened) {
	s := &session{
		id: ev.Session, peer: ev.Peer, node: NodeOf(ev.Peer.Key), since: c.now,
		claims: map[ledger.LogID]uint64{}, unknown: map[ledger.LogID]*nodev1.Head{},
		news: map[ledger.LogID]bool{}, receipts: map[ledger.LogID]bool{}, seen: map[ledger.LogID]bool{},
		stamps: map[ledger.LogID]bool{}, unknownStamps: map[ledger.LogID][]byte{},
		listPause: ListFirst,
	}
	all, ofNode := 0, 0
	for _, o := range c.sessions {
		if o.phase != closing {
			all++
			if o.node == s.node {
				ofNode++
			}
		}
	}
	c.sessions[s.id] = s
	c.order = append(c.order, s.id)
	switch {
	case ev.Peer.Office == "" && !ev.Peer.Pinned:
		c.refuse(s, newRefused(reasonUnlisted, "the register held here does not have your node's key: ask the keeper to admit it, or wait until this node has the newest register"))
	case c.quarantined(s.node):
		c.refuse(s, newRefused(reasonQuarantined, "what your node sent did not verify: check its data with lmcnode check"))
	case ofNode >= NodeSessionsLimit:
		c.refuse(s, newRefused(reasonBusy, "your node has %d sessions here already", ofNode))
	case all >= SessionsLimit:
		c.refuse(s, newRefused(reasonBusy, "this node has %d sessions already", all))
	default:
		c.emit(Wake{s.id})
	}
}

// close forgets a session and hands what it was fetching to others. A newcomer that
// waited for it to show that it is there may be admitted now.
func (c *Core) close(id SessionID) {
	if c.sessions[id] == nil {
		return
	}
	delete(c.sessions, id)
	c.order = slices.DeleteFunc(c.order, func(o SessionID) bool { return o == id })
	c.dropFetches(id)
	c.each(func(o *session) {
		if o.phase == awaitingProbe && o.duplicateOf == id {
			c.admit(o)
		}
	})
}

// refuse ends a session: one last frame says why.
func (c *Core) refuse(s *session, r *Refused) {
	if s.phase == closing {
		return
	}
	s.phase, s.since, s.refused = closing, c.now, r
	c.dropFetches(s.id)
	c.emit(End{s.id, r})
	c.emit(Wake{s.id})
}

// receive takes a frame of the peer. Hello comes first and once: until it has said who
// it is and what it holds, nothing else that a peer says of its logs is taken.
func (c *Core) receive(s *session, ev Received) {
	if s.phase == closing {
		return
	}
	tooEarly := func(what string) bool {
		if s.phase == awaitingHello {
			c.refuse(s, newRefused(reasonProtocol, "%s before Hello", what))
			return true
		}
		s.quietSince = c.now
		return false
	}
	switch m := ev.Frame.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		c.receiveHello(s, m.Hello)
	case *nodev1.Frame_Heads:
		if tooEarly("Heads") {
			return
		}
		c.takeHeads(s, ev.Heads)
		if s.phase == closing {
			return
		}
		c.heardRoot(s, m.Heads.GetFrontierRoot())
		s.listed = s.listed || m.Heads.GetFull() && !m.Heads.GetMore()
		c.hasHeard = c.hasHeard || s.listed
		if m.Heads.GetFull() && s.peerRoot == c.Root() {
			s.confirm = true // who lists everything wants to know how we stand
		}
	case *nodev1.Frame_InSync:
		if !tooEarly("InSync") {
			c.heardRoot(s, m.InSync.GetFrontierRoot())
		}
	case *nodev1.Frame_Stamps:
		if !tooEarly("Stamps") {
			c.takeStamps(s, ev.Stamps, ev.Now)
		}
	case *nodev1.Frame_Suspicion:
		if !tooEarly("Suspicion") {
			c.suspected(s, m.Suspicion)
		}
	case *nodev1.Frame_Challenge:
		if !tooEarly("Challenge") {
			c.challenged(s, m.Challenge)
		}
	case *nodev1.Frame_Probe:
		if !tooEarly("Probe") {
			c.probed(s, m.Probe)
		}
	case *nodev1.Frame_ProbeReply:
		if !tooEarly("ProbeReply") {
			c.answered(s, m.ProbeReply)
		}
	case *nodev1.Frame_Refusal:
		r := refusedBy(m.Refusal)
		if r.Reason == reasonDuplicate {
			c.refusedAsDuplicate(s, r, m.Refusal.GetProof())
		}
		c.emit(End{s.id, r})
		c.close(s.id)
	default:
		c.refuse(s, newRefused(reasonProtocol, "a frame this version does not know: it should not have been sent in version %d", ProtocolMax))
	}
}

// receiveHello holds what the peer says it is against what TLS and the register say.
func (c *Core) receiveHello(s *session, h *nodev1.Hello) {
	switch {
	case s.phase != awaitingHello:
		c.refuse(s, newRefused(reasonProtocol, "a second Hello"))
	case h.GetProtocolMin() > ProtocolMax || h.GetProtocolMax() < ProtocolMin:
		r := newRefused(reasonProtocol, "you speak versions %d to %d, this node %d to %d: upgrade the older one",
			h.GetProtocolMin(), h.GetProtocolMax(), ProtocolMin, ProtocolMax)
		r.cause = ErrVersion
		c.refuse(s, r)
	case h.GetFederation() != c.cfg.Federation:
		c.refuse(s, newRefused(reasonProtocol, "your federation is %q, this node's is %q", h.GetFederation(), c.cfg.Federation))
	case !bytes.Equal(h.GetNode(), s.node[:]):
		c.refuse(s, newRefused(reasonProtocol, "the node named in Hello is not the one whose key was shown"))
	case h.GetOffice() != s.peer.Office && !s.peer.Pinned:
		c.refuse(s, newRefused(reasonProtocol, "Hello names the office %q, the register gives your key to %q", h.GetOffice(), s.peer.Office))
	default:
		s.hello, s.helloAt = h, c.now
		s.peerRoot = [32]byte(h.GetFrontierRoot())
		c.admit(s)
	}
}

// admit begins the exchange, unless the session has to give way to another or wait for
// it. A missing body is a lasting want, asked for at every connect and from then on (protocol.md 1).
func (c *Core) admit(s *session) {
	if !c.settleDuplicates(s) {
		return
	}
	s.phase, s.since, s.duplicateOf, s.quietSince, s.bodiesAsked = established, c.now, 0, c.now, c.now
	c.startFetch(s, nil)
	if s.helloSaid {
		c.compare(s)
	}
}

// compare compares the roots of the two Hellos. When they are equal both sides can
// tell from the Hellos alone; the side that was dialled confirms it. So with the roots over
// stamps, where nothing has to be confirmed. What is known here and not held is in no root, and
// told in any case.
func (c *Core) compare(s *session) {
	switch theirs := s.hello.GetStampsRoot(); {
	case len(theirs) == 0: // it wants none
		clear(s.stamps)
	case !bytes.Equal(theirs, s.toldStamps[:]):
		for log := range c.stamps {
			s.stamps[log] = true
		}
		s.stampsDue = c.now
	}
	for log := range c.contrary {
		s.seen[log] = true
	}
	for log, p := range c.pending {
		if p.passedOn {
			s.seen[log] = true
		}
	}
	if s.peerRoot == s.toldRoot {
		s.confirm = !s.peer.Dialled
		c.heardRoot(s, s.peerRoot[:])
	} else {
		s.listing = c.fullList()
	}
	c.emit(Wake{s.id})
}

// heardRoot notes what the peer's frontier is; when it is ours, the peer holds
// everything held here.
func (c *Core) heardRoot(s *session, root []byte) {
	s.peerRoot = [32]byte(root)
	if s.peerRoot == c.Root() {
		s.agreed, s.listed, c.hasHeard = c.version, true, true
		clear(s.claims)
		c.emit(Wake{s.id})
	}
}

// takeHeads takes heads whose signatures were checked: only those of a log key of the
// register count.
func (c *Core) takeHeads(s *session, heads []CheckedHead) {
	for _, h := range heads {
		if s.phase == closing {
			return
		}
		switch h.Signature {
		case SignatureInvalid:
			c.penalise(s, "a head of "+h.Head.Log.String()+" that none of its keys signed")
			continue
		case SignatureUnknownKey:
			s.keepUnknown(h)
			continue
		}
		log, own := h.Head.Log, c.held[h.Head.Log]
		if h.Head.Size == own.Size && h.Head.Size > 0 && h.Head.Root != own.Root {
			c.fork(own, h.Head)
		}
		if c.forked[log] {
			continue
		}
		if h.Held {
			s.claims[log] = max(s.claims[log], h.Head.Size)
		}
		if h.Head.Size > own.Size {
			c.pendingHead(h.Head)
			continue
		}
		// A shorter head is for the store to compare: only there are the hashes of that
		// size. A peer that is behind says the same one again and again.
		if last := c.shorter[log]; h.Head.Size > 0 && h.Head.Size < own.Size && (last.Size != h.Head.Size || last.Root != h.Head.Root) {
			c.shorter[log] = h.Head
			c.emit(RecordSeen{h.Head})
		}
		if s.news[log] && s.claims[log] >= own.Size {
			delete(s.news, log)
			s.receipts[log] = true
		}
	}
}

// keepUnknown keeps a head whose log the register does not know yet.
func (s *session) keepUnknown(h CheckedHead) {
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

// fork: two heads that contradict each other, both validly signed. That is the office's
// doing, whoever passed them on. What is held is kept, and once it is contradicted
// nothing more of that log is taken. Frontiers that differ by it stay different; the
// digest never calls them equal. Everybody is told of the other head: the office's own node
// may be connected to nobody else who knows, and go on writing what nobody takes.
func (c *Core) fork(held, other ledger.Checkpoint) {
	log := other.Log
	if _, known := c.forked[log]; !known {
		c.forked[log] = false
		c.emit(Alarm{
			Code: AlarmFork, Office: log.Office, Log: log,
			Words: fmt.Sprintf("%s has signed two histories: its heads of %s at size %d and at size %d contradict each other; ask the office which is right", log.Office, log, held.Size, other.Size),
		})
	}
	if c.forked[log] || held.Size == 0 || held.Size > c.held[log].Size {
		return
	}
	c.forked[log], c.contrary[log] = true, other
	c.emit(RecordFork{other})
	c.caughtUp(log)
	delete(c.shorter, log)
	c.each(func(s *session) {
		delete(s.claims, log) // perhaps of the other history
		s.seen[log] = true
		c.emit(Wake{s.id})
	})
}

func (c *Core) tickSession(s *session) {
	switch idle := c.now - s.since; {
	case s.phase == awaitingHello && idle >= HelloWithin:
		c.refuse(s, newRefused(reasonProtocol, "no Hello within %s", HelloWithin))
	case s.phase == awaitingProbe && idle >= ProbeFor && s.challenger == nil:
		c.refuse(s, newRefused(reasonBusy, "another instance of your node is connected, and this one did not ask for a proof within %s", ProbeFor))
	case s.phase == awaitingProbe && idle >= ProbeFor:
		if o := c.sessions[s.duplicateOf]; o != nil {
			c.refuse(o, newRefused(reasonRedundant, "your office's writer has connected again; this session did not answer within %s", ProbeFor))
		}
		c.admit(s)
	case s.phase == established:
		if c.owesStamps(s) {
			c.emit(Wake{s.id})
		}
		// All is done and yet the roots differ: whatever was missed, the digest notices, and
		// heads are listed again (protocol.md 1).
		if s.peerRoot != c.Root() && !c.hasFrame(s) && s.inflight == 0 && c.now-s.quietSince >= s.listPause {
			s.listing = c.fullList()
			s.quietSince = c.now
			s.listPause = min(2*s.listPause, ListMost)
			c.emit(Wake{s.id})
		}
		if c.now-s.bodiesAsked >= BodiesEvery && s.inflight < FetchesLimit {
			s.bodiesAsked = c.now
			c.startFetch(s, nil)
		}
	}
}
