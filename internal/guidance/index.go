package guidance

import (
	"context"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Prepared is entries read once for many questions: what was said for whom, and what
// ends what. It holds on to the entries, which must not change while it is used; it is
// itself never changed, so any number of goroutines may ask it.
type Prepared struct {
	ctx     context.Context // of the one answer this was prepared for
	reg     Register
	byTopic map[topic][]*assertion  // what offices entitled to said, by matter and committee
	byEntry map[string][]*assertion // the same, by the name of the entry that said it
	endings map[string][]ending     // what ends an entry, by that entry's name
}

// stopped says whether nobody waits for the answer any more: what is worked out from
// then on is thrown away by whoever asked, so every long loop ends early.
func (p *Prepared) stopped() bool { return p.ctx.Err() != nil }

// topic is what assertions are kept under.
type topic struct{ matter, committee string }

// assertion is one position of one entry, with what the rule needs of it worked out.
type assertion struct {
	entry      *Entry
	position   *v1.Position
	place      int    // its place among the positions of its entry
	issued     span   // the rule's issued day is the latest
	from       string // first day it is valid
	until      string // last day; empty: open
	committees int    // how many it speaks for (domain.md 4.6)
	report     bool   // what others say it said
	mention    bool   // INFORMATION_ONLY, CONSULTING or RELAY (domain.md 4.3)
	waits      bool   // STARTS_WHEN: never current (domain.md 4.1)
}

// ending is one entry that says another one ends.
type ending struct {
	by     *Entry
	how    endingKind
	from   string // first day the ended entry no longer counts; empty for amended
	issued string // latest day the ending was issued
}

// endingKind is how an entry ends (domain.md 4.2).
type endingKind int

const (
	withdrawn endingKind = iota
	replaced
	amended
	expired // by its own valid_until: never in Prepared.endings
)

// Prepare reads entries once, in any order, so that many questions cost little. The
// register is the one known at the moment the questions are asked for. When ctx ends, so
// does the work within milliseconds, here and in every question asked of what was
// prepared, and what it then says is worth nothing: look at ctx before using it.
func Prepare(ctx context.Context, entries []Entry, reg Register) *Prepared {
	return prepare(ctx, entries, reg, topic{})
}

// prepare reads what was said on one topic, or with an empty topic on all.
func prepare(ctx context.Context, entries []Entry, reg Register, only topic) *Prepared {
	if reg == nil {
		reg = nobody{}
	}
	p := &Prepared{ctx: ctx, reg: reg, byTopic: map[topic][]*assertion{}, byEntry: map[string][]*assertion{}, endings: map[string][]ending{}}
	for i := range entries {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		p.index(&entries[i], only)
	}
	return p
}

// index takes in one entry. A repudiated one counts for nothing (domain.md 4.1).
func (p *Prepared) index(e *Entry, only topic) {
	switch {
	case e.Repudiated:
	case e.Advisory != nil:
		p.indexAdvisory(e, only)
	case e.Withdrawal != nil:
		p.indexWithdrawal(e)
	case e.Report != nil:
		p.indexReport(e, only)
	}
}

// checkEvery is how many steps of a loop pass between two looks at whether anybody still
// waits: a few milliseconds at most.
const checkEvery = 256

// indexAdvisory takes in an advisory whose days can be read and which does not claim
// to be of another office than the one whose log holds it.
func (p *Prepared) indexAdvisory(e *Entry, only topic) {
	a := e.Advisory
	issued, ok := readRange(a.GetIssued())
	from, fromOK := dayOr(a.GetValidFrom(), issued.latest)
	if !ok || !fromOK || !ownOffice(a.GetOffice(), e) {
		return
	}
	for i, position := range a.GetPositions() {
		p.indexPosition(assertion{entry: e, position: position, place: i, issued: issued, from: from}, only)
	}
	for _, target := range a.GetReplaces() {
		p.addEnding(target, ending{by: e, how: replaced, from: from, issued: issued.latest})
	}
	for _, target := range a.GetAmends() {
		p.addEnding(target, ending{by: e, how: amended, issued: issued.latest})
	}
}

// indexWithdrawal takes in a withdrawal. Without an effective day it takes effect the
// day it is issued.
func (p *Prepared) indexWithdrawal(e *Entry) {
	w := e.Withdrawal
	issued, ok := readRange(w.GetIssued())
	effective, effectiveOK := dayOr(w.GetEffective(), issued.latest)
	if !ok || !effectiveOK || !ownOffice(w.GetOffice(), e) {
		return
	}
	p.addEnding(w.GetAdvisory(), ending{by: e, how: withdrawn, from: effective, issued: issued.latest})
}

func (p *Prepared) indexReport(e *Entry, only topic) {
	r := e.Report
	issued, ok := readRange(r.GetIssued())
	if !ok || !ownOffice(r.GetOffice(), e) {
		return
	}
	p.indexPosition(assertion{entry: e, position: r.GetPosition(), issued: issued, from: issued.latest, report: true}, only)
}

// ownOffice says whether an entry claims no office, or the one whose log holds it.
func ownOffice(claimed string, e *Entry) bool {
	return claimed == "" || claimed == e.Office
}

// addEnding notes that by ends target. Nothing ends itself.
func (p *Prepared) addEnding(target string, by ending) {
	if target != "" && target != by.by.ID {
		p.endings[target] = append(p.endings[target], by)
	}
}

// indexPosition files one position under every committee it names and its office may
// speak for, or report on, on the issued day (domain.md 4.1).
func (p *Prepared) indexPosition(s assertion, only topic) {
	if !meaningful(&s) || only.matter != "" && only.matter != s.position.GetMatter() {
		return
	}
	var kept *assertion
	for i, committee := range s.position.GetCommittees() {
		if only.committee != "" && only.committee != committee || repeats(s.position.GetCommittees(), i) || !Counts(s.entry, committee, p.reg) {
			continue
		}
		if kept == nil {
			kept = new(assertion)
			*kept = s
			kept.work()
			p.byEntry[s.entry.ID] = append(p.byEntry[s.entry.ID], kept)
		}
		key := topic{s.position.GetMatter(), committee}
		p.byTopic[key] = append(p.byTopic[key], kept)
	}
}

// meaningful reads a position's days and says whether it says anything at all: on a
// matter, with a stance and to an audience that this software knows, on days that
// exist, in an area that is named.
func meaningful(s *assertion) bool {
	position := s.position
	from, fromOK := dayOr(position.GetValidFrom(), s.from)
	until, untilOK := dayOr(position.GetValidUntil(), "")
	s.from, s.until = from, until
	return fromOK && untilOK && position.GetMatter() != "" && len(position.GetAudiences()) > 0 &&
		isStance(position.GetStance()) && mayProvide(position.GetProvenance(), s.report) && isArea(position.GetArea())
}

// mayProvide says whether a provenance has a meaning where it stands: what others
// report exists only as a report (domain.md 3).
func mayProvide(p v1.Provenance, report bool) bool {
	switch p {
	case v1.Provenance_PROVENANCE_UNSPECIFIED, v1.Provenance_PROVENANCE_PRIMARY, v1.Provenance_PROVENANCE_RELAY:
		return true
	case v1.Provenance_PROVENANCE_REPORTED:
		return report
	}
	return false
}

func isStance(s v1.Stance) bool {
	return s >= v1.Stance_STANCE_REFUSE && s <= v1.Stance_STANCE_INFORMATION_ONLY
}

// isArea says whether an area is unset, or named.
func isArea(a *v1.AreaId) bool {
	return a == nil || a.GetCode() != ""
}

// work works out what the rule asks of an assertion again and again.
func (s *assertion) work() {
	s.mention = isMention(s.position)
	for _, c := range s.position.GetConditions() {
		s.waits = s.waits || c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
	}
	for i := range s.position.GetCommittees() {
		if !repeats(s.position.GetCommittees(), i) {
			s.committees++
		}
	}
}

// isMention says whether a position passes on, or asks, rather than takes a line.
func isMention(p *v1.Position) bool {
	return p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY ||
		p.GetStance() == v1.Stance_STANCE_CONSULTING ||
		p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY
}

// repeats says whether list[i] stood earlier in the list.
func repeats(list []string, i int) bool {
	for _, earlier := range list[:i] {
		if earlier == list[i] {
			return true
		}
	}
	return false
}
