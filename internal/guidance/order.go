package guidance

import (
	"cmp"
	"slices"
)

// newestFirst orders any two assertions.
func newestFirst(x, y *assertion) int {
	return cmp.Or(
		cmp.Compare(y.issued.latest, x.issued.latest),
		cmp.Compare(y.issued.earliest, x.issued.earliest),
		cmp.Compare(x.entry.Office, y.entry.Office),
		compareEntries(y.entry, x.entry),
		cmp.Compare(x.place, y.place))
}

func byOffice(x, y *assertion) int { return cmp.Compare(x.entry.Office, y.entry.Office) }

// compareEntries orders entries by log, then oldest first. No entry (expiry) is first.
func compareEntries(x, y *Entry) int {
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

// equal: two answers say the same.
func (out *answer) equal(other *answer) bool {
	sameEnd := out.gone == other.gone || out.gone != nil && other.gone != nil && *out.gone == *other.gone
	return sameEnd && out.current == other.current &&
		slices.Equal(out.contested, other.contested) &&
		slices.Equal(out.mentions, other.mentions) &&
		slices.Equal(out.reportedSince, other.reportedSince) &&
		slices.Equal(out.mayBeIssued, other.mayBeIssued) &&
		slices.Equal(out.waiting, other.waiting)
}
