package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/replica"
)

// Redialling: quickly at first, then slower, never given up.
const (
	redialMin     = 500 * time.Millisecond
	redialMax     = time.Minute
	sessionProven = 10 * time.Second // a session this long resets the backoff
)

// target is a node to dial.
type target struct {
	PeerAddress
	peer replica.Peer
}

// dialled is what a session with a target rests on.
type dialled struct {
	PeerAddress
	office string // by the register; empty: it does not know the node yet
}

func (t target) dialled() dialled { return dialled{t.PeerAddress, t.peer.Office} }

// keepPeers keeps a session with every target, and looks again who they are whenever
// the register has changed: an office that moves its node is dialled anew, and so is a node that
// the register has come to know, whose word counted for nothing before.
func (n *Node) keepPeers(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	running := map[dialled]context.CancelFunc{}
	var of *registerState // that those running are of
	for ctx.Err() == nil {
		feed, _ := n.store.FeedEnd()
		if reg := n.reg(); reg != of {
			of = reg
			want := n.targets()
			for at, stop := range running {
				if !slices.ContainsFunc(want, func(t target) bool { return t.dialled() == at }) {
					stop()
					delete(running, at)
				}
			}
			for _, t := range want {
				if running[t.dialled()] == nil {
					session, stop := context.WithCancel(ctx)
					running[t.dialled()] = stop
					work.Go(func() { n.keepPeer(session, t) })
				}
			}
		}
		_ = n.store.Wait(ctx, feed)
	}
	for _, stop := range running {
		stop()
	}
}

// targets are the keeper, the peers the node chooses, and the configured ones. It
// chooses the dialable nodes of the keeper, and four others by a hash of both node keys:
// spread over the federation, the same at every start. The keeper is dialled where the invitation has it
// and where the register does: either may be the older.
func (n *Node) targets() []target {
	self := publicKey(n.keys.Transport)
	at := map[PeerAddress]target{}
	if keeper := n.keeperAt(); n.invite != nil {
		at[keeper] = target{keeper, replica.Peer{Office: n.invite.Keeper, Dialled: true, Address: keeper.Address}}
	}
	type ranked struct {
		target
		rank [sha256.Size]byte
	}
	var others []ranked
	for _, t := range n.dialable() {
		if t.peer.Office == n.keeperOffice() {
			at[t.PeerAddress] = t
		} else {
			others = append(others, ranked{t, sha256.Sum256(slices.Concat(self, t.peer.Key))})
		}
	}
	slices.SortFunc(others, func(a, b ranked) int { return bytes.Compare(a.rank[:], b.rank[:]) })
	for _, t := range others[:min(chosenPeers, len(others))] {
		at[t.PeerAddress] = t.target
	}
	for _, peer := range n.cfg.Peers {
		maps.DeleteFunc(at, func(of PeerAddress, _ target) bool { return of.Pin == peer.Pin })
		at[peer] = target{peer, replica.Peer{Dialled: true, Address: peer.Address, Pinned: n.reg().size == 0 || n.registerMayBeOld()}}
	}
	out := make([]target, 0, len(at))
	for of, t := range at {
		if of.Pin != identity.PinOf(self) {
			out = append(out, n.inRegister(t))
		}
	}
	return out
}

// keeperAt is where the keeper's node is, as the register said last, or else the invitation; nowhere at
// the keeper.
func (n *Node) keeperAt() PeerAddress {
	if at := n.newerKeeperAt.Load(); at != nil {
		return *at
	}
	if n.invite == nil {
		return PeerAddress{}
	}
	return PeerAddress{n.invite.Address, identity.Pin(n.invite.Pin)}
}

