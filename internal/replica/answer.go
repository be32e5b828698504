package replica

import (
	"context"
	"fmt"
	"io"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Answer serves one FetchRequest of a peer, chunk by chunk, from what is held: blocks
// as stored, tails of many logs compressed together. It serves Fetch and Serve alike.
// What is not held here is left out; a source that has moved on serves up to where it
// is. Errors: *Refused, those of the store, of send and of ctx.
func (r *Replica) Answer(ctx context.Context, peer Peer, req *nodev1.FetchRequest, send func(*nodev1.Chunk) error) error {
	if peer.Key != nil {
		release, err := r.admitFetch(NodeOf(peer.Key))
		if err != nil {
			return err
		}
		defer release()
	}
	a, err := NewAnswer(r.cfg.Store, req, r.cfg.Readable(peer))
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("answering a fetch of %s: %w", peer.Office, err)
		}
		c, err := a.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = send(c)
		}
		if err != nil {
			return fmt.Errorf("answering a fetch of %s: %w", peer.Office, err)
		}
	}
}

// admitFetch counts the fetches a peer has running here. A peer that gives one up and
// starts another may be ahead of us by as many as it may have: hence twice. Fetches of nobody
// in particular are the caller's to bound: they are many parties', not one's.
func (r *Replica) admitFetch(node NodeID) (release func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answering[node] >= 2*FetchesLimit {
		return nil, newRefused(reasonBusy, "your node has %d fetches running here", r.answering[node])
	}
	r.answering[node]++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.answering[node]--; r.answering[node] == 0 {
			delete(r.answering, node)
		}
	}, nil
}

// Answer is the serving end of one fetch.
type Answer struct {
	store    *store.Store
	readable func(guidancev1.Visibility) bool
	ranges   []store.Range
	bodies   []ledger.EntryID
	ready    []ledger.Segment // read, not sent yet
}

// NewAnswer checks a request and begins the serving end. Error: *Refused.
func NewAnswer(st *store.Store, req *nodev1.FetchRequest, readable func(guidancev1.Visibility) bool) (*Answer, error) {
	a := &Answer{store: st, readable: readable}
	if n := len(req.GetRanges()); n > RangesLimit {
		return nil, newRefused(reasonProtocol, "a request for %d ranges: at most %d", n, RangesLimit)
	}
	if n := len(req.GetBodies()); n > BodiesLimit {
		return nil, newRefused(reasonProtocol, "a request for %d bodies: at most %d", n, BodiesLimit)
	}
	for _, r := range req.GetRanges() {
		log, err := parseLog(st, r.GetLog())
		if err != nil {
			return nil, err
		}
		a.ranges = append(a.ranges, store.Range{Log: log, From: r.GetFrom(), Size: r.GetSize()})
	}
	for _, b := range req.GetBodies() {
		log, err := parseLog(st, b.GetLog())
		if err != nil {
			return nil, err
		}
		a.bodies = append(a.bodies, log.Entry(b.GetIndex()))
	}
	return a, nil
}

func parseLog(st *store.Store, name string) (ledger.LogID, error) {
	log, err := ledger.ParseLogID(name)
	if err != nil {
		return log, newRefused(reasonProtocol, "a request: %v", err)
	}
	if log.Federation != st.Federation() {
		return log, newRefused(reasonProtocol, "a request for %s: this node is of %q", log, st.Federation())
	}
	return log, nil
}

// Next gives the next chunk; io.EOF after the last. It reads about a chunk's worth from
// the store at a time, so that an answer takes no more memory for being long.
func (a *Answer) Next() (*nodev1.Chunk, error) {
	p := &packer{chunk: &nodev1.Chunk{}, tails: &nodev1.TailSet{}}
	for {
		if len(a.ready) == 0 {
			var err error
			switch {
			case len(a.ranges) > 0:
				a.ready, a.ranges, err = a.store.Segments(a.ranges, a.readable, ledger.ChunkAim)
			case len(a.bodies) > 0:
				a.ready, a.bodies, err = a.store.Bodies(a.bodies, a.readable, ledger.ChunkAim)
			}
			if err != nil {
				return nil, err
			}
		}
		for len(a.ready) > 0 {
			if !p.add(a.ready[0]) {
				return p.seal()
			}
			a.ready = a.ready[1:]
		}
		if len(a.ranges)+len(a.bodies) == 0 {
			if len(p.chunk.Segments) == 0 {
				return nil, io.EOF
			}
			return p.seal()
		}
	}
}
