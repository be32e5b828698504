package guidance

import (
	"fmt"
	"time"
	_ "time/tzdata" // Europe/London, also on machines without a zone database

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Day is a calendar day in Europe/London written YYYY-MM-DD ("2021-10-25"), so that
// days sort as text.
type Day string

const dayLayout = "2006-01-02"

// london is where days begin and end.
var london = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	place, err := time.LoadLocation(name)
	if err != nil {
		panic("the zone database is built in: " + err.Error())
	}
	return place
}

// ParseDay reads a day. It refuses a day that does not exist ("2021-02-30") and any
// other way of writing one ("25/10/2021", "2021-1-2").
func ParseDay(s string) (Day, error) {
	if !isDay(s) {
		return "", fmt.Errorf("reading day %q: no such day: write it as YYYY-MM-DD, for example 2021-10-25", s)
	}
	return Day(s), nil
}

// Today is the day in Europe/London at the instant now, as YYYY-MM-DD.
func Today(now time.Time) string {
	return now.In(london).Format(dayLayout)
}

// String is the day as YYYY-MM-DD.
func (d Day) String() string { return string(d) }

// Words is the day as people write it: "25 October 2021".
func (d Day) Words() string { return DayWords(string(d)) }

// Next is the day after; the last day there is ("9999-12-31") has none and stays.
func (d Day) Next() Day { return Day(nextDay(string(d))) }

// isDay says whether s is a day that exists, in the one way of writing it.
// It allocates nothing: the rule calls it on everything that arrives.
func isDay(s string) bool {
	if len(s) != len(dayLayout) || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

// number reads decimal digits; -1 when there is anything else.
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
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

func nextDay(day string) string { return shiftDay(day, 1) }

func dayBefore(day string) string { return shiftDay(day, -1) }

// shiftDay moves a day by n days, and not out of the years that can be written.
func shiftDay(day string, n int) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return day
	}
	moved := t.AddDate(0, 0, n)
	if moved.Year() < 1 || moved.Year() > 9999 {
		return day
	}
	return moved.Format(dayLayout)
}

// daysBetween is how many days lie from one day to a later one.
func daysBetween(from, to string) int {
	a, errA := time.Parse(dayLayout, from)
	b, errB := time.Parse(dayLayout, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// span is a DayRange read: both days exist and are in order.
type span struct{ earliest, latest string }

func readRange(r *v1.DayRange) (span, bool) {
	s := span{r.GetEarliest(), r.GetLatest()}
	return s, isDay(s.earliest) && isDay(s.latest) && s.earliest <= s.latest
}

// dayOr reads an optional day: fallback when it is empty, false when it is no day.
func dayOr(day, fallback string) (string, bool) {
	if day == "" {
		return fallback, true
	}
	return day, isDay(day)
}

// within says whether a day lies in [from, until]; an empty end is open.
func within(day, from, until string) bool {
	return from <= day && (until == "" || day <= until)
}
