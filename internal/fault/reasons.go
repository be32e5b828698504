package fault

import (
	"errors"
	"fmt"
)

// What the caller got wrong, or asked for in vain.
var (
	// ErrInvalid: the request is malformed; the violations say where.
	ErrInvalid = errors.New("invalid request")
	// ErrTooLarge: a letter, a list or a message is over its limit.
	ErrTooLarge = fmt.Errorf("%w: too large", ErrInvalid)
	// ErrFutureDay: an issued day lies after today.
	ErrFutureDay = fmt.Errorf("%w: a day that lies ahead", ErrInvalid)

	// ErrNotFound: there is no such thing here. The Unknown… below are kinds of it.
	ErrNotFound = errors.New("not found")
	// ErrUnknownMatter: no matter of that name, title or alias is held here.
	ErrUnknownMatter = fmt.Errorf("%w: matter", ErrNotFound)
	// ErrUnknownMeasure: the matter has no such measure.
	ErrUnknownMeasure = fmt.Errorf("%w: measure", ErrNotFound)
	// ErrUnknownScope: nobody spoke of such a group on the matter, and it lists none.
	ErrUnknownScope = fmt.Errorf("%w: group", ErrNotFound)
	// ErrUnknownCommittee: the register has no such committee.
	ErrUnknownCommittee = fmt.Errorf("%w: committee", ErrNotFound)
	// ErrUnknownPractice: no area of the register lists that practice code.
	ErrUnknownPractice = fmt.Errorf("%w: practice", ErrNotFound)
	// ErrUnknownArea: the register has no area of that code.
	ErrUnknownArea = fmt.Errorf("%w: area", ErrNotFound)
	// ErrUnknownOffice: the register has no such office.
	ErrUnknownOffice = fmt.Errorf("%w: office", ErrNotFound)
	// ErrUnknownEntry: no log held here has that entry.
	ErrUnknownEntry = fmt.Errorf("%w: entry", ErrNotFound)

	// ErrContradicts: a standing position says otherwise, and the new advisory
	// neither replaces nor amends it.
	ErrContradicts = errors.New("contradicts a standing position")
	// ErrDuplicateRequest: the request id was used before for something else.
	ErrDuplicateRequest = errors.New("request id already used")
	// ErrMoved: what the caller was shown before is not how it is any more.
	ErrMoved = errors.New("changed meanwhile")
	// ErrAbsent: the entry is here, its words are not, or may not be read.
	ErrAbsent = errors.New("the words are not here")
)

// Who may do what, and where.
var (
	// ErrNotAuthenticated: the call needs a key and none was shown.
	ErrNotAuthenticated = errors.New("no key was shown")
	// ErrNotEntitled: the caller, or its office, may not do or read this.
	ErrNotEntitled = errors.New("not entitled")
	// ErrNotKeeper: only the register's keeper can do this.
	ErrNotKeeper = errors.New("not the keeper's node")
	// ErrNotJoined: the node has not yet got the register.
	ErrNotJoined = errors.New("not joined yet")
)

// What the node cannot do now.
var (
	// ErrReadOnly: the node answers and exchanges but does not write.
	ErrReadOnly = errors.New("read only")
	// ErrRecovering: read only, until it has its own entries back from peers.
	ErrRecovering = fmt.Errorf("%w: recovering", ErrReadOnly)
	// ErrDiskFull: read only, until there is space again.
	ErrDiskFull = fmt.Errorf("%w: the disk is full", ErrReadOnly)
	// ErrBusy: too much at once; the same call may succeed later.
	ErrBusy = errors.New("busy")
	// ErrStopping: the node is shutting down.
	ErrStopping = errors.New("stopping")
	// ErrUnavailable: the node could not be reached.
	ErrUnavailable = errors.New("node cannot be reached")
	// ErrUnsupported: the node does not offer this call.
	ErrUnsupported = errors.New("not offered by this node")
	// ErrInternal: the node made a mistake; its log has the incident.
	ErrInternal = errors.New("internal error")
)
