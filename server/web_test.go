package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// dialWeb connects from an address of this machine; "": any.
func (w *testWeb) dialWeb(from string) net.Conn {
	w.t.Helper()
	d := net.Dialer{Timeout: testLimit}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	conn, err := d.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(testLimit))
	return conn
}

const plainView = "POST " + viewPath + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n" + `{"selector":{"matter":  "plan"}}`

// says sends a request as it stands, and returns the beginning of what comes back.
func says(conn net.Conn, request string) string {
	_, err := io.WriteString(conn, request)
	b := make([]byte, 4<<10)
	n := 0
	if err == nil {
		n, err = conn.Read(b)
	}
	if err != nil {
		return err.Error()
	}
	return string(b[:n])
}

func TestOnlyByItsOwnNamesIsTheWebAsked(t *testing.T) {
	w := serveWeb(t, open(t, Config{Dir: initNode(t, "gpc-england", true, true), WebHosts: []string{"lmc.example.org"}}))
	port := w.url[strings.LastIndexByte(w.url, ':'):]
	for host, own := range map[string]bool{
		"localhost": true, "localhost:1": true, "LOCALHOST." + port: true, "127.0.0.1": true, "127.0.0.1" + port: true, "[::1]:80": true, "[::1]": true,
		"lmc.example.org": true, "LMC.example.org:443": true,
		"evil.example": false, "evil.example" + port: false, "localhost.evil.example": false, "127.0.0.1.evil.example": false, "127.0.0.2": false, "0.0.0.0": false, "192.0.2.7": false, "[::]": false,
	} {
		got := says(w.dialWeb(""), "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
		if refused := strings.HasPrefix(got, "HTTP/1.1 421 "); refused == own || refused && (!strings.Contains(got, "--web-host") || !strings.Contains(got, "default-src 'none'")) {
			t.Errorf("asked as %s: %s", host, got)
		}
	}
	if got := says(w.dialWeb(""), "GET / HTTP/1.0\r\n\r\n"); !strings.Contains(got, " 421 ") {
		t.Errorf("asked without a name: %s", got)
	}
	if got := says(w.dialWeb(""), "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"); !strings.Contains(got, " 421 ") {
		t.Errorf("asked as a proxy: %s", got)
	}
	if got := says(w.dialWeb(""), "OPTIONS * HTTP/1.1\r\nHost: evil.example\r\n\r\n"); !strings.Contains(got, " 421 ") {
		t.Errorf("asked for its options: %s", got)
	}
}

func TestTheWebListeningForOthersIsAskedByItsAddressAndHasNoPrivatePages(t *testing.T) {
	w := serveWeb(t, open(t, Config{Dir: initNode(t, "gpc-england", true, true), Web: "0.0.0.0:0"}))
	w.url = strings.Replace(w.url, "localhost", "127.0.0.2", 1)
	for host, own := range map[string]bool{"127.0.0.2": true, "localhost": true, "127.0.0.3": false, "0.0.0.0": false} {
		if got := says(w.dialWeb(""), "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); strings.HasPrefix(got, "HTTP/1.1 421 ") == own {
			t.Errorf("asked as %s: %s", host, got)
		}
	}
}

func TestPrivatePagesAreForThisMachineAlone(t *testing.T) {
	for name, c := range map[string]struct {
		here    bool
		host    string
		header  http.Header
		private bool
	}{
		"a browser here":                {true, "localhost:8080", nil, true},
		"the web for others":            {false, "localhost:8080", nil, false},
		"by another name":               {true, "lmc.example.org", nil, false},
		"by a proxy that names itself":  {true, "localhost:8080", http.Header{"X-Forwarded-For": {"192.0.2.7"}}, false},
		"by one that says so of itself": {true, "localhost:8080", http.Header{"Via": {"1.1 proxy"}}, false},
		"by one that names nobody":      {true, "localhost:8080", http.Header{"X-Forwarded-For": {""}}, false},
		"by nginx as it is installed":   {true, "127.0.0.1:8080", http.Header{"X-Real-Ip": {"192.0.2.7"}}, false},
		"by a proxy of RFC 7239":        {true, "localhost:8080", http.Header{"Forwarded": {"for=192.0.2.7"}}, false},
	} {
		s := &site{n: &Node{}, here: c.here}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host, r.Header = "127.0.0.1:4711", c.host, c.header
		if got := s.isPrivate(r); got != c.private {
			t.Errorf("%s: private %v", name, got)
		}
	}
	s, r := &site{n: &Node{}, here: true}, httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host, r.ProtoMinor = "127.0.0.1:4711", "localhost:8080", 0
	if s.isPrivate(r) {
		t.Error("what speaks HTTP/1.0 is taken for a browser of this machine")
	}
}

func TestWhomATrustedProxyForwardsIsTheParty(t *testing.T) {
	s := &site{n: &Node{cfg: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::1/128")}}}}
	for _, c := range []struct{ from, forwarded, party string }{
		{"192.0.2.7:1", "", "192.0.2.7"},
		{"192.0.2.7:1", "198.51.100.9", "192.0.2.7"}, // from anybody else the header is ignored
		{"10.0.0.5:1", "", "10.0.0.5"},
		{"10.0.0.5:1", "198.51.100.9", "198.51.100.9"},
		{"10.0.0.5:1", "203.0.113.1, 198.51.100.9", "198.51.100.9"}, // what stands before it the caller wrote
		{"10.0.0.5:1", "203.0.113.1, 198.51.100.9 , 10.0.0.6", "198.51.100.9"},
		{"10.0.0.5:1", "198.51.100.9:4711", "198.51.100.9"},
		{"10.0.0.5:1", "2001:db8:5::9", "2001:db8:5::/64"},
		{"10.0.0.5:1", "[2001:db8:5::9]:4711", "2001:db8:5::/64"},
		{"[2001:db8::1]:1", "::ffff:198.51.100.9", "198.51.100.9"},
		{"10.0.0.5:1", "203.0.113.1, nonsense", "10.0.0.5"},
		{"10.0.0.5:1", "nonsense, 10.0.0.6", "10.0.0.6"},
		{"10.0.0.5:1", "10.0.0.7, 10.0.0.6", "10.0.0.7"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.partyOf(r); got != c.party {
			t.Errorf("from %s for %q: %s, want %s", c.from, c.forwarded, got, c.party)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Header["X-Forwarded-For"] = "10.0.0.5:1", []string{"203.0.113.1", "198.51.100.9"}
	if got := s.partyOf(r); got != "198.51.100.9" {
		t.Errorf("of two headers: %s", got)
	}
}

// The office's own commands come from the machine that the proxy is on, too, and send no PROXY protocol.
func TestAProxyOfTheWebAloneAsksNothingOfGRPC(t *testing.T) {
	w := serveWeb(t, open(t, Config{Dir: initNode(t, "gpc-england", true, true), WebHosts: []string{"lmc.example.org"}, WebProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}))
	if err := listMattersOn(t, w.dial(nil)); err != nil {
		t.Errorf("by gRPC: %v", err)
	}
	if _, err := w.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Errorf("the office publishes: %v", err)
	}
	if got := says(w.dialWeb("127.0.0.1"), "GET / HTTP/1.1\r\nHost: lmc.example.org\r\nX-Forwarded-For: 198.51.100.9\r\nX-Forwarded-Proto: https\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Fatal(got)
	}
	if _, there := w.doors.web.connections.Taken("198.51.100.9"); there != 1 {
		t.Errorf("%d connections are of whom it forwards", there)
	}
	if got := says(w.dialWeb("127.0.0.1"), "GET /national/gpc-england/plan HTTP/1.1\r\nHost: localhost\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 403 ") {
		t.Errorf("a proxy that hides whom it forwards is shown what is for the office alone: %s", got)
	}
}

func TestAConnectionOfAProxyCountsForWhomItForwards(t *testing.T) {
	w := serveWeb(t, open(t, Config{Dir: initNode(t, "gpc-england", true, true), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}))
	conn := w.dialWeb("127.0.0.1")
	for _, of := range []string{"198.51.100.9", "198.51.100.10"} {
		if got := says(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: "+of+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1") {
			t.Fatal(got)
		}
		if all, there := w.doors.web.connections.Taken(of); all != 1 || there != 1 {
			t.Errorf("%d connections, %d of them of %s", all, there, of)
		}
	}
	conn.Close()
	await(t, "its place is given back", func() bool { all, _ := w.doors.web.connections.Taken(""); return all == 0 })
}

func TestEveryAnswerOfTheWebHasItsHeaders(t *testing.T) {
	w := newWeb(t)
	for name, got := range map[string]answered{
		"a page": w.get("/"), "an answer": w.post(viewPath, "application/json", `{"selector":{"matter":"plan"}}`), "an error": w.post(viewPath, "application/json", "{}"),
		"another type": w.post(viewPath, "text/plain", "{}"), "nothing": w.get("/nothing"),
	} {
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cross-Origin-Resource-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; ",
		} {
			if !strings.HasPrefix(got.Header.Get(header), want) {
				t.Errorf("%s has %s: %q", name, header, got.Header.Get(header))
			}
		}
		if len(got.Header["Set-Cookie"]) > 0 || got.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", name, got.Header)
		}
		if rpc := strings.HasPrefix(got.Request.URL.Path, "/lmc."); (got.Header.Get("Access-Control-Allow-Origin") == "*") != rpc || rpc && got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", name, got.Header)
		}
	}
	preflight, err := http.NewRequest(http.MethodOptions, w.url+viewPath, nil)
	preflight.Header.Set("Origin", "https://elsewhere.example")
	preflight.Header.Set("Access-Control-Request-Private-Network", "true")
	if got := w.do(preflight, err); got.StatusCode != http.StatusNoContent || !strings.Contains(got.Header.Get("Access-Control-Allow-Headers"), "Connect-Protocol-Version") || got.Header.Get("Access-Control-Allow-Private-Network") != "" {
		t.Errorf("before a page of another site asks: %s %v", got.Status, got.Header)
	}
	before, err := http.NewRequest(http.MethodOptions, w.url+"/", nil)
	if got := w.do(before, err); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("before a page of another site looks at a page: %v", got.Header)
	}
}

// web opens a node with less than usual to share out.
func lessWeb(t *testing.T, less func(*budgets)) *testWeb {
	t.Helper()
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true)})
	less(&n.budgets)
	w := serveWeb(t, n)
	if _, err := w.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestConnectionsOfOneAddressDoNotKeepAnotherOut(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.webConnections = 4 })
	other := w.dialWeb("127.0.0.2")
	if got := says(other, plainView); !strings.HasPrefix(got, "HTTP/1.1 200") {
		t.Fatal(got)
	}
	var flood []net.Conn
	for range 20 {
		flood = append(flood, w.dialWeb("127.0.0.1"))
	}
	for _, conn := range flood[:16] { // the first have given way, long before their silence would end them
		_ = conn.SetReadDeadline(time.Now().Add(handshakeTimeout / 4))
		if _, err := conn.Read(make([]byte, 1)); hungUp(err) != nil {
			t.Errorf("one of the flood: %v", err)
		}
	}
	if got := says(other, plainView); !strings.HasPrefix(got, "HTTP/1.1 200") {
		t.Errorf("one that was there: %s", got)
	}
	if got := says(w.dialWeb("127.0.0.3"), plainView); !strings.HasPrefix(got, "HTTP/1.1 200") {
		t.Errorf("a newcomer: %s", got)
	}
	if all, _ := w.doors.web.connections.Taken(""); all > 4 {
		t.Errorf("%d connections are open", all)
	}
}

