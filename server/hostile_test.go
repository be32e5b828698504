package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	"github.com/lmcfed/lmcfed/internal/identity"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// stillSound checks what must hold after every attack: an honest reader is answered,
// and every byte of the data is as it should be.
func (n *testNode) stillSound() {
	n.t.Helper()
	ctx := testContext(n.t)
	reader := n.dial(nil)
	defer reader.Close()
	if _, err := nodev1.NewGuidanceServiceClient(reader).ListMatters(ctx, &answersv1.ListMattersRequest{}); err != nil {
		n.t.Errorf("an honest reader gets %v", err)
	}
	report, err := n.store.Check(ctx)
	if err := errors.Join(err, report.Err()); err != nil {
		n.t.Errorf("the data: %v", err)
	}
}

// await waits until cond holds.
func await(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(testLimit); !cond(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", testLimit, what)
		}
	}
}

// leavesNothing runs an attack and waits until its goroutines and its memory are gone.
func leavesNothing(t *testing.T, heap uint64, attack func()) {
	t.Helper()
	before, used := runtime.NumGoroutine(), heapInUse()
	attack()
	await(t, "goroutines of the attack end", func() bool { return runtime.NumGoroutine() <= before+2 })
	if now := heapInUse(); now > used+heap {
		t.Errorf("%d bytes were in use before the attack, %d are after it", used, now)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// clientTLS is what an honest client without a key dials with, to be spoilt.
func (n *testNode) clientTLS() *tls.Config {
	return identity.ClientTLS(nil, identity.PinOf(publicKey(n.keys.Transport)))
}

// handshake dials and reads the first byte, for in TLS 1.3 the server's word on the
// client comes after the client has finished.
func (n *testNode) handshake(cfg *tls.Config) error {
	conn, err := tls.Dial("tcp", n.address, cfg)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(testLimit))
	_, err = conn.Read(make([]byte, 1))
	return err
}

// foreignCertificate is one whose key is not of the kind nodes have.
func foreignCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gpc-england"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestHandshakesThatAreNotOursAreRefusedBeforeAnyRequest(t *testing.T) {
	k := newKeeper(t)
	pin := identity.PinOf(publicKey(k.keys.Transport))
	tests := []struct {
		name string
		cfg  *tls.Config
		says string
	}{
		{"TLS 1.2", k.clientTLS(), "protocol version"},
		{"another protocol than h2", k.clientTLS(), "no application protocol"},
		{"HTTP/1.1", k.clientTLS(), "EOF"},
		{"no protocol at all", k.clientTLS(), "EOF"},
		{"an unknown key", identity.ClientTLS(newKey(t), pin), "bad certificate"},
		{"a key that is not Ed25519", k.clientTLS(), "bad certificate"},
		{"the log key of the node itself", identity.ClientTLS(k.keys.Log, pin), "bad certificate"},
	}
	tests[0].cfg.MinVersion, tests[0].cfg.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	tests[1].cfg.NextProtos = []string{"spdy/3"}
	tests[2].cfg.NextProtos = []string{"http/1.1"}
	tests[3].cfg.NextProtos = nil
	tests[5].cfg.Certificates = []tls.Certificate{foreignCertificate(t)}
	await(t, "search is open, with goroutines of its own", func() bool {
		resp, err := k.guidance().Search(testContext(t), &answersv1.SearchRequest{Query: "plan"})
		return err == nil && resp.GetMaking() == nil
	})
	leavesNothing(t, 1<<20, func() {
		for _, test := range tests {
			if err := k.handshake(test.cfg); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s: got %v, want %q", test.name, err, test.says)
			}
		}
	})
	k.stillSound()
}

func TestPlaintextIsNotSpoken(t *testing.T) {
	k := newKeeper(t)
	conn, err := grpc.NewClient("passthrough:///"+k.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = nodev1.NewGuidanceServiceClient(conn).ListMatters(testContext(t), &answersv1.ListMattersRequest{})
	if status.Code(err) != codes.Unavailable {
		t.Errorf("got %v, want Unavailable", err)
	}
	k.stillSound()
}

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// speak sends bytes after a good handshake and reads until the node hangs up, says
// GOAWAY, ends a stream or sends a frame waited for. It returns the kinds that came.
func (n *testNode) speak(attack []byte, waitFor ...byte) (kinds []byte, err error) {
	return n.speakWith(nil, attack, waitFor...)
}

// speakWith is speak of whoever has a key; nil: none.
func (n *testNode) speakWith(key ed25519.PrivateKey, attack []byte, waitFor ...byte) (kinds []byte, err error) {
	conn, err := tls.Dial("tcp", n.address, identity.ClientTLS(key, identity.PinOf(publicKey(n.keys.Transport))))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(testLimit))
	go func() { _, _ = conn.Write(attack) }() // fails when the node hangs up first
	for {
		var head [9]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return kinds, hungUp(err)
		}
		if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head[:4])>>8)); err != nil {
			return kinds, hungUp(err)
		}
		kinds = append(kinds, head[3])
		ended := head[3] == h2.Headers && head[4]&h2.EndStream != 0 // the trailers
		if ended || head[3] == h2.GoAway || bytes.IndexByte(waitFor, head[3]) >= 0 {
			return kinds, nil
		}
	}
}

// hungUp is nil when the other side ended the connection, in whatever way.
func hungUp(err error) error {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return err
	}
	return nil
}

const listMatters = "/lmc.node.v1.GuidanceService/ListMatters"

