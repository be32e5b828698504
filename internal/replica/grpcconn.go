package replica

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// DialSession holds one session with a peer over a connection that is not shared with
// others: it opens Gossip, answers the peer's fetches over Serve, fetches by Fetch, and
// says why it ended. A peer whose key is not known yet, only its pin, gets it from TLS.
func (r *Replica) DialSession(ctx context.Context, cc grpc.ClientConnInterface, to Peer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	to.Dialled = true
	client := nodev1.NewFederationServiceClient(cc)
	stream, err := client.Gossip(ctx)
	if err != nil {
		err = fmt.Errorf("opening a session with %s at %s: %w", to.Office, to.Address, err)
		r.peerUnreachable(to, err)
		return err
	}
	if p, ok := peer.FromContext(stream.Context()); ok && len(to.Key) == 0 {
		if info, ok := p.AuthInfo.(credentials.TLSInfo); ok && len(info.State.PeerCertificates) > 0 {
			to.Key, _ = info.State.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
		}
	}
	serving := make(chan struct{})
	if !r.spawn(func() {
		defer close(serving)
		r.serveOver(ctx, client, to)
	}) {
		return r.stopping(to)
	}
	conn := &dialConn{stream: stream, client: client, gone: make(chan struct{})}
	err = r.Run(ctx, to, conn)

	// What was sent last has to arrive: a stream that is cancelled drops it, and the peer
	// would see a connection that broke instead of a refusal. The writer closes its end
	// when it has ended; one that is held up is cut off.
	late := time.NewTimer(FarewellWithin)
	defer late.Stop()
	select {
	case <-conn.gone:
	case <-late.C:
	case <-ctx.Done():
	}
	cancel()
	<-serving
	return err
}

// dialConn is the Conn of the side that dialled.
type dialConn struct {
	stream nodev1.FederationService_GossipClient
	client nodev1.FederationServiceClient
	once   sync.Once
	gone   chan struct{} // closed when Recv has failed
}

func (c *dialConn) Send(f *nodev1.Frame) error {
	return c.stream.Send(&nodev1.GossipRequest{Frame: f})
}

func (c *dialConn) Recv() (*nodev1.Frame, error) {
	m, err := c.stream.Recv()
	if err != nil {
		c.once.Do(func() { close(c.gone) })
		return nil, err
	}
	return m.GetFrame(), nil
}

// closeSend tells the peer that nothing more comes. An error means that the stream is
// gone, which Recv says too.
func (c *dialConn) closeSend() { _ = c.stream.CloseSend() }

func (c *dialConn) Fetch(ctx context.Context, req *nodev1.FetchRequest) (ChunkSource, error) {
	stream, err := c.client.Fetch(ctx, req)
	if err != nil {
		return nil, fetchError(err)
	}
	return fetchSource{stream}, nil
}

type fetchSource struct {
	stream nodev1.FederationService_FetchClient
}

func (s fetchSource) Recv() (*nodev1.Chunk, error) {
	m, err := s.stream.Recv()
	if err != nil {
		return nil, fetchError(err)
	}
	return m.GetChunk(), nil
}

// fetchError turns the one status that says when to come back into a refusal.
func fetchError(err error) error {
	if status.Code(err) == codes.ResourceExhausted {
		refused := newRefused(reasonBusy, "%s", status.Convert(err).Message())
		refused.ByPeer = true
		return refused
	}
	return err
}

// AcceptGossip is the handler of Gossip: one session with a peer that dialled, until
// it ends.
func (r *Replica) AcceptGossip(ctx context.Context, peer Peer, stream nodev1.FederationService_GossipServer) error {
	peer.Dialled = false
	return r.Run(ctx, peer, &acceptConn{r: r, node: NodeOf(peer.Key), stream: stream})
}

// acceptConn is the Conn of the side that was dialled: it fetches over the Serve
// stream of the same peer.
type acceptConn struct {
	r      *Replica
	node   NodeID
	stream nodev1.FederationService_GossipServer
}

func (c *acceptConn) Send(f *nodev1.Frame) error {
	return c.stream.Send(&nodev1.GossipResponse{Frame: f})
}

func (c *acceptConn) Recv() (*nodev1.Frame, error) {
	m, err := c.stream.Recv()
	if err != nil {
		return nil, err
	}
	return m.GetFrame(), nil
}

// Fetch waits for the peer's Serve stream, which it opens beside Gossip.
func (c *acceptConn) Fetch(ctx context.Context, req *nodev1.FetchRequest) (ChunkSource, error) {
	for {
		s, changed := c.r.serveOf(c.node)
		if s != nil {
			return s.fetch(ctx, req)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the peer to open Serve: %w", context.Cause(ctx))
		}
	}
}

// AnswerFetch is the handler of Fetch. It returns when ctx is done, even while a peer
// that reads nothing holds up a chunk: that its handler has returned is what frees a
// stream.
func (r *Replica) AnswerFetch(ctx context.Context, peer Peer, req *nodev1.FetchRequest, stream nodev1.FederationService_FetchServer) error {
	done := make(chan error, 1)
	if !r.spawn(func() {
		done <- r.Answer(ctx, peer, req, func(c *nodev1.Chunk) error {
			return stream.Send(&nodev1.FetchResponse{Chunk: c})
		})
	}) {
		return r.stopping(peer)
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("answering a fetch of %s: %w", peer.Office, context.Cause(ctx))
	case <-r.ctx.Done():
		return r.stopping(peer)
	}
}

func (r *Replica) stopping(peer Peer) error {
	return fmt.Errorf("session with %s: this node is stopping: %w", peer.Office, context.Canceled)
}

// RetryAfter is when a session that ended with err may be tried again: what the peer
// asked for, or what the reason calls for; 0: the caller's own back-off.
func RetryAfter(err error) time.Duration {
	var refused *Refused
	if !errors.As(err, &refused) {
		return 0
	}
	switch {
	case refused.RetryAfter > 0:
		return refused.RetryAfter
	case errors.Is(err, ErrQuarantined):
		return QuarantineFor
	case errors.Is(err, ErrDuplicateInstance), errors.Is(err, ErrRedundant):
		return time.Minute
	}
	return 0
}
