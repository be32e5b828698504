package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newWatch(a *app) *cobra.Command {
	var s selection
	var from, cursorFile string
	cmd := &cobra.Command{
		Use:     "watch MATTER",
		Short:   "Print what changes on a matter, as it changes",
		GroupID: groupRead,
		Long: "Watch prints every change of the combined view of a matter: which committee, on\n" +
			"what, from what to what, and the advisory that did it. It begins with the view\n" +
			"as it stands and goes on until Ctrl-C; when the node restarts it goes on where\n" +
			"it was, without gap or repeat. With --cursor-file it does so from one run to the\n" +
			"next.",
		Example: "  lmc watch access-plan-2021\n" +
			"  lmc watch access-plan-2021 --cursor-file access-plan.cursor --json",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			cursor, err := startCursor(from, cursorFile)
			if err != nil {
				return err
			}
			w := &watcher{app: a, file: cursorFile, last: cursor}
			err = c.Watch(ctx, client.Watch{Selector: sel, From: w.last, Paused: w.paused}, w.event)
			if errors.Is(err, context.Canceled) {
				err = nil
			}
			if w.last != nil && w.file == "" && !w.json {
				w.note(fmt.Sprintf("lmc: to go on from here: lmc watch %s --from %s\n", sel.GetMatter(), formatCursor(w.last)))
			}
			return err
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	cmd.Flags().StringVar(&from, "from", "", "go on after this `CURSOR`, as printed when a watch ends")
	cmd.Flags().StringVar(&cursorFile, "cursor-file", "", "keep the cursor in `FILE`: go on from there, and move it with every change")
	must(cmd.RegisterFlagCompletionFunc("from", cobra.NoFileCompletions))
	return cmd
}

// watcher prints events and remembers how far it has come.
type watcher struct {
	*app
	file   string
	last   *answersv1.Cursor
	away   bool   // the node was lost, and that was said
	warned string // of what the view rests on, last
}

// undated is a warning without its numbers: it is said again when it says something else, and not
// for every minute that it lasts.
func undated(warning string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, warning)
}

// event prints one message and only then moves the cursor: cut between the two, a change
// is printed again rather than lost. A change is, for each answer that changed:
//
//	essex/7: North Essex LMC on the whole matter, for patients already started: was caution
//	(essex/3), now refuse (essex/7). It moved towards refusing.
func (w *watcher) event(msg *answersv1.WatchViewResponse) error {
	if w.away {
		w.away = false
		w.note("lmc: the node is there again\n")
	}
	if w.json {
		b, err := toJSON(msg)
		if err != nil {
			return err
		}
		if _, err := w.stdout.Write(append(notation.EscapeJSON(b), '\n')); err != nil {
			return err
		}
	} else {
		p := w.page()
		if rests := cmp.Or(msg.GetChange().GetCompleteness(), msg.GetProgress().GetCompleteness()); rests != nil && undated(rests.Warning) != undated(w.warned) {
			w.warned = rests.Warning
			p.Para(0, cmp.Or(rests.Warning, rests.Words))
		}
		for _, line := range msg.GetChange().GetLines() {
			p.Para(0, cmp.Or(line.GetEntry(), "no new advisory")+": "+line.GetWords())
		}
		if reset := msg.GetReset_(); reset != nil {
			w.warned = reset.GetView().GetCompleteness().GetWarning()
			p.Para(0, reset.GetReason())
			p.Gap()
			p.View(reset.GetView(), "", false)
			p.Gap()
		}
		if err := w.print(p.String()); err != nil {
			return err
		}
	}
	if msg.GetCursor() == nil {
		return nil
	}
	w.last = msg.GetCursor()
	if w.file == "" {
		return nil
	}
	return replaceFile(w.file, []byte(formatCursor(w.last)+"\n"))
}

// paused says once that the node is lost, not at every attempt to find it again.
func (w *watcher) paused(why error, _ time.Duration) {
	if !w.away {
		w.away = true
		w.note(fmt.Sprintf("lmc: %v; trying again until it answers\n", why))
	}
}

// A cursor is written "FEED:DIGEST:DAY", the digest in base64url, so that it can be
// copied from a terminal: 41:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg:2021-10-28
func formatCursor(c *answersv1.Cursor) string {
	s := fmt.Sprintf("%d:%s", c.GetFeed(), base64.RawURLEncoding.EncodeToString(c.GetDigest()))
	if c.GetDay() != "" {
		s += ":" + c.GetDay()
	}
	return s
}

func parseCursor(s string) (*answersv1.Cursor, error) {
	feed, rest, ok := strings.Cut(strings.TrimSpace(s), ":")
	n, err := strconv.ParseUint(feed, 10, 64)
	if err != nil || !ok {
		return nil, fmt.Errorf("%q is no cursor", s)
	}
	text, day, _ := strings.Cut(rest, ":")
	digest, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(digest) != 32 {
		return nil, fmt.Errorf("%q is no cursor, or not a whole one", s)
	}
	return &answersv1.Cursor{Feed: n, Digest: digest, Day: day}, nil
}

// cursorLimit is far more than a cursor is.
const cursorLimit = 4096

// startCursor is --from, else what the cursor file holds, else nothing.
func startCursor(from, file string) (*answersv1.Cursor, error) {
	if from != "" {
		c, err := parseCursor(from)
		if err != nil {
			return nil, usage("a cursor is printed when a watch ends: copy all of it", "--from: %v", err)
		}
		return c, nil
	}
	if file == "" {
		return nil, nil
	}
	b, err := durable.ReadFile(file, cursorLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the cursor in %s: %w", file, unwrapPath(err))
	}
	c, err := parseCursor(string(b))
	if err != nil {
		return nil, withHint(fmt.Errorf("reading the cursor in %s: %w", file, err), "move the file away to begin with the view as it stands")
	}
	return c, nil
}
