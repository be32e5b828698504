package client

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"
)

// slow is credentials whose handshake outlasts the time it has: grpc closes its connection then.
type slow struct {
	credentials.TransportCredentials
}

func (slow) ClientHandshake(ctx context.Context, _ string, _ net.Conn) (net.Conn, credentials.AuthInfo, error) {
	<-ctx.Done()
	return nil, nil, net.ErrClosed
}

// A node too busy to greet in time was said to have broken the connection off: "use of closed network connection".
func TestAHandshakeOutOfTimeIsNotSaidToBeBrokenOff(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	p := &pinned{TransportCredentials: slow{}, last: new(atomic.Pointer[error])}
	_, _, err := p.ClientHandshake(ctx, "", nil)
	c := &Client{address: "office.example:7443", creds: p}
	if got := c.explainHandshake(err).Error(); !strings.Contains(got, "took the connection and said nothing") {
		t.Error(got)
	}
}
