package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
)

// Whatever letters say: what is read back is what was written, in lines that RFC 5545 lets.
func TestACalendarIsReadBackAsItWasWritten(t *testing.T) {
	now := time.Date(2021, 10, 28, 9, 30, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aé\u00a0 “—,;:\\n\"\n\r\t=^€🩺")), 0, 200, -1)
		var all []plain.Due
		for range rapid.IntRange(1, 4).Draw(t, "deadlines") {
			all = append(all, plain.Due{
				Day: "2021-11-05", Words: "x" + text.Draw(t, "words"), Matter: "gpc-england/plan", Title: text.Draw(t, "title"),
				Letters: []string{text.Draw(t, "letter") + ", essex/7"}, Notice: text.Draw(t, "notice"),
			})
		}
		b := calendar("F81001", all, now)
		if !utf8.Valid(b) {
			t.Fatal("a character was cut in two")
		}
		lines := strings.Split(string(b), "\r\n")
		for _, line := range lines {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("a line has %d octets, or another end: %q", len(line), line)
			}
		}
		if lines[len(lines)-1] != "" {
			t.Fatal("the last line has no end")
		}
		cal, err := ics.ParseCalendar(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v:\n%s", err, b)
		}
		if len(cal.Events()) != len(all) {
			t.Fatalf("%d events are read, of %d", len(cal.Events()), len(all))
		}
		for i, event := range cal.Events() {
			value := func(of ics.ComponentProperty) string { return event.GetProperty(of).Value }
			if got, want := value(ics.ComponentPropertySummary), notation.CleanLine(notation.Capital(all[i].Words)); got != want {
				t.Fatalf("its words are read as %q, and are %q", got, want)
			}
			if !strings.Contains(value(ics.ComponentPropertyDescription), "essex/7") {
				t.Fatalf("it does not name its letter: %s", value(ics.ComponentPropertyDescription))
			}
			if start, err := event.GetAllDayStartAt(); err != nil || start.Format(time.DateOnly) != "2021-11-05" {
				t.Fatalf("it begins %v, %v", start, err)
			}
			if end, err := event.GetAllDayEndAt(); err != nil || end.Format(time.DateOnly) != "2021-11-06" {
				t.Fatalf("it ends %v, %v", end, err)
			}
			if stamp, err := event.GetDtStampTime(); err != nil || !stamp.Equal(now) {
				t.Fatalf("its stamp is %v, %v", stamp, err)
			}
		}
		if again := calendar("F81001", all, now.Add(time.Hour)); uidsOf(string(again)) != uidsOf(string(b)) {
			t.Fatal("written again, its events are others")
		}
	})
}

func uidsOf(cal string) (all string) {
	for _, line := range strings.Split(cal, "\r\n") {
		if strings.HasPrefix(line, "UID:") {
			all += line + "\n"
		}
	}
	return all
}
