package guidance

import (
	"cmp"
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Contains says whether what is said to outer is said to inner too (domain.md 3): a
// position for PRACTICES answers GP_PARTNERS, not the other way. Every audience
// contains itself; no audience contains, or is, an unspecified one.
func Contains(outer, inner v1.Audience) bool {
	switch {
	case outer == v1.Audience_AUDIENCE_UNSPECIFIED:
		return false
	case outer == inner:
		return true
	}
	switch inner {
	case v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS:
		return outer == v1.Audience_AUDIENCE_PRACTICES
	case v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS:
		return outer == v1.Audience_AUDIENCE_PCNS
	case v1.Audience_AUDIENCE_COMMISSIONER_GPS:
		return outer == v1.Audience_AUDIENCE_COMMISSIONERS
	case v1.Audience_AUDIENCE_PATIENTS:
		return outer == v1.Audience_AUDIENCE_PUBLIC
	}
	return false
}

// Related says whether two audiences are the same, or within a third: GP partners and practice
// managers, who are both of practices.
func Related(a, b v1.Audience) bool {
	for outer := range v1.Audience(len(v1.Audience_name)) {
		if Contains(outer, a) && Contains(outer, b) {
			return true
		}
	}
	return false
}

// reachesAll: what is said to some audiences is said to all of others.
func reachesAll(said, readers []v1.Audience) bool {
	return !slices.ContainsFunc(readers, func(reader v1.Audience) bool {
		return !slices.ContainsFunc(said, func(outer v1.Audience) bool { return Contains(outer, reader) })
	})
}

// Advised says whether committees advise an audience: patients and the public are written to,
// and asked things, but no position is for them.
func Advised(a v1.Audience) bool {
	return known(a) && a != v1.Audience_AUDIENCE_PATIENTS && a != v1.Audience_AUDIENCE_PUBLIC
}

// DefaultAudience is the audience of a question that names none: the first the
// measure is addressed to, else PRACTICES (domain.md 3).
func DefaultAudience(m *v1.Matter, measure string) v1.Audience {
	for _, a := range MeasureOf(m, measure).GetAddressedTo() {
		if known(a) {
			return a
		}
	}
	return v1.Audience_AUDIENCE_PRACTICES
}

// MeasureOf is the measure of a matter by its id; nil when there is none, and for the
// whole matter.
func MeasureOf(m *v1.Matter, id string) *v1.Measure {
	if id == "" {
		return nil
	}
	for _, measure := range m.GetMeasures() {
		if measure.GetId() == id {
			return measure
		}
	}
	return nil
}

// ProposerOf is who proposes a measure: its own proposer, else the matter's. For the
// whole matter, the matter's.
func ProposerOf(m *v1.Matter, measure string) *v1.Body {
	if own := MeasureOf(m, measure).GetProposer(); own != nil {
		return own
	}
	return m.GetProposer()
}

// WhoseDate says that what a measure asks is due by a date of its proposer's, and nobody else's.
func WhoseDate(m *v1.Matter, measure string) string {
	return cmp.Or(ProposerOf(m, measure).GetName(), "the proposer") + "’s date"
}

// DateFor says after that for whom the proposer set it: for those named with the date, else for whom the
// measure is. Empty: the matter does not say.
func DateFor(m *v1.Matter, measure string, d *v1.Deadline) string {
	to := d.GetAddressedTo()
	if len(to) == 0 {
		to = MeasureOf(m, measure).GetAddressedTo()
	}
	if len(to) == 0 {
		return ""
	}
	return ", for " + AudiencesWords(to)
}

// SharesProposer says whether a position on the whole matter answers a question on the
// measure: only when the measure is listed and its proposer is the matter's
// (domain.md 4.1). Two bodies are the same when their ids are equal.
func SharesProposer(m *v1.Matter, measure string) bool {
	found := MeasureOf(m, measure)
	if found == nil {
		return false
	}
	own := found.GetProposer()
	return own == nil || own.GetId() != "" && own.GetId() == m.GetProposer().GetId()
}
