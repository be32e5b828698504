package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestKeysOthersCanReadAreRefused(t *testing.T) {
	dir := initNode(t, "gpc-england", true, true)
	path := filepath.Join(dir, keysFolder, identity.OfficerFile)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := Open(Config{Dir: dir})
	if !errors.Is(err, identity.ErrPermissions) || !strings.Contains(err.Error(), "chmod 600 "+path) {
		t.Errorf("got %v, want that the mode of %s is too lax, and how to mend it", err, path)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, Config{Dir: dir}).stillSound()
}

func TestSecondNodeOnAFolderLeavesTheFirstAlone(t *testing.T) {
	k := newKeeper(t)
	if _, err := Open(Config{Dir: k.dir}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d has it open", os.Getpid())) {
		t.Errorf("got %v, want that this process has the file open", err)
	}
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	k.stillSound()
}

func TestClockTenYearsOffOnEitherSideStopsNoExchange(t *testing.T) {
	for name, years := range map[string]int{"behind": -10, "ahead": 10} {
		t.Run(name, func(t *testing.T) {
			off := func() time.Time { return time.Now().AddDate(years, 0, 0) }
			k := serve(t, Config{Dir: initNode(t, "gpc-england", true, true), Now: off})
			dir, invitation := k.admitted("essex", false, "north-essex")
			essex := serve(t, Config{Dir: dir, Invitation: invitation})
			essex.awaitSame(k)
			if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: matterOf("2014-10-14")}); err != nil {
				t.Fatal(err)
			}
			essex.awaitSame(k)
			essex.mustPublish("one", testAdvisory("2014-10-25", refuse, "north-essex"))
			k.awaitSame(essex)
			k.stillSound()
			essex.stillSound()
		})
	}
}

func matterOf(day string) *guidancev1.Matter {
	m := testMatter()
	m.Opened = &guidancev1.DayRange{Earliest: day, Latest: day}
	return m
}

// published is what an officer was told.
type published struct {
	mu    sync.Mutex
	entry map[string]string // by request id
}

func (p *published) publishUntilRefused(k *testNode, who, round int) {
	for i := 0; ; i++ {
		request := fmt.Sprintf("%d-%d-%d", who, round, i)
		ctx, cancel := context.WithTimeout(context.Background(), testLimit)
		resp, err := nodev1.NewPublicationServiceClient(k.conn).PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: request, Matter: matterFor(request)})
		cancel()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.entry[request] = resp.Standing.Entry
		p.mu.Unlock()
	}
}

func TestStopWhilePublishingLosesNothingAcknowledged(t *testing.T) {
	dir := initNode(t, "gpc-england", true, true)
	told := &published{entry: map[string]string{}}
	for round := range 5 {
		k := serve(t, Config{Dir: dir})
		var officers sync.WaitGroup
		for who := range 4 {
			officers.Go(func() { told.publishUntilRefused(k, who, round) })
		}
		want := 10 * (round + 1)
		await(t, "letters are published", func() bool { told.mu.Lock(); defer told.mu.Unlock(); return len(told.entry) >= want })
		if err := k.stop(); err != nil {
			t.Fatal(err)
		}
		officers.Wait()
	}
	k := serve(t, Config{Dir: dir})
	seen := map[string]string{}
	for request, entry := range told.entry {
		resp, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: request, Matter: matterFor(request)})
		if err != nil || !resp.RepeatedRequest || resp.Standing.Entry != entry {
			t.Errorf("%s was %s, and now is %v, %v", request, entry, resp, err)
		}
		if other, twice := seen[entry]; twice {
			t.Errorf("%s is the answer to both %s and %s", entry, request, other)
		}
		seen[entry] = request
	}
	k.stillSound()
}

