package server

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lmcfed/lmcfed/internal/fair"
)

// webListener gives each connection that comes a place: whoever has most makes room for it.
type webListener struct {
	net.Listener
	doors    *doors
	way      *way
	stopping context.Context
}

func (l *webListener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	from := fair.Party{Address: fair.AddressOf(raw.RemoteAddr().String()), Line: l.doors.lines.Add(1)}
	return newWebConn(l.stopping, raw, &line{raw: raw, doors: l.doors, way: l.way, party: from}), nil
}

// newWebConn makes a line of the web a connection that net/http serves.
func newWebConn(stopping context.Context, conn net.Conn, l *line) *webConn {
	c := &webConn{Conn: conn, line: l}
	l.web = c
	l.open, l.close = context.WithCancel(context.Background())
	c.leave = context.AfterFunc(stopping, func() {
		if !c.busy.Load() { // http.Server waits for what a browser opened in case it should need it
			_ = l.raw.Close()
		}
	})
	c.place = c.takePlace(l.party)
	return c
}

// webConn is a connection of the web's listener: one request at a time.
type webConn struct {
	net.Conn
	line  *line
	leave func() bool // those that are told of a stop
	busy  atomic.Bool // a request is answered

	mu    sync.Mutex // guards place and ended
	place *fair.Share
	ended bool // nothing more is to be waited for
}

func (c *webConn) takePlace(for_ fair.Party) *fair.Share {
	return c.line.way.connections.Take(for_, 1, func() {
		if d := c.line.doors; d.full.due() {
			d.n.cfg.Logger.Warn("as many connections of browsers are open as this node takes: the one longest unused, of whoever has most, makes room for each that comes")
		}
		c.line.giveWay()
	})
}

// isFor makes a party the connection's: of whom a proxy brings a request.
func (c *webConn) isFor(address string) {
	if c.line.party.Address == address {
		return
	}
	c.line.party.Address = address
	c.mu.Lock()
	defer c.mu.Unlock()
	c.place.GiveBack()
	c.place = c.takePlace(c.line.party)
	c.place.Serving(c.busy.Load())
}

// serving says that a request is answered, or no more.
func (c *webConn) serving(on bool) {
	c.busy.Store(on)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.place.Serving(on)
}

func (c *webConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.place.Used()
	return n, err
}

// Write gives up on whoever takes nothing for long. Until it is taken it counts as unread: whoever
// leaves most unread is hung up on when there is too much of it.
func (c *webConn) Write(b []byte) (n int, err error) {
	unread := c.line.way.unread.Take(c.line.party, len(b), c.line.giveWay)
	defer unread.GiveBack()
	for n < len(b) && err == nil {
		if err = c.mayWrite(); err == nil {
			var taken int
			taken, err = c.Conn.Write(b[n:min(len(b), n+webPiece)])
			n += taken
		}
	}
	return n, err
}

func (c *webConn) mayWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil // until when, is said already
	}
	return c.SetWriteDeadline(time.Now().Add(writeTimeout))
}

// endReads ends what is read from the caller, endWrites, in a moment, what is sent.
func (c *webConn) endReads() { _ = c.SetReadDeadline(time.Unix(1, 0)) }

func (c *webConn) endWrites() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	_ = c.SetWriteDeadline(time.Now().Add(webFarewell))
}

// within is as within for gRPC, but never returns before what it does: after its handler nothing may
// read or write any more.
func (c *webConn) within(ctx context.Context, limit time.Duration, end func(), does func() error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, tooSlow(limit))
		defer cancel()
	}
	stop := context.AfterFunc(ctx, end)
	err := does()
	if !stop() && err != nil {
		return context.Cause(ctx)
	}
	return err
}

// Close gives back all that the connection held.
func (c *webConn) Close() error {
	if !c.leave() { // the node stops, and TLS would wait for whoever takes nothing, to say good-bye
		_ = c.line.raw.Close()
	}
	c.line.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.place.GiveBack()
	return c.Conn.Close()
}
