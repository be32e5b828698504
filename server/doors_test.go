package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func listMattersOn(t *testing.T, conn *grpc.ClientConn) error {
	t.Helper()
	_, err := nodev1.NewGuidanceServiceClient(conn).ListMatters(testContext(t), &answersv1.ListMattersRequest{})
	return wire.FromStatus(err)
}

// said is a log that tests may read while it is written.
type said struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *said) times(words string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.buf.String(), words)
}

func TestConnectionsOverTheLimitTakeThePlaceOfTheOneLongestUnusedAndOneWarningSaysSo(t *testing.T) {
	var log said
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	n.budgets.visitorConnections = 4
	k := serveOpened(t, n)
	open := func() int { all, _ := k.doors.visitors.connections.Taken(""); return all }
	kept := k.dial(nil)
	if err := listMattersOn(t, kept); err != nil {
		t.Fatal(err)
	}
	var idle []net.Conn
	for range 3 {
		idle = append(idle, greetedConn(t, k))
	}
	await(t, "all connections are open", func() bool { return open() == 4 })
	if err := listMattersOn(t, kept); err != nil || log.times("as many connections") != 0 {
		t.Errorf("at the limit: %v, %d warnings", err, log.times("as many connections"))
	}
	for range 2 { // one past the limit, and another
		if err := listMattersOn(t, k.dial(nil)); err != nil {
			t.Errorf("a new client gets %v", err)
		}
	}
	for _, conn := range idle[:2] {
		if _, err := conn.Read(make([]byte, 1<<10)); err == nil {
			_, err = conn.Read(make([]byte, 1<<10))
			if hungUp(err) != nil {
				t.Errorf("the one longest unused is still open: %v", err)
			}
		}
	}
	if err := listMattersOn(t, kept); err != nil || log.times("as many connections") != 1 {
		t.Errorf("one that is used gets %v; %d warnings", err, log.times("as many connections"))
	}
}

// greetedConn is a connection that has been greeted and says nothing more.
func greetedConn(t *testing.T, k *testNode) net.Conn {
	t.Helper()
	conn, err := tls.Dial("tcp", k.address, k.clientTLS())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write(h2Hello); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(testLimit))
	return conn
}

func TestHalfOpenConnectionsMakeRoomForWhoeverComesNext(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.greetings = 4 })
	var half []net.Conn
	for range 4 {
		conn, err := net.Dial("tcp", k.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		half = append(half, conn)
	}
	await(t, "every place is taken", func() bool { all, _ := k.doors.arriving.Taken(""); return all == 4 })
	if err := listMattersOn(t, k.dial(nil)); err != nil {
		t.Errorf("one past the limit gets %v", err)
	}
	_ = half[0].SetReadDeadline(time.Now().Add(testLimit))
	if _, err := half[0].Read(make([]byte, 1)); hungUp(err) != nil {
		t.Errorf("the first of them: %v, want that it was hung up on", err)
	}
}

// Where there is room for few connections, half-open ones came faster than an honest handshake
// from the same address was done, and it was hung up on.
func TestAHandshakeThatHasBegunGivesWayToOthersThatHaveAlone(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.greetings, b.handshakes = 1, 2 })
	var leave []func()
	for range max(1, runtime.GOMAXPROCS(0)/2) { // every turn, so that no handshake is done for now
		one, err := k.doors.greeting.Enter(t.Context(), fair.Party{})
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, one)
		defer one()
	}
	greeted := make(chan error)
	begin := func() {
		go func() {
			conn, err := tls.Dial("tcp", k.address, k.clientTLS())
			if err == nil {
				conn.Close()
			}
			greeted <- err
		}()
	}
	begun := func(n int) func() bool {
		return func() bool {
			all, _ := k.doors.begun.Taken("")
			arriving, _ := k.doors.arriving.Taken("")
			return all == n && arriving == 0
		}
	}
	for i := range 2 {
		begin()
		await(t, "it has begun", begun(i+1))
	}
	for range 5 {
		conn, err := net.Dial("tcp", k.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	await(t, "nobody is there but the last that says nothing", func() bool { all, _ := k.doors.arriving.Taken(""); return all == 1 })
	select {
	case err := <-greeted:
		t.Fatalf("as many as may have begun, and one of them is gone: %v", err)
	default:
	}
	begin()
	if err := <-greeted; err == nil {
		t.Error("one past the limit, and the first is greeted")
	}
	for _, one := range leave {
		one()
	}
	for range 2 {
		if err := <-greeted; err != nil {
			t.Errorf("its turn has come, and it gets %v", err)
		}
	}
}

// Visitors ask more than the node can answer: they wait their turn, status and health do not,
// and whoever shows a key does not either.
func TestDearAnswersOfVisitorsKeepNobodyElseWaiting(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.turn = 50 * time.Millisecond })
	for range runtime.GOMAXPROCS(0) {
		leave, err := k.doors.visitors.dear.Enter(t.Context(), fair.Party{Address: "others"})
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	visitor := k.dial(nil)
	if err := listMattersOn(t, visitor); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("a visitor whose turn does not come gets %v", err)
	}
	if _, err := nodev1.NewNodeServiceClient(visitor).GetStatus(testContext(t), &nodev1.GetStatusRequest{}); err != nil {
		t.Errorf("status: %v", err)
	}
	if err := listMattersOn(t, k.conn); err != nil {
		t.Errorf("whoever shows a key gets %v", err)
	}
	m := k.member("essex")
	if err := listMattersOn(t, m.conn); err != nil {
		t.Errorf("another office's node gets %v", err)
	}
}

