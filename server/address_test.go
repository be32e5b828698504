package server

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// An address could not be changed: no command signed the record anew, and peers went on dialling
// the old one.
func TestAnOfficeThatMovesItsNodeIsFollowedByAll(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", true, "north-essex")
	kent := k.join("kent", false, "kent")
	await(t, "kent hears essex", func() bool { return kent.replica.Connected(publicKey(essex.keys.Transport)) })
	moved := freeAddress(t)
	if was, err := Move(essex.dir, moved); err != nil || was != essex.address {
		t.Fatalf("moved from %s, %v", was, err)
	}
	for _, n := range []*testNode{k, essex, kent} {
		await(t, "the register of "+n.Office()+" has it", func() bool {
			return n.reg().Record("essex").GetNodes()[0].GetAddress() == moved && n.reg().Record("essex").GetSerial() == 2
		})
	}
	if alarms := strings.Join(essex.alarmWords(), "\n"); strings.Contains(alarms, "new address") {
		t.Errorf("recorded, and still: %s", alarms)
	}
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir, Listen: moved})
	await(t, "kent hears essex where it is now", func() bool {
		return slices.ContainsFunc(kent.replica.Peers(), func(p *nodev1.PeerStatus) bool { return p.Connected && p.Address == moved })
	})
	if was, err := Move(essex.dir, moved); err != nil || was != moved {
		t.Errorf("moved to where it is: %s, %v", was, err)
	}
	if _, record, err := ReadOfficeFile(filepath.Join(essex.dir, officeFile)); err != nil || record.GetSerial() != 2 {
		t.Errorf("which was signed anew: %v, %v", record.GetSerial(), err)
	}
}

// The keeper moves its own node, and its invitations say so.
func TestTheKeepersInvitationsSayWhereItIsToday(t *testing.T) {
	k := newKeeper(t)
	if _, err := Move(k.dir, "gpc.example.org:7443"); err != nil {
		t.Fatal(err)
	}
	await(t, "it is recorded", func() bool { return k.Address() == "gpc.example.org:7443" })
	_, invitation := k.admitted("essex", false, "north-essex")
	if inv, err := identity.ParseInvitation(invitation); err != nil || inv.Address != "gpc.example.org:7443" {
		t.Errorf("invited to %v, %v", inv, err)
	}
}

