package replica

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// chase is a log of which a newer head is known than is held.
type chase struct {
	log ledger.LogID
	// seen is the newest validly signed head known.
	seen  ledger.Checkpoint
	since time.Duration
	// told: that it is behind was made durable and passed on.
	told bool
	// fetch is the one that is bringing it; 0: none. One source at a time.
	fetch FetchID
	// tried is how sources did, so that the next is asked next.
	tried map[NodeID]attempt
}

// attempt is how a source did with a log.
type attempt struct {
	failures int
	until    time.Duration // not to be asked before
}

// fetch is one request to one peer.
type fetch struct {
	id       FetchID
	session  SessionID
	logs     []Target
	bodies   bool
	progress time.Duration // when it last made progress, or began
	moved    map[ledger.LogID]bool
	given    bool // given up: its logs may be asked for elsewhere
}

// splitAt is the number of entries from which a request is split in two, so that one
// half is verified while the other is being written.
const splitAt = 1000

// chase notes that a newer head exists.
func (c *Core) chase(h ledger.Checkpoint) {
	ch := c.chases[h.Log]
	if ch == nil {
		if len(c.chases) >= LogsLimit {
			return
		}
		ch = &chase{log: h.Log, since: c.now, tried: map[NodeID]attempt{}}
		c.chases[h.Log] = ch
	}
	if h.Size <= ch.seen.Size {
		c.emit(See{h}) // entries that came from elsewhere may reach just this size
		return
	}
	ch.seen = h
	c.emit(See{h})
	if ch.told {
		c.tell(ch)
	}
}

// tell passes on that a log is behind: a relay that withholds entries is found out
// because others have seen their head.
func (c *Core) tell(ch *chase) {
	ch.told = true
	c.each(func(s *session) {
		if s.helloSaid && s.claims[ch.log] < ch.seen.Size {
			s.warnings[ch.log] = true
			c.emit(Wake{s.id})
		}
	})
}

// caughtUp ends the chase of a log when what is held is the newest known.
func (c *Core) caughtUp(h ledger.Checkpoint) {
	ch := c.chases[h.Log]
	if ch == nil {
		return
	}
	clear(ch.tried)
	if h.Size >= ch.seen.Size {
		delete(c.chases, h.Log)
	}
}

// schedule assigns every log that is behind and that nobody is bringing to one
// source, and asks each source for many logs at once.
func (c *Core) schedule() {
	if len(c.chases) == 0 || c.now < c.paused {
		return
	}
	asks := map[SessionID][]Target{}
	load := map[SessionID]uint64{}
	for _, log := range c.keeperFirst(slices.SortedFunc(maps.Keys(c.chases), ledger.LogID.Compare)) {
		ch := c.chases[log]
		if ch.fetch != 0 {
			continue
		}
		if s := c.source(ch, load); s != nil {
			asks[s.id] = append(asks[s.id], Target{log, s.claims[log]})
			load[s.id] += s.claims[log] - c.held[log].Size
		}
	}
	for _, id := range slices.Sorted(maps.Keys(asks)) {
		c.ask(c.sessions[id], asks[id])
	}
}

// source picks who is asked for a log: whoever failed it least often, then whoever
// has least to do, then the oldest session.
func (c *Core) source(ch *chase, load map[SessionID]uint64) *session {
	var best *session
	for _, id := range c.order {
		s := c.sessions[id]
		if !c.canServe(s, ch) {
			continue
		}
		if best == nil || cmp.Or(
			cmp.Compare(ch.tried[s.node].failures, ch.tried[best.node].failures),
			cmp.Compare(s.inflight, best.inflight),
			cmp.Compare(load[s.id], load[best.id])) < 0 {
			best = s
		}
	}
	return best
}

func (c *Core) canServe(s *session, ch *chase) bool {
	return s.phase == talking && s.inflight < FetchesLimit &&
		s.claims[ch.log] > c.held[ch.log].Size && ch.tried[s.node].until <= c.now
}

// ask starts the fetches of one session: the keeper's log alone, for the others may
// need the keys in it; the rest in one or two halves.
func (c *Core) ask(s *session, targets []Target) {
	if targets[0].Log == c.cfg.Keeper {
		c.start(s, targets[:1])
		targets = targets[1:]
	}
	for _, part := range c.split(targets) {
		for chunk := range slices.Chunk(part, RangesLimit) {
			if s.inflight < FetchesLimit {
				c.start(s, chunk)
			}
		}
	}
}

