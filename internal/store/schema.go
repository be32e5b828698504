package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// How data lies in the file. All numbers are big-endian, so that keys sort as they
// count. LOG is the office's slug, a zero byte and the epoch in four bytes:
//
//	"essex" 00 00000000
//
//	bucket    key                                value
//	meta      "schema" | "federation" | "office" version (4 bytes) | text | text
//	logs      LOG                                state: head, tree, counts (state.go)
//	seen      LOG                                behind since (ms, 8) | checkpoint
//	tail      LOG index(8)                       uvarint length of header | header | salt | body
//	headers   LOG block(8)                       zstd frame of a HeaderBlock
//	bodies    LOG block(8) visibility(1) part(1) zstd frame of a BodyBlock
//	tiles     LOG level(1) n(8)                  up to 64 hashes (tile.go)
//	rows      LOG index(8)                       kind | visibility | claimed | message (index.go)
//	index     see index.go                       nothing
//	absent    visibility(1) LOG index(8)         nothing
//	feed      n(8)                               type(1) arrived(8) first(8) end(8) LOG | digest(32)
//	arrived   LOG end(8)                         feed(8) arrived(8) first(8): headers first to end-1
//	late      LOG index(8)                       feed(8) arrived(8): a body after its header
//	requests  request id                         LOG index(8) content(32)
//	drafts    request id                         content(32) | header, salt, body, each with its length
//
// A value is followed by the CRC-32C of bucket, key and value: bbolt has no checksums
// of its own, so that of 613 flipped bits its check found 6. An empty value is thus
// four bytes long.
//
// content is the SHA-256 of what was asked for under a request id (Draft.Content).
//
// Live and sealed entries lie apart: a bbolt page is written whole, so that a new
// entry of 3 KB beside a block of 70 KB would write both. A block is sealed when its
// 64th entry is here.
//
// rows, index, absent, arrived and late are derived: a pure function of entries,
// bodies held and feed (protocol.md 5, invariant 13). Check rebuilds and compares. They
// depend on the kinds and features this software understands too: with a new one the
// version goes up, or what older software left as not understood would stay so.
const schemaVersion = 7

type table string

const (
	tableMeta     table = "meta"
	tableLogs     table = "logs"
	tableSeen     table = "seen"
	tableTail     table = "tail"
	tableHeaders  table = "headers"
	tableBodies   table = "bodies"
	tableTiles    table = "tiles"
	tableRows     table = "rows"
	tableIndex    table = "index"
	tableAbsent   table = "absent"
	tableFeed     table = "feed"
	tableArrived  table = "arrived"
	tableLate     table = "late"
	tableRequests table = "requests"
	tableDrafts   table = "drafts"
)

var tables = []table{
	tableMeta, tableLogs, tableSeen, tableTail, tableHeaders, tableBodies, tableTiles, tableRows,
	tableIndex, tableAbsent, tableFeed, tableArrived, tableLate, tableRequests, tableDrafts,
}

// put writes a value with its checksum. The key must not be changed afterwards.
func (t table) put(tx *bbolt.Tx, key []byte, parts ...[]byte) error {
	size := crc32.Size
	for _, p := range parts {
		size += len(p)
	}
	value := make([]byte, 0, size)
	for _, p := range parts {
		value = append(value, p...)
	}
	value = binary.BigEndian.AppendUint32(value, t.sum(key, value))
	return tx.Bucket([]byte(t)).Put(key, value)
}

// get reads a value; nil when there is none. It is valid until the transaction ends.
func (t table) get(tx *bbolt.Tx, key []byte) ([]byte, error) {
	framed := tx.Bucket([]byte(t)).Get(key)
	if framed == nil {
		return nil, nil
	}
	return t.open(key, framed)
}

func (t table) del(tx *bbolt.Tx, key []byte) error {
	return tx.Bucket([]byte(t)).Delete(key)
}

// ErrEnough ends a visit early; it reaches no caller.
var ErrEnough = errors.New("enough")

