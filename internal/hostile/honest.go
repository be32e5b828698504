package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/client"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// waits is how long honest clients waited, by what they did.
type waits struct {
	mu     sync.Mutex
	by     map[string][]time.Duration
	failed []error
}

// Three kinds of honest client: one that kept its connection and asks something dear, one that
// kept it and asks how the node is, and one that connects anew for each question.
const (
	kept  = "kept"
	cheap = "cheap"
	fresh = "new"
)

// between is how long an honest client waits before it asks again.
const between = 20 * time.Millisecond

// behave has honest clients ask until ctx ends.
func behave(ctx context.Context, v *victim) *waits {
	w := &waits{by: map[string][]time.Duration{}}
	var all sync.WaitGroup
	for kind, ask := range map[string]func(*client.Client) error{
		kept:  national,
		cheap: func(c *client.Client) error { _, err := c.Status(context.Background()); return err },
		fresh: national,
	} {
		all.Go(func() {
			c, err := client.Dial(v.address, v.pin)
			if err == nil && kind != fresh {
				err = ask(c)
			}
			for err == nil && ctx.Err() == nil {
				w.note(kind, func() error {
					if kind != fresh {
						return ask(c)
					}
					one, err := client.Dial(v.address, v.pin)
					if err != nil {
						return err
					}
					defer one.Close()
					return ask(one)
				})
				time.Sleep(between)
			}
			if err != nil {
				w.note(kind, func() error { return err })
				return
			}
			_ = c.Close()
		})
	}
	all.Wait()
	return w
}

func national(c *client.Client) error {
	_, err := c.National(context.Background(), &answersv1.Selector{Matter: matter}, answersv1.Unit_UNIT_UNSPECIFIED, "")
	return err
}

func (w *waits) note(kind string, do func() error) {
	began := time.Now()
	err := do()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.by[kind] = append(w.by[kind], time.Since(began))
	if err != nil {
		w.failed = append(w.failed, err)
	}
}

// p50 is what half waited longer than, and p99 what one in a hundred did.
func (w *waits) p50(kind string) time.Duration { return w.percent(kind, 50) }
func (w *waits) p99(kind string) time.Duration { return w.percent(kind, 99) }

func (w *waits) percent(kind string, percent int) time.Duration {
	all := slices.Sorted(slices.Values(w.by[kind]))
	if len(all) == 0 {
		return 0
	}
	return all[len(all)*percent/100]
}
