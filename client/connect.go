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

// ClientHandshake does the handshake and keeps its error; a success forgets it. Where a
// key is shown it waits for the node's first byte. Under TLS 1.3 a client is done before
// the server has looked at its key, and a refusal could come as a broken pipe in whatever
// is written first; a server that admits us opens HTTP/2 at once, without being asked.
func (p *pinned) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn, info, err := p.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err == nil && p.keyed {
		first := make([]byte, 1)
		if deadline, ok := ctx.Deadline(); ok {
			err = conn.SetReadDeadline(deadline)
		}
		if err == nil {
			if _, err = io.ReadFull(conn, first); err != nil {
				conn.Close()
			}
		}
		if err == nil {
			err = conn.SetReadDeadline(time.Time{})
		}
		conn = &begun{Conn: conn, first: first}
	}
	if err != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) { // grpc closed the connection under it
			err = ctx.Err()
		}
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

// explain turns what a call returned into an error that names the node and keeps its
// reason. nil stays nil. Of a node that cannot be reached it says what is the case: it is not
// who we were told, it does not want us, it is no node, it takes nobody on now, the connection
// broke in the middle of a call, or it is not there.
func (c *Client) explain(err error) error {
	if err == nil {
		return nil
	}
	err = wire.FromStatus(err)
	switch {
	case errors.Is(err, fault.ErrUnavailable): // below
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
	default:
		return err
	}

	why := err.Error()
	if !strings.Contains(why, "connection error") { // there was a connection
		return fault.New(fault.ErrUnavailable, fmt.Sprintf("the connection to the node at %s broke: %s", c.address, why),
			"try again in a minute: the node may be starting again")
	}
	// What the network said stands within grpc's text:
	//
	//	connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:9: connect: connection refused"
	dialling := strings.Contains(why, "Error while dialing") // nothing took the connection this time
	if _, desc, ok := strings.Cut(why, `desc = "`); ok {
		why = strings.TrimSuffix(desc, `"`)
	}
	for _, noise := range []string{"transport: ", "Error while dialing: ", "authentication handshake failed: ", "dial tcp " + c.address + ": ", "connect: "} {
		why = strings.TrimPrefix(why, noise)
	}
	if last := c.creds.last.Load(); last != nil && !dialling {
		return c.explainHandshake(*last)
	}
	return fault.New(fault.ErrUnavailable, fmt.Sprintf("no node answers at %s: %s", c.address, why),
		"try again in a minute: the node may be starting again; if it is yours, start it there (lmcnode serve); or check the address of your profile: lmc profile show")
}

// explainHandshake says what is the case where something took the connection and no session came
// of it.
func (c *Client) explainHandshake(why error) error {
	var notTLS tls.RecordHeaderError
	_, alert, refused := strings.Cut(why.Error(), "remote error: tls: ")
	switch {
	case errors.Is(why, identity.ErrWrongPin):
		return &fault.Error{
			Reason:  why,
			Message: fmt.Sprintf("connecting to %s: %v", c.address, why),
			Hint:    "ask the office whether its key changed, and never go on without its answer",
		}
	case refused:
		return fault.New(fault.ErrNotEntitled,
			fmt.Sprintf("the node at %s refused the key shown to it (%s)", c.address, strings.TrimRight(alert, `"`)),
			"show the officer key made with that node, or none: a key it does not know is refused")
	case errors.As(why, &notTLS):
		return fault.New(fault.ErrUnavailable, fmt.Sprintf("what answers at %s is no node: %v", c.address, why),
			"check the address and its port: lmc profile show")
	}
	what := fmt.Sprintf("and broke it off (%v)", why)
	if timeout := net.Error(nil); errors.Is(why, context.DeadlineExceeded) || errors.As(why, &timeout) && timeout.Timeout() {
		what = "and said nothing"
	}
	return fault.New(fault.ErrUnavailable, fmt.Sprintf("the node at %s took the connection %s", c.address, what),
		"try again in a minute: it may have as many connections as it can take, or be stopping; if it stays so, tell whoever runs it")
}
