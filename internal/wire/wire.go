// Package wire knows where an error stands on gRPC: the one table that gives each reason
// of package fault its code and its name in google.rpc.ErrorInfo, and back.
//
// It does not know what the reasons mean or who raises them, and does not log.
package wire

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	"github.com/lmcfed/lmcfed/internal/fault"
)

// Domain is the domain of every ErrorInfo of this project.
const Domain = "lmcfed"

// A status travels in HTTP/2 trailers, which most peers cap at 8 KiB, its message
// twice (percent-encoded, and in base64 with the details): so these are small.
const (
	// MessageLimit is the longest message sent, in bytes.
	MessageLimit = 800
	// HintLimit is the longest hint sent, in bytes.
	HintLimit = 400
	// ViolationsLimit is how many bytes of violations are sent; the rest is counted.
	ViolationsLimit = 2000
)

// Status turns err into the gRPC status the caller gets: the border of the server.
// A sentinel keeps its reason, a context's end its code; anything else becomes
// Internal with an incident number, so that nothing of the inside leaks. The status
// of another node is never passed on as ours: wrap a sentinel of package fault.
func Status(err error) error {
	switch r, known := rowOf(err); {
	case err == nil:
		return nil
	case known:
		return detailed(r, err)
	case errors.Is(err, context.Canceled):
		return status.Error(codes.Canceled, "the call was given up")
	case errors.Is(err, context.DeadlineExceeded):
		return status.Error(codes.DeadlineExceeded, "the call took longer than its deadline")
	}
	r, _ := rowOf(fault.ErrInternal)
	return detailed(r, fault.New(fault.ErrInternal, "internal error, incident "+Incident(err),
		"the log of the node has it under this number"))
}

// Incident is the number an unknown error is reported under: the first eight hex
// digits of SHA-256 over its text, so that the log and the caller name the same one.
func Incident(err error) string {
	sum := sha256.Sum256([]byte(err.Error()))
	return fmt.Sprintf("%x", sum[:4])
}

// detailed is err as a status with ErrorInfo, and BadRequest and Help where err
// has violations and a hint.
func detailed(r row, err error) error {
	st := status.New(r.code, notation.Clip(fault.Headline(err), MessageLimit))
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: r.reason, Domain: Domain}}
	if vs := fault.Violations(err); len(vs) > 0 {
		details = append(details, badRequest(vs))
	}
	if hint := fault.Hint(err); hint != "" {
		details = append(details, &errdetails.Help{Links: []*errdetails.Help_Link{
			{Description: notation.Clip(hint, HintLimit)},
		}})
	}
	with, detailErr := st.WithDetails(details...)
	if detailErr != nil {
		return st.Err()
	}
	return with.Err()
}

// badRequest lists the violations that fit and counts the others.
func badRequest(vs []fault.Violation) *errdetails.BadRequest {
	bad, room := &errdetails.BadRequest{}, ViolationsLimit
	for i, v := range vs {
		v.Field, v.Reason = notation.Clip(v.Field, HintLimit), notation.Clip(v.Reason, HintLimit)
		room -= len(v.Field) + len(v.Reason)
		if room < 0 {
			v = fault.Violation{Reason: fmt.Sprintf("and %d more", len(vs)-i)}
		}
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: v.Field, Description: v.Reason,
		})
		if room < 0 {
			break
		}
	}
	return bad
}

// FromStatus turns a status back into an error whose reason errors.Is finds: the
// border of the client. A status without our ErrorInfo (the transport's own, or a
// foreign server's) gets the sentinel its code comes nearest to, or the context's.
func FromStatus(err error) error {
	if err == nil {
		return nil
	}
	st, ok := status.FromError(err)
	if !ok {
		return err
	}
	e := &fault.Error{Reason: byCode(st), Message: st.Message()}
	for _, d := range st.Details() {
		read(e, d)
	}
	return e
}

// read takes into e from one detail what it says.
func read(e *fault.Error, detail any) {
	switch d := detail.(type) {
	case *errdetails.ErrorInfo:
		if r, ok := rowNamed(d.GetReason()); ok && d.GetDomain() == Domain {
			e.Reason = r.sentinel
		}
	case *errdetails.BadRequest:
		for _, v := range d.GetFieldViolations() {
			e.Violations = append(e.Violations, fault.Violation{Field: v.GetField(), Reason: v.GetDescription()})
		}
	case *errdetails.Help:
		for _, l := range d.GetLinks() {
			e.Hint = strings.TrimSpace(e.Hint + " " + l.GetDescription())
		}
	}
}

// byCode is the nearest reason of a status that names none of ours.
func byCode(st *status.Status) error {
	switch st.Code() {
	case codes.Canceled:
		return context.Canceled
	case codes.DeadlineExceeded:
		return context.DeadlineExceeded
	case codes.Unavailable:
		return fault.ErrUnavailable
	case codes.Unimplemented:
		return fault.ErrUnsupported
	case codes.NotFound:
		return fault.ErrNotFound
	case codes.InvalidArgument, codes.OutOfRange:
		return fault.ErrInvalid
	case codes.PermissionDenied:
		return fault.ErrNotEntitled
	case codes.Unauthenticated:
		return fault.ErrNotAuthenticated
	case codes.ResourceExhausted:
		return exhausted(st.Message())
	}
	return fault.ErrInternal
}

// exhausted tells grpc-go's own two uses of ResourceExhausted apart: a message
// over its size limit (it says "larger than max"), and everything else.
func exhausted(msg string) error {
	if strings.Contains(msg, "larger than max") {
		return fault.ErrTooLarge
	}
	return fault.ErrBusy
}
