package notation

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// How British letters write days: the day before the month, years of two digits in this
// century, and everything a word processor puts between. What is read is told back in words
// before anything is published, so that a slip of the reader's is seen.

const isoDay = "2006-01-02"

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// monthOf is the month that a word names; 0: none. Names may be cut to three letters, and
// September to four.
func monthOf(word string) time.Month {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || word == name[:3] || word == "sept" && m == time.September {
			return m
		}
	}
	return 0
}

// weekdayOf is the number of the weekday that a word names; -1: none.
func weekdayOf(word string) int {
	for i, name := range weekdays {
		if word == name || len(word) >= 3 && len(word) <= 5 && strings.HasPrefix(name, word) {
			return i
		}
	}
	return -1
}

var (
	ordinal     = regexp.MustCompile(`\b(\d{1,2})(st|nd|rd|th)\b`)
	joinedMonth = regexp.MustCompile(`\b(\d{1,2})[-/.]([a-z]{3,9})[-/.](\d{2}|\d{4})\b`)
	yearFirst   = regexp.MustCompile(`^(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})$`)
	dayFirst    = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d{2})$`)
	clock       = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?(am|pm|hrs)?$`)
	halfDay     = regexp.MustCompile(`\b(\d{1,2}(?:[:.]\d{2})?) (am|pm|hrs)\b`)
	numericDay  = regexp.MustCompile(`\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[:.]\d{2}|\d(am|pm)\b`)
)

// longestDay is more than the longest way of writing a range of days; what is longer is none.
const longestDay = 120

// plainly writes what a letter says of a day in small letters, with ordinary blanks and
// hyphens, and without what only people need: "Tuesday, the 26th of October, 2021" is
// "tuesday 26 october 2021".
func plainly(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune(",()", r):
			return ' '
		case strings.ContainsRune("–—‐‑‒−", r):
			return '-'
		case strings.ContainsRune("'’‘", r):
			return -1
		}
		return unicode.ToLower(r)
	}, Clip(s, longestDay))
	s = joinedMonth.ReplaceAllString(ordinal.ReplaceAllString(s, "$1"), "$1 $2 $3")
	var kept []string
	for _, word := range strings.Fields(s) {
		if word = strings.TrimRight(word, "."); word != "of" && word != "the" && word != "" {
			kept = append(kept, word)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(kept, " "), "a.m", "am"), "p.m", "pm")
}

// ErrNotADay: it has not even the form of a day. Any other error says what is wrong with one
// that has.
var ErrNotADay = errors.New("not a day")

// ReadDay reads a day as letters write it, and returns it as YYYY-MM-DD: "25th October 2021",
// "Tuesday 26 October 2021", "1 Sept 2021", "16/08/2023" (the day first), "09-10-24" (of this
// century), "Sep 10, 2024", "2021-10-25". The error says what is wrong and what to write.
func ReadDay(s string) (string, error) {
	day, err := readDay(plainly(s), "")
	if err == ErrNotADay {
		err = fmt.Errorf("%q is %w: write it as 25 October 2021 or 2021-10-25", Clip(strings.TrimSpace(s), 60), ErrNotADay)
	}
	return day, err
}

// readDay reads a day written plainly. One that leaves out its year is the first from notBefore
// on, where that is near; where that is far ahead, or notBefore is empty, it must have one.
func readDay(s, notBefore string) (string, error) {
	words, weekday := []string(nil), -1
	for _, word := range strings.Fields(s) {
		if n := weekdayOf(word); n >= 0 && weekday < 0 {
			weekday = n
		} else {
			words = append(words, word)
		}
	}
	day, err := readDate(words, notBefore)
	if err != nil || weekday < 0 {
		return day, err
	}
	t, _ := time.Parse(isoDay, day)
	if int(t.Weekday()) != weekday {
		return "", fmt.Errorf("%s is a %s, not a %s: check both", t.Format("2 January 2006"), t.Weekday(), time.Weekday(weekday))
	}
	return day, nil
}

