package client

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// The writing calls need the officer key of the node (WithKey). Each request
// carries a request id: a repeat with the same id returns the first answer and
// writes nothing, so a call that was cut may be made again with the same request.
// A request without an id that is not validate_only is given a random one, which a
// later call cannot repeat: choose your own where a retry must be safe.
//
// An answer has a preview of what it was made against. A request that carries the preview
// of a check is refused with ErrMoved when what its officer was shown has changed.

// PublishAdvisory publishes an advisory, or with validate_only checks it: the
// answer holds the advisory as readers would see it, what it ends, and warnings.
func (c *Client) PublishAdvisory(ctx context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.PublishAdvisory(ctx, req)
	return resp, c.explain(err)
}

// Withdraw withdraws an advisory.
func (c *Client) Withdraw(ctx context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.WithdrawAdvisory(ctx, req)
	return resp, c.explain(err)
}

// TakeDown takes down an advisory or report of the office that no longer stands: every node drops its words.
func (c *Client) TakeDown(ctx context.Context, req *nodev1.TakeDownRequest) (*nodev1.TakeDownResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.TakeDown(ctx, req)
	return resp, c.explain(err)
}

// PublishMatter opens a matter, or amends one of this office, which takes the preview of a
// check: ErrInvalid without it, ErrMoved when somebody else amended it since.
func (c *Client) PublishMatter(ctx context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.PublishMatter(ctx, req)
	return resp, c.explain(err)
}

// Report records what a committee is reported to have said.
func (c *Client) Report(ctx context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.ReportPosition(ctx, req)
	return resp, c.explain(err)
}

// AppendRegister appends records to the register, all or none. Only at the keeper.
func (c *Client) AppendRegister(ctx context.Context, req *nodev1.AppendRegisterRequest) (*nodev1.AppendRegisterResponse, error) {
	fillID(&req.RequestId, req.GetValidateOnly())
	resp, err := c.publication.AppendRegister(ctx, req)
	return resp, c.explain(err)
}

// Invite makes the invitation string of an admitted office. Only at the keeper.
func (c *Client) Invite(ctx context.Context, office string) (string, error) {
	resp, err := c.publication.Invite(ctx, &nodev1.InviteRequest{Office: office})
	return resp.GetInvitation(), c.explain(err)
}

func fillID(id *string, checkOnly bool) {
	if *id == "" && !checkOnly {
		*id = rand.Text()
	}
}

// DownloadBackup writes a copy of the node's data to w, whole and consistent while
// the node serves. What was written before an error is no backup.
func (c *Client) DownloadBackup(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx) // a reader who stops ends the stream
	defer cancel()
	stream, err := c.publication.DownloadBackup(ctx, &nodev1.DownloadBackupRequest{})
	if err != nil {
		return c.explain(err)
	}
	return receive(c, stream, func(piece *nodev1.DownloadBackupResponse) error {
		if _, err := w.Write(piece.Data); err != nil {
			return fmt.Errorf("writing the backup: %w", err)
		}
		return nil
	})
}
