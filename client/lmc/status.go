package main

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "How your node is: what it holds, and whom it hears",
		GroupID: groupNode,
		Example: "  lmc status\n  lmc status --profile essex --json",
		Args:    cobra.NoArgs,
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			resp, err := c.Status(ctx)
			if err != nil {
				return err
			}
			return a.answer(resp, func() string { return statusPage(a.page(), resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

func statusPage(p *plain.Page, s *nodev1.GetStatusResponse) string {
	p.Para(0, fmt.Sprintf("%s in federation %s: %s", s.GetOffice(), s.GetFederation(), nodeStateWords(s.GetState())))
	for _, alarm := range s.GetAlarms() {
		p.Hang("  look at this: ", alarm.GetWords())
	}
	p.Head("Holds:")
	t := plain.NewTable()
	t.Add("entries", notation.Thousands(int64(s.GetEntries())))
	t.Add("arrivals", notation.Thousands(int64(s.GetFeed())))
	t.Add("data", bytesWords(s.GetDataBytes())+", "+bytesWords(s.GetFreeBytes())+" free")
	t.Add("frontier", hex.EncodeToString(s.GetFrontierRoot()))
	if s.GetDrafts() > 0 {
		t.Add("drafts", fmt.Sprintf("%d not yet signed", s.GetDrafts()))
	}
	p.Table(2, t)
	logsOn(p, s.GetLogs())
	peersOn(p, s.GetPeers())
	p.Gap()
	p.Line(plain.Joined(", ", "software "+s.GetVersion(), startedWords(s)))
	p.Footer(s.GetCompleteness(), nil)
	return p.String()
}

func startedWords(s *nodev1.GetStatusResponse) string {
	if s.GetStartTime() == nil {
		return ""
	}
	return "started " + plain.Instant(s.GetStartTime().AsTime())
}

func logsOn(p *plain.Page, logs []*nodev1.LogStatus) {
	if len(logs) == 0 {
		return
	}
	p.Head("Logs:")
	t := plain.NewTable("LOG", "HELD", "KNOWN", "")
	for _, l := range logs {
		note := l.GetProblem().GetWords()
		if n := l.GetWantedBodies(); n > 0 {
			note = plain.Joined("; ", note, fmt.Sprintf("words not here yet: %d", n))
		}
		t.Add(l.GetLog(), fmt.Sprint(l.GetHeld()), fmt.Sprint(l.GetSeen()), note)
	}
	p.Table(2, t)
}

func peersOn(p *plain.Page, peers []*nodev1.PeerStatus) {
	p.Head("Other nodes:")
	if len(peers) == 0 {
		p.Line("  none: this node hears nobody")
	}
	t := plain.NewTable("OFFICE", "ADDRESS", "HOW IT STANDS")
	for _, peer := range peers {
		address := peer.GetAddress()
		if address == "" && peer.GetConnected() {
			address = "(it dials us)"
		}
		t.Add(peer.GetOffice(), address, peerWords(peer))
	}
	p.Table(2, t)
}

func peerWords(peer *nodev1.PeerStatus) string {
	words := "not connected"
	switch {
	case peer.GetConnected() && peer.GetInSync():
		words = "in sync"
	case peer.GetConnected():
		words = "connected, catching up"
	}
	if t := peer.GetSinceTime(); t != nil {
		words += " since " + plain.Instant(t.AsTime())
	}
	return plain.Joined(": ", words, peer.GetProblem().GetWords())
}

func bytesWords(n int64) string {
	if n >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
