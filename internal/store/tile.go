package store

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// The hashes of a tree are kept in tiles of 64: tile n of level 0 has the leaf hashes
// of block n, tile n of level 1 the roots of blocks 64n to 64n+63, and so on upwards.
// What lies between is computed from the tile below. Only the last tile of a level
// is ever rewritten.
const (
	tileHeight = 6
	tileWidth  = 1 << tileHeight
)

// Blocks and tiles have one width, so that a full leaf tile means a full block.
var _ = [1]struct{}{}[tileWidth-ledger.BlockEntries]

// putHashes appends hashes to the tiles of a level, starting at the level's n-th
// hash, and the roots of tiles that become full to the level above.
func putHashes(tx *txn, log ledger.LogID, level byte, n uint64, hashes []tlog.Hash) error {
	for len(hashes) > 0 {
		have := int(n % tileWidth)
		take := min(len(hashes), tileWidth-have)
		key := tileKey(log, level, n/tileWidth)
		tile, err := readTile(tx, key, have)
		if err != nil {
			return err
		}
		tile = append(tile, hashes[:take]...)
		if err := tableTiles.put(tx, key, tileBytes(tile)); err != nil {
			return err
		}
		if len(tile) == tileWidth {
			if err := putHashes(tx, log, level+1, n/tileWidth, []tlog.Hash{subtree(tile)}); err != nil {
				return err
			}
		}
		hashes, n = hashes[take:], n+uint64(take)
	}
	return nil
}

// readTile reads the first want hashes of a tile.
func readTile(tx *txn, key []byte, want int) ([]tlog.Hash, error) {
	if want == 0 {
		return nil, nil
	}
	value, err := tableTiles.get(tx, key)
	if err != nil {
		return nil, err
	}
	if len(value) < want*tlog.HashSize {
		return nil, tableTiles.damaged(key)
	}
	tile := make([]tlog.Hash, want, tileWidth)
	for i := range tile {
		copy(tile[i][:], value[i*tlog.HashSize:])
	}
	return tile, nil
}

func tileBytes(tile []tlog.Hash) []byte {
	b := make([]byte, 0, len(tile)*tlog.HashSize)
	for i := range tile {
		b = append(b, tile[i][:]...)
	}
	return b
}

// subtree is the root over a power of two of hashes.
func subtree(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

// hashReader reads stored hashes of one log for proofs: a tlog.HashReader.
type hashReader struct {
	tx  *txn
	log ledger.LogID
}

// ReadHashes implements tlog.HashReader.
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		hash, err := r.read(level, uint64(n))
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

func (r hashReader) read(level int, n uint64) (tlog.Hash, error) {
	below := level % tileHeight // levels between the hash and its tile's own
	first := n << below
	from := int(first % tileWidth)
	end := from + 1<<below
	tile, err := readTile(r.tx, tileKey(r.log, byte(level/tileHeight), first/tileWidth), end)
	if err != nil {
		return tlog.Hash{}, err
	}
	return subtree(tile[from:end]), nil
}

// leaf is the leaf hash at an index.
func (r hashReader) leaf(index uint64) (tlog.Hash, error) { return r.read(0, index) }

// rootAt is the root of the first size leaves.
func (r hashReader) rootAt(size uint64) (tlog.Hash, error) {
	root, err := tlog.TreeHash(int64(size), r)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("computing the root of %s at size %d: %w", r.log, size, err)
	}
	return root, nil
}
