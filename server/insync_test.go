package server

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// unconfirmed is a node that waits for a peer before it signs, and none is there.
func unconfirmed(t *testing.T) *testNode {
	t.Helper()
	k := newKeeper(t)
	k.unconfirmed.Store(true)
	return k
}

// publishing publishes until ctx ends, and is back when the publish waits.
func (n *testNode) publishing(ctx context.Context) (answered <-chan error) {
	n.t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := n.publication().PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: "waits", Matter: matterFor("waits")})
		done <- err
	}()
	await(n.t, "the publish holds the lock", func() bool {
		return len(n.publishes) == cap(n.publishes)
	})
	return done
}

func TestPublishWhoseCallerIsGoneHoldsUpNoOther(t *testing.T) {
	k := unconfirmed(t)
	ctx, leave := context.WithCancel(testContext(t))
	answered := k.publishing(ctx)
	began := time.Now()
	leave()
	if err := <-answered; status.Code(err) != codes.Canceled {
		t.Errorf("the caller that left got %v", err)
	}
	if err := k.oneWriter(testContext(t)); err != nil {
		t.Fatal(err)
	}
	defer k.nextWriter()
	if took := time.Since(began); took > inSyncPatience/2 {
		t.Errorf("the next writer waited %v for a caller that had left", took)
	}
}

func TestPublishThatWaitsForAPeerDelaysNoStop(t *testing.T) {
	k := unconfirmed(t)
	answered := k.publishing(testContext(t))
	k.stopsWithin(drainTimeout / 2)
	if err := wire.FromStatus(<-answered); !errors.Is(err, fault.ErrRecovering) {
		t.Errorf("got %v, want that the node is recovering", err)
	}
}
