package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
)

// The guard is a small file beside the keys, apart from the data file and its
// backups: the newest own head that may have been released.
//
//	{"seq":9,"log":"demo/essex/log/0","size":8,"root":"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=","sum":1234567890}
//	{"seq":8,"log":"demo/essex/log/0","size":7,"root":"…","doubt":"restored","sum":…}
//
// The line with the higher seq counts; the other is written over next, so that one is
// whole whenever the process dies. sum is the CRC-32C of what stands before it.
//
// At any crash point data file >= guard >= any released head (invariant 4), so that
// a data file older than its guard is a restored one, and must not be signed on. Where the
// guard itself may not know, it says so: nothing is signed while it has a doubt, and none
// goes away but by Confirm.
type guard struct {
	Seq   uint64    `json:"seq"`
	Log   string    `json:"log"`
	Size  uint64    `json:"size"`
	Root  tlog.Hash `json:"root"`
	Doubt Doubt     `json:"doubt,omitempty"`
	// Contradicted is the day another history of the log was found that this office's key
	// has signed; nothing is signed ever after.
	Contradicted string `json:"contradicted,omitempty"`
	// Feed is how far the feed was numbered when this was written: data that have less were put back
	// to before (renumbered.go). It says nothing of what was signed.
	Feed uint64 `json:"feed,omitempty"`
	Sum  uint32 `json:"sum"`

	log  ledger.LogID
	slot int  // which line of the file it is
	torn bool // the other line cannot be read
}

// emptyGuard is that of a log without an entry.
func emptyGuard(log ledger.LogID, doubt Doubt) guard {
	var none ledger.Tree
	return guard{Seq: 1, Log: log.String(), Root: none.Root(), Doubt: doubt, log: log}
}

// CreateGuard makes the guard of a log that has no entry yet. Error: fs.ErrExist.
func CreateGuard(path string, log ledger.LogID, doubt Doubt) error {
	line, err := emptyGuard(log, doubt).line()
	if err == nil {
		err = durable.Create(path, slices.Concat(line, line), 0o600)
	}
	if err != nil {
		return fmt.Errorf("making the guard %s: %w", path, err)
	}
	return nil
}

// JustMade: the guard at path is as making a node's folder leaves it: of an office that never was
// confirmed, or of a keeper that has signed nothing but the beginning of its register.
func JustMade(path string) bool {
	g, err := readGuard(path)
	return err == nil && g.Contradicted == "" && (g.Doubt == DoubtNew && g.Seq == 1 || g.Doubt == "" && g.Seq == 2 && g.Size > 0)
}

// guardIsOwn refuses a guard that is another node's; there may be none.
func guardIsOwn(opts Options) error {
	if opts.Guard == "" {
		return nil
	}
	g, err := readGuard(opts.Guard)
	if err != nil || g.Log == "" {
		return err
	}
	return g.isOf(opts)
}

// isOf is ErrOtherGuard for a guard that is another node's.
func (g guard) isOf(opts Options) error {
	if g.log.Federation == opts.Federation && g.log.Office == opts.Office {
		return nil
	}
	return fmt.Errorf("%w: %s is of %s, this is the node of %s in %s", ErrOtherGuard, opts.Guard, g.log, opts.Office, opts.Federation)
}

// line is one of the two lines of the file.
func (g guard) line() ([]byte, error) {
	g.Sum = g.sum()
	b, err := json.Marshal(g)
	if err != nil || len(b) >= slotSize {
		return nil, fmt.Errorf("%d bytes, at most %d: %w", len(b), slotSize-1, err)
	}
	line := append(bytes.Repeat([]byte{' '}, slotSize-1), '\n')
	copy(line, b)
	return line, nil
}

// slotSize is how long each of the guard's two lines is, blanks included: a disk
// writes one whole, and the other stands while it does.
const slotSize = 512

// GuardLimit is the largest guard that is read: it has two lines.
const GuardLimit = 16 * slotSize

// readGuard reads the guard file, the newer of its two lines; the zero guard when there
// is no file.
func readGuard(path string) (guard, error) {
	b, err := durable.ReadFile(path, GuardLimit)
	if errors.Is(err, os.ErrNotExist) {
		return guard{}, nil
	}
	best, found, torn := guard{}, false, len(b) < 2*slotSize
	for at := 0; err == nil && at < len(b); at += slotSize {
		var g guard
		if json.Unmarshal(b[at:min(at+slotSize, len(b))], &g) != nil || g.Sum != g.sum() {
			torn = true // written in part when the process died; or damaged
			continue
		}
		var named error
		g.log, named = ledger.ParseLogID(g.Log)
		g.slot = at / slotSize
		switch {
		case named != nil:
		case !found || g.Seq > best.Seq:
			best, found = g, true
		case g.Seq == best.Seq && g.Sum != best.Sum: // two processes wrote it
			if g.Size > best.Size {
				best, g = g, best
			}
			best.Doubt = cmp.Or(best.Doubt, g.Doubt, DoubtOlder)
		}
	}
	if err == nil && !found {
		err = errors.New("neither of its lines can be read")
	}
	if errors.Is(err, fs.ErrPermission) {
		return guard{}, fmt.Errorf("reading the guard %s: %w: the user who runs the node must own it", path, err)
	}
	if err != nil {
		return guard{}, fmt.Errorf("reading the guard %s: %w: it says how much was signed. Put it right, or move it away: without it nothing is signed until other offices' nodes have confirmed that nothing newer was", path, err)
	}
	best.torn = torn
	return best, nil
}

func (g guard) sum() uint32 {
	b := fmt.Appendf(nil, "%d %s %d %s %s %s", g.Seq, g.Log, g.Size, g.Root, g.Doubt, g.Contradicted)
	if g.Feed > 0 {
		b = fmt.Appendf(b, " %d", g.Feed)
	}
	return crc32.Checksum(b, castagnoli)
}

// at is the guard once a head may have been released.
func (g guard) at(head ledger.Checkpoint) guard {
	g.Log, g.Size, g.Root, g.log = head.Log.String(), head.Size, head.Root, head.Log
	return g
}

// writeGuard writes the guard over the older of its two lines, so that one is
// whole whenever the process dies. Renaming a new file into place costs ten times as much.
func (s *Store) writeGuard(g guard) error {
	s.mu.RLock()
	g.Seq = max(g.Seq, s.guard.Seq) + 1
	g.slot = 1 - s.guard.slot
	s.mu.RUnlock()
	err := func() error {
		if s.opts.Guard == "" || s.readOnly != nil {
			return s.readOnly // what nothing is written beside need not be guarded
		}
		line, err := g.line()
		if err != nil {
			return err
		}
		f, err := os.OpenFile(s.opts.Guard, os.O_WRONLY, 0)
		if errors.Is(err, os.ErrNotExist) {
			return durable.Write(s.opts.Guard, slices.Concat(line, line), 0o600)
		}
		if err != nil {
			return err
		}
		_, err = f.WriteAt(line, int64(g.slot)*slotSize)
		return errors.Join(err, durable.SyncData(f), f.Close())
	}()
	if err != nil {
		return fmt.Errorf("writing the guard %s: %w", s.opts.Guard, err)
	}
	s.mu.Lock()
	s.guard = g
	s.mu.Unlock()
	return nil
}
