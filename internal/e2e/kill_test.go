package e2e

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

var (
	kills    = flag.Int("kills", 5, "how often each of the kill loops kills its node")
	killSeed = flag.Uint64("kill-seed", 1, "the seed of when it does")
	fetched  = flag.Int("kill-entries", 300, "how many entries there are to fetch")
)

// process is a node in a process of its own.
type process struct {
	t   *testing.T
	dir string
	cmd *exec.Cmd
	log bytes.Buffer
	*client.Client
}

// lmcnode runs a command of lmcnode to its end.
func lmcnode(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(bin, "lmcnode"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("lmcnode %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer lis.Close()
	return lis.Addr().String()
}

// start serves a folder; kill ends it as a power cut does.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := &process{t: t, dir: dir, cmd: exec.Command(filepath.Join(bin, "lmcnode"), append([]string{"serve", "--dir", dir}, args...)...)}
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// dial connects with the node's officer, once it has written where it is.
func (p *process) dial() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), awaitLimit)
	defer cancel()
	for {
		profile, err := identity.LoadProfile(filepath.Join(p.dir, "profile.json"))
		if err == nil {
			p.Client, err = client.DialProfile(profile)
		}
		if err == nil {
			_, err = p.Status(ctx)
		}
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			p.t.Fatalf("the node does not come up: %v\n%s", err, p.log.String())
		}
		time.Sleep(awaitPause)
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	if p.Client != nil {
		_ = p.Client.Close()
	}
}

func aMatter(name string) *guidancev1.Matter {
	return &guidancev1.Matter{
		Name: name, Title: "Of " + name, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Proposer: &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY},
		Opened:   &guidancev1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-14"},
		Measures: []*guidancev1.Measure{{
			Id: "meetings", Title: "Meetings", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND,
			AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		}},
	}
}

// Whatever was answered as published is there after a power cut, once, however often it is sent
// again; and of what was not answered nothing is there twice.
func TestAWriterThatIsKilledLosesNothingAndDoublesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gpc")
	address := freeAddress(t)
	lmcnode(t, "init", "--dir", dir, "--federation", "trial", "--office", "gpc-england", "--name", "GPC", "--listen", address, "--advertise", address, "--keeper", "--national", "gpc-england")
	random := rand.New(rand.NewPCG(*killSeed, 0))
	var mu sync.Mutex // guards what follows
	answered, open := map[string]string{}, map[string]bool{}
	next := 0
	for range *kills {
		p := start(t, dir)
		p.dial()
		ctx, cancel := context.WithCancel(t.Context())
		publish := func(id string) {
			resp, err := p.PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: id, Matter: aMatter(id)})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				open[id] = true
				return
			}
			entry := resp.GetStanding().GetEntry()
			if before := answered[id]; before != "" && before != entry {
				t.Errorf("%s was answered as %s and is %s now", id, before, entry)
			}
			answered[id] = entry
			delete(open, id)
		}
		mu.Lock()
		again := slices.Collect(maps.Keys(open))
		for id := range answered {
			if random.IntN(20) == 0 {
				again = append(again, id)
			}
		}
		mu.Unlock()
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				for i := w; i < len(again) && ctx.Err() == nil; i += 4 {
					publish(again[i])
				}
				for ctx.Err() == nil {
					mu.Lock()
					id := fmt.Sprintf("matter-%d", next)
					next++
					mu.Unlock()
					publish(id)
				}
			})
		}
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond) // when it is killed
		_ = p.cmd.Process.Kill()
		cancel()
		writers.Wait()
		p.kill()
	}

	p := start(t, dir)
	p.dial()
	for id := range open {
		resp, err := p.PublishMatter(t.Context(), &nodev1.PublishMatterRequest{RequestId: id, Matter: aMatter(id)})
		if err != nil {
			t.Fatalf("%s, sent again: %v", id, err)
		}
		answered[id] = resp.GetStanding().GetEntry()
	}
	of := map[string]string{}
	for id, entry := range answered {
		if other := of[entry]; other != "" {
			t.Errorf("%s is %s and %s", entry, id, other)
		}
		of[entry] = id
		got, err := p.Entry(t.Context(), entry)
		if err != nil || got.GetEntry().GetMatter().GetName() != "gpc-england/"+id {
			t.Errorf("%s was published as %s, and that is %q: %v", id, entry, got.GetEntry().GetMatter().GetName(), err)
		}
	}
	entries, err := p.Entries(t.Context(), &answersv1.ListEntriesRequest{Office: "gpc-england"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, e := range entries.GetEntries() {
		name := e.GetMatter().GetName()
		if name != "" && seen[name] != "" {
			t.Errorf("%s is in the log twice: %s and %s", name, seen[name], e.GetName())
		}
		seen[name] = e.GetName()
	}
	p.kill()
	t.Logf("%d kills, %d published: %s", *kills, len(answered), lmcnode(t, "check", "--dir", dir))
}

// A node that is cut off while it fetches goes on where it was, and ends with what the other has.
func TestANodeThatIsKilledWhileItFetchesGoesOn(t *testing.T) {
	dir := t.TempDir()
	keeper, essex, address := filepath.Join(dir, "gpc"), filepath.Join(dir, "essex"), freeAddress(t)
	lmcnode(t, "init", "--dir", keeper, "--federation", "trial", "--office", "gpc-england", "--name", "GPC", "--listen", address, "--advertise", address, "--keeper", "--national", "gpc-england")
	k := start(t, keeper)
	k.dial()
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := w; i < *fetched; i += 8 {
				id := fmt.Sprintf("matter-%d", i)
				if _, err := k.PublishMatter(t.Context(), &nodev1.PublishMatterRequest{RequestId: id, Matter: aMatter(id)}); err != nil {
					t.Errorf("publishing: %v", err)
					return
				}
			}
		})
	}
	writers.Wait()
	lmcnode(t, "init", "--dir", essex, "--federation", "trial", "--office", "essex", "--name", "Essex", "--listen", freeAddress(t))
	lmcnode(t, "register", "admit", "--dir", keeper, filepath.Join(essex, "office.record"), "--committees", "north-essex", "--yes")
	invitation := lmcnode(t, "register", "invite", "--dir", keeper, "essex")
	random := rand.New(rand.NewPCG(*killSeed, 1))
	for i := range *kills {
		p := start(t, essex, "--join", invitation)
		time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond) // when it is killed
		p.kill()
		if i%4 == 3 { // anew
			if err := os.Remove(filepath.Join(essex, "data.db")); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
	}
	p := start(t, essex, "--join", invitation)
	p.dial()
	want, err := k.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(awaitLimit); ; time.Sleep(awaitPause) {
		got, err := p.Status(t.Context())
		if err == nil && bytes.Equal(got.GetFrontierRoot(), want.GetFrontierRoot()) && got.GetCompleteness().GetComplete() {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it has %d of %d entries: %v\n%s", got.GetEntries(), want.GetEntries(), err, p.log.String())
		}
	}
	p.kill()
	k.kill()
	t.Logf("%d kills: %s", *kills, lmcnode(t, "check", "--dir", essex))
}
