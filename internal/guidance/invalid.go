package guidance

import (
	"errors"
	"fmt"
	"strings"
)

// Why something that holds together may still not be published. errors.Is finds them
// in an InvalidError; a violation without one is a plain mistake in the text.
var (
	// ErrContradicts: a standing position says otherwise, and is not replaced or amended.
	ErrContradicts = errors.New("contradicts a standing position")
	// ErrNearlyTheSame: a standing advisory is much like it, and it does not say whether
	// it replaces that or stands beside it.
	ErrNearlyTheSame = errors.New("much like a standing advisory")
	// ErrEndsNothing: what it withdraws has ended already, for all that it is on behalf of.
	ErrEndsNothing = errors.New("ends nothing")
	// ErrFutureDay: the issued day lies after today.
	ErrFutureDay = errors.New("issued day lies ahead")
	// ErrNotEntitled: the register does not let the office say or end this.
	ErrNotEntitled = errors.New("not entitled by the register")
	// ErrUnknownMatter, ErrUnknownMeasure, ErrUnknownCommittee, ErrUnknownEntry and
	// ErrUnknownArea: there is nothing of that name here.
	ErrUnknownMatter    = errors.New("unknown matter")
	ErrUnknownMeasure   = errors.New("unknown measure")
	ErrUnknownCommittee = errors.New("unknown committee")
	ErrUnknownEntry     = errors.New("unknown entry")
	ErrUnknownArea      = errors.New("unknown area")
	// ErrTooLarge: over a limit of this package.
	ErrTooLarge = errors.New("over a limit")
)

// InvalidError is what is wrong with something to be published: every violation, in
// the order of the fields. It is never empty.
type InvalidError struct {
	What       string // what was checked: "advisory", "withdrawal", "matter", "report"
	Violations []Violation
}

// Violation is one thing wrong, where, and what to do about it.
type Violation struct {
	Field  string // the field's path: "positions[1].stance"; empty: the whole
	Reason string // what is wrong and its remedy, in plain words
	Kind   error  // one of the sentinels above; nil: a mistake in the text
}

// Error lists the violations on one line.
func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.String()
	}
	return "checking " + e.What + ": " + strings.Join(parts, "; ")
}

// Unwrap gives the kinds of the violations, so that errors.Is finds each.
func (e *InvalidError) Unwrap() []error {
	var kinds []error
	for _, v := range e.Violations {
		if v.Kind != nil {
			kinds = append(kinds, v.Kind)
		}
	}
	return kinds
}

// String is the violation on one line.
func (v Violation) String() string {
	if v.Field == "" {
		return v.Reason
	}
	return v.Field + ": " + v.Reason
}

// faults collects violations while something is checked.
type faults struct{ list []Violation }

func (f *faults) add(field, format string, args ...any) { f.addKind(nil, field, format, args...) }

func (f *faults) addKind(kind error, field, format string, args ...any) {
	if len(f.list) < ViolationLimit {
		f.list = append(f.list, Violation{field, fmt.Sprintf(format, args...), kind})
	}
}

// err is nil when nothing was found.
func (f *faults) err(what string) error {
	if len(f.list) == 0 {
		return nil
	}
	return &InvalidError{What: what, Violations: f.list}
}

// at is the path of an item of a list.
func at(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
