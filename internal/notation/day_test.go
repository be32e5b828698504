package notation

import "testing"

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
