package register

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// span says who, from a day on. Empty days are open ends; empty who is nobody.
type span struct {
	from, until, who string
	entry            ledger.EntryID
}

// GetValidFrom is the first day, as that of a message is read.
func (s span) GetValidFrom() string { return s.from }

// GetValidUntil is the last day.
func (s span) GetValidUntil() string { return s.until }

// timeline is spans by their first day, no two with the same. A later one ends the
// earlier the day before it starts, so that at most one holds on any day: the last
// that has started.
type timeline []span

// put adds s, in the place of one with the same first day: that is how a mistake is mended.
func (t timeline) put(s span) timeline {
	i, found := slices.BinarySearchFunc(t, s.from, func(a span, from string) int { return cmp.Compare(a.from, from) })
	if found {
		t[i] = s
		return t
	}
	return slices.Insert(t, i, s)
}

// String is the timeline as people read it: "essex until 2021-10-31; kent from 2021-11-01".
// Where one goes on without a day between, it is one.
func (t timeline) String() string {
	var whole []span
	for i, s := range t {
		if i+1 < len(t) && (s.until == "" || t[i+1].from <= s.until) {
			s.until = notation.DayBefore(t[i+1].from)
		}
		if last := len(whole) - 1; last >= 0 && whole[last].who == s.who && notation.DayAfter(whole[last].until) == s.from {
			whole[last].until = s.until
			continue
		}
		whole = append(whole, s)
	}
	var all []string
	for _, s := range whole {
		who := cmp.Or(s.who, "nobody")
		if period := notation.PeriodWords(s.from, s.until); period != "" {
			who += " " + period
		}
		all = append(all, who)
	}
	return strings.Join(all, "; ")
}

// at returns who holds on the day.
func (t timeline) at(day string) (who string, ok bool) {
	s := Standing(t, day)
	return s.who, s.who != ""
}

// Standing is which of some periods, in the order of their first days, holds on a day: the last
// that has begun, unless it has ended: what came before it is over, and what has ended must not
// be revived by ending it later. The zero P: none.
func Standing[P interface {
	GetValidFrom() string
	GetValidUntil() string
}](periods []P, day string) (none P) {
	for _, p := range slices.Backward(periods) {
		switch {
		case p.GetValidFrom() > day:
		case notation.IsWithin(day, p.GetValidFrom(), p.GetValidUntil()):
			return p
		default:
			return none
		}
	}
	return none
}

// during reports whether who held on some day of a range, both ends included.
func (t timeline) during(who, first, last string) bool {
	for i, s := range t {
		from := max(s.from, first)
		if s.who == who && from <= last && (s.until == "" || from <= s.until) && (i+1 == len(t) || from < t[i+1].from) {
			return true
		}
	}
	return false
}

// OfficeFor returns the office that speaks for the committee on the day: nobody does for one that
// is over.
func (r *Register) OfficeFor(committee, day string) (office string, ok bool) {
	if until := r.committees[committee].record.GetValidUntil(); until != "" && until < asked(day) {
		return "", false
	}
	return r.mandates[committee].at(asked(day))
}

// SpeaksFor reports whether the office speaks for the committee on some day of a range,
// both ends included: on none after the committee's last.
func (r *Register) SpeaksFor(office, committee, first, last string) bool {
	if until := r.committees[committee].record.GetValidUntil(); until != "" {
		last = min(asked(last), until)
	}
	return office != "" && asked(first) <= asked(last) && r.mandates[committee].during(office, asked(first), asked(last))
}

// OfficesEver returns the offices that speak, spoke or will speak for the committee,
// in order of time.
func (r *Register) OfficesEver(committee string) []string {
	var ever []string
	for _, s := range r.mandates[committee] {
		if s.who != "" && !slices.Contains(ever, s.who) {
			ever = append(ever, s.who)
		}
	}
	return ever
}

// MayReport reports whether the office may record, on some day of a range, both ends
// included, what others are reported to have said.
func (r *Register) MayReport(office, first, last string) bool {
	return office != "" && r.reporting[office].during(office, asked(first), asked(last))
}

// Reporters returns the offices that may, or ever might, report on others, by id.
func (r *Register) Reporters() []string { return slices.Sorted(maps.Keys(r.reporting)) }

// Mandates returns who speaks for whom, whatever the day: by committee, then by first day.
func (r *Register) Mandates() []*ledgerv1.Mandate {
	var all []*ledgerv1.Mandate
	for _, committee := range slices.Sorted(maps.Keys(r.mandates)) {
		for _, s := range r.mandates[committee] {
			all = append(all, &ledgerv1.Mandate{Committee: committee, Office: s.who, ValidFrom: s.from, ValidUntil: s.until})
		}
	}
	return all
}

// ReportingRights returns who may report on others, whatever the day: by office, then by
// first day.
func (r *Register) ReportingRights() []*ledgerv1.ReportingRight {
	var all []*ledgerv1.ReportingRight
	for _, office := range r.Reporters() {
		for _, s := range r.reporting[office] {
			all = append(all, &ledgerv1.ReportingRight{Office: office, ValidFrom: s.from, ValidUntil: s.until})
		}
	}
	return all
}

func (r *Register) mandate(entry ledger.EntryID, m *ledgerv1.Mandate) error {
	if err := checkSpan(m.GetCommittee(), m.GetValidFrom(), m.GetValidUntil()); err != nil {
		return fmt.Errorf("mandate for %.80q: %w", m.GetCommittee(), err)
	}
	if m.GetOffice() != "" && !notation.IsSlug(m.GetOffice()) {
		return fmt.Errorf("mandate for %s: office %.80q: %w", m.GetCommittee(), m.GetOffice(), errSlug)
	}
	s := span{from: m.GetValidFrom(), until: m.GetValidUntil(), who: m.GetOffice(), entry: entry}
	r.mandates[m.GetCommittee()] = r.mandates[m.GetCommittee()].put(s)
	return nil
}

func (r *Register) grant(entry ledger.EntryID, g *ledgerv1.ReportingRight) error {
	if err := checkSpan(g.GetOffice(), g.GetValidFrom(), g.GetValidUntil()); err != nil {
		return fmt.Errorf("reporting right of %.80q: %w", g.GetOffice(), err)
	}
	s := span{from: g.GetValidFrom(), until: g.GetValidUntil(), who: g.GetOffice(), entry: entry}
	r.reporting[g.GetOffice()] = r.reporting[g.GetOffice()].put(s)
	return nil
}

func checkSpan(id, from, until string) error {
	if !notation.IsSlug(id) {
		return errSlug
	}
	return checkDays(from, until)
}
