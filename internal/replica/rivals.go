package replica

import (
	"bytes"
	"fmt"
	"slices"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// settleRivals compares a newcomer with the other sessions, and says whether it may
// be admitted now.
func (c *Core) settleRivals(s *session) bool {
	if s.node == c.node && bytes.Equal(s.hello.GetInstance(), c.cfg.Instance[:]) {
		c.refuse(s, refuse(reasonRedundant, "this is the node itself: it dialled its own address"))
		return false
	}
	if s.writes() && s.hello.GetOffice() == c.cfg.Office && c.cfg.Role == ledgerv1.NodeRole_NODE_ROLE_WRITER {
		c.duplicate(s, c.cfg.Office)
		return false
	}
	for _, id := range slices.Clone(c.order) {
		o := c.sessions[id]
		if o == nil || o == s || o.hello == nil || o.phase == ending {
			continue
		}
		if !c.settle(s, o) {
			return false
		}
	}
	return true
}

// settle compares a newcomer with one other session.
func (c *Core) settle(s, o *session) bool {
	same := bytes.Equal(s.hello.GetInstance(), o.hello.GetInstance())
	switch {
	case s.node == o.node && same:
		return c.settleRedundant(s, o)
	case s.writes() && o.writes() && s.hello.GetOffice() == o.hello.GetOffice() && !same:
		return c.settleWriters(s, o)
	case s.node == o.node:
		// A replica that restarted: what is left of its old session only waits to be
		// noticed as dead.
		c.refuse(o, refuse(reasonRedundant, "your node has started again"))
	}
	return true
}

// settleRedundant: of two sessions between the same nodes the one dialled by the
// lower key stays, so that both sides choose the same. When one side dialled both,
// it has given up the older.
func (c *Core) settleRedundant(s, o *session) bool {
	loser := o
	if s.peer.Dialled != o.peer.Dialled && c.stays(o) {
		loser = s
	}
	c.refuse(loser, refuse(reasonRedundant, "another session between the two nodes stays"))
	return loser != s
}

// stays says whether the session was dialled by the lower of the two keys.
func (c *Core) stays(s *session) bool {
	lower := bytes.Compare(c.cfg.Key, s.peer.Key) < 0
	return s.peer.Dialled == lower
}

// settleWriters: a second writer of one office has come. The older session is asked
// whether it is still there (protocol.md 3); two newcomers at once are too many.
func (c *Core) settleWriters(s, o *session) bool {
	if o.phase == waiting {
		c.busy(s, "another writer of %s is just being examined", o.peer.Office)
		return false
	}
	c.nonce++
	s.phase, s.since, s.rival = waiting, c.now, o.id
	o.probe, o.awaited = c.nonce, c.nonce
	c.emit(Wake{o.id})
	return false
}

// probed answers a probe. Whoever is asked is there, so there are two: the one that
// stays says so too (protocol.md 7).
func (c *Core) probed(s *session, p *nodev1.Probe) {
	s.reply = p
	c.emit(Alarm{fmt.Sprintf("another node wants to publish as %s: %s has refused it, because this one is there; find it, stop it and delete its copy", c.cfg.Office, s.peer.Office)})
	c.emit(Wake{s.id})
}

func (c *Core) probeAnswered(s *session, nonce uint64) {
	if nonce == 0 || nonce != s.awaited {
		return
	}
	s.awaited = 0
	c.each(func(o *session) {
		if o.phase == waiting && o.rival == s.id {
			c.duplicate(o, s.peer.Office)
		}
	})
}

func (c *Core) duplicate(s *session, office string) {
	c.emit(Alarm{fmt.Sprintf("two nodes write for %s at once: the second is refused; stop one of the two", office)})
	c.refuse(s, refuse(reasonDuplicate, "another node that writes for %s is running: stop one of the two", office))
}

func (s *session) writes() bool {
	return s.hello.GetRole() == ledgerv1.NodeRole_NODE_ROLE_WRITER
}