// take puts a log made by hand into the data of a node that is not served.
func (n *Node) take(t *testing.T, l *handLog) {
	t.Helper()
	segment := ledger.Segment{Log: l.id, Checkpoint: l.head(t, l.key)}
	for _, e := range l.entries {
		segment.Headers = append(segment.Headers, e.Header)
	}
	v, err := new(ledger.Verifier).Verify(ledger.Tree{}, segment, n.logKeys(l.id, uint64(len(l.entries))))
	if err == nil {
		err = n.store.Ingest([]ledger.Verified{v})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// partedFrom is another office's node that has taken other histories of the same logs than the keeper.
func (k *testNode) partedFrom(office string, ours, theirs []*handLog) *testNode {
	k.t.Helper()
	dir, invitation := k.admitted(office, false, "north-essex")
	n := serve(k.t, Config{Dir: dir, Invitation: invitation})
	n.awaitSame(k)
	if err := n.stop(); err != nil {
		k.t.Fatal(err)
	}
	other := open(k.t, Config{Dir: dir})
	for i := range ours {
		k.take(k.t, ours[i])
		other.take(k.t, theirs[i])
	}
	return serveOpened(k.t, other)
}

// Kent has signed two histories: the keeper has one, Essex the other (protocol.md 6).
func TestForkIsReportedAndNeitherSideOverwritesWhatItHas(t *testing.T) {
	for name, sizes := range map[string][2]int{"of one size": {2, 2}, "one longer": {2, 3}} {
		t.Run(name, func(t *testing.T) {
			k := newKeeper(t)
			kent := k.member("kent")
			ours, theirs := kent.log(sizes[0]), kent.log(sizes[1])
			essex := k.partedFrom("essex", []*handLog{ours}, []*handLog{theirs})
			name := k.mustPublish("news", testAdvisory("2021-10-25", refuse, "gpc-england"))
			if err := essex.Await(testContext(t), func() bool { return essex.HeldSize("gpc-england") == k.HeldSize("gpc-england") }); err != nil {
				t.Fatalf("%s does not arrive: one fork holds up other logs: %v", name, err)
			}
			k.holds(ours)
			essex.holds(theirs)
			for who, n := range map[string]*testNode{"the keeper": k, "essex": essex} {
				await(t, who+" reports the fork", func() bool {
					return strings.Contains(strings.Join(n.alarmWords(), "\n"), "trial/kent/log/0")
				})
				alarms := strings.Join(n.alarmWords(), "\n")
				for _, size := range sizes {
					if strings.Count(alarms, "trial/kent/log/0") != 1 || !strings.Contains(alarms, fmt.Sprintf("at size %d", size)) {
						t.Errorf("%s: want one alarm, of %s, with sizes %v:\n%s", who, "trial/kent/log/0", sizes, alarms)
					}
				}
				for _, p := range n.replica.Peers() {
					if p.InSync {
						t.Errorf("%s says that it is in sync", who)
					}
				}
				n.stillSound()
			}
		})
	}
}

// Whoever asked was told that all is here, of an office known to have signed two histories; and
// after a start nobody knew of it any more.
func TestReadersAreToldOfTwoHistoriesForGood(t *testing.T) {
	k := newKeeper(t)
	kent := k.member("kent", "kent")
	ours, theirs := kent.log(2), kent.log(2)
	if c := k.rests("kent"); len(c.Contradicted) != 0 {
		t.Errorf("before: %v", c)
	}
	essex := k.partedFrom("essex", []*handLog{ours}, []*handLog{theirs})
	told := func(n *testNode) {
		t.Helper()
		const alarm = "two histories"
		await(t, "it is known", func() bool {
			return strings.Contains(strings.Join(n.alarmWords(), "\n"), alarm) && len(n.rests("kent").Contradicted) > 0
		})
		if c := n.rests("kent"); c.Complete || !strings.Contains(c.Warning, "Two histories are signed by kent LMCs") || !slices.Equal(c.Contradicted, []string{"kent"}) {
			t.Errorf("readers are told: %v", c)
		}
	}
	told(k)
	told(essex)
	k.admitted("kent-2", false)
	if _, err := k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{RequestId: "handover", Records: []*ledgerv1.RegisterRecord{
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "kent-2", ValidFrom: "2021-11-02"}}},
	}}); err != nil {
		t.Fatal(err)
	}
	told(k) // what kent has said stands all the same
	if err := errors.Join(essex.stop(), k.stop()); err != nil {
		t.Fatal(err)
	}
	k = serve(t, Config{Dir: k.dir}) // where nobody says so again
	told(k)
	k.holds(ours)
}

func TestForksOfManyOfficesPartNoHonestNodes(t *testing.T) {
	k := newKeeper(t)
	var ours, theirs []*handLog
	for _, office := range []string{"devon", "dorset", "kent"} {
		m := k.member(office)
		ours, theirs = append(ours, m.log(2)), append(theirs, m.log(3))
	}
	essex := k.partedFrom("essex", ours, theirs)
	for i := range 3 { // each answer brings other logs after the branch that is refused
		letter := testAdvisory("2021-10-25", refuse, "gpc-england")
		letter.Title = fmt.Sprint(i) // none much like another
		k.mustPublish(fmt.Sprint(i), letter)
		if err := essex.Await(testContext(t), func() bool { return essex.HeldSize("gpc-england") == k.HeldSize("gpc-england") }); err != nil {
			t.Fatalf("honest nodes are parted: %v", err)
		}
	}
}

func TestOneNodeCannotTakeEverySession(t *testing.T) {
	k := newKeeper(t)
	greedy, honest := k.member("greedy"), k.member("honest")
	for range 5 {
		client := nodev1.NewFederationServiceClient(k.dial(greedy.keys.Transport))
		for range 60 {
			if _, err := client.Gossip(testContext(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	l := honest.log(2)
	honest.connect(l)
	go honest.serveAll()
	k.holds(l)
}
