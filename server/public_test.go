package server

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
	"golang.org/x/crypto/acme"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/lmcfed/lmcfed/internal/fault"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const publicName = "lmc.example.org"

// pebble is an issuer of certificates on loopback, as Let's Encrypt is one: Pebble, in this process.
type pebble struct {
	*httptest.Server
	db      *db.MemoryStore
	trusted *x509.CertPool // its own certificate is vouched for
	issues  *x509.CertPool // those that it gives
}

func newPebble(t *testing.T, https, http string, seconds uint64) *pebble {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	quiet := log.New(io.Discard, "", 0)
	if testing.Verbose() {
		quiet = log.New(t.Output(), "pebble ", 0)
	}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	resolver := &dns.Server{Listener: lis, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		a := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			a.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(a)
	})}
	go func() { _ = resolver.ActivateAndServe() }()
	t.Cleanup(func() { _ = resolver.Shutdown() })
	p := &pebble{db: db.NewMemoryStore(), trusted: x509.NewCertPool(), issues: x509.NewCertPool()}
	issuer := ca.New(quiet, p.db, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "d", ValidityPeriod: seconds}})
	looks := va.New(quiet, portOf(t, http), portOf(t, https), false, lis.Addr().String(), p.db)
	front := wfe.New(quiet, p.db, looks, issuer, []string{"issuer.example"}, false, false, 1, 1)
	p.Server = httptest.NewTLSServer(front.Handler())
	t.Cleanup(p.Close)
	p.trusted.AddCert(p.Certificate())
	p.issues.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	return p
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	port, wrong := strconv.Atoi(text)
	if err != nil || wrong != nil {
		t.Fatal(err, wrong)
	}
	return port
}

// publicNode is a node with public pages.
type publicNode struct {
	*testWeb
	https, http string
	roots       *x509.CertPool
}

// newPublic serves a keeper with a matter whose pages are public.
func newPublic(t *testing.T, cfg Config, roots *x509.CertPool, less func(*budgets)) *publicNode {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = initNode(t, "gpc-england", true, true)
	}
	cfg.WebDomain = publicName
	n := open(t, cfg)
	less(&n.budgets)
	return &publicNode{serveWeb(t, n), cfg.WebHTTPS, cfg.WebHTTP, roots}
}

// newCertified is a node whose pages have been public before: its certificate is in its folder, and nobody issues another.
func newCertified(t *testing.T, cfg Config, less func(*budgets)) *publicNode {
	t.Helper()
	cfg.Dir = initNode(t, "gpc-england", true, true)
	cfg.ACMEDirectory = "https://127.0.0.1:1/dir"
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tests"}, DNSNames: []string{publicName}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tests"}}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	both := append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: kept}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})...)
	if err := certificateFolder(filepath.Join(cfg.Dir, certificatesFolder, folderOf(cfg.ACMEDirectory))).Put(t.Context(), publicName, both); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(both)
	cfg.WebHTTPS, cfg.WebHTTP = freeAddress(t), freeAddress(t)
	p := newPublic(t, cfg, roots, less)
	p.awaitCertificate()
	return p
}

func (p *publicNode) awaitCertificate() {
	p.t.Helper()
	await(p.t, "there is a certificate", func() bool { return !p.certificate.state(time.Now()).until.IsZero() })
}

// tls connects to the public pages, under a name, from an address of this machine; "": any.
func (p *publicNode) tls(name, from string, protos ...string) (*tls.Conn, error) {
	p.t.Helper()
	d := net.Dialer{Timeout: testLimit}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	raw, err := d.Dial("tcp", p.https)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { raw.Close() })
	_ = raw.SetDeadline(time.Now().Add(testLimit))
	conn := tls.Client(raw, &tls.Config{RootCAs: p.roots, ServerName: name, NextProtos: protos, InsecureSkipVerify: name == "" || len(protos) == 1 && protos[0] == acme.ALPNProto})
	return conn, conn.HandshakeContext(testContext(p.t))
}

