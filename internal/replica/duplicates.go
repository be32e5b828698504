package replica

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// settleDuplicates compares a newcomer, whose Hello is here, with this node and with the
// other sessions, and says whether it may be admitted now (protocol.md 3, sessions that
// meet).
//
// The failure it is there for: Essex copies its node's folder to a new machine and starts
// both. Each signs entries of its own on top of the same log, and the log has two
// histories for good. Whoever talks to both must not let the second in. But the same is
// seen when the machine of Essex lost its power and came back before the old connection
// timed out. So the older session is probed: only who answers is there.
//
// Nor may a peer be able to silence Essex by saying so. The second stops signing on a proof
// alone, which it asks for by a nonce of its own, and which only a process with its own
// transport key can give:
//
//	hub    > second: Suspicion of the first
//	second > hub:    Challenge: nonce, signed
//	hub    > first:  Probe: the challenge, which the first sees was signed with its own key
//	first  > hub:    ProbeReply: signed
//	hub    > second: Refusal DUPLICATE_INSTANCE, with that signature
func (c *Core) settleDuplicates(s *session) bool {
	instance := s.hello.GetInstance()
	if s.node == c.node && bytes.Equal(instance, c.cfg.Instance[:]) {
		c.refuse(s, newRefused(reasonRedundant, "this is the node itself: it dialled its own address"))
		return false
	}
	if s.node == c.node {
		c.suspect(s, 0, c.cfg.Instance[:])
		return false
	}
	if s.writes() && s.hello.GetOffice() == c.cfg.Office {
		c.refuseSecondKey(s)
		return false
	}
	for _, id := range slices.Clone(c.order) {
		o := c.sessions[id]
		if o == nil || o == s || o.hello == nil || o.phase == closing {
			continue
		}
		same := bytes.Equal(instance, o.hello.GetInstance())
		switch {
		case s.node == o.node && same:
			// Of two sessions between the same nodes the one dialled by the lower key stays,
			// so that both sides choose the same. When one side dialled both, it has given up
			// the older.
			byLower := o.peer.Dialled == (bytes.Compare(c.cfg.Key, o.peer.Key) < 0)
			loser := o
			if s.peer.Dialled != o.peer.Dialled && byLower {
				loser = s
			}
			c.refuse(loser, newRefused(reasonRedundant, "another session between the two nodes stays"))
			if loser == s {
				return false
			}
		case s.writes() && o.writes() && s.hello.GetOffice() == o.hello.GetOffice() && s.node != o.node:
			c.refuseSecondKey(s)
			return false
		case s.node == o.node: // whatever either says that it does for its office
			examined := false // two newcomers at once are too many
			c.each(func(other *session) { examined = examined || other.phase == awaitingProbe && other.node == s.node })
			if examined {
				c.refuse(s, newRefused(reasonBusy, "another node of %s with this key is just being examined", o.peer.Office))
				return false
			}
			c.suspect(s, o.id, o.hello.GetInstance())
			return false
		}
	}
	return true
}

func (s *session) writes() bool {
	return s.hello.GetRole() == ledgerv1.NodeRole_NODE_ROLE_WRITER
}

// refuseSecondKey refuses a writer of an office that has another writer, with another key:
// that is no copy of a folder, but two nodes in the office's record.
func (c *Core) refuseSecondKey(s *session) {
	office := s.hello.GetOffice()
	c.emit(Alarm{
		Code: AlarmDuplicateWriter, Office: office,
		Words: fmt.Sprintf("two nodes of %s, with two keys, want to write for it: the second is refused; an office has one writer", office),
	})
	r := newRefused(reasonBusy, "another node writes for %s: an office has one writer; stop one of the two", office)
	r.cause = ErrDuplicateInstance
	c.refuse(s, r)
}

// suspect tells a newcomer of the older instance; older is that session, 0 for this node.
func (c *Core) suspect(s *session, older SessionID, instance []byte) {
	s.phase, s.since, s.duplicateOf, s.accused = awaitingProbe, c.now, older, true
	s.suspicion = &nodev1.Suspicion{Instance: slices.Clone(instance)}
	c.emit(Wake{s.id})
}

// signedOf is what is signed of a challenge, and of the answer to it: nothing else that the
// transport key signs begins so.
func (c *Core) signedOf(what string, challenger, answerer, nonce []byte) []byte {
	return fmt.Appendf(nil, "lmcfed/duplicate/1\n%s\n%s\n%x\n%x\n%x\n", what, c.cfg.Federation, challenger, answerer, nonce)
}

// drawn is a challenge that this node has made.
type drawn struct {
	instance, nonce []byte
	at              time.Duration
}

// suspected asks for a proof, once a session.
func (c *Core) suspected(s *session, m *nodev1.Suspicion) {
	if s.drawn != nil || bytes.Equal(m.GetInstance(), c.cfg.Instance[:]) {
		c.penalise(s, "a Suspicion out of turn")
		return
	}
	s.drawn = &drawn{slices.Clone(m.GetInstance()), c.cfg.Nonce(), c.now}
	s.challenge = &nodev1.Challenge{Nonce: s.drawn.nonce, Signature: c.cfg.Sign(c.signedOf("challenge", c.cfg.Instance[:], s.drawn.instance, s.drawn.nonce))}
	c.emit(Wake{s.id})
}