// readDate reads a day without its weekday.
func readDate(words []string, notBefore string) (string, error) {
	if len(words) == 1 {
		if m := yearFirst.FindStringSubmatch(words[0]); m != nil && m[2] == m[4] {
			if month := Number(m[3]); month < 1 || month > 12 {
				return "", fmt.Errorf("there is no month %d: after the year comes the month, then the day", month)
			}
			return dayOf(m[1], time.Month(Number(m[3])), m[5])
		}
		if m := dayFirst.FindStringSubmatch(words[0]); m != nil && m[2] == m[4] {
			if day, month := Number(m[1]), Number(m[3]); month > 12 && day <= 12 && day > 0 {
				return "", fmt.Errorf("%q has the month first: the day comes first, %s%s%s%s%s, or write the month as a word", words[0], m[3], m[2], m[1], m[4], m[5])
			}
			return dayOf(m[5], time.Month(Number(m[3])), m[1])
		}
	}
	if len(words) < 2 || len(words) > 3 {
		return "", ErrNotADay
	}
	day, month := words[0], words[1]
	if monthOf(day) != 0 { // Sep 10, 2024
		day, month = month, day
	}
	if n := Number(day); len(day) > 2 || n < 0 {
		return "", ErrNotADay
	}
	if monthOf(month) == 0 {
		if near := nearestMonth(month); near != "" && len(words) == 3 {
			return "", fmt.Errorf("%q is no month; did you mean %s?", Clip(month, 20), near)
		}
		return "", ErrNotADay
	}
	if len(words) == 3 {
		return dayOf(words[2], monthOf(month), day)
	}
	if notBefore == "" {
		return "", fmt.Errorf("%s %s has no year: write it too, such as %s %s 2021", day, monthOf(month), day, monthOf(month))
	}
	this, err := dayOf(notBefore[:4], monthOf(month), day)
	if err == nil && this >= notBefore {
		return this, nil
	}
	next, err := dayOf(strconv.Itoa(Number(notBefore[:4])+1), monthOf(month), day)
	if err == nil && DaysBetween(notBefore, next) > farAhead {
		return "", fmt.Errorf("%[1]s %[2]s has no year, and the next one is far ahead: write the year too, %[1]s %[2]s %[3]s or %[1]s %[2]s %[4]s", day, monthOf(month), notBefore[:4], next[:4])
	}
	return next, err
}

// farAhead is after how many days nobody means by a day without its year the next one.
const farAhead = 270

// dayOf puts a day together, if there is such a day.
func dayOf(year string, month time.Month, day string) (string, error) {
	if len(year) == 2 {
		year = "20" + year
	}
	iso := fmt.Sprintf("%s-%02d-%02d", year, month, Number(day))
	switch {
	case IsDay(iso):
		return iso, nil
	case len(year) != 4 || Number(year) < 1:
		return "", ErrNotADay
	case month < 1 || month > 12:
		return "", fmt.Errorf("there is no month %d: the day comes first, then the month, then the year", month)
	}
	return "", fmt.Errorf("%d %s %s does not exist: %s %s has %d days", Number(day), month, year, month, year, daysIn(Number(year), int(month)))
}

func nearestMonth(word string) string {
	for m := time.January; m <= time.December; m++ {
		if len(word) > 3 && len(word) < 15 && Distance(word, strings.ToLower(m.String())) <= 2 {
			return m.String()
		}
	}
	return ""
}

// ReadMoment reads a day, or a time of a day: "28 October 2021, 5pm", "7.30pm on 28 October
// 2021", "28 Oct, noon". clock is HH:MM, or empty where there is none. What leaves out its year
// is the first such day from notBefore on, if that is no further ahead than farAhead.
func ReadMoment(s, notBefore string) (day, hour string, err error) {
	plain := halfDay.ReplaceAllString(plainly(s), "$1$2")
	if at := len(isoDay); len(plain) > at && plain[at] == 't' && IsDay(plain[:at]) {
		plain = plain[:at] + " " + plain[at+1:]
	}
	var rest []string
	for _, word := range strings.Fields(strings.ReplaceAll(plain, "12 noon", "noon")) {
		said, err := readClock(word)
		switch {
		case word == "on" || word == "at" || word == "by":
		case err == ErrNotADay || err == nil && hour != "":
			rest = append(rest, word)
		case err != nil:
			return "", "", err
		default:
			hour = said
		}
	}
	if day, err = readDay(strings.Join(rest, " "), notBefore); err == nil {
		return day, hour, nil
	}
	if err == ErrNotADay {
		err = fmt.Errorf("%q is %w, nor a time of one: write it as 28 October 2021 or 28 October 2021, 5pm", Clip(strings.TrimSpace(s), 60), ErrNotADay)
	}
	return "", "", err
}

// readClock reads a time of day: "5pm", "7.30pm", "17:00", "noon".
func readClock(word string) (string, error) {
	switch word {
	case "noon", "midday":
		return "12:00", nil
	case "midnight":
		return "", fmt.Errorf("midnight may be the beginning or the end of a day: write 00:01 or 23:59")
	}
	m := clock.FindStringSubmatch(word)
	if m == nil || m[2] == "" && m[3] == "" {
		return "", ErrNotADay
	}
	hour, minute := Number(m[1]), max(0, Number(m[2]))
	switch half := m[3] == "am" || m[3] == "pm"; {
	case half && (hour < 1 || hour > 12) || hour > 23 || minute > 59:
		return "", fmt.Errorf("%q is no time of day: write it as 5pm, 5.30pm or 17:30", word)
	case m[3] == "am" && hour == 12:
		return "", fmt.Errorf("12am may be noon or midnight: write noon, 00:01 or 23:59")
	case m[3] == "pm" && hour < 12:
		hour += 12
	case !half && len(m[1]) == 1:
		return "", fmt.Errorf("%q may be before or after noon: write am or pm behind it, or 0%s", word, word)
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), nil
}

