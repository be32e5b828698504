package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/letter"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// draft is something to publish: exactly one of its messages is set.
type draft struct {
	kind       letter.Kind
	office     string
	advisory   *guidancev1.Advisory
	matter     *guidancev1.Matter
	report     *guidancev1.ReportedPosition
	withdrawal *guidancev1.Withdrawal
	takeDown   *nodev1.TakeDownRequest
	notHere    bool                 // an advisory's matter that is not known has not arrived yet
	unread     []*answersv1.Warning // what its file has and does not say, which no node is sent
}

// message is the one that is set.
func (d *draft) message() proto.Message {
	switch {
	case d.advisory != nil:
		return d.advisory
	case d.withdrawal != nil:
		return d.withdrawal
	case d.takeDown != nil:
		return d.takeDown
	case d.matter != nil:
		return d.matter
	}
	return d.report
}

// outcome is the node's answer to a draft, whatever kind it was.
type outcome struct {
	msg          proto.Message // the response as received, for --json
	standing     *nodev1.Standing
	preview      *nodev1.Preview
	warnings     []*answersv1.Warning
	consequences []*answersv1.Consequence
	repeated     bool
	said         proto.Message     // what was published; nil within: its words are not here
	show         func(*plain.Page) // the page as readers will see it
}

// mostTries is how often something is published anew because others published meanwhile.
const mostTries = 10

// submit checks a draft, shows it, gets a yes and publishes it: just what was shown. Where
// what publishing does has changed before the yes arrived, it is shown anew; where only
// the log has grown, the yes still stands.
func (a *app) submit(ctx context.Context, c *client.Client, d *draft, id string, co consent) error {
	asked, shown := false, []byte(nil) // the digest of what a yes was said to
	for tries := 1; ; tries++ {
		checked, err := d.send(ctx, c, id, true, nil)
		if err != nil {
			return err
		}
		if co.check || checked.repeated {
			return a.published(ctx, c, checked, co, !asked)
		}
		// Without a digest nobody can tell whether this is what was shown.
		if digest := checked.preview.GetDigest(); !co.yes && (!asked || len(digest) == 0 || !bytes.Equal(digest, shown)) {
			if asked {
				a.note("\nWhat publishing this does has changed while you looked at it. It is now:\n\n")
			}
			a.note(preview(a.page(), checked))
			if err := a.ask(ctx, "Publish this as "+d.office+"?"); err != nil {
				return err
			}
			asked, shown = true, digest
		}
		out, err := d.send(ctx, c, id, false, checked.preview)
		if errors.Is(err, client.ErrMoved) && tries < mostTries {
			continue
		}
		if err != nil {
			return err
		}
		a.done = "published as " + out.standing.GetEntry()
		if out.standing.GetState() == nodev1.StandingState_STANDING_STATE_DRAFT {
			a.done = "kept as a draft, to be published when your node can sign again"
		}
		a.awaitHolder(ctx, c, out)
		return a.published(ctx, c, out, co, co.yes)
	}
}

// holderPatience is how long a publication waits for the first other node to have it.
const (
	holderPatience = 5 * time.Second
	holderPause    = 100 * time.Millisecond
)

// awaitHolder waits a moment until another node has what was published, where one is connected: a
// letter on one machine alone is lost with it. What goes wrong here is no matter: it is published.
func (a *app) awaitHolder(ctx context.Context, c *client.Client, out *outcome) {
	if out.repeated || out.standing.GetState() != nodev1.StandingState_STANDING_STATE_SIGNED {
		return
	}
	status, err := c.Status(ctx)
	if err != nil || !slices.ContainsFunc(status.GetPeers(), func(p *nodev1.PeerStatus) bool { return p.GetConnected() }) {
		return
	}
	told := false
	for began := time.Now(); time.Since(began) < holderPatience && ctx.Err() == nil; time.Sleep(holderPause) {
		standing, err := c.Standing(ctx, out.standing.GetEntry())
		if err != nil {
			return
		}
		if standing.GetHeldByPeers() > 0 {
			proto.Merge(out.standing, standing)
			return
		}
		if !told && time.Since(began) > time.Second {
			told = true
			a.note("Published; waiting until another node has it …\n")
		}
	}
}

