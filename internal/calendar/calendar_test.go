package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
)

var now = time.Date(2021, 10, 28, 9, 30, 0, 0, time.UTC)

// Whatever letters say: what is read back, by the library that wrote it and by another, is what was
// written, in lines that RFC 5545 lets.
func TestACalendarIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aé\u00a0 “—,;:\\n\"\n\r\t=^€🩺\u202e")), 0, 200, -1)
		var events []Event
		for i := range rapid.IntRange(1, 4).Draw(t, "deadlines") {
			events = append(events, Event{
				Day: "2021-11-05", Summary: "x" + text.Draw(t, "summary"), Description: text.Draw(t, "description") + "\nLetter: essex/7", Same: []string{"essex/7", string(rune('a' + i))},
			})
		}
		title := "Dates" + text.Draw(t, "title")
		b := Write("lmc", title, events, now)
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
		ours, err := ics.ParseCalendar(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v:\n%s", err, b)
		}
		theirs, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
		if err != nil {
			t.Fatalf("%v:\n%s", err, b)
		}
		if len(ours.Events()) != len(events) || len(theirs.Events()) != len(events) {
			t.Fatalf("%d and %d events are read, of %d", len(ours.Events()), len(theirs.Events()), len(events))
		}
		for i, event := range ours.Events() {
			value := func(of ics.ComponentProperty) string { return event.GetProperty(of).Value }
			if got, want := value(ics.ComponentPropertySummary), notation.CleanLine(events[i].Summary); got != want {
				t.Fatalf("its words are read as %q, and are %q", got, want)
			}
			if got, want := value(ics.ComponentPropertyDescription), notation.Clean(events[i].Description); got != want {
				t.Fatalf("its description is read as %q, and is %q", got, want)
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
		for i, event := range theirs.Events() {
			if got, err := event.Props.Text(ical.PropSummary); err != nil || got != notation.CleanLine(events[i].Summary) {
				t.Fatalf("another library reads %q, %v", got, err)
			}
			if start, err := event.DateTimeStart(time.UTC); err != nil || start.Format(time.DateOnly) != "2021-11-05" {
				t.Fatalf("another library has it begin %v, %v", start, err)
			}
			if event.Props.Get(ical.PropUID) == nil || event.Props.Get(ical.PropDateTimeStamp) == nil {
				t.Fatal("another library finds no UID or stamp")
			}
		}
		if again := Write("lmc", title, events, now.Add(time.Hour)); uidsOf(again) != uidsOf(b) {
			t.Fatal("written again, its events are others")
		}
	})
}

// A date that its matter moves is the same event on another day, and two of the same name are two.
func TestADateThatMovesIsTheSameEvent(t *testing.T) {
	two := func(day string) []Event {
		return []Event{{Day: day, Summary: "the list", Same: []string{"plan", "the list"}}, {Day: "2021-12-01", Summary: "the list", Same: []string{"plan", "the list"}}}
	}
	before, after := uidsOf(Write("lmc", "", two("2021-10-28"), now)), uidsOf(Write("lmc", "", two("2021-11-04"), now))
	if before != after {
		t.Errorf("it was\n%sand is\n%s", before, after)
	}
	if uids := strings.Split(before, "\n"); uids[0] == uids[1] {
		t.Error("two deadlines are one event")
	}
}

// A calendar that somebody follows may come to have nothing in it, and is one all the same.
func TestACalendarWithoutADeadlineIsOne(t *testing.T) {
	b := Write("lmc", "", []Event{{Day: "2021-02-30"}}, now)
	if _, err := ics.ParseCalendar(bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil || len(cal.Events()) != 0 || len(cal.Children) != 1 {
		t.Errorf("another library reads %v, %v:\n%s", cal, err, b)
	}
}

func uidsOf(cal []byte) (all string) {
	for _, line := range strings.Split(string(cal), "\r\n") {
		if strings.HasPrefix(line, "UID:") {
			all += line + "\n"
		}
	}
	return all
}

func BenchmarkWrite(b *testing.B) {
	events := make([]Event, 100)
	for i := range events {
		events[i] = Event{Day: "2021-11-05", Summary: strings.Repeat("send the reply ", 10), Description: strings.Repeat("words ", 100), Same: []string{string(rune(i))}}
	}
	for b.Loop() {
		Write("lmc", "Dates", events, now)
	}
}
