package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// commitEvery is how long verified entries may wait for more to share their
// transaction with.
const commitEvery = time.Second

// startFetch starts a worker for one fetch; the core allows FetchesLimit at once per
// peer. r.mu is held.
func (r *Replica) startFetch(s *running, e Fetch) {
	if r.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.cancels[e.Fetch] = cancel
	s.fetches.Add(1)
	r.wg.Go(func() {
		defer s.fetches.Done()
		defer cancel()
		done := r.fetch(ctx, s, e)
		if done.Err != nil && ctx.Err() == nil {
			r.cfg.Logger.Debug("fetch ended", "peer", s.peer.Office, "outcome", done.Outcome, "error", done.Err)
		}
		r.mu.Lock()
		delete(s.cancels, e.Fetch)
		r.mu.Unlock()
		r.post(done)
	})
}

func (r *Replica) fetch(ctx context.Context, s *running, e Fetch) Done {
	if e.Bodies {
		return r.fetchBodies(ctx, s, e)
	}
	in, err := NewIntake(r.cfg.Store, r.cfg.Keys, e.Logs)
	if err != nil {
		return Done{Fetch: e.Fetch, Outcome: Local, Err: err}
	}
	req, err := Request(r.cfg.Store, e.Logs)
	if err != nil {
		return Done{Fetch: e.Fetch, Outcome: Local, Err: err}
	}
	if req == nil {
		return Done{Fetch: e.Fetch}
	}
	err = r.receive(ctx, s, e.Fetch, in, req)
	// What has verified is kept, whatever came after it.
	if cerr := r.commit(e.Fetch, in); cerr != nil {
		err = cerr
	}
	for _, fork := range in.Forks() {
		r.post(fork)
	}
	if own := in.Contradicted(); own != nil {
		r.alarmOnce(own.Error())
	}
	if err == nil {
		err = r.tryForks(ctx, s, e.Fetch, in)
	}
	return in.Outcome(e.Fetch, err)
}

// tryForks finds out of logs that do not lead to the head a source has whether their
// office signed two histories. What cannot be found out is nobody's fault.
func (r *Replica) tryForks(ctx context.Context, s *running, id FetchID, in *Intake) error {
	for _, head := range in.Doubts() {
		held, ok := r.cfg.Store.Held(head.Log)
		if !ok || held.Size == 0 || held.Size > head.Size {
			continue // nothing to contradict, or learnt from the heads alone
		}
		t := NewTrial(r.cfg.Keys, held)
		err := eachChunk(ctx, s.conn, t.Request(), func(c *nodev1.Chunk) error {
			r.post(Progressed{Fetch: id})
			return t.Take(c)
		})
		if fork, yes := t.Fork(); yes {
			r.post(fork)
		} else if isGarbage(err) || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// receive takes the chunks of one fetch as they come.
func (r *Replica) receive(ctx context.Context, s *running, id FetchID, in *Intake, req *nodev1.FetchRequest) error {
	began := time.Now()
	return eachChunk(ctx, s.conn, req, func(c *nodev1.Chunk) error {
		before := in.raw
		if err := in.Take(c); err != nil {
			return err
		}
		if in.raw > before {
			r.post(Progressed{Fetch: id})
		}
		if !in.Full() && time.Since(began) < commitEvery {
			return nil
		}
		began = time.Now()
		return r.commit(id, in)
	})
}

// eachChunk asks and takes chunk by chunk. The next one may take ReceiveWithin.
func eachChunk(ctx context.Context, conn Conn, req *nodev1.FetchRequest, take func(*nodev1.Chunk) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(ReceiveWithin, func() { cancel(fmt.Errorf("nothing came for %s", ReceiveWithin)) })
	defer late.Stop()
	src, err := conn.Fetch(ctx, req)
	for err == nil {
		var c *nodev1.Chunk
		if c, err = src.Recv(); err == nil {
			late.Reset(ReceiveWithin)
			err = take(c)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// commit writes what has verified and tells the core. Heads are told before progress:
// what the core asks for next starts from them.
func (r *Replica) commit(id FetchID, in *Intake) error {
	moved, held, err := in.Commit()
	if err != nil {
		return err
	}
	if len(held) > 0 {
		r.post(Committed{held})
	}
	if len(moved) > 0 {
		r.post(Progressed{id, moved})
	}
	return nil
}

// fetchBodies asks for the bodies this node wants, once; what does not come is asked
// for again at the next connect.
func (r *Replica) fetchBodies(ctx context.Context, s *running, e Fetch) Done {
	req, wanted, err := RequestBodies(r.cfg.Store)
	if err == nil && req != nil {
		err = eachChunk(ctx, s.conn, req, func(c *nodev1.Chunk) error {
			return TakeBodies(r.cfg.Store, c, wanted)
		})
	}
	return BodiesOutcome(e.Fetch, err)
}
