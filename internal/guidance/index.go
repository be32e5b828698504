package guidance

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

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
	scope      string // the id of its scope (domain.md 4.10)

	extent []*v1.AreaId    // the areas it is limited to; nil: everywhere
	both   [2][]*v1.AreaId // what a predecessor's is limited to, if no area of the two has in it all that is in both
	owner  string          // the predecessor that said it; empty: whoever is asked about
	owners []string        // and all that it was said for of those merged
	taken  string          // the day from which on the predecessor's lines are its successor's; empty: it is none, or that is not recorded

	standsAs *assertion // of what corrects a request: what that stands with; nil: itself
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
	disowned endingKind = iota // of a report, by the committee's own office: never in Prepared.endings
	withdrawn
	replaced
	amended
	expired // by its own valid_until: never in Prepared.endings
	lapsed  // by what the contract says of it from some day on: never in Prepared.endings
)

// take reads one entry.
func (p *Prepared) take(e *Entry) {
	p.entries.put(e.ID, e)
	p.newest = max(p.newest, e.Feed)
	on := span{e.Issued().GetEarliest(), e.Issued().GetLatest()}
	add(p.issued, on, e)
	switch {
	case e.Repudiated: // counts for nothing (domain.md 4.1)
	case e.Advisory != nil:
		p.indexAdvisory(e)
	case e.Withdrawal != nil:
		p.indexWithdrawal(e)
	case e.Report != nil:
		p.indexReport(e)
	case e.Erasure != nil:
		for _, matter := range e.Erasure.Matters {
			for _, committee := range e.Erasure.Committees {
				if Counts(e, committee, p.reg) {
					add(p.removed, topic{matter, committee}, e)
				}
			}
		}
	}
}

// indexAdvisory takes in an advisory whose days can be read and which does not claim
// to be of another office than the one whose log holds it.
func (p *Prepared) indexAdvisory(e *Entry) {
	a := e.Advisory
	issued, ok := readRange(a.GetIssued())
	from, fromOK := dayOr(a.GetValidFrom(), issued.latest)
	if !ok || !fromOK || !ownOffice(a.GetOffice(), e) {
		return
	}
	for i, position := range Positions(a) {
		p.indexPosition(assertion{entry: e, position: position, place: i, issued: issued, from: from})
	}
	for _, target := range a.GetReplaces() {
		p.indexEnding(target, ending{by: e, how: replaced, from: from, issued: issued.latest})
	}
	for _, target := range a.GetAmends() {
		p.indexEnding(target, ending{by: e, how: amended, issued: issued.latest})
	}
}

// indexWithdrawal takes in a withdrawal. Without an effective day it takes effect the
// day it is issued.
func (p *Prepared) indexWithdrawal(e *Entry) {
	w := e.Withdrawal
	issued, ok := readRange(w.GetIssued())
	effective, effectiveOK := dayOr(w.GetEffective(), issued.latest)
	if ok && effectiveOK && ownOffice(w.GetOffice(), e) {
		p.indexEnding(w.GetAdvisory(), ending{by: e, how: withdrawn, from: effective, issued: issued.latest})
	}
}

func (p *Prepared) indexReport(e *Entry) {
	r := e.Report
	if issued, ok := readRange(r.GetIssued()); ok && ownOffice(r.GetOffice(), e) {
		p.indexPosition(assertion{entry: e, position: r.GetPosition(), issued: issued, from: issued.latest, report: true})
	}
}

// ownOffice: an entry claims no office, or the one whose log holds it.
func ownOffice(claimed string, e *Entry) bool {
	return claimed == "" || claimed == e.Office
}

// indexEnding files what ends target, and by what. Nothing ends itself.
func (p *Prepared) indexEnding(target string, e ending) {
	if target != "" && target != e.by.ID {
		add(p.endings, target, e)
	}
}

// indexPosition files one position under every committee it names and its office may
// speak for, or report on, on the issued day (domain.md 4.1).
func (p *Prepared) indexPosition(s assertion) {
	if !meaningful(&s) {
		return
	}
	var kept *assertion
	for i, committee := range s.position.GetCommittees() {
		if repeats(s.position.GetCommittees(), i) || !Counts(s.entry, committee, p.reg) {
			continue
		}
		if kept == nil {
			kept = new(assertion)
			*kept = s
			kept.classify()
			add(p.byEntry, s.entry.ID, kept)
		}
		key := topic{s.position.GetMatter(), committee}
		add(p.byTopic, key, kept)
	}
}

