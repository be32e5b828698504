package replica

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"
	"time"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// accused is the core of a writer of Essex in conversation with Kent's node.
type accused struct {
	*Core
	t      *testing.T
	alarms []Alarm
	sent   []*nodev1.Frame
	ended  *Refused
	now    time.Duration
}

func newAccused(t *testing.T) *accused {
	a := &accused{Core: coreWith("essex", 1, 9), t: t}
	node := NodeOf(transportKey("kent"))
	a.step(Opened{1, Peer{Office: "kent", Key: transportKey("kent")}})
	a.hears(helloFrame(func(h *nodev1.Hello) {
		h.Office, h.Node, h.Role = "kent", node[:], ledgerv1.NodeRole_NODE_ROLE_WRITER
	}))
	return a
}

func (a *accused) step(ev Event) {
	for _, e := range a.Step(ev) {
		switch e := e.(type) {
		case Alarm:
			a.alarms = append(a.alarms, e)
		case Send:
			a.sent = append(a.sent, e.Frame)
		case End:
			a.ended = e.Refused
		case Wake:
			a.step(Writable{Session: e.Session})
		}
	}
}

func (a *accused) hears(f *nodev1.Frame) { a.step(Received{Session: 1, Frame: f}) }

func (a *accused) waits(d time.Duration) {
	a.now += d
	a.step(Tick{Now: a.now})
}

// bad is how often Kent's node has spoilt something.
func (a *accused) bad() int {
	if score := a.scores[NodeOf(transportKey("kent"))]; score != nil {
		return score.bad
	}
	return 0
}

var otherInstance = []byte("another!")

// suspected is told of another instance, and gives the challenge that it asks for proof with.
func (a *accused) suspected() *nodev1.Challenge {
	a.t.Helper()
	a.hears(&nodev1.Frame{Message: &nodev1.Frame_Suspicion{Suspicion: &nodev1.Suspicion{Instance: otherInstance}}})
	for _, f := range a.sent {
		if f.GetChallenge() != nil {
			return f.GetChallenge()
		}
	}
	a.t.Fatal("no challenge")
	return nil
}

func refuses(proof *nodev1.DuplicateProof) *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Refusal{Refusal: &nodev1.Refusal{Reason: reasonDuplicate, Proof: proof}}}
}

// A copy of a folder whose settings called it a replica took the place of the node it was copied from, at
// every peer, and nobody was told. Whatever a newcomer says that it is, it proves that the other is gone.
func TestNoNewcomerTakesTheSessionOfItsKeyWithoutProof(t *testing.T) {
	essex := NodeOf(transportKey("essex"))
	for _, role := range []ledgerv1.NodeRole{ledgerv1.NodeRole_NODE_ROLE_REPLICA, ledgerv1.NodeRole_NODE_ROLE_UNSPECIFIED, 7} {
		for of, older := range map[string]*accused{
			"the node itself":      {Core: coreWith("essex", 1, 9), t: t},
			"another node of hers": {Core: coreWith("kent", 1, 9), t: t},
		} {
			hello := func(session SessionID, role ledgerv1.NodeRole, instance string) {
				older.step(Opened{session, Peer{Office: "essex", Key: transportKey("essex")}})
				older.step(Received{Session: session, Frame: helloFrame(func(h *nodev1.Hello) {
					h.Node, h.Role, h.Instance = essex[:], role, []byte(instance)
				})})
			}
			if of == "another node of hers" {
				hello(1, ledgerv1.NodeRole_NODE_ROLE_WRITER, "the first")
			}
			hello(2, role, "a second")
			if older.ended != nil || older.sessions[2].phase != awaitingProbe || older.sessions[2].suspicion == nil && !slices.ContainsFunc(older.sent, func(f *nodev1.Frame) bool { return f.GetSuspicion() != nil }) {
				t.Errorf("%s, role %v: ended with %v, the newcomer is in phase %v", of, role, older.ended, older.sessions[2].phase)
			}
		}
	}
}

// Any member could silence Essex until its restart by one refusal: now the word of a peer stops
// nothing and alarms nobody, and counts against it.
func TestAnUnprovedRefusalAsDuplicateIsNothingButBad(t *testing.T) {
	essex, kent := officeKey("tls essex"), officeKey("tls kent")
	for name, proof := range map[string]func(a *accused) *nodev1.DuplicateProof{
		"out of the blue": func(*accused) *nodev1.DuplicateProof { return nil },
		"by itself": func(a *accused) *nodev1.DuplicateProof {
			c := a.suspected()
			return &nodev1.DuplicateProof{Instance: otherInstance, Signature: ed25519.Sign(kent, a.signedOf("answer", a.cfg.Instance[:], otherInstance, c.Nonce))}
		},
		"the challenge itself": func(a *accused) *nodev1.DuplicateProof {
			return &nodev1.DuplicateProof{Instance: otherInstance, Signature: a.suspected().Signature}
		},
		"of another nonce": func(a *accused) *nodev1.DuplicateProof {
			a.suspected()
			return &nodev1.DuplicateProof{Instance: otherInstance, Signature: ed25519.Sign(essex, a.signedOf("answer", a.cfg.Instance[:], otherInstance, make([]byte, 32)))}
		},
		"of another instance than it named": func(a *accused) *nodev1.DuplicateProof {
			c := a.suspected()
			return &nodev1.DuplicateProof{Instance: []byte("a third!"), Signature: ed25519.Sign(essex, a.signedOf("answer", a.cfg.Instance[:], []byte("a third!"), c.Nonce))}
		},
		"in another federation": func(a *accused) *nodev1.DuplicateProof {
			c := a.suspected()
			m := bytes.Replace(a.signedOf("answer", a.cfg.Instance[:], otherInstance, c.Nonce), []byte("demo"), []byte("real"), 1)
			return &nodev1.DuplicateProof{Instance: otherInstance, Signature: ed25519.Sign(essex, m)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccused(t)
			a.hears(refuses(proof(a)))
			if a.ended == nil || errors.Is(a.ended, ErrDuplicateInstance) || len(a.alarms) > 0 || a.bad() != 1 {
				t.Errorf("ended with %v, alarms %v, counted %d", a.ended, a.alarms, a.bad())
			}
		})
	}
}

