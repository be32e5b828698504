package guidance

import (
	"fmt"
	"time"
	_ "time/tzdata" // Europe/London, also on machines without a zone database

	"github.com/lmcfed/lmcfed/internal/notation"
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
	if !notation.IsDay(s) {
		return "", fmt.Errorf("reading day %q: no such day: write it as YYYY-MM-DD, for example 2021-10-25", s)
	}
	return Day(s), nil
}

// Today is the day in Europe/London at the instant now, as YYYY-MM-DD.
func Today(now time.Time) string {
	return now.In(london).Format(dayLayout)
}

// span is a DayRange read: both days exist and are in order.
type span struct{ earliest, latest string }

func readRange(r *v1.DayRange) (span, bool) {
	s := span{r.GetEarliest(), r.GetLatest()}
	return s, notation.IsDay(s.earliest) && notation.IsDay(s.latest) && s.earliest <= s.latest
}

// dayOr reads an optional day: fallback when it is empty, false when it is no day.
func dayOr(day, fallback string) (string, bool) {
	if day == "" {
		return fallback, true
	}
	return day, notation.IsDay(day)
}
