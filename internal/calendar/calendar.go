// Package calendar knows how deadlines are written as a calendar file (RFC 5545). It does not know what
// falls due or of whom: whoever asks for the file says so in words.
package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Event is a deadline.
type Event struct {
	// Day is the last day for it (2021-10-28).
	Day string
	// Summary is what it is, in a line; with the time of that day, where there is one.
	Summary string
	// Description is what else is to be known of it, in lines.
	Description string
	// Same is what the same deadline has each time: its UID is made from it, and from nothing else.
	Same []string
}

// Write writes a calendar: one event of a whole day for each deadline, which blocks no time. What has no
// day that exists is left out. The same deadline has the same UID each time, so that a calendar that takes
// the file in again has it once; of several that are the same, each has its own. product is what made it,
// title what it is called; "": it has no title. now is when it was written.
func Write(product, title string, events []Event, now time.Time) []byte {
	cal := ics.NewCalendar()
	cal.SetProductId("-//lmcfed//" + product + "//EN")
	if title != "" {
		cal.SetName(notation.CleanLine(title))
	}
	times := map[string]int{}
	for _, e := range events {
		day, err := time.Parse(time.DateOnly, e.Day)
		if err != nil {
			continue
		}
		same := strings.Join(e.Same, "\n")
		if times[same]++; times[same] > 1 {
			same += fmt.Sprintf("\n%d", times[same])
		}
		sum := sha256.Sum256([]byte(same))
		event := cal.AddEvent(hex.EncodeToString(sum[:16]) + "@lmcfed")
		event.SetDtStampTime(now)
		event.SetAllDayStartAt(day)
		event.SetAllDayEndAt(day.AddDate(0, 0, 1))
		event.SetTimeTransparency(ics.TransparencyTransparent)
		event.SetSummary(notation.CleanLine(e.Summary))
		event.SetDescription(notation.Clean(e.Description))
	}
	if len(cal.Components) == 0 { // no calendar file may be without a component: a time zone is one
		utc := cal.AddTimezone("UTC").AddStandard()
		utc.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
		utc.SetProperty("TZOFFSETFROM", "+0000")
		utc.SetProperty("TZOFFSETTO", "+0000")
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}
