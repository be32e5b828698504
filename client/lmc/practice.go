package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/calendar"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newPractice(a *app) *cobra.Command {
	var s selection
	var print, all bool
	var ics string
	cmd := &cobra.Command{
		Use:     "practice CODE",
		Short:   "All that concerns one practice, on one page",
		GroupID: groupRead,
		Long: "Practice shows, for a practice manager with five minutes, which LMC is yours and\n" +
			"whom to ring, and of every open matter: what your LMC advises and why, what each\n" +
			"says of your contract, what is asked of you and on what condition, by when, what\n" +
			"to send, what follows, and what the national committee says beside it. The five\n" +
			"most pressing or newest matters stand in full, the others in a line each.\n" +
			"CODE is your practice's code (F81001), in any case and with blanks.",
		Example: "  lmc practice X20001\n" +
			"  lmc practice X20001 --since 2021-10-21\n" +
			"  lmc practice X20001 --on 2021-10-28 --print > partners.md\n" +
			"  lmc practice X20001 --ics deadlines.ics",
		Args:              oneCode,
		ValidArgsFunction: cobra.NoFileCompletions,
		PreRunE: func(*cobra.Command, []string) error {
			if print && a.json {
				return usage("choose one of them", "--print and --json are two ways of printing one answer")
			}
			return nil
		},
		RunE: a.does(func(ctx context.Context, args []string) error {
			if code := notation.PracticeCode(strings.Join(args, "")); !notation.IsPractice(code) && !notation.IsBranch(code) { // of a branch the node says whose it is
				text := strings.Join(args, " ")
				return usage(fmt.Sprintf("a practice code is one letter and five digits, for example F81001; lmc register practice %q finds it by its name or postcode", text), "%q is no practice's code", text)
			}
			req, err := s.ofPractice(strings.Join(args, ""))
			if err != nil {
				return err
			}
			if print || ics != "" { // all of them are wanted
				req.PageSize = inFull
			}
			return a.with(func(c *client.Client) error {
				page, err := practicePages(ctx, c, req, all || print || ics != "")
				if err != nil {
					return err
				}
				if ics != "" {
					if err := a.savesDeadlines(ctx, c, ics, page, s.onDay); err != nil || !print && !a.json {
						return err
					}
				}
				if print {
					return a.print(plain.PracticeMarkdown(page, s.knownWords(page.GetKnownAtTime())))
				}
				next := ""
				if page.GetChanges().GetCursor() != nil {
					next = formatCursor(page.GetChanges().GetCursor())
				}
				return a.answer(page, func(p *plain.Page) { p.Practice(page, s.knownWords(page.GetKnownAtTime()), next) })
			})
		}),
	}
	f := cmd.Flags()
	f.StringVar(&s.onDay, "on", "", "what stood on this `DAY` (2021-10-28, or \"28 October 2021\"), as the node knew it at its end; without it today")
	f.StringVar(&s.since, "since", "", "also what changed since the end of this `DAY`, or since the cursor printed then")
	f.BoolVar(&print, "print", false, "print Markdown to take to the partners: every reason and text in whole")
	f.StringVar(&ics, "ics", "", "write the practice's own deadlines into a calendar `FILE`, in place of the page; with --print both")
	f.BoolVar(&all, "all", false, "every open matter, where there are more than one page has")
	for _, name := range []string{"on", "since"} {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	return cmd
}

// inFull is how many matters are asked for in full where nothing may be cut short.
const inFull = 20

// oneCode asks for one practice's code, which may have been typed with blanks.
func oneCode(cmd *cobra.Command, args []string) error {
	if len(args) > 1 && len(notation.PracticeCode(strings.Join(args, ""))) <= len("F81001001") {
		args = args[:1]
	}
	return exactly("CODE")(cmd, args)
}

// ofPractice is what is asked of a practice's page, or says which flag is wrong.
func (s *selection) ofPractice(code string) (*answersv1.GetPracticePageRequest, error) {
	if err := flags.ReadDay("--on", &s.onDay, usageOf); err != nil {
		return nil, err
	}
	req := &answersv1.GetPracticePageRequest{Practice: code, OnDay: s.onDay}
	if s.since == "" {
		return req, nil
	}
	var err error
	req.Since, err = readSince("--since", s.since) // with --on too: a practice's page tells what changed up to that day
	return req, err
}

// practicePages is a practice's page; with all that is open, the matters of later pages in brief.
func practicePages(ctx context.Context, c *client.Client, req *answersv1.GetPracticePageRequest, all bool) (*answersv1.GetPracticePageResponse, error) {
	page, err := c.PracticePage(ctx, req)
	for n := 1; err == nil && all && page.GetNextPageToken() != "" && n < client.PagesLimit; n++ {
		req.PageToken = page.GetNextPageToken()
		var more *answersv1.GetPracticePageResponse
		if more, err = c.PracticePage(ctx, req); err == nil {
			page.Others, page.OfOthers, page.NextPageToken = append(page.Others, more.GetOthers()...), page.OfOthers+more.GetOfOthers(), more.GetNextPageToken()
		}
	}
	return page, err
}

// savesDeadlines writes the practice's own deadlines on all open matters into a calendar file, in place of
// one that is there.
func (a *app) savesDeadlines(ctx context.Context, c *client.Client, file string, page *answersv1.GetPracticePageResponse, onDay string) error {
	events, undated, err := feeds.Deadlines(ctx, c, page, onDay)
	if err != nil {
		return err
	}
	defer a.saysUndated(undated)
	if len(events) == 0 { // which no calendar file may be of
		a.note(fmt.Sprintf("lmc: practice %s has no deadline of its own from %s on: nothing was written to %s\n", page.GetPractice(), plain.Day(page.GetAsOf()), file))
		return nil
	}
	if err := replaceFile(file, calendar.Write("lmc practice", "", events, time.Now())); err != nil {
		return err
	}
	a.note(fmt.Sprintf("lmc: deadlines of practice %s written to %s: %d\n", page.GetPractice(), file, len(events)))
	return nil
}

// saysUndated says what is in no calendar, for it has no day that is known here.
func (a *app) saysUndated(undated []string) {
	if len(undated) == 0 {
		return
	}
	a.note(fmt.Sprintf("lmc: and %d without a day that is known here, which no calendar has:\n", len(undated)))
	for _, words := range undated {
		a.note("  - " + plain.OneLine(words) + "\n")
	}
}