func TestABodyThatNeverEndsIsGivenUp(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.receiving = 200 * time.Millisecond })
	began := time.Now()
	for name, request := range map[string]string{
		"an answer": plainView[:len(plainView)-3],
		"a stream":  "POST /lmc.node.v1.GuidanceService/WatchView HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/connect+json\r\nContent-Length: 32\r\n\r\n\x00\x00",
	} {
		if got := says(w.dialWeb(""), request); !strings.Contains(got, "did not arrive within") {
			t.Errorf("%s that is never asked for to the end: %s", name, got)
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	await(t, "no call is open", func() bool { all, _ := w.doors.visitors.streams.Taken(""); return all == 0 })
}

// Connect reads on to the end of a message that is too long, as long as the length that it was said to have.
func TestAMessageThatIsSaidToBeVeryLongIsNotReadToItsEnd(t *testing.T) {
	w := lessWeb(t, func(*budgets) {})
	conn := w.dialWeb("")
	began := time.Now()
	got := says(conn, "POST /lmc.node.v1.GuidanceService/WatchView HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/connect+json\r\nContent-Length: 1000000000\r\n\r\n\x00\x3b\x00\x00\x00"+
		strings.Repeat(" ", w.budgets.visitorMessage+1))
	if took := time.Since(began); !strings.Contains(got, "TOO_LARGE") || took > 5*time.Second {
		t.Errorf("after %v: %s", took, got)
	}
}

func TestHeadersOfTheWebAreBounded(t *testing.T) {
	w := lessWeb(t, func(*budgets) {})
	for length, want := range map[int]string{maxHeaderList: "HTTP/1.1 404", maxHeaderList + 8<<10: "HTTP/1.1 431"} {
		if got := says(w.dialWeb(""), "GET /nothing HTTP/1.1\r\nHost: localhost\r\nX-Long: "+strings.Repeat("x", length)+"\r\n\r\n"); !strings.HasPrefix(got, want) {
			t.Errorf("%d bytes: %.200s", length, got)
		}
	}
}

func (w *testWeb) watch(ctx context.Context) (connect.ClientStream, error) {
	client := connect.NewClient(connecthttp.NewTransport(http.DefaultClient, w.url))
	stream, err := client.CallServerStream(ctx, connect.Spec{Procedure: nodev1.GuidanceService_WatchView_FullMethodName, StreamType: connect.StreamTypeServer},
		&answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err == nil {
		err = stream.Receive(&answersv1.WatchViewResponse{})
	}
	return stream, err
}

func TestANodeThatStopsEndsAStreamOverHTTPAndWaitsForNoBrowser(t *testing.T) {
	w := lessWeb(t, func(*budgets) {})
	stream, err := w.watch(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	w.dialWeb("") // which a browser opens in case it should need it
	half := w.dialWeb("")
	if _, err := io.WriteString(half, "GET / HTTP/1.1\r\nHost:"); err != nil {
		t.Fatal(err)
	}
	await(t, "all are connected", func() bool { all, _ := w.doors.web.connections.Taken(""); return all >= 3 })
	ended := make(chan error, 1)
	go func() {
		for {
			if err := stream.Receive(&answersv1.WatchViewResponse{}); err != nil {
				ended <- err
				return
			}
		}
	}()
	began := time.Now()
	if err := w.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if err := <-ended; connect.CodeOf(err) != connect.CodeUnavailable || !strings.Contains(err.Error(), "stopping") {
		t.Errorf("the stream ended with %v", err)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://")); err == nil {
		conn.Close()
		t.Error("the web listens yet")
	}
}

func TestWatchesOverHTTPAndGRPCShareTheirPlaces(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.watches = 1 })
	stream, err := w.watch(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	second, err := nodev1.NewGuidanceServiceClient(w.dial(nil)).WatchView(testContext(t), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err == nil {
		_, err = second.Recv()
	}
	if err != nil {
		t.Errorf("the newcomer: %v", err)
	}
	if err := stream.Receive(&answersv1.WatchViewResponse{}); connect.CodeOf(err) != connect.CodeResourceExhausted {
		t.Errorf("the one that was there: %v", err)
	}
	_ = stream.Close()
	await(t, "its call is over", func() bool { all, _ := w.doors.visitors.streams.Taken(""); return all == 1 })
}

func TestABusyPortOfTheWebIsAWarningAndTheNodeServes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var log said
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true), Web: taken.Addr().String(), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	n.cfg.Browse = func(url string) { t.Errorf("it says that it is browsed at %s", url) }
	k := serveOpened(t, n)
	if err := listMattersOn(t, k.dial(nil)); err != nil {
		t.Errorf("the node answers %v", err)
	}
	if log.times("no pages for browsers") != 1 || log.times("--web off") != 1 {
		t.Errorf("the log says %s", log.buf.String())
	}
}

func TestAnAddressOrNameOfTheWebThatIsNoneStopsTheStart(t *testing.T) {
	dir := initNode(t, "gpc-england", true, true)
	n := open(t, Config{Dir: dir, Web: "8080"})
	if err := n.Serve(testContext(t)); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "8080") {
		t.Errorf("it serves: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"http://lmc.example.org", "lmc.example.org:80", "", "a b", "::1"} {
		if n, err := Open(Config{Dir: dir, WebHosts: []string{name}}); !errors.Is(err, fault.ErrInvalid) || fault.Hint(err) == "" {
			t.Errorf("%q: %v", name, err)
			if err == nil {
				n.Close()
			}
		}
	}
}

// pipedWeb is a connection of the web whose other side is the test's.
func pipedWeb(t *testing.T) (*webConn, net.Conn) {
	d := &doors{web: &way{visitors: true, connections: fair.NewShares(4), unread: fair.NewShares(1 << 20)}}
	return pipedTo(t, d, fair.Party{})
}

func pipedTo(t *testing.T, d *doors, from fair.Party) (*webConn, net.Conn) {
	here, there := net.Pipe()
	c := &webConn{Conn: here, leave: func() bool { return true }, line: &line{raw: here, doors: d, way: d.web, party: from}}
	c.line.web = c
	c.line.open, c.line.close = context.WithCancel(t.Context())
	c.place = c.takePlace(c.line.party)
	return c, there
}

func TestWhoeverTakesNoAnswersOfTheWebIsHungUpOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &doors{web: &way{visitors: true, connections: fair.NewShares(4), unread: fair.NewShares(5000)}}
		first, _ := pipedTo(t, d, fair.Party{Address: "flood", Line: 1})
		second, _ := pipedTo(t, d, fair.Party{Address: "flood", Line: 2})
		honest, reads := pipedTo(t, d, fair.Party{Address: "other", Line: 3})
		go func() { _, _ = io.Copy(io.Discard, reads) }()
		ended := map[string]bool{}
		for name, c := range map[string]*webConn{"first": first, "second": second} {
			go func() { _, _ = c.Write(make([]byte, 2000)); ended[name] = true }()
			synctest.Wait()
		}
		if len(ended) > 0 {
			t.Fatalf("%v ended with room for both", ended)
		}
		if _, err := honest.Write(make([]byte, 1000)); err != nil || len(ended) > 0 { // at the limit
			t.Errorf("at the limit: %v, %v ended", err, ended)
		}
		if _, err := honest.Write(make([]byte, 1001)); err != nil { // and one past it
			t.Errorf("whoever takes what it asks for: %v", err)
		}
		if synctest.Wait(); len(ended) != 1 {
			t.Errorf("%v ended past the limit, want one of those who take nothing", ended)
		}
		for _, c := range []*webConn{first, second, honest} {
			c.Close()
			synctest.Wait()
		}
		if all, _ := d.web.unread.Taken(""); all != 0 {
			t.Errorf("%d bytes count as unread", all)
		}
	})
}

