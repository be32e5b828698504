package replica

import (
	"crypto/ed25519"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// meets opens a session of a core with an office's node that holds just as much.
func (c *Core) meets(id SessionID, office string) {
	node, root := NodeOf(transportKey(office)), c.Root()
	c.Step(Opened{id, Peer{Office: office, Key: transportKey(office)}})
	c.Step(Writable{id})
	c.Step(Received{Session: id, Frame: helloFrame(func(h *nodev1.Hello) {
		h.Office, h.Node, h.Role, h.FrontierRoot = office, node[:], ledgerv1.NodeRole_NODE_ROLE_WRITER, root[:]
	})})
}

// One head of its log that another key had signed kept an office in doubt for as long as its sender
// was connected: any member could keep any restored node from publishing.
func TestAHeadByAnotherKeyKeepsNoOfficeInDoubt(t *testing.T) {
	essex := testLog("essex")
	cp, err := ledger.SignCheckpoint(essex, 3, tlog.Hash{1}, officeKey("kent"))
	if err != nil {
		t.Fatal(err)
	}
	forged := headsFrame(&nodev1.Head{Checkpoint: cp.Note, Held: true})
	c := coreWith("essex", 1, 9)
	c.meets(1, "o0")
	c.meets(2, "kent")
	if !c.Confirmed(essex) {
		t.Fatal("the keeper does not confirm it")
	}
	early := testVerifier() // the register is not here yet: the head may be the office's
	early.Keys = func(ledger.LogID, uint64) []ed25519.PublicKey { return nil }
	c.Step(early.Frame(2, forged))
	if c.Confirmed(essex) {
		t.Error("confirmed, and a head of its log is not checked yet")
	}
	for _, e := range c.Step(RegisterGrew{}) {
		if r, ok := e.(Recheck); ok {
			heads, err := testVerifier().Heads(r.Heads)
			if err != nil {
				t.Fatal(err)
			}
			c.Step(Rechecked{Session: r.Session, Heads: heads})
		}
	}
	if !c.Confirmed(essex) {
		t.Error("not confirmed for a head that it never signed")
	}
	c.Step(testVerifier().Frame(2, forged))
	if !c.Confirmed(essex) {
		t.Error("not confirmed for another")
	}
}
