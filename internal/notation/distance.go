package notation

import (
	"strings"
	"time"
)

// DistanceWords is how far the day of a release lies from the day asked about, to stand behind its name:
// " (30 days before)"; empty: not at all, or one of them is no day.
func DistanceWords(release, day string) string {
	switch n := int64(DaysBetween(release, day)); {
	case n == 0:
		return ""
	case n == 1:
		return " (the day before)"
	case n == -1:
		return " (the day after)"
	case n < 0:
		return " (" + Thousands(-n) + " days after)"
	default:
		return " (" + Thousands(n) + " days before)"
	}
}

// DaysBetween is how many days lie from one day to another, fewer than none to an earlier one; none where one of
// them is no day.
func DaysBetween(from, to string) int {
	if !IsDay(from) || !IsDay(to) {
		return 0
	}
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return int(b.Sub(a).Hours() / 24)
}

// DayAtEnd is the day that a name ends with, as a release is called by its own ("list sizes, 1 May 2022");
// empty: it ends with none.
func DayAtEnd(name string) string {
	words := strings.Fields(name)
	for n := min(4, len(words)); n > 0; n-- { // "Sunday 1 May 2022" at most
		if day, err := ReadDay(strings.Join(words[len(words)-n:], " ")); err == nil {
			return day
		}
	}
	return ""
}
