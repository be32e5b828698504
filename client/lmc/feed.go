package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/atom"
	"github.com/lmcfed/lmcfed/internal/calendar"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/version"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// fedMost is how many letters a feed has at most: each is asked for by itself.
const fedMost = 200

// fed is what a feed is of, and where it goes.
type fed struct {
	practice, office, matter, committee, nation, out string
	limit                                            int32
	words                                            string   // that a practice was not found, say
	undated                                          []string // what has no day that is known here, and so no event
}

func newFeed(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "feed",
		Short:   "Letters for a feed reader, deadlines for a calendar",
		GroupID: groupRead,
		Long: "Feed writes what other programs follow: letters as a feed (Atom), and deadlines\n" +
			"as a calendar (iCalendar). Run it as often as you like: the same letter and the\n" +
			"same deadline are known again, so that readers have each once.",
		Example: "  lmc feed atom --office essex -o essex.atom\n" +
			"  lmc feed calendar --practice X20001 -o deadlines.ics",
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(newFeedAtom(a), newFeedCalendar(a))
	return cmd
}

func newFeedAtom(a *app) *cobra.Command {
	var f fed
	cmd := &cobra.Command{
		Use:   "atom",
		Short: "The newest letters as a feed (Atom)",
		Long: "Atom writes the newest letters, reports and withdrawals of an office, on a\n" +
			"matter or for a practice as a feed: what each says and whether that still\n" +
			"stands, and its whole text. A letter keeps its id: readers show it once.",
		Example: "  lmc feed atom --office essex -o essex.atom\n" +
			"  lmc feed atom --matter access-plan-2021\n" +
			"  lmc feed atom --practice X20001 --limit 20",
		Args: exactly(),
		PreRunE: func(*cobra.Command, []string) error {
			if f.limit < 1 || f.limit > fedMost {
				return usage(fmt.Sprintf("give 1 to %d", fedMost), "--limit %d is not a number of letters that a feed can have", f.limit)
			}
			return f.ofOne(a, f.office, f.matter, f.practice)
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			feed, err := f.letters(ctx, c)
			if err != nil {
				return err
			}
			return f.writes(a, atom.Write(feed, time.Now()), notation.Counted(int64(len(feed.Entries)), "letter", "letters"))
		}),
	}
	f.flags(a, cmd)
	cmd.Flags().StringVar(&f.office, "office", "", "the letters of one office, by its `ID`")
	cmd.Flags().Int32Var(&f.limit, "limit", 50, "how many letters, `N` of them at most")
	must(cmd.RegisterFlagCompletionFunc("office", a.completeOffices))
	must(cmd.RegisterFlagCompletionFunc("limit", cobra.NoFileCompletions))
	return cmd
}

func newFeedCalendar(a *app) *cobra.Command {
	var f fed
	cmd := &cobra.Command{
		Use:   "calendar",
		Short: "What falls due as a calendar (iCalendar)",
		Long: "Calendar writes what falls due from today on as a calendar file: an event of a\n" +
			"whole day each, which blocks no time. The time of that day stands in its words,\n" +
			"and so does that a day was worked out here. For a practice they are its own\n" +
			"deadlines; on a matter its dates, and what letters ask; for a committee what its\n" +
			"own letters ask.",
		Example: "  lmc feed calendar --practice X20001 -o deadlines.ics\n" +
			"  lmc feed calendar --committee surrey -o surrey.ics\n" +
			"  lmc feed calendar --matter access-plan-2021",
		Args:    exactly(),
		PreRunE: func(*cobra.Command, []string) error { return f.ofOne(a, f.committee, f.matter, f.practice) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			title, events, err := f.dates(ctx, c)
			if err != nil {
				return err
			}
			defer a.saysUndated(f.undated)
			return f.writes(a, calendar.Write("lmc feed", title, events, time.Now()), notation.Counted(int64(len(events)), "deadline", "deadlines"))
		}),
	}
	f.flags(a, cmd)
	cmd.Flags().StringVar(&f.committee, "committee", "", "what the letters of one committee ask, by its `ID` (north-essex)")
	cmd.Flags().StringVar(&f.nation, "nation", "", "of which `NATION` the committees are (default england)")
	must(cmd.RegisterFlagCompletionFunc("committee", a.completeCommittees))
	must(cmd.RegisterFlagCompletionFunc("nation", cobra.NoFileCompletions))
	return cmd
}

func (f *fed) flags(a *app, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.practice, "practice", "", "what is for one practice, by its `CODE` (F81001)")
	cmd.Flags().StringVar(&f.matter, "matter", "", "what is on one `MATTER`")
	cmd.Flags().StringVarP(&f.out, "output", "o", "", "write it to `FILE`, in place of one that is there")
	must(cmd.RegisterFlagCompletionFunc("practice", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("matter", a.completeMatters))
}

// ofOne: a feed is of one of what there is.
func (f *fed) ofOne(a *app, of ...string) error {
	given := slices.DeleteFunc(of, func(s string) bool { return s == "" })
	switch {
	case len(given) == 0:
		return usage("add one of the flags that say so: --help has them", "a feed of what?")
	case len(given) > 1:
		return usage("write one for each", "a feed is of one thing")
	case a.json:
		return usage("for JSON: lmc history, lmc practice, lmc matters --due-within", "a feed has a form of its own")
	}
	return nil
}