// A turn ends when its call does, however that ends.
func TestEveryTurnAndPlaceIsGivenBack(t *testing.T) {
	k := newKeeper(t)
	visitor := k.dial(nil)
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, _ = nodev1.NewNationalServiceClient(visitor).GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan"}})
		cancel()
		if err := listMattersOn(t, visitor); err != nil {
			t.Fatal(err)
		}
		_, _ = nodev1.NewGuidanceServiceClient(visitor).GetEntry(t.Context(), &answersv1.GetEntryRequest{Name: "no entry"})
	}
	visitor.Close()
	for what, shares := range map[string]*fair.Shares{"streams": k.doors.visitors.streams, "bytes unread": k.doors.visitors.unread, "connections": k.doors.visitors.connections, "arriving": k.doors.arriving} {
		await(t, what+" are given back", func() bool { all, _ := shares.Taken(""); return all == 0 })
	}
	for range runtime.GOMAXPROCS(0) {
		if _, err := k.doors.visitors.dear.Enter(testContext(t), fair.Party{}); err != nil {
			t.Fatalf("a turn was lost: %v", err)
		}
	}
}

func TestAComplaintIsMadeNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c complaint
		if !c.due() || c.due() {
			t.Error("not due once at first")
		}
		time.Sleep(complainEvery)
		if c.due() {
			t.Error("due too soon")
		}
		if time.Sleep(time.Second); !c.due() {
			t.Error("not due again")
		}
	})
}

// A county behind one forwarder was one address, and took turns by connection alone.
func TestWhoATrustedProxyNamesIsWhoCalls(t *testing.T) {
	var log said
	proxy := netip.MustParsePrefix("127.0.0.2/32")
	k := serveOpened(t, open(t, Config{
		Dir: initNode(t, "gpc-england", true, true), TrustedProxies: []netip.Prefix{proxy}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}))
	call := func(from, header string) (*grpc.ClientConn, error) {
		t.Helper()
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		conn, err := grpc.NewClient("passthrough:///"+k.address, grpc.WithTransportCredentials(credentials.NewTLS(k.clientTLS())),
			grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, "tcp", address)
				if err == nil {
					_, err = conn.Write([]byte(header))
				}
				return conn, err
			}))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn, listMattersOn(t, conn)
	}
	from := func(address string) int { _, there := k.doors.visitors.connections.Taken(address); return there }
	v2 := "\r\n\r\n\x00\r\nQUIT\n"
	for name, tt := range map[string]struct{ header, address string }{
		"version 1":             {"PROXY TCP4 192.0.2.7 192.0.2.1 40000 443\r\n", "192.0.2.7"},
		"of IPv6":               {"PROXY TCP6 2001:db8:1:2::3 2001:db8::1 40000 443\r\n", "2001:db8:1:2::/64"},
		"version 2":             {v2 + "\x21\x11\x00\x0c\xc0\x00\x02\x08\xc0\x00\x02\x01\x9c\x40\x01\xbb", "192.0.2.8"},
		"of the proxy itself":   {v2 + "\x20\x00\x00\x00", "127.0.0.2"},
		"as long as one may be": {"PROXY UNKNOWN " + strings.Repeat("f", 107-16) + "\r\n", "127.0.0.2"},
	} {
		before := from(tt.address)
		if _, err := call("127.0.0.2", tt.header); err != nil || from(tt.address) != before+1 {
			t.Errorf("%s: %v, %d connections of %s", name, err, from(tt.address)-before, tt.address)
		}
	}
	for name, tt := range map[string]struct{ from, header string }{
		"no header":             {"127.0.0.2", ""},
		"no such address":       {"127.0.0.2", "PROXY TCP4 192.0.2.700 192.0.2.1 40000 443\r\n"},
		"longer than it may be": {"127.0.0.2", "PROXY UNKNOWN " + strings.Repeat("f", 107-15) + "\r\n"},
		"from anybody else":     {"127.0.0.1", "PROXY TCP4 192.0.2.9 192.0.2.1 40000 443\r\n"},
	} {
		if _, err := call(tt.from, tt.header); err == nil || from("192.0.2.9") != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := log.times("does not say whom it forwards"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if _, err := call("127.0.0.1", ""); err != nil {
		t.Errorf("without a proxy: %v", err)
	}
}

// Connections that gave their place away went on waiting for turns, thousands in a storm of handshakes.
func TestAConnectionThatGaveWayWaitsForNoTurn(t *testing.T) {
	raw, other := net.Pipe()
	defer other.Close()
	pieces, places := fair.NewQueue(1), fair.NewShares(1)
	leave, err := pieces.Enter(t.Context(), fair.Party{Address: "busy"})
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	l := &line{Conn: raw, raw: raw, way: &way{pieces: pieces}, party: fair.Party{Address: "flood"}}
	l.open, l.close = context.WithCancel(context.Background())
	l.place = places.Take(l.party, 1, l.giveWay)
	waited := make(chan error)
	go func() { waited <- l.awaitTurn() }()
	for !pieces.Waited() {
		runtime.Gosched()
	}
	places.Take(fair.Party{Address: "honest"}, 1, func() {}) // takes the place
	select {
	case err := <-waited:
		if err == nil {
			t.Error("it was given a turn")
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for its turn still")
	}
}