func TestWhoeverTakesSomethingMayTakeLongAndNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, there := pipedWeb(t)
		go func() { // a piece in less than the time that one may take
			for range 5 {
				time.Sleep(writeTimeout - time.Second)
				_, _ = io.ReadFull(there, make([]byte, webPiece))
			}
		}()
		began := time.Now()
		n, err := c.Write(make([]byte, 6*webPiece))
		if took := time.Since(began); err == nil || n != 5*webPiece || took != 5*(writeTimeout-time.Second)+writeTimeout {
			t.Errorf("%d bytes were taken within %v: %v", n, took, err)
		}
		if all, _ := c.line.way.unread.Taken(""); all != 0 {
			t.Errorf("%d bytes count as unread", all)
		}
		c.Close()
	})
}

func TestWhatIsSentEndsSoonAfterItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pipedWeb(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		began := time.Now()
		time.AfterFunc(time.Second, func() { cancel(errGaveWay) })
		err := c.line.send(ctx, func() error { _, err := c.Write(make([]byte, 1<<20)); return err })
		if took := time.Since(began); !errors.Is(err, fault.ErrBusy) || took != time.Second+webFarewell {
			t.Errorf("after %v: %v", took, err)
		}
		if _, err := c.Write([]byte("more")); err == nil {
			t.Error("more was taken")
		}
		c.Close()
	})
}

