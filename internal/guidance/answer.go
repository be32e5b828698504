package guidance

import (
	"cmp"
	"slices"
	"strings"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// except leaves out what is current or contested itself.
func except(list []*assertion, current *assertion, contested []*assertion) []*assertion {
	return slices.DeleteFunc(list, func(s *assertion) bool {
		return s == current || slices.Contains(contested, s)
	})
}

// overriddenBy is the newest of the committee's own lines on the measure asked about
// that a later line on the whole matter beat with another stance (domain.md 4.6).
func overriddenBy(current *assertion, lines []*assertion, q query) *assertion {
	if current == nil || current.report || q.measure == "" || current.position.GetMeasure() != "" {
		return nil
	}
	var found *assertion
	for _, s := range lines {
		if s.report || s.position.GetMeasure() == "" || s.position.GetStance() == current.position.GetStance() {
			continue
		}
		if found == nil || newestFirst(s, found) < 0 {
			found = s
		}
	}
	return found
}

// sorted puts every list newest first, so that the order of entries does not show.
func (out answer) sorted() answer {
	for _, list := range [][]*assertion{out.mentions, out.reportedSince, out.mayBeIssued, out.waiting} {
		slices.SortFunc(list, newestFirst)
	}
	slices.SortFunc(out.contested, byOffice)
	return out
}

// newestFirst orders any two assertions.
func newestFirst(x, y *assertion) int {
	return cmp.Or(
		cmp.Compare(y.issued.latest, x.issued.latest),
		cmp.Compare(y.issued.earliest, x.issued.earliest),
		cmp.Compare(x.entry.Office, y.entry.Office),
		compareEntries(y.entry, x.entry),
		cmp.Compare(x.place, y.place))
}

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

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// equal says whether two answers say the same.
func (out *answer) equal(other *answer) bool {
	return out.current == other.current &&
		slices.Equal(out.contested, other.contested) &&
		slices.Equal(out.mentions, other.mentions) &&
		slices.Equal(out.reportedSince, other.reportedSince) &&
		slices.Equal(out.mayBeIssued, other.mayBeIssued) &&
		slices.Equal(out.waiting, other.waiting) &&
		sameEnd(out.gone, other.gone)
}

func sameEnd(x, y *ended) bool {
	if x == nil || y == nil {
		return x == y
	}
	return *x == *y
}

func sameArea(x, y *v1.AreaId) bool {
	if x == nil || y == nil {
		return x == y
	}
	return x.GetScheme() == y.GetScheme() && x.GetCode() == y.GetCode()
}

func compareAreas(x, y *v1.AreaId) int {
	return cmp.Or(strings.Compare(x.GetScheme(), y.GetScheme()), strings.Compare(x.GetCode(), y.GetCode()))
}
