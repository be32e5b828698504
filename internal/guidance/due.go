package guidance

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// DueMoment is when something falls due, so that it can be put in order: the last day, and
// the time of that day where there is one. Both are empty where it is due by a rule, or from
// an event whose day is not known.
func DueMoment(d *v1.Due) (day, clock string) {
	switch when := d.GetWhen().(type) {
	case *v1.Due_Day:
		return when.Day, ""
	case *v1.Due_Time:
		day, clock, _ = strings.Cut(when.Time, "T")
		return day, clock
	case *v1.Due_FromEvent:
		return fromEvent(when.FromEvent), ""
	}
	return "", ""
}

// CompareDue puts what falls due sooner first, and what has no day that is known last. A day
// without a time is due at its end.
func CompareDue(x, y *v1.Due) int {
	xDay, xClock := DueMoment(x)
	yDay, yClock := DueMoment(y)
	return cmp.Or(cmp.Compare(cmp.Or(xDay, "9999-99-99"), cmp.Or(yDay, "9999-99-99")), cmp.Compare(cmp.Or(xClock, "24:00"), cmp.Or(yClock, "24:00")))
}

// fromEvent works out the day that lies so long from an event; empty where the event's is not
// known. Months are calendar months: the same day of the month, or its last where it has none.
func fromEvent(e *v1.DueFromEvent) string {
	day, n := e.GetEventDay(), int(e.GetCount())
	if !notation.IsDay(day) || n < 0 || n > DueCountLimit { // what arrives may be anything
		return ""
	}
	if e.GetBefore() {
		n = -n
	}
	switch e.GetUnit() {
	case v1.DueUnit_DUE_UNIT_DAYS:
		return notation.MoveDay(day, n)
	case v1.DueUnit_DUE_UNIT_WEEKS:
		return notation.MoveDay(day, 7*n)
	case v1.DueUnit_DUE_UNIT_MONTHS:
		t, _ := time.Parse(dayLayout, day)
		first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1).Day()
		return first.AddDate(0, 0, min(t.Day(), last)-1).Format(dayLayout)
	}
	return ""
}

// DueWords is when something falls due, as it stands in a sentence: "by 17:00 on 28 October
// 2021", "within 14 days of the variation notice of 1 October 2025: by 15 October 2025, worked
// out here". A rule is given back as it is. A Saturday or Sunday says that offices may be shut.
func DueWords(d *v1.Due) string {
	if d.GetWhen() == nil {
		return ""
	}
	day, clock := DueMoment(d)
	words := "by " + DayWords(day) + weekendWords(day)
	if clock != "" {
		words = "by " + clock + " on " + DayWords(day) + weekendWords(day)
	}
	switch rule := RuleWords(d); {
	case day == "":
		words = rule
	case rule != "":
		words = rule + ": " + words + ", worked out here"
	}
	if d.GetKind() == v1.DueKind_DUE_KIND_GIVE_NOTICE {
		words = "last day to give notice: " + words
	}
	return words
}

// RuleWords are the words that stand for a day, or from which it was worked out here; empty: it was given as a day.
func RuleWords(d *v1.Due) string {
	switch when := d.GetWhen().(type) {
	case *v1.Due_Rule:
		return when.Rule
	case *v1.Due_FromEvent:
		return fromEventWords(when.FromEvent)
	}
	return ""
}

// MovedTo is the day that a matter gives by now for the event that something is due from; empty where it gives none,
// or the same.
func MovedTo(d *v1.Due, m *v1.Matter) string {
	return eventMoved(d.GetFromEvent().GetEvent(), d.GetFromEvent().GetEventDay(), m)
}

// MovedWords mark what is due from an event that its matter has moved since; empty: it has not.
func MovedWords(d *v1.Due, m *v1.Matter) string {
	day := MovedTo(d, m)
	if day == "" {
		return ""
	}
	return "the matter now gives " + DayWords(day) + " for “" + cmp.Or(tidy(d.GetFromEvent().GetWords()), d.GetFromEvent().GetEvent()) + "”: ring before you rely on either day"
}