// asks sends a request over a connection of its own, and returns the beginning of what comes back.
func (p *publicNode) asks(request string) string {
	p.t.Helper()
	conn, err := p.tls(publicName, "", "h2", "http/1.1")
	if err != nil {
		return err.Error()
	}
	return says(conn, request)
}

// browse asks for a page as a browser does, which is told where the name leads.
func (p *publicNode) browse(page string) (*http.Response, string) {
	p.t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: p.roots}, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			at := p.https
			if strings.HasSuffix(to, ":80") {
				at = p.http
			}
			return new(net.Dialer).DialContext(ctx, network, at)
		},
	}
	client := &http.Client{Transport: transport, Timeout: testLimit, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(page)
	if err != nil {
		p.t.Fatalf("%s: %v", page, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp, string(body)
}

func (p *publicNode) told() *nodev1.PublicPages {
	p.t.Helper()
	s, err := nodev1.NewNodeServiceClient(p.dial(nil)).GetStatus(testContext(p.t), &nodev1.GetStatusRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	return s.PublicPages
}

func (p *publicNode) health() healthv1.HealthCheckResponse_ServingStatus {
	p.t.Helper()
	resp, err := healthv1.NewHealthClient(p.dial(nil)).Check(testContext(p.t), &healthv1.HealthCheckRequest{Service: publicHealthName})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Status
}

func TestAPublicNameHasItsCertificateByItselfAndKeepsIt(t *testing.T) {
	https, plain := freeAddress(t), freeAddress(t)
	issuer := newPebble(t, https, plain, 90*24*3600)
	var log said
	cfg := Config{
		Dir: initNode(t, "gpc-england", true, true), WebHTTPS: https, WebHTTP: plain, ACMEDirectory: issuer.URL + wfe.DirectoryPath, acmeRoots: issuer.trusted,
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}
	p := newPublic(t, cfg, issuer.issues, func(*budgets) {})
	p.awaitCertificate()
	if got, page := p.browse("https://" + publicName + "/"); got.StatusCode != http.StatusOK || got.Header.Get("Strict-Transport-Security") == "" || !strings.Contains(page, "<html") {
		t.Errorf("the first page: %s %v %s", got.Status, got.Header, page)
	}
	if told := p.told(); told.Name != publicName || told.CertificateUntilTime.AsTime().Before(time.Now().Add(89*24*time.Hour)) || !strings.Contains(told.Issuer, "Pebble") || told.Problem != "" || told.RetryTime != nil {
		t.Errorf("it tells %v", told)
	}
	await(t, "it is healthy", func() bool { return p.health() == healthv1.HealthCheckResponse_SERVING })
	if log.times("the public pages have a certificate") != 1 || log.times("pages for everybody") != 1 {
		t.Errorf("the log says %s", log.buf.String())
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(cfg.Dir, certificatesFolder), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if want := fs.FileMode(0o600); !d.IsDir() {
			if files++; info.Mode().Perm() != want {
				t.Errorf("%s: %v", path, info.Mode())
			}
		} else if info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files are kept: %v", files, err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}

	issuer.Close() // nobody is asked at the next start
	p = newPublic(t, cfg, issuer.issues, func(*budgets) {})
	p.awaitCertificate()
	if got, _ := p.browse("https://" + publicName + "/"); got.StatusCode != http.StatusOK {
		t.Errorf("after a start without an issuer: %s", got.Status)
	}
}

// Behind a forwarder that leaves port 443 to something else, the issuer's look goes by port 80.
func TestACertificateIsHadByPort80Too(t *testing.T) {
	https, plain := freeAddress(t), freeAddress(t)
	issuer := newPebble(t, freeAddress(t), plain, 90*24*3600)
	p := newPublic(t, Config{WebHTTPS: https, WebHTTP: plain, ACMEDirectory: issuer.URL + wfe.DirectoryPath, acmeRoots: issuer.trusted}, issuer.issues, func(*budgets) {})
	p.awaitCertificate()
	if told := p.told(); told.Problem != "" {
		t.Errorf("it tells %v", told)
	}
}

func TestACertificateIsRenewedBeforeItEnds(t *testing.T) {
	https, plain := freeAddress(t), freeAddress(t)
	issuer := newPebble(t, https, plain, 15)
	p := newPublic(t, Config{WebHTTPS: https, WebHTTP: plain, ACMEDirectory: issuer.URL + wfe.DirectoryPath, acmeRoots: issuer.trusted}, issuer.issues, func(*budgets) {})
	p.awaitCertificate()
	first := p.certificate.state(time.Now()).until
	await(t, "there is another certificate", func() bool { return p.certificate.state(time.Now()).until.After(first) })
	if time.Now().After(first) {
		t.Error("it was renewed after it had ended")
	}
	if got, _ := p.browse("https://" + publicName + "/"); got.TLS.PeerCertificates[0].NotAfter.Equal(first) {
		t.Error("browsers are shown the old one")
	}
}

func TestWhyNoCertificateIsHadIsSaidAndWhenItIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(p *pebble)
		words   []string
	}{
		"a name that the issuer refuses":        {func(p *pebble) { _ = p.db.AddBlockedDomain(publicName) }, []string{"the issuer refuses", "polic"}},
		"a name that leads elsewhere":           {func(*pebble) {}, []string{"tls-alpn-01: Failed to connect to", "http-01: "}},
		"an issuer that cannot be reached":      {func(p *pebble) { p.Close() }, []string{"127.0.0.1", "cannot be asked", "connection refused"}},
		"a directory that is none":              {func(p *pebble) { p.Config.Handler = http.NotFoundHandler() }, []string{"the issuer answers 404 Not Found"}},
		"an issuer that says to come back once": {func(p *pebble) { p.Config.Handler = busyIssuer{} }, []string{"the issuer refuses: too many"}},
	} {
		t.Run(name, func(t *testing.T) {
			var log said
			issuer := newPebble(t, freeAddress(t), freeAddress(t), 0)
			c.prepare(issuer)
			p := newPublic(t, Config{
				WebHTTPS: freeAddress(t), WebHTTP: freeAddress(t), ACMEDirectory: issuer.URL + wfe.DirectoryPath, acmeRoots: issuer.trusted, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			}, issuer.issues, func(*budgets) {})
			alarm := ""
			await(t, "there is an alarm", func() bool {
				for _, words := range p.alarmWords() {
					if strings.Contains(words, "the public pages have no certificate") {
						alarm = words
					}
				}
				return alarm != "" && log.times("no certificate") > 0
			})
			for _, words := range append(c.words, "https://"+publicName, "it is asked for again by", "(DNS)", "port 443") {
				if !strings.Contains(alarm, words) {
					t.Errorf("the alarm lacks %q: %s", words, alarm)
				}
			}
			told := p.told()
			if again := time.Until(told.RetryTime.AsTime()); told.Problem == "" || told.CertificateUntilTime != nil || again < 4*time.Minute || name == "an issuer that says to come back once" && again < 3*time.Hour {
				t.Errorf("it tells %v", told)
			}
			if p.health() != healthv1.HealthCheckResponse_NOT_SERVING {
				t.Error("the public pages are told to be healthy")
			}
			if _, err := p.tls(publicName, "", "http/1.1"); err == nil {
				t.Error("a browser is greeted without a certificate")
			}
			if err := listMattersOn(t, p.dial(nil)); err != nil {
				t.Errorf("the node answers %v", err)
			}
		})
	}
}

// busyIssuer refuses whatever it is asked for hours.
type busyIssuer struct{}

func (busyIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		at := "https://" + r.Host
		_, _ = fmt.Fprintf(w, `{"newNonce": "%[1]s/n", "newAccount": "%[1]s/a", "newOrder": "%[1]s/o"}`, at)
		return
	}
	w.Header().Set("Replay-Nonce", "bm9uY2U")
	if r.Method == http.MethodPost {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", strconv.Itoa(4*3600))
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many of this name"}`)
	}
}

func TestACertificateThatEndsSoonIsAnAlarm(t *testing.T) {
	p := newCertified(t, Config{}, func(*budgets) {})
	c, until := p.certificate, p.certificate.state(time.Now()).until
	for _, at := range []struct {
		before time.Duration
		words  string
	}{{89 * 24 * time.Hour, ""}, {29 * 24 * time.Hour, ""}, {15 * 24 * time.Hour, ""}, {13 * 24 * time.Hour, "ends on"}, {time.Hour, "ends on"}, {-time.Hour, "has ended on"}} {
		got := c.alarm(until.Add(-at.before))
		if (got == "") != (at.words == "") || !strings.Contains(got, at.words) || got != "" && (!strings.Contains(got, "no newer one was had") || !strings.Contains(got, "(DNS)")) {
			t.Errorf("%v before: %q", at.before, got)
		}
	}
	c.note("the issuer refuses: it is closed\x1b[2J")
	if got := c.alarm(time.Now()); got != "" {
		t.Errorf("while the certificate is new: %q", got)
	}
	c.mu.Lock()
	c.last = until.Add(-13 * 24 * time.Hour)
	c.mu.Unlock()
	if got := c.alarm(until.Add(-13 * 24 * time.Hour)); !strings.Contains(got, "it is closed") || !strings.Contains(got, "asked for again by") || strings.Contains(got, "\x1b") {
		t.Errorf("when renewing fails: %q", got)
	}
	if is := c.state(until.Add(-20 * 24 * time.Hour)); is.problem == "" || is.soon {
		t.Errorf("twenty days before: %+v", is)
	}
}

func TestOnlyByItsOwnNameIsWhatIsPublicAsked(t *testing.T) {
	p := newCertified(t, Config{WebHosts: []string{"other.example.org"}}, func(*budgets) {})
	for host, own := range map[string]bool{
		publicName: true, publicName + ":443": true, "LMC.example.org": true, publicName + ".": true,
		"localhost": false, "127.0.0.1": false, "other.example.org": false, "evil.example": false, "": false, "127.0.0.1" + p.https[strings.LastIndexByte(p.https, ':'):]: false,
	} {
		if got := p.asks("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"); own != strings.HasPrefix(got, "HTTP/1.1 200 ") || !own && !strings.HasPrefix(got, "HTTP/1.1 421 ") && host != "" {
			t.Errorf("asked as %q: %s", host, got)
		}
	}
	for _, name := range []string{"evil.example", "", "localhost", "other.example.org"} {
		if _, err := p.tls(name, "", "http/1.1"); err == nil {
			t.Errorf("greeted as %q", name)
		}
	}
	if _, err := p.tls(publicName, "", "h2"); err == nil {
		t.Error("somebody who speaks HTTP/2 alone is greeted")
	}
	if _, err := p.tls(publicName, "", acme.ALPNProto); err == nil {
		t.Error("somebody who feigns to be the issuer is shown something")
	}
	if got := says(p.dialWeb(""), "GET / HTTP/1.1\r\nHost: "+publicName+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 421 ") {
		t.Errorf("the pages for this machine are asked by the public name: %s", got)
	}
	if got := says(p.dialWeb(""), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") || strings.Contains(got, "Strict-Transport-Security") {
		t.Errorf("the pages for this machine: %s", got)
	}
}

func TestWhatIsForTheOfficeAloneIsNotPublic(t *testing.T) {
	p := newCertified(t, Config{}, func(*budgets) {})
	if _, err := p.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	here, err := http.Get(p.url + "/national/gpc-england/plan")
	if err != nil {
		t.Fatal(err)
	}
	here.Body.Close()
	if here.StatusCode != http.StatusOK {
		t.Fatalf("at this machine: %s", here.Status)
	}
	for _, page := range []string{"/national/gpc-england/plan", "/national/gpc-england/plan.json", "/national/gpc-england/plan?compare=2021-10-20", "/national/gpc-england/plan?list=silent"} {
		if got, body := p.browse("https://" + publicName + page); got.StatusCode < 400 {
			t.Errorf("%s is public: %s %s", page, got.Status, body)
		}
	}
	national := func() (*http.Response, string) {
		return p.browse("https://" + publicName + "/lmc.node.v1.NationalService/GetNationalPicture?encoding=json&message=%7B%22selector%22:%7B%22matter%22:%22plan%22%7D%7D")
	}
	if got, body := national(); got.StatusCode != http.StatusForbidden || !strings.Contains(body, "permission_denied") || !strings.Contains(body, "by gRPC") {
		t.Errorf("a program is told the national picture: %s %s", got.Status, body)
	}
	if got := p.asks(strings.Replace(plainView, "Host: localhost", "Host: "+publicName, 1)); !strings.HasPrefix(got, "HTTP/1.1 200 ") || !strings.Contains(got, "application/json") {
		t.Errorf("a program gets %s", got)
	}
}

func TestWithoutTLSBrowsersAreSentToIt(t *testing.T) {
	p := newCertified(t, Config{}, func(*budgets) {})
	got, _ := p.browse("http://" + publicName + "/letters?q=a%20b")
	if got.StatusCode != http.StatusMovedPermanently || got.Header.Get("Location") != "https://"+publicName+"/letters?q=a%20b" || got.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%s %v", got.Status, got.Header)
	}
	for request, want := range map[string]string{
		"GET //evil.example/ HTTP/1.1\r\nHost: " + publicName + "\r\n\r\n":                                "Location: https://" + publicName + "//evil.example/",
		"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n":                                                    "421 ",
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n":                                                       "421 ",
		"POST " + viewPath + " HTTP/1.1\r\nHost: " + publicName + "\r\nContent-Length: 2\r\n\r\n{}":       "403 ",
		"GET /.well-known/acme-challenge/none HTTP/1.1\r\nHost: " + publicName + "\r\n\r\n":               "404 ",
		"GET /.well-known/acme-challenge/../../keys HTTP/1.1\r\nHost: " + publicName + ":5002\r\n\r\n":    "404 ",
		"GET /.well-known/acme-challenge/" + publicName + " HTTP/1.1\r\nHost: " + publicName + "\r\n\r\n": "404 ",
		"GET /.well-known/acme-challenge/acme_account HTTP/1.1\r\nHost: " + publicName + ":5002\r\n\r\n":  "404 ",
		"HEAD / HTTP/1.1\r\nHost: " + publicName + ":80\r\n\r\n":                                          "301 ",
	} {
		conn, err := net.Dial("tcp", p.http)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(testLimit))
		if got := says(conn, request); !strings.Contains(got, want) {
			t.Errorf("%q gets %s", request, got)
		}
		conn.Close()
	}
}

