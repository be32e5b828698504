package fair

import (
	"cmp"
	"container/list"
	"sync"
)

// Shares are places that are held: so many in all. Whoever comes when none is free takes the
// place of whoever holds most: of the network that holds most, the address that holds most, of that
// the connection that holds most, the place of it that was used longest ago. Among those who hold as
// much, a place for which something is being done keeps it before one that is only held. An address is its own
// network, but for IPv6: whoever has 2^16 addresses of 64 bits is no county. It is safe for
// concurrent use.
type Shares struct {
	limit int

	mu        sync.Mutex // guards all below
	taken     int
	uses      uint64 // how often a share was of use
	addresses map[string]*address
	networks  map[string]int // places taken from each
}

// address is what is held from one address.
type address struct {
	network string
	taken   int
	lines   map[uint64]*line
	used    *list.List // of *Share of every line, the one used longest ago first
}

type line struct{ taken int }

// Share is a place, or several, that are held until it is given back.
type Share struct {
	of     *Shares
	party  Party
	places int
	giveUp func()

	held    *list.Element // of its address; nil: given back
	used    uint64        // which of all uses was the last of it
	serving bool
}

// NewShares makes so many places.
func NewShares(limit int) *Shares {
	return &Shares{limit: limit, addresses: map[string]*address{}, networks: map[string]int{}}
}

// Take takes places for a party, never waiting. giveUp is called, once at most, when somebody
// else is to have them: it must not wait, nor call back. More places than there are in all are
// taken all the same, and all others give theirs up.
func (s *Shares) Take(p Party, places int, giveUp func()) *Share {
	s.mu.Lock()
	var left []*Share
	for s.taken > 0 && s.taken+places > s.limit {
		most := s.most()
		s.drop(most)
		left = append(left, most)
	}
	share := &Share{of: s, party: p, places: places, giveUp: giveUp}
	at := s.addresses[p.Address]
	if at == nil {
		at = &address{network: networkOf(p.Address), lines: map[uint64]*line{}, used: list.New()}
		s.addresses[p.Address] = at
	}
	if at.lines[p.Line] == nil {
		at.lines[p.Line] = &line{}
	}
	s.taken, at.taken, at.lines[p.Line].taken = s.taken+places, at.taken+places, at.lines[p.Line].taken+places
	s.networks[at.network] += places
	share.held = at.used.PushBack(share)
	s.uses++
	share.used = s.uses
	s.mu.Unlock()
	for _, one := range left {
		one.giveUp()
	}
	return share
}

// most is the share that gives way. s.mu is held.
func (s *Shares) most() (most *Share) {
	var from *address
	for _, at := range s.addresses {
		holds := 1
		if from != nil {
			holds = cmp.Or(cmp.Compare(s.networks[at.network], s.networks[from.network]), cmp.Compare(at.taken, from.taken))
		}
		if holds < 0 {
			continue
		}
		if one := at.most(); holds > 0 || one.before(most) {
			from, most = at, one
		}
	}
	return most
}

// most is the share of an address that gives way.
func (at *address) most() (most *Share) {
	of := 0
	for _, l := range at.lines {
		of = max(of, l.taken)
	}
	for e := at.used.Front(); e != nil; e = e.Next() {
		share := e.Value.(*Share)
		if at.lines[share.party.Line].taken == of && (most == nil || share.before(most)) {
			if most = share; !share.serving {
				break // the others were used since
			}
		}
	}
	return most
}

// before: of two that hold as much, it gives way.
func (sh *Share) before(other *Share) bool {
	if sh.serving != other.serving {
		return !sh.serving
	}
	return sh.used < other.used
}

// drop takes a share out. s.mu is held.
func (s *Shares) drop(share *Share) {
	if share.held == nil {
		return
	}
	at := s.addresses[share.party.Address]
	at.used.Remove(share.held)
	share.held = nil
	l := at.lines[share.party.Line]
	s.taken, at.taken, l.taken = s.taken-share.places, at.taken-share.places, l.taken-share.places
	if s.networks[at.network] -= share.places; s.networks[at.network] == 0 {
		delete(s.networks, at.network)
	}
	if l.taken == 0 {
		delete(at.lines, share.party.Line)
	}
	if at.used.Len() == 0 {
		delete(s.addresses, share.party.Address)
	}
}

// GiveBack ends the share; giveUp is not called any more. It may be called again.
func (sh *Share) GiveBack() {
	sh.of.mu.Lock()
	defer sh.of.mu.Unlock()
	sh.of.drop(sh)
}

// Used says that the share has been of use just now.
func (sh *Share) Used() {
	sh.of.mu.Lock()
	defer sh.of.mu.Unlock()
	sh.isUsed()
}

// Serving says that something is being done for whoever has the share, or no more.
func (sh *Share) Serving(on bool) {
	sh.of.mu.Lock()
	defer sh.of.mu.Unlock()
	sh.serving = on
	sh.isUsed()
}

func (sh *Share) isUsed() {
	if sh.held != nil {
		sh.of.uses++
		sh.used = sh.of.uses
		sh.of.addresses[sh.party.Address].used.MoveToBack(sh.held)
	}
}

// Leave gives back all that a connection holds; it is no more.
func (s *Shares) Leave(p Party) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.addresses[p.Address]
	if at == nil || at.lines[p.Line] == nil {
		return
	}
	for e := at.used.Front(); e != nil; {
		share := e.Value.(*Share)
		e = e.Next()
		if share.party == p {
			s.drop(share)
		}
	}
}

// Taken is how many places are taken, and how many of them from one address.
func (s *Shares) Taken(from string) (all, there int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.addresses[from]; at != nil {
		there = at.taken
	}
	return s.taken, there
}
