package guidance

import v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"

// PublishContext is what is known where something is about to be published.
type PublishContext struct {
	Office   string                       // the office that publishes: the one of this node
	Today    string                       // the day, YYYY-MM-DD: Today(now)
	Register Register                     // the register as known now
	Matters  func(name string) *v1.Matter // a matter by full name or bare slug; nil when unknown
	Standing []Entry                      // candidates on the matters concerned, and every entry named in replaces, amends, restores or a withdrawal

	// What may be suggested for a name that is not known. All may be empty.
	KnownMatters    []string
	KnownCommittees []string // when empty, an unknown committee is refused as not spoken for
}
