package notation

import "testing"

func TestDaysBetween(t *testing.T) {
	if got := DaysBetween("2021-10-30", "2021-11-02"); got != 3 { // over the change of the clocks
		t.Errorf("%d days, want 3", got)
	}
}

func TestAReleaseSaysHowFarItIs(t *testing.T) {
	for _, c := range []struct{ name, day, want string }{
		{"list sizes, 1 May 2022", "2022-05-01", ""},
		{"list sizes, 1 May 2022", "2022-05-02", " (the day before)"},
		{"list sizes, 1 May 2022", "2022-04-30", " (the day after)"},
		{"list sizes, 1 May 2022", "2021-10-28", " (185 days after)"},
		{"NHS Digital 2022-05-01", "2026-04-01", " (1,431 days before)"},
		{"as of Sunday 1 May 2022", "2022-06-01", " (31 days before)"},
		{"May 2022", "2022-06-01", ""}, // which day of it is not told
		{"release 15", "2022-06-01", ""},
		{"", "2022-06-01", ""},
		{"1 May 2022", "", ""},
	} {
		if got := DistanceWords(DayAtEnd(c.name), c.day); got != c.want {
			t.Errorf("%q, %s: %q, want %q", c.name, c.day, got, c.want)
		}
	}
}
