// Package client knows how to talk to a node: dial it by its pin, publish, ask,
// watch, and verify what one is told.
//
// It does not know the rules of guidance (the node answers), how answers look to
// people (see client/lmc), or how nodes exchange their logs. It never trusts a
// certificate: the pin of the node's key decides, whatever the date or the name.
//
//	c, err := client.Dial("node.example.org:7443", pin)
//	view, err := c.CombinedView(ctx, &answersv1.Selector{Matter: "access-plan-2021"})
//	if errors.Is(err, client.ErrUnknownMatter) { … client.Hint(err) … }
package client

import (
	"crypto/ed25519"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"github.com/lmcfed/lmcfed/internal/identity"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// DefaultTimeout is the deadline of a unary call whose context has none.
	DefaultTimeout = 10 * time.Second
	// ReceiveLimit is the largest answer accepted, in bytes: a combined view of 130
	// committees with every statement takes about a tenth of it.
	ReceiveLimit = 16 << 20
	// keepaliveTime is how long a connection with open calls may be silent before it
	// is probed; the server allows a probe every 20 s.
	keepaliveTime = 30 * time.Second
	// keepaliveTimeout is how long the probe may stay unanswered.
	keepaliveTimeout = 10 * time.Second
	// connectTimeout is how long one attempt to connect may take.
	connectTimeout = 5 * time.Second
)

// Pin names a node by SHA-256 of its Ed25519 public key: an array of 32 bytes, which
// can be compared with ==. ParsePin reads one, and
//
//	func (p Pin) String() string
//
// prints it as the node does, "lmcpin1:" and 52 letters. As JSON, and wherever else
// text is marshalled, it is that string.
type Pin = identity.Pin

// Profile is a node as saved:
//
//	type Profile struct {
//		Name    string // what the profile is called ("essex")
//		Address string // host and port of the node ("node.example.org:7443")
//		Pin     Pin    // the pin of the node's key
//		KeyFile string // the officer key to show; "": none, which reads only what is public
//		Office  string // the office whose node it is; "": not noted
//		Keeper  string // the verifier key of the register's log; "": not noted
//	}
//
// In its JSON file the members are name, address, pin, keyFile, office and keeper; the last
// three may be missing.
type Profile = identity.Profile

// ParsePin reads "lmcpin1:…" as printed by lmcnode init and lmcnode serve. It refuses
// whatever Pin.String would not print.
func ParsePin(s string) (Pin, error) { return identity.ParsePin(s) }

// LoadProfile reads a saved profile: one of lmc profile add, or the profile.json in a
// node's folder. A missing file is fs.ErrNotExist.
func LoadProfile(path string) (Profile, error) { return identity.LoadProfile(path) }

// Client talks to one node over one connection, made when first needed and made
// again when lost. Safe for use by many goroutines. Every error it returns carries
// a reason errors.Is finds (see errors.go) and names the node's address.
type Client struct {
	address string
	options options
	conn    *grpc.ClientConn
	creds   *pinned

	guidance    nodev1.GuidanceServiceClient
	national    nodev1.NationalServiceClient
	publication nodev1.PublicationServiceClient
	register    nodev1.RegisterServiceClient
	node        nodev1.NodeServiceClient
}

// Option changes how Dial behaves.
type Option func(*options)

type options struct {
	key     ed25519.PrivateKey
	timeout time.Duration
	pause   func(attempt int) time.Duration
}

// WithKey shows an officer's key to the node; without it a client can only read
// what is public.
func WithKey(key ed25519.PrivateKey) Option { return func(o *options) { o.key = key } }

// WithTimeout sets the deadline of unary calls whose context has none.
func WithTimeout(d time.Duration) Option { return func(o *options) { o.timeout = d } }

// Dial prepares a connection to the node at address ("host:port") whose transport
// key has this pin. It does not connect: the first call does, and reports what is
// wrong. TLS 1.3 only.
func Dial(address string, pin Pin, opts ...Option) (*Client, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, fmt.Errorf("dialling %q: an address is HOST:PORT, for example node.example.org:7443", address)
	}
	o := options{timeout: DefaultTimeout, pause: pauseBefore}
	for _, apply := range opts {
		apply(&o)
	}
	creds := &pinned{credentials.NewTLS(identity.ClientTLS(o.key, pin)), o.key != nil, new(atomic.Pointer[error])}
	conn, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(creds),
		grpc.WithUnaryInterceptor(withDeadline(o.timeout)),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(ReceiveLimit)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 2, Jitter: 0.2, MaxDelay: 5 * time.Second},
			MinConnectTimeout: connectTimeout,
		}),
		grpc.WithUserAgent("lmcfed-client"),
	)
	if err != nil {
		return nil, fmt.Errorf("dialling %s: %w", address, err)
	}
	return &Client{
		address: address, options: o, conn: conn, creds: creds,
		guidance:    nodev1.NewGuidanceServiceClient(conn),
		national:    nodev1.NewNationalServiceClient(conn),
		publication: nodev1.NewPublicationServiceClient(conn),
		register:    nodev1.NewRegisterServiceClient(conn),
		node:        nodev1.NewNodeServiceClient(conn),
	}, nil
}

// DialProfile dials the node of a saved profile, showing its officer key if it
// names one.
func DialProfile(p Profile, opts ...Option) (*Client, error) {
	if p.KeyFile != "" {
		key, err := identity.LoadKey(p.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("dialling %s: reading the officer key of profile %s: %w", p.Address, p.Name, err)
		}
		opts = append([]Option{WithKey(key)}, opts...)
	}
	return Dial(p.Address, p.Pin, opts...)
}

// Close ends the connection and every call on it.
func (c *Client) Close() error { return c.conn.Close() }

// Address is where the node is dialled.
func (c *Client) Address() string { return c.address }