// writes writes a document to its file, and says what it has, or to standard output.
func (f *fed) writes(a *app, doc []byte, what string) error {
	if f.words != "" {
		a.note("lmc: " + plain.OneLine(f.words) + "\n")
	}
	if f.out == "" {
		_, err := a.stdout.Write(doc)
		return err
	}
	if err := replaceFile(f.out, doc); err != nil {
		return err
	}
	a.note(fmt.Sprintf("lmc: written to %s: %s\n", f.out, what))
	return nil
}

// letters are the newest letters as a feed.
func (f *fed) letters(ctx context.Context, c *client.Client) (feed atom.Feed, err error) {
	code := notation.PracticeCode(f.practice)
	if code != "" {
		if err := isInRegister(ctx, c, code); err != nil {
			return feed, err
		}
	}
	feed, f.words, err = feeds.Letters(ctx, c, feeds.Of{Office: f.office, Matter: f.matter, Practice: code}, f.limit, version.Software())
	return feed, err
}

// isInRegister fails with what is said of a practice that the register does not have: no reader shows that an empty
// feed is of a code that was mistyped.
func isInRegister(ctx context.Context, c *client.Client, practice string) error {
	look, err := c.LookUpPractice(ctx, notation.PracticeCode(practice), "")
	hasLMC := func(ring *answersv1.WhomToRing) bool { return ring.GetCommittee() != "" } // or had
	if err != nil || look.GetPractice() != nil || len(look.GetAreas()) > 0 || slices.ContainsFunc(look.GetRing(), hasLMC) {
		return err
	}
	return withHint(errors.New(plain.OneLine(look.GetWords())), "lmc register practice NAME finds a practice's code by its name or postcode")
}

// dates are what falls due as a calendar.
func (f *fed) dates(ctx context.Context, c *client.Client) (title string, events []calendar.Event, err error) {
	if f.practice != "" {
		if err := isInRegister(ctx, c, f.practice); err != nil {
			return "", nil, err
		}
		page, err := practicePages(ctx, c, &answersv1.GetPracticePageRequest{Practice: f.practice, PageSize: inFull}, true)
		if err != nil {
			return "", nil, err
		}
		f.words = page.GetWords()
		events, f.undated, err = feeds.Deadlines(ctx, c, page, "")
		return "Deadlines of practice " + page.GetPractice(), events, err
	}
	if title, err = f.title(ctx, c); err != nil {
		return "", nil, err
	}
	within := dueWithin{nation: f.nation, from: guidance.Today(time.Now()), until: lastDay}
	list, err := within.list(ctx, c, f.matter)
	if err != nil {
		return "", nil, err
	}
	for _, one := range slices.Concat(list.GetItems(), list.GetWithoutDay()) {
		if f.committee != "" && !slices.Contains(one.GetCommittees(), f.committee) {
			continue // a date of the matter alone is nobody's in particular
		}
		on := one.GetMatterTitle() + " (" + one.GetMatter() + ")"
		if one.GetMeasure() != "" {
			on += ", " + one.GetMeasureTitle()
		}
		if one.GetDay() == "" {
			f.undated = append(f.undated, one.GetWords()+", on "+on)
			continue
		}
		events = append(events, calendar.Event{
			Day: one.GetDay(), Summary: notation.Capital(one.GetWords()), Same: append([]string{one.GetMatter(), one.GetMeasure(), one.GetEntry(), one.GetWhat(), guidance.AudiencesWords(one.GetOfWhom())}, one.GetAmong()...),
			Description: notation.Joined("\n", strings.Join(list.GetNotices(), " "), on, "Letter: "+cmp.Or(one.GetEntry(), "none: a date of the matter"),
				"Each practice decides for itself. This is not legal advice."),
		})
	}
	return title, events, nil
}

// title is what a calendar is called, which goes by no deadline that it has.
func (f *fed) title(ctx context.Context, c *client.Client) (string, error) {
	if f.matter != "" {
		resp, err := c.Matter(ctx, f.matter)
		return "Deadlines on “" + resp.GetMatter().GetTitle() + "”", err
	}
	reg, err := c.WholeRegister(ctx) // one that is no more may have been merged into one that is no more either
	if err != nil {
		return "", err
	}
	stands := func(of *guidancev1.Committee) bool {
		return notation.IsWithin(reg.GetDay(), of.GetValidFrom(), of.GetValidUntil())
	}
	var ids, into []string
	for _, committee := range reg.GetCommittees() {
		if !stands(committee) {
			continue
		}
		if ids = append(ids, committee.GetId()); committee.GetId() == f.committee {
			return "Deadlines of " + committee.GetName(), nil
		}
	}
	merged := []string{f.committee}
	for n := 0; n < len(merged); n++ {
		for _, committee := range reg.GetCommittees() {
			if !slices.Contains(committee.GetPredecessors(), merged[n]) || slices.Contains(merged, committee.GetId()) {
				continue
			}
			if merged = append(merged, committee.GetId()); stands(committee) {
				into = append(into, committee.GetName()+" (--committee "+committee.GetId()+")")
			}
		}
	}
	if len(into) > 0 {
		return "", withHint(fmt.Errorf("the committee %q is no more: in its place there is %s", f.committee, notation.List(into)), "ask for the deadlines of that: what still stands of the other is among them")
	}
	return "", withHint(fmt.Errorf("the register has no committee %q", f.committee), nearest(f.committee, ids, "lmc register show lists them"))
}