// The certificate failed for the host name that others were told to dial.
func TestTheCertificateNamesTheHostThatOthersDial(t *testing.T) {
	k := newKeeper(t)
	if _, err := Move(k.dir, "gpc.example.org:7443"); err != nil {
		t.Fatal(err)
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	serve(t, Config{Dir: k.dir})
	b, err := os.ReadFile(filepath.Join(k.dir, certificateFile))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(b)
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err == nil {
		err = errors.Join(leaf.VerifyHostname("gpc.example.org"), leaf.VerifyHostname("127.0.0.1"))
	}
	if err != nil {
		t.Error(err)
	}
}

// A folder that was put back had an older record, and the address that was signed from it was recorded
// by nobody; one that was made anew had none, and could not change its address at all.
func TestARecordThatIsLostOrOlderIsTakenFromTheRegister(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", true, "north-essex")
	file := filepath.Join(essex.dir, officeFile)
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Move(essex.dir, "127.0.0.1:17674"); err != nil {
		t.Fatal(err)
	}
	has := func(address string) func() bool {
		return func() bool {
			_, record, err := ReadOfficeFile(file)
			return err == nil && record.GetNodes()[0].GetAddress() == address && k.reg().Record("essex").GetNodes()[0].GetAddress() == address
		}
	}
	await(t, "the move is recorded", has("127.0.0.1:17674"))
	if err := os.WriteFile(file, first, 0o600); err != nil {
		t.Fatal(err)
	}
	await(t, "the older one is replaced", has("127.0.0.1:17674"))
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	await(t, "the lost one is there again", has("127.0.0.1:17674"))
}

func TestTheKeeperRecordsByItselfAddressesAlone(t *testing.T) {
	var hours atomic.Int64
	k := serve(t, Config{Dir: initNode(t, "gpc-england", true, true), Now: func() time.Time { return time.Now().Add(time.Duration(hours.Load()) * time.Hour) }})
	dir, _ := k.admitted("essex", true, "north-essex")
	kents, _ := k.admitted("kent", false, "kent")
	keys, err := identity.Load(filepath.Join(dir, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	others, err := identity.Load(filepath.Join(kents, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	_, record, err := ReadOfficeFile(filepath.Join(dir, officeFile))
	if err != nil {
		t.Fatal(err)
	}
	move := func(by *identity.Keys, key []byte, change func(*ledgerv1.OfficeRecord)) error {
		t.Helper()
		r := proto.CloneOf(record)
		r.Serial = 2
		r.Nodes[0].Address = "node.essex.example:7443"
		change(r)
		signed, err := identity.SignOffice(r, keys.Root)
		if err != nil {
			return err
		}
		if key != nil {
			signed.Signature = key
		}
		_, err = nodev1.NewFederationServiceClient(k.dial(by.Transport)).Move(testContext(t), &nodev1.MoveRequest{Signed: signed})
		return wire.FromStatus(err)
	}
	size := k.HeldSize("gpc-england")
	same := func(*ledgerv1.OfficeRecord) {}
	for name, c := range map[string]struct {
		by     *identity.Keys
		key    []byte
		change func(*ledgerv1.OfficeRecord)
		want   error
	}{
		"of another office": {others, nil, same, fault.ErrNotEntitled},
		"another name":      {keys, nil, func(r *ledgerv1.OfficeRecord) { r.Office.Name = "Essex Local Medical Committees" }, fault.ErrInvalid},
		"another log key":   {keys, nil, func(r *ledgerv1.OfficeRecord) { r.LogKey = publicKey(others.Log) }, fault.ErrInvalid},
		"one node more": {keys, nil, func(r *ledgerv1.OfficeRecord) {
			r.Nodes = append(r.Nodes, &ledgerv1.NodeRecord{TransportKey: publicKey(others.Officer)})
		}, fault.ErrInvalid},
		"another role":           {keys, nil, func(r *ledgerv1.OfficeRecord) { r.Nodes[0].Role = ledgerv1.NodeRole_NODE_ROLE_REPLICA }, fault.ErrInvalid},
		"the serial that is":     {keys, nil, func(r *ledgerv1.OfficeRecord) { r.Serial = 1 }, fault.ErrInvalid},
		"not signed by its root": {keys, make([]byte, 64), same, fault.ErrInvalid},
		"nine nodes": {keys, nil, func(r *ledgerv1.OfficeRecord) {
			for i := range 8 {
				key := slices.Clone(publicKey(others.Officer))
				key[0] = byte(i)
				r.Nodes = append(r.Nodes, &ledgerv1.NodeRecord{TransportKey: key, Address: fmt.Sprintf("n%d.example:1", i)})
			}
		}, fault.ErrTooLarge},
	} {
		if err := move(c.by, c.key, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if now := k.HeldSize("gpc-england"); now != size {
		t.Errorf("%d records were added", now-size)
	}
	if err := move(keys, nil, same); err != nil {
		t.Fatal(err)
	}
	again := func(r *ledgerv1.OfficeRecord) { r.Serial, r.Nodes[0].Address = 3, "node2.essex.example:7443" }
	if err := move(keys, nil, again); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("again within the hour: %v, want busy", err)
	}
	hours.Store(1)
	if err := move(keys, nil, again); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestMoveRefusesWhatNobodyCanDial(t *testing.T) {
	dir := initNode(t, "essex", false, true)
	before, err := os.ReadFile(filepath.Join(dir, officeFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"0.0.0.0:7443", ":7443", "localhost:0", "x:99999", "node example:7443", strings.Repeat("a", 300) + ":1"} {
		if _, err := Move(dir, address); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if after, err := os.ReadFile(filepath.Join(dir, officeFile)); err != nil || string(after) != string(before) {
		t.Errorf("the record was signed anew: %v", err)
	}
	if _, err := Init(InitConfig{Dir: filepath.Join(fastDir(t), "x"), Federation: "trial", Office: &guidancev1.Office{Id: "essex", Name: "Essex"}, Listen: "127.0.0.1:0", Advertise: "0.0.0.0:7443"}); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "every address of a machine") {
		t.Errorf("init: %v", err)
	}
}
