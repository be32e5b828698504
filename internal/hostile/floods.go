package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"time"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// flood is one way to be a nuisance. It goes on until ctx ends.
type flood struct {
	name  string
	files int // that the node may have open; 0: as usual
	do    func(ctx context.Context, t target)
}

// pause is what comes before a flood tries again what was refused.
const pause = 50 * time.Millisecond

// by has so many do something again and again.
func by(ctx context.Context, n int, do func() error) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for ctx.Err() == nil {
				if do() != nil {
					select {
					case <-ctx.Done():
					case <-time.After(pause):
					}
				}
			}
		})
	}
	all.Wait()
}

// speaking has so many connections say something again and again.
func speaking(n int, window uint32, say func(ctx context.Context, c *talk) error) func(context.Context, target) {
	return func(ctx context.Context, t target) {
		by(ctx, n, func() error {
			c, err := t.open(ctx, window)
			if err != nil {
				return err
			}
			defer c.Close()
			stop := context.AfterFunc(ctx, func() { _ = c.NetConn().Close() })
			defer stop()
			return say(ctx, c)
		})
	}
}

// repeating writes the same again and again, and takes what comes.
func repeating(make func(c *talk) []byte) func(context.Context, *talk) error {
	return func(_ context.Context, c *talk) error {
		go c.read(func() {})
		for {
			if err := c.write(make(c)); err != nil {
				return err
			}
		}
	}
}

// calls keeps so many calls of one connection under way.
func calls(atOnce int, method string, request []byte) func(context.Context, *talk) error {
	return func(ctx context.Context, c *talk) error {
		room := make(chan struct{}, atOnce)
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			c.read(func() {
				select {
				case <-room:
				default:
				}
			})
		}()
		for {
			select {
			case room <- struct{}{}:
			case <-gone:
				return io.EOF
			case <-ctx.Done():
				return nil
			}
			if err := c.call(method, request); err != nil {
				return err
			}
		}
	}
}

func marshalled(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

const verify = nodev1.GuidanceService_Verify_FullMethodName

// floods are the hostile set.
func floods() []flood {
	national := marshalled(&answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: matter}})
	view := marshalled(&answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: matter}})
	return []flood{
		{"half-open", 0, halfOpen(400)},
		{"256 files, half-open", 256, halfOpen(400)},
		{"handshakes", 0, func(ctx context.Context, t target) {
			by(ctx, 32, func() error {
				c, err := t.open(ctx, 1<<16)
				if err == nil {
					err = c.Close()
				}
				return err
			})
		}},
		{"stalled", 0, speaking(32, 1<<16, stalled(64<<10, 65_000, 16<<10))},
		{"oversized", 0, speaking(16, 1<<16, stalled(1_310_720, 1_310_719, 16<<10))},
		{"crumbs", 0, speaking(16, 1<<16, stalled(64<<10, 65_000, 1))},
		{"unasked", 0, speaking(16, 0, unasked)},
		{"slow", 0, speaking(16, 1<<16, slow)},
		{"unread", 0, speaking(16, 0, func(ctx context.Context, c *talk) error {
			for range 64 {
				if err := c.call(nodev1.GuidanceService_GetCombinedView_FullMethodName, view); err != nil {
					return err
				}
			}
			c.hold(ctx)
			return io.EOF
		})},
		{"resets", 0, speaking(32, 1<<16, repeating(func(c *talk) (b []byte) {
			for range 100 {
				id := c.next()
				b = append(b, h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(verify))...)
				b = append(b, h2.Frame(h2.Reset, 0, id, []byte{0, 0, 0, 8})...)
			}
			return b
		}))},
		{"pings", 0, speaking(32, 1<<16, repeating(func(*talk) []byte { return bytes.Repeat(h2.Frame(h2.Ping, 0, 0, make([]byte, 8)), 100) }))},
		{"settings", 0, speaking(32, 1<<16, repeating(func(*talk) []byte { return bytes.Repeat(h2.Frame(h2.Settings, 0, 0, nil), 100) }))},
		{"big headers", 0, speaking(32, 1<<16, repeating(func(c *talk) []byte {
			big := h2.Request(verify)
			for range 100 {
				big = append(big, h2.Field("x", strings.Repeat("x", 120))...)
			}
			return h2.Frame(h2.Headers, h2.EndHeaders|h2.EndStream, c.next(), big)
		}))},
		{"960 national queries", 0, speaking(15, 1<<20, calls(64, nodev1.NationalService_GetNationalPicture_FullMethodName, national))},
		{"19,200 watches of health", 0, speaking(300, 1<<16, calls(64, healthv1.Health_Watch_FullMethodName, nil))},
	}
}

// halfOpen keeps so many connections open that say the first byte of a handshake.
func halfOpen(n int) func(context.Context, target) {
	return func(ctx context.Context, t target) {
		by(ctx, n, func() error {
			raw, err := t.connect()
			if err != nil {
				return err
			}
			defer raw.Close()
			stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
			defer stop()
			if _, err := raw.Write([]byte{22, 3, 1}); err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, raw)
			if err == nil {
				err = io.EOF
			}
			return err
		})
	}
}

// stalled opens 64 calls with requests of a size, sends so much of each as the node takes, in
// pieces of a size, and waits. A call that ends is opened again.
func stalled(size, sent, piece int) func(context.Context, *talk) error {
	return func(ctx context.Context, c *talk) error {
		gone, ended := make(chan struct{}), make(chan struct{}, 64)
		go func() {
			defer close(gone)
			c.read(func() {
				select {
				case ended <- struct{}{}:
				default:
				}
			})
		}()
		open := func() error {
			id := c.next()
			if err := c.write(h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(verify))); err != nil {
				return err
			}
			go c.send(id, message(make([]byte, sent), size), piece)
			return nil
		}
		for range 64 {
			if err := open(); err != nil {
				return err
			}
		}
		for {
			select {
			case <-ended: // told that it is too much, or too late
				if err := open(); err != nil {
					return err
				}
			case <-gone:
				return io.EOF
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// unasked asks and asks on 64 streams, and takes no answer: whatever the node has room for lies there.
func unasked(ctx context.Context, c *talk) error {
	question := marshalled(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
	questions := bytes.Repeat(message(question, len(question)), (20<<20)/(len(question)+5))
	for range 64 {
		id := c.next()
		if err := c.write(h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(reflectionv1.ServerReflection_ServerReflectionInfo_FullMethodName))); err != nil {
			return err
		}
		go c.send(id, questions, 16<<10)
	}
	gone := make(chan struct{})
	go func() { defer close(gone); c.read(func() {}) }()
	select {
	case <-ctx.Done():
	case <-gone:
	}
	return io.EOF
}

// slow sends requests a byte at a time.
func slow(ctx context.Context, c *talk) error {
	go c.read(func() {})
	for range 64 {
		id := c.next()
		if err := c.write(append(h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(verify)), h2.Frame(h2.Data, 0, id, message(nil, 60_000))...)); err != nil {
			return err
		}
	}
	for {
		for id := uint32(1); id <= c.stream; id += 2 {
			if err := c.write(h2.Frame(h2.Data, 0, id, []byte{0})); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}
