package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// heraldPause is how long the herald waits before it asks again.
	heraldPause = 2 * time.Second
	// joiningPatience is how long joining may take before somebody should look.
	joiningPatience = 10 * time.Second
)

// herald logs what the operator of a running node has to know: how others connect to
// it, whether it belongs to a federation, and each change of how it is. It asks the
// node as lmc status does, and logs an answer that differs from the last one.
type herald struct {
	dir string
	log *slog.Logger

	member membership
	state  nodev1.NodeState
	since  time.Time         // when state began, as far as was seen
	urged  bool              // that joining takes long was said
	told   map[string]string // what was said of each peer
}

func newHerald(dir string, log *slog.Logger) *herald {
	return &herald{dir: dir, log: log, told: map[string]string{}}
}

// run tells until ctx ends.
func (h *herald) run(ctx context.Context) {
	profile, err := client.LoadProfile(filepath.Join(h.dir, profileFile))
	if err != nil {
		h.log.Error("reading the node's own profile", "error", err)
		return
	}
	h.log.Info("others connect with", "address", dialledAs(cmp.Or(advertised(h.dir), profile.Address)), "pin", profile.Pin.String())
	if h.member = membershipOf(h.dir); !h.member.joined {
		h.log.Warn("this node has not joined a federation: it hears no other node, and nothing can be published",
			"do", "send office.record to the office that keeps the register; with the invitation it sends back: lmcnode serve --dir "+quoted(h.dir)+" --join INVITATION")
		return // nothing changes before it is started again
	}
	c, err := client.DialProfile(profile)
	if err != nil {
		h.log.Error("asking the node how it is", "error", err)
		return
	}
	defer c.Close()
	for h.ask(ctx, c); pause(ctx, heraldPause); h.ask(ctx, c) {
	}
}

// ask asks once. An answer that cannot be had is not worth a line: a node that does
// not answer is about to stop.
func (h *herald) ask(ctx context.Context, c *client.Client) {
	if s, err := c.Status(ctx); err == nil {
		h.hear(s, time.Now())
	}
}

// hear takes what the node says of itself at an instant.
func (h *herald) hear(s *nodev1.GetStatusResponse, at time.Time) {
	if now := s.GetState(); now != h.state {
		h.tellState(h.state, now)
		h.state, h.since = now, at
	}
	if h.state == nodev1.NodeState_NODE_STATE_JOINING && !h.urged && at.Sub(h.since) > joiningPatience {
		h.urged = true
		h.log.Warn("still joining: the keeper's node does not answer, or does not take this node", "keeper", h.member.keeper, "address", h.member.address,
			"do", "ask the keeper's office whether its node runs at this address and has admitted this office with this folder's office.record")
	}
	for _, p := range s.GetPeers() {
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
		h.log.Info("joining: waiting for the register", "keeper", h.member.keeper, "address", h.member.address)
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

// advertised is where the office says its node can be dialled, or "".
func advertised(dir string) string {
	_, record, err := readRecord(filepath.Join(dir, officeFile))
	if err != nil || len(record.GetNodes()) == 0 {
		return ""
	}
	return record.GetNodes()[0].GetAddress()
}

// membership is how a node belongs to its federation.
type membership struct {
	joined          bool   // it keeps the register, or has had an invitation
	keeper, address string // as the invitation names them
}

// membershipOf reads it from the node's settings. A node whose settings cannot be read
// is not called astray.
func membershipOf(dir string) membership {
	var set struct {
		Keeper     bool   `json:"keeper"`
		Invitation string `json:"invitation"`
	}
	b, err := os.ReadFile(filepath.Join(dir, settingsFile))
	if err != nil || json.Unmarshal(b, &set) != nil || set.Keeper {
		return membership{joined: true}
	}
	inv, err := identity.ParseInvitation(set.Invitation)
	if err != nil {
		return membership{}
	}
	return membership{joined: true, keeper: inv.GetKeeper(), address: inv.GetAddress()}
}

// pause waits, and says whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
