package picture

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Said is everything said on a matter, read once for many answers, by one version of the matter and
// of the register. It is not changed: With gives another, of more. What was worked out from it is
// kept for whoever asks the same, as long as nothing came that it rests on; what is kept has a limit.
// Any number of goroutines may answer from it.
type Said struct {
	matter     *guidancev1.Matter
	register   Register
	entries    []guidance.Entry
	prepared   *guidance.Prepared
	measures   map[string][]string          // of every position said on the matter, by committee
	of         map[string][]*guidance.Entry // what takes positions on the matter, by committee
	withoutOne []*guidance.Entry            // letters on the matter that take none on it, or none at all of some of their committees
	voting     []guidance.Entry             // letters that tell of votes
	version    int
	kept       *keeping
	followed   atomic.Bool // With was called: the room behind entries is another's
}

// NewSaid reads what was said on a matter: the entries on it and whatever ends them, in any order.
// When ctx ends, so does the work, and the result is worth nothing.
func NewSaid(ctx context.Context, matter *guidancev1.Matter, entries []guidance.Entry, register Register) *Said {
	s := &Said{
		matter: matter, register: register, entries: entries, prepared: guidance.Prepare(ctx, entries, register),
		measures: map[string][]string{}, of: map[string][]*guidance.Entry{}, kept: &keeping{},
	}
	s.file(0)
	return s
}

// With is what was said with more, none of which it has. Of several made from one, only the newest
// keeps what it works out.
func (s *Said) With(ctx context.Context, entries []guidance.Entry) *Said {
	more := &Said{
		matter: s.matter, register: s.register,
		measures: maps.Clone(s.measures), of: maps.Clone(s.of), withoutOne: slices.Clip(s.withoutOne), voting: slices.Clip(s.voting), version: s.version + 1, kept: s.kept,
	}
	before := s.entries
	if s.followed.Swap(true) {
		before = slices.Clip(before)
	}
	more.entries = append(before, entries...)
	var touched map[string]bool // nil: nothing was kept, and what is since may rest on anything
	if came := more.entries[len(s.entries):]; s.kept.weighs() > 0 {
		more.prepared, touched = s.prepared.With(ctx, came)
	} else {
		more.prepared = s.prepared.Beside(ctx, came)
	}
	more.file(len(s.entries))
	if ctx.Err() == nil {
		s.kept.pass(more.version, touched)
	}
	return more
}

// Matter is what it was said on, as it was read.
func (s *Said) Matter() *guidancev1.Matter { return s.matter }

// Entries are what was said. They are not to be changed.
func (s *Said) Entries() []guidance.Entry { return s.entries }

// Voting are those entries that tell of votes. They are not to be changed.
func (s *Said) Voting() []guidance.Entry { return s.voting }

// Prepared is what was said, for an answer.
func (s *Said) Prepared(ctx context.Context) *guidance.Prepared { return s.prepared.For(ctx) }

// Kept is how often something that may be kept was asked for, and how often it was there.
func (s *Said) Kept() (had, asked uint64) {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	return s.kept.had, s.kept.asked
}

// Weight is about how many bytes of memory it holds beside the entries.
func (s *Said) Weight() int { return s.kept.weighs() }

// file files the entries from one on.
func (s *Said) file(from int) {
	for i := from; i < len(s.entries); i++ {
		e := &s.entries[i]
		takes := false
		for _, position := range guidance.PositionsOf(*e) {
			onIt := position.GetMatter() == s.matter.GetName() // and not of a measure that another matter calls so
			takes = takes || onIt
			for _, committee := range position.GetCommittees() {
				if onIt && !slices.Contains(s.measures[committee], position.GetMeasure()) {
					s.measures[committee] = append(slices.Clip(s.measures[committee]), position.GetMeasure())
				}
				if of := s.of[committee]; len(of) == 0 || of[len(of)-1] != e {
					if from > 0 {
						of = slices.Clip(of) // it is another's too
					}
					s.of[committee] = append(of, e)
				}
			}
		}
		silentFor := func(c string) bool { return !guidance.SpeaksFor(e.Advisory, c) }
		if !takes && s.isOn(e) || takes && slices.ContainsFunc(e.Advisory.GetOnBehalfOf(), silentFor) {
			s.withoutOne = append(s.withoutOne, e)
		}
		if len(e.Advisory.GetVotes()) > 0 {
			s.voting = append(s.voting, *e)
		}
	}
}

// isOn: a letter is on the matter, or asks something on it.
func (s *Said) isOn(e *guidance.Entry) bool {
	name := s.matter.GetName()
	return slices.Contains(e.Advisory.GetMatters(), name) || slices.ContainsFunc(guidance.Actions(e.Advisory), func(act *guidancev1.Action) bool { return guidance.ActionMatter(e.Advisory, act) == name })
}
