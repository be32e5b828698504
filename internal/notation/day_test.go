package notation

import (
	"testing"
	"time"
)

func TestDaysMoveByOneAndStayWithinTheYears(t *testing.T) {
	for day, want := range map[string]string{
		"2021-12-31": "2021-12-30 2022-01-01", "9999-12-31": "9999-12-30 9999-12-31", "0001-01-01": "0001-01-01 0001-01-02", "no day": "no day no day",
	} {
		if got := DayBefore(day) + " " + DayAfter(day); got != want {
			t.Errorf("around %s: %s, want %s", day, got, want)
		}
	}
}

func TestAPeriodHoldsBothItsEndsAndAnEmptyEndIsOpen(t *testing.T) {
	for _, c := range []struct {
		from, until string
		want        string // before, on the first, on the last, after
		words       string
	}{
		{"2021-10-01", "2022-03-31", "-++-", "from 2021-10-01 until 2022-03-31"},
		{"", "2022-03-31", "+++-", "until 2022-03-31"},
		{"2021-10-01", "", "-+++", "from 2021-10-01"},
		{"", "", "++++", ""},
	} {
		got := ""
		for _, day := range []string{"2021-09-30", "2021-10-01", "2022-03-31", "2022-04-01"} {
			if IsWithin(day, c.from, c.until) {
				got += "+"
			} else {
				got += "-"
			}
		}
		if got != c.want || PeriodWords(c.from, c.until) != c.words {
			t.Errorf("%s..%s: %s, %q", c.from, c.until, got, PeriodWords(c.from, c.until))
		}
	}
}

// A clock that was 80 years wrong was told as wrong by some 42 million minutes.
func TestASpanIsToldInTheUnitPeopleCountItIn(t *testing.T) {
	const hour, year = time.Hour, 8766 * time.Hour
	for d, want := range map[time.Duration]string{
		0: "0 minutes", 12 * time.Minute: "12 minutes", 2*hour - 1: "119 minutes", 2 * hour: "2 hours", 26 * hour: "26 hours", 48*hour - 1: "47 hours",
		48 * hour: "2 days", 729*24*hour + 23*hour: "729 days", 731 * 24 * hour: "2 years", 10 * year: "10 years", 80 * year: "80 years",
	} {
		if got := SpanWords(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
