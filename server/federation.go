package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// federationService is the exchange, as seen from the side that was dialled.
type federationService struct {
	nodev1.UnimplementedFederationServiceServer
	n *Node
}

func (s federationService) Gossip(stream nodev1.FederationService_GossipServer) error {
	peer, err := s.n.mustPeer(stream.Context())
	if err != nil {
		return err
	}
	return s.n.replica.AcceptGossip(stream.Context(), peer, stream)
}

func (s federationService) Serve(stream nodev1.FederationService_ServeServer) error {
	peer, err := s.n.mustPeer(stream.Context())
	if err != nil {
		return err
	}
	return s.n.replica.AcceptServe(stream.Context(), peer, stream)
}

// Fetch serves nodes of the register; anybody else gets the keeper's log, which
// proves itself (protocol.md 3).
func (s federationService) Fetch(req *nodev1.FetchRequest, stream nodev1.FederationService_FetchServer) error {
	peer, known := s.n.callerPeer(stream.Context())
	keeper := s.n.keeperLog().String()
	if !known && (slices.ContainsFunc(req.Ranges, func(r *nodev1.LogRange) bool { return r.Log != keeper }) ||
		slices.ContainsFunc(req.Bodies, func(b *nodev1.WantedBody) bool { return b.Log != keeper })) {
		return fault.New(fault.ErrNotEntitled, "this key is not a node's of the register: only the keeper's log may be fetched with it", "ask the keeper's office to admit your node")
	}
	if known {
		return s.n.replica.AnswerFetch(stream.Context(), peer, req, stream)
	}
	ctx, done := placed(stream.Context(), (*doors).ofFetches)
	defer done()
	return because(ctx, s.n.replica.AnswerFetch(ctx, peer, req, stream))
}

// mustPeer is the node that calls. Its key may have left the register since the
// handshake.
func (n *Node) mustPeer(ctx context.Context) (replica.Peer, error) {
	peer, ok := n.callerPeer(ctx)
	if !ok {
		return peer, fault.New(fault.ErrNotEntitled, fmt.Sprintf("this key is not a node's of the register %s holds", n.settings.Office), "ask the keeper's office to admit your node")
	}
	return peer, nil
}
