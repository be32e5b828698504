package register

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

var errSlug = errors.New("ids are lower-case letters, digits and single hyphens, at most 64")

func checkName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return errors.New("it has no name")
	case n > NameLimit:
		return fmt.Errorf("its name has %d characters: at most %d", n, NameLimit)
	}
	return nil
}

// checkDays refuses days that do not exist and periods that end before they start.
// Empty days are open ends.
func checkDays(from, until string) error {
	for _, day := range []string{from, until} {
		if day != "" && !notation.IsDay(day) {
			return fmt.Errorf("%.20q is not a day: write YYYY-MM-DD", day)
		}
	}
	if until != "" && until < from {
		return fmt.Errorf("it ends (%s) before it starts (%s)", until, from)
	}
	return nil
}

// on reports whether a period holds on a day. Days compare as text.
func on(from, until, day string) bool {
	return from <= day && (until == "" || day <= until)
}

// asked returns the day a question is about.
func asked(day string) string {
	if day == "" {
		return forever
	}
	return day
}