// IsDated says whether words speak of a certain day or time, so that they were probably meant
// as one: "7pm on Tuesday", "before 3 May".
func IsDated(s string) bool {
	plain := plainly(s)
	digits := strings.ContainsAny(plain, "0123456789")
	for _, word := range strings.Fields(plain) {
		if n := weekdayOf(word); n >= 0 && (digits || word == weekdays[n]) || digits && monthOf(word) != 0 {
			return true
		}
	}
	return numericDay.MatchString(plain)
}

// HasDay says whether words name a day of the calendar somewhere: "within 10 working days of 1 December".
func HasDay(s string) bool { return aDay.MatchString(strings.ReplaceAll(s, "\u00a0", " ")) }

const aMonth = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

var aDay = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th)? (?:of )?` + aMonth + `\b|\b` + aMonth + ` \d{1,2}(?:st|nd|rd|th)?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b`)

// ReadDays reads a range of days: a day, a month (October 2021, 2021-10), a year, from one to
// another ("18 to 21 October 2021", "October to December 2021", 2021-10..2021-12), and any of
// them behind "undated".
func ReadDays(s string) (earliest, latest string, err error) {
	plain := plainly(s)
	undated := strings.HasPrefix(plain, "undated")
	if undated {
		if plain = strings.TrimLeft(strings.TrimPrefix(plain, "undated"), " :;-"); plain == "" {
			return "", "", fmt.Errorf("undated needs the days that are known: write undated, October to December 2021, with the earliest and the latest it can have been")
		}
	}
	earliest, latest, err = readDays(plain)
	if err == ErrNotADay {
		for _, season := range []string{"spring", "summer", "autumn", "winter"} {
			if strings.Contains(plain, season) {
				return "", "", fmt.Errorf("%q does not say from which day to which: write the months, such as March to May 2021", Clip(strings.TrimSpace(s), 60))
			}
		}
		err = fmt.Errorf("%q is %w: write one day (25 October 2021), the earliest and the latest it can have been (18 to 21 October 2021), a month (October 2021) or a year", Clip(strings.TrimSpace(s), 60), ErrNotADay)
	}
	return earliest, latest, err
}

// readDays reads a range written plainly. Where the words on the left leave out month or year,
// they have those on the right: "18 to 21 October 2021"; across a year's end, where they leave
// out the year alone, the year before: "30 December to 2 January 2022".
func readDays(s string) (earliest, latest string, err error) {
	if earliest, latest, err = readSpan(s); err != ErrNotADay {
		return earliest, latest, err
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "from "), "between ")
	for _, between := range []string{"..", " to ", " until ", " and ", " - ", "-"} {
		for at := range s {
			if !strings.HasPrefix(s[at:], between) {
				continue
			}
			left, right := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+len(between):])
			_, last, errLast := readSpan(right)
			if errLast != nil {
				if between != "-" && errLast != ErrNotADay {
					err = errLast
				}
				continue
			}
			words := strings.Fields(right)
			for n := range min(3, len(words)) { // "18", then "18 2021", then "18 October 2021"
				first, _, errFirst := readSpan(strings.Join(append([]string{left}, words[len(words)-n:]...), " "))
				if n == 1 && (errFirst != nil || first > last) {
					before, _, err := readSpan(left + " " + yearBefore(words[len(words)-1]))
					if err == nil && withinHalfAYear(before, last) {
						return before, last, nil
					}
				}
				if errFirst == nil {
					return first, last, nil
				}
				if between != "-" && errFirst != ErrNotADay {
					err = errFirst
				}
			}
		}
	}
	return "", "", err
}

// yearBefore is the year before one of two or four digits; empty: it is none.
func yearBefore(year string) string {
	if n := Number(year); n > 0 && len(year) <= 4 {
		return fmt.Sprintf("%0*d", len(year), n-1)
	}
	return ""
}

// withinHalfAYear says whether one day is at most half a year before another.
func withinHalfAYear(earliest, latest string) bool {
	from, _ := time.Parse(isoDay, earliest)
	to, _ := time.Parse(isoDay, latest)
	return !to.Before(from) && !to.After(from.AddDate(0, 6, 0))
}

// readSpan reads a day, a month or a year, written plainly.
func readSpan(s string) (earliest, latest string, err error) {
	day, err := readDay(s, "")
	if err != ErrNotADay {
		return day, day, err
	}
	if Number(s) > 0 && len(s) == 4 {
		return s + "-01-01", s + "-12-31", nil
	}
	year, month, found := strings.Cut(s, "-")
	m := time.Month(Number(month))
	if words := strings.Fields(s); len(words) == 2 {
		year, m, found = words[1], monthOf(words[0]), true
	}
	if len(year) != 4 || Number(year) < 1 || !found || m < 1 || m > 12 || len(s) < 7 {
		return "", "", ErrNotADay
	}
	return fmt.Sprintf("%s-%02d-01", year, m), fmt.Sprintf("%s-%02d-%02d", year, m, daysIn(Number(year), int(m))), nil
}
