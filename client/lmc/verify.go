package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// offlineLimit is said with every offline answer: a proof is of a moment.
const offlineLimit = "current up to this checkpoint; a later withdrawal cannot be seen offline"

func newVerify(a *app) *cobra.Command {
	var proof, key string
	cmd := &cobra.Command{
		Use:     "verify FILE",
		Short:   "Is this advisory genuine, and is it still current?",
		GroupID: groupRead,
		Long: "Verify checks a file saved with lmc advisory --save. Asked alone, it asks the\n" +
			"node: is it genuine, and has anything ended it since? With --proof and --key it\n" +
			"asks nobody and needs no network: is it genuine, and in the signed log up to the\n" +
			"proof's checkpoint?\n\n" +
			"Have the key from the office itself, or from the register: lmc register show.\n" +
			"It exits 0 only if the file is genuine and nothing known has ended it.",
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
	if err := a.answer(resp, func() string { return verifyPage(a.page(), resp) }); err != nil {
		return err
	}
	if !resp.GetGenuine() || !resp.GetCurrent() {
		return answered{}
	}
	return nil
}

func verifyPage(p *plain.Page, resp *answersv1.VerifyResponse) string {
	switch {
	case !resp.GetGenuine():
		p.Line("NOT KNOWN TO BE GENUINE")
	case !resp.GetCurrent():
		p.Line("genuine, NOT CURRENT: " + resp.GetEntry().GetName())
	case slices.ContainsFunc(resp.GetEntry().GetStandings(), func(s *answersv1.CommitteeStanding) bool { return s.GetOvertakenBy() != "" }):
		p.Line("genuine, and not ended; NOT THE LATEST: " + resp.GetEntry().GetName())
	default:
		p.Line("genuine and current: " + resp.GetEntry().GetName())
	}
	p.Para(0, resp.GetWords())
	if by := plain.LastEnding(resp.GetEntry()); by != "" && !strings.Contains(resp.GetWords(), by) {
		p.Para(0, "ended by "+by)
	}
	p.Footer(resp.GetCompleteness(), resp.GetEntry().GetNotices())
	return p.String()
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
		return withHint(fmt.Errorf("%s is not proved by %s: %w", file, proofFile, err), hintOfProof(err))
	}
	entry := &answersv1.Entry{Name: proved.ID.String(), Office: proved.ID.Office, Header: proved.Header, Kind: proved.Header.GetKind(), Visibility: proved.Header.GetVisibility()}
	said, err := content.Read(entry.Kind, body)
	if err != nil {
		said = nil // what does not parse stays unread: the proof holds all the same
	}
	words, notice := summary(entry.Office, said)
	if notice != "" {
		entry.Notices = []string{notice}
	}
	resp := &answersv1.VerifyResponse{Genuine: true, Entry: entry, Words: provedWords(proved)}
	return a.answer(resp, func() string {
		p := a.page()
		p.Line("genuine: " + entry.GetName())
		p.Para(0, words)
		p.Para(0, resp.GetWords())
		p.Footer(nil, entry.GetNotices())
		return p.String()
	})
}

// provedWords says what was proved, and what was not.
func provedWords(proved client.Proved) string {
	return fmt.Sprintf("These bytes are entry %d of the log %s, logged %s by the office's own clock, proved in a checkpoint of size %d: %s.",
		proved.ID.Index, proved.Checkpoint.Log, plain.Instant(time.UnixMilli(proved.Header.GetClaimedMs())), proved.Size, offlineLimit)
}
