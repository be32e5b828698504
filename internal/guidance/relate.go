package guidance

import (
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Relate says how a committee's line stands to the line of its own nation's national
// committee on the same measure, for the same audience, day and moment (domain.md 3).
// It is derived, never typed. Unset for national committees, conferences and other
// bodies, which are not compared. Without a national line there is nothing to compare with, whatever
// the committee says.
func Relate(national, committee *answersv1.Line) answersv1.Relation {
	switch committee.GetCommitteeKind() {
	case v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, v1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY, v1.CommitteeKind_COMMITTEE_KIND_CONFERENCE:
		return answersv1.Relation_RELATION_UNSPECIFIED
	}
	if !hasLine(national) {
		return answersv1.Relation_RELATION_NO_NATIONAL_LINE
	}
	stance := committee.GetCurrent().GetPosition().GetStance()
	if !hasLine(committee) {
		switch {
		case committee.GetState() == answersv1.LineState_LINE_STATE_RELAYED:
			return answersv1.Relation_RELATION_RELAYED
		case committee.GetState() == answersv1.LineState_LINE_STATE_CONTESTED: // more than one stance
			return answersv1.Relation_RELATION_NOT_COMPARABLE
		case stance == v1.Stance_STANCE_CONSULTING:
			return answersv1.Relation_RELATION_CONSULTING
		}
		return answersv1.Relation_RELATION_NO_LINE
	}
	n, nOK := Scale(national.GetCurrent().GetPosition().GetStance())
	c, cOK := Scale(stance)
	further := max(c, -c) - max(n, -n)
	switch {
	case !nOK || !cOK:
		return answersv1.Relation_RELATION_NOT_COMPARABLE
	case n*c < 0:
		return answersv1.Relation_RELATION_DIVERGENT
	case further > 0:
		return answersv1.Relation_RELATION_STRONGER
	case further < 0:
		return answersv1.Relation_RELATION_WEAKER
	}
	if qualified(national) != qualified(committee) {
		return answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS
	}
	return answersv1.Relation_RELATION_ALIGNED
}

// qualification is what keeps a line from saying its stance without more.
type qualification struct{ onConditions, provisional bool }

func qualified(line *answersv1.Line) qualification {
	p := line.GetCurrent().GetPosition()
	return qualification{len(p.GetConditions()) > 0, p.GetProvisional()}
}

// hasLine: a line takes a stance, be it only reported.
func hasLine(line *answersv1.Line) bool {
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED, answersv1.LineState_LINE_STATE_REPORTED:
		return line.GetCurrent() != nil && !IsMention(line.GetCurrent().GetPosition())
	}
	return false
}

// DirectionOf is which way a line moved from one stance to another: towards either end of the
// scale, or not on it, where one of the two is no stance on it.
func DirectionOf(from, to v1.Stance) answersv1.Direction {
	was, wasOK := Scale(from)
	is, isOK := Scale(to)
	switch {
	case from == to:
		return answersv1.Direction_DIRECTION_UNSPECIFIED
	case !wasOK || !isOK:
		return answersv1.Direction_DIRECTION_OFF_THE_SCALE
	case is < was:
		return answersv1.Direction_DIRECTION_TOWARDS_REFUSING
	}
	return answersv1.Direction_DIRECTION_TOWARDS_SUPPORTING
}

// Scale is a stance as a number from -3 (REFUSE) to +2 (SUPPORT); false for those
// beside the scale (domain.md 3).
func Scale(s v1.Stance) (int, bool) {
	switch s {
	case v1.Stance_STANCE_REFUSE:
		return -3, true
	case v1.Stance_STANCE_ADVISE_AGAINST:
		return -2, true
	case v1.Stance_STANCE_CAUTION:
		return -1, true
	case v1.Stance_STANCE_PRACTICE_DECIDES:
		return 0, true
	case v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS:
		return 1, true
	case v1.Stance_STANCE_SUPPORT:
		return 2, true
	}
	return 0, false
}
