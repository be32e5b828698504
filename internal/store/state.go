package store

import (
	"encoding/binary"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// logState is how one log stands here.
type logState struct {
	log ledger.LogID
	// held is the newest checkpoint reached: what is served and announced. Size 0 and
	// no note before the first.
	held ledger.Checkpoint
	// tree is what is verified and stored: at least held. Entries from held.Size on
	// are partial (protocol.md 2).
	tree ledger.Tree
	// counts is over entries below held.Size, partial over those from there on.
	counts, partial tally

	loaded   uint64 // of tree, when it was read
	erasures bool   // some came since
}

// Counts is how many entries of a log are held, and what is known of their words.
type Counts struct {
	// Held is how many entries are held and served.
	Held uint64
	// NotHeld is how many PUBLIC bodies are not here: durable wants.
	NotHeld uint64
	// Withheld is how many bodies are not here, by the visibility they are withheld for.
	Withheld PerVisibility
	// ByVisibility is how many entries there are, their words here or not. A visibility
	// this software does not know counts as VISIBILITY_UNSPECIFIED.
	ByVisibility PerVisibility
	// NotUnderstood is how many entries this software does not understand.
	NotUnderstood uint64
}

// visibilities is how many there are: one array slot each, 0 for unknown ones.
const visibilities = int(guidancev1.Visibility_VISIBILITY_OFFICE) + 1

// PerVisibility is a number for each visibility, by its own.
type PerVisibility [visibilities]uint64

// class is the slot of a visibility.
func class(v guidancev1.Visibility) byte {
	if v < 0 || int(v) >= visibilities {
		return 0
	}
	return byte(v)
}

// tally is Counts as kept.
type tally struct {
	entries, absent [visibilities]uint64
	notUnderstood   uint64
}

func (t *tally) add(o tally) {
	for v := range visibilities {
		t.entries[v] += o.entries[v]
		t.absent[v] += o.absent[v]
	}
	t.notUnderstood += o.notUnderstood
}

// minus may wrap around: only sums of it with what it came from are looked at.
func (t tally) minus(o tally) tally {
	for v := range visibilities {
		t.entries[v] -= o.entries[v]
		t.absent[v] -= o.absent[v]
	}
	t.notUnderstood -= o.notUnderstood
	return t
}

func (t tally) append(b []byte) []byte {
	for v := range visibilities {
		b = binary.AppendUvarint(b, t.entries[v])
		b = binary.AppendUvarint(b, t.absent[v])
	}
	return binary.AppendUvarint(b, t.notUnderstood)
}

func (t *tally) read(r *reader) {
	for v := range visibilities {
		t.entries[v] = r.uvarint()
		t.absent[v] = r.uvarint()
	}
	t.notUnderstood = r.uvarint()
}

func (t tally) counts() Counts {
	c := Counts{
		NotHeld:       t.absent[guidancev1.Visibility_VISIBILITY_PUBLIC],
		NotUnderstood: t.notUnderstood,
		Withheld:      t.absent,
		ByVisibility:  t.entries,
	}
	c.Withheld[guidancev1.Visibility_VISIBILITY_PUBLIC] = 0
	for _, n := range t.entries {
		c.Held += n
	}
	return c
}

// encode is note and tree, each with its length, and both tallies.
func (st *logState) encode() []byte {
	tree, _ := st.tree.MarshalBinary()
	b := appendBytes(nil, st.held.Note)
	b = appendBytes(b, tree)
	b = st.counts.append(b)
	return st.partial.append(b)
}

func decodeState(log ledger.LogID, value []byte) (*logState, error) {
	r := reader{b: value}
	st := &logState{log: log, held: ledger.Checkpoint{Log: log}}
	note := r.bytes()
	err := st.tree.UnmarshalBinary(r.bytes())
	st.counts.read(&r)
	st.partial.read(&r)
	if err == nil && len(note) > 0 {
		st.held, err = ledger.PeekCheckpoint(note)
	}
	if err != nil || !r.done() || st.held.Log != log || st.held.Size > st.tree.Size() {
		return nil, &CorruptError{Log: log, What: fmt.Sprintf("the log's state cannot be read: %v", err)}
	}
	st.loaded = st.tree.Size()
	return st, nil
}

// loadState reads how a log stands; a log never heard of is empty.
func loadState(tx *txn, log ledger.LogID) (*logState, error) {
	value, err := tableLogs.get(tx, logKey(log))
	if err != nil {
		return nil, err
	}
	if value == nil {
		return &logState{log: log, held: ledger.Checkpoint{Log: log}}, nil
	}
	return decodeState(log, value)
}

// eachState visits how every log stands, in the order of LOG.
func eachState(tx *txn, federation string, visit func(*logState) error) error {
	return tableLogs.scan(tx, nil, nil, func(key, value []byte) error {
		log, rest, ok := cutLog(federation, key)
		if !ok || len(rest) != 0 {
			return tableLogs.damaged(key)
		}
		st, err := decodeState(log, value)
		if err != nil {
			return err
		}
		return visit(st)
	})
}

func (st *logState) save(tx *txn) error {
	return tableLogs.put(tx, logKey(st.log), st.encode())
}

// reader reads varints and length-prefixed bytes; what is malformed makes it fail
// and read zeros from then on.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.fail()
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) fail() { r.failed, r.b = true, nil }

// done reports whether everything was read and well formed.
func (r *reader) done() bool { return !r.failed && len(r.b) == 0 }

func appendBytes(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}
