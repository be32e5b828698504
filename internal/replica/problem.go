package replica

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Problem is why there is no session with a peer.
type Problem struct {
	Code nodev1.PeerProblemCode
	// Reason is that of a refusal; unspecified: nobody refused anybody, or the peer did not
	// say why.
	Reason nodev1.RefusalReason
	// ByPeer: the peer refused this node, and not the other way round.
	ByPeer bool
	// Words say it for people.
	Words string
}

// The problems, by short names.
const (
	ProblemRefused       = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_REFUSED
	ProblemRefusing      = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_REFUSING
	ProblemUnreachable   = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_UNREACHABLE
	ProblemNoSuchHost    = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_NO_SUCH_HOST
	ProblemNoAddress     = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_NO_ADDRESS
	ProblemOtherKey      = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_OTHER_KEY
	ProblemNotInRegister = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_NOT_IN_REGISTER
	ProblemVersion       = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_VERSION
	ProblemQuarantined   = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_QUARANTINED
	ProblemDuplicate     = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_DUPLICATE
	ProblemLost          = nodev1.PeerProblemCode_PEER_PROBLEM_CODE_LOST
)

// dialFailures are the causes of a failed dial that somebody can do something about, the
// first that fits. grpc hands on no more of them than their text. problem_test.go has
// each from where it comes from, so that a changed text shows.
var dialFailures = []struct {
	text string
	code nodev1.PeerProblemCode
}{
	{"no such host", ProblemNoSuchHost},
	{"received empty target", ProblemNoAddress},
	{"missing port in address", ProblemNoAddress},
	{"another key than the pinned one", ProblemOtherKey}, // identity.ErrWrongPin
	// A key that the register does not have is refused in the handshake, before there is
	// anybody to say why (protocol.md 3, listeners and rights). In TLS 1.3 the side that
	// dialled has ended its own part by then: it has seen the right key, and learns of the
	// refusal from what it reads, or, when it was writing just then, from nothing but a
	// connection that is gone.
	{"remote error: tls: bad certificate", ProblemNotInRegister},
	{"error reading server preface", ProblemRefused},
	{"write: broken pipe", ProblemRefused},
	{"write: connection reset by peer", ProblemRefused},
}

// problemOf says why there is no session: why one that there was has ended, or why there
// never was one. For people every end that is not a refusal looks alike: what the
// transport calls it says nothing to do.
func problemOf(err error, wasConnected bool) Problem {
	p := Problem{Code: ProblemUnreachable}
	if wasConnected {
		p.Code = ProblemLost
	}
	var refused *Refused
	var transport interface{ GRPCStatus() *status.Status }
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return Problem{Code: ProblemLost, Words: "the connection ended"}
	case errors.As(err, &refused):
		p = Problem{Code: ProblemRefusing, Reason: refused.Reason, ByPeer: refused.ByPeer, Words: refused.Error()}
		switch {
		case errors.Is(err, ErrNotInRegister):
			p.Code = ProblemNotInRegister
		case errors.Is(err, ErrDuplicateInstance):
			p.Code = ProblemDuplicate
		case errors.Is(err, ErrVersion):
			p.Code = ProblemVersion
		case p.ByPeer:
			p.Code = ProblemRefused
		case errors.Is(err, ErrQuarantined):
			p.Code = ProblemQuarantined
		}
		return p
	case !errors.As(err, &transport):
		p.Words = err.Error()
		return p
	}
	st := transport.GRPCStatus()
	p.Words = st.Message()
	switch st.Code() {
	case codes.Canceled:
		p.Code, p.Words = ProblemLost, "the connection ended"
	case codes.Unavailable:
		p.Words = "it cannot be reached: " + p.Words
		for _, f := range dialFailures {
			if !wasConnected && strings.Contains(st.Message(), f.text) {
				p.Code = f.code
				switch f.code {
				case ProblemNotInRegister:
					p.ByPeer, p.Words = true, "it refuses this node's key, which its register does not have: ask whether its office has admitted this one"
				case ProblemRefused:
					p.ByPeer, p.Words = true, "it ends the connection at once: its register may not have this node's key, or something else answers at that address"
				}
				break
			}
		}
	case codes.PermissionDenied, codes.Unauthenticated:
		p.Code, p.ByPeer = ProblemRefused, true
	case codes.ResourceExhausted:
		p.Code, p.ByPeer, p.Reason = ProblemRefused, true, reasonBusy
	}
	return p
}

// message is the problem as status tells it; nil: there is none.
func (p Problem) message() *nodev1.PeerProblem {
	if p.Words == "" {
		return nil
	}
	return &nodev1.PeerProblem{Code: p.Code, Words: p.Words, Reason: p.Reason, ByPeer: p.ByPeer}
}
