package client_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

type watchStream = grpc.ServerStreamingServer[answersv1.WatchViewResponse]

// feed answers a watch as a node does: changes numbered by the feed, each with the
// cursor to go on from; a stop after some of them; a Reset for a cursor it does not
// know.
type feed struct {
	end  atomic.Uint64        // of the newest change
	stop func(sent int) error // asked after each message of one stream; nil goes on
}

// feedTo is a feed with changes 1 to end.
func feedTo(end uint64, stop func(sent int) error) *feed {
	f := &feed{stop: stop}
	f.end.Store(end)
	return f
}

func goOn(int) error { return nil }

func cursorAt(n uint64) *answersv1.Cursor {
	digest := sha256.Sum256(fmt.Append(nil, n))
	return &answersv1.Cursor{Feed: n, Digest: digest[:], Day: "2021-10-28"}
}

func (f *feed) watch(req *answersv1.WatchViewRequest, stream watchStream) error {
	from := req.GetCursor()
	if from == nil || string(from.GetDigest()) != string(cursorAt(from.GetFeed()).GetDigest()) {
		from = cursorAt(0)
		if err := stream.Send(&answersv1.WatchViewResponse{
			Event:  &answersv1.WatchViewResponse_Reset_{Reset_: &answersv1.ViewReset{Reason: "start here"}},
			Cursor: from,
		}); err != nil {
			return err
		}
	}
	for n, sent := from.GetFeed()+1, 1; n <= f.end.Load(); n, sent = n+1, sent+1 {
		if err := stream.Send(changeAt(n)); err != nil {
			return err
		}
		if err := f.stop(sent); err != nil {
			return err
		}
	}
	<-stream.Context().Done()
	return stream.Context().Err()
}

func changeAt(n uint64) *answersv1.WatchViewResponse {
	return &answersv1.WatchViewResponse{
		Event: &answersv1.WatchViewResponse_Change{Change: &answersv1.ViewChange{
			Lines: []*answersv1.LineChange{{Entry: fmt.Sprintf("essex/%d", n)}},
		}},
		Cursor: cursorAt(n),
	}
}

var errEnough = errors.New("enough")

// collect notes what arrives and ends the watch at the last feed number.
func collect(seen *[]string, last uint64) func(*answersv1.WatchViewResponse) error {
	return func(msg *answersv1.WatchViewResponse) error {
		if msg.GetReset_() != nil {
			*seen = append(*seen, "reset")
			return nil
		}
		*seen = append(*seen, msg.GetChange().GetLines()[0].GetEntry())
		if msg.GetCursor().GetFeed() == last {
			return errEnough
		}
		return nil
	}
}

func quick(int) time.Duration { return time.Millisecond }

