package replica

import (
	"context"
	"crypto/ed25519"
	"errors"
	"maps"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// peerRecord is what is shown of a peer, connected or not.
type peerRecord struct {
	peer    Peer
	live    map[SessionID]bool
	problem string
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
			p.Problem = rec.problem
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *nodev1.PeerStatus) int {
		return slices.Compare(append([]byte(a.Office), a.Node...), append([]byte(b.Office), b.Node...))
	})
	return all
}

// met notes that a session with a peer has begun. r.mu is held.
func (r *Replica) met(id SessionID, peer Peer) {
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
}

// missed notes that a peer could not be reached.
func (r *Replica) missed(peer Peer, err error) {
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
	rec.problem = problemWords(err)
}

// problemWords says for people why there is no session. Every end that is not a
// refusal looks alike to them: what the transport calls it says nothing to do.
func problemWords(err error) string {
	var refused *Refused
	var transport interface{ GRPCStatus() *status.Status }
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return "the connection ended"
	case errors.As(err, &refused):
		return refused.Error()
	case !errors.As(err, &transport):
		return err.Error()
	}
	switch st := transport.GRPCStatus(); st.Code() {
	case codes.Canceled:
		return "the connection ended"
	case codes.Unavailable:
		return "it cannot be reached: " + st.Message()
	default:
		return st.Message()
	}
}

// parted notes that it has ended, and why. r.mu is held.
func (r *Replica) parted(id SessionID, peer Peer, err error) {
	rec := r.peers[NodeOf(peer.Key)]
	delete(rec.live, id)
	if len(rec.live) > 0 {
		return
	}
	rec.since = r.cfg.Now()
	rec.problem = problemWords(err)
}
