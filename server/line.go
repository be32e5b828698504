package server

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pires/go-proxyproto"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
)

// newcomer is a connection before its handshake. The work of a handshake is done in turn: it
// begins when the other side's first words are here, and ends with the first of ours. The next
// turn begins after a rest as long: a storm of handshakes gets half the processor at most, and
// those who are in get the rest.
type newcomer struct {
	net.Conn
	hall  *hall
	party fair.Party
	place *fair.Share // among those that arrive, then among those whose handshake has begun
	mu    sync.Mutex  // guards leave and began
	leave func()
	began time.Time
	line  *line // once it is greeted
}

// lookBehindProxy makes whom a trusted proxy names in its PROXY protocol header (1 or 2, of HAProxy)
// the party, in place of the proxy.
func (nc *newcomer) lookBehindProxy(d *doors) error {
	from, err := netip.ParseAddrPort(nc.Conn.RemoteAddr().String())
	if err != nil || !slices.ContainsFunc(d.n.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(from.Addr().Unmap()) }) {
		return nil // from itself
	}
	conn := proxyproto.NewConn(nc.Conn, proxyproto.WithPolicy(proxyproto.REQUIRE), proxyproto.SetReadHeaderTimeout(handshakeTimeout))
	if _, err := conn.Read(nil); err != nil {
		if d.unnamed.due() {
			d.n.cfg.Logger.Warn("a trusted proxy does not say whom it forwards, and is hung up on", "proxy", from, "error", err,
				"remedy", "let it send the PROXY protocol, or start the node without --trusted-proxy")
		}
		return err
	}
	nc.place.GiveBack()
	nc.Conn, nc.party.Address = conn, fair.AddressOf(conn.RemoteAddr().String())
	nc.place = nc.hall.arriving.Take(nc.party, 1, func() { _ = conn.Close() })
	return nil
}

// Read waits for the line's turn before it hands out what is to be decrypted.
func (nc *newcomer) Read(p []byte) (int, error) {
	n, err := nc.Conn.Read(p)
	if nc.line != nil && err == nil {
		err = nc.line.awaitTurn()
	}
	return n, err
}

// awaitGreeting waits for the turn of a handshake. It has begun, and gives way no more to those
// who say nothing, however many they are.
func (nc *newcomer) awaitGreeting(ctx context.Context) error {
	nc.place.GiveBack()
	nc.place = nc.hall.begun.Take(nc.party, 1, func() { _ = nc.Conn.Close() })
	leave, err := nc.hall.greeting.Enter(ctx, nc.party)
	nc.mu.Lock()
	defer nc.mu.Unlock()
	nc.leave, nc.began = leave, time.Now()
	return err
}

func (nc *newcomer) leaveGreeting() {
	nc.mu.Lock()
	defer nc.mu.Unlock()
	if nc.leave != nil {
		time.AfterFunc(min(time.Since(nc.began), pieceTurn), nc.leave)
		nc.leave = nil
	}
}

func (nc *newcomer) Write(b []byte) (int, error) {
	nc.leaveGreeting()
	return nc.Conn.Write(b)
}

// line is a connection that was greeted, as gRPC has it.
type line struct {
	net.Conn // decrypts
	raw      net.Conn
	info     credentials.TLSInfo
	doors    *doors
	way      *way
	party    fair.Party
	place    *fair.Share // among the connections of its way
	open     context.Context
	close    context.CancelFunc
	frames   *frames
	turn     func()   // of the piece read last; nil: over
	web      *webConn // nil: gRPC's
}

// isVisitor says whether no key was shown.
func (l *line) isVisitor() bool { return l != nil && l.way.visitors }

// receive does what reads from the caller, and gives up on it when it takes too long, or ctx ends.
func (l *line) receive(ctx context.Context, limit time.Duration, reads func() error) error {
	if l == nil || l.web == nil {
		return within(ctx, limit, reads)
	}
	return l.web.within(ctx, limit, l.web.endReads, reads)
}

// send does what sends to the caller. A visitor that takes nothing cannot keep its handler from ending.
func (l *line) send(ctx context.Context, sends func() error) error {
	switch {
	case !l.isVisitor():
		return sends()
	case l.web == nil:
		return within(ctx, 0, sends)
	}
	return l.web.within(ctx, 0, l.web.endWrites, sends)
}

// Read gives what came in small pieces, each in turn: what a piece asks for (to open a stream, to
// reset it, to answer a ping) is work as well. What a member sends of one frame is one piece. The
// turn begins before the piece is decrypted, and is over when the next is asked for and what this
// one set going has had the processor; or after a while, for its reader may be waiting for
// something else.
func (l *line) Read(p []byte) (int, error) {
	if l.turn != nil {
		l.turn()
		l.turn = nil
	}
	piece := pieceSize
	if !l.isVisitor() {
		piece = max(piece, l.frames.ahead())
	}
	n, err := l.Conn.Read(p[:min(len(p), piece)])
	if err == nil {
		err = l.frames.note(p[:n])
	}
	if err == nil { // it was decrypted with the piece before
		err = l.awaitTurn()
	}
	return n, err
}

// awaitTurn waits for the turn of a piece, unless it is the line's already.
func (l *line) awaitTurn() error {
	if l.turn != nil {
		return nil
	}
	l.place.Used()
	leave, err := l.way.pieces.Enter(l.open, l.party)
	if err != nil {
		return err
	}
	late := time.AfterFunc(pieceTurn, leave)
	l.turn = func() { passOn(l.way.pieces, func() { late.Stop(); leave() }) }
	return nil
}

// Write gives up on a caller that takes nothing for long: what waits for it is memory.
func (l *line) Write(b []byte) (int, error) {
	if err := l.Conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return l.Conn.Write(b)
}

// giveWay ends a connection whose place another takes. Whatever of it waits for a turn waits no longer: that is
// most of a storm of handshakes, and would be memory without a place.
func (l *line) giveWay() {
	l.close()
	_ = l.raw.Close()
}

// Close gives back all that the connection held.
func (l *line) Close() error {
	l.close()
	l.place.GiveBack()
	l.way.arriving.Leave(l.party)
	l.way.unread.Leave(l.party)
	return l.Conn.Close()
}

// caller is what gRPC keeps of a connection for its calls.
type caller struct {
	credentials.TLSInfo
	line *line
}

// greeted are the credentials of connections whose handshake the doors have done.
type greeted struct {
	credentials.TransportCredentials
}

func (greeted) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	l := conn.(*line)
	return l, caller{l.info, l}, nil
}

// callerOf is who calls; false: nobody over the network.
func callerOf(ctx context.Context) (caller, bool) {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return caller{}, false
	}
	c, ok := p.AuthInfo.(caller)
	return c, ok
}
