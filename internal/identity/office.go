package identity

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// officeRecord is what a root key signs an office's record as: "lmcfed/office/1\n".
const officeRecord = "office"

// SignOffice signs what an office says of itself with the root key it names
// (protocol.md 6). The record's bytes are fixed here and kept by the register.
func SignOffice(record *ledgerv1.OfficeRecord, root ed25519.PrivateKey) (*ledgerv1.SignedOfficeRecord, error) {
	if err := checkOffice(record); err != nil {
		return nil, fmt.Errorf("signing office record: %w", err)
	}
	if !bytes.Equal(record.GetRootKey(), root.Public().(ed25519.PublicKey)) {
		return nil, fmt.Errorf("signing office record of %s: %w: it names another root key", record.GetOffice().GetId(), ErrMalformed)
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("signing office record: %w", err)
	}
	if len(b) > OfficeRecordLimit {
		return nil, fmt.Errorf("signing office record: %w: %d bytes, at most %d", ErrTooLarge, len(b), OfficeRecordLimit)
	}
	return &ledgerv1.SignedOfficeRecord{Record: b, Signature: ledger.SignBytes(officeRecord, b, root)}, nil
}

// OpenOffice returns the record after checking that the root key it names signed it.
// That the root key is the office's is for people to check by its Fingerprint.
// Errors: ErrMalformed, ErrTooLarge, ErrBadSignature.
func OpenOffice(signed *ledgerv1.SignedOfficeRecord) (*ledgerv1.OfficeRecord, error) {
	b := signed.GetRecord()
	if len(b) > OfficeRecordLimit {
		return nil, fmt.Errorf("opening office record: %w: %d bytes, at most %d", ErrTooLarge, len(b), OfficeRecordLimit)
	}
	record := new(ledgerv1.OfficeRecord)
	if err := proto.Unmarshal(b, record); err != nil {
		return nil, fmt.Errorf("opening office record: %w: %v", ErrMalformed, err)
	}
	if err := checkOffice(record); err != nil {
		return nil, fmt.Errorf("opening office record: %w", err)
	}
	if !ledger.VerifyBytes(officeRecord, b, signed.GetSignature(), record.GetRootKey()) {
		return nil, fmt.Errorf("opening office record of %s: %w: it was changed after the office signed it; ask the office for it again",
			record.GetOffice().GetId(), ErrBadSignature)
	}
	return record, nil
}

// checkOffice checks what must hold of a record for anything to be done with it.
func checkOffice(record *ledgerv1.OfficeRecord) error {
	log := ledger.LogID{Federation: record.GetFederation(), Office: record.GetOffice().GetId()}
	if _, err := ledger.ParseLogID(log.String()); err != nil {
		return fmt.Errorf("%w: federation %.80q or office %.80q: want lower-case letters, digits and single hyphens",
			ErrMalformed, log.Federation, log.Office)
	}
	if err := checkKey("root", record.GetRootKey()); err != nil {
		return err
	}
	if err := checkKey("log", record.GetLogKey()); err != nil {
		return err
	}
	if n := len(record.GetNodes()); n > NodesLimit {
		return fmt.Errorf("%w: %d nodes, at most %d", ErrTooLarge, n, NodesLimit)
	}
	for _, node := range record.GetNodes() {
		if err := checkKey("transport", node.GetTransportKey()); err != nil {
			return err
		}
		if address := node.GetAddress(); address != "" {
			if err := notation.CheckAddress(address); err != nil {
				return fmt.Errorf("%w: a node's address: %w", ErrMalformed, err)
			}
		}
	}
	return nil
}

func checkKey(which string, key []byte) error {
	if len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("%w: %s key of %d bytes, want %d", ErrMalformed, which, len(key), ed25519.PublicKeySize)
	}
	return nil
}
