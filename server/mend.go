package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// roomEvery is how soon the data are mended after there was no room for it.
const roomEvery = time.Minute

// mendData mends the data as soon as damage of them is met, however often it takes, and brings an older file up to
// date as soon as that can be done. It returns store.ErrMended when it did, and nil when ctx ends. Reading goes on
// meanwhile.
func (n *Node) mendData(ctx context.Context) error {
	room := time.NewTicker(roomEvery)
	defer room.Stop()
	for {
		changed := n.store.Changed()
		found := n.store.Damage()
		if found == nil {
			select {
			case <-ctx.Done():
				return nil
			case <-changed:
			case <-room.C:
				if n.store.IsAside() && n.store.BringUp() == nil {
					return store.ErrMended
				}
			}
			continue
		}
		n.damaged(found)
		err := n.store.Mend(ctx)
		if ctx.Err() != nil || errors.Is(err, store.ErrClosed) {
			return nil
		}
		if err == nil {
			n.cfg.Logger.Warn("the data file is mended, and the node begins anew")
			return store.ErrMended
		}
		failed := unmended(err)
		words := fmt.Sprintf("%v: %s", failed, fault.Hint(failed))
		if n.alarms.raise(&nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DAMAGED, Words: words}) {
			n.cfg.Logger.Error("the data file cannot be mended", "error", failed, "do", fault.Hint(failed))
		}
		again := store.MendEvery
		switch {
		case errors.Is(err, store.ErrDiskFull):
			again = roomEvery
		case errors.Is(err, store.ErrMendedLately):
			again = max(time.Second, n.store.Mended().At.Add(store.MendEvery).Sub(n.cfg.Now()))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(again):
		}
	}
}

// registerRemedy is how a keeper gets back the register that it has lost.
const registerRemedy = "start the node once with another office's, which gives the register back, --peer ADDRESS=PIN, as that prints them when it starts; or move " + dataFile + " away and restore the newest backup (lmcnode restore)"

// keeperRemedy is how any other office gets back the register that it has lost, where the keeper's node
// does not answer.
const keeperRemedy = "if that does not answer, it may have moved: start this node once with a new invitation of the keeper's office, --join INVITATION, or with any other office's node, --peer ADDRESS=PIN, as that prints them when it starts"

// lackingRemedy is how the words of records of the register come back.
func (n *Node) lackingRemedy() string {
	if n.settings.Keeper {
		return "keep the node connected: it fetches them from its peers; " + registerRemedy
	}
	return fmt.Sprintf("keep the node connected: it fetches them from its peers, and asks %s at %s; %s", n.keeperOffice(), n.keeperAt().Address, keeperRemedy)
}

// unmended says what to do where data could not be mended; any other error passes.
func unmended(err error) error {
	for _, why := range []struct {
		reason, caller error
		remedy         string
	}{
		{store.ErrMendedLately, fault.ErrReadOnly, "the disk is likely failing: stop the node, move its folder to another disk, and start it there; it is mended an hour after the last time at the earliest"},
		{store.ErrPeersUnknown, fault.ErrReadOnly, registerRemedy},
		{store.ErrDiskFull, fault.ErrDiskFull, "free space on the node's disk: it is tried again every minute"},
		{store.ErrReadOnly, fault.ErrReadOnly, "let the node's user write its folder, and start the node again"},
	} {
		if errors.Is(err, why.reason) {
			return fault.New(why.caller, err.Error(), why.remedy)
		}
	}
	return err
}

// damaged tells the operator, once for each place, of damage that was met.
func (n *Node) damaged(found *store.CorruptError) {
	alarm := &nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DAMAGED, Words: found.Error() + ": what is whole is answered, nothing is written, and the node mends it by itself where it can"}
	if found.Log != (ledger.LogID{}) {
		alarm.Log, alarm.Entry = found.Log.String(), found.Log.Entry(found.Index).String()
	}
	if n.alarms.raise(alarm) {
		n.cfg.Logger.Error("damage in the data file", "error", found)
	}
}

// noteTold notes who was heard again after a mend that could not know what was lost: on a line, holding
// the same and in no doubt of it; or by a stamp it made since, which none in doubt does. When all were who would
// know, what was lost is known.
func (n *Node) noteTold(ctx context.Context) error {
	m := n.store.Mended()
	if m == nil || !m.Unknown || n.store.Damage() != nil {
		return nil
	}
	for _, office := range n.replica.Vouching() {
		n.told.Store(office, true)
	}
	for _, st := range n.store.Stamps() {
		if st.Time.After(m.At) {
			n.told.Store(st.Log.Office, true)
		}
	}
	c, err := n.answers.Completeness(ctx, answers.Public())
	if err != nil || len(c.Lost) > 0 || len(c.Behind) > 0 {
		return nil // and looked at again
	}
	return n.store.LossIsKnown()
}

// tellMended tells the operator of a mend at opening, or just before.
func (n *Node) tellMended() {
	m := n.store.Mended()
	if m == nil || n.started.Sub(m.At) > store.MendEvery {
		return
	}
	n.cfg.Logger.Warn("the data file was damaged and is mended: what was lost is fetched from peers", "at", m.At, "found", m.Found,
		"words lost", m.Bodies, "logs cut", m.Cut, "others may be", m.Unknown, "arrivals lost", m.NewFeed, "drafts lost", m.DraftsLost, "kept", cmp.Or(m.Kept, "nothing of it"))
}

// mended is what was last mended, as status tells it.
func (n *Node) mended() *nodev1.Mend {
	m := n.store.Mended()
	if m == nil {
		return nil
	}
	return &nodev1.Mend{
		MendTime: timestamppb.New(m.At), Found: m.Found, Bodies: int32(m.Bodies), Logs: slices.Sorted(maps.Keys(m.Cut)),
		ArrivalsLost: m.NewFeed, RequestsLost: m.Forgotten, DraftsLost: m.DraftsLost,
	}
}
