package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
)

func TestEverySentinelSurvivesTheWire(t *testing.T) {
	for _, want := range Sentinels() {
		sent := fmt.Errorf("publishing: %w", fault.New(want, "the letter", "do this", fault.Violation{Field: "title", Reason: "is empty"}))
		got := FromStatus(Status(sent))
		if !errors.Is(got, want) {
			t.Errorf("%v arrived as %v", want, errors.Unwrap(got))
		}
		for _, other := range Sentinels() {
			if errors.Is(got, other) != errors.Is(want, other) {
				t.Errorf("%v arrived as %v too", want, other)
			}
		}
		if got.Error() != "publishing: the letter: title: is empty" {
			t.Errorf("%v arrived saying %q", want, got)
		}
		if fault.Hint(got) != "do this" {
			t.Errorf("%v lost its hint: %q", want, fault.Hint(got))
		}
		if d := cmp.Diff([]fault.Violation{{Field: "title", Reason: "is empty"}}, fault.Violations(got)); d != "" {
			t.Errorf("%v lost its violations: %s", want, d)
		}
	}
}

func TestABareSentinelSurvivesToo(t *testing.T) {
	got := FromStatus(Status(fmt.Errorf("reading essex/7: %w", fault.ErrAbsent)))
	if !errors.Is(got, fault.ErrAbsent) || got.Error() != "reading essex/7: the words are not here" {
		t.Errorf("got %v", got)
	}
}

func TestTableNamesEverySentinelOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table {
		if seen[r.reason] || r.reason != strings.ToUpper(r.reason) {
			t.Errorf("reason %q is twice in the table, or not in capitals", r.reason)
		}
		seen[r.reason] = true
		if first, _ := rowOf(r.sentinel); first.reason != r.reason {
			t.Errorf("%v is found as %s, not %s: the exact one must stand first", r.sentinel, first.reason, r.reason)
		}
	}
}

func TestUnknownErrorsAreNotTold(t *testing.T) {
	secret := errors.New("open /srv/keys/root.pem: permission denied")
	got := Status(secret)
	if status.Code(got) != codes.Internal || strings.Contains(got.Error(), "keys") {
		t.Errorf("got %v", got)
	}
	if !strings.Contains(got.Error(), Incident(secret)) {
		t.Errorf("%v does not name incident %s", got, Incident(secret))
	}
	if !errors.Is(FromStatus(got), fault.ErrInternal) {
		t.Errorf("%v is not fault.ErrInternal at the client", got)
	}
}

func TestAPeersStatusIsNotForwarded(t *testing.T) {
	got := Status(fmt.Errorf("asking essex: %w", status.Error(codes.PermissionDenied, "not you")))
	if status.Code(got) != codes.Internal {
		t.Errorf("got %v", got)
	}
}

func TestContextErrorsStayWhatTheyAre(t *testing.T) {
	for _, want := range []error{context.Canceled, context.DeadlineExceeded} {
		if got := FromStatus(Status(fmt.Errorf("reading: %w", want))); !errors.Is(got, want) {
			t.Errorf("%v arrived as %v", want, got)
		}
	}
}

func TestNilStaysNil(t *testing.T) {
	if Status(nil) != nil || FromStatus(nil) != nil {
		t.Error("nil became an error")
	}
}

func TestForeignStatusGetsTheNearestReason(t *testing.T) {
	cases := []struct {
		code codes.Code
		msg  string
		want error
	}{
		{codes.Unavailable, "connection refused", fault.ErrUnavailable},
		{codes.Unimplemented, "unknown service", fault.ErrUnsupported},
		{codes.NotFound, "", fault.ErrNotFound},
		{codes.InvalidArgument, "", fault.ErrInvalid},
		{codes.PermissionDenied, "", fault.ErrNotEntitled},
		{codes.Unauthenticated, "", fault.ErrNotAuthenticated},
		{codes.ResourceExhausted, "grpc: received message larger than max (2 vs. 1)", fault.ErrTooLarge},
		{codes.ResourceExhausted, "slow down", fault.ErrBusy},
		{codes.DataLoss, "", fault.ErrInternal},
	}
	for _, c := range cases {
		if got := FromStatus(status.Error(c.code, c.msg)); !errors.Is(got, c.want) {
			t.Errorf("%v %q became %v, want %v", c.code, c.msg, errors.Unwrap(got), c.want)
		}
	}
	if got := FromStatus(io.EOF); got != io.EOF {
		t.Errorf("io.EOF became %v", got)
	}
}

// A node of another version may send a reason this one has never heard of.
func TestAnUnknownReasonFallsBackToItsCode(t *testing.T) {
	st := Status(fault.New(fault.ErrUnknownMatter, "x", ""))
	old := table
	t.Cleanup(func() { table = old })
	table = nil
	if got := FromStatus(st); !errors.Is(got, fault.ErrNotFound) {
		t.Errorf("got %v", got)
	}
}

// 8 KiB is what most peers accept as trailers; the message travels twice.
func TestTheLongestStatusFitsTheTrailers(t *testing.T) {
	var many []fault.Violation
	for range 500 {
		many = append(many, fault.Violation{Field: strings.Repeat("f", 300), Reason: strings.Repeat("é", 300)})
	}
	st := status.Convert(Status(fault.New(fault.ErrInvalid, strings.Repeat("é", 5000), strings.Repeat("h", 5000), many...)))
	raw, err := proto.Marshal(st.Proto())
	if err != nil {
		t.Fatal(err)
	}
	// Percent-encoding triples a byte outside ASCII; base64 makes 4 of 3.
	if size := 3*len(st.Message()) + 4*len(raw)/3; size > 8<<10-512 {
		t.Errorf("a status takes %d bytes of trailers", size)
	}
	vs := fault.Violations(FromStatus(st.Err()))
	if last := vs[len(vs)-1]; last.Reason != fmt.Sprintf("and %d more", 500-len(vs)+1) {
		t.Errorf("the last violation says %q of %d", last, len(vs))
	}
}
