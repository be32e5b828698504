package server

import (
	"context"
)

// Await returns when cond holds; it looks again whenever something arrives.
func (n *Node) Await(ctx context.Context, cond func() bool) error {
	for {
		feed, _ := n.store.FeedEnd()
		if cond() {
			return nil
		}
		if err := n.store.Wait(ctx, feed); err != nil {
			return err
		}
	}
}

// Address is where the register says this node can be dialled; empty: it only
// dials.
func (n *Node) Address() string { return n.ownAddress() }

// ViewDigest is the hash of all resolved positions on a matter as of a day, without
// what depends on the reader or the node: equal on every node that holds the same.
func (n *Node) ViewDigest(matter, day string) ([32]byte, error) {
	return n.answers.ViewDigest(context.Background(), matter, day)
}

// HeldSize is how many entries of an office's log this node holds.
func (n *Node) HeldSize(office string) uint64 {
	log := n.ownLog()
	log.Office = office
	head, _ := n.store.Held(log)
	return head.Size
}