// scan visits the rows whose key starts with prefix and is not below from, in order.
// visit ends it early with ErrEnough.
func (t table) scan(tx *bbolt.Tx, prefix, from []byte, visit func(key, value []byte) error) error {
	c := tx.Bucket([]byte(t)).Cursor()
	if len(from) == 0 {
		from = prefix
	}
	var last []byte
	for key, framed := c.Seek(from); key != nil && bytes.HasPrefix(key, prefix); key, framed = c.Next() {
		value, err := t.open(key, framed)
		if err == nil && last != nil && bytes.Compare(last, key) >= 0 {
			err = t.damaged(key) // a branch page leads somewhere twice
		}
		last = key
		if err == nil {
			err = visit(key, value)
		}
		if errors.Is(err, ErrEnough) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// open checks and takes off the checksum.
func (t table) open(key, framed []byte) ([]byte, error) {
	n := len(framed) - crc32.Size
	if n < 0 || binary.BigEndian.Uint32(framed[n:]) != t.sum(key, framed[:n]) {
		return nil, t.damaged(key)
	}
	return framed[:n:n], nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (t table) sum(key, value []byte) uint32 {
	sum := crc32.Checksum([]byte(t), castagnoli)
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, value)
}

// damaged is ErrCorrupt for a row, with its log and number where the key has them.
func (t table) damaged(key []byte) error {
	place := key
	if t == tableAbsent && len(key) > 0 {
		place = key[1:]
	}
	if log, rest, ok := cutLog("", place); ok && len(rest) >= 8 {
		n := binary.BigEndian.Uint64(rest)
		if t == tableHeaders || t == tableBodies {
			n *= ledger.BlockEntries
		}
		return &CorruptError{Log: log, Index: n, What: fmt.Sprintf("a row of %s does not match its checksum", t)}
	}
	return &CorruptError{What: fmt.Sprintf("row %q of %s does not match its checksum", key, t)}
}

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

func bodyBlockKey(log ledger.LogID, block uint64, visibility, part byte) []byte {
	return append(entryKey(log, block), visibility, part)
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

// initialise gives an empty file its tables, or checks that the file is ours.
func initialise(db *bbolt.DB, opts Options) error {
	fresh := false
	err := db.View(func(tx *bbolt.Tx) error {
		first, _ := tx.Cursor().First()
		fresh = first == nil
		if fresh {
			return nil
		}
		return checkMeta(tx, opts)
	})
	if err != nil || !fresh {
		return err
	}
	return db.Update(func(tx *bbolt.Tx) error {
		for _, t := range tables {
			if _, err := tx.CreateBucket([]byte(t)); err != nil {
				return fmt.Errorf("creating %s: %w", t, err)
			}
		}
		return errors.Join(
			tableMeta.put(tx, []byte("schema"), binary.BigEndian.AppendUint32(nil, schemaVersion)),
			tableMeta.put(tx, []byte("federation"), []byte(opts.Federation)),
			tableMeta.put(tx, []byte("office"), []byte(opts.Office)),
		)
	})
}

func checkMeta(tx *bbolt.Tx, opts Options) error {
	if tx.Bucket([]byte(tableMeta)) == nil {
		return fmt.Errorf("%w: it is a bbolt file of another program", ErrNotOurs)
	}
	version, err := tableMeta.get(tx, []byte("schema"))
	if err != nil {
		return err
	}
	if len(version) != 4 {
		return fmt.Errorf("%w: it has no schema version", ErrNotOurs)
	}
	if v := binary.BigEndian.Uint32(version); v != schemaVersion {
		return fmt.Errorf("%w: the file has schema %d, this program knows %d: run the program that wrote it",
			ErrSchema, v, schemaVersion)
	}
	for name, want := range map[string]string{"federation": opts.Federation, "office": opts.Office} {
		have, err := tableMeta.get(tx, []byte(name))
		if err != nil {
			return err
		}
		if string(have) != want {
			return fmt.Errorf("%w: the file's %s is %q, this node's is %q", ErrOtherFederation, name, have, want)
		}
	}
	for _, t := range tables {
		if tx.Bucket([]byte(t)) == nil {
			return &CorruptError{What: fmt.Sprintf("table %s is missing", t)}
		}
	}
	return nil
}
