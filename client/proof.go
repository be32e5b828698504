package client

import (
	"context"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Proof returns the offline proof of one entry ("essex/7") with its body bytes
// exactly as stored and the verifier key of its log. Nothing in it need be trusted:
// CheckProof checks it against a key had from elsewhere.
func (c *Client) Proof(ctx context.Context, name string) (*nodev1.GetProofResponse, error) {
	resp, err := c.guidance.GetProof(ctx, &nodev1.GetProofRequest{Name: name})
	return resp, c.explain(err)
}

// Verify asks the node whether these bytes are a genuine advisory, and current.
func (c *Client) Verify(ctx context.Context, body []byte) (*nodev1.VerifyResponse, error) {
	resp, err := c.guidance.Verify(ctx, &nodev1.VerifyRequest{Body: body})
	return resp, c.explain(err)
}

// Proved is what a proof file proves: which entry, its header, and the checkpoint.
type Proved = ledger.Proved

// CheckProof checks a proof file and the body it is for against the verifier key of
// the log, without any network. What it proves holds up to the proof's checkpoint:
// a later withdrawal cannot be seen offline.
func CheckProof(proof, body []byte, vkey string) (Proved, error) {
	log, pub, err := ledger.ParseVKey(vkey)
	if err != nil {
		return Proved{}, fmt.Errorf("reading the key: %w", err)
	}
	return ledger.CheckProofFile(proof, body, log, pub)
}
