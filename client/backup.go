package client

import (
	"context"
	"errors"
	"fmt"
	"io"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// DownloadBackup writes a copy of the node's data to w, whole and consistent while
// the node serves. What was written before an error is no backup.
func (c *Client) DownloadBackup(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx) // a reader who stops ends the stream
	defer cancel()
	stream, err := c.publication.DownloadBackup(ctx, &nodev1.DownloadBackupRequest{})
	if err != nil {
		return c.explain(err)
	}
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return c.explain(err)
		}
		if _, err := w.Write(piece.Data); err != nil {
			return fmt.Errorf("writing the backup: %w", err)
		}
	}
}
