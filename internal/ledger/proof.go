package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ProveConsistency returns the RFC 6962 consistency proof that the tree of size to
// extends the tree of size from, reading stored hashes from r. It is empty when from
// is 0, for nothing extends to anything, and when both are equal.
func ProveConsistency(r tlog.HashReader, from, to uint64) ([]tlog.Hash, error) {
	if from > to || to > SizeLimit {
		return nil, fmt.Errorf("proving that size %d extends size %d: %w", to, from, ErrProof)
	}
	if from == 0 || from == to {
		return nil, nil
	}
	proof, err := tlog.ProveTree(int64(to), int64(from), r)
	if err != nil {
		return nil, fmt.Errorf("proving that size %d extends size %d: %w", to, from, err)
	}
	return proof, nil
}

// CheckConsistency checks that proof leads from a tree to a root at a size.
// Error: ErrProof.
func CheckConsistency(proof []tlog.Hash, tree Tree, size uint64, root tlog.Hash) error {
	if len(proof) > ProofLimit {
		return fmt.Errorf("%w: proof of %d hashes, at most %d", ErrTooLarge, len(proof), ProofLimit)
	}
	if size > SizeLimit || tree.Size() > size {
		return fmt.Errorf("%w: size %d lies before %d", ErrProof, size, tree.Size())
	}
	// The empty tree extends to anything without a proof (protocol.md 2), but size 0 has one
	// root only.
	leads := len(proof) == 0 && (size > 0 || root == emptyRoot)
	if tree.Size() > 0 {
		leads = tlog.CheckTree(proof, int64(size), root, int64(tree.Size()), tree.Root()) == nil
	}
	if !leads {
		return fmt.Errorf("%w: from size %d to size %d", ErrProof, tree.Size(), size)
	}
	return nil
}

// ProveInclusion returns the RFC 6962 inclusion proof of the entry at index in the
// tree of a size, reading stored hashes from r.
func ProveInclusion(r tlog.HashReader, index, size uint64) (tlog.RecordProof, error) {
	if index >= size || size > SizeLimit {
		return nil, fmt.Errorf("proving entry %d in size %d: %w", index, size, ErrProof)
	}
	proof, err := tlog.ProveRecord(int64(size), int64(index), r)
	if err != nil {
		return nil, fmt.Errorf("proving entry %d in size %d: %w", index, size, err)
	}
	return proof, nil
}
