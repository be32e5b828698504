package guidance

import (
	"slices"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// counts is why an entry counts for nothing, where it counts.
const counts = answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED

// WhyNot is the one notion of what counts: whether an entry, of whatever kind, may mean
// anything for a committee, given the register as known at the moment asked for. Every
// answer asks it here, so that none shows as a committee's own what another lets fall.
// Who may read an entry is settled before: what may not be read is not given to the rule.
func WhyNot(e *Entry, committee string, reg Register) answersv1.NotCountedReason {
	issued, ok := readRange(e.Issued())
	if reg == nil {
		reg = nobody{}
	}
	switch {
	case e.Repudiated:
		return answersv1.NotCountedReason_NOT_COUNTED_REASON_KEY_REVOKED
	case !ownOffice(e.Advisory.GetOffice()+e.Withdrawal.GetOffice()+e.Report.GetOffice(), e):
		return answersv1.NotCountedReason_NOT_COUNTED_REASON_OTHER_OFFICE
	case !ok:
		return answersv1.NotCountedReason_NOT_COUNTED_REASON_NOT_UNDERSTOOD
	}
	speaks := reg.SpeaksFor(e.Office, committee, issued.earliest, issued.latest)
	if committee == "" || e.Report == nil && !speaks || e.Report != nil && (speaks || !reg.MayReport(e.Office, issued.earliest, issued.latest)) {
		return answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE
	}
	return counts
}

// Counts says whether an entry counts for a committee.
func Counts(e *Entry, committee string, reg Register) bool {
	return WhyNot(e, committee, reg) == counts
}

// CommitteesOf lists the committees an entry speaks for, or reports on, in the order it
// names them, each once.
func CommitteesOf(e Entry) []string {
	switch {
	case e.Advisory != nil:
		return committeesOf(e.Advisory)
	case e.Withdrawal != nil:
		return e.Withdrawal.GetOnBehalfOf()
	case e.Erasure != nil:
		return e.Erasure.Committees
	}
	return e.Report.GetPosition().GetCommittees()
}

// PositionsOf are the positions that an entry takes, or reports.
func PositionsOf(e Entry) []*v1.Position {
	if e.Report != nil {
		return []*v1.Position{e.Report.GetPosition()}
	}
	return e.Advisory.GetPositions()
}

// MattersOf are the matters that an entry says or asks something on, is on, or withdraws something
// on, each once, in the order it first names them.
func MattersOf(e Entry) (all []string) {
	add := func(matter string) {
		if matter != "" && !slices.Contains(all, matter) {
			all = append(all, matter)
		}
	}
	for _, position := range PositionsOf(e) {
		add(position.GetMatter())
	}
	for _, action := range e.Advisory.GetActions() {
		add(action.GetMatter())
	}
	for _, matter := range slices.Concat(e.Advisory.GetMatters(), e.Withdrawal.GetMatters()) {
		add(matter)
	}
	if e.Erasure != nil {
		for _, matter := range e.Erasure.Matters {
			add(matter)
		}
	}
	return all
}

// NotCountedWords says to people why an entry does not count; empty when it counts.
func NotCountedWords(why answersv1.NotCountedReason, e *Entry) string {
	switch why {
	case answersv1.NotCountedReason_NOT_COUNTED_REASON_KEY_REVOKED:
		return "It was signed with a key that had been revoked, and does not count."
	case answersv1.NotCountedReason_NOT_COUNTED_REASON_OTHER_OFFICE:
		return "It does not count: it is in the log of " + e.Office + " and says it is of another office."
	case answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE:
		if e.Report != nil {
			return "The register did not let " + e.Office + " report on those it names on that day, and it does not count."
		}
		return "The register did not let " + e.Office + " speak for those it names on that day, and it does not count."
	case answersv1.NotCountedReason_NOT_COUNTED_REASON_ENDS_NOTHING:
		return "It ends nothing: what it names is not an advisory or report that it may end, or has been removed."
	case answersv1.NotCountedReason_NOT_COUNTED_REASON_NOT_UNDERSTOOD:
		return "It does not count: it has no day of issue that exists."
	}
	return ""
}
