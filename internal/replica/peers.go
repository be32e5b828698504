package replica

import (
	"crypto/ed25519"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// peerRecord is what is shown of a peer, connected or not.
type peerRecord struct {
	peer    Peer
	live    map[SessionID]bool
	problem Problem // of the last session or dial; what it says while live is out of date
	since   time.Time
}

// Connected says whether a session with the node of this key is up.
func (r *Replica) Connected(key ed25519.PublicKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.peers[NodeOf(key)]
	return rec != nil && len(rec.live) > 0
}

// Peers tells how the peers stand that were met since the start, by office and node.
func (r *Replica) Peers() []*nodev1.PeerStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*nodev1.PeerStatus
	for node, rec := range r.peers {
		p := &nodev1.PeerStatus{
			Office: rec.peer.Office, Node: slices.Clone(node[:]), Address: rec.peer.Address,
			Connected: len(rec.live) > 0, SinceTime: timestamppb.New(rec.since),
		}
		for id := range maps.Keys(rec.live) {
			p.InSync = p.InSync || r.core.InSync(id)
		}
		if !p.Connected {
			p.Problem = rec.problem.message()
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *nodev1.PeerStatus) int {
		return slices.Compare(append([]byte(a.Office), a.Node...), append([]byte(b.Office), b.Node...))
	})
	return all
}

// peerConnected notes that a session with a peer has begun. What is known of a peer that
// was dialled, its address, stays when it dials too. r.mu is held.
func (r *Replica) peerConnected(id SessionID, peer Peer) {
	node := NodeOf(peer.Key)
	rec := r.peers[node]
	if rec == nil {
		rec = &peerRecord{live: map[SessionID]bool{}}
		r.peers[node] = rec
	}
	if len(rec.live) == 0 {
		rec.since = r.cfg.Now()
	}
	if peer.Dialled || len(rec.live) == 0 {
		rec.peer = peer
	}
	rec.live[id] = true
	r.aloneSince = time.Time{}
}

// peerUnreachable notes that a dial led to no session.
func (r *Replica) peerUnreachable(peer Peer, err error) {
	if len(peer.Key) == 0 {
		return // it has no name yet
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.peers[NodeOf(peer.Key)]
	if rec == nil {
		rec = &peerRecord{peer: peer, live: map[SessionID]bool{}, since: r.cfg.Now()}
		r.peers[NodeOf(peer.Key)] = rec
	}
	rec.problem = problemOf(err, false)
}

// peerDisconnected notes that a session has ended, and why. r.mu is held.
func (r *Replica) peerDisconnected(id SessionID, peer Peer, err error) {
	rec := r.peers[NodeOf(peer.Key)]
	delete(rec.live, id)
	if len(rec.live) > 0 {
		return
	}
	rec.since = r.cfg.Now()
	rec.problem = problemOf(err, true)
	for _, rec := range r.peers {
		if len(rec.live) > 0 {
			return
		}
	}
	r.aloneSince = rec.since
}

// AloneSince is since when no session has been up; zero: one is.
func (r *Replica) AloneSince() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.aloneSince
}
