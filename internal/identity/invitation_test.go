package identity

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func testInvitation() *ledgerv1.Invitation {
	pin := PinOf(testPublic(3))
	return &ledgerv1.Invitation{
		Federation:    "demo",
		Keeper:        "gpc-england",
		KeeperVkey:    ledger.VKey(ledger.LogID{Federation: "demo", Office: "gpc-england"}, testPublic(2)),
		KeeperRootKey: testPublic(1),
		Address:       "keeper.example.org:7443",
		Pin:           pin[:],
		Office:        "essex",
	}
}

func TestInvitationReadsAsWritten(t *testing.T) {
	s := FormatInvitation(testInvitation())
	wrapped := "  " + s[:30] + "\r\n" + s[30:90] + "\n\t" + s[90:] + " \n"
	for _, text := range []string{s, wrapped} {
		inv, err := ParseInvitation(text)
		if err != nil || !proto.Equal(inv, testInvitation()) {
			t.Errorf("%q: %v, %v", text, inv, err)
		}
	}
	if FormatInvitation(testInvitation()) != s {
		t.Error("it changes from call to call")
	}
}

// Wherever it is cut, it is named as cut.
func TestTruncatedInvitationIsNamedAsTruncated(t *testing.T) {
	s := FormatInvitation(testInvitation())
	for n := 1; n < len(s); n++ {
		if _, err := ParseInvitation(s[:n]); !errors.Is(err, ErrTruncated) {
			t.Fatalf("cut to %d of %d: %v", n, len(s), err)
		}
	}
	_, err := ParseInvitation(s[:len(s)/2])
	if want := "reading invitation: cut short: its end is missing; paste it whole"; err.Error() != want {
		t.Errorf("got %q", err)
	}
}

func TestInvitationRefusesTypingErrors(t *testing.T) {
	s := FormatInvitation(testInvitation())
	for i := len(invitationPrefix); i < len(s); i++ {
		bad := []byte(s)
		if bad[i]++; s[i] == ':' {
			continue // that cuts it
		}
		if _, err := ParseInvitation(string(bad)); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTruncated) {
			t.Fatalf("letter %d changed: %v", i, err)
		}
	}
	for name, bad := range map[string]string{
		"nothing":          "",
		"beginning lost":   s[5:],
		"another version":  strings.Replace(s, "invite1", "invite2", 1),
		"something after":  s + "0",
		"another checksum": s[:len(s)-8] + "00000000",
		"upper case":       strings.ToUpper(s),
		"a pin":            PinOf(testPublic(1)).String(),
	} {
		if _, err := ParseInvitation(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvitationMustHoldWhatAJoiningNodeTrusts(t *testing.T) {
	other := ledger.VKey(ledger.LogID{Federation: "demo", Office: "wessex"}, testPublic(2))
	for name, change := range map[string]func(i *ledgerv1.Invitation){
		"no key":           func(i *ledgerv1.Invitation) { i.KeeperVkey = "" },
		"key of another":   func(i *ledgerv1.Invitation) { i.KeeperVkey = other },
		"other federation": func(i *ledgerv1.Invitation) { i.Federation = "england" },
		"short root key":   func(i *ledgerv1.Invitation) { i.KeeperRootKey = make(ed25519.PublicKey, 31) },
		"no pin":           func(i *ledgerv1.Invitation) { i.Pin = nil },
		"no address":       func(i *ledgerv1.Invitation) { i.Address = "" },
		"no port":          func(i *ledgerv1.Invitation) { i.Address = "keeper.example.org" },
		"no office":        func(i *ledgerv1.Invitation) { i.Office = "" },
		"no slug":          func(i *ledgerv1.Invitation) { i.Office = "Essex" },
	} {
		inv := testInvitation()
		change(inv)
		if _, err := ParseInvitation(FormatInvitation(inv)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvitationKeepsItsLimit(t *testing.T) {
	s := FormatInvitation(testInvitation())
	if _, err := ParseInvitation(s + strings.Repeat(" ", InvitationLimit-len(s))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := ParseInvitation(s + strings.Repeat(" ", InvitationLimit+1-len(s))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
}

func FuzzParseInvitation(f *testing.F) {
	s := FormatInvitation(testInvitation())
	f.Add(s)
	f.Add(s[:len(s)/2])
	f.Add(invitationPrefix + ":e3b0c442")
	f.Add(FormatInvitation(&ledgerv1.Invitation{Federation: "demo"}))
	f.Fuzz(func(t *testing.T, s string) {
		inv, err := ParseInvitation(s)
		if err != nil {
			return
		}
		again, err := ParseInvitation(FormatInvitation(inv))
		if err != nil || !proto.Equal(again, inv) {
			t.Errorf("%q does not survive: %v", s, err)
		}
	})
}
