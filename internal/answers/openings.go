package answers

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// opening is a matter by when it was opened and closed.
type opening struct {
	name, office   string
	opened, closed string // the first day it may have been, and the last; closed is empty of what goes on
	place          store.ListPlace
	links          []link // that it claims
}

// isOpen: on a day it was, or may have been.
func (o opening) isOpen(day string) bool {
	return o.opened <= day && (o.closed == "" || o.closed >= day)
}

// openings are all matters as their newest versions have them, newest opened first, read once until
// a matter comes: a practice's page looks for those that are open, among all that ever were.
type openings struct {
	mu  sync.Mutex
	all map[Reader]openingsAt
}

// openingsAt are the openings a reader may read of at a place in the feed.
type openingsAt struct {
	register *register.Register
	feed     uint64
	digest   [32]byte
	returned uint64
	list     []opening
}

const (
	// openingsKept is for how many readers there are some.
	openingsKept = 16
	// openingsReadOn is how much may have come for which it is looked up whether a matter is among it.
	openingsReadOn = 64
)

// openingsAt are the matters as known at a feed number.
func (m *moment) openingsAt(feed uint64) ([]opening, error) {
	end, digest := m.FeedEnd()
	if feed < end {
		return m.readOpenings(feed)
	}
	kept, had := m.openings.get(m.reader)
	came := !had || kept.register != m.reg || kept.returned != m.Returned()
	var err error
	if !came {
		came, err = m.mattersCame(kept, end, digest)
	}
	if came && err == nil {
		kept.list, err = m.readOpenings(end)
	}
	if err != nil {
		return nil, err
	}
	m.openings.put(m.reader, openingsAt{m.reg, end, digest, m.Returned(), kept.list})
	return kept.list, nil
}

func (o *openings) get(reader Reader) (openingsAt, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, had := o.all[reader]
	return kept, had
}

// put keeps what a reader may read of, unless somebody looked further meanwhile.
func (o *openings) put(reader Reader, at openingsAt) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, had := o.all[reader]
	if had && kept.feed > at.feed {
		return
	}
	if o.all == nil || len(o.all) >= openingsKept && !had {
		o.all = map[Reader]openingsAt{}
	}
	o.all[reader] = at
}

// mattersCame: what is kept may not be all, because a matter came since, very much did, or the feed is
// another.
func (m *moment) mattersCame(kept openingsAt, end uint64, digest [32]byte) (bool, error) {
	switch {
	case kept.feed == end:
		return kept.digest != digest, nil
	case kept.feed > end, kept.feed == 0, end-kept.feed > openingsReadOn:
		return true, nil
	}
	rows, err := m.Feed(kept.feed, int(end-kept.feed)+1)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 || rows[0].N != kept.feed || rows[0].Digest != kept.digest {
		return true, nil
	}
	left := uint64(openingsReadOn)
	for _, row := range rows[1:] {
		if row.End-row.First > left {
			return true, nil
		}
		left -= row.End - row.First
		for index := row.First; index < row.End; index++ {
			entry, err := m.RowOf(row.Log.Entry(index))
			if missing := (&store.CorruptError{}); errors.As(err, &missing) {
				return true, nil // what came without its words has no row: it may be a matter
			}
			if err != nil {
				return false, err
			}
			if entry.Kind == ledgerv1.EntryKind_ENTRY_KIND_MATTER || entry.Kind == ledgerv1.EntryKind_ENTRY_KIND_UNSPECIFIED {
				return true, nil
			}
		}
	}
	return false, nil
}

// openFor are the matters open on the day of a question, and whether each was opened near: first those
// that the keeper, or an office of the reader's or their nation's committees, opened, so that nobody
// else's come before them.
func (m *moment) openFor(q *question, feed uint64, committees []picture.Committee) (iter.Seq2[opening, bool], error) {
	all, err := m.openingsAt(feed)
	if err != nil {
		return nil, err
	}
	offices, nations := map[string]bool{m.Keeper: true}, m.nationsOf(q.own)
	for _, c := range committees {
		if slices.Contains(q.own, c.GetId()) || isNational(c.Committee) && nations[picture.NationOf(c)] {
			offices[c.Office] = true
		}
	}
	return func(yield func(opening, bool) bool) {
		for _, near := range []bool{true, false} {
			for _, o := range all {
				if o.isOpen(q.asOf) && offices[o.office] == near && !yield(o, near) {
					return
				}
			}
		}
	}, nil
}

func isNational(c *guidancev1.Committee) bool {
	return c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE
}

// nationsOf are the nations of some committees; of none, the one that is meant where none is named.
func (m *moment) nationsOf(committees []string) map[string]bool {
	nations := map[string]bool{}
	for _, id := range committees {
		if c := m.reg.Committee(id); c != nil {
			nations[picture.NationOf(c)] = true
		}
	}
	if len(nations) == 0 {
		nations[picture.DefaultNation] = true
	}
	return nations
}

func (m *moment) readOpenings(feed uint64) (list []opening, err error) {
	err = m.eachMatter(feed, store.ListPlace{}, func(one knownMatter, at store.ListPlace) bool {
		opened := cmp.Or(one.matter.GetOpened().GetEarliest(), one.matter.GetOpened().GetLatest())
		list = append(list, opening{name: one.matter.Name, office: one.entry.Office, opened: opened, closed: one.matter.GetClosed().GetLatest(), place: at, links: linksOf(one)})
		return m.ctx.Err() == nil
	})
	return slices.Clip(list), cmp.Or(err, m.ctx.Err())
}