// On a slow line a genuine proof comes late. It stops nothing, and is nobody's lie.
func TestAProofThatComesTooLateCountsAgainstNobody(t *testing.T) {
	a := newAccused(t)
	c := a.suspected()
	a.waits(ProofWithin + 1)
	a.hears(refuses(&nodev1.DuplicateProof{Instance: otherInstance, Signature: ed25519.Sign(officeKey("tls essex"), a.signedOf("answer", a.cfg.Instance[:], otherInstance, c.Nonce))}))
	if !errors.Is(a.ended, ErrBusy) || len(a.alarms) > 0 || a.bad() != 0 {
		t.Errorf("ended with %v, alarms %v, counted %d", a.ended, a.alarms, a.bad())
	}
}

func TestAProvedDuplicateStopsTheAccused(t *testing.T) {
	a := newAccused(t)
	c := a.suspected()
	a.waits(ProofWithin)
	a.hears(refuses(&nodev1.DuplicateProof{Instance: otherInstance, Signature: ed25519.Sign(officeKey("tls essex"), a.signedOf("answer", a.cfg.Instance[:], otherInstance, c.Nonce))}))
	if !errors.Is(a.ended, ErrDuplicateInstance) || len(a.alarms) != 1 || a.alarms[0].Code != AlarmRefusedAsDuplicate || a.bad() != 0 {
		t.Errorf("ended with %v, alarms %v, counted %d", a.ended, a.alarms, a.bad())
	}
}

// One unsolicited Probe raised a false alarm.
func TestAProbeThatNoOtherInstanceAskedForAlarmsNobody(t *testing.T) {
	essex := officeKey("tls essex")
	probe := func(a *accused, instance []byte, key ed25519.PrivateKey, what string, nonce []byte) *nodev1.Frame {
		return &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: &nodev1.Probe{Nonce: 1, Instance: instance, Challenge: &nodev1.Challenge{
			Nonce: nonce, Signature: ed25519.Sign(key, a.signedOf(what, instance, a.cfg.Instance[:], nonce)),
		}}}}
	}
	nonce := bytes.Repeat([]byte{7}, 32)
	for name, forged := range map[string]func(a *accused) *nodev1.Frame{
		"signed by its sender": func(a *accused) *nodev1.Frame {
			return probe(a, otherInstance, officeKey("tls kent"), "challenge", nonce)
		},
		"of this instance": func(a *accused) *nodev1.Frame { return probe(a, a.cfg.Instance[:], essex, "challenge", nonce) },
		"an answer":        func(a *accused) *nodev1.Frame { return probe(a, otherInstance, essex, "answer", nonce) },
		"what this node signed itself": func(a *accused) *nodev1.Frame {
			c := a.suspected()
			return &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: &nodev1.Probe{Nonce: 1, Instance: otherInstance, Challenge: c}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccused(t)
			a.hears(forged(a))
			if len(a.alarms) > 0 || a.bad() != 1 {
				t.Errorf("alarms %v, counted %d", a.alarms, a.bad())
			}
		})
	}
	a := newAccused(t)
	genuine := probe(a, otherInstance, essex, "challenge", nonce)
	a.hears(genuine)
	if len(a.alarms) != 1 || a.alarms[0].Code != AlarmOwnDuplicateRefused || a.bad() != 0 {
		t.Errorf("a genuine one: alarms %v, counted %d", a.alarms, a.bad())
	}
	a.hears(genuine)
	if a.bad() != 1 {
		t.Error("a replayed one is answered again")
	}
}

func TestWhatNobodyAskedForCountsAgainstItsSender(t *testing.T) {
	for name, f := range map[string]*nodev1.Frame{
		"a challenge":                      {Message: &nodev1.Frame_Challenge{Challenge: &nodev1.Challenge{Nonce: make([]byte, 32), Signature: make([]byte, 64)}}},
		"a reply":                          {Message: &nodev1.Frame_ProbeReply{ProbeReply: &nodev1.ProbeReply{Nonce: 1, Signature: make([]byte, 64)}}},
		"a suspicion of this very process": {Message: &nodev1.Frame_Suspicion{Suspicion: &nodev1.Suspicion{Instance: coreWith("essex", 1, 9).cfg.Instance[:]}}},
	} {
		a := newAccused(t)
		a.hears(f)
		if a.bad() != 1 || len(a.alarms) > 0 {
			t.Errorf("%s: counted %d, alarms %v", name, a.bad(), a.alarms)
		}
	}
	a := newAccused(t)
	a.suspected()
	sent := len(a.sent)
	a.suspected()
	if a.bad() != 1 || len(a.sent) != sent {
		t.Errorf("suspected twice: counted %d, and %d frames sent", a.bad(), len(a.sent)-sent)
	}
}
