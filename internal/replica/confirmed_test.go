package replica

import (
	"crypto/ed25519"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// heardBy is a new office of the node essex, which holds nothing yet, on live sessions with others
// that hold just that; the register knows the key of nobody but it.
func heardBy(t *testing.T, offices ...string) (*Core, HeadVerifier) {
	t.Helper()
	c := coreWith("essex", 0, 0)
	for i, office := range offices {
		id, key := SessionID(i+1), transportKey(office)
		node, root := NodeOf(key), c.Root()
		c.Step(Opened{id, Peer{Office: office, Key: key}})
		c.Step(Writable{Session: id})
		c.Step(Received{Session: id, Frame: helloFrame(func(h *nodev1.Hello) {
			h.Office, h.Node, h.Instance, h.FrontierRoot = office, node[:], []byte("instance"), root[:]
		})})
	}
	return c, HeadVerifier{Federation: "demo", Keys: func(log ledger.LogID, _ uint64) []ed25519.PublicKey {
		if log != testLog("essex") {
			return nil
		}
		return []ed25519.PublicKey{officeKey("essex").Public().(ed25519.PublicKey)}
	}}
}

func TestTheOwnLogIsConfirmedByTheKeeperOrTwoOthers(t *testing.T) {
	for name, tt := range map[string]struct {
		offices []string
		want    bool
	}{
		"nobody": {nil, false}, "one other": {[]string{"kent"}, false}, "two others": {[]string{"kent", "devon"}, true},
		"the keeper": {[]string{"o0"}, true}, "one other twice": {[]string{"kent", "kent"}, false},
	} {
		if c, _ := heardBy(t, tt.offices...); c.Confirmed(testLog("essex")) != tt.want {
			t.Errorf("%s: confirmed %v", name, !tt.want)
		}
	}
}

// A new office was kept from signing as long as one member showed it a head of its log that
// somebody else had signed.
func TestOneMemberKeepsNoOfficeFromSigning(t *testing.T) {
	own := testLog("essex")
	for signer, want := range map[string]bool{"kent": true, "essex": false} {
		c, v := heardBy(t, "o0", "kent")
		cp, err := ledger.SignCheckpoint(own, 1, tlog.Hash{1}, officeKey(signer))
		if err != nil {
			t.Fatal(err)
		}
		c.Step(v.Frame(2, headsFrame(&nodev1.Head{Checkpoint: cp.Note, Held: true})))
		if c.Confirmed(own) != want {
			t.Errorf("a head signed by %s: confirmed %v", signer, !want)
		}
	}
}
