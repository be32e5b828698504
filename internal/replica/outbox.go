package replica

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// hasFrame says whether write would send something.
func (c *Core) hasFrame(s *session) bool {
	switch {
	case s.phase == closing:
		return s.refused != nil
	case !s.helloSaid || s.probeReply != nil || s.probe != nil || s.suspicion != nil || s.challenge != nil:
		return true
	case s.phase != established:
		return false
	}
	return len(s.listing)+len(s.news)+len(s.seen) > 0 || c.owesReceipts(s) || c.owesInSync(s) || c.owesStamps(s)
}

// write sends the one frame that matters most now. Frames are made when the stream
// takes them, not before: what is sent is the newest state, and a slow peer gets
// fewer frames, not older ones.
func (c *Core) write(s *session, ev Writable) {
	f := c.nextFrame(s)
	if f == nil {
		return
	}
	if h := f.GetHello(); h != nil {
		s.saidInDoubt, h.InDoubt = ev.InDoubt, ev.InDoubt
		if !ev.Now.IsZero() {
			h.ClockTime = &timestamppb.Timestamp{Seconds: ev.Now.Unix()}
		}
	}
	last := f.GetRefusal() != nil
	c.emit(Send{s.id, f, last})
	if last {
		c.close(s.id)
		return
	}
	if c.hasFrame(s) {
		c.emit(Wake{s.id})
	}
}

// nextFrame takes one frame out of the outbox.
//
// What it is there for: a peer takes one frame an hour while the office here publishes
// every minute. A queue of events would grow by the backlog, and the peer would fetch
// sixty heads one by one, all but the last of them overtaken. So the outbox is a set of
// logs, and what is said of a log is looked up only now.
//
// The order is that of what would be lost by waiting: an answer that proves this side is
// there must not stand behind pages of heads; news comes before receipts, for the peer
// can do something about news; what was only seen comes after those, and stamps last. When the roots are equal
// the peer has it all: InSync says so in 36 bytes, whatever was pending.
func (c *Core) nextFrame(s *session) *nodev1.Frame {
	switch {
	case s.phase == closing:
		return &nodev1.Frame{Message: &nodev1.Frame_Refusal{Refusal: s.refused.message()}}
	case !s.helloSaid:
		s.helloSaid = true
		s.toldRoot, s.toldStamps = c.Root(), c.stampsRoot()
		if s.phase == established {
			c.compare(s) // the peer was quicker: its Hello waited for ours
		}
		return &nodev1.Frame{Message: &nodev1.Frame_Hello{Hello: &nodev1.Hello{
			ProtocolMin: ProtocolMin, ProtocolMax: ProtocolMax,
			Federation: c.cfg.Federation, Office: c.cfg.Office,
			Node: slices.Clone(c.node[:]), Instance: slices.Clone(c.cfg.Instance[:]), Role: ledgerv1.NodeRole_NODE_ROLE_WRITER,
			FrontierRoot: slices.Clone(s.toldRoot[:]), HeadCount: uint32(len(c.held)),
			StampsRoot: slices.Clone(s.toldStamps[:]),
		}}}
	case s.probeReply != nil:
		f := &nodev1.Frame{Message: &nodev1.Frame_ProbeReply{ProbeReply: s.probeReply}}
		s.probeReply = nil
		return f
	case s.probe != nil:
		f := &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: s.probe}}
		s.probe = nil
		return f
	case s.suspicion != nil:
		f := &nodev1.Frame{Message: &nodev1.Frame_Suspicion{Suspicion: s.suspicion}}
		s.suspicion = nil
		return f
	case s.challenge != nil:
		f := &nodev1.Frame{Message: &nodev1.Frame_Challenge{Challenge: s.challenge}}
		s.challenge = nil
		return f
	case s.phase != established:
		return nil
	}
	if s.peerRoot == c.Root() {
		s.listing = nil
		clear(s.news)
		clear(s.receipts)
	}
	var pending map[ledger.LogID]bool
	switch {
	case len(s.listing) > 0:
		page, n := c.headsPage(s, s.listing)
		for _, log := range s.listing[:n] {
			delete(s.news, log)
			delete(s.receipts, log)
			delete(s.seen, log)
		}
		s.listing = s.listing[n:]
		page.Full, page.More = true, len(s.listing) > 0
		return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: page}}
	case len(s.news) > 0:
		pending = s.news
	case c.owesReceipts(s):
		pending = s.receipts
	case len(s.seen) > 0:
		pending = s.seen
	case c.owesInSync(s):
		s.confirm = false
		s.toldRoot = c.Root()
		return &nodev1.Frame{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: slices.Clone(s.toldRoot[:])}}}
	case c.owesStamps(s):
		return &nodev1.Frame{Message: &nodev1.Frame_Stamps{Stamps: c.stampsPage(s)}}
	default:
		return nil
	}
	logs := c.inOrder(maps.Keys(pending))
	page, n := c.headsPage(s, logs)
	for _, log := range logs[:n] {
		delete(pending, log)
	}
	page.More = len(pending) > 0
	return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: page}}
}

// owesReceipts: the peer does not know yet that this node now holds what the peer
// has. While more is being fetched from it a receipt would be out of date at once.
func (c *Core) owesReceipts(s *session) bool {
	return len(s.receipts) > 0 && s.inflight == 0 && s.peerRoot != c.Root()
}

func (c *Core) owesInSync(s *session) bool {
	return s.peerRoot == c.Root() && (s.confirm || s.toldRoot != c.Root())
}

// fullList is what a full list tells of: every log held, and every log long known
// and not got.
func (c *Core) fullList() []ledger.LogID {
	logs := slices.Collect(maps.Keys(c.held))
	for log, p := range c.pending {
		if _, held := c.held[log]; p.passedOn && !held {
			logs = append(logs, log)
		}
	}
	return c.inOrder(slices.Values(logs))
}

// pageRoom is what is left for heads in a frame, its own fields taken off.
const pageRoom = FrameLimit - 64

// headsPage makes a page of what this node says of as many of these logs, from the
// first, as a frame takes: the head it holds and, when it has known of a newer one for a
// while without getting it, that one as seen; so with one that contradicts what it holds. The
// page makes the peer know our root.
func (c *Core) headsPage(s *session, logs []ledger.LogID) (page *nodev1.Heads, n int) {
	s.toldRoot = c.Root()
	page = &nodev1.Heads{FrontierRoot: slices.Clone(s.toldRoot[:])}
	room := pageRoom
	for _, log := range logs {
		var lines []*nodev1.Head
		if h, ok := c.held[log]; ok {
			lines = append(lines, &nodev1.Head{Checkpoint: h.Note, Held: true})
		}
		if p := c.pending[log]; p != nil && p.passedOn {
			lines = append(lines, &nodev1.Head{Checkpoint: p.seen.Note})
		}
		if other, ok := c.contrary[log]; ok {
			lines = append(lines, &nodev1.Head{Checkpoint: other.Note})
		}
		for _, h := range lines {
			room -= proto.Size(h) + 4
		}
		if room < 0 || len(page.Heads)+len(lines) > HeadsLimit {
			break
		}
		page.Heads = append(page.Heads, lines...)
		n++
	}
	return page, n
}
