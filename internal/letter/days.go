package letter

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	isoDay  = "2006-01-02"
	isoTime = "2006-01-02T15:04"
	isoMon  = "2006-01"
)

// day is one calendar day. People may write 25 October 2021 too.
func day(r *reader, at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if s == "" {
		return ""
	}
	d, ok := readDay(s)
	if !ok {
		r.complain(at, n, "%s", notADay(s, "write it as 2021-10-25"))
	}
	return d
}

// days is a range of days: 2021-10-25, 2021-10-18..2021-10-21, or a month as 2021-10
// or October 2021.
func days(r *reader, at string, n *yaml.Node) *guidancev1.DayRange {
	s := r.scalar(at, n)
	d, ok := readDays(s)
	if !ok {
		r.complain(at, n, "%s", notADay(s, "write one day (2021-10-25), the earliest and the latest it can have been (2021-10-18..2021-10-21) or a month (October 2021)"))
	}
	return d
}

// readDay reads a day that exists.
func readDay(s string) (string, bool) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
	for _, layout := range []string{isoDay, "2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(isoDay), true
		}
	}
	return s, false
}

func readDays(s string) (*guidancev1.DayRange, bool) {
	if from, to, isRange := strings.Cut(s, ".."); isRange {
		earliest, ok1 := readDay(from)
		latest, ok2 := readDay(to)
		return &guidancev1.DayRange{Earliest: earliest, Latest: latest}, ok1 && ok2
	}
	if d, ok := readDay(s); ok {
		return &guidancev1.DayRange{Earliest: d, Latest: d}, true
	}
	for _, layout := range []string{isoMon, "January 2006", "Jan 2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return month(t), true
		}
	}
	return &guidancev1.DayRange{Earliest: s, Latest: s}, false
}

// month is the range of all days of a month.
func month(first time.Time) *guidancev1.DayRange {
	return &guidancev1.DayRange{Earliest: first.Format(isoDay), Latest: first.AddDate(0, 1, -1).Format(isoDay)}
}

// notADay tells a day that does not exist from what is no day at all.
func notADay(s, remedy string) string {
	s = strings.TrimSpace(s)
	if len(s) == len(isoDay) && s[4] == '-' && s[7] == '-' {
		if t, err := time.Parse(isoMon, s[:7]); err == nil {
			return fmt.Sprintf("%q does not exist: %s has %s days", s, t.Format("January 2006"), month(t).Latest[8:])
		}
	}
	return fmt.Sprintf("%q is not a day: %s", clip(s), remedy)
}
