package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/letter"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// consent is how a writing command gets its yes.
type consent struct {
	yes, check, again bool
	canAgain          bool // the command has --again
	notHere           bool // a matter that is not known has not arrived yet
}

func (co *consent) flags(cmd *cobra.Command, again bool) {
	cmd.Flags().BoolVar(&co.yes, "yes", false, "do not ask: for scripts")
	cmd.Flags().BoolVar(&co.check, "check", false, "only check and show it; never publish")
	if co.canAgain = again; again {
		cmd.Flags().BoolVar(&co.again, "again", false, "issue once more what was published before and has ended since")
	}
}

func newPublish(a *app) *cobra.Command {
	var co consent
	cmd := &cobra.Command{
		Use:     "publish FILE",
		Short:   "Publish a letter, a matter or a report, after showing it",
		GroupID: groupWrite,
		Long: "Publish shows the page as its readers will see it, what it replaces and what to\n" +
			"look at twice, and asks. Nothing is published before you have said yes.\n\n" +
			"The same words published again are recognised, however the file is saved, and\n" +
			"not published twice, so a command that was cut off can simply be run again. What\n" +
			"has ended since can be issued once more with --again. A letter on another\n" +
			"office's matter that has not arrived here yet is kept with --matter-not-here,\n" +
			"and shown when that arrives. FILE is a letter (lmc\n" +
			"new), or one that says \"kind: matter\" or \"kind: report\"; - reads standard\n" +
			"input, which needs --yes or --check.",
		Example: "  lmc publish letter.md\n" +
			"  lmc publish letter.md --check\n" +
			"  lmc publish letter.md --yes --json",
		Args: exactly("FILE"),
		RunE: a.does(func(ctx context.Context, args []string) error {
			return a.publish(ctx, args[0], "", co)
		}),
	}
	co.flags(cmd, true)
	cmd.Flags().BoolVar(&co.notHere, "matter-not-here", false, "a letter's matter that is not known here has not arrived yet")
	return cmd
}

func newReport(a *app) *cobra.Command {
	var co consent
	cmd := &cobra.Command{
		Use:     "report FILE",
		Short:   "Record what a committee is reported to have said",
		GroupID: groupWrite,
		Long: "Report records a reported position from a file that says \"kind: report\": what\n" +
			"another committee or body is said to have said, where, and when. Only offices\n" +
			"the register lets do so may. A press report of an advisory that is in a log\n" +
			"belongs in the references of that advisory instead.",
		Example: "  lmc report igpm.md",
		Args:    exactly("FILE"),
		RunE: a.does(func(ctx context.Context, args []string) error {
			return a.publish(ctx, args[0], letter.KindReport, co)
		}),
	}
	co.flags(cmd, true)
	return cmd
}

