package guidance

import v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"

// AtLeastAsWide says whether everybody who may read something of visibility b may
// read something of visibility a (domain.md 7). Practices of some committees and the
// offices of all of them are different readers: neither is the wider.
func AtLeastAsWide(a, b v1.Visibility) bool {
	if a == b {
		return true
	}
	return visibilityRank(a) < visibilityRank(b)
}

func visibilityRank(v v1.Visibility) int {
	switch v {
	case v1.Visibility_VISIBILITY_PUBLIC:
		return 0
	case v1.Visibility_VISIBILITY_PRACTICES:
		return 1
	case v1.Visibility_VISIBILITY_CONSTITUENTS, v1.Visibility_VISIBILITY_COMMITTEES:
		return 2
	case v1.Visibility_VISIBILITY_OFFICE:
		return 3
	}
	return 4 // not stated, or not known to this software: read by nobody for certain
}
