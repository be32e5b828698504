package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newVerify(a *app) *cobra.Command {
	var proof, key string
	cmd := &cobra.Command{
		Use:     "verify FILE",
		Short:   "Is this advisory genuine, and is it still current?",
		GroupID: groupRead,
		Long: "Verify checks a file saved with lmc advisory --save. Asked alone, it asks the\n" +
			"node: is it genuine, and has anything ended it since? With --proof and --key it\n" +
			"asks nobody and needs no network: is it genuine, and in the signed log up to the\n" +
			"proof's checkpoint? Whether anything has ended it cannot be seen offline.\n\n" +
			"Have the key from the office itself, or from the register: lmc register show.\n" +
			"It exits 0 only if the file is genuine and, where a node is asked, nothing has\n" +
			"ended it or a part of it, as far as the node has everything that could have. Of\n" +
			"one that is current in part it says which part is not, and what stands there. A\n" +
			"letter of a demonstration is called that, and never genuine.\n\n" +
			"What is no letter as it was signed, be it altered or its words in a text file,\n" +
			"is held against the letter it is most like: it says where the two differ.",
		Example: "  lmc verify essex-7.letter\n" +
			"  lmc verify essex-7.letter --proof essex-7.proof \\\n" +
			"    --key demo/essex/log/0+1b2c3d4e+A…",
		Args: exactly("FILE"),
	}
	online := a.asks(func(ctx context.Context, c *client.Client, args []string) error {
		return a.verifyOnline(ctx, c, args[0])
	})
	offline := a.does(func(_ context.Context, args []string) error {
		return a.verifyOffline(args[0], proof, key)
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case proof == "" && key == "":
			return online(cmd, args)
		case proof == "" || key == "":
			return usage("without both, leave both out: the node is asked", "--proof and --key go together")
		}
		return offline(cmd, args)
	}
	cmd.Flags().StringVar(&proof, "proof", "", "the proof `FILE` saved with the advisory")
	cmd.Flags().StringVar(&key, "key", "", "the `VKEY` of the office's log")
	must(cmd.RegisterFlagCompletionFunc("key", cobra.NoFileCompletions))
	return cmd
}

func (a *app) verifyOnline(ctx context.Context, c *client.Client, file string) error {
	body, err := a.readFile(file, ledger.BodyLimit)
	if err != nil {
		return err
	}
	resp, err := c.Verify(ctx, body)
	if err != nil {
		return err
	}
	err = a.answer(resp, func(p *plain.Page) {
		p.Line(verdict(resp, guidance.Today(time.Now())))
		p.Para(0, resp.GetWords())
		if by := plain.LastEnding(resp.GetEntry()); by != "" && !strings.Contains(resp.GetWords(), by) {
			p.Para(0, "ended by "+by)
		}
		p.Alike(resp.GetAlike())
		p.Footer(resp.GetCompleteness(), resp.GetEntry().GetNotices())
	})
	if err != nil {
		return err
	}
	if !resp.GetGenuine() || !resp.GetCurrent() || resp.GetCurrentInPart() || isDemonstration(resp) {
		return answered{}
	}
	return nil
}

// verdict is what a node found of a letter, in the few words at the head of the page.
func verdict(resp *answersv1.VerifyResponse, today string) string {
	entry := resp.GetEntry()
	name := entry.GetName()
	if entry.GetReportedPosition() != nil {
		name += ", a report of what others are said to have said"
	}
	holds := guidance.HoldsFrom(entry.GetAdvisory())
	endsAhead := func(s *answersv1.CommitteeStanding) bool {
		return slices.ContainsFunc(s.GetEndings(), func(e *answersv1.Ending) bool { return e.GetDay() > today })
	}
	waits, partly, _ := guidance.Waits(entry.GetAdvisory(), entry.GetStandings())
	switch {
	case !resp.GetGenuine():
		return "NOT KNOWN TO BE GENUINE"
	case isDemonstration(resp):
		return "DEMONSTRATION: " + name
	case resp.GetCurrentNotKnown():
		return "genuine; WHETHER IT IS CURRENT IS NOT KNOWN: " + name
	case !resp.GetCurrent() && slices.ContainsFunc(entry.GetStandings(), endsAhead):
		return "genuine; ENDS BEFORE IT WOULD HOLD: " + name
	case !resp.GetCurrent():
		return "genuine, NOT CURRENT: " + name
	case waits:
		return "genuine; NOT IN FORCE UNTIL ITS CONDITION IS MET: " + name
	case resp.GetCurrentInPart() && holds > today:
		return "genuine; HOLDS IN PART, FROM " + guidance.DayWords(holds) + ": " + name
	case resp.GetCurrentInPart():
		return "GENUINE, CURRENT IN PART: " + name
	case slices.ContainsFunc(entry.GetStandings(), func(s *answersv1.CommitteeStanding) bool { return s.GetOvertakenBy() != "" }):
		return "genuine, and not ended; NOT THE LATEST: " + name
	case holds > today:
		return "genuine; HOLDS FROM " + guidance.DayWords(holds) + ": " + name
	case partly:
		return "genuine and current; A PART OF IT IS NOT IN FORCE YET: " + name
	}
	return "genuine and current: " + name
}

