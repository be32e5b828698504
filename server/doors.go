package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// doors are where connections come in. They are greeted here, before gRPC knows of them, and
// go on by one of two ways: the visitors', who show no key, and the members', who do. Each way
// is a gRPC server of its own with budgets of its own, so that whatever visitors do, those the
// node knows by their key are answered; and what one caller may send can be bounded by who it
// is before any of it is read.
type doors struct {
	n   *Node
	lis net.Listener
	tls *tls.Config
	*hall
	visitors  *way
	members   *way
	web       *way         // without gRPC: visitors by HTTP, in turn with those who come by gRPC
	outside   *hall        // of those who come to the public pages
	public    *way         // as web, with places of its own, for these
	watches   *fair.Shares // of views
	healths   *fair.Shares // watches of health
	fetches   *fair.Shares // of whoever is no node of the register
	saves     *fair.Shares // of pictures that are being saved
	lines     atomic.Uint64
	full      complaint
	exhausted complaint
	unnamed   complaint
}

// hall is where connections are until they are greeted, and what those who come to one listener share out among
// themselves there: a storm at one is none at another.
type hall struct {
	arriving *fair.Shares // connections that have not said what a handshake begins with
	begun    *fair.Shares // those that have, until they are greeted
	greeting *fair.Queue  // the work of a handshake
}

func newHall(greetings, handshakes int) *hall {
	return &hall{fair.NewShares(greetings), fair.NewShares(handshakes), fair.NewQueue(max(1, runtime.GOMAXPROCS(0)/2))}
}

// way is one way in, and what those who come by it share out among themselves.
type way struct {
	server      *grpc.Server
	greeted     chan net.Conn // for the server to accept
	closed      chan struct{}
	closeOnce   sync.Once
	address     net.Addr
	visitors    bool
	connections *fair.Shares
	streams     *fair.Shares
	arriving    *fair.Shares // bytes of messages that are not there yet
	unread      *fair.Shares // bytes of answers made and not taken yet
	dear        *fair.Queue  // answers that cost something
	cheap       *fair.Queue  // status and health: never behind a dear one
	pieces      *fair.Queue  // of what comes in
}

// openDoors makes both ways.
func (n *Node) openDoors(lis net.Listener) {
	may := n.budgets
	if n.cfg.Web == "" {
		may.webConnections = 0
	}
	may, few := may.within(durable.OpenFiles())
	if few {
		n.cfg.Logger.Warn("few connections at once, for the process may have few files open", "connections", may.visitorConnections+may.webConnections+may.publicConnections+may.memberConnections,
			"remedy", "raise the limit of open files (ulimit -n, LimitNOFILE=)")
	}
	atOnce := runtime.GOMAXPROCS(0)
	d := &doors{
		n: n, lis: lis, hall: newHall(may.greetings, may.handshakes), outside: newHall(may.publicGreetings, may.publicHandshakes),
		watches: fair.NewShares(may.watches), healths: fair.NewShares(may.healthWatches), fetches: fair.NewShares(may.visitorFetches), saves: fair.NewShares(may.saves),
	}
	d.tls = identity.ServerTLS(n.keys.Transport, n.hosts(), n.admit)
	d.tls.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		return nil, hello.Conn.(*newcomer).awaitGreeting(hello.Context())
	}
	newWay := func(message, buffer, connections, streams, arriving, unread int) *way {
		return &way{
			server: n.grpcServer(message, buffer), greeted: make(chan net.Conn), closed: make(chan struct{}), address: lis.Addr(),
			connections: fair.NewShares(connections), streams: fair.NewShares(streams), arriving: fair.NewShares(arriving), unread: fair.NewShares(unread),
			dear: fair.NewQueue(atOnce), cheap: fair.NewQueue(atOnce), pieces: fair.NewQueue(atOnce),
		}
	}
	d.visitors = newWay(may.visitorMessage, 4*pieceSize, may.visitorConnections, may.visitorStreams, may.visitorArriving, may.visitorUnread)
	d.visitors.visitors = true
	d.members = newWay(maxMessage, 32<<10, may.memberConnections, may.memberStreams, may.memberArriving, may.memberUnread)
	unread, arriving := fair.NewShares(may.webUnread), fair.NewShares(may.visitorArriving)
	newWebWay := func(connections int) *way {
		return &way{
			visitors: true, connections: fair.NewShares(connections), unread: unread, arriving: arriving,
			streams: d.visitors.streams, dear: d.visitors.dear, cheap: d.visitors.cheap,
		}
	}
	d.web, d.public = newWebWay(may.webConnections), newWebWay(may.publicConnections)
	n.doors = d
}

// within makes fewer connections of a budget, and says that it did, where the process may have
// so many files open; it needs some for itself. 0: there is no such limit.
func (b budgets) within(files int) (budgets, bool) {
	if files == 0 || b.greetings+b.handshakes+b.publicGreetings+b.publicHandshakes+b.visitorConnections+b.webConnections+b.publicConnections+b.memberConnections+filesReserved <= files {
		return b, false
	}
	spare := max(files-filesReserved, files/2)
	b.greetings, b.handshakes = max(1, spare/8), max(1, spare/8)
	b.visitorConnections, b.memberConnections = max(1, spare/2), max(1, spare/4)
	if b.webConnections > 0 {
		b.visitorConnections, b.webConnections = max(1, spare*3/8), max(1, spare/8)
	}
	if b.publicConnections > 0 {
		b.visitorConnections, b.publicConnections = max(1, b.visitorConnections-spare/8), max(1, spare/8)
		b.greetings, b.handshakes, b.publicGreetings, b.publicHandshakes = max(1, spare/16), max(1, spare/16), max(1, spare/16), max(1, spare/16)
	}
	return b, true
}

