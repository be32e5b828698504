package server

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/lmcfed/lmcfed/internal/identity"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// heraldPause is how long a change of how the node is may go untold.
	heraldPause = 2 * time.Second
	// joiningPatience is how long joining may take before somebody should look.
	joiningPatience = 10 * time.Second
)

// herald logs what the operator of a running node has to know: how others connect to
// it, whether it belongs to a federation, and each change of how it is.
type herald struct {
	log             *slog.Logger
	keeper, address string // whom it joins, as its invitation names them

	state nodev1.NodeState
	since time.Time         // when state began
	urged bool              // that joining takes long was said
	told  map[string]string // what was said of each peer
}

func newHerald(log *slog.Logger, keeper, address string) *herald {
	return &herald{log: log, keeper: keeper, address: address, told: map[string]string{}}
}

// tellOperator tells until ctx ends.
func (n *Node) tellOperator(ctx context.Context, listening string) {
	log := n.cfg.Logger
	log.Info("others connect with", "address", cmp.Or(n.advertised(), listening), "pin", identity.PinOf(publicKey(n.keys.Transport)).String())
	if n.keeperOffice() == "" {
		log.Warn("this node has not joined a federation: it hears no other node, and nothing can be published",
			"do", "send office.record to the office that keeps the register; start this node once more with the invitation it sends back: --join INVITATION")
		return // nothing changes before it is started again
	}
	h := newHerald(log, n.keeperOffice(), n.invite.GetAddress())
	for tick := time.NewTicker(heraldPause); ; {
		h.hear(n.state(), n.replica.Peers(), time.Now())
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// advertised is where the office says this node can be dialled; empty: nowhere.
func (n *Node) advertised() string {
	signed, err := readOfficeFile(n.file(officeFile))
	if err != nil {
		return ""
	}
	record, err := identity.OpenOffice(signed)
	if err != nil || len(record.GetNodes()) == 0 {
		return ""
	}
	return record.GetNodes()[0].GetAddress()
}

// hear takes how the node is at an instant, and tells what has changed.
func (h *herald) hear(now nodev1.NodeState, peers []*nodev1.PeerStatus, at time.Time) {
	if now != h.state {
		h.tellState(h.state, now)
		h.state, h.since = now, at
	}
	if now == nodev1.NodeState_NODE_STATE_JOINING && !h.urged && at.Sub(h.since) > joiningPatience {
		h.urged = true
		h.log.Warn("still joining: the keeper's node does not answer, or does not take this node", "keeper", h.keeper, "address", h.address,
			"do", "ask the keeper's office whether its node runs at this address and has admitted this office with this folder's office.record")
	}
	for _, p := range peers {
		who := p.GetOffice() + " " + p.GetAddress()
		if problem := p.GetProblem(); problem != h.told[who] {
			h.told[who] = problem
			h.tellPeer(p)
		}
	}
}

func (h *herald) tellState(before, now nodev1.NodeState) {
	switch now {
	case nodev1.NodeState_NODE_STATE_JOINING:
		h.log.Info("joining: waiting for the register", "keeper", h.keeper, "address", h.address)
	case nodev1.NodeState_NODE_STATE_RECOVERING:
		h.log.Warn("recovering: its data is older than what the office has signed; nothing can be published until the rest has come from other nodes")
	case nodev1.NodeState_NODE_STATE_DISK_FULL:
		h.log.Warn("the disk is full: nothing is written until there is room; reading and answering go on")
	case nodev1.NodeState_NODE_STATE_RUNNING:
		switch before {
		case nodev1.NodeState_NODE_STATE_JOINING:
			h.log.Info("joined: the register is here")
		case nodev1.NodeState_NODE_STATE_UNSPECIFIED: // as it should be from the start
		default:
			h.log.Info("running again: it can publish")
		}
	}
}

func (h *herald) tellPeer(p *nodev1.PeerStatus) {
	if p.GetProblem() == "" {
		h.log.Info("connected", "office", p.GetOffice(), "address", p.GetAddress())
		return
	}
	h.log.Info("not connected", "office", p.GetOffice(), "address", p.GetAddress(), "problem", p.GetProblem())
}
