package replica

import (
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Confirmed reports whether the own log is known to be all here: on live sessions the keeper
// says, or two other offices do, that they hold just what is held of it here, or nothing where
// nothing is, and nobody that there is more of it or another history. One other office is never
// enough, nor a keeper that may have been restored from an old copy: it may have been away since.
// A head that the own key has not signed says nothing: Keys must have it, even before the register
// does.
//
// Offices that are in doubt themselves may all have been put back to before at once: they count where
// no other is left, of all in the register, that could say otherwise.
func (c *Core) Confirmed(own ledger.LogID, registered []string) bool {
	here := c.held[own]
	if _, forked := c.forked[own]; forked || c.pending[own] != nil {
		return false
	}
	var offices, certain []string
	for _, s := range c.sessions {
		known := s.claims[own]
		if here.Size > 0 && c.changed[own] <= s.agreed {
			known = max(known, here.Size)
		}
		switch office := s.peer.Office; {
		case known > here.Size:
			return false
		case s.phase == established && s.listed && office != "" && office != c.cfg.Office && known == here.Size:
			if !slices.Contains(offices, office) {
				offices = append(offices, office)
			}
			if !s.hello.GetInDoubt() && !slices.Contains(certain, office) {
				certain = append(certain, office)
			}
		}
	}
	all := !slices.ContainsFunc(registered, func(office string) bool { return office != c.cfg.Office && !slices.Contains(offices, office) })
	return len(certain) >= 2 || slices.Contains(certain, c.cfg.Keeper.Office) || len(offices) >= 2 && all
}

// Vouching are the offices whose nodes are in sync, and in no doubt of what they hold.
func (c *Core) Vouching() (vouching []string) {
	c.each(func(s *session) {
		if office := s.peer.Office; c.InSync(s.id) && office != "" && !s.hello.GetInDoubt() && !slices.Contains(vouching, office) {
			vouching = append(vouching, office)
		}
	})
	return vouching
}

// ClockAhead is by how much the clocks of the other offices' nodes that are connected are ahead of
// this one's, which shows now: the median of the offices, and where they are even in number what the
// two in the middle agree on, so that one office alone never makes it more than another says. It tells
// how many offices there are.
func (c *Core) ClockAhead(now time.Time) (ahead time.Duration, offices int) {
	of := map[string]time.Duration{}
	c.each(func(s *session) { // of several nodes of one office, that which has been connected longest
		office := s.peer.Office
		if _, told := of[office]; !told && s.phase == established && office != "" && office != c.cfg.Office && s.hello.GetClockTime().IsValid() {
			of[office] = s.hello.ClockTime.AsTime().Add(c.now - s.helloAt).Sub(now)
		}
	})
	all := slices.Sorted(maps.Values(of))
	if len(all) == 0 {
		return 0, 0
	}
	low, high := all[(len(all)-1)/2], all[len(all)/2]
	switch {
	case low < 0 && high > 0:
		return 0, len(all)
	case low.Abs() < high.Abs():
		return low, len(all)
	}
	return high, len(all)
}

// HeldBy counts the peers known to hold a log up to size, now connected: because they
// said so, or because their root was this node's when it held that much.
func (c *Core) HeldBy(log ledger.LogID, size uint64) int {
	holders := map[NodeID]bool{}
	for _, s := range c.sessions {
		if s.phase != established {
			continue
		}
		known := s.claims[log]
		if own, ok := c.held[log]; ok && c.changed[log] <= s.agreed {
			known = max(known, own.Size)
		}
		if known >= size {
			holders[s.node] = true
		}
	}
	return len(holders)
}
