package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
)

// calendar is a practice's own deadlines as a calendar file (RFC 5545): one event of a whole day each,
// which blocks no time. The same deadline has the same UID each time, so that a calendar that takes the
// file in again has it once. now is when it was written.
func calendar(practice string, all []plain.Due, now time.Time) []byte {
	cal := ics.NewCalendar()
	cal.SetProductId("-//lmcfed//lmc practice//EN")
	for _, due := range all {
		day, err := time.Parse(time.DateOnly, due.Day)
		if err != nil {
			continue // no day of a calendar
		}
		sum := sha256.Sum256([]byte(strings.Join([]string{practice, due.Matter, due.Day, due.Words}, "\n")))
		event := cal.AddEvent(hex.EncodeToString(sum[:16]) + "@lmcfed")
		event.SetDtStampTime(now)
		event.SetAllDayStartAt(day)
		event.SetAllDayEndAt(day.AddDate(0, 0, 1))
		event.SetTimeTransparency(ics.TransparencyTransparent)
		event.SetSummary(notation.CleanLine(notation.Capital(due.Words)))
		event.SetDescription(notation.Clean(plain.Joined("\n",
			due.Notice, due.Title+" ("+due.Matter+")", "Letter: "+cmp.Or(strings.Join(due.Letters, "; "), "none: a date of the matter"),
			"Practice "+practice+". Each practice decides for itself. This is not legal advice.",
		)))
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}
