package identity

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

var errUnknown = errors.New("not in the register")

// admitOnly admits the keys given.
func admitOnly(keys ...ed25519.PublicKey) func(ed25519.PublicKey) error {
	return func(pub ed25519.PublicKey) error {
		for _, key := range keys {
			if key.Equal(pub) {
				return nil
			}
		}
		return errUnknown
	}
}

// served is what a server saw of one connection.
type served struct {
	state tls.ConnectionState
	read  []byte
	err   error // of the handshake
}

// serveOne accepts one connection on loopback, reads a line and answers with it.
func serveOne(t *testing.T, config *tls.Config) (address string, done <-chan served) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	out := make(chan served, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			out <- served{err: err}
			return
		}
		defer conn.Close()
		out <- answer(tls.Server(conn, config))
	}()
	return listener.Addr().String(), out
}

func answer(conn *tls.Conn) served {
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if err := conn.HandshakeContext(context.Background()); err != nil {
		buf := make([]byte, 16)
		n, _ := conn.Read(buf)
		return served{err: err, read: buf[:n]}
	}
	buf := make([]byte, 5)
	n, _ := io.ReadFull(conn, buf)
	conn.Write(buf[:n])
	conn.Close()
	return served{state: conn.ConnectionState(), read: buf[:n]}
}

// say dials, sends a line and reads the answer. In TLS 1.3 a client whose key is
// refused learns it at its first read.
func say(address string, config *tls.Config) (tls.ConnectionState, error) {
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Write([]byte("hello")); err != nil {
		return tls.ConnectionState{}, err
	}
	b, err := io.ReadAll(conn)
	if err == nil && string(b) != "hello" {
		err = errors.New("no answer")
	}
	return conn.ConnectionState(), err
}

func TestNodesKnowEachOtherByKeyAlone(t *testing.T) {
	address, done := serveOne(t, ServerTLS(testKey(1), nil, admitOnly(testPublic(2))))
	state, err := say(address, ClientTLS(testKey(2), PinOf(testPublic(1))))
	if err != nil {
		t.Fatal(err)
	}
	got := <-done
	if got.err != nil || string(got.read) != "hello" {
		t.Fatalf("server: %v, read %q", got.err, got.read)
	}
	if pub, ok := PeerKey(got.state); !ok || !pub.Equal(testPublic(2)) {
		t.Errorf("the server sees key %x", pub)
	}
	if pub, ok := PeerKey(state); !ok || !pub.Equal(testPublic(1)) {
		t.Errorf("the client sees key %x", pub)
	}
	if state.Version != tls.VersionTLS13 || state.NegotiatedProtocol != "h2" || state.DidResume {
		t.Errorf("version %x, protocol %q", state.Version, state.NegotiatedProtocol)
	}
}

func TestReadersNeedNoKey(t *testing.T) {
	address, done := serveOne(t, ServerTLS(testKey(1), nil, nil))
	if _, err := say(address, ClientTLS(nil, PinOf(testPublic(1)))); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil {
		t.Fatal(got.err)
	} else if pub, ok := PeerKey(got.state); ok {
		t.Errorf("the server sees key %x", pub)
	}
}

func TestUnknownClientKeyIsRefusedBeforeAnyByte(t *testing.T) {
	for name, admit := range map[string]func(ed25519.PublicKey) error{"another key": admitOnly(testPublic(3)), "nobody": nil} {
		address, done := serveOne(t, ServerTLS(testKey(1), nil, admit))
		if _, err := say(address, ClientTLS(testKey(2), PinOf(testPublic(1)))); err == nil {
			t.Errorf("%s: the client was answered", name)
		}
		got := <-done
		if !errors.Is(got.err, ErrRefused) || len(got.read) != 0 {
			t.Errorf("%s: %v, read %q", name, got.err, got.read)
		}
		if !strings.Contains(got.err.Error(), PinOf(testPublic(2)).String()) {
			t.Errorf("%s: the reason names no key: %v", name, got.err)
		}
		if admit != nil && !errors.Is(got.err, errUnknown) {
			t.Errorf("%s: the caller's reason is lost: %v", name, got.err)
		}
	}
}

