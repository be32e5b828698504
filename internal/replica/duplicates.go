package replica

import (
	"bytes"
	"fmt"
	"slices"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// settleDuplicates compares a newcomer, whose Hello is here, with this node and with the
// other sessions, and says whether it may be admitted now (protocol.md 3, sessions that
// meet).
//
// The failure it is there for: Essex copies its node's folder to a new machine and starts
// both. Each signs entries of its own on top of the same log, and the log has two
// histories for good. Whoever talks to both must not let the second in. But the same is
// seen when the machine of Essex lost its power and came back before the old connection
// timed out. So the older session is probed: only who answers is there.
func (c *Core) settleDuplicates(s *session) bool {
	instance := s.hello.GetInstance()
	if s.node == c.node && bytes.Equal(instance, c.cfg.Instance[:]) {
		c.refuse(s, newRefused(reasonRedundant, "this is the node itself: it dialled its own address"))
		return false
	}
	if s.writes() && s.hello.GetOffice() == c.cfg.Office && c.cfg.Role == ledgerv1.NodeRole_NODE_ROLE_WRITER {
		c.refuseDuplicate(s, c.cfg.Office)
		return false
	}
	for _, id := range slices.Clone(c.order) {
		o := c.sessions[id]
		if o == nil || o == s || o.hello == nil || o.phase == closing {
			continue
		}
		same := bytes.Equal(instance, o.hello.GetInstance())
		switch {
		case s.node == o.node && same:
			// Of two sessions between the same nodes the one dialled by the lower key stays,
			// so that both sides choose the same. When one side dialled both, it has given up
			// the older.
			byLower := o.peer.Dialled == (bytes.Compare(c.cfg.Key, o.peer.Key) < 0)
			loser := o
			if s.peer.Dialled != o.peer.Dialled && byLower {
				loser = s
			}
			c.refuse(loser, newRefused(reasonRedundant, "another session between the two nodes stays"))
			if loser == s {
				return false
			}
		case s.writes() && o.writes() && s.hello.GetOffice() == o.hello.GetOffice() && !same:
			if o.phase == awaitingProbe { // two newcomers at once are too many
				c.refuse(s, newRefused(reasonBusy, "another writer of %s is just being examined", o.peer.Office))
				return false
			}
			c.lastNonce++
			s.phase, s.since, s.duplicateOf = awaitingProbe, c.now, o.id
			o.probe, o.probeAwaited = c.lastNonce, c.lastNonce
			c.emit(Wake{o.id})
			return false
		case s.node == o.node:
			// A replica that restarted: what is left of its old session only waits to be
			// noticed as dead.
			c.refuse(o, newRefused(reasonRedundant, "your node has started again"))
		}
	}
	return true
}

// refuseDuplicate refuses the second writer of an office.
func (c *Core) refuseDuplicate(s *session, office string) {
	c.emit(Alarm{
		Code: AlarmDuplicateWriter, Office: office,
		Words: fmt.Sprintf("two nodes write for %s at once: the second is refused; stop one of the two", office),
	})
	c.refuse(s, newRefused(reasonDuplicate, "another node that writes for %s is running: stop one of the two", office))
}

func (s *session) writes() bool {
	return s.hello.GetRole() == ledgerv1.NodeRole_NODE_ROLE_WRITER
}
