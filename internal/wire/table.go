package wire

import (
	"errors"

	"google.golang.org/grpc/codes"

	"github.com/lmcfed/lmcfed/internal/fault"
)

// row gives a sentinel its place on the wire.
type row struct {
	sentinel error
	code     codes.Code
	reason   string
}

// table is the one table. A sentinel that wraps another stands before it, so that
// the first match is the most exact one.
var table = []row{
	{fault.ErrTooLarge, codes.InvalidArgument, "TOO_LARGE"},
	{fault.ErrFutureDay, codes.InvalidArgument, "FUTURE_DAY"},
	{fault.ErrInvalid, codes.InvalidArgument, "INVALID"},

	{fault.ErrUnknownMatter, codes.NotFound, "UNKNOWN_MATTER"},
	{fault.ErrUnknownMeasure, codes.NotFound, "UNKNOWN_MEASURE"},
	{fault.ErrUnknownScope, codes.NotFound, "UNKNOWN_SCOPE"},
	{fault.ErrUnknownCommittee, codes.NotFound, "UNKNOWN_COMMITTEE"},
	{fault.ErrUnknownPractice, codes.NotFound, "UNKNOWN_PRACTICE"},
	{fault.ErrUnknownArea, codes.NotFound, "UNKNOWN_AREA"},
	{fault.ErrUnknownOffice, codes.NotFound, "UNKNOWN_OFFICE"},
	{fault.ErrUnknownEntry, codes.NotFound, "UNKNOWN_ENTRY"},
	{fault.ErrNotFound, codes.NotFound, "NOT_FOUND"},

	{fault.ErrContradicts, codes.FailedPrecondition, "CONTRADICTS"},
	{fault.ErrDuplicateRequest, codes.AlreadyExists, "DUPLICATE_REQUEST"},
	{fault.ErrMoved, codes.Aborted, "MOVED"},
	{fault.ErrAbsent, codes.FailedPrecondition, "ABSENT"},

	{fault.ErrNotAuthenticated, codes.Unauthenticated, "NOT_AUTHENTICATED"},
	{fault.ErrNotEntitled, codes.PermissionDenied, "NOT_ENTITLED"},
	{fault.ErrNotKeeper, codes.FailedPrecondition, "NOT_KEEPER"},
	{fault.ErrNotJoined, codes.FailedPrecondition, "NOT_JOINED"},

	{fault.ErrRecovering, codes.FailedPrecondition, "RECOVERING"},
	{fault.ErrDiskFull, codes.ResourceExhausted, "DISK_FULL"},
	{fault.ErrReadOnly, codes.FailedPrecondition, "READ_ONLY"},
	{fault.ErrBusy, codes.ResourceExhausted, "BUSY"},
	{fault.ErrStopping, codes.Unavailable, "STOPPING"},
	{fault.ErrUnavailable, codes.Unavailable, "UNAVAILABLE"},
	{fault.ErrUnsupported, codes.Unimplemented, "UNSUPPORTED"},
	{fault.ErrInternal, codes.Internal, "INTERNAL"},
}

// Sentinels lists every reason there is, for tests and documentation.
func Sentinels() []error {
	all := make([]error, len(table))
	for i, r := range table {
		all[i] = r.sentinel
	}
	return all
}

// rowOf finds the most exact sentinel err is.
func rowOf(err error) (row, bool) {
	for _, r := range table {
		if errors.Is(err, r.sentinel) {
			return r, true
		}
	}
	return row{}, false
}

// rowNamed finds the row of a reason on the wire.
func rowNamed(reason string) (row, bool) {
	for _, r := range table {
		if r.reason == reason {
			return r, true
		}
	}
	return row{}, false
}
