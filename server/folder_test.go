package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// A flipped bit was told to whoever asked for that entry, and to nobody else: the node said that
// it was running, and its log nothing.
func TestDamageMetInAnsweringIsTheOperatorsToKnow(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	letter.Body = "These words will be damaged.\n"
	entry := k.mustPublish("one", letter)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, k.dir, "will be damaged", "will be Damaged")
	var log bytes.Buffer
	running := run(t, Config{Dir: k.dir, unsearched: true, Logger: slog.New(slog.NewTextHandler(&log, nil))}) // search would meet it first
	_, err := running.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: entry})
	if err = wire.FromStatus(err); !errors.Is(err, fault.ErrReadOnly) || !strings.Contains(err.Error(), "the data file is damaged: "+entry) {
		t.Fatalf("reading %s: %v, want it refused as damaged", entry, err)
	}
	for ctx := testContext(t); ; {
		status, err := running.status(ctx)
		if err != nil && ctx.Err() != nil {
			t.Fatal(err)
		}
		if status.GetMended() == nil {
			continue
		}
		if done := status.GetCompleteness(); status.Mended.Bodies != 1 || done.GetComplete() || done.GetNotHeld()["gpc-england"] != 1 {
			t.Errorf("mended: %v, completeness %v: want one entry's words lost", status.Mended, done)
		}
		break
	}
	running.stop()
	if said := log.String(); strings.Count(said, "damage in the data file") != 1 || !strings.Contains(said, entry) || !strings.Contains(said, "data.db.damaged") {
		t.Errorf("the log names not, once, what was damaged and where the old file is:\n%s", said)
	}
}

// A guard beside the data, as an old copy of the keys leaves one, was passed over in silence.
func TestTwoGuardsAreRefused(t *testing.T) {
	dir := initNode(t, "essex", false, false)
	guard, err := os.ReadFile(filepath.Join(dir, keysFolder, guardFile))
	if err != nil {
		t.Fatal(err)
	}
	second := filepath.Join(dir, guardFile)
	if err := os.WriteFile(second, guard, 0o600); err != nil {
		t.Fatal(err)
	}
	_, checked := Check(context.Background(), dir)
	_, backedUp := Backup(dir, filepath.Join(t.TempDir(), "backup"))
	_, opened := Open(Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	for what, err := range map[string]error{"check": checked, "backup": backedUp, "serve": opened} {
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), second) || !strings.Contains(fault.Hint(err), filepath.Join(keysFolder, guardFile)) {
			t.Errorf("%s: %v, want it refused, naming both", what, err)
		}
	}
}

// A node with the transport key of another office served, and every other node took it for that
// one: its log told of nothing.
func TestATransportKeyOfAnotherOfficeIsTold(t *testing.T) {
	dir, other := initNode(t, "essex", false, false), initNode(t, "kent", false, false)
	for _, theirs := range []bool{false, true} {
		if theirs {
			key, err := os.ReadFile(filepath.Join(other, keysFolder, identity.TransportFile))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, keysFolder, identity.TransportFile), key, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var log bytes.Buffer
		n := open(t, Config{Dir: dir, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		n.tellOperator(t.Context(), "127.0.0.1:7443")
		if told := strings.Contains(log.String(), "keys/transport.key is not the key that office.record names"); told != theirs {
			t.Errorf("the key of another: %v, told: %v\n%s", theirs, told, log.String())
		}
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The office may name sixteen nodes, and a record of a thousand is refused wherever it comes from.
func TestARecordOfAThousandAddressesIsRefused(t *testing.T) {
	k := newKeeper(t)
	dir := initNode(t, "essex", false, false)
	keys, err := identity.Load(filepath.Join(dir, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	_, record, err := ReadOfficeFile(filepath.Join(dir, officeFile))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		key := bytes.Clone(record.Nodes[0].TransportKey)
		key[0], key[1] = byte(i), byte(i>>8)
		record.Nodes = append(record.Nodes, &ledgerv1.NodeRecord{TransportKey: key, Address: fmt.Sprintf("n%d.example:1", i)})
	}
	b, err := proto.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	signed := &ledgerv1.SignedOfficeRecord{Record: b, Signature: ledger.SignBytes("office", b, keys.Root)}
	size := k.HeldSize("gpc-england")
	_, err = k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{RequestId: "admit", Records: []*ledgerv1.RegisterRecord{
		{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}},
	}})
	if err = wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrTooLarge) {
		t.Errorf("admitting it: %v", err)
	}
	if now := k.HeldSize("gpc-england"); now != size {
		t.Errorf("%d records were added", now-size)
	}
	file := filepath.Join(dir, officeFile)
	if b, err = proto.Marshal(signed); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadOfficeFile(file); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "at most") {
		t.Errorf("reading its file: %v, want it refused with the limit", err)
	}
}

// Another keeper's invitation, of a federation of the same name, was taken without a word: an e-mail was
// enough for another register to say who speaks for whom.
func TestAnInvitationOfAnotherKeeperIsNotTaken(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	impostor := newKeeper(t)
	signed, err := os.ReadFile(filepath.Join(essex.dir, officeFile))
	if err != nil {
		t.Fatal(err)
	}
	record := &ledgerv1.SignedOfficeRecord{}
	if err := proto.Unmarshal(signed, record); err != nil {
		t.Fatal(err)
	}
	ctx := testContext(t)
	if _, err := impostor.publication().AppendRegister(ctx, &nodev1.AppendRegisterRequest{RequestId: "admit", Records: []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: record}}}}}); err != nil {
		t.Fatal(err)
	}
	other, err := impostor.publication().Invite(ctx, &nodev1.InviteRequest{Office: "essex"})
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(essex.dir, settingsFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Dir: essex.dir, Invitation: other.Invitation, MinFree: -1}); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "another keeper's keys") || !strings.Contains(fault.Hint(err), "leave out --join") {
		t.Errorf("with the invitation of another keeper: %v (%s)", err, fault.Hint(err))
	}
	if after, err := os.ReadFile(filepath.Join(essex.dir, settingsFile)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the settings were changed: %v", err)
	}
	again, err := k.publication().Invite(ctx, &nodev1.InviteRequest{Office: "essex"})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, Config{Dir: essex.dir, Invitation: again.Invitation}) // its own keeper's, once more
}

// An office whose settings called it the keeper signed records of a register into its own log.
func TestAnOfficeThatIsCalledTheKeeperSignsNoRegister(t *testing.T) {
	k := newKeeper(t)
	for _, published := range []bool{true, false} {
		office := map[bool]string{true: "essex", false: "kent"}[published]
		n := k.join(office, false, office)
		if published {
			n.mustPublish("one", testAdvisory("2021-10-25", refuse, office))
		}
		size := n.HeldSize(office)
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
		set, err := loadSettings(n.dir)
		if err != nil {
			t.Fatal(err)
		}
		set.Keeper, set.Invitation = true, ""
		if err := set.save(n.dir); err != nil {
			t.Fatal(err)
		}
		n = serve(t, Config{Dir: n.dir})
		n.refuses(fault.ErrReadOnly, "says that this office keeps the register")
		if said := fmt.Sprint(n.alarmWords()); !strings.Contains(said, "set keeper to false") {
			t.Errorf("%s: the operator is told %s", office, said)
		}
		_, err = n.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{RequestId: "body", Records: []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: "made-up", Name: "Made up LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
		}}}}})
		if err = wire.FromStatus(err); err == nil || n.HeldSize(office) != size {
			t.Errorf("%s: a record is signed: %v", office, err)
		}
	}
}