func TestAPublicPortThatCannotBeHadStopsTheStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := initNode(t, "gpc-england", true, true)
	for flag, cfg := range map[string]Config{
		"--web-https": {WebHTTPS: taken.Addr().String(), WebHTTP: WebOff},
		"--web-http":  {WebHTTPS: "127.0.0.1:0", WebHTTP: taken.Addr().String()},
	} {
		cfg.Dir, cfg.WebDomain = dir, publicName
		n := open(t, cfg)
		if err := n.Serve(testContext(t)); !errors.Is(err, fault.ErrBusy) || !strings.Contains(err.Error(), flag) || !strings.Contains(fault.Hint(err), "--web-host") {
			t.Errorf("%s: %v (%s)", flag, err, fault.Hint(err))
		}
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, cfg := range []Config{
		{WebDomain: "https://lmc.example.org"},
		{WebDomain: "lmc.example.org:443"},
		{WebDomain: "192.0.2.7"},
		{WebDomain: "::1"},
		{WebDomain: "localhost"},
		{WebDomain: "LMC.example.org"},
		{WebDomain: "lmc.example.org."},
		{WebDomain: "lmc.exämple.org"},
		{WebDomain: publicName, ACMEDirectory: "http://127.0.0.1/dir"},
		{WebDomain: publicName, ACMEDirectory: "dir"},
		{WebDomain: publicName, WebHTTPS: "443"},
		{WebDomain: publicName, WebHTTP: "80"},
	} {
		cfg.Dir = dir
		if n, err := Open(cfg); !errors.Is(err, fault.ErrInvalid) || fault.Hint(err) == "" {
			t.Errorf("%+v: %v", cfg, err)
			if err == nil {
				n.Close()
			}
		}
	}
}

