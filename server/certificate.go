package server

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/version"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	publicHealthName = "lmc.public-pages"
	// certificateEvery is how often it is looked at how the certificate is.
	certificateEvery = time.Minute
	// certificateAlarm is how long before its end a certificate that was not renewed is an alarm.
	certificateAlarm = 14 * 24 * time.Hour
	// reasonsApart is how long after one reason another is of another try.
	reasonsApart = 4 * time.Minute
	maxReasons   = 4
	issuerLimit  = 1 << 20 // of what an issuer answers
	issuerWithin = 30 * time.Second
	// renewedWithin is how long autocert takes at most before it tries again to renew.
	renewedWithin = time.Hour
)

// certificateRetry is how long after a first, a second and any further failure a certificate is asked for again: Let's
// Encrypt lets five checks of a name fail, and one more every twelve minutes; a try may have two.
var certificateRetry = []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour}

// certificate is that of the name under which pages are public: asked for when the node starts, kept in a folder, renewed
// by autocert. No handshake asks for one: whoever connects could use up what an issuer gives.
type certificate struct {
	name    string
	manager *autocert.Manager
	retries []time.Duration
	had     atomic.Bool     // there is one, and the manager renews it by itself from then on
	open    context.Context // until nothing is asked of the issuer any more
	close   context.CancelFunc

	mu      sync.Mutex // guards what follows
	reasons []string   // why it could not be had, as the issuer says
	last    time.Time  // when the newest of them came
	retry   time.Time  // when a first one is asked for again; zero: it was not refused
}

func newCertificate(cfg Config) *certificate {
	directory := cmp.Or(cfg.ACMEDirectory, acme.LetsEncryptURL)
	c := &certificate{name: cfg.WebDomain, retries: cfg.acmeRetry}
	if c.retries == nil {
		c.retries = certificateRetry
	}
	c.open, c.close = context.WithCancel(context.Background())
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: cfg.acmeRoots}
	c.manager = &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.name), Cache: certificateFolder(filepath.Join(cfg.Dir, certificatesFolder, folderOf(directory))),
		Client: &acme.Client{
			DirectoryURL: directory, UserAgent: "lmcnode/" + version.Software(), HTTPClient: &http.Client{Transport: issuer{c, transport}, Timeout: issuerWithin},
			RetryBackoff: func(n int, _ *http.Request, resp *http.Response) time.Duration {
				if n > 3 || resp.StatusCode == http.StatusTooManyRequests { // what is told to wait waits until the next try
					return -1
				}
				return time.Duration(n) * time.Second
			},
		},
	}
	return c
}

// folderOf names the folder of what an issuer gave: what one for trying out gave is no other's.
func folderOf(directory string) string {
	at, err := url.Parse(directory)
	if err != nil {
		at = &url.URL{}
	}
	digest := sha256.Sum256([]byte(directory))
	return fmt.Sprintf("%s-%x", strings.ReplaceAll(at.Hostname(), ":", "_"), digest[:4])
}

// hello asks the manager for the certificate, in the one kind there is: every browser of ten years knows it, and one in
// RSA would be had for whoever feigns that it does not.
func (c *certificate) hello() *tls.ClientHelloInfo {
	return &tls.ClientHelloInfo{ServerName: c.name, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}
}

var (
	errNoCertificate = errors.New("there is no certificate yet")
	errOtherName     = errors.New("another name is asked for")
)

// tls is how the public pages are greeted: by their name alone.
func (c *certificate) tls() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1", acme.ALPNProto},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			switch {
			case !strings.EqualFold(hello.ServerName, c.name):
				return nil, errOtherName
			case !c.had.Load() && !looksWhetherItLeadsHere(hello):
				return nil, errNoCertificate
			}
			return nil, hello.Conn.(*newcomer).awaitGreeting(hello.Context())
		},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if looksWhetherItLeadsHere(hello) {
				return c.manager.GetCertificate(hello)
			}
			return c.manager.GetCertificate(c.hello())
		},
	}
}

// looksWhetherItLeadsHere: it is the issuer that connects (RFC 8737), or whoever feigns it.
func looksWhetherItLeadsHere(hello *tls.ClientHelloInfo) bool {
	return slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto})
}

// follow has the certificate got, and logs what becomes of it, until ctx ends.
func (c *certificate) follow(ctx context.Context, log *slog.Logger, ready func(bool)) {
	defer c.close()
	ready(false)
	for failures := 0; !c.had.Load(); failures++ {
		got := make(chan error, 1)
		go func() { _, err := c.manager.GetCertificate(c.hello()); got <- err }() // which no context ends
		var err error
		select {
		case err = <-got:
		case <-ctx.Done():
			return
		}
		if err == nil {
			c.had.Store(true)
			break
		}
		wait := c.retries[min(failures, len(c.retries)-1)]
		if told, limited := acme.RateLimit(err); limited {
			wait = max(wait, told)
		}
		c.failed(err, time.Now().Add(wait))
		log.Warn(c.alarm(time.Now()))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
	var until time.Time
	said := ""
	for tick := time.NewTicker(certificateEvery); ; {
		is := c.state(time.Now())
		if is.until != until {
			until, said = is.until, ""
			log.Info("the public pages have a certificate", "url", "https://"+c.name+"/", "until", guidance.InstantWords(until), "issuer", is.issuer)
		}
		if is.problem != said {
			if said = is.problem; said != "" {
				log.Warn(fmt.Sprintf("the certificate of https://%s is good until %s and could not be renewed: %s", c.name, guidance.InstantWords(until), said), "do", c.remedy())
			}
		}
		ready(time.Now().Before(until))
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
			return
		}
	}
}

