package replica

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// hasFrame says whether write would send something.
func (c *Core) hasFrame(s *session) bool {
	switch {
	case s.phase == ending:
		return s.refused != nil
	case !s.helloSaid || s.reply != nil || s.probe != 0:
		return true
	case s.phase != talking:
		return false
	}
	return len(s.listing)+len(s.news)+len(s.warnings) > 0 || c.owesReceipts(s) || c.owesInSync(s)
}

// write sends the one frame that matters most now. Frames are made when the stream
// takes them, not before: what is sent is the newest state, and a slow peer gets
// fewer frames, not older ones.
func (c *Core) write(s *session) {
	f := c.nextFrame(s)
	if f == nil {
		return
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

func (c *Core) nextFrame(s *session) *nodev1.Frame {
	switch {
	case s.phase == ending:
		return s.refused.frame()
	case !s.helloSaid:
		return c.hello(s)
	case s.reply != nil:
		nonce := s.reply.GetNonce()
		s.reply = nil
		return &nodev1.Frame{Message: &nodev1.Frame_ProbeReply{ProbeReply: &nodev1.ProbeReply{Nonce: nonce}}}
	case s.probe != 0:
		nonce := s.probe
		s.probe = 0
		return &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: &nodev1.Probe{Nonce: nonce}}}
	case s.phase != talking:
		return nil
	}
	return c.stateFrame(s)
}

// stateFrame says what this node holds. When the roots are equal the peer has it
// all: InSync says so in 36 bytes, whatever was pending.
func (c *Core) stateFrame(s *session) *nodev1.Frame {
	if s.peerRoot == c.Root() {
		s.listing = nil
		clear(s.news)
		clear(s.receipts)
	}
	switch {
	case len(s.listing) > 0:
		return c.listPage(s)
	case len(s.news) > 0:
		return c.pendingPage(s, s.news)
	case c.owesReceipts(s):
		return c.pendingPage(s, s.receipts)
	case len(s.warnings) > 0:
		return c.pendingPage(s, s.warnings)
	case c.owesInSync(s):
		s.confirm = false
		s.told = c.Root()
		return &nodev1.Frame{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: slices.Clone(s.told[:])}}}
	}
	return nil
}

// owesReceipts: the peer does not know yet that this node now holds what the peer
// has. While more is being fetched from it a receipt would be out of date at once.
func (c *Core) owesReceipts(s *session) bool {
	return len(s.receipts) > 0 && s.inflight == 0 && s.peerRoot != c.Root()
}

func (c *Core) owesInSync(s *session) bool {
	return s.peerRoot == c.Root() && (s.confirm || s.told != c.Root())
}

func (c *Core) hello(s *session) *nodev1.Frame {
	s.helloSaid = true
	s.told = c.Root()
	if s.phase == talking {
		c.compare(s) // the peer was quicker: its Hello waited for ours
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Hello{Hello: &nodev1.Hello{
		ProtocolMin: ProtocolMin, ProtocolMax: ProtocolMax,
		Federation: c.cfg.Federation, Office: c.cfg.Office,
		Node: slices.Clone(c.node[:]), Instance: slices.Clone(c.cfg.Instance[:]), Role: c.cfg.Role,
		FrontierRoot: slices.Clone(s.told[:]), HeadCount: uint32(len(c.held)),
	}}}
}

// listable is what a full list tells of: every log held, and every log long known
// and not got.
func (c *Core) listable() []ledger.LogID {
	logs := slices.Collect(maps.Keys(c.held))
	for log, ch := range c.chases {
		if _, held := c.held[log]; ch.told && !held {
			logs = append(logs, log)
		}
	}
	slices.SortFunc(logs, ledger.LogID.Compare)
	return c.keeperFirst(logs)
}

// listPage is the next page of the full list.
func (c *Core) listPage(s *session) *nodev1.Frame {
	p := c.newPage(s)
	for len(s.listing) > 0 && p.add(c.lines(s.listing[0])) {
		delete(s.news, s.listing[0])
		delete(s.receipts, s.listing[0])
		s.listing = s.listing[1:]
	}
	p.heads.Full = true
	p.heads.More = len(s.listing) > 0
	return p.frame()
}

// pendingPage drains as much of a pending map as a frame takes.
func (c *Core) pendingPage(s *session, pending map[ledger.LogID]bool) *nodev1.Frame {
	p := c.newPage(s)
	for _, log := range c.keeperFirst(slices.SortedFunc(maps.Keys(pending), ledger.LogID.Compare)) {
		if !p.add(c.lines(log)) {
			break
		}
		delete(pending, log)
	}
	p.heads.More = len(pending) > 0
	return p.frame()
}

// lines is what this node says of a log: the head it holds and, when it has known of
// a newer one for a while without getting it, that one as seen.
func (c *Core) lines(log ledger.LogID) []*nodev1.Head {
	var lines []*nodev1.Head
	if h, ok := c.held[log]; ok {
		lines = append(lines, &nodev1.Head{Checkpoint: h.Note, Held: true})
	}
	if ch := c.chases[log]; ch != nil && ch.told {
		lines = append(lines, &nodev1.Head{Checkpoint: ch.seen.Note})
	}
	return lines
}

// page is a Heads frame being filled up to the limits of a frame.
type page struct {
	heads *nodev1.Heads
	size  int
}

// pageRoom is what is left for heads in a frame, its own fields taken off.
const pageRoom = FrameLimit - 64

// newPage begins a page. What it says makes the peer know our root.
func (c *Core) newPage(s *session) *page {
	s.told = c.Root()
	return &page{heads: &nodev1.Heads{FrontierRoot: slices.Clone(s.told[:])}}
}

// add adds the lines of one log, or says that they do not fit.
func (p *page) add(lines []*nodev1.Head) bool {
	size := 0
	for _, h := range lines {
		size += proto.Size(h) + 4
	}
	if len(p.heads.Heads)+len(lines) > HeadsLimit || p.size+size > pageRoom {
		return false
	}
	p.heads.Heads = append(p.heads.Heads, lines...)
	p.size += size
	return true
}

func (p *page) frame() *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: p.heads}}
}
