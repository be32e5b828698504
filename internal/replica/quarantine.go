package replica

import (
	"fmt"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// peerScore is what a node has spoilt so far. It outlives sessions: a peer that hangs up
// and dials again begins where it was.
type peerScore struct {
	bad    int                   // times it sent what does not verify
	until  time.Duration         // quarantined until then
	blamed map[ledger.LogID]bool // logs that counted
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
