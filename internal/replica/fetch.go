package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// commitEvery is how long verified entries may wait for more to share their
// transaction with.
const commitEvery = time.Second

// startFetch starts a worker for one fetch; the core allows FetchesLimit at once per
// peer. r.mu is held.
func (r *Replica) startFetch(s *liveSession, e Fetch) {
	if r.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.cancels[e.Fetch] = cancel
	s.fetches.Add(1)
	r.wg.Go(func() {
		defer s.fetches.Done()
		defer cancel()
		var done Done
		if e.Bodies {
			done = r.fetchBodies(ctx, s, e.Fetch)
		} else {
			done = r.fetchLogs(ctx, s, e)
		}
		if done.Err != nil && ctx.Err() == nil {
			r.cfg.Logger.Debug("fetch ended", "peer", s.peer.Office, "outcome", done.Outcome, "error", done.Err)
		}
		r.mu.Lock()
		delete(s.cancels, e.Fetch)
		r.mu.Unlock()
		r.post(done)
	})
}

// fetchLogs asks for logs, takes the chunks in as they come, and says how it went. What
// has verified is kept, whatever came after it.
func (r *Replica) fetchLogs(ctx context.Context, s *liveSession, e Fetch) Done {
	in, err := NewIntake(r.cfg.Store, r.cfg.Keys, r.verifier.Opened, e.Logs)
	if err != nil {
		return Done{Fetch: e.Fetch, Outcome: Local, Err: err}
	}
	req := in.Request()
	if req == nil {
		return Done{Fetch: e.Fetch}
	}
	// Heads are told before progress: what the core asks for next starts from them.
	commit := func() error {
		moved, held, err := in.Commit()
		if err != nil {
			return err
		}
		if len(held) > 0 {
			r.post(Committed{held})
		}
		if len(moved) > 0 {
			r.post(Progressed{e.Fetch, moved})
		}
		return nil
	}
	began := time.Now()
	err = eachChunk(ctx, s.conn, req, func(c *nodev1.Chunk) error {
		before := in.raw
		if err := in.Take(c); err != nil {
			return err
		}
		if in.raw > before {
			r.post(Progressed{Fetch: e.Fetch})
		}
		if !in.Full() && time.Since(began) < commitEvery {
			return nil
		}
		began = time.Now()
		return commit()
	})
	if cerr := commit(); cerr != nil {
		err = cerr
	}
	found := in.Findings()
	for _, fork := range found.Forks {
		r.post(fork)
	}
	if found.OwnContradicted != nil {
		r.alarmOwnContradicted(found.OwnLog, found.OwnContradicted)
	}
	if err == nil {
		err = r.checkForks(ctx, s, e.Fetch, found.Unproven)
	}
	return in.Outcome(e.Fetch, err)
}

// checkForks finds out of logs that do not lead to the head a source has whether their
// office signed two histories. What cannot be found out is nobody's fault.
func (r *Replica) checkForks(ctx context.Context, s *liveSession, id FetchID, unproven []ledger.Checkpoint) error {
	for _, head := range unproven {
		held, ok := r.cfg.Store.Held(head.Log)
		if !ok || held.Size == 0 || held.Size > head.Size {
			continue // nothing to contradict, or learnt from the heads alone
		}
		check := NewForkCheck(r.cfg.Keys, held)
		err := eachChunk(ctx, s.conn, check.Request(), func(c *nodev1.Chunk) error {
			r.post(Progressed{Fetch: id})
			return check.Take(c)
		})
		if fork, yes := check.Fork(); yes {
			r.post(fork)
		} else if isGarbage(err) || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// fetchBodies asks for the bodies this node wants, if any, once; what does not come is asked
// for again by the core.
func (r *Replica) fetchBodies(ctx context.Context, s *liveSession, id FetchID) Done {
	req, wanted, err := RequestBodies(r.cfg.Store, nil)
	for err == nil && req != nil {
		err = eachChunk(ctx, s.conn, req, func(c *nodev1.Chunk) error {
			r.post(Progressed{Fetch: id})
			return TakeBodies(r.cfg.Store, c, wanted)
		})
		if err == nil {
			req, wanted, err = RequestBodies(r.cfg.Store, req)
		}
	}
	return BodiesOutcome(id, err)
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