// Whoever storms the public pages takes nothing of what those who come by gRPC have until they are greeted.
func TestAStormOfHandshakesAtThePublicPagesIsNoneOfTheNodes(t *testing.T) {
	p := newCertified(t, Config{}, func(b *budgets) { b.publicGreetings, b.publicHandshakes, b.publicConnections = 8, 4, 8 })
	hello := new(bytes.Buffer)
	_ = tls.Client(onlyWrites{hello}, &tls.Config{ServerName: publicName}).Handshake()
	storm, ended := context.WithCancel(t.Context())
	for range 8 {
		go func() {
			for storm.Err() == nil {
				if conn, err := net.Dial("tcp", p.https); err == nil {
					time.AfterFunc(100*time.Millisecond, func() { conn.Close() })
					_, _ = conn.Write(hello.Bytes())
				}
			}
		}()
	}
	for range 20 { // that say nothing
		conn, err := net.Dial("tcp", p.https)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	defer ended()
	await(t, "it storms", func() bool { all, _ := p.doors.outside.arriving.Taken(""); return all >= 4 })
	for range 5 {
		began := time.Now()
		if err := listMattersOn(t, p.dial(nil)); err != nil {
			t.Errorf("by gRPC: %v", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("by gRPC it took %v", took)
		}
	}
	arriving, _ := p.doors.outside.arriving.Taken("")
	begun, _ := p.doors.outside.begun.Taken("")
	if arriving > 8 || begun > 4 {
		t.Errorf("%d arrive, %d have begun", arriving, begun)
	}
	conn, err := p.tls(publicName, "127.0.0.2", "http/1.1") // somebody else
	if err != nil {
		t.Fatalf("from another address: %v", err)
	}
	if got := says(conn, "GET / HTTP/1.1\r\nHost: "+publicName+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Errorf("from another address: %s", got)
	}
}

// onlyWrites takes what a handshake begins with, and nothing comes back.
type onlyWrites struct{ io.Writer }

func (onlyWrites) Read([]byte) (int, error)         { return 0, io.EOF }
func (onlyWrites) Close() error                     { return nil }
func (onlyWrites) LocalAddr() net.Addr              { return nil }
func (onlyWrites) RemoteAddr() net.Addr             { return nil }
func (onlyWrites) SetDeadline(time.Time) error      { return nil }
func (onlyWrites) SetReadDeadline(time.Time) error  { return nil }
func (onlyWrites) SetWriteDeadline(time.Time) error { return nil }

func TestConnectionsOverTLSAreLimited(t *testing.T) {
	p := newCertified(t, Config{}, func(b *budgets) { b.publicConnections, b.webConnections = 4, 2 })
	here := p.dialWeb("")
	other, err := p.tls(publicName, "127.0.0.2", "http/1.1")
	if err != nil {
		t.Fatal(err)
	}
	var open []*tls.Conn
	for range 8 {
		conn, err := p.tls(publicName, "", "http/1.1")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, conn)
	}
	if _, err := open[0].Read(make([]byte, 1)); hungUp(err) != nil {
		t.Errorf("the first of them: %v", err)
	}
	await(t, "no more are kept than may be", func() bool { all, _ := p.doors.public.connections.Taken(""); return all == 4 })
	for name, conn := range map[string]net.Conn{"from another address": other, "the newest": open[7]} {
		if got := says(conn, "GET / HTTP/1.1\r\nHost: "+publicName+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := says(here, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Errorf("at this machine: %s", got)
	}
}

func TestAStopWaitsForNoHandshakeAndNoBrowserOverTLS(t *testing.T) {
	p := newCertified(t, Config{}, func(*budgets) {})
	silent, err := net.Dial("tcp", p.https)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	hello := new(bytes.Buffer)
	_ = tls.Client(onlyWrites{hello}, &tls.Config{ServerName: publicName}).Handshake()
	for _, part := range []int{hello.Len() / 2, hello.Len()} { // half of a first word, and one that is not gone on from
		conn, err := net.Dial("tcp", p.https)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write(hello.Bytes()[:part]); err != nil {
			t.Fatal(err)
		}
	}
	idle, err := p.tls(publicName, "", "http/1.1")
	if err != nil {
		t.Fatal(err)
	}
	await(t, "all are there", func() bool {
		arriving, _ := p.doors.outside.arriving.Taken("")
		begun, _ := p.doors.outside.begun.Taken("")
		greeted, _ := p.doors.public.connections.Taken("")
		return arriving == 2 && begun == 1 && greeted == 1
	})
	began := time.Now()
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if _, err := idle.Read(make([]byte, 1)); hungUp(err) != nil {
		t.Errorf("whoever was idle: %v", err)
	}
	await(t, "nobody is in the hall", func() bool {
		arriving, _ := p.doors.outside.arriving.Taken("")
		begun, _ := p.doors.outside.begun.Taken("")
		return arriving+begun == 0
	})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("handshakes hung for %v after it", took)
	}
	for _, address := range []string{p.https, p.http} {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s listens yet", address)
		}
	}
}

// A node that stops asks nothing of the issuer any more, however long that would have taken.
func TestAStopWaitsForNoIssuer(t *testing.T) {
	asked := make(chan struct{}, 16)
	deaf := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- struct{}{}; <-r.Context().Done() }))
	defer deaf.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(deaf.Certificate())
	p := newPublic(t, Config{WebHTTPS: freeAddress(t), WebHTTP: WebOff, ACMEDirectory: deaf.URL, acmeRoots: trusted}, nil, func(*budgets) {})
	<-asked
	if told := p.told(); told.Problem != "" || told.CertificateUntilTime != nil || len(p.certificate.alarm(time.Now())) > 0 {
		t.Errorf("while it is asked for the first time: %v", told)
	}
	began := time.Now()
	if _, err := p.tls(publicName, "", "http/1.1"); err == nil || time.Since(began) > 3*time.Second {
		t.Errorf("a browser waits %v for the issuer: %v", time.Since(began), err)
	}
	began = time.Now()
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the stop took %v", took)
	}
}