// otherKind returns a certificate over a key that is not Ed25519.
func otherKind(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestClientKeyOfAnotherKindIsRefused(t *testing.T) {
	config := ClientTLS(nil, PinOf(testPublic(1)))
	config.Certificates = []tls.Certificate{otherKind(t)}
	admitAll := func(ed25519.PublicKey) error { return nil }
	address, done := serveOne(t, ServerTLS(testKey(1), nil, admitAll))
	if _, err := say(address, config); err == nil {
		t.Error("the client was answered")
	}
	if got := <-done; !errors.Is(got.err, ErrRefused) {
		t.Errorf("got %v", got.err)
	}
}

func TestServerKeyOfAnotherKindHasNoPin(t *testing.T) {
	config := ServerTLS(testKey(1), nil, nil)
	config.Certificates = []tls.Certificate{otherKind(t)}
	address, _ := serveOne(t, config)
	if _, err := say(address, ClientTLS(nil, PinOf(testPublic(1)))); !errors.Is(err, ErrWrongPin) {
		t.Errorf("got %v", err)
	}
}

func TestWrongPinNamesBothPins(t *testing.T) {
	address, _ := serveOne(t, ServerTLS(testKey(1), nil, nil))
	_, err := say(address, ClientTLS(testKey(2), PinOf(testPublic(9))))
	if !errors.Is(err, ErrWrongPin) {
		t.Fatalf("got %v", err)
	}
	for _, pin := range []Pin{PinOf(testPublic(1)), PinOf(testPublic(9))} {
		if !strings.Contains(err.Error(), pin.String()) {
			t.Errorf("%s is not named in %q", pin, err)
		}
	}
}

// Invariant 11: a clock that is years off breaks nothing.
func TestClocksTenYearsOffStillConnect(t *testing.T) {
	for _, years := range []int{-10, 10} {
		shifted := func() time.Time { return time.Now().AddDate(years, 0, 0) }
		server := ServerTLS(testKey(1), nil, admitOnly(testPublic(2)))
		client := ClientTLS(testKey(2), PinOf(testPublic(1)))
		server.Time = shifted
		client.Time = func() time.Time { return time.Now().AddDate(-years, 0, 0) }
		address, done := serveOne(t, server)
		if _, err := say(address, client); err != nil {
			t.Errorf("%d years: %v", years, err)
		}
		if got := <-done; got.err != nil {
			t.Errorf("%d years: %v", years, got.err)
		}
	}
}

func TestOlderTLSIsRefused(t *testing.T) {
	address, done := serveOne(t, ServerTLS(testKey(1), nil, nil))
	config := ClientTLS(nil, PinOf(testPublic(1)))
	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, err := say(address, config); err == nil {
		t.Error("TLS 1.2 was spoken")
	}
	if got := <-done; got.err == nil {
		t.Error("TLS 1.2 was accepted")
	}
}

// A client that knows nothing of pins takes the PEM file as its authority.
func TestCertificateServesOrdinaryClientsAsTheirCA(t *testing.T) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(CertificatePEM(testKey(1), []string{"node.example.org"})) {
		t.Fatal("not a PEM certificate")
	}
	for _, name := range []string{"localhost", "127.0.0.1", "node.example.org"} {
		address, _ := serveOne(t, ServerTLS(testKey(1), []string{"node.example.org"}, nil))
		config := &tls.Config{RootCAs: roots, ServerName: name, NextProtos: []string{"h2"}}
		state, err := say(address, config)
		if err != nil || len(state.VerifiedChains) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	address, _ := serveOne(t, ServerTLS(testKey(1), nil, nil))
	if _, err := say(address, &tls.Config{RootCAs: roots, ServerName: "elsewhere.example.org"}); err == nil {
		t.Error("another name was accepted")
	}
	address, _ = serveOne(t, ServerTLS(testKey(2), nil, nil))
	if _, err := say(address, &tls.Config{RootCAs: roots, ServerName: "localhost"}); err == nil {
		t.Error("another key was accepted")
	}
}

func TestCertificateIsTheSameEveryTime(t *testing.T) {
	a := CertificatePEM(testKey(1), []string{"b.example", "a.example", "a.example"})
	if !bytes.Equal(a, CertificatePEM(testKey(1), []string{"a.example", "b.example"})) {
		t.Error("it changes")
	}
	if bytes.Equal(a, CertificatePEM(testKey(1), nil)) {
		t.Error("hosts do not show")
	}
	block, _ := pem.Decode(a)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if cert.NotBefore.Year() != 2000 || cert.NotAfter.Year() != 9999 || len(cert.DNSNames) != 3 || len(cert.IPAddresses) != 2 {
		t.Errorf("from %v to %v for %v %v", cert.NotBefore, cert.NotAfter, cert.DNSNames, cert.IPAddresses)
	}
}

func TestCertificateLeavesOutWhatIsNoName(t *testing.T) {
	if !bytes.Equal(CertificatePEM(testKey(1), []string{"", "näme.example", "a b", "\x00"}), CertificatePEM(testKey(1), nil)) {
		t.Error("something got in")
	}
}