// serve greets whoever comes until the listener is closed.
func (d *doors) serve() error {
	for _, w := range []*way{d.visitors, d.members} {
		go func() { _ = w.server.Serve(w) }() // ends when the server is stopped, and never by itself
	}
	return d.accept(d.lis, func(raw net.Conn) { d.receive(raw, d.hall, d.greet) })
}

// accept receives whoever comes until a listener is closed.
func (d *doors) accept(lis net.Listener, receive func(raw net.Conn)) error {
	pause := acceptPause
	for {
		raw, err := lis.Accept()
		var passing interface{ Temporary() bool }
		switch {
		case err == nil:
			pause = acceptPause
			receive(raw)
			runtime.Gosched() // so that what it said is read before others take its place
		case errors.Is(err, net.ErrClosed):
			return nil
		case errors.As(err, &passing) && passing.Temporary():
			if d.exhausted.due() {
				d.n.cfg.Logger.Warn("a connection cannot be taken", "error", err, "remedy", "where too many files are open, raise the limit (ulimit -n, LimitNOFILE=)")
			}
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
		default:
			return fmt.Errorf("accepting connections on %s: %w", lis.Addr(), err)
		}
	}
}

// receive gives a connection a place among those that arrive in a hall, until it is greeted. Somebody who came earlier
// and has said nothing yet makes room for it.
func (d *doors) receive(raw net.Conn, h *hall, greet func(*newcomer) error) {
	from := fair.Party{Address: fair.AddressOf(raw.RemoteAddr().String()), Line: d.lines.Add(1)}
	nc := &newcomer{Conn: raw, hall: h, party: from}
	nc.place = h.arriving.Take(from, 1, func() { _ = raw.Close() })
	go func() {
		defer func() { nc.place.GiveBack() }() // the one it has then
		defer nc.leaveGreeting()
		err := nc.lookBehindProxy(d)
		if err == nil {
			err = greet(nc)
		}
		if err != nil {
			_ = raw.Close()
		}
	}()
}

// greet does the handshake, and sends the connection on its way.
func (d *doors) greet(nc *newcomer) error {
	ctx, cancel := context.WithTimeout(context.Background(), handshakeTimeout)
	defer cancel()
	conn := tls.Server(nc, d.tls)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	info := credentials.TLSInfo{State: conn.ConnectionState(), CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity}}
	if info.State.NegotiatedProtocol == "" {
		return errNoProtocol
	}
	l := &line{Conn: conn, doors: d, raw: nc.Conn, info: info, way: d.visitors, party: nc.party}
	if key, shown := identity.PeerKey(info.State); shown {
		l.way, l.party.Address = d.members, identity.PinOf(key).String()
	}
	l.open, l.close = context.WithCancel(context.Background())
	l.place = l.way.connections.Take(l.party, 1, func() {
		if d.full.due() {
			d.n.cfg.Logger.Warn("as many connections are open as this node takes: the one longest unused, of whoever has most, makes room for each that comes")
		}
		l.giveWay()
	})
	nc.line, l.frames = l, newFrames(func(bytes int) func() {
		return l.way.arriving.Take(l.party, bytes, l.giveWay).GiveBack
	})
	select {
	case l.way.greeted <- l:
		return nil
	case <-l.way.closed:
		return l.Close()
	}
}

func (d *doors) ofWatches() *fair.Shares { return d.watches }
func (d *doors) ofHealths() *fair.Shares { return d.healths }
func (d *doors) ofFetches() *fair.Shares { return d.fetches }
func (d *doors) ofSaves() *fair.Shares   { return d.saves }

var errNoProtocol = errors.New("the handshake agreed on no protocol")

// Accept, Close and Addr make a way the listener of its server.
func (w *way) Accept() (net.Conn, error) {
	select {
	case conn := <-w.greeted:
		return conn, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *way) Close() error {
	w.closeOnce.Do(func() { close(w.closed) })
	return nil
}

func (w *way) Addr() net.Addr { return w.address }

// stop lets calls under way finish, for so long; then it cuts them off.
func (d *doors) stop(within time.Duration) {
	_ = d.lis.Close()
	graceful := make(chan struct{})
	var both sync.WaitGroup
	both.Go(d.visitors.server.GracefulStop)
	both.Go(d.members.server.GracefulStop)
	go func() { both.Wait(); close(graceful) }()
	select {
	case <-graceful:
	case <-time.After(within):
		go d.visitors.server.Stop()
		go d.members.server.Stop()
	}
}

// complaint is something the log is told now and then, and not each time.
type complaint struct{ last atomic.Int64 }

func (c *complaint) due() bool {
	now, last := time.Now().UnixNano(), c.last.Load()
	return (last == 0 || now-last > int64(complainEvery)) && c.last.CompareAndSwap(last, now)
}
