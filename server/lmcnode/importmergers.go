package main

import (
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
)

// putMergers are the mergers that lists tell of: the practice that was merged closed the day before.
func (i *importing) putMergers() error {
	for _, m := range i.release.Mergers {
		if !slices.ContainsFunc(i.rows, func(row ods.Membership) bool { return row.Practice == m.Into && row.From == m.Day }) {
			continue // its row was set aside
		}
		from, into := i.practices[m.From], i.practices[m.Into]
		switch {
		case from == nil || into == nil:
			i.notes = append(i.notes, fmt.Sprintf("%s was merged into %s by a list, and one of them is in no file: left out", m.From, m.Into))
			continue
		case into.ValidUntil != "" && into.ValidUntil < notation.DayBefore(m.Day): // else it merged on that day itself
			i.notes = append(i.notes, fmt.Sprintf("%s was merged into %s on %s by a list, and that closed on %s: left out", m.From, m.Into, plain.Day(m.Day), plain.Day(into.ValidUntil)))
			continue
		}
		if !slices.Contains(into.TookOverFrom, m.From) {
			into = proto.CloneOf(into)
			into.TookOverFrom = append(into.TookOverFrom, m.From)
			slices.Sort(into.TookOverFrom)
			i.putPractice(into)
		}
		if from.ValidUntil == "" {
			from = proto.CloneOf(from)
			from.ValidUntil = notation.DayBefore(m.Day)
			i.putPractice(from)
		}
	}
	i.recallMergers()
	for _, m := range i.release.Mergers { // once those that are taken back are
		if err := i.checkCircle(m); err != nil {
			return err
		}
	}
	return nil
}

// checkCircle refuses a merger into a practice that is recorded to have merged into the one it took over from, through
// others or not: all of them would be closed. A circle of rows read together is refused as they are read.
func (i *importing) checkCircle(m ods.Merger) error {
	if !slices.Contains(i.practices[m.Into].GetTookOverFrom(), m.From) {
		return nil
	}
	from := map[string]string{m.From: ""} // who took over from each, on the way down
	for next := []string{m.From}; len(next) > 0; next = next[1:] {
		for _, old := range i.practices[next[0]].GetTookOverFrom() {
			if _, seen := from[old]; !seen {
				from[old] = next[0]
				next = append(next, old)
			}
		}
	}
	if _, closed := from[m.Into]; !closed {
		return nil
	}
	var already []string
	for old := m.Into; old != m.From; old = from[old] {
		already = append(already, fmt.Sprintf("%s took over from %s by %s", from[old], old, i.whereMerged(old, from[old])))
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("practices would merge in a circle, and all of them be closed: %s took over from %s by %s, and %s", m.Into, m.From, i.whereMerged(m.From, m.Into), notation.List(already)),
		"leave out of the lists what is not right; what the register has is taken back by a list of the same LMC without it")
}

// whereMerged is the row of a list that tells of a merger, or that the register has it.
func (i *importing) whereMerged(from, into string) string {
	for _, m := range i.release.Mergers {
		if m.From != from || m.Into != into {
			continue
		}
		for _, row := range i.rows {
			if row.Practice == into && row.From == m.Day {
				return fmt.Sprintf("%s, row %d", row.List, row.Row)
			}
		}
	}
	return "the register"
}

// recallMergers keeps those practices closed that merged by a list which is not read again: the NHS's files have them
// open for long after. A list that is, and tells of no merger any more, takes it back.
func (i *importing) recallMergers() {
	var kept []string
	for _, code := range slices.Sorted(maps.Keys(i.known)) {
		for _, old := range i.known[code].TookOverFrom {
			had, now := i.known[old], i.practices[old]
			if had.GetValidUntil() == "" || now.GetValidUntil() != "" {
				continue
			}
			told, again := false, true // by the row that begins that day; of two, by both
			for _, m := range i.known[code].LiesIn {
				if m.Area.Scheme == register.ListScheme && m.ValidFrom == notation.DayAfter(had.ValidUntil) {
					told, again = true, again && i.listed[committeeOf(m.Area)]
				}
			}
			switch {
			case !told: // as the files have it
			case again:
				into := proto.CloneOf(i.practices[code])
				into.TookOverFrom = slices.DeleteFunc(into.TookOverFrom, func(one string) bool { return one == old })
				i.putPractice(into)
			default:
				closed := proto.CloneOf(now)
				closed.ValidUntil = had.ValidUntil
				i.putPractice(closed)
				kept = append(kept, fmt.Sprintf("%s (into %s on %s)", old, code, plain.Day(notation.DayAfter(had.ValidUntil))))
			}
		}
	}
	if len(kept) > 0 {
		i.notes = append(i.notes, fmt.Sprintf("open in the file of practices, and merged by a list that is not read now: %s. They stay closed; a list of the same LMC without the merger takes it back", clipped(kept)))
	}
}