// challenged passes a newcomer's challenge on to the older session, or answers it.
func (c *Core) challenged(s *session, m *nodev1.Challenge) {
	if s.accused && s.phase == established {
		return // the older one has gone meanwhile
	}
	o := c.sessions[s.duplicateOf]
	older := c.cfg.Instance[:]
	if o != nil {
		older = o.hello.GetInstance()
	}
	if s.phase != awaitingProbe || s.challenger != nil || !ed25519.Verify(s.peer.Key, c.signedOf("challenge", s.hello.GetInstance(), older, m.GetNonce()), m.GetSignature()) {
		c.penalise(s, "a Challenge that nobody asked for, or that its key did not sign")
		return
	}
	s.challenger, s.since = m, c.now
	if o == nil {
		proof := &nodev1.DuplicateProof{Instance: slices.Clone(older), Signature: c.cfg.Sign(c.signedOf("answer", s.hello.GetInstance(), older, m.GetNonce()))}
		c.alarmOwnDuplicate(s.peer.Office)
		c.refuseDuplicate(s, c.cfg.Office, proof)
		return
	}
	c.lastNonce++
	o.probe, o.probeAwaited = &nodev1.Probe{Nonce: c.lastNonce, Instance: s.hello.GetInstance(), Challenge: m}, c.lastNonce
	c.emit(Wake{o.id})
}

// probed answers another instance's challenge, once: whoever is asked is there, so there are two
// writers, and the one that stays says so too (protocol.md 7).
func (c *Core) probed(s *session, m *nodev1.Probe) {
	own, nonce := c.cfg.Instance[:], m.GetChallenge().GetNonce()
	again := c.probesSeen[string(nonce)]
	if again || bytes.Equal(m.GetInstance(), own) || !ed25519.Verify(c.cfg.Key, c.signedOf("challenge", m.GetInstance(), own, nonce), m.GetChallenge().GetSignature()) {
		c.penalise(s, "a Probe that was answered before, or that nobody with this node's key asked for")
		return
	}
	if len(c.probesSeen) >= ProbesKept {
		clear(c.probesSeen)
	}
	c.probesSeen[string(nonce)] = true
	s.probeReply = &nodev1.ProbeReply{Nonce: m.GetNonce(), Signature: c.cfg.Sign(c.signedOf("answer", m.GetInstance(), own, nonce))}
	c.alarmOwnDuplicate(s.peer.Office)
	c.emit(Wake{s.id})
}

func (c *Core) alarmOwnDuplicate(by string) {
	c.emit(Alarm{
		Code: AlarmOwnDuplicateRefused, Office: c.cfg.Office,
		Words: fmt.Sprintf("another node with the keys of %s wants to publish, as %s has found: it is refused, because this one is there; find it, stop it and delete its copy", c.cfg.Office, by),
	})
}

// answered refuses the newcomer, with what proves to it that the older one is there.
func (c *Core) answered(s *session, m *nodev1.ProbeReply) {
	if s.probeAwaited == 0 {
		c.penalise(s, "a ProbeReply that nobody asked for")
	}
	if s.probeAwaited == 0 || m.GetNonce() != s.probeAwaited {
		return
	}
	s.probeAwaited = 0
	c.each(func(o *session) {
		if o.phase != awaitingProbe || o.duplicateOf != s.id || o.challenger == nil {
			return
		}
		if !ed25519.Verify(s.peer.Key, c.signedOf("answer", o.hello.GetInstance(), s.hello.GetInstance(), o.challenger.GetNonce()), m.GetSignature()) {
			c.penalise(s, "a ProbeReply that its key did not sign")
			return
		}
		c.refuseDuplicate(o, s.peer.Office, &nodev1.DuplicateProof{Instance: s.hello.GetInstance(), Signature: m.GetSignature()})
	})
}

// refuseDuplicate refuses the second writer of an office.
func (c *Core) refuseDuplicate(s *session, office string, proof *nodev1.DuplicateProof) {
	c.emit(Alarm{
		Code: AlarmDuplicateWriter, Office: office,
		Words: fmt.Sprintf("two nodes write for %s at once: the second is refused; stop one of the two", office),
	})
	r := newRefused(reasonDuplicate, "another node that writes for %s is running: stop one of the two", office)
	r.proof = proof
	c.refuse(s, r)
}

// refusedAsDuplicate looks at the proof: with one, this node must not sign; without, the refusal
// is nothing but its sender's word, and counts against it. One that comes late tells no longer
// that the other is there.
func (c *Core) refusedAsDuplicate(s *session, r *Refused, proof *nodev1.DuplicateProof) {
	asked := s.drawn
	if asked == nil || !bytes.Equal(proof.GetInstance(), asked.instance) ||
		!ed25519.Verify(c.cfg.Key, c.signedOf("answer", c.cfg.Instance[:], asked.instance, asked.nonce), proof.GetSignature()) {
		r.cause = ErrProtocol
		r.Detail = "it says, and does not prove, that another node has this one's keys"
		c.penalise(s, r.Detail)
		return
	}
	if c.now-asked.at > ProofWithin {
		r.cause = ErrBusy
		r.Detail = fmt.Sprintf("its proof that another node has this one's keys took over %s: asked for again at the next session", ProofWithin)
		return
	}
	c.emit(Alarm{
		Code: AlarmRefusedAsDuplicate, Office: c.cfg.Office,
		Words: fmt.Sprintf("another node with the keys of %s is running, as %s has proved: this one publishes nothing until it is started again; stop one of the two and delete its copy", c.cfg.Office, s.peer.Office),
	})
}