// keepKeeperAt writes down where the keeper's node is when the register says it anew: a node that loses
// its data loses the register, and would dial for ever where the keeper was when it was invited. The
// register held may be older than the invitation until the keeper says that it is the newest.
func (n *Node) keepKeeperAt() error {
	if n.replica == nil || !n.hasRegister() || !slices.Contains(n.replica.Vouching(), n.keeperOffice()) {
		return nil // or what says it is not here
	}
	at := n.keeperAt()
	var now []PeerAddress
	for _, t := range n.dialable() {
		if t.peer.Office == n.keeperOffice() {
			now = append(now, t.PeerAddress)
		}
	}
	if n.invite == nil || len(now) == 0 || slices.Contains(now, at) {
		return nil
	}
	same := slices.IndexFunc(now, func(o PeerAddress) bool { return o.Pin == at.Pin })
	at = now[max(same, 0)]
	s, err := loadSettings(n.cfg.Dir) // as they are in the folder: somebody may have written there since
	if err != nil {
		return err
	}
	s.KeeperAt = &at
	if err := s.save(n.cfg.Dir); err != nil {
		return err
	}
	n.newerKeeperAt.Store(&at)
	n.cfg.Logger.Info("the keeper's node has another address", "address", at.Address)
	return nil
}

// registerMayBeOld: this is the keeper, and what it holds of its own log is none or not known to be all:
// who is a node is not to be told by it alone.
func (n *Node) registerMayBeOld() bool {
	_, _, recovering := n.store.Recovering()
	return n.settings.Keeper && (n.reg().size == 0 || recovering || n.store.Doubt() != "" || n.cfg.Solo != "")
}

// inRegister fills in what the register knows of a target, and its node's id, which is known without it.
func (n *Node) inRegister(t target) target {
	for _, c := range n.registered() {
		if c.Pin == t.Pin {
			t.peer = c.peer
			t.peer.Address = t.Address
		}
	}
	t.peer.ID = replica.NodeID(t.Pin)
	return t
}

// dialable are the nodes of the register with an address, but for this one.
func (n *Node) dialable() []target {
	self := identity.PinOf(publicKey(n.keys.Transport))
	return slices.DeleteFunc(n.registered(), func(t target) bool { return t.Address == "" || t.Pin == self })
}

// registered are all nodes of the register.
func (n *Node) registered() []target {
	var all []target
	reg := n.reg()
	for _, office := range reg.Offices() {
		for _, node := range reg.Record(office.Id).GetNodes() {
			all = append(all, target{
				PeerAddress{node.Address, identity.PinOf(node.TransportKey)},
				replica.Peer{Office: office.Id, Key: node.TransportKey, Node: node, Dialled: true, Address: node.Address},
			})
		}
	}
	return all
}

// keepPeer dials one target again and again until it is no longer wanted.
func (n *Node) keepPeer(ctx context.Context, t target) {
	pause := redialMin
	for ctx.Err() == nil {
		began := time.Now()
		var err error
		if t.peer.Key == nil || !n.replica.Connected(t.peer.Key) { // it may have dialled us
			err = n.session(ctx, t)
		}
		if ctx.Err() != nil {
			return
		}
		n.sessionEnded(t, err)
		if time.Since(began) > sessionProven {
			pause = redialMin
		}
		wait := replica.RetryAfter(err)
		if wait == 0 {
			wait = pause/2 + rand.N(pause/2+1)
			pause = min(2*pause, redialMax)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// sessionEnded logs of a session's end what concerns the operator.
func (n *Node) sessionEnded(t target, err error) {
	var refused *replica.Refused
	if !errors.As(err, &refused) || !refused.ByPeer || errors.Is(err, replica.ErrRedundant) {
		n.cfg.Logger.Debug("session ended", "peer", t.peer.Office, "address", t.Address, "error", err)
		return
	}
	n.cfg.Logger.Warn("refused by a peer", "peer", t.peer.Office, "address", t.Address, "why", err)
}

// session holds one conversation with a target until it ends.
func (n *Node) session(ctx context.Context, t target) (err error) {
	cc, err := grpc.NewClient("passthrough:///"+t.Address,
		grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(n.keys.Transport, t.Pin))),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
		grpc.WithMaxHeaderListSize(maxHeaderList),
		// Left to itself gRPC measures the line whenever something comes, and answers each head with
		// a ping.
		grpc.WithStaticStreamWindowSize(peerWindow), grpc.WithStaticConnWindowSize(peerWindow),
		grpc.WithNoProxy(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveInterval, Timeout: keepaliveTimeout, PermitWithoutStream: true}),
	)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cc.Close()) }()
	return n.replica.DialSession(ctx, cc, n.inRegister(t).peer)
}
