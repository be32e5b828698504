package replica

import (
	"errors"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// TakeBodies stores the late bodies of a chunk: only those wanted, and only those that
// open the commitments of headers held.
func TakeBodies(st *store.Store, c *nodev1.Chunk, wanted map[ledger.LogID]map[uint64]bool) error {
	segs, err := unpack(c)
	if err != nil {
		return err
	}
	for _, seg := range segs {
		bodies, err := seg.LateBodies()
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if !wanted[seg.Log][b.GetIndex()] {
				return fmt.Errorf("reading late bodies: %w: that of %s was not asked for", ledger.ErrMalformed, seg.Log.Entry(b.GetIndex()))
			}
		}
		if err := st.PutBodies(seg.Log, bodies); err != nil {
			return err
		}
	}
	return nil
}

func bodiesOutcome(id FetchID, err error) Done {
	done := Done{Fetch: id, Err: err}
	switch {
	case err == nil:
	case isGarbage(err) || errors.Is(err, ledger.ErrBadBody) || errors.Is(err, store.ErrInvalid):
		done.Outcome = Bad
	case isLocal(err):
		done.Outcome = Local
	default:
		done.Outcome = Cut
	}
	return done
}
