package ledger

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// treeLevels is how many complete subtrees a tree of SizeLimit leaves can have.
const treeLevels = 41

// Tree is the compact form of an RFC 6962 tree: its size and the roots of its
// complete subtrees, one for each bit set in the size. It is all that is needed to
// append leaves and to know the root; to prove anything takes the stored hashes.
//
// A Tree is a plain value: assignment copies it, == compares it, and the zero value
// is the empty tree.
type Tree struct {
	size uint64
	// nodes[i] is the root of the complete subtree of 2^i leaves when bit i of size is
	// set, and zero otherwise: so == means equal.
	nodes [treeLevels]tlog.Hash
}

// Size returns how many leaves the tree has.
func (t Tree) Size() uint64 { return t.size }

// Append adds a leaf: the LeafHash of the next header. It panics at SizeLimit
// leaves, which every parser of sizes refuses long before.
func (t *Tree) Append(leaf tlog.Hash) {
	if t.size >= SizeLimit {
		panic("ledger: a tree is larger than SizeLimit")
	}
	// As in adding one to a binary number: every full subtree met is carried upwards.
	level := 0
	for ; t.size>>level&1 == 1; level++ {
		leaf = tlog.NodeHash(t.nodes[level], leaf)
		t.nodes[level] = tlog.Hash{}
	}
	t.nodes[level] = leaf
	t.size++
}

// Root returns the RFC 6962 root; that of the empty tree is the SHA-256 of nothing.
func (t Tree) Root() tlog.Hash {
	if t.size == 0 {
		return emptyRoot
	}
	low := bits.TrailingZeros64(t.size)
	root := t.nodes[low]
	for level := low + 1; t.size>>level != 0; level++ {
		if t.size>>level&1 == 1 {
			root = tlog.NodeHash(t.nodes[level], root)
		}
	}
	return root
}

// emptyRoot is SHA-256("").
var emptyRoot = tlog.Hash{
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
}

// MarshalBinary returns the size, eight bytes big-endian, and the subtree roots from
// the largest to the smallest, 32 bytes each:
//
//	00 00 00 00 00 00 00 05  <root of leaves 0..3>  <leaf 4>
func (t Tree) MarshalBinary() ([]byte, error) {
	b := binary.BigEndian.AppendUint64(nil, t.size)
	for level := treeLevels - 1; level >= 0; level-- {
		if t.size>>level&1 == 1 {
			b = append(b, t.nodes[level][:]...)
		}
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote, and nothing else.
func (t *Tree) UnmarshalBinary(b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("reading a tree: %w: %d bytes", ErrMalformed, len(b))
	}
	read := Tree{size: binary.BigEndian.Uint64(b)}
	b = b[8:]
	if read.size > SizeLimit || len(b) != bits.OnesCount64(read.size)*tlog.HashSize {
		return fmt.Errorf("reading a tree: %w: %d bytes of hashes for size %d", ErrMalformed, len(b), read.size)
	}
	for level := treeLevels - 1; level >= 0; level-- {
		if read.size>>level&1 == 1 {
			b = b[copy(read.nodes[level][:], b):]
		}
	}
	*t = read
	return nil
}
