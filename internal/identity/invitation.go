package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// An invitation is one string that survives an e-mail:
//
//	lmcinvite1:CgRkZW1vEgtncGMtZW5nbGFuZBp…:5f0c9a1e
//
// the marshalled ledgerv1.Invitation in unpadded base64url, then the first four bytes
// of the SHA-256 of those bytes in hex. The checksum comes last so that a paste that
// lost its end is told from one with a typing error.
const (
	invitationPrefix = "lmcinvite1:"
	checksumLen      = 8
)

var invitationEncoding = base64.RawURLEncoding.Strict()

// FormatInvitation returns the invitation as one string.
func FormatInvitation(inv *ledgerv1.Invitation) string {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(inv)
	if err != nil {
		return "" // only strings that are not UTF-8: ParseInvitation names it
	}
	return invitationPrefix + invitationEncoding.EncodeToString(b) + ":" + checksum(b)
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:checksumLen/2])
}

// ParseInvitation parses an invitation. White space is dropped first, wherever it
// stands: mail programs break long lines. Errors: ErrTruncated, ErrMalformed,
// ErrTooLarge.
func ParseInvitation(s string) (*ledgerv1.Invitation, error) {
	if len(s) > InvitationLimit {
		return nil, fmt.Errorf("reading invitation: %w: %d bytes, at most %d", ErrTooLarge, len(s), InvitationLimit)
	}
	s = strings.Join(strings.Fields(s), "")
	text, ok := strings.CutPrefix(s, invitationPrefix)
	if !ok && (s == "" || !strings.HasPrefix(invitationPrefix, s)) {
		return nil, fmt.Errorf("reading invitation: %w: it must start with %q; was its beginning lost?", ErrMalformed, invitationPrefix)
	}
	b64, sum, _ := strings.Cut(text, ":")
	if len(sum) < checksumLen {
		return nil, fmt.Errorf("reading invitation: %w: its end is missing; paste it whole", ErrTruncated)
	}
	b, err := invitationEncoding.DecodeString(b64)
	if err != nil || checksum(b) != sum {
		return nil, fmt.Errorf("reading invitation: %w: its checksum does not match, so a letter was lost or changed; copy it again", ErrMalformed)
	}
	inv := new(ledgerv1.Invitation)
	if err := proto.Unmarshal(b, inv); err != nil {
		return nil, fmt.Errorf("reading invitation: %w: %v", ErrMalformed, err)
	}
	if err := checkInvitation(inv); err != nil {
		return nil, fmt.Errorf("reading invitation: %w: %w; ask the keeper for a new one", ErrMalformed, err)
	}
	return inv, nil
}

// checkInvitation checks that what a joining node trusts from then on is there and
// belongs together.
func checkInvitation(inv *ledgerv1.Invitation) error {
	log, _, err := ledger.ParseVKey(inv.GetKeeperVkey())
	if err != nil {
		return fmt.Errorf("keeper's key: %w", err)
	}
	if log.Federation != inv.GetFederation() || log.Office != inv.GetKeeper() {
		return fmt.Errorf("the keeper's key is of %s, not of %s in %s", log, inv.GetKeeper(), inv.GetFederation())
	}
	if err := checkKey("keeper's root", inv.GetKeeperRootKey()); err != nil {
		return err
	}
	if n := len(inv.GetPin()); n != len(Pin{}) {
		return fmt.Errorf("pin of %d bytes, want %d", n, len(Pin{}))
	}
	if err := notation.CheckAddress(inv.GetAddress()); err != nil {
		return fmt.Errorf("keeper's address: %w", err)
	}
	if _, err := ledger.ParseEntryID(inv.GetOffice() + "/0"); err != nil {
		return fmt.Errorf("office invited: %.80q is not an office id", inv.GetOffice())
	}
	return nil
}
