package picture

import (
	"fmt"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// silentAfter is for how long the node of an office may not have been heard before a reader is
// told (protocol.md 6, freshness).
const silentAfter = 2 * time.Hour

// silentNamed is how many offices that were not heard are named; of more, how many there are.
const silentNamed = 6

// IsSilent: an office was not heard for so long that more of it may be unknown than is worth
// passing over.
func IsSilent(h *answersv1.OfficeHeard) bool {
	return h.GetAge() == nil || h.GetAge().AsDuration() > silentAfter
}

// notHeardWarning is what stands at the top of an answer: that the node hears nobody, else that
// it does not hear the node of an office asked about. Empty: neither is so.
func notHeardWarning(c *answersv1.Completeness) string {
	hears, last := false, (*answersv1.OfficeHeard)(nil)
	for _, h := range c.GetHeard() {
		hears = hears || !IsSilent(h)
		if h.GetAge() != nil && (last == nil || h.GetAge().AsDuration() < last.GetAge().AsDuration()) {
			last = h
		}
	}
	switch {
	case hears && c.GetAlone() != nil && c.GetAlone().AsDuration() < time.Minute:
		return "This node has heard no other since it was started just now: what other offices published is not known here."
	case hears && c.GetAlone() != nil:
		return fmt.Sprintf("This node has been connected to no other for %s: what other offices published since is not known here.", notation.SpanWords(c.GetAlone().AsDuration()))
	case hears || len(c.GetHeard()) == 0:
	case last == nil:
		return "This node has heard no other node yet: what other offices published is known here only as far as it is held."
	default:
		return fmt.Sprintf("This node hears no other node, the last was heard %s: what other offices published since is not known here.", agoWords(last))
	}
	for _, h := range c.GetHeard() {
		if h.GetAskedAbout() && IsSilent(h) {
			if h.GetAge() == nil {
				return fmt.Sprintf("The node of %s was not heard yet: what it published is known here only as far as it is held.", officeIn(c, h.GetOffice()))
			}
			return fmt.Sprintf("The node of %s was last heard %s: what it published since is not known here.", officeIn(c, h.GetOffice()), agoWords(h))
		}
	}
	return ""
}

// heardWords is in one sentence who was heard, or who was not, but for what the warning says.
func heardWords(c *answersv1.Completeness) string {
	var silent []string
	hears, more, warned := false, 0, false
	for _, h := range c.GetHeard() {
		switch {
		case !IsSilent(h):
			hears = true
		case h.GetAskedAbout() && !warned: // the warning's
			warned = true
		case len(silent) == silentNamed:
			more++
		default:
			silent = append(silent, officeIn(c, h.GetOffice())+" ("+agoWords(h)+")")
		}
	}
	switch {
	case len(c.GetHeard()) == 0 || !hears: // nobody else is there, or the warning says it
		return ""
	case more > 0:
		silent = append(silent, fmt.Sprintf("%d more", more))
		fallthrough
	case len(silent) > 0:
		return "Not heard for over two hours, so that what they published since is not known here: " + notation.Names(silent) + "."
	case warned:
		return "All others were heard within the last two hours."
	case len(c.GetHeard()) == 1:
		return "The one other office was heard within the last two hours."
	}
	return fmt.Sprintf("All %d other offices were heard within the last two hours.", len(c.GetHeard()))
}

// notHeardCell is, for one cell, which offices were not heard, and since when:
// "essex 2021-10-28T09:00:00Z; kent never". Empty: all were.
func notHeardCell(c *answersv1.Completeness) string {
	var silent []string
	for _, h := range c.GetHeard() {
		switch {
		case !IsSilent(h):
		case h.GetHeardTime() == nil:
			silent = append(silent, h.GetOffice()+" never")
		default:
			silent = append(silent, h.GetOffice()+" "+h.GetHeardTime().AsTime().UTC().Format(time.RFC3339))
		}
	}
	return strings.Join(silent, "; ")
}

// agoWords is how long ago an office was last heard: "5 hours ago", "3 days ago".
func agoWords(h *answersv1.OfficeHeard) string {
	if h.GetAge() == nil {
		return "never yet"
	}
	return notation.SpanWords(h.GetAge().AsDuration()) + " ago"
}