// fromEventWords is the rule of a time from an event: "within 14 days of the variation notice
// of 1 October 2025", "at least 2 months before the end of the year".
func fromEventWords(e *v1.DueFromEvent) string {
	unit := map[v1.DueUnit]string{v1.DueUnit_DUE_UNIT_DAYS: "day", v1.DueUnit_DUE_UNIT_WEEKS: "week", v1.DueUnit_DUE_UNIT_MONTHS: "month"}[e.GetUnit()]
	if e.GetCount() != 1 {
		unit += "s"
	}
	event := cmp.Or(tidy(e.GetWords()), e.GetEvent())
	if e.GetEventDay() != "" {
		event += " of " + DayWords(e.GetEventDay())
	}
	switch span := fmt.Sprintf("%d %s", e.GetCount(), unit); {
	case e.GetCount() == 0:
		return "on the day of " + event
	case e.GetBefore():
		return "at least " + span + " before " + event
	default:
		return "within " + span + " of " + event
	}
}

func weekendWords(day string) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil || t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
		return ""
	}
	return " (a " + t.Weekday().String() + ": offices may be shut)"
}

// due checks when something falls due. Nothing falls due before it is asked for: notBefore is
// that day, empty where it is not known.
func (f *faults) due(path string, due *v1.Due, notBefore string) {
	if due == nil {
		return
	}
	if k := due.GetKind(); k != v1.DueKind_DUE_KIND_UNSPECIFIED {
		f.enum(path+".kind", "kind of what is due", k)
	}
	field := path
	switch when := due.GetWhen().(type) {
	case *v1.Due_Day:
		field += ".day"
		f.requiredDay(field, when.Day)
	case *v1.Due_Time:
		field += ".time"
		if _, err := time.Parse("2006-01-02T15:04", when.Time); err != nil || !notation.IsDay(strings.Split(when.Time, "T")[0]) {
			f.add(field, "%q is no time that exists: write it as YYYY-MM-DDTHH:MM", clip(when.Time))
		}
	case *v1.Due_Rule:
		f.required(path+".rule", when.Rule, TextLimit)
	case *v1.Due_FromEvent:
		e := when.FromEvent
		field += ".from_event"
		if e.GetEvent() == "" && strings.TrimSpace(e.GetWords()) == "" {
			f.add(field, "names no event: say from what it is counted")
		}
		f.optionalSlug(field+".event", "event", e.GetEvent())
		f.line(field+".words", e.GetWords(), TextLimit)
		f.day(field+".event_day", e.GetEventDay())
		f.enum(field+".unit", "unit", e.GetUnit())
		if e.GetCount() < 0 || e.GetCount() > DueCountLimit {
			f.add(field+".count", "is %d: count from 0 to %d", e.GetCount(), DueCountLimit)
		}
	default:
		f.add(path, "is empty: give a day, a time, a rule or a time from an event, or leave it out")
	}
	if day, _ := DueMoment(due); notation.IsDay(day) && notation.IsDay(notBefore) && day < notBefore {
		f.add(field, "falls on %s, before %s: check the days", DayWords(day), DayWords(notBefore))
	}
}

// fillDue writes out, from the events of a matter, what something is counted from: title and
// day as they are known now, for an amended event must not move what has been signed. An event
// that is given in words is the matter's where it has that title.
func (p *publishing) fillDue(due *v1.Due, m *v1.Matter) {
	e := due.GetFromEvent()
	if e == nil {
		return
	}
	one := func(event *v1.Event) bool { // of that title
		return len(slices.DeleteFunc(slices.Clone(m.GetEvents()), func(o *v1.Event) bool { return foldEvent(o.GetTitle()) != foldEvent(event.GetTitle()) })) == 1
	}
	for _, event := range m.GetEvents() {
		sameDay := e.GetEventDay() == "" || e.GetEventDay() == event.GetDay() // another day is another event
		if e.GetEvent() == "" && foldEvent(e.GetWords()) == foldEvent(event.GetTitle()) && sameDay && one(event) {
			e.Event = event.GetId()
		}
		if e.GetEvent() != "" && event.GetId() == e.GetEvent() {
			e.Words, e.EventDay = cmp.Or(e.GetWords(), event.GetTitle()), cmp.Or(e.GetEventDay(), event.GetDay())
		}
	}
}

