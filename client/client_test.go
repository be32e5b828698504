package client_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestEveryReasonIsFoundAcrossTheWire(t *testing.T) {
	var reason error
	n := startNode(t, &node{status: func(context.Context) (*nodev1.GetStatusResponse, error) {
		return nil, fault.New(reason, "the thing at the place", "the remedy", fault.Violation{Field: "positions[1].stance", Reason: "is none"})
	}})
	c := n.dial(t)
	for _, reason = range wire.Sentinels() {
		_, err := c.Status(t.Context())
		if !errors.Is(err, reason) {
			t.Errorf("%v arrived as %v", reason, err)
		}
		switch {
		case errors.Is(reason, client.ErrUnavailable), errors.Is(reason, client.ErrUnsupported):
			continue // told in the client's own words, with the address
		}
		if client.Hint(err) != "the remedy" || len(client.Violations(err)) != 1 || client.Headline(err) != "the thing at the place" {
			t.Errorf("%v arrived without its details: %v", reason, err)
		}
	}
}

func TestEveryUnaryCallHasADeadline(t *testing.T) {
	var left time.Duration
	n := startNode(t, &node{status: func(ctx context.Context) (*nodev1.GetStatusResponse, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			t.Error("the call came without a deadline")
		}
		left = time.Until(deadline)
		return &nodev1.GetStatusResponse{}, nil
	}})
	if _, err := n.dial(t).Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left > client.DefaultTimeout || left < client.DefaultTimeout/2 {
		t.Errorf("the default deadline left %v, want about %v", left, client.DefaultTimeout)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if _, err := n.dial(t).Status(ctx); err != nil {
		t.Fatal(err)
	}
	if left < time.Hour/2 {
		t.Errorf("the caller's own deadline was cut to %v", left)
	}
}

func TestANodeThatDoesNotAnswerIsNamed(t *testing.T) {
	n := startNode(t, &node{status: func(ctx context.Context) (*nodev1.GetStatusResponse, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	_, err := n.dial(t, client.WithTimeout(50*time.Millisecond)).Status(t.Context())
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), n.address) {
		t.Errorf("got %v", err)
	}
}

func TestAnAnswerOverTheReceiveLimitIsRefused(t *testing.T) {
	size := 0
	n := startNode(t, &node{status: func(context.Context) (*nodev1.GetStatusResponse, error) {
		return &nodev1.GetStatusResponse{Version: strings.Repeat("x", size)}, nil
	}})
	c := n.dial(t)
	size = client.ReceiveLimit - overhead(t)
	if _, err := c.Status(t.Context()); err != nil {
		t.Errorf("an answer of exactly the limit: %v", err)
	}
	size++
	if _, err := c.Status(t.Context()); !errors.Is(err, client.ErrTooLarge) {
		t.Errorf("an answer one byte over the limit: %v", err)
	}
}

// overhead is what the message around a string of about 16 MiB takes, in bytes.
func overhead(t *testing.T) int {
	t.Helper()
	s := strings.Repeat("x", client.ReceiveLimit-64)
	return proto.Size(&nodev1.GetStatusResponse{Version: s}) - len(s)
}

func TestWrongPinIsToldFromANodeThatIsDown(t *testing.T) {
	n := startNode(t, &node{})
	other := identity.PinOf(public(newKey(t)))
	c, err := client.Dial(n.address, other)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Status(t.Context())
	if !errors.Is(err, client.ErrWrongPin) || errors.Is(err, client.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{n.address, other.String(), identity.PinOf(public(n.key)).String()} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}

func TestANodeThatIsDownIsNamedWithARemedy(t *testing.T) {
	n := startNode(t, &node{})
	n.stop()
	_, err := n.dial(t).Status(t.Context())
	if !errors.Is(err, client.ErrUnavailable) || !strings.Contains(err.Error(), n.address) || client.Hint(err) == "" {
		t.Errorf("got %v, hint %q", err, client.Hint(err))
	}
	if strings.Contains(err.Error(), "transport:") || strings.Contains(err.Error(), "desc =") {
		t.Errorf("%q speaks of transports", err)
	}
}

// "no node answers … start it there" was said of a node that had no room for another connection,
// of one that stopped in the middle of a call, and of a web server.
func TestOfANodeThatCannotBeReachedTheTruthIsTold(t *testing.T) {
	listen := func(serve func(net.Conn)) string {
		lis, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { lis.Close() })
		go func() {
			for {
				conn, err := lis.Accept()
				if err != nil {
					return
				}
				go serve(conn)
			}
		}()
		return lis.Addr().String()
	}
	stopping := &node{}
	stopping.status = func(ctx context.Context) (*nodev1.GetStatusResponse, error) {
		go stopping.stop()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	startNode(t, stopping)
	gone := startNode(t, &node{})
	gone.stop()
	for name, c := range map[string]struct {
		address, want, hint string
	}{
		"broken off": {
			address: listen(func(c net.Conn) { c.Close() }),
			want:    "took the connection and broke it off", hint: "as many connections as it can take",
		},
		"a web server": {
			address: listen(func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }),
			want:    "is no node: tls: first record does not look like a TLS handshake", hint: "check the address",
		},
		"cut in a call": {address: stopping.address, want: " broke: ", hint: "try again"},
		"not there":     {address: gone.address, want: "no node answers at " + gone.address + ": connection refused", hint: "if it is yours, start it"},
	} {
		pin := identity.PinOf(public(stopping.key))
		dialled, err := client.Dial(c.address, pin)
		if err != nil {
			t.Fatal(err)
		}
		_, err = dialled.Status(t.Context())
		dialled.Close()
		if !errors.Is(err, client.ErrUnavailable) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.address) || !strings.Contains(client.Hint(err), c.hint) {
			t.Errorf("%s: got %v, hint %q; want %q, hint %q", name, err, client.Hint(err), c.want, c.hint)
		}
	}
}

