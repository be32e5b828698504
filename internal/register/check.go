package register

import (
	"errors"
	"fmt"
	"strings"
	"time"
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

// periodWords is a period as people read it: "from 2021-10-01 until 2022-03-31"; empty when
// it has neither end.
func periodWords(from, until string) string {
	var words []string
	if from != "" {
		words = append(words, "from "+from)
	}
	if until != "" {
		words = append(words, "until "+until)
	}
	return strings.Join(words, " ")
}

func dayBefore(day string) string { return addDays(day, -1) }

func dayAfter(day string) string { return addDays(day, 1) }

// addDays of what is no day is empty; so is what would be no day of four digits' year.
func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if t = t.AddDate(0, 0, n); err != nil || !notation.IsDay(t.Format(time.DateOnly)) {
		return ""
	}
	return t.Format(time.DateOnly)
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
