package notation

import (
	"strings"
	"time"
)

// DistanceWords is how far the day of a release lies from the day asked about, to stand behind its name:
// " (30 days before)"; empty: not at all, or one of them is no day.
func DistanceWords(release, day string) string {
	if !IsDay(release) || !IsDay(day) {
		return ""
	}
	a, _ := time.Parse(time.DateOnly, release)
	b, _ := time.Parse(time.DateOnly, day)
	switch n := int64(b.Sub(a).Hours() / 24); {
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