func TestWatchGoesOnWhereItWasWithoutGapOrRepeat(t *testing.T) {
	for name, stop := range map[string]func(sent int) error{
		"the node stops":              func(sent int) error { return fault.New(fault.ErrStopping, "stopping", "") },
		"the node is busy":            func(sent int) error { return fault.New(fault.ErrBusy, "busy", "") },
		"the stream just ends":        func(sent int) error { return errEOF },
		"the stream ends after three": func(sent int) error { return after(sent, 3, errEOF) },
	} {
		t.Run(name, func(t *testing.T) {
			f := feedTo(10, stop)
			n := startNode(t, &node{watch: func(req *answersv1.WatchViewRequest, s watchStream) error {
				if err := f.watch(req, s); !errors.Is(err, errEOF) {
					return err
				}
				return nil
			}})
			var seen []string
			err := n.dial(t, client.WithPause(quick)).Watch(t.Context(), client.Watch{}, collect(&seen, 10))
			if !errors.Is(err, errEnough) {
				t.Fatal(err)
			}
			want := "reset essex/1 essex/2 essex/3 essex/4 essex/5 essex/6 essex/7 essex/8 essex/9 essex/10"
			if got := strings.Join(seen, " "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

var errEOF = errors.New("end the stream without an error")

func after(sent, n int, err error) error {
	if sent < n {
		return nil
	}
	return err
}

func TestWatchOutlivesARestartOfTheNode(t *testing.T) {
	f := feedTo(3, goOn)
	n := startNode(t, &node{watch: f.watch})
	var seen []string
	paused := make(chan error, 100)
	take := collect(&seen, 6)
	restart := func(msg *answersv1.WatchViewResponse) error {
		if msg.GetCursor().GetFeed() == 3 {
			go func() {
				n.stop()
				<-paused // it has noticed
				f.end.Store(6)
				n.start(t)
			}()
		}
		return take(msg)
	}
	err := n.dial(t, client.WithPause(func(int) time.Duration { return 5 * time.Millisecond })).Watch(t.Context(), client.Watch{
		Paused: func(why error, _ time.Duration) { paused <- why },
	}, restart)
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	if got := strings.Join(seen, " "); got != "reset essex/1 essex/2 essex/3 essex/4 essex/5 essex/6" {
		t.Errorf("got %s", got)
	}
}

func TestWatchBeginsAtACursor(t *testing.T) {
	f := feedTo(9, goOn)
	n := startNode(t, &node{watch: f.watch})
	var seen []string
	err := n.dial(t).Watch(t.Context(), client.Watch{From: cursorAt(7)}, collect(&seen, 9))
	if !errors.Is(err, errEnough) || strings.Join(seen, " ") != "essex/8 essex/9" {
		t.Errorf("got %v, %v", seen, err)
	}
}

func TestAWatchTakenUpAgainOutlivesARestartThoughNothingChangedYet(t *testing.T) {
	f := feedTo(3, goOn)
	n := startNode(t, &node{watch: func(req *answersv1.WatchViewRequest, s watchStream) error {
		if err := s.Send(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Progress{}, Cursor: req.GetCursor()}); err != nil {
			return err
		}
		return f.watch(req, s)
	}})
	paused := make(chan error, 100)
	stopped := false
	err := n.dial(t, client.WithPause(quick)).Watch(t.Context(), client.Watch{
		From: cursorAt(3), Paused: func(why error, _ time.Duration) { paused <- why },
	}, func(msg *answersv1.WatchViewResponse) error {
		if msg.GetChange() != nil {
			return errEnough
		}
		if stopped {
			return nil
		}
		stopped = true
		go func() {
			n.stop()
			<-paused // it has noticed
			f.end.Store(4)
			n.start(t)
		}()
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
}

func TestACursorOfAnotherNodeGetsAReset(t *testing.T) {
	f := feedTo(2, goOn)
	n := startNode(t, &node{watch: f.watch})
	foreign := cursorAt(1)
	foreign.Digest = make([]byte, 32)
	var seen []string
	err := n.dial(t).Watch(t.Context(), client.Watch{From: foreign}, collect(&seen, 2))
	if !errors.Is(err, errEnough) || strings.Join(seen, " ") != "reset essex/1 essex/2" {
		t.Errorf("got %v, %v", seen, err)
	}
}

func TestWatchOfANodeThatIsDownEndsAtOnce(t *testing.T) {
	n := startNode(t, &node{})
	n.stop()
	err := n.dial(t).Watch(t.Context(), client.Watch{}, func(*answersv1.WatchViewResponse) error { return nil })
	if !errors.Is(err, client.ErrUnavailable) || client.Hint(err) == "" {
		t.Errorf("got %v", err)
	}
}

func TestWatchEndsOnWhatTryingAgainCannotMend(t *testing.T) {
	tries := 0
	n := startNode(t, &node{watch: func(_ *answersv1.WatchViewRequest, s watchStream) error {
		if tries++; tries == 1 {
			return s.Send(changeAt(1))
		}
		return fault.New(fault.ErrUnknownMatter, "no such matter", "")
	}})
	err := n.dial(t, client.WithPause(quick)).Watch(t.Context(), client.Watch{}, func(*answersv1.WatchViewResponse) error { return nil })
	if !errors.Is(err, client.ErrUnknownMatter) || tries != 2 {
		t.Errorf("got %v after %d tries", err, tries)
	}
}

func TestWatchWaitsLongerEachTimeUntilItHearsSomething(t *testing.T) {
	tries := 0
	n := startNode(t, &node{watch: func(_ *answersv1.WatchViewRequest, s watchStream) error {
		switch tries++; tries {
		case 1, 5:
			return s.Send(changeAt(1))
		case 7:
			return fault.New(fault.ErrNotFound, "enough", "")
		}
		return nil
	}})
	var attempts []int
	c := n.dial(t, client.WithPause(func(attempt int) time.Duration {
		attempts = append(attempts, attempt)
		return 0
	}))
	_ = c.Watch(t.Context(), client.Watch{}, func(*answersv1.WatchViewResponse) error { return nil })
	if got := fmt.Sprint(attempts); got != "[1 2 3 4 1 2]" {
		t.Errorf("waited before attempts %s", got)
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := feedTo(1, goOn)
	n := startNode(t, &node{watch: f.watch})
	err := n.dial(t).Watch(ctx, client.Watch{}, func(msg *answersv1.WatchViewResponse) error {
		if msg.GetChange() != nil {
			cancel()
		}
		return nil
	})
	if err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
