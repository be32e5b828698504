package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/version"
)

// How data lies in the file. All numbers are big-endian, so that keys sort as they
// count. LOG is the office's slug, a zero byte and the epoch in four bytes:
//
//	"essex" 00 00000000
//
//	bucket    key                                value
//	meta      "schema" | "federation" | "office" | "seed"  version (4 bytes) | text | text | bytes
//	          "software"                         text: the version that made the file, or brought it up to date
//	          "mended" | "renumbered" | "restored" | "erased"   JSON; nothing where it is not so
//	logs      LOG                                state: head, tree, counts (state.go)
//	seen      LOG                                behind since (ms, 8) | checkpoint
//	          LOG "s"                            heard at (ms, 8) | stamp
//	tail      LOG index(8)                       uvarint length of header | header | salt | body
//	headers   LOG first(8)                       how many(1) | zstd frame of a HeaderBlock
//	bodies    LOG first(8) visibility(1) part(1) zstd frame of a BodyBlock
//	tiles     LOG level(1) n(8)                  up to 64 hashes (tile.go)
//	rows      LOG index(8)                       kind | visibility | claimed | message (index.go)
//	index     see keys.go and index.go           keys
//	absent    visibility(1) LOG index(8)         nothing; or 1, if it was here and lost (mend.go)
//	feed      n(8)                               type(1) arrived(8) first(8) end(8) LOG | digest(32)
//	arrived   LOG end(8)                         feed(8) arrived(8) first(8): headers first to end-1
//	late      LOG index(8)                       feed(8) arrived(8): a body after its header
//	requests  request id                         LOG index(8) content(32)
//	drafts    request id                         content(32) | header, salt, body, each with its length
//	signatures SHA-256 (signature.go)            nothing
//	sums      see proof.go                       what proves the rows of all of these
//
// A value is followed by the CRC-32C of bucket, key and value: bbolt has no checksums
// of its own, so that of 613 flipped bits its check found 6. An empty value is thus
// four bytes long.
//
// content is the SHA-256 of what was asked for under a request id (Draft.Content).
//
// Live and packed entries lie apart: a bbolt page is written whole, so that a new
// entry of 3 KB beside a block of 70 KB would write both. A block is one run, packed when its
// 64th entry is here; before that, runs of 16 and more (block.go).
//
// rows, index, absent, arrived and late are derived: a pure function of entries,
// bodies held and feed (protocol.md 5, invariant 13). Check rebuilds and compares. They
// depend on the kinds and features this software understands too: with a new one the
// version goes up, or what older software left as not understood would stay so. Whatever
// makes it go up brings older files up to date (migrate.go).
const schemaVersion = 12

type table byte

const (
	tableMeta table = iota
	tableLogs
	tableSeen
	tableTail
	tableHeaders
	tableBodies
	tableTiles
	tableRows
	tableIndex
	tableAbsent
	tableFeed
	tableArrived
	tableLate
	tableRequests
	tableDrafts
	tableSignatures
	tableSums  // which proves the others
	tableCount = tableSums
)

var tableNames = [...]string{
	"meta", "logs", "seen", "tail", "headers", "bodies", "tiles", "rows",
	"index", "absent", "feed", "arrived", "late", "requests", "drafts", "signatures", "sums",
}

func (t table) String() string { return tableNames[t] }

// logKey is LOG.
func logKey(log ledger.LogID) []byte {
	key := make([]byte, 0, len(log.Office)+1+4+8+2)
	key = append(append(key, log.Office...), 0)
	return binary.BigEndian.AppendUint32(key, log.Epoch)
}

// entryKey is LOG and a number: an index, a block or a size.
func entryKey(log ledger.LogID, n uint64) []byte {
	return binary.BigEndian.AppendUint64(logKey(log), n)
}

func bodyBlockKey(log ledger.LogID, first uint64, visibility, part byte) []byte {
	return append(entryKey(log, first), visibility, part)
}

func tileKey(log ledger.LogID, level byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64(append(logKey(log), level), n)
}