func TestGarbageOnAGoodConnectionEndsThatConnectionAlone(t *testing.T) {
	k := newKeeper(t)
	noise := make([]byte, 64<<10)
	rand.Read(noise)
	hello := h2Hello
	var resets, calls, pings, endless []byte
	for id := uint32(1); id < 20_000; id += 2 {
		resets = append(resets, h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(listMatters))...)
		resets = append(resets, h2.Frame(h2.Reset, 0, id, []byte{0, 0, 0, 8})...)
		calls = append(calls, h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(listMatters))...)
		calls = append(calls, h2.Frame(h2.Data, h2.EndStream, id, make([]byte, 5))...)
		pings = append(pings, h2.Frame(h2.Ping, 0, 0, make([]byte, 8))...)
	}
	endless = h2.Frame(h2.Headers, 0, 1, h2.Request(listMatters))
	for range 10_000 {
		endless = append(endless, h2.Frame(h2.Continuation, 0, 1, h2.Field("x-padding", strings.Repeat("x", 100)))...)
	}
	oversize := h2.Request(listMatters)
	for i := range 100 {
		oversize = append(oversize, h2.Field(fmt.Sprintf("x-%d", i), strings.Repeat("x", 120))...)
	}
	tests := []struct {
		name   string
		attack []byte
	}{
		{"noise instead of the preface", noise},
		{"noise after the preface", joined([]byte(h2.Preface), noise)},
		{"noise after the settings", joined(hello, noise)},
		{"HTTP/1.1", []byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n")},
		{"a frame of 16 MiB", joined(hello, []byte{0xff, 0xff, 0xff, h2.Data, 0, 0, 0, 0, 1})},
		{"data of a stream that does not exist", joined(hello, h2.Frame(h2.Data, 0, 0, []byte("x")))},
		{"headers that are not compressed headers", joined(hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}))},
		{"a header list of 12 KB", joined(hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, oversize), h2.Frame(h2.Data, 0, 0, nil))},
		{"headers without end", joined(hello, endless)},
		{"ten thousand pings", joined(hello, pings)},
		{"ten thousand calls at once", joined(hello, calls, h2.Frame(h2.Data, 0, 0, nil))},
		{"ten thousand calls given up at once", joined(hello, resets, h2.Frame(h2.Data, 0, 0, nil))},
	}
	leavesNothing(t, 4<<20, func() {
		for _, test := range tests {
			if _, err := k.speak(test.attack); err != nil {
				t.Errorf("%s: the node does not end the connection: %v", test.name, err)
			}
			k.stillSound()
		}
	})
}

// h2Hello opens a connection.
var h2Hello = joined([]byte(h2.Preface), h2.Frame(h2.Settings, 0, 0, nil))

// answersTo says whether a call with these headers and this body got an answer.
func (n *testNode) answersTo(headers, body []byte) bool {
	n.t.Helper()
	call := joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, headers), h2.Frame(h2.Data, h2.EndStream, 1, body))
	kinds, err := n.speak(call, h2.Data, h2.Reset)
	if err != nil {
		n.t.Error(err)
	}
	return bytes.IndexByte(kinds, h2.Data) >= 0
}

func TestHeaderListOverTheLimitReachesNoHandler(t *testing.T) {
	k := newKeeper(t)
	padded := func(size int) []byte {
		headers := h2.Request(listMatters)
		for i := 0; i*(32+2+100) < size; i++ { // as HTTP/2 counts: 32 bytes a field
			headers = append(headers, h2.Field(fmt.Sprintf("x%d", i%10), strings.Repeat("x", 100))...)
		}
		return headers
	}
	empty := make([]byte, 5)
	if !k.answersTo(padded(maxHeaderList-1000), empty) {
		t.Error("a call under the limit was not answered")
	}
	if k.answersTo(padded(maxHeaderList), empty) {
		t.Error("a call over the limit was answered")
	}
	k.stillSound()
}

func TestLengthThatLiesIsNotAllocated(t *testing.T) {
	k := newKeeper(t)
	if !k.answersTo(h2.Request(listMatters), make([]byte, 5)) {
		t.Error("an honest call was not answered")
	}
	for name, prefix := range map[string][]byte{
		"4 GiB":                      {0, 0xff, 0xff, 0xff, 0xff},
		"one past the limit":         binary.BigEndian.AppendUint32([]byte{0}, maxMessage+1),
		"compressed, with no codec":  {1, 0, 0, 0, 0},
		"a flag that does not exist": {7, 0, 0, 0, 0},
		"no length at all":           {0, 0},
	} {
		before := heapInUse()
		if k.answersTo(h2.Request(listMatters), prefix) {
			t.Errorf("%s: answered", name)
		}
		if now := heapInUse(); now > before+4<<20 {
			t.Errorf("%s: %d bytes more in use", name, now-before)
		}
	}
	k.stillSound()
}

func TestSilentConnectionsKeepNobodyElseWaiting(t *testing.T) {
	k := newKeeper(t)
	var silent []net.Conn
	for range 200 {
		conn, err := net.Dial("tcp", k.address)
		if err != nil {
			t.Fatal(err)
		}
		silent = append(silent, conn)
	}
	for i, conn := range silent { // half a handshake, in bytes that trickle
		if i%2 == 0 {
			conn.Write([]byte{22, 3, 1})
		}
	}
	began := time.Now()
	k.stillSound()
	if took := time.Since(began); took > handshakeTimeout/2 {
		t.Errorf("an honest reader waited %v", took)
	}
	for _, conn := range silent {
		conn.Close()
	}
}
