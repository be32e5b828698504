package notation

import (
	"strings"
	"testing"
	"time"
)

func TestDaysAreReadAsBritishLettersWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"2021-10-25": "2021-10-25", "2021/10/25": "2021-10-25", "25 October 2021": "2021-10-25", "25th October 2021": "2021-10-25",
		"25th of October, 2021": "2021-10-25", "the 25th October 2021": "2021-10-25", "Tuesday 26 October 2021": "2021-10-26",
		"Tues., 26 Oct. 2021": "2021-10-26", "26 October 2021 (Tuesday)": "2021-10-26", "1 Sept 2021": "2021-09-01", "1 Sep. 2021": "2021-09-01",
		"16/08/2023": "2023-08-16", "09-10-24": "2024-10-09", "16.8.2023": "2023-08-16", "1/2/23": "2023-02-01", "Sep 10, 2024": "2024-09-10",
		"September 10, 2024": "2024-09-10", "25-Oct-2021": "2021-10-25", "25 Oct 21": "2021-10-25", "25 Oct ’21": "2021-10-25",
		"25\u00a0October\u00a02021": "2021-10-25", "16–08–2023": "2023-08-16", "16‑08‑2023": "2023-08-16", " 29 February 2024 ": "2024-02-29", "3rd MAY 2022": "2022-05-03",
	} {
		if got, err := ReadDay(in); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %s", in, got, err, want)
		}
	}
}

func TestWhatIsNoDayIsRefusedWithARemedy(t *testing.T) {
	for in, want := range map[string]string{
		"Tuesday 25 October 2021": "25 October 2021 is a Monday, not a Tuesday: check both",
		"13/13/2021":              "there is no month 13: the day comes first, then the month, then the year",
		"31 February 2021":        "31 February 2021 does not exist: February 2021 has 28 days",
		"2021-02-30":              "30 February 2021 does not exist: February 2021 has 28 days",
		"10/25/2021":              `"10/25/2021" has the month first: the day comes first, 25/10/2021, or write the month as a word`,
		"25 Octobre 2021":         `"octobre" is no month; did you mean October?`,
		"28th October":            "28 October has no year: write it too, such as 28 October 2021",
		"2021-13-01":              "there is no month 13: after the year comes the month, then the day",
		"0 May 2021":              "0 May 2021 does not exist: May 2021 has 31 days",
		"next week":               `"next week" is not a day: write it as 25 October 2021 or 2021-10-25`,
		"Tuesday":                 `"Tuesday" is not a day: write it as 25 October 2021 or 2021-10-25`,
		"":                        `"" is not a day: write it as 25 October 2021 or 2021-10-25`,
		"09-10/24":                `"09-10/24" is not a day: write it as 25 October 2021 or 2021-10-25`,
	} {
		if got, err := ReadDay(in); err == nil || err.Error() != want {
			t.Errorf("%q: %q, %v, want %s", in, got, err, want)
		}
	}
}

func TestRangesAreReadAsLettersWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"25 October 2021": "2021-10-25 2021-10-25", "2021-10-18..2021-10-21": "2021-10-18 2021-10-21",
		"October 2021": "2021-10-01 2021-10-31", "Sept. 2021": "2021-09-01 2021-09-30", "2021-10": "2021-10-01 2021-10-31", "2024-02": "2024-02-01 2024-02-29",
		"2021-10..2021-12": "2021-10-01 2021-12-31", "October to December 2021": "2021-10-01 2021-12-31", "Oct–Dec 2021": "2021-10-01 2021-12-31",
		"18 to 21 October 2021": "2021-10-18 2021-10-21", "18-21 October 2021": "2021-10-18 2021-10-21", "18th – 21st October 2021": "2021-10-18 2021-10-21",
		"between 18 and 21 October 2021": "2021-10-18 2021-10-21", "from 28 October to 3 November 2021": "2021-10-28 2021-11-03",
		"28 December 2021 to 3 January 2022": "2021-12-28 2022-01-03", "18/10/2021 - 21/10/2021": "2021-10-18 2021-10-21", "18/10/2021-21/10/2021": "2021-10-18 2021-10-21",
		"30 December to 2 January 2022": "2021-12-30 2022-01-02", "28 Dec - 3 Jan 2022": "2021-12-28 2022-01-03", "28 Dec-3 Jan 22": "2021-12-28 2022-01-03", "28th December – 3rd January 2022": "2021-12-28 2022-01-03",
		"December to February 2022": "2021-12-01 2022-02-28", "Thursday 30 December to Sunday 2 January 2022": "2021-12-30 2022-01-02", "between 31 Dec and 1 Jan 2000": "1999-12-31 2000-01-01",
		"30 December 2022 to 2 January 2022": "2022-12-30 2022-01-02", "28 to 3 January 2022": "2022-01-28 2022-01-03", "30 November to 2 October 2022": "2022-11-30 2022-10-02", "2 July to 1 January 2022": "2021-07-02 2022-01-01", "30 June to 1 January 2022": "2022-06-30 2022-01-01",
		"2021": "2021-01-01 2021-12-31", "2021 to 2022": "2021-01-01 2022-12-31", "25 October..November 2021": "2021-10-25 2021-11-30",
		"undated, October to December 2021": "2021-10-01 2021-12-31", "undated (2021-10..2021-12)": "2021-10-01 2021-12-31", "Undated: 2021": "2021-01-01 2021-12-31",
		"09-10-24": "2024-10-09 2024-10-09", "Monday 18 to Thursday 21 October 2021": "2021-10-18 2021-10-21",
	} {
		if earliest, latest, err := ReadDays(in); err != nil || earliest+" "+latest != want {
			t.Errorf("%q: %s %s, %v, want %s", in, earliest, latest, err, want)
		}
	}
	for in, want := range map[string]string{
		"undated":                   "undated needs the days that are known: write undated, October to December 2021",
		"spring 2021":               "write the months, such as March to May 2021",
		"early October 2021":        "the earliest and the latest it can have been (18 to 21 October 2021)",
		"18 to 31 February 2021":    "31 February 2021 does not exist",
		"13/13/2021":                "there is no month 13",
		"2021-22":                   "is not a day",
		"10/25/2021 to 11/01/2021":  "the day comes first",
		"Tuesday 18 to 21 Oct 2021": "18 October 2021 is a Monday",
		"Friday 30 December to Sunday 2 January 2021": "2 January 2021 is a Saturday",
		"Tuesday 18 October to 21 October 2021":       "18 October 2021 is a Monday",
	} {
		if earliest, latest, err := ReadDays(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s %s, %v, want %s", in, earliest, latest, err, want)
		}
	}
}

func TestTimesAreReadAsLettersWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"28 Oct, noon": "2021-10-28 12:00", "28 October 2021, 5pm": "2021-10-28 17:00", "7.30pm on 28 October 2021": "2021-10-28 19:30", "5 p.m. on Thursday 28 October 2021": "2021-10-28 17:00",
		"2021-10-28 17:00": "2021-10-28 17:00", "2021-10-28T17:00": "2021-10-28 17:00", "by 12 noon on 28/10/2021": "2021-10-28 12:00", "28 October 2021 at 17.00": "2021-10-28 17:00",
		"28 October 2021": "2021-10-28 ", "1 February": "2022-02-01 ", "22 July": "2022-07-22 ", "25 October": "2021-10-25 ", "12.30pm, 28 Oct 2021": "2021-10-28 12:30", "28 Oct 2021 17:00hrs": "2021-10-28 17:00",
	} {
		if day, clock, err := ReadMoment(in, "2021-10-25"); err != nil || day+" "+clock != want {
			t.Errorf("%q: %s %s, %v, want %s", in, day, clock, err, want)
		}
	}
	for in, want := range map[string]string{
		"7pm on Tuesday": "is not a day, nor a time of one", "28 October 2021, 25:00": "no time of day", "28 October 2021, midnight": "write 00:01 or 23:59",
		"28 October 2021, 5:30": "write am or pm behind it, or 05:30", "28 October 2021 13pm": "no time of day", "28 October 2021 12am": "may be noon or midnight", "28 October 2021 5pm 6pm": "not a day, nor",
		"24 October": "write the year too, 24 October 2021 or 24 October 2022", "23 July": "has no year, and the next one is far ahead", "noon on 4 Aug": "write the year too",
	} {
		if day, clock, err := ReadMoment(in, "2021-10-25"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s %s, %v, want %s", in, day, clock, err, want)
		}
	}
}

func TestWordsThatMeanADayAreTold(t *testing.T) {
	for in, want := range map[string]bool{
		"7pm on Tuesday": true, "by Friday": true, "before 3 May": true, "by 31.10.21": true, "as of 17:00": true, "Mon 3": true,
		"at once": false, "within 10 working days": false, "as you may wish": false, "once the sun is out": false, "by the end of October": false, "before they have sat": false,
	} {
		if IsDated(in) != want {
			t.Errorf("%q: %v", in, !want)
		}
	}
}

// What is read as a day prints back to that day, in words and as it is signed; nothing panics.
func FuzzReadDays(f *testing.F) {
	for _, s := range []string{"Tuesday 26 October 2021", "16/08/2023", "undated (2021-10..2021-12)", "18-21 October 2021", "7.30pm on 28 Oct", "2021-10-28T17:00", "-..- to 2021", "12 noon", "30 December to 2 January 2022", "1 Jan-1 Jan 00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := ReadDay(s)
		if err == nil {
			date, parse := time.Parse(isoDay, day)
			if parse != nil {
				t.Fatalf("%q: %q is no day", s, day)
			}
			for _, written := range []string{day, date.Format("02/01/2006"), date.Format("Monday 2 January 2006")} {
				if again, err := ReadDay(written); err != nil || again != day {
					t.Fatalf("%q: %s is read back from %q as %q, %v", s, day, written, again, err)
				}
			}
		}
		if earliest, latest, err := ReadDays(s); err == nil {
			if day != "" && (earliest != day || latest != day) || !IsDay(earliest) || !IsDay(latest) {
				t.Fatalf("%q: %q..%q", s, earliest, latest)
			}
			if a, b, err := ReadDays(earliest + ".." + latest); err != nil || a != earliest || b != latest {
				t.Fatalf("%q: %s..%s is read back as %s..%s, %v", s, earliest, latest, a, b, err)
			}
		}
		if day, clock, err := ReadMoment(s, "2021-10-25"); err == nil {
			if again, at, err := ReadMoment(strings.TrimSpace(day+" "+clock), ""); err != nil || again != day || at != clock {
				t.Fatalf("%q: %s %s is read back as %s %s, %v", s, day, clock, again, at, err)
			}
		}
	})
}

func TestADayIsFoundInWords(t *testing.T) {
	for words, want := range map[string]bool{
		"1 December 2026": true, "by close of play on Friday 4th December": true, "the notice of 1st of Dec": true, "after Sep 10, 2024": true, "14 days after 01/12/2026": true, "since 2026-12-01": true, "from\u00a01\u00a0December": true,
		"10 working days": false, "the contract letter of May 2026": false, "the 2026/27 contract": false, "by Friday": false, "2.5 days": false, "the 14 days' notice": false, "at once": false, "": false,
	} {
		if got := HasDay(words); got != want {
			t.Errorf("%q: %t", words, got)
		}
	}
}
