package server

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestEveryReasonOfTheStoreAndTheRulesHasItsOwn(t *testing.T) {
	refused := func(r nodev1.RefusalReason) error { return &replica.Refused{Reason: r} }
	invalid := func(kind error) error {
		return &guidance.InvalidError{What: "letter", Violations: []guidance.Violation{{Field: "title", Reason: "why", Kind: kind}}}
	}
	for _, test := range []struct{ err, want error }{
		{store.ErrDiskFull, fault.ErrDiskFull},
		{store.ErrRecovering, fault.ErrRecovering},
		{store.ErrForked, fault.ErrReadOnly},
		{store.ErrCorrupt, fault.ErrReadOnly},
		{store.ErrRequestUsed, fault.ErrDuplicateRequest},
		{store.ErrMoved, fault.ErrBusy},
		{store.ErrClosed, fault.ErrStopping},
		{store.ErrNotFound, fault.ErrUnknownEntry},
		{invalid(nil), fault.ErrInvalid},
		{invalid(guidance.ErrContradicts), fault.ErrContradicts},
		{invalid(guidance.ErrFutureDay), fault.ErrFutureDay},
		{invalid(guidance.ErrNotEntitled), fault.ErrNotEntitled},
		{invalid(guidance.ErrUnknownCommittee), fault.ErrUnknownCommittee},
		{invalid(guidance.ErrUnknownMatter), fault.ErrUnknownMatter},
		{invalid(guidance.ErrUnknownMeasure), fault.ErrUnknownMeasure},
		{invalid(guidance.ErrUnknownEntry), fault.ErrUnknownEntry},
		{invalid(guidance.ErrTooLarge), fault.ErrTooLarge},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_BUSY), fault.ErrBusy},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_REDUNDANT), fault.ErrBusy},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL), fault.ErrInvalid},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_NOT_IN_REGISTER), fault.ErrNotEntitled},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE), fault.ErrNotEntitled},
		{refused(nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED), fault.ErrNotEntitled},
		{fault.ErrNotJoined, fault.ErrNotJoined},
		{context.Canceled, context.Canceled},
	} {
		if got := asFault(fmt.Errorf("doing something: %w", test.err)); !errors.Is(got, test.want) {
			t.Errorf("%v became %v, want %v", test.err, got, test.want)
		}
	}
}
