package register

import (
	"crypto/ed25519"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func essexLog(epoch uint32) ledger.LogID {
	return ledger.LogID{Federation: "demo", Office: "essex", Epoch: epoch}
}

// changed returns essex's record after a change, signed by its own root key.
func changed(change func(*ledgerv1.OfficeRecord)) *ledgerv1.RegisterRecord {
	o := officeRecord("essex")
	change(o)
	return admitSigned(o, private("essex root"))
}

func wantKeys(t *testing.T, r *Register, log ledger.LogID, size uint64, names ...string) {
	t.Helper()
	var want []ed25519.PublicKey
	for _, name := range names {
		want = append(want, public(name))
	}
	if diff := cmp.Diff(want, r.LogKeys(log, size)); diff != "" {
		t.Errorf("keys of %s at %d (-want +got):\n%s", log, size, diff)
	}
}

func TestAdmissionIsRefused(t *testing.T) {
	tampered := admit("essex")
	tampered.GetAdmission().Signed.Record[3] ^= 1
	unreadable := admit("essex")
	unreadable.GetAdmission().Signed.Record = []byte{0xff}
	for name, c := range map[string]struct {
		body *ledgerv1.RegisterRecord
		want string
	}{
		"tampered with":             {tampered, "admission"},
		"unreadable":                {unreadable, "cannot be read"},
		"signed by another key":     {admitSigned(officeRecord("essex"), private("kent root")), "not signed by the root key it names"},
		"of another federation":     {changed(func(o *ledgerv1.OfficeRecord) { o.Federation = "england" }), `for the federation "england", this is "demo"`},
		"no slug":                   {changed(func(o *ledgerv1.OfficeRecord) { o.Office.Id = "Essex" }), "lower-case"},
		"no name":                   {changed(func(o *ledgerv1.OfficeRecord) { o.Office.Name = "" }), "no name"},
		"no log key":                {changed(func(o *ledgerv1.OfficeRecord) { o.LogKey = nil }), "0 bytes, not 32"},
		"short transport key":       {changed(func(o *ledgerv1.OfficeRecord) { o.Nodes[0].TransportKey = []byte{1} }), "1 bytes, not 32"},
		"one key for two nodes":     {changed(func(o *ledgerv1.OfficeRecord) { o.Nodes = append(o.Nodes, o.Nodes[0]) }), "node 2 has the transport key"},
		"a key of the keeper's log": {changed(func(o *ledgerv1.OfficeRecord) { o.LogKey = public("keeper log") }), "a key of gpc-england"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(c.body)
			wantProblems(t, r, c.want)
			if len(r.Offices()) != 0 {
				t.Error("the office was admitted")
			}
		})
	}
}

func TestAdmissionOfTheSameRootKeyUpdatesTheOffice(t *testing.T) {
	r := fold(admit("essex"), changed(func(o *ledgerv1.OfficeRecord) {
		o.Nodes[0].TransportKey, o.Nodes[0].Address = public("new node"), "new.example:7443"
	}))
	wantProblems(t, r)
	if _, _, ok := r.Node(public("essex node")); ok {
		t.Error("the node that is no longer listed is still known")
	}
	if office, node, ok := r.Node(public("new node")); !ok || office != "essex" || node.GetAddress() != "new.example:7443" {
		t.Errorf("the new node: %q %v %v", office, node, ok)
	}
}

func TestAdmissionByAnotherRootKeyIsARekeyProblemAndChangesNothing(t *testing.T) {
	o := officeRecord("essex")
	o.RootKey, o.LogKey = public("thief root"), public("thief log")
	r := fold(admit("essex"), admitSigned(o, private("thief root")))
	wantProblems(t, r, "REKEY")
	wantKeys(t, r, essexLog(0), 9, "essex log")
}

func TestANewRootKeyIsTakenOnceTheOldOneIsRevoked(t *testing.T) {
	o := officeRecord("essex")
	o.RootKey = public("second root")
	r := fold(admit("essex"), revocation("essex", public("essex root"), 0), admitSigned(o, private("second root")), admit("essex"))
	wantProblems(t, r, "gpc-england/2: REKEY: essex has a new root key", "gpc-england/3: admission of \"essex\": its root key was revoked")
	if got := r.Record("essex").GetRootKey(); !public("second root").Equal(ed25519.PublicKey(got)) {
		t.Error("the new root key was not taken")
	}
}

func TestTheFirstLogKeyStandsUntilItIsRevoked(t *testing.T) {
	r := fold(admit("essex"), changed(func(o *ledgerv1.OfficeRecord) { o.LogKey = public("second log") }))
	wantProblems(t, r, "states another log key")
	wantKeys(t, r, essexLog(0), 1<<40, "essex log")
	wantKeys(t, r, essexLog(1), 1)
	wantKeys(t, r, ledger.LogID{Federation: "england", Office: "essex"}, 1)
}

func TestARevokedLogKeyEndsItsEpochAndOpensTheNext(t *testing.T) {
	newKey := changed(func(o *ledgerv1.OfficeRecord) { o.LogKey = public("second log") })
	revoke := revocation("essex", public("essex log"), 5)
	for name, bodies := range map[string][]*ledgerv1.RegisterRecord{
		"revoked first": {admit("essex"), revoke, newKey},
		"stated first":  {admit("essex"), newKey, revoke},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(bodies...)
			wantKeys(t, r, essexLog(0), 5, "essex log")
			wantKeys(t, r, essexLog(0), 6)
			wantKeys(t, r, essexLog(1), 6, "second log")
			if r.Repudiated(essexLog(0), 4) || !r.Repudiated(essexLog(0), 5) || r.Repudiated(essexLog(1), 5) {
				t.Error("entries from the revoked size on, and only those, are repudiated")
			}
			if logs := r.Logs(); len(logs) != 3 || logs[1] != essexLog(1) {
				t.Errorf("logs: %v", logs)
			}
			if len(r.VKeys("essex")) != 2 {
				t.Errorf("vkeys: %q", r.VKeys("essex"))
			}
		})
	}
}

func TestARevokedKeyIsNotTakenBack(t *testing.T) {
	r := fold(admit("essex"), revocation("essex", public("essex log"), 5), admit("essex"), revocation("essex", public("essex log"), 9))
	wantProblems(t, r, "gpc-england/2: admission of \"essex\": its log key was revoked", "gpc-england/3: revocation: that key of essex is revoked already")
	wantKeys(t, r, essexLog(0), 6)
	wantKeys(t, r, essexLog(1), 6)
}

func TestARevokedTransportKeyIsNobodys(t *testing.T) {
	r := fold(admit("essex"), revocation("essex", public("essex node"), 0), admit("essex"))
	if _, _, ok := r.Node(public("essex node")); ok {
		t.Error("a revoked transport key is still a node")
	}
	wantKeys(t, r, essexLog(0), 9, "essex log")
}

func TestTheKeepersKeyFromTheInvitationIsBelievedOverItsRecord(t *testing.T) {
	r := fold(admit("gpc-england"))
	wantProblems(t, r, "states another log key")
	wantKeys(t, r, ledger.LogID{Federation: "demo", Office: "gpc-england"}, 3, "keeper log")
}
