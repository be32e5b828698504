package main

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
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
			return a.answer(resp, func() string { return statusPage(a.newPage(), resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

func statusPage(p *page, s *nodev1.GetStatusResponse) string {
	p.para(0, fmt.Sprintf("%s in federation %s: %s", s.GetOffice(), s.GetFederation(), nodeStateWords(s.GetState())))
	for _, alarm := range s.GetAlarms() {
		p.hang("  look at this: ", alarm)
	}
	p.head("Holds:")
	t := &table{}
	t.add("entries", thousands(int64(s.GetEntries())))
	t.add("arrivals", thousands(int64(s.GetFeed())))
	t.add("data", bytesWords(s.GetDataBytes())+", "+bytesWords(s.GetFreeBytes())+" free")
	t.add("frontier", hex.EncodeToString(s.GetFrontierRoot()))
	if s.GetDrafts() > 0 {
		t.add("drafts", fmt.Sprintf("%d not yet signed", s.GetDrafts()))
	}
	p.table(2, t)
	p.logs(s.GetLogs())
	p.peers(s.GetPeers())
	p.gap()
	p.line(joined(", ", "software "+s.GetVersion(), startedWords(s)))
	p.footer(s.GetCompleteness(), nil)
	return p.String()
}

func startedWords(s *nodev1.GetStatusResponse) string {
	if s.GetStarted() == nil {
		return ""
	}
	return "started " + instantWords(s.GetStarted().AsTime())
}

func (p *page) logs(logs []*nodev1.LogStatus) {
	if len(logs) == 0 {
		return
	}
	p.head("Logs:")
	t := &table{head: []string{"LOG", "HELD", "KNOWN", ""}}
	for _, l := range logs {
		note := l.GetProblem()
		if n := l.GetWantedBodies(); n > 0 {
			note = joined("; ", note, fmt.Sprintf("words not here yet: %d", n))
		}
		t.add(l.GetLog(), fmt.Sprint(l.GetHeld()), fmt.Sprint(l.GetSeen()), note)
	}
	p.table(2, t)
}

func (p *page) peers(peers []*nodev1.PeerStatus) {
	p.head("Other nodes:")
	if len(peers) == 0 {
		p.line("  none: this node hears nobody")
	}
	t := &table{head: []string{"OFFICE", "ADDRESS", "HOW IT STANDS"}}
	for _, peer := range peers {
		address := peer.GetAddress()
		if address == "" && peer.GetConnected() {
			address = "(it dials us)"
		}
		t.add(peer.GetOffice(), address, peerWords(peer))
	}
	p.table(2, t)
}

func peerWords(peer *nodev1.PeerStatus) string {
	words := "not connected"
	switch {
	case peer.GetConnected() && peer.GetInSync():
		words = "in sync"
	case peer.GetConnected():
		words = "connected, catching up"
	}
	if t := peer.GetSince(); t != nil {
		words += " since " + instantWords(t.AsTime())
	}
	return joined(": ", words, peer.GetProblem())
}

func bytesWords(n int64) string {
	if n >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
