package server

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// right is what a service asks of its caller (protocol.md 3, listeners).
type right int

const (
	anybody right = iota // read-only services: PUBLIC only
	officer              // an officer key of this node
	node                 // a node key of the register
	fetcher              // a node, or anybody who asks for the keeper's log alone
)

// rightOf says what a method asks of its caller. What is not named here is
// refused: a service added without a right cannot be called.
func rightOf(method string) (right, bool) {
	if method == nodev1.FederationService_Fetch_FullMethodName {
		return fetcher, true
	}
	switch service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/"); service {
	case nodev1.GuidanceService_ServiceDesc.ServiceName, nodev1.NationalService_ServiceDesc.ServiceName,
		nodev1.RegisterService_ServiceDesc.ServiceName, nodev1.NodeService_ServiceDesc.ServiceName,
		"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection":
		return anybody, true
	case nodev1.PublicationService_ServiceDesc.ServiceName:
		return officer, true
	case nodev1.FederationService_ServiceDesc.ServiceName:
		return node, true
	}
	return 0, false
}

// isDear says whether an answer costs the node something: it folds positions, or reads much.
// Status and health do not.
func isDear(method string) bool {
	service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	switch service {
	case nodev1.GuidanceService_ServiceDesc.ServiceName, nodev1.NationalService_ServiceDesc.ServiceName, nodev1.RegisterService_ServiceDesc.ServiceName:
		return true
	}
	return false
}

// errUnknownKey ends a handshake. The other side's log has it too.
var errUnknownKey = errors.New("this key is neither an officer's of this node nor a node's of the register it holds")

// admit decides in the handshake whether a client key may speak at all.
func (n *Node) admit(key ed25519.PublicKey) error {
	if n.isOfficer(key) {
		return nil
	}
	if _, _, ok := n.reg().Node(key); ok {
		return nil
	}
	n.turnedAway.Store(true)
	return errUnknownKey
}

func (n *Node) isOfficer(key ed25519.PublicKey) bool {
	return n.keys.Officer != nil && publicKey(n.keys.Officer).Equal(key)
}

const (
	noOfficerWords  = "this node has no officer key (" + keysFolder + "/" + identity.OfficerFile + "), so nobody can publish through it"
	noOfficerRemedy = "put it back from the copy that was kept when the node was made, and start the node again; without one, see docs/operating.md, \"The keys are lost\""
)

// authorise decides whether the caller may call the method.
func (n *Node) authorise(ctx context.Context, method string) error {
	want, known := rightOf(method)
	if !known {
		return fault.New(fault.ErrUnsupported, method+" is not offered by this node", "")
	}
	key, shown := callerKey(ctx)
	switch {
	case want == anybody || want == fetcher:
		return nil
	case want == officer && n.keys.Officer == nil:
		return fault.New(fault.ErrNotEntitled, noOfficerWords, noOfficerRemedy)
	case !shown:
		return fault.New(fault.ErrNotAuthenticated, "this call needs a key and none was shown", "use the profile of the office's own node, which names its officer key")
	case want == officer && !n.isOfficer(key):
		return fault.New(fault.ErrNotEntitled, "only an officer of "+n.settings.Office+" may publish at this node", "use the profile of the office's own node")
	case want == node && n.isOfficer(key):
		return fault.New(fault.ErrNotEntitled, "an officer key opens Publication, not the exchange between nodes", "")
	}
	return nil
}

// callerKey is the key the caller showed in the handshake.
func callerKey(ctx context.Context) (ed25519.PublicKey, bool) {
	c, ok := callerOf(ctx)
	if !ok {
		return nil, false
	}
	return identity.PeerKey(c.State)
}

// callerPeer is the node that calls; ok is false for anybody else.
func (n *Node) callerPeer(ctx context.Context) (replica.Peer, bool) {
	key, shown := callerKey(ctx)
	if !shown {
		return replica.Peer{}, false
	}
	office, record, ok := n.reg().Node(key)
	return replica.Peer{Office: office, Key: key, Node: record}, ok
}