// publicHealth tells whether the public pages have a certificate that is good.
func (n *Node) publicHealth(ready bool) {
	serving := healthv1.HealthCheckResponse_NOT_SERVING
	if ready {
		serving = healthv1.HealthCheckResponse_SERVING
	}
	n.health.SetServingStatus(publicHealthName, serving)
}

// certified is how a certificate is: until when it is good (zero: there is none), who issued it, why none or no newer one
// could be had, and when that is tried again.
type certified struct {
	until   time.Time
	issuer  string
	problem string
	retry   time.Time
	soon    bool // it ends soon
}

func (c *certificate) state(now time.Time) (is certified) {
	due := time.Time{}
	if c.had.Load() {
		if cert, err := c.manager.GetCertificate(c.hello()); err == nil {
			is.until, is.issuer = cert.Leaf.NotAfter, cert.Leaf.Issuer.String()
			due = renewalOf(cert.Leaf)
			is.soon = now.After(due) && is.until.Sub(now) < certificateAlarm
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.After(due) && len(c.reasons) > 0 && (due.IsZero() || c.last.After(due.Add(-renewedWithin))) { // else they are of before it was renewed
		is.problem, is.retry = strings.Join(c.reasons, "; "), c.retry
		if !due.IsZero() {
			is.retry = c.last.Add(renewedWithin)
		}
	}
	return is
}

// renewalOf is when autocert has begun to renew a certificate at the latest.
func renewalOf(leaf *x509.Certificate) time.Time {
	before := min(leaf.NotAfter.Sub(leaf.NotBefore)/3, 30*24*time.Hour)
	return leaf.NotAfter.Add(min(before/10, time.Hour) - before)
}

// alarm is what somebody should do something about, in words; empty: nothing.
func (c *certificate) alarm(now time.Time) string {
	is := c.state(now)
	page, again := "https://"+c.name, ""
	if is.problem != "" {
		again = "; it is asked for again by " + guidance.InstantWords(is.retry)
	}
	switch {
	case is.until.IsZero() && is.problem == "":
		return "" // it is being asked for
	case is.until.IsZero():
		return fmt.Sprintf("the public pages have no certificate, and no browser can open %s: %s%s: %s", page, is.problem, again, c.remedy())
	case !now.Before(is.until):
		return fmt.Sprintf("the certificate of %s has ended on %s, and no browser can open it: %s%s: %s", page, guidance.InstantWords(is.until), cmp.Or(is.problem, "no newer one was had"), again, c.remedy())
	case is.soon:
		return fmt.Sprintf("the certificate of %s ends on %s: %s%s: %s", page, guidance.InstantWords(is.until), cmp.Or(is.problem, "no newer one was had"), again, c.remedy())
	}
	return ""
}

func (c *certificate) remedy() string {
	return fmt.Sprintf("look that %s leads to this machine (DNS), that port 443 or 80 of it reaches this node from outside, and that this node reaches the issuer; a start of the node asks at once", c.name)
}

// told is how the certificate is, for the status.
func (c *certificate) told(now time.Time) *nodev1.PublicPages {
	if c == nil {
		return nil
	}
	is := c.state(now)
	p := &nodev1.PublicPages{Name: c.name, Issuer: is.issuer, Problem: is.problem}
	if !is.until.IsZero() {
		p.CertificateUntilTime = timestamppb.New(is.until)
	}
	if is.problem != "" {
		p.RetryTime = timestamppb.New(is.retry)
	}
	return p
}

// failed notes that a first certificate was not had.
func (c *certificate) failed(err error, retry time.Time) {
	c.mu.Lock()
	noted := time.Since(c.last) < reasonsApart && len(c.reasons) > 0
	c.retry = retry
	c.mu.Unlock()
	if !noted { // of what the issuer said much is not in the error
		c.note(err.Error())
	}
}

// note keeps why a certificate was not had.
func (c *certificate) note(reason string) {
	reason = notation.Clip(notation.CleanLine(reason), 300)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if now.Sub(c.last) > min(reasonsApart, c.retries[0]/2) {
		c.reasons = nil
	}
	c.last = now
	if !slices.Contains(c.reasons, reason) && len(c.reasons) < maxReasons {
		c.reasons = append(c.reasons, reason)
	}
}
