package server

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
)

// call is one call that was let in, with what it holds.
type call struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	line   *line       // nil: not over the network
	place  *fair.Share // among the streams of its way
	turn   func()
}

var errGaveWay = fault.New(fault.ErrBusy, "this node has as many calls open as it can keep, and your address or key has most of them", "try again in a moment, and ask less at once; a watch goes on from its cursor")

// enter lets a call in before a byte of its body is read: it must have the right to be
// called, and takes a place among the streams of its way. Whoever holds most of them makes
// room where there is none.
func (n *Node) enter(ctx context.Context, method string) (*call, error) {
	if err := n.authorise(ctx, method); err != nil {
		return nil, err
	}
	c := &call{turn: func() {}}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	from, ok := callerOf(ctx)
	if !ok {
		return c, nil
	}
	c.line = from.line
	streams := c.line.way.streams
	if _, held := streams.Taken(c.line.party.Address); !c.line.isVisitor() && held >= n.budgets.keyStreams {
		c.cancel(nil)
		return nil, fault.New(fault.ErrBusy, fmt.Sprintf("your key has %d calls open, which is as many as one key may", held), "end some, then try again")
	}
	c.place = streams.Take(c.line.party, 1, func() { c.cancel(errGaveWay) })
	return c, nil
}

// leave ends the call.
func (c *call) leave() {
	c.turn()
	if c.place != nil {
		c.place.GiveBack()
	}
	c.cancel(nil)
}

// answer answers one unary call, by whichever transport it came: it is let in before its request is read, which must not
// be long in coming, and waits for its turn with the request in hand; its answer departs, ready, before the turn is over.
// The error is the call's status.
func (n *Node) answer(ctx context.Context, method string, read func(v any) error,
	handle func(ctx context.Context, decode func(v any) error) (any, error), depart func(reply any, l *line) error,
) error {
	c, err := n.enter(ctx, method)
	if err != nil {
		return n.status(method, err)
	}
	defer c.leave()
	reply, err := handle(c.ctx, func(v any) error {
		err := c.line.receive(c.ctx, n.budgets.receiving, func() error { return read(v) })
		if err == nil {
			err = c.awaitTurn(method, n.budgets.turn)
		}
		return n.status(method, err)
	})
	if err != nil {
		return err
	}
	return n.status(method, depart(reply, c.line))
}

// onePage is the turn in which all is asked that a page is made of: whoever had to wait anew for each question would wait
// behind everybody's first, and find out at last that it had waited in vain.
type onePage struct{ leave func() }

type onePageKey struct{}

// inOneTurn is a context whose first call waits for its turn, and whose others are answered in that. It is for one
// goroutine.
func inOneTurn(ctx context.Context) (in context.Context, leave func()) {
	page := &onePage{}
	return context.WithValue(ctx, onePageKey{}, page), func() {
		if page.leave != nil {
			page.leave()
		}
	}
}

// awaitTurn waits until it is the call's turn to be answered.
func (c *call) awaitTurn(method string, limit time.Duration) error {
	page, _ := c.ctx.Value(onePageKey{}).(*onePage)
	if c.line == nil || page != nil && page.leave != nil {
		return nil
	}
	queue := c.line.way.cheap
	if isDear(method) || page != nil {
		queue = c.line.way.dear
	}
	ctx, cancel := context.WithTimeout(c.ctx, limit)
	defer cancel()
	leave, err := queue.Enter(ctx, c.line.party)
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.ErrBusy, fmt.Sprintf("more is asked of this node than it can answer: no turn came within %v", limit), "try again in a minute")
	}
	if err != nil {
		return because(c.ctx, err)
	}
	if page != nil {
		page.leave = sync.OnceFunc(func() { passOn(queue, leave) })
	} else {
		c.turn = func() { passOn(queue, leave) }
	}
	return nil
}

// passOn ends a turn. Where others wait, whatever is ready has the processor first, and then
// there is a moment's rest: the network is looked at only when nothing is ready, and turns passed
// from hand to hand would never leave it a chance.
func passOn(queue *fair.Queue, leave func()) {
	if runtime.Gosched(); queue.Waited() {
		time.AfterFunc(turnRest, leave)
	} else {
		leave()
	}
}

// placed is the context of a stream that needs a place besides, of which there are few: it
// ends when the place has to be given up, too.
func placed(ctx context.Context, places func(*doors) *fair.Shares) (context.Context, func()) {
	from, ok := callerOf(ctx)
	if !ok {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	place := places(from.line.doors).Take(from.line.party, 1, func() { cancel(errGaveWay) })
	return ctx, func() { place.GiveBack(); cancel(nil) }
}

// because is err, or why ctx has ended, where that is what brought it about.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && errors.Is(cause, fault.ErrBusy) {
		return cause
	}
	return err
}

// awaitDearTurn waits for a turn of a stream, which has to be asked for again and again.
func awaitDearTurn(ctx context.Context) (leave func(), err error) {
	from, ok := callerOf(ctx)
	if !ok {
		return func() {}, nil
	}
	queue := from.line.way.dear
	left, err := queue.Enter(ctx, from.line.party)
	return func() { passOn(queue, left) }, err
}

// within does what reads from a caller, and gives up on it when it takes too long, or ctx
// ends: gRPC would wait for the caller. What still waits then ends with the stream, as soon
// as its handler returns.
func within(ctx context.Context, limit time.Duration, reads func() error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	got := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil { // the border recovers on the handler's goroutine alone
				got <- fmt.Errorf("panic reading a message: %v", v)
			}
		}()
		got <- reads()
	}()
	var late <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case err := <-got:
		return err
	case <-late:
		return tooSlow(limit)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func tooSlow(limit time.Duration) error {
	return fault.New(fault.ErrBusy, fmt.Sprintf("the request did not arrive within %v", limit), "send it again, over a faster line")
}