// split halves the work by entries when it is worth it.
func (c *Core) split(targets []Target) [][]Target {
	var a, b []Target
	var na, nb uint64
	for _, t := range targets {
		n := t.Size - c.held[t.Log].Size
		if na <= nb {
			a, na = append(a, t), na+n
		} else {
			b, nb = append(b, t), nb+n
		}
	}
	if na+nb < splitAt {
		return [][]Target{targets}
	}
	return [][]Target{a, b}
}

func (c *Core) start(s *session, targets []Target) {
	f := c.newFetch(s)
	f.logs = slices.Clone(targets)
	for _, t := range targets {
		c.chases[t.Log].fetch = f.id
	}
	c.emit(Fetch{Session: s.id, Fetch: f.id, Logs: f.logs})
}

// startBodies asks a peer that has just connected for bodies that are missing here:
// a missing body is wanted until it is there (protocol.md 1).
func (c *Core) startBodies(s *session) {
	f := c.newFetch(s)
	f.bodies = true
	c.emit(Fetch{Session: s.id, Fetch: f.id, Bodies: true})
}

func (c *Core) newFetch(s *session) *fetch {
	c.last++
	f := &fetch{id: c.last, session: s.id, progress: c.now, moved: map[ledger.LogID]bool{}}
	c.fetches[f.id] = f
	s.inflight++
	return f
}

func (c *Core) progress(ev Progressed) {
	f := c.fetches[ev.Fetch]
	if f == nil {
		return
	}
	f.progress = c.now
	for _, log := range ev.Logs {
		f.moved[log] = true
	}
}

// done takes the end of a fetch. What it did not bring is asked for again: elsewhere
// first, and from the same source after a pause.
func (c *Core) done(ev Done) {
	f := c.fetches[ev.Fetch]
	if f == nil {
		return
	}
	delete(c.fetches, f.id)
	s := c.sessions[f.session]
	s.inflight--
	s.quietSince = c.now
	c.release(f, s.node, ev.RetryAfter)
	if ev.Outcome == Bad {
		c.blame(s, ev)
	}
	if ev.Outcome == Local {
		c.paused = c.now + LocalPause
	}
	if c.hasFrame(s) {
		c.emit(Wake{s.id})
	}
}

// blame counts against a peer what it spoilt. One log counts once: a peer whose copy
// of it is damaged is still of use for the others. One that is known to be forked does
// not: what is wrong here may be right in the other history.
func (c *Core) blame(s *session, ev Done) {
	if len(ev.Bad) == 0 {
		c.penalise(s, ev.Err.Error())
	}
	for _, log := range ev.Bad {
		_, forked := c.forked[log]
		if st := c.standing[s.node]; forked || st != nil && st.blamed[log] {
			continue
		}
		c.penalise(s, ev.Err.Error())
		c.standing[s.node].blamed[log] = true
	}
}

// release takes the logs of a fetch away from it.
func (c *Core) release(f *fetch, node NodeID, pause time.Duration) {
	for _, t := range f.logs {
		ch := c.chases[t.Log]
		if ch == nil || ch.fetch != f.id {
			continue
		}
		ch.fetch = 0
		if f.moved[t.Log] {
			delete(ch.tried, node)
			continue
		}
		a := ch.tried[node]
		wait := min(RetryFirst<<min(a.failures, 10), RetryMost)
		ch.tried[node] = attempt{a.failures + 1, c.now + max(wait, pause)}
	}
}

// dropFetches forgets the fetches of a session that is over.
func (c *Core) dropFetches(id SessionID) {
	for _, fid := range slices.Sorted(maps.Keys(c.fetches)) {
		f := c.fetches[fid]
		if f.session != id {
			continue
		}
		delete(c.fetches, fid)
		c.emit(Cancel{id, fid})
		for _, t := range f.logs {
			if ch := c.chases[t.Log]; ch != nil && ch.fetch == fid {
				ch.fetch = 0
			}
		}
	}
	if s := c.sessions[id]; s != nil {
		s.inflight = 0
	}
}

// tickFetch moves on from a source that makes no progress, when there is another.
// With no other it waits: on a slow line giving up would only begin again.
func (c *Core) tickFetch(f *fetch) {
	if f.given || c.now-f.progress < StallAfter || !c.hasOther(f) {
		return
	}
	f.given = true
	c.emit(Cancel{f.session, f.id})
	c.release(f, c.sessions[f.session].node, 0)
}

func (c *Core) hasOther(f *fetch) bool {
	for _, t := range f.logs {
		ch := c.chases[t.Log]
		if ch == nil || ch.fetch != f.id {
			continue
		}
		for _, id := range c.order {
			if id != f.session && c.canServe(c.sessions[id], ch) {
				return true
			}
		}
	}
	return false
}

func (c *Core) tickChase(ch *chase) {
	if !ch.told && c.now-ch.since >= SeenAfter {
		c.tell(ch)
	}
}
