package ledger

import (
	"errors"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestConsistencyHoldsBetweenAllSizes(t *testing.T) {
	l := newTestLog(t, 40, 40)
	for to := uint64(0); to <= 40; to++ {
		root := l.treeAt(to).Root()
		for from := uint64(0); from <= to; from++ {
			proof, err := ProveConsistency(l, from, to)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckConsistency(proof, l.treeAt(from), to, root); err != nil {
				t.Errorf("from %d to %d: %v", from, to, err)
			}
			if from > 0 && from < to {
				proof[len(proof)/2][0] ^= 1
				if err := CheckConsistency(proof, l.treeAt(from), to, root); !errors.Is(err, ErrProof) {
					t.Errorf("from %d to %d, changed: %v", from, to, err)
				}
			}
		}
	}
}

func TestConsistencyRefusesOtherTrees(t *testing.T) {
	l := newTestLog(t, 20, 40)
	proof, _ := ProveConsistency(l, 7, 20)
	root := l.treeAt(20).Root()
	for name, c := range map[string]struct {
		proof []tlog.Hash
		tree  Tree
		size  uint64
		root  tlog.Hash
		want  error
	}{
		"as proved":          {proof, l.treeAt(7), 20, root, nil},
		"another start":      {proof, treeOf(7), 20, root, ErrProof},
		"another root":       {proof, l.treeAt(7), 20, tlog.Hash{}, ErrProof},
		"another size":       {proof, l.treeAt(7), 33, root, ErrProof}, // 19 has the same shape: only the signature tells
		"another from":       {proof, l.treeAt(8), 20, root, ErrProof},
		"backwards":          {nil, l.treeAt(20), 7, l.treeAt(7).Root(), ErrProof},
		"hash missing":       {proof[:len(proof)-1], l.treeAt(7), 20, root, ErrProof},
		"hash too many":      {append(slices.Clone(proof), tlog.Hash{}), l.treeAt(7), 20, root, ErrProof},
		"from nothing":       {nil, Tree{}, 20, tlog.Hash{9}, nil},
		"nothing with proof": {proof, Tree{}, 20, root, ErrProof},
		"size 0, its root":   {nil, Tree{}, 0, emptyRoot, nil},
		"size 0, no root":    {nil, Tree{}, 0, tlog.Hash{}, ErrProof},
		"proof at the limit": {make([]tlog.Hash, ProofLimit), l.treeAt(7), 20, root, ErrProof},
		"proof over it":      {make([]tlog.Hash, ProofLimit+1), l.treeAt(7), 20, root, ErrTooLarge},
		"size over limit":    {nil, l.treeAt(7), SizeLimit + 1, root, ErrProof},
	} {
		if err := CheckConsistency(c.proof, c.tree, c.size, c.root); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestProvingRefusesWhatIsNotThere(t *testing.T) {
	l := newTestLog(t, 3, 40)
	if _, err := ProveConsistency(l, 3, 2); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if _, err := ProveConsistency(l, 3, SizeLimit+1); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if _, err := ProveInclusion(l, 3, 3); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	broken := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, errors.New("disk gone") })
	if _, err := ProveConsistency(broken, 1, 3); err == nil {
		t.Error("a reader's error was lost")
	}
	if _, err := ProveInclusion(broken, 1, 3); err == nil {
		t.Error("a reader's error was lost")
	}
}
