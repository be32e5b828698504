package notation

import (
	"fmt"
	"strings"
	"time"
)

// FirstDay is the first there is: what always was, was then.
const FirstDay = "0001-01-01"

// IsDay says whether s is a day that exists, written YYYY-MM-DD. It allocates nothing:
// it is asked of everything that arrives.
func IsDay(s string) bool {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, month, day := Number(s[:4]), Number(s[5:7]), Number(s[8:])
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// DayAfter is the day after one.
func DayAfter(day string) string { return MoveDay(day, 1) }

// DayBefore is the day before one.
func DayBefore(day string) string { return MoveDay(day, -1) }

// MoveDay moves a day by n days, and not out of the years that can be written. What is no day
// is given back as it is.
func MoveDay(day string, n int) string {
	t, err := time.Parse(isoDay, day)
	if err != nil {
		return day
	}
	moved := t.AddDate(0, 0, n).Format(isoDay)
	if !IsDay(moved) {
		return day
	}
	return moved
}

// IsWithin says whether a day lies in a period. Days compare as text; an empty end is open.
func IsWithin(day, from, until string) bool {
	return from <= day && (until == "" || day <= until)
}

// PeriodWords is a period as people read it, its days written in whatever way: "from 2021-10-01
// until 2022-03-31"; empty when it has neither end.
func PeriodWords(from, until string) string {
	var words []string
	if from != "" {
		words = append(words, "from "+from)
	}
	if until != "" {
		words = append(words, "until "+until)
	}
	return strings.Join(words, " ")
}

// SpanWords is a time in words: "4 minutes", "5 hours", "3 days", "80 years".
func SpanWords(d time.Duration) string {
	switch hours := int(d.Hours()); {
	case hours < 2:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case hours < 48:
		return fmt.Sprintf("%d hours", hours)
	case hours < 2*(365*24+6):
		return fmt.Sprintf("%d days", hours/24)
	default:
		return fmt.Sprintf("%d years", hours/(365*24+6)) // a year has a quarter of a day more
	}
}