// meaningful reads a position's days, and finds whether it says anything at all: on a
// matter, with a stance and a provenance that mean something here, to an audience, on
// days that exist, in an area that is named or in none, and no longer than may be
// published. What others report exists only as a report (domain.md 3).
func meaningful(s *assertion) bool {
	position := s.position
	from, fromOK := dayOr(position.GetValidFrom(), s.from)
	until, untilOK := dayOr(position.GetValidUntil(), "")
	s.from, s.until = from, until
	stance, provenance := position.GetStance(), position.GetProvenance()
	return fromOK && untilOK && position.GetMatter() != "" && len(position.GetAudiences()) > 0 &&
		stance >= v1.Stance_STANCE_REFUSE && stance <= v1.Stance_STANCE_INFORMATION_ONLY &&
		(provenance >= v1.Provenance_PROVENANCE_UNSPECIFIED && provenance <= v1.Provenance_PROVENANCE_RELAY ||
			provenance == v1.Provenance_PROVENANCE_REPORTED && s.report) &&
		(position.GetArea() == nil || position.GetArea().GetCode() != "") &&
		(position.GetScope() == nil || position.GetScope().GetId() != "") &&
		proto.Size(position) <= PositionSizeLimit
}

// classify works out what the rule asks of an assertion again and again.
func (s *assertion) classify() {
	s.mention, s.scope = IsMention(s.position), s.position.GetScope().GetId()
	if area := s.position.GetArea(); area != nil {
		s.extent = []*v1.AreaId{area}
	}
	s.waits = waits(s.position)
	for i := range s.position.GetCommittees() {
		if !repeats(s.position.GetCommittees(), i) {
			s.committees++
		}
	}
}

// waits: a position holds only once a condition has come true.
func waits(p *v1.Position) bool {
	return slices.ContainsFunc(p.GetConditions(), func(c *v1.Condition) bool {
		return c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
	})
}

// IsMention: a position passes on, or asks, rather than takes a line (domain.md 4.3).
func IsMention(p *v1.Position) bool {
	return p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY ||
		p.GetStance() == v1.Stance_STANCE_CONSULTING ||
		p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY
}

// repeats: list[i] stood earlier in the list.
func repeats(list []string, i int) bool { return slices.Contains(list[:i], list[i]) }

// saidWithin is what of said has a scope.
func (p *Prepared) saidWithin(t topic, scope string) []*assertion { return p.parted(t, scope).said }

// endedApart: before one committee merged into another, what was said for both was ended for the other alone.
func (p *Prepared) endedApart(s *assertion, committee, merged string) bool {
	return slices.ContainsFunc(p.endings.of(s.entry.ID), func(e ending) bool {
		return p.endsFor(e.by, committee) && !p.endsFor(e.by, merged) && !p.isSince(e.issued, merged)
	})
}

// said is everything said for a committee on a matter, by its predecessors too: limited to
// what those covered on the day of issue, and of that to the areas they named (domain.md 4.9). Where it
// is not recorded what one covered, what all of them said together is not limited by it, and
// what that one said alone is of an area nobody knows.
func (p *Prepared) said(t topic) []*assertion {
	p.restOn(t.committee)
	before := p.reg.Predecessors(t.committee)
	if len(before) == 0 {
		return p.byTopic.of(t)
	}
	for _, committee := range before {
		p.restOn(committee)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if all, again := p.inherited[t]; again {
		return all
	}
	all, lastOfAll := slices.Clip(p.byTopic.of(t)), ""
	for _, committee := range before {
		lastOfAll = max(lastOfAll, p.reg.LastDay(committee))
	}
	for _, committee := range before {
		for _, s := range p.byTopic.of(topic{t.matter, committee}) {
			if slices.Contains(s.position.GetCommittees(), t.committee) && Counts(s.entry, t.committee, p.reg) && !p.endedApart(s, t.committee, committee) {
				continue // its own
			}
			as := *s
			if last := cmp.Or(p.reg.LastDay(committee), lastOfAll); last != "" {
				as.taken = notation.DayAfter(last)
			}
			as.owner = committee
			as.owners = slices.DeleteFunc(slices.Clone(before), func(c string) bool { return !slices.Contains(s.position.GetCommittees(), c) })
			if covered := p.reg.CommitteeAreas(committee, s.issued.latest); len(covered) > 0 || len(as.owners) < len(before) {
				p.limit(&as, covered)
			}
			all = append(all, &as)
		}
	}
	p.inherited[t] = all
	return all
}