// foldEvent is the title of an event as it is compared: "The variation notice" is "variation notice".
func foldEvent(title string) string { return strings.TrimPrefix(foldTitle(title), "the ") }

// event checks that what something is counted from is named, and is an event of its matter or has its day where it names
// one.
func (p *publishing) event(path string, due *v1.Due, m *v1.Matter) {
	if ends := countsFromNothing.FindString(strings.TrimRight(foldTitle(due.GetRule()), ".:,; …")); ends != "" {
		p.add(path+".rule", "ends with “%s”, and names nothing that it is counted from: end it with that, or write {days: 14, after: the variation notice}", ends)
	}
	id := due.GetFromEvent().GetEvent()
	if words := due.GetFromEvent().GetWords(); id == "" && due.GetFromEvent().GetEventDay() == "" && notation.HasDay(words) {
		p.add(path+".from_event", "counts from “%s”, and no list or calendar reads a day in words: give it under event-day, beside what it is the day of, as in {days: 14, after: the notice, event-day: 1 December 2026}", clip(words))
	}
	if id == "" || m == nil {
		return
	}
	var ids []string
	for _, event := range m.GetEvents() {
		if event.GetId() == id {
			return
		}
		ids = append(ids, event.GetId())
	}
	p.add(path+".from_event.event", "%s has no event %s%s; one that only this letter names is given in words", m.GetName(), clip(id), didYouMean(id, ids))
}

// dayInWords warns of a time in words that name a day, or an event of the matter: lists and calendars know none. What
// counts working days can only be words.
func (p *publishing) dayInWords(due *v1.Due, m *v1.Matter, measure string) {
	rule, isRule := due.GetWhen().(*v1.Due_Rule)
	if !isRule || strings.Contains(foldTitle(rule.Rule), "working day") {
		return
	}
	w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_DAY_IN_WORDS, Measure: measure, Quote: notation.Clip(rule.Rule, 160)}
	for _, event := range m.GetEvents() {
		if title := foldEvent(event.GetTitle()); title != "" && strings.Contains(foldTitle(rule.Rule), title) || endsWithEvent(rule.Rule, event.GetId()) {
			w.Title = event.GetId()
		}
	}
	if w.Title != "" || notation.HasDay(rule.Rule) {
		p.warnOnce("", w)
	}
}

// endsWithEvent: a time in words is counted from an event by its id ("within 2 weeks of launch", "14 days after the go-live").
func endsWithEvent(rule, id string) bool {
	words := strings.ReplaceAll(strings.TrimRight(foldTitle(rule), ".!; "), "-", " ")
	before, ends := strings.CutSuffix(words, " "+strings.ReplaceAll(id, "-", " "))
	return ends && id != "" && countsFrom.MatchString(before)
}

var countsFromNothing = regexp.MustCompile(`\b(?:of|after|from|following|(?:day|week|month)s? before)(?: the)?$`)

var countsFrom = regexp.MustCompile(`\b(?:of|after|before|from|since|following)(?: the)?$`)

// eventMoved is the day that a matter gives for an event that something counts from; empty
// where it gives none, or the same.
func eventMoved(event, day string, m *v1.Matter) string {
	for _, now := range m.GetEvents() {
		if event != "" && now.GetId() == event && now.GetDay() != day {
			return now.GetDay()
		}
	}
	return ""
}
