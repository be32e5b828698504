package answers

import (
	"context"
	"slices"
	"sync"

	"github.com/lmcfed/lmcfed/internal/store"
)

// arrival is something that came, and the matters on which it may have changed an answer.
type arrival struct {
	store.FeedRow
	matters []string
	all     bool // it may be any matter
}

func (r arrival) touches(matter string) bool { return r.all || slices.Contains(r.matters, matter) }

// arrivals are the newest of them, looked at once for all who watch.
type arrivals struct {
	mu   sync.Mutex
	rows []arrival // in order
}

// arrivalsKept is how many there are at most.
const arrivalsKept = 4 * ReplayLimit

// arrivalsAfter is what came after a place in the feed, in order, at most feedBatch of it.
func (a *Answers) arrivalsAfter(ctx context.Context, feed uint64) (came []arrival, err error) {
	a.arrivals.mu.Lock()
	defer a.arrivals.mu.Unlock()
	rows := a.arrivals.rows
	end, _ := a.Store.FeedEnd()
	if last := len(rows) - 1; end > feed && (last < 0 || rows[last].N < end) {
		err = a.Store.Snapshot(ctx, func(snap *store.Snapshot) error {
			from := feed + 1
			if last >= 0 && end-rows[last].N < arrivalsKept {
				from = rows[last].N + 1
			} else {
				rows = nil
			}
			more, err := snap.Feed(from, feedBatch) // whoever is first does not look at all of it for everybody
			for i := 0; err == nil && i < len(more); i++ {
				one := arrival{FeedRow: more[i]}
				if one.matters, one.all, err = snap.Touches(one.FeedRow); err == nil {
					rows = append(rows, one)
				}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		a.arrivals.rows = slices.Clone(rows[max(0, len(rows)-arrivalsKept):])
	}
	if len(rows) > 0 && rows[0].N <= feed+1 {
		came = rows[min(uint64(len(rows)), feed+1-rows[0].N):]
		return came[:min(len(came), feedBatch)], nil
	}
	older, err := a.Store.Feed(feed+1, feedBatch)
	for _, row := range older {
		came = append(came, arrival{FeedRow: row, all: true})
	}
	return came, err
}
