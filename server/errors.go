package server

import (
	"errors"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// invalidFault carries the violations of a noun that does not hold together.
func invalidFault(e *guidance.InvalidError) error {
	vs := make([]fault.Violation, len(e.Violations))
	for i, v := range e.Violations {
		vs[i] = fault.Violation{Field: v.Field, Reason: v.Reason}
	}
	return fault.New(fault.ErrInvalid, e.What, "", vs...)
}

// refusalFault is a refused session as its caller sees it; the typed refusal itself
// went over the stream before.
func refusalFault(r *replica.Refused) error {
	reason := fault.ErrNotEntitled
	switch r.Reason {
	case nodev1.RefusalReason_REFUSAL_REASON_BUSY, nodev1.RefusalReason_REFUSAL_REASON_REDUNDANT:
		reason = fault.ErrBusy
	case nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL:
		reason = fault.ErrInvalid
	}
	return fault.New(reason, r.Error(), "")
}

// asFault gives the sentinels of the rules and of the store the reasons callers
// decide by. Everything else passes unchanged.
func asFault(err error) error {
	var invalid *guidance.InvalidError
	var refused *replica.Refused
	switch {
	case errors.As(err, &refused):
		return refusalFault(refused)
	case errors.As(err, &invalid):
		return invalidFault(invalid)
	case errors.Is(err, store.ErrDiskFull):
		return fault.New(fault.ErrDiskFull, err.Error(), "free space on the node's disk; it writes again by itself")
	case errors.Is(err, store.ErrRecovering):
		return fault.New(fault.ErrRecovering, err.Error(), "keep the node connected: it fetches what is missing from its peers")
	case errors.Is(err, store.ErrNotFound):
		return fault.New(fault.ErrUnknownEntry, err.Error(), "")
	}
	return err
}
