package client

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const (
	// firstPause and lastPause bound how long Watch waits before it connects again.
	firstPause = 100 * time.Millisecond
	lastPause  = 30 * time.Second
)

// Watch is a view to follow.
type Watch struct {
	// Selector says which view; as_of, known_at and on_day must be empty.
	Selector *answersv1.Selector
	// From is the cursor to go on from, after a Progress that says so; nil: from now, after a
	// Reset with the view.
	From *answersv1.Cursor
	// Paused is told when the connection is lost, why, and when it is tried again;
	// nil: nobody is.
	Paused func(why error, wait time.Duration)
}

// Watch follows a view until ctx ends (its error is returned) or each returns an
// error. Every message is given to each exactly once, in the node's order: when the
// connection or the node goes, Watch goes on from the cursor of the last message
// each took. A node that does not know the cursor any more answers with a Reset.
//
// An error before the first message, and any that trying again cannot mend, ends
// the watch.
func (c *Client) Watch(ctx context.Context, w Watch, each func(*answersv1.WatchViewResponse) error) error {
	everHeard := false
	for attempt := 1; ; attempt++ {
		heard, stopped, err := c.follow(ctx, &w, each)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case stopped:
			return err
		case heard:
			everHeard, attempt = true, 1
		}
		// A stream that ended without an error, or was cancelled by the other side, is a
		// node that stops.
		code := status.Code(err)
		stops := code == codes.Canceled || code == codes.DeadlineExceeded
		if errors.Is(err, io.EOF) {
			stops, err = true, status.Error(codes.Unavailable, "the node ended the watch at once")
		}
		err = c.explain(err)
		if !everHeard || !stops && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrStopping) && !errors.Is(err, ErrBusy) {
			return err
		}
		pause := c.options.pause(attempt)
		if w.Paused != nil {
			w.Paused(err, pause)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		// The pause is ours: the connection must not sit out one of its own on top.
		c.conn.ResetConnectBackoff()
	}
}

// follow runs one stream to its end, and moves w.From with every message taken. It says
// whether anything arrived, and whether it was each that stopped it.
func (c *Client) follow(ctx context.Context, w *Watch, each func(*answersv1.WatchViewResponse) error) (heard, stopped bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.guidance.WatchView(ctx, &answersv1.WatchViewRequest{Selector: w.Selector, Cursor: w.From})
	if err != nil {
		return false, false, err
	}
	for {
		msg, err := stream.Recv()
		if err != nil {
			return heard, false, err
		}
		heard = true
		if err := each(msg); err != nil {
			return heard, true, err
		}
		if msg.GetCursor() != nil {
			w.From = msg.GetCursor()
		}
	}
}

// pauseBefore doubles from firstPause to lastPause, then takes up to a fifth off,
// so that the watchers of a node that restarts do not all come at once.
func pauseBefore(attempt int) time.Duration {
	d := lastPause
	if attempt < 10 {
		d = min(lastPause, firstPause<<(attempt-1))
	}
	return d - time.Duration(rand.Int64N(int64(d)/5))
}
