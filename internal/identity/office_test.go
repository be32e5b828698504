package identity

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func testOffice() *ledgerv1.OfficeRecord {
	return &ledgerv1.OfficeRecord{
		Federation: "demo",
		Office:     &guidancev1.Office{Id: "essex", Name: "Essex LMCs"},
		RootKey:    testPublic(1),
		LogKey:     testPublic(2),
		Nodes:      []*ledgerv1.NodeRecord{{TransportKey: testPublic(3), Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Address: "node.example.org:7443"}},
	}
}

func TestOfficeRecordOpensAsSigned(t *testing.T) {
	signed, err := SignOffice(testOffice(), testKey(1))
	if err != nil {
		t.Fatal(err)
	}
	record, err := OpenOffice(signed)
	if err != nil || !proto.Equal(record, testOffice()) {
		t.Errorf("got %v, %v", record, err)
	}
}

func TestOfficeRecordRefusesAnyChange(t *testing.T) {
	signed, err := SignOffice(testOffice(), testKey(1))
	if err != nil {
		t.Fatal(err)
	}
	for i := range signed.Record {
		bad := proto.CloneOf(signed)
		bad.Record[i] ^= 1
		if _, err := OpenOffice(bad); err == nil {
			t.Fatalf("byte %d changed: accepted", i)
		}
	}
	for name, c := range map[string]struct {
		change func(s *ledgerv1.SignedOfficeRecord)
		want   error
	}{
		"signature changed": {func(s *ledgerv1.SignedOfficeRecord) { s.Signature[0] ^= 1 }, ErrBadSignature},
		"signature missing": {func(s *ledgerv1.SignedOfficeRecord) { s.Signature = nil }, ErrBadSignature},
		"something added":   {func(s *ledgerv1.SignedOfficeRecord) { s.Record = append(s.Record, 0xf8, 0x7f, 1) }, ErrBadSignature},
		"record missing":    {func(s *ledgerv1.SignedOfficeRecord) { s.Record = nil }, ErrMalformed},
		"record garbage":    {func(s *ledgerv1.SignedOfficeRecord) { s.Record = []byte("garbage") }, ErrMalformed},
		"record too large":  {func(s *ledgerv1.SignedOfficeRecord) { s.Record = make([]byte, OfficeRecordLimit+1) }, ErrTooLarge},
	} {
		bad := proto.CloneOf(signed)
		c.change(bad)
		if _, err := OpenOffice(bad); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSignOfficeRefusesWhatItWouldNotOpen(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *ledgerv1.OfficeRecord)
		want   error
	}{
		"nodes at the limit": {func(r *ledgerv1.OfficeRecord) { r.Nodes = nodes(NodesLimit) }, nil},
		"nodes over it":      {func(r *ledgerv1.OfficeRecord) { r.Nodes = nodes(NodesLimit + 1) }, ErrTooLarge},
		"another root key":   {func(r *ledgerv1.OfficeRecord) { r.RootKey = testPublic(9) }, ErrMalformed},
		"no root key":        {func(r *ledgerv1.OfficeRecord) { r.RootKey = nil }, ErrMalformed},
		"short log key":      {func(r *ledgerv1.OfficeRecord) { r.LogKey = make([]byte, 31) }, ErrMalformed},
		"long transport key": {func(r *ledgerv1.OfficeRecord) { r.Nodes[0].TransportKey = make([]byte, 33) }, ErrMalformed},
		"no office":          {func(r *ledgerv1.OfficeRecord) { r.Office = nil }, ErrMalformed},
		"no slug":            {func(r *ledgerv1.OfficeRecord) { r.Office.Id = "Essex LMC" }, ErrMalformed},
		"no federation":      {func(r *ledgerv1.OfficeRecord) { r.Federation = "" }, ErrMalformed},
		"not UTF-8":          {func(r *ledgerv1.OfficeRecord) { r.Office.Name = "\xff" }, nil},
		"too large":          {func(r *ledgerv1.OfficeRecord) { r.Office.Name = strings.Repeat("x", OfficeRecordLimit) }, ErrTooLarge},
	} {
		record := testOffice()
		c.change(record)
		signed, err := SignOffice(record, testKey(1))
		if name == "not UTF-8" {
			if err == nil {
				t.Error("a name that is not UTF-8 was signed")
			}
			continue
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, openErr := OpenOffice(signed); err == nil && openErr != nil {
			t.Errorf("%s: signed and does not open: %v", name, openErr)
		}
	}
}

func nodes(n int) []*ledgerv1.NodeRecord {
	list := make([]*ledgerv1.NodeRecord, n)
	for i := range list {
		list[i] = &ledgerv1.NodeRecord{TransportKey: bytes.Repeat([]byte{byte(i)}, 32)}
	}
	return list
}

func FuzzOpenOffice(f *testing.F) {
	signed, err := SignOffice(testOffice(), testKey(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed.Record, signed.Signature)
	f.Add([]byte("garbage"), []byte{})
	f.Fuzz(func(t *testing.T, record, signature []byte) {
		got, err := OpenOffice(&ledgerv1.SignedOfficeRecord{Record: record, Signature: signature})
		if err == nil && len(got.GetRootKey()) != 32 {
			t.Errorf("opened %x", record)
		}
	})
}