func absentKey(visibility byte, log ledger.LogID, index uint64) []byte {
	return append([]byte{visibility}, entryKey(log, index)...)
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// cutLog takes LOG off the front of a key.
func cutLog(federation string, key []byte) (log ledger.LogID, rest []byte, ok bool) {
	end := bytes.IndexByte(key, 0)
	if end < 1 || len(key) < end+1+4 {
		return ledger.LogID{}, nil, false
	}
	log = ledger.LogID{Federation: federation, Office: string(key[:end]), Epoch: binary.BigEndian.Uint32(key[end+1:])}
	return log, key[end+5:], true
}

// cutEntry takes LOG and index off the front of a key.
func cutEntry(federation string, key []byte) (entryPlace, []byte, bool) {
	log, rest, ok := cutLog(federation, key)
	if !ok || len(rest) < 8 {
		return entryPlace{}, nil, false
	}
	return entryPlace{log, binary.BigEndian.Uint64(rest)}, rest[8:], true
}

// entryPlace is an entry's log and index.
type entryPlace struct {
	log   ledger.LogID
	index uint64
}

// seedKey is of what boundaries of spans depend on (proof.go).
var seedKey = []byte("seed")

// initialise gives an empty file its tables, or checks that the file is ours. It returns the
// seed, and whether the file was empty.
func initialise(db *bbolt.DB, opts Options) (seed []byte, fresh bool, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		first, _ := tx.Cursor().First()
		if fresh = first == nil; fresh {
			return nil
		}
		seed, err = checkMeta(tx, opts)
		return err
	})
	if err != nil || !fresh {
		return seed, fresh, err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		w, err := start(tx)
		if err != nil {
			return err
		}
		seed = w.seed
		return errors.Join(
			tableMeta.put(w, schemaKey, binary.BigEndian.AppendUint32(nil, schemaVersion)),
			tableMeta.put(w, []byte("federation"), []byte(opts.Federation)),
			tableMeta.put(w, []byte("office"), []byte(opts.Office)),
			tableMeta.put(w, seedKey, w.seed),
			tableMeta.put(w, softwareKey, []byte(version.Software())),
			w.seal(),
		)
	})
	return seed, fresh, err
}

var schemaKey, softwareKey = []byte("schema"), []byte("software")

// metaRows is how many rows of tableMeta every file has, at least. One of version 10 lacks that of the software.
const metaRows = 5

func checkMeta(raw *bbolt.Tx, opts Options) (seed []byte, err error) {
	meta := raw.Bucket([]byte(tableNames[tableMeta])) // whose pages were looked at before
	if meta == nil {
		return nil, fmt.Errorf("%w: it is a bbolt file of another program", ErrNotOurs)
	}
	framed := meta.Get(schemaKey)
	if framed == nil {
		return nil, fmt.Errorf("%w: it has no schema version", ErrNotOurs)
	}
	value, err := tableMeta.open(schemaKey, framed)
	if err != nil {
		return nil, err
	}
	has := binary.BigEndian.Uint32(value)
	if has > schemaVersion {
		by := "the one that made it, or a newer one"
		if name, err := tableMeta.open(softwareKey, meta.Get(softwareKey)); err == nil && !strings.HasPrefix(string(name), "(") { // built from no release
			by = string(name) + " or a newer one"
		}
		return nil, fmt.Errorf("%w: its version is %d, and %s knows them up to %d: run %s", ErrSchema, has, version.Software(), schemaVersion, by)
	}
	if has < frozenVersion {
		return nil, fmt.Errorf("%w: its version is %d, of a trial before the first release, and %d is the oldest that opens", ErrSchema, has, frozenVersion)
	}
	for _, name := range tableNames {
		if raw.Bucket([]byte(name)) == nil {
			return nil, &CorruptError{What: fmt.Sprintf("table %s is missing", name)}
		}
	}
	tx, err := begun(raw)
	if err != nil {
		return nil, err
	}
	for name, want := range map[string]string{"federation": opts.Federation, "office": opts.Office} {
		have, err := tableMeta.get(tx, []byte(name))
		if err != nil {
			return nil, err
		}
		if string(have) != want {
			return nil, fmt.Errorf("%w: the file's %s is %q, this node's is %q", ErrOtherFederation, name, have, want)
		}
	}
	if has < schemaVersion {
		return nil, &olderError{has}
	}
	seed, err = tableMeta.get(tx, seedKey)
	return bytes.Clone(seed), err
}
