package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// What is derived from one entry: its row and the keys it is found by.
//
//	rows    LOG index                        uvarint kind | uvarint visibility | varint claimed (ms) | message
//	index   'd' LOG ^day(10) ^index(8)       every entry, once, under the day it is listed under
//	        'm' length(2) matter LOG ^day(10) ^index(8)   it has a position or a report on
//	                                         the matter, or withdraws or erases what had; by that day
//	        'e' LOG index LOG index          the second ends, amends, restores or erases the first
//	        'k' kind(4) LOG index            it is a MATTER, an ERASURE or a REGISTER entry
//	        'n' length(2) name LOG index     a MATTER entry of that name
//	        't' CRC-32C(4) LOG index         a MATTER entry of that title or alias, in lower case
//	        'o' ^day(10) LOG index           a MATTER entry opened on that day
//	        'b' CRC-32C(4) length(4) LOG index   its body, for FindBody
//	        's' LOG index                    it is not understood
//	        'v' LOG index                    a letter that has votes
//	absent  visibility LOG index             its body is not here, and was not erased
//
// ^ is for bytes inverted, so that the order of keys is newest first. The day an entry is
// listed under is the latest it can have been issued on, or the matter opened on; where
// it says none, or its body is not here or not understood, the UTC day of its claimed time.
//
// The message is the body without the letter's text and attachments: what a question
// needs, at a fifth of the bytes. An entry is not understood when its kind is unknown,
// it needs features unknown here, its body does not parse, or names over content.LinkLimit
// matters or entries: it is stored and relayed, and nothing of it is found but its
// body and its day. Entries at or beyond the held size have all this too; readers leave
// them out.
const (
	byDay           = 'd'
	byMatter        = 'm'
	byEnded         = 'e'
	byKind          = 'k'
	byBody          = 'b'
	byNotUnderstood = 's'
	byName          = 'n'
	byTitle         = 't'
	byOpened        = 'o'
	byVotes         = 'v'
)

// derivedRow is one row of those that are derived.
type derivedRow struct {
	table      table
	key, value []byte
}

// derive is the index of one entry: a pure function of its bytes and of whether its
// body is here, or was erased (invariant 13). The tally counts the entry.
func derive(log ledger.LogID, h *ledgerv1.EntryHeader, body []byte, erased bool) ([]derivedRow, tally) {
	index, v, kind := h.GetIndex(), class(h.GetVisibility()), h.GetKind()
	place := entryKey(log, index)
	var count tally
	count.entries[v] = 1
	var rows []derivedRow
	findBy := func(key []byte) { rows = append(rows, derivedRow{table: tableIndex, key: append(key, place...)}) }

	switch {
	case body != nil:
		findBy(bodyKey(body))
	case !erased:
		count.absent[v] = 1
		rows = append(rows, derivedRow{table: tableAbsent, key: absentKey(v, log, index)})
	}
	found, err := understand(h, body)
	if err != nil {
		count.notUnderstood = 1
		found = understood{}
		findBy([]byte{byNotUnderstood})
	}
	day := listDay(h, found.day)
	rows = append(rows, derivedRow{table: tableIndex, key: listKey([]byte{byDay}, log, day, index)})
	if found.row == nil {
		return rows, count
	}

	value := make([]byte, 0, len(found.row)+12)
	value = binary.AppendUvarint(value, uint64(uint32(kind)))
	value = binary.AppendUvarint(value, uint64(uint32(h.GetVisibility())))
	value = binary.AppendVarint(value, h.GetClaimedMs())
	rows = append(rows, derivedRow{tableRows, place, append(value, found.row...)})
	for _, matter := range unique(found.matters) {
		if len(matter) <= MatterLimit {
			rows = append(rows, derivedRow{table: tableIndex, key: listKey(matterKey(matter), log, day, index)})
		}
	}
	for _, name := range unique(found.ends) {
		if id, err := ledger.ParseEntryID(name); err == nil {
			findBy(endedKey(id.Log(log.Federation), id.Index))
		}
	}
	if found.erases != nil {
		findBy(endedKey(log, *found.erases))
	}
	if found.votes {
		findBy([]byte{byVotes})
	}
	switch kind {
	case ledgerv1.EntryKind_ENTRY_KIND_MATTER, ledgerv1.EntryKind_ENTRY_KIND_ERASURE, ledgerv1.EntryKind_ENTRY_KIND_REGISTER:
		findBy(kindKey(kind))
	}
	if m := found.matter; m != nil {
		findBy(appendDay([]byte{byOpened}, m.GetOpened().GetLatest()))
		if len(m.GetName()) <= MatterLimit {
			findBy(nameKey(m.GetName()))
		}
		titles := append([]string{m.GetTitle()}, m.GetAliases()...)
		var keys []string // each once: titles may differ in case alone
		for _, title := range titles[:min(len(titles), content.LinkLimit)] {
			keys = append(keys, string(titleKey(title)))
		}
		for _, key := range unique(keys) {
			findBy([]byte(key))
		}
	}
	return rows, count
}

// listDay is the day an entry is listed under, given the one it says.
func listDay(h *ledgerv1.EntryHeader, said string) string {
	if _, err := time.Parse(time.DateOnly, said); err == nil {
		return said
	}
	claimed := fromMillis(h.GetClaimedMs())
	if claimed.Year() > 9999 {
		return noDay
	}
	return claimed.Format(time.DateOnly)
}

// listKey is the key of an entry in a list: newest day first, then the higher index.
func listKey(list []byte, log ledger.LogID, day string, index uint64) []byte {
	key := append(list, logKey(log)...)
	return binary.BigEndian.AppendUint64(appendDay(key, day), ^index)
}