// publish publishes the file: want is the kind it must be, or "" for any. What is
// wrong with the file itself is said before any node is asked, and of what the node
// refuses it is said which line of the letter it is.
func (a *app) publish(ctx context.Context, file string, want letter.Kind, co consent) error {
	if file == "-" {
		if err := a.canConsent(co); err != nil {
			return err
		}
		if !co.yes && !co.check {
			return usage("add --yes or --check, or save the letter to a file", "standard input cannot be both the letter and the answer")
		}
	}
	b, err := a.readFile(file, letter.FileLimit)
	if err != nil {
		return err // before anybody is looked for who could say yes to it
	}
	if err := a.canConsent(co); err != nil {
		return err
	}
	kind, err := letter.KindOf(b)
	if err != nil {
		return inFile(file, err)
	}
	if want != "" && kind != want {
		return withHint(fmt.Errorf("%s: it holds a %s, not a %s", file, kind, want), "publish it with: lmc publish "+file)
	}
	return a.with(func(c *client.Client) error {
		office, committees, area, err := speaksFor(ctx, c)
		if err != nil {
			return err
		}
		known, failed := findMatters(ctx, c)
		find := func(name string) (*guidancev1.Matter, string) {
			m, unknown := known(name)
			of, err := guidance.ParseMatterName(name)
			if unknown == "" || err != nil || of.Office() == office || kind != letter.KindLetter {
				return m, unknown // only a letter goes ahead of another office's matter
			}
			if co.notHere {
				return &guidancev1.Matter{Name: name}, "" // the node looks twice at it
			}
			return nil, strings.TrimSuffix(unknown, ".") + ". Where it has not arrived yet, add --matter-not-here."
		}
		defaults := letter.Defaults{Office: office, Committees: committees, Area: area, Matters: find, ReadFile: func(name string) ([]byte, error) {
			beside, err := os.OpenRoot(filepath.Dir(file)) // attachments lie beside the letter, and nowhere else
			if err != nil {
				return nil, err
			}
			defer beside.Close()
			return durable.ReadFileIn(beside.FS(), name)
		}}
		d := &draft{kind: kind, office: office, notHere: co.notHere}
		switch kind {
		case letter.KindMatter:
			d.matter, err = letter.ParseMatter(b, defaults)
		case letter.KindReport:
			d.report, err = letter.ParseReport(b, defaults)
		default:
			d.advisory, err = letter.Parse(b, defaults)
		}
		if failed() != nil {
			return failed() // what the letter names by its title could not be looked up
		}
		if err != nil {
			return inFile(file, err)
		}
		for _, words := range letter.Unread(b, defaults) {
			if d.unread = append(d.unread, &answersv1.Warning{Words: words}); a.json { // the answer is the node's
				a.note(file + ": " + words + "\n")
			}
		}
		var id string
		if co.again {
			id, err = againID(ctx, c, d)
		} else {
			id, err = requestID(d.kind, d.office, d.message(), "")
		}
		if err == nil {
			err = a.submit(ctx, c, d, id, co)
		}
		refused := client.Violations(err)
		if len(refused) == 0 {
			return err
		}
		invalid := &guidance.InvalidError{What: string(kind)}
		for _, v := range refused {
			invalid.Violations = append(invalid.Violations, guidance.Violation{Field: v.Field, Reason: v.Reason})
		}
		told := &fault.Error{Reason: err, Message: client.Headline(err), Hint: client.Hint(err)}
		for _, line := range letter.Explain(b, defaults, invalid) {
			told.Violations = append(told.Violations, client.Violation{Reason: file + ": " + line.Error()})
		}
		return told
	})
}

// findMatters finds matters for a letter, each asked of the node once; failed is why one could
// not be asked for.
func findMatters(ctx context.Context, c *client.Client) (find func(name string) (m *guidancev1.Matter, unknown string), failed func() error) {
	type answer struct {
		matter  *guidancev1.Matter
		unknown string
	}
	asked := map[string]answer{}
	var broken error
	find = func(name string) (*guidancev1.Matter, string) {
		if told, again := asked[name]; again || broken != nil {
			return told.matter, told.unknown
		}
		resp, err := c.Matter(ctx, name)
		told := answer{matter: resp.GetMatter()}
		switch {
		case errors.Is(err, client.ErrUnknownMatter):
			told.unknown = client.Headline(err) + ": " + client.Hint(err)
		case err != nil:
			broken = err
		}
		asked[name] = told
		return told.matter, told.unknown
	}
	return find, func() error { return broken }
}

// canConsent refuses early when nobody is there to say yes.
func (a *app) canConsent(co consent) error {
	if co.yes && co.check {
		return usage("choose one", "--yes publishes and --check never does")
	}
	if co.yes || co.check || a.stdin != nil && term.IsTerminal(int(a.stdin.Fd())) {
		return nil
	}
	return usage("add --yes to publish without being asked, or --check to see it only",
		"nobody is at the terminal to say yes, so nothing is published")
}

