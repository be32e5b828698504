package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/blevesearch/bleve/v2"
)

const (
	// pieceEntries is how many entries are taken in at a time.
	pieceEntries = 512
	// leastRoom is how many bytes must be free for more to be taken in: they are the data's.
	leastRoom = 64 << 20
	// roomEvery is how soon it is looked whether there is room again.
	roomEvery = 10 * time.Second
	// lookEvery is how soon it is looked whether the files could be written behind our back.
	lookEvery = time.Minute
	// gatherFor is how long more may come, once something has, before it is taken in: letters come in
	// bursts, as many of them as offices write in, and each piece taken in costs more than what is in it. Whoever
	// searches does not wait for it.
	gatherFor = 5 * time.Second
	// firstPause and longestPause are how long it is waited before search is made anew.
	firstPause, longestPause = time.Second, 10 * time.Minute
)

// errSource is what every error of the source is, for which the index need not be made anew.
var errSource = errors.New("reading what there is to find")

func ofSource(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errSource, err)
}

// Run opens the index, or makes it, and keeps it up to date until ctx ends. What goes wrong with it is
// told to the log, and tried again.
func (x *Index) Run(ctx context.Context) {
	pause := firstPause
	for {
		began := time.Now()
		err := x.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, ErrOtherFeed) {
			x.logger.Info("search is made anew", "because", err)
			continue
		}
		if time.Since(began) > longestPause {
			pause = firstPause
		}
		x.logger.Warn("search cannot be kept up to date, and is tried again", "because", err, "in", pause.String())
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// follow takes in what comes, until ctx ends or something is wrong.
func (x *Index) follow(ctx context.Context) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a file cut short under us
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("keeping the index: %v", v)
		}
	}()
	select {
	case <-x.damaged: // of the files before
	default:
	}
	files, place, err := x.open()
	if err != nil {
		return err
	}
	defer func() {
		v := recover()
		x.show(nil, Place{})
		sound := (ctx.Err() != nil || errors.Is(err, errSource)) && !errors.Is(err, ErrOtherFeed)
		err = errors.Join(err, x.close(files, v == nil && sound))
		if v != nil {
			panic(v)
		}
	}()
	state := x.source.State()
	if state.Lacking < place.Lacking { // words came back as it was sealed, or before it was opened
		return ErrOtherFeed
	}
	place.Returned = state.Returned
	x.show(files, place)
	for {
		place, err = x.takeIn(ctx, files, place)
		if err != nil {
			return err
		}
		if err := x.wait(ctx, files, place); err != nil {
			return err
		}
		select {
		case <-time.After(gatherFor):
		case <-x.behind:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wait returns when there is more to take in. It is an error when the files are found damaged meanwhile.
func (x *Index) wait(ctx context.Context, files bleve.Index, place Place) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	more := make(chan error, 1)
	go func() { more <- ofSource(x.source.Wait(ctx, place)) }()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case err := <-more:
			return err
		case err := <-x.damaged:
			cancel()
			<-more
			return err
		case <-look.C:
			if err := errorsOf(files); err != nil {
				cancel()
				<-more
				return err
			}
		}
	}
}

// takeIn takes in what came since a place, and returns the place it came to. The place is written with
// the last of what came by then: what is cut off in between is taken in again.
func (x *Index) takeIn(ctx context.Context, files bleve.Index, place Place) (Place, error) {
	for {
		names, to, err := x.source.Came(ctx, place)
		if err != nil || to.Feed == place.Feed {
			return place, ofSource(err)
		}
		if err := x.awaitRoom(ctx); err != nil {
			return place, err
		}
		for ; len(names) > pieceEntries; names = names[pieceEntries:] {
			if err := x.put(ctx, files, names[:pieceEntries], nil); err != nil {
				return place, err
			}
		}
		if err := x.put(ctx, files, names, &to); err != nil {
			return place, err
		}
		place = to
		x.show(files, place)
	}
}

// put writes the documents of entries, and removes those that have none, in one step; with the place they
// are the last of, where they are.
func (x *Index) put(ctx context.Context, files bleve.Index, names []string, at *Place) error {
	batch := files.NewBatch()
	if at != nil {
		b, err := json.Marshal(at)
		if err != nil {
			return err
		}
		batch.SetInternal(placeKey, b)
	}
	documents, err := x.source.Documents(ctx, names)
	if err != nil {
		return ofSource(err)
	}
	for _, name := range names {
		batch.Delete(name)
	}
	for _, d := range documents {
		if err := batch.Index(d.Entry, d.fields()); err != nil {
			return fmt.Errorf("indexing %s: %w", d.Entry, err)
		}
	}
	return written(ctx, files, batch)
}

// written writes a batch, and returns when it is on disk. Waiting is left to us, and not to bleve: when
// it waits, and cannot write, it clears away words that are searched at that moment, which ends the process.
func written(ctx context.Context, files bleve.Index, batch *bleve.Batch) error {
	done := make(chan error, 1)
	batch.SetPersistedCallback(func(err error) { done <- err })
	if err := files.Batch(batch); err != nil {
		return err
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			if err := errorsOf(files); err != nil {
				return err
			}
		}
	}
}

// errorsOf is an error where bleve met one while nobody waited for it: it goes on trying without a pause.
func errorsOf(files bleve.Index) error {
	stats, _ := files.StatsMap()["index"].(map[string]any)
	if n, _ := stats["TotOnErrors"].(uint64); n > 0 {
		return fmt.Errorf("the files could not be written %d times", n)
	}
	return nil
}

func (x *Index) awaitRoom(ctx context.Context) error {
	for x.source.State().Room < leastRoom {
		select {
		case <-time.After(roomEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// show lets the files be searched, as far as they have come; nil: they cannot be, and nobody searches them.
func (x *Index) show(files bleve.Index, place Place) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.files, x.place = files, place
	close(x.moved)
	x.moved = make(chan struct{})
}
