package answers

import (
	"fmt"
	"sync"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// watches are the views that are watched now: whoever asks the same is told the same, and each step
// from one place to the next is worked out once.
type watches struct {
	mu  sync.Mutex
	all map[watchOf]*watched
}

// watchOf is a view: who asks, and the selector's bytes.
type watchOf struct {
	reader   Reader
	selector string
}

// watched is one of them.
type watched struct {
	watchers int // guarded by watches.mu

	turn chan struct{} // holds one while somebody works a step out; guards the rest
	at   moved         // where seen was looked at
	seen *looked
	told map[step]*answersv1.ViewChange // nil: nothing to tell
}

// moved is how far a watch has come: a place in the feed, a day, and Store.Returned.
type moved struct {
	feed     uint64
	day      string
	returned uint64
}

type step struct{ from, to moved }

// stepsKept is how many steps are kept for those who are not as far.
const stepsKept = 64

// join is the view of a reader's selector, and how to leave it.
func (ws *watches) join(reader Reader, sel *answersv1.Selector) (v *watched, leave func(), err error) {
	selector, err := proto.MarshalOptions{Deterministic: true}.Marshal(sel)
	if err != nil {
		return nil, nil, fmt.Errorf("writing a selector: %w", err)
	}
	of := watchOf{reader, string(selector)}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.all == nil {
		ws.all = map[watchOf]*watched{}
	}
	if v = ws.all[of]; v == nil {
		v = &watched{turn: make(chan struct{}, 1)}
		ws.all[of] = v
	}
	v.watchers++
	return v, func() {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		if v.watchers--; v.watchers == 0 {
			delete(ws.all, of)
		}
	}, nil
}

// step is what changed from the place of a watch to another; nil: nothing. The first to ask works it
// out, in a turn of its own; the others wait for it.
func (v *watched) step(w *watch, to *answersv1.Cursor) (change *answersv1.ViewChange, err error) {
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-w.ctx.Done():
		return nil, w.ctx.Err()
	}
	next := step{moved{w.cursor.Feed, w.cursor.Day, w.returned}, moved{to.Feed, to.Day, w.returned}}
	if change, again := v.told[next]; again {
		return change, nil
	}
	err = w.inTurn(func() error {
		before := v.seen
		if v.seen == nil || v.at != next.from {
			if before, err = w.look(next.from); err != nil {
				return err
			}
		}
		after, err := w.look(next.to)
		if err != nil {
			return err
		}
		if change, err = w.change(next.from, next.to, before, after); err == nil {
			v.at, v.seen = next.to, after
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.told == nil || len(v.told) == stepsKept {
		v.told = map[step]*answersv1.ViewChange{}
	}
	v.told[next] = change
	return change, nil
}
