package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// timeline is who said what when: a lane for those who say all by the same letters, the national committee's first,
// and a column for each day on which something was said.
type timeline struct {
	Title, Words string
	Ticks        []tick
	Lanes        []*lane
	Key          []keyed
	High, Floor  int
	Wide         int // the class of how wide it is at least, in tens of columns
}

type tick struct {
	X          float64 // in percent
	Day, Month string
	Year       string // where it is not that of the day before
}

type keyed struct {
	kind
	Words string
}

type lane struct {
	Name, All string
	National  bool
	Y         int
	Bands     []band
	Marks     []mark
	names     []string
	committee string // the first of them
	letters   string
}

type band struct {
	Class    string
	X, Width float64
}

type mark struct {
	kind
	X        float64
	Title    string
	Reported bool // by somebody else
	Dated    bool // its day is known
	words    string
	on, ends int
}

// Heights of a timeline, in pixels: what stands above its lanes, and a lane.
const ticksHigh, laneHigh, lanesMost = 52, 46, 60

// timelineOf draws what a list of entries says on one question: a measure of its matter, or the whole of it. National is
// the committee whose lane stands first.
func timelineOf(list *answersv1.ListEntriesResponse, measure, national, title string) *timeline {
	type said struct {
		entry     *answersv1.Entry
		committee string
		position  *guidancev1.Position // on the question; nil: on others
	}
	var all []said
	var days []string
	for _, e := range slices.Backward(list.GetEntries()) {
		of := guidance.Entry{ID: e.GetName(), Office: e.GetOffice(), Advisory: e.GetAdvisory(), Report: e.GetReportedPosition()}
		if of.Advisory == nil && of.Report == nil {
			continue
		}
		for _, st := range e.GetStandings() {
			if st.GetNotCounted() != answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED || st.GetCommittee() == "" {
				continue
			}
			one := said{entry: e, committee: st.GetCommittee()}
			for _, p := range guidance.PositionsOf(of) {
				isTheirs := of.Report != nil || slices.Contains(p.GetCommittees(), st.GetCommittee())
				if isTheirs && p.GetMeasure() == measure && p.GetMatter() == list.GetMatter() && one.position == nil {
					one.position = p
				}
			}
			all = append(all, one)
			days = append(days, e.GetIssued().GetLatest())
		}
	}
	if len(all) < 2 {
		return nil
	}
	slices.Sort(days)
	days = slices.Compact(days)
	t := &timeline{Title: title, Wide: (len(days) + 9) / 10}
	at := func(i int) float64 { return 100 * (float64(i) + .5) / float64(len(days)) }
	year := ""
	for i, day := range days {
		d, m, y := dayParts(day)
		one := tick{X: at(i), Day: d, Month: m}
		if y != year {
			one.Year = y
		}
		year = y
		t.Ticks = append(t.Ticks, one)
	}
	lanes := map[string]*lane{} // by committee
	var order []*lane
	for _, one := range all {
		l := lanes[one.committee]
		if l == nil {
			l = &lane{committee: one.committee, National: one.committee == national, names: []string{cmp.Or(list.GetNames().GetCommittees()[one.committee], one.committee)}}
			lanes[one.committee] = l
			order = append(order, l)
		}
		l.letters += " " + one.entry.GetName()
		m := mark{kind: kind{"silent", ""}, on: slices.Index(days, one.entry.GetIssued().GetLatest()), ends: len(days), Reported: one.entry.GetReportedPosition() != nil, Dated: one.entry.GetIssued().GetEarliest() == one.entry.GetIssued().GetLatest()}
		m.X = at(m.on)
		words := plain.OneLine(plain.EntryTitle(one.entry))
		if p := one.position; p != nil {
			m.kind, words = kindOf(p.GetStance()), guidance.PositionNoun(p)
			if p.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY {
				m.kind = kind{"relayed", "»"}
				words = picture.ColumnWords(&answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED})
			}
			for _, st := range one.entry.GetStandings() {
				if ends := st.GetEndings(); st.GetCommittee() == one.committee && !st.GetCurrent() && len(ends) > 0 {
					m.ends, _ = slices.BinarySearch(days, ends[len(ends)-1].GetDay())
				}
			}
		}
		m.Title, m.words = plain.ShortRange(one.entry.GetIssued())+", "+one.entry.GetName()+": "+words, words
		if n := len(l.Marks); n > 0 && l.Marks[n-1].on == m.on { // what was said on one day is one mark, with a stance where one was taken
			last := &l.Marks[n-1]
			m.Title = last.Title + "; " + m.Title
			if m.Sign == "" {
				last.Title = m.Title
				continue
			}
			*last = m
			continue
		}
		l.Marks = append(l.Marks, m)
	}
	for _, l := range order {
		same := slices.IndexFunc(t.Lanes, func(o *lane) bool { return o.letters == l.letters && !o.National && !l.National && sameMarks(o, l) })
		if same >= 0 {
			t.Lanes[same].names = append(t.Lanes[same].names, l.names...)
			continue
		}
		t.Lanes = append(t.Lanes, l)
	}
	slices.SortStableFunc(t.Lanes, func(a, b *lane) int {
		if a.National != b.National {
			return map[bool]int{true: -1, false: 1}[a.National]
		}
		return cmp.Or(cmp.Compare(a.Marks[0].on, b.Marks[0].on), cmp.Compare(a.names[0], b.names[0]))
	})
	t.Lanes = t.Lanes[:min(len(t.Lanes), lanesMost)]
	for i, l := range t.Lanes {
		l.Y, l.All, l.Name = ticksHigh+i*laneHigh, notation.Names(l.names), notation.Clip(notation.Names(l.names), 36)
		if len(l.names) > 2 {
			l.Name = fmt.Sprintf("%s + %d", notation.Clip(l.names[0], 30), len(l.names)-1)
		}
		t.draw(l, at)
	}
	t.Floor = ticksHigh + len(t.Lanes)*laneHigh
	t.High = t.Floor + 4
	return t
}

func sameMarks(a, b *lane) bool {
	return slices.EqualFunc(a.Marks, b.Marks, func(x, y mark) bool { return x == y })
}

// draw gives a lane its bands, each from what was said to what ended it, and tells the timeline's words and key of it.
func (t *timeline) draw(l *lane, at func(int) float64) {
	t.Words += l.All + ": "
	for i, m := range l.Marks {
		if i > 0 {
			t.Words += "; "
		}
		t.Words += m.Title
		if m.Sign == "" {
			continue
		}
		ends := m.ends
		for _, later := range l.Marks[i+1:] {
			if later.Sign != "" {
				ends = min(ends, later.on)
			}
		}
		to := 100.0
		if ends < len(t.Ticks) {
			to = at(ends)
		}
		if to > m.X {
			l.Bands = append(l.Bands, band{m.Class, m.X, to - m.X})
		}
		if !slices.ContainsFunc(t.Key, func(k keyed) bool { return k.kind == m.kind }) {
			t.Key = append(t.Key, keyed{m.kind, notation.Capital(m.words)})
		}
	}
	t.Words += ". "
}

// dayParts are the parts of a day, as the head of a column has them.
func dayParts(day string) (d, month, year string) {
	parts := strings.Fields(plain.ShortRange(&guidancev1.DayRange{Earliest: day, Latest: day}))
	if len(parts) != 3 {
		return day, "", ""
	}
	return parts[0], parts[1], parts[2]
}
