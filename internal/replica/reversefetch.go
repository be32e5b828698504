package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// A node behind a router cannot be dialled. It opens Serve beside Gossip; the other
// side sends its requests over it and gets the chunks back, several requests at once
// told apart by their numbers:
//
//	< 1 fetch demo/essex/log/0 3..8
//	< 2 fetch demo/kent/log/0 0..2
//	> 2 chunk
//	> 1 chunk
//	> 2 end
//	< 1                                    (given up)
//	> 1 end

// serveOver answers the peer's fetches over a Serve stream, until it ends. A peer that
// does not offer Serve can do without: it fetches from others.
func (r *Replica) serveOver(ctx context.Context, client nodev1.FederationServiceClient, peer Peer) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := client.Serve(ctx)
	if err != nil {
		return
	}
	s := &reverseServer{r: r, peer: peer, ctx: ctx, out: make(chan *nodev1.ServeRequest), running: map[uint64]context.CancelFunc{}}
	var workers sync.WaitGroup
	workers.Go(func() { // the one goroutine that sends
		defer cancel()
		for {
			select {
			case m := <-s.out:
				if stream.Send(m) != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
	err = s.read(stream, &workers)
	cancel()
	workers.Wait()
	r.cfg.Logger.Debug("serving over a stream ended", "peer", peer.Office, "error", err)
}

// reverseServer is the answering end of a Serve stream: the side that dialled.
type reverseServer struct {
	r    *Replica
	peer Peer
	ctx  context.Context
	out  chan *nodev1.ServeRequest // to the one goroutine that sends

	mu      sync.Mutex // guards running; never held across I/O
	running map[uint64]context.CancelFunc
}

// serveLimit is how many requests may be open on a Serve stream: those running, and as
// many that are being refused.
const serveLimit = 4 * FetchesLimit

// read starts an answer for each request and stops those given up. Their number is
// bounded: what comes beyond is refused as BUSY by Answer.
func (s *reverseServer) read(stream nodev1.FederationService_ServeClient, workers *sync.WaitGroup) error {
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		id := m.GetRequest()
		s.mu.Lock()
		stop := s.running[id]
		if m.GetFetch() == nil {
			s.mu.Unlock()
			if stop != nil {
				stop()
			}
			continue
		}
		if stop != nil || len(s.running) >= serveLimit {
			s.mu.Unlock()
			return fmt.Errorf("request %d of %s came twice", id, s.peer.Office)
		}
		ctx, cancel := context.WithCancel(s.ctx)
		s.running[id] = cancel
		s.mu.Unlock()
		workers.Go(func() {
			defer cancel()
			s.answer(ctx, id, m.GetFetch())
		})
	}
}

func (s *reverseServer) answer(ctx context.Context, id uint64, req *nodev1.FetchRequest) {
	err := s.r.Answer(ctx, s.peer, req, func(c *nodev1.Chunk) error {
		return s.send(ctx, &nodev1.ServeRequest{Request: id, Chunk: c})
	})
	s.mu.Lock()
	delete(s.running, id)
	s.mu.Unlock()
	end := &nodev1.ServeRequest{Request: id, End: true}
	var refused *Refused
	switch {
	case errors.As(err, &refused):
		end.Refusal = refused.message()
	case err != nil:
		end.Refusal = &nodev1.Refusal{Reason: reasonBusy, Detail: "the answer broke off"}
		s.r.cfg.Logger.Warn("answering a fetch", "peer", s.peer.Office, "error", err)
	}
	_ = s.send(s.ctx, end) // the stream is gone when this fails
}

func (s *reverseServer) send(ctx context.Context, m *nodev1.ServeRequest) error {
	select {
	case s.out <- m:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// AcceptServe is the handler of Serve: it gives the sessions of the peer a way to
// fetch from it, until the stream ends. Of several streams of a peer the newest is used.
func (r *Replica) AcceptServe(ctx context.Context, peer Peer, stream nodev1.FederationService_ServeServer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.ctx, cancel)()
	s := &reverseClient{
		ctx: ctx, asks: make(chan *nodev1.ServeResponse),
		open: map[uint64]*reverseFetch{}, failed: make(chan struct{}),
	}
	node := NodeOf(peer.Key)
	r.mu.Lock()
	r.serves[node] = append(r.serves[node], s)
	close(r.serveChanged)
	r.serveChanged = make(chan struct{})
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.serves[node] = slices.DeleteFunc(r.serves[node], func(o *reverseClient) bool { return o == s })
		if len(r.serves[node]) == 0 {
			delete(r.serves, node)
		}
	}()
	send := func() { // the one goroutine that does
		for {
			select {
			case m := <-s.asks:
				if err := stream.Send(m); err != nil {
					s.fail(err)
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
	if !r.spawn(send) || !r.spawn(func() { s.read(stream) }) {
		return r.stopping(peer)
	}
	select {
	case <-s.failed:
		return s.err
	case <-ctx.Done():
		return fmt.Errorf("serving of %s: %w", peer.Office, context.Cause(ctx))
	}
}

// serveOf is the peer's Serve stream, or nil and a channel closed at the next change.
func (r *Replica) serveOf(node NodeID) (*reverseClient, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.serves[node]
	if len(all) == 0 {
		return nil, r.serveChanged
	}
	return all[len(all)-1], nil
}

// reverseClient is the asking end of a Serve stream: the side that was dialled.
type reverseClient struct {
	ctx  context.Context
	asks chan *nodev1.ServeResponse // to the one goroutine that sends

	mu     sync.Mutex // guards what follows; never held across I/O
	last   uint64
	open   map[uint64]*reverseFetch
	err    error
	failed chan struct{}
}

// reverseFetch is one request on a Serve stream: a ChunkSource.
type reverseFetch struct {
	client *reverseClient
	ctx    context.Context
	in     chan *nodev1.ServeRequest
}

// fetch asks. When ctx ends before the answer has, the request is given up.
func (s *reverseClient) fetch(ctx context.Context, req *nodev1.FetchRequest) (ChunkSource, error) {
	f := &reverseFetch{client: s, ctx: ctx, in: make(chan *nodev1.ServeRequest)}
	s.mu.Lock()
	s.last++
	id := s.last
	s.open[id] = f
	s.mu.Unlock()
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		open := s.open[id] != nil
		delete(s.open, id)
		s.mu.Unlock()
		if open {
			_ = s.ask(s.ctx, &nodev1.ServeResponse{Request: id})
		}
	})
	if err := s.ask(ctx, &nodev1.ServeResponse{Request: id, Fetch: req}); err != nil {
		return nil, err
	}
	return f, nil
}

func (s *reverseClient) ask(ctx context.Context, m *nodev1.ServeResponse) error {
	select {
	case s.asks <- m:
		return nil
	case <-s.failed:
		return fmt.Errorf("fetching over Serve: %w", s.err)
	case <-s.ctx.Done():
		return fmt.Errorf("fetching over Serve: %w", context.Cause(s.ctx))
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Recv gives the next chunk of the request.
func (f *reverseFetch) Recv() (*nodev1.Chunk, error) {
	select {
	case m := <-f.in:
		switch {
		case m.GetRefusal() != nil:
			return nil, refusedBy(m.GetRefusal())
		case m.GetEnd():
			return nil, io.EOF
		}
		return m.GetChunk(), nil
	case <-f.client.failed:
		return nil, fmt.Errorf("fetching over Serve: %w", f.client.err)
	case <-f.client.ctx.Done():
		return nil, fmt.Errorf("fetching over Serve: %w", context.Cause(f.client.ctx))
	case <-f.ctx.Done():
		return nil, context.Cause(f.ctx)
	}
}

// read hands each message to the request it answers. It waits for whoever asked: that
// is a worker of this node that writes to the store, never the peer. What answers a
// request that was given up is dropped.
func (s *reverseClient) read(stream nodev1.FederationService_ServeServer) {
	for {
		m, err := stream.Recv()
		if err != nil {
			s.fail(err)
			return
		}
		s.mu.Lock()
		f := s.open[m.GetRequest()]
		if m.GetEnd() {
			delete(s.open, m.GetRequest())
		}
		s.mu.Unlock()
		if f == nil {
			continue
		}
		select {
		case f.in <- m:
		case <-f.ctx.Done():
		case <-s.ctx.Done():
			return
		}
	}
}

// fail ends the stream with its first error.
func (s *reverseClient) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the peer has closed it")
	}
	s.err = err
	close(s.failed)
}
