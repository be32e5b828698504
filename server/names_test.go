package server

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const forging = "Evil LMC\nFingerprint: acid badge aqua"

func TestNoNodeIsMadeForANameThatForgesALine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "node")
	_, err := Init(InitConfig{Dir: dir, Federation: "demo", Office: &guidancev1.Office{Id: "evil", Name: forging}, Listen: "127.0.0.1:0"})
	if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "U+000A") || fault.Hint(err) == "" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("its folder was made all the same")
	}
}

// Whoever admits an office compares the fingerprint that is printed: a record whose name would
// print another before it is not even opened.
func TestNoRecordIsOpenedWhoseNameForgesAFingerprint(t *testing.T) {
	keys, err := identity.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := identity.SignOffice(&ledgerv1.OfficeRecord{
		Serial: 1, Federation: "demo", Office: &guidancev1.Office{Id: "evil", Name: forging},
		RootKey: publicKey(keys.Root), LogKey: publicKey(keys.Log), Nodes: []*ledgerv1.NodeRecord{{TransportKey: publicKey(keys.Transport)}},
	}, keys.Root)
	if err != nil {
		t.Fatal(err)
	}
	b, err := proto.Marshal(signed)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "office.record")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadOfficeFile(file); !errors.Is(err, fault.ErrInvalid) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}