// cutListKey takes log, day and index off the end of such a key.
func cutListKey(federation string, list, key []byte) (at entryPlace, day string, ok bool) {
	log, rest, ok := cutLog(federation, key[min(len(list), len(key)):])
	if !ok || len(rest) != dayLength+8 {
		return entryPlace{}, "", false
	}
	return entryPlace{log, ^binary.BigEndian.Uint64(rest[dayLength:])}, cutDay(rest), true
}

// understood is what an entry is found by.
type understood struct {
	row     []byte // the message without its text; nil: it has no row
	matters []string
	ends    []string
	votes   bool               // a letter's
	day     string             // issued or opened on, as it says
	latest  string             // of the days last scanned
	matter  *guidancev1.Matter // of a MATTER entry
	erases  *uint64            // the index of an earlier entry, of an ERASURE entry
}

func unique(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

func matterKey(matter string) []byte {
	key := binary.BigEndian.AppendUint16([]byte{byMatter}, uint16(len(matter)))
	return append(key, matter...)
}

func nameKey(name string) []byte {
	key := binary.BigEndian.AppendUint16([]byte{byName}, uint16(len(name)))
	return append(key, name...)
}

// titleKey is for finding: whoever finds compares the titles.
func titleKey(title string) []byte {
	return binary.BigEndian.AppendUint32([]byte{byTitle}, crc32.Checksum([]byte(strings.ToLower(title)), castagnoli))
}

const (
	dayLength = len(noDay)
	noDay     = "0000000000"
)

// appendDay appends a day with its bytes inverted: the newest sorts first, and what is no
// day last.
func appendDay(key []byte, day string) []byte {
	if len(day) != dayLength {
		day = noDay
	}
	for i := range dayLength {
		key = append(key, ^day[i])
	}
	return key
}

// cutDay reads back what appendDay appended, at the front of the rest of a key.
func cutDay(rest []byte) string {
	day := bytes.Clone(rest[:dayLength])
	for i := range day {
		day[i] ^= 0xff
	}
	return string(day)
}

func endedKey(log ledger.LogID, index uint64) []byte {
	return append([]byte{byEnded}, entryKey(log, index)...)
}

func kindKey(kind ledgerv1.EntryKind) []byte {
	return binary.BigEndian.AppendUint32([]byte{byKind}, uint32(kind))
}

// bodyKey is for finding, not for trusting: FindBody compares the bytes. SHA-256
// would be a seventh of the cost of receiving an entry.
func bodyKey(body []byte) []byte {
	var crc [4]byte
	binary.BigEndian.PutUint32(crc[:], crc32.Checksum(body, castagnoli))
	return bodyKeyOf(crc, uint32(len(body)))
}

func bodyKeyOf(crc [4]byte, size uint32) []byte {
	return binary.BigEndian.AppendUint32(append([]byte{byBody}, crc[:]...), size)
}

var errNotUnderstood = errors.New("not understood")

// understand reads what an entry is found by. An entry whose body is not here is
// understood as far as its header says.
func understand(h *ledgerv1.EntryHeader, body []byte) (understood, error) {
	kind := h.GetKind()
	if _, known := ledgerv1.EntryKind_name[int32(kind)]; !known || kind == 0 || len(content.Unknown(h.GetCritical())) > 0 {
		return understood{}, errNotUnderstood
	}
	shape, ok := shapes[kind]
	if !ok || body == nil {
		return understood{}, nil
	}
	u := understood{row: make([]byte, 0, min(len(body), rowGuess))}
	err := shape.scan(body, &u, func(f field, raw []byte) {
		if f.role != roleLong {
			u.row = append(u.row, raw...)
		}
	})
	if err == nil && (len(u.matters) > content.LinkLimit || len(u.ends) > content.LinkLimit) {
		err = fmt.Errorf("%w: it names over %d matters or entries", errNotUnderstood, content.LinkLimit)
	}
	if err == nil && kind == ledgerv1.EntryKind_ENTRY_KIND_MATTER {
		u.matter = &guidancev1.Matter{}
		err = proto.Unmarshal(body, u.matter) // a matter is rare, and read whole
	}
	if err == nil && kind == ledgerv1.EntryKind_ENTRY_KIND_ERASURE {
		var e ledgerv1.Erasure
		if err = proto.Unmarshal(body, &e); err == nil && e.GetIndex() < h.GetIndex() {
			u.erases = &e.Index
		}
	}
	return u, err
}

// rowGuess is how large most rows are at most.
const rowGuess = 1024

// putIndex writes what is derived from an entry and returns its count.
func putIndex(tx *txn, log ledger.LogID, h *ledgerv1.EntryHeader, body []byte) (tally, error) {
	rows, count := derive(log, h, body, false)
	for _, o := range rows {
		if err := o.table.put(tx, o.key, o.value); err != nil {
			return count, err
		}
	}
	return count, nil
}

// Row is an entry as questions need it.
type Row struct {
	// ID names the entry.
	ID ledger.EntryID
	// Kind is what Body is.
	Kind ledgerv1.EntryKind
	// Visibility is who may read it.
	Visibility guidancev1.Visibility
	// Feed is the feed number its body arrived with here.
	Feed uint64
	// Recorded is when it arrived here.
	Recorded time.Time
	// Logged is the writer's claimed time.
	Logged time.Time
	// Body is the message as published, of an advisory without text and attachments.
	Body []byte
	// Lost: a body that is not here was, before a mend.
	Lost bool
}
