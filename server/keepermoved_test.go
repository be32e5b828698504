package server

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// moved moves a keeper's node to another address, and serves it there.
func (k *testNode) moved() *testNode {
	k.t.Helper()
	address := freeAddress(k.t)
	if _, err := Move(k.dir, address); err != nil {
		k.t.Fatal(err)
	}
	if err := k.stop(); err != nil {
		k.t.Fatal(err)
	}
	again := serve(k.t, Config{Dir: k.dir, Listen: address})
	await(k.t, "the register has the keeper's new address", func() bool { return again.Address() == address })
	return again
}

// An office knew the keeper only by the address in its invitation once its data were lost, and never
// came back.
func TestAnOfficeThatLosesItsDataFindsAKeeperThatHasMoved(t *testing.T) {
	k := newKeeper(t)
	kent, essex := k.join("kent", false, "kent"), k.join("essex", true, "north-essex")
	k = k.moved()
	kent.awaitSame(k) // by essex
	essex.awaitSame(k)
	await(t, "its folder has the keeper's new address", func() bool {
		s, err := loadSettings(kent.dir)
		return err == nil && s.KeeperAt != nil && s.KeeperAt.Address == k.Address()
	})
	if err := errors.Join(kent.stop(), essex.stop(), os.Remove(filepath.Join(kent.dir, dataFile))); err != nil {
		t.Fatal(err)
	}
	serve(t, Config{Dir: kent.dir, Invitation: kent.settings.Invitation}).awaitSame(k) // --join stands in many a service file
}

// With settings of before the move it was said to fetch what was missing, and the log did not say whom it
// dials, nor that it fails.
func TestAnOfficeWithoutDataSaysWhereItDialsAKeeperThatHasMoved(t *testing.T) {
	k := newKeeper(t)
	kent, essex := k.join("kent", false, "kent"), k.join("essex", true, "north-essex")
	kent.mustPublish("one", testAdvisory("2021-10-25", refuse, "kent"))
	was := k.Address()
	before, err := os.ReadFile(filepath.Join(kent.dir, settingsFile))
	if err != nil {
		t.Fatal(err)
	}
	k = k.moved()
	kent.awaitSame(k)
	if err := kent.stop(); err != nil {
		t.Fatal(err)
	}
	again, err := k.invitation("kent")
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]Config{
		"a new invitation": {Dir: kent.dir, Invitation: identity.FormatInvitation(again)},
		"--peer":           {Dir: kent.dir, Peers: []PeerAddress{{Address: essex.address, Pin: identity.PinOf(publicKey(essex.keys.Transport))}}},
	} {
		if err := errors.Join(os.Remove(filepath.Join(kent.dir, dataFile)), os.WriteFile(filepath.Join(kent.dir, settingsFile), before, 0o600)); err != nil {
			t.Fatal(err)
		}
		lost := serve(t, Config{Dir: kent.dir})
		_, why := lost.signer.state()
		for of, said := range map[string]string{"status": fmt.Sprint(lost.alarmWords()), "publishing": fault.Hint(why)} {
			if !strings.Contains(said, "gpc-england at "+was) || !strings.Contains(said, "--join INVITATION") || !strings.Contains(said, "--peer ADDRESS=PIN") {
				t.Errorf("before %s, %s does not say whom it dials, and what to do: %s", name, of, said)
			}
		}
		if err := lost.stop(); err != nil {
			t.Fatal(err)
		}
		found := serve(t, cfg)
		found.awaitSame(k)
		found.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
		if err := found.stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// The address in a new invitation was given up for that in the node's own register, which is older, and
// the keeper was dialled where it had been for ever.
func TestANewInvitationFindsAKeeperThatMovedWhileTheNodeWasOff(t *testing.T) {
	k := newKeeper(t)
	kent := k.join("kent", false, "kent")
	if err := kent.stop(); err != nil {
		t.Fatal(err)
	}
	k = k.moved()
	again, err := k.invitation("kent")
	if err != nil {
		t.Fatal(err)
	}
	kent = serve(t, Config{Dir: kent.dir, Invitation: identity.FormatInvitation(again)})
	kent.awaitSame(k)
	kent.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
}

func TestTheLogSaysThatAKeeperIsAskedInVainWhileRecovering(t *testing.T) {
	var log bytes.Buffer
	l := newStatusLog(slog.New(slog.NewTextHandler(&log, nil)), "gpc-england", "127.0.0.1:7500")
	began := time.Now()
	const recovering = nodev1.NodeState_NODE_STATE_RECOVERING
	l.update(recovering, true, "", "", &nodev1.Signing{}, nil, began)
	log.Reset()
	l.update(recovering, true, "", "", &nodev1.Signing{Remedy: "ask for an invitation"}, nil, began.Add(joiningPatience+1))
	l.update(recovering, true, "", "", &nodev1.Signing{}, nil, began.Add(time.Hour))
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "address=127.0.0.1:7500") || !strings.Contains(said, "ask for an invitation") {
		t.Errorf("the log says:\n%s", said)
	}
}
