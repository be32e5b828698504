// Package guidance knows the rules over the nouns of lmc.guidance.v1: what a day, a
// name and an audience are; which advisory, withdrawal, matter and report may be
// published; what a committee's current position is (Resolve: domain.md 4, in one
// place); how it stands to the national line; what it obliges a practice to; and how
// all that is said to people.
//
// It is pure: it reads no clock, file or network, and asks the register through a
// small interface. It does not know how entries are signed, stored or exchanged, nor
// how lines are folded into views and counts (package picture).
//
// What arrives by exchange may hold anything. Nothing here panics on it: a position
// too malformed to mean anything is simply no candidate.
package guidance

import (
	"time"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Entry is one entry of a log as the rule sees it: who logged it, where, when it
// arrived here, and exactly one content. An advisory may lack its body text.
type Entry struct {
	ID         string        // its name: "essex/7", or "essex@1/7" in epoch 1
	Office     string        // the office whose log holds it
	Epoch      uint32        // the epoch of that log
	Index      uint64        // its index in that log
	Feed       uint64        // the number it arrived with at this node
	Recorded   time.Time     // when this node recorded it; differs between nodes
	Logged     time.Time     // when the office says it logged it
	Repudiated bool          // signed by a revoked key: kept, never counted
	Visibility v1.Visibility // who may read its words, from its header

	Advisory   *v1.Advisory
	Withdrawal *v1.Withdrawal
	Report     *v1.ReportedPosition
	Erasure    *Erasure
}

// Erasure takes down an advisory or report of the same office: its words are nowhere any more.
type Erasure struct {
	Of                  string // the entry
	Reason              string
	Matters, Committees []string // that it was on, and for
	Issued              *v1.DayRange
}

// Register answers what the rule asks of the register, as known at the moment the
// question is asked for. Days are YYYY-MM-DD. Every method is total: what the
// register does not know is false, or no areas.
type Register interface {
	// SpeaksFor says whether the office spoke for the committee on some day of a range,
	// both ends included.
	SpeaksFor(office, committee, first, last string) bool
	// MayReport says whether the office might report on others on some day of a range.
	MayReport(office, first, last string) bool
	// CommitteeAreas lists the areas the committee covered on the day.
	CommitteeAreas(committee, day string) []*v1.AreaId
	// CommitteeName and OfficeName are what the register calls a committee and an office;
	// empty: it has none of the id.
	CommitteeName(id string) string
	OfficeName(id string) string
	// AreaName is what the register calls an area, whenever that existed; empty: it has none
	// of the code.
	AreaName(area *v1.AreaId) string
	// IsOver says whether a committee had its last day before the day.
	IsOver(committee, day string) bool
	// LastDay is the last day of a committee; empty: none is recorded.
	LastDay(committee string) string
	// Predecessors lists the committees a committee was merged from, and theirs.
	Predecessors(committee string) []string
	// Successors lists the committees that have a committee among their predecessors.
	Successors(committee string) []string

	// HasArea says whether the register has the area, whenever that existed.
	HasArea(area *v1.AreaId) bool
	// Contains says whether the outer area contained the inner one on the day.
	Contains(outer, inner *v1.AreaId, day string) bool
	// Within lists the recorded areas strictly within an area on the day.
	Within(outer *v1.AreaId, day string) []*v1.AreaId
	// Origin is the area of a day that an area's whole came from: itself, if it existed
	// then; else, where it took over from one area alone, the origin of that; else nil.
	Origin(area *v1.AreaId, day string) *v1.AreaId
	// InPlaceOf lists the areas that stand in the place of one on the day: itself while
	// it exists, else what took over from it, and so on.
	InPlaceOf(area *v1.AreaId, day string) []*v1.AreaId
	// PracticeIn lists the areas that list a practice and exist on the day.
	PracticeIn(practice, day string) []*v1.AreaId
	// PracticesOf lists the practices that an area lists on the day, and says whether, as far as
	// the register knows, these are all it has.
	PracticesOf(area *v1.AreaId, day string) (codes []string, all bool)
	// PracticeNamed is the code of a practice, open or closed, that has a name; empty: none has.
	PracticeNamed(name string) (code string)
}

// Question is what Resolve answers: the position of one committee on one measure
// (or the whole matter), for one audience, in one area or all of the committee's, as
// of a day, as known at a moment of this node.
type Question struct {
	Matter    *v1.Matter    // the matter; its measures say who proposes what
	Measure   string        // a measure's id; empty: the whole matter
	Committee *v1.Committee // the committee
	Audience  v1.Audience   // unspecified: DefaultAudience
	Area      *v1.AreaId    // nil: one line per part of the committee's area where it differs
	Around    *v1.AreaId    // of the committee's area only what lies in this; nil: all of it
	Practice  string        // a practice's code, instead of an area
	Scope     string        // a scope's id; empty: in general
	AsOf      string        // the day, YYYY-MM-DD; the caller's default is Today
	KnownAt   uint64        // a feed number; 0: everything recorded
	Unknown   int32         // entries of the committee's offices withheld, not held or behind
}

// nobody is the register of a question without one: no office speaks for anyone.
type nobody struct{}

func (nobody) SpeaksFor(_, _, _, _ string) bool                { return false }
func (nobody) MayReport(_, _, _ string) bool                   { return false }
func (nobody) CommitteeAreas(_, _ string) []*v1.AreaId         { return nil }
func (nobody) CommitteeName(string) string                     { return "" }
func (nobody) OfficeName(string) string                        { return "" }
func (nobody) AreaName(*v1.AreaId) string                      { return "" }
func (nobody) IsOver(_, _ string) bool                         { return false }
func (nobody) LastDay(string) string                           { return "" }
func (nobody) Predecessors(string) []string                    { return nil }
func (nobody) Successors(string) []string                      { return nil }
func (nobody) HasArea(*v1.AreaId) bool                         { return false }
func (nobody) Contains(_, _ *v1.AreaId, _ string) bool         { return false }
func (nobody) Within(*v1.AreaId, string) []*v1.AreaId          { return nil }
func (nobody) Origin(*v1.AreaId, string) *v1.AreaId            { return nil }
func (nobody) InPlaceOf(*v1.AreaId, string) []*v1.AreaId       { return nil }
func (nobody) PracticeIn(_, _ string) []*v1.AreaId             { return nil }
func (nobody) PracticesOf(*v1.AreaId, string) ([]string, bool) { return nil, false }
func (nobody) PracticeNamed(string) string                     { return "" }
