package ledger

import (
	"golang.org/x/mod/sumdb/tlog"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Verified is a run of entries that was checked to extend a log: only a Verifier makes
// one. Its slices must not be changed. The zero value is of no log and carries
// nothing.
type Verified struct {
	base    Tree
	tree    Tree
	target  Checkpoint
	entries []Entry
	headers []*ledgerv1.EntryHeader
	leaves  []tlog.Hash
	blocks  Blocks
	packed  bool
}

// Blocks are the packed frames of a run within one block as shipped, fit to be stored and
// served as they are.
type Blocks struct {
	// Headers is the frame of all its headers.
	Headers []byte
	// Bodies are the frames of the bodies that came.
	Bodies []BodyFrame
}

// BodyFrame is a frame of bodies of one visibility.
type BodyFrame struct {
	// Visibility is that of every body in it.
	Visibility guidancev1.Visibility
	// Frame is the frame.
	Frame []byte
}

// Log returns the log.
func (v *Verified) Log() LogID { return v.target.Log }

// From returns the index of the first new entry: the size of the tree it extends.
func (v *Verified) From() uint64 { return v.base.size }

// Entries returns the new entries, oldest first.
func (v *Verified) Entries() []Entry { return v.entries }

// Headers returns the parsed headers of Entries.
func (v *Verified) Headers() []*ledgerv1.EntryHeader { return v.headers }

// LeafHashes returns the leaf hashes of Entries.
func (v *Verified) LeafHashes() []tlog.Hash { return v.leaves }

// Tree returns the tree after the new entries.
func (v *Verified) Tree() Tree { return v.tree }

// Target returns the signed checkpoint that the tree was proved to lead to.
func (v *Verified) Target() Checkpoint { return v.target }

// Blocks returns the frames as shipped, when all in them is new and of one block: else
// something of them was not checked byte for byte.
func (v *Verified) Blocks() (Blocks, bool) { return v.blocks, v.packed }
