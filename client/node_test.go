package client_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// node is as much of a node as the client needs to be tried against: real gRPC over
// TLS on a loopback listener, answers given by the test, errors through the same
// border as the server's. It can be stopped and started again at its address.
type node struct {
	nodev1.UnimplementedGuidanceServiceServer
	nodev1.UnimplementedPublicationServiceServer
	nodev1.UnimplementedNodeServiceServer

	status  func(context.Context) (*nodev1.GetStatusResponse, error)
	publish func(*nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error)
	matters func(*answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error)
	entries func(*answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error)
	watch   func(*answersv1.WatchViewRequest, grpc.ServerStreamingServer[answersv1.WatchViewResponse]) error

	verify func(*answersv1.VerifyRequest) (*answersv1.VerifyResponse, error)

	key     ed25519.PrivateKey
	officer ed25519.PublicKey
	address string

	mu  sync.Mutex
	srv *grpc.Server
}

func (n *node) GetStatus(ctx context.Context, _ *nodev1.GetStatusRequest) (*nodev1.GetStatusResponse, error) {
	resp, err := n.status(ctx)
	return resp, wire.Status(err)
}

func (n *node) PublishAdvisory(_ context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	resp, err := n.publish(req)
	return resp, wire.Status(err)
}

func (n *node) ListMatters(_ context.Context, req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
	resp, err := n.matters(req)
	return resp, wire.Status(err)
}

func (n *node) ListEntries(_ context.Context, req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
	resp, err := n.entries(req)
	return resp, wire.Status(err)
}

func (n *node) Verify(_ context.Context, req *answersv1.VerifyRequest) (*answersv1.VerifyResponse, error) {
	resp, err := n.verify(req)
	return resp, wire.Status(err)
}

func (n *node) WatchView(req *answersv1.WatchViewRequest, stream grpc.ServerStreamingServer[answersv1.WatchViewResponse]) error {
	return wire.Status(n.watch(req, stream))
}

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// startNode starts a node that is stopped when the test ends.
func startNode(t *testing.T, n *node) *node {
	t.Helper()
	n.key, n.address = newKey(t), "127.0.0.1:0"
	n.start(t)
	t.Cleanup(n.stop)
	return n
}

func (n *node) start(t *testing.T) {
	t.Helper()
	lis, err := net.Listen("tcp", n.address)
	if err != nil {
		t.Fatal(err)
	}
	srv := grpc.NewServer(
		grpc.Creds(credentials.NewTLS(identity.ServerTLS(n.key, nil, n.admit))),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 1, PermitWithoutStream: true}),
	)
	nodev1.RegisterGuidanceServiceServer(srv, n)
	nodev1.RegisterPublicationServiceServer(srv, n)
	nodev1.RegisterNodeServiceServer(srv, n)
	n.mu.Lock()
	n.address, n.srv = lis.Addr().String(), srv
	n.mu.Unlock()
	go func() { _ = srv.Serve(lis) }()
}

func (n *node) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.srv.Stop()
}

func (n *node) admit(pub ed25519.PublicKey) error {
	if n.officer.Equal(pub) {
		return nil
	}
	return errors.New("not an officer of this node")
}

func (n *node) dial(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.Dial(n.address, identity.PinOf(public(n.key)), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
