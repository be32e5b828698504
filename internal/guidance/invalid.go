package guidance

import (
	"fmt"
	"strings"
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
}

// Error lists the violations on one line.
func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.String()
	}
	return "checking " + e.What + ": " + strings.Join(parts, "; ")
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

func (f *faults) add(field, format string, args ...any) {
	if len(f.list) < ViolationLimit {
		f.list = append(f.list, Violation{field, fmt.Sprintf(format, args...)})
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
