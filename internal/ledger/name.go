package ledger

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// LogID names a log. The zero value names none.
type LogID struct {
	// Federation is the federation's short name ("demo").
	Federation string
	// Office is the slug of the office that writes it ("essex").
	Office string
	// Epoch is 0 unless the log was healed or a key was revoked (protocol.md 6).
	Epoch uint32
}

// ParseLogID parses a log name: "demo/essex/log/0".
func ParseLogID(s string) (LogID, error) {
	federation, rest, _ := strings.Cut(s, "/")
	office, number, ok := strings.Cut(rest, "/log/")
	epoch, err := notation.ParseCount(number, 32)
	if !ok || err != nil || !notation.IsSlug(federation) || !notation.IsSlug(office) {
		return LogID{}, fmt.Errorf("parsing log name %.120q: %w: want FEDERATION/OFFICE/log/EPOCH as in %q",
			s, ErrMalformed, "demo/essex/log/0")
	}
	return LogID{Federation: federation, Office: office, Epoch: uint32(epoch)}, nil
}

// String returns the log name, which is also the origin line and the key name of
// the log's checkpoints.
func (l LogID) String() string {
	return l.Federation + "/" + l.Office + "/log/" + strconv.FormatUint(uint64(l.Epoch), 10)
}

// Entry returns the name of the log's entry at index.
func (l LogID) Entry(index uint64) EntryID {
	return EntryID{Office: l.Office, Epoch: l.Epoch, Index: index}
}

// Compare orders log names by federation, office and epoch: -1, 0 or 1.
func (l LogID) Compare(m LogID) int {
	return cmp.Or(
		cmp.Compare(l.Federation, m.Federation),
		cmp.Compare(l.Office, m.Office),
		cmp.Compare(l.Epoch, m.Epoch),
	)
}

// EntryID names an entry within a federation, as people write it.
type EntryID struct {
	// Office is the slug of the office in whose log it stands.
	Office string
	// Epoch is the epoch of that log.
	Epoch uint32
	// Index is its place in the log, from 0.
	Index uint64
}

// ParseEntryID parses "essex/7" (epoch 0) or "essex@1/7" (epoch 1).
func ParseEntryID(s string) (EntryID, error) {
	left, number, ok := strings.Cut(s, "/")
	office, epoch, named := strings.Cut(left, "@")
	e, err := uint64(0), error(nil)
	if named {
		e, err = notation.ParseCount(epoch, 32)
	}
	index, err2 := notation.ParseCount(number, 64)
	if !ok || err != nil || err2 != nil || !notation.IsSlug(office) || index >= SizeLimit || named && e == 0 {
		return EntryID{}, fmt.Errorf("parsing entry name %.120q: %w: want OFFICE/INDEX as in %q, or OFFICE@EPOCH/INDEX as in %q",
			s, ErrMalformed, "essex/7", "essex@1/7")
	}
	return EntryID{Office: office, Epoch: uint32(e), Index: index}, nil
}

// String returns "essex/7", or "essex@1/7" in epoch 1.
func (e EntryID) String() string {
	office := e.Office
	if e.Epoch != 0 {
		office += "@" + strconv.FormatUint(uint64(e.Epoch), 10)
	}
	return office + "/" + strconv.FormatUint(e.Index, 10)
}

// Log returns the log the entry stands in.
func (e EntryID) Log(federation string) LogID {
	return LogID{Federation: federation, Office: e.Office, Epoch: e.Epoch}
}
