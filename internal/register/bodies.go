package register

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

type body struct {
	record *guidancev1.Body
	entry  ledger.EntryID
}

// Bodies returns the bodies that propose things, by id.
func (r *Register) Bodies() []*guidancev1.Body {
	var all []*guidancev1.Body
	for _, b := range inOrder(r.bodies) {
		all = append(all, b.record)
	}
	return all
}

// Body returns one of them, or nil.
func (r *Register) Body(id string) *guidancev1.Body { return r.bodies[id].record }

// Ceased says of a body, or of a committee that proposes things, that it had ceased by the day:
// its last day, and what was in its place and had not ceased itself. until is empty where the
// register does not know that it had.
func (r *Register) Ceased(id, day string) (until string, instead []*guidancev1.Body) {
	had := func(id string) bool {
		end := r.lastDay(id)
		return end != "" && end < asked(day)
	}
	if !had(id) {
		return "", nil
	}
	for _, later := range reach(id, func(id string) []string {
		if had(id) {
			return r.inPlaceOf(id)
		}
		return nil
	}) {
		if had(later) {
			continue
		}
		b := &guidancev1.Body{Id: later, Name: later}
		if c := r.Committee(later); c != nil {
			b.Name, b.Kind = c.GetName(), guidancev1.BodyKind_BODY_KIND_COMMITTEE
		} else if known := r.Body(later); known != nil {
			b = known
		}
		instead = append(instead, b)
	}
	return r.lastDay(id), instead
}

// lastDay is that of a committee, else of a body; empty: none is recorded.
func (r *Register) lastDay(id string) string {
	return cmp.Or(r.Committee(id).GetValidUntil(), r.Body(id).GetValidUntil())
}

// inPlaceOf are the bodies and committees that took the place of a body or committee.
func (r *Register) inPlaceOf(id string) []string {
	all := slices.Clone(r.Body(id).GetSuccessors())
	for _, c := range r.EveryCommittee() {
		if slices.Contains(c.GetPredecessors(), id) {
			all = append(all, c.GetId())
		}
	}
	return all
}

func (r *Register) putBody(entry ledger.EntryID, b *guidancev1.Body) error {
	if !notation.IsSlug(b.GetId()) {
		return fmt.Errorf("a body with the id %.80q: %w", b.GetId(), errSlug)
	}
	if err := checkBody(b); err != nil {
		return fmt.Errorf("body %s: %w", b.GetId(), err)
	}
	r.bodies[b.GetId()] = body{record: b, entry: entry}
	return nil
}

func checkBody(b *guidancev1.Body) error {
	if err := checkNames(b.GetName(), b.GetAliases()); err != nil {
		return err
	}
	if _, known := guidancev1.BodyKind_name[int32(b.GetKind())]; !known {
		return coded{notUnderstood, errors.New("its kind is not one this software knows")}
	}
	if err := checkDays("", b.GetValidUntil()); err != nil {
		return err
	}
	if n := len(b.GetSuccessors()); n > SuccessorsLimit {
		return coded{tooMany, fmt.Errorf("it has %d successors: at most %d", n, SuccessorsLimit)}
	}
	for _, later := range b.GetSuccessors() {
		if later == b.GetId() {
			return errors.New("it cannot have taken its own place")
		}
		if !notation.IsSlug(later) {
			return fmt.Errorf("its successor %.80q: %w", later, errSlug)
		}
	}
	return nil
}

// settleBodies lists successors that the register does not have, and bodies that took their
// own place through others.
func (r *Register) settleBodies() {
	for _, b := range inOrder(r.bodies) {
		for _, later := range b.record.GetSuccessors() {
			if r.Body(later) == nil && r.Committee(later) == nil {
				r.problemf(b.entry, unknown, "body %s: its successor %s is not in the register", b.record.GetId(), later)
			}
		}
	}
	circles(slices.Sorted(maps.Keys(r.bodies)), func(id string) []string { return r.Body(id).GetSuccessors() }, func(from, to string) {
		r.problemf(r.bodies[from].entry, contradicts, "body %s: took its own place, through %s", from, to)
	})
}