// send makes the one call the draft is for: only to check, or to publish what was shown.
// The request id goes with a check too: a node that knows it answers what it answered
// first. Of a publishing call that was cut nobody can know whether it was published; it
// does no harm to make it again.
func (d *draft) send(ctx context.Context, c *client.Client, id string, only bool, shown *nodev1.Preview) (*outcome, error) {
	var out *outcome
	var err error
	switch {
	case d.advisory != nil:
		var r *nodev1.PublishAdvisoryResponse
		r, err = c.PublishAdvisory(ctx, &nodev1.PublishAdvisoryRequest{RequestId: id, Advisory: d.advisory, ValidateOnly: only, Preview: shown, MatterNotHere: d.notHere})
		out = &outcome{r, r.GetStanding(), r.GetPreview(), r.GetWarnings(), r.GetConsequences(), r.GetRepeatedRequest(), r.GetAdvisory(), func(p *plain.Page) { p.Advisory(r.GetAdvisory(), r.GetNames()) }}
	case d.withdrawal != nil:
		var r *nodev1.WithdrawAdvisoryResponse
		r, err = c.Withdraw(ctx, &nodev1.WithdrawAdvisoryRequest{RequestId: id, Withdrawal: d.withdrawal, ValidateOnly: only, Preview: shown})
		out = &outcome{r, r.GetStanding(), r.GetPreview(), r.GetWarnings(), r.GetConsequences(), r.GetRepeatedRequest(), r.GetWithdrawal(), func(p *plain.Page) { p.Withdrawal(r.GetWithdrawal(), r.GetNames()) }}
	case d.takeDown != nil:
		var r *nodev1.TakeDownResponse
		r, err = c.TakeDown(ctx, &nodev1.TakeDownRequest{RequestId: id, Entry: d.takeDown.GetEntry(), Reason: d.takeDown.GetReason(), ValidateOnly: only, Preview: shown})
		out = &outcome{r, r.GetStanding(), r.GetPreview(), r.GetWarnings(), r.GetConsequences(), r.GetRepeatedRequest(), r.GetErasure(), func(p *plain.Page) { p.Para(0, plain.Removed(d.office, r.GetErasure())) }}
	case d.matter != nil:
		var r *nodev1.PublishMatterResponse
		r, err = c.PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: id, Matter: d.matter, ValidateOnly: only, Preview: shown})
		out = &outcome{r, r.GetStanding(), r.GetPreview(), r.GetWarnings(), r.GetConsequences(), r.GetRepeatedRequest(), r.GetMatter(), func(p *plain.Page) { p.Matter(r.GetMatter()) }}
	default:
		var r *nodev1.ReportPositionResponse
		r, err = c.Report(ctx, &nodev1.ReportPositionRequest{RequestId: id, Report: d.report, ValidateOnly: only, Preview: shown})
		out = &outcome{r, r.GetStanding(), r.GetPreview(), r.GetWarnings(), nil, r.GetRepeatedRequest(), r.GetReport(), func(p *plain.Page) { p.Report(r.GetReport(), r.GetNames()) }}
	}
	interrupted := errors.Is(err, context.Canceled)
	switch {
	case err == nil:
		out.warnings = slices.Concat(d.unread, out.warnings)
		return out, nil
	case only || !interrupted && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, client.ErrUnavailable):
		return nil, err
	case interrupted:
		err = errors.New("interrupted while publishing")
	}
	return nil, withHint(err, "run the same command again: it is never published twice")
}

// published prints where a draft stands, and the page when it was not shown before. Of
// what was published before it says whether that still stands, and how to issue it once
// more, where that can be done.
func (a *app) published(ctx context.Context, c *client.Client, out *outcome, co consent, withPage bool) error {
	entry := out.standing.GetEntry()
	words := fmt.Sprintf("Published as %s; %s.", entry, heldWords(out.standing))
	if out.standing.GetState() == nodev1.StandingState_STANDING_STATE_SIGNED {
		words += " lmc status " + entry + " says later who does."
	}
	switch state := out.standing.GetState(); {
	case out.repeated:
		words = fmt.Sprintf("This was published before, as %s; nothing was published now.", entry)
		resp, err := c.Entry(ctx, entry)
		if err != nil {
			break // it is said without
		}
		if resp.GetEntry().GetWords() != "" {
			words += " " + resp.GetEntry().GetWords()
		}
		superseded := resp.GetEntry().GetMatter() != nil && resp.GetEntry().GetWords() != ""
		switch {
		case !co.canAgain:
		case standsInPart(resp.GetEntry()): // --again would be refused
			if ways := inPartAgain(resp.GetEntry()); ways != "" {
				words += " " + notation.Capital(ways) + "."
			}
		case superseded || plain.LastEnding(resp.GetEntry()) != "":
			words += " To issue it once more, add --again."
		}
	case state == nodev1.StandingState_STANDING_STATE_CHECKED:
		words = "Checked only: nothing was published."
	case state == nodev1.StandingState_STANDING_STATE_DRAFT:
		words = "Kept as a draft, not yet signed: it is published when your node can sign again."
	}
	return a.answer(out.msg, func(p *plain.Page) {
		if withPage {
			preview(p, out)
		}
		p.Para(0, words)
	})
}

// preview is the page as readers will see it, then what it ends, then the warnings, then
// whether the node could publish it at all.
func preview(p *plain.Page, out *outcome) string {
	if out.said.ProtoReflect().IsValid() {
		out.show(p)
	} else {
		p.Para(0, plain.WordsNotHere)
	}
	if len(out.consequences) > 0 {
		p.Head("What it ends:")
		for _, c := range out.consequences {
			p.Hang("  ", c.GetWords())
		}
	}
	if len(out.warnings) > 0 {
		p.Head("Look twice:")
		for _, w := range out.warnings {
			words := w.GetWords()
			if w.GetMeasure() != "" && !strings.Contains(words, w.GetMeasure()) {
				words = w.GetMeasure() + ": " + words
			}
			p.Hang("  ", words)
		}
	}
	if s := out.standing.GetSigning(); s != nil && notSigning(s) != "" {
		p.Head("Your node cannot publish it now:")
		p.Hang("  ", notSigning(s))
	}
	p.Gap()
	return p.String()
}

// ask gets a yes from the terminal. Anything else is a no.
func (a *app) ask(ctx context.Context, question string) error {
	a.note(question + " Type yes: ")
	if a.typed == nil {
		a.typed = bufio.NewReader(a.stdin)
	}
	typed := make(chan string, 1)
	go func() { // ends with the process: a read from a terminal cannot be given up
		line, _ := a.typed.ReadString('\n')
		typed <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		a.note("\n")
		return errors.New("interrupted: nothing was published")
	case line := <-typed:
		if line == "yes" {
			return nil
		}
		return errors.New("nothing was published: only yes, written out, publishes")
	}
}
