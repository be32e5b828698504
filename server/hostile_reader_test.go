package server

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestQuestionsAtTheEndsOfTimeAreAnswered(t *testing.T) {
	k := newKeeper(t)
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	at := func(year int) *answersv1.Selector_KnownAtTime {
		return &answersv1.Selector_KnownAtTime{KnownAtTime: timestamppb.New(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))}
	}
	for name, sel := range map[string]*answersv1.Selector{
		"year 1":         {Matter: "plan", KnownAt: at(1)},
		"year 9999":      {Matter: "plan", KnownAt: at(9999)},
		"no time at all": {Matter: "plan", KnownAt: &answersv1.Selector_KnownAtTime{}},
		"first day":      {Matter: "plan", AsOf: "0001-01-01"},
		"last day":       {Matter: "plan", OnDay: "9999-12-31"},
	} {
		resp, err := k.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: sel})
		if err != nil || resp.View == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, sel := range map[string]*answersv1.Selector{
		"a time that is none": {Matter: "plan", KnownAt: &answersv1.Selector_KnownAtTime{KnownAtTime: &timestamppb.Timestamp{Seconds: math.MaxInt64, Nanos: -1}}},
		"feed 2^64-1":         {Matter: "plan", KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: math.MaxUint64}}, // which was not given yet
	} {
		_, err := k.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: sel})
		if err := wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v, want that it is invalid", name, err)
		}
	}
	k.stillSound()
}

func TestPagesThatAreNoneAreRefused(t *testing.T) {
	k := newKeeper(t)
	for _, token := range []string{"-1", "x", "1e3", "9223372036854775807", "9223372036854775808", strings.Repeat("9", 5000)} {
		_, err := k.guidance().ListMatters(testContext(t), &answersv1.ListMattersRequest{PageToken: token})
		if err := wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) || fault.Violations(err)[0].Field != "page_token" {
			t.Errorf("token %.20q: %v", token, err)
		}
	}
	for _, size := range []int32{-1, -4, math.MinInt32} {
		_, err := k.guidance().ListMatters(testContext(t), &answersv1.ListMattersRequest{PageSize: size})
		if err := wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) || fault.Violations(err)[0].Field != "page_size" {
			t.Errorf("a page of %d items: %v, want that it is invalid", size, err)
		}
	}
	for _, size := range []int32{0, 1, math.MaxInt32} {
		resp, err := k.guidance().ListMatters(testContext(t), &answersv1.ListMattersRequest{PageSize: size})
		if err != nil || len(resp.Matters) != 1 || resp.NextPageToken != "" {
			t.Errorf("a page of %d items: %v, %v", size, resp, err)
		}
	}
}

func TestVerifyOfNothingAndOfTheLargestMessageFindsNothing(t *testing.T) {
	k := newKeeper(t)
	for _, body := range [][]byte{nil, make([]byte, maxMessage-4)} {
		resp, err := k.guidance().Verify(testContext(t), &answersv1.VerifyRequest{Body: body})
		if err != nil || resp.Genuine {
			t.Errorf("%d bytes: genuine %v, %v", len(body), resp.GetGenuine(), err)
		}
	}
}

func TestProofUnderARevokedKeyIsRefusedPlainly(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	name := essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	held, _ := k.store.Held(essex.ownLog())
	revoke := &ledgerv1.Revocation{Office: "essex", Key: publicKey(essex.keys.Log), ValidThroughSize: 0, Root: held.Root[:]}
	if _, err := k.record("revoke", &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: revoke}}); err != nil {
		t.Fatal(err)
	}
	_, err := k.guidance().GetProof(testContext(t), &answersv1.GetProofRequest{Name: name})
	if err := wire.FromStatus(err); !errors.Is(err, fault.ErrAbsent) {
		t.Errorf("got %v, want that no proof is here", err)
	}
	k.stillSound()
}

// watching opens a watch and takes its first message.
func watching(t *testing.T, conn *grpc.ClientConn, cursor *answersv1.Cursor) (nodev1.GuidanceService_WatchViewClient, *answersv1.WatchViewResponse, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := nodev1.NewGuidanceServiceClient(conn).WatchView(ctx, &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}, Cursor: cursor})
	if err != nil {
		return nil, nil, err
	}
	watch := patient{stream, cancel}
	first, err := watch.Recv()
	return watch, first, wire.FromStatus(err)
}

