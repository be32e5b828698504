// Package fault knows the reasons by which callers decide: sentinels that keep their
// identity from the node to whoever asked (package wire gives each its place on gRPC).
//
// It does not know what went wrong or where: whoever makes an error names the
// thing, the place and the remedy. It does not log.
//
//	node:    return nil, fault.New(fault.ErrUnknownMatter,
//	             `matter "acess-plan" is not known at essex`, "list what is: lmc matters")
//	wire:    NotFound, ErrorInfo{domain "lmcfed", reason "UNKNOWN_MATTER"}, Help{…}
//	client:  errors.Is(err, fault.ErrUnknownMatter), fault.Hint(err)
package fault

import (
	"errors"
	"strings"
)

// Error is a refusal with a reason a caller can decide by.
type Error struct {
	// Reason is one of the sentinels of this package.
	Reason error
	// Message names the thing and the place, lower case, without a full stop.
	Message string
	// Hint is the remedy, as one line a clerk can follow; empty: there is none.
	Hint string
	// Violations says field by field what is wrong (ErrInvalid and its like).
	Violations []Violation
}

// Violation is one field that is wrong.
type Violation struct {
	// Field is its path in the request ("positions[1].stance").
	Field string
	// Reason says what is wrong with it, in plain words.
	Reason string
}

// New makes a refusal. The reason must be a sentinel of this package: anything
// else reaches the caller as ErrInternal.
func New(reason error, msg, hint string, violations ...Violation) error {
	return &Error{Reason: reason, Message: msg, Hint: hint, Violations: violations}
}

// Error is the message, with the violations behind it.
func (e *Error) Error() string {
	msg := e.Message
	if msg == "" && e.Reason != nil {
		msg = e.Reason.Error()
	}
	return msg + e.tail()
}

// Unwrap gives the sentinel, so that errors.Is decides by it.
func (e *Error) Unwrap() error { return e.Reason }

// tail is the violations as Error appends them: ": field: reason; field: reason".
func (e *Error) tail() string {
	if len(e.Violations) == 0 {
		return ""
	}
	said := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		said[i] = v.String()
	}
	return ": " + strings.Join(said, "; ")
}

// String is "field: reason", or the reason alone when it is about the whole.
func (v Violation) String() string {
	if v.Field == "" {
		return v.Reason
	}
	return v.Field + ": " + v.Reason
}

// Headline is the text of err without the list of its violations, for callers
// that show those one by one.
func Headline(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return strings.TrimSuffix(err.Error(), e.tail())
}

// Hint is the remedy err carries, or "".
func Hint(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// Violations is what err says field by field, or nil.
func Violations(err error) []Violation {
	var e *Error
	if errors.As(err, &e) {
		return e.Violations
	}
	return nil
}
