package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Whoever looks up in the page for operators what lmc status says finds it there, word for word.
func TestTheOperatorsTableHasEveryStateAsItIsPrinted(t *testing.T) {
	page, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	lacking := []*nodev1.LogStatus{{Log: "trial/gpc-england/log/0", Held: 5, WantedBodies: 1}}
	for n, name := range nodev1.NodeState_name {
		for _, logs := range [][]*nodev1.LogStatus{nil, lacking} {
			if words := nodeStateWords(&nodev1.GetStatusResponse{State: nodev1.NodeState(n), Logs: logs}); n != 0 && !strings.Contains(string(page), "\n| "+words+" |") {
				t.Errorf("%s: %q does not begin a row of the table", name, words)
			}
		}
	}
}

func TestHowThePublicPagesAreIsSaidInWords(t *testing.T) {
	at := timestamppb.New(time.Date(2021, 12, 24, 9, 30, 0, 0, time.UTC))
	for want, p := range map[string]*nodev1.PublicPages{
		"": nil,
		"https://lmc.example.org, no certificate yet: it is being asked for":          {Name: "lmc.example.org"},
		"https://lmc.example.org, no certificate: look above":                         {Name: "lmc.example.org", Problem: "http-01: refused", RetryTime: at},
		"https://lmc.example.org, certificate good until 24 December 2021, 09:30 UTC": {Name: "lmc.example.org", CertificateUntilTime: at},
		"https://lmc.example.org, certificate good until 24 December 2021, 09:30 UTC, by CN=E7; no newer one could be had: closed; asked for again by 24 December 2021, 09:30 UTC": {Name: "lmc.example.org", CertificateUntilTime: at, Issuer: "CN=E7", Problem: "closed", RetryTime: at},
	} {
		if got := publicWords(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