func TestAPageThatPanicsIsLoggedAndCutOff(t *testing.T) {
	c, _ := pipedWeb(t)
	var log said
	s := &site{
		n: &Node{cfg: Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}}, rpc: http.NewServeMux(),
		public: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "half"); panic("a page") }),
	}
	r := httptest.NewRequest(http.MethodGet, "/matters", nil)
	r.Host, c.line.party.Address = "localhost", fair.AddressOf(r.RemoteAddr)
	defer func() {
		if v := recover(); v != http.ErrAbortHandler || log.times("panic in a handler") != 1 || log.times("GET /matters") != 1 {
			t.Errorf("it panics with %v, the log says %s", v, log.buf.String())
		}
	}()
	s.ServeHTTP(httptest.NewRecorder(), r.WithContext(peer.NewContext(r.Context(), &peer.Peer{AuthInfo: caller{line: c.line}})))
}

func TestFewOpenFilesAreSharedWithTheWeb(t *testing.T) {
	b := usual()
	need := b.greetings + b.handshakes + b.visitorConnections + b.memberConnections + filesReserved
	if got, few := b.within(need); !few || got.webConnections == 0 || got.webConnections >= b.webConnections {
		t.Errorf("%+v", got)
	}
	b.webConnections = 0
	if got, few := b.within(need); few || got != b {
		t.Errorf("without the web: %+v", got)
	}
}

