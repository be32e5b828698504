package replica

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Why a session or a request was refused, by either side (protocol.md 3).
var (
	// ErrProtocol: no common version, another federation, or a frame out of turn.
	ErrProtocol = errors.New("protocol")
	// ErrVersion: no common version, as this side found it; it is an ErrProtocol too.
	ErrVersion = fmt.Errorf("%w: no common version", ErrProtocol)
	// ErrNotInRegister: the key is not in the register of the node that refused.
	ErrNotInRegister = errors.New("not in the register")
	// ErrDuplicateInstance: another writer of the same office is connected.
	ErrDuplicateInstance = errors.New("another writer of the office is connected")
	// ErrQuarantined: what the peer sent did not verify.
	ErrQuarantined = errors.New("quarantined")
	// ErrBusy: too much at once.
	ErrBusy = errors.New("busy")
	// ErrRedundant: another session with the same node stays instead.
	ErrRedundant = errors.New("another session with this node stays")
)

// reasons is the one table between the reasons on the wire and the sentinels.
var reasons = map[nodev1.RefusalReason]error{
	nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL:           ErrProtocol,
	nodev1.RefusalReason_REFUSAL_REASON_NOT_IN_REGISTER:    ErrNotInRegister,
	nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE: ErrDuplicateInstance,
	nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED:        ErrQuarantined,
	nodev1.RefusalReason_REFUSAL_REASON_BUSY:               ErrBusy,
	nodev1.RefusalReason_REFUSAL_REASON_REDUNDANT:          ErrRedundant,
}

// Refused is a refusal, given or got.
type Refused struct {
	// Reason is why, as on the wire.
	Reason nodev1.RefusalReason
	// Detail says it in plain words, with the remedy.
	Detail string
	// RetryAfter is when to try again (BUSY).
	RetryAfter time.Duration
	// ByPeer: the other side refused us.
	ByPeer bool

	cause error                  // more than the reason says; nil: nothing
	proof *nodev1.DuplicateProof // of DUPLICATE_INSTANCE
}

// newRefused is a refusal by this side. Whom it is too busy for is told when to come back.
func newRefused(reason nodev1.RefusalReason, format string, args ...any) *Refused {
	r := &Refused{Reason: reason, Detail: fmt.Sprintf(format, args...)}
	if reason == reasonBusy {
		r.RetryAfter = BusyFor
	}
	return r
}

// refusedBy is a refusal that a peer sent, cut to what is kept of it.
func refusedBy(m *nodev1.Refusal) *Refused {
	detail := m.GetDetail()
	if len(detail) > DetailLimit {
		detail = strings.ToValidUTF8(detail[:DetailLimit], "")
	}
	after := max(0, min(m.GetRetryAfter().AsDuration(), time.Hour))
	return &Refused{Reason: m.GetReason(), Detail: detail, RetryAfter: after, ByPeer: true}
}

// Error says who refused whom, and why.
func (r *Refused) Error() string {
	word := strings.ToLower(strings.TrimPrefix(r.Reason.String(), "REFUSAL_REASON_"))
	word = strings.ReplaceAll(word, "_", " ")
	if r.ByPeer {
		return fmt.Sprintf("the peer refuses: %s: %s", word, r.Detail)
	}
	return fmt.Sprintf("refusing the peer: %s: %s", word, r.Detail)
}

// Unwrap gives the sentinel of the reason.
func (r *Refused) Unwrap() error {
	if r.cause != nil {
		return r.cause
	}
	return reasons[r.Reason]
}

func (r *Refused) message() *nodev1.Refusal {
	m := &nodev1.Refusal{Reason: r.Reason, Detail: r.Detail, Proof: r.proof}
	if r.RetryAfter > 0 {
		m.RetryAfter = durationpb.New(r.RetryAfter)
	}
	return m
}

// Short names for the reasons this package gives.
const (
	reasonProtocol    = nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL
	reasonUnlisted    = nodev1.RefusalReason_REFUSAL_REASON_NOT_IN_REGISTER
	reasonDuplicate   = nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE
	reasonQuarantined = nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED
	reasonBusy        = nodev1.RefusalReason_REFUSAL_REASON_BUSY
	reasonRedundant   = nodev1.RefusalReason_REFUSAL_REASON_REDUNDANT
)