// inFile puts the file's name before every error of a letter.
func inFile(file string, err error) error {
	var many letter.Errors
	if !errors.As(err, &many) {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	var lines []string
	for _, line := range strings.Split(err.Error(), "\n") {
		lines = append(lines, file+": "+line)
	}
	return withHint(errors.New(strings.Join(lines, "\n")), "nothing was published; put these right and run the command again")
}

// requestID is the same for the same words of the same office, however the file is
// saved, so that a command run again never publishes twice. A letter holds the hashes of
// its attachments. after is the entry that ended what is issued again, or "".
func requestID(kind letter.Kind, office string, msg proto.Message, after string) (string, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(msg)
	if err != nil {
		return "", fmt.Errorf("making the request id of the %s: %w", kind, err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "lmc %s\n%s\n", kind, office)
	if after != "" {
		fmt.Fprintf(h, "again after %s\n", after)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// againID is the id under which what has ended is issued once more. It follows from the
// entry that ended it, so that a command run again never publishes twice.
func againID(ctx context.Context, c *client.Client, d *draft) (string, error) {
	tried := map[string]bool{}
	for after := ""; ; {
		id, err := requestID(d.kind, d.office, d.message(), after)
		if err != nil {
			return "", err
		}
		checked, err := d.send(ctx, c, id, true, nil)
		if err != nil || !checked.repeated {
			return id, err
		}
		entry := checked.standing.GetEntry()
		resp, err := c.Entry(ctx, entry)
		if err != nil {
			return "", err
		}
		if resp.GetEntry().GetAbsent() != nil {
			return "", withHint(fmt.Errorf("it was published as %s, whose words are not here, so that it is not known whether it still stands", entry), "try again once they are here: lmc advisory "+entry)
		}
		after = plain.LastEnding(resp.GetEntry())
		if d.matter != nil { // a version ends by the next one
			now, err := c.Matter(ctx, resp.GetEntry().GetMatter().GetName())
			if err != nil && !errors.Is(err, client.ErrUnknownMatter) {
				return "", err
			}
			if now.GetEntry() != "" && now.GetEntry() != entry {
				after = now.GetEntry()
			}
			// Issued again, the newest version has these words, under another entry.
			if proto.Equal(now.GetMatter(), resp.GetEntry().GetMatter()) {
				entry, after = now.GetEntry(), ""
			}
		}
		switch {
		case (after == "" || tried[after]) && standsInPart(resp.GetEntry()): // these words are said already to whom they stand for
			return "", withHint(fmt.Errorf("it was published as %s, which still stands, at least in part, so that the same words are not issued again", entry), cmp.Or(inPartAgain(resp.GetEntry()), allAnew(resp.GetEntry())))
		case after == "" && d.advisory != nil:
			return "", withHint(fmt.Errorf("there is nothing to issue again: it was published as %s and still stands", entry),
				"to change it, write a letter that says: replaces: ["+entry+"]")
		case after == "" && d.matter != nil:
			return "", withHint(fmt.Errorf("there is nothing to issue again: it was published as %s and still stands", entry),
				"to change it, edit the file and publish that: a matter's newest version is what it is")
		case after == "":
			return "", withHint(fmt.Errorf("there is nothing to issue again: it was published as %s, and nothing has ended it", entry),
				"lmc advisory "+entry+" shows it")
		case tried[after]: // a thing cannot be ended twice by the same entry
			return "", fmt.Errorf("the node says that %s ended %s, which was issued after it", after, entry)
		}
		tried[after] = true
	}
}

// standsInPart: something of a letter has ended, and something stands.
func standsInPart(e *answersv1.Entry) bool {
	ended := func(s *answersv1.CommitteeStanding) bool { return len(s.GetEndings()) > 0 }
	return e.GetAdvisory() != nil && slices.ContainsFunc(e.GetStandings(), ended) && slices.ContainsFunc(e.GetStandings(), (*answersv1.CommitteeStanding).GetCurrent)
}

// inPartAgain is how to say again what has ended of a letter that stands in part: to whom it was withdrawn for, and nothing
// stands now, in a letter for them alone; and what a letter of its office ended, by the withdrawal of that, which may be over.
func inPartAgain(e *answersv1.Entry) string {
	var ways, without, by []string
	for _, s := range e.GetStandings() {
		for _, end := range s.GetEndings() {
			of, err := ledger.ParseEntryID(end.GetEntry())
			switch {
			case err != nil || of.Office != e.GetOffice():
			case end.GetKind() != answersv1.EndingKind_ENDING_KIND_WITHDRAWN:
				by = append(by, end.GetEntry())
			case !s.GetCurrent() && s.GetStandsNow() == "":
				without = append(without, s.GetCommittee())
			}
		}
	}
	slices.Sort(without)
	slices.Sort(by)
	if without != nil {
		ways = append(ways, "to say it again where it was withdrawn, write a letter that says: for: ["+strings.Join(slices.Compact(without), ", ")+"], beside: ["+e.GetName()+"]")
	}
	for _, one := range slices.Compact(by) {
		ways = append(ways, "to bring back what "+one+" ended: lmc withdraw "+one+" --reason WHY --restores "+e.GetName())
	}
	return strings.Join(ways, "; ")
}

// allAnew is how to say all of a letter anew where nothing else works: over it, and over what stands in place of parts of it.
func allAnew(e *answersv1.Entry) string {
	over := []string{e.GetName()}
	for _, s := range e.GetStandings() {
		if of, err := ledger.ParseEntryID(s.GetStandsNow()); err == nil && of.Office == e.GetOffice() && !slices.Contains(over, s.GetStandsNow()) {
			over = append(over, s.GetStandsNow())
		}
	}
	return "to say all of it anew, write a letter that says: replaces: [" + strings.Join(over, ", ") + "]"
}
