package replica

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

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
		office, inDoubt := strings.CutSuffix(office, " in doubt")
		id, key := SessionID(i+1), transportKey(office)
		node, root := NodeOf(key), c.Root()
		c.Step(Opened{id, Peer{Office: office, Key: key}})
		c.Step(Writable{Session: id})
		c.Step(Received{Session: id, Frame: helloFrame(func(h *nodev1.Hello) {
			h.Office, h.Node, h.Instance, h.FrontierRoot, h.InDoubt = office, node[:], []byte("instance"), root[:], inDoubt
		})})
	}
	return c, HeadVerifier{Federation: "demo", Keys: func(log ledger.LogID, _ uint64) []ed25519.PublicKey {
		if log != testLog("essex") {
			return nil
		}
		return []ed25519.PublicKey{officeKey("essex").Public().(ed25519.PublicKey)}
	}}
}

// Whoever is in no doubt any more is asked again: what its Hello said would count as long as the
// session lasts.
func TestADoubtThatIsOverIsSaidByConnectingAnew(t *testing.T) {
	for _, doubted := range []bool{true, false} {
		c, hello := coreWith("essex", 1, 9), false
		c.Step(Opened{1, Peer{Office: "kent", Key: transportKey("kent")}})
		for _, e := range c.Step(Writable{Session: 1, InDoubt: doubted}) {
			if send, ok := e.(Send); ok && send.Frame.GetHello() != nil {
				hello = send.Frame.GetHello().GetInDoubt() == doubted
			}
		}
		if !hello {
			t.Errorf("in doubt %v: its Hello says otherwise", doubted)
		}
		ended := func(ev Event) bool {
			return slices.ContainsFunc(c.Step(ev), func(e Effect) bool { end, ok := e.(End); return ok && end.Refused.Reason == reasonBusy })
		}
		if ended(Tick{Now: time.Second, InDoubt: doubted}) {
			t.Errorf("in doubt %v: the session is ended while that lasts", doubted)
		}
		if ended(Tick{Now: 2 * time.Second}) != doubted {
			t.Errorf("in doubt %v: when it is over the session ends: %v", doubted, !doubted)
		}
	}
}

func TestTheOwnLogIsConfirmedByTheKeeperOrTwoOthers(t *testing.T) {
	for name, tt := range map[string]struct {
		offices []string
		want    bool
	}{
		"nobody": {nil, false}, "one other": {[]string{"kent"}, false}, "two others": {[]string{"kent", "devon"}, true},
		"the keeper": {[]string{"o0"}, true}, "one other twice": {[]string{"kent", "kent"}, false},
		// It confirmed an office's old copy by its own, and a number was signed twice.
		"a keeper that was restored": {[]string{"o0 in doubt"}, false}, "it and one other": {[]string{"o0 in doubt", "kent"}, false},
		"it and two others": {[]string{"o0 in doubt", "kent", "devon"}, true}, "two that were restored": {[]string{"kent in doubt", "devon in doubt"}, false},
		// Three restored at once confirmed each other, while the one that knew better was away.
		"all there are, restored": {[]string{"o0 in doubt", "kent in doubt", "devon in doubt"}, true},
	} {
		if c, _ := heardBy(t, tt.offices...); c.Confirmed(testLog("essex"), []string{"devon", "essex", "kent", "o0"}) != tt.want {
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
		if c.Confirmed(own, []string{"essex", "kent", "o0"}) != want {
			t.Errorf("a head signed by %s: confirmed %v", signer, !want)
		}
	}
}

// A node that had lost all it knew took a peer's word for it that had been restored from a backup.
func TestNobodyInDoubtVouchesForWhatWasPublished(t *testing.T) {
	c, _ := heardBy(t, "keeper in doubt", "kent", "surrey in doubt")
	if got := c.Vouching(); !slices.Equal(got, []string{"kent"}) {
		t.Errorf("%v vouch, want kent alone", got)
	}
	c.Step(Committed{Heads: []ledger.Checkpoint{headOf(testLog("essex"), "3")}})
	if got := c.Vouching(); len(got) > 0 {
		t.Errorf("%v vouch, and hold something else", got)
	}
}
