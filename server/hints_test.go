package server

import (
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/signing"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// What a keeper in doubt was told to do was cut short before the one command that helps.
func TestWhatToDoAboutSigningArrivesWhole(t *testing.T) {
	k := newKeeper(t)
	kent := serve(t, Config{Dir: initNode(t, "kent", false, false)})
	var all []signing.Standing
	for _, doubt := range []store.Doubt{store.DoubtNew, store.DoubtMissing, store.DoubtOlder, store.DoubtRestored, store.DoubtCopied} {
		all = append(all, signing.Standing{State: nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, Doubt: doubt})
	}
	for _, state := range []nodev1.SigningState{nodev1.SigningState_SIGNING_STATE_DUPLICATE, nodev1.SigningState_SIGNING_STATE_BEHIND, nodev1.SigningState_SIGNING_STATE_KEY_UNKNOWN} {
		all = append(all, signing.Standing{State: state, Why: signing.ErrNotAdmitted, Signed: 12})
	}
	all = append(all, signing.Standing{State: nodev1.SigningState_SIGNING_STATE_BEHIND, Unrecognised: []ledger.EntryID{k.ownLog().Entry(7)}})
	invited, err := k.invitation("gpc-england") // whoever it is for
	if err != nil {
		t.Fatal(err)
	}
	invited.Address = "lmcnode-1.practices.north-east-and-north-cumbria.example.nhs.uk:17443"
	for _, n := range []*testNode{k, kent} {
		for _, standing := range all {
			err := n.signer.words(standing)
			if told := fault.Hint(wire.FromStatus(wire.Status(err))); told != fault.Hint(err) {
				t.Errorf("%s, %v: %q is told as %q", n.Office(), standing, fault.Hint(err), told)
			}
		}
	}
	if err := kent.stop(); err != nil {
		t.Fatal(err)
	}
	kent.invite = invited
	err = kent.signer.words(signing.Standing{State: nodev1.SigningState_SIGNING_STATE_BEHIND, Signed: 12})
	if told := fault.Hint(wire.FromStatus(wire.Status(err))); told != fault.Hint(err) {
		t.Errorf("%q is told as %q", fault.Hint(err), told)
	}
}
