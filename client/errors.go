package client

import (
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// The reasons by which a caller decides. They survive the wire: errors.Is finds
// them in whatever a Client returns. Where two fit, both are found: an unknown
// matter is ErrUnknownMatter and ErrNotFound.
var (
	ErrInvalid          = fault.ErrInvalid
	ErrTooLarge         = fault.ErrTooLarge
	ErrFutureDay        = fault.ErrFutureDay
	ErrNotFound         = fault.ErrNotFound
	ErrUnknownMatter    = fault.ErrUnknownMatter
	ErrUnknownMeasure   = fault.ErrUnknownMeasure
	ErrUnknownScope     = fault.ErrUnknownScope
	ErrUnknownCommittee = fault.ErrUnknownCommittee
	ErrUnknownPractice  = fault.ErrUnknownPractice
	ErrUnknownArea      = fault.ErrUnknownArea
	ErrUnknownOffice    = fault.ErrUnknownOffice
	ErrUnknownEntry     = fault.ErrUnknownEntry
	ErrContradicts      = fault.ErrContradicts
	ErrDuplicateRequest = fault.ErrDuplicateRequest
	ErrMoved            = fault.ErrMoved
	ErrAbsent           = fault.ErrAbsent
	ErrNotAuthenticated = fault.ErrNotAuthenticated
	ErrNotEntitled      = fault.ErrNotEntitled
	ErrNotKeeper        = fault.ErrNotKeeper
	ErrNotJoined        = fault.ErrNotJoined
	ErrReadOnly         = fault.ErrReadOnly
	ErrRecovering       = fault.ErrRecovering
	ErrDiskFull         = fault.ErrDiskFull
	ErrBusy             = fault.ErrBusy
	ErrStopping         = fault.ErrStopping
	ErrUnavailable      = fault.ErrUnavailable
	ErrUnsupported      = fault.ErrUnsupported
	ErrInternal         = fault.ErrInternal

	// ErrWrongPin: the node that answers is not the one the pin names. Local: it
	// never crosses the wire.
	ErrWrongPin = identity.ErrWrongPin
)

// Violation is one field that is wrong, and why:
//
//	type Violation struct {
//		Field  string // path in the message ("positions[0].stance"); "": the whole
//		Reason string // why, in words
//	}
//
// Its String is "field: reason".
type Violation = fault.Violation

// Hint is the remedy err carries, or "".
func Hint(err error) string { return fault.Hint(err) }

// Violations is what err says field by field, or nil.
func Violations(err error) []Violation { return fault.Violations(err) }

// Headline is err without the list of its violations.
func Headline(err error) string { return fault.Headline(err) }
