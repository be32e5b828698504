package replica

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// progress is how far this node has come with one log of which it knows a newer head
// than it holds.
//
// What it is there for: the hub and Kent both announce essex/7. The hub is asked, takes
// the request and says nothing more: it is slow, or it withholds. After StallAfter the
// fetch is given up and Kent is asked. If Kent sends what does not lead to the head, both
// have failed once, and each is asked again after a pause that doubles; a log is never
// given up. Meanwhile, after SeenAfter, the head goes to all peers as seen, so that a
// relay that withholds is found out by those behind it.
//
// What holds of each, between two steps of the core:
//
//   - seen.Size is above the size held: commit ends it when it is reached;
//   - the log is not frozen by a fork;
//   - fetch is 0, or a running fetch that has this log and was not given up: one source
//     at a time, so that nothing comes twice;
//   - tried empties whenever the log grows: who failed at another size may have this one.
type progress struct {
	log ledger.LogID
	// seen is the newest validly signed head known.
	seen  ledger.Checkpoint
	since time.Duration
	// passedOn: peers were told of seen, and are told of each newer one.
	passedOn bool
	fetch    FetchID
	tried    map[NodeID]attempt
}

// attempt is how a source did with a log.
type attempt struct {
	failures int
	until    time.Duration // not to be asked before
}

// fetch is one request to one peer. It is in Core.fetches until Done says that it has
// ended or its session is over, given up or not: what was asked of a peer counts as in
// flight until the peer has stopped.
type fetch struct {
	id         FetchID
	session    SessionID
	logs       []Target      // empty: late bodies
	progressed time.Duration // when it last brought something, or began
	moved      map[ledger.LogID]bool
	givenUp    bool // its logs may be asked for elsewhere
}

// splitAt is the number of entries from which a request is split in two, so that one
// half is verified while the other is being written.
const splitAt = 1000

// pendingHead notes that a head newer than the one held exists. The store is told each
// time: entries that came from elsewhere may reach just this size.
func (c *Core) pendingHead(h ledger.Checkpoint) {
	p := c.pending[h.Log]
	if p == nil {
		if len(c.pending) >= LogsLimit {
			return
		}
		p = &progress{log: h.Log, since: c.now, tried: map[NodeID]attempt{}}
		c.pending[h.Log] = p
		at, _ := slices.BinarySearchFunc(c.behind, h.Log, c.wireOrder)
		c.behind = slices.Insert(c.behind, at, h.Log)
	}
	c.emit(RecordSeen{h})
	if h.Size <= p.seen.Size {
		return
	}
	p.seen = h
	if p.passedOn {
		c.passOn(p)
	}
}

// caughtUp: the log is not behind any more, or nothing more of it is wanted.
func (c *Core) caughtUp(log ledger.LogID) {
	if c.pending[log] == nil {
		return
	}
	delete(c.pending, log)
	at, _ := slices.BinarySearchFunc(c.behind, log, c.wireOrder)
	c.behind = slices.Delete(c.behind, at, at+1)
}

// passOn tells peers of the head that was seen and not got.
func (c *Core) passOn(p *progress) {
	p.passedOn = true
	c.each(func(s *session) {
		if s.helloSaid && s.claims[p.log] < p.seen.Size {
			s.seen[p.log] = true
			c.emit(Wake{s.id})
		}
	})
}

// schedule assigns every log that is behind and that nobody is bringing to one source,
// and asks each source for many logs at once. The source is whoever failed the log least
// often, then whoever has least to do, then the oldest session.
func (c *Core) schedule() {
	if len(c.pending) == 0 || c.now < c.pausedUntil {
		return
	}
	asks := map[SessionID][]Target{}
	load := map[SessionID]uint64{}
	for _, log := range c.behind {
		p := c.pending[log]
		if p.fetch != 0 {
			continue
		}
		var best *session
		for _, id := range c.order {
			s := c.sessions[id]
			if c.canServe(s, p) && (best == nil || cmp.Or(
				cmp.Compare(p.tried[s.node].failures, p.tried[best.node].failures),
				cmp.Compare(s.inflight, best.inflight),
				cmp.Compare(load[s.id], load[best.id])) < 0) {
				best = s
			}
		}
		if best != nil {
			asks[best.id] = append(asks[best.id], Target{log, best.claims[log]})
			load[best.id] += best.claims[log] - c.held[log].Size
		}
	}
	for _, id := range slices.Sorted(maps.Keys(asks)) {
		c.ask(c.sessions[id], asks[id])
	}
}

