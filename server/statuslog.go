package server

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/notation"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// statusLogEvery is how long a change of how the node is may go untold.
	statusLogEvery = 2 * time.Second
	// joiningPatience is how long joining may take before somebody should look.
	joiningPatience = 10 * time.Second
)

// statusLog logs each change of how a node is: joining, running or in trouble, and which
// peers come and go, and why. What has not changed is not said again: a peer that is away
// for a month is dialled some 40,000 times.
type statusLog struct {
	log             *slog.Logger
	keeper, address string // whom it joins, and where it dials that

	state    nodev1.NodeState
	signing  string            // why it may not sign
	since    time.Time         // when state began
	urged    bool              // that joining takes long was said
	lacking  bool              // that words of the register are not here was said
	problems map[string]string // what was last said of each peer
}

func newStatusLog(log *slog.Logger, keeper, address string) *statusLog {
	return &statusLog{log: log, keeper: keeper, address: address, problems: map[string]string{}}
}

// tellOperator logs what the operator of a running node has to know, until ctx ends: how
// others connect to it, whether it belongs to a federation, and each change of how it is.
func (n *Node) tellOperator(ctx context.Context, listening string) {
	log := n.cfg.Logger
	log.Info("others connect with", "address", cmp.Or(n.advertised(), notation.Dialled(listening)), "pin", identity.PinOf(publicKey(n.keys.Transport)).String())
	if _, record, err := ReadOfficeFile(filepath.Join(n.cfg.Dir, officeFile)); err == nil {
		if _, named := nodeWithKey(record, n.keys); !named {
			log.Warn(keysFolder+"/"+identity.TransportFile+" is not the key that "+officeFile+" names for this node: no other node takes it for this office's",
				"do", "put back the key folder that belongs to this node's folder, and start the node again")
		}
	}
	if n.keys.Officer == nil {
		log.Warn(noOfficerWords, "do", noOfficerRemedy)
	}
	if n.keeperOffice() == "" {
		log.Warn("this node has not joined a federation: it hears no other node, and nothing can be published",
			"do", "send office.record to the office that keeps the register; start this node once more with the invitation it sends back: --join INVITATION")
		return // nothing changes before it is started again
	}
	if n.keepsNothing() {
		log.Warn(keepsNothingWords, "do", keepsNothingRemedy)
	}
	status := newStatusLog(log, n.keeperOffice(), n.keeperAt().Address)
	for tick := time.NewTicker(statusLogEvery); ; {
		status.update(n.state(), n.reg().size == 0, n.lacking(), n.lackingRemedy(), n.signing(), n.replica.Peers(), time.Now())
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// update takes how the node is at an instant, and logs what has changed: lacking is what it lacks of the register
// that it has, and remedy how that comes back.
func (l *statusLog) update(now nodev1.NodeState, lacksRegister bool, lacking, remedy string, signing *nodev1.Signing, peers []*nodev1.PeerStatus, at time.Time) {
	lacked := l.lacking
	switch l.lacking = lacking != ""; {
	case l.lacking && !lacked:
		l.log.Warn(lacking+": no question is answered, and nothing published, until they are", "do", remedy)
	case lacked && !l.lacking:
		l.log.Info("the words of the register are here again")
	}
	if before := l.state; now != before {
		l.state, l.since = now, at
		switch now {
		case nodev1.NodeState_NODE_STATE_JOINING:
			if l.lacking {
				break // which is said, and it has joined
			}
			l.log.Info("joining: waiting for the register", "keeper", l.keeper, "address", l.address)
		case nodev1.NodeState_NODE_STATE_RECOVERING:
			l.log.Warn("recovering: its data is older than what the office has signed; nothing can be published until the rest has come from other nodes")
		case nodev1.NodeState_NODE_STATE_DISK_FULL:
			l.log.Warn("the disk is full: nothing is written until there is room; reading and answering go on")
		case nodev1.NodeState_NODE_STATE_READ_ONLY:
			l.log.Warn("the data file, or its guard, cannot be written, or was moved away: nothing is published or taken in; reading and answering go on", "do", "lmc status says which of the two it is, and what to do")
		case nodev1.NodeState_NODE_STATE_RUNNING:
			switch before {
			case nodev1.NodeState_NODE_STATE_JOINING:
				if lacked {
					break
				}
				l.log.Info("joined: the register is here")
			case nodev1.NodeState_NODE_STATE_UNSPECIFIED: // as it should be from the start
			default:
				l.log.Info("running again: it can publish")
			}
		}
	}
	waits := !l.urged && lacksRegister && at.Sub(l.since) > joiningPatience
	switch {
	case waits && now == nodev1.NodeState_NODE_STATE_RECOVERING:
		l.urged = true
		l.log.Warn("still recovering: the register is lost with the data, and the keeper's node does not answer", "keeper", l.keeper, "address", l.address, "do", signing.GetRemedy())
	case waits && now == nodev1.NodeState_NODE_STATE_JOINING:
		l.urged = true
		l.log.Warn("still joining: the keeper's node does not answer, or does not take this node", "keeper", l.keeper, "address", l.address,
			"do", "ask the keeper's office whether its node runs at this address and has admitted this office with this folder's office.record; where it has moved, start this node once with a new invitation of theirs: --join INVITATION")
	}
	// While it joins, or has no room, the state has said so; recovering too.
	if words := signing.GetWords(); words != l.signing && now == nodev1.NodeState_NODE_STATE_RUNNING {
		l.signing = words
		if words == "" {
			l.log.Info("ready to publish")
		} else {
			l.log.Warn("nothing can be published: "+words, "do", signing.GetRemedy())
		}
	}
	for _, p := range peers {
		who := p.GetOffice() + " " + p.GetAddress()
		problem := p.GetProblem().GetWords()
		if problem == l.problems[who] {
			continue
		}
		l.problems[who] = problem
		if problem == "" {
			l.log.Info("connected", "office", p.GetOffice(), "address", p.GetAddress())
		} else {
			l.log.Info("not connected", "office", p.GetOffice(), "address", p.GetAddress(), "problem", problem)
		}
	}
}
