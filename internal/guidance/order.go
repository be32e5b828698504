package guidance

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"
)

// latestFirst orders two assertions by their day of issue (domain.md 4.5): what a predecessor said before what its successor had said for
// others until they merged (4.9).
func latestFirst(x, y *assertion) int {
	return cmp.Or(cmp.Compare(max(y.issued.latest, y.taken), max(x.issued.latest, x.taken)), cmp.Compare(y.issued.latest, x.issued.latest))
}

// newestFirst orders any two assertions.
func newestFirst(x, y *assertion) int {
	return cmp.Or(
		latestFirst(x, y),
		cmp.Compare(y.issued.earliest, x.issued.earliest),
		cmp.Compare(x.entry.Office, y.entry.Office),
		CompareEntries(y.entry, x.entry),
		cmp.Compare(x.place, y.place))
}

func byOffice(x, y *assertion) int { return cmp.Compare(x.entry.Office, y.entry.Office) }

// CompareEntries orders entries by log, then oldest first. No entry (expiry) is first.
func CompareEntries(x, y *Entry) int {
	if x == nil || y == nil {
		return compareBool(x != nil, y != nil)
	}
	return cmp.Or(
		cmp.Compare(x.Office, y.Office),
		cmp.Compare(x.Epoch, y.Epoch),
		cmp.Compare(x.Index, y.Index),
		cmp.Compare(x.ID, y.ID))
}

// compareBool puts false before true.
func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// differs: an answer is another than that around it, or some of its readers are asked something, today or again from a day ahead on,
// that nobody around is told of.
func (out *answer) differs(around *answer) bool {
	return !out.equal(around) || !areAskedAgainAlike(out.again, around.again) || slices.ContainsFunc(out.partAsked, func(of standing) bool {
		return !slices.ContainsFunc(around.partAsked, func(o standing) bool { return proto.Equal(o.action, of.action) })
	})
}

func asksTheSame(x, y standing) bool { return x.action == y.action && x.now == y.now }

// equal: two answers say the same where one stands within the other. What is listed of areas
// that are no more, or unknown, is said once, around them.
func (out *answer) equal(other *answer) bool {
	said := func(x, y *assertion) bool { // for whichever of two committees that merged
		return x == y || x != nil && y != nil && x.position == y.position
	}
	toOthers := slices.DeleteFunc(slices.Clone(out.reason.toOthers), other.isNowhere)
	end, otherEnd := out.reason.gone, other.reason.gone
	sameEnd := end == nil && otherEnd == nil || end != nil && otherEnd != nil &&
		end.assertion.entry == otherEnd.assertion.entry && end.how == otherEnd.how && end.since == otherEnd.since && end.by == otherEnd.by
	return sameEnd && said(out.current, other.current) && out.reason.why == other.reason.why &&
		slices.Equal(out.reason.measures, other.reason.measures) && slices.Equal(out.actions, other.actions) &&
		slices.EqualFunc(out.alsoAsked, other.alsoAsked, asksTheSame) && slices.EqualFunc(out.asksInAll, other.asksInAll, asksTheSame) &&
		slices.EqualFunc([][]*assertion{
			out.contested, out.mentions, out.reportedSince, out.reportedEarlier, out.mayBeIssued, out.waiting, out.notYet, toOthers,
		}, [][]*assertion{
			other.contested, other.mentions, other.reportedSince, other.reportedEarlier, other.mayBeIssued, other.waiting, other.notYet, other.reason.toOthers,
		}, func(a, b []*assertion) bool { return slices.EqualFunc(a, b, said) }) &&
		slices.EqualFunc(out.groups, other.groups, func(a, b answer) bool { return a.equal(&b) })
}
