package server

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
)

// newcomer is a connection before its handshake. The work of a handshake is done in turn: it
// begins when the other side's first words are here, and ends with the first of ours.
type newcomer struct {
	net.Conn
	party fair.Party
	mu    sync.Mutex // guards leave
	leave func()
}

func (nc *newcomer) awaitGreeting(ctx context.Context, q *fair.Queue) error {
	leave, err := q.Enter(ctx, nc.party)
	nc.mu.Lock()
	defer nc.mu.Unlock()
	nc.leave = leave
	return err
}

func (nc *newcomer) leaveGreeting() {
	nc.mu.Lock()
	defer nc.mu.Unlock()
	if nc.leave != nil {
		nc.leave()
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
	leave    func() // the turn of the piece read last
}

// isVisitor says whether no key was shown.
func (l *line) isVisitor() bool { return l != nil && l.way.pieces != nil }

// Read gives what came in small pieces, and of visitors' each in turn: what a piece asks for
// (to open a stream, to reset it, to answer a ping) is work as well, and has been done when
// the next is read. A turn ends by itself where that takes long: its reader may be waiting.
func (l *line) Read(p []byte) (int, error) {
	l.leave()
	if l.isVisitor() {
		p = p[:min(len(p), pieceSize)]
	}
	n, err := l.Conn.Read(p)
	if l.place.Used(); n == 0 || !l.isVisitor() {
		return n, err
	}
	leave, closed := l.way.pieces.Enter(l.open, l.party)
	if closed != nil {
		return n, closed
	}
	late := time.AfterFunc(pieceTurn, leave)
	l.leave = func() { late.Stop(); leave() }
	return n, err
}

// Write gives up on a caller that takes nothing for long: what waits for it is memory.
func (l *line) Write(b []byte) (int, error) {
	if err := l.Conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return l.Conn.Write(b)
}

// Close gives back all that the connection held.
func (l *line) Close() error {
	l.close()
	l.place.GiveBack()
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