func TestACallOverHTTPIsNoMembers(t *testing.T) {
	w := lessWeb(t, func(*budgets) {})
	for i := range 100 { // a key may have 64 calls open
		if got := w.post(viewPath, "application/json", fmt.Sprintf(`{"selector":{"matter":"plan","asOf":"20%02d-01-01"}}`, i)); got.StatusCode != http.StatusOK {
			t.Fatalf("%s %s", got.Status, got.body)
		}
	}
	await(t, "all places are given back", func() bool {
		calls, _ := w.doors.visitors.streams.Taken("")
		unread, _ := w.doors.web.unread.Taken("")
		return calls == 0 && unread == 0
	})
}

// What a page gives behind .json is what the service answers, byte for byte.
func TestAPagesJSONIsTheServices(t *testing.T) {
	w := newWeb(t)
	const guidance, national = "/lmc.node.v1.GuidanceService/", "/lmc.node.v1.NationalService/"
	for address, of := range map[string]struct{ method, request string }{
		"/matters/gpc-england/plan.json":                                       {guidance + "GetCombinedView", `{"selector":{"matter":"gpc-england/plan"}}`},
		"/matters/gpc-england/plan.json?as-of=26+October+2021&practice=F81001": {guidance + "GetCombinedView", `{"selector":{"matter":"gpc-england/plan","asOf":"2021-10-26","practice":"F81001"}}`},
		"/letters/gpc-england/1.json":                                          {guidance + "GetEntry", `{"name":"gpc-england/1"}`},
		"/practice/F81001.json":                                                {guidance + "GetPracticePage", `{"practice":"F81001","pageSize":20}`},
		"/national/gpc-england/plan.json":                                      {national + "GetNationalPicture", `{"selector":{"matter":"gpc-england/plan"}}`},
	} {
		page, service := w.get(address), w.post(of.method, "application/json", of.request)
		if page.StatusCode != http.StatusOK || service.StatusCode != http.StatusOK || string(page.body) != string(service.body) {
			t.Errorf("%s: %s\n%s\nthe service: %s\n%s", address, page.Status, page.body, service.Status, service.body)
		}
	}
}

// A program reads one kind of error, whichever way it asked.
func TestAnErrorBehindJSONIsTheServices(t *testing.T) {
	w := newWeb(t)
	var told [2]any
	for i, got := range []answered{
		w.get("/matters/gpc-england/plam.json"), w.post("/lmc.node.v1.GuidanceService/GetCombinedView", "application/json", `{"selector":{"matter":"gpc-england/plam"}}`),
	} {
		if err := json.Unmarshal(got.body, &told[i]); err != nil || got.StatusCode != http.StatusNotFound || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", got.Status, got.body, err)
		}
	}
	if !reflect.DeepEqual(told[0], told[1]) {
		t.Errorf("a page tells\n%v\nthe service\n%v", told[0], told[1])
	}
}
