package main

import (
	"crypto/ed25519"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the transcripts in testdata to what the program prints")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lmc": main})
}

// TestScripts runs the real program against a fake node of its own for each script.
// "node stop", "node start" and "node change" work on it; $ADDR, $PIN and $VKEY are
// its address, pin and verifier key; the profile "essex" reads, "officer" publishes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *rewrite,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"node": nodeCommand, "alter": alter, "waitfor": waitFor, "browse": browse, "big": big},
	})
}

func setup(env *testscript.Env) error {
	n := newFakeNode()
	if err := n.start(); err != nil {
		return err
	}
	env.Defer(n.stop)
	env.Values["node"] = n
	pin := identity.PinOf(publicOf(seeded("node")))
	env.Setenv("GORACE", "atexit_sleep_ms=10") // else every program sleeps a second under -race
	free, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	defer free.Close()
	env.Setenv("PAGES", free.Addr().String())
	env.Setenv("ADDR", n.address)
	env.Setenv("PIN", pin.String())
	env.Setenv("OTHERPIN", identity.PinOf(publicOf(seeded("other"))).String())
	env.Setenv("TODAY", guidance.DayWords(guidance.Today(time.Now())))
	env.Setenv("VKEY", ledger.VKey(fakeLog, publicOf(seeded("log"))))
	env.Setenv("OTHERKEY", ledger.VKey(fakeLog, publicOf(seeded("other"))))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	return saveProfiles(env.WorkDir, n.address, pin)
}

func saveProfiles(dir, address string, pin identity.Pin) error {
	profiles := filepath.Join(dir, "config", "lmc", "profiles")
	if err := os.MkdirAll(profiles, 0o700); err != nil {
		return err
	}
	for name, key := range map[string]ed25519.PrivateKey{"officer": seeded("officer"), "stranger": seeded("stranger")} {
		file := filepath.Join(dir, name+".pem")
		if err := identity.SaveKey(file, key); err != nil {
			return err
		}
		if err := identity.SaveProfile(filepath.Join(profiles, name+".json"), identity.Profile{Name: name, Address: address, Pin: pin, KeyFile: file}); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "config", "lmc", "current"), []byte("essex\n"), 0o600); err != nil {
		return err
	}
	return identity.SaveProfile(filepath.Join(profiles, "essex.json"), identity.Profile{Name: "essex", Address: address, Pin: pin})
}

// nodeCommand stops or starts the script's node, or lets something change at it.
func nodeCommand(ts *testscript.TestScript, _ bool, args []string) {
	n := ts.Value("node").(*fakeNode)
	switch {
	case len(args) == 1 && args[0] == "stop":
		n.stop()
	case len(args) == 1 && args[0] == "start":
		ts.Check(n.start())
	case len(args) == 1 && args[0] == "behind":
		n.mu.Lock()
		n.behind = !n.behind
		n.mu.Unlock()
	case len(args) == 2 && args[0] == "change":
		view := essexView(&answersv1.Selector{})
		n.change(&answersv1.ViewChange{Lines: []*answersv1.LineChange{{
			Committee: "croydon", Entry: args[1], Before: view.GetCommittees()[5].GetHeadline(),
			After: line("croydon", "Croydon LMC", statement(args[1], "Letter", "2021-10-28", position(guidancev1.Stance_STANCE_REFUSE, "croydon")), answersv1.LineState_LINE_STATE_STATED),
			Words: "Croydon LMC on the whole matter: was nothing published here, now refuse (" + args[1] + ").",
		}}})
	default:
		ts.Fatalf("usage: node stop|start|behind|change ENTRY")
	}
}

// alter changes one word of a file, or all of them.
func alter(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: alter FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	if !strings.Contains(string(b), args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(string(b), args[1], args[2])), 0o644))
}

// waitFor waits until a file is there and is not what it was at the last waitfor.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	last, _ := ts.Value("node").(*fakeNode).seen.Load(path)
	for range 500 {
		b, err := os.ReadFile(path)
		if err == nil && string(b) != last {
			ts.Value("node").(*fakeNode).seen.Store(path, string(b))
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s did not change in 10 s", args[0])
}

// browse waits until a page is served where $PAGES says, and saves it as page.html.
func browse(ts *testscript.TestScript, _ bool, args []string) {
	var err error
	for range 500 {
		var resp *http.Response
		if resp, err = http.Get("http://" + ts.Getenv("PAGES") + args[0]); err == nil {
			b, readErr := io.ReadAll(resp.Body)
			resp.Body.Close()
			ts.Check(readErr)
			ts.Check(os.WriteFile(ts.MkAbs("page.html"), b, 0o644))
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s was not served in 10 s: %v", args[0], err)
}

// big writes a letter whose words take about so many bytes.
func big(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	words := strings.Repeat("Dear colleagues, and so on and on. ", size/35)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(ts.ReadFile("refused.md"), "Dear colleagues", words, 1)), 0o644))
}
