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
	live    map[SessionID]time.Time // since when
	problem Problem                 // of the last session or dial; what it says while live is out of date
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
		rec = &peerRecord{live: map[SessionID]time.Time{}}
		r.peers[node] = rec
	}
	if len(rec.live) == 0 {
		rec.since = r.cfg.Now()
	}
	if peer.Dialled || len(rec.live) == 0 {
		rec.peer = peer
	}
	rec.live[id] = r.cfg.Now()
}

// peerUnreachable notes that a dial led to no session.
func (r *Replica) peerUnreachable(peer Peer, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.peers[peer.ID]
	if rec == nil {
		rec = &peerRecord{peer: peer, live: map[SessionID]time.Time{}, since: r.cfg.Now()}
		r.peers[peer.ID] = rec
	}
	rec.problem = problemOf(err, false)
}

// peerDisconnected notes that a session has ended, and why. r.mu is held.
func (r *Replica) peerDisconnected(id SessionID, peer Peer, err error) {
	rec, now := r.peers[NodeOf(peer.Key)], r.cfg.Now()
	if now.Sub(rec.live[id]) >= settledAfter {
		r.lastHeard = now
	}
	if delete(rec.live, id); len(rec.live) > 0 {
		return
	}
	rec.since = now
	rec.problem = problemOf(err, true)
}

// settledAfter is when the two sides of a session have taken each other, or have not: a node that is
// refused is connected to nobody, however often it tries.
const settledAfter = HelloWithin + ProbeFor

// HasHeard: a peer has told, since the start, all that it holds: what was only seen is forgotten with the
// process, or with a damaged file, and known again from then on.
func (r *Replica) HasHeard() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.core.hasHeard
}

// AloneSince is since when no session has been up that was taken; zero: one is.
func (r *Replica) AloneSince() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.cfg.Now()
	for _, rec := range r.peers {
		for _, since := range rec.live {
			if now.Sub(since) >= settledAfter {
				return time.Time{}
			}
		}
	}
	return r.lastHeard
}