// patient is a watch of which each message has its time: how long all of them take is the
// machine's matter.
type patient struct {
	nodev1.GuidanceService_WatchViewClient
	giveUp func()
}

func (p patient) Recv() (*answersv1.WatchViewResponse, error) {
	late := time.AfterFunc(testLimit, p.giveUp)
	defer late.Stop()
	return p.GuidanceService_WatchViewClient.Recv()
}

func TestCursorsThatAreNotOursBeginAnew(t *testing.T) {
	k := newKeeper(t)
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	end, digest := k.store.FeedEnd()
	today := time.Now().UTC().Format(time.DateOnly)
	for name, cursor := range map[string]*answersv1.Cursor{
		"empty":               {},
		"no digest":           {Feed: end, Day: today},
		"another digest":      {Feed: end, Digest: make([]byte, 32), Day: today},
		"a digest too long":   {Feed: end, Digest: append(digest[:], 0), Day: today},
		"beyond the feed":     {Feed: end + 1, Digest: digest[:], Day: today},
		"the end of numbers":  {Feed: math.MaxUint64, Digest: digest[:], Day: today},
		"nothing, not zeros":  {Digest: digest[:], Day: today},
		"no day":              {Feed: end, Digest: digest[:]},
		"a day that is none":  {Feed: end, Digest: digest[:], Day: "2021-02-30"},
		"a day that is ahead": {Feed: end, Digest: digest[:], Day: "9999-12-31"},
	} {
		_, first, err := watching(t, k.conn, cursor)
		if err != nil || first.GetReset_() == nil {
			t.Errorf("%s: %v, %v; want a reset", name, first, err)
		}
	}
	k.stillSound()
}

// Many practices share one address: there, too, whoever opens watch after watch loses one of
// its own, and nobody else's.
func TestWatchesOverTheLimitTakeThePlaceOfWhoeverHasMost(t *testing.T) {
	k := newKeeper(t)
	maxWatchers := k.budgets.watches
	watches := func() int { all, _ := k.doors.watches.Taken(""); return all }
	leavesNothing(t, 8<<20, func() {
		one := k.dial(nil)
		practice, _, err := watching(t, one, nil)
		if err != nil {
			t.Fatal(err)
		}
		conns := []*grpc.ClientConn{one}
		var first nodev1.GuidanceService_WatchViewClient
		for i := range maxWatchers {
			if i%maxStreams == 0 {
				conns = append(conns, k.dial(nil))
			}
			stream, _, err := watching(t, conns[len(conns)-1], nil)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = stream
			}
			if all := watches(); all != min(i+2, maxWatchers) {
				t.Fatalf("%d watches are open after %d more", all, i+1)
			}
		}
		if _, err := first.Recv(); !errors.Is(wire.FromStatus(err), fault.ErrBusy) {
			t.Errorf("the first of whoever has most ends with %v, want that the node is busy", err)
		}
		k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
		if resp, err := practice.Recv(); err != nil || resp.GetChange() == nil {
			t.Errorf("the practice with one watch gets %v, %v", resp, err)
		}
		for _, conn := range conns {
			conn.Close()
		}
	})
	await(t, "the watches end", func() bool { return watches() == 0 })
	if _, _, err := watching(t, k.conn, nil); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
	k.stillSound()
}

func TestReaderThatNeverReadsHoldsUpNobody(t *testing.T) {
	k := newKeeper(t)
	deaf := k.dial(nil) // takes nothing after the first message: its window fills up
	for range 20 {
		if _, _, err := watching(t, deaf, nil); err != nil {
			t.Fatal(err)
		}
	}
	stream, _, err := watching(t, k.conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := heapInUse()
	last := ""
	for i := range 40 {
		letter := testAdvisory("2021-10-25", refuse, "gpc-england")
		if letter.Positions[0].Rationale = strings.Repeat("because ", 400); last != "" {
			letter.Replaces = []string{last}
		}
		last = k.mustPublish(fmt.Sprint(i), letter)
		for heard := ""; heard != last; {
			resp, err := stream.Recv()
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range resp.GetChange().GetLines() {
				heard = l.After.GetCurrent().GetAdvisory()
			}
		}
	}
	await(t, "no more in use than the answers under way", func() bool { return heapInUse() <= before+32<<20 }) // others are still being worked out
	if n, _ := k.doors.watches.Taken(""); n != 21 {
		t.Errorf("%d watches are open, want 21: slowness is no reason to hang up", n)
	}
	k.stillSound()
}
