package letter

import (
	"errors"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// due is a day, a time (28 October 2021, 5pm) or a rule in words (at once), or a block for what
// that cannot say: {days: 14, after: variation-notice}, {by: 2021-10-31, kind: give-notice},
// or {rule: 10 working days}, for words that begin with a digit or speak of a weekday, so that a
// mistyped day is not taken for words.
func due(r *reader, at string, n *yaml.Node) *guidancev1.Due {
	if n.Kind != yaml.MappingNode {
		return dueBy(r, at, n)
	}
	b := &dueBlock{Due: &guidancev1.Due{}}
	fill(r, at, n, b, dueFields)
	spans := 0
	for i, count := range []int64{b.days, b.weeks, b.months} {
		if r.has(under(at, countPaths[i])) {
			spans++
			b.event.Count, b.event.Unit = int32(min(max(count, -1), 1<<30)), guidancev1.DueUnit(i+1)
		}
	}
	if b.event.Before = b.before != ""; b.event.Before {
		b.after = b.before
	}
	if notation.IsSlug(b.after) { // an event of the matter
		b.event.Event = b.after
	} else if b.event.Words == "" {
		b.event.Words = b.after
	}
	counted := b.after != "" || b.event.Words != ""
	switch {
	case spans > 1 || r.has(under(at, "by")) && r.has(under(at, "rule")) || (spans > 0 || counted) && (r.has(under(at, "by")) || r.has(under(at, "rule"))):
		r.complain(at, n, "says when in more ways than one: keep one of by, rule, and days, weeks or months with after or before")
	case spans > 0 && !counted:
		r.complain(at, n, "says how long, and not from what it is counted: write {days: 14, after: the variation notice}")
	case counted && spans == 0:
		r.complain(at, n, "says from what it is counted, and not how long: write {days: 14, after: the variation notice}, with days: 0 for the day itself")
	case b.by == nil && b.rule == "" && spans == 0:
		r.complain(at, n, emptyDue)
	}
	switch b.event.EventDay = b.eventDay; {
	case b.by != nil:
		b.Due.When = b.by.When
	case b.rule != "":
		b.Due.When = &guidancev1.Due_Rule{Rule: b.rule}
	case b.after != "" || b.event.Unit != 0 || b.event.Words != "":
		b.Due.When = &guidancev1.Due_FromEvent{FromEvent: &b.event}
	}
	return b.Due
}

const emptyDue = "says nothing of when: write a day, a time, words ({rule: 10 working days}) or {days: 14, after: the variation notice}, or leave it out"

// dueBlock is a Due as a block has it.
type dueBlock struct {
	*guidancev1.Due
	by                      *guidancev1.Due
	rule                    string
	days, weeks, months     int64
	after, before, eventDay string
	event                   guidancev1.DueFromEvent
}

// countPaths are those of days, weeks and months.
var countPaths = []string{"from_event.days", "from_event.weeks", "from_event.months"}

var dueFields = []field[*dueBlock]{
	one("by", "by", dueBy, func(b *dueBlock) **guidancev1.Due { return &b.by }),
	one("rule", "rule", text, func(b *dueBlock) *string { return &b.rule }),
	one("days", countPaths[0], number, func(b *dueBlock) *int64 { return &b.days }),
	one("weeks", countPaths[1], number, func(b *dueBlock) *int64 { return &b.weeks }),
	one("months", countPaths[2], number, func(b *dueBlock) *int64 { return &b.months }),
	one("after", "from_event.event", text, func(b *dueBlock) *string { return &b.after }),
	one("before", "from_event.before", text, func(b *dueBlock) *string { return &b.before }),
	one("event-words", "from_event.words", text, func(b *dueBlock) *string { return &b.event.Words }),
	one("event-day", "from_event.event_day", day, func(b *dueBlock) *string { return &b.eventDay }),
	one("kind", "kind", dueKind, func(b *dueBlock) *guidancev1.DueKind { return &b.Kind }),
}

// dueBy is a day, a time or words.
func dueBy(r *reader, at string, n *yaml.Node) *guidancev1.Due {
	s := r.text(at, n)
	day, clock, err := notation.ReadMoment(s, r.firstDay())
	switch {
	case err == nil && clock != "":
		return &guidancev1.Due{When: &guidancev1.Due_Time{Time: day + "T" + clock}}
	case err == nil:
		return &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}
	case s == "":
		r.complain(at, n, emptyDue)
	case isWords(s):
	case errors.Is(err, notation.ErrNotADay):
		r.complain(at, n, "%v; words go under rule, as in {rule: 10 working days}, and what is counted from an event is {days: 14, after: the variation notice}", err)
	default:
		r.complain(at, n, "%v", err)
	}
	return &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: s}}
}

// isWords tells words from what was probably meant as a day, or means another to whoever reads it on a later one.
func isWords(s string) bool {
	t := strings.TrimSpace(s)
	return t != "" && (t[0] < '0' || t[0] > '9') && t == s && !notation.IsDated(s) && !fromToday.MatchString(s)
}

// fromToday are words for a day that go by the day on which they are read.
var fromToday = regexp.MustCompile(`(?i)\b(today|tonight|tomorrow|(this|next) (week|month|year)|end of (the |this |next )?(day|week|month|year))([ .,;]|$)`)
