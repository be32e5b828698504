package answers

import (
	"context"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const (
	feedBatch     = 256              // feed rows read at a time
	progressEvery = 30 * time.Second // a silent stream says how far it is this often
	// ReplayLimit is how many rows of the feed a watch is told of one by one; further behind, it
	// begins again with the current view, which costs the node one look instead of two a row.
	ReplayLimit = 256
)

// Watch sends what changes in a view until ctx ends or send fails. Its cursor is a feed
// number and the digest of the feed up to it: a node restored from a backup, or another
// node, cannot mistake it for its own (protocol.md 1) and answers with a Reset.
//
// Whatever has to be worked out is worked out in a turn, and sent when the turn is over: whoever
// takes no message keeps nobody else waiting.
func (a *Answers) Watch(ctx context.Context, reader Reader, req *answersv1.WatchViewRequest, turn func() (leave func(), err error), send func(*answersv1.WatchViewResponse) error) error {
	if sel := req.GetSelector(); sel.GetAsOf() != "" || sel.GetOnDay() != "" || sel.GetKnownAt() != nil {
		return invalid("selector", "a watch follows the present: it takes no day", "leave as_of, on_day and known_at out", "as_of, on_day and known_at must be empty")
	}
	w := &watch{a: a, ctx: ctx, reader: reader, sel: req.GetSelector(), turn: turn, send: send, returned: a.Store.Returned()}
	if err := w.start(req.GetCursor()); err != nil {
		return err
	}
	w.sel = proto.CloneOf(w.sel) // by its full name from here on: a title may become another matter's, and an id another group's
	w.sel.Matter, w.sel.Scope = w.matter, w.scope
	var leave func()
	var err error
	if w.with, leave, err = a.watches.join(reader, w.sel); err != nil {
		return err
	}
	defer leave()
	for err == nil {
		err = w.next()
	}
	return err
}

// watch is one reader's place.
type watch struct {
	a       *Answers
	ctx     context.Context // of the one call this is
	reader  Reader
	sel     *answersv1.Selector
	turn    func() (leave func(), err error)
	send    func(*answersv1.WatchViewResponse) error
	cursor  *answersv1.Cursor
	with    *watched
	matter  string   // full name of what is watched
	scope   string   // the group that it is watched for, by its words
	version string   // the entry that opened it, or amended it last
	asked   []string // offices that speak for the reader's own committees

	returned uint64 // Store.Returned when the view was looked at
}

// start takes up a cursor of this node's feed, or resets to the current view.
func (w *watch) start(cursor *answersv1.Cursor) error {
	if cursor == nil {
		return w.reset("This is the current view.")
	}
	ours, err := w.a.isOurs(cursor)
	if err != nil {
		return err
	}
	if !ours {
		return w.reset("This place is not in this node's history (another node, or one restored from a backup): start again from this view.")
	}
	if end, _ := w.a.Store.FeedEnd(); end-cursor.Feed > ReplayLimit {
		return w.reset("Too much has arrived since this place to be told one by one: start again from this view.")
	}
	err = w.inTurn(func() error {
		w.cursor = cursor
		return w.lookAt(cursor.Feed, cursor.Day, func(picture.Input) error { return nil })
	})
	if err != nil {
		return err
	}
	return w.progress() // that it is taken up: else nothing is heard until something changes
}

func (w *watch) inTurn(do func() error) error {
	leave, err := w.turn()
	if err != nil {
		return err
	}
	defer leave()
	return do()
}

func (w *watch) reset(reason string) error {
	feed, digest := w.a.Store.FeedEnd()
	day := guidance.Today(w.a.Now())
	var view *answersv1.CombinedView
	err := w.inTurn(func() error {
		return w.lookAt(feed, day, func(in picture.Input) (err error) {
			view, err = picture.Combined(w.ctx, in)
			return err
		})
	})
	if err != nil {
		return err
	}
	w.cursor = &answersv1.Cursor{Feed: feed, Digest: digest[:], Day: day}
	return w.send(&answersv1.WatchViewResponse{
		Event:  &answersv1.WatchViewResponse_Reset_{Reset_: &answersv1.ViewReset{Reason: reason, View: view}},
		Cursor: w.cursor,
	})
}

// next tells what came after the cursor, arrival by arrival, then waits for more.
func (w *watch) next() error {
	if n := w.a.Store.Returned(); n != w.returned { // which are no new arrivals
		w.returned = n
		return w.reset("Words that this node had lost are here again.")
	}
	if err := w.passDay(); err != nil {
		return err
	}
	came, err := w.a.arrivalsAfter(w.ctx, w.cursor.Feed)
	if err != nil {
		return err
	}
	for _, one := range came {
		to := &answersv1.Cursor{Feed: one.N, Digest: one.Digest[:], Day: w.cursor.Day}
		if !one.touches(w.matter) {
			w.cursor = to
		} else if err := w.tell(to); err != nil {
			return err
		}
	}
	if len(came) == feedBatch {
		return w.ctx.Err()
	}
	return w.wait()
}

// wait wakes when the feed grows, when it is time to say how far we are, or at the
// end of the day.
func (w *watch) wait() error {
	now := w.a.Now()
	pause := min(progressEvery, guidance.EndOfDay(guidance.Today(now)).Sub(now)+time.Millisecond)
	waiting, cancel := context.WithTimeout(w.ctx, max(pause, time.Millisecond))
	defer cancel()
	err := w.a.Store.Wait(waiting, w.cursor.Feed)
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if err == nil {
		return nil
	}
	return w.progress() // nothing came in time
}

// progress says how far the watch is, and what the view rests on.
func (w *watch) progress() error {
	rests, err := w.rests()
	if err != nil {
		return err
	}
	return w.send(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Progress{Progress: &answersv1.Progress{Completeness: rests}}, Cursor: w.cursor})
}

