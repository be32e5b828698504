package server

import (
	"errors"
	"slices"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// kinds gives the reasons of the rules the reasons callers decide by. The first that a
// violation has is the reason: slips of the pen, and only they, are merely invalid.
var kinds = []struct{ rule, caller error }{
	{guidance.ErrContradicts, fault.ErrContradicts},
	{guidance.ErrNearlyTheSame, fault.ErrContradicts},
	{guidance.ErrFutureDay, fault.ErrFutureDay},
	{guidance.ErrNotEntitled, fault.ErrNotEntitled},
	{guidance.ErrUnknownCommittee, fault.ErrUnknownCommittee},
	{guidance.ErrUnknownMatter, fault.ErrUnknownMatter},
	{guidance.ErrUnknownMeasure, fault.ErrUnknownMeasure},
	{guidance.ErrUnknownEntry, fault.ErrUnknownEntry},
	{guidance.ErrUnknownArea, fault.ErrUnknownArea},
	{guidance.ErrTooLarge, fault.ErrTooLarge},
}

// asFault gives the sentinels of the rules and of the store the reasons callers
// decide by. Everything else passes unchanged.
func asFault(err error) error {
	var invalid *guidance.InvalidError
	var refused *replica.Refused
	switch {
	case errors.As(err, &refused): // the typed refusal itself went over the stream before
		reason := fault.ErrNotEntitled
		switch refused.Reason {
		case nodev1.RefusalReason_REFUSAL_REASON_BUSY, nodev1.RefusalReason_REFUSAL_REASON_REDUNDANT:
			reason = fault.ErrBusy
		case nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL:
			reason = fault.ErrInvalid
		}
		return fault.New(reason, refused.Error(), "")
	case errors.As(err, &invalid):
		reason := fault.ErrInvalid
		for _, k := range slices.Backward(kinds) {
			if errors.Is(invalid, k.rule) {
				reason = k.caller
			}
		}
		vs := make([]fault.Violation, len(invalid.Violations))
		for i, v := range invalid.Violations {
			vs[i] = fault.Violation{Field: v.Field, Reason: v.Reason}
		}
		return fault.New(reason, "the "+invalid.What+" cannot be published as it is", "put these right and publish it again: nothing was published", vs...)
	case errors.Is(err, store.ErrDiskFull):
		return fault.New(fault.ErrDiskFull, err.Error(), "free space on the node's disk; it writes again by itself")
	case errors.Is(err, store.ErrReplaced):
		return fault.New(fault.ErrReadOnly, err.Error(), "stop the node, put its own data.db and keys/guard back, and start it again; where they are lost, start it without data.db: it fetches its entries from the other nodes")
	case errors.Is(err, store.ErrReadOnly):
		return fault.New(fault.ErrReadOnly, err.Error(), "let the node's user write its folder, or move the folder to a disk that can be written, and start the node again; reading goes on")
	case errors.Is(err, store.ErrRecovering):
		return fault.New(fault.ErrRecovering, err.Error(), "keep the node connected: it fetches what is missing from its peers")
	case errors.Is(err, store.ErrForked):
		return fault.New(fault.ErrReadOnly, err.Error(), "stop the node and ask the keeper's office: two histories of this office exist")
	case errors.Is(err, store.ErrCorrupt):
		return fault.New(fault.ErrReadOnly, err.Error(), "the node mends its data by itself where it can, and lmc status says how that stands: ask again in a few minutes; other offices' nodes have the same entries meanwhile")
	case errors.Is(err, store.ErrRequestUsed):
		return fault.New(fault.ErrDuplicateRequest, err.Error(), "use a new request id")
	case errors.Is(err, store.ErrMoved):
		return fault.New(fault.ErrBusy, err.Error(), "send the same request again")
	case errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrMended):
		return fault.New(fault.ErrStopping, "the node is stopping", "send the same request again when it is back")
	case errors.Is(err, store.ErrNotFound):
		return fault.New(fault.ErrUnknownEntry, err.Error(), "check its number: lmc history --office ID lists what an office has published; if it is new, it may not have arrived here yet")
	}
	return err
}
