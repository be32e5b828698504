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
	// From is the cursor to go on from; nil: from now, after a Reset with the view.
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
	s := &watching{client: c, Watch: w, each: each}
	for attempt := 1; ; attempt++ {
		heard, err := s.follow(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if heard {
			attempt = 1
		}
		if !s.heard || !s.passes(err) {
			return s.end(err)
		}
		if err := s.wait(ctx, err, c.options.pause(attempt)); err != nil {
			return err
		}
	}
}

// watching is a watch under way. Watch.From moves with every message taken.
type watching struct {
	Watch
	client *Client
	each   func(*answersv1.WatchViewResponse) error
	heard  bool
}

// errTaken wraps what each returned, which ends the watch as it is.
type errTaken struct{ error }

// follow runs one stream to its end and says whether anything arrived on it.
func (s *watching) follow(ctx context.Context) (heard bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := s.client.guidance.WatchView(ctx, &answersv1.WatchViewRequest{Selector: s.Selector, Cursor: s.From})
	for err == nil {
		var msg *answersv1.WatchViewResponse
		if msg, err = stream.Recv(); err != nil {
			break
		}
		heard, s.heard = true, true
		if takenErr := s.each(msg); takenErr != nil {
			return heard, errTaken{takenErr}
		}
		if msg.GetCursor() != nil {
			s.From = msg.GetCursor()
		}
	}
	return heard, err
}

// passes says whether trying again can mend err. A stream that ended without an
// error, or was cancelled by the other side, is a node that stops.
func (s *watching) passes(err error) bool {
	if errors.Is(err, io.EOF) {
		return true
	}
	if code := status.Code(err); code == codes.Canceled || code == codes.DeadlineExceeded {
		return true
	}
	explained := s.client.explain(err)
	return errors.Is(explained, ErrUnavailable) || errors.Is(explained, ErrStopping) || errors.Is(explained, ErrBusy)
}

// end is the error a watch ends with.
func (s *watching) end(err error) error {
	var taken errTaken
	if errors.As(err, &taken) {
		return taken.error
	}
	if errors.Is(err, io.EOF) {
		return s.client.explain(status.Error(codes.Unavailable, "the node ended the watch at once"))
	}
	return s.client.explain(err)
}

func (s *watching) wait(ctx context.Context, why error, d time.Duration) error {
	if s.Paused != nil {
		s.Paused(s.end(why), d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	// The pause is ours: the connection must not sit out one of its own on top.
	s.client.conn.ResetConnectBackoff()
	return nil
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
