package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// touchesLimit is how many entries are read to find what an arrival touches.
const touchesLimit = 256

// Touches are the matters, in full resource name, of which Candidates may give something else since
// an arrival: those its entries name, and those named by what they end, by what that ended, and so on.
// All is set where it may be any: with a matter or a record of the register, or with too much to look at.
func (s *Snapshot) Touches(came FeedRow) (matters []string, all bool, err error) {
	if came.Type == FeedErased {
		return nil, true, nil // nothing tells any more what it named
	}
	var next []entryPlace
	for index := came.First; index < came.End; index++ {
		if next = append(next, entryPlace{came.Log, index}); len(next) > touchesLimit {
			return nil, true, nil
		}
	}
	seen := map[entryPlace]bool{}
	for len(next) > 0 {
		at := next[len(next)-1]
		if next = next[:len(next)-1]; seen[at] || at.index >= s.size(at.log) {
			continue
		}
		if seen[at] = true; len(seen) > touchesLimit {
			return nil, true, nil
		}
		kind, says, err := s.says(at)
		if err != nil {
			return nil, false, fmt.Errorf("reading what came at %d: %w", came.N, err)
		}
		if kind == ledgerv1.EntryKind_ENTRY_KIND_MATTER || kind == ledgerv1.EntryKind_ENTRY_KIND_REGISTER {
			return nil, true, nil
		}
		for _, matter := range says.matters {
			if !slices.Contains(matters, matter) {
				matters = append(matters, matter)
			}
		}
		for _, name := range says.ends {
			if id, err := ledger.ParseEntryID(name); err == nil {
				next = append(next, entryPlace{id.Log(s.federation), id.Index})
			}
		}
	}
	return matters, false, nil
}

// says is of which kind an entry is, and what its row names; nothing, where it has none.
func (r *reading) says(at entryPlace) (kind ledgerv1.EntryKind, u understood, err error) {
	row, found, err := r.row(at, &arrivals{tx: r.tx})
	if err != nil || !found {
		return 0, u, err
	}
	if shapes[row.Kind].scan(row.Body, &u, nil) != nil {
		err = tableRows.damaged(entryKey(at.log, at.index))
	}
	return row.Kind, u, err
}

// ErrErased: something was erased since a feed number, and what was read before may have words of it.
var ErrErased = errors.New("an entry was erased")

// CandidatesSince returns what of Candidates arrived after a feed number: known are those that
// had before. It reads each arrival since. Error: ErrErased.
func (s *Snapshot) CandidatesSince(matter string, feed uint64, known func(ledger.EntryID) bool) ([]Row, error) {
	rows, err := s.candidatesSince(matter, feed, known)
	if err != nil {
		return nil, fmt.Errorf("reading what came that bears on %s: %w", matter, err)
	}
	return rows, nil
}

func (s *Snapshot) candidatesSince(matter string, feed uint64, known func(ledger.EntryID) bool) ([]Row, error) {
	if len(matter) > MatterLimit {
		return nil, nil
	}
	bearing := map[entryPlace]bool{} // once, though its words may have come after its header
	for from := feed + 1; from <= s.feed; from += checkEvery {
		came, err := s.Feed(from, checkEvery)
		if err != nil {
			return nil, err
		}
		for _, arrival := range came {
			if arrival.Type == FeedErased && known(arrival.Log.Entry(arrival.First)) {
				return nil, ErrErased
			}
			for index := arrival.First; index < arrival.End; index++ {
				at := entryPlace{arrival.Log, index}
				bears, err := s.bearsOn(at, matter, known)
				if err == nil {
					err = s.ctx.Err()
				}
				if err != nil {
					return nil, err
				}
				if bears {
					bearing[at] = true
				}
			}
		}
	}
	places, err := s.withEndings(slices.Collect(maps.Keys(bearing)), nil)
	if err != nil {
		return nil, err
	}
	return s.rows(slices.DeleteFunc(places, func(at entryPlace) bool { return known(at.log.Entry(at.index)) }))
}

// bearsOn says whether an entry names a matter, or ends one that is known.
func (r *reading) bearsOn(at entryPlace, matter string, known func(ledger.EntryID) bool) (bool, error) {
	if at.index >= r.size(at.log) {
		return false, nil
	}
	_, says, err := r.says(at)
	return slices.Contains(says.matters, matter) || slices.ContainsFunc(says.ends, func(name string) bool {
		id, err := ledger.ParseEntryID(name)
		return err == nil && known(id)
	}), err
}
