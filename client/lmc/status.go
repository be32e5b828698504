package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "status [ENTRY]",
		Short:   "How your node is, and whom it hears; or who holds an entry",
		GroupID: groupNode,
		Example: "  lmc status\n  lmc status essex/5\n  lmc status --profile essex --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if len(args) == 1 {
				standing, err := c.Standing(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(standing, func(p *plain.Page) { p.Para(0, args[0]+": "+heldWords(standing)+".") })
			}
			resp, err := c.Status(ctx)
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) { statusOn(p, resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

func statusOn(p *plain.Page, s *nodev1.GetStatusResponse) {
	p.Para(0, fmt.Sprintf("%s in federation %s: %s", s.GetOffice(), s.GetFederation(), nodeStateWords(s)))
	if words := notSigning(s.GetSigning()); words != "" {
		p.Hang("  cannot publish: ", words)
	}
	for _, alarm := range s.GetAlarms() {
		p.Hang("  look at this: ", alarm.GetWords())
	}

	if words := mendedWords(s); words != "" {
		p.Hang("  mended: ", words)
	}

	p.Head("Holds:")
	t := plain.NewTable()
	t.Add("entries", notation.Thousands(int64(s.GetEntries())))
	t.Add("arrivals", notation.Thousands(int64(s.GetFeed())))
	t.Add("data", bytesWords(s.GetDataBytes())+", "+bytesWords(s.GetFreeBytes())+" free, beside the 256 MiB that are kept back")
	if words := publicWords(s.GetPublicPages()); words != "" {
		t.Add("public", words)
	}
	t.Add("frontier", hex.EncodeToString(s.GetFrontierRoot()))
	if s.GetDrafts() > 0 {
		t.Add("drafts", fmt.Sprintf("%d not yet signed", s.GetDrafts()))
	}
	p.Table(2, t)

	if len(s.GetLogs()) > 0 {
		p.Head("Logs:")
		heard := map[string]string{} // by office
		for _, h := range s.GetCompleteness().GetHeard() {
			heard[h.GetOffice()] = "never"
			if h.GetHeardTime() != nil {
				heard[h.GetOffice()] = guidance.InstantWords(h.GetHeardTime().AsTime())
			}
		}
		t := plain.NewTable("LOG", "HELD", "KNOWN", "LAST HEARD", "")
		for _, l := range s.GetLogs() {
			note := l.GetProblem().GetWords()
			if n := l.GetWantedBodies(); n > 0 {
				note = notation.Joined("; ", note, fmt.Sprintf("words not here yet: %d", n))
			}
			office := ""
			if log, err := ledger.ParseLogID(l.GetLog()); err == nil {
				office = log.Office
			}
			t.Add(l.GetLog(), fmt.Sprint(l.GetHeld()), fmt.Sprint(l.GetSeen()), heard[office], note)
		}
		p.Table(2, t)
	}

	p.Head("Other nodes:")
	if len(s.GetPeers()) == 0 {
		p.Line("  none: this node hears nobody")
	}
	t = plain.NewTable("OFFICE", "ADDRESS", "HOW IT STANDS")
	for _, peer := range s.GetPeers() {
		address, stands := peer.GetAddress(), "not connected"
		if address == "" && peer.GetConnected() {
			address = "(it dials us)"
		}
		switch {
		case peer.GetConnected() && peer.GetInSync():
			stands = "in sync"
		case peer.GetConnected():
			stands = "connected, catching up"
		}
		if t := peer.GetSinceTime(); t != nil {
			stands += " since " + guidance.InstantWords(t.AsTime())
		}
		t.Add(peer.GetOffice(), address, notation.Joined(": ", stands, peer.GetProblem().GetWords()))
	}
	p.Table(2, t)

	p.Gap()
	started := ""
	if s.GetStartTime() != nil {
		started = "started " + guidance.InstantWords(s.GetStartTime().AsTime())
	}
	p.Line(notation.Joined(", ", "software "+s.GetVersion(), started))
	p.Footer(s.GetCompleteness(), nil)
}

// heldWords is who holds an entry besides this node.
func heldWords(s *nodev1.Standing) string {
	switch n := s.GetHeldByPeers(); n {
	case 0:
		return "no other node is known to hold it yet"
	case 1:
		return "one other node holds it"
	default:
		return fmt.Sprintf("%d other nodes hold it", n)
	}
}

// publicWords is how the public pages are; empty: there are none. What is wrong an alarm says.
func publicWords(p *nodev1.PublicPages) string {
	switch until := p.GetCertificateUntilTime(); {
	case p == nil:
		return ""
	case until != nil:
		words := notation.Joined(", by ", "https://"+p.GetName()+", certificate good until "+guidance.InstantWords(until.AsTime()), p.GetIssuer())
		if p.GetProblem() != "" {
			words += "; no newer one could be had: " + p.GetProblem() + "; asked for again by " + guidance.InstantWords(p.GetRetryTime().AsTime())
		}
		return words
	case p.GetProblem() != "":
		return "https://" + p.GetName() + ", no certificate: look above"
	default:
		return "https://" + p.GetName() + ", no certificate yet: it is being asked for"
	}
}

// mendedWords is what was last found damaged and mended; empty: nothing ever was.
func mendedWords(s *nodev1.GetStatusResponse) string {
	m := s.GetMended()
	if m == nil {
		return ""
	}
	var lost []string
	if n := m.GetBodies(); n > 0 {
		lost = append(lost, fmt.Sprintf("the words of %d of the entries", n))
	}
	if logs := m.GetLogs(); len(logs) > 0 {
		lost = append(lost, "entries of "+notation.Names(logs))
	}
	words := "on " + guidance.InstantWords(m.GetMendTime().AsTime()) + ", after this was found: " + m.GetFound() + "."
	if len(lost) > 0 {
		again := "Lost, and fetched from other nodes again: " + notation.Names(lost) + "."
		if len(s.GetCompleteness().GetLost()) > 0 || slices.ContainsFunc(s.GetLogs(), lacksWords) {
			again = "Lost: " + notation.Names(lost) + ", not all of which is fetched from other nodes again yet."
		}
		words += " " + again
	}
	if m.GetArrivalsLost() {
		words += " The times of arrival from before are lost."
	}
	if m.GetRequestsLost() {
		words += " A command of before that is repeated may publish twice: look first."
	}
	if m.GetDraftsLost() {
		words += " What was accepted and not signed yet may be lost."
	}
	return words + " Have the disk looked at."
}

// lacksWords: words of entries of a log that are held are not here.
func lacksWords(l *nodev1.LogStatus) bool { return l.GetWantedBodies() > 0 }

// notSigning is why a node cannot publish now, with the remedy; empty: it can, or does not say.
func notSigning(s *nodev1.Signing) string {
	if s.GetState() == nodev1.SigningState_SIGNING_STATE_READY {
		return ""
	}
	return notation.Joined(": ", s.GetWords(), s.GetRemedy())
}

func nodeStateWords(s *nodev1.GetStatusResponse) string {
	switch s.GetState() {
	case nodev1.NodeState_NODE_STATE_RUNNING:
		return "running"
	case nodev1.NodeState_NODE_STATE_RECOVERING:
		return "recovering: read only until it has its own entries back from other nodes"
	case nodev1.NodeState_NODE_STATE_DISK_FULL:
		return "read only: its disk is full"
	case nodev1.NodeState_NODE_STATE_READ_ONLY:
		return "read only: its data file, or keys/guard, cannot be written"
	case nodev1.NodeState_NODE_STATE_DAMAGED:
		return "read only: its data file is damaged; what is whole is answered"
	case nodev1.NodeState_NODE_STATE_DRAINING:
		return "stopping"
	case nodev1.NodeState_NODE_STATE_JOINING:
		if slices.ContainsFunc(s.GetLogs(), lacksWords) { // it has joined
			return "waiting for words of the register that are not here: no question is answered until they are"
		}
		return "joining: it has not got the register yet"
	}
	return "in a state this software does not know"
}

func bytesWords(n int64) string {
	if n >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
