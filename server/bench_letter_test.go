package server

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkLetterAmongNodes is one letter, from its officer's call until every node of the
// federation holds it and has told its peers so: what all of them use together. Each is a
// real node that can be dialled, over real TLS, in this one process. What they use with
// nothing new is taken off, and reported beside it. A round is ten letters one after another:
// what becomes of a heap that was just collected costs as much as one of them. Its floor is one
// bare bbolt commit at each node.
func BenchmarkLetterAmongNodes(b *testing.B) {
	for _, nodes := range []int{25, 50, 100} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) { benchmarkLetterAmongNodes(b, nodes) })
	}
}

// quietFor is how long after the last node holds a letter its receipts may be under way.
const quietFor = 300 * time.Millisecond

func benchmarkLetterAmongNodes(b *testing.B, count int) {
	w, nodes := nodesWorld(b, count)
	letters := w.letters(nodes[1].Office(), "committee-1")
	client := w.officer(nodes[1])
	publish := func(i int) {
		_, err := client.PublishAdvisory(b.Context(), &nodev1.PublishAdvisoryRequest{RequestId: fmt.Sprint("r", i), Advisory: letters[i]})
		w.must(err)
		w.allHold(nodes, nodes[1].Office(), uint64(i+1))
		time.Sleep(quietFor)
	}
	const together = 10
	publish(0)
	w.settle(nodes)
	bare := w.bareCommitter()
	var idle, cpu, floor rounds
	for range 5 {
		idle.add(cpuOf(func() { time.Sleep(time.Second) }))
	}
	b.ResetTimer()
	for i := 1; b.Loop(); i += together {
		floor.add(cpuOf(func() {
			for range together * count {
				bare()
			}
		}) / together)
		start := time.Now()
		used := cpuOf(func() {
			for of := range together {
				publish(i + of)
			}
		})
		cpu.add((used - idle.median()*time.Since(start).Seconds()) / together)
	}
	report(b, map[string]float64{
		"ms-cpu": cpu.median() / 1e3, "floor-ms-cpu": floor.median() / 1e3, "x-floor": cpu.median() / floor.median(), "ms-cpu/node": cpu.median() / 1e3 / float64(count), "idle-ms-cpu/s": idle.median() / 1e3,
	})
}

// nodesWorld is a federation of so many nodes, the first the keeper's, all served and in sync.
func nodesWorld(b *testing.B, count int) (w *benchWorld, nodes []*benchNode) {
	b.Helper()
	w = &benchWorld{b: b, whole: b, dir: b.TempDir()}
	lis := listenCounting(b)
	w.keeper = w.open(w.initNode(benchKeeper, lis.Addr().String()), lis)
	w.serve(w.keeper)
	nodes = []*benchNode{w.keeper}
	for i, m := range corpus.Matters() {
		m.Proposer.Id = "nhs-england"
		_, err := publicationService{n: w.keeper.Node}.PublishMatter(b.Context(), &nodev1.PublishMatterRequest{RequestId: fmt.Sprint("matter", i), Matter: m})
		w.must(err)
	}
	var records []*ledgerv1.RegisterRecord
	dirs, listeners := map[string]string{}, map[string]countingListener{}
	for i := 1; i < count; i++ {
		office, lis := fmt.Sprint("office-", i), listenCounting(b)
		dirs[office], listeners[office] = filepath.Join(w.dir, office), lis
		_, err := Init(InitConfig{
			Dir: dirs[office], Federation: benchFederation, Office: &guidancev1.Office{Id: office, Name: office},
			Listen: "127.0.0.1:0", Advertise: lis.Addr().String(),
		})
		w.must(err)
		signed, _, err := ReadOfficeFile(filepath.Join(dirs[office], officeFile))
		w.must(err)
		records = append(records, admissionOf(signed, office, lmc(fmt.Sprint("committee-", i)))...)
	}
	w.record("offices", records)
	for i := 1; i < count; i++ {
		office := fmt.Sprint("office-", i)
		inv, err := w.keeper.invitation(office)
		w.must(err)
		set, err := loadSettings(dirs[office])
		w.must(err)
		set.Invitation = identity.FormatInvitation(inv)
		w.must(set.save(dirs[office]))
		n := w.open(dirs[office], listeners[office])
		w.serve(n)
		w.await(n)
		nodes = append(nodes, n)
	}
	w.settle(nodes)
	return w, nodes
}

// settle waits until every session there should be is up and in sync.
func (w *benchWorld) settle(nodes []*benchNode) {
	w.b.Helper()
	settled := func() bool {
		for _, n := range nodes {
			for _, t := range n.targets() {
				if !n.replica.Connected(t.peer.Key) {
					return false
				}
			}
			for _, p := range n.replica.Peers() {
				if p.Connected && !p.InSync {
					return false
				}
			}
		}
		return true
	}
	for end := time.Now().Add(benchLimit); !settled(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			w.b.Fatal("the nodes do not come into sync")
		}
	}
}

// allHold waits until all nodes hold so much of an office's log.
func (w *benchWorld) allHold(nodes []*benchNode, office string, size uint64) {
	w.b.Helper()
	end := time.Now().Add(benchLimit)
	for _, n := range nodes {
		for n.HeldSize(office) < size {
			if time.Now().After(end) {
				w.b.Fatalf("%s does not hold letter %d", n.Office(), size)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}