func (c *Core) canServe(s *session, p *progress) bool {
	return s.phase == established && s.inflight < FetchesLimit &&
		s.claims[p.log] > c.held[p.log].Size && p.tried[s.node].until <= c.now
}

// ask starts the fetches of one session: the keeper's log alone, for the others may need
// the keys in it; the rest in one piece, or in two of about as many entries each when
// that is worth it.
func (c *Core) ask(s *session, targets []Target) {
	if targets[0].Log == c.cfg.Keeper {
		c.startFetch(s, targets[:1])
		targets = targets[1:]
	}
	var halves [2][]Target
	var entries [2]uint64
	for _, t := range targets {
		lesser := 0
		if entries[1] < entries[0] {
			lesser = 1
		}
		halves[lesser] = append(halves[lesser], t)
		entries[lesser] += t.Size - c.held[t.Log].Size
	}
	if entries[0]+entries[1] < splitAt {
		halves = [2][]Target{targets}
	}
	for _, half := range halves {
		for logs := range slices.Chunk(half, RangesLimit) {
			if s.inflight < FetchesLimit {
				c.startFetch(s, logs)
			}
		}
	}
}

// startFetch asks a peer for logs, or for the bodies that are missing here when there
// are none.
func (c *Core) startFetch(s *session, logs []Target) {
	c.lastFetch++
	f := &fetch{id: c.lastFetch, session: s.id, logs: logs, progressed: c.now, moved: map[ledger.LogID]bool{}}
	c.fetches[f.id] = f
	s.inflight++
	for _, t := range logs {
		c.pending[t.Log].fetch = f.id
	}
	c.emit(Fetch{Session: s.id, Fetch: f.id, Logs: logs, Bodies: len(logs) == 0})
}

// fetchDone takes the end of a fetch. What it did not bring is asked for again: elsewhere
// first, and from the same source after a pause.
//
// What the source spoilt counts against it, one log once: a peer whose copy of it is
// damaged is still of use for the others. A log that is known to be forked does not
// count: what is wrong here may be right in the other history.
func (c *Core) fetchDone(ev Done) {
	f := c.fetches[ev.Fetch]
	if f == nil {
		return
	}
	delete(c.fetches, f.id)
	s := c.sessions[f.session]
	s.inflight--
	if len(f.logs) > 0 {
		s.quietSince = c.now
	}
	c.release(f, s.node, ev.RetryAfter)
	if ev.Outcome == Bad {
		if len(ev.Bad) == 0 {
			c.penalise(s, ev.Err.Error())
		}
		for _, log := range ev.Bad {
			_, forked := c.forked[log]
			if score := c.scores[s.node]; forked || score != nil && score.blamed[log] {
				continue
			}
			c.penalise(s, ev.Err.Error())
			c.scores[s.node].blamed[log] = true
		}
	}
	if ev.Outcome == Local {
		c.pausedUntil = c.now + LocalPause
	}
	if c.hasFrame(s) {
		c.emit(Wake{s.id})
	}
}

// release takes the logs of a fetch away from it, and remembers which it did not bring
// forward.
func (c *Core) release(f *fetch, node NodeID, pause time.Duration) {
	for _, t := range f.logs {
		p := c.pending[t.Log]
		if p == nil || p.fetch != f.id {
			continue
		}
		p.fetch = 0
		if f.moved[t.Log] {
			delete(p.tried, node)
			continue
		}
		a := p.tried[node]
		wait := min(RetryFirst<<min(a.failures, 10), RetryMost)
		p.tried[node] = attempt{a.failures + 1, c.now + max(wait, pause)}
	}
}

// dropFetches forgets the fetches of a session that is over. That it is over says
// nothing of how its node does with a log.
func (c *Core) dropFetches(id SessionID) {
	for _, fid := range slices.Sorted(maps.Keys(c.fetches)) {
		f := c.fetches[fid]
		if f.session != id {
			continue
		}
		delete(c.fetches, fid)
		c.emit(Cancel{id, fid})
		for _, t := range f.logs {
			if p := c.pending[t.Log]; p != nil && p.fetch == fid {
				p.fetch = 0
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
	if f.givenUp || c.now-f.progressed < StallAfter {
		return
	}
	for _, t := range f.logs {
		p := c.pending[t.Log]
		if p == nil || p.fetch != f.id {
			continue
		}
		if slices.ContainsFunc(c.order, func(id SessionID) bool { return id != f.session && c.canServe(c.sessions[id], p) }) {
			f.givenUp = true
			c.emit(Cancel{f.session, f.id})
			c.release(f, c.sessions[f.session].node, 0)
			return
		}
	}
}
