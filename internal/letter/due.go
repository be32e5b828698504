package letter

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// due is a day, a time (2021-10-28 17:00) or a rule in words (at once), or a block for what
// that cannot say: {days: 14, after: variation-notice}, {by: 2021-10-31, kind: give-notice},
// or {rule: 10 working days}, for words that begin with a digit, so that a mistyped day is not
// taken for words.
func due(r *reader, at string, n *yaml.Node) *guidancev1.Due {
	if n.Kind != yaml.MappingNode {
		return dueBy(r, at, n)
	}
	b := &dueBlock{Due: &guidancev1.Due{}}
	fill(r, at, n, b, dueFields)
	for i, count := range []int64{b.days, b.weeks, b.months} {
		if r.has(under(at, countPaths[i])) {
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

func dueBy(r *reader, at string, n *yaml.Node) *guidancev1.Due {
	s := r.text(at, n)
	if d, ok := readDay(s); ok {
		return &guidancev1.Due{When: &guidancev1.Due_Day{Day: d}}
	}
	for _, layout := range []string{"2006-01-02 15:04", isoTime} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return &guidancev1.Due{When: &guidancev1.Due_Time{Time: t.Format(isoTime)}}
		}
	}
	if !isWords(s) {
		r.complain(at, n, "%s", notADay(s, "write 2021-10-28, 2021-10-28 17:00, words such as at once, or what begins with a number as {rule: 10 working days} or {days: 14, after: the variation notice}"))
	}
	return &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: s}}
}

// isWords tells words from what was probably meant as a day.
func isWords(s string) bool {
	t := strings.TrimSpace(s)
	return t != "" && (t[0] < '0' || t[0] > '9') && t == s
}
