package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
)

// withDeadline gives every unary call a deadline: without one a peer that takes
// bytes and never answers holds the caller for ever.
func withDeadline(d time.Duration) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if _, has := ctx.Deadline(); !has {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d)
			defer cancel()
		}
		return invoke(ctx, method, req, reply, cc, opts...)
	}
}

// pinned is TLS credentials that remember why the last handshake failed: grpc hands
// callers only its text, and a wrong pin must be told from a node that is down.
type pinned struct {
	credentials.TransportCredentials
	keyed bool // a client key is shown
	last  *atomic.Pointer[error]
}

func newPinned(cfg *tls.Config, keyed bool) *pinned {
	return &pinned{credentials.NewTLS(cfg), keyed, new(atomic.Pointer[error])}
}

// ClientHandshake does the handshake and keeps its error; a success forgets it.
func (p *pinned) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn, info, err := p.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err == nil && p.keyed {
		conn, err = admitted(ctx, conn)
	}
	if err != nil {
		p.last.Store(&err)
		return nil, nil, err
	}
	p.last.Store(nil)
	return conn, info, nil
}

// Clone shares the memory: grpc clones credentials when it dials.
func (p *pinned) Clone() credentials.TransportCredentials {
	return &pinned{p.TransportCredentials.Clone(), p.keyed, p.last}
}

// admitted waits for the node's first byte. Under TLS 1.3 a client is done before the
// server has looked at its key, and a refusal could come as a broken pipe in whatever
// is written first; a server that admits us opens HTTP/2 at once, without being asked.
func admitted(ctx context.Context, conn net.Conn) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetReadDeadline(deadline); err != nil {
			return nil, err
		}
	}
	first := make([]byte, 1)
	if _, err := io.ReadFull(conn, first); err != nil {
		conn.Close()
		return nil, err
	}
	return &begun{Conn: conn, first: first}, conn.SetReadDeadline(time.Time{})
}

// begun is a connection whose first byte has been read.
type begun struct {
	net.Conn
	first []byte
}

// Read gives the first byte back, then what follows.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) == 0 || len(p) == 0 {
		return b.Conn.Read(p)
	}
	n := copy(p, b.first)
	b.first = b.first[n:]
	return n, nil
}

// explain turns what a call returned into an error that names the node and keeps
// its reason. nil stays nil.
func (c *Client) explain(err error) error {
	if err == nil {
		return nil
	}
	err = wire.FromStatus(err)
	switch {
	case errors.Is(err, fault.ErrUnavailable):
		return c.unreachable(err)
	case errors.Is(err, context.DeadlineExceeded):
		return &fault.Error{
			Reason:  context.DeadlineExceeded,
			Message: fmt.Sprintf("the node at %s did not answer in time", c.address),
			Hint:    "try again; if it stays so, ask whoever runs the node",
		}
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, fault.ErrUnsupported):
		return fault.New(fault.ErrUnsupported, fmt.Sprintf("the node at %s does not offer this", c.address),
			"its software may be older than yours: compare `lmc status` with `lmc --version`")
	}
	return err
}

// unreachable says which of three things keeps us from the node: it is not who we
// were told, it does not want us, or it is not there.
func (c *Client) unreachable(err error) error {
	why := transportReason(err.Error())
	if last := c.creds.last.Load(); last != nil {
		if errors.Is(*last, identity.ErrWrongPin) {
			return fmt.Errorf("connecting to %s: %w", c.address, *last)
		}
		why = (*last).Error()
	}
	if alert, refused := tlsAlert(why); refused {
		return fault.New(fault.ErrNotEntitled,
			fmt.Sprintf("the node at %s refused the key shown to it (%s)", c.address, alert),
			"show the officer key made with that node, or none: a key it does not know is refused")
	}
	return fault.New(fault.ErrUnavailable, fmt.Sprintf("no node answers at %s: %s", c.address, why),
		"start it there (lmcnode serve), or check the address of your profile: lmc profile show")
}

// transportReason takes from grpc's text what the network said:
//
//	connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:9: connect: connection refused"
func transportReason(msg string) string {
	if _, desc, ok := strings.Cut(msg, `desc = "`); ok {
		msg = strings.TrimSuffix(desc, `"`)
	}
	for _, noise := range []string{"transport: ", "Error while dialing: ", "authentication handshake failed: "} {
		msg = strings.TrimPrefix(msg, noise)
	}
	return msg
}

// tlsAlert finds the alert by which a peer refused us.
func tlsAlert(msg string) (string, bool) {
	_, alert, ok := strings.Cut(msg, "remote error: tls: ")
	return strings.TrimRight(alert, `"`), ok
}
