package replica

import (
	"errors"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// WantedBodies are the bodies asked for, by log and index.
type WantedBodies map[ledger.LogID]map[uint64]bool

// RequestBodies makes a request for bodies this node wants, up to BodiesLimit of them, behind the last of the
// one before; nil when it wants no more.
func RequestBodies(st *store.Store, before *nodev1.FetchRequest) (*nodev1.FetchRequest, WantedBodies, error) {
	var after ledger.EntryID
	if n := len(before.GetBodies()); n > 0 {
		last := before.GetBodies()[n-1]
		log, err := ledger.ParseLogID(last.GetLog())
		if err != nil {
			return nil, nil, err
		}
		after = log.Entry(last.GetIndex())
	}
	wants, err := st.Wants(after, BodiesLimit)
	if err != nil || len(wants) == 0 {
		return nil, nil, err
	}
	wanted := WantedBodies{}
	req := &nodev1.FetchRequest{}
	for _, id := range wants {
		log := id.Log(st.Federation())
		if wanted[log] == nil {
			wanted[log] = map[uint64]bool{}
		}
		wanted[log][id.Index] = true
		req.Bodies = append(req.Bodies, &nodev1.WantedBody{Log: log.String(), Index: id.Index})
	}
	return req, wanted, nil
}

// TakeBodies stores the late bodies of a chunk: only those wanted, and only those that
// open the commitments of headers held.
func TakeBodies(st *store.Store, c *nodev1.Chunk, wanted WantedBodies) (bad error) {
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
		if err := st.PutBodies(seg.Log, bodies); errors.Is(err, ledger.ErrBadBody) {
			bad = &badBodyError{err, seg.Log} // the others may be good
		} else if err != nil {
			return err
		}
	}
	return bad
}

// badBodyError is a late body that does not open the commitment of the header held. In
// a log that is forked it may be the right one of another header.
type badBodyError struct {
	error
	log ledger.LogID
}

func (e *badBodyError) Unwrap() error { return e.error }

// BodiesOutcome sums up a fetch of bodies whose stream ended with err, nil when it was
// complete.
func BodiesOutcome(id FetchID, err error) Done {
	done := Done{Fetch: id, Err: err}
	var bad *badBodyError
	if errors.As(err, &bad) {
		done.Bad = []ledger.LogID{bad.log}
	}
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