func TestAnUnknownOfficerKeyIsToldSo(t *testing.T) {
	officer := newKey(t)
	n := startNode(t, &node{
		officer: public(officer),
		status:  func(context.Context) (*nodev1.GetStatusResponse, error) { return &nodev1.GetStatusResponse{}, nil },
	})
	if _, err := n.dial(t, client.WithKey(officer)).Status(t.Context()); err != nil {
		t.Errorf("the officer's key: %v", err)
	}
	_, err := n.dial(t, client.WithKey(newKey(t))).Status(t.Context())
	if !errors.Is(err, client.ErrNotEntitled) || !strings.Contains(err.Error(), n.address) {
		t.Errorf("a key the node does not know: %v", err)
	}
}

func TestACallTheNodeDoesNotOfferIsToldSo(t *testing.T) {
	n := startNode(t, &node{})
	_, err := n.dial(t).Matter(t.Context(), "access-plan-2021")
	if !errors.Is(err, client.ErrUnsupported) || client.Hint(err) == "" {
		t.Errorf("got %v", err)
	}
}

func TestACancelledCallIsTheContextsError(t *testing.T) {
	n := startNode(t, &node{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.dial(t).Status(ctx); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestAnAddressNeedsAPort(t *testing.T) {
	if _, err := client.Dial("node.example.org", client.Pin{}); err == nil || !strings.Contains(err.Error(), "HOST:PORT") {
		t.Errorf("got %v", err)
	}
}

func TestAProfileShowsItsKey(t *testing.T) {
	officer := newKey(t)
	n := startNode(t, &node{
		officer: public(officer),
		status: func(context.Context) (*nodev1.GetStatusResponse, error) {
			return &nodev1.GetStatusResponse{Office: "essex"}, nil
		},
	})
	file := filepath.Join(t.TempDir(), "officer.pem")
	if err := identity.SaveKey(file, officer); err != nil {
		t.Fatal(err)
	}
	c, err := client.DialProfile(client.Profile{Name: "essex", Address: n.address, Pin: identity.PinOf(public(n.key)), KeyFile: file})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if resp, err := c.Status(t.Context()); err != nil || resp.GetOffice() != "essex" {
		t.Errorf("got %v, %v", resp, err)
	}
	_, err = client.DialProfile(client.Profile{Name: "essex", Address: n.address, KeyFile: file + ".lost"})
	if err == nil || !strings.Contains(err.Error(), "profile essex") {
		t.Errorf("a lost key file: %v", err)
	}
}

func TestEveryWriteCarriesARequestID(t *testing.T) {
	var ids []string
	n := startNode(t, &node{publish: func(req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
		ids = append(ids, req.GetRequestId())
		return &nodev1.PublishAdvisoryResponse{}, nil
	}})
	c := n.dial(t)
	for _, req := range []*nodev1.PublishAdvisoryRequest{
		{}, {}, {RequestId: "mine"}, {ValidateOnly: true},
	} {
		if _, err := c.PublishAdvisory(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] == "" || len(ids[0]) > 64 || ids[0] == ids[1] {
		t.Errorf("made-up ids %q and %q: want two different ones of at most 64 characters", ids[0], ids[1])
	}
	if ids[2] != "mine" || ids[3] != "" {
		t.Errorf("got %q for mine and %q for a check", ids[2], ids[3])
	}
}

func TestMattersFollowsPagesToTheEnd(t *testing.T) {
	n := startNode(t, &node{matters: func(req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
		resp := &answersv1.ListMattersResponse{Completeness: &answersv1.Completeness{Complete: true}}
		resp.Matters = []*guidancev1.Matter{{Title: "after " + req.GetPageToken()}}
		if len(req.GetPageToken()) < 2 {
			resp.NextPageToken = req.GetPageToken() + "x"
		}
		return resp, nil
	}})
	resp, err := n.dial(t).Matters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, m := range resp.GetMatters() {
		titles = append(titles, m.GetTitle())
	}
	if got := strings.Join(titles, ","); got != "after ,after x,after xx" || !resp.GetCompleteness().GetComplete() {
		t.Errorf("got %q", got)
	}
}

// Each page names what its own entries speak of, and the first alone says what is to be known of the list.
func TestEntriesOfSeveralPagesKeepEveryNameAndTheWordsOfTheFirst(t *testing.T) {
	n := startNode(t, &node{entries: func(req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
		page := "first"
		if req.GetPageToken() != "" {
			page = "second"
		}
		resp := &answersv1.ListEntriesResponse{Entries: []*answersv1.Entry{{Name: page}}, Names: &answersv1.Names{
			Offices: map[string]string{page: "office"}, Matters: map[string]*answersv1.MatterTitles{"plan": {Title: "A plan", Measures: map[string]string{page: "measure"}}},
		}}
		if page == "first" {
			resp.Words, resp.NextPageToken = "goes on from another", "x"
		}
		return resp, nil
	}})
	resp, err := n.dial(t).Entries(t.Context(), &answersv1.ListEntriesRequest{})
	if err != nil || len(resp.GetEntries()) != 2 || resp.GetWords() != "goes on from another" {
		t.Fatalf("got %v, %v", resp, err)
	}
	plan := resp.GetNames().GetMatters()["plan"]
	for _, page := range []string{"first", "second"} {
		if resp.GetNames().GetOffices()[page] == "" || plan.GetMeasures()[page] == "" || plan.GetTitle() == "" {
			t.Errorf("what the %s page names is lost: %v", page, resp.GetNames())
		}
	}
}

func TestAListWithoutEndIsCut(t *testing.T) {
	n := startNode(t, &node{matters: func(req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
		return &answersv1.ListMattersResponse{Matters: []*guidancev1.Matter{{}}, NextPageToken: "more"}, nil
	}})
	resp, err := n.dial(t).Matters(t.Context())
	if err != nil || len(resp.GetMatters()) != client.PagesLimit || resp.GetNextPageToken() != "more" {
		t.Errorf("got %d matters, token %q, %v", len(resp.GetMatters()), resp.GetNextPageToken(), err)
	}
}

// A server that takes the connection and never says a word must not hold us.
func TestASilentListenerDoesNotHoldTheCaller(t *testing.T) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer lis.Close()
	c, err := client.Dial(lis.Addr().String(), client.Pin{1}, client.WithTimeout(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	start := time.Now()
	if _, err := c.Status(t.Context()); err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %v", err, time.Since(start))
	}
}