// autocert would ask for another certificate, in RSA, for whoever feigns to know nothing else.
func TestNobodyWhoConnectsHasTheIssuerAsked(t *testing.T) {
	p := newCertified(t, Config{}, func(*budgets) {})
	raw, err := net.Dial("tcp", p.https)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(testLimit))
	old := tls.Client(raw, &tls.Config{ServerName: publicName, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, InsecureSkipVerify: true})
	if err := old.HandshakeContext(testContext(t)); err == nil {
		t.Error("it is greeted")
	}
	p.certificate.mu.Lock()
	defer p.certificate.mu.Unlock()
	if len(p.certificate.reasons) > 0 {
		t.Errorf("the issuer was asked: %v", p.certificate.reasons)
	}
}

func TestAForwarderOfTCPSaysWhoComesToThePublicPages(t *testing.T) {
	p := newCertified(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}}, func(*budgets) {})
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.9")}}
	raw, err := d.Dial("tcp", p.https)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(testLimit))
	if _, err := io.WriteString(raw, "PROXY TCP4 198.51.100.9 192.0.2.1 4711 443\r\n"); err != nil {
		t.Fatal(err)
	}
	conn := tls.Client(raw, &tls.Config{RootCAs: p.roots, ServerName: publicName})
	if got := says(conn, "GET / HTTP/1.1\r\nHost: "+publicName+"\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Fatal(got)
	}
	if _, there := p.doors.public.connections.Taken("198.51.100.9"); there != 1 {
		t.Errorf("%d connections are of whom it forwards", there)
	}
	if _, err := p.tls(publicName, "127.0.0.9", "http/1.1"); err == nil {
		t.Error("a forwarder that does not say whom it forwards is greeted")
	}
}