// isDemonstration: the bytes are those of the log, and the office did not issue them.
func isDemonstration(resp *answersv1.VerifyResponse) bool {
	return guidance.SaysDemonstration(resp.GetEntry().GetNotices()...)
}

func (a *app) verifyOffline(file, proofFile, key string) error {
	body, err := a.readFile(file, ledger.BodyLimit)
	if err != nil {
		return err
	}
	proof, err := a.readFile(proofFile, ledger.ProofFileLimit)
	if err != nil {
		return err
	}
	proved, err := client.CheckProof(proof, body, key)
	if err != nil {
		hint := "do not rely on it: ask the office that is said to have published it"
		switch {
		case errors.Is(err, ledger.ErrBadBody):
			hint = "the letter was altered, or is another one: ask the office for its own copy"
		case errors.Is(err, ledger.ErrUnknownKey), errors.Is(err, ledger.ErrWrongLog):
			hint = "have the key of the office that published it: lmc register show, or by telephone"
		case errors.Is(err, ledger.ErrMalformed):
			hint = "copy file and key again, whole: lmc advisory ENTRY --save FILE --proof FILE"
		}
		return withHint(fmt.Errorf("%s is not proved by %s: %w", file, proofFile, err), hint)
	}
	entry := &answersv1.Entry{Name: proved.ID.String(), Office: proved.ID.Office, Header: proved.Header, Kind: proved.Header.GetKind(), Visibility: proved.Header.GetVisibility()}
	var said, notice string
	msg, err := content.Read(entry.Kind, body)
	if err != nil {
		msg = nil // what does not parse stays unread: the proof holds all the same
	}
	switch m := msg.(type) {
	case *guidancev1.Advisory:
		said, notice = fmt.Sprintf("%q, %s, issued %s", m.GetTitle(), entry.Office, guidance.RangeWords(m.GetIssued())), m.GetNotice()
	case *guidancev1.Withdrawal:
		said = fmt.Sprintf("%s withdraws %s from %s", entry.Office, m.GetAdvisory(), guidance.DayWords(m.GetEffective()))
	case *guidancev1.ReportedPosition:
		said, notice = fmt.Sprintf("what %s is reported to have said, recorded by %s", strings.Join(m.GetPosition().GetCommittees(), ", "), entry.Office), m.GetNotice()
	case *guidancev1.Matter:
		said, notice = fmt.Sprintf("the matter %q", m.GetTitle()), m.GetNotice()
	}
	if notice != "" {
		entry.Notices = []string{notice}
	}
	// A proof shows that an entry is in the log, and nothing about what ends it, were that
	// in the same log before the checkpoint: so it is never called current here.
	resp := &answersv1.VerifyResponse{Genuine: true, Entry: entry, Words: fmt.Sprintf(
		"These bytes are entry %d of the log %s, logged %s by the office's own clock, and stand in the signed log up to the proof's checkpoint, of size %d. Whether anything has ended it, before or since, cannot be seen offline: ask a node (lmc verify FILE).",
		proved.ID.Index, proved.Checkpoint.Log, guidance.InstantWords(time.UnixMilli(proved.Header.GetClaimedMs())), proved.Size)}
	found := "genuine: "
	if isDemonstration(resp) {
		found, resp.Words = "DEMONSTRATION: ", fmt.Sprintf("Demonstration: not issued by the office %s. %s", entry.GetOffice(), resp.GetWords())
	}
	err = a.answer(resp, func(p *plain.Page) {
		p.Line(found + entry.GetName())
		p.Para(0, said)
		p.Para(0, resp.GetWords())
		p.Footer(nil, entry.GetNotices())
	})
	if err == nil && isDemonstration(resp) {
		return answered{}
	}
	return err
}
