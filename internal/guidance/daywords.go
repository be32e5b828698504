package guidance

import (
	"strconv"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

var months = [...]string{
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
}

// DayWords is a day as people write it: "25 October 2021". What is no day is given
// back as it is.
func DayWords(day string) string {
	if !notation.IsDay(day) {
		return day
	}
	return strconv.Itoa(notation.Number(day[8:])) + " " + monthWords(day)
}

// InstantWords is a moment as people write it, in UTC: "25 October 2021, 09:30 UTC".
func InstantWords(t time.Time) string {
	t = t.UTC()
	return DayWords(t.Format(time.DateOnly)) + t.Format(", 15:04 UTC")
}

func monthWords(day string) string {
	return months[notation.Number(day[5:7])-1] + " " + strconv.Itoa(notation.Number(day[:4]))
}

// RangeWords is a range of days as people write it: "25 October 2021", "18 to 21
// October 2021", "October 2021", "28 October to 3 November 2021".
func RangeWords(r *v1.DayRange) string {
	s, ok := readRange(r)
	first, last := s.earliest, s.latest
	switch {
	case !ok:
		return "no day that exists"
	case first == last:
		return DayWords(first)
	case first[:8] == last[:8] && first[8:] == "01" && notation.DayAfter(last)[8:] == "01":
		return monthWords(first)
	case first[:8] == last[:8]:
		return strconv.Itoa(notation.Number(first[8:])) + " to " + DayWords(last)
	case first[:4] == last[:4]:
		return strings.TrimSuffix(DayWords(first), " "+strconv.Itoa(notation.Number(first[:4]))) + " to " + DayWords(last)
	}
	return DayWords(first) + " to " + DayWords(last)
}

// OpenedWords is when something was opened, as it follows that word: "on 14 October 2021", or, where only the days
// between which it was are known, "(1 April 2024 to 31 March 2025)".
func OpenedWords(r *v1.DayRange) string {
	if r.GetEarliest() == r.GetLatest() {
		return "on " + RangeWords(r)
	}
	return "(" + RangeWords(r) + ")"
}
