package store

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Errors when opening, restoring and closing.
var (
	// ErrLocked: another process has the data file open.
	ErrLocked = errors.New("the data file is in use")
	// ErrNotOurs: the file is not a data file of this software.
	ErrNotOurs = errors.New("not a data file of lmcnode")
	// ErrSchema: the file was written by newer software than this, or before the first release.
	ErrSchema = errors.New("this software cannot read the data file")
	// ErrOlder: the file was written by older software, and has yet to be brought up to date.
	ErrOlder = errors.New("the data file is of an older version")
	// ErrOtherFederation: the file belongs to another federation or office.
	ErrOtherFederation = errors.New("the data file is another node's")
	// ErrOtherGuard: the guard belongs to another federation or office.
	ErrOtherGuard = errors.New("the guard is another node's")
	// ErrExists: a restore would overwrite something.
	ErrExists = errors.New("already exists")
	// ErrBadBackup: what is to be restored is not a whole backup.
	ErrBadBackup = errors.New("not a whole backup")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")
)

// Errors when writing.
var (
	// ErrInvalid: what was given cannot be stored; the caller made a mistake.
	ErrInvalid = errors.New("cannot be stored")
	// ErrRecovering: own entries that were released are missing here (protocol.md 4).
	ErrRecovering = errors.New("recovering: own entries are missing")
	// ErrUnconfirmed: the own log may be longer elsewhere (Doubt).
	ErrUnconfirmed = errors.New("the own log is not confirmed")
	// ErrForked: this data file and the guard have different own logs (protocol.md 6).
	ErrForked = errors.New("own log differs from what was released")
	// ErrMoved: the log grew since it was read; read again and repeat.
	ErrMoved = errors.New("the log has moved on")
	// ErrRequestUsed: an entry or a draft with this request id exists.
	ErrRequestUsed = errors.New("request id is already used")
	// ErrDiskFull: writing would leave less room than it must; reading goes on.
	ErrDiskFull = errors.New("no room to write")
	// ErrReplaced: the data file, or the guard, is no longer the one this store has open: somebody moved
	// it away, or put another in its place. Nothing is written; reading goes on.
	ErrReplaced = errors.New("moved away or replaced while the node runs")
	// ErrReadOnly: the data file cannot be written; reading goes on.
	ErrReadOnly = errors.New("the data file is read-only")
	// ErrMended: another file is in the place of the damaged one, which is read no more.
	ErrMended = errors.New("the data file was mended: it must be opened anew")
	// ErrFatal: a commit failed; whether it is visible cannot be known without
	// opening the file anew.
	ErrFatal = errors.New("a commit failed: the data file must be opened anew")
	// ErrTooMany: over one of the limits of this package.
	ErrTooMany = errors.New("over the limit")
)

// Errors when reading.
var (
	// ErrNotFound: there is no such entry here.
	ErrNotFound = errors.New("no such entry here")
	// ErrCorrupt: the data file is damaged.
	ErrCorrupt = errors.New("the data file is damaged")
)

// CorruptError is damage found in the data file: never served, whatever was asked.
type CorruptError struct {
	// Log is the log the damage is in; zero when that cannot be told.
	Log ledger.LogID
	// Index is the first entry the damage concerns.
	Index uint64
	// Table is the table the damage is in; empty when it cannot be told.
	Table string
	// What is wrong.
	What string
}

// Error names the place. What to do depends on who asks: of a node that runs to check its data,
// of a check to put other data in their place.
func (e *CorruptError) Error() string {
	place := ""
	if e.Log.Office != "" {
		place = e.Log.Entry(e.Index).String() + ": "
	}
	return fmt.Sprintf("%v: %s%s", ErrCorrupt, place, e.What)
}

// Unwrap makes it ErrCorrupt.
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

// damageAsError turns a panic of the file's into ErrCorrupt, and lets any other go on.
func damageAsError(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); isOfFile(r) {
			what := "a page of it cannot be read"
			if _, ours := r.(runtime.Error); !ours { // which tells nobody anything
				what = fmt.Sprintf("%s: %v", what, r)
			}
			err = &CorruptError{What: what}
		} else if r != nil {
			panic(r)
		}
	}()
	return fn()
}

// isOfFile reports whether a panic that is being recovered from is the file's: a fault on the mapped
// file, or a panic of bbolt, which follows damaged pages wherever they point. Any other is a mistake
// of ours, and the file is as it was.
func isOfFile(r any) bool {
	if _, fault := r.(interface{ Addr() uintptr }); fault { // runtime.Error, see debug.SetPanicOnFault
		return true
	}
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	for panicked, more := false, r != nil; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicked = true
		case panicked && strings.HasPrefix(frame.Function, "go.etcd.io/bbolt"):
			return true
		case panicked && strings.HasPrefix(frame.Function, "github.com/lmcfed/"):
			return false
		}
	}
	return false
}

// ForkError is two validly signed heads of one log that cannot both be true
// (protocol.md 6).
type ForkError struct {
	// Held is the head held here.
	Held ledger.Checkpoint
	// Other is the head that contradicts what is held.
	Other ledger.Checkpoint
}

// Error names both.
func (e *ForkError) Error() string {
	return fmt.Sprintf("%v: head of %s at size %d with root %v contradicts the entries verified here up to %d",
		ErrFork, e.Other.Log, e.Other.Size, e.Other.Root, e.Held.Size)
}

// ErrFork: a head contradicts what is held.
var ErrFork = errors.New("the log has forked")

// Unwrap makes it ErrFork.
func (e *ForkError) Unwrap() error { return ErrFork }
