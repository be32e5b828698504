package letter

import (
	"fmt"
	"strings"
)

// Error is one thing that is wrong with a file, said so that the person who wrote it
// can put it right.
type Error struct {
	// Line of the file, from 1; the line the front matter starts at where something
	// is missing.
	Line int
	// Column in that line, from 1; 0 where it is not known.
	Column int
	// Field is the key as the file has it ("stance"); empty for the file itself.
	Field string
	// Problem is what is wrong, with the remedy.
	Problem string
}

// Error writes "line 7: stance: …".
func (e *Error) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Problem)
	}
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Field, e.Problem)
}

// Errors is everything that is wrong with a file, in the order of its lines.
type Errors []*Error

// Error writes one error a line.
func (es Errors) Error() string {
	lines := make([]string, 0, len(es))
	for _, e := range es[:min(len(es), ErrorLimit)] {
		lines = append(lines, e.Error())
	}
	if more := len(es) - ErrorLimit; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}
