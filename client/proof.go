package client

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/lmcfed/lmcfed/internal/ledger"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Proof returns the offline proof of one entry ("essex/7") with its body bytes
// exactly as stored and the verifier key of its log. Nothing in it need be trusted:
// CheckProof checks it against a key had from elsewhere.
func (c *Client) Proof(ctx context.Context, name string) (*answersv1.GetProofResponse, error) {
	resp, err := c.guidance.GetProof(ctx, &answersv1.GetProofRequest{Name: name})
	return resp, c.explain(err)
}

// bodySent is the longest body that is sent to be verified. Of a longer one its digest is: a
// node takes no more than 64 KiB from a caller without a key.
const bodySent = 32 << 10

// Verify asks the node whether these bytes are a genuine advisory, and current.
func (c *Client) Verify(ctx context.Context, body []byte) (*answersv1.VerifyResponse, error) {
	resp, err := c.guidance.Verify(ctx, sendable(&answersv1.VerifyRequest{Body: body}))
	return resp, c.explain(err)
}

// sendable is a request to verify a body, by its digest where it is too long to be sent.
func sendable(req *answersv1.VerifyRequest) *answersv1.VerifyRequest {
	body := req.GetBody()
	if len(body) <= bodySent {
		return req
	}
	sum := sha256.Sum256(body)
	crc := binary.BigEndian.AppendUint32(nil, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	return &answersv1.VerifyRequest{Digest: &answersv1.BodyDigest{Sha256: sum[:], Crc32C: crc, SizeBytes: int64(len(body))}}
}

// Proved is what a proof file proves: that an entry stands in a log at the size of a
// signed checkpoint. Whether another entry has ended it, before the checkpoint or since,
// cannot be seen offline.
//
//	type Proved struct {
//		ID         EntryID               // the entry; ID.String() is "essex/7"
//		Header     *ledgerv1.EntryHeader // its kind, its visibility, the time its office claims
//		Size       uint64                // how many entries the log had at the checkpoint
//		Checkpoint Checkpoint            // the log, its size and root, and the note they were signed in
//	}
//
//	type EntryID struct {
//		Office string
//		Epoch  uint32 // of the office's log; 0 but after it had to begin another
//		Index  uint64 // its place in the log, from 0
//	}
//
//	type Checkpoint struct {
//		Log  LogID     // Log.String() is "england/essex/log/0"
//		Size uint64    // how many entries the log has
//		Root tlog.Hash // the RFC 6962 root hash of these entries, 32 bytes
//		Note []byte    // the signed note as received: a C2SP checkpoint
//	}
type Proved = ledger.Proved

// CheckProof checks a proof file and the body it is for against the verifier key of
// the log, without any network. It proves that the entry is in the log up to the proof's
// checkpoint; whether anything has ended it, only a node can say (Verify).
func CheckProof(proof, body []byte, vkey string) (Proved, error) {
	log, pub, err := ledger.ParseVKey(vkey)
	if err != nil {
		return Proved{}, fmt.Errorf("reading the key: %w", err)
	}
	return ledger.CheckProofFile(proof, body, log, pub)
}