func TestWhatAnIssuerRefusesIsReadFromWhatItAnswers(t *testing.T) {
	for body, want := range map[string]string{
		`{"type":"urn:ietf:params:acme:error:badNonce","detail":"no"}`:                 "",
		`{"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"not this"}`: "the issuer refuses: not this",
		`<html>`: "the issuer answers 400 Bad Request",
	} {
		if got := strings.Join(refusals(400, []byte(body)), "; "); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
	for body, want := range map[string]string{
		`{"status":"valid","challenges":[{"type":"http-01","error":{"detail":"x"}}]}`:                                "",
		`{"status":"invalid","challenges":[{"type":"tls-alpn-01","error":{"detail":"refused"}},{"type":"http-01"}]}`: "tls-alpn-01: refused",
		`{"status":"invalid","error":{"detail":"an order"}}`:                                                         "an order",
		"-----BEGIN CERTIFICATE-----": "",
	} {
		if got := strings.Join(refusals(200, []byte(body)), "; "); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

// A start with an account's key or a certificate that was cut short has new ones.
func TestAFolderOfCertificatesThatIsDamagedIsNoneAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "certificates")
	folder := certificateFolder(dir)
	key := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte("key")})
	if err := folder.Put(t.Context(), "acme_account+key", key); err != nil {
		t.Fatal(err)
	}
	if got, err := folder.Get(t.Context(), "acme_account+key"); err != nil || !bytes.Equal(got, key) {
		t.Errorf("%s %v", got, err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	if err := os.WriteFile(filepath.Join(dir, files[0].Name()), key[:10], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acme_account+key", "nothing", "../nothing"} {
		if got, err := folder.Get(t.Context(), name); err == nil {
			t.Errorf("%s: %s", name, got)
		}
	}
	if err := errors.Join(folder.Delete(t.Context(), "acme_account+key"), folder.Delete(t.Context(), "acme_account+key")); err != nil {
		t.Error(err)
	}
	for _, at := range []string{"https://acme-v02.api.letsencrypt.org/directory", "https://ca.example:9000/acme/a/directory", "https://ca.example:9000/acme/b/directory", "https://[::1]:14000/dir"} {
		if _, err := url.Parse(at); err != nil || strings.ContainsAny(folderOf(at), `\/:*?"<>|`) {
			t.Errorf("%s: %s", at, folderOf(at))
		}
	}
	if a, b := folderOf("https://ca.example/a"), folderOf("https://ca.example/b"); a == b {
		t.Errorf("two directories have one folder: %s", a)
	}
}

func TestFewOpenFilesAreSharedWithThePublicPages(t *testing.T) {
	b := usual().publicly()
	for _, files := range []int{64, 200, 1024, 2048, 4096} {
		got, few := b.within(files)
		all := got.greetings + got.handshakes + got.publicGreetings + got.publicHandshakes + got.visitorConnections + got.webConnections + got.publicConnections + got.memberConnections
		if !few || all > files/2 && all > files-filesReserved || min(got.publicGreetings, got.publicHandshakes, got.publicConnections, got.webConnections, got.visitorConnections) < 1 {
			t.Errorf("%d files: %+v", files, got)
		}
	}
	if _, few := b.within(8192); few {
		t.Error("8192 open files, as docs/operating.md has it, are too few")
	}
}