// rests is what the view rests on now.
func (w *watch) rests() (c *answersv1.Completeness, err error) {
	err = w.a.asItIs(w.ctx, w.reader, func(m *moment) error {
		c = m.completeness(m.reg, w.asked)
		return nil
	})
	return c, err
}

// passDay tells what the passing of days changed: a line expires, a replacement
// becomes valid, an action becomes a breach.
func (w *watch) passDay() error {
	today := guidance.Today(w.a.Now())
	if today <= w.cursor.Day {
		return nil
	}
	return w.tell(&answersv1.Cursor{Feed: w.cursor.Feed, Digest: w.cursor.Digest, Day: today})
}

// tell sends what differs between the cursor and the place to, in one message: a
// reader cut off in its midst gets all of it again or none.
func (w *watch) tell(to *answersv1.Cursor) error {
	change, err := w.with.step(w, to)
	if err != nil {
		return err
	}
	if w.cursor = to; change == nil {
		return nil
	}
	return w.send(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Change{Change: change}, Cursor: to})
}

// change is what differs between two places; nil: nothing. Only of committees whose lines
// differ is it looked for; of all where a day has passed, which may change what part of the
// readers is told and no line, or a letter without one came.
func (w *watch) change(from, to moved, before, after *looked) (*answersv1.ViewChange, error) {
	differing := picture.Differing(before.lines, after.lines)
	all := from.day != to.day || !slices.Equal(before.without, after.without)
	if len(differing) == 0 && !all {
		return nil, nil
	}
	var changes []*answersv1.Change
	err := w.lookAt(from.feed, from.day, func(before picture.Input) error {
		return w.lookAt(to.feed, to.day, func(after picture.Input) (err error) {
			changes, _, err = picture.Changes(w.ctx, before, after, func(c picture.Committee) bool { return differing[c.GetId()] || all })
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	change := &answersv1.ViewChange{}
	for _, c := range changes {
		if c.Entry == "" && c.ByMatter {
			c.Entry = w.version
		}
		if c.GetKind() != answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE {
			change.Lines = append(change.Lines, &answersv1.LineChange{
				Committee: c.Committee, Measure: c.Measure, Area: c.Area, Scope: c.Scope, Readers: c.Readers,
				Before: c.Before, After: c.After, Words: c.Words, Entry: c.Entry,
			})
		}
	}
	if len(change.Lines) == 0 {
		return nil, nil
	}
	change.Completeness, err = w.rests()
	return change, err
}

// lookAt gives f everything said on the matter as known at a feed number, for a day.
func (w *watch) lookAt(feed uint64, day string, f func(picture.Input) error) error {
	sel := &answersv1.Selector{}
	proto.Merge(sel, w.sel) // which may be nil
	sel.AsOf, sel.KnownAt = day, &answersv1.Selector_KnownAtFeed{KnownAtFeed: feed}
	return w.a.asks(w.ctx, w.reader, sel, func(m *moment, q *question, in picture.Input) error {
		w.matter, w.scope, w.version, w.asked = q.matter.GetName(), q.scope, q.version.String(), m.speakersFor(q.own)
		return f(in)
	})
}

// looked is every line of the view: each committee on the whole matter and on each
// measure, or on the measure asked; and the letters on the matter without one.
type looked struct {
	lines   []*answersv1.Line
	without []string
}

func (w *watch) look(at moved) (seen *looked, err error) {
	err = w.lookAt(at.feed, at.day, func(in picture.Input) (err error) {
		seen = &looked{without: picture.WithoutALine(w.ctx, in)}
		seen.lines, err = picture.Lines(w.ctx, in)
		return err
	})
	return seen, err
}
