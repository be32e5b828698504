package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Conn is a control stream to a peer, and the way to fetch from it. Send is called by
// one goroutine and Recv by one; Fetch by several. All end when the stream does.
type Conn interface {
	// Send sends one frame, waiting while the stream takes none.
	Send(*nodev1.Frame) error
	// Recv gives the next frame; io.EOF when the peer has hung up.
	Recv() (*nodev1.Frame, error)
	// Fetch asks the peer for ranges or bodies. The chunks end when ctx does.
	Fetch(ctx context.Context, req *nodev1.FetchRequest) (ChunkSource, error)
}

// closer is a Conn that is told when nothing more will be sent, after the last Send
// has returned: grpc forbids the two at once.
type closer interface{ closeSend() }

func closeSend(conn Conn) {
	if c, ok := conn.(closer); ok {
		c.closeSend()
	}
}

// ChunkSource gives the chunks of one fetch; io.EOF after the last. A refusal is a
// *Refused.
type ChunkSource interface {
	Recv() (*nodev1.Chunk, error)
}

// liveSession is one session of the core over a Conn.
type liveSession struct {
	id      SessionID
	peer    Peer
	conn    Conn
	caller  context.Context // Run's
	ctx     context.Context // done when the session is over
	cancel  context.CancelFunc
	wake    chan struct{}
	over    chan struct{} // closed when it is over
	once    sync.Once
	err     error
	fetches sync.WaitGroup
	cancels map[FetchID]context.CancelFunc // under Replica.mu
	refused *Refused                       // under Replica.mu
}

// finish ends the session with its first reason.
func (s *liveSession) finish(err error) {
	s.once.Do(func() {
		s.err = err
		close(s.over)
	})
}

// cancelled is why a session ended that was ended from this side.
func (s *liveSession) cancelled() error {
	cause := context.Cause(s.caller)
	if cause == nil {
		cause = context.Canceled // this node is stopping
	}
	return fmt.Errorf("session with %s: %w", s.peer.Office, cause)
}

// Run holds one session with a peer until it ends, and says why it did: *Refused, the
// stream's error, or that of ctx. When Run returns the caller has to end the stream;
// the two goroutines that read and write it end with it, and Close waits for them.
//
// One goroutine reads and never waits for a writer; one writes and takes each frame
// from the core when the stream is ready for it (grpc-go#5393: two sides that both
// wait in Send).
func (r *Replica) Run(ctx context.Context, peer Peer, conn Conn) error {
	s := &liveSession{
		peer: peer, conn: conn, caller: ctx, wake: make(chan struct{}, 1), over: make(chan struct{}),
		cancels: map[FetchID]context.CancelFunc{},
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	defer s.cancel()

	// All under one lock: Close must not begin to wait between its being looked for and
	// the two goroutines' being counted, and no event of the session may come before the
	// core knows it.
	r.mu.Lock()
	if r.ctx.Err() != nil {
		r.mu.Unlock()
		closeSend(conn)
		return r.stopping(peer)
	}
	r.lastSession++
	s.id = r.lastSession
	r.sessions[s.id] = s
	r.peerConnected(s.id, peer)
	unhook := context.AfterFunc(r.ctx, s.cancel)
	for _, e := range r.core.Step(Opened{s.id, peer}) {
		r.do(e)
	}
	r.wg.Go(func() { r.read(s) })
	r.wg.Go(func() { r.write(s) })
	r.mu.Unlock()

	select {
	case <-s.over:
	case <-s.ctx.Done():
		s.finish(s.cancelled())
	}

	// The core is told before the fetches are waited for: it may give their logs to
	// others at once.
	unhook()
	s.cancel()
	r.mu.Lock()
	delete(r.sessions, s.id)
	r.peerDisconnected(s.id, peer, s.err)
	r.mu.Unlock()
	r.post(Closed{s.id})
	s.fetches.Wait()
	return s.err
}

// read takes frames off the stream, checks them and hands them to the core.
func (r *Replica) read(s *liveSession) {
	for {
		f, err := s.conn.Recv()
		switch {
		case errors.Is(err, io.EOF):
			r.streamEnded(s, fmt.Errorf("session with %s: the peer hung up", s.peer.Office))
			return
		case err != nil:
			r.streamEnded(s, fmt.Errorf("session with %s: %w", s.peer.Office, err))
			return
		}
		r.post(r.verifier.Frame(s.id, f))
	}
}

// write sends what the core has to say whenever it has something and the stream
// takes it. It is the one goroutine that sends, and so the one that closes.
func (r *Replica) write(s *liveSession) {
	defer closeSend(s.conn)
	for {
		select {
		case <-s.over:
			return
		case <-s.ctx.Done():
			return
		case <-s.wake:
		}
		for _, send := range r.post(Writable{s.id, r.cfg.Now(), r.inDoubt()}) {
			err := s.conn.Send(send.Frame)
			if err == nil && !send.Last {
				continue
			}
			if send.Last {
				r.streamEnded(s, err) // it was refused: that is the reason
			}
			// On an error the reader learns the true one from its Recv.
			return
		}
	}
}

// inDoubt: what is held here may not be the newest there was.
func (r *Replica) inDoubt() bool {
	_, _, recovering := r.cfg.Store.Recovering()
	return r.cfg.Doubtful || recovering || r.cfg.Store.Doubt().MayBeOld() || r.cfg.Store.Damage() != nil
}

// streamEnded ends a session whose stream is gone. What this side refused it for says
// more than that.
func (r *Replica) streamEnded(s *liveSession, err error) {
	r.mu.Lock()
	refused := s.refused
	r.mu.Unlock()
	switch {
	case refused != nil:
		err = refused
	case s.caller.Err() != nil: // it ended the stream, too
		err = s.cancelled()
	}
	s.finish(err)
}
