package guidance

import (
	"slices"
	"strings"
)

// SaysDemonstration is whether one of the notices that an entry carries begins with
// "Demonstration": the office whose log it is in did not issue it, though the log is right
// that it was published there.
func SaysDemonstration(notices ...string) bool {
	return slices.ContainsFunc(notices, func(n string) bool {
		return strings.HasPrefix(strings.ToLower(strings.TrimSpace(n)), "demonstration")
	})
}
