package replica

import (
	"maps"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Stamps tell how long ago the node of each office was last heard, by whatever way.
//
// What they are there for: Surrey's line to the hub is down, Essex publishes, and Surrey's
// node goes on saying that everything is here. Heads cannot tell a quiet office from one that
// is not heard: so each office's node signs every hour that its head is still the newest, and
// everybody passes on the newest such stamp of each office.
//
// A stamp is in no log and no root, and two nodes that differ by it alone are in sync. It
// makes nothing be fetched by itself: its checkpoint counts as a head that was seen.
//
// Nobody can make an office look alive: the time is signed by the office, a stamp is taken
// once, and one that was old when it came is as old as it says (store.Stamp). Nor can an
// office make everybody busy: what comes sooner than agreed is dropped before its signature
// is looked at. They wait a little for one another, so that those made at the full hour
// travel in one frame (protocol.md 5, invariant 8).

// CheckedStamp is a stamp with what the register says of its signatures.
type CheckedStamp struct {
	ledger.Stamp
	Signature Signature
}

// lastStamp is the newest stamp taken of a log. Of those that were old when they came so many
// were taken since: an office could sign one for every twenty minutes since 1970.
type lastStamp struct {
	ledger.Stamp
	since time.Duration
	old   int
}

// Wants says whether a stamp would be news at a time by this node's clock: it is not ahead of
// that, and later than the one here by as much as agreed. One here that is ahead now was taken
// by a clock that was wrong.
func (c *Core) Wants(st ledger.Stamp, now time.Time) bool {
	if _, forked := c.forked[st.Log]; forked || st.Time.After(now.Add(StampAhead)) {
		return false
	}
	have, ok := c.stamps[st.Log]
	switch {
	case !ok:
		return len(c.stamps) < LogsLimit
	case have.Time.After(now.Add(StampAhead)):
		return true
	case have.old >= StampsOld && c.now < have.since+StampEvery && st.Time.Before(now.Add(-StampOldAfter)):
		return false
	}
	return !st.Time.Before(have.Time.Add(StampLeast))
}

// takeStamps takes stamps of a peer, and their checkpoints as heads that it has seen.
func (c *Core) takeStamps(s *session, stamps []CheckedStamp, now time.Time) {
	for _, st := range stamps {
		switch st.Signature {
		case SignatureInvalid:
			c.penalise(s, "a stamp of "+st.Log.String()+" that none of its keys signed")
		case SignatureUnknownLog, SignatureUnknownKey:
			if _, ok := s.unknownStamps[st.Log]; ok || len(s.unknownStamps) < LogsLimit {
				s.unknownStamps[st.Log] = st.Note
			}
		case SignatureValid:
			c.takeHeads(s, []CheckedHead{{Head: st.Checkpoint}})
			if s.phase != closing && c.Wants(st.Stamp, now) {
				c.stamp(st.Stamp, st.Time.Before(now.Add(-StampOldAfter)))
			}
		}
		if s.phase == closing {
			return
		}
		if have, ok := c.stamps[st.Log]; ok && !st.Time.Before(have.Time) { // the peer has it
			delete(s.stamps, st.Log)
		}
	}
}

// stamp takes a stamp for the newest of its log, and passes it on to every session.
func (c *Core) stamp(st ledger.Stamp, old bool) {
	last := c.stamps[st.Log]
	wait := StampsWait
	if st.Time.Sub(last.Time) > StampOldAfter { // it was not heard: that it is should not wait
		wait = 0
	}
	if c.now >= last.since+StampEvery {
		last.since, last.old = c.now, 0
	}
	if last.Stamp = st; old {
		last.old++
	}
	c.stamps[st.Log] = last
	c.emit(RecordStamp{st})
	c.each(func(s *session) {
		if !s.helloSaid || s.hello != nil && len(s.hello.GetStampsRoot()) == 0 {
			return // the Hello will carry the root that includes it; or the peer wants none
		}
		if len(s.stamps) == 0 {
			s.stampsDue = c.now + wait
		}
		s.stampsDue = min(s.stampsDue, c.now+wait)
		s.stamps[st.Log] = true
		if c.owesStamps(s) {
			c.emit(Wake{s.id})
		}
	})
}

// stampsRoot is the digest of the stamps here, as Hello has it.
func (c *Core) stampsRoot() [8]byte {
	stamps := make([]ledger.Stamp, 0, len(c.stamps))
	for _, last := range c.stamps {
		stamps = append(stamps, last.Stamp)
	}
	root := ledger.StampsRoot(stamps)
	return [8]byte(root[:8])
}

// owesStamps: there are some that the peer may not have, and they have waited for others.
func (c *Core) owesStamps(s *session) bool { return len(s.stamps) > 0 && c.now >= s.stampsDue }

// stampsPage takes as many stamps out of the outbox as a frame holds.
func (c *Core) stampsPage(s *session) *nodev1.Stamps {
	page, room := &nodev1.Stamps{}, pageRoom
	for _, log := range c.inOrder(maps.Keys(s.stamps)) {
		note := c.stamps[log].Note
		if room -= proto.Size(&nodev1.Stamps{Stamps: [][]byte{note}}); room < 0 {
			break
		}
		page.Stamps = append(page.Stamps, note)
		delete(s.stamps, log)
	}
	return page
}
